"""The verdict cache: audit results and their validity; no publication check relies on it.

Each photo's equivalence class is cached too. After a consent event, photos that were in one class
before are in one class after it, as long as the same person has the same position: so the classes
show which few photos have to be evaluated on behalf of all.
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

from photoreg.registry.facts.equivalence import ClassifiedPhoto
from photoreg.registry.facts.loading import fetch_rows, stream_rows
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of
from photoreg.registry.tables.cases import Case, Ruling
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.photos import Depiction, Photo
from photoreg.registry.tables.verdict_cache import (
    CachedMissingConsent,
    CachedPhotoClass,
    CachedVerdict,
    SeparatePerson,
    StalePerson,
    VerdictBasisRow,
)
from photoreg.rulebook.verdict import RULES_VERSION


class MissingConsent(NamedTuple):
    """What a photo lacks for a channel. Persons by id; the outcome by its value."""

    photo_id: int
    channel_id: int
    outcome: str
    codes: tuple[str, ...]
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VerdictBasis:
    """The day and the policy for which a cached verdict must be valid."""

    day: date
    policy_version: int

    def valid_ids(self) -> Any:
        """Build the query for the bases of valid cached verdicts."""
        return sa.select(col(VerdictBasisRow.id)).where(
            col(VerdictBasisRow.day) <= self.day,
            col(VerdictBasisRow.rules_version) == RULES_VERSION,
            col(VerdictBasisRow.policy_version) == self.policy_version,
        )

    def is_valid(self) -> Any:
        """SQL condition: the cached verdict is valid."""
        counts = col(CachedVerdict.basis_id).in_(self.valid_ids())
        return sa.and_(counts, col(CachedVerdict.valid_until) >= self.day)


def photos_to_evaluate(
    session: Session, basis: VerdictBasis | None, selection: PhotoSelection, most: int | None = None
) -> "array[int] | None":
    """Return the photos without a valid cached verdict (all without a basis), in order.

    None for more than `most`.
    """
    wanted: Any = sa.select(col(Photo.id)).where(selection.photos(Photo.id))
    if not basis:
        return _photo_ids(session, selection, wanted.order_by("id"))
    shown = col(Depiction.photo_id)
    stale: Any = (
        sa.select(shown)
        .where(_is_stale(Depiction.person_id, basis.day), selection.photos(shown))
        .distinct()
    )
    stale_photos = _photo_ids(session, selection, stale.order_by(shown))
    if not selection.is_limited:  # counting is faster than looking for missing rows
        missing = _count(session, Photo) - _count(session, CachedVerdict, basis.is_valid())
        if most is not None and missing + len(stale_photos) > most:
            return None
        if not missing:
            return stale_photos
    # A merge join of both in their order; NOT IN looks up each photo, and on PostgreSQL scans the
    # whole cache for each.
    counts = (selection.photos(CachedVerdict.photo_id), basis.is_valid())
    wanted = wanted.except_(sa.select(col(CachedVerdict.photo_id)).where(*counts))
    uncached = _photo_ids(session, selection, wanted.order_by("id"))
    return array("q", (number for number, _ in groupby(merge(uncached, stale_photos))))


def _count(session: Session, table: Any, *conditions: Any) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return int(session.execute(counted).scalar_one())


def _photo_ids(session: Session, selection: PhotoSelection, statement: Any) -> "array[int]":
    return array("q", (row[0] for row in fetch_rows(session, selection, statement)))


def _is_stale(person: Any, day: date) -> Any:
    """SQL condition: the person has consent events newer than the cached verdicts."""
    later = sa.select(col(SeparatePerson.person_id)).where(col(SeparatePerson.day) > day)
    return col(person).in_(sa.select(col(StalePerson.person_id)).union_all(later))


def _changed_persons_query() -> Any:
    """Build the query for persons with events that are not in the cached component keys."""
    return sa.select(col(StalePerson.person_id)).union_all(sa.select(col(SeparatePerson.person_id)))


def has_valid_verdict(photo: Any, basis: VerdictBasis) -> Any:
    """SQL condition: the photo in a column has a valid cached verdict.

    Looked up photo by photo: PostgreSQL scans the whole of a long list for each.
    """
    cached = sa.exists().where(col(CachedVerdict.photo_id) == photo, basis.is_valid())
    is_stale = _is_stale(Depiction.person_id, basis.day)
    stale = sa.exists().where(col(Depiction.photo_id) == photo, is_stale)
    return sa.and_(cached, sa.not_(stale))


def cached_missing_consents(
    session: Session, selection: PhotoSelection, basis: VerdictBasis
) -> dict[int, list[MissingConsent]]:
    """Return the valid cached results of these photos."""
    counting: Any = sa.select(col(Photo.id)).where(
        selection.photos(Photo.id), has_valid_verdict(Photo.id, basis)
    )
    found: dict[int, list[MissingConsent]] = {
        photo: [] for photo in session.execute(counting).scalars()
    }
    for row in session.execute(
        _missing_consent_query().where(selection.photos(CachedMissingConsent.photo_id))
    ):
        if row[0] in found:
            found[row[0]].append(_missing_consent(*row))
    return found


def _missing_consent_query() -> Any:
    columns: tuple[Any, ...] = (CachedMissingConsent.photo_id, CachedMissingConsent.channel_id)
    outcome = sa.type_coerce(col(CachedMissingConsent.outcome), sa.String)
    texts: tuple[Any, ...] = (outcome, CachedMissingConsent.codes, CachedMissingConsent.persons)
    return sa.select(*columns, *texts).order_by(*columns)


def _missing_consent(
    photo: int, channel: int, outcome: str, codes: str, persons: str
) -> MissingConsent:
    numbers = tuple(map(int, persons.split(";"))) if persons else ()
    return MissingConsent(photo, channel, outcome, _codes(codes), numbers)


@lru_cache(maxsize=1_000)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


def stream_missing_consents(
    session: Session, channel_ids: Sequence[int]
) -> Iterator[MissingConsent]:
    """Yield the cached results for these channels, in the order of photos and channels.

    Rows of photos that must be re-evaluated are among them.
    """
    statement = _missing_consent_query().where(
        col(CachedMissingConsent.channel_id).in_(channel_ids)
    )
    return starmap(_missing_consent, stream_rows(session.connection(), statement))


class CacheEntry(NamedTuple):
    """A photo's cache entry: its class, the last day of validity, and what it lacks."""

    photo: ClassifiedPhoto
    valid_until: date
    missing: Sequence[MissingConsent]


