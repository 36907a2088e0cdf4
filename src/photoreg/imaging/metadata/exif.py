"""Read and write Exif blocks (CIPA DC-008), which have the structure of a TIFF file.

Blocks are untrusted: every offset and count is checked against the length of the data, values are
views instead of copies, and a cyclic IFD chain does no harm. A damaged value is absent and raises
no error, because a photo with a damaged Exif block is still a photo.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

IMAGE_WIDTH: Final = 0x0100
IMAGE_HEIGHT: Final = 0x0101
IMAGE_DESCRIPTION: Final = 0x010E
MAKE: Final = 0x010F
MODEL: Final = 0x0110
ORIENTATION: Final = 0x0112
X_RESOLUTION: Final = 0x011A
Y_RESOLUTION: Final = 0x011B
RESOLUTION_UNIT: Final = 0x0128
DATE_TIME: Final = 0x0132
ARTIST: Final = 0x013B
THUMBNAIL_LENGTH: Final = 0x0202
YCBCR_POSITIONING: Final = 0x0213
COPYRIGHT: Final = 0x8298
EXIF_DIRECTORY: Final = 0x8769
GPS_DIRECTORY: Final = 0x8825
EXIF_VERSION: Final = 0x9000
DATE_TIME_ORIGINAL: Final = 0x9003
COMPONENTS_CONFIGURATION: Final = 0x9101
MAKER_NOTE: Final = 0x927C
FLASHPIX_VERSION: Final = 0xA000
COLOR_SPACE: Final = 0xA001
PIXEL_WIDTH: Final = 0xA002
PIXEL_HEIGHT: Final = 0xA003
FILE_SOURCE: Final = 0xA300
BODY_SERIAL_NUMBER: Final = 0xA431
GPS_VERSION: Final = 0x0000
XMP_TAG: Final = 700
IIM_TAG: Final = 33723
IMAGE_RESOURCES_TAG: Final = 34377
C2PA_TAG: Final = 0xCD41

MAX_TEXT: Final = 2_000
"""The longest text read from a photo, in characters."""

MAX_VALUE_BYTES: Final = 4 * 1024 * 1024
"""The most bytes of numeric values in one tag of a TIFF file."""

TYPE_SIZES: Final = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    129: 1,
}
_BYTE_TYPES: Final = frozenset({1, 2, 6, 7, 129})
_BYTE_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_FIRST_DIRECTORY: Final = 4
_ENTRY_SIZE: Final = 12
_SHORT: Final = 3
_LONG: Final = 4
_INTEGER_TYPES: Final = frozenset({_SHORT, _LONG, 13})
_INLINE_SIZE: Final = 4  # values of up to four bytes are stored in the entry itself
_HEADER: Final = b"MM\0*\0\0\0\x08"


class Value(NamedTuple):
    """A tag's raw value: TIFF type number, bytes, byte order."""

    kind: int
    raw: memoryview
    order: str


Directory = Mapping[int, Value]
"""The tags of one IFD: tag number -> value."""


@dataclass(frozen=True, slots=True)
class Exif:
    """The IFDs of a block that are used: IFD0, Exif, GPS and IFD1; a missing one is empty."""

    main: Directory = field(default_factory=dict)
    camera: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    thumbnail: Directory = field(default_factory=dict)


def read_exif(block: bytes) -> Exif:
    """Read an Exif block or a TIFF file, beginning with its byte order mark (`II` or `MM`).

    Return an empty `Exif` for anything else.
    """
    order = _BYTE_ORDERS.get(block[:4])
    if order is None:
        return Exif()
    view = memoryview(block)
    first = _read_long(view, _FIRST_DIRECTORY, order)
    main = _directory(view, first, order)
    return Exif(
        main=main,
        camera=_directory(view, integer_value(main, EXIF_DIRECTORY) or 0, order),
        gps=_directory(view, integer_value(main, GPS_DIRECTORY) or 0, order),
        thumbnail=_directory(view, _next_directory(view, first, order), order),
    )


