"""Queries for audits: consents, photos of minors, settings, channels, documents."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.builder import FactBuilder
from photoreg.registry.facts.loading import load_shared, photos_in_order, record_batches
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.facts.rows import (
    AnyConsentRecord,
    ConsentRecord,
    PermissionRecord,
    PersonRecord,
)
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.tables.consents import Consent, ConsentEvent, Permission, PermissionEvent
from photoreg.registry.tables.history import Disclosure
from photoreg.registry.tables.organisation import PolicyVersion
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Depiction, EventPhotographer, Photo, PhotoPhotographer
from photoreg.registry.tables.publications import Decision, PublishedPhoto
from photoreg.rulebook.facts import GRANTING_KINDS, AgeGroup, PersonFacts, Role

MAX_CACHED = 30_000
"""How many persons are cached with their consents for an event's photos."""


def consents_ending(session: Session, first: date, last: date) -> Iterator[list[ConsentRecord]]:
    """Yield in batches the consents with a grant that ends between two days, inclusive."""
    yield from _records(
        session, Consent, ConsentEvent.consent_id, _ends_between(ConsentEvent, first, last)
    )


def permissions_ending(
    session: Session, first: date, last: date
) -> Iterator[list[PermissionRecord]]:
    """Yield in batches the permissions with a grant that ends between two days, inclusive."""
    where = _ends_between(PermissionEvent, first, last)
    yield from _records(session, Permission, PermissionEvent.permission_id, where)


def undocumented_consents(session: Session) -> Iterator[list[ConsentRecord]]:
    """Yield in batches the consents with a grant that has neither document nor note."""
    yield from _records(session, Consent, ConsentEvent.consent_id, _is_undocumented(ConsentEvent))


def undocumented_permissions(session: Session) -> Iterator[list[PermissionRecord]]:
    """Yield in batches the permissions with a grant that has neither document nor note."""
    where = _is_undocumented(PermissionEvent)
    yield from _records(session, Permission, PermissionEvent.permission_id, where)


def _ends_between(event_table: Any, first: date, last: date) -> list[Any]:
    return [
        col(event_table.kind).in_(GRANTING_KINDS),
        col(event_table.valid_until).between(first, last),
        was_said(event_table),
    ]


def _is_undocumented(event_table: Any) -> list[Any]:
    return [
        col(event_table.kind).in_(GRANTING_KINDS),
        col(event_table.evidence).is_(None),
        col(event_table.paper) == "",
        was_said(event_table),
    ]


def _records(session: Session, table: Any, reference: Any, where: list[Any]) -> Iterator[list[Any]]:
    wanted = array(
        "q", session.exec(select(reference).where(*where).distinct().order_by(reference))
    )
    yield from record_batches(session, table, wanted)


def consent_reach_counts(
    session: Session, records: Sequence[ConsentRecord]
) -> dict[int, tuple[int, int]]:
    """Return how many photos and live publications each consent reaches."""
    reached = or_(col(Consent.event_id).is_(None), col(Consent.event_id) == col(Photo.event_id))
    wider = [record for record in records if record.photo_id is None]
    statement = (
        _count_query(Consent)
        .join(Depiction, col(Depiction.person_id) == col(Consent.subject_id))
        .join(Photo, sa.and_(col(Photo.id) == col(Depiction.photo_id), reached))
    )
    return {
        **_reach_counts(session, statement, Consent, wider),
        **_photo_reach_counts(session, records, shows=True),
    }


def permission_reach_counts(
    session: Session, records: Sequence[PermissionRecord]
) -> dict[int, tuple[int, int]]:
    """Return how many photos and live publications each permission reaches."""
    own: Any = sa.select(
        col(PhotoPhotographer.person_id).label("person"),
        col(PhotoPhotographer.photo_id).label("photo"),
    ).join(Photo, col(Photo.id) == col(PhotoPhotographer.photo_id))
    by_event: Any = (
        sa.select(col(EventPhotographer.person_id), col(Photo.id))
        .join(Photo, col(Photo.event_id) == col(EventPhotographer.event_id))
        .where(col(Photo.photographer).is_(None))
    )
    wider = [record for record in records if record.photo_id is None]
    holders = {record.photographer_id for record in wider}
    taken = sa.union(
        own.where(col(PhotoPhotographer.person_id).in_(holders)),
        by_event.where(col(EventPhotographer.person_id).in_(holders)),
    ).subquery("taken")
    reached = or_(
        col(Permission.event_id).is_(None), col(Permission.event_id) == col(Photo.event_id)
    )
    statement = (
        _count_query(Permission)
        .join(taken, taken.c.person == col(Permission.photographer_id))
        .join(Photo, sa.and_(col(Photo.id) == taken.c.photo, reached))
    )
    return {
        **_reach_counts(session, statement, Permission, wider),
        **_photo_reach_counts(session, records, shows=False),
    }


