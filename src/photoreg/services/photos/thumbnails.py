"""Write upright thumbnails of photos without hidden data, for use beside an exported sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import NotAllowed, PhotoFileError
from photoreg.imaging.containers.detection import CONTAINERS, detect_format
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.pictures.derivative import CopyOptions, make_derivative
from photoreg.imaging.pictures.identity import file_hash
from photoreg.named_files import written_file
from photoreg.registry.ids import Kind, human_id, id_of, require_id
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.photos import photos_by_id
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.consents.document_texts import make_folder
from photoreg.texts import N_

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
        data = read_bytes(Path(photo.path))
        if file_hash(data) != photo.sha256:
            return None
        kind = detect_format(data, photo.file_name)
        content, made, _count = make_derivative(
            data, kind, photo.orientation or 1, options, photo.file_name
        )
    except PhotoFileError:
        return None
    return Thumbnail(content, CONTAINERS[made].copied_as.extension)


VIEW_SIDE = 1600
"""The longest side of a photo as pages show it, in pixels."""


def picture_of(application: Application, named: str, options: CopyOptions = _OPTIONS) -> Thumbnail:
    """Return a small picture of a photo, without hidden data.

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
    made = thumbnail_of(photo, options)
    if made is None:
        raise PhotoFileError(
            N_("the file of {photo} is missing, changed or damaged"),
            N_("Put the registered file back."),
            photo=human_id(Kind.PHOTO, photo.id),
        )
    return made
