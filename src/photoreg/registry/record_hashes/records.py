"""The records of which the log keeps hashes: rows, with the rows that are part of them.

A record is a row of a table with a key of its own, together with the rows of other tables that
belong to it: a photo and who is shown in it, a consent event and its channels. Which tables there
are follows from the tables themselves, so later ones come in without being named here.
"""

import marshal
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa

from photoreg.registry.streaming import Row
from photoreg.registry.tables.all import METADATA
from photoreg.registry.triggers.history import PARENT_ROWS

NOT_HASHED = frozenset(
    {
        *("ledger", "record_hash"),  # chained by their own hashes
        *("verdict_cache", "verdict_basis", "photo_class", "missing_consent", "stale_person"),
        *("separate_person", "likeness_block"),  # derived, and compared by `audit refresh --all`
        *("touched", "moment"),  # emptied or replaced with each change
        *("access_secret", "session_use", "sign_in_attempt"),  # each ends within hours
    }
)
"""Tables without hashes of their own."""

PARTS: dict[str, str] = {
    **{name: column for name, (column, _parent) in PARENT_ROWS.items()},
    "api_key_channel": "key_id",
    "channel_admin": "channel_id",
    "consent_form_scan": "form_id",
    "photo_likeness": "photo_id",
}
"""The tables whose rows are part of another table's record, with the reference to it."""


class Expressions(Protocol):
    """What writes the SQL for values and for their order, the same on every engine: a store."""

    def plain_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102
    def sort_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102
    def contains_expression(self, name: str, content: bytes) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: its table, and the tables of its parts with the reference to it."""

    table: sa.Table
    parts: tuple[tuple[sa.Table, str], ...]

    @property
    def name(self) -> str:
        """The name of the table."""
        return str(self.table.name)  # not SQLAlchemy's own kind of text

    @property
    def key(self) -> sa.Column[Any]:
        """The primary key, a number; of a document the hash of its content."""
        [key] = self.table.primary_key
        return key

    @property
    def is_numbered(self) -> bool:
        """Return whether the key is a number."""
        return isinstance(self.key.type, sa.Integer)

    def tables(self) -> Iterator[tuple[sa.Table, str]]:
        """Yield the tables that hold a record, its own first, each with the column of its key."""
        yield self.table, self.key.name
        yield from self.parts


@cache
def record_kinds() -> dict[str, RecordKind]:
    """Return the kinds of records by the name of their table."""
    of_kind: dict[str, list[tuple[sa.Table, str]]] = {
        name: [] for name in sorted(METADATA.tables) if name not in {*NOT_HASHED, *PARTS}
    }
    for name, column in sorted(PARTS.items()):
        part = METADATA.tables[name]
        [parent] = {each.column.table.name for each in part.c[column].foreign_keys}
        of_kind[parent].append((part, column))
    return {n: RecordKind(METADATA.tables[n], tuple(p)) for n, p in of_kind.items()}


def place_of(table: sa.Table, column: str) -> int:
    """Return the place of a column in a table's rows."""
    return [each.name for each in table.columns].index(column)


def rows_query(table: sa.Table, key: str, store: Expressions, where: str = "") -> str:
    """Return the SQL for a table's rows, by the key of their record and then by their own."""
    values = ", ".join(store.plain_expression(column) for column in table.columns)
    order = ", ".join(store.sort_expression(column) for column in table.primary_key)
    return f"SELECT {values} FROM {table.name} {where} ORDER BY {key}, {order}"  # noqa: S608 - our names


RowsOfRecords = defaultdict[int, list[Row]]
"""The rows of a table by the number of their record."""


def record_number(key: Any) -> int:
    """Return the number of a record's key; of a document, the beginning of its SHA-256.

    It is 0 for what photoreg never writes as a key.
    """
    if isinstance(key, int):
        return key
    try:
        return int(key[:15], 16)
    except (TypeError, ValueError):
        return 0


def rows_of_records(
    connection: sa.Connection, kind: RecordKind, keys: str, store: Expressions
) -> list[RowsOfRecords]:
    """Return the rows of some records, of each of their tables; `keys` is SQL, for IN."""
    tables = []
    for table, column in kind.tables():
        query = rows_query(table, column, store, f"WHERE {column} IN ({keys})")
        found, place = RowsOfRecords(list), place_of(table, column)
        for row in connection.exec_driver_sql(query):
            found[record_number(row[place])].append(tuple(row))
        tables.append(found)
    return tables


def record_content(kind: str, number: int, tables: Iterable[RowsOfRecords]) -> bytes:
    """Return a record as bytes: its kind, and its rows in each of its tables, its own first.

    Each value is a letter for its type, and what it holds: `N` none; `i` a number, 4 bytes; `u` a
    text, length and UTF-8; `s` bytes, their length first; `(` a row, how many values and these;
    `[` rows, or a record's parts, in the same way. A number of more than 32 bits is `l`, how many
    digits follow (less than 0 if it is), and digits of 15 bits, 2 bytes each. All is
    little-endian, lengths are 4 bytes. So Python's `marshal` has written values since 2006.
    """
    return marshal.dumps([kind, [rows.get(number) for rows in tables]], _MARSHAL_VERSION)


_MARSHAL_VERSION = 2
"""Later ones write what occurs twice differently if it is one object."""
