"""Register photos: find files, read them, and store them, one transaction per batch.

Files are read once, by worker processes when there are many. A batch is stored with its answers,
likenesses and ledger entries by a constant number of statements. An interruption loses only the
batch that is being read; registering the same folder again continues from there.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import photo_files
from photoreg.imaging.reading import PhotoReading, camera_of
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
from photoreg.services.photos.folders.beside_photos import BesidePhotos
from photoreg.services.photos.folders.own_copies import OwnCopies
from photoreg.services.photos.naming.cameras import (
    NO_CAMERAS,
    CameraTakers,
    camera_takers,
    full_names,
)
from photoreg.services.photos.storing import (
    RegisteredPhoto,
    describe_registered,
    register_photos,
    with_copies,
)
from photoreg.texts import N_

BATCH_SIZE = 64
"""How many photos a worker reads together, and how many are written in one transaction."""

FILES_PER_QUERY = 7 * BATCH_SIZE
"""How many files one query looks up; a query may hold 500 values."""

LARGE_BATCH_SIZE = FILES_PER_QUERY
"""How many photos are written in one transaction when their pictures are not decoded."""


@dataclass(frozen=True, slots=True)
class RegistrationFailure:
    """A file or folder that could not be registered, and why."""

    path: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class UnchangedCount:
    """The number of photos whose files have not changed since they were last read."""

    count: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that photoreg wrote itself, a copy or thumbnail of a photo, which is no new photo."""

    path: Path
    copy_of: str


RegistrationEvent = RegisteredPhoto | RegistrationFailure | UnchangedCount | LeftOut

_BatchItem = str | int | RegistrationFailure
"""An item of a batch: a file to read, the number of an unchanged photo, or a failure."""


@dataclass(frozen=True, slots=True)
class RegistrationOptions:
    """How files are registered.

    Without `decode` the likenesses are computed, and damaged pictures found, only later. `reread`
    also reads files that have not changed. With `report_unchanged` each unchanged photo is
    reported like one that was read, instead of counted. `cameras` are pairs of a camera and who
    took its photos, as typed; `register_files` finds the `takers`. `beside` collects what folders
    hold beside photos. `on_stored` is called with each
    event of a batch right after it is stored; an interrupt cannot separate the two, whereas the
    caller may stop consuming the yielded events at any time.
    """

    decode: bool = True
    reread: bool = False
    report_unchanged: bool = False
    cameras: Sequence[tuple[str, str]] = ()
    takers: CameraTakers = NO_CAMERAS
    beside: BesidePhotos = field(default_factory=BesidePhotos)
    on_stored: "Callable[[RegistrationEvent], None]" = lambda _event: None


def prepare_registration(
    application: Application, answers: PhotoAnswers, cameras: Iterable[tuple[str, str]] = ()
) -> frozenset[str]:
    """Validate what is stated before any file is read; return what the event answers.

    Raises also when the actor may not register photos or the registry cannot be written.
    """
    with application.changing() as work:
        columns_for_new_photos(work, answers)
        camera_takers(work, cameras, None)
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
    options: RegistrationOptions | None = None,
) -> Iterator[RegistrationEvent]:
    """Register the photos at the paths, and yield each one once it is stored.

    Unreadable files are yielded as failures. A batch is stored as a whole or not at all, so
    whatever was yielded survives an interruption. Few files are always read; of many, files that
    have not changed since they were last read are skipped.
    """
    options = options or RegistrationOptions()
    if options.cameras or answers.event:
        with application.reading() as work:
            takers = camera_takers(work, options.cameras, answers.event)
        options = replace(options, takers=takers)
    files, copies = _files(list(paths), options.beside), OwnCopies()
    first = list(islice(files, MAX_WITHOUT_WORKERS + 1))
    if len(first) <= MAX_WITHOUT_WORKERS:
        names = (name for name in first if isinstance(name, str))
        readings = read_photos(names, decode=options.decode)
        yield from _write(application, first, readings, answers, options, copies)
    else:
        yield from _register_many(application, chain(first, files), answers, options, copies)


