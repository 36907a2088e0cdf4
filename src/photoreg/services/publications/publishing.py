"""Record, show and list publications of photos."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.access.secrets import hash_of
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, require_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel, find_photo
from photoreg.registry.queries.agenda import open_tasks
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.photos import events_by_id
from photoreg.registry.queries.publications import (
    PublicationListItem,
    find_publications,
    is_channel_admin,
    listed_publications,
    newest_publications,
    publication_of_request,
    published_at,
)
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.photos import Event, Photo
from photoreg.registry.tables.publications import DecisionFor, Publication, PublishedPhoto
from photoreg.services.application import Application
from photoreg.services.decisions.approval import record_decisions
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, PUBLISHERS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_ADDRESS_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class PublicationRecorded:
    """The result of recording a publication: its id, or verdicts of which some do not allow it.

    `is_repeated`: the same request had recorded it already. Then nothing was evaluated.
    """

    checked: tuple[Checked, ...]
    publication: str | None = None
    is_repeated: bool = False

    @property
    def not_allowed(self) -> tuple[Checked, ...]:
        """The verdicts that do not allow the publication."""
        return tuple(each for each in self.checked if not each.is_allowed)


@dataclass(frozen=True, slots=True)
class PublicationRequest:
    """A request of another system: how it calls it, and the facts that each photo had by its id."""

    key: str
    facts: Mapping[str, str]


class FactsChanged(NotAllowed):
    """Photos have other facts than those on which another system relied."""


class RequestReused(InputDataError):  # noqa: N818 - named for its meaning
    """Another request was called the same."""


def add_publication(
    application: Application,
    photos: Sequence[str],
    asked: AskedUse,
    *,
    address: str,
    on: date | None = None,
    request: PublicationRequest | None = None,
) -> PublicationRecorded:
    """Record that photos were published together. Only for administrators of the channel.

    Nothing is recorded unless every one of the photos may be published at this moment. A `request`
    records one publication, however often it arrives.
    """
    refresh_files(application, photos)
    documents = look_at_evidence(application, photos, by_hash=True)
    with application.changing(PUBLISHERS) as work:
        channel = find_channel(work.session, asked.channel)
        _require_administrator(work, channel)
        named = _named(request, asked, address, on)
        if named and (earlier := _recorded_earlier(work, *named)):
            return PublicationRecorded((), earlier, is_repeated=True)
        publication = Publication(
            channel_id=id_of(channel),
            address=published_address(address),
            published_on=work.day_or_today(on),
            recorded_at=work.now,
            recorded_by=work.actor.id,
            request_key=named[0] if named else None,
            request_digest=named[1] if named else None,
        )
        checked = tuple(check_named(work, photos, asked, documents))
        if not all(each.is_allowed for each in checked):
            return PublicationRecorded(checked)
        if request:
            _require_same_facts(checked, request)
        numbers = [each.photo_id for each in checked]
        _refuse_before_taken(work, numbers, publication.published_on)
        _refuse_published_there(work, numbers, publication)
        _record(work, publication, checked)
        return PublicationRecorded(checked, human_id(Kind.PUBLICATION, publication.id))


def _named(
    request: PublicationRequest | None, asked: AskedUse, address: str, on: date | None
) -> tuple[str, str] | None:
    """Return the hashes of a request's name and of what it asks."""
    if request is None:
        return None
    facts = sorted((photo.upper(), digest) for photo, digest in request.facts.items())
    content = [asked.channel, asked.purpose, asked.mode, address, on and on.isoformat(), facts]
    return hash_of(request.key), hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _recorded_earlier(work: UnitOfWork, key: str, digest: str) -> str | None:
    """Return what the request recorded earlier; RequestReused if it asked for something else."""
    earlier = publication_of_request(work.session, work.actor.id, key)
    if earlier is None:
        return None
    if earlier.request_digest != digest:
        raise RequestReused(
            N_("another publication was recorded by a request that is called the same"),
            N_("Give each publication a name of its own, and use it again only to repeat it."),
        )
    return human_id(Kind.PUBLICATION, earlier.id)


def _require_same_facts(checked: Iterable[Checked], request: PublicationRequest) -> None:
    """Raise FactsChanged for photos of which other facts are recorded now."""
    changed = [
        number
        for number, digest in ((human_id(Kind.PHOTO, c.photo_id), c.digest) for c in checked)
        if request.facts.get(number) != digest
    ]
    if changed:
        raise FactsChanged(
            N_("other facts are recorded of {photo} than those that were checked"),
            N_("Check again whether it may be published, and send the new digest of the facts."),
            photo=", ".join(changed),
        )


