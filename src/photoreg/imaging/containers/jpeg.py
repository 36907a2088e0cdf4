"""Parse the segments of a JPEG file (ITU-T T.81, annex B) without decoding the image.

A JPEG file is a sequence of segments: a marker (FF and a code) and, for most, a two-byte length
and that much content. A scan header (SOS) is followed by entropy-coded data up to the next marker.
Data after the end marker (EOI) are not part of the image.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import chain, dropwhile
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import COPY_AGAIN
from photoreg.texts import N_

SOI: Final = b"\xff\xd8"
EOI: Final = b"\xff\xd9"
SOS: Final = 0xDA
APP0: Final = 0xE0
APP1: Final = 0xE1
APP2: Final = 0xE2
APP11: Final = 0xEB
APP13: Final = 0xED
APP14: Final = 0xEE
COM: Final = 0xFE

MAX_SEGMENTS: Final = 10_000
"""More segments than the largest file needs; limits memory use."""

MAX_SCANS: Final = 100
"""A progressive file usually has ten; decoding each takes a pass over the whole image."""

# Frame headers SOF0-SOF15 (without JPG, C8), DHT, DAC; then SOS, DQT, DNL, DRI, DHP, EXP.
SOF_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_IMAGE_MARKERS: Final = SOF_MARKERS | {0xC4, 0xCC} | frozenset(range(SOS, 0xE0))
_KNOWN_MARKERS: Final = _IMAGE_MARKERS | frozenset(range(0xE0, 0xF0)) | {COM}

# In entropy-coded data FF is followed by 00 (a stuffed byte), a restart marker or a fill byte FF.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_NO_DATA: Final = memoryview(b"")
_NO_FILL_BYTE: Final = re.compile(rb"[^\xff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its marker code, its content, and for SOS the scan data that follow.

    Scan data are views into the file, because they take megabytes. `place` is the offset of the
    marker, after any fill bytes.
    """

    marker: int
    payload: bytes
    scan: bytes | memoryview = b""
    place: int = field(default=0, compare=False)

    @property
    def is_image(self) -> bool:
        """Whether a decoder needs the segment."""
        return self.marker in _IMAGE_MARKERS

    def pieces(self) -> tuple[bytes | memoryview, ...]:
        """Return the encoded segment in pieces; `payload` must not exceed 65,533 bytes."""
        length = (len(self.payload) + 2).to_bytes(2, "big")
        return b"\xff" + bytes([self.marker]) + length, self.payload, self.scan

    def to_bytes(self) -> bytes:
        """Return the encoded segment."""
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A parsed JPEG file: the segments between SOI and EOI, and the data after EOI."""

    segments: tuple[Segment, ...]
    trailer: bytes = b""
    scans: memoryview = field(default=_NO_DATA, compare=False, repr=False)
    """The file's data from its first scan to EOI."""

    @property
    def image(self) -> tuple[Segment, ...]:
        """The segments of the image: tables, frame headers, scans with their data."""
        return tuple(segment for segment in self.segments if segment.is_image)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image in pixels, from its first frame header (T.81, B.2.2)."""
        frame = next(segment for segment in self.segments if segment.marker in SOF_MARKERS)
        height, width = (int.from_bytes(frame.payload[at : at + 2], "big") for at in (1, 3))
        return width, height

    @property
    def exif(self) -> bytes:
        """The first Exif block (CIPA DC-008), from its byte order mark on; empty if absent."""
        for segment in self.segments:
            if segment.marker == APP1 and segment.payload.startswith(b"Exif\0"):
                return segment.payload[6:]
        return b""

    def parts_of_scans(self, place: int) -> list[Segment]:
        """Return the segments from the first scan on, with offsets as if it began at `place`."""
        parts = list(dropwhile(lambda segment: segment.marker != SOS, self.segments))
        return [replace(part, place=part.place - parts[0].place + place) for part in parts]

    def to_bytes(self) -> bytes:
        """Return the encoded file, without fill bytes before markers."""
        pieces = chain.from_iterable(segment.pieces() for segment in self.segments)
        return b"".join([SOI, *pieces, EOI, self.trailer])


def split_jpeg(
    data: bytes, file: str, *, head_only: bool = False, similar: Jpeg | None = None
) -> Jpeg:
    """Parse a JPEG file; `file` is its name for the error message.

    With `head_only` parsing stops at the first scan, after all metadata, and only checks that EOI
    follows. `similar` is a parsed file that may hold the same image: if its scan data occur here
    byte for byte, its segments are reused. Raises PhotoFileError when a segment is truncated,
    misplaced or missing.
    """
    head, first = _read_segments(data, len(SOI), file, until=SOS)
    tail, end = [], first
    if head_only:
        if data.rfind(EOI, first) < 0:
            raise _truncated_error(file)
    elif similar is not None and similar.scans and data.startswith(similar.scans, first):
        tail, end = similar.parts_of_scans(first), first + len(similar.scans) - len(EOI)
    else:
        tail, end = _read_segments(data, first, file, until=EOI[1])
    segments = (*head, *tail)
    has_frame = any(segment.marker in SOF_MARKERS for segment in segments)
    if data[first + 1] != SOS or not has_frame or len(segments) > MAX_SEGMENTS:
        raise _damaged_error(file)
    if head_only:
        return Jpeg(segments)
    end += len(EOI)
    return Jpeg(segments, data[end:], memoryview(data)[first:end])


def _read_segments(
    data: bytes, position: int, file: str, *, until: int
) -> tuple[list[Segment], int]:
    """Return the segments before the marker `until` or EOI, and the offset of that marker."""
    segments: list[Segment] = []
    scans = 0
    while True:
        marker, position = _read_marker(data, position, file)
        if marker in {until, EOI[1]}:
            return segments, position - 2
        if marker not in _KNOWN_MARKERS or len(segments) == MAX_SEGMENTS or scans > MAX_SCANS:
            raise _damaged_error(file)
        scans += marker == SOS
        segment, position = _read_segment(data, marker, position, file)
        segments.append(segment)


def _read_marker(data: bytes, position: int, file: str) -> tuple[int, int]:
    """Return the code of the marker at `position` and the offset after it."""
    code = data[position + 1 : position + 2]
    if data[position : position + 1] == b"\xff" != code and code:
        return code[0], position + 2
    if data[position : position + 1] not in {b"", b"\xff"}:
        raise _damaged_error(file)
    found = _NO_FILL_BYTE.search(data, position)
    if found is None:
        raise _truncated_error(file)
    return data[found.start()], found.end()


def _read_segment(data: bytes, marker: int, position: int, file: str) -> tuple[Segment, int]:
    """Return the segment whose length is at `position`, and the offset after it."""
    length = int.from_bytes(data[position : position + 2], "big")
    end = position + length
    if position + 2 > len(data):
        raise _truncated_error(file)
    if length < len(b"\0\0"):
        raise _damaged_error(file)
    payload = data[position + 2 : end]  # if it is truncated, the next marker is missing
    place = position - 2
    if marker != SOS:
        return Segment(marker, payload, place=place), end
    found = _END_OF_SCAN.search(data, end)
    if found is None:
        raise _truncated_error(file)
    scan = memoryview(data)[end : found.start()]
    return Segment(marker, payload, scan, place), found.start()


def _truncated_error(file: str) -> PhotoFileError:
    return PhotoFileError(N_("{file}: the image is cut off before its end"), COPY_AGAIN, file=file)


def _damaged_error(file: str) -> PhotoFileError:
    return PhotoFileError(
        N_("{file}: the image is damaged: its parts are not in order"),
        N_("Open it in an image program, look at it, and save it as a new JPEG."),
        file=file,
    )
