"""Queries about publications and take-downs, and for audits of them."""

import json
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.corrected import corrected_publications
from photoreg.registry.facts.loading import fetch_rows
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id, require_id
from photoreg.registry.ledger import Action, head
from photoreg.registry.lookup import find_several
from photoreg.registry.queries.verdict_cache import VerdictBasis, has_valid_verdict
from photoreg.registry.tables.cases import Case, Ruling
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.organisation import ChannelAdmin, ChannelRow
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.publications import (
    Decision,
    Publication,
    PublishedPhoto,
    TakeDown,
)
from photoreg.rulebook.facts import Channel, Mode, Purpose


@dataclass(frozen=True, slots=True)
class PhotoInPublication:
    """A photo of a publication, with the use that was decided on and its open task."""

    published: PublishedPhoto
    publication: Publication
    photo: Photo
    channel: ChannelRow
    mode: Mode
    purpose: Purpose
    task: TakeDown | None


def published_photos(session: Session, which: PhotoSelection) -> list[int]:
    """Return those of these photos that are still published somewhere."""
    out = (col(PublishedPhoto.removed_on).is_(None), which.photos(PublishedPhoto.photo_id))
    return list(session.exec(select(PublishedPhoto.photo_id).where(*out).distinct()))


class PublicationRecord(NamedTuple):
    """A photo of a live publication, which has this id, as a light record for long lists."""

    id: int
    photo_id: int
    channel_id: int
    address: str
    recorded_by: int
    mode: Mode
    purpose: Purpose
    task_id: int | None


def live_publications(session: Session, selection: PhotoSelection) -> Iterator[PublicationRecord]:
    """Yield the live publications of these photos, in the order of the photos."""
    published: tuple[Any, ...] = (Publication.id, PublishedPhoto.photo_id)
    more: tuple[Any, ...] = (Publication.channel_id, Publication.address, Publication.recorded_by)
    use: tuple[Any, ...] = (Decision.mode, Decision.purpose, TakeDown.id)
    statement = (
        sa.select(*published, *more, *use)
        .select_from(PublishedPhoto)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .join(Decision, col(Decision.id) == col(PublishedPhoto.decision_id))
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(PublishedPhoto.removed_on).is_(None))
        .where(selection.photos(PublishedPhoto.photo_id))
        .order_by(col(PublishedPhoto.photo_id), col(Publication.id))
    )
    return (PublicationRecord(*row) for row in fetch_rows(session, selection, statement))


def published_selection() -> PhotoSelection:
    """Select the photos that are still published somewhere."""
    out: Any = select(PublishedPhoto.photo_id).where(col(PublishedPhoto.removed_on).is_(None))
    return PhotoSelection(among=out)


def _is_out_for_good() -> Any:
    """SQL condition: the publication, in print or with the press, cannot be taken down."""
    kinds = [kind for kind in Channel if not kind.is_recallable]
    channels = select(ChannelRow.id).where(col(ChannelRow.kind).in_(kinds))
    return col(PublishedPhoto.channel_id).in_(channels)


def takedown_candidates(session: Session, basis: VerdictBasis) -> "array[int]":
    """Return photos that may have a disallowed publication without an open task, in order.

    Every change of a fact opens tasks at once and invalidates the photo's cached verdicts, and
    tasks are opened when verdicts are cached (`services.audits.verdict_cache`): a photo with a
    valid cached verdict is not a candidate. A ruling may end by itself for a use that is not
    cached.
    """
    photo = col(PublishedPhoto.photo_id)
    statement = (
        sa.select(photo)
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(PublishedPhoto.removed_on).is_(None), col(TakeDown.id).is_(None))
        .where(_needs_evaluation(basis))
        .distinct()
        .order_by(photo)
    )
    return array("q", session.execute(statement).scalars())


def _needs_evaluation(basis: VerdictBasis) -> Any:
    """SQL condition: the cached verdicts of the photo do not cover the publication."""
    ruled: Any = sa.select(col(Case.photo_id)).join(Ruling, col(Ruling.case_id) == col(Case.id))
    photo = col(PublishedPhoto.photo_id)
    return sa.or_(sa.not_(has_valid_verdict(photo, basis)), photo.in_(ruled))


