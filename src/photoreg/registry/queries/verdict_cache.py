"""Kept verdicts: what an audit found, and until when it holds; never what a gate goes by.

Beside them is kept of which kind each photo was. When somebody speaks about being shown, photos
that could not be told apart before cannot be told apart after it either, as long as the same person
stands in the same place: so the kinds tell which few photos have to be looked at for all of them.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import merge
from itertools import groupby, starmap
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.facts.equivalence import Sorted
from photoreg.registry.facts.id_list import these
from photoreg.registry.facts.loading import records, streamed
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import id_of
from photoreg.registry.tables.cases import Case, Ruling
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.photos import Depiction, Photo
from photoreg.registry.tables.verdict_cache import (
    KeptApart,
    KeptBasis,
    KeptDoubt,
    KeptKind,
    KeptLack,
    KeptVerdict,
)
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

    def counting(self) -> Any:
        """Return the numbers of what verdicts may be kept by that count."""
        return sa.select(col(KeptBasis.id)).where(
            col(KeptBasis.day) <= self.day,
            col(KeptBasis.rules_version) == RULES_VERSION,
            col(KeptBasis.policy_version) == self.policy_version,
        )

    def holds(self) -> Any:
        """Return the condition that a kept verdict counts."""
        counts = col(KeptVerdict.basis_id).in_(self.counting())
        return sa.and_(counts, col(KeptVerdict.until) >= self.day)


def photos_to_judge(
    session: Session, basis: Basis | None, which: Which, most: int | None = None
) -> "array[int] | None":
    """Return which of the photos have no kept verdict that counts (all without a basis), in order.

    None for more than `most`.
    """
    wanted: Any = sa.select(col(Photo.id)).where(which.photos(Photo.id))
    if not basis:
        return _numbers(session, which, wanted.order_by("id"))
    shown = col(Depiction.photo_id)
    doubted: Any = (
        sa.select(shown)
        .where(_in_doubt(Depiction.person_id, basis.day), which.photos(shown))
        .distinct()
    )
    doubtful = _numbers(session, which, doubted.order_by(shown))
    if not which.is_narrow:  # to count is quicker than to look for what is missing
        missing = _count(session, Photo) - _count(session, KeptVerdict, basis.holds())
        if most is not None and missing + len(doubtful) > most:
            return None
        if not missing:
            return doubtful
    # Both sides in their order, side by side; NOT IN looks up each photo, and on PostgreSQL goes
    # through all that is kept for each.
    counts = (which.photos(KeptVerdict.photo_id), basis.holds())
    wanted = wanted.except_(sa.select(col(KeptVerdict.photo_id)).where(*counts))
    unkept = _numbers(session, which, wanted.order_by("id"))
    return array("q", (number for number, _ in groupby(merge(unkept, doubtful))))


def _count(session: Session, table: Any, *conditions: Any) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return int(session.execute(counted).scalar_one())


def _numbers(session: Session, which: Which, statement: Any) -> "array[int]":
    return array("q", (row[0] for row in records(session, which, statement)))


def _in_doubt(person: Any, day: date) -> Any:
    """Return the condition that of somebody more was said than what is kept tells of a day."""
    later = sa.select(col(KeptApart.person_id)).where(col(KeptApart.day) > day)
    return col(person).in_(sa.select(col(KeptDoubt.person_id)).union_all(later))


def _spoke() -> Any:
    """Return those who said something that is not in the marks of photos showing them."""
    return sa.select(col(KeptDoubt.person_id)).union_all(sa.select(col(KeptApart.person_id)))


def is_certain(photo: Any, basis: Basis) -> Any:
    """Return the condition that of the photo in a column a verdict is kept that counts.

    Looked up photo by photo: PostgreSQL goes through the whole of a long list for each.
    """
    kept = sa.exists().where(col(KeptVerdict.photo_id) == photo, basis.holds())
    in_doubt = _in_doubt(Depiction.person_id, basis.day)
    doubted = sa.exists().where(col(Depiction.photo_id) == photo, in_doubt)
    return sa.and_(kept, sa.not_(doubted))


def kept_of(session: Session, which: Which, basis: Basis) -> dict[int, list[Lack]]:
    """Return what is kept of these photos, as far as it counts."""
    counting: Any = sa.select(col(Photo.id)).where(
        which.photos(Photo.id), is_certain(Photo.id, basis)
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
    """What is kept of a photo: its kind, until when its verdicts hold, and what it lacks."""

    photo: Sorted
    until: date
    lacks: Sequence[Lack]


class Known(NamedTuple):
    """What is kept of a photo's kind: the marks of its parts, and who stands in which place."""

    photo_id: int
    until: date
    marks: str
    holders: tuple[int, ...]
    shown: tuple[int, ...]


def keep(session: Session, basis: Basis, found: Sequence[Keep]) -> None:
    """Keep what was found of these photos, in place of what was kept before."""
    connection = session.connection()  # past the session, which would ask for what was deleted
    which = Which(each.photo.photo_id for each in found)
    for table in (KeptVerdict, KeptKind):
        connection.execute(sa.delete(table).where(which.photos(table.photo_id)))
    by = _number_of(session, basis)
    verdicts = [
        {"photo_id": each.photo.photo_id, "until": each.until, "basis_id": by} for each in found
    ]
    if verdicts:
        connection.execute(sa.insert(KeptVerdict), verdicts)
    kinds = [
        (each.photo.photo_id, each.photo.kind.marks, ";".join(map(str, each.photo.who)))
        for each in found
    ]
    _for_each(connection, "INSERT INTO kept_kind (photo_id, parts, who) VALUES (?, ?, ?)", kinds)
    keep_lacks(session, found)


