"""Record what a change has written: the rows that it changed, and the hashes of all its records.

While photoreg writes, triggers of its own connection note which records are written; what another
program writes is noted by nobody, and so its hash does not fit. The hash of a record is salted:
where the record is erased its salts are erased too, and nobody can guess what was recorded.
"""

import hashlib
import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from struct import Struct
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from photoreg.registry import ledger
from photoreg.registry.record_hashes.changes import (
    RowChange,
    changed_rows,
    logged_change,
    subject_of,
)
from photoreg.registry.record_hashes.records import (
    Expressions,
    RecordKind,
    record_content,
    record_kinds,
    record_number,
    rows_of_records,
)
from photoreg.registry.tables.ledger import RecordHash

HASH_BYTES, SALT_BYTES, KEY_BYTES = 16, 8, 8
"""The sizes of one hash, one salt, one key; half of SHA-256 is enough for a second preimage."""
ITEM_BYTES = KEY_BYTES + HASH_BYTES
NO_HASH, NO_SALT = bytes(HASH_BYTES), bytes(SALT_BYTES)
"""What stands for a record that was deleted, and for a salt that was erased."""

MAX_ITEMS = 50_000
"""How many hashes one row holds."""

RECORDS_AT_ONCE = 5_000
"""How many records are read at once to be hashed."""

_ROWS_PER_FETCH = 5_000

_Item = tuple[int, bytes, bytes]
"""Key, hash and salt of a record."""


def record_hash(salt: bytes, content: bytes) -> bytes:
    """Return the salted hash of a record's content."""
    return hashlib.sha256(salt + content).digest()[:HASH_BYTES]


def digest_of(rows: Iterable[tuple[str, bytes]]) -> str:
    """Return the SHA-256 that the log's entry holds of kinds and `records`; it covers no salts."""
    found = hashlib.sha256()
    for kind, records in rows:
        found.update(f"{kind}:{len(records)}:".encode() + records)
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class _NewHashes:
    """The new hashes of one kind's records: keys with hashes, and the salts, as they are stored."""

    records: bytes
    salts: bytes

    def salt_by_number(self) -> dict[int, bytes]:
        """Return the salt of each record."""
        return {number: salt for number, _hashed, salt in items_of(self.records, self.salts)}


def record_written(session: Session, store: Expressions) -> None:
    """Log what this transaction has changed, and the hashes of what it has written, if anything."""
    written = list(_written(session))
    if not written:
        return
    connection = session.connection()
    hashed = {kind.name: _new_hashes(connection, kind, numbers, store) for kind, numbers in written}
    _log_changes(session, store, hashed)
    last = ledger.head(session)
    rows = [row for kind, new in hashed.items() for row in _rows(last.seq + 1, kind, new)]
    _append_entry(session, last, rows)
    forget_changes(session)
    connection.exec_driver_sql("DELETE FROM written")
    ledger.entries_so_far(session).clear()


def _log_changes(session: Session, store: Expressions, hashed: Mapping[str, _NewHashes]) -> None:
    """Log how records that were there before have changed, each row by an entry of its own."""
    changes = changed_rows(session.connection(), store)
    first = next(changes, None)
    if first is None:
        return
    last, by_subject = ledger.head(session), ledger.entries_so_far(session)
    salts = cache(lambda kind: hashed[kind].salt_by_number())
    ledger.append_all(
        session,
        at=session.info.get("moment") or last.time,
        actor_id=session.info.get("actor_id", last.actor_id),
        action=ledger.Action.RECORD_CHANGED,
        entries=_entries(chain([first], changes), salts, by_subject),
    )


