"""Queries about publications and their take-downs, cases and their rulings, and for audits."""

import json
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.facts.id_list import these
from photoreg.registry.facts.loading import records
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import Kind, human_id, id_of, required_number
from photoreg.registry.ledger import Action, head
from photoreg.registry.lookup import existing
from photoreg.registry.queries.verdict_cache import Basis, is_certain
from photoreg.registry.tables.cases import Case, Ruling
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.organisation import ChannelAdmin, ChannelRow
from photoreg.registry.tables.people import Person, Staff
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.publications import Decision, Publication, TakeDown
from photoreg.rulebook.facts import Channel, Mode, Purpose


@dataclass(frozen=True, slots=True)
class Live:
    """A publication that is still out, with the use that was decided on and its open task."""

    publication: Publication
    photo: Photo
    channel: ChannelRow
    mode: Mode
    purpose: Purpose
    task_id: int | None


def published_photos(session: Session, which: Which) -> list[int]:
    """Return those of these photos that are still published somewhere."""
    out = (col(Publication.removed_on).is_(None), which.photos(Publication.photo_id))
    return list(session.exec(select(Publication.photo_id).where(*out).distinct()))


class Out(NamedTuple):
    """A publication that nobody has taken down, as light as a list of many needs it."""

    id: int
    photo_id: int
    channel_id: int
    address: str
    recorded_by: int
    mode: Mode
    purpose: Purpose
    task_id: int | None


def publications_out(session: Session, which: Which) -> Iterator[Out]:
    """Give the publications of these photos that are still out, in the order of the photos."""
    publication: tuple[Any, ...] = (Publication.id, Publication.photo_id, Publication.channel_id)
    more: tuple[Any, ...] = (Publication.address, Publication.recorded_by)
    use: tuple[Any, ...] = (Decision.mode, Decision.purpose, TakeDown.id)
    statement = (
        sa.select(*publication, *more, *use)
        .select_from(Publication)
        .join(Decision, col(Decision.id) == col(Publication.decision_id))
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(Publication.removed_on).is_(None), which.photos(Publication.photo_id))
        .order_by(col(Publication.photo_id), col(Publication.id))
    )
    return (Out(*row) for row in records(session, which, statement))


def photos_out() -> Which:
    """Return which photos are still published somewhere."""
    out: Any = select(Publication.photo_id).where(col(Publication.removed_on).is_(None))
    return Which(among=out)


def _is_print() -> Any:
    """Return the condition that a publication is in print, where nobody can take it down."""
    prints = select(ChannelRow.id).where(col(ChannelRow.kind) == Channel.PRINT)
    return col(Publication.channel_id).in_(prints)


def photos_perhaps_due(session: Session, basis: Basis) -> "array[int]":
    """Return the photos of which a publication may have to go and has no open task, in order.

    Every change of a fact opens tasks at once and forgets what is kept of the photo, and what is
    kept was judged when tasks were opened (`services.keeping.refresh`): a photo of which a verdict
    is kept that counts is not due. A ruling may end by itself for a use that is not kept.
    """
    photo = col(Publication.photo_id)
    statement = (
        sa.select(photo)
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(Publication.removed_on).is_(None), col(TakeDown.id).is_(None))
        .where(_is_unsure(basis))
        .distinct()
        .order_by(photo)
    )
    return array("q", session.execute(statement).scalars())


def _is_unsure(basis: Basis) -> Any:
    """Return the condition of a publication that what is kept of its photo does not tell of it."""
    ruled: Any = sa.select(col(Case.photo_id)).join(Ruling, col(Ruling.case_id) == col(Case.id))
    photo = col(Publication.photo_id)
    return sa.or_(sa.not_(is_certain(photo, basis)), photo.in_(ruled))


_TOLD = col(LedgerEntry.action) == sa.literal_column(f"'{Action.PUBLICATION_OUT_FOR_GOOD}'")
"""The condition of an entry that it tells of what is out for good; written as its index has it."""


