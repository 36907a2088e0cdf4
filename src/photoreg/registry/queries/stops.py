"""Queries about flags on many photos: their versions and copies, and adding flags."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.queries.people import erased_ids
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    FlagOutcome,
    Photo,
    PhotoFlag,
)
from photoreg.rulebook.facts import Confidentiality


def derived_versions(session: Session, photos: Iterable[int]) -> dict[int, int]:
    """Return the versions of these photos, recursively, each with the photo it was made from."""
    newest = set(photos)
    known = set(newest)
    found: dict[int, int] = {}
    while newest:
        made = rows_with(session, Photo, Photo.version_of, newest)
        newest = {id_of(version) for version in made} - known
        known |= newest
        found |= {id_of(v): v.version_of for v in made if v.version_of and id_of(v) in newest}
    return found


def originals_of(session: Session, photos: Iterable[int]) -> dict[int, int]:
    """Return the original of each of these photos that is a version."""
    made = (col(Photo.id).in_(id_list(photos)), col(Photo.version_of).is_not(None))
    found = session.exec(select(Photo.id, Photo.version_of).where(*made))
    return {version: original for version, original in found if version and original}


def photos_with_same_picture(session: Session, photos: Iterable[int]) -> set[int]:
    """Return the photos whose files hold the same picture, bit for bit, as one of these."""
    pictures = {photo.picture_sha256 for photo in rows_with(session, Photo, Photo.id, photos)}
    same = rows_with(session, Photo, Photo.picture_sha256, pictures - {None})
    return {id_of(photo) for photo in same}


def event_ids_of(session: Session, photos: Iterable[int]) -> dict[int, int | None]:
    """Return the event of each of these photos."""
    statement = select(Photo.id, Photo.event_id).where(col(Photo.id).in_(id_list(photos)))
    return {number: event for number, event in session.exec(statement) if number}


def photos_showing_blocked_persons(session: Session, photos: Iterable[int]) -> set[int]:
    """Return the photos whose own answers record a publication block."""
    statement = select(Photo.id).where(
        col(Photo.id).in_(id_list(photos)),
        Photo.confidentiality == Confidentiality.PUBLICATION_BLOCK,
    )
    return {number for number in session.exec(statement) if number}


def photos_of_blocked_events(session: Session, photos: Iterable[int]) -> set[int]:
    """Return those of these photos whose event records a publication block."""
    statement = select(Photo.id).join(Event, col(Event.id) == col(Photo.event_id))
    statement = statement.where(
        col(Photo.id).in_(id_list(photos)),
        col(Photo.confidentiality).is_(None),
        Event.confidentiality == Confidentiality.PUBLICATION_BLOCK,
    )
    return {number for number in session.exec(statement) if number}


def photos_showing_erased_persons(session: Session, photos: Iterable[int]) -> set[int]:
    """Return those of these photos that show a person erased since: they stay blocked."""
    statement = select(Depiction.photo_id).where(
        col(Depiction.photo_id).in_(id_list(photos)), col(Depiction.person_id).in_(erased_ids())
    )
    return set(session.exec(statement))


def possibly_refused_photos(session: Session, photos: Iterable[int]) -> set[int]:
    """Return the photos with consents or permissions of their own, or with a blocked person.

    One statement, so that consent events are read for few photos only.
    """
    wanted = id_list(photos)
    blocked: Any = select(Photo.id).where(
        col(Photo.id).in_(wanted), Photo.confidentiality == Confidentiality.PUBLICATION_BLOCK
    )
    shown = (col(Depiction.photo_id).in_(wanted), col(Depiction.person_id).in_(erased_ids()))
    found = blocked.union(
        select(Consent.photo_id).where(col(Consent.photo_id).in_(wanted)),
        select(Permission.photo_id).where(col(Permission.photo_id).in_(wanted)),
        select(Depiction.photo_id).where(*shown),
    )
    return set(session.execute(found).scalars())


def active_flags(session: Session, photos: Iterable[int]) -> dict[int, PhotoFlag]:
    """Return the active flags on these photos themselves, by photo; one of several."""
    flags = rows_with(session, PhotoFlag, PhotoFlag.photo_id, photos)
    return {flag.photo_id: flag for flag in flags if flag.outcome is not FlagOutcome.LIFTED}


def flagged_for_likeness(session: Session, photos: Iterable[int]) -> dict[int, int]:
    """Return those of these photos that are flagged only since they look like others: like which.

    One of several.
    """
    flags = rows_with(session, PhotoFlag, PhotoFlag.photo_id, photos)
    active = [flag for flag in flags if flag.outcome is not FlagOutcome.LIFTED]
    on_picture = {flag.photo_id for flag in active if flag.like_photo_id is None}
    return {
        flag.photo_id: flag.like_photo_id
        for flag in active
        if flag.like_photo_id and flag.photo_id not in on_picture
    }


def add_flags(session: Session, flags: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Add flags, each a row of columns and each on another photo; return their ids by photo."""
    if not flags:
        return {}
    before = session.exec(select(sa.func.max(PhotoFlag.id))).one() or 0
    session.connection().execute(sa.insert(PhotoFlag), flags)
    added = select(PhotoFlag.photo_id, PhotoFlag.id).where(col(PhotoFlag.id) > before)
    return {photo: number for photo, number in session.exec(added) if number}
