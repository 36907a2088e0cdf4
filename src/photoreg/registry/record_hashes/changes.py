"""What a change did to rows that were there before: old and new values, as the log may hold them.

While photoreg writes, triggers note the content of each row before it is changed, in the temporary
table `former`; see `SQLiteFile.note_writes`. At the end it is compared with the row as it is now.
Ids, codes, numbers and days stand in the log as they are. Texts, and the days of birth and death,
stand there as hashes, salted with the salt of the record's own hash: an erasure erases that salt.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from photoreg.registry.ids import KIND_OF_TABLE, human_id
from photoreg.registry.record_hashes.records import Expressions, RecordKind, record_kinds
from photoreg.registry.tables.all import APPEND_ONLY, METADATA

UNTOLD_TABLES = frozenset({"disclosure", "history", "photo_likeness", "photo_series", *APPEND_ONLY})
"""Tables whose rows never change, are derived, or change by an erasure only."""

UNTOLD_COLUMNS = frozenset({"name_key", "letters_key", "mtime_ns", "path", "objector"})
"""Columns that follow from others, say where a file lies, or are kept for a short time only."""

PLAIN_TEXTS = frozenset(
    {
        *("about", "codes", "format", "suffix", "login", "unit"),
        *("picture_sha256", "sha256", "facts_digest", "rules_version", "form_version"),
    }
)
"""Texts that hold codes, or hashes of files, and nothing personal."""

PERSONAL_DAYS = frozenset({"born", "died_on"})

ROWS_AT_ONCE = 5_000
"""How many changed rows are compared at once."""

_Values = dict[str, Any]

_SUBJECTS = {"consent_form": "form", "registry_info": "registry"}
"""What the log calls records without an id for people, where it is not their table."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was changed, added to a record or removed.

    `was` and `now` are the values that differ, by column; None where there is no row. `about` are
    the ids of those whom the change concerns besides the record itself.
    """

    kind: str
    number: int | str
    table: str
    was: _Values | None
    now: _Values | None
    about: tuple[str, ...]


def is_told(table: sa.Table) -> bool:
    """Return whether the log tells how rows of this table change."""
    return table.name not in UNTOLD_TABLES


def told_columns(table: sa.Table, key: str) -> list[sa.Column[Any]]:
    """Return the columns whose changes are told; `key` is the reference to the record."""
    own = {key, *(c.name for c in table.primary_key if len(table.primary_key) == 1)}
    return [c for c in table.columns if c.name not in own | UNTOLD_COLUMNS]


def changed_rows(connection: sa.Connection, store: Expressions) -> Iterator[RowChange]:
    """Yield what this transaction did to rows of records that were there before."""
    owners = {
        table: (kind, key) for kind in record_kinds().values() for table, key in kind.tables()
    }
    for name, some in _noted(connection):
        table = METADATA.tables[name]
        kind, key = owners[table]
        rows = connection.exec_driver_sql(f"SELECT key, number, content {some}").all()
        now = _rows_now(connection, table, kind, key, store, some)
        columns = told_columns(table, key)
        for row_key, number, content in sorted(rows, key=lambda row: str(row[0])):
            was = _row(columns, json.loads(content)) if content else None
            is_now = now.get(str(row_key))
            change = _difference(was, is_now)
            if change:
                has_id = kind.name in KIND_OF_TABLE and table is kind.table
                about = _ids(table, change if has_id else (was, is_now))
                owner = int(number) if kind.is_numbered else str(number)
                yield RowChange(kind.name, owner, name, *change, about)


def _noted(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Yield the tables with noted rows, each with the SQL for so many of these at a time."""
    counts = connection.exec_driver_sql("SELECT name, count(*) FROM former GROUP BY 1 ORDER BY 1")
    for name, count in counts.all():
        for start in range(0, count, ROWS_AT_ONCE):
            page = f"ORDER BY key LIMIT {ROWS_AT_ONCE} OFFSET {start}"
            yield name, f"FROM former WHERE name = '{name}' {page}"


def _rows_now(
    connection: sa.Connection,
    table: sa.Table,
    kind: RecordKind,
    key: str,
    store: Expressions,
    some: str,
) -> dict[str, dict[str, Any]]:
    """Return some of the noted rows as they are now, by their keys."""
    columns = told_columns(table, key)
    wanted = "CAST(number AS integer)" if kind.is_numbered else "number"
    keys = [column.name for column in table.primary_key]
    own_key = " || ',' || ".join(f"CAST({name} AS text)" for name in keys)
    values = ", ".join((*keys, *(store.plain_expression(column) for column in columns)))
    found = connection.exec_driver_sql(
        f"SELECT {values} FROM {table.name} WHERE {key} IN "  # noqa: S608 - our names
        f"(SELECT {wanted} FROM (SELECT number {some}) AS rows) "
        f"AND {own_key} IN (SELECT CAST(key AS text) FROM (SELECT key {some}) AS keys)"
    )
    return {
        ",".join(map(str, row[: len(keys)])): _row(
            columns, dict(zip([c.name for c in columns], row[len(keys) :], strict=True))
        )
        for row in found
    }


