"""Queries for audits: what ends or is unproven, photos of minors, settings, channels, documents."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.facts.builder import FactBuilder
from photoreg.registry.facts.id_list import these
from photoreg.registry.facts.loading import load_shared, photos_in_order, threads_in_parts
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.facts.rows import ConsentRecord, PermissionRecord, PersonRecord, ThreadRecord
from photoreg.registry.ids import id_of
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    ConsentKind,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.organisation import PolicyVersion
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Depiction, EventPhotographer, Photo, PhotoPhotographer
from photoreg.registry.tables.publications import Decision, Publication, TakeDown
from photoreg.rulebook.facts import AgeGroup, PersonFacts, Role

RECENT = 30_000
"""How many persons are remembered with what they said of an event's photos."""

_YES = (ConsentKind.GIVEN, ConsentKind.RENEWED)


def consents_ending(session: Session, first: date, last: date) -> Iterator[list[ConsentRecord]]:
    """Give, some at a time, the consents in which a yes ends between two days, both included."""
    yield from _threads(session, Consent, ConsentEvent.consent_id, _ends(ConsentEvent, first, last))


def permissions_ending(
    session: Session, first: date, last: date
) -> Iterator[list[PermissionRecord]]:
    """Give, some at a time, the permissions in which a yes ends between two days."""
    where = _ends(PermissionEvent, first, last)
    yield from _threads(session, Permission, PermissionEvent.permission_id, where)


def consents_unproven(session: Session) -> Iterator[list[ConsentRecord]]:
    """Give, some at a time, the consents in which a yes has neither document nor note."""
    yield from _threads(session, Consent, ConsentEvent.consent_id, _unproven(ConsentEvent))


def permissions_unproven(session: Session) -> Iterator[list[PermissionRecord]]:
    """Give, some at a time, the permissions in which a yes has neither document nor note."""
    where = _unproven(PermissionEvent)
    yield from _threads(session, Permission, PermissionEvent.permission_id, where)


def _ends(said: Any, first: date, last: date) -> list[Any]:
    return [col(said.kind).in_(_YES), col(said.valid_until).between(first, last)]


def _unproven(said: Any) -> list[Any]:
    return [col(said.kind).in_(_YES), col(said.evidence).is_(None), col(said.paper) == ""]


def _threads(session: Session, table: Any, reference: Any, where: list[Any]) -> Iterator[list[Any]]:
    wanted = array(
        "q", session.exec(select(reference).where(*where).distinct().order_by(reference))
    )
    yield from threads_in_parts(session, table, wanted)


def reach_of_consents(
    session: Session, threads: Sequence[ConsentRecord]
) -> dict[int, tuple[int, int]]:
    """Return for each consent how many photos it reaches, and how many live publications."""
    reached = or_(col(Consent.event_id).is_(None), col(Consent.event_id) == col(Photo.event_id))
    wider = [thread for thread in threads if thread.photo_id is None]
    statement = (
        _counted(Consent)
        .join(Depiction, col(Depiction.person_id) == col(Consent.subject_id))
        .join(Photo, sa.and_(col(Photo.id) == col(Depiction.photo_id), reached))
    )
    return {
        **_reach(session, statement, Consent, wider),
        **_reach_of_photos(session, threads, shows=True),
    }


def reach_of_permissions(
    session: Session, threads: Sequence[PermissionRecord]
) -> dict[int, tuple[int, int]]:
    """Return for each permission how many photos it reaches, and how many live publications."""
    own: Any = sa.select(
        col(PhotoPhotographer.person_id).label("person"),
        col(PhotoPhotographer.photo_id).label("photo"),
    ).join(Photo, col(Photo.id) == col(PhotoPhotographer.photo_id))
    by_event: Any = (
        sa.select(col(EventPhotographer.person_id), col(Photo.id))
        .join(Photo, col(Photo.event_id) == col(EventPhotographer.event_id))
        .where(col(Photo.photographer).is_(None))
    )
    wider = [thread for thread in threads if thread.photo_id is None]
    holders = {thread.photographer_id for thread in wider}
    taken = sa.union(
        own.where(col(PhotoPhotographer.person_id).in_(holders)),
        by_event.where(col(EventPhotographer.person_id).in_(holders)),
    ).subquery("taken")
    reached = or_(
        col(Permission.event_id).is_(None), col(Permission.event_id) == col(Photo.event_id)
    )
    statement = (
        _counted(Permission)
        .join(taken, taken.c.person == col(Permission.photographer_id))
        .join(Photo, sa.and_(col(Photo.id) == taken.c.photo, reached))
    )
    return {
        **_reach(session, statement, Permission, wider),
        **_reach_of_photos(session, threads, shows=False),
    }


