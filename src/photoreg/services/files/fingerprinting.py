"""Fingerprinting: the hashes of photos that were registered without them, from their files.

What was registered in a hurry gets its picture hash, its likeness and what its file says of
rights. Each chunk is a transaction of its own, so that an interruption loses one chunk, and running
it again goes on where it stopped.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from photoreg.errors import PhotoFileError
from photoreg.imaging.reading import PhotoReading
from photoreg.imaging.workers import UnreadableFile, Workers, read_in_parallel
from photoreg.imaging.writing.rewriting import changed_since_error
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.photos import photos_by_id, photos_with_pictures, store_mtimes
from photoreg.registry.queries.similarity import photos_without_hashes, store_likenesses
from photoreg.services.application import Application
from photoreg.services.files.recognition import has_rights, update_rights_removed
from photoreg.services.unit_of_work import StoppedCopy, UnitOfWork

BATCH_SIZE = 64
"""How many photos are read together and written in one transaction."""


@dataclass(frozen=True, slots=True)
class FingerprintResult:
    """A photo that has its hashes now; `same_as` is another photo with the same picture.

    `stopped`: it turned out to look like a photo that is stopped, and so it is stopped too.
    """

    photo: str
    same_as: str | None
    comparable: bool
    stopped: StoppedCopy | None = None


@dataclass(frozen=True, slots=True)
class FingerprintFailure:
    """A photo whose file could not be read, is gone, or is another one now."""

    photo: str
    error: PhotoFileError


def fingerprint(application: Application) -> Iterator[FingerprintResult | FingerprintFailure]:
    """Give each photo that lacks them its hashes, and tell of each."""
    with application.changing():
        pass  # who may not change records is refused before the first file is read
    waiting: deque[list[tuple[int, str, str]]] = deque()

    def lists() -> Iterator[list[str]]:
        last = 0
        while True:
            with application.reading() as work:
                rows = photos_without_hashes(work.session, last, BATCH_SIZE)
            if not rows:
                return
            last = rows[-1][0]
            waiting.append(rows)
            yield [path for _number, path, _sha256 in rows]

    with Workers(decode=True) as workers:
        for read in workers.read(lists()):
            readings: dict[int, PhotoReading] = {}
            for (number, _path, sha256), each in zip(waiting.popleft(), read, strict=True):
                if isinstance(each, UnreadableFile):
                    yield FingerprintFailure(human_id(Kind.PHOTO, number), each.error)
                elif each.sha256 != sha256:
                    yield FingerprintFailure(
                        human_id(Kind.PHOTO, number), changed_since_error(each.path.name)
                    )
                else:
                    readings[number] = each
            with application.changing() as work:
                result = _store_hashes(work, readings)
            yield from (replace(e, stopped=work.reacted.stopped(e.photo)) for e in result)


def reread_files(application: Application, stale: Mapping[str, int]) -> list[int]:
    """Read these files, each of a photo, as `look_again` says."""
    changed: list[int] = []
    found = read_in_parallel(list(stale), decode=True)
    while some := list(islice(found, BATCH_SIZE)):
        read = {stale[str(r.path)]: r for r in some if not isinstance(r, UnreadableFile)}
        with application.changing() as work:
            changed += _store_readings(work, read)
    return changed


def _store_readings(work: UnitOfWork, readings: Mapping[int, PhotoReading]) -> Iterator[int]:
    """Note what files say now; give the photos whose picture is the same and the file another."""
    same: dict[int, PhotoReading] = {}
    unseen: dict[int, PhotoReading] = {}
    for photo in photos_by_id(work.session, sorted(readings)):
        number = id_of(photo)
        read = readings[number]
        if read.sha256 == photo.sha256:
            same[number] = read
            if photo.picture_sha256 is None:
                unseen[number] = read
        elif photo.picture_sha256 and read.picture_sha256 == photo.picture_sha256:
            yield number
            if not has_rights(read.rights_by_standard):
                update_rights_removed(work, photo, read.rights_by_standard)
    store_mtimes(work.session, {number: read.mtime_ns for number, read in same.items()})
    if unseen:
        _store_hashes(work, unseen)


def _store_hashes(work: UnitOfWork, readings: dict[int, PhotoReading]) -> list[FingerprintResult]:
    known = photos_with_pictures(work.session, [r.picture_sha256 or "" for r in readings.values()])
    result = []
    for photo in photos_by_id(work.session, sorted(readings)):
        reading = readings[id_of(photo)]
        photo.picture_sha256 = reading.picture_sha256
        if photo.rights_metadata is None and has_rights(reading.rights_by_standard):
            photo.rights_metadata = reading.rights_by_standard
        other = known.get(reading.picture_sha256 or "")
        same_as = human_id(Kind.PHOTO, other.id) if other and other.id != photo.id else None
        look = reading.likeness
        result.append(
            FingerprintResult(
                human_id(Kind.PHOTO, photo.id), same_as, bool(look and look.is_comparable)
            )
        )
    work.session.flush()
    likenesses = [(n, *r.likeness) for n, r in readings.items() if r.likeness is not None]
    store_likenesses(work.session, likenesses)
    work.log_all(
        Action.PHOTO_FINGERPRINTED,
        Kind.PHOTO,
        [(n, {"picture_sha256": r.picture_sha256}) for n, r in readings.items()],
    )
    return result
