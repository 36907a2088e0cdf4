"""Queries about two registries: which stops of the one, such as refusals, the other lacks."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.corrected import was_said
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    FlagOutcome,
    Photo,
    PhotoFlag,
    PhotoPhotographer,
)
from photoreg.rulebook.facts import REFUSING_KINDS, Confidentiality

_REFUSING = sorted(REFUSING_KINDS)


def lost_flags(old: Session, new: Session) -> list[PhotoFlag]:
    """Return the flags that stop photos in `old` and that `new` does not know."""
    known = set(new.exec(select(PhotoFlag.id, PhotoFlag.raised_at)))
    stops = or_(col(PhotoFlag.outcome).is_(None), PhotoFlag.outcome != FlagOutcome.LIFTED)
    flags = old.exec(select(PhotoFlag).where(stops).order_by(col(PhotoFlag.id)))
    return [flag for flag in flags if (flag.id, flag.raised_at) not in known]


def lost_blocks(old: Session, new: Session) -> list[Person]:
    """Return the persons who are blocked in `old` and not in `new`; the erased are blocked too."""
    known = set(new.exec(select(Person.id, Person.created_at).where(col(Person.blocked))))
    persons = old.exec(select(Person).where(col(Person.blocked)).order_by(col(Person.id)))
    return [person for person in persons if (person.id, person.created_at) not in known]


def lost_refusals(old: Session, new: Session, table: Any) -> list[Any]:
    """Return the refusing events of `old` that `new` does not know, in the order of recording."""
    is_refusal = col(table.kind).in_(_REFUSING)
    known = set(new.exec(select(table.id, table.recorded_at).where(is_refusal)))
    said = select(table).where(is_refusal, was_said(table))
    events = old.exec(said.order_by(col(table.id)))
    return [event for event in events if (event.id, event.recorded_at) not in known]


def photos_less_stopped(
    old: Session,
    new: Session,
    *,
    person: Callable[[int], int | None],
    event: Callable[[int], int | None],
) -> set[int]:
    """Return the photos of `old` on which a stop has no effect in `new`.

    Somebody who refused or is blocked is connected with them in `old` only, or an event about which
    somebody refused; or an answer or a ruling stops them there only. `person` and `event` return
    whom and which a number of `old` means in `new`.
    """
    persons, events = stopped_persons(old), stopped_events(old)
    people = {number: person(number) for number in persons}
    occasions = {number: event(number) for number in events}
    lost = _lost_links(_person_links(old, persons), people, _person_links(new, people.values()))
    lost |= _lost_links(_event_links(old, events), occasions, _event_links(new, occasions.values()))
    lost |= _blocked_by_answer(old) - _blocked_by_answer(new)
    lost |= _ruled_refused(old, set(new.exec(select(Ruling.id, Ruling.ruled_at))))
    return {number for number, _registered_at in lost}


def _refused_records(session: Session) -> list[tuple[int | None, int | None]]:
    """Return person and event of every consent and permission that was ever refused."""
    consents = (
        select(Consent.subject_id, Consent.event_id)
        .join(ConsentEvent, col(ConsentEvent.consent_id) == col(Consent.id))
        .where(col(ConsentEvent.kind).in_(_REFUSING), was_said(ConsentEvent))
    )
    permissions = (
        select(Permission.photographer_id, Permission.event_id)
        .join(PermissionEvent, col(PermissionEvent.permission_id) == col(Permission.id))
        .where(col(PermissionEvent.kind).in_(_REFUSING), was_said(PermissionEvent))
    )
    return [*session.exec(consents.distinct()), *session.exec(permissions.distinct())]


def stopped_persons(session: Session) -> set[int]:
    """Return who is blocked, or has refused or withdrawn anything."""
    blocked = session.exec(select(Person.id).where(col(Person.blocked)))
    refusing = (person for person, _event in _refused_records(session))
    return {number for number in (*blocked, *refusing) if number}


def stopped_events(session: Session) -> set[int]:
    """Return the events about which somebody refused or withdrew anything."""
    return {event for _person, event in _refused_records(session) if event}


_Photo = tuple[int, datetime]
"""The number of a photo, and when it was registered."""

_Links = set[tuple[_Photo, int]]
"""A photo, and the number of a person or an event."""


def _photos(*more: Any) -> Any:
    """Build a query for photos, with these columns of tables that will be joined."""
    return sa.select(Photo.id, Photo.registered_at, *more)  # type: ignore[call-overload]


def _person_links(session: Session, persons: Iterable[int | None]) -> _Links:
    """Return which photos show these persons or were taken by them."""
    wanted = id_list(each for each in persons if each)
    shown = (
        _photos(Depiction.person_id)
        .join(Depiction, col(Depiction.photo_id) == col(Photo.id))
        .where(col(Depiction.person_id).in_(wanted))
    )
    taken = (
        _photos(PhotoPhotographer.person_id)
        .join(PhotoPhotographer, col(PhotoPhotographer.photo_id) == col(Photo.id))
        .where(col(PhotoPhotographer.person_id).in_(wanted))
    )
    at_event = (
        _photos(EventPhotographer.person_id)
        .join(EventPhotographer, col(EventPhotographer.event_id) == col(Photo.event_id))
        .where(col(EventPhotographer.person_id).in_(wanted))
    )
    found = session.connection().execute(sa.union(shown, taken, at_event))
    return {((number, at), person) for number, at, person in found}


def _event_links(session: Session, events: Iterable[int | None]) -> _Links:
    wanted = id_list(each for each in events if each)
    found = _photos(Photo.event_id).where(col(Photo.event_id).in_(wanted))
    return {((number, at), event) for number, at, event in session.connection().execute(found)}


def _lost_links(old: _Links, meant: dict[int, int | None], new: _Links) -> set[_Photo]:
    return {photo for photo, number in old if (photo, meant[number]) not in new}


def _blocked_by_answer(session: Session) -> set[_Photo]:
    block, own = Confidentiality.PUBLICATION_BLOCK, col(Photo.confidentiality)
    statement = (
        _photos()
        .join(Event, col(Event.id) == col(Photo.event_id), isouter=True)
        .where(or_(own == block, own.is_(None) & (col(Event.confidentiality) == block)))
    )
    return {(number, at) for number, at in session.connection().execute(statement)}


def _ruled_refused(old: Session, known: set[Any]) -> set[_Photo]:
    """Return the photos that a coordinator refused by a ruling that is not known."""
    statement = (
        _photos(Ruling.id, Ruling.ruled_at)
        .join(Case, col(Case.photo_id) == col(Photo.id))
        .join(Ruling, col(Ruling.case_id) == col(Case.id))
        .where(Ruling.kind == RulingKind.REFUSED, col(Case.voided_at).is_(None))
    )
    found = old.connection().execute(statement)
    return {(number, at) for number, at, *ruling in found if tuple(ruling) not in known}


def same_photo(old: Session, new: Session, number: int) -> int | None:
    """Return the photo of `new` that was registered at the same time, or as the same file."""
    there, here = old.get_one(Photo, number), new.get(Photo, number)
    if here is not None and here.registered_at == there.registered_at:
        return number
    return new.exec(select(Photo.id).where(Photo.sha256 == there.sha256)).first()


def photos_meant(old: Session, new: Session, numbers: Iterable[int]) -> dict[int, int]:
    """Return the photos of `new` that these photos of `old` are, as `same_photo` does."""
    wanted = col(Photo.id).in_(id_list(numbers))
    there, here = (
        dict(session.exec(select(Photo.id, Photo.registered_at).where(wanted)).all())
        for session in (old, new)
    )
    found = {
        number: number if here.get(number) == at else same_photo(old, new, number or 0)
        for number, at in there.items()
    }
    return {number: meant for number, meant in found.items() if number and meant}


def same_row(old: Session, new: Session, table: Any, number: int) -> int | None:
    """Return the number of a person or event of `old` if `new` has it, added at the same time."""
    there, here = old.get_one(table, number), new.get(table, number)
    return id_of(here) if here is not None and here.created_at == there.created_at else None


def next_number(session: Session, table: Any, own: int) -> int:
    """Return the number of a row that is carried over: its own if it is free and the highest."""
    last = session.exec(select(sa.func.max(table.id))).one() or 0
    return max(own, last + 1)


def parts_of(session: Session, table: Any, event: int) -> list[Any]:
    """Return the channels, or the purposes, of a consent or permission event."""
    return list(session.exec(select(table).where(table.statement_id == event)))