def _entries(
    changes: Iterable[RowChange],
    salts: Callable[[str], Mapping[int, bytes]],
    by_subject: Mapping[str, int],
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield subject and details of each change, with the entry that tells what was done."""
    for change in changes:
        subject = subject_of(change.kind, change.number)
        details = logged_change(change, salts(change.kind)[record_number(change.number)])
        names = (name for name in (subject, *change.about) if name in by_subject)
        told_by = next(names, None)
        yield subject, {**details, "entry": by_subject.get(told_by or "")}


def forget_changes(session: Session) -> None:
    """Tell nothing of what this transaction has changed so far."""
    session.flush()
    session.connection().exec_driver_sql("DELETE FROM former")


def _written(session: Session) -> Iterator[tuple[RecordKind, Sequence[int]]]:
    """Yield the kinds of the records that this transaction has written, with their numbers."""
    for kind, keys in written_records(session):
        numbers = map(record_number, keys)
        yield kind, array("q", sorted(numbers if kind.is_numbered else set(numbers)))


def written_records(
    session: Session, *, only_changed: bool = False
) -> Iterator[tuple[RecordKind, set[int | str]]]:
    """Yield the kinds of the records that this transaction has written, with their keys.

    `only_changed`: without those that it has added.
    """
    session.flush()
    where = "WHERE NOT is_new" if only_changed else ""
    query = f"SELECT kind, key FROM written {where} ORDER BY kind"  # noqa: S608 - our names
    found = session.connection().exec_driver_sql(query)
    rows = chain.from_iterable(found.partitions(_ROWS_PER_FETCH))
    for name, keys in groupby(rows, key=lambda row: str(row[0])):
        kind = record_kinds()[name]
        yield kind, {_key(kind, key) for _name, key in keys}


def _key(kind: RecordKind, key: Any) -> int | str:
    return int(key) if kind.is_numbered else str(key)


def _new_hashes(
    connection: sa.Connection, kind: RecordKind, numbers: Sequence[int], store: Expressions
) -> _NewHashes:
    """Return the hashes of records; numbered ones are read so many at a time."""
    at_once = RECORDS_AT_ONCE if kind.is_numbered else max(len(numbers), 1)
    records, salts = bytearray(), bytearray()
    for start in range(0, len(numbers), at_once):
        some = numbers[start : start + at_once]
        tables = rows_of_records(connection, kind, _written_keys(kind, some), store)
        for number in some:
            salt = secrets.token_bytes(SALT_BYTES)
            content = record_content(kind.name, number, tables)
            hashed = record_hash(salt, content) if number in tables[0] else NO_HASH
            records += _ITEM.pack(number, hashed)
            salts += salt
    return _NewHashes(bytes(records), bytes(salts))


def _written_keys(kind: RecordKind, numbers: Sequence[int]) -> str:
    """Return the SQL for the keys of written records, of numbered ones those of these numbers."""
    written = f"FROM written WHERE kind = '{kind.name}'"
    if not kind.is_numbered:
        return f"SELECT key {written}"
    key = "CAST(key AS integer)"
    return f"SELECT {key} {written} AND {key} BETWEEN {numbers[0]} AND {numbers[-1]}"


def _rows(entry: int, kind: str, new: _NewHashes) -> Iterator[RecordHash]:
    for start in range(0, len(new.salts) // SALT_BYTES, MAX_ITEMS):
        end = start + MAX_ITEMS
        yield RecordHash(
            entry=entry,
            kind=kind,
            records=new.records[start * ITEM_BYTES : end * ITEM_BYTES],
            salts=new.salts[start * SALT_BYTES : end * SALT_BYTES],
        )


def erase_salts(session: Session) -> None:
    """Erase the salts of all earlier hashes of the records that this transaction has written.

    Then nobody who guesses what was recorded can check the guess. The records get new hashes at the
    end, as always; what they were is not told.
    """
    forget_changes(session)
    for kind, numbers in _written(session):
        erased = set(numbers)
        rows = select(RecordHash).where(RecordHash.kind == kind.name)
        for row in session.exec(rows.execution_options(yield_per=100)):
            row.salts = b"".join(
                NO_SALT if number in erased else salt
                for number, _hashed, salt in items_of(row.records, row.salts)
            )
    session.flush()


def items_of(records: bytes, salts: bytes) -> Iterator[_Item]:
    """Yield key, hash and salt of each record."""
    count = min(len(records) // ITEM_BYTES, len(salts) // SALT_BYTES)
    items = _ITEM.iter_unpack(records[: count * ITEM_BYTES])
    of_items = _SALT.iter_unpack(salts[: count * SALT_BYTES])
    for (number, hashed), (salt,) in zip(items, of_items, strict=True):
        yield number, hashed, salt


_ITEM, _SALT = Struct(f">Q{HASH_BYTES}s"), Struct(f"{SALT_BYTES}s")


def record_all(session: Session, store: Expressions) -> None:
    """Record the hashes of every record, for rows that were loaded in bulk."""
    connection = session.connection()
    for kind in record_kinds().values():
        key, last = kind.key.name, 0
        if not kind.is_numbered:
            _note(connection, kind, "")
            record_written(session, store)
            continue
        _record_missing(session, kind, store)
        end = connection.exec_driver_sql(f"SELECT max({key}) FROM {kind.name}").scalar() or 0  # noqa: S608 - our names
        while last < end:
            _note(connection, kind, f"WHERE {key} > {last} AND {key} <= {last + MAX_ITEMS}")
            record_written(session, store)
            last += MAX_ITEMS


def _record_missing(session: Session, kind: RecordKind, store: Expressions) -> None:
    """Record the records of a kind that have hashes and are no longer there."""
    connection = session.connection()
    hashes = select(RecordHash).where(RecordHash.kind == kind.name)
    rows = session.exec(hashes.execution_options(yield_per=100))
    missing = {number for row in rows for number, _hash, _salt in items_of(row.records, row.salts)}
    missing -= set(connection.execute(sa.select(kind.key)).scalars())
    if missing:
        note = sa.text("INSERT INTO written (kind, key) VALUES (:kind, :key)")
        connection.execute(note, [{"kind": kind.name, "key": str(n)} for n in missing])
    record_written(session, store)


def _note(connection: sa.Connection, kind: RecordKind, where: str) -> None:
    rows = f"SELECT '{kind.name}', {kind.key.name} FROM {kind.name} {where}"  # noqa: S608 - our names
    connection.exec_driver_sql(f"INSERT INTO written (kind, key) {rows}")


def _append_entry(session: Session, last: ledger.LogEntry, rows: Sequence[RecordHash]) -> None:
    """Append the entry of these hashes; who acted and when is as in the change itself."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.kind] = counts.get(row.kind, 0) + len(row.records) // ITEM_BYTES
    ledger.append(
        session,
        at=session.info.get("moment") or last.time,
        actor_id=session.info.get("actor_id", last.actor_id),
        action=ledger.Action.RECORDS_HASHED,
        subject=f"entry:{last.seq}",
        details={"records": counts, "digest": digest_of((row.kind, row.records) for row in rows)},
    )
    session.add_all(rows)
    session.flush()
