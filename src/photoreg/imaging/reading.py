"""Reading a photo for the registry: what it is, when and by whom it was made.

The file is opened and read once; its hash, its metadata and the test whether the image is whole
all use the same bytes. Pillow decodes the image. `imaging.metadata.exif` reads the Exif block
(CIPA DC-008), because an untrusted block can make other readers allocate gigabytes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.formats import (
    PhotoFormat,
    read_bytes,
    read_file,
    require_acceptable_size,
)
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.exif import MAX_TEXT, Exif
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import Metadata, parse_metadata
from photoreg.imaging.metadata.sidecar import blocks_with_sidecar
from photoreg.imaging.pictures.decoding import open_image
from photoreg.imaging.pictures.identity import file_hash, picture_hash
from photoreg.imaging.pictures.likeness import Likeness, compute_likeness, request_draft

_DATE: Final = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_RIGHTS_FIELDS: Final = ("photographer", "copyright", "credit", "terms", "licence_url", "release")


@dataclass(frozen=True, slots=True)
class PhotoReading:
    """What a photo file says about itself. Texts are one line each, and empty if absent.

    Of artist, copyright and description XMP counts first, then IPTC, then Exif.
    """

    path: Path
    """Absolute."""
    sha256: str
    """Of the whole file, 64 hexadecimal digits."""
    picture_sha256: str | None
    """Of the image data alone, 64 hexadecimal digits: metadata do not change it."""
    likeness: Likeness | None
    """How the picture looks. This and the hash before it are None when it was not looked at."""
    size: int
    """In bytes."""
    mtime_ns: int
    """When the file was last changed, in nanoseconds."""
    format: PhotoFormat
    width: int
    """In pixels, as stored: before `orientation` is applied."""
    height: int
    """In pixels, as stored."""
    orientation: int | None
    """How it is to be turned, 1 to 8 as Exif numbers it; None if absent or of no meaning."""
    taken_at: datetime | None
    """As the camera's clock showed it, without a time zone; None if absent or impossible."""
    artist: str
    copyright: str
    description: str
    camera: str
    """Maker and model."""
    gps_present: bool
    """Whether Exif, XMP or IPTC hold a place."""
    rights_by_standard: dict[str, dict[str, str]]
    """What each standard says of rights: name of the field -> standard -> text."""


def read_photo(path: Path, *, decode: bool = True) -> PhotoReading:
    """Read a photo and make sure that its image is whole.

    Without `decode` the image itself is left alone, which is what takes time: it is then known that
    there is an end and how large the picture is, but not what it is, how it looks, nor whether
    every part of it is whole. Raises PhotoFileError when the file cannot be read, is no photo, is
    too large, or is damaged.
    """
    data, mtime_ns = read_file(path)
    file = divided(data, path.name, head_only=not decode)
    seen = _examine(file, path, decode=decode)
    metadata, found = seen.metadata, seen.metadata.exif
    return PhotoReading(
        path=path.absolute(),
        sha256=file_hash(data),
        picture_sha256=seen.picture_sha256,
        likeness=seen.likeness,
        size=len(data),
        mtime_ns=mtime_ns,
        format=file.container.format,
        width=seen.size[0],
        height=seen.size[1],
        orientation=metadata.orientation,
        taken_at=_taken_at(found),
        artist=metadata.text("photographer"),
        copyright=metadata.text("copyright"),
        description=metadata.text("description"),
        camera=_camera(found),
        gps_present=metadata.has_place,
        rights_by_standard=rights_by_standard(metadata),
    )


def rights_by_standard(metadata: Metadata) -> dict[str, dict[str, str]]:
    """Return what each standard says of rights, of the fields in which one says anything."""
    said = {
        name: {str(standard): found.text_in(standard) for standard in Standard}
        for name in _RIGHTS_FIELDS
        if (found := metadata.fields[name]).counts
    }
    return {
        name: {standard: text[:MAX_TEXT] for standard, text in texts.items() if text}
        for name, texts in said.items()
    }


