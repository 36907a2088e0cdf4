"""Units of the organisation, such as a school: one name for each, however it is typed."""

from difflib import get_close_matches

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.names import name_key
from photoreg.registry.units import units_used
from photoreg.services.workplace import Desk
from photoreg.texts import N_

LONGEST = 100
NEAR = 0.8
"""From which likeness on (difflib's ratio of 0 to 1) a name may be another one mistyped."""


def the_unit(desk: Desk, named: str) -> str:
    """Return a unit that is in use, as it is written there; NotFound for any other."""
    known = {name_key(unit): unit for unit in units_used(desk.session)}
    if name_key(named) not in known:
        raise NotFound(
            N_("no event and nobody on the staff belongs to the unit {unit}"),
            N_("Units in use: {known}."),
            unit=named,
            known=", ".join(known.values()) or "-",
        )
    return known[name_key(named)]


def unit_to_record(desk: Desk, typed: str, *, is_new: bool) -> str | None:
    """Return a unit as it is written already; None for an empty text, which takes it away.

    A new name that is like one in use is taken for a slip of the pen, unless it is said to be new.
    """
    known = {name_key(unit): unit for unit in units_used(desk.session)}
    near = get_close_matches(name_key(typed), known, cutoff=NEAR)
    if not typed or name_key(typed) in known:
        return known.get(name_key(typed))
    if near and not is_new:
        raise InputDataError(
            N_("the unit {unit} is new, and like one in use: {near}"),
            N_("Write it as it is there; or add --new-unit if it is another unit."),
            unit=typed,
            near=", ".join(known[key] for key in near),
        )
    return typed
