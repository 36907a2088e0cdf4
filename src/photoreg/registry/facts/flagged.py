"""Photos stopped by flags, and photos of which less is stated than of others in their series."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.tables.photos import FlagOutcome, Photo, PhotoFlag
from photoreg.registry.tables.similarity import PhotoSeries


def flagged_photos(session: Session, wanted: Callable[[Any], Any]) -> frozenset[int]:
    """Return which of the wanted photos a flag stops; `wanted` builds the condition on a column.

    A flag stops the photo and every file with the same picture. Until it is resolved it also stops
    the versions made of the photo; after that a version is evaluated by itself (rulebook §7.5). A
    near-duplicate, version or not, has a flag of its own (`services.decisions.stop_propagation`).
    """
    statement = select(Photo.id).where(col(Photo.id).in_(_flagged_query()), wanted(Photo.id))
    return frozenset(number for number in session.exec(statement) if number)


@cache
def _flagged_query() -> Any:
    """Build the query for the photos that a flag stops."""
    flag: Any = aliased(PhotoFlag)
    flagged: Any = aliased(Photo)
    itself: Any = select(PhotoFlag.photo_id).where(_is_in_force())
    same_picture = (
        select(Photo.id)
        .join(flagged, col(Photo.picture_sha256) == flagged.picture_sha256)
        .join(PhotoFlag, col(PhotoFlag.photo_id) == flagged.id)
        .where(_is_in_force())
    )
    first: Any = select(flag.photo_id).where(flag.resolved_at.is_(None))
    versions = first.cte("versions", recursive=True)
    versions = versions.union(select(Photo.id).where(col(Photo.version_of) == versions.c.photo_id))
    return itself.union(same_picture, select(versions.c.photo_id))


def _is_in_force() -> Any:
    return col(PhotoFlag.outcome).is_(None) | (col(PhotoFlag.outcome) == FlagOutcome.STANDS)


def copies_that_lack(session: Session, wanted: Callable[[Any], Any]) -> frozenset[int]:
    """Return which of the wanted photos lack what is stated of another photo of their series."""
    statement = select(PhotoSeries.photo_id).where(
        col(PhotoSeries.lacks).is_(True), wanted(PhotoSeries.photo_id)
    )
    return frozenset(session.exec(statement))