def _number_of(session: Session, basis: Basis) -> int:
    """Return the number of what verdicts that are kept now are kept by."""
    today: Any = basis.counting().where(col(KeptBasis.day) == basis.day)
    number: int | None = session.execute(today.limit(1)).scalar()
    if number is not None:
        return number
    kept = sa.exists().where(col(KeptVerdict.basis_id) == col(KeptBasis.id))
    session.connection().execute(sa.delete(KeptBasis).where(sa.not_(kept)))
    new = KeptBasis(day=basis.day, rules_version=RULES_VERSION, policy_version=basis.policy_version)
    session.add(new)
    session.flush()
    return id_of(new)


def keep_lacks(session: Session, found: Sequence[Keep]) -> None:
    """Keep what these photos lack, in place of what was kept before."""
    connection = session.connection()
    which = Which(each.photo.photo_id for each in found)
    connection.execute(sa.delete(KeptLack).where(which.photos(KeptLack.photo_id)))
    lacks = [
        (photo, channel, outcome, ";".join(codes), ";".join(map(str, persons)))
        for each in found
        for photo, channel, outcome, codes, persons in each.lacks
    ]
    columns = "photo_id, channel_id, outcome, codes, persons"
    _for_each(connection, f"INSERT INTO kept_lack ({columns}) VALUES (?, ?, ?, ?, ?)", lacks)  # noqa: S608


def hold_from(session: Session, basis: Basis, photos: Iterable[int]) -> None:
    """Let what is kept of these photos hold from this day on: for earlier days it may be wrong."""
    by, number = col(KeptVerdict.basis_id), _number_of(session, basis)
    others = (Which(photos).photos(KeptVerdict.photo_id), by != number)
    session.connection().execute(sa.update(KeptVerdict).where(*others).values(basis_id=number))


def mark(session: Session, marks: Iterable[tuple[str, int]]) -> None:
    """Keep other marks of photos, given by number, with everybody in the place where they were."""
    change = "UPDATE kept_kind SET parts = ? WHERE photo_id = ?"
    _for_each(session.connection(), change, list(marks))


def _for_each(connection: sa.Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """Run a statement of the driver's own for each of many rows, none of which is looked at."""
    if rows:
        placeholder = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(sql.replace("?", placeholder), rows)


def in_doubt_by_photos(session: Session) -> dict[int, int]:
    """Return about whom something was said since, each with the number of photos showing them."""
    person = col(KeptDoubt.person_id)
    statement: Any = sa.select(person, sa.func.count(col(Depiction.photo_id)))
    statement = statement.join(Depiction, col(Depiction.person_id) == person, isouter=True)
    return dict(session.execute(statement.group_by(person).order_by(person)).all())


def who_spoke(session: Session) -> frozenset[int]:
    """Return those who said something that is not in the marks of photos showing them."""
    return frozenset(session.execute(_spoke()).scalars())


def settle(session: Session, persons: Iterable[int]) -> None:
    """End the doubt about these persons: the photos that show them were judged again."""
    for table in (KeptDoubt, KeptApart):
        settled = col(table.person_id).in_(these(persons))
        session.connection().execute(sa.delete(table).where(settled))


def set_apart(session: Session, basis: Basis, persons: Iterable[int]) -> None:
    """Note that the marks of photos do not tell what these persons have said."""
    rows = [{"person_id": person, "day": basis.day} for person in persons]
    session.connection().execute(sa.insert(KeptApart), rows)


def kinds_kept(session: Session, which: Which, basis: Basis) -> tuple[list[Known], list[int]]:
    """Return of what kind these photos were, by number; and of which nothing is kept that counts.

    What does not count today might count for an earlier day, and what was said since is not in it.
    """
    photo = col(KeptVerdict.photo_id)
    columns: tuple[Any, ...] = (photo, KeptVerdict.until, KeptKind.parts, KeptKind.who)
    statement: Any = sa.select(basis.holds(), *columns)
    statement = statement.join(KeptKind, col(KeptKind.photo_id) == photo, isouter=True)
    statement = statement.where(which.photos(photo)).order_by(photo)
    known, unusable = [], []
    for counts, number, *kind in session.connection().execute(statement).all():
        if counts and None not in kind:
            known.append(_known(number, *kind))
        else:
            unusable.append(number)
    return known, unusable


def _known(photo_id: int, until: date, parts: str, who: str) -> Known:
    try:
        numbers = tuple(map(int, who.split(";")))
    except ValueError:
        numbers = ()
    holders = max(len(numbers) - parts.count(";"), 0)
    return Known(photo_id, until, parts, numbers[:holders], numbers[holders:])


def photos_apart(session: Session, which: Which) -> set[int]:
    """Return which of these photos their kind does not tell enough about.

    Of those about which, or about whose event, something was said of somebody who spoke since,
    words on everything may mean something else than of others; and a ruling is bound to the facts
    of one photo.
    """
    of_them = col(Consent.subject_id).in_(_spoke())
    of_event: Any = sa.select(col(Photo.id)).join(Consent, col(Consent.event_id) == Photo.event_id)
    ruled: Any = sa.select(col(Case.photo_id)).join(Ruling, col(Ruling.case_id) == Case.id)
    found = sa.union(
        sa.select(col(Consent.photo_id)).where(of_them, which.photos(Consent.photo_id)),
        of_event.where(of_them, which.photos(Photo.id)),
        ruled.where(which.photos(Case.photo_id)),
    )
    return set(session.execute(found).scalars())


def forget(session: Session, photos: Iterable[int]) -> None:
    """Forget the verdicts of these photos, so that they are judged by themselves."""
    of_them = Which(photos).photos(KeptVerdict.photo_id)
    session.connection().execute(sa.delete(KeptVerdict).where(of_them))
