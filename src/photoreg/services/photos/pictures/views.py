"""Pictures as pages show them: kept by content in a private folder, and what is seen in words.

The folder may be deleted at any time; it holds nothing that is not made anew when it is asked for.
Photos are decoded by worker processes, since a crafted file may crash or occupy its decoder.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from photoreg.errors import NotAllowed, PhotoFileError
from photoreg.imaging.containers.detection import CONTAINERS, detect_format
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.pictures.derivative import CopyOptions, small_picture
from photoreg.imaging.workers import shared_workers
from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import Kind, human_id, id_of, require_id
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.photos import events_by_id, photos_by_id
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Place, Shot
from photoreg.services.application import Application
from photoreg.services.photos.pictures.thumbnails import LONGEST_SIDE, Thumbnail
from photoreg.texts import N_
from photoreg.unfinished import make_private, publish_file, unfinished_file

VIEW_SIDE = 1600
"""The longest side of a photo as pages show it, in pixels."""

SIDES = {"small": LONGEST_SIDE, "large": VIEW_SIDE}

_QUALITY = 80


def picture_of(application: Application, named: str, size: str) -> Thumbnail:
    """Return a picture of a photo, upright and without hidden data: `small` or `large`.

    NotAllowed for a photo of another unit; PhotoFileError unless the registered file is readable.
    """
    with application.reading() as work:
        photo = find_photo(work.session, named)
        if work.sight.hides_photo(id_of(photo)):
            raise NotAllowed(
                N_("{photo} is a photo of another unit"),
                N_("Ask that unit or the communications coordinator."),
                photo=human_id(Kind.PHOTO, photo.id),
            )
        number, path, sha256 = human_id(Kind.PHOTO, photo.id), photo.path, photo.sha256
        turn, is_as_registered = photo.orientation or 1, _is_as_registered(photo)
    kept = application.registry.pictures_folder / sha256[:2] / f"{sha256}-{turn}-{SIDES[size]}"
    content = _kept(kept) if is_as_registered else None
    if content is None:
        options = CopyOptions(longest_side=SIDES[size], quality=_QUALITY)
        make = partial(small_picture, sha256=sha256, orientation=turn, options=options)
        try:
            content, _format = shared_workers().call(make, path)
        except PhotoFileError as error:
            raise PhotoFileError(
                N_("the file of {photo} is missing, changed or damaged"),
                N_("Put the registered file back."),
                photo=number,
            ) from error
        _keep(kept, content)
    return Thumbnail(content, CONTAINERS[detect_format(content, number)].copied_as.extension)


def _is_as_registered(photo: Photo) -> bool:
    """Return whether a file is there, of the size and time with which it was registered."""
    try:
        now = Path(photo.path).stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (photo.size, photo.mtime_ns)


def _kept(file: Path) -> bytes | None:
    with suppress(PhotoFileError):
        return read_bytes(file) or None
    return None


def _keep(file: Path, content: bytes) -> None:
    """Keep a picture; on a full disk it is made again each time."""
    with suppress(OSError):
        make_private(file.parent)
        with unfinished_file(file.parent) as (unfinished, part):
            part.write(content)
            publish_file(unfinished, part, file)


def empty_pictures(registry: Registry) -> bool:
    """Delete all pictures that are kept for pages; return whether none is left."""
    folder = registry.pictures_folder
    shutil.rmtree(folder, ignore_errors=True)
    return not os.path.lexists(folder)


@dataclass(frozen=True, slots=True)
class PictureAbout:
    """What a picture shows, as far as it is recorded; names of people are not part of it.

    Of a photo of another unit it is only told that it is one.
    """

    photo: str
    is_hidden: bool = False
    event: str = ""
    taken_on: date | None = None
    count: int | None = None
    shot: Shot | None = None
    place: Place | None = None


def pictures_about(application: Application, photos: Iterable[str]) -> dict[str, PictureAbout]:
    """Return what is recorded of what these photos show, by id."""
    numbers = sorted({require_id(Kind.PHOTO, photo) for photo in photos})
    with application.reading() as work:
        rows = photos_by_id(work.session, numbers)
        events = events_by_id(work.session, (photo.event_id for photo in rows))
        found = {}
        for row in rows:
            photo, event = human_id(Kind.PHOTO, row.id), events.get(row.event_id or 0)
            found[photo] = (
                PictureAbout(photo, is_hidden=True)
                if work.hides_photo(id_of(row))
                else PictureAbout(
                    photo,
                    event=event.name if event else "",
                    taken_on=row.file_taken_on,
                    count=row.recognisable_count,
                    shot=row.shot or (event.shot if event else None),
                    place=row.place or (event.place if event else None),
                )
            )
        return found
