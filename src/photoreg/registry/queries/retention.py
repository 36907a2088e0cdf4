"""Queries for retention: what nobody has needed since a day. Set-based; nothing is changed here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    ConsentKind,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.history import Disclosure
from photoreg.registry.tables.people import Evidence, Guardianship, Person, Staff
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    EventRoster,
    PhotoFlag,
    PhotoPhotographer,
)
from photoreg.registry.tables.publications import TakeDown

_YES = (ConsentKind.GIVEN, ConsentKind.RENEWED)
_NO = (ConsentKind.REFUSED, ConsentKind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Since:
    """The day, and the time at which it begins, before which what lies idle is beyond its time."""

    day: date
    at: datetime


def idle_persons(session: Session, since: Since) -> list[int]:
    """Return the persons whom nothing needs any more, by id.

    They are in no photo and took none, on no roster since, guardian of nobody who is left, not on
    the staff; no word of theirs is in force or was recorded since. A block keeps a person.
    """
    ward = sa.orm.aliased(Person)
    decides = (
        select(Guardianship.id)
        .join(ward, col(ward.id) == col(Guardianship.child_id))
        .where(
            col(Guardianship.guardian_id) == col(Person.id),
            col(Guardianship.ended_on).is_(None),
            col(ward.erased_at).is_(None),
        )
    )
    expected = (
        select(EventRoster.event_id)
        .join(Event, col(Event.id) == col(EventRoster.event_id))
        .where(col(EventRoster.person_id) == col(Person.id), col(Event.ends_on) >= since.day)
    )
    needed = (
        *(_names(table) for table in (Depiction, PhotoPhotographer, EventPhotographer, Staff)),
        select(PhotoFlag.id).where(
            col(PhotoFlag.person_id) == col(Person.id), col(PhotoFlag.resolved_at).is_(None)
        ),
        decides,
        expected,
        *_spoken(since),
    )
    statement = (
        select(Person.id)
        .where(*_is_there(since), sa.not_(col(Person.blocked)))
        .where(*(~each.exists() for each in needed))
        .order_by(col(Person.id))
    )
    return [number for number in session.exec(statement) if number]


def idle_contacts(session: Session, since: Since) -> list[Person]:
    """Return the persons with a contact who have had no word in force or recorded since."""
    statement = (
        select(Person)
        .where(*_is_there(since), col(Person.contact) != "")
        .where(*(~each.exists() for each in _spoken(since)))
        .order_by(col(Person.id))
    )
    return list(session.exec(statement))


def idle_documents(session: Session, since: Since) -> list[Evidence]:
    """Return the documents of consents that all ended, or were taken back, before the day.

    What shows a permission, an excuse, a ruling or a removal stays.
    """
    later = sa.orm.aliased(ConsentEvent)
    taken_back = select(later.id).where(
        col(later.consent_id) == col(ConsentEvent.consent_id),
        col(later.id) > col(ConsentEvent.id),
        col(later.kind).in_(_NO),
        col(later.day) < since.day,
    )
    is_over = sa.or_(
        sa.and_(col(ConsentEvent.kind).not_in(_YES), col(ConsentEvent.day) < since.day),
        col(ConsentEvent.valid_until) < since.day,
        taken_back.exists(),
    )
    in_time = select(ConsentEvent.id).where(
        col(ConsentEvent.evidence) == col(Evidence.sha256),
        sa.not_(sa.func.coalesce(is_over, sa.false())),
    )
    elsewhere = (
        select(table.id).where(column == col(Evidence.sha256))
        for table, column in (
            (PermissionEvent, col(PermissionEvent.evidence)),
            (Guardianship, col(Guardianship.excused_evidence)),
            (Ruling, col(Ruling.evidence)),
            (TakeDown, col(TakeDown.proof_evidence)),
        )
    )
    statement = (
        select(Evidence)
        .where(col(Evidence.added_at) < since.at, col(Evidence.erased_at).is_(None))
        .where(*(~each.exists() for each in (in_time, *elsewhere)))
        .order_by(col(Evidence.sha256))
    )
    return list(session.exec(statement))


def old_purposes(session: Session, since: Since, mark: str) -> list[Disclosure]:
    """Return where a purpose was stated before the day and still stands in words."""
    statement = select(Disclosure).where(
        col(Disclosure.at) < since.at, col(Disclosure.purpose) != mark
    )
    return list(session.exec(statement.order_by(col(Disclosure.id))))


def _is_there(since: Since) -> tuple[Any, ...]:
    return (
        col(Person.created_at) < since.at,
        col(Person.erased_at).is_(None),
        col(Person.merged_into).is_(None),
    )


def _names(table: Any) -> Any:
    return select(table.person_id).where(col(table.person_id) == col(Person.id))


def _spoken(since: Since) -> tuple[Any, ...]:
    """Return the queries for words of a person that are in force, or were recorded since."""
    whose = sa.or_(
        col(Consent.subject_id) == col(Person.id), col(Consent.actor_id) == col(Person.id)
    )
    return (
        select(ConsentEvent.id)
        .join(Consent, col(Consent.id) == col(ConsentEvent.consent_id))
        .where(whose, _counts(ConsentEvent, since)),
        select(PermissionEvent.id)
        .join(Permission, col(Permission.id) == col(PermissionEvent.permission_id))
        .where(col(Permission.photographer_id) == col(Person.id), _counts(PermissionEvent, since)),
    )


def _counts(said: Any, since: Since) -> Any:
    """Return the condition that something said was recorded since, or a yes reaches the day."""
    reaches = sa.or_(col(said.open_ended), col(said.valid_until) >= since.day)
    return sa.or_(col(said.recorded_at) >= since.at, sa.and_(col(said.kind).in_(_YES), reaches))
