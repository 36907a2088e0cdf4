"""Register photos that were sent to the desk: read by workers, kept by content, then recorded.

A file is whole on the disk before a photo rests on it. Whatever was reported is kept; of anything
else nothing stays.
"""

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from photoreg.errors import PhotoFileError, RegistryError, os_cause
from photoreg.imaging.reading import PhotoReading, read_named_photo
from photoreg.imaging.workers import shared_workers
from photoreg.registry.ids import Kind, require_id
from photoreg.registry.photo_files import keep_photo_file, remove_unrecorded_files
from photoreg.registry.queries.photos import photos_by_id
from photoreg.services.application import Application
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.registration import (
    RegistrationEvent,
    RegistrationFailure,
    prepare_registration,
    register_readings,
)
from photoreg.services.photos.storing import RegisteredPhoto, describe_registered
from photoreg.services.photos.versions import VersionAdded, register_version
from photoreg.texts import N_
from photoreg.unfinished import exclusive_folder

MOST_FILES = 200
"""How many photos one request may send."""

_WAIT_MS = 30_000


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent: where it lies now, and its name."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What became of a file: a photo, a copy that photoreg wrote itself, or why it is refused."""

    name: str
    result: RegistrationEvent


def register_uploads(
    application: Application,
    sent: Sequence[SentFile],
    answers: PhotoAnswers,
    folder: Path,
    cameras: Sequence[tuple[str, str]] = (),
) -> list[UploadResult]:
    """Register files that were sent, and keep them in a folder; return what became of each.

    RegistryError where the folder cannot be written, such as on a full disk; of these files nothing
    is registered then.
    """
    prepare_registration(application, answers, cameras)
    readings = _readings(sent)
    readable = [each for each in readings if isinstance(each, PhotoReading)]
    with _kept(application, folder, readable) as kept:
        once: dict[str, PhotoReading] = {}
        for each in kept:
            once.setdefault(each.sha256, each)
        events = register_readings(application, [*once.values()], answers, cameras) if once else ()
        found = dict(zip(once, events, strict=True))
        return [_result(file, reading, found) for file, reading in zip(sent, readings, strict=True)]


def _result(
    file: SentFile,
    reading: PhotoReading | PhotoFileError,
    found: MutableMapping[str, RegistrationEvent],
) -> UploadResult:
    """Return what became of a file; whatever has the same content after it is known already."""
    if isinstance(reading, PhotoFileError):
        return UploadResult(file.name, RegistrationFailure(Path(file.name), reading))
    event = found[reading.sha256]
    if isinstance(event, RegisteredPhoto):
        found[reading.sha256] = replace(event, is_new=False)
    return UploadResult(file.name, event)


def add_sent_version(
    application: Application, named: str, sent: SentFile, folder: Path
) -> VersionAdded:
    """Register a file that was sent as a version of a photo, and keep it in a folder."""
    prepare_registration(application, PhotoAnswers())
    [reading] = _readings([sent])
    if isinstance(reading, PhotoFileError):
        raise reading
    with _kept(application, folder, [reading]) as [kept]:
        return register_version(application, named, kept)


def remove_forgotten(application: Application, files: Sequence[Path]) -> None:
    """Delete files that were sent to the desk and on which no photo rests any more."""
    for folder in {file.parents[1] for file in files}:
        with suppress(OSError), exclusive_folder(folder, _WAIT_MS), application.reading() as work:
            remove_unrecorded_files(work.session, [f for f in files if f.parents[1] == folder])


def describe_photos(application: Application, photos: Sequence[str]) -> list[RegisteredPhoto]:
    """Return what is known and open about registered photos."""
    numbers = sorted({require_id(Kind.PHOTO, photo) for photo in photos})
    with application.reading() as work:
        return [*describe_registered(work, photos_by_id(work.session, numbers)).values()]


def _readings(sent: Sequence[SentFile]) -> list[PhotoReading | PhotoFileError]:
    """Return what workers read from the files, by the names under which they were sent."""
    found = shared_workers().call_all(read_named_photo, [str(file.path) for file in sent])
    return [_as_sent(file, reading) for file, reading in zip(sent, found, strict=True)]


def _as_sent(
    file: SentFile, reading: PhotoReading | PhotoFileError
) -> PhotoReading | PhotoFileError:
    if isinstance(reading, PhotoReading):
        return reading._replace(sent_as=file.name)
    reading.values["file"] = file.name
    return reading


@contextmanager
def _kept(
    application: Application, folder: Path, readings: Sequence[PhotoReading]
) -> Iterator[list[PhotoReading]]:
    """Give the readings of the files in their places; where no photo rests on one, remove it.

    Nobody else adds files meanwhile: they could rest on one that is removed.
    """
    added: list[Path] = []
    try:
        with exclusive_folder(folder, _WAIT_MS):
            try:
                kept = []
                with application.reading() as work:
                    for reading in readings:
                        path, is_new = keep_photo_file(
                            work.session, reading.path, reading.sha256, folder, reading.file_name
                        )
                        added += [path] if is_new else []
                        kept.append(reading._replace(path=path, mtime_ns=path.stat().st_mtime_ns))
                yield kept
            finally:
                with application.reading() as work:
                    remove_unrecorded_files(work.session, added)
    except OSError as error:
        raise RegistryError(
            N_("the photos cannot be kept in {folder}: {cause}"),
            N_("Nothing of them was registered. Free space, or ask support, and send them again."),
            folder=folder,
            cause=os_cause(error),
        ) from error