def _record(work: UnitOfWork, publication: Publication, checked: Sequence[Checked]) -> None:
    """Store a publication with its photos and the decisions on them, and log it."""
    add(work.session, publication)
    decisions = record_decisions(work, checked, DecisionFor.PUBLICATION)
    published = [
        PublishedPhoto(
            publication_id=id_of(publication),
            photo_id=each.photo_id,
            channel_id=publication.channel_id,
            published_on=publication.published_on,
            decision_id=decision,
        )
        for each, decision in zip(checked, decisions, strict=True)
    ]
    work.session.add_all(published)
    work.session.flush()
    work.log(
        Action.PUBLICATION_ADDED,
        Kind.PUBLICATION,
        publication.id,
        photo=[each.photo_id for each in published],
        channel=publication.channel_id,
        decision=decisions,
    )


def _refuse_published_there(
    work: UnitOfWork, numbers: Sequence[int], publication: Publication
) -> None:
    """Raise NotAllowed for photos that are now published at the same address."""
    there = published_at(work.session, numbers, publication.channel_id, publication.address)
    if there:
        first = human_id(Kind.PHOTO, there[0])
        raise NotAllowed(
            N_("{photo}: recorded already as published there"),
            N_("See where it is published."),
            step=NextStep.to(NextAction.PUBLICATION_LIST, photo=first),
            photo=", ".join(human_ids(Kind.PHOTO, there)),
        )


def _require_administrator(work: UnitOfWork, channel: ChannelRow) -> None:
    if work.actor.key is not None:
        return  # `find_channel` has asked whether the key was made for the channel
    if not is_channel_admin(work.session, work.actor.id, id_of(channel)):
        may_add = work.actor.role in COORDINATORS
        become = NextStep.to(
            NextAction.CHANNEL_ADMINS, channel=channel.name, login=work.actor.login
        )
        raise NotAllowed(
            N_("you are not an administrator of the channel {channel}"),
            N_("Ask one of its administrators, or become one first.")
            if may_add
            else N_("Ask one of its administrators."),
            step=become if may_add else NextStep.to(NextAction.CHANNEL_LIST),
            channel=channel.name,
        )


def _refuse_before_taken(work: UnitOfWork, numbers: Sequence[int], day: date) -> None:
    """Raise InputDataError for a day before a photo's event or, without one, before it was taken.

    The camera's clock is ignored if a user has answered another year.
    """
    photos = sorted(rows_with(work.session, Photo, Photo.id, numbers), key=id_of)
    events = events_by_id(work.session, [photo.event_id for photo in photos])
    for photo in photos:
        event = events.get(photo.event_id or 0)
        taken = date.fromisoformat(photo.taken_at[:10]) if photo.taken_at else None
        if event and day < event.starts_on:
            raise _before_event(photo, event, day)
        if not event and taken and taken.year == photo.taken_year and day < taken:
            raise _before_taken(photo, taken, day)


def _before_event(photo: Photo, event: Event, day: date) -> InputDataError:
    number = human_id(Kind.EVENT, event.id)
    return InputDataError(
        N_("{day} is before the beginning of {event}, the event of {photo}: {since}"),
        N_(
            "Check the day. If the event is wrong, correct its day, or put the photo into "
            "the right event."
        ),
        step=NextStep.to(NextAction.EVENT_CHANGE, "on", event=number),
        day=day,
        event=number,
        photo=human_id(Kind.PHOTO, photo.id),
        since=event.starts_on,
    )


def _before_taken(photo: Photo, taken: date, day: date) -> InputDataError:
    number = human_id(Kind.PHOTO, photo.id)
    return InputDataError(
        N_("{day} is before {photo} was taken: {since}"),
        N_("Check the day. If the camera's clock was wrong, put the photo into its event."),
        step=NextStep.to(NextAction.PHOTO_ANSWER, "event", photo=number),
        day=day,
        photo=number,
        since=taken,
    )


def published_address(text: str) -> str:
    """Return a publication's address on one line: a web address, or an issue and page."""
    written = free_text(text, MAX_ADDRESS_LENGTH)
    if not written:
        raise InputDataError(
            N_("the address is missing"),
            N_("Write where the photo can be seen, so that it can be found again."),
        )
    return written


