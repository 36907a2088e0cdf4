"""Queries for retention: data that has not been needed since a day. Read-only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.corrected import was_said
from photoreg.registry.merged import kept_record
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import Consent, ConsentEvent, Permission, PermissionEvent
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
from photoreg.rulebook.facts import GRANTING_KINDS, REFUSING_KINDS


@dataclass(frozen=True, slots=True)
class RetentionCutoff:
    """The cutoff day, and the time at which it begins: data unused since is expired."""

    day: date
    at: datetime


def expired_persons(session: Session, since: RetentionCutoff) -> list[int]:
    """Return the persons whose data is no longer needed, by id.

    They are depicted in no photo and took none, are on no roster since, are guardians of no
    remaining person and are not on the staff; no consent or permission of theirs is in force or was
    recorded since. A publication block keeps a person.
    """
    ward = sa.orm.aliased(Person)
    decides = (
        select(Guardianship.id)
        .join(ward, col(ward.id) == col(Guardianship.child_id))
        .where(
            col(Guardianship.guardian_id) == col(Person.id),
            col(Guardianship.last_day).is_(None),
            col(ward.erased_at).is_(None),
        )
    )
    expected = (
        select(EventRoster.event_id)
        .join(Event, col(Event.id) == col(EventRoster.event_id))
        .where(col(EventRoster.person_id) == col(Person.id), col(Event.ends_on) >= since.day)
    )
    needed = (
        *(_references(table) for table in (Depiction, PhotoPhotographer, EventPhotographer, Staff)),
        select(PhotoFlag.id).where(
            col(PhotoFlag.person_id) == col(Person.id), col(PhotoFlag.resolved_at).is_(None)
        ),
        decides,
        expected,
        *_recent_events(since),
    )
    statement = (
        select(Person.id)
        .where(*_is_active(since), sa.not_(col(Person.blocked)))
        .where(*(~each.exists() for each in needed))
        .order_by(col(Person.id))
    )
    return [number for number in session.exec(statement) if number]


def expired_contacts(session: Session, since: RetentionCutoff) -> list[Person]:
    """Return the persons with a contact and no event in force or recorded since."""
    statement = (
        select(Person)
        .where(*_is_active(since), col(Person.contact) != "")
        .where(*(~each.exists() for each in _recent_events(since)))
        .order_by(col(Person.id))
    )
    return list(session.exec(statement))


def expired_documents(session: Session, since: RetentionCutoff) -> list[Evidence]:
    """Return the documents of consents that all ended, or were withdrawn, before the day.

    Documents of a permission, an excuse, a ruling or a removal are not included.
    """
    later = sa.orm.aliased(ConsentEvent)
    withdrawn = select(later.id).where(
        col(later.consent_id) == col(ConsentEvent.consent_id),
        col(later.id) > col(ConsentEvent.id),
        col(later.kind).in_(REFUSING_KINDS),
        col(later.day) < since.day,
        was_said(later),
    )
    is_over = sa.or_(
        sa.and_(col(ConsentEvent.kind).not_in(GRANTING_KINDS), col(ConsentEvent.day) < since.day),
        col(ConsentEvent.valid_until) < since.day,
        withdrawn.exists(),
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
            (Guardianship, col(Guardianship.decides_alone_evidence)),
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


def old_purposes(session: Session, since: RetentionCutoff, mask: str) -> list[Disclosure]:
    """Return disclosures with a purpose stated before the day and not masked yet."""
    statement = select(Disclosure).where(
        col(Disclosure.at) < since.at, col(Disclosure.purpose).not_in(["", mask])
    )
    return list(session.exec(statement.order_by(col(Disclosure.id))))


def _is_active(since: RetentionCutoff) -> tuple[Any, ...]:
    return (
        col(Person.created_at) < since.at,
        col(Person.erased_at).is_(None),
        col(Person.merged_into).is_(None),
    )


def _references(table: Any) -> Any:
    return select(table.person_id).where(col(table.person_id) == col(Person.id))


def _recent_events(since: RetentionCutoff) -> tuple[Any, ...]:
    """Return the queries for a person's events that are in force, or were recorded since."""
    is_party = sa.or_(
        col(Consent.subject_id) == col(Person.id), col(Consent.actor_id) == col(Person.id)
    )
    return (
        select(ConsentEvent.id)
        .join(Consent, col(Consent.id) == col(ConsentEvent.consent_id))
        .where(is_party, _is_in_force(ConsentEvent, since)),
        select(PermissionEvent.id)
        .join(Permission, col(Permission.id) == col(PermissionEvent.permission_id))
        .where(
            col(Permission.photographer_id) == col(Person.id), _is_in_force(PermissionEvent, since)
        ),
        *(
            select(PermissionEvent.id).where(
                kept_record(named) == col(Person.id), _is_in_force(PermissionEvent, since)
            )
            for named in (PermissionEvent.by_person_id, PermissionEvent.author_id)
        ),
    )


def _is_in_force(event_table: Any, since: RetentionCutoff) -> Any:
    """SQL condition: the event was recorded since, or its grant reaches the day."""
    reaches = sa.or_(col(event_table.open_ended), col(event_table.valid_until) >= since.day)
    return sa.or_(
        col(event_table.recorded_at) >= since.at,
        sa.and_(col(event_table.kind).in_(GRANTING_KINDS), reaches),
    )
