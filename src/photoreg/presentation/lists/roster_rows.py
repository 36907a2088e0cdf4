"""What was read of each row of a class list: birth date, class, guardians, noes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from photoreg.presentation.cells import safe
from photoreg.presentation.labels import label
from photoreg.presentation.view import View
from photoreg.presentation.views.events import ROSTER_IMPORT
from photoreg.presentation.views.roster_decisions import doubt_in_words
from photoreg.services.people.class_lists.class_list import ListedGuardian, ListedPerson
from photoreg.services.photos.rosters.reading import ListReport
from photoreg.services.photos.rosters.results import RosterImport, RosterMatch, RosterRow
from photoreg.texts import N_, _

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
_OF_TABLE = ("row", "name", "born", "group", "guardians", "total", "noes", "found")


def roster_rows(result: RosterImport, *, is_to_read: bool) -> Iterator[dict[str, Any]]:
    """Yield each row with what was read of it: in words, or as plain data."""
    persons = {person.row: person for person in result.reading.persons}
    for row in result.rows:
        yield _row(row, persons.get(row.row), result, is_to_read=is_to_read)


def roster_table(rows: Iterable[dict[str, Any]]) -> View:
    """Return the view without what a table leaves out, or no row has anything to show in."""
    filled = {key for row in rows for key in _OF_TABLE if row[key]}
    columns = [
        replace(column, in_table=column.key in {"row", "name", "found"} | filled)
        for column in ROSTER_IMPORT.columns
    ]
    return replace(ROSTER_IMPORT, columns=tuple(columns))


def roster_counts(result: RosterImport) -> str:
    """Return how many rows there are of each kind."""
    counts = (
        f"{_(words)} {result.count(found)}"
        for found, words in _MATCH_LABELS.items()
        if result.count(found)
    )
    guardians = sum(len(person.guardians) for person in result.reading.persons)
    return _("Rows: {count} ({parts}). Guardians in the rows: {guardians}.").format(
        count=len(result.rows), parts=", ".join(counts), guardians=guardians
    )


def _row(
    row: RosterRow, person: ListedPerson | None, result: RosterImport, *, is_to_read: bool
) -> dict[str, Any]:
    could_be = list(_could_be(row, is_to_read=is_to_read))
    return {
        "row": row.row,
        "name": row.name,
        "born": person.born.isoformat() if person and person.born else None,
        "group": person.group if person else "",
        "guardians": list(_guardians(row, person, result.reading, is_to_read=is_to_read)),
        "total": _total(row, person, result.reading, is_to_read=is_to_read),
        "noes": list(_noes(person, is_to_read=is_to_read)) if person else [],
        "found": _found(row, could_be) if is_to_read else row.found,
        "person": row.person,
        "changes": segments(row.changes) if is_to_read else list(row.changes),
        "differs": list(row.differs),
        "could_be": could_be,
    }


def _could_be(row: RosterRow, *, is_to_read: bool) -> Iterator[str]:
    """Yield the candidates by id; to people, with the one who is doubtful, and rows as well."""
    for doubt in row.possible_matches:
        if is_to_read:
            yield doubt_in_words(doubt)
        else:
            yield from doubt.persons


def _guardians(
    row: RosterRow, person: ListedPerson | None, reading: ListReport, *, is_to_read: bool
) -> Iterator[str]:
    """Yield each guardian: the name, the contact, and for what the word of the basis was taken."""
    if person is None or row.no_guardians:
        return
    for each in person.guardians:
        basis = label(each.basis) if is_to_read else each.basis.value
        if is_to_read and each.called:
            basis = f"{each.called}: {basis}"
        is_told = reading.tells_basis or each.called or not is_to_read
        yield " ".join(filter(None, (each.name, each.contact, f"({basis})" if is_told else "")))


def _total(
    row: RosterRow, person: ListedPerson | None, reading: ListReport, *, is_to_read: bool
) -> int | str | None:
    """Return how many guardians somebody has; people see where it is not known."""
    if person is None or row.no_guardians:
        return None
    total = reading.total_of(person)
    return "?" if total is None and person.guardians and is_to_read else total


def _noes(person: ListedPerson, *, is_to_read: bool) -> Iterator[str]:
    if person.blocked:
        yield _("block") if is_to_read else "block"
    for no in person.refused:
        yield f"{no.column}: {no.words}"


def _found(row: RosterRow, could_be: Sequence[str]) -> str:
    """Return how a row relates to the registry, and what is recorded of somebody who is in it."""
    words = _(_MATCH_LABELS[row.found])
    if row.found is RosterMatch.MATCHED:
        new = segments(row.changes) or _("nothing new")
        return f"{row.person or ''} {words}: {new}".strip()
    return " ".join((words, ", ".join(could_be))).strip()


def segments(codes: Sequence[str]) -> str:
    """Return what is recorded of a row, or differs, in the user's language."""
    return ", ".join(_(_SEGMENT_NAMES[code]) for code in codes)


MOST_NAMED = 20
"""How many people of one kind are named, and how many rows."""


def what_to_know(result: RosterImport) -> Iterator[str]:
    """Yield, with names, what of the rows is not as it seems: carers, and who may be an adult."""
    new = {row.row for row in result.rows if row.found is RosterMatch.NEW}
    persons = result.reading.persons
    if persons and any(person.guardians for person in persons) and not result.reading.tells_basis:
        yield _("No column tells the basis of guardianship: everybody is taken as a parent.")
    for person in persons:
        for guardian in person.guardians:
            if guardian.is_unproven:
                yield _carer(person, guardian)
    of_unknown_age = [
        _("row {row} {name}").format(row=person.row, name=safe(person.name))
        for person in persons
        if person.row in new and person.born is None and person.age_group is None
    ]
    if of_unknown_age:
        yield _(
            "Not known whether these are adults ({count}): {people}. Photos in which they can "
            "be recognised are not published until it is known. Write birth dates into the "
            "list, or a column “{heading}” with “{adult}” or “{minor}”."
        ).format(
            count=len(of_unknown_age),
            people=named(of_unknown_age),
            heading=_("age group"),
            adult=_("adult"),
            minor=_("minor"),
        )


def _carer(person: ListedPerson, guardian: ListedGuardian) -> str:
    return _(
        "Row {row}, {child}: “{word}” does not say that {guardian} is a guardian: a foster carer "
        "is one only by a court's decision. Recorded as a guardian by court order whose consent "
        "does not count until somebody has seen the decision and recorded the verification. If "
        "there is no such decision, remove them from the list."
    ).format(
        row=person.row,
        child=safe(person.name),
        word=safe(guardian.called),
        guardian=safe(guardian.name),
    )


def named(people: Sequence[str]) -> str:
    """Return some people on one line; of many the first ones, and how many they are."""
    more = f" … ({len(people)})" if len(people) > MOST_NAMED else ""
    return ", ".join(people[:MOST_NAMED]) + more


def rows_in_words(rows: Iterable[int]) -> str:
    """Return the numbers of rows, not more than a reader needs to find them: `rows 3, 5`."""
    numbers = sorted(set(rows))
    more = " …" if len(numbers) > MOST_NAMED else ""
    return row_numbers(", ".join(map(str, numbers[:MOST_NAMED])) + more)


def row_numbers(listed: str) -> str:
    """Return listed numbers of rows with their word, so that no number reads as a count."""
    text = _("row {rows}") if listed.isdecimal() else _("rows {rows}")
    return text.format(rows=listed)
