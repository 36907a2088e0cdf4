"""Registering photos: a pipeline from files to records, a chunk of photos a transaction.

Files are found one after the other, read once (by worker processes when there are many), and
written in chunks: every photo with its answers, its likeness and its ledger entry, by the same few
statements however many they are. An interruption loses the chunk that was being read and nothing
else; registering the same folder again goes on from there.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from photoreg.errors import PhotoFileError
from photoreg.photos.formats import photo_files
from photoreg.photos.reading import PhotoReading
from photoreg.photos.workers import Read, Unreadable, Workers, read_photos
from photoreg.registry.finding import the_event, the_person
from photoreg.registry.ledger import Action
from photoreg.registry.likeness import store_likenesses
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.people import namesakes_of, persons_of
from photoreg.registry.photos import (
    add_photographers,
    add_photos,
    events_by_id,
    note_changed,
    photographers_by_event,
    photographers_by_photo,
    photos_by_id,
    photos_with_hashes,
    unchanged,
)
from photoreg.registry.tables import Answers as AnswerColumns
from photoreg.registry.tables import Event, Person, Photo
from photoreg.rulebook.facts import Photographer
from photoreg.services.answering import EARLIEST_YEAR, Answers, answers_to_new, open_questions
from photoreg.services.recognising import (
    KnownAgain,
    LikelyCopy,
    Said,
    known_again,
    likely_copies,
)
from photoreg.services.workplace import Desk, Workplace
from photoreg.texts import N_

NAME_LIMIT, TEXT_LIMIT, CAMERA_LIMIT = 255, 2000, 200
"""What the columns of a photo hold at most."""

CHUNK = 64
"""How many photos a worker reads together, and how many are written in one transaction."""

WRITTEN_TOGETHER = 4 * CHUNK
"""How many are written in one transaction when their pictures are not looked at."""

LOOKED_UP = 7 * CHUNK
"""How many files one query asks for; a query may hold 500 values."""

FEW = 16
"""Up to so many files are read by this process: starting workers would take longer than that."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A photo that is in the registry now, or was already (`is_new` is false).

    `photographers` are pairs of id and name. `proposed` says that the photographer was taken from
    the file; `file_artist` is who the file names when nobody could be taken from it: an
    unregistered person (no `namesakes`), or several of that name. `again` tells what became of a
    file with other metadata than the registered one, `alike` which photos look like a new one,
    `said` what each standard in the file says of rights.
    """

    photo_id: int
    file_name: str
    is_new: bool
    photographers: tuple[tuple[str, str], ...]
    taken_at: str | None
    holds_place: bool
    open: tuple[str, ...]
    proposed: bool = False
    file_artist: str = ""
    namesakes: tuple[str, ...] = ()
    outside_event: bool = False
    again: KnownAgain | None = None
    alike: tuple[LikelyCopy, ...] = ()
    said: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A file or folder that could not be registered, and why."""

    path: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class Unchanged:
    """So many photos are in the registry already, their files as they were when they were read."""

    count: int


Told = Registered | Failed | Unchanged

_Item = str | int | Failed
"""What a chunk is made of: a file to be read, the number of an unchanged photo, a failure."""


@dataclass(frozen=True, slots=True)
class Way:
    """How files are registered.

    Without `look` the pictures are not decoded: they get their likeness later, and damage inside
    is found then. `reread` reads again also what has not changed since it was read; with
    `tell_all` each unchanged photo is told of as if it had been read, and not only counted.
    """

    look: bool = True
    reread: bool = False
    tell_all: bool = False


def prepare(workplace: Workplace, answers: Answers) -> frozenset[str]:
    """Refuse at once what no file could be registered with; return what the event answers.

    Whether the actor may register, whether the registry can be written, and who is named is found
    out here, before the first file is read.
    """
    with workplace.changing() as desk:
        answers_to_new(desk, answers)
        if answers.event is None:
            return frozenset()
        event = the_event(desk.session, answers.event)
        names = AnswerColumns.model_fields
        return frozenset(name for name in names if getattr(event, name) is not None)


def check_event(workplace: Workplace, named: str) -> None:
    """Raise NotFound when there is no such event."""
    with workplace.reading() as desk:
        the_event(desk.session, named)


def check_person(workplace: Workplace, named: str) -> None:
    """Raise NotFound when there is no such person."""
    with workplace.reading() as desk:
        the_person(desk.session, named)


