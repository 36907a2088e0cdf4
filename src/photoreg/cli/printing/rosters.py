"""Print the result of a class-list import, and render the no-photo list as a page."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from photoreg.cli.app import what_next
from photoreg.cli.output import print_note, print_view
from photoreg.cli.printing.list_reading import print_reading
from photoreg.cli.printing.next_steps import print_next
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.messages import error_texts
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.events import ROSTER_IMPORT
from photoreg.presentation.views.roster_decisions import candidate_in_words
from photoreg.services.photos.roster_consents import NoPhotoList
from photoreg.services.photos.rosters.results import (
    MissingFacts,
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
    RosterMatch.LEFT_OUT: N_("left out"),
    RosterMatch.FOR_COORDINATOR: N_("for the coordinator"),
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
    "block": N_("must not be shown"),
    "refusal": N_("a refusal"),
}


def print_import(result: RosterImport, layout: str) -> None:
    """Print each row of the list, then uncertain matches, unchanged differences and errors."""
    print_view(ROSTER_IMPORT, (_row(row, layout) for row in result.rows), layout)
    for row in result.rows:
        for line in _notes(row):
            print_note(line)
    if result.not_listed:
        print_note(_not_listed(result.not_listed))
    print_reading(result.reading)
    if result.not_read:
        columns = ", ".join(map(safe, result.not_read))
        print_note(_("Columns that were not read: {columns}.").format(columns=columns))
    print_problems(result.problems)


def _notes(row: RosterRow) -> Iterator[str]:
    """Yield what a row of the table has no room for."""
    for doubt in row.possible_matches:
        yield _doubt(row.row, doubt)
        yield from (f"  {safe(candidate_in_words(each))}" for each in doubt.candidates)
    if row.found is RosterMatch.FOR_COORDINATOR:
        yield _(
            "Row {row} is left out: a candidate is of another unit, so the communications "
            "coordinator decides."
        ).format(row=row.row)
    if row.found is RosterMatch.LEFT_OUT:
        yield _("Row {row} is left out, as decided: {who}.").format(row=row.row, who=safe(row.name))
    if row.no_guardians:
        yield _(
            "Row {row}: {who} is an adult and decides alone; left out as guardians: {names}."
        ).format(row=row.row, who=safe(row.name), names=", ".join(map(safe, row.no_guardians)))
    if row.differs:
        yield _(
            "Row {row}, {person}: differs from the registry and was left as it is: {parts}."
        ).format(row=row.row, person=row.person, parts=_parts(row.differs))


MOST_NAMED = 20
"""How many of those who are not in a list are named."""


def _not_listed(people: Sequence[str]) -> str:
    named = ", ".join(map(safe, people[:MOST_NAMED]))
    more = " …" if len(people) > MOST_NAMED else ""
    return _("On the roster, but not in this list ({count}): {people}").format(
        count=len(people), people=named + more
    )


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
            count=len({(problem.sheet, problem.row) for problem in result.problems}),
        )
    if result.applied and not result.changes:
        print_note(_("Nothing changed: everything in the list was already recorded."))
    elif result.applied:
        new, known = result.count(RosterMatch.NEW), result.count(RosterMatch.MATCHED)
        print_note(
            _(
                "Recorded on the roster of {event}. New: {new}, already in the registry: {known}."
            ).format(event=result.event, new=new, known=known)
        )
        left = len(result.rows) - new - known
        if left:
            print_note(_("Rows that were left out: {count}.").format(count=left))
    _print_missing(result.missing)
    if not result.applied:
        print_note(_("Nothing was recorded yet. To record the list:"))
    if not result.applied or result.missing != MissingFacts():
        print_next(again)


def _print_missing(missing: MissingFacts) -> None:
    """Print what is missing for consents by guardians to count, and what it costs."""
    if missing.unverified:
        print_note(
            _(
                "Children whose guardians are not verified: {count}. No consent by these "
                "guardians counts until it is recorded from what they were verified."
            ).format(count=missing.unverified)
        )
    if missing.without_total:
        print_note(
            _(
                "Children of whom it is not known how many guardians they have: {count}. No "
                "consent by their guardians counts until the number is recorded."
            ).format(count=missing.without_total)
        )


def refuse_doubts(result: RosterImport, step: NextStep) -> None:
    """Raise InputDataError if the list has no errors but contains uncertain matches."""
    count = result.count(RosterMatch.AMBIGUOUS)
    if count and not result.problems:
        raise InputDataError(
            N_("nothing was recorded; rows where the person is uncertain: {count}"),
            N_(
                "Write the doubtful rows into a table and fill in the decisions, or add the birth "
                "dates to the list. By row and id: --same if it is that person, --other if it is "
                "somebody else."
            ),
            step=step,
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
