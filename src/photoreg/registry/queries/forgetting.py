"""Queries about photos that were registered by mistake: what rests on them, and their deletion."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.similarity import delete_likenesses
from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.photos import Photo, PhotoPhotographer
from photoreg.registry.tables.similarity import PhotoSeries

_GONE_WITH_IT = frozenset(
    {
        "photo_photographer",  # said as it was registered
        *("photo_likeness", "photo_series"),  # computed by photoreg itself
        *("verdict_cache", "missing_consent", "photo_class"),  # the same; the database deletes them
    }
)
"""Tables whose rows are deleted with a photo."""

_ABOUT_FILE = frozenset(
    {
        *(Action.PHOTO_REGISTERED, Action.PHOTO_FINGERPRINTED, Action.PHOTO_FILE_CHANGED),
        *(Action.PICTURE_UNREAD, Action.PICTURE_READ, Action.VERSION_ADDED, Action.RECORD_CHANGED),
    }
)
"""Entries of the log by which nobody has said or decided anything about a registered photo."""


@cache
def _references() -> tuple[tuple[sa.Table, sa.Column[int]], ...]:
    """Return the columns that refer to photos, in whatever table: later tables come in as well."""
    photo = METADATA.tables["photo"].c.id
    return tuple(
        (table, column)
        for table in METADATA.tables.values()
        for column in table.columns
        if any(key.column is photo for key in column.foreign_keys)
    )


def tables_resting_on(session: Session, photos: Sequence[int]) -> dict[int, set[str]]:
    """Return by photo the tables with rows about it, without those that are deleted with it."""
    wanted, found = id_list(photos), defaultdict[int, set[str]](set)
    for table, column in _references():
        if table.name not in _GONE_WITH_IT:
            named = sa.select(column).where(column.in_(wanted)).distinct()
            for photo in session.execute(named).scalars():
                found[photo].add(table.name)
    return dict(found)


def photos_told_apart(session: Session, photos: Sequence[int]) -> set[int]:
    """Return those of these photos that somebody said to be another picture than similar ones."""
    settled = (
        col(PhotoSeries.photo_id).in_(id_list(photos)),
        col(PhotoSeries.settled_at).is_not(None),
    )
    return set(session.exec(select(PhotoSeries.photo_id).where(*settled)))


def photos_spoken_of(session: Session, photos: Sequence[int]) -> set[int]:
    """Return those of these photos about which the log tells more than what their files are."""
    names = {human_id(Kind.PHOTO, number): number for number in photos}
    told = select(LedgerEntry.subject).where(
        col(LedgerEntry.subject).in_(list(names)), col(LedgerEntry.action).not_in(_ABOUT_FILE)
    )
    return {names[subject] for subject in session.exec(told.distinct())}


def delete_photos(session: Session, photos: Sequence[int]) -> None:
    """Delete photos with what is derived from them; a row that rests on one forbids it."""
    wanted = id_list(photos)
    delete_likenesses(session, photos)
    _leave_series(session, photos)
    links = sa.delete(PhotoPhotographer).where(col(PhotoPhotographer.photo_id).in_(wanted))
    session.connection().execute(links)
    session.connection().execute(sa.delete(Photo).where(col(Photo.id).in_(wanted)))
    session.expire_all()


def _leave_series(session: Session, photos: Sequence[int]) -> None:
    """Take photos out of their series: the lowest of the others names it, one alone is none."""
    series = col(PhotoSeries.series_id)
    own = select(series).where(col(PhotoSeries.photo_id).in_(id_list(photos)))
    members: dict[int, list[int]] = defaultdict(list)
    rows = select(series, col(PhotoSeries.photo_id)).where(series.in_(own))
    for number, photo in session.exec(rows.order_by(col(PhotoSeries.photo_id))):
        members[number].append(photo)
    for number, left, gone in _divided(members, photos):
        alone = left if len(left) == 1 else []
        connection = session.connection()
        connection.execute(
            sa.delete(PhotoSeries).where(col(PhotoSeries.photo_id).in_([*gone, *alone]))
        )
        if left and number in gone and not alone:
            renamed = sa.update(PhotoSeries).where(series == number)
            connection.execute(renamed.values(series_id=left[0]))


def _divided(
    members: Mapping[int, Sequence[int]], photos: Sequence[int]
) -> Iterator[tuple[int, list[int], list[int]]]:
    """Yield each series with the members that stay in it, and those that leave it."""
    leaving = set(photos)
    for number, together in members.items():
        yield (
            number,
            [photo for photo in together if photo not in leaving],
            [photo for photo in together if photo in leaving],
        )