def register(
    workplace: Workplace, paths: Iterable[Path], answers: Answers, way: Way = Way()
) -> Iterator[Told]:
    """Register the photos that the paths name, and tell of each when it is in the registry.

    A file that cannot be read is told of and the others go on. A chunk is stored whole or not at
    all, so an interruption keeps what was told of. A few files are always read; of many, those
    that have not changed since they were read are passed by.
    """
    files = _files(list(paths))
    first = list(islice(files, FEW + 1))
    if len(first) <= FEW:
        read = read_photos((name for name in first if isinstance(name, str)), look=way.look)
        yield from _write(workplace, first, read, answers)
    else:
        yield from _register_many(workplace, chain(first, files), answers, way)


def any_photo(paths: Iterable[Path]) -> bool:
    """Is there anything that could be registered?"""
    return any(isinstance(found, str) for found in _files(list(paths)))


def how_many(paths: Iterable[Path]) -> int:
    """Return how many files the paths name."""
    return sum(isinstance(found, str) for found in _files(list(paths)))


def _files(paths: Sequence[Path]) -> Iterator[str | Failed]:
    """Yield the absolute paths of the files that are named, each once, and what cannot be found.

    A folder names each of its photos once, so that only several names need to be remembered.
    """
    seen: set[int] = set()
    for path in paths:
        for found in _found(path):
            if isinstance(found, str) and len(paths) > 1:
                if hash(found) in seen:
                    continue
                seen.add(hash(found))
            yield found


def _found(path: Path) -> Iterator[str | Failed]:
    """Yield the files that a path names; a folder without photos is a failure as well."""
    is_empty = True
    unreadable: list[PhotoFileError] = []
    try:
        for file in photo_files(path.absolute(), unreadable):
            is_empty = False
            yield file
    except PhotoFileError as error:
        unreadable.append(error)
    yield from (Failed(path, error) for error in unreadable)
    if is_empty and not unreadable:
        nothing = PhotoFileError(
            N_("{file}: there are no photos in this folder"),
            N_("Name a folder with JPEG, PNG, TIFF or WebP files, or the photos themselves."),
            file=path.name or str(path),
        )
        yield Failed(path, nothing)


def _register_many(
    workplace: Workplace, files: Iterator[str | Failed], answers: Answers, way: Way
) -> Iterator[Told]:
    """Register files that worker processes read; at most a few chunks are held at a time."""
    waiting: deque[list[_Item]] = deque()
    together = CHUNK if way.look else WRITTEN_TOGETHER
    items: list[_Item] = []
    read: list[Read] = []

    def lists() -> Iterator[list[str]]:
        for items in _chunks(workplace, files, way):
            waiting.append(items)
            yield [item for item in items if isinstance(item, str)]

    with Workers(look=way.look) as workers:
        for some in workers.read(lists()):
            items += waiting.popleft()
            read += some
            if len(items) >= together:
                yield from _write(workplace, items, read, answers, way)
                items, read = [], []
        yield from _write(workplace, items, read, answers, way)


def _chunks(workplace: Workplace, files: Iterator[str | Failed], way: Way) -> Iterator[list[_Item]]:
    """Yield the files in chunks: `CHUNK` to be read, with those between them that need not be."""
    while some := list(islice(files, LOOKED_UP)):
        known = {} if way.reread else _unchanged(workplace, some)
        items: list[_Item] = []
        to_read = 0
        for found in some:
            number = known.get(found) if isinstance(found, str) else None
            items.append(number or found)
            to_read += number is None
            if to_read == CHUNK:
                yield items
                items, to_read = [], 0
        if items:
            yield items


def _unchanged(workplace: Workplace, files: Iterable[str | Failed]) -> dict[str, int]:
    """Return the photos of those files that are as they were when they were read."""
    found: dict[str, tuple[int, int]] = {}
    for file in files:
        if isinstance(file, str):
            try:
                now = os.stat(file)  # noqa: PTH116 - of a million files the Path is what costs
            except OSError:
                continue  # reading it will say what is wrong
            found[file] = now.st_size, now.st_mtime_ns
    with workplace.registry.reading() as session:
        return unchanged(session, found)


def _write(
    workplace: Workplace,
    items: Sequence[_Item],
    read: Sequence[Read],
    answers: Answers,
    way: Way = Way(),
) -> Iterator[Told]:
    """Write what was read of a chunk in one transaction, and tell of everything in its order."""
    told: dict[_Item, Registered | Failed] = {
        each.path: Failed(Path(each.path), each.error)
        for each in read
        if isinstance(each, Unreadable)
    }
    readings = [each for each in read if not isinstance(each, Unreadable)]
    if readings:
        with workplace.changing() as desk:
            told.update(_register_chunk(desk, readings, answers))
    unread = [item for item in items if isinstance(item, int)]
    if unread and way.tell_all:
        with workplace.reading() as desk:
            told.update(_told_again(desk, photos_by_id(desk.session, unread)))
    elif unread:
        yield Unchanged(len(unread))
    for item in items:
        if isinstance(item, Failed):
            yield item
        elif item in told:
            yield told[item]