def register_readings(
    application: Application,
    readings: Sequence[PhotoReading],
    answers: PhotoAnswers,
    cameras: Sequence[tuple[str, str]] = (),
) -> list[RegistrationEvent]:
    """Register files that were read, in one transaction; return what became of each, in order."""
    with application.reading() as work:
        takers = camera_takers(work, cameras, answers.event)
    options = RegistrationOptions(report_unchanged=True, takers=takers)
    paths = [str(reading.path) for reading in readings]
    return _write(application, paths, readings, answers, options, OwnCopies())


def has_photos(paths: Iterable[Path]) -> bool:
    """Is there any photo at these paths?"""
    return any(isinstance(found, str) for found in _files(list(paths)))


def folder_around(paths: Iterable[Path]) -> Path:
    """Return the nearest folder around all of these files and folders, if there is one."""
    absolute = [path.absolute() for path in paths]
    try:
        return Path(os.path.commonpath([p if p.is_dir() else p.parent for p in absolute]))
    except ValueError:  # they are on several drives of Windows
        return Path()


def cameras_meant(
    stated: Sequence[tuple[str, str]], paths: Iterable[Path]
) -> list[tuple[str, str]]:
    """Return the cameras stated, by the names that the files at these paths have for them.

    InputDataError for a name that may be that of several of these cameras.
    """
    if not stated:
        return []
    files = (found for found in _files(list(paths)) if isinstance(found, str))
    return full_names(stated, {camera_of(Path(file)) for file in files})


def cameras_to_ask(
    application: Application,
    paths: Iterable[Path],
    stated: Sequence[tuple[str, str]],
    event: str | None,
) -> dict[str, int] | None:
    """Return how many photos each camera took of which nobody has said whose it is.

    None if there are not several cameras. What the event's earlier photos tell of a camera counts
    where the event itself names no photographer.
    """
    files = (found for found in _files(list(paths)) if isinstance(found, str))
    photos = Counter(camera for file in files if (camera := camera_of(Path(file))))
    if len(photos) < 2:  # noqa: PLR2004
        return None
    with application.reading() as work:
        takers = camera_takers(work, full_names(stated, photos), event)
        is_answered = event and find_event(work.session, event).photographer
    return {
        camera: count
        for camera, count in photos.items()
        if not takers.stated_of(camera) and (is_answered or not takers.earlier_of(camera))
    }


def count_files(paths: Iterable[Path]) -> int:
    """Return the number of files at these paths."""
    return sum(isinstance(found, str) for found in _files(list(paths)))


def _files(
    paths: Sequence[Path], beside: BesidePhotos | None = None
) -> Iterator[str | RegistrationFailure]:
    """Yield the absolute path of each file once, and failures for whatever cannot be found.

    A single folder yields each file once by itself, so paths are remembered only for several.
    """
    seen: set[int] = set()
    for path in paths:
        for found in _files_in(path, beside):
            if isinstance(found, str) and len(paths) > 1:
                if hash(found) in seen:
                    continue
                seen.add(hash(found))
            yield found


def _files_in(path: Path, beside: BesidePhotos | None) -> Iterator[str | RegistrationFailure]:
    """Yield the files at a path; a folder without photos yields a failure."""
    is_empty = True
    unreadable: list[PhotoFileError] = []
    try:
        for file in photo_files(path.absolute(), unreadable, beside.add if beside else None):
            is_empty = False
            yield file
    except PhotoFileError as error:
        unreadable.append(error)
    yield from (RegistrationFailure(path, error) for error in unreadable)
    if is_empty and not unreadable:
        yield RegistrationFailure(path, no_photos_error(path))


