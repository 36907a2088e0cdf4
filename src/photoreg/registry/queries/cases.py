"""Queries about unclear cases and their rulings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from photoreg.registry.facts.photo_selection import PhotoSelection, value_batches
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_ids, require_id
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.ledger import CASE_SHOWN_ENTRIES, LedgerEntry
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Mode, Place, Purpose


class RulingRecord(NamedTuple):
    """A ruling without its reason, but for the facts that it asks for."""

    id: int
    kind: RulingKind
    valid_until: date | None
    asks_for: str

    def has_expired_on(self, day: date) -> bool:
        """Return whether the ruling ended before the day."""
        return self.valid_until is not None and self.valid_until < day


CasesByFacts = dict[tuple[int, str], tuple[int, RulingRecord | None]]
"""The newest case, and the ruling on it, by photo and digest of the facts."""


def cases_with_facts(session: Session, digests: Iterable[str]) -> CasesByFacts:
    """Return the cases on exactly these facts that are not voided."""
    statement = _cases().join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
    return _by_facts(session, statement.where(col(Case.facts_digest).in_(list(digests))))


def ruled_cases(session: Session, selection: PhotoSelection) -> CasesByFacts:
    """Return the cases of these photos that have a ruling and are not voided."""
    statement = _cases().join(Ruling, col(Ruling.case_id) == col(Case.id))
    return _by_facts(session, statement.where(selection.photos(Case.photo_id)))


_NUMBER: Any = sa.func.coalesce(col(Case.leading_id), col(Case.id))
"""The number of a case, which its photos share."""


def _cases() -> Any:
    columns: tuple[Any, ...] = (Case.photo_id, Case.facts_digest, _NUMBER)
    asks = col(Ruling.kind) == RulingKind.NEEDS_FACTS
    asked = sa.case((asks, col(Ruling.reason)), else_="")
    of_ruling: tuple[Any, ...] = (Ruling.id, Ruling.kind, Ruling.valid_until)
    return sa.select(*columns, *of_ruling, asked).select_from(Case)


def _by_facts(session: Session, statement: Any) -> CasesByFacts:
    in_order = statement.where(col(Case.voided_at).is_(None)).order_by(Case.id)
    return {
        (photo, digest): (case, RulingRecord(*ruling) if ruling[0] else None)
        for photo, digest, case, *ruling in session.execute(in_order)
    }


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """A case with its photo, its channel, its ruling, and the case whose ruling corrects it."""

    case: Case
    photo: Photo
    channel: ChannelRow
    ruling: Ruling | None
    corrected_by: int | None


def _case_query() -> Any:
    newer: Any = aliased(Case)
    number = sa.func.coalesce(newer.leading_id, newer.id)
    corrected_by = sa.select(number).where(newer.corrects_id == Case.id).scalar_subquery()
    columns: tuple[Any, ...] = (Case, Photo, ChannelRow, Ruling, corrected_by)
    return (
        sa.select(*columns)
        .join(Photo, col(Photo.id) == col(Case.photo_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Case.channel_id))
        .join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
    )


CASES_PER_BATCH = 500


def case_batches(
    session: Session, channel_id: int | None, *, ruled_too: bool
) -> Iterator[list[CaseDetails]]:
    """Yield the cases in batches, oldest first: those without a ruling, or all."""
    statement = _case_query().order_by(col(Case.opened_at), col(Case.id))
    if channel_id is not None:
        statement = statement.where(col(Case.channel_id) == channel_id)
    if not ruled_too:
        statement = statement.where(col(Ruling.id).is_(None))
    found = session.exec(statement.execution_options(yield_per=CASES_PER_BATCH))
    for batch in found.partitions():
        yield [CaseDetails(*row) for row in batch]


def cases_in_force(session: Session, photo_ids: Iterable[int]) -> list[CaseDetails]:
    """Return the cases of these photos that are not voided."""
    wanted = (col(Case.photo_id).in_(id_list(photo_ids)), col(Case.voided_at).is_(None))
    return [CaseDetails(*row) for row in session.exec(_case_query().where(*wanted))]


def cases_waiting_of(
    session: Session, photo_ids: Iterable[int], channel: str | None = None
) -> list[int]:
    """Return the numbers of the cases of these photos, or those about one channel, without ruling.

    Not the void ones; oldest first.
    """
    statement = (
        sa.select(_NUMBER)
        .distinct()
        .select_from(Case)
        .join(ChannelRow, col(ChannelRow.id) == col(Case.channel_id))
        .join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
        .where(col(Case.photo_id).in_(id_list(photo_ids)), col(Case.voided_at).is_(None))
        .where(col(Ruling.id).is_(None))
        .order_by(_NUMBER)
    )
    if channel is not None:
        statement = statement.where(col(ChannelRow.name) == channel)
    return [int(number) for number in session.execute(statement).scalars()]


def photos_with_cases(session: Session, which: PhotoSelection) -> list[int]:
    """Return those of these photos with a case that is not voided."""
    in_force = (col(Case.voided_at).is_(None), which.photos(Case.photo_id))
    return list(session.exec(select(Case.photo_id).where(*in_force).distinct()))


def photos_of_cases(session: Session, numbers: Iterable[int]) -> list[CaseDetails]:
    """Return cases photo by photo, in order."""
    statement = _case_query().where(_NUMBER.in_(id_list(numbers))).order_by(col(Case.id))
    return [CaseDetails(*row) for row in session.exec(statement)]


def cases_shown_to(session: Session, staff: int, cases: Iterable[int]) -> set[int]:
    """Return those of these cases, each for one photo, that a member of staff was shown."""
    shown: set[int] = set()
    for batch in value_batches(cases):
        statement = select(LedgerEntry.subject).where(
            sa.text(CASE_SHOWN_ENTRIES),
            col(LedgerEntry.subject).in_(human_ids(Kind.CASE, batch)),
            LedgerEntry.actor_id == staff,
        )
        shown.update(require_id(Kind.CASE, subject) for subject in session.exec(statement))
    return shown


def photos_in_cases(session: Session, cases: Iterable[int]) -> list[tuple[int, int]]:
    """Return these cases, each for one photo, with their photos, in order."""
    columns: tuple[Any, ...] = (Case.id, Case.photo_id)
    statement = sa.select(*columns).where(col(Case.id).in_(id_list(cases))).order_by(col(Case.id))
    return [(case, photo) for case, photo in session.execute(statement)]


def open_cases_by_cause(
    session: Session, use: tuple[int, Mode, Purpose], causes: Iterable[str]
) -> dict[str, int]:
    """Return the number of the newest case on which nobody has ruled, by cause, for one use."""
    ruled = sa.select(_NUMBER).join(Ruling, col(Ruling.case_id) == col(Case.id))
    statement = (
        sa.select(col(Case.cause), _NUMBER)
        .where(col(Case.cause).in_([cause for cause in causes if cause]))
        .where(sa.tuple_(Case.channel_id, Case.mode, Case.purpose) == sa.tuple_(*use))
        .where(col(Case.voided_at).is_(None), _NUMBER.not_in(ruled))
        .order_by(col(Case.id))
    )
    return {str(cause): int(number) for cause, number in session.execute(statement)}


def similar_rulings(
    session: Session, case: Case, places: Iterable[Place | None], limit: int
) -> list[CaseDetails]:
    """Return the newest rulings on other cases with the same codes, taken at one of the places."""
    place = col(Case.facts)["place"].as_string()
    wanted = set(places)
    of_case: Any = aliased(Case)
    one_of_each = (
        sa.select(sa.func.min(of_case.id))
        .join(Ruling, col(Ruling.case_id) == col(of_case.id))
        .group_by(sa.func.coalesce(of_case.leading_id, of_case.id))
    )
    is_there = place.in_([each.value for each in wanted if each is not None])
    statement = (
        _case_query()
        .where(col(Case.id).in_(one_of_each), Case.codes == case.codes, case.number != _NUMBER)
        .where(~sa.exists().where(of_case.corrects_id == Case.id))
        .where(is_there | place.is_(None) if None in wanted else is_there)
        .order_by(col(Ruling.id).desc())
    )
    return [CaseDetails(*row) for row in session.exec(statement.limit(limit))]


def cases_about(session: Session, photo_id: int) -> list[tuple[Case, Ruling | None]]:
    """Return the cases about a photo, in order, each with its ruling."""
    statement = (
        select(Case, Ruling)
        .join(Ruling, col(Ruling.case_id) == col(Case.id), isouter=True)
        .where(Case.photo_id == photo_id)
        .order_by(col(Case.id))
    )
    return list(session.exec(statement))