def add_photo(desk: Desk, reading: PhotoReading, answers: Answers) -> Registered:
    """Register at an open desk a photo that has been read."""
    return _register_chunk(desk, [reading], answers)[str(reading.path)]


def _register_chunk(
    desk: Desk, readings: Sequence[PhotoReading], answers: Answers
) -> dict[_Item, Registered]:
    """Add the photos that are not in the registry yet; tell of all, by path."""
    known = _already_known(desk, readings)
    same = known_again(desk, [r for r in readings if r.sha256 not in known])
    again = _told_again(desk, [*known.values(), *(each.photo for each in same.values())])
    new: dict[str, PhotoReading] = {}
    for reading in readings:
        if reading.sha256 not in known and reading.sha256 not in same:
            new.setdefault(_picture(reading), reading)
    added = _add(desk, list(new.values()), answers)
    told: dict[_Item, Registered] = {}
    for reading in readings:
        sha256 = reading.sha256
        if sha256 in known:
            found = again[id_of(known[sha256])]
        elif sha256 in same:
            found = replace(again[id_of(same[sha256].photo)], again=same[sha256])
        else:
            first = new[_picture(reading)]
            found = added[first.sha256]
            if first is not reading:  # the same photo twice among those that were read together
                found = replace(found, is_new=False, proposed=False, file_artist="", namesakes=())
        told[str(reading.path)] = found
    return told


def _picture(reading: PhotoReading) -> str:
    """Return what makes a file the same photo; of one that was not looked at its own hash."""
    return reading.picture_sha256 or reading.sha256