class CachedClass(NamedTuple):
    """A photo's cached class: the component keys, and the person in each position."""

    photo_id: int
    valid_until: date
    class_key: str
    holders: tuple[int, ...]
    depicted_ids: tuple[int, ...]


def store_verdicts(session: Session, basis: VerdictBasis, found: Sequence[CacheEntry]) -> None:
    """Store the results for these photos, replacing earlier ones."""
    connection = session.connection()  # without the ORM, which would reload deleted rows
    selection = PhotoSelection(each.photo.photo_id for each in found)
    for table in (CachedVerdict, CachedPhotoClass):
        connection.execute(sa.delete(table).where(selection.photos(table.photo_id)))
    by = _basis_id(session, basis)
    verdicts = [
        {"photo_id": each.photo.photo_id, "valid_until": each.valid_until, "basis_id": by}
        for each in found
    ]
    if verdicts:
        connection.execute(sa.insert(CachedVerdict), verdicts)
    kinds = [
        (
            each.photo.photo_id,
            each.photo.photo_class.class_key,
            ";".join(map(str, each.photo.person_ids)),
        )
        for each in found
    ]
    into_classes = "INSERT INTO photo_class (photo_id, class_key, person_ids) VALUES (?, ?, ?)"
    _execute_many(connection, into_classes, kinds)
    store_missing_consents(session, found)


def _basis_id(session: Session, basis: VerdictBasis) -> int:
    """Return the id of the basis for verdicts that are cached now."""
    today: Any = basis.valid_ids().where(col(VerdictBasisRow.day) == basis.day)
    number: int | None = session.execute(today.limit(1)).scalar()
    if number is not None:
        return number
    cached = sa.exists().where(col(CachedVerdict.basis_id) == col(VerdictBasisRow.id))
    session.connection().execute(sa.delete(VerdictBasisRow).where(sa.not_(cached)))
    new = VerdictBasisRow(
        day=basis.day, rules_version=RULES_VERSION, policy_version=basis.policy_version
    )
    session.add(new)
    session.flush()
    return id_of(new)


def store_missing_consents(session: Session, found: Sequence[CacheEntry]) -> None:
    """Store what these photos lack, replacing earlier results."""
    connection = session.connection()
    selection = PhotoSelection(each.photo.photo_id for each in found)
    connection.execute(
        sa.delete(CachedMissingConsent).where(selection.photos(CachedMissingConsent.photo_id))
    )
    missing = [
        (photo, channel, outcome, ";".join(codes), ";".join(map(str, persons)))
        for each in found
        for photo, channel, outcome, codes, persons in each.missing
    ]
    columns = "photo_id, channel_id, outcome, codes, persons"
    into_missing = f"INSERT INTO missing_consent ({columns}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
    _execute_many(connection, into_missing, missing)


