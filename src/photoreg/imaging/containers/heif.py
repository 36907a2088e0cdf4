"""Parse the boxes of a HEIC or AVIF file (ISO/IEC 14496-12 and 23008-12) without decoding.

Such a file holds items: coded pictures, an Exif block, an XMP packet. Its boxes list the location
of each item, the primary picture and its transformations. Nothing is trusted: every box and extent
is checked against the length of the data.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED

MAX_BOXES: Final = 20_000
MAX_ITEMS: Final = 20_000
MAX_EXTENTS: Final = 40_000
MAX_METADATA: Final = 16 * 1024 * 1024
"""The largest metadata item that is read, in bytes; coded pictures are not copied."""

XMP_TYPE: Final = b"application/rdf+xml"
C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The UUID of the box that holds content credentials (C2PA 2.1, 11.3.3)."""

_METADATA_ITEM_TYPES: Final = frozenset({b"Exif", b"mime", b"uri "})
_DECODER_PROPERTIES: Final = frozenset(
    {b"hvcC", b"av1C", b"lhvC", b"avcC", b"ispe", b"auxC", b"clap"}
)
_DERIVATION_REFERENCES: Final = frozenset({b"dimg", b"auxl", b"prem", b"base"})

_ORIENTATIONS: Final = {
    "ABCD": 1,
    "BADC": 2,
    "DCBA": 3,
    "CDAB": 4,
    "ACBD": 5,
    "CADB": 6,
    "DBCA": 7,
    "BDAC": 8,
}
"""The order of a displayed picture's corners -> Exif orientation."""


class Box(NamedTuple):
    """A box: its type, its offset, and the start and end of its content."""

    kind: bytes
    place: int
    start: int
    end: int


class HeifItem(NamedTuple):
    """An item: its type, its media type, and the offset and length of each extent."""

    kind: bytes
    media: bytes
    extents: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Heif:
    """The structure and metadata of a file.

    `size` is the size of the primary picture as stored, `turned` its Exif orientation.
    """

    boxes: tuple[Box, ...]
    items: dict[int, HeifItem] = field(default_factory=dict)
    primary: int = 0
    exif: bytes = b""
    xmp: tuple[bytes, ...] = ()
    size: tuple[int, int] = (0, 0)
    turned: int = 1
    has_credentials: bool = False
    settings: tuple[bytes, ...] = ()
    """The properties that affect decoding: codec configuration, bit depth, clean aperture."""
    primary_settings: tuple[bytes, ...] = ()
    """The subset of them that applies to the primary picture."""
    made_of: tuple[bytes, ...] = ()
    """The references for derived images and alpha planes (box iref)."""


def split_heif(data: bytes, file: str) -> Heif:
    """Parse a HEIC or AVIF file; `file` is its name for the error message.

    Raises PhotoFileError when a box or an item is truncated or inconsistent.
    """
    try:
        return _split(data)
    except (struct.error, IndexError, ValueError) as error:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file) from error


def _split(data: bytes) -> Heif:
    boxes = tuple(_boxes(data, 0, len(data)))
    has_credentials = any(
        box.kind == b"uuid" and data.startswith(C2PA_UUID, box.start) for box in boxes
    )
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    if meta is None:
        raise ValueError
    parts: dict[bytes, Box] = {}
    for box in _boxes(data, meta.start + 4, meta.end):
        parts.setdefault(box.kind, box)
    primary = _primary(data, parts[b"pitm"]) if b"pitm" in parts else 0
    items = _items(data, parts)
    describing = _describing_items(data, parts.get(b"iref"), primary)
    size, turned = _size_and_orientation(data, parts.get(b"iprp"), primary)
    blocks = [_exif_block(c) for c in _item_contents(data, items, describing, b"Exif", b"")]
    packets = _item_contents(data, items, describing, b"mime", XMP_TYPE)
    return Heif(
        boxes=boxes,
        items=items,
        primary=primary,
        exif=next(filter(None, blocks), b""),
        xmp=tuple(packets),
        size=size,
        turned=turned,
        has_credentials=has_credentials,
        settings=_decoder_configuration(data, parts.get(b"iprp")),
        primary_settings=tuple(
            kind + content
            for kind, content in _properties(data, parts.get(b"iprp"), primary)
            if kind in _DECODER_PROPERTIES
        ),
        made_of=_derived_from(data, parts.get(b"iref")),
    )


