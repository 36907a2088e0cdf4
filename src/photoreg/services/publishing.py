"""Publishing: the copy that may go out, where it went, and that it was taken down again."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, PhotoFileError
from photoreg.photos.derivative import Shape
from photoreg.photos.formats import read_bytes
from photoreg.photos.identity import file_hash
from photoreg.photos.publishable import EXTENSIONS, Copy
from photoreg.photos.replacing import sync_folder
from photoreg.photos.rights import OwnRights
from photoreg.photos.workers import cores
from photoreg.photos.writing import ExportedCopy, copy_of, make_folder, write_copy
from photoreg.registry.finding import the_channel, the_photo, the_photos
from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.photos import events_by_id, photos_by_id
from photoreg.registry.publications import (
    ExportedCopies,
    Listed,
    administers,
    is_online_at,
    listed_publications,
)
from photoreg.registry.records import add, all_staff
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.publications import DecisionFor, Publication
from photoreg.rulebook.facts import Channel
from photoreg.services.checking import AskedUse, Checked, check_named
from photoreg.services.deciding import record_decision, record_decisions
from photoreg.services.looking_again import look_again
from photoreg.services.people import free_text
from photoreg.services.rights import Wish, own_rights
from photoreg.services.uninterrupted import uninterrupted
from photoreg.services.workplace import Desk, Workplace
from photoreg.texts import N_

TOGETHER = 64
"""Of how many photos copies are made in one transaction, while nobody else can change anything."""

LONGEST_ADDRESS = 2000
_KEPT_IN_COPIES = frozenset({"Artist", "Copyright", "Orientation"})


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of exporting one photo: a copy, or a verdict that does not allow one.

    `removed` names what the original carries and the copy does not. `error` is set when the file
    could not be read or written. `older` are copies that were made into the same folder before the
    verdict came to be what it is now; they are left there.
    """

    checked: Checked
    path: Path | None = None
    copy: Copy | None = None
    removed: tuple[str, ...] = ()
    error: PhotoFileError | None = None
    older: tuple[Path, ...] = ()


def export_photos(
    workplace: Workplace,
    photos: Sequence[str],
    asked: AskedUse,
    folder: Path,
    *,
    file: Path | None = None,
    shape: Shape = Shape(),  # noqa: B008 - frozen
    wish: Wish = Wish(),  # noqa: B008 - frozen
) -> Iterator[Exported]:
    """Write the publishable copy of each photo that may be published at this moment.

    A photo that fails leaves the others alone; up to `TOGETHER` are evaluated and recorded in one
    transaction. `file` is where the original of a single photo lies now.
    """
    with workplace.reading() as desk:
        the_channel(desk.session, asked.channel)
        found = the_photos(desk.session, photos)
    names = [human_id(Kind.PHOTO, photo.id) for photo in found]
    order = _Order(asked, folder, file, shape, wish, ExportedCopies(names))
    for start in range(0, len(names), TOGETHER):
        together = names[start : start + TOGETHER]
        look_again(workplace, together)
        yield from _export(workplace, together, order)


@dataclass(frozen=True, slots=True)
class _Order:
    """What copies are asked for, and where they go."""

    asked: AskedUse
    folder: Path
    file: Path | None
    shape: Shape
    wish: Wish
    earlier: ExportedCopies


@dataclass(frozen=True, slots=True)
class _Job:
    """A copy to be made; `ours` are the hashes of copies of the photo that were made before."""

    checked: Checked
    name: str
    source: Path
    sha256: str
    rights: OwnRights
    ours: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Made:
    """A copy that was made; its content is not kept. One made before may have been the same."""

    written: ExportedCopy
    copy: Copy
    removed: tuple[str, ...]
    is_recorded: bool


def _export(workplace: Workplace, names: Sequence[str], order: _Order) -> list[Exported]:
    """Evaluate, write and record in one writing transaction: nobody changes a fact meanwhile."""
    made: dict[str, _Made | PhotoFileError] = {}
    # Hashing, reading and bringing to the disk go on side by side; some wait for the disk.
    threads, tasks = ThreadPoolExecutor(cores() + 2), list[Future[None]]()
    try:
        with workplace.changing() as desk:
            checked = check_named(desk, names, order.asked)
            earlier = _earlier_copies(desk, checked, order)
            jobs = _jobs(desk, [each for each in checked if each.is_allowed], order, earlier)

            def make(job: _Job) -> None:
                made[job.name] = _made(order, job)

            with uninterrupted():  # none begins that is not known
                tasks += [threads.submit(make, job) for job in jobs]
            for task in tasks:
                task.result()
            sync_folder(order.folder)
            _record(desk, [(j.checked, m) for j in jobs if isinstance(m := made[j.name], _Made)])
    except BaseException:
        with uninterrupted():
            wait([task for task in tasks if not task.cancel()])
            for result in made.values():
                if isinstance(result, _Made) and not result.is_recorded:
                    with suppress(OSError):  # a copy that is in no record must not exist
                        result.written.path.unlink()
        raise
    finally:
        threads.shutdown(wait=False)
    return [_told(order, each, made, earlier) for each in checked]


