"""Queries about restored backups: where two logs part, and which restores nobody has looked at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.ledger import Action, LogEntry, hash_at, head
from photoreg.registry.tables.ledger import RESTORE_ENTRIES, LedgerEntry
from photoreg.registry.tables.people import Person


def last_common_entry(one: Session, other: Session) -> int:
    """Return the number of the last entry that two logs share; 0 when they share none."""
    low, high = 0, min(head(one).seq, head(other).seq)
    while low < high:
        middle = (low + high + 1) // 2
        if hash_at(one, middle) == hash_at(other, middle):
            low = middle
        else:
            high = middle - 1
    return low


_NOT_COUNTED = {Action.RECORD_CHANGED, Action.RECORDS_HASHED, Action.REGISTRY_BACKED_UP}
"""What follows from other entries, or from the backup itself."""


def actions_after(session: Session, entry: int) -> dict[str, int]:
    """Return how often each action was logged after an entry."""
    counted = (
        select(LedgerEntry.action, sa.func.count())
        .where(col(LedgerEntry.seq) > entry, col(LedgerEntry.action).not_in(_NOT_COUNTED))
        .group_by(LedgerEntry.action)
        .order_by(LedgerEntry.action)
    )
    return dict(session.exec(counted).all())


@dataclass(frozen=True, slots=True)
class LoggedRestore:
    """A restored backup: its entry of the log, and those of the stops that were carried over.

    Blocks have none, since the log never tells who is blocked; see `blocked_at`.
    """

    entry: LogEntry
    stops: list[LogEntry]

    @property
    def details(self) -> Mapping[str, Any]:
        """What was logged about it."""
        found: Mapping[str, Any] = json.loads(self.entry.details)
        return found


def restores_to_look_at(session: Session) -> list[LoggedRestore]:
    """Return the restored backups that no coordinator has acknowledged, oldest first."""
    table = sa.inspect(LedgerEntry).local_table
    statement = sa.select(table).where(sa.text(RESTORE_ENTRIES)).order_by(table.c.seq)
    found: dict[str, LoggedRestore] = {}
    stops: list[LogEntry] = []
    for row in session.connection().execute(statement).mappings():
        entry = LogEntry(**row)
        if entry.action == Action.REGISTRY_RESTORED:
            found[f"entry:{entry.seq}"] = LoggedRestore(entry, stops)
            stops = []
        elif entry.action == Action.RESTORE_ACKNOWLEDGED:
            found.pop(entry.subject, None)
        else:
            stops.append(entry)
    return list(found.values())


def blocked_at(session: Session, moment: datetime) -> list[int]:
    """Return the persons who are blocked since exactly this time."""
    statement = select(Person.id).where(col(Person.blocked), Person.blocked_at == moment)
    return [number for number in session.exec(statement.order_by(col(Person.id))) if number]
