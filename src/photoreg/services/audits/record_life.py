"""The life of a record: what changed when, by whom, from what to what; read from the log.

The log holds ids, codes and days, and salted hashes of names, contacts, birth dates and texts.
For a stated purpose those that the registry still holds are shown in place of their hashes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.organisation import all_channels, all_staff
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.record_life import (
    Life,
    entries_of,
    find_life,
    rows_now,
    salts_of,
    subjects_of,
    values_held,
)
from photoreg.registry.record_hashes.changes import (
    ValueKind,
    is_hashed,
    owner_of,
    referred_tables,
    subject_of,
    told_value,
    value_hash,
    values_of_column,
)
from photoreg.registry.record_hashes.recording import NO_SALT
from photoreg.registry.tables.all import METADATA
from photoreg.registry.triggers.history import HISTORY_COLUMNS, MASKED_COLUMNS, NOT_TAKEN_BACK
from photoreg.services.application import Application
from photoreg.services.audits.told_entries import ALIKE, OTHER, ToldEntry, ToldLog, refuse_withheld
from photoreg.services.data_subjects.disclosures import LIST_ROLES, state_purpose
from photoreg.services.decisions.flags import hidden_entries
from photoreg.services.people.ages import hides_body
from photoreg.services.unit_of_work import COORDINATORS, HELSINKI, UnitOfWork, require_role


@dataclass(frozen=True, slots=True)
class Hashed:
    """A value of which the log holds the salted hash only."""

    hash: str


@dataclass(frozen=True, slots=True)
class LifeRow:
    """A change in the life of a record: entry, time in Helsinki, login, action, record.

    `table` and `field` are where a value was `old` and is `new`; both are empty for an entry that
    changed no value. `is_new`: the record began with this value. `change` is the entry that holds
    the values, one for each row; `is_whole`: the row was added or removed, such as somebody named
    in a photo. `kind` and `enumeration` say how the values are to be read.
    """

    entry: int
    at: datetime
    actor: str
    action: str
    about: str
    table: str = ""
    field: str = ""
    old: Any = None
    new: Any = None
    change: int = 0
    is_whole: bool = False
    is_new: bool = False
    kind: ValueKind = ValueKind.OTHER
    enumeration: str = ""
    details: Mapping[str, Any] | None = None


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
        rows = _dated(life, rows_now(work.session, life), is_past=application.live is not None)
        began = _beginnings(work, life, rows, told, reveal)
        return list(_rows(work, told, reveal, dict(began)))


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
    persons = persons_of(work.session, _concerned(work, life)).values()
    is_hidden = not life.own.isdisjoint(hidden_entries(work).subjects)
    refuse_withheld(work, persons, named, is_hidden=is_hidden)


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
    names = _Names(work)
    by_number = {told.entry.seq: told for told in entries}
    changes: dict[int, list[ToldEntry]] = defaultdict(list)
    for told in by_number.values():
        cause = told.details.get("entry") if told.action == Action.RECORD_CHANGED else None
        changes[cause if cause in by_number else told.entry.seq].append(told)
    for number in sorted(changes):
        done = by_number[number]
        row = _row_of(names, done)
        if number in new:
            yield row
            yield from (
                replace(row, change=number, is_new=True, details=None, **values)
                for values in new[number]
            )
            continue
        rows = [
            replace(row, about=names.about(each), change=each.entry.seq, details=None, **values)
            for each in changes[number]
            for values in _values(names, each, reveal)
        ]
        yield from rows or [row]


def _row_of(names: "_Names", told: ToldEntry) -> LifeRow:
    entry = told.entry
    shown = {key: value for key, value in told.details.items() if key not in _SIDES}
    at, actor = entry.time.astimezone(HELSINKI), names.login(entry.actor_id)
    if "channel" in shown:
        shown["channel"] = names.channel(shown["channel"])
    if "admins" in shown:
        shown["admins"] = [names.login(number) for number in shown["admins"]]
    return LifeRow(entry.seq, at, actor, told.action, names.about(told), details=shown)


_SIDES = {"was", "is", "of", "table", "entry"}


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
    names = _Names(work)
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
    names: "_Names",
    first: ToldEntry,
    row: Mapping[str, Any],
    later: Iterable[ToldEntry],
    salt: bytes,
    reveal: "_Revealer | None",
    life: Life,
) -> Iterator[dict[str, Any]]:
    """Yield the values with which a row began: before its first change, or as they are now."""
    number, table = _number(first.entry.subject), life.table
    for field, now in row.items():
        column = METADATA.tables[table].c[field]
        change = next((each for each in later if field in (each.details["was"] or ())), None)
        if change is not None:
            value = _shown(names, reveal, change, table, field, change.details["was"][field])
        elif reveal is not None and is_hashed(column) and now is not None:
            value = now if reveal.note(table, field, number) else None
        else:
            value = _shown(names, None, first, table, field, told_value(column, now, salt))
        if value is not None:
            yield {"table": table, "field": field, "new": value, **_kind_of(table, field)}


def _kind_of(table: str, field: str) -> dict[str, Any]:
    kind, enumeration = values_of_column(table, field)
    return {"kind": kind, "enumeration": enumeration}


def _values(
    names: "_Names", told: ToldEntry, reveal: "_Revealer | None"
) -> Iterator[dict[str, Any]]:
    """Yield the values that an entry says have changed."""
    was, now = told.details.get("was"), told.details.get("is")
    if was is None and now is None:
        return
    table = told.details.get("table", "")
    for field in was or now or {}:
        old, new = (
            _shown(names, reveal, told, table, field, side.get(field)) if side else None
            for side in (was, now)
        )
        is_column = bool(table) and field != OTHER
        yield {
            "table": table,
            "field": field,
            "old": old,
            "new": new,
            "is_whole": was is None or now is None,
            **(_kind_of(table, field) if is_column else {}),
        }


def _shown(
    names: "_Names",
    reveal: "_Revealer | None",
    told: ToldEntry,
    table: str,
    field: str,
    value: Any,
) -> Any:
    if isinstance(value, dict) and "hash" in value:
        found = reveal.value(told, table, field, value["hash"]) if reveal else None
        return Hashed(value["hash"]) if found is None else found
    if not table or field == OTHER or value is None:
        return value
    return names.of(table, field, value)


class _Names:
    """The logins of users and the names of channels, in place of their numbers."""

    def __init__(self, work: UnitOfWork) -> None:
        self._names = {
            "staff": {id_of(each): each.login for each in all_staff(work.session)},
            "channel": {id_of(each): each.name for each in all_channels(work.session)},
        }

    def about(self, told: ToldEntry) -> str:
        """Return what an entry is about: ids, a login or a channel, else as the log calls it."""
        subject = told.entry.subject
        kind, _colon, number = subject.partition(":")
        if not number:
            return subject
        named = self._names.get(kind, {}).get(_number(subject))
        return named or ", ".join(told.details.get("of", ())) or subject

    def login(self, number: int) -> str:
        """Return the login of a user."""
        return self._names["staff"].get(number, "")

    def channel(self, number: Any) -> Any:
        """Return the name of a channel."""
        return self._names["channel"].get(number, number)

    def of(self, table: str, field: str, value: Any) -> Any:
        """Return what to show for a value of a column."""
        referred = referred_tables(METADATA.tables[table].c[field])
        known = (self._names.get(each, {}).get(value) for each in referred)
        return next(filter(None, known), value)


class _Revealer:
    """Finds the values of which the log holds the hashes, among those that the registry holds."""

    def __init__(self, work: UnitOfWork, life: Life, entries: Iterable[ToldEntry]) -> None:
        self._work = work
        self._persons = persons_of(work.session, life.numbers) if life.table == "person" else {}
        changed = [each for each in entries if each.action == Action.RECORD_CHANGED]
        owners: dict[str, set[int]] = defaultdict(set)
        for each in changed:
            owners[each.details["table"]].add(_number(each.entry.subject))
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
        number, column = _number(told.entry.subject), METADATA.tables[table].c[field]
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


def _number(subject: str) -> int:
    """Return the number of a record; 0 for a document, which has none."""
    found = subject.replace(":", "-").rpartition("-")[2]
    return int(found) if found.isdecimal() else 0
