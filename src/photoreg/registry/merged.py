"""Records of persons that were merged into another: the record in which a person is kept.

A statement is never written over, so it names the record of that time. A merge leaves no record
that was merged into another merged one.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from photoreg.registry.ids import id_of
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.people import Person


def kept_record(person: Any) -> Any:
    """Build the expression for the record in which the person of a column is kept."""
    named = aliased(Person)
    kept = select(sa.func.coalesce(named.merged_into, named.id)).where(col(named.id) == person)
    return kept.scalar_subquery()


def kept_records(session: Session, persons: Iterable[int | None]) -> dict[int, int]:
    """Return for each of these persons the record in which they are kept."""
    found = rows_with(session, Person, Person.id, {person for person in persons if person})
    return {id_of(person): person.merged_into or id_of(person) for person in found}


def records_of(person: int) -> Any:
    """Build the query for the record of a person and those that were merged into it."""
    return select(Person.id).where(or_(col(Person.id) == person, Person.merged_into == person))


def records_kept_in(session: Session, person: int) -> set[int]:
    """Return the record of a person and those that were merged into it."""
    return {person, *filter(None, session.exec(records_of(person)))}