def photos_perhaps_wrong_in_print(session: Session, basis: Basis) -> "array[int]":
    """Return the photos in print of which a publication may not be allowed any more, in order.

    What is not allowed is said in the log when a fact changes and before a verdict is kept, as
    tasks are opened for the others; what was said there may be in order again.
    """
    out_for_good = select(LedgerEntry.subject).where(_TOLD)
    told = these(
        required_number(Kind.PUBLICATION, subject) for subject in session.exec(out_for_good)
    )
    photo = col(Publication.photo_id)
    statement = (
        sa.select(photo)
        .where(_is_print(), col(Publication.removed_on).is_(None))
        .where(sa.or_(_is_unsure(basis), col(Publication.id).in_(told)))
        .distinct()
        .order_by(photo)
    )
    return array("q", session.execute(statement).scalars())


def last_told_of_print(
    session: Session, publication_ids: Iterable[int]
) -> dict[int, frozenset[str]]:
    """Return for which reasons these publications were last said in the log to be out for good."""
    numbers = {human_id(Kind.PUBLICATION, number): number for number in publication_ids}
    statement = (
        select(LedgerEntry.subject, LedgerEntry.details)
        .where(_TOLD)
        .where(col(LedgerEntry.subject).in_(sorted(numbers)))
        .order_by(col(LedgerEntry.seq))
    )
    return {
        numbers[subject]: frozenset(json.loads(details)["codes"])
        for subject, details in session.exec(statement)
    }


def live_publication(session: Session, publication_id: int) -> Live:
    """Return one publication that nobody has taken down."""
    return Live(*session.exec(_live().where(Publication.id == publication_id)).one())


