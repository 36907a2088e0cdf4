"""Recognise registered photos: by picture when only metadata changed, or as near-duplicates.

A file with changed metadata is the same photo (rulebook §7.5). The registered file is the one at
the photo's path: when that file was edited or is missing, the photo's record follows the file that
was read. Any other file with the same picture is a copy, which changes nothing. Rights metadata
that were in the photo's file at registration and have been removed make the photo refused
(tekijänoikeuslaki 50 d §).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
"""Rights metadata: texts by field and standard (`PhotoReading.rights_by_standard`)."""

RIGHTS_FIELDS = ("photographer", "copyright")
"""The fields that the law protects from removal."""

MAX_COPIES = 3
"""How many near-duplicates are reported."""


@dataclass(frozen=True, slots=True)
class RecognisedPhoto:
    """A file whose picture is registered, and how the photo's record was updated.

    `is_copy`: the registered file is elsewhere and unchanged. `lacks_rights`: the photo's rights
    metadata are not in this file; if it is the photo's own file, the photo is refused.
    `has_rights_again`: the rights metadata were restored, so the photo is no longer refused.
    """

    photo: Photo
    is_copy: bool
    lacks_rights: bool
    has_rights_again: bool


@dataclass(frozen=True, slots=True)
class LikelyCopy:
    """A near-duplicate: its number, and the number of differing bits (of 256)."""

    photo_id: int
    distance: int


def recognise_photos(
    work: UnitOfWork, readings: Sequence[PhotoReading]
) -> dict[str, RecognisedPhoto]:
    """Return the photos whose pictures these files hold, by file hash; update their records.

    The hashes of the files must not be in the registry.
    """
    photos = photos_with_pictures(work.session, [r.picture_sha256 or "" for r in readings])
    result: dict[str, RecognisedPhoto] = {}
    for reading in readings:
        photo = photos.get(reading.picture_sha256 or "")
        if photo is not None and reading.sha256 not in result:
            result[reading.sha256] = _recognise(work, photo, reading)
    return result


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
    """Update the record to the file that was read, which holds the same picture."""
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
    photo.path, photo.file_name = str(reading.path), reading.file_name[:255]
    photo.orientation, photo.gps_present = reading.orientation, reading.gps_present
    photo.rights_metadata = merge_rights_metadata(photo.rights_metadata, reading.rights_by_standard)
    photo.file_taken_on = latest_day(photo.file_taken_on, reading.taken_on)
    update_file_changed(work, photo, is_changed=False)
    add(work.session, photo)
    if reading.likeness is not None and is_turned:  # then it looks different
        store_likenesses(work.session, [(id_of(photo), *reading.likeness)])


def record_metadata_look(work: UnitOfWork, photo: Photo, reading: PhotoReading) -> None:
    """Record that a photo's own file was looked at: the same picture with other metadata."""
    photo.file_taken_on = latest_day(photo.file_taken_on, reading.taken_on)
    update_file_changed(work, photo, is_changed=False)
    add(work.session, photo)
    if not has_rights(reading.rights_by_standard):
        update_rights_removed(work, photo, reading.rights_by_standard)


def update_file_changed(work: UnitOfWork, photo: Photo, *, is_changed: bool) -> None:
    """Record whether a photo's file has changed without having been looked at as it is now."""
    if photo.file_changed == is_changed:
        return
    photo.file_changed = is_changed
    add(work.session, photo)
    work.log(Action.PICTURE_UNREAD if is_changed else Action.PICTURE_READ, Kind.PHOTO, photo.id)


def latest_day(*days: date | None) -> date | None:
    """Return the latest of the days that are known.

    Of the days that a file has named the latest counts: editing a day out takes nothing back.
    """
    return max(filter(None, days), default=None)


def update_rights_removed(work: UnitOfWork, photo: Photo, metadata: RightsMetadata) -> None:
    """Record whether a photo's file has lost its rights metadata or has them again.

    Nothing changes for a photo whose file never had any.
    """
    is_gone = has_rights(photo.rights_metadata) and not has_rights(metadata)
    is_back = has_rights(metadata)
    if not (is_back if photo.rights_removed else is_gone):
        return
    photo.rights_removed = is_gone
    work.rights_from_file.add(id_of(photo))
    add(work.session, photo)
    action = Action.RIGHTS_REMOVED if photo.rights_removed else Action.RIGHTS_RESTORED
    work.log(action, Kind.PHOTO, photo.id)


def has_rights(metadata: RightsMetadata | None) -> bool:
    """Does a file name a creator or a rights holder?"""
    return any((metadata or {}).get(name) for name in RIGHTS_FIELDS)


def merge_rights_metadata(
    before: RightsMetadata | None, now: RightsMetadata
) -> dict[str, dict[str, str]] | None:
    """Return the earlier rights metadata of a file together with the current ones.

    Earlier names are included: editing a name out of a file does not change who took the photo.
    """
    both = {name: dict(texts) for name, texts in (before or {}).items()}
    for name, texts in now.items():
        for standard, text in texts.items():
            old = both.setdefault(name, {}).get(standard, "")
            if text not in old.split(VALUE_SEPARATOR):
                both[name][standard] = VALUE_SEPARATOR.join(filter(None, (old, text)))[:MAX_TEXT]
    return both or None


def likely_copies(found: Mapping[int, Sequence[SimilarPhoto]]) -> dict[int, tuple[LikelyCopy, ...]]:
    """Return the nearest near-duplicates registered before each photo, by photo number."""
    return {number: tuple(_earlier_copies(number, others)) for number, others in found.items()}


def _earlier_copies(number: int, others: Iterable[SimilarPhoto]) -> list[LikelyCopy]:
    earlier = [LikelyCopy(o.photo_id, o.distance) for o in others if o.photo_id < number]
    return earlier[:MAX_COPIES]
