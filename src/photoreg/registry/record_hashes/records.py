"""The records of which the log keeps hashes: rows, with the rows that are part of them.

A record is a row of a table with a key of its own, together with the rows of other tables that
belong to it: a photo and who is shown in it, a consent event and its channels. Which tables there
are follows from the tables themselves, so later ones come in without being named here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa

from photoreg.registry.tables.all import METADATA
from photoreg.registry.triggers.history import PARENT_ROWS

NOT_HASHED = frozenset(
    {
        *("ledger", "record_hash"),  # chained by their own hashes
        *("verdict_cache", "verdict_basis", "photo_class", "missing_consent", "stale_person"),
        *("separate_person", "likeness_block"),  # derived, and compared by `audit refresh --all`
        *("touched", "moment"),  # emptied or replaced with each change
    }
)
"""Tables without hashes of their own."""

PARTS: dict[str, str] = {
    **{name: column for name, (column, _parent) in PARENT_ROWS.items()},
    "channel_admin": "channel_id",
    "photo_likeness": "photo_id",
}
"""The tables whose rows are part of another table's record, with the reference to it."""


class Expressions(Protocol):
    """What writes the SQL for values and for their order, the same on every engine: a store."""

    def plain_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102
    def sort_expression(self, column: sa.Column[Any]) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: its table, and the tables of its parts with the reference to it."""

    table: sa.Table
    parts: tuple[tuple[sa.Table, str], ...]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

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
        [parent] = part.c[column].foreign_keys
        of_kind[parent.column.table.name].append((part, column))
    return {n: RecordKind(METADATA.tables[n], tuple(p)) for n, p in of_kind.items()}


def rows_query(table: sa.Table, key: str, store: Expressions, where: str = "") -> str:
    """Return the SQL for a table's rows: the key of the record, then all values, by that key."""
    values = ", ".join(store.plain_expression(column) for column in table.columns)
    order = ", ".join(store.sort_expression(column) for column in table.primary_key)
    return f"SELECT {key}, {values} FROM {table.name} {where} ORDER BY {key}, {order}"  # noqa: S608 - our names


def record_content(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a record as canonical JSON: its own row, then those of its parts, in their order."""
    return _ENCODER.encode([tuple(row) for row in rows]).encode()


def _as_hex(value: Any) -> str:
    return bytes(value).hex()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_hex)
