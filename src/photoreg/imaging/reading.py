"""Read a photo file for the registry: hashes, metadata and a check that the image is complete.

The file is read once, and everything is computed from the same bytes. Pillow decodes the image;
`imaging.metadata.exif` reads the Exif block (CIPA DC-008), because an untrusted block can make
other readers allocate gigabytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.formats import (
    PhotoFormat,
    read_bytes,
    read_file,
    require_acceptable_size,
)
from photoreg.imaging.metadata import exif, taking
from photoreg.imaging.metadata.exif import MAX_TEXT, Exif
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import Metadata, parse_metadata
from photoreg.imaging.metadata.sidecar import blocks_with_sidecar
from photoreg.imaging.pictures.identity import file_hash, picture_hash

if TYPE_CHECKING:
    from photoreg.imaging.pictures.likeness import Likeness

_RIGHTS_FIELDS: Final = ("photographer", "copyright", "credit", "terms", "licence_url", "release")


class PhotoReading(NamedTuple):
    """What was read from a photo file. Texts are single lines, empty if absent.

    For artist, copyright and description XMP takes precedence, then IPTC, then Exif. A tuple, which
    workers send faster than an object.
    """

    path: Path
    """Absolute."""
    sha256: str
    """The file hash, 64 hexadecimal digits."""
    picture_sha256: str | None
    """The picture hash, 64 hexadecimal digits; independent of metadata."""
    likeness: "Likeness | None"
    """The perceptual hash. It and the picture hash are None if the image was not decoded."""
    size: int
    """In bytes."""
    mtime_ns: int
    """The file's modification time, in nanoseconds."""
    format: PhotoFormat
    width: int
    """In pixels, as stored: before `orientation` is applied."""
    height: int
    """In pixels, as stored."""
    orientation: int | None
    """The Exif orientation, 1 to 8; None if absent or invalid."""
    taken_at: datetime | None
    """The camera's local time, without a time zone; None if absent or invalid."""
    taken_on: date | None
    """The day of taking that the file states; None if absent, and for a scan."""
    artist: str
    copyright: str
    description: str
    camera: str
    """Maker and model."""
    gps_present: bool
    """Whether Exif, XMP or IPTC hold a location."""
    rights_by_standard: dict[str, dict[str, str]]
    """The rights in each standard: field name -> standard -> text."""
    sent_as: str = ""
    """The name under which the file was sent, if it is not that of the path."""

    @property
    def file_name(self) -> str:
        """The name of the file, as users know it."""
        return self.sent_as or self.path.name


def read_photo(path: Path, *, decode: bool = True) -> PhotoReading:
    """Read a photo and check that its image is complete.

    Without `decode` the slow steps are skipped: the size and the end of the image are checked, but
    it is not decoded, and neither the picture hash nor the likeness is computed. Raises
    PhotoFileError when the file cannot be read, is not a photo, is too large, or is damaged.
    """
    data, mtime_ns = read_file(path)
    file = divided(data, path.name, head_only=not decode)
    examined = _examine(file, path, decode=decode)
    metadata, found = examined.metadata, examined.metadata.exif
    return PhotoReading(
        path=path.absolute(),
        sha256=file_hash(data),
        picture_sha256=examined.picture_sha256,
        likeness=examined.likeness,
        size=len(data),
        mtime_ns=mtime_ns,
        format=file.container.format,
        width=examined.size[0],
        height=examined.size[1],
        orientation=metadata.orientation,
        taken_at=taking.taken_at(found),
        taken_on=taking.taken_on(metadata),
        artist=metadata.text("photographer"),
        copyright=metadata.text("copyright"),
        description=metadata.text("description"),
        camera=taking.camera(found),
        gps_present=metadata.has_place,
        rights_by_standard=rights_by_standard(metadata),
    )


def read_named_photo(path: str) -> PhotoReading:
    """Read a photo like `read_photo`, as workers are asked to: by the name of its path."""
    return read_photo(Path(path))