def _boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets. Raises ValueError when one is truncated."""
    place = start
    count = 0
    while place + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, place)
        inside = place + 8
        if size == 1:
            size = struct.unpack_from(">Q", data, inside)[0]
            inside += 8
        after = end if size == 0 else place + size
        count += 1
        if after > end or after < inside or count > MAX_BOXES:
            raise ValueError
        yield Box(kind, place, inside, after)
        place = after
    if place < end and any(data[place:end]):
        raise ValueError


def _primary(data: bytes, box: Box) -> int:
    number: int = struct.unpack_from(">H" if data[box.start] == 0 else ">I", data, box.start + 4)[0]
    return number


def _items(data: bytes, parts: dict[bytes, Box]) -> dict[int, HeifItem]:
    """Return the items by id (boxes iinf and iloc)."""
    if b"iinf" not in parts or b"iloc" not in parts:
        raise ValueError
    inner = parts[b"idat"].start if b"idat" in parts else None
    places = _locations(data, parts[b"iloc"], inner)
    box = parts[b"iinf"]
    skip = 6 if data[box.start] == 0 else 8  # version, flags, number of entries
    found: dict[int, HeifItem] = {}
    for entry in _boxes(data, box.start + skip, box.end):
        version = data[entry.start]
        if entry.kind != b"infe" or version < 2:  # noqa: PLR2004 - predates image items
            continue
        if len(found) == MAX_ITEMS:
            raise ValueError
        layout = ">HH4s" if version == 2 else ">IH4s"  # noqa: PLR2004
        number, _, kind = struct.unpack_from(layout, data, entry.start + 4)
        rest = data[entry.start + 4 + struct.calcsize(layout) : entry.end]
        (kind + rest).decode()  # pi-heif 1.4 aborts the process when this is not UTF-8
        texts = rest.split(b"\0")  # the name, then the media type
        media = texts[1] if kind == b"mime" and len(texts) > 1 else b""
        found[number] = HeifItem(kind, media, places.get(number, ()))
    return found


class _IntegerReader:
    """Reads consecutive big-endian integers of given widths."""

    def __init__(self, data: bytes, box: Box) -> None:
        self._data, self._place, self._end = data, box.start, box.end

    def next(self, width: int) -> int:
        """Return the integer in the next `width` bytes. Raises ValueError past the end."""
        if self._place + width > self._end:
            raise ValueError
        place = self._place
        self._place += width
        return int.from_bytes(self._data[place : self._place], "big")


def _locations(data: bytes, box: Box, inner: int | None) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return the extents of each item as offsets and lengths in the file (box iloc)."""
    numbers = _IntegerReader(data, box)
    version = numbers.next(4) >> 24
    sizes = numbers.next(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    count = numbers.next(2 if version < 2 else 4)  # noqa: PLR2004
    if count > MAX_ITEMS:
        raise ValueError
    found = {}
    extents_seen = 0
    for _ in range(count):
        number = numbers.next(2 if version < 2 else 4)  # noqa: PLR2004
        method = numbers.next(2) & 15 if version else 0
        numbers.next(2)  # data reference index: 0 is this file
        base = numbers.next(base_size)
        extents = []
        for _ in range(numbers.next(2)):
            extents_seen += 1
            if extents_seen > MAX_EXTENTS:
                raise ValueError
            numbers.next(index_size)
            place, size = base + numbers.next(offset_size), numbers.next(length_size)
            if method == 1 and inner is not None:
                place += inner
            size = size or len(data) - place
            if method < 2 and (place + size > len(data) or size < 0):  # noqa: PLR2004
                raise ValueError
            extents.append((place, size))
        if method < 2:  # noqa: PLR2004 - 2: constructed from other items
            found[number] = tuple(extents)
    return found


def _describing_items(data: bytes, box: Box | None, primary: int) -> frozenset[int]:
    """Return the items that describe the primary picture (reference cdsc in box iref)."""
    if box is None:
        return frozenset()
    width = 2 if data[box.start] == 0 else 4
    found = set()
    for reference in _boxes(data, box.start + 4, box.end):
        numbers = _IntegerReader(data, reference)
        source = numbers.next(width)
        if reference.kind == b"cdsc":
            count = numbers.next(2)
            if any(numbers.next(width) == primary for _ in range(count)):
                found.add(source)
    return frozenset(found)


def _derived_from(data: bytes, box: Box | None) -> tuple[bytes, ...]:
    references = _boxes(data, box.start + 4, box.end) if box else iter(())
    return tuple(data[r.place : r.end] for r in references if r.kind in _DERIVATION_REFERENCES)


def _item_contents(
    data: bytes, items: dict[int, HeifItem], describing: frozenset[int], kind: bytes, media: bytes
) -> list[bytes]:
    """Return the contents of the items of a type, those describing the primary picture first."""
    chosen = sorted(
        (number for number, item in items.items() if (item.kind, item.media) == (kind, media)),
        key=lambda number: number not in describing,
    )
    return [item_content(data, items[number]) for number in chosen[:4]]


def item_content(data: bytes, item: HeifItem) -> bytes:
    """Return the content of an item. Raises ValueError above `MAX_METADATA` bytes."""
    if sum(size for _, size in item.extents) > MAX_METADATA:
        raise ValueError
    return b"".join(data[place : place + size] for place, size in item.extents)


def coded_data(data: bytes, parts: Heif) -> Iterator[Sequence[bytes]]:
    """Yield what determines the pictures: decoding properties, references, coded items.

    The primary item's id and the references are included, because changing them would display
    another picture of the same file.
    """
    for setting in parts.primary_settings:
        yield (setting,)
    yield parts.made_of
    pictures = [n for n, item in parts.items.items() if item.kind not in _METADATA_ITEM_TYPES]
    yield (b"".join(n.to_bytes(4, "big") for n in (parts.primary, *pictures)),)
    for setting in parts.settings:
        yield (setting,)
    for item in parts.items.values():
        if item.kind not in _METADATA_ITEM_TYPES:
            yield item.kind, *(data[place : place + size] for place, size in item.extents)


def _decoder_configuration(data: bytes, box: Box | None) -> tuple[bytes, ...]:
    return tuple(
        data[each.place : each.end]
        for each in _property_container(data, box)
        if each.kind in _DECODER_PROPERTIES
    )


def _exif_block(content: bytes) -> bytes:
    """Return the Exif block; its offset precedes it (ISO/IEC 23008-12, A.2.1)."""
    if len(content) < 8:  # noqa: PLR2004
        return b""
    place = 4 + int.from_bytes(content[:4], "big")
    for start in (place, 4, 10, 0):  # the standard's offset, then those of nonconforming programs
        if content[start : start + 4] in {b"II*\0", b"MM\0*"}:
            return content[start:]
    return b""


def _size_and_orientation(
    data: bytes, box: Box | None, primary: int
) -> tuple[tuple[int, int], int]:
    """Return the size of the primary picture as stored, and its Exif orientation."""
    size, corners = (0, 0), "ABCD"
    for kind, content in _properties(data, box, primary):
        if kind == b"ispe":
            size = struct.unpack_from(">II", content, 4)
        elif kind == b"irot":  # quarter turns, anticlockwise
            for _ in range(content[0] & 3):
                corners = _permuted(corners, "BDAC")
        elif kind == b"imir":  # 0: flip top and bottom, 1: flip left and right
            corners = _permuted(corners, "BADC" if content[0] & 1 else "CDAB")
    return size, _ORIENTATIONS[corners]


def _permuted(corners: str, order: str) -> str:
    return "".join(corners["ABCD".index(letter)] for letter in order)


def _properties(data: bytes, box: Box | None, item: int) -> Sequence[tuple[bytes, bytes]]:
    """Return the properties of an item in order (boxes ipco and ipma)."""
    if box is None:
        return []
    known = _property_container(data, box)
    tables = [b for b in _boxes(data, box.start, box.end) if b.kind == b"ipma"]
    found = []
    for index in (i for table in tables for i in _property_indexes(data, table, item)):
        if 0 < index <= len(known):
            each = known[index - 1]
            found.append((each.kind, data[each.start : min(each.end, each.start + 64)]))
    return found


def _property_container(data: bytes, box: Box | None) -> Sequence[Box]:
    inside = _boxes(data, box.start, box.end) if box else iter(())
    container = next((b for b in inside if b.kind == b"ipco"), None)
    return list(_boxes(data, container.start, container.end)) if container else []


def _property_indexes(data: bytes, box: Box, item: int) -> Iterator[int]:
    """Yield the indexes of an item's properties (box ipma)."""
    numbers = _IntegerReader(data, box)
    head = numbers.next(4)
    version, is_wide = head >> 24, head & 1
    for _ in range(numbers.next(4)):
        number = numbers.next(2 if version == 0 else 4)
        for _ in range(numbers.next(1)):
            index = numbers.next(2) & 0x7FFF if is_wide else numbers.next(1) & 0x7F
            if number == item:
                yield index
