"""Reading a photo for the registry: what it is, when and by whom it was made.

The file is opened and read once; its hash, its metadata and the test whether the image is whole
all use the same bytes. Pillow decodes the image; the Exif block (CIPA DC-008) is read by
`photoreg.photos.exif`, because a stranger's block can make other readers ask for gigabytes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.photos import exif, heif, jpeg
from photoreg.photos.decoding import TURNED_BY_DECODER, opened, too_many_pixels
from photoreg.photos.exif import MAX_TEXT, Exif
from photoreg.photos.fields import Standard
from photoreg.photos.formats import (
    COPY_AGAIN,
    DAMAGED,
    MAX_PIXELS,
    PhotoFormat,
    read_bytes,
    read_file,
    recognise,
)
from photoreg.photos.identity import file_hash, heif_picture_hash, jpeg_picture_hash, picture_hash
from photoreg.photos.likeness import Likeness, draft, likeness_of
from photoreg.photos.metadata import (
    Blocks,
    Metadata,
    blocks_of,
    heif_blocks,
    jpeg_blocks,
    metadata_of,
)
from photoreg.photos.sidecar import beside, packet_beside

_DATE: Final = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_PNG_END: Final = b"\0\0\0\0IEND\xae\x42\x60\x82"
_RIGHTS_FIELDS: Final = ("photographer", "copyright", "credit", "terms", "licence_url", "release")
_LYING: Final = 5  # from this orientation on, width and height change places
_PARTS: Final = (
    (jpeg.APP1, b"http://ns.adobe.com/", "XMP"),
    (jpeg.APP2, b"MPF\0", "MPF"),
    (jpeg.APP13, b"Photoshop 3.0\0", "IPTC"),
    (jpeg.COM, b"", "Comment"),
)


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
    said: dict[str, dict[str, str]]
    """What each standard says of rights: name of the field -> standard -> text."""


def read_photo(path: Path, *, look: bool = True) -> PhotoReading:
    """Read a photo and make sure that its image is whole.

    Without `look` the image itself is left alone, which is what takes time: it is then known that
    there is an end and how large the picture is, but not what it is, how it looks, nor whether
    every part of it is whole. Raises PhotoFileError when the file cannot be read, is no photo, is
    too large, or is damaged.
    """
    data, mtime_ns = read_file(path)
    kind = recognise(data, path.name)
    seen = _examine(data, kind, path, look=look)
    metadata, found = seen.metadata, seen.metadata.exif
    return PhotoReading(
        path=path.absolute(),
        sha256=file_hash(data),
        picture_sha256=seen.picture_sha256,
        likeness=seen.likeness,
        size=len(data),
        mtime_ns=mtime_ns,
        format=kind,
        width=seen.size[0],
        height=seen.size[1],
        orientation=metadata.orientation,
        taken_at=_taken_at(found),
        artist=metadata.text("photographer"),
        copyright=metadata.text("copyright"),
        description=metadata.text("description"),
        camera=_camera(found),
        gps_present=metadata.has_place,
        said=rights_said(metadata),
    )


def rights_said(metadata: Metadata) -> dict[str, dict[str, str]]:
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
    data = read_bytes(path)
    kind = recognise(data, path.name)
    if kind == "JPEG":
        return described_jpeg(jpeg.split_jpeg(data, path.name))
    return described(blocks_of(data, kind, path.name))


def described_jpeg(parts: jpeg.Jpeg) -> dict[str, str]:
    """List the same of a JPEG that has been divided already."""
    return _described_exif(exif.read_exif(parts.exif)) | _described_parts(parts)


def described(blocks: Blocks) -> dict[str, str]:
    """List the same of another file, from its metadata blocks."""
    rows = _described_exif(exif.read_exif(blocks.exif))
    return rows | ({"XMP": f"{sum(map(len, blocks.xmp))} bytes"} if blocks.xmp else {})


@dataclass(frozen=True, slots=True)
class _Examined:
    """What there is to see in a file: its size in pixels, its metadata, and its picture."""

    size: tuple[int, int]
    metadata: Metadata
    picture_sha256: str | None = None
    likeness: Likeness | None = None


def _examine(data: bytes, kind: PhotoFormat, path: Path, *, look: bool) -> _Examined:
    """Make sure that the image is whole, and look at everything in the file."""
    file = path.name
    if kind == "JPEG":
        parts = jpeg.split_jpeg(data, file, head_only=not look)
        metadata = metadata_of(jpeg_blocks(parts))
        if not look:
            return _Examined(_acceptable(parts.size, file), metadata)
        # The decoder gets the image alone: what strangers wrote around it never reaches it.
        image = jpeg.Jpeg(parts.image).to_bytes()
        size, likeness = _decode(image, kind, metadata.orientation, file)
        return _Examined(size, metadata, jpeg_picture_hash(parts), likeness)
    if kind in {"HEIC", "AVIF"}:
        return _examine_heif(data, kind, path, look=look)
    _refuse_cut_off(data, kind, file)
    metadata = metadata_of(blocks_of(data, kind, file))
    size, likeness = _decode(data, kind, metadata.orientation, file, look=look)
    if kind == "TIFF":  # Pillow has turned it upright
        width = exif.number_of(metadata.exif.main, exif.IMAGE_WIDTH)
        height = exif.number_of(metadata.exif.main, exif.IMAGE_HEIGHT)
        size = width or size[0], height or size[1]
    if not look:
        return _Examined(size, metadata)
    return _Examined(size, metadata, picture_hash(data, kind, file), likeness)


def _examine_heif(data: bytes, kind: PhotoFormat, path: Path, *, look: bool) -> _Examined:
    file = path.name
    parts = heif.split_heif(data, file)
    _acceptable(parts.size, file)  # the decoder would make all the pixels first
    metadata = metadata_of(beside(heif_blocks(parts), packet_beside(path)))
    (width, height), likeness = _decode(data, kind, metadata.orientation, file, look=look)
    if kind in TURNED_BY_DECODER and parts.turned >= _LYING:
        width, height = height, width
    if not look:
        return _Examined((width, height), metadata)
    return _Examined((width, height), metadata, heif_picture_hash(data, kind, parts), likeness)


def _acceptable(size: tuple[int, int], file: str) -> tuple[int, int]:
    """Return the size of an image, unless it has no pixels or too many."""
    pixels = size[0] * size[1]
    if pixels > MAX_PIXELS:
        raise too_many_pixels(file)
    if not pixels:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
    return size


def _decode(
    data: bytes, kind: PhotoFormat, orientation: int | None, file: str, *, look: bool = True
) -> tuple[tuple[int, int], Likeness | None]:
    """Decode the image; return its width and height in pixels, and how it looks."""
    with opened(data, kind, file) as image:
        size = image.size
        if not look:
            return size, None
        draft(image)  # JPEG: all data are read, few pixels are computed
        return size, likeness_of(image, orientation)


def _refuse_cut_off(data: bytes, kind: PhotoFormat, file: str) -> None:
    """Refuse what Pillow lets pass: a missing end, or claims to more than the file has."""
    cut_off = (kind == "PNG" and _PNG_END not in data) or (kind == "TIFF" and exif.is_trap(data))
    if cut_off:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)


def _taken_at(found: Exif) -> datetime | None:
    """Return when the photo was taken, or None for the likes of `0000:00:00 00:00:00`."""
    for directory, tag in ((found.camera, exif.DATE_TIME_ORIGINAL), (found.main, exif.DATE_TIME)):
        match = _DATE.match(exif.text_of(directory, tag))
        if match:
            try:
                # The camera gives no time zone, and none is invented.
                return datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*match.groups()))
            except ValueError:
                continue
    return None


def _camera(found: Exif) -> str:
    """Return maker and model, without the maker where the model already begins with it."""
    make = exif.text_of(found.main, exif.MAKE)
    model = exif.text_of(found.main, exif.MODEL)
    brand = make.split(" ")[0].lower()  # "NIKON CORPORATION" makes the "NIKON D90"
    return model if model.lower().startswith(brand) and model else f"{make} {model}".strip()


def _has_place(found: Exif) -> bool:
    """Whether the GPS directory says more than its own version."""
    return any(tag != exif.GPS_VERSION for tag in found.gps)


def _described_exif(found: Exif) -> dict[str, str]:
    """Return the rows of an Exif block."""
    taken_at = exif.text_of(found.camera, exif.DATE_TIME_ORIGINAL)
    orientation = exif.orientation_of(found)
    thumbnail = exif.number_of(found.thumbnail, exif.THUMBNAIL_LENGTH)
    maker_note = found.camera.get(exif.MAKER_NOTE)
    rows = {
        "Artist": exif.text_of(found.main, exif.ARTIST),
        "Copyright": exif.copyright_of(found.main),
        "ImageDescription": exif.text_of(found.main, exif.IMAGE_DESCRIPTION),
        "Make": exif.text_of(found.main, exif.MAKE),
        "Model": exif.text_of(found.main, exif.MODEL),
        "DateTimeOriginal": taken_at,
        "Orientation": str(orientation or ""),
        "BodySerialNumber": exif.text_of(found.camera, exif.BODY_SERIAL_NUMBER),
        "GPS": "yes" if _has_place(found) else "",
        "MakerNote": f"{len(maker_note.raw)} bytes" if maker_note else "",
        "Thumbnail": f"{thumbnail} bytes" if thumbnail else "",
    }
    return {name: value for name, value in rows.items() if value}


def _described_parts(parts: jpeg.Jpeg) -> dict[str, str]:
    """Return the rows of what a JPEG file carries beside its Exif block."""
    sizes: dict[str, int] = {}
    for segment in parts.segments:
        name = next(
            (
                name
                for marker, start, name in _PARTS
                if segment.marker == marker and segment.payload.startswith(start)
            ),
            "",
        )
        if name:
            sizes[name] = sizes.get(name, 0) + len(segment.payload)
    if parts.trailer:
        sizes["AfterImage"] = len(parts.trailer)
    return {name: f"{size} bytes" for name, size in sizes.items()}