def _already_known(desk: Desk, readings: Sequence[PhotoReading]) -> dict[str, Photo]:
    """Return the photos that are in the registry, by file hash; note when a file was changed."""
    known = photos_with_hashes(desk.session, [reading.sha256 for reading in readings])
    changed = {}
    for reading in readings:
        photo = known.get(reading.sha256)
        if photo and photo.path == str(reading.path) and photo.mtime_ns != reading.mtime_ns:
            changed[id_of(photo)] = reading.mtime_ns
    note_changed(desk.session, changed)
    return known


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Who the files say took the photos."""

    photographer: Person | None = None
    artist: str = ""
    namesakes: tuple[str, ...] = ()


def _add(desk: Desk, readings: Sequence[PhotoReading], answers: Answers) -> dict[str, Registered]:
    """Add new photos with their answers and ledger entries; tell of each, by file hash."""
    if not readings:
        return {}
    said, named = answers_to_new(desk, answers)
    event = events_by_id(desk.session, [said.get("event_id")]).get(said.get("event_id", 0))
    is_said = said.get("photographer") or (event and event.photographer)
    artists = {r.artist[:TEXT_LIMIT] for r in readings if r.artist}
    proposals = {} if is_said else _proposals(desk, artists)
    rows = [_row(desk, reading, proposals) | said for reading in readings]
    numbers = add_photos(desk.session, rows)
    taken_by = {
        numbers[row["sha256"]]: [id_of(proposal.photographer)]
        if (proposal := proposals.get(row["file_artist"])) and proposal.photographer
        else named
        for row in rows
    }
    add_photographers(desk.session, [(n, person) for n, ids in taken_by.items() for person in ids])
    looks = {numbers[r.sha256]: r.likeness for r in readings if r.likeness is not None}
    store_likenesses(desk.session, [(number, *look) for number, look in looks.items()])
    alike = likely_copies(desk, looks)
    by_event = photographers_by_event(desk.session, [event.id] if event and event.id else [])
    persons = persons_of(desk.session, chain.from_iterable(taken_by.values()))
    open_ = _open_questions(desk, rows, numbers, taken_by)
    told = {}
    for row in rows:
        number = numbers[row["sha256"]]
        own = [persons[person] for person in taken_by[number]]
        is_own = event is None or "photographer" in row
        takers = own if is_own else by_event.get(id_of(event), [])
        proposal = proposals.get(row["file_artist"], _Proposal())
        told[row["sha256"]] = Registered(
            photo_id=number,
            file_name=row["file_name"],
            is_new=True,
            photographers=tuple((human_id(Kind.PERSON, p.id), p.name) for p in takers),
            taken_at=row["taken_at"],
            holds_place=row["gps_present"],
            open=open_[number],
            proposed=proposal.photographer is not None,
            file_artist=proposal.artist,
            namesakes=proposal.namesakes,
            outside_event=_is_outside(event, row["taken_at"]),
            alike=alike.get(number, ()),
            said=row["file_said"] or {},
        )
    _log(desk, rows, told, answers)
    return told


def _log(
    desk: Desk,
    rows: Iterable[Mapping[str, Any]],
    told: Mapping[str, Registered],
    answers: Answers,
) -> None:
    """Add a ledger entry for each photo."""
    answered = [f.name for f in fields(answers) if getattr(answers, f.name) not in (None, ())]
    about = []
    for row in rows:
        photo = told[row["sha256"]]
        details = {
            "sha256": row["sha256"],
            "event": row.get("event_id"),
            "photographers": [person for person, _name in photo.photographers],
            "from_file": photo.proposed,
            "answers": answered,
        }
        about.append((photo.photo_id, details))
    desk.log_all(Action.PHOTO_REGISTERED, Kind.PHOTO, about)


def _proposals(desk: Desk, artists: Iterable[str]) -> dict[str, _Proposal]:
    """Return for each name in the files who is meant, if one person can be."""
    proposals = {}
    for artist, bearers in namesakes_of(desk.session, artists).items():
        ids = tuple(human_id(Kind.PERSON, person.id) for person in bearers)
        only_one = len(bearers) == 1
        proposals[artist] = (
            _Proposal(bearers[0]) if only_one else _Proposal(artist=artist, namesakes=ids)
        )
    return proposals


def _row(desk: Desk, reading: PhotoReading, proposals: Mapping[str, _Proposal]) -> dict[str, Any]:
    """Return what the file says about itself, as a row that fits the table."""
    taken = reading.taken_at
    is_plausible = taken is not None and EARLIEST_YEAR <= taken.year <= desk.today.year
    artist = reading.artist[:TEXT_LIMIT]
    row = {
        "sha256": reading.sha256,
        "picture_sha256": reading.picture_sha256,
        "path": str(reading.path),
        "file_name": reading.path.name[:NAME_LIMIT],
        "size": reading.size,
        "mtime_ns": reading.mtime_ns,
        "format": reading.format,
        "width": reading.width,
        "height": reading.height,
        "orientation": reading.orientation,
        "taken_at": taken.isoformat(sep=" ") if taken else None,
        "taken_year": taken.year if taken and is_plausible else None,
        "file_artist": artist,
        "file_copyright": reading.copyright[:TEXT_LIMIT],
        "file_description": reading.description[:TEXT_LIMIT],
        "file_said": reading.said or None,
        "camera": reading.camera[:CAMERA_LIMIT],
        "gps_present": reading.gps_present,
        "registered_at": desk.now,
        "registered_by": desk.actor.id,
    }
    if proposals:  # every row of a chunk has the same columns
        is_known = artist in proposals and proposals[artist].photographer
        row["photographer"] = Photographer.KNOWN if is_known else None
    return row


def _open_questions(
    desk: Desk,
    rows: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, int],
    taken_by: Mapping[int, Sequence[int]],
) -> dict[int, tuple[str, ...]]:
    """Return what is open about new photos; photos that differ in no fact are asked about once."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        number = numbers[row["sha256"]]
        what = (*taken_by[number], row["taken_year"], row["file_artist"], row["file_copyright"])
        alike.setdefault(what, []).append(number)
    found = open_questions(desk, [group[0] for group in alike.values()])
    return {number: found[group[0]] for group in alike.values() for number in group}


def _told_again(desk: Desk, photos: Sequence[Photo]) -> dict[_Item, Registered]:
    """Tell of photos that are in the registry already, by number."""
    if not photos:
        return {}
    numbers = [id_of(photo) for photo in photos]
    photographers = photographers_by_photo(desk.session, photos)
    events = events_by_id(desk.session, [photo.event_id for photo in photos])
    open_ = open_questions(desk, numbers)
    return {
        id_of(photo): Registered(
            photo_id=id_of(photo),
            file_name=photo.file_name,
            is_new=False,
            photographers=tuple(
                (human_id(Kind.PERSON, p.id), p.name) for p in photographers[id_of(photo)]
            ),
            taken_at=photo.taken_at,
            holds_place=photo.gps_present,
            open=open_[id_of(photo)],
            outside_event=_is_outside(events.get(photo.event_id or 0), photo.taken_at),
            said=photo.file_said or {},
        )
        for photo in photos
    }


def _is_outside(event: Event | None, taken_at: str | None) -> bool:
    """Was a photo taken on a day that is none of its event's, whose answers count for it?"""
    if event is None or taken_at is None:
        return False
    return not event.starts_on <= date.fromisoformat(taken_at[:10]) <= event.ends_on
