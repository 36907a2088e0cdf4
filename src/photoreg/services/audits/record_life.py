"""The life of a record: what changed when, by whom, from what to what; read from the log.

The log holds ids, codes and days, and salted hashes of names, contacts, birth dates and texts.
For a stated purpose those that the registry still holds are shown in place of their hashes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from photoreg.registry.ledger import Action
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.record_life import (
    Life,
    entries_of,
    find_life,
    rows_now,
    salts_of,
    statements_of,
    subjects_of,
    values_held,
)
from photoreg.registry.record_hashes.changes import (
    is_hashed,
    owner_of,
    subject_of,
    told_value,
    value_hash,
)
from photoreg.registry.record_hashes.recording import NO_SALT
from photoreg.registry.tables.all import METADATA
from photoreg.registry.triggers.history import HISTORY_COLUMNS, MASKED_COLUMNS, NOT_TAKEN_BACK
from photoreg.services.application import Application
from photoreg.services.audits.entry_rows import (
    EntryNames,
    LifeRow,
    changed_values,
    entry_row,
    kind_of,
    record_number_of,
    shown_value,
)
from photoreg.services.audits.told_entries import ALIKE, ToldEntry, ToldLog, refuse_withheld
from photoreg.services.consents.consents import find_shown_consent
from photoreg.services.data_subjects.disclosures import LIST_ROLES, state_purpose
from photoreg.services.decisions.flags import find_shown_flag, hidden_entries
from photoreg.services.people.ages import hides_body
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_role


def record_life(
    application: Application, named: str, *, purpose: str | None = None
) -> list[LifeRow]:
    """Return the life of a record, oldest change first.

    With a purpose, which coordinators and auditors may state, names, contacts and birth dates that
    the registry still holds are shown. Of somebody who may not be shown only coordinators see it.
    """
    with application.reading() as work:
        if purpose is not None:
            require_role(work, LIST_ROLES)
        _refuse_withheld(work, find_life(work.session, named), named)
    if purpose is not None:
        state_purpose(application.live or application, purpose, "history")
    with application.reading() as work:
        life = find_life(work.session, named)
        told = list(_told_entries(work, life))
        reveal = _Revealer(work, life, told) if purpose is not None else None
        new: dict[int, list[dict[str, Any]]] = defaultdict(list)
        rows = _dated(life, rows_now(work.session, life), is_past=application.live is not None)
        for entry, values in chain(
            _beginnings(work, life, rows, told, reveal), _statements(work, life, told, reveal)
        ):
            new[entry] += values
        return list(_rows(work, told, reveal, new))


_Rows = dict[int, dict[str, Any]]
"""Rows by the numbers of their records."""


def _dated(life: Life, rows: _Rows, *, is_past: bool) -> _Rows:
    """Leave out of the rows of an earlier day what is not known to be of that day."""
    if not is_past:
        return rows
    known = {*HISTORY_COLUMNS.get(life.table, ())} - NOT_TAKEN_BACK - MASKED_COLUMNS
    return {
        number: {name: value for name, value in row.items() if name in known}
        for number, row in rows.items()
    }


def _refuse_withheld(work: UnitOfWork, life: Life, named: str) -> None:
    """Raise NotAllowed if what changed would tell why somebody is not shown."""
    if life.table in _FIND_SHOWN:
        _FIND_SHOWN[life.table](work, named)
    persons = persons_of(work.session, _concerned(work, life)).values()
    is_hidden = not life.own.isdisjoint(hidden_entries(work).subjects)
    refuse_withheld(work, persons, named, is_hidden=is_hidden)


_FIND_SHOWN: dict[str, Callable[[UnitOfWork, str], object]] = {
    "consent": find_shown_consent,
    "photo_flag": find_shown_flag,
}
"""How records are found of which the actor may not even learn that they exist."""


def _concerned(work: UnitOfWork, life: Life) -> Iterable[int]:
    """Return the persons whom a record is about."""
    if life.table == "consent":
        return subjects_of(work.session, life.numbers)
    return life.numbers if life.table == "person" else ()


def _told_entries(work: UnitOfWork, life: Life) -> Iterator[ToldEntry]:
    """Yield the entries about the record as the actor may see them.

    An event's photos have lives of their own.
    """
    log = ToldLog(work)
    for entry in entries_of(work.session, life):
        told = log.told(entry)
        is_of_photo = life.table == "event" and entry.subject.startswith("P-")
        if told is not None and not is_of_photo:
            yield told


def _rows(
    work: UnitOfWork,
    entries: Sequence[ToldEntry],
    reveal: "_Revealer | None",
    new: Mapping[int, list[dict[str, Any]]],
) -> Iterator[LifeRow]:
    """Yield a row for each changed value, under the entry that tells what was done, and others."""
    names = EntryNames(work)
    by_number = {told.entry.seq: told for told in entries}
    changes: dict[int, list[ToldEntry]] = defaultdict(list)
    for told in by_number.values():
        cause = told.details.get("entry") if told.action == Action.RECORD_CHANGED else None
        changes[cause if cause in by_number else told.entry.seq].append(told)
    for number in sorted(changes):
        done = by_number[number]
        row = entry_row(names, done)
        began = [
            replace(row, change=number, is_new=True, details=None, **values)
            for values in new.get(number, ())
        ]
        rows = [row, *began] if began else []
        rows += [
            replace(row, about=names.about(each), change=each.entry.seq, details=None, **values)
            for each in changes[number]
            for values in changed_values(names, each, reveal.value if reveal else None)
        ]
        yield from rows or [row]


_STATEMENTS = {
    "consent": "consent_event",
    "permission": "permission_event",
}
"""The tables of what was said of consents and permissions; their rows are never changed."""

SAID = frozenset(
    {
        *("kind", "day", "evidence", "basis", "licence_terms", "names_kind", "by_attorney"),
        *("recorded_at", "recorded_by", "by_person_id", "author_id", "is_live"),
    }
)
"""What the entry itself says of a statement."""


def _statements(
    work: UnitOfWork, life: Life, entries: Sequence[ToldEntry], reveal: "_Revealer | None"
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the entries by which somebody's statements were recorded, with what was stated.

    They are found by record, time and kind. As with beginnings, nothing is told without a salt.
    """
    table = _STATEMENTS.get(life.table)
    if table is None:
        return
    names = EntryNames(work)
    by_place = {
        (each.entry.subject, each.entry.time, each.action.rpartition(".")[2]): each
        for each in entries
    }
    told = []
    for statement in statements_of(work.session, table, life):
        place = (statement.subject, statement.recorded_at, statement.kind)
        if place in by_place:
            told.append((by_place[place], statement))
    salts = salts_of(
        work.session,
        [each.entry.seq for each, _statement in told],
        {table},
        {statement.number for _each, statement in told},
    )
    for each, statement in told:
        salt = salts.get((each.entry.seq, table, statement.number), NO_SALT)
        if salt != NO_SALT:
            values = {n: v for n, v in statement.values.items() if n not in SAID}
            yield each.entry.seq, list(_stated(names, each, table, values, salt, reveal))