def orientation_of(found: Exif) -> int | None:
    """Return the orientation, 1 to 8, or None if it is absent or invalid."""
    number = integer_value(found.main, ORIENTATION)
    return number if number in range(1, 9) else None


def integer_value(directory: Directory, tag: int) -> int | None:
    """Return the first integer of a SHORT, LONG or IFD tag, or None."""
    value = directory.get(tag)
    if value is None or value.kind not in _INTEGER_TYPES:
        return None
    raw = value.raw[: TYPE_SIZES[value.kind]]
    return int.from_bytes(raw, "little" if value.order == "<" else "big")


def _read_long(view: memoryview, place: int, order: str) -> int:
    """Return the 32-bit integer at `place`; 0, which means "none", past the end."""
    if place + 4 > len(view):
        return 0
    number: int = struct.unpack_from(f"{order}I", view, place)[0]
    return number


def _directory(view: memoryview, place: int, order: str) -> Directory:
    """Return the tags of the IFD at `place`; of a duplicated tag, the first."""
    tags: dict[int, Value] = {}
    for tag, kind, start, size in _entries(view, place, order):
        if tag not in tags:
            tags[tag] = Value(kind, view[start : start + size], order)
    return tags


def _entry_count(view: memoryview, place: int, order: str) -> int:
    """Return the declared number of entries of the IFD at `place`."""
    if not place or place + 2 > len(view):
        return 0
    number: int = struct.unpack_from(f"{order}H", view, place)[0]
    return number


def _next_directory(view: memoryview, place: int, order: str) -> int:
    """Return the offset of the IFD after the one at `place`; 0 if there is none."""
    count = _entry_count(view, place, order)
    return _read_long(view, place + 2 + count * _ENTRY_SIZE, order) if count else 0


def _entries(view: memoryview, place: int, order: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, type, offset and size of each value that lies within the block."""
    length = len(view)
    first = place + 2
    count = min(_entry_count(view, place, order), (length - first) // _ENTRY_SIZE)
    value_at = first + _ENTRY_SIZE - _INLINE_SIZE
    entries = view[first : first + max(0, count) * _ENTRY_SIZE]
    for tag, kind, items, offset in struct.iter_unpack(f"{order}HHII", entries):
        size = items * TYPE_SIZES.get(kind, 0)
        start = offset if size > _INLINE_SIZE else value_at
        if size and start + size <= length:
            yield tag, kind, start, size
        value_at += _ENTRY_SIZE


def claims_too_much(data: bytes) -> bool:
    """Whether reading a TIFF file would take far more memory or time than its size warrants.

    Genuine values do not overlap, so together they are not larger than the file; and no genuine
    photo has millions of numbers in one tag, each of which becomes a Python object.
    """
    order = _BYTE_ORDERS.get(data[:4], ">")
    view = memoryview(data)
    place = _read_long(view, _FIRST_DIRECTORY, order)
    entries = list(_entries(view, place, order))
    return sum(size for *_, size in entries) > len(data) or any(
        size > MAX_VALUE_BYTES and kind not in _BYTE_TYPES for _, kind, _, size in entries
    )


def text_value(directory: Directory, tag: int) -> str:
    """Return the text of a tag up to its first NUL, cleaned; empty if the tag is absent."""
    value = directory.get(tag)
    return clean_text(decode_text(_until_nul(value.raw))) if value else ""


def copyright_notice(directory: Directory) -> str:
    """Return the photographer's and the editor's copyright notice, joined by `; `.

    CIPA DC-008 4.6.6 separates the two with a NUL.
    """
    value = directory.get(COPYRIGHT)
    if value is None:
        return ""
    photographer = _until_nul(value.raw)
    editor = _until_nul(value.raw[len(photographer) + 1 :])
    parts = (clean_text(decode_text(part)) for part in (photographer, editor))
    return "; ".join(part for part in parts if part)


def _until_nul(raw: memoryview) -> bytes:
    return bytes(raw[: MAX_TEXT * 4]).split(b"\0", 1)[0]


def decode_text(raw: bytes) -> str:
    """Decode text as UTF-8, which most programs write, else as Windows-1252."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def clean_text(text: str) -> str:
    """Return a text as one line: no control characters, single spaces, up to `MAX_TEXT` long."""
    printable = text
    if not text.isprintable():
        printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:MAX_TEXT].rstrip()


