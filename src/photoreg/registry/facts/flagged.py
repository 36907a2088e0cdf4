"""Photos stopped by flags, and photos of which less is stated than of others in their series."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.tables.photos import FlagOutcome, Photo, PhotoFlag


class PhotoStops(NamedTuple):
    """Photos that a flag stops: `flagged` for a reason about no person, `objected` about one."""

    flagged: frozenset[int] = frozenset()
    objected: frozenset[int] = frozenset()

    @property
    def photos(self) -> frozenset[int]:
        """The photos that are stopped, for whichever reason."""
        return self.flagged | self.objected


def stopped_photos(session: Session, wanted: Callable[[Any], Any]) -> PhotoStops:
    """Return which of the wanted photos a flag stops; `wanted` builds the condition on a column.

    A flag stops the photo and every file with the same picture. Until it is resolved it also stops
    the versions made of the photo; after that a version is evaluated by itself (rulebook §7.5). A
    near-duplicate, version or not, has a flag of its own (`services.decisions.stop_propagation`).
    """
    stop = _stops_query()
    found = session.execute(
        sa.select(stop.c.photo_id, stop.c.concerns_person).where(wanted(stop.c.photo_id))
    ).all()
    return PhotoStops(
        frozenset(photo for photo, concerns_person in found if not concerns_person),
        frozenset(photo for photo, concerns_person in found if concerns_person),
    )


@cache
def _stops_query() -> Any:
    """Build the query for the photos that a flag stops, each with whether it concerns a person."""
    flag: Any = aliased(PhotoFlag)
    flagged: Any = aliased(Photo)
    itself: Any = select(PhotoFlag.photo_id, PhotoFlag.concerns_person).where(_is_in_force())
    same_picture = (
        select(Photo.id, PhotoFlag.concerns_person)
        .join(flagged, col(Photo.picture_sha256) == flagged.picture_sha256)
        .join(PhotoFlag, col(PhotoFlag.photo_id) == flagged.id)
        .where(_is_in_force())
    )
    first: Any = select(flag.photo_id, flag.concerns_person).where(flag.resolved_at.is_(None))
    versions = first.cte("versions", recursive=True)
    made: Any = select(Photo.id, versions.c.concerns_person)
    versions = versions.union(made.where(col(Photo.version_of) == versions.c.photo_id))
    return itself.union(same_picture, select(*versions.c)).subquery()


def _is_in_force() -> Any:
    return col(PhotoFlag.outcome).is_(None) | (col(PhotoFlag.outcome) == FlagOutcome.UPHELD)


def copies_that_lack(session: Session, wanted: Callable[[Any], Any]) -> frozenset[int]:
    """Return which of the wanted photos lack what is stated of another photo of their series."""
    series = _SERIES.c
    statement = sa.select(series.photo_id).where(series.lacks.is_(True), wanted(series.photo_id))
    return frozenset(session.connection().execute(statement).scalars())


# Named by hand: declaring the class would cost every command that asks for a verdict.
_SERIES = sa.table(
    "photo_series", sa.column("photo_id", sa.Integer), sa.column("lacks", sa.Boolean)
)
