"""Recognise the files that photoreg wrote itself: exported copies and thumbnails.

A copy is known by its hash, which the log holds; a thumbnail by its name and by being what photoreg
would write of that photo. Neither is a new photo, so registration leaves them out.
"""

from collections.abc import Iterable
from pathlib import Path

from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import PhotoReading
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.queries.photos import photos_by_id, photos_with_hashes
from photoreg.registry.queries.publications import ExportHashes
from photoreg.services.application import Application
from photoreg.services.photos.pictures.thumbnails import LONGEST_SIDE, thumbnail_of
from photoreg.services.unit_of_work import UnitOfWork


class OwnCopies:
    """Finds the files that photoreg wrote itself, during one registration."""

    def __init__(self) -> None:
        self._exports = ExportHashes()

    def among(self, application: Application, readings: Iterable[PhotoReading]) -> dict[str, str]:
        """Return by path the files that are copies of registered photos, and of which photo.

        A copy that was registered as a photo before is one.
        """
        bare = [reading for reading in readings if _is_bare(reading)]
        if not bare:
            return {}
        with application.reading() as work:
            known = photos_with_hashes(work.session, [reading.sha256 for reading in bare])
            unknown = [reading for reading in bare if reading.sha256 not in known]
            exported = self._exports.photos(work.session, [r.sha256 for r in unknown])
            found = {str(r.path): exported[r.sha256] for r in unknown if r.sha256 in exported}
            return found | _thumbnails(work, [r for r in unknown if r.sha256 not in exported])


def _is_bare(reading: PhotoReading) -> bool:
    """Return whether a file tells as little as what photoreg writes: no camera, time or place."""
    return not (reading.camera or reading.taken_at or reading.gps_present)


def _thumbnails(work: UnitOfWork, readings: Iterable[PhotoReading]) -> dict[str, str]:
    """Return by path the files that are the thumbnail of the photo that they are named after."""
    named = {
        number: reading
        for reading in readings
        if max(reading.width, reading.height) <= LONGEST_SIDE
        and (number := parse_id(Kind.PHOTO, Path(reading.file_name).stem)) is not None
    }
    found = {}
    for photo in photos_by_id(work.session, list(named)) if named else ():
        reading, made = named[photo.id or 0], thumbnail_of(photo)
        if made is not None and file_hash(made.content) == reading.sha256:
            found[str(reading.path)] = human_id(Kind.PHOTO, photo.id)
    return found