def camera_of(path: Path) -> str:
    """Return maker and model of the camera that took a photo; empty if the file does not tell."""
    try:
        file = divided(read_bytes(path), path.name, head_only=True)
        return taking.camera(exif.read_exif(file.blocks.exif))
    except PhotoFileError:
        return ""


def rights_by_standard(metadata: Metadata) -> dict[str, dict[str, str]]:
    """Return the rights fields that are present: field name -> standard -> text."""
    found = {name: metadata.fields[name] for name in _RIGHTS_FIELDS}
    return {
        name: {
            str(standard): each.text_in(standard)[:MAX_TEXT]
            for standard in Standard
            if each.values.get(standard)
        }
        for name, each in found.items()
        if each.counts
    }


def describe_metadata(path: Path) -> dict[str, str | int]:
    """List what a photo holds besides its image, as tag name -> value.

    Only what is present is listed: texts, True for a location, sizes of blocks in bytes. Raises
    PhotoFileError as `read_photo` does, but does not check that the image is complete.
    """
    return describe_blocks(divided(read_bytes(path), path.name))


def describe_blocks(file: PhotoFile[Any]) -> dict[str, str | int]:
    """Do the same as `describe_metadata` for a file already read."""
    return {**_describe_exif(exif.read_exif(file.blocks.exif)), **file.container.described(file)}


@dataclass(frozen=True, slots=True)
class _Examined:
    """The results of examining a file: size in pixels, metadata, picture hash and likeness."""

    size: tuple[int, int]
    metadata: Metadata
    picture_sha256: str | None = None
    likeness: "Likeness | None" = None


def _examine(file: PhotoFile[Any], path: Path, *, decode: bool) -> _Examined:
    """Check that the image is complete, and read the metadata and the hashes."""
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
) -> "tuple[tuple[int, int], Likeness | None]":
    """Return width and height in pixels, and the likeness if the image is decoded."""
    # Pillow is loaded only for decoding.
    from photoreg.imaging.pictures.decoding import open_image  # noqa: PLC0415
    from photoreg.imaging.pictures.likeness import compute_likeness, request_draft  # noqa: PLC0415

    data = file.container.decodable(file, with_colours=False)
    with open_image(data, file.container.format, file.name) as image:
        size = image.size
        if not decode:
            return size, None
        request_draft(image)  # JPEG: all data are read, but few pixels are computed
        return size, compute_likeness(image, orientation)


def _has_gps_position(found: Exif) -> bool:
    """Whether the GPS IFD holds more than its version."""
    return any(tag != exif.GPS_VERSION for tag in found.gps)


def _describe_exif(found: Exif) -> dict[str, str | int]:
    """Return the non-empty rows that describe an Exif block."""
    taken_at = exif.text_value(found.camera, exif.DATE_TIME_ORIGINAL)
    orientation = exif.orientation_of(found)
    thumbnail = exif.integer_value(found.thumbnail, exif.THUMBNAIL_LENGTH)
    maker_note = found.camera.get(exif.MAKER_NOTE)
    rows: dict[str, str | int | None] = {
        "Artist": exif.text_value(found.main, exif.ARTIST),
        "Copyright": exif.copyright_notice(found.main),
        "ImageDescription": exif.text_value(found.main, exif.IMAGE_DESCRIPTION),
        "Make": exif.text_value(found.main, exif.MAKE),
        "Model": exif.text_value(found.main, exif.MODEL),
        "DateTimeOriginal": taken_at,
        "Orientation": str(orientation or ""),
        "BodySerialNumber": exif.text_value(found.camera, exif.BODY_SERIAL_NUMBER),
        "GPS": _has_gps_position(found),
        "MakerNote": len(maker_note.raw) if maker_note else 0,
        "Thumbnail": thumbnail,
    }
    return {name: value for name, value in rows.items() if value}
