"""Change tags in the first IFD of a TIFF structure: an Exif block or a TIFF file.

Nothing is moved: a new IFD with the new values is appended and the header points to it, so that
offsets in maker notes and to image data remain valid.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from photoreg.imaging.metadata.exif import TYPE_SIZES, NewTag
from photoreg.texts import N_

MAX_DIRECTORIES: Final = 1_000
MAX_ENTRIES: Final = 5_000
_HEADER_SIZE: Final = 8
_ENTRY_SIZE: Final = 12
_TRUNCATED: Final = N_("{file}: its Exif data is cut off, at byte {offset}")
_BYTE_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_IFD_POINTERS: Final = frozenset({0x8769, 0x8825, 0xA005, 0x014A})
_THUMBNAIL: Final = (0x0201, 0x0202)


class TiffError(ValueError):
    """A structure that cannot be changed safely: a message, and the offset of the error."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message, self.offset = message, offset


class TiffEntry(NamedTuple):
    """An IFD entry: tag, type, count, and four bytes of value or offset."""

    tag: int
    kind: int
    items: int
    value: bytes

    @property
    def size(self) -> int:
        """The length of the value in bytes."""
        return self.items * TYPE_SIZES.get(self.kind, 0)


class TiffDirectory(NamedTuple):
    """An IFD: its offset, its entries, and the offset of the next IFD."""

    place: int
    rows: list[TiffEntry]
    next: int


def byte_order(block: bytes) -> str:
    """Return the byte order in `struct` notation. Raises TiffError when there is none."""
    order = _BYTE_ORDERS.get(block[:4])
    if order is None or len(block) < _HEADER_SIZE:
        raise TiffError(N_("{file}: its Exif data has an invalid beginning"))
    return order


def directory_at(block: bytes, place: int, order: str) -> TiffDirectory:
    """Return the IFD at `place`. Raises TiffError when it is truncated."""
    if not _HEADER_SIZE <= place <= len(block) - 2:
        raise TiffError(_TRUNCATED, place)
    count: int = struct.unpack_from(f"{order}H", block, place)[0]
    end = place + 2 + count * _ENTRY_SIZE
    if count > MAX_ENTRIES or end > len(block):
        raise TiffError(_TRUNCATED, place)
    rows = [
        TiffEntry(*struct.unpack_from(f"{order}HHI4s", block, place + 2 + index * _ENTRY_SIZE))
        for index in range(count)
    ]
    # Some programs omit the offset of the next IFD at the very end of the block.
    following = struct.unpack_from(f"{order}I", block, end)[0] if end + 4 <= len(block) else 0
    return TiffDirectory(place, rows, following)


def directories(block: bytes) -> Iterator[TiffDirectory]:
    """Yield the IFDs of the chain, up to the first truncated one.

    Raises TiffError when the first IFD is truncated, or when the chain has a cycle.
    """
    order = byte_order(block)
    place: int = struct.unpack_from(f"{order}I", block, 4)[0]
    seen: set[int] = set()
    while place:
        if place in seen or len(seen) == MAX_DIRECTORIES:
            raise TiffError(
                N_("{file}: its Exif data refers back to itself, at byte {offset}"), place
            )
        seen.add(place)
        try:
            directory = directory_at(block, place, order)
        except TiffError:
            if len(seen) == 1:
                raise
            return  # some cameras leave an arbitrary offset of the next IFD
        yield directory
        place = directory.next


def with_tags(block: bytes, entries: Sequence[NewTag]) -> bytes:
    """Return the block with these tags in its first IFD; values must be in its byte order."""
    order = byte_order(block)
    chain = list(directories(block))
    if not chain:
        raise TiffError(_TRUNCATED, 4)
    first = chain[0]
    new = {entry.tag: entry for entry in entries}
    rows = [row for row in first.rows if row.tag not in new]
    grown = 6 + (len(rows) + len(new)) * _ENTRY_SIZE + sum(len(entry.raw) + 1 for entry in entries)
    place = _free_offset(block, chain, grown)
    values_at = place + 2 + (len(rows) + len(new)) * _ENTRY_SIZE + 4
    values = b""
    for entry in entries:
        value = entry.raw.ljust(4, b"\0")
        if len(entry.raw) > 4:  # noqa: PLR2004 - longer values follow the IFD
            value = struct.pack(f"{order}I", values_at + len(values))
            values += entry.raw + bytes(len(entry.raw) % 2)
        row = TiffEntry(entry.tag, entry.kind, len(entry.raw) // TYPE_SIZES[entry.kind], value)
        rows.insert(_insertion_index(row, rows), row)
    table = struct.pack(f"{order}H", len(rows))
    table += b"".join(struct.pack(f"{order}HHI4s", *row) for row in rows)
    # An offset past the old end would now point into the new IFD.
    table += struct.pack(f"{order}I", first.next if first.next < len(block) else 0)
    header = block[:4] + struct.pack(f"{order}I", place)
    return header + block[_HEADER_SIZE:].ljust(place - _HEADER_SIZE, b"\0") + table + values


def _free_offset(block: bytes, chain: Sequence[TiffDirectory], grown: int) -> int:
    """Return the offset for new data: the end, or after the target of a dangling IFD offset."""
    place = len(block) + len(block) % 2
    for directory in chain[1:]:
        if place <= directory.next < place + grown:
            # The zero padding reads as an IFD without entries there.
            place = directory.next + directory.next % 2 + _HEADER_SIZE
    return place


def _insertion_index(row: TiffEntry, rows: Sequence[TiffEntry]) -> int:
    return next((index for index, other in enumerate(rows) if other.tag > row.tag), len(rows))


def trimmed(block: bytes) -> bytes:
    """Return the block without the trailing zeros that some cameras leave."""
    order = byte_order(block)
    end = _data_end(block, order)
    return block[:end] + block[end:].rstrip(b"\0")


def _data_end(block: bytes, order: str) -> int:
    """Return the offset after everything that the IFDs point to."""
    end = _HEADER_SIZE
    waiting = [directory.place for directory in directories(block)]
    seen: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        try:
            directory = directory_at(block, place, order)
        except TiffError:
            return len(block)
        end = max(end, place + 2 + len(directory.rows) * _ENTRY_SIZE + 4)
        numbers = {row.tag: struct.unpack(f"{order}I", row.value)[0] for row in directory.rows}
        for row in directory.rows:
            if row.size > 4:  # noqa: PLR2004
                end = max(end, numbers[row.tag] + row.size)
            elif row.tag in _IFD_POINTERS:
                waiting.append(numbers[row.tag])
        end = max(end, sum(numbers.get(tag, 0) for tag in _THUMBNAIL))
    return min(end, len(block))
