"""Reading an Exif block (CIPA DC-008, a small TIFF file) that a stranger wrote.

Nothing in the block is trusted: every offset and count is checked against the bytes that are
there, values are views and not copies, and no chain is followed in a circle. Damage makes a value
absent, never an exception, because a photo with a damaged Exif block is still a photo.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

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
EXIF_FOLDER: Final = 0x8769
GPS_FOLDER: Final = 0x8825
EXIF_VERSION: Final = 0x9000
DATE_TIME_ORIGINAL: Final = 0x9003
COMPONENTS: Final = 0x9101
MAKER_NOTE: Final = 0x927C
FLASHPIX_VERSION: Final = 0xA000
COLOR_SPACE: Final = 0xA001
PIXEL_WIDTH: Final = 0xA002
PIXEL_HEIGHT: Final = 0xA003
BODY_SERIAL_NUMBER: Final = 0xA431
GPS_VERSION: Final = 0x0000

MAX_TEXT: Final = 2_000
"""Longest text taken from a photo, in characters."""

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
_ENTRY: Final = 12
_SHORT: Final = 3
_LONG: Final = 4


class Value(NamedTuple):
    """A tag's value as it stands in the block: TIFF type number and raw bytes."""

    kind: int
    raw: memoryview


Folder = Mapping[int, Value]
"""The tags of one directory (IFD): tag number -> value."""


@dataclass(frozen=True, slots=True)
class Exif:
    """The directories of a block that are looked at; a missing one is empty."""

    main: Folder = field(default_factory=dict)
    camera: Folder = field(default_factory=dict)
    gps: Folder = field(default_factory=dict)
    thumbnail: Folder = field(default_factory=dict)
    big_endian: bool = False

    def number(self, folder: Folder, tag: int) -> int | None:
        """Return the first whole number of a SHORT or LONG tag, or None."""
        value = folder.get(tag)
        size = _SIZES[value.kind] if value and value.kind in {_SHORT, _LONG} else 0
        if value is None or not size or len(value.raw) < size:
            return None
        return int.from_bytes(value.raw[:size], "big" if self.big_endian else "little")


def read_exif(block: bytes) -> Exif:
    """Read an Exif block or a TIFF file, from its byte order (`II` or `MM`) on.

    A block that is none gives an empty `Exif`.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < len(b"II*\0") + 4:
        return Exif()
    view = memoryview(block)
    main, after = _folder(view, struct.unpack_from(f"{order}I", view, 4)[0], order)
    exif = Exif(main=main, big_endian=order == ">")

    def below(tag: int) -> Folder:
        place = exif.number(main, tag)
        return _folder(view, place, order)[0] if place else {}

    return Exif(
        main=main,
        camera=below(EXIF_FOLDER),
        gps=below(GPS_FOLDER),
        thumbnail=_folder(view, after, order)[0] if after else {},
        big_endian=exif.big_endian,
    )


def _folder(view: memoryview, place: int, order: str) -> tuple[Folder, int]:
    """Return the tags of the directory at `place`, and the place of the next one (0: none)."""
    if place + 2 > len(view):
        return {}, 0
    count = struct.unpack_from(f"{order}H", view, place)[0]
    start, end = place + 2, place + 2 + count * _ENTRY
    tags: dict[int, Value] = {}
    for entry in range(start, min(end, len(view) - _ENTRY + 1), _ENTRY):
        tag, kind, items = struct.unpack_from(f"{order}HHI", view, entry)
        size = items * _SIZES.get(kind, 0)
        at = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", view, entry + 8)[0]  # noqa: PLR2004 - values of four bytes stand in the entry itself
        if size and at + size <= len(view):
            tags.setdefault(tag, Value(kind, view[at : at + size]))
    if end + 4 > len(view):
        return tags, 0
    return tags, struct.unpack_from(f"{order}I", view, end)[0]


def values_overlap(block: bytes) -> bool:
    """Whether a TIFF file claims more bytes of values than it has.

    Honest values do not overlap. A reader that copies each value would need gigabytes for a small
    file that points thousands of times at the same bytes.
    """
    exif = read_exif(block)
    return sum(len(value.raw) for value in exif.main.values()) > len(block)


def text_of(folder: Folder, tag: int) -> str:
    """Return the text of a tag up to its first NUL, cleaned; empty if the tag is absent."""
    value = folder.get(tag)
    return clean_text(decode_text(_until_nul(value.raw))) if value else ""


def copyright_of(folder: Folder) -> str:
    """Return the copyright notice: the photographer's and the editor's part, parted by `; `.

    CIPA DC-008 4.6.6 parts the two by a NUL.
    """
    value = folder.get(COPYRIGHT)
    if value is None:
        return ""
    photographer = _until_nul(value.raw)
    editor = _until_nul(value.raw[len(photographer) + 1 :])
    parts = (clean_text(decode_text(part)) for part in (photographer, editor))
    return "; ".join(part for part in parts if part)


def _until_nul(raw: memoryview) -> bytes:
    return bytes(raw[: MAX_TEXT * 4]).split(b"\0", 1)[0]


def decode_text(raw: bytes) -> str:
    """Decode text of a camera or program: UTF-8 as most write it, else Windows Latin (cp1252)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def clean_text(text: str) -> str:
    """Make a text fit for one line: no control characters, single blanks, `MAX_TEXT` at most."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:MAX_TEXT].rstrip()