def describe_metadata(path: Path) -> dict[str, str]:
    """List in words what a photo carries beside its image: tag name -> value.

    Only what is there is listed: texts as they read, a place as "yes", blocks as their size.
    Raises PhotoFileError as `read_photo` does, but does not look whether the image is whole.
    """
    return describe_blocks(divided(read_bytes(path), path.name))


def describe_blocks(file: PhotoFile[Any]) -> dict[str, str]:
    """List the same of a file that was read already."""
    return _describe_exif(exif.read_exif(file.blocks.exif)) | file.container.described(file)


@dataclass(frozen=True, slots=True)
class _Examined:
    """What there is to see in a file: its size in pixels, its metadata, and its picture."""

    size: tuple[int, int]
    metadata: Metadata
    picture_sha256: str | None = None
    likeness: Likeness | None = None


def _examine(file: PhotoFile[Any], path: Path, *, decode: bool) -> _Examined:
    """Make sure that the image is whole, and look at everything in the file."""
    container = file.container
    container.check_before_decoding(file)
    metadata = parse_metadata(blocks_with_sidecar(file, path))
    if not decode and container.head_tells_size:
        require_acceptable_size(file.size, file.name)
        return _Examined(file.size, metadata)
    decoded, likeness = _decode(file, metadata.orientation, decode=decode)
    size = container.stored_size(file, decoded)
    if not decode:
        return _Examined(size, metadata)
    return _Examined(size, metadata, picture_hash(file), likeness)


def _decode(
    file: PhotoFile[Any], orientation: int | None, *, decode: bool
) -> tuple[tuple[int, int], Likeness | None]:
    """Decode the image; return its width and height in pixels, and how it looks."""
    data = file.container.decodable(file, with_colours=False)
    with open_image(data, file.container.format, file.name) as image:
        size = image.size
        if not decode:
            return size, None
        request_draft(image)  # JPEG: all data are read, few pixels are computed
        return size, compute_likeness(image, orientation)


def _taken_at(found: Exif) -> datetime | None:
    """Return when the photo was taken, or None for the likes of `0000:00:00 00:00:00`."""
    for directory, tag in ((found.camera, exif.DATE_TIME_ORIGINAL), (found.main, exif.DATE_TIME)):
        match = _DATE.match(exif.text_value(directory, tag))
        if match:
            try:
                # The camera gives no time zone, and none is invented.
                return datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*match.groups()))
            except ValueError:
                continue
    return None


def _camera(found: Exif) -> str:
    """Return maker and model, without the maker where the model already begins with it."""
    make = exif.text_value(found.main, exif.MAKE)
    model = exif.text_value(found.main, exif.MODEL)
    brand = make.split(" ")[0].lower()  # "NIKON CORPORATION" makes the "NIKON D90"
    return model if model.lower().startswith(brand) and model else f"{make} {model}".strip()


def _has_gps_position(found: Exif) -> bool:
    """Whether the GPS directory says more than its own version."""
    return any(tag != exif.GPS_VERSION for tag in found.gps)


def _describe_exif(found: Exif) -> dict[str, str]:
    """Return the rows of an Exif block."""
    taken_at = exif.text_value(found.camera, exif.DATE_TIME_ORIGINAL)
    orientation = exif.orientation_of(found)
    thumbnail = exif.integer_value(found.thumbnail, exif.THUMBNAIL_LENGTH)
    maker_note = found.camera.get(exif.MAKER_NOTE)
    rows = {
        "Artist": exif.text_value(found.main, exif.ARTIST),
        "Copyright": exif.copyright_notice(found.main),
        "ImageDescription": exif.text_value(found.main, exif.IMAGE_DESCRIPTION),
        "Make": exif.text_value(found.main, exif.MAKE),
        "Model": exif.text_value(found.main, exif.MODEL),
        "DateTimeOriginal": taken_at,
        "Orientation": str(orientation or ""),
        "BodySerialNumber": exif.text_value(found.camera, exif.BODY_SERIAL_NUMBER),
        "GPS": "yes" if _has_gps_position(found) else "",
        "MakerNote": f"{len(maker_note.raw)} bytes" if maker_note else "",
        "Thumbnail": f"{thumbnail} bytes" if thumbnail else "",
    }
    return {name: value for name, value in rows.items() if value}