class PublicationState(StrEnum):
    """The state of a photo in a publication."""

    ONLINE = "online"
    PRINTED = "printed"
    TAKE_DOWN_OPEN = "take_down_open"
    TAKEN_DOWN = "taken_down"
    BY_MISTAKE = "by_mistake"


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A photo of a publication as listed, with its take-down task if there is one."""

    publication: str
    photo: str
    channel: str
    address: str
    published_on: date
    recorded_by: str
    decision: str
    state: PublicationState
    task: str | None
    owner: str | None
    due_at: datetime | None
    overdue: bool
    removed_on: date | None


@contextmanager
def list_publications(
    application: Application,
    *,
    photo: str | None = None,
    channel: str | None = None,
    everything: bool = False,
) -> Iterator[Iterator[PublicationRow]]:
    """Open a stream of published photos; with `everything` also those that were taken down."""
    with application.reading() as work:
        listed = listed_publications(
            work.session,
            photo_id=id_of(find_photo(work.session, photo)) if photo else None,
            channel_id=id_of(find_channel(work.session, channel)) if channel else None,
            gone_too=everything,
        )
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        yield (_row(work, each, logins) for each in listed)


def show_publication(application: Application, named: str) -> list[PublicationRow]:
    """Return every photo of a publication, those that were taken down too, in order."""
    with application.reading() as work:
        [found] = find_publications(work.session, [named])
        return _rows_of(work, [id_of(found)], gone_too=True)


@dataclass(frozen=True, slots=True)
class PublicationsPage:
    """A page of publications, newest first, each with its photos; `older` begins the next page."""

    publications: tuple[tuple[PublicationRow, ...], ...]
    older: str


def page_of_publications(
    application: Application,
    *,
    photo: str | None = None,
    channel: str | None = None,
    everything: bool = False,
    before: str = "",
    most: int = 30,
) -> PublicationsPage:
    """Return the newest publications before one; with `everything` also those taken down."""
    with application.reading() as work:
        numbers = newest_publications(
            work.session,
            photo_id=id_of(find_photo(work.session, photo)) if photo else None,
            channel_id=id_of(find_channel(work.session, channel)) if channel else None,
            gone_too=everything,
            before=require_id(Kind.PUBLICATION, before) if before else None,
            most=most + 1,
        )
        rows = _rows_of(work, numbers[:most], gone_too=everything)
        grouped = [tuple(group) for _number, group in groupby(rows, lambda row: row.publication)]
        last = numbers[most - 1] if len(numbers) > most else None
        return PublicationsPage(
            tuple(reversed(grouped)), human_id(Kind.PUBLICATION, last) if last else ""
        )


def open_take_down_ids(application: Application) -> list[str]:
    """Return the open take-down tasks by id, those due first on top."""
    with application.reading() as work:
        return [human_id(Kind.TAKE_DOWN, each.task.id) for each in open_tasks(work.session)]


def open_take_downs(application: Application, named: Collection[str]) -> list[PublicationRow]:
    """Return the photos in publications that these open tasks are about, those due first on top."""
    with application.reading() as work:
        tasks = [(human_id(Kind.TAKE_DOWN, t.task.id), t.task) for t in open_tasks(work.session)]
        due = {task: place for place, (task, _row) in enumerate(tasks) if task in named}
        publications = {row.publication_id for task, row in tasks if task in due}
        rows = _rows_of(work, publications, gone_too=False)
        return sorted((row for row in rows if row.task in due), key=lambda row: due[row.task or ""])


def take_downs_of_key(application: Application, since: str, most: int) -> list[PublicationRow]:
    """Return what must be taken down on the channels of a key of the API, the oldest tasks first.

    Only the tasks after `since`, if it is given.
    """
    after = require_id(Kind.TAKE_DOWN, since) if since else 0
    with application.reading() as work:
        own = work.actor.key.channels if work.actor.key else frozenset()
        tasks = {id_of(each.task): each for each in open_tasks(work.session)}
        chosen = sorted(n for n, each in tasks.items() if n > after and each.channel.id in own)
        chosen = chosen[:most]
        rows = _rows_of(work, {tasks[n].task.publication_id for n in chosen}, gone_too=False)
        places = {human_id(Kind.TAKE_DOWN, number): place for place, number in enumerate(chosen)}
        return sorted(
            (row for row in rows if row.task in places), key=lambda row: places[row.task or ""]
        )


def _rows_of(
    work: UnitOfWork, publications: Iterable[int], *, gone_too: bool
) -> list[PublicationRow]:
    listed = listed_publications(work.session, publications=publications, gone_too=gone_too)
    logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
    return [_row(work, each, logins) for each in listed]


def _row(
    work: UnitOfWork, listed: PublicationListItem, logins: Mapping[int, str]
) -> PublicationRow:
    state = _state(listed)
    due_at = listed.due_at if state is PublicationState.TAKE_DOWN_OPEN else None
    return PublicationRow(
        publication=human_id(Kind.PUBLICATION, listed.id),
        photo=human_id(Kind.PHOTO, listed.photo_id),
        channel=listed.channel,
        address=listed.address,
        published_on=listed.published_on,
        recorded_by=logins[listed.recorded_by],
        decision=human_id(Kind.DECISION, listed.decision_id),
        state=state,
        task=human_id(Kind.TAKE_DOWN, listed.task_id) if listed.task_id else None,
        owner=logins[listed.owner_id] if listed.owner_id else None,
        due_at=due_at,
        overdue=due_at is not None and due_at < work.now,
        removed_on=listed.removed_on,
    )


def _state(listed: PublicationListItem) -> PublicationState:
    if listed.is_mistake:
        return PublicationState.BY_MISTAKE
    if listed.removed_on is not None:
        return PublicationState.TAKEN_DOWN
    if listed.task_id is not None and listed.done_at is None:
        return PublicationState.TAKE_DOWN_OPEN
    return PublicationState.ONLINE if listed.kind.is_online else PublicationState.PRINTED
