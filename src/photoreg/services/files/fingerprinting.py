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
from photoreg.imaging.workers import UnreadableFile, Workers, read_side_by_side
from photoreg.imaging.writing.rewriting import changed_since
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.photos import note_changed, photos_by_id, photos_with_pictures
from photoreg.registry.queries.similarity import store_likenesses, without_identity
from photoreg.services.decisions.stop_propagation import StoppedCopy
from photoreg.services.files.recognition import has_rights, note_rights
from photoreg.services.unit_of_work import Desk, Workplace

CHUNK = 64
"""How many photos are read together and written in one transaction."""


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A photo that has its hashes now; `same_as` is another photo with the same picture.

    `stopped`: it turned out to look like a photo that is stopped, and so it is stopped too.
    """

    photo: str
    same_as: str | None
    comparable: bool
    stopped: StoppedCopy | None = None


@dataclass(frozen=True, slots=True)
class NotRead:
    """A photo whose file could not be read, is gone, or is another one now."""

    photo: str
    error: PhotoFileError


def fingerprint(workplace: Workplace) -> Iterator[Fingerprinted | NotRead]:
    """Give each photo that lacks them its hashes, and tell of each."""
    with workplace.changing():
        pass  # who may not change records is refused before the first file is read
    waiting: deque[list[tuple[int, str, str]]] = deque()

    def lists() -> Iterator[list[str]]:
        last = 0
        while True:
            with workplace.reading() as desk:
                rows = without_identity(desk.session, last, CHUNK)
            if not rows:
                return
            last = rows[-1][0]
            waiting.append(rows)
            yield [path for _number, path, _sha256 in rows]

    with Workers(look=True) as workers:
        for read in workers.read(lists()):
            readings: dict[int, PhotoReading] = {}
            for (number, _path, sha256), each in zip(waiting.popleft(), read, strict=True):
                if isinstance(each, UnreadableFile):
                    yield NotRead(human_id(Kind.PHOTO, number), each.error)
                elif each.sha256 != sha256:
                    yield NotRead(human_id(Kind.PHOTO, number), changed_since(each.path.name))
                else:
                    readings[number] = each
            with workplace.changing() as desk:
                told = _store(desk, readings)
            yield from (replace(e, stopped=desk.reacted.stopped(e.photo)) for e in told)


def read_again(workplace: Workplace, stale: Mapping[str, int]) -> list[int]:
    """Read these files, each of a photo, as `look_again` says."""
    changed: list[int] = []
    found = read_side_by_side(list(stale), look=True)
    while some := list(islice(found, CHUNK)):
        read = {stale[str(r.path)]: r for r in some if not isinstance(r, UnreadableFile)}
        with workplace.changing() as desk:
            changed += _note_read(desk, read)
    return changed


def _note_read(desk: Desk, readings: Mapping[int, PhotoReading]) -> Iterator[int]:
    """Note what files say now; give the photos whose picture is the same and the file another."""
    same: dict[int, PhotoReading] = {}
    unseen: dict[int, PhotoReading] = {}
    for photo in photos_by_id(desk.session, sorted(readings)):
        number = id_of(photo)
        read = readings[number]
        if read.sha256 == photo.sha256:
            same[number] = read
            if photo.picture_sha256 is None:
                unseen[number] = read
        elif photo.picture_sha256 and read.picture_sha256 == photo.picture_sha256:
            yield number
            if not has_rights(read.said):
                note_rights(desk, photo, read.said)
    note_changed(desk.session, {number: read.mtime_ns for number, read in same.items()})
    if unseen:
        _store(desk, unseen)


def _store(desk: Desk, readings: dict[int, PhotoReading]) -> list[Fingerprinted]:
    known = photos_with_pictures(desk.session, [r.picture_sha256 or "" for r in readings.values()])
    told = []
    for photo in photos_by_id(desk.session, sorted(readings)):
        reading = readings[id_of(photo)]
        photo.picture_sha256 = reading.picture_sha256
        if photo.file_said is None and has_rights(reading.said):
            photo.file_said = reading.said
        other = known.get(reading.picture_sha256 or "")
        same_as = human_id(Kind.PHOTO, other.id) if other and other.id != photo.id else None
        look = reading.likeness
        told.append(
            Fingerprinted(
                human_id(Kind.PHOTO, photo.id), same_as, bool(look and look.is_comparable)
            )
        )
    desk.session.flush()
    looks = [(n, *r.likeness) for n, r in readings.items() if r.likeness is not None]
    store_likenesses(desk.session, looks)
    desk.log_all(
        Action.PHOTO_FINGERPRINTED,
        Kind.PHOTO,
        [(n, {"picture_sha256": r.picture_sha256}) for n, r in readings.items()],
    )
    return told