_IS_PRINT_ENTRY = col(LedgerEntry.action) == sa.literal_column(
    f"'{Action.PUBLICATION_NOT_RECALLABLE}'"
)
"""SQL condition: the entry reports a violation that cannot be recalled, as its index has it."""


def print_candidates(session: Session, basis: VerdictBasis) -> "array[int]":
    """Return photos in print or with the press that may not be allowed there any more, in order.

    Violations are logged when a fact changes and before a verdict is cached, as tasks are opened
    for the others; a violation in the log may have been remedied since.
    """
    out_for_good = select(LedgerEntry.subject).where(_IS_PRINT_ENTRY)
    result = id_list(
        require_id(Kind.PUBLICATION, subject) for subject in session.exec(out_for_good)
    )
    photo = col(PublishedPhoto.photo_id)
    statement = (
        sa.select(photo)
        .where(_is_out_for_good(), col(PublishedPhoto.removed_on).is_(None))
        .where(sa.or_(_needs_evaluation(basis), col(PublishedPhoto.publication_id).in_(result)))
        .distinct()
        .order_by(photo)
    )
    return array("q", session.execute(statement).scalars())


def last_logged_codes(
    session: Session, publication_ids: Iterable[int]
) -> dict[tuple[int, int], frozenset[str]]:
    """Return the reasons for which photos of these publications were last logged as out for good.

    By publication and photo.
    """
    numbers = {human_id(Kind.PUBLICATION, number): number for number in publication_ids}
    statement = (
        select(LedgerEntry.subject, LedgerEntry.details)
        .where(_IS_PRINT_ENTRY)
        .where(col(LedgerEntry.subject).in_(sorted(numbers)))
        .order_by(col(LedgerEntry.seq))
    )
    found: dict[tuple[int, int], frozenset[str]] = {}
    for subject, text in session.exec(statement):
        details = json.loads(text)
        photo = require_id(Kind.PHOTO, details["photo"])
        found[numbers[subject], photo] = frozenset(details["codes"])
    return found


def photos_in_publications(
    session: Session, publications: Iterable[int]
) -> list[PhotoInPublication]:
    """Return all photos of these publications, in order."""
    columns: tuple[Any, ...] = (PublishedPhoto, Publication, Photo, ChannelRow)
    use: tuple[Any, ...] = (Decision.mode, Decision.purpose, TakeDown)
    statement: Any = (
        sa.select(*columns, *use)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .join(Photo, col(Photo.id) == col(PublishedPhoto.photo_id))
        .join(ChannelRow, col(ChannelRow.id) == col(PublishedPhoto.channel_id))
        .join(Decision, col(Decision.id) == col(PublishedPhoto.decision_id))
        .join(TakeDown, _is_open(), isouter=True)
        .where(col(PublishedPhoto.publication_id).in_(id_list(publications)))
        .order_by(col(PublishedPhoto.publication_id), col(PublishedPhoto.photo_id))
    )
    return [PhotoInPublication(*row) for row in session.execute(statement)]


def _is_open() -> Any:
    return _is_about() & col(TakeDown.done_at).is_(None)


def _is_about() -> Any:
    """SQL condition: the task takes down this photo of this publication."""
    of_publication = col(TakeDown.publication_id) == col(PublishedPhoto.publication_id)
    return of_publication & (col(TakeDown.photo_id) == col(PublishedPhoto.photo_id))


class PublicationListItem(NamedTuple):
    """A photo of a publication as listed, with the channel and its newest task, if any."""

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
    is_mistake: bool


