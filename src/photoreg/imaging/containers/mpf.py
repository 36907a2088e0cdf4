"""The index of further images in a JPEG file (CIPA DC-007, "MPF"): gain maps, previews.

Its offsets are relative to its own header and must be adjusted when the file grows.
"""

import struct
from typing import Final, NamedTuple

from photoreg.imaging.containers.jpeg import APP2, SOI, Jpeg, Segment
from photoreg.imaging.metadata.tiff import TiffError, byte_order, directory_at

SIGNATURE: Final = b"MPF\0"
_MP_ENTRY_TAG: Final = 0xB002
_MP_ENTRY_SIZE: Final = 16
_HEADER_SIZE: Final = 8  # marker, length and signature before the header


class IndexedImage(NamedTuple):
    """An indexed image: the offset of its index entry, and its size and offset in the file."""

    entry_at: int
    size: int
    place: int
    is_first: bool


def is_mpf(segment: Segment) -> bool:
    """Whether a segment holds an index of further images."""
    return segment.marker == APP2 and segment.payload.startswith(SIGNATURE)


def indexed_images(segment: Segment) -> list[IndexedImage]:
    """Return the images of an index; none if it is damaged."""
    block = segment.payload[len(SIGNATURE) :]
    try:
        order = byte_order(block)
        directory = directory_at(block, struct.unpack_from(f"{order}I", block, 4)[0], order)
    except TiffError:
        return []
    row = next((row for row in directory.rows if row.tag == _MP_ENTRY_TAG), None)
    if row is None:
        return []
    start = struct.unpack(f"{order}I", row.value)[0]
    found = []
    for at in range(start, min(start + row.size, len(block)) - _MP_ENTRY_SIZE + 1, _MP_ENTRY_SIZE):
        size, offset = struct.unpack_from(f"{order}II", block, at + 4)
        place = segment.place + _HEADER_SIZE + offset if offset else 0
        found.append(IndexedImage(at, size, place, not offset))
    return found


def adjusted_index(segment: Segment, data: bytes, grown_before: int, grown: int) -> Segment:
    """Return the index for a file that grew by `grown` bytes, `grown_before` of them before it.

    Entries that do not point to an image stay as they are.
    """
    found = indexed_images(segment)
    if not found:
        return segment
    payload = bytearray(segment.payload)
    order = byte_order(segment.payload[len(SIGNATURE) :])
    for image in found:
        size, place = image.size, image.place
        if image.is_first:
            size = size + grown if size else 0
            offset = 0
        elif data.startswith(SOI, place):
            offset = place - segment.place - _HEADER_SIZE + grown - grown_before
        else:
            continue
        struct.pack_into(f"{order}II", payload, len(SIGNATURE) + image.entry_at + 4, size, offset)
    return Segment(segment.marker, bytes(payload), place=segment.place)


def further_images(data: bytes, parts: Jpeg) -> list[bytes]:
    """Return the further images that the file's indexes point to."""
    indexes = [segment for segment in parts.segments if is_mpf(segment)]
    found = [
        image for segment in indexes for image in indexed_images(segment) if not image.is_first
    ]
    return [
        data[image.place : image.place + image.size]
        for image in found
        if data.startswith(SOI, image.place)
    ]