def _reach_of_photos(
    session: Session, threads: Sequence[ThreadRecord], *, shows: bool
) -> dict[int, tuple[int, int]]:
    """Return the same for threads about one photo each; with `shows` if it shows the person."""
    photos = {id_of(thread): thread.photo_id for thread in threads if thread.photo_id is not None}
    wanted = sorted(set(photos.values()))
    counted = (
        select(Publication.photo_id, sa.func.count())
        .where(col(Publication.removed_on).is_(None), col(Publication.photo_id).in_(wanted))
        .group_by(col(Publication.photo_id))
    )
    live = dict(session.exec(counted).all())
    pairs = select(Depiction.photo_id, Depiction.person_id)
    shown = set(session.exec(pairs.where(col(Depiction.photo_id).in_(wanted)))) if shows else set()
    subjects = {id_of(t): t.subject_id for t in threads if isinstance(t, ConsentRecord)}
    return {
        number: (1, live.get(photo, 0))
        for number, photo in photos.items()
        if not shows or (photo, subjects[number]) in shown
    }


def _counted(table: Any) -> Any:
    return sa.select(
        col(table.id),
        sa.func.count(sa.distinct(col(Photo.id))),
        sa.func.count(sa.distinct(col(Publication.id))),
    ).select_from(table)


def _reach(
    session: Session, statement: Any, table: Any, threads: Sequence[ThreadRecord]
) -> dict[int, tuple[int, int]]:
    is_live = sa.and_(
        col(Publication.photo_id) == col(Photo.id), col(Publication.removed_on).is_(None)
    )
    counted = (
        statement.outerjoin(Publication, is_live)
        .where(col(table.id).in_(these(id_of(thread) for thread in threads)))
        .group_by(col(table.id))
    )
    return {
        number: (photos, live) for number, photos, live in session.connection().execute(counted)
    }


def minors_in_photos(session: Session, born_after: date) -> Iterator[tuple[int, PersonFacts]]:
    """Give, photo by photo, what is known of each person shown who may be a minor.

    The photos pass as a stream, and who said the same of all photos of an event is looked at once.
    """
    minors = select(Person.id).where(
        or_(
            col(Person.born) > born_after,
            sa.and_(col(Person.born).is_(None), col(Person.age_group) != AgeGroup.ADULT),
        )
    )
    which = Which(among=select(Depiction.photo_id).where(col(Depiction.person_id).in_(minors)))
    builder = FactBuilder(load_shared(session, which))
    known: dict[tuple[int, int | None], PersonFacts] = {}
    for rows in photos_in_order(session, which, builder.shared.sayings):
        event = rows.event_id
        for person, role in rows.depicted:
            if not person or not _may_be_minor(builder.shared.persons[person], born_after):
                continue
            of_photo = [word for word in rows.consents or () if word.about == person]
            facts = None if of_photo else known.get((person, event))
            if facts is None:
                said = builder.said_about(person, event, of_photo)
                facts = builder.person_who_said(person, Role(role), said)
            if not of_photo:
                if len(known) >= RECENT:
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
    """Return how many decisions were made under each version of the settings."""
    statement = select(Decision.policy_version, sa.func.count()).group_by(
        col(Decision.policy_version)
    )
    return dict(session.exec(statement).all())


def live_by_channel(session: Session) -> dict[int, int]:
    """Return how many publications are still out on each channel."""
    statement = (
        select(Publication.channel_id, sa.func.count())
        .where(col(Publication.removed_on).is_(None))
        .group_by(col(Publication.channel_id))
    )
    return dict(session.exec(statement).all())


def uses_of_evidence(session: Session, documents: Iterable[str]) -> dict[str, list[str]]:
    """Return what rests on each document: `C-7`, `L-3`, `H-4` (an excuse), `K-2`, `T-1`."""
    wanted = sorted(documents)
    found: dict[str, list[str]] = defaultdict(list)
    for letter, number, document in (
        ("C", ConsentEvent.consent_id, ConsentEvent.evidence),
        ("L", PermissionEvent.permission_id, PermissionEvent.evidence),
        ("H", Guardianship.guardian_id, Guardianship.excused_evidence),
        ("K", Ruling.case_id, Ruling.evidence),
        ("T", TakeDown.id, TakeDown.proof_evidence),
    ):
        statement: Any = select(number, document).where(col(document).in_(wanted)).distinct()
        for row, sha256 in session.exec(statement):
            found[sha256].append(f"{letter}-{row}")
    return found