class NewTag(NamedTuple):
    """A tag to write: its number, its TIFF type number, and its big-endian value."""

    tag: int
    kind: int
    raw: bytes


def ascii_entry(tag: int, text: str) -> NewTag:
    """Return a text tag of type ASCII in UTF-8, which most other programs read correctly."""
    return NewTag(tag, 2, text.encode() + b"\0")


def short_entry(tag: int, number: int) -> NewTag:
    """Return a tag with one 16-bit integer."""
    return NewTag(tag, _SHORT, struct.pack(">H", number))


def long_entry(tag: int, number: int) -> NewTag:
    """Return a tag with one 32-bit integer."""
    return NewTag(tag, _LONG, struct.pack(">I", number))


def rational_entry(tag: int, number: int) -> NewTag:
    """Return a RATIONAL tag with denominator 1."""
    return NewTag(tag, 5, struct.pack(">II", number, 1))


def undefined_entry(tag: int, raw: bytes) -> NewTag:
    """Return a tag of type UNDEFINED."""
    return NewTag(tag, 7, raw)


def write_exif(main: list[NewTag], camera: list[NewTag]) -> bytes:
    """Return an Exif block with the given tags in IFD0 and the Exif IFD.

    Neither library in use writes a valid block: with piexif an IFD and its values overlap, and
    Pillow gives ComponentsConfiguration a type that the standard does not allow.
    """
    start = len(_HEADER)
    length = len(_directory_bytes([*main, long_entry(EXIF_DIRECTORY, 0)], start))
    pointer = long_entry(EXIF_DIRECTORY, start + length)
    first = _directory_bytes([*main, pointer], start)
    return _HEADER + first + _directory_bytes(camera, start + length)


def fresh_exif(entries: list[NewTag], size: tuple[int, int], *, is_srgb: bool) -> bytes:
    """Return a block with these tags and those that CIPA DC-008 requires."""
    main = [
        rational_entry(X_RESOLUTION, 72),  # the standard's value for "unknown"
        rational_entry(Y_RESOLUTION, 72),
        short_entry(RESOLUTION_UNIT, 2),  # inches
        short_entry(YCBCR_POSITIONING, 1),  # centred
        *entries,
    ]
    camera = [
        undefined_entry(EXIF_VERSION, b"0232"),
        undefined_entry(COMPONENTS_CONFIGURATION, b"\1\2\3\0"),  # Y, Cb, Cr
        undefined_entry(FLASHPIX_VERSION, b"0100"),
        short_entry(COLOR_SPACE, 1 if is_srgb else 0xFFFF),
        long_entry(PIXEL_WIDTH, size[0]),
        long_entry(PIXEL_HEIGHT, size[1]),
    ]
    return write_exif(main, camera)


def _directory_bytes(entries: list[NewTag], place: int) -> bytes:
    """Return an IFD for the offset `place`, followed by the values that do not fit in it."""
    table = struct.pack(">H", len(entries))
    values = b""
    values_at = place + 2 + len(entries) * _ENTRY_SIZE + 4
    for tag, kind, raw in sorted(entries):
        table += struct.pack(">HHI", tag, kind, len(raw) // TYPE_SIZES[kind])
        if len(raw) <= _INLINE_SIZE:
            table += raw.ljust(_INLINE_SIZE, b"\0")
        else:
            table += struct.pack(">I", values_at + len(values))
            values += raw + bytes(len(raw) % 2)
    return table + bytes(4) + values
