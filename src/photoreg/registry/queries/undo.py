"""Queries for undoing what was recorded last: who recorded what, and what was there before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlmodel import Session, col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.ledger import Action, LogEntry, entries
from photoreg.registry.statement_history import old_values
from photoreg.registry.tables.history import History, HistoryKind
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.photos import Depiction


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """The entries of one change by somebody, oldest first."""

    entries: tuple[LogEntry, ...]

    @property
    def at(self) -> datetime:
        """When it was."""
        return self.entries[0].time

    @property
    def actions(self) -> set[str]:
        """What it logged."""
        return {entry.action for entry in self.entries}

    def subjects(self, actions: frozenset[str]) -> tuple[str, ...]:
        """Return what these of its actions are about, each once."""
        named = (entry.subject for entry in self.entries if entry.action in actions)
        return tuple(dict.fromkeys(named))


def changes_of(session: Session, staff: int) -> Iterator[LoggedChange]:
    """Yield the changes that a user has logged, the newest first."""
    with closing(entries(session, newest_first=True)) as newest_first:
        for (_number, _at, actor), found in groupby(_numbered(newest_first), key=itemgetter(0)):
            if actor == staff:
                yield LoggedChange(tuple(entry for _key, entry in reversed(list(found))))


def _numbered(newest_first: Iterable[LogEntry]) -> Iterator[tuple[tuple[int, str, int], LogEntry]]:
    """Yield the entries, each with what tells its change: the hashes of what it wrote end each."""
    number = 0
    for entry in newest_first:
        number += entry.action == Action.RECORDS_HASHED
        yield (number, entry.at, entry.actor_id), entry


def undone_by(change: LoggedChange) -> set[int]:
    """Return the entries of changes that this change has undone."""
    return {
        json.loads(entry.details)["undone"]
        for entry in change.entries
        if entry.action == Action.RECORDING_UNDONE
    }


@dataclass(frozen=True, slots=True)
class FormerRows:
    """What a change did to the rows of a table that say something about photos.

    `added` are the keys of rows that were not there before, `was` the rows that were changed or
    deleted, as they were, by key.
    """

    added: frozenset[tuple[int, ...]]
    changed: dict[tuple[int, ...], dict[str, Any]]
    deleted: dict[tuple[int, ...], dict[str, Any]]


def former_rows(session: Session, table: str, at: datetime) -> FormerRows:
    """Return what the change at this time did to the rows of a table."""
    rows = select(History).where(History.at == at, History.table_name == table)
    by_kind: dict[HistoryKind, dict[tuple[int, ...], dict[str, Any]]] = {
        kind: {} for kind in HistoryKind
    }
    for row in session.exec(rows.order_by(col(History.id))):
        key = tuple(map(int, row.row_key.split(",")))
        by_kind[row.kind].setdefault(key, old_values(table, row.old))
    return FormerRows(
        frozenset(by_kind[HistoryKind.INSERT]),
        by_kind[HistoryKind.UPDATE],
        by_kind[HistoryKind.DELETE],
    )


def is_spoken_of_since(
    session: Session, subjects: Sequence[str], entry: int, actions: frozenset[str]
) -> bool:
    """Return whether any of these actions was logged about these records after an entry."""
    later = select(LedgerEntry.seq).where(
        col(LedgerEntry.seq) > entry,
        col(LedgerEntry.subject).in_(list(subjects)),
        col(LedgerEntry.action).in_(sorted(actions)),
    )
    return session.exec(later.limit(1)).first() is not None


def depictions_with(session: Session, numbers: Iterable[int]) -> list[Depiction]:
    """Return depictions by their numbers."""
    return list(session.exec(select(Depiction).where(col(Depiction.id).in_(id_list(numbers)))))
