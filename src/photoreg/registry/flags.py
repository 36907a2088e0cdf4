"""Queries about flags: which photos one stops, and the flags themselves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from photoreg.registry.names import id_of
from photoreg.registry.tables import FlagOutcome, Photo, PhotoFlag

AT_A_TIME = 10_000
"""How many values one query names: SQLite sets a limit."""

_Value = TypeVar("_Value", int, str)


def flagged_photos(session: Session, photos: Sequence[Photo]) -> set[int]:
    """Return which of these photos a flag stops, by number.

    A flag stops the photo and every file with the same picture. Until it is resolved it also stops
    the versions made of the photo; after that a version is judged by itself (rulebook §7.5).
    """
    origins = _origins(session, photos)
    wanted = {id_of(photo) for photo in photos}.union(*origins.values())
    flags = [flag for some in _some(wanted) for flag in _in_force(session, some)]
    stopped = {flag.photo_id for flag in flags}
    open_ones = {flag.photo_id for flag in flags if flag.resolved_at is None}
    pictures = _flagged_pictures(session, (p.picture_sha256 for p in photos if p.picture_sha256))
    return {
        number
        for photo in photos
        if (number := id_of(photo)) in stopped
        or photo.picture_sha256 in pictures
        or origins[number] & open_ones
    }


def _is_in_force() -> Any:
    return col(PhotoFlag.outcome).is_(None) | (col(PhotoFlag.outcome) == FlagOutcome.STANDS)


def _in_force(session: Session, photo_ids: Sequence[int]) -> Iterable[PhotoFlag]:
    wanted = (_is_in_force(), col(PhotoFlag.photo_id).in_(photo_ids))
    return session.exec(select(PhotoFlag).where(*wanted))


def _origins(session: Session, photos: Sequence[Photo]) -> dict[int, set[int]]:
    """Return for each photo the photos that it is a version of, directly and by way of others."""
    parents: dict[int, int | None] = {id_of(p): p.version_of for p in photos if p.version_of}
    unknown = {origin for origin in parents.values() if origin} - parents.keys()
    while unknown:
        statement = select(Photo.id, Photo.version_of).where(col(Photo.id).in_(sorted(unknown)))
        parents |= {number: origin for number, origin in session.exec(statement) if number}
        unknown = {origin for origin in parents.values() if origin} - parents.keys()
    origins: dict[int, set[int]] = defaultdict(set)
    for photo in photos:
        origin = parents.get(id_of(photo))
        while origin and origin not in origins[id_of(photo)]:
            origins[id_of(photo)].add(origin)
            origin = parents.get(origin)
    return origins


def _flagged_pictures(session: Session, pictures: Iterable[str]) -> set[str | None]:
    flagged = select(Photo.picture_sha256).join(PhotoFlag, col(PhotoFlag.photo_id) == col(Photo.id))
    return {
        picture
        for some in _some(set(pictures))
        for picture in session.exec(
            flagged.where(_is_in_force(), col(Photo.picture_sha256).in_(some))
        )
    }


def _some(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    wanted = sorted(values)
    for start in range(0, len(wanted), AT_A_TIME):
        yield wanted[start : start + AT_A_TIME]


def stopped_with(session: Session, photo: Photo) -> list[int]:
    """Return the photos that a flag on this one can stop: itself, its copies, its versions."""
    found = {id_of(photo)}
    if photo.picture_sha256:
        same = select(Photo.id).where(Photo.picture_sha256 == photo.picture_sha256)
        found |= {number for number in session.exec(same) if number}
    newest = {id_of(photo)}
    while newest:
        versions = select(Photo.id).where(col(Photo.version_of).in_(sorted(newest)))
        newest = {number for number in session.exec(versions) if number} - found
        found |= newest
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag with the photo that it stops."""

    flag: PhotoFlag
    photo: Photo


def listed_flags(
    session: Session, *, photo_id: int | None = None, resolved_too: bool = False
) -> list[Flagged]:
    """Return the flags, oldest first: those that nobody has resolved, or all."""
    statement = select(PhotoFlag, Photo).join(Photo, col(Photo.id) == col(PhotoFlag.photo_id))
    if photo_id is not None:
        statement = statement.where(PhotoFlag.photo_id == photo_id)
    if not resolved_too:
        statement = statement.where(col(PhotoFlag.resolved_at).is_(None))
    ordered = statement.order_by(col(PhotoFlag.raised_at), col(PhotoFlag.id))
    return [Flagged(*row) for row in session.exec(ordered)]