def no_photos_error(path: Path) -> PhotoFileError:
    """Return the error for a folder without photos."""
    return PhotoFileError(
        N_("{file}: there are no photos in this folder"),
        N_("Give a folder with JPEG, PNG, TIFF or WebP files, or the photos themselves."),
        file=path.name or str(path),
    )


def _register_many(
    application: Application,
    files: Iterator[str | RegistrationFailure],
    answers: PhotoAnswers,
    options: RegistrationOptions,
    copies: OwnCopies,
) -> Iterator[RegistrationEvent]:
    """Register files that worker processes read; at most a few batches are in memory at a time."""
    pending: deque[list[_BatchItem]] = deque()
    batch_size = BATCH_SIZE if options.decode else LARGE_BATCH_SIZE
    items: list[_BatchItem] = []
    readings: list[ReadResult] = []

    def batches() -> Iterator[list[str]]:
        for batch in _batches(application, files, options):
            pending.append(batch)
            yield [item for item in batch if isinstance(item, str)]

    with closing(Workers(decode=options.decode)) as workers:
        for results in workers.read(batches()):
            items += pending.popleft()
            readings += results
            if len(items) >= batch_size:
                yield from _write(application, items, readings, answers, options, copies)
                items, readings = [], []
        yield from _write(application, items, readings, answers, options, copies)


def _batches(
    application: Application,
    files: Iterator[str | RegistrationFailure],
    options: RegistrationOptions,
) -> Iterator[list[_BatchItem]]:
    """Yield the items, in their order, in batches with as many files as a worker reads together."""
    while chunk := list(islice(files, FILES_PER_QUERY)):
        known = {} if options.reread else _unchanged(application, chunk, options)
        items: list[_BatchItem] = []
        to_read = 0
        for found in chunk:
            number = known.get(found) if isinstance(found, str) else None
            items.append(number or found)
            to_read += number is None
            if to_read == BATCH_SIZE:
                yield items
                items, to_read = [], 0
        if items:
            yield items


def _unchanged(
    application: Application,
    files: Iterable[str | RegistrationFailure],
    options: RegistrationOptions,
) -> dict[str, int]:
    """Return the photos, by path, whose files have the size and time of the last reading.

    When pictures are decoded, those that were never looked at are left out.
    """
    current: dict[str, tuple[int, int]] = {}
    for file in files:
        if isinstance(file, str):
            try:
                now = os.stat(file)  # noqa: PTH116 - a Path is too slow for a million files
            except OSError:
                continue  # reading the file reports the error
            current[file] = now.st_size, now.st_mtime_ns
    with application.reading() as work:
        return unchanged_photos(work.session, current, looked_at=options.decode)


def _write(
    application: Application,
    items: Sequence[_BatchItem],
    readings: Sequence[ReadResult],
    answers: PhotoAnswers,
    options: RegistrationOptions,
    copies: OwnCopies,
) -> list[RegistrationEvent]:
    """Store a batch in one transaction; return its events in the order of the items."""
    with uninterrupted():
        events = list(_written_results(application, items, readings, answers, options, copies))
        for event in events:
            options.on_stored(event)
    return events


def _written_results(
    application: Application,
    items: Sequence[_BatchItem],
    readings: Sequence[ReadResult],
    answers: PhotoAnswers,
    options: RegistrationOptions,
    copies: OwnCopies,
) -> Iterator[RegistrationEvent]:
    result: dict[str | int, RegisteredPhoto | RegistrationFailure | LeftOut] = {
        each.path: RegistrationFailure(Path(each.path), each.error)
        for each in readings
        if isinstance(each, UnreadableFile)
    }
    readable = [each for each in readings if not isinstance(each, UnreadableFile)]
    own = copies.among(application, readable)
    result.update({path: LeftOut(Path(path), photo) for path, photo in own.items()})
    readable = [each for each in readable if str(each.path) not in own]
    if readable:
        with application.changing() as work:
            added = register_photos(work, readable, answers, options.takers)
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