def _stated(
    names: EntryNames,
    told: ToldEntry,
    table: str,
    values: Mapping[str, Any],
    salt: bytes,
    reveal: "_Revealer | None",
) -> Iterator[dict[str, Any]]:
    """Yield what was stated, as values that are new; nothing of what is empty or no."""
    for field, value in values.items():
        column = METADATA.tables[table].c[field]
        shown = value if reveal and is_hashed(column) else told_value(column, value, salt)
        if shown not in (None, False):
            shown = shown_value(names, None, told, table, field, shown)
            yield {
                "table": table,
                "field": field,
                "new": shown,
                **kind_of(table, field),
            }


def _beginnings(
    work: UnitOfWork,
    life: Life,
    rows: _Rows,
    entries: Sequence[ToldEntry],
    reveal: "_Revealer | None",
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield the entries by which the record's rows were added, with the values they began with.

    The log holds only later values: those that no entry has changed are still in the row. Nothing
    is told of a row whose salt was erased, since an erasure changes values that no entry tells.
    """
    names = EntryNames(work)
    for number, row in rows.items():
        subject = subject_of(life.table, number)
        own = [each for each in entries if each.entry.subject == subject]
        first = next((each for each in own if each.action != Action.RECORD_CHANGED), None)
        later = [each for each in own if each.details.get("table") == life.table]
        if first is None or first.entry.seq in {each.details.get("entry") for each in later}:
            continue
        place = (first.entry.seq, life.table, number)
        salts = salts_of(work.session, [first.entry.seq], {life.table}, {number})
        if salts.get(place, NO_SALT) == NO_SALT:
            continue
        sees_all = work.actor.role in COORDINATORS
        told = {name: value for name, value in row.items() if sees_all or name not in ALIKE}
        yield first.entry.seq, list(_began(names, first, told, later, salts[place], reveal, life))


def _began(
    names: EntryNames,
    first: ToldEntry,
    row: Mapping[str, Any],
    later: Iterable[ToldEntry],
    salt: bytes,
    reveal: "_Revealer | None",
    life: Life,
) -> Iterator[dict[str, Any]]:
    """Yield the values with which a row began: before its first change, or as they are now."""
    number, table = record_number_of(first.entry.subject), life.table
    lookup = reveal.value if reveal else None
    for field, now in row.items():
        column = METADATA.tables[table].c[field]
        change = next((each for each in later if field in (each.details["was"] or ())), None)
        if change is not None:
            value = shown_value(names, lookup, change, table, field, change.details["was"][field])
        elif reveal is not None and is_hashed(column) and now is not None:
            value = now if reveal.note(table, field, number) else None
        else:
            value = shown_value(names, None, first, table, field, told_value(column, now, salt))
        if value is not None:
            yield {"table": table, "field": field, "new": value, **kind_of(table, field)}


class _Revealer:
    """Finds the values of which the log holds the hashes, among those that the registry holds."""

    def __init__(self, work: UnitOfWork, life: Life, entries: Iterable[ToldEntry]) -> None:
        self._work = work
        self._persons = persons_of(work.session, life.numbers) if life.table == "person" else {}
        changed = [each for each in entries if each.action == Action.RECORD_CHANGED]
        owners: dict[str, set[int]] = defaultdict(set)
        for each in changed:
            owners[each.details["table"]].add(record_number_of(each.entry.subject))
        numbers = {number for found in owners.values() for number in found}
        entries_of_changes = [each.entry.seq for each in changed]
        self._salts = salts_of(
            work.session, entries_of_changes, set(map(owner_of, owners)), numbers
        )
        self._held = {
            table: values_held(work.session, table, found) for table, found in owners.items()
        }

    def value(self, told: ToldEntry, table: str, field: str, found: str) -> Any:
        """Return the value with this hash, noting that it is shown; None if it is not held."""
        number, column = record_number_of(told.entry.subject), METADATA.tables[table].c[field]
        salt = self._salts.get((told.entry.seq, owner_of(table), number), NO_SALT)
        held = self._held[table].get(field, ()) if salt != NO_SALT else ()
        value = next((each for each in held if value_hash(column, each, salt) == found), None)
        return value if value is not None and self.note(table, field, number) else None

    def note(self, table: str, field: str, number: int) -> bool:
        """Note whose name or contact is shown; return whether the actor may see it."""
        person = self._persons.get(number)
        if table != "person" or person is None:
            return True
        if hides_body(self._work, person):
            return False
        if field == "name":
            self._work.looks.note_name(number)
        if field == "contact":
            self._work.looks.note_contact(number)
        return True
