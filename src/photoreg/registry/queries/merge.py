"""Queries for merging two records of one person: every reference to either."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, or_, select

from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Person, Staff
from photoreg.registry.tables.photos import (
    Depiction,
    EventPhotographer,
    EventRoster,
    PhotoFlag,
    PhotoPhotographer,
)

_Row = TypeVar("_Row", bound=SQLModel)
LINKS: tuple[Any, ...] = (EventRoster, EventPhotographer, PhotoPhotographer)
"""Tables that only link a person to an event or a photo; the key is the whole row."""

REFERENCES: tuple[tuple[Any, str], ...] = (
    (PhotoFlag, "person_id"),
    (PhotoFlag, "about_person_id"),
    (ConsentForm, "subject_id"),
    (ConsentForm, "actor_id"),
    (Staff, "person_id"),
    (Person, "merged_into"),
)
"""References to a person that are simply moved to the other record."""


def rows_referring_to(session: Session, table: type[_Row], column: str, person: int) -> list[_Row]:
    """Return the rows whose column is this person."""
    return list(session.exec(select(table).where(getattr(table, column) == person)))


def depictions_by_photo(session: Session, person: int) -> dict[int, Depiction]:
    """Return the depictions of a person, by photo."""
    return {row.photo_id: row for row in rows_referring_to(session, Depiction, "person_id", person)}


def records_naming(session: Session, table: Any, persons: Iterable[int]) -> list[Any]:
    """Return the consents, or permissions, of which one of these persons is a party."""
    columns = ("subject_id", "actor_id") if table is Consent else ("photographer_id",)
    wanted = list(persons)
    is_party = or_(*(col(getattr(table, column)).in_(wanted) for column in columns))
    return list(session.exec(select(table).where(is_party).order_by(col(table.id))))