def _photo_reach_counts(
    session: Session, records: Sequence[AnyConsentRecord], *, shows: bool
) -> dict[int, tuple[int, int]]:
    """Count for records about one photo each; with `shows` only if it shows the person."""
    photos = {id_of(record): record.photo_id for record in records if record.photo_id is not None}
    wanted = sorted(set(photos.values()))
    counted = (
        select(PublishedPhoto.photo_id, sa.func.count())
        .where(col(PublishedPhoto.removed_on).is_(None), col(PublishedPhoto.photo_id).in_(wanted))
        .group_by(col(PublishedPhoto.photo_id))
    )
    live = dict(session.exec(counted).all())
    pairs = select(Depiction.photo_id, Depiction.person_id)
    shown = set(session.exec(pairs.where(col(Depiction.photo_id).in_(wanted)))) if shows else set()
    subjects = {id_of(t): t.subject_id for t in records if isinstance(t, ConsentRecord)}
    return {
        number: (1, live.get(photo, 0))
        for number, photo in photos.items()
        if not shows or (photo, subjects[number]) in shown
    }


def _count_query(table: Any) -> Any:
    return sa.select(
        col(table.id),
        sa.func.count(sa.distinct(col(Photo.id))),
        sa.func.count(sa.distinct(col(PublishedPhoto.publication_id))),
    ).select_from(table)


def _reach_counts(
    session: Session, statement: Any, table: Any, records: Sequence[AnyConsentRecord]
) -> dict[int, tuple[int, int]]:
    is_live = sa.and_(
        col(PublishedPhoto.photo_id) == col(Photo.id), col(PublishedPhoto.removed_on).is_(None)
    )
    counted = (
        statement.outerjoin(PublishedPhoto, is_live)
        .where(col(table.id).in_(id_list(id_of(record) for record in records)))
        .group_by(col(table.id))
    )
    return {
        number: (photos, live) for number, photos, live in session.connection().execute(counted)
    }


def minors_in_photos(session: Session, born_after: date) -> Iterator[tuple[int, PersonFacts]]:
    """Yield, photo by photo, the facts of each depicted person who may be a minor.

    Photos are streamed, and identical consents for all photos of an event are evaluated once.
    """
    minors = select(Person.id).where(
        or_(
            col(Person.born) > born_after,
            sa.and_(col(Person.born).is_(None), col(Person.age_group) != AgeGroup.ADULT),
        )
    )
    selection = PhotoSelection(
        among=select(Depiction.photo_id).where(col(Depiction.person_id).in_(minors))
    )
    builder = FactBuilder(load_shared(session, selection))
    known: dict[tuple[int, int | None], PersonFacts] = {}
    for rows in photos_in_order(session, selection, builder.shared.contents):
        event = rows.event_id
        for person, role in rows.depicted:
            if not person or not _may_be_minor(builder.shared.persons[person], born_after):
                continue
            photo_events = [
                consent_event
                for consent_event in rows.consents or ()
                if consent_event.person_id == person
            ]
            facts = None if photo_events else known.get((person, event))
            if facts is None:
                history = builder.person_history(person, event, photo_events)
                facts = builder.person_from_history(person, Role(role), history)
            if not photo_events:
                if len(known) >= MAX_CACHED:
                    known.clear()
                known[person, event] = facts
            yield rows.id, facts


def _may_be_minor(person: PersonRecord, born_after: date) -> bool:
    if person.born is not None:
        return person.born > born_after
    return person.age_group is not AgeGroup.ADULT


def policy_versions(session: Session) -> list[PolicyVersion]:
    """Return every version of the settings, the oldest first."""
    return list(session.exec(select(PolicyVersion).order_by(col(PolicyVersion.version))))


def decisions_by_policy(session: Session) -> dict[int, int]:
    """Count the decisions made under each version of the settings."""
    statement = select(Decision.policy_version, sa.func.count()).group_by(
        col(Decision.policy_version)
    )
    return dict(session.exec(statement).all())


def live_by_channel(session: Session) -> dict[int, int]:
    """Count the live publications on each channel."""
    statement = (
        select(
            PublishedPhoto.channel_id,
            sa.func.count(sa.distinct(col(PublishedPhoto.publication_id))),
        )
        .where(col(PublishedPhoto.removed_on).is_(None))
        .group_by(col(PublishedPhoto.channel_id))
    )
    return dict(session.exec(statement).all())


def disclosures(session: Session) -> Iterator[tuple[Disclosure, Disclosure | None]]:
    """Stream who looked at names, the newest first, each with the row that states its purpose.

    A stated purpose that a look refers to is no row of its own.
    """
    stated = aliased(Disclosure)
    looks = select(Disclosure.stated_id).where(col(Disclosure.stated_id).is_not(None))
    statement = (
        select(Disclosure, stated)
        .outerjoin(stated, col(stated.id) == col(Disclosure.stated_id))
        .where(col(Disclosure.id).not_in(looks))
        .order_by(col(Disclosure.id).desc())
    )
    yield from session.exec(statement.execution_options(yield_per=1000))
