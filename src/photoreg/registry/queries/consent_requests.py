"""Queries about whom to ask: consents that end soon, and unanswered requests."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.loading import RECORDS_PER_BATCH, record_batches
from photoreg.registry.facts.rows import ConsentRecord
from photoreg.registry.id_list import id_list
from photoreg.registry.queries.forms import has_same_reach, open_forms_query
from photoreg.registry.queries.people import erased_ids
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Depiction, Photo
from photoreg.rulebook.facts import GRANTING_KINDS, AgeGroup, ConsentKind


def consents_possibly_ending(
    session: Session, *, ends: tuple[date, date], given: tuple[date, date], born: tuple[date, date]
) -> Iterator[list[ConsentRecord]]:
    """Yield in batches every consent that could expire in the period.

    Those about one person are adjacent. `ends`: by its own last day. `given`: by the day on which
    it was given, where the policy limits the age. `born`: by the birth date of a child for whom
    somebody else gave it.
    """
    grants = select(ConsentEvent.consent_id).where(
        col(ConsentEvent.kind).in_(GRANTING_KINDS),
        or_(col(ConsentEvent.valid_until).between(*ends), col(ConsentEvent.day).between(*given)),
        was_said(ConsentEvent),
    )
    children = select(Person.id).where(col(Person.born).between(*born))
    by_others = and_(
        col(Consent.subject_id) != col(Consent.actor_id), col(Consent.subject_id).in_(children)
    )
    may_end = or_(col(Consent.id).in_(grants), by_others)
    found: Any = select(Consent.id).where(may_end, *_nobody_erased())
    numbers = session.exec(found.order_by(col(Consent.subject_id), col(Consent.id)))
    for batch in record_batches(session, Consent, array("q", numbers)):
        yield sorted(batch, key=lambda consent: consent.subject_id)


def _nobody_erased() -> tuple[Any, ...]:
    """SQL conditions: no party of the consent is erased, since nothing is recorded about them."""
    return tuple(
        col(party).not_in(erased_ids()) for party in (Consent.subject_id, Consent.actor_id)
    )


def unanswered_requests(
    session: Session, event: int | None = None
) -> Iterator[tuple[Consent, date]]:
    """Yield the consents requested and never answered, with the day of the request.

    The oldest first; those for which a printed form is open are left out.
    """
    answered = select(ConsentEvent.consent_id).where(
        ConsentEvent.kind != ConsentKind.REQUESTED, was_said(ConsentEvent)
    )
    form = aliased(ConsentForm)
    printed = open_forms_query(form).where(has_same_reach(Consent, form)).correlate(Consent)
    statement: Any = (
        select(Consent, func.min(ConsentEvent.day))
        .join(ConsentEvent, col(ConsentEvent.consent_id) == col(Consent.id))
        .where(col(Consent.id).not_in(answered), ~printed.exists(), *_nobody_erased())
        .where(was_said(ConsentEvent))
        .group_by(*Consent.__table__.columns)  # type: ignore[attr-defined]
        .order_by(func.min(ConsentEvent.day), col(Consent.id))
    )
    if event is not None:
        statement = statement.where(Consent.event_id == event)
    found = session.exec(statement.execution_options(yield_per=RECORDS_PER_BATCH))
    return ((consent, day) for consent, day in found)


class NeverAsked(NamedTuple):
    """Who is shown and whom nobody has asked: for an event's photos, or for one of no event."""

    subject_id: int
    actor_id: int
    event_id: int | None
    photo_id: int | None


def never_asked(
    session: Session, born: tuple[date, date], event: int | None = None
) -> Iterator[NeverAsked]:
    """Yield whom nobody has asked about photos in which they, or their children, are shown.

    `born`: minors are born after the first day, and decide beside their guardians if they are born
    until the second. A minor without a guardian stands for the guardians. Nobody is asked who is
    dead, erased or excused.
    """
    minors_after, say_until = born
    ward, guardian = aliased(Person), aliased(Person)
    is_minor = sa.func.coalesce(
        col(ward.born) > minors_after, col(ward.age_group) == AgeGroup.MINOR
    )
    family = col(Guardianship.child_id) == ward.id, col(Guardianship.last_day).is_(None)
    has_a_say = ~is_minor | sa.func.coalesce(col(ward.born) <= say_until, sa.false())
    has_no_guardian = ~sa.exists().where(*family).correlate(ward)
    is_there = col(ward.deceased).is_(False), col(ward.erased_at).is_(None)
    themselves: Any = sa.select(
        col(ward.id).label("subject_id"), col(ward.id).label("actor_id")
    ).where(has_a_say | has_no_guardian, *is_there)
    by_guardians = (
        sa.select(col(ward.id), col(guardian.id))
        .join(Guardianship, sa.and_(*family))
        .join(guardian, col(guardian.id) == col(Guardianship.guardian_id))
        .where(
            is_minor,
            col(Guardianship.excused_ground).is_(None),
            col(guardian.erased_at).is_(None),
            *is_there,
        )
    )
    pair = sa.union_all(themselves, by_guardians).subquery("pair").c
    asked = (
        ~sa.exists().where(
            col(table.subject_id) == pair.subject_id,
            col(table.actor_id) == pair.actor_id,
            sa.or_(
                col(table.photo_id) == Photo.id,
                col(table.event_id) == Photo.event_id,
                sa.and_(col(table.photo_id).is_(None), col(table.event_id).is_(None)),
            ),
        )
        for table in (Consent, ConsentForm)
    )
    single = sa.case((col(Photo.event_id).is_(None), col(Photo.id)))
    found = (
        sa.select(pair.subject_id, pair.actor_id, col(Photo.event_id), single)
        .join(Depiction, col(Depiction.person_id) == pair.subject_id)
        .join(Photo, col(Photo.id) == col(Depiction.photo_id))
        .where(*asked)
        .distinct()
        .order_by(pair.subject_id, pair.actor_id, col(Photo.event_id), single)
    )
    if event is not None:
        found = found.where(col(Photo.event_id) == event)
    rows = session.execute(found.execution_options(yield_per=RECORDS_PER_BATCH))
    return (NeverAsked(*row) for row in rows)


def photo_counts_by_person(
    session: Session, persons: Iterable[int], photos: Iterable[int]
) -> dict[tuple[int, str, int | None], int]:
    """Count the photos that show each person: by event (`event`, also None), and single photos."""
    counts: dict[tuple[int, str, int | None], int] = defaultdict(int)
    by_event: Any = (
        select(Depiction.person_id, Photo.event_id, func.count())
        .join(Photo, col(Photo.id) == col(Depiction.photo_id))
        .where(col(Depiction.person_id).in_(id_list(persons)))
        .group_by(col(Depiction.person_id), col(Photo.event_id))
    )
    for person, event, count in session.exec(by_event):
        counts[person, "event", event] = count
        counts[person, "everything", None] += count
    for row in rows_with(session, Depiction, Depiction.photo_id, photos):
        if row.person_id is not None:
            counts[row.person_id, "photo", row.photo_id] += 1
    return counts


def guardian_pairs(session: Session, children: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs of child and guardian whose guardianship has not ended."""
    rows = rows_with(session, Guardianship, Guardianship.child_id, set(children))
    return {(row.child_id, row.guardian_id) for row in rows if row.last_day is None}
