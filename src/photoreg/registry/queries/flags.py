"""Queries about flags: the flags and the photos they stop."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.photos import (
    Depiction,
    FlagOutcome,
    Photo,
    PhotoFlag,
)


@dataclass(frozen=True, slots=True)
class FlagWithPhoto:
    """A flag with the photo that it stops."""

    flag: PhotoFlag
    photo: Photo


def photos_with_objections(session: Session, photos: Iterable[int]) -> frozenset[int]:
    """Return which of these photos a flag by or about a person stops."""
    flags = rows_with(session, PhotoFlag, PhotoFlag.photo_id, photos)
    return frozenset(
        flag.photo_id
        for flag in flags
        if flag.concerns_person and flag.outcome is not FlagOutcome.LIFTED
    )


def persons_with_objections(
    session: Session, persons: Iterable[int] | None = None
) -> frozenset[int]:
    """Return for which of these persons' sake, or of all, a flag stops a photo.

    Those whom the flag is about; those with an answer about that photo alone, since there the
    person's or a guardian's own objection is recorded as their no; and whoever alone is named in
    it, lest their answers tell that it was somebody else who objected.
    """
    wanted = None if persons is None else id_list(persons)

    def among(person: Any) -> tuple[Any, ...]:
        return (person.is_not(None),) if wanted is None else (person.in_(wanted),)

    stands = (
        col(PhotoFlag.concerns_person),
        col(PhotoFlag.outcome).is_distinct_from(FlagOutcome.LIFTED),
    )
    about = select(PhotoFlag.about_person_id).where(*among(col(PhotoFlag.about_person_id)), *stands)
    answered = (
        select(Consent.subject_id)
        .join(PhotoFlag, col(PhotoFlag.photo_id) == col(Consent.photo_id))
        .where(*among(col(Consent.subject_id)), *stands)
    )
    other = aliased(Depiction)
    with_others = (
        select(other.id)
        .where(other.photo_id == Depiction.photo_id, other.person_id != Depiction.person_id)
        .exists()
    )
    alone = (
        select(Depiction.person_id)
        .join(PhotoFlag, col(PhotoFlag.photo_id) == col(Depiction.photo_id))
        .where(*among(col(Depiction.person_id)), ~with_others, *stands)
    )
    return frozenset(session.execute(about.union(answered, alone)).scalars())


def consents_of_objections(session: Session, *, but_by: int) -> frozenset[int]:
    """Return the consents that came with a standing flag on their photo: the objection itself.

    Those excepted on which a member of staff has recorded something.
    """
    own = aliased(ConsentEvent)
    of_own = select(own.id).where(own.consent_id == Consent.id, own.recorded_by == but_by)
    earlier = aliased(ConsentEvent)
    before = select(earlier.id).where(
        earlier.consent_id == Consent.id, earlier.recorded_at < PhotoFlag.raised_at
    )
    statement = (
        select(Consent.id)
        .join(PhotoFlag, col(PhotoFlag.photo_id) == col(Consent.photo_id))
        .join(ConsentEvent, col(ConsentEvent.consent_id) == col(Consent.id))
        .where(
            col(PhotoFlag.concerns_person),
            col(PhotoFlag.outcome).is_distinct_from(FlagOutcome.LIFTED),
            ConsentEvent.recorded_at == PhotoFlag.raised_at,
            ~before.exists(),
            ~of_own.exists(),
        )
    )
    return frozenset(number for number in session.exec(statement) if number is not None)


def open_flags_of(session: Session, photo_ids: Iterable[int]) -> list[int]:
    """Return the flags on these photos that are not resolved, oldest first."""
    on_photos = col(PhotoFlag.photo_id).in_(id_list(photo_ids))
    statement = select(PhotoFlag.id).where(on_photos, col(PhotoFlag.resolved_at).is_(None))
    return [number for number in session.exec(statement.order_by(col(PhotoFlag.id))) if number]


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
