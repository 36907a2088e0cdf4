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
from photoreg.imaging.workers import (
    MAX_WITHOUT_WORKERS,
    ReadResult,
    UnreadableFile,
    Workers,
    read_photos,
)
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.photos import photos_by_id, unchanged_photos
from photoreg.registry.tables.photos import AnswerColumns
from photoreg.services.application import Application
from photoreg.services.interrupts import uninterrupted
from photoreg.services.photos.answers import PhotoAnswers, columns_for_new_photos
from photoreg.services.photos.storing import (
    RegisteredPhoto,
    describe_registered,
    register_photos,
    with_copies,
)
from photoreg.texts import N_

BATCH_SIZE = 64
"""How many photos a worker reads together, and how many are written in one transaction."""

LARGE_BATCH_SIZE = 4 * BATCH_SIZE
"""How many are written in one transaction when their pictures are not looked at."""

FILES_PER_QUERY = 7 * BATCH_SIZE
"""How many files one query asks for; a query may hold 500 values."""


@dataclass(frozen=True, slots=True)
class RegistrationFailure:
    """A file or folder that could not be registered, and why."""

    path: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class UnchangedCount:
    """So many photos are in the registry already, their files as they were when they were read."""

    count: int


RegistrationEvent = RegisteredPhoto | RegistrationFailure | UnchangedCount

_BatchItem = str | int | RegistrationFailure
"""What a chunk is made of: a file to be read, the number of an unchanged photo, a failure."""


@dataclass(frozen=True, slots=True)
class RegistrationOptions:
    """How files are registered.

    Without `look` the pictures are not decoded: they get their likeness later, and damage inside
    is found then. `reread` reads again also what has not changed since it was read; with
    `tell_all` each unchanged photo is told of as if it had been read, and not only counted.
    `count` is called with each as soon as its chunk is stored: an interruption comes before both
    or after both, though what is told of comes one by one and may never be asked for.
    """

    decode: bool = True
    reread: bool = False
    report_unchanged: bool = False
    on_stored: "Callable[[RegistrationEvent], None]" = lambda _told: None


def prepare_registration(application: Application, answers: PhotoAnswers) -> frozenset[str]:
    """Refuse at once what no file could be registered with; return what the event answers.

    Whether the actor may register, whether the registry can be written, and who is named is found
    out here, before the first file is read.
    """
    with application.changing() as work:
        columns_for_new_photos(work, answers)
        if answers.event is None:
            return frozenset()
        event = find_event(work.session, answers.event)
        names = AnswerColumns.model_fields
        return frozenset(name for name in names if getattr(event, name) is not None)


def check_event(application: Application, named: str) -> None:
    """Raise NotFound when there is no such event."""
    with application.reading() as work:
        find_event(work.session, named)


def check_person(application: Application, named: str) -> None:
    """Raise NotFound when there is no such person."""
    with application.reading() as work:
        find_person(work.session, named)


def register_files(
    application: Application,
    paths: Iterable[Path],
    answers: PhotoAnswers,
    options: RegistrationOptions = RegistrationOptions(),
) -> Iterator[RegistrationEvent]:
    """Register the photos that the paths name, and tell of each when it is in the registry.

    A file that cannot be read is told of and the others go on. A chunk is stored whole or not at
    all, so an interruption keeps what was told of. A few files are always read; of many, those
    that have not changed since they were read are passed by.
    """
    files = _files(list(paths))
    first = list(islice(files, MAX_WITHOUT_WORKERS + 1))
    if len(first) <= MAX_WITHOUT_WORKERS:
        read = read_photos((name for name in first if isinstance(name, str)), decode=options.decode)
        yield from _write(application, first, read, answers, options)
    else:
        yield from _register_many(application, chain(first, files), answers, options)


def has_photos(paths: Iterable[Path]) -> bool:
    """Is there anything that could be registered?"""
    return any(isinstance(found, str) for found in _files(list(paths)))


def count_files(paths: Iterable[Path]) -> int:
    """Return how many files the paths name."""
    return sum(isinstance(found, str) for found in _files(list(paths)))


def _files(paths: Sequence[Path]) -> Iterator[str | RegistrationFailure]:
    """Yield the absolute paths of the files that are named, each once, and what cannot be found.

    A folder names each of its photos once, so that only several names need to be remembered.
    """
    seen: set[int] = set()
    for path in paths:
        for found in _files_in(path):
            if isinstance(found, str) and len(paths) > 1:
                if hash(found) in seen:
                    continue
                seen.add(hash(found))
            yield found


