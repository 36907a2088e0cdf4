"""Queries about who must be asked: whose yes ends soon, and who was asked and has not answered."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from photoreg.registry.facts.id_list import these
from photoreg.registry.facts.loading import THREADS_AT_A_TIME, threads_in_parts
from photoreg.registry.facts.rows import ConsentRecord
from photoreg.registry.queries.forms import is_same_answer, still_open
from photoreg.registry.queries.people import erased
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, ConsentEvent, ConsentKind
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Depiction, Photo

_YES = (ConsentKind.GIVEN, ConsentKind.RENEWED)


def consents_that_may_end(
    session: Session, *, ends: tuple[date, date], given: tuple[date, date], born: tuple[date, date]
) -> Iterator[list[ConsentRecord]]:
    """Give, some at a time, the consents of which a yes may end in a time: no other can.

    Those about one person come one after another.
    `ends`: by its own last day. `given`: by the day on which it was given, where the policy limits
    the age. `born`: by the birth date of a child for whom somebody else said it.
    """
    yes = select(ConsentEvent.consent_id).where(
        col(ConsentEvent.kind).in_(_YES),
        or_(col(ConsentEvent.valid_until).between(*ends), col(ConsentEvent.day).between(*given)),
    )
    children = select(Person.id).where(col(Person.born).between(*born))
    by_others = and_(
        col(Consent.subject_id) != col(Consent.actor_id), col(Consent.subject_id).in_(children)
    )
    may_end = or_(col(Consent.id).in_(yes), by_others)
    found: Any = select(Consent.id).where(may_end, *_can_answer())
    numbers = session.exec(found.order_by(col(Consent.subject_id), col(Consent.id)))
    for some in threads_in_parts(session, Consent, array("q", numbers)):
        yield sorted(some, key=lambda consent: consent.subject_id)


def _can_answer() -> tuple[Any, ...]:
    """Return the conditions that nobody in a consent is erased: of them nothing is recorded."""
    return tuple(col(who).not_in(erased()) for who in (Consent.subject_id, Consent.actor_id))


def only_asked(session: Session, event: int | None = None) -> Iterator[tuple[Consent, date]]:
    """Give the consents that were asked for and never answered, with the day of asking.

    The longest ago first; those for which a printed form is open are left out.
    """
    answered = select(ConsentEvent.consent_id).where(ConsentEvent.kind != ConsentKind.REQUESTED)
    form = aliased(ConsentForm)
    printed = still_open(form).where(is_same_answer(Consent, form)).correlate(Consent)
    statement: Any = (
        select(Consent, func.min(ConsentEvent.day))
        .join(ConsentEvent, col(ConsentEvent.consent_id) == col(Consent.id))
        .where(col(Consent.id).not_in(answered), ~printed.exists(), *_can_answer())
        .group_by(*Consent.__table__.columns)  # type: ignore[attr-defined]
        .order_by(func.min(ConsentEvent.day), col(Consent.id))
    )
    if event is not None:
        statement = statement.where(Consent.event_id == event)
    found = session.exec(statement.execution_options(yield_per=THREADS_AT_A_TIME))
    return ((consent, day) for consent, day in found)


def photo_counts_of(
    session: Session, persons: Iterable[int], photos: Iterable[int]
) -> dict[tuple[int, str, int | None], int]:
    """Count the photos that show each person: by event (`event`, also None), and single photos."""
    counts: dict[tuple[int, str, int | None], int] = defaultdict(int)
    by_event: Any = (
        select(Depiction.person_id, Photo.event_id, func.count())
        .join(Photo, col(Photo.id) == col(Depiction.photo_id))
        .where(col(Depiction.person_id).in_(these(persons)))
        .group_by(col(Depiction.person_id), col(Photo.event_id))
    )
    for person, event, count in session.exec(by_event):
        counts[person, "event", event] = count
        counts[person, "everything", None] += count
    for row in rows_with(session, Depiction, Depiction.photo_id, photos):
        if row.person_id is not None:
            counts[row.person_id, "photo", row.photo_id] += 1
    return counts


def deciding_pairs(session: Session, children: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs of child and guardian whose guardianship has not ended."""
    rows = rows_with(session, Guardianship, Guardianship.child_id, set(children))
    return {(row.child_id, row.guardian_id) for row in rows if row.ended_on is None}
