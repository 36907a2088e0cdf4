"""Write upright thumbnails of photos without hidden data, for use beside an exported sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import CONTAINERS
from photoreg.imaging.pictures.derivative import CopyOptions, small_picture
from photoreg.named_files import written_file
from photoreg.registry.ids import Kind, human_id, require_id
from photoreg.registry.queries.photos import photos_by_id
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.consents.document_texts import make_folder

LONGEST_SIDE = 320
"""The longest side of a thumbnail, in pixels."""

_OPTIONS = CopyOptions(longest_side=LONGEST_SIDE, quality=75)


def write_thumbnails(
    application: Application, photos: Sequence[str], folder: Path
) -> dict[str, str]:
    """Write a thumbnail of each photo into a folder; return the file names by photo id.

    Photos whose file is missing, changed or damaged are skipped. A file that is the same thumbnail
    already is written again; InputDataError for any other file of that name.
    """
    with application.reading() as work:
        numbers = [require_id(Kind.PHOTO, photo) for photo in photos]
        found = photos_by_id(work.session, numbers)
    make_folder(folder)
    names = {}
    for photo in found:
        made = thumbnail_of(photo)
        if made is not None:
            number = human_id(Kind.PHOTO, photo.id)
            names[number] = f"{number}{made.extension}"
            is_same = made.content.__eq__
            with written_file(folder / names[number], mark=is_same, overwrite=True) as part:
                part.write_bytes(made.content)
    return names


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture: its bytes, and the extension of its file's name."""

    content: bytes
    extension: str

    @property
    def media_type(self) -> str:
        """Return the media type of the bytes."""
        return f"image/{self.extension.removeprefix('.').replace('jpg', 'jpeg')}"


def thumbnail_of(photo: Photo, options: CopyOptions = _OPTIONS) -> Thumbnail | None:
    """Return a thumbnail of a photo; None unless the registered file is readable."""
    try:
        content, made = small_picture(
            photo.path, sha256=photo.sha256, orientation=photo.orientation or 1, options=options
        )
    except PhotoFileError:
        return None
    return Thumbnail(content, CONTAINERS[made].copied_as.extension)