def _live() -> Any:
    return (
        select(Publication, Photo, ChannelRow, Decision.mode, Decision.purpose, TakeDown.id)  # type: ignore[call-overload]
        .join(Photo, col(Photo.id) == col(Publication.photo_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        .join(Decision, col(Decision.id) == col(Publication.decision_id))
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(Publication.removed_on).is_(None))
        .order_by(col(Publication.id))
    )


def _is_open() -> Any:
    return (col(TakeDown.publication_id) == col(Publication.id)) & col(TakeDown.done_at).is_(None)


class Listed(NamedTuple):
    """A publication as it is listed, with its channel and its newest take-down task, if any."""

    id: int
    photo_id: int
    address: str
    published_on: date
    recorded_by: int
    decision_id: int
    removed_on: date | None
    channel: str
    kind: Channel
    task_id: int | None
    owner_id: int | None
    due_at: datetime | None
    done_at: datetime | None


def listed_publications(
    session: Session, *, photo_id: int | None, channel_id: int | None, gone_too: bool
) -> Iterator[Listed]:
    """Give the publications, oldest first: those still out, or all."""
    publication: tuple[Any, ...] = (Publication.id, Publication.photo_id, Publication.address)
    when: tuple[Any, ...] = (Publication.published_on, Publication.recorded_by)
    more: tuple[Any, ...] = (Publication.decision_id, Publication.removed_on)
    channel: tuple[Any, ...] = (ChannelRow.name, ChannelRow.kind)
    task: tuple[Any, ...] = (TakeDown.id, TakeDown.owner_id, TakeDown.due_at, TakeDown.done_at)
    # The newest of each is found once for all: there is no index to look them up one by one.
    newest = (
        sa.select(sa.func.max(TakeDown.id).label("id"), col(TakeDown.publication_id).label("of"))
        .group_by(col(TakeDown.publication_id))
        .subquery("newest")
    )
    statement = (
        sa.select(*publication, *when, *more, *channel, *task)
        .select_from(Publication)
        .join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        .join(newest, newest.c.of == col(Publication.id), isouter=True)
        .join(TakeDown, col(TakeDown.id) == newest.c.id, isouter=True)
        .order_by(col(Publication.id))
    )
    if photo_id is not None:
        statement = statement.where(col(Publication.photo_id) == photo_id)
    if channel_id is not None:
        statement = statement.where(col(Publication.channel_id) == channel_id)
    if not gone_too:
        statement = statement.where(col(Publication.removed_on).is_(None))
    return (Listed(*row) for row in records(session, Which(), statement))


def open_task(session: Session, publication_id: int) -> TakeDown | None:
    """Return the task to take the publication down that nobody has done yet."""
    statement = select(TakeDown).where(TakeDown.publication_id == publication_id)
    return session.exec(statement.where(col(TakeDown.done_at).is_(None))).first()


def is_online_at(session: Session, photo_id: int, channel_id: int, address: str) -> bool:
    """Is the photo published on the channel at this very address already?"""
    statement = select(Publication.id).where(
        Publication.photo_id == photo_id,
        Publication.channel_id == channel_id,
        Publication.address == address,
        col(Publication.removed_on).is_(None),
    )
    return session.exec(statement).first() is not None


def administers(session: Session, staff_id: int, channel_id: int) -> bool:
    """Is this member of staff an administrator of the channel?"""
    return session.get(ChannelAdmin, (channel_id, staff_id)) is not None


def administrators(session: Session) -> dict[int, list[int]]:
    """Return by channel who administers it and still works here, in the order they came."""
    statement = (
        select(ChannelAdmin.channel_id, ChannelAdmin.staff_id)
        .join(Staff, col(Staff.id) == col(ChannelAdmin.staff_id))
        .where(col(Staff.active))
        .order_by(col(ChannelAdmin.staff_id))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for channel_id, staff_id in session.exec(statement):
        found[channel_id].append(staff_id)
    return found


FEW = 500
"""Of how many photos a query takes the names; for more, it gives the copies of all photos."""


class ExportedCopies:
    """The hashes of the copies that the log says were made of some photos (`P-12`).

    The log is read once, and after that only what was added to it.
    """

    def __init__(self, photos: Collection[str]) -> None:
        self._photos = frozenset(photos)
        self._found: dict[str, set[str]] = {}
        self._upto = 0

    def by_photo(self, session: Session) -> Mapping[str, set[str]]:
        """Return the hashes by photo, as of now."""
        statement = select(LedgerEntry.subject, LedgerEntry.details).where(
            col(LedgerEntry.seq) > self._upto, LedgerEntry.action == Action.PHOTO_EXPORTED
        )
        if len(self._photos) <= FEW:
            statement = statement.where(col(LedgerEntry.subject).in_(sorted(self._photos)))
        for photo, details in session.exec(statement):
            if photo in self._photos:
                self._found.setdefault(photo, set()).add(json.loads(details)["sha256"])
        self._upto = head(session).seq
        return self._found


def person_names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of these persons, by id."""
    wanted = sorted(set(person_ids))
    names = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        for person in session.exec(select(Person).where(col(Person.id).in_(chunk))):
            names[id_of(person)] = person.name
    return names


def the_publication(session: Session, named: str) -> Publication:
    """Return the publication with this id (`J-3`)."""
    return existing(session.get(Publication, required_number(Kind.PUBLICATION, named)), named)


def decided_for(session: Session, numbers: Iterable[int]) -> set[tuple[int, int]]:
    """Return for which channels it was ever decided that these photos may be published.

    Pairs of photo and channel; `AT_A_TIME` photos at most.
    """
    statement = select(Decision.photo_id, Decision.channel_id).where(
        col(Decision.photo_id).in_(these(numbers))
    )
    return set(session.exec(statement.distinct()))


def decisions_on(session: Session, photo_id: int) -> list[Decision]:
    """Return what was decided on a photo, in order."""
    return _about(session, Decision, photo_id)


def publications_of(session: Session, photo_id: int) -> list[Publication]:
    """Return where a photo was published, in order."""
    return _about(session, Publication, photo_id)


def _about(session: Session, table: Any, photo_id: int) -> list[Any]:
    statement = select(table).where(table.photo_id == photo_id).order_by(col(table.id))
    return list(session.exec(statement))
