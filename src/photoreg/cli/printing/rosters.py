"""Print the result of a class-list import, and render the no-photo list as a page."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from photoreg.cli.app import what_next
from photoreg.cli.output import print_note, print_view
from photoreg.cli.printing.list_reading import print_open
from photoreg.cli.printing.next_steps import print_next
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.lists.reading import reading_lines
from photoreg.presentation.lists.roster_rows import (
    MOST_NAMED,
    roster_counts,
    roster_rows,
    roster_table,
    rows_in_words,
    what_to_know,
)
from photoreg.presentation.lists.rosters import (
    doubt_lines,
    elsewhere_lines,
    left_line,
    missing_lines,
    not_read_line,
    recorded_lines,
    row_notes,
    told_problems,
)
from photoreg.presentation.people.no_photos import empty_list_note, no_photo_lines
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.events import ROSTER_IMPORT
from photoreg.presentation.views.roster_decisions import would_birth_dates_help
from photoreg.services.people.class_lists.class_list import ListedGuardian
from photoreg.services.photos.roster_consents import NoPhotoList
from photoreg.services.photos.rosters.results import RosterImport
from photoreg.sheets.table import Problem
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _, language

_PAGE_MARK = '<meta name="generator" content="photoreg no-photo-list">'
"""What tells a page of ours, in its head."""


_SHOWN_WHOLE, _FIRST_SHOWN = 100, 40
"""Up to how many rows are all shown in a table, and how many of a longer list are."""


def print_import(result: RosterImport, layout: str) -> None:
    """Print each row of the list, then uncertain matches, unchanged differences and errors."""
    _print_rows(result, layout)
    for line in (*row_notes(result), *doubt_lines(result)):
        print_note(line)
    if result.left:
        print_note(left_line(result))
        print_note(_("If they have left, take them off the roster:"))
        print_next(_removal(result))
    for line in (*elsewhere_lines(result), *reading_lines(result.reading)):
        print_note(line)
    if result.not_read:
        print_note(not_read_line(result.not_read))
    for line in what_to_know(result):
        print_note(line)
    print_problems(result.problems)


def _print_rows(result: RosterImport, layout: str) -> None:
    """Print each row with what was read of it; of a long list a table shows the first ones."""
    if layout != "table":
        is_to_read = layout in FOR_PEOPLE
        print_view(ROSTER_IMPORT, roster_rows(result, is_to_read=is_to_read), layout)
        return
    count = len(result.rows)
    rows = list(roster_rows(result, is_to_read=True))
    is_long = count > _SHOWN_WHOLE
    print_view(roster_table(rows), rows[:_FIRST_SHOWN] if is_long else rows, layout)
    if is_long:
        print_note(
            _("The first {shown} of {count} rows are shown. All of them: --format csv").format(
                shown=_FIRST_SHOWN, count=count
            )
        )
    if count:
        print_note(roster_counts(result))


def _removal(result: RosterImport) -> NextStep:
    """Return how those who have left are taken off the roster; of very many, how one is."""
    if len(result.left) > MOST_NAMED:
        return NextStep.to(NextAction.EVENT_ROSTER, "leaving", event=result.event)
    leaving = " ".join(result.left)
    return NextStep.to(NextAction.EVENT_ROSTER, event=result.event, leaving=leaving)


def print_problems(problems: Sequence[Problem]) -> None:
    """Print each error with its sheet, column, rows and a hint; the same error of rows once."""
    for told in told_problems(problems):
        print_note(told.text)
        for each in filter(None, (told.hint, *what_next(told.error))):
            print_note(f"  {each}")


def print_outcome(result: RosterImport, again: NextStep, table: Path | None) -> None:
    """Print what was recorded, or how to record it; raise InputDataError if rows have errors.

    `table` is the table of decisions in which all stands that is doubtful.
    """
    if result.problems:
        print_open(result.reading)
        raise InputDataError(
            N_("nothing was recorded; rows with errors: {count}"),
            N_("Correct them in the file, save it, and read it again."),
            count=len({(problem.sheet, problem.row) for problem in result.problems}),
        )
    if result.applied:
        for line in recorded_lines(result):
            print_note(line)
    for line in missing_lines(result.missing):
        print_note(line)
    if result.missing.without_total:
        text = _("If the list has every guardian, give {word} as the number.")
        print_note(text.format(word=_("as-listed")))
    if not result.applied:
        print_open(result.reading)
        print_note(_what_is_next(result, table))
    if not result.applied or again.question:
        print_next(again)
    if result.applied and any(each.is_unproven for each in _guardians(result)):
        verify = NextStep.to(NextAction.GUARDIAN_VERIFY, "person", "guardian", "how")
        print_next(verify)


def _guardians(result: RosterImport) -> Iterator[ListedGuardian]:
    return (guardian for person in result.reading.persons for guardian in person.guardians)


def _what_is_next(result: RosterImport, table: Path | None) -> str:
    if not result.is_ambiguous:
        return _("Nothing was recorded yet. To record the list:")
    if table is None:
        return _("Nothing was recorded yet. Write the doubtful people into a table to be decided:")
    text = _(
        "Nothing was recorded yet. Waiting for a decision: {rows}. Fill in the last column of "
        "{file}, save it, and give it back:"
    )
    return text.format(rows=_waiting(result), file=safe(table.name))


def _waiting(result: RosterImport) -> str:
    return rows_in_words(row.row for row in result.open_rows)


def refuse_doubts(result: RosterImport, step: NextStep, table: Path | None) -> None:
    """Raise InputDataError if the list has no errors but contains uncertain matches.

    `table` is the table of decisions in which all of them stand.
    """
    if not result.is_ambiguous or result.problems:
        return
    raise InputDataError(
        N_("nothing was recorded; rows where the person is uncertain: {count} ({rows})"),
        _how_to_decide(result, table),
        step=step,
        count=len(result.open_rows),
        rows=_waiting(result),
        file=table.name if table else "",
    )


def _how_to_decide(result: RosterImport, table: Path | None) -> str:
    if table is not None:
        return N_("Fill in the last column of {file} for these rows, save it, and give it back.")
    if would_birth_dates_help(result):
        return N_(
            "Write the doubtful rows into a table and fill in the decisions, or add the birth "
            "dates to the list. By row and id: --same if it is that person, --other if it is "
            "somebody else."
        )
    return N_(
        "Write the doubtful rows into a table and fill in the decisions. By row and id: --same if "
        "it is that person, --other if it is somebody else."
    )


_STYLE = """
@page { size: A4; margin: 18mm; }
body { font: 12pt/1.4 sans-serif; color: #000; background: #fff; max-width: 174mm; margin: auto; }
h1 { font-size: 20pt; margin: 0 0 2mm; }
ul { columns: 2; column-gap: 10mm; list-style: none; padding: 0; margin: 6mm 0; }
li { break-inside: avoid; border-bottom: 1px solid #999; padding: 1.5mm 0; }
small { color: #444; }
"""


def no_photo_page(listed: NoPhotoList) -> str:
    """Return the list as a self-contained HTML page that loads no external resources."""
    heading, event, holds, advice = map(html.escape, no_photo_lines(listed))
    people = "\n".join(
        f"<li>{html.escape(safe(name))} <small>{person}</small></li>"
        for person, name in listed.people
    )
    nobody = html.escape(empty_list_note(listed))
    body = f"<ul>\n{people}\n</ul>" if people else f"<p>{nobody}</p>"
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f"{_PAGE_MARK}\n"
        f"<title>{heading}: {event}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{heading}</h1>\n<p>{event}<br>{holds}</p>\n{body}\n<p>{advice}</p>\n"
        "</body>\n</html>\n"
    )


def is_no_photo_page(content: bytes) -> bool:
    """Return whether this is a page that `no_photo_page` made."""
    return _PAGE_MARK.encode() in content.partition(b"<title>")[0]