def _files_in(path: Path) -> Iterator[str | RegistrationFailure]:
    """Yield the files that a path names; a folder without photos is a failure as well."""
    is_empty = True
    unreadable: list[PhotoFileError] = []
    try:
        for file in photo_files(path.absolute(), unreadable):
            is_empty = False
            yield file
    except PhotoFileError as error:
        unreadable.append(error)
    yield from (RegistrationFailure(path, error) for error in unreadable)
    if is_empty and not unreadable:
        nothing = PhotoFileError(
            N_("{file}: there are no photos in this folder"),
            N_("Give a folder with JPEG, PNG, TIFF or WebP files, or the photos themselves."),
            file=path.name or str(path),
        )
        yield RegistrationFailure(path, nothing)


def _register_many(
    application: Application,
    files: Iterator[str | RegistrationFailure],
    answers: PhotoAnswers,
    options: RegistrationOptions,
) -> Iterator[RegistrationEvent]:
    """Register files that worker processes read; at most a few chunks are held at a time."""
    waiting: deque[list[_BatchItem]] = deque()
    together = BATCH_SIZE if options.decode else LARGE_BATCH_SIZE
    items: list[_BatchItem] = []
    read: list[ReadResult] = []

    def lists() -> Iterator[list[str]]:
        for items in _batches(application, files, options):
            waiting.append(items)
            yield [item for item in items if isinstance(item, str)]

    with Workers(decode=options.decode) as workers:
        for some in workers.read(lists()):
            items += waiting.popleft()
            read += some
            if len(items) >= together:
                yield from _write(application, items, read, answers, options)
                items, read = [], []
        yield from _write(application, items, read, answers, options)


def _batches(
    application: Application,
    files: Iterator[str | RegistrationFailure],
    options: RegistrationOptions,
) -> Iterator[list[_BatchItem]]:
    """Yield the files in batches: `BATCH_SIZE` to read, and those between that need no reading."""
    while some := list(islice(files, FILES_PER_QUERY)):
        known = {} if options.reread else _unchanged(application, some)
        items: list[_BatchItem] = []
        to_read = 0
        for found in some:
            number = known.get(found) if isinstance(found, str) else None
            items.append(number or found)
            to_read += number is None
            if to_read == BATCH_SIZE:
                yield items
                items, to_read = [], 0
        if items:
            yield items


def _unchanged(
    application: Application, files: Iterable[str | RegistrationFailure]
) -> dict[str, int]:
    """Return the photos of those files that are as they were when they were read."""
    found: dict[str, tuple[int, int]] = {}
    for file in files:
        if isinstance(file, str):
            try:
                now = os.stat(file)  # noqa: PTH116 - of a million files the Path is what costs
            except OSError:
                continue  # reading it will say what is wrong
            found[file] = now.st_size, now.st_mtime_ns
    with application.registry.reading() as session:
        return unchanged_photos(session, found)


def _write(
    application: Application,
    items: Sequence[_BatchItem],
    read: Sequence[ReadResult],
    answers: PhotoAnswers,
    options: RegistrationOptions,
) -> list[RegistrationEvent]:
    """Write what was read of a chunk in one transaction; return everything in its order."""
    with uninterrupted():
        result = list(_written_results(application, items, read, answers, options))
        for each in result:
            options.on_stored(each)
    return result


def _written_results(
    application: Application,
    items: Sequence[_BatchItem],
    read: Sequence[ReadResult],
    answers: PhotoAnswers,
    options: RegistrationOptions,
) -> Iterator[RegistrationEvent]:
    result: dict[str | int, RegisteredPhoto | RegistrationFailure] = {
        each.path: RegistrationFailure(Path(each.path), each.error)
        for each in read
        if isinstance(each, UnreadableFile)
    }
    readings = [each for each in read if not isinstance(each, UnreadableFile)]
    if readings:
        with application.changing() as work:
            added = register_photos(work, readings, answers)
        result.update({path: with_copies(each, work.reacted) for path, each in added.items()})
    unread = [item for item in items if isinstance(item, int)]
    if unread and options.report_unchanged:
        with application.reading() as work:
            result.update(describe_registered(work, photos_by_id(work.session, unread)))
    elif unread:
        yield UnchangedCount(len(unread))
    for item in items:
        if isinstance(item, RegistrationFailure):
            yield item
        elif item in result:
            yield result[item]
