"""Parse the chunks of a PNG file (ISO/IEC 15948) without decoding the image."""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD: Final = b"XML:com.adobe.xmp"

MAX_CHUNKS: Final = 200_000
MAX_TEXT: Final = 8 * 1024 * 1024
"""The largest decompressed text or ICC profile, in bytes."""

MAX_TEXTS: Final = 4
"""How many metadata chunks of one kind are read."""

_INFLATE_STEP: Final = 1 << 16  # bytes decompressed per step
_HEADER: Final = struct.Struct(">IIBBBBB")
_CHANNELS_BY_COLOUR_TYPE: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples per pixel by colour type (ISO/IEC 15948, table 11.1)."""

_ADAM7_PASSES: Final = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
"""The first column and row, and the column and row step, of each Adam7 pass."""

_RAW_PROFILE: Final = re.compile(rb"Raw profile type (exif|APP1|xmp)\Z")
_METADATA_CHUNKS: Final = frozenset({b"eXIf", b"iTXt", b"tEXt", b"zTXt", b"tIME", b"caBX"})


@dataclass(frozen=True, slots=True)
class PngChunk:
    """A chunk: its type, its data, its stored CRC, and its offset in the file."""

    kind: bytes
    data: bytes
    checksum: bytes = b""
    place: int = field(default=0, compare=False)

    @property
    def is_image(self) -> bool:
        """Whether a decoder may need the chunk."""
        return self.kind not in _METADATA_CHUNKS

    @property
    def end(self) -> int:
        """The offset after the chunk."""
        return self.place + len(self.data) + 12

    def to_bytes(self) -> bytes:
        """Return the encoded chunk with a newly computed CRC."""
        body = self.kind + self.data
        return struct.pack(">I", len(self.data)) + body + struct.pack(">I", zlib.crc32(body))


def split_png(data: bytes, file: str) -> tuple[list[PngChunk], bytes]:
    """Return the chunks of a PNG file, and the data after IEND."""
    chunks: list[PngChunk] = []
    place = len(SIGNATURE)
    while not chunks or chunks[-1].kind != b"IEND":
        size = int.from_bytes(data[place : place + 4], "big")
        end = place + 12 + size
        if end > len(data) or place + 12 > len(data) or len(chunks) == MAX_CHUNKS:
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
        body = data[place + 4 : end - 4]
        chunks.append(PngChunk(body[:4], body[4:], data[end - 4 : end], place))
        place = end
    if chunks[0].kind != b"IHDR" or any(chunk.kind == b"IHDR" for chunk in chunks[1:]):
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
    return chunks, data[place:]


def image_size(chunks: list[PngChunk]) -> tuple[int, int]:
    """Return width and height in pixels, from IHDR."""
    width, height = struct.unpack_from(">II", chunks[0].data.ljust(8, b"\0"))
    return width, height


def holds_only_pixels(chunks: Iterable[PngChunk]) -> bool:
    """Whether the image data are exactly one zlib stream of all the pixels.

    IHDR determines the expected length (ISO/IEC 15948, 7 and 8); no more is decompressed.
    """
    decompressor, left = zlib.decompressobj(), 0
    try:
        for chunk in chunks:
            if chunk.kind == b"IHDR":
                left = _pixel_data_length(chunk.data)
            for place in range(0, len(chunk.data) if chunk.kind == b"IDAT" else 0, _INFLATE_STEP):
                if decompressor.eof:
                    return False
                piece = chunk.data[place : place + _INFLATE_STEP]
                while piece:
                    left -= len(decompressor.decompress(piece, _INFLATE_STEP))
                    if left < 0:
                        return False
                    piece = decompressor.unconsumed_tail
    except zlib.error:
        return False
    return decompressor.eof and not decompressor.unused_data and left == 0


def _pixel_data_length(header: bytes) -> int:
    """Return the length of the filtered scanlines in bytes; -1 if IHDR is not valid."""
    if len(header) != _HEADER.size:
        return -1
    width, height, bits, colours, *methods, interlaced = _HEADER.unpack(header)
    if any(methods) or colours not in _CHANNELS_BY_COLOUR_TYPE or interlaced > 1:
        return -1
    length = 0
    for x, y, across, down in _ADAM7_PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = (width - x + across - 1) // across, (height - y + down - 1) // down
        if columns > 0 and rows > 0:
            length += rows * (1 + (columns * bits * _CHANNELS_BY_COLOUR_TYPE[colours] + 7) // 8)
    return length


def exif_block(chunks: list[PngChunk]) -> bytes:
    """Return the Exif block of the eXIf chunk, or of a hexadecimal profile as by ImageMagick."""
    for chunk in chunks:
        if chunk.kind == b"eXIf":
            return chunk.data.removeprefix(b"Exif\0\0")
    for name, profile in _raw_profiles(chunks):
        if name != b"xmp":
            return profile.removeprefix(b"Exif\0\0")
    return b""


def xmp_packets(chunks: list[PngChunk]) -> list[bytes]:
    """Return the XMP packets."""
    found = [text for chunk in _xmp_chunks(chunks) if (text := xmp_text(chunk)) is not None]
    return found or [profile for name, profile in _raw_profiles(chunks) if name == b"xmp"]


def _xmp_chunks(chunks: list[PngChunk]) -> Iterator[PngChunk]:
    named = (c for c in chunks if c.kind == b"iTXt" and c.data.startswith(XMP_KEYWORD + b"\0"))
    return islice(named, MAX_TEXTS)


def xmp_text(chunk: PngChunk) -> bytes | None:
    """Return the XMP packet in an iTXt chunk, or None if the chunk holds none."""
    if chunk.kind != b"iTXt" or not chunk.data.startswith(XMP_KEYWORD + b"\0"):
        return None
    flags = chunk.data[len(XMP_KEYWORD) + 1 :]
    compressed, method, rest = flags[:1], flags[1:2], flags[2:]
    parts = rest.split(b"\0", 2)  # language, translated keyword, text
    if len(parts) < 3:  # noqa: PLR2004
        return b""
    if compressed == b"\0":
        return parts[2]
    return inflate(parts[2]) if method == b"\0" else b""


def xmp_chunk(packet: bytes) -> PngChunk:
    """Return an uncompressed iTXt chunk with an XMP packet, as ISO 16684-3 requires."""
    return PngChunk(b"iTXt", XMP_KEYWORD + bytes(5) + packet)


def inflate(data: bytes, *, is_all: bool = False) -> bytes:
    """Return the decompressed data; empty if they are damaged or longer than `MAX_TEXT`.

    With `is_all` the result is also empty if data follow the stream.
    """
    decompressor = zlib.decompressobj()
    try:
        text = decompressor.decompress(data, MAX_TEXT)
    except zlib.error:
        return b""
    return text if decompressor.eof and not (is_all and decompressor.unused_data) else b""


def _raw_profiles(chunks: list[PngChunk]) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of profiles that older programs write as hexadecimal text."""
    parts = ((c.kind, *c.data.partition(b"\0")) for c in chunks if c.kind in {b"tEXt", b"zTXt"})
    profiles = (
        (kind, m[1], text) for kind, key, _, text in parts if (m := _RAW_PROFILE.match(key))
    )
    for kind, name, text in islice(profiles, MAX_TEXTS):
        lines = (inflate(text[1:]) if kind == b"zTXt" else text).split(maxsplit=2)
        try:
            yield name, bytes.fromhex(lines[2].decode("ascii"))
        except (IndexError, ValueError):
            continue
