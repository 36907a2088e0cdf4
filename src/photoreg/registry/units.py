"""Units of the organisation, such as a school, and which photos are whose.

A photo belongs to the unit of its event, or else of who registered it. A unit is a name beside
events and staff and has no table of its own; services see to it that it is written in one way.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables import Event, Photo, Staff


def units_used(session: Session) -> list[str]:
    """Return the units that events or staff belong to, by name."""
    of_events = select(col(Event.unit)).where(col(Event.unit).is_not(None))
    of_staff = select(col(Staff.unit)).where(col(Staff.unit).is_not(None))
    found = session.connection().execute(sa.union(of_events, of_staff))
    return sorted(str(unit) for (unit,) in found)


def with_unit(statement: Any) -> Any:
    """Return a statement about photos, joined with what tells their units."""
    return statement.join(Event, col(Event.id) == col(Photo.event_id), isouter=True).join(
        Staff, col(Staff.id) == col(Photo.registered_by)
    )


def unit_of_photo() -> Any:
    """Return the unit of a photo as a column of a statement made by `with_unit`."""
    return sa.func.coalesce(col(Event.unit), col(Staff.unit))


def photos_of(unit: str) -> Any:
    """Return the query of the numbers of a unit's photos."""
    return with_unit(sa.select(col(Photo.id)).select_from(Photo)).where(unit_of_photo() == unit)
