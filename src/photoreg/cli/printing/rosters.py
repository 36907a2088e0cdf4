"""Print the result of a class-list import, and render the no-photo list as a page."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from photoreg.cli.app import what_next
from photoreg.cli.output import print_note, print_view
from photoreg.cli.printing.list_reading import print_reading
from photoreg.cli.printing.next_steps import step_line
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.messages import error_texts
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.events import ROSTER_IMPORT
from photoreg.services.photos.roster_consents import NoPhotoList
from photoreg.services.photos.roster_import import (
    PossibleMatch,
    RosterImport,
    RosterMatch,
    RosterRow,
)
from photoreg.sheets.table import Problem
from photoreg.steps import NextStep
from photoreg.texts import N_, _, language

_PAGE_MARK = '<meta name="generator" content="photoreg no-photo-list">'
"""What tells a page of ours, in its head."""

_MATCH_LABELS = {
    RosterMatch.NEW: N_("new"),
    RosterMatch.MATCHED: N_("in the registry"),
    RosterMatch.AMBIGUOUS: N_("doubtful"),
    RosterMatch.WRONG: N_("wrong"),
}
_SEGMENT_NAMES = {
    "person": N_("the person"),
    "roster": N_("a place on the roster"),
    "born": N_("the birth date"),
    "guardians": N_("the number of guardians"),
    "language": N_("the language"),
    "guardian": N_("a guardian"),
    "verified": N_("the verification of a guardianship"),
    "contact": N_("a guardian's contact"),
    "own_contact": N_("their contact"),
    "refusal": N_("a refusal"),
    "block": N_("must not be shown"),
}


def print_import(result: RosterImport, layout: str) -> None:
    """Print each row of the list, then uncertain matches, unchanged differences and errors."""
    print_view(ROSTER_IMPORT, (_row(row, layout) for row in result.rows), layout)
    for row in result.rows:
        for doubt in row.possible_matches:
            print_note(_doubt(row.row, doubt))
        if row.differs:
            print_note(
                _("Row {row}, {person}: differs from the registry and was left as it is: {parts}.")
                .format(row=row.row, person=row.person, parts=_parts(row.differs))
            )  # fmt: skip
    print_reading(result.reading)
    if result.not_read:
        columns = ", ".join(map(safe, result.not_read))
        print_note(_("Columns that were not read: {columns}.").format(columns=columns))
    print_problems(result.problems)


def _row(row: RosterRow, layout: str) -> dict[str, Any]:
    is_to_read = layout in FOR_PEOPLE
    return {
        "row": row.row,
        "name": row.name,
        "found": _(_MATCH_LABELS[row.found]) if is_to_read else row.found,
        "person": row.person,
        "changes": _parts(row.changes) if is_to_read else list(row.changes),
        "differs": list(row.differs),
        "could_be": [person for doubt in row.possible_matches for person in doubt.persons],
    }


def _parts(codes: Sequence[str]) -> str:
    return ", ".join(_(_SEGMENT_NAMES[code]) for code in codes)


def _doubt(row: int, doubt: PossibleMatch) -> str:
    rows = [_("the person on row {row}").format(row=number) for number in doubt.rows]
    return _("Row {row}: {who} could be {persons}.").format(
        row=row, who=safe(doubt.who), persons=", ".join([*doubt.persons, *rows])
    )


def print_problems(problems: Sequence[Problem]) -> None:
    """Print each error with its sheet, row, column, the person as written, and a hint."""
    for problem in problems:
        text, hint = error_texts(problem.error)
        line = _("Row {row}, column {column} ({who}): {problem}")
        if problem.sheet:
            line = _("Sheet {sheet}, row {row}, column {column} ({who}): {problem}")
        print_note(
            line.format(
                sheet=safe(problem.sheet),
                row=problem.row,
                column=safe(problem.column) or "-",
                who=safe(problem.subject) or "-",
                problem=text,
            )
        )
        for each in (hint, *what_next(problem.error)):
            if each:
                print_note(f"  {each}")


def print_outcome(result: RosterImport, again: NextStep) -> None:
    """Print what was recorded, or how to record it; raise InputDataError if rows have errors."""
    if result.problems:
        raise InputDataError(
            N_("nothing was recorded; rows with errors: {count}"),
            N_("Correct them in the file, save it, and read it again."),
            count=len({problem.row for problem in result.problems}),
        )
    if result.applied and not result.changes:
        print_note(_("Nothing changed: everything in the list was already recorded."))
    elif result.applied:
        new = sum(row.found is RosterMatch.NEW for row in result.rows)
        print_note(
            _(
                "Recorded on the roster of {event}. New: {new}, already in the registry: {known}."
            ).format(event=result.event, new=new, known=len(result.rows) - new)
        )
    else:
        print_note(_("Nothing was recorded yet. To record the list:"))
        print_note(step_line(again))


def refuse_doubts(result: RosterImport) -> None:
    """Raise InputDataError if the list has no errors but contains uncertain matches."""
    count = sum(row.found is RosterMatch.AMBIGUOUS for row in result.rows)
    if count and not result.problems:
        raise InputDataError(
            N_("nothing was recorded; rows where the person is uncertain: {count}"),
            N_(
                "Add the birth dates, or decide each by row and id: --same if it is that person, "
                "--other if it is somebody else."
            ),
            count=count,
        )


def no_photo_lines(listed: NoPhotoList) -> Iterator[str]:
    """Yield the lines around the names: the heading, the event, the scope and the advice."""
    days = day_in_words(listed.starts_on)
    if listed.ends_on != listed.starts_on:
        days += f" – {day_in_words(listed.ends_on)}"
    yield _("Must not be shown in photos")
    yield f"{safe(listed.name)} · {days} ({listed.event})"
    channel = listed.channel or _("the municipality's public page")
    yield _("For {channel}, as of {day}. Print a new list on the day the photos are taken.").format(
        channel=safe(channel), day=day_in_words(listed.day)
    )
    yield _("People not on the roster have not been asked: do not show them recognisably either.")


def empty_list_note(listed: NoPhotoList) -> str:
    """Return the text that explains why the list is empty."""
    if listed.expected:
        return _("Everybody on the roster may be shown.")
    return _("The roster is still empty, so this list does not tell who may be shown.")


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


def has_open_doubts(result: RosterImport) -> bool:
    """Return whether the list has doubtful persons to be decided."""
    return any(row.possible_matches for row in result.rows)