def listed_publications(
    session: Session,
    *,
    publications: Iterable[int] | None = None,
    photo_id: int | None = None,
    channel_id: int | None = None,
    gone_too: bool,
) -> Iterator[PublicationListItem]:
    """Yield the photos of publications, oldest first: the live ones, or all."""
    publication: tuple[Any, ...] = (Publication.id, PublishedPhoto.photo_id, Publication.address)
    when: tuple[Any, ...] = (Publication.published_on, Publication.recorded_by)
    more: tuple[Any, ...] = (PublishedPhoto.decision_id, PublishedPhoto.removed_on)
    channel: tuple[Any, ...] = (ChannelRow.name, ChannelRow.kind)
    task: tuple[Any, ...] = (TakeDown.id, TakeDown.owner_id, TakeDown.due_at, TakeDown.done_at)
    of: tuple[Any, ...] = (col(TakeDown.publication_id), col(TakeDown.photo_id))
    is_mistake = col(Publication.id).in_(corrected_publications())
    # The newest of each is found in one pass: there is no index to look them up one by one.
    tasks = sa.select(sa.func.max(TakeDown.id).label("id"), *of).group_by(*of)
    numbers = None if publications is None else id_list(publications)
    if numbers is not None:
        tasks = tasks.where(col(TakeDown.publication_id).in_(numbers))
    newest = tasks.subquery("newest")
    is_newest = (newest.c.publication_id == col(PublishedPhoto.publication_id)) & (
        newest.c.photo_id == col(PublishedPhoto.photo_id)
    )
    statement = (
        sa.select(*publication, *when, *more, *channel, *task, is_mistake)
        .select_from(PublishedPhoto)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        .join(newest, is_newest, isouter=True)
        .join(TakeDown, col(TakeDown.id) == newest.c.id, isouter=True)
        .order_by(col(PublishedPhoto.publication_id), col(PublishedPhoto.photo_id))
    )
    if numbers is not None:
        statement = statement.where(col(PublishedPhoto.publication_id).in_(numbers))
    if photo_id is not None:
        statement = statement.where(col(PublishedPhoto.photo_id) == photo_id)
    if channel_id is not None:
        statement = statement.where(col(PublishedPhoto.channel_id) == channel_id)
    if not gone_too:
        statement = statement.where(col(PublishedPhoto.removed_on).is_(None))
    return (PublicationListItem(*row) for row in fetch_rows(session, PhotoSelection(), statement))


def newest_publications(
    session: Session,
    *,
    photo_id: int | None,
    channel_id: int | None,
    gone_too: bool,
    before: int | None,
    most: int,
) -> list[int]:
    """Return the ids of the newest publications, those `before` one, newest first."""
    photos: list[Any] = [col(PublishedPhoto.publication_id) == col(Publication.id)]
    if photo_id is not None:
        photos.append(col(PublishedPhoto.photo_id) == photo_id)
    if not gone_too:
        photos.append(col(PublishedPhoto.removed_on).is_(None))
    statement = select(Publication.id).where(sa.exists().where(*photos))
    if channel_id is not None:
        statement = statement.where(Publication.channel_id == channel_id)
    if before is not None:
        statement = statement.where(col(Publication.id) < before)
    found = session.exec(statement.order_by(col(Publication.id).desc()).limit(most))
    return [number for number in found if number]


def published_at(
    session: Session, photos: Iterable[int], channel_id: int, address: str
) -> list[int]:
    """Return those of these photos that are now published on the channel at this very address."""
    statement = (
        select(PublishedPhoto.photo_id)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .where(
            col(PublishedPhoto.photo_id).in_(id_list(photos)),
            PublishedPhoto.channel_id == channel_id,
            Publication.address == address,
            col(PublishedPhoto.removed_on).is_(None),
        )
        .order_by(col(PublishedPhoto.photo_id))
    )
    return list(session.exec(statement))


def publication_of_request(session: Session, actor: int, key: str) -> Publication | None:
    """Return the publication that another system has recorded by a request of this name."""
    return session.exec(
        select(Publication).where(Publication.recorded_by == actor, Publication.request_key == key)
    ).first()


def is_channel_admin(session: Session, staff_id: int, channel_id: int) -> bool:
    """Return whether the user is an administrator of the channel."""
    return session.get(ChannelAdmin, (channel_id, staff_id)) is not None


def channel_admins(session: Session) -> dict[int, list[int]]:
    """Return each channel's active administrators, in the order they were added."""
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


MAX_NAMED = 500
"""Above this number of photos a query returns the copies of all photos."""


