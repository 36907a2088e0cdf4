"""Look at what a restored backup changed, and note that somebody has."""

import json
from dataclasses import dataclass

from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action, LogEntry
from photoreg.registry.queries.restores import LoggedRestore, blocked_at, restores_to_look_at
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.services.upkeep.carried_stops import CarriedStop, StopKind
from photoreg.services.upkeep.clock import entry_number
from photoreg.services.upkeep.replacing import Replaced
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class AcknowledgedRestore:
    """A restored backup: the ISO day it is of, what it replaced, and what was carried over."""

    entry: str
    made_on: str
    replaced: Replaced
    stops: list[CarriedStop]


def acknowledge_restore(application: Application, entry: str) -> AcknowledgedRestore:
    """Note that a coordinator has looked at a restored backup; return what there was to see."""
    with application.changing(COORDINATORS) as work:
        number = entry_number(entry)
        waiting = {each.entry.seq: each for each in restores_to_look_at(work.session)}
        restore = waiting.get(number)
        if restore is None:
            raise NotAllowed(
                N_("entry {entry} is not a restored backup awaiting review"),
                N_("The log tells which backups were restored, and who has looked at them."),
                step=NextStep.to(NextAction.AUDIT_LOG),
                entry=f"L-{number}",
            )
        work.log(Action.RESTORE_ACKNOWLEDGED, "entry", number)
        return AcknowledgedRestore(
            f"L-{number}",
            restore.details["made_on"],
            Replaced(restore.details["replaced"]),
            _stops(work, restore),
        )


def _stops(work: UnitOfWork, restore: LoggedRestore) -> list[CarriedStop]:
    """Return what was carried over; blocks, of which the log is silent, by their time."""
    logged = [_stop(each) for each in restore.stops]
    blocked = blocked_at(work.session, restore.entry.time)
    persons = (human_id(Kind.PERSON, number) for number in blocked)
    erased = {stop.subject for stop in logged if stop.kind is StopKind.ERASURE}
    blocks = [CarriedStop(StopKind.BLOCK, each, each) for each in persons if each not in erased]
    return [*blocks, *logged]


def _stop(entry: LogEntry) -> CarriedStop:
    details = json.loads(entry.details)
    is_placed = not entry.subject.startswith("replaced:")
    return CarriedStop(
        StopKind(details["stop"]),
        details["replaced"],
        entry.subject if is_placed else None,
        details.get("photo"),
    )
