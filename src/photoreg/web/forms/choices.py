"""What fields offer to choose from the registry."""

import flask

from photoreg.presentation.cells import safe
from photoreg.services.organisation.staff import list_staff
from photoreg.services.organisation.units import list_units
from photoreg.services.photos.events import ListedEvent, list_events


def staff_to_choose() -> list[tuple[str, str]]:
    """Return the users who work here: their logins and names."""
    listed = list_staff(flask.g.application)
    return [(each.login, safe(f"{each.name} ({each.login})")) for each in listed if each.active]


def newest_events() -> list[ListedEvent]:
    """Return the newest events, to choose one of them."""
    return list_events(flask.g.application)[:100]


def units_to_choose() -> list[str]:
    """Return the units in use."""
    return [each.unit for each in list_units(flask.g.application)]
