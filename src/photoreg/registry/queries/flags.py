"""Queries about flags: the flags and the photos they stop."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import (
    FlagCause,
    FlagOutcome,
    ObjectorKind,
    Photo,
    PhotoFlag,
)


@dataclass(frozen=True, slots=True)
class FlagWithPhoto:
    """A flag with the photo that it stops."""

    flag: PhotoFlag
    photo: Photo


def concerns_person(flag: PhotoFlag) -> bool:
    """Return whether a flag is by or about a person, so that only coordinators see it."""
    is_about_photo = flag.cause in {FlagCause.SAID, FlagCause.LOOKS_ALIKE}
    return flag.objector_kind is not ObjectorKind.STAFF or not is_about_photo


def photos_with_objections(session: Session, photos: Iterable[int]) -> frozenset[int]:
    """Return which of these photos a flag by or about a person stops."""
    flags = rows_with(session, PhotoFlag, PhotoFlag.photo_id, photos)
    return frozenset(
        flag.photo_id
        for flag in flags
        if concerns_person(flag) and flag.outcome is not FlagOutcome.LIFTED
    )


def flags_with_photos(
    session: Session,
    *,
    photo_id: int | None = None,
    registered_by: int | None = None,
    resolved_too: bool = False,
) -> list[FlagWithPhoto]:
    """Return the flags, oldest first: the open ones, or all.

    Only those on one photo, or on the photos registered by one user, if given.
    """
    statement = select(PhotoFlag, Photo).join(Photo, col(Photo.id) == col(PhotoFlag.photo_id))
    if photo_id is not None:
        statement = statement.where(PhotoFlag.photo_id == photo_id)
    if registered_by is not None:
        statement = statement.where(Photo.registered_by == registered_by)
    if not resolved_too:
        statement = statement.where(col(PhotoFlag.resolved_at).is_(None))
    ordered = statement.order_by(col(PhotoFlag.raised_at), col(PhotoFlag.id))
    return [FlagWithPhoto(*row) for row in session.exec(ordered)]
