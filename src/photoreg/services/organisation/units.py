"""Units of the organisation, such as a school: one name for each, however it is typed."""

from difflib import get_close_matches
from typing import Any

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import name_key
from photoreg.registry.ledger import Action
from photoreg.registry.queries.units import rename_unit, unit_counts, unit_names
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

MAX_UNIT_LENGTH = 100
SIMILARITY_THRESHOLD = 0.8
"""From which likeness on (difflib's ratio of 0 to 1) a name may be another one mistyped."""


def find_unit(work: UnitOfWork, named: str) -> str:
    """Return a unit that is in use, as it is written there; NotFound for any other."""
    known = {name_key(unit): unit for unit in unit_names(work.session)}
    if name_key(named) not in known:
        raise NotFound(
            N_("no event and no user belongs to the unit {unit}"),
            N_("Units in use: {known}."),
            unit=named,
            known=", ".join(known.values()) or "-",
        )
    return known[name_key(named)]


def unit_to_record(work: UnitOfWork, typed: str, *, is_new: bool) -> str | None:
    """Return a unit as it is written already; None for an empty text, which takes it away.

    A new name that is like one in use is taken for a slip of the pen, unless it is said to be new.
    """
    known = {name_key(unit): unit for unit in unit_names(work.session)}
    near = get_close_matches(name_key(typed), known, cutoff=SIMILARITY_THRESHOLD)
    if not typed or name_key(typed) in known:
        return known.get(name_key(typed))
    if near and not is_new:
        raise InputDataError(
            N_("the unit {unit} is new, and its name resembles one in use: {near}"),
            N_("Write it as it is there, or say that it is a new unit."),
            fields=("new_unit",),
            unit=typed,
            near=", ".join(known[key] for key in near),
        )
    return typed


def list_units(application: Application) -> list[dict[str, Any]]:
    """Return the units in use, with how many events and members of staff belong to each."""
    with application.reading() as work:
        return [
            {"unit": unit, "events": events, "staff": staff}
            for unit, events, staff in unit_counts(work.session)
        ]


def rename_unit_everywhere(application: Application, named: str, new: str) -> tuple[str, str, int]:
    """Give a unit another name; the name of another unit makes one of both.

    Return the old and the new name, and how many events and members of staff there are of it.
    `new` is a clean text. Only coordinators may.
    """
    with application.changing(COORDINATORS) as work:
        old = find_unit(work, named)
        others = {name_key(u): u for u in unit_names(work.session) if u != old}
        name = others.get(name_key(new), new)
        changed = rename_unit(work.session, old, name)
        work.log(Action.UNIT_RENAMED, "registry", 1, changed=changed)
        return old, name, changed