class ExportedCopies:
    """The hashes of the exported copies of some photos (`P-12`), as logged.

    The log is read once; afterwards only new entries are read.
    """

    def __init__(self, photos: Collection[str]) -> None:
        self._photos = frozenset(photos)
        self._found: dict[str, set[str]] = {}
        self._last_seq = 0

    def by_photo(self, session: Session) -> Mapping[str, set[str]]:
        """Return the hashes by photo, as of now."""
        statement = select(LedgerEntry.subject, LedgerEntry.details).where(
            col(LedgerEntry.seq) > self._last_seq, LedgerEntry.action == Action.PHOTO_EXPORTED
        )
        if len(self._photos) <= MAX_NAMED:
            statement = statement.where(col(LedgerEntry.subject).in_(sorted(self._photos)))
        for photo, details in session.exec(statement):
            if photo in self._photos:
                self._found.setdefault(photo, set()).add(json.loads(details)["sha256"])
        self._last_seq = head(session).seq
        return self._found


class ExportHashes:
    """The photos of which copies were exported, by the hash of the copy, as logged.

    The log is read once; afterwards only new entries are read.
    """

    def __init__(self) -> None:
        self._found: dict[bytes, str] = {}
        self._last_seq = 0

    def photos(self, session: Session, hashes: Iterable[str]) -> dict[str, str]:
        """Return the photo (`P-12`) of each file that is an exported copy, by the file's hash."""
        statement = select(LedgerEntry.subject, LedgerEntry.details).where(
            col(LedgerEntry.seq) > self._last_seq, LedgerEntry.action == Action.PHOTO_EXPORTED
        )
        for photo, details in session.exec(statement.execution_options(yield_per=1000)):
            self._found[bytes.fromhex(json.loads(details)["sha256"])] = photo
        self._last_seq = head(session).seq
        found = ((sha256, self._found.get(bytes.fromhex(sha256))) for sha256 in hashes)
        return {sha256: photo for sha256, photo in found if photo}


def find_publication(session: Session, named: str) -> Publication:
    """Return the publication with this id (`J-3`)."""
    return find_publications(session, [named])[0]


def find_publications(session: Session, names: Iterable[str]) -> list[Publication]:
    """Return the publications with these ids (`J-3`), each once, in order; by one query."""
    return find_several(session, names, Kind.PUBLICATION, Publication, Publication.id)


def find_tasks(session: Session, names: Iterable[str]) -> list[TakeDown]:
    """Return the take-down tasks with these ids (`T-3`), each once, in order; by one query."""
    return find_several(session, names, Kind.TAKE_DOWN, TakeDown, TakeDown.id)


def open_tasks_of(session: Session, photo_ids: Iterable[int]) -> list[int]:
    """Return the open take-down tasks about these photos, oldest first."""
    on_photos = col(TakeDown.photo_id).in_(id_list(photo_ids))
    statement = select(TakeDown.id).where(on_photos, col(TakeDown.done_at).is_(None))
    return [number for number in session.exec(statement.order_by(col(TakeDown.id))) if number]


def decided_channels(session: Session, numbers: Iterable[int]) -> set[tuple[int, int]]:
    """Return for which channels these photos were ever decided to be publishable.

    Pairs of photo and channel; `PHOTOS_PER_QUERY` photos at most.
    """
    statement = select(Decision.photo_id, Decision.channel_id).where(
        col(Decision.photo_id).in_(id_list(numbers))
    )
    return set(session.exec(statement.distinct()))


def decisions_on(session: Session, photo_id: int) -> list[Decision]:
    """Return the decisions on a photo, in order."""
    statement = select(Decision).where(Decision.photo_id == photo_id)
    return list(session.exec(statement.order_by(col(Decision.id))))


def publications_of(session: Session, photo_id: int) -> list[tuple[PublishedPhoto, Publication]]:
    """Return where a photo was published, in order."""
    statement = (
        select(PublishedPhoto, Publication)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .where(PublishedPhoto.photo_id == photo_id)
        .order_by(col(PublishedPhoto.publication_id))
    )
    return list(session.exec(statement))
