"""Registering photos: a pipeline from files to records, a chunk of photos a transaction.

Files are found one after the other, read once (by worker processes when there are many), and
written in chunks: every photo with its answers, its likeness and its ledger entry, by the same few
statements however many they are. An interruption loses the chunk that was being read and nothing
else; registering the same folder again goes on from there.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import photo_files
from photoreg.imaging.workers import FEW, Read, UnreadableFile, Workers, read_photos
from photoreg.registry.lookup import the_event, the_person
from photoreg.registry.queries.photos import photos_by_id, unchanged
from photoreg.registry.tables.photos import Answers as AnswerColumns
from photoreg.services.interrupts import uninterrupted
from photoreg.services.photos.answers import Answers, answers_to_new
from photoreg.services.photos.storing import Registered, add_photos_read, told_again, with_copies
from photoreg.services.unit_of_work import Workplace
from photoreg.texts import N_

CHUNK = 64
"""How many photos a worker reads together, and how many are written in one transaction."""

WRITTEN_TOGETHER = 4 * CHUNK
"""How many are written in one transaction when their pictures are not looked at."""

LOOKED_UP = 7 * CHUNK
"""How many files one query asks for; a query may hold 500 values."""


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
    `count` is called with each as soon as its chunk is stored: an interruption comes before both
    or after both, though what is told of comes one by one and may never be asked for.
    """

    look: bool = True
    reread: bool = False
    tell_all: bool = False
    count: "Callable[[Told], None]" = lambda _told: None


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
        yield from _write(workplace, first, read, answers, way)
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
    way: Way,
) -> list[Told]:
    """Write what was read of a chunk in one transaction; return everything in its order."""
    with uninterrupted():
        told = list(_written(workplace, items, read, answers, way))
        for each in told:
            way.count(each)
    return told


def _written(
    workplace: Workplace,
    items: Sequence[_Item],
    read: Sequence[Read],
    answers: Answers,
    way: Way,
) -> Iterator[Told]:
    told: dict[str | int, Registered | Failed] = {
        each.path: Failed(Path(each.path), each.error)
        for each in read
        if isinstance(each, UnreadableFile)
    }
    readings = [each for each in read if not isinstance(each, UnreadableFile)]
    if readings:
        with workplace.changing() as desk:
            added = add_photos_read(desk, readings, answers)
        told.update({path: with_copies(each, desk.reacted) for path, each in added.items()})
    unread = [item for item in items if isinstance(item, int)]
    if unread and way.tell_all:
        with workplace.reading() as desk:
            told.update(told_again(desk, photos_by_id(desk.session, unread)))
    elif unread:
        yield Unchanged(len(unread))
    for item in items:
        if isinstance(item, Failed):
            yield item
        elif item in told:
            yield told[item]
