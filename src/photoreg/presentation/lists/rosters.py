"""What a class list changes, in words: its rows, doubts, errors, and what is missing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from photoreg.errors import PhotoregError
from photoreg.presentation.cells import safe
from photoreg.presentation.lists.roster_rows import MOST_NAMED, rows_in_words, segments
from photoreg.presentation.messages import error_texts
from photoreg.presentation.views.roster_decisions import candidate_in_words, listed_in_words
from photoreg.services.photos.rosters.results import (
    ListedRole,
    MissingFacts,
    PossibleMatch,
    RosterImport,
    RosterMatch,
    RosterRow,
)
from photoreg.sheets.table import Problem
from photoreg.texts import N_, _


def row_notes(result: RosterImport) -> Iterator[str]:
    """Yield what the rows of a table have no room for."""
    for row in result.rows:
        yield from _notes(row)


def _notes(row: RosterRow) -> Iterator[str]:
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


def doubt_lines(result: RosterImport) -> Iterator[str]:
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


def left_line(result: RosterImport) -> str:
    """Return who stood in an earlier state of the list and is not in this one."""
    people = [result.not_listed[each] for each in result.left]
    named = ", ".join(map(safe, people[:MOST_NAMED]))
    more = " …" if len(people) > MOST_NAMED else ""
    return _("On the roster, but not in this list ({count}): {people}").format(
        count=len(people), people=named + more
    )


def elsewhere_lines(result: RosterImport) -> Iterator[str]:
    """Yield how many are on the roster who came from elsewhere."""
    if others := len(result.not_listed) - len(result.left):
        yield _("On the roster from elsewhere, such as the list of another class: {count}.").format(
            count=others
        )


def not_read_line(headings: Iterable[str]) -> str:
    """Return which columns of a list were not read."""
    return _("Columns that were not read: {columns}.").format(
        columns=", ".join(map(safe, headings))
    )


def _doubt(doubt: PossibleMatch) -> str:
    rows = [_("the person on row {row}").format(row=number) for number in doubt.rows]
    listed = listed_in_words(doubt)
    who = f"{doubt.who} ({listed})" if listed else doubt.who
    return _("Row {row}: {who} could be {persons}.").format(
        row=doubt.place.row, who=safe(who), persons=", ".join([*doubt.persons, *rows])
    )


@dataclass(frozen=True, slots=True)
class ToldProblem:
    """An error in rows of a list: where it is, what it is, and a hint; the error has the step."""

    text: str
    hint: str
    error: PhotoregError


def told_problems(problems: Iterable[Problem]) -> list[ToldProblem]:
    """Return each error with its sheet, column and rows; the same error of several rows once."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        told = (*error_texts(problem.error), repr(problem.error.step))
        found.setdefault((problem.sheet, problem.column, *told), []).append(problem)
    return [
        ToldProblem(
            _problem_line(some).format(
                sheet=safe(sheet),
                row=some[0].row,
                rows=", ".join(dict.fromkeys(str(each.row) for each in some)),
                column=safe(column) or "-",
                who=safe(some[0].subject) or "-",
                problem=text,
            ),
            hint,
            some[0].error,
        )
        for (sheet, column, text, hint, _step), some in found.items()
    ]


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


def recorded_lines(result: RosterImport) -> Iterator[str]:
    """Yield what of a list was recorded."""
    if not result.changes:
        yield _("Nothing changed: everything in the list was already recorded.")
        return
    new, known = result.count(RosterMatch.NEW), result.count(RosterMatch.MATCHED)
    text = _("Recorded on the roster of {event}. New: {new}, already in the registry: {known}.")
    yield text.format(event=result.event, new=new, known=known)
    if left := len(result.rows) - new - known:
        yield _("Rows that were left out: {count}.").format(count=left)


def missing_lines(missing: MissingFacts) -> Iterator[str]:
    """Yield what is missing for consents by guardians to count, and what it costs."""
    if missing.unverified:
        yield _(
            "Children whose guardians are not verified: {count}. No consent by these "
            "guardians counts until it is recorded from what they were verified."
        ).format(count=missing.unverified)
    if missing.without_total:
        yield _(
            "Children of whom it is not known how many guardians they have: {count}. No "
            "consent by their guardians counts until the number is recorded."
        ).format(count=missing.without_total)
