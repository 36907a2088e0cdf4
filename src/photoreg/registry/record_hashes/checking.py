"""Compare all records with the hashes that the log holds of them.

Each kind of record is read once, in the order of its keys, beside the newest hash of each record:
24 bytes a record are held in memory, of one kind at a time.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.ledger import Action
from photoreg.registry.record_hashes.recording import (
    HASH_BYTES,
    NO_HASH,
    SALT_BYTES,
    digest_of,
    items_of,
    record_hash,
    record_number,
)
from photoreg.registry.record_hashes.records import (
    Expressions,
    RecordKind,
    record_content,
    record_kinds,
    rows_query,
)
from photoreg.registry.tables.ledger import LedgerEntry, RecordHash


class Tampering(StrEnum):
    """What was done to a record outside photoreg."""

    CHANGED = "changed"
    ADDED = "added"
    DELETED = "deleted"
    HASHES_CHANGED = "hashes_changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that is not as photoreg wrote it; of changed hashes the entry of the log."""

    what: Tampering
    kind: str
    number: int


def differences(session: Session, store: Expressions) -> Iterator[Difference]:
    """Yield every record that differs from its newest hash, and entries whose hashes were changed.

    The log's chain must have been checked before.
    """
    yield from _changed_hashes(session)
    for kind in record_kinds().values():
        yield from _of_kind(session, kind, store)


def _changed_hashes(session: Session) -> Iterator[Difference]:
    """Yield the entries whose digest is not that of their hashes, and hashes without an entry."""
    logged = session.connection().execute(
        sa.select(col(LedgerEntry.seq), col(LedgerEntry.details))
        .where(col(LedgerEntry.action) == Action.RECORDS_HASHED)
        .order_by(col(LedgerEntry.seq)),
        execution_options={"yield_per": 1000},
    )
    stated = ((seq, json.loads(details).get("digest")) for seq, details in logged)
    held = groupby(_all_hashes(session), key=lambda row: row.entry)
    found = ((entry, digest_of(rows)) for entry, rows in held)
    for entry, both in groupby(merge(stated, found, key=itemgetter(0)), key=itemgetter(0)):
        digests = [digest for _entry, digest in both]
        if len(digests) != 2 or digests[0] != digests[1]:  # noqa: PLR2004 - stated and found
            yield Difference(Tampering.HASHES_CHANGED, "ledger", entry)


def _all_hashes(session: Session) -> Iterator[RecordHash]:
    ordered = select(RecordHash).order_by(col(RecordHash.entry), col(RecordHash.id))
    yield from session.exec(ordered.execution_options(yield_per=100))


class _Newest:
    """The newest hash and salt of each record of a kind, by number."""

    def __init__(self, session: Session, kind: RecordKind) -> None:
        self._is_sparse = not kind.is_numbered
        self._packed, self._by_number = bytearray(), dict[int, bytes]()
        rows = select(RecordHash).where(RecordHash.kind == kind.name)
        ordered = rows.order_by(col(RecordHash.entry), col(RecordHash.id))
        for row in session.exec(ordered.execution_options(yield_per=100)):
            for number, hashed, salt in items_of(row):
                self._put(number, hashed + salt)

    def _put(self, number: int, value: bytes) -> None:
        if self._is_sparse:
            self._by_number[number] = value
            return
        start = number * _VALUE_BYTES
        if start > len(self._packed):
            self._packed.extend(bytes(start - len(self._packed)))
        self._packed[start : start + _VALUE_BYTES] = value

    def take(self, number: int) -> bytes | None:
        """Return hash and salt of a record, and forget them; None if there is no hash."""
        if self._is_sparse:
            return self._by_number.pop(number, None)
        start = number * _VALUE_BYTES
        value = bytes(self._packed[start : start + _VALUE_BYTES]) if number >= 0 else b""
        self._packed[start : start + len(value)] = bytes(len(value))
        return value if value.strip(b"\0") else None

    def left(self) -> Iterator[int]:
        """Yield the numbers of the records that were not taken and must exist."""
        if self._is_sparse:
            yield from (n for n, value in self._by_number.items() if value[:HASH_BYTES] != NO_HASH)
            return
        for start in range(0, len(self._packed), _VALUE_BYTES):
            if self._packed[start : start + HASH_BYTES] != NO_HASH:
                yield start // _VALUE_BYTES


_VALUE_BYTES = HASH_BYTES + SALT_BYTES


def _of_kind(session: Session, kind: RecordKind, store: Expressions) -> Iterator[Difference]:
    newest = _Newest(session, kind)
    for number, content in _contents(session.connection(), kind, store):
        expected = newest.take(number)
        if expected is None or expected[:HASH_BYTES] == NO_HASH:
            yield Difference(Tampering.ADDED, kind.name, number)
        elif content is None or expected[:HASH_BYTES] != record_hash(
            expected[HASH_BYTES:], kind.name, content
        ):
            yield Difference(Tampering.CHANGED, kind.name, number)
    for number in newest.left():
        yield Difference(Tampering.DELETED, kind.name, number)


def _contents(
    connection: sa.Connection, kind: RecordKind, store: Expressions
) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number and content of each record; None where parts have no row of their own."""
    (table, key), *others = kind.tables()
    own = _rows(connection, table, key, store)
    parts = [_Grouped(_rows(connection, other, column, store)) for other, column in others]
    for number, row in own:
        for part in parts:
            yield from ((orphan, None) for orphan in part.skip_to(number))
        yield number, record_content([row, *(each for part in parts for each in part.take(number))])
    for part in parts:
        yield from ((orphan, None) for orphan in part.skip_to(None))


class _Grouped:
    """Rows in the order of the record that they belong to, taken record by record."""

    def __init__(self, rows: Iterator[tuple[int, Sequence[Any]]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def skip_to(self, number: int | None) -> Iterator[int]:
        """Yield and skip the records before this number, or all that are left."""
        while self._next is not None and (number is None or self._next[0] < number):
            yield self._next[0]
            self.take(self._next[0])

    def take(self, number: int) -> list[Sequence[Any]]:
        """Return the rows of this record."""
        found = []
        while self._next is not None and self._next[0] == number:
            found.append(self._next[1])
            self._next = next(self._rows, None)
        return found


def _rows(
    connection: sa.Connection, table: sa.Table, column: str, store: Expressions
) -> Iterator[tuple[int, Sequence[Any]]]:
    query = rows_query(table, column, store)
    found = connection.execution_options(yield_per=_CHUNK).exec_driver_sql(query)
    for chunk in found.partitions():
        for key, *values in chunk:
            yield record_number(key), values


_CHUNK = 5_000
"""How many rows are fetched at once."""
