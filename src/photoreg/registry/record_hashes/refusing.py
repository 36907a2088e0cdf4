"""Refuse to change a record that was changed outside photoreg.

The new hash of such a record would cover what the other program has written, so that nobody would
find it any more. What was there before is read as others still see it, beside the open change.
"""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlmodel import Session

from photoreg.errors import RegistryError
from photoreg.registry.record_hashes.checking import Difference, differences_of
from photoreg.registry.record_hashes.naming import named_record
from photoreg.registry.record_hashes.recording import (
    KEY_BYTES,
    NO_HASH,
    items_of,
    written_records,
)
from photoreg.registry.record_hashes.records import (
    Expressions,
    RecordKind,
    record_kinds,
    record_number,
    rows_of_records,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

FEW_RECORDS = 16
"""For up to how many records the database looks through the hashes, instead of giving all."""

_Key = int | str


def require_unaltered(session: Session, before: Session, store: Expressions) -> None:
    """Raise RegistryError if a record that this transaction has changed was altered before it.

    The same for the record of who acts, which says what they may do. `before` is a session that
    reads the state before the transaction.
    """
    wanted = {kind.name: keys for kind, keys in written_records(session, only_changed=True)}
    actor = session.info.get("actor_id")
    if actor is not None and wanted:
        wanted["staff"] = {actor, *wanted.get("staff", ())}
    connection = before.connection()
    for found in _altered(connection, wanted, store):
        raise RegistryError(
            N_("{record} was changed outside photoreg"),
            N_(
                "Nothing was changed now. Ask the communications coordinator to check the log, "
                "and to restore the latest backup made before it happened."
            ),
            step=NextStep.to(NextAction.AUDIT_VERIFY),
            record=named_record(connection, found.kind, found.number),
        )


def _altered(
    connection: sa.Connection, wanted: Mapping[str, set[_Key]], store: Expressions
) -> Iterator[Difference]:
    for name, keys in wanted.items():
        kind = record_kinds()[name]
        hashes = _newest_hashes(connection, kind, set(map(record_number, keys)), store)
        listed = ", ".join(f"'{key}'" if isinstance(key, str) else str(key) for key in keys)
        yield from differences_of(name, hashes, rows_of_records(connection, kind, listed, store))


def _newest_hashes(
    connection: sa.Connection, kind: RecordKind, numbers: set[int], store: Expressions
) -> dict[int, tuple[bytes, bytes]]:
    """Return salt and hash of the records that have one."""
    rows = connection.exec_driver_sql(_query(kind, numbers, store))
    items = (item for records, salts in rows for item in items_of(records, salts))
    newest = {number: (salt, hashed) for number, hashed, salt in items if number in numbers}
    return {number: each for number, each in newest.items() if each[1] != NO_HASH}


def _query(kind: RecordKind, numbers: set[int], store: Expressions) -> str:
    """Return the SQL for the hashes among which those of these records are, oldest first."""
    query = f"SELECT records, salts FROM record_hash WHERE kind = '{kind.name}'"  # noqa: S608 - our names
    if len(numbers) <= FEW_RECORDS:
        keys = (number.to_bytes(KEY_BYTES, "big") for number in numbers)
        query += f" AND ({' OR '.join(store.contains_expression('records', k) for k in keys)})"
    return f"{query} ORDER BY id"