def _told(
    order: _Order,
    checked: Checked,
    of_each: Mapping[str, _Made | PhotoFileError],
    earlier: Mapping[str, Collection[str]],
) -> Exported:
    name = human_id(Kind.PHOTO, checked.photo_id)
    made = of_each.get(name)
    if made is None:
        return Exported(checked, older=_older_copies(order, name, earlier.get(name, ())))
    if isinstance(made, PhotoFileError):
        return Exported(checked, error=made)
    return Exported(checked, made.written.path, made.copy, made.removed)


def _earlier_copies(
    desk: Desk, checked: Sequence[Checked], order: _Order
) -> Mapping[str, Collection[str]]:
    """Return the hashes of earlier copies by photo, if anything in the folder may be one."""
    names = [human_id(Kind.PHOTO, each.photo_id) for each in checked]
    are_there = any(_is_there(path) for name in names for path in _targets(order.folder, name))
    return order.earlier.by_photo(desk.session) if are_there else {}


def _older_copies(order: _Order, name: str, hashes: Collection[str]) -> tuple[Path, ...]:
    """Return the files in the folder that are copies of a photo which were made before."""
    found = []
    for path in _targets(order.folder, name) if hashes else ():
        with suppress(PhotoFileError):  # there is none, or something else of that name
            if file_hash(read_bytes(path)) in hashes:
                found.append(path.absolute())
    return tuple(found)


def _jobs(
    desk: Desk,
    allowed: Sequence[Checked],
    order: _Order,
    earlier: Mapping[str, Collection[str]],
) -> list[_Job]:
    """Return what is to be made of the photos that may be published."""
    if not allowed:
        return []
    photos = {id_of(p): p for p in photos_by_id(desk.session, [c.photo_id for c in allowed])}
    rights = own_rights(
        desk, [(photos[each.photo_id], each.facts) for each in allowed], order.wish, in_public=True
    )
    jobs = []
    for each, own in zip(allowed, rights, strict=True):
        name = human_id(Kind.PHOTO, each.photo_id)
        photo = photos[each.photo_id]
        source = order.file or Path(photo.path)
        copies = frozenset(earlier.get(name, ()))
        jobs.append(_Job(each, name, source, photo.sha256, own, copies))
    return jobs


def _is_there(path: Path) -> bool:
    """Look whether there is anything; in a folder that is closed to us, writing will tell."""
    return os.path.exists(path)  # noqa: PTH110 - the other one fails there


def _targets(folder: Path, name: str) -> Iterator[Path]:
    # The id alone: a file's own name may tell who is shown (rulebook §7.10).
    return (folder / f"{name}{extension}" for extension in EXTENSIONS.values())


def _made(order: _Order, job: _Job) -> _Made | PhotoFileError:
    """Make a copy: only files are touched, so that several can be made at the same time."""
    try:
        _refuse_lost(job)
        make_folder(order.folder)
        copy = copy_of(job.source, job.rights, expected_sha256=job.sha256, shape=order.shape)
        target = order.folder / f"{job.name}{EXTENSIONS[copy.format]}"
        _refuse_strangers_file(job, target)
        removed = tuple(name for name in copy.carried if name not in _KEPT_IN_COPIES)
        written = write_copy(copy, job.source, target, is_one_of_many=True)
    except PhotoFileError as error:
        return error
    is_recorded = written.sha256 in job.ours
    return _Made(written, replace(copy, content=b"", picture=""), removed, is_recorded)


def _record(desk: Desk, made: Sequence[tuple[Checked, _Made]]) -> None:
    """Record the decisions that copies rest on, and log the copies."""
    decisions = record_decisions(desk, [checked for checked, _ in made], DecisionFor.EXPORT)
    desk.log_all(
        Action.PHOTO_EXPORTED,
        Kind.PHOTO,
        [
            (
                checked.photo_id,
                {
                    "channel": checked.channel_id,
                    "decision": decision,
                    "sha256": each.written.sha256,
                },
            )
            for (checked, each), decision in zip(made, decisions, strict=True)
        ],
    )


def _refuse_lost(job: _Job) -> None:
    if not _is_there(job.source):
        raise PhotoFileError(
            N_("{photo}: its file {file} is not there any more"),
            N_("Say where the file is now with --file, or bring it back."),
            photo=job.name,
            file=job.source,
        )