def rebase_verdicts(session: Session, basis: VerdictBasis, photos: Iterable[int]) -> None:
    """Restrict the cached results of these photos to this day and later."""
    by, number = col(CachedVerdict.basis_id), _basis_id(session, basis)
    others = (PhotoSelection(photos).photos(CachedVerdict.photo_id), by != number)
    session.connection().execute(sa.update(CachedVerdict).where(*others).values(basis_id=number))


def update_class_keys(session: Session, class_keys: Iterable[tuple[str, int]]) -> None:
    """Replace the component keys of photos, given by id; the positions stay the same."""
    change = "UPDATE photo_class SET class_key = ? WHERE photo_id = ?"
    _execute_many(session.connection(), change, list(class_keys))


def _execute_many(connection: sa.Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """Run a driver-level statement for each of many rows, without conversions."""
    if rows:
        placeholder = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(sql.replace("?", placeholder), rows)


def stale_person_counts(session: Session) -> dict[int, int]:
    """Return the persons with stale verdicts and their photo counts."""
    person = col(StalePerson.person_id)
    statement: Any = sa.select(person, sa.func.count(col(Depiction.photo_id)))
    statement = statement.join(Depiction, col(Depiction.person_id) == person, isouter=True)
    return dict(session.execute(statement.group_by(person).order_by(person)).all())


def changed_persons(session: Session) -> frozenset[int]:
    """Return the persons with events that are not in the cached component keys."""
    return frozenset(session.execute(_changed_persons_query()).scalars())


def clear_stale_persons(session: Session, persons: Iterable[int]) -> None:
    """Clear the stale marks of these persons: their photos were re-evaluated."""
    for table in (StalePerson, SeparatePerson):
        settled = col(table.person_id).in_(id_list(persons))
        session.connection().execute(sa.delete(table).where(settled))


def add_separate_persons(session: Session, basis: VerdictBasis, persons: Iterable[int]) -> None:
    """Record that these persons' newer events are not in the cached component keys."""
    rows = [{"person_id": person, "day": basis.day} for person in persons]
    session.connection().execute(sa.insert(SeparatePerson), rows)


def cached_classes(
    session: Session, selection: PhotoSelection, basis: VerdictBasis
) -> tuple[list[CachedClass], list[int]]:
    """Return the cached equivalence classes, and the photos that have no valid one.

    A class that is invalid today might be valid for an earlier day, but lacks the newer events.
    """
    photo = col(CachedVerdict.photo_id)
    columns: tuple[Any, ...] = (
        photo,
        CachedVerdict.valid_until,
        CachedPhotoClass.class_key,
        CachedPhotoClass.person_ids,
    )
    statement: Any = sa.select(basis.is_valid(), *columns)
    statement = statement.join(
        CachedPhotoClass, col(CachedPhotoClass.photo_id) == photo, isouter=True
    )
    statement = statement.where(selection.photos(photo)).order_by(photo)
    known, unusable = [], []
    for counts, number, *kind in session.connection().execute(statement).all():
        if counts and None not in kind:
            known.append(_cached_class(number, *kind))
        else:
            unusable.append(number)
    return known, unusable


def _cached_class(photo_id: int, until: date, keys: str, persons: str) -> CachedClass:
    try:
        numbers = tuple(map(int, persons.split(";")))
    except ValueError:
        numbers = ()
    holders = max(len(numbers) - keys.count(";"), 0)
    return CachedClass(photo_id, until, keys, numbers[:holders], numbers[holders:])


def individual_photos(session: Session, selection: PhotoSelection) -> set[int]:
    """Return the photos that cannot be evaluated by their class alone.

    Of a person with newer events, a consent for a photo or its event may make it differ from the
    rest of its class; and a ruling is bound to the facts of one photo.
    """
    of_them = col(Consent.subject_id).in_(_changed_persons_query())
    of_event: Any = sa.select(col(Photo.id)).join(Consent, col(Consent.event_id) == Photo.event_id)
    ruled: Any = sa.select(col(Case.photo_id)).join(Ruling, col(Ruling.case_id) == Case.id)
    found = sa.union(
        sa.select(col(Consent.photo_id)).where(of_them, selection.photos(Consent.photo_id)),
        of_event.where(of_them, selection.photos(Photo.id)),
        ruled.where(selection.photos(Case.photo_id)),
    )
    return set(session.execute(found).scalars())


def invalidate(session: Session, photos: Iterable[int]) -> None:
    """Invalidate the verdicts of these photos, so that they are evaluated individually."""
    of_them = PhotoSelection(photos).photos(CachedVerdict.photo_id)
    session.connection().execute(sa.delete(CachedVerdict).where(of_them))
