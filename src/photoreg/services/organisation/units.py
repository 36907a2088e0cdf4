"""Units of the organisation, such as a school: one spelling for each, however it is typed."""

from dataclasses import dataclass
from difflib import get_close_matches

from photoreg.errors import InputDataError, NotFound, Records
from photoreg.registry.ids import name_key
from photoreg.registry.ledger import Action
from photoreg.registry.names import near
from photoreg.registry.queries.units import rename_unit, unit_counts, unit_names
from photoreg.services.application import Application
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.texts import N_

MAX_UNIT_LENGTH = 100
SIMILARITY_THRESHOLD = 0.8
"""A name at least this similar to one in use (difflib ratio, 0 to 1) may be a misspelling."""


@dataclass(frozen=True, slots=True)
class UnitUsage:
    """A unit in use, with the number of its events and users."""

    unit: str
    events: int
    staff: int


def find_unit(work: UnitOfWork, named: str) -> str:
    """Return the recorded spelling of a unit in use; NotFound for any other."""
    known = {name_key(unit): unit for unit in unit_names(work.session)}
    if name_key(named) not in known:
        alike = near(named, known.values())
        listed = N_("Units in use: {known}.")
        raise NotFound(
            N_("no event and no user belongs to the unit {unit}"),
            N_("Did you mean {near}? Units in use: {known}.") if alike else listed,
            unit=named,
            near=Records(alike),
            known=", ".join(known.values()) or "-",
        )
    return known[name_key(named)]


def unit_to_record(work: UnitOfWork, typed: str, *, is_new: bool) -> str | None:
    """Return the recorded spelling of a unit, or None for an empty text.

    InputDataError when a new name resembles one in use, unless `is_new` confirms that it is new.
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


def list_units(application: Application) -> list[UnitUsage]:
    """Return the units in use, with the number of events and users of each."""
    with application.reading() as work:
        return [UnitUsage(unit, events, staff) for unit, events, staff in unit_counts(work.session)]


def rename_unit_everywhere(application: Application, named: str, new: str) -> tuple[str, str, int]:
    """Rename a unit; renaming it to the name of another unit merges the two.

    Return the old name, the new name, and the number of events and users that changed. `new` must
    be validated text. Only for coordinators.
    """
    with application.changing(COORDINATORS) as work:
        old = find_unit(work, named)
        others = {name_key(u): u for u in unit_names(work.session) if u != old}
        name = others.get(name_key(new), new)
        changed = rename_unit(work.session, old, name)
        work.log(Action.UNIT_RENAMED, "registry", 1, changed=changed)
        return old, name, changed
