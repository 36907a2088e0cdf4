"""Units of the organisation, such as a school, and their photos.

A photo belongs to the unit of its event, or else of the user who registered it. A unit is a name in
events and staff and has no table of its own; services make sure that it is spelled in one way.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.ids import sort_key
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Event, Photo


def unit_names(session: Session) -> list[str]:
    """Return the units that events or staff belong to, by name."""
    return [unit for unit, _events, _staff in unit_counts(session)]


def unit_counts(session: Session) -> list[tuple[str, int, int]]:
    """Return the units by name, each with how many events and users belong to it."""
    events, staff = _counted(session, col(Event.unit)), _counted(session, col(Staff.unit))
    return [(u, events.get(u, 0), staff.get(u, 0)) for u in sorted({*events, *staff}, key=sort_key)]


def _counted(session: Session, column: Any) -> dict[str, int]:
    statement = sa.select(column, sa.func.count()).where(column.is_not(None)).group_by(column)
    return {str(unit): count for unit, count in session.connection().execute(statement)}


def rename_unit(session: Session, old: str, new: str) -> int:
    """Rename a unit everywhere; return how many events and users had it."""
    changed = 0
    for table in (Event, Staff):
        update = sa.update(table).where(col(table.unit) == old).values(unit=new)
        changed += session.connection().execute(update).rowcount
    return changed


def join_unit(statement: Any) -> Any:
    """Return a statement about photos, joined with the tables that hold their units."""
    return statement.join(Event, col(Event.id) == col(Photo.event_id), isouter=True).join(
        Staff, col(Staff.id) == col(Photo.registered_by)
    )


def unit_of_photo() -> Any:
    """Return the unit of a photo as a column of a statement made by `join_unit`."""
    return sa.func.coalesce(col(Event.unit), col(Staff.unit))


def photos_of_unit(unit: str) -> Any:
    """Build the query for the ids of a unit's photos."""
    return join_unit(sa.select(col(Photo.id)).select_from(Photo)).where(unit_of_photo() == unit)
