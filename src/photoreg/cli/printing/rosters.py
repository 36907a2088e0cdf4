"""Print the result of a class-list import, and render the no-photo list as a page."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from photoreg.cli.app import what_next
from photoreg.cli.output import print_note
from photoreg.cli.printing.list_reading import print_open, print_reading
from photoreg.cli.printing.next_steps import print_next
from photoreg.cli.printing.roster_preview import (
    MOST_NAMED,
    print_rows,
    print_what_to_know,
    rows_in_words,
    segments,
)
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.messages import error_texts
from photoreg.presentation.views.roster_decisions import (
    candidate_in_words,
    listed_in_words,
    would_birth_dates_help,
)
from photoreg.services.people.class_lists.class_list import ListedGuardian
from photoreg.services.photos.roster_consents import NoPhotoList
from photoreg.services.photos.rosters.results import (
    ListedRole,
    MissingFacts,
    PossibleMatch,
    RosterImport,
    RosterMatch,
    RosterRow,
)
from photoreg.sheets.table import Problem
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _, language

_PAGE_MARK = '<meta name="generator" content="photoreg no-photo-list">'
"""What tells a page of ours, in its head."""


def print_import(result: RosterImport, layout: str) -> None:
    """Print each row of the list, then uncertain matches, unchanged differences and errors."""
    print_rows(result, layout)
    for row in result.rows:
        for line in _notes(row):
            print_note(line)
    for line in _doubts(result):
        print_note(line)
    if result.left:
        print_note(_not_listed([result.not_listed[each] for each in result.left]))
        print_note(_("If they have left, take them off the roster:"))
        print_next(_removal(result))
    if others := len(result.not_listed) - len(result.left):
        print_note(
            _("On the roster from elsewhere, such as the list of another class: {count}.").format(
                count=others
            )
        )
    print_reading(result.reading)
    if result.not_read:
        columns = ", ".join(map(safe, result.not_read))
        print_note(_("Columns that were not read: {columns}.").format(columns=columns))
    print_what_to_know(result)
    print_problems(result.problems)


def _notes(row: RosterRow) -> Iterator[str]:
    """Yield what a row of the table has no room for."""
    if row.found is RosterMatch.FOR_COORDINATOR:
        yield _(
            "Row {row} is left out: {who} is, or could be, somebody of another unit, so the "
            "communications coordinator decides."
        ).format(row=row.row, who=safe(row.name))
    if row.found is RosterMatch.LEFT_OUT:
        yield _("Row {row} is left out, as decided: {who}.").format(row=row.row, who=safe(row.name))
    if row.no_guardians:
        yield _(
            "Row {row}: {who} is an adult and decides alone; left out as guardians: {names}."
        ).format(row=row.row, who=safe(row.name), names=", ".join(map(safe, row.no_guardians)))
    if row.differs:
        person = " ".join(filter(None, (row.person, safe(row.name))))
        yield _(
            "Row {row}, {person}: differs from the registry and was left as it is: {parts}."
        ).format(row=row.row, person=person, parts=segments(row.differs))


MOST_DOUBTS = 5
"""How many doubts are told one by one; of more there is a summary, since they are in a table."""

_CAUSES = {
    (ListedRole.PUPIL, True): N_("Pupils who could be somebody in the registry: {rows}"),
    (ListedRole.PUPIL, False): N_("Pupils who could be somebody on another row: {rows}"),
    (ListedRole.GUARDIAN, True): N_("Guardians who could be somebody in the registry: {rows}"),
    (ListedRole.GUARDIAN, False): N_(
        "Guardians who could be one with the same name on another row: {rows}"
    ),
    (ListedRole.KNOWN, True): N_(
        "People in the registry who would look like somebody else there: {rows}"
    ),
}


def _doubts(result: RosterImport) -> Iterator[str]:
    """Yield the doubts with their candidates, or how many there are of which cause."""
    doubts = list(result.open_doubts())
    if len(doubts) <= MOST_DOUBTS:
        for doubt in doubts:
            yield _doubt(doubt)
            yield from (f"  {safe(candidate_in_words(each))}" for each in doubt.candidates)
        return
    yield _("Doubtful people: {count}.").format(count=len(doubts))
    for (role, is_known), text in _CAUSES.items():
        rows = [
            doubt.place.row
            for doubt in doubts
            if (doubt.place.role, bool(doubt.persons)) == (role, is_known)
        ]
        if rows:
            yield "  " + _(text).format(rows=f"{len(rows)} ({rows_in_words(rows)})")


def _not_listed(people: Sequence[str]) -> str:
    named = ", ".join(map(safe, people[:MOST_NAMED]))
    more = " …" if len(people) > MOST_NAMED else ""
    return _("On the roster, but not in this list ({count}): {people}").format(
        count=len(people), people=named + more
    )


def _removal(result: RosterImport) -> NextStep:
    """Return how those who have left are taken off the roster; of very many, how one is."""
    if len(result.left) > MOST_NAMED:
        return NextStep.to(NextAction.EVENT_ROSTER, "leaving", event=result.event)
    leaving = " ".join(result.left)
    return NextStep.to(NextAction.EVENT_ROSTER, event=result.event, leaving=leaving)


def _doubt(doubt: PossibleMatch) -> str:
    rows = [_("the person on row {row}").format(row=number) for number in doubt.rows]
    listed = listed_in_words(doubt)
    who = f"{doubt.who} ({listed})" if listed else doubt.who
    return _("Row {row}: {who} could be {persons}.").format(
        row=doubt.place.row, who=safe(who), persons=", ".join([*doubt.persons, *rows])
    )


def print_problems(problems: Sequence[Problem]) -> None:
    """Print each error with its sheet, column, rows and a hint; the same error of rows once."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        told = (*error_texts(problem.error), *what_next(problem.error))
        key = problem.sheet, problem.column, *told
        found.setdefault(key, []).append(problem)
    for (sheet, column, text, *advice), some in found.items():
        print_note(
            _problem_line(some).format(
                sheet=safe(sheet),
                row=some[0].row,
                rows=", ".join(dict.fromkeys(str(each.row) for each in some)),
                column=safe(column) or "-",
                who=safe(some[0].subject) or "-",
                problem=text,
            )
        )
        for each in filter(None, advice):
            print_note(f"  {each}")


def _problem_line(problems: Sequence[Problem]) -> str:
    """Return the line that tells of the same error in some rows of a sheet."""
    is_of_sheet = bool(problems[0].sheet)
    if len({each.row for each in problems}) == 1:
        if is_of_sheet:
            return _("Sheet {sheet}, row {row}, column {column} ({who}): {problem}")
        return _("Row {row}, column {column} ({who}): {problem}")
    if is_of_sheet:
        return _("Sheet {sheet}, rows {rows}, column {column}: {problem}")
    return _("Rows {rows}, column {column}: {problem}")


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
        text = _("If the list has every guardian, give {word} as the number.")
        print_note(text.format(word=_("as-listed")))


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