def _refuse_strangers_file(job: _Job, target: Path) -> None:
    """Replace only an earlier copy of the same photo; anything else of that name is not ours."""
    if not _is_there(target):
        return
    is_file = target.is_file()  # a pipe would keep us waiting
    if not is_file or file_hash(read_bytes(target)) not in job.ours:
        raise PhotoFileError(
            N_("{file} is there already, and it is no copy that was made of {photo}"),
            N_("Name another folder, or move the file away."),
            file=target,
            photo=job.name,
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording a publication: its id, or a verdict that does not allow one."""

    checked: Checked
    publication: str | None = None


def add_publication(
    workplace: Workplace, named: str, asked: AskedUse, *, address: str, on: date | None = None
) -> Recorded:
    """Record where a photo was published. Only an administrator of the channel may.

    The verdict that counts is the one at this moment: what is not allowed is not recorded.
    """
    look_again(workplace, [named])
    with workplace.changing() as desk:
        channel = the_channel(desk.session, asked.channel)
        _require_administrator(desk, channel)
        day = desk.past_day(on)
        written = published_address(address)
        [checked] = check_named(desk, [named], asked)
        if not checked.is_allowed:
            return Recorded(checked)
        _refuse_before_taken(desk, checked.photo_id, day)
        if is_online_at(desk.session, checked.photo_id, checked.channel_id, written):
            raise NotAllowed(
                N_("{photo} is recorded as published there already"),
                N_("See photoreg publication list --photo {photo}."),
                photo=human_id(Kind.PHOTO, checked.photo_id),
            )
        publication = Publication(
            photo_id=checked.photo_id,
            channel_id=checked.channel_id,
            address=written,
            published_on=day,
            decision_id=record_decision(desk, checked, DecisionFor.PUBLICATION),
            recorded_at=desk.now,
            recorded_by=desk.actor.id,
        )
        number = add(desk.session, publication)
        desk.log(
            Action.PUBLICATION_ADDED,
            Kind.PUBLICATION,
            number,
            photo=checked.photo_id,
            channel=checked.channel_id,
            decision=publication.decision_id,
        )
        return Recorded(checked, human_id(Kind.PUBLICATION, number))


def _require_administrator(desk: Desk, channel: ChannelRow) -> None:
    if not administers(desk.session, desk.actor.id, id_of(channel)):
        raise NotAllowed(
            N_("you are not an administrator of the channel {channel}"),
            N_("Ask one of its administrators: photoreg channel list."),
            channel=channel.name,
        )


def _refuse_before_taken(desk: Desk, number: int, day: date) -> None:
    """Refuse a day before the photo's event began; without an event, before the photo was taken.

    When it was taken the camera's clock says, unless somebody has answered another year.
    """
    [photo] = photos_by_id(desk.session, [number])
    event = events_by_id(desk.session, [photo.event_id]).get(photo.event_id or 0)
    taken = date.fromisoformat(photo.taken_at[:10]) if photo.taken_at else None
    if event and day < event.starts_on:
        raise InputDataError(
            N_("{day} is before {event} began, the event of {photo}: {since}"),
            N_(
                "Check the day. What is wrong about the event is corrected with `photoreg event "
                "change {event} --on DAY` or `photoreg photo answer {photo} --event EVENT`."
            ),
            day=day,
            event=human_id(Kind.EVENT, event.id),
            photo=human_id(Kind.PHOTO, number),
            since=event.starts_on,
        )
    if not event and taken and taken.year == photo.taken_year and day < taken:
        raise InputDataError(
            N_("{day} is before {photo} was taken: {since}"),
            N_(
                "Check the day. If the camera's clock was wrong, put the photo into its event: "
                "`photoreg photo answer {photo} --event EVENT`."
            ),
            day=day,
            photo=human_id(Kind.PHOTO, number),
            since=taken,
        )


def published_address(text: str) -> str:
    """Return where a photo can be seen, on one line: on the web, or which issue and page."""
    written = free_text(text, LONGEST_ADDRESS)
    if not written:
        raise InputDataError(
            N_("no address is given"),
            N_("Write where the photo can be seen, so that it can be found again."),
        )
    return written


class PublicationState(StrEnum):
    """Where a publication stands."""

    ONLINE = "online"
    PRINTED = "printed"
    TAKE_DOWN_OPEN = "take_down_open"
    TAKEN_DOWN = "taken_down"


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication as it is listed."""

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
    workplace: Workplace,
    *,
    photo: str | None = None,
    channel: str | None = None,
    everything: bool = False,
) -> Iterator[Iterator[PublicationRow]]:
    """Give where photos are published; with `everything` also where they were."""
    with workplace.reading() as desk:
        listed = listed_publications(
            desk.session,
            photo_id=id_of(the_photo(desk.session, photo)) if photo else None,
            channel_id=id_of(the_channel(desk.session, channel)) if channel else None,
            gone_too=everything,
        )
        logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
        yield (_row(desk, each, logins) for each in listed)


def _row(desk: Desk, listed: Listed, logins: Mapping[int, str]) -> PublicationRow:
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
        overdue=due_at is not None and due_at < desk.now,
        removed_on=listed.removed_on,
    )


def _state(listed: Listed) -> PublicationState:
    if listed.removed_on is not None:
        return PublicationState.TAKEN_DOWN
    if listed.task_id is not None and listed.done_at is None:
        return PublicationState.TAKE_DOWN_OPEN
    is_print = listed.kind is Channel.PRINT
    return PublicationState.PRINTED if is_print else PublicationState.ONLINE
