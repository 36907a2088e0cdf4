"""Series of photos that look alike, one with the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.second_looks import SecondLook
from photoreg.registry.tables.similarity import PhotoSeries


def series_among(session: Session, photos: PhotoSelection) -> set[int]:
    """Return the series to which any of these photos belongs."""
    wanted = photos.photos(PhotoSeries.photo_id)
    return set(session.exec(select(PhotoSeries.series_id).where(wanted).distinct()))


def members_of(session: Session, series: Iterable[int]) -> list[PhotoSeries]:
    """Return every photo of these series, by series and id."""
    rows = rows_with(session, PhotoSeries, PhotoSeries.series_id, series)
    return sorted(rows, key=lambda row: (row.series_id, row.photo_id))


def join_series(session: Session, likenesses: Mapping[int, Iterable[int]]) -> None:
    """Put each photo into one series with the photos that it looks like.

    Series that it connects become one. What was settled between others stays so.
    """
    involved = {number for photo, others in likenesses.items() for number in (photo, *others)}
    known = {
        row.photo_id: row.series_id
        for row in rows_with(session, PhotoSeries, PhotoSeries.photo_id, involved)
    }
    lowest = {series: series for series in known.values()}
    for photo, others in likenesses.items():
        together = {known.get(number, number) for number in (photo, *others)}
        roots = {_root(lowest, number) for number in together}
        for number in (*together, *roots):
            lowest[number] = min(roots)
    for series in sorted(set(known.values())):
        if _root(lowest, series) != series:
            moved = sa.update(PhotoSeries).where(col(PhotoSeries.series_id) == series)
            session.connection().execute(moved.values(series_id=_root(lowest, series)))
    new = [
        {"photo_id": number, "series_id": _root(lowest, number), "lacks": False}
        for number in sorted(involved - set(known))
    ]
    if new:
        session.connection().execute(sa.insert(PhotoSeries), new)
    session.expire_all()


def _root(lowest: Mapping[int, int], number: int) -> int:
    while lowest.get(number, number) != number:
        number = lowest[number]
    return number


def is_anybody_stated(session: Session, photos: Iterable[int]) -> bool:
    """Return whether the question about people is answered for any of these photos."""
    answered = col(Photo.id).in_(id_list(photos)), col(Photo.people).is_not(None)
    return session.exec(select(Photo.id).where(*answered).limit(1)).first() is not None


def settle_series(session: Session, series: int, *, at: datetime, by: int) -> None:
    """Record that all photos of a series are different pictures."""
    rows = col(PhotoSeries.series_id) == series, col(PhotoSeries.settled_at).is_(None)
    session.connection().execute(
        sa.update(PhotoSeries).where(*rows).values(settled_at=at, settled_by=by)
    )
    session.expire_all()


def last_looks_asked(session: Session, series: Iterable[int]) -> dict[int, datetime]:
    """Return when a second look at these series was last asked, for those where it was."""
    names = {human_id(Kind.PHOTO, number): number for number in series}
    looks = rows_with(session, SecondLook, SecondLook.about, names)
    return {names[look.about]: look.asked_at for look in sorted(looks, key=lambda x: x.asked_at)}


def mark_lacking(session: Session, photos: Iterable[int], *, lacks: bool) -> None:
    """Mark photos of which less, or no less, is stated than of others in their series."""
    rows = col(PhotoSeries.photo_id).in_(id_list(photos))
    session.connection().execute(sa.update(PhotoSeries).where(rows).values(lacks=lacks))
    session.expire_all()


def version_links(session: Session, photos: Iterable[int]) -> dict[int, int]:
    """Return of each version among these photos the photo that it was made from."""
    statement = select(Photo.id, Photo.version_of).where(
        col(Photo.id).in_(id_list(photos)), col(Photo.version_of).is_not(None)
    )
    return {number or 0: original or 0 for number, original in session.exec(statement)}


def versions_among(session: Session, photos: PhotoSelection) -> dict[int, tuple[int, int]]:
    """Return the versions among these photos, and of them: original, and who registered it."""
    wanted = or_(photos.photos(Photo.id), photos.photos(Photo.version_of))
    statement = select(Photo.id, Photo.version_of, Photo.registered_by).where(
        col(Photo.version_of).is_not(None), wanted
    )
    return {
        version: (original, by)
        for version, original, by in session.exec(statement)
        if version and original
    }


def versions_looked_at(session: Session, versions: Iterable[int]) -> set[int]:
    """Return the versions about which a second look was asked."""
    looks = rows_with(session, SecondLook, SecondLook.photo_id, versions)
    return {look.photo_id for look in looks if "version" in look.before}
