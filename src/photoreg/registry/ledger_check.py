"""Check the log: no entry changed, removed, or cut off at its end."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from photoreg.errors import RegistryError
from photoreg.registry.ledger import GENESIS, TAMPERING_HINT, LogEntry, entries, head
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import ConsentEvent, PermissionEvent
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.publications import Decision, Publication
from photoreg.texts import N_


def require_intact_chain(session: Session) -> None:
    """Raise RegistryError, which names the first broken entry, unless the chain is intact."""
    broken = first_broken_entry(session)
    if broken is not None:
        raise RegistryError(
            N_("the log is broken at entry {entry}"),
            TAMPERING_HINT,
            entry=broken,
        )


_TIMESTAMPS: tuple[tuple[type[SQLModel], str], ...] = (
    (Photo, "registered_at"),
    (ConsentEvent, "recorded_at"),
    (PermissionEvent, "recorded_at"),
    (Decision, "decided_at"),
    (Ruling, "ruled_at"),
    (Publication, "recorded_at"),
)
"""Columns with the time of a log entry that is written in the same transaction."""


def require_complete_log(session: Session) -> None:
    """Raise RegistryError when a record is newer than the last entry, whose own entry is gone.

    The chain alone cannot show that its end was cut off.
    """
    # The latest time, not the last entry's: a clock that was set back proves nothing.
    latest = session.exec(select(sa.func.max(LedgerEntry.at))).one()
    try:
        ends = datetime.fromisoformat(latest or "0001-01-01")
    except ValueError:
        return  # that entry was altered: the chain check reports it
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    for table, column in _TIMESTAMPS:
        newest = session.exec(select(sa.func.max(getattr(table, column)))).one()
        if newest is not None and newest > ends:
            raise RegistryError(
                N_("the end of the log is missing: something was recorded after entry {entry}"),
                TAMPERING_HINT,
                entry=head(session).seq,
            )


def first_broken_entry(session: Session) -> int | None:
    """Return the number of the first entry that does not fit the chain, or None."""
    expected_seq, previous = 1, GENESIS
    for entry in entries(session):
        follows = entry.seq == expected_seq and entry.previous == previous
        if not follows or not _hash_matches(entry):
            return expected_seq
        expected_seq, previous = entry.seq + 1, entry.hash
    return None


def _hash_matches(entry: LogEntry) -> bool:
    try:
        return entry.hash == entry.expected_hash()
    except TypeError:  # bytes, which no column of the log holds
        return False
