"""Kept verdicts: what an audit found, and until when it holds; never what a gate goes by."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import starmap
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.loading import Which, records, streamed
from photoreg.registry.tables.kept import KeptLack, KeptVerdict
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.verdict import RULES_VERSION


class Lack(NamedTuple):
    """What a photo lacks for a channel. Persons by number; the outcome by its value."""

    photo_id: int
    channel_id: int
    outcome: str
    codes: tuple[str, ...]
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """For which day and by which policy a kept verdict must hold to count."""

    day: date
    policy_version: int

    def holds(self) -> Any:
        """Return the condition that a kept verdict counts."""
        return sa.and_(
            col(KeptVerdict.day) <= self.day,
            col(KeptVerdict.until) >= self.day,
            col(KeptVerdict.rules_version) == RULES_VERSION,
            col(KeptVerdict.policy_version) == self.policy_version,
        )


def photos_to_judge(
    session: Session, basis: Basis | None, which: Which, most: int | None = None
) -> "array[int] | None":
    """Return which of the photos have no kept verdict that counts (all without a basis), in order.

    None for more than `most` in the whole registry.
    """
    if most is not None and basis:
        photos = session.execute(sa.select(sa.func.count()).select_from(Photo)).scalar_one()
        counting = sa.select(sa.func.count()).select_from(KeptVerdict).where(basis.holds())
        missing = photos - session.execute(counting).scalar_one()
        if missing > most:
            return None
        if not missing:
            return array("q")
    wanted: Any = sa.select(col(Photo.id)).where(which.photos(Photo.id))
    if basis:
        # Both sides in their order, side by side; NOT IN looks up each photo, and on PostgreSQL
        # goes through all that is kept for each.
        counts = (which.photos(KeptVerdict.photo_id), basis.holds())
        wanted = wanted.except_(sa.select(col(KeptVerdict.photo_id)).where(*counts))
    return array("q", (row[0] for row in records(session, which, wanted.order_by("id"))))


def kept_of(session: Session, which: Which, basis: Basis) -> dict[int, list[Lack]]:
    """Return what is kept of these photos, as far as it counts."""
    counting: Any = sa.select(col(KeptVerdict.photo_id)).where(
        which.photos(KeptVerdict.photo_id), basis.holds()
    )
    found: dict[int, list[Lack]] = {photo: [] for photo in session.execute(counting).scalars()}
    for row in session.execute(_lacks().where(which.photos(KeptLack.photo_id))):
        if row[0] in found:
            found[row[0]].append(_lack(*row))
    return found


def _lacks() -> Any:
    columns: tuple[Any, ...] = (KeptLack.photo_id, KeptLack.channel_id)
    outcome = sa.type_coerce(col(KeptLack.outcome), sa.String)
    texts: tuple[Any, ...] = (outcome, KeptLack.codes, KeptLack.persons)
    return sa.select(*columns, *texts).order_by(*columns)


def _lack(photo: int, channel: int, outcome: str, codes: str, persons: str) -> Lack:
    numbers = tuple(map(int, persons.split(";"))) if persons else ()
    return Lack(photo, channel, outcome, _codes(codes), numbers)


@lru_cache(maxsize=1_000)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


def kept_lacks(session: Session, channel_ids: Sequence[int]) -> Iterator[Lack]:
    """Give what was kept of these channels, in the order of photos and channels.

    Rows of photos that must be judged anew are among them.
    """
    some = _lacks().where(col(KeptLack.channel_id).in_(channel_ids))
    return starmap(_lack, streamed(session.connection(), some))


class Keep(NamedTuple):
    """What is kept of a photo: until when its verdicts hold, and what it lacks."""

    photo_id: int
    until: date
    lacks: Sequence[Lack]


def keep(session: Session, basis: Basis, found: Iterable[Keep]) -> None:
    """Keep what was found of these photos, in place of what was kept before."""
    verdicts: list[dict[str, Any]] = []
    lacks: list[dict[str, Any]] = []
    for each in found:
        verdicts.append(
            {
                "photo_id": each.photo_id,
                "day": basis.day,
                "until": each.until,
                "rules_version": RULES_VERSION,
                "policy_version": basis.policy_version,
            }
        )
        lacks += [
            {
                **lack._asdict(),
                "codes": ";".join(lack.codes),
                "persons": ";".join(map(str, lack.persons)),
            }
            for lack in each.lacks
        ]
    which = Which(each["photo_id"] for each in verdicts)
    connection = session.connection()  # past the session, which would ask for what was deleted
    for table, rows in ((KeptVerdict, verdicts), (KeptLack, lacks)):
        connection.execute(sa.delete(table).where(which.photos(table.photo_id)))
        if rows:
            connection.execute(sa.insert(table), rows)
