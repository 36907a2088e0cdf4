"""Photos that are known again: by their picture when only metadata changed, or by how they look.

Changed metadata is the same photo (rulebook §7.5). The registered file is the one at the photo's
path: when that one was edited, or is gone, the record follows the file that was read. Any other
file with the same picture is a copy, which changes nothing. Rights metadata that the photo's file
had when it was registered and has no longer are a fact that refuses (tekijänoikeuslaki 50 d §).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoreg.imaging.metadata.exif import MAX_TEXT
from photoreg.imaging.metadata.fields import VALUE_SEPARATOR
from photoreg.imaging.reading import PhotoReading
from photoreg.registry.ids import Kind, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.photos import photos_with_pictures
from photoreg.registry.queries.similarity import SimilarPhoto, store_likenesses
from photoreg.registry.rows import add
from photoreg.registry.tables.photos import Photo
from photoreg.services.unit_of_work import UnitOfWork

RightsMetadata = Mapping[str, Mapping[str, str]]
"""What a file says of rights: texts by field and standard (`PhotoReading.rights_by_standard`)."""

RIGHTS_FIELDS = ("photographer", "copyright")
"""The fields that the law protects from being taken out."""

MAX_COPIES = 3
"""How many photos that look alike are told of."""


@dataclass(frozen=True, slots=True)
class RecognisedPhoto:
    """A file whose picture is registered: the photo, and what became of its record.

    `is_copy`: the registered file lies elsewhere, unchanged. `lacks_rights`: the rights metadata
    that the photo had are not in this file; of the photo's own file that refuses the photo.
    `has_rights_again`: they are back, so it no longer does.
    """

    photo: Photo
    is_copy: bool
    lacks_rights: bool
    has_rights_again: bool


@dataclass(frozen=True, slots=True)
class LikelyCopy:
    """A registered photo that looks alike: its number, and in how many of 256 bits it differs."""

    photo_id: int
    distance: int


def recognise_photos(
    work: UnitOfWork, readings: Sequence[PhotoReading]
) -> dict[str, RecognisedPhoto]:
    """Return the photos whose pictures these files hold, by file hash; let their records follow.

    The files are none whose hash is in the registry.
    """
    photos = photos_with_pictures(work.session, [r.picture_sha256 or "" for r in readings])
    met: dict[str, RecognisedPhoto] = {}
    for reading in readings:
        photo = photos.get(reading.picture_sha256 or "")
        if photo is not None and reading.sha256 not in met:
            met[reading.sha256] = _recognise(work, photo, reading)
    return met


def _recognise(work: UnitOfWork, photo: Photo, reading: PhotoReading) -> RecognisedPhoto:
    lacks_rights = has_rights(photo.rights_metadata) and not has_rights(reading.rights_by_standard)
    if photo.path != str(reading.path) and Path(photo.path).is_file():
        return RecognisedPhoto(
            photo, is_copy=True, lacks_rights=lacks_rights, has_rights_again=False
        )
    _update_file_columns(work, photo, reading)
    was_removed = photo.rights_removed
    update_rights_removed(work, photo, reading.rights_by_standard)
    is_back = was_removed and not photo.rights_removed
    return RecognisedPhoto(
        photo, is_copy=False, lacks_rights=lacks_rights, has_rights_again=is_back
    )


def _update_file_columns(work: UnitOfWork, photo: Photo, reading: PhotoReading) -> None:
    """Let the record tell of the file that was read; it holds the same picture."""
    work.log(
        Action.PHOTO_FILE_CHANGED,
        Kind.PHOTO,
        photo.id,
        before=photo.sha256,
        sha256=reading.sha256,
        moved=photo.path != str(reading.path),
    )
    is_turned = photo.orientation != reading.orientation
    photo.sha256, photo.size, photo.mtime_ns = reading.sha256, reading.size, reading.mtime_ns
    photo.path, photo.file_name = str(reading.path), reading.path.name[:255]
    photo.orientation, photo.gps_present = reading.orientation, reading.gps_present
    photo.rights_metadata = merge_rights_metadata(photo.rights_metadata, reading.rights_by_standard)
    add(work.session, photo)
    if reading.likeness is not None and is_turned:  # then it looks different
        store_likenesses(work.session, [(id_of(photo), *reading.likeness)])


def update_rights_removed(work: UnitOfWork, photo: Photo, metadata: RightsMetadata) -> None:
    """Record whether the rights metadata that a photo's file had are in it now.

    A photo whose file never had any is left alone.
    """
    is_gone = has_rights(photo.rights_metadata) and not has_rights(metadata)
    is_back = has_rights(metadata)
    if not (is_back if photo.rights_removed else is_gone):
        return
    photo.rights_removed = is_gone
    add(work.session, photo)
    action = Action.RIGHTS_REMOVED if photo.rights_removed else Action.RIGHTS_RESTORED
    work.log(action, Kind.PHOTO, photo.id)


def has_rights(metadata: RightsMetadata | None) -> bool:
    """Does a file name a creator or who holds the rights?"""
    return any((metadata or {}).get(name) for name in RIGHTS_FIELDS)


def merge_rights_metadata(
    before: RightsMetadata | None, now: RightsMetadata
) -> dict[str, Any] | None:
    """Return what a file said before and says now.

    Nothing is forgotten: who edits the name of another out of a file does not settle who took it.
    """
    both = {name: dict(texts) for name, texts in (before or {}).items()}
    for name, texts in now.items():
        for standard, text in texts.items():
            old = both.setdefault(name, {}).get(standard, "")
            if text not in old.split(VALUE_SEPARATOR):
                both[name][standard] = VALUE_SEPARATOR.join(filter(None, (old, text)))[:MAX_TEXT]
    return both or None


def likely_copies(found: Mapping[int, Sequence[SimilarPhoto]]) -> dict[int, tuple[LikelyCopy, ...]]:
    """Return for photos, by number, the nearest of those registered before them that look alike."""
    return {number: tuple(_earlier_copies(number, others)) for number, others in found.items()}


def _earlier_copies(number: int, others: Iterable[SimilarPhoto]) -> list[LikelyCopy]:
    earlier = [LikelyCopy(o.photo_id, o.distance) for o in others if o.photo_id < number]
    return earlier[:MAX_COPIES]