def _row(columns: Iterable[sa.Column[Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column.name: stored_value(column, values[column.name]) for column in columns}


def stored_value(column: sa.Column[Any], value: Any) -> Any:
    """Return a stored value in one form, however it was noted; None for an empty text."""
    kind = _python_type(column)
    if value in (None, ""):
        return None
    if kind is bool:
        return bool(value)
    if kind is datetime:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return at.replace(tzinfo=at.tzinfo or UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


class ValueKind(StrEnum):
    """The kind of the values of a column, for showing them."""

    CODE = "code"
    DAY = "day"
    TIME = "time"
    OTHER = "other"


def values_of_column(table: str, name: str) -> tuple[ValueKind, str]:
    """Return the kind of a column's values, and the name of their enumeration if they have one."""
    column = METADATA.tables[table].c[name]
    if isinstance(column.type, sa.Enum) and column.type.enum_class:
        return ValueKind.CODE, column.type.enum_class.__name__
    kinds = {date: ValueKind.DAY, datetime: ValueKind.TIME}
    return kinds.get(_python_type(column), ValueKind.OTHER), ""


@cache
def _python_type(column: sa.Column[Any]) -> type[Any]:
    kind = getattr(column.type, "impl_instance", column.type)
    return dict if isinstance(kind, sa.JSON) else kind.python_type


def _difference(
    was: _Values | None, now: _Values | None
) -> tuple[_Values | None, _Values | None] | None:
    """Return the values that differ; of an added or removed row all that it has or had."""
    before, after = was or {}, now or {}
    differ = [name for name in before | after if before.get(name) != after.get(name)]
    if not differ:
        return None
    return was and {name: was[name] for name in differ}, now and {
        name: now[name] for name in differ
    }


def _ids(table: sa.Table, sides: Iterable[_Values | None]) -> tuple[str, ...]:
    """Return the ids that the values of a row refer to."""
    values = (each for side in sides if side for each in side.items())
    found = (_id(table.c[name], value) for name, value in values if value is not None)
    return tuple(dict.fromkeys(filter(None, found)))


def _id(column: sa.Column[Any], value: Any) -> str | None:
    """Return the id that a value of this column is, or None."""
    kinds = (KIND_OF_TABLE.get(table) for table in referred_tables(column))
    return next((human_id(kind, value) for kind in kinds if kind), None)


@cache
def referred_tables(column: sa.Column[Any]) -> frozenset[str]:
    """Return the tables whose records a column refers to by their keys."""
    keys = (key.column for key in column.foreign_keys)
    return frozenset(each.table.name for each in keys if each.primary_key)


def owner_of(table: str) -> str:
    """Return the kind of the records to which the rows of a table belong."""
    kinds = record_kinds().values()
    return next(k.name for k in kinds for own, _key in k.tables() if own.name == table)


def subject_of(kind: str, number: int | str) -> str:
    """Return what the log calls a record: `P-12`, `staff:3`."""
    if kind in KIND_OF_TABLE:
        return human_id(KIND_OF_TABLE[kind], int(number))
    return f"{_SUBJECTS.get(kind, kind)}:{str(number)[:12]}"


def logged_change(change: RowChange, salt: bytes) -> dict[str, object]:
    """Return the details of a change for the log: the table, whom it is about, what was and is."""
    was, now = (_told_row(change.table, side, salt) for side in (change.was, change.now))
    return {"table": change.table, "of": change.about, "was": was, "is": now}


def _told_row(table: str, row: _Values | None, salt: bytes) -> _Values | None:
    columns = METADATA.tables[table].c
    return row and {name: told_value(columns[name], value, salt) for name, value in row.items()}


def told_value(column: sa.Column[Any], value: Any, salt: bytes) -> Any:
    """Return a value as the log holds it: an id, a code, a number, a day, or its salted hash."""
    if value is None:
        return None
    named = _id(column, value)
    if named or not is_hashed(column):
        return named or value
    return {"hash": value_hash(column, value, salt)}


@cache
def is_hashed(column: sa.Column[Any]) -> bool:
    """Return whether the log holds hashes of the values of a column."""
    kind = _python_type(column)
    if column.foreign_keys or isinstance(column.type, sa.Enum):
        return False
    if kind is date:
        return column.name in PERSONAL_DAYS
    return kind in {str, dict} and column.name not in PLAIN_TEXTS


def value_hash(column: sa.Column[Any], value: Any, salt: bytes) -> str:
    """Return the salted hash of a value."""
    content = f"{column.table.name}.{column.name}\0{value}".encode()
    return hashlib.sha256(salt + content).hexdigest()[:32]
