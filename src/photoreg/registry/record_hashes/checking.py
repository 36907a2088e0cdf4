"""Compare all records with the hashes that the log holds of them.

Each table is read once, in the order of its records' keys, beside the newest hash of each record:
24 bytes a record are held in memory, of one kind at a time.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import itemgetter
from struct import Struct

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.registry.ledger import Action
from photoreg.registry.record_hashes.recording import (
    HASH_BYTES,
    NO_HASH,
    SALT_BYTES,
    digest_of,
    items_of,
    record_hash,
)
from photoreg.registry.record_hashes.records import (
    Expressions,
    RecordKind,
    RowsOfRecords,
    place_of,
    record_content,
    record_kinds,
    record_number,
    rows_query,
)
from photoreg.registry.streaming import Row, stream_rows


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
    connection = session.connection()
    yield from _changed_hashes(connection)
    for kind in record_kinds().values():
        yield from _of_kind(connection, kind, store)


def _changed_hashes(connection: sa.Connection) -> Iterator[Difference]:
    """Yield the entries whose digest is not that of their hashes, and hashes without an entry."""
    logged = stream_rows(connection, _LOGGED)
    stated = ((seq, json.loads(details).get("digest")) for seq, details in logged)
    held = groupby(stream_rows(connection, _HELD), key=itemgetter(0))
    found = ((entry, digest_of(row[1:] for row in rows)) for entry, rows in held)
    for entry, both in groupby(merge(stated, found, key=itemgetter(0)), key=itemgetter(0)):
        digests = [digest for _entry, digest in both]
        if len(digests) != 2 or digests[0] != digests[1]:  # noqa: PLR2004 - stated and found
            yield Difference(Tampering.HASHES_CHANGED, "ledger", entry)


_LOGGED = f"SELECT seq, details FROM ledger WHERE action = '{Action.RECORDS_HASHED}' ORDER BY seq"  # noqa: S608 - our names
_HELD = "SELECT entry, kind, records FROM record_hash ORDER BY id"


def _of_kind(
    connection: sa.Connection, kind: RecordKind, store: Expressions
) -> Iterator[Difference]:
    newest = _NewestHashes(connection, kind)
    for page, tables in _pages(connection, kind, store, newest.page_size):
        yield from differences_of(kind.name, newest.take(page), tables)
    for page in newest.left():
        yield from differences_of(kind.name, newest.take(page), ())


def differences_of(
    kind: str, hashes: Mapping[int, tuple[bytes, bytes]], tables: Sequence[RowsOfRecords]
) -> Iterator[Difference]:
    """Yield the records that differ from their salt and hash; all have one that are there."""
    there = set[int]().union(*tables)
    for number in sorted(there - hashes.keys()):
        yield Difference(Tampering.ADDED, kind, number)
    for number, (salt, expected) in hashes.items():
        if number not in there:
            yield Difference(Tampering.DELETED, kind, number)
        elif record_hash(salt, record_content(kind, number, tables)) != expected:
            yield Difference(Tampering.CHANGED, kind, number)


class _NewestHashes:
    """The newest salt and hash of each record of a kind, in pages of consecutive numbers."""

    def __init__(self, connection: sa.Connection, kind: RecordKind) -> None:
        self.page_size = 1024 if kind.is_numbered else 1
        self._pages = defaultdict[int, bytearray](self._empty_page)
        query = f"SELECT records, salts FROM record_hash WHERE kind = '{kind.name}' ORDER BY id"  # noqa: S608 - our names
        for records, salts in stream_rows(connection, query):
            for number, hashed, salt in items_of(records, salts):
                page, place = divmod(number, self.page_size)
                _SALT_AND_HASH.pack_into(
                    self._pages[page], place * _SALT_AND_HASH.size, salt, hashed
                )

    def _empty_page(self) -> bytearray:
        return bytearray(self.page_size * _SALT_AND_HASH.size)

    def take(self, page: int) -> dict[int, tuple[bytes, bytes]]:
        """Return salt and hash of the records in a page that must exist, and forget the page."""
        held = _SALT_AND_HASH.iter_unpack(self._pages.pop(page, b""))
        first = page * self.page_size
        return {number: each for number, each in enumerate(held, first) if each[1] != NO_HASH}

    def left(self) -> list[int]:
        """Return the pages that were not taken."""
        return sorted(self._pages)


_SALT_AND_HASH = Struct(f"{SALT_BYTES}s{HASH_BYTES}s")


def _pages(
    connection: sa.Connection, kind: RecordKind, store: Expressions, size: int
) -> Iterator[tuple[int, list[RowsOfRecords]]]:
    """Yield the pages in which there are records, with the rows of each table."""
    tables = [
        _Table(stream_rows(connection, rows_query(table, column, store)), place_of(table, column))
        for table, column in kind.tables()
    ]
    while numbers := [table.next_number for table in tables if table.next_number is not None]:
        page = min(numbers) // size
        yield page, [table.rows_before((page + 1) * size) for table in tables]


class _Table:
    """The rows of a table in the order of the records that they belong to."""

    def __init__(self, rows: Iterator[Row], place_of_key: int) -> None:
        self._rows, self._place_of_key = rows, place_of_key
        self._next_row = next(rows, None)

    @property
    def next_number(self) -> int | None:
        """The number of the next row's record; None if there are no more rows."""
        return record_number(self._next_row[self._place_of_key]) if self._next_row else None

    def rows_before(self, end: int) -> RowsOfRecords:
        """Return the next rows, of the records whose numbers are less."""
        found, row, place = RowsOfRecords(list), self._next_row, self._place_of_key
        while row:
            key = row[place]
            number = key if type(key) is int else record_number(key)  # a call for each row is slow
            if number >= end:
                break
            found[number].append(row)
            row = next(self._rows, None)
        self._next_row = row
        return found
