"""Queries about consents and permissions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.corrected import is_undisputed, was_said
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.merged import kept_record
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import (
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentPurpose,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.forms import ConsentForm
from photoreg.rulebook.facts import GRANTING_KINDS, REFUSING_KINDS


class WholeReach(StrEnum):
    """The reach of a consent or permission that names neither a photo nor an event."""

    EVERYTHING = "everything"


class HasReach(Protocol):
    """A row about a photo, an event's photos, or everything."""

    @property
    def photo_id(self) -> int | None: ...  # noqa: D102

    @property
    def event_id(self) -> int | None: ...  # noqa: D102


def reach_label(record: AnyConsent | ConsentForm | HasReach) -> str:
    """Return a reach as displayed: a photo's id, an event's id, or `everything`."""
    if record.photo_id is not None:
        return human_id(Kind.PHOTO, record.photo_id)
    return (
        WholeReach.EVERYTHING if record.event_id is None else human_id(Kind.EVENT, record.event_id)
    )


def consents_by_attorney(session: Session, consents: Iterable[int]) -> set[int]:
    """Return those of these consents that were given with a power of attorney, by id."""
    statement = select(ConsentEvent.consent_id).where(
        col(ConsentEvent.consent_id).in_(id_list(consents)),
        col(ConsentEvent.by_attorney),
        col(ConsentEvent.kind).in_(GRANTING_KINDS),
        was_said(ConsentEvent),
    )
    return set(session.exec(statement))


def widely_refusing(
    session: Session, table: type[Consent] | type[Permission], persons: Iterable[int]
) -> set[int]:
    """Return which of these persons ever refused, or were refused for, more than single photos."""
    record: Any = table
    event: Any = ConsentEvent if table is Consent else PermissionEvent
    number = event.consent_id if table is Consent else event.permission_id
    person = record.subject_id if table is Consent else record.photographer_id
    is_refusal = event.kind.in_(sorted(REFUSING_KINDS))
    refused = select(event.id).where(number == record.id, is_refusal, was_said(event))
    statement = select(person).where(
        person.in_(id_list(persons)), record.photo_id.is_(None), refused.exists()
    )
    return set(session.exec(statement))


def records_reaching(
    session: Session,
    table: type[Consent] | type[Permission],
    persons: Iterable[int],
    photos: Iterable[int],
) -> list[Any]:
    """Return the consents about (permissions by) these persons, less those to other photos."""
    record: Any = table
    person = record.subject_id if table is Consent else record.photographer_id
    reaches = record.photo_id.is_(None) | record.photo_id.in_(id_list(photos))
    return list(session.exec(select(record).where(person.in_(id_list(persons)), reaches)))


class PermissionDetails(NamedTuple):
    """Who answered in the photographer's place, whose rights were transferred, licence terms."""

    by: tuple[int, ...] = ()
    authors: tuple[int, ...] = ()
    licence_terms: tuple[str, ...] = ()


def permission_details(
    session: Session, permissions: Iterable[int]
) -> dict[int, PermissionDetails]:
    """Return the details of these permissions by id, of those that have any.

    The licence terms are the last ones given.
    """
    event = PermissionEvent
    statement = (
        select(
            event.permission_id,
            kept_record(event.by_person_id),
            kept_record(event.author_id),
            event.licence_terms,
        )
        .where(
            col(event.permission_id).in_(id_list(permissions)),
            was_said(event),
            or_(
                col(event.by_person_id).is_not(None),
                col(event.author_id).is_not(None),
                col(event.licence_terms) != "",
            ),
        )
        .order_by(col(event.day), col(event.id))
    )
    found: dict[int, PermissionDetails] = {}
    for number, by, author, terms in session.exec(statement):
        known = found.get(number, PermissionDetails())
        found[number] = PermissionDetails(
            _added(known.by, by),
            _added(known.authors, author),
            tuple(terms.split(";")) if terms else known.licence_terms,
        )
    return found


def _added(known: tuple[int, ...], number: int | None) -> tuple[int, ...]:
    return known if number is None or number in known else (*known, number)


def last_statement_day(session: Session, subject: int, actor: int) -> date | None:
    """Return the last day on which somebody said anything for a person."""
    statement = (
        select(sa.func.max(ConsentEvent.day))
        .join(Consent, col(ConsentEvent.consent_id) == Consent.id)
        .where(Consent.subject_id == subject, Consent.actor_id == actor, was_said(ConsentEvent))
    )
    return session.exec(statement).one()


class EventScope(NamedTuple):
    """A consent event with what it names: channels by kind or number, and purposes."""

    event: ConsentEvent
    channels: frozenset[str | int]
    purposes: frozenset[str]


def general_consents(session: Session, subjects: Iterable[int]) -> list[Consent]:
    """Return the consents about these persons that are about no single photo or event."""
    statement = select(Consent).where(
        col(Consent.subject_id).in_(id_list(subjects)),
        col(Consent.photo_id).is_(None),
        col(Consent.event_id).is_(None),
    )
    return list(session.exec(statement.order_by(col(Consent.id))))


def events_with_scope(session: Session, consents: Iterable[int]) -> list[EventScope]:
    """Return the undisputed events of these consents with what they name, by few queries in all."""
    known = select(ConsentEvent).where(
        col(ConsentEvent.consent_id).in_(id_list(consents)), is_undisputed(ConsentEvent)
    )
    events = {each.id: each for each in session.exec(known.order_by(col(ConsentEvent.id)))}
    channels: dict[int, set[str | int]] = defaultdict(set)
    for row in rows_with(session, ConsentChannel, ConsentChannel.statement_id, events):
        channels[row.statement_id].add(row.kind or row.channel_id or 0)
    purposes: dict[int, set[str]] = defaultdict(set)
    for each in rows_with(session, ConsentPurpose, ConsentPurpose.statement_id, events):
        purposes[each.statement_id].add(each.purpose)
    return [
        EventScope(event, frozenset(channels[number or 0]), frozenset(purposes[number or 0]))
        for number, event in events.items()
    ]
