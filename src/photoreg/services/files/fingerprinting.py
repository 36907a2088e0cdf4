"""Fingerprint photos: compute from their files the hashes that they were registered without.

Such photos get their picture hash, likeness and rights metadata. Each batch is its own
transaction, so an interruption loses one batch and the next run continues there.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import changed_since_error
from photoreg.imaging.reading import PhotoReading
from photoreg.imaging.workers import ReadResult, UnreadableFile, Workers, read_in_parallel
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.photos import photos_by_id, photos_with_pictures, store_mtimes
from photoreg.registry.queries.similarity import photos_without_hashes, store_likenesses
from photoreg.services.application import Application
from photoreg.services.files.recognition import (
    has_rights,
    record_metadata_look,
    update_file_changed,
)
from photoreg.services.unit_of_work import PUBLISHERS, StoppedCopy, UnitOfWork

BATCH_SIZE = 64
"""How many photos are read together and written in one transaction."""


@dataclass(frozen=True, slots=True)
class FingerprintResult:
    """A photo that was fingerprinted; `same_as` is another photo with the same picture.

    `stopped`: the photo was flagged as a near-duplicate of a stopped photo.
    """

    photo: str
    same_as: str | None
    comparable: bool
    stopped: StoppedCopy | None = None


@dataclass(frozen=True, slots=True)
class FingerprintFailure:
    """A photo whose file could not be read, is missing, or has changed."""

    photo: str
    error: PhotoFileError


def fingerprint(application: Application) -> Iterator[FingerprintResult | FingerprintFailure]:
    """Fingerprint every photo that lacks hashes; yield a result for each.

    NotAllowed for actors who may not change records.
    """
    with application.changing():
        pass  # raises NotAllowed before the first file is read
    pending: deque[list[tuple[int, str, str]]] = deque()

    def batches() -> Iterator[list[str]]:
        last = 0
        while True:
            with application.reading() as work:
                rows = photos_without_hashes(work.session, last, BATCH_SIZE)
            if not rows:
                return
            last = rows[-1][0]
            pending.append(rows)
            yield [path for _number, path, _sha256 in rows]

    with closing(Workers(decode=True)) as workers:
        for results in workers.read(batches()):
            readings: dict[int, PhotoReading] = {}
            for (number, _path, sha256), each in zip(pending.popleft(), results, strict=True):
                if isinstance(each, UnreadableFile):
                    yield FingerprintFailure(human_id(Kind.PHOTO, number), each.error)
                elif each.sha256 != sha256:
                    yield FingerprintFailure(
                        human_id(Kind.PHOTO, number), changed_since_error(each.path.name)
                    )
                else:
                    readings[number] = each
            with application.changing() as work:
                stored = _store_hashes(work, readings)
            yield from (replace(e, stopped=work.reacted.stopped(e.photo)) for e in stored)


def reread_files(application: Application, stale: Mapping[str, Sequence[int]]) -> list[int]:
    """Read stale files of photos again, for `refresh_files`; `stale` maps paths to photos."""
    changed: list[int] = []
    results = read_in_parallel(list(stale), decode=True)
    while batch := list(islice(results, BATCH_SIZE)):
        looks = {number: read for read in batch for number in stale[str(read.path)]}
        with application.changing(PUBLISHERS) as work:
            changed += _store_looks(work, looks)
    return changed


def _store_looks(work: UnitOfWork, looks: Mapping[int, ReadResult]) -> Iterator[int]:
    """Record the state of files; yield the photos whose file changed but not the picture."""
    same: dict[int, PhotoReading] = {}
    for photo in photos_by_id(work.session, sorted(looks)):
        number = id_of(photo)
        look = looks[number]
        reading = None if isinstance(look, UnreadableFile) else look
        if reading and reading.sha256 == photo.sha256:
            same[number] = reading
        elif str(look.path) != photo.path:
            continue  # another file than the photo's own tells nothing about it
        elif reading and photo.picture_sha256 == reading.picture_sha256:
            yield number
            record_metadata_look(work, photo, reading)
        elif Path(photo.path).exists():  # otherwise it was taken away meanwhile
            update_file_changed(work, photo, is_changed=True)
    if same:
        store_looks(work, same)


def store_looks(work: UnitOfWork, looks: Mapping[int, PhotoReading]) -> None:
    """Record that the pictures of these photos were looked at; their files are as registered."""
    without_hashes: dict[int, PhotoReading] = {}
    times: dict[int, int] = {}
    for photo in photos_by_id(work.session, sorted(looks)):
        number = id_of(photo)
        look = looks[number]
        if photo.picture_sha256 is None:
            without_hashes[number] = look
        else:
            update_file_changed(work, photo, is_changed=False)
        if photo.path == str(look.path):
            times[number] = look.mtime_ns
    work.session.flush()
    store_mtimes(work.session, times)
    if without_hashes:
        _store_hashes(work, without_hashes)


def _store_hashes(work: UnitOfWork, readings: dict[int, PhotoReading]) -> list[FingerprintResult]:
    known = photos_with_pictures(work.session, [r.picture_sha256 or "" for r in readings.values()])
    result = []
    for photo in photos_by_id(work.session, sorted(readings)):
        reading = readings[id_of(photo)]
        photo.picture_sha256 = reading.picture_sha256
        update_file_changed(work, photo, is_changed=False)
        if photo.rights_metadata is None and has_rights(reading.rights_by_standard):
            photo.rights_metadata = reading.rights_by_standard
        other = known.get(reading.picture_sha256 or "")
        same_as = human_id(Kind.PHOTO, other.id) if other and other.id != photo.id else None
        likeness = reading.likeness
        is_comparable = bool(likeness and likeness.is_comparable)
        result.append(FingerprintResult(human_id(Kind.PHOTO, photo.id), same_as, is_comparable))
    work.session.flush()
    likenesses = [(n, *r.likeness) for n, r in readings.items() if r.likeness is not None]
    store_likenesses(work.session, likenesses)
    work.log_all(
        Action.PHOTO_FINGERPRINTED,
        Kind.PHOTO,
        [(n, {"picture_sha256": r.picture_sha256}) for n, r in readings.items()],
    )
    return result
