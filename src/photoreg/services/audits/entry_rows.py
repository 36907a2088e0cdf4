"""Entries of the log as rows: who did what, and each value that was changed.

Users are named by their logins and channels by their names; other records by their ids.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from photoreg.registry.ids import id_of
from photoreg.registry.queries.organisation import all_channels, all_staff
from photoreg.registry.record_hashes.changes import ValueKind, referred_tables, values_of_column
from photoreg.registry.tables.all import METADATA
from photoreg.services.audits.told_entries import OTHER, ToldEntry
from photoreg.services.unit_of_work import HELSINKI, UnitOfWork


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


Reveal = Callable[[ToldEntry, str, str, str], Any]
"""Returns the value of a table's column that has a hash, or None where it is not to be shown."""


def entry_rows(names: "EntryNames", told: ToldEntry) -> list[LifeRow]:
    """Return an entry as rows: one for each changed value, or one."""
    row = entry_row(names, told)
    if told.details.get("entry"):
        row = replace(row, details={"entry": told.details["entry"]})
    values = changed_values(names, told, None)
    return [replace(row, change=row.entry, **each) for each in values] or [row]


def entry_row(names: "EntryNames", told: ToldEntry) -> LifeRow:
    """Return what an entry tells but for the values that were changed."""
    entry = told.entry
    shown = {k: names.detail(k, v) for k, v in told.details.items() if k not in _SIDES}
    at, actor = entry.time.astimezone(HELSINKI), names.login(entry.actor_id)
    return LifeRow(entry.seq, at, actor, told.action, names.about(told), details=shown)


_STAFF_KEYS = frozenset({"admins", "admins_added", "admins_removed", "owner"})
"""The details that are users, by number."""

_CHANNEL_KEYS = frozenset({"channel", "channels"})
"""The details that are channels, by number or as `channel:1`, or kinds of channels."""

_SIDES = {"was", "is", "of", "table", "entry"}


def kind_of(table: str, field: str) -> dict[str, Any]:
    """Return how the values of a column are to be read."""
    kind, enumeration = values_of_column(table, field)
    return {"kind": kind, "enumeration": enumeration}


def changed_values(
    names: "EntryNames", told: ToldEntry, reveal: Reveal | None
) -> Iterator[dict[str, Any]]:
    """Yield the values that an entry says have changed."""
    was, now = told.details.get("was"), told.details.get("is")
    if was is None and now is None:
        return
    table = told.details.get("table", "")
    for field in was or now or {}:
        old, new = (
            shown_value(names, reveal, told, table, field, side.get(field)) if side else None
            for side in (was, now)
        )
        is_column = bool(table) and field != OTHER
        yield {
            "table": table,
            "field": field,
            "old": old,
            "new": new,
            "is_whole": was is None or now is None,
            **(kind_of(table, field) if is_column else {}),
        }


def shown_value(
    names: "EntryNames",
    reveal: Reveal | None,
    told: ToldEntry,
    table: str,
    field: str,
    value: Any,
) -> Any:
    """Return a value as it is shown: found by its hash if that may be, and with names for users."""
    if isinstance(value, dict) and "hash" in value:
        found = reveal(told, table, field, value["hash"]) if reveal else None
        return Hashed(value["hash"]) if found is None else found
    if not table or field == OTHER or value is None:
        return value
    return names.of(table, field, value)


class EntryNames:
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
        named = self._names.get(kind, {}).get(record_number_of(subject))
        return named or ", ".join(told.details.get("of", ())) or subject

    def login(self, number: int) -> str:
        """Return the login of a user."""
        return self._names["staff"].get(number, "")

    def detail(self, key: str, value: Any) -> Any:
        """Return a detail of an entry with logins and names of channels in place of numbers."""
        if isinstance(value, list):
            return [self.detail(key, each) for each in value]
        if key in _STAFF_KEYS:
            return self._names["staff"].get(value, value)
        if key in _CHANNEL_KEYS:
            number = record_number_of(value) if isinstance(value, str) else value
            return self._names["channel"].get(number, value)
        return value

    def of(self, table: str, field: str, value: Any) -> Any:
        """Return what to show for a value of a column."""
        referred = referred_tables(METADATA.tables[table].c[field])
        known = (self._names.get(each, {}).get(value) for each in referred)
        return next(filter(None, known), value)


def record_number_of(subject: str) -> int:
    """Return the number of a record; 0 for a document, which has none."""
    found = subject.replace(":", "-").rpartition("-")[2]
    return int(found) if found.isdecimal() else 0
