"""What of the log's entries everybody may be told: nothing that tells one stop from another.

Coordinators are told everything. To others what concerns a flag for a person's sake, or changes
the record of somebody blocked, erased or objecting, is not told at all (`HiddenEntries`), and a
block that is over looks like any change of a person's data.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from photoreg.errors import NotAllowed
from photoreg.registry import ledger
from photoreg.registry.tables.people import Person
from photoreg.services.consents.consents import withheld_persons
from photoreg.services.decisions.flags import hidden_entries
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

ALIKE = frozenset({"contact", "language", "blocked", "blocked_at", "blocked_by"})
"""Columns of a person whose changes look the same to all but coordinators."""

OTHER = "other"
"""What such a change is called."""

HIDDEN_VALUE = "*"


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry as the actor may see it."""

    entry: ledger.LogEntry
    action: str
    details: dict[str, Any]


class ToldLog:
    """Decides what the actor of a unit of work may see of each entry."""

    def __init__(self, work: UnitOfWork) -> None:
        self._sees_all = work.actor.role in COORDINATORS
        self._hidden = hidden_entries(work)

    def told(self, entry: ledger.LogEntry) -> ToldEntry | None:
        """Return an entry as the actor may see it, or None."""
        if entry.action == ledger.Action.RECORDS_HASHED or entry in self._hidden:
            return None
        details: dict[str, Any] = json.loads(entry.details)
        if self._sees_all:
            return ToldEntry(entry, entry.action, details)
        if entry.action == ledger.Action.RECORD_CHANGED:
            return self._told_change(entry, details)
        shown = {key: value for key, value in details.items() if key != "because"}
        return ToldEntry(entry, entry.action, shown)

    def _told_change(self, entry: ledger.LogEntry, details: dict[str, Any]) -> ToldEntry | None:
        if details["table"] not in {"person", "person_name"}:
            return ToldEntry(entry, entry.action, details)
        if not self._hidden.persons.isdisjoint((entry.subject, *details["of"])):
            return None
        sides = {side: _alike(details[side]) for side in ("was", "is")}
        return ToldEntry(entry, entry.action, {**details, **sides})


def refuse_withheld(
    work: UnitOfWork, persons: Iterable[Person], named: str, *, is_hidden: bool = False
) -> None:
    """Raise NotAllowed if what changed about a record would tell why somebody is not shown.

    `persons` are those whom it is about; `is_hidden`: no entry about it may be told.
    """
    if is_hidden or withheld_persons(work, persons):
        raise NotAllowed(
            N_("only the communications coordinator can see what has changed about {value}"),
            N_("Ask the communications coordinator."),
            value=named,
        )


def _alike(side: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if side is None:
        return None
    shown = {name: value for name, value in side.items() if name not in ALIKE}
    return shown if len(shown) == len(side) else {**shown, OTHER: HIDDEN_VALUE}
