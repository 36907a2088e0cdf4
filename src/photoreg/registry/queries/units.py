"""Units of the organisation, such as a school, and their photos.

A photo belongs to the unit of its event, or else of the user who registered it. People belong to
the units of the events on whose rosters they are, and of the photos that show them or that they
took, and so do their guardians; until there are any, to the unit of whoever entered them.

A unit is a name in events and staff and has no table of its own; services make sure that it is
spelled in one way.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.id_list import id_list
from photoreg.registry.ids import sort_key
from photoreg.registry.tables.people import Guardianship, Person, Staff
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    EventRoster,
    Photo,
    PhotoPhotographer,
)


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


def photos_with_unit(session: Session, unit: str, photos: Iterable[int]) -> set[int]:
    """Return those of these photos that belong to a unit."""
    statement = photos_of_unit(unit).where(col(Photo.id).in_(id_list(photos)))
    return {number for (number,) in session.execute(statement)}


def people_of_unit(session: Session, unit: str, among: Collection[int] | None = None) -> set[int]:
    """Return the people of a unit, all or those among some persons; by two queries."""
    wards = _wards(session, among)
    if among is None:
        statement = _everybody(unit)
    else:
        statement = _some(unit, {*among, *(child for _guardian, child in wards)})
    own = {person for (person,) in session.execute(statement)}
    return own | {guardian for guardian, child in wards if child in own}


def _everybody(unit: str) -> Any:
    """Build the query for all people of a unit.

    It reads indexes only, and of the photos only the unit's: so each kind of photo is a query.
    """
    photos = (each for kind in _photos(unit) for each in _in_photos(kind))
    entered = sa.select(col(Person.id)).where(_stands_nowhere_yet(unit))
    return sa.union(*_at_events(unit), *photos, entered)


def _some(unit: str, persons: Collection[int]) -> Any:
    """Build the query for those of some persons who are people of a unit."""
    queries = (*_at_events(unit), *_in_photos(sa.or_(*_photos(unit))))
    found = (
        query.where(*(each == col(Person.id) for each in query.selected_columns))
        .correlate(Person)
        .exists()
        for query in queries
    )
    is_wanted = col(Person.id).in_(id_list(persons))
    return sa.select(col(Person.id)).where(is_wanted, sa.or_(*found, _stands_nowhere_yet(unit)))


def _wards(session: Session, guardians: Collection[int] | None) -> list[tuple[int, int]]:
    """Return pairs of guardian and child, of guardianships that have ended, too."""
    statement = sa.select(col(Guardianship.guardian_id), col(Guardianship.child_id))
    if guardians is not None:
        statement = statement.where(col(Guardianship.guardian_id).in_(id_list(guardians)))
    return [(guardian, child) for guardian, child in session.execute(statement)]


def _at_events(unit: str) -> Iterator[Any]:
    """Build the queries for who is expected at the unit's events or takes photos there."""
    for table in (EventRoster, EventPhotographer):
        yield sa.select(col(table.person_id)).where(col(table.event_id).in_(_events(unit)))


def _photos(unit: str) -> tuple[Any, ...]:
    """Build the conditions that a photo is of the unit: by its event, or by who registered it."""
    by_staff = col(Photo.registered_by).in_(_staff(unit))
    return (
        col(Photo.event_id).in_(_events(unit)),
        by_staff & col(Photo.event_id).is_(None),
        by_staff & col(Photo.event_id).in_(_events(None)),
    )


def _in_photos(condition: Any) -> Iterator[Any]:
    """Build the queries for who is shown in photos or took them."""
    for table in (Depiction, PhotoPhotographer):
        person = col(table.person_id)
        shown = sa.select(person).join(Photo, col(Photo.id) == col(table.photo_id))
        yield shown.where(condition, person.is_not(None))


def _stands_nowhere_yet(unit: str) -> Any:
    """Build the condition that a person was entered by the unit's staff and is at no event yet."""
    own = col(Person.id)
    wards = (
        sa.select(col(Guardianship.child_id))
        .where(col(Guardianship.guardian_id) == own)
        .correlate(Person)
    )
    stands = (
        sa.exists().where((col(table.person_id) == own) | col(table.person_id).in_(wards))
        for table in (EventRoster, EventPhotographer, Depiction, PhotoPhotographer)
    )
    return col(Person.created_by).in_(_staff(unit)) & ~sa.or_(*stands)


def _events(unit: str | None) -> Any:
    return sa.select(col(Event.id)).where(col(Event.unit) == unit)


def _staff(unit: str) -> Any:
    return sa.select(col(Staff.id)).where(col(Staff.unit) == unit)
