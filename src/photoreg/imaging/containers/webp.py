"""Parse the chunks of a WebP file (RFC 9649) without decoding the image."""

import struct
from dataclasses import dataclass, field
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED

MAX_CHUNKS: Final = 100_000
HAS_EXIF: Final = 0x08
HAS_XMP: Final = 0x04
HAS_ALPHA: Final = 0x10
_FIRST_CHUNK_OFFSET: Final = 12
_METADATA_CHUNKS: Final = frozenset({b"EXIF", b"XMP ", b"C2PA"})


@dataclass(frozen=True, slots=True)
class WebpChunk:
    """A chunk: its type, its data, and its offset in the file."""

    kind: bytes
    data: bytes
    place: int = field(default=0, compare=False)

    @property
    def is_image(self) -> bool:
        """Whether a decoder may need the chunk; VP8X is excluded, as its flags cover metadata."""
        return self.kind not in _METADATA_CHUNKS | {b"VP8X"}

    def to_bytes(self) -> bytes:
        """Return the encoded chunk."""
        return self.kind + struct.pack("<I", len(self.data)) + self.data + bytes(len(self.data) % 2)


def split_webp(data: bytes, file: str) -> tuple[list[WebpChunk], bytes]:
    """Return the chunks of a WebP file, and the data after the RIFF container."""
    end = 8 + int.from_bytes(data[4:8], "little")
    chunks: list[WebpChunk] = []
    place = _FIRST_CHUNK_OFFSET
    while place + 8 <= min(end, len(data)):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        after = place + 8 + size
        if after > min(end, len(data)) or len(chunks) == MAX_CHUNKS:
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
        chunks.append(WebpChunk(data[place : place + 4], data[place + 8 : after], place))
        place = after + size % 2
    if not chunks or end > len(data) + 1:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
    return chunks, data[end:]


def exif_block(chunks: list[WebpChunk]) -> bytes:
    """Return the Exif block, without the JPEG signature that some programs put before it."""
    blocks = (chunk.data for chunk in chunks if chunk.kind == b"EXIF")
    return next(blocks, b"").removeprefix(b"Exif\0\0")


def xmp_packets(chunks: list[WebpChunk]) -> list[bytes]:
    """Return the XMP packets."""
    return [chunk.data for chunk in chunks if chunk.kind == b"XMP "]


def join_webp(chunks: list[WebpChunk], trailer: bytes) -> bytes:
    """Return the encoded file."""
    body = b"WEBP" + b"".join(chunk.to_bytes() for chunk in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + trailer


def extended_header(chunks: list[WebpChunk]) -> WebpChunk | None:
    """Return the VP8X chunk that a simple file needs for metadata; None for an unknown image."""
    first = chunks[0]
    if first.kind == b"VP8 " and first.data[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", first.data.ljust(10, b"\0"), 6)
        width, height = width & 0x3FFF, height & 0x3FFF
        return _extended_header(0, width, height) if width and height else None
    if first.kind == b"VP8L" and first.data[:1] == b"\x2f":
        bits = int.from_bytes(first.data[1:5], "little")
        alpha = HAS_ALPHA if bits >> 28 & 1 else 0
        return _extended_header(alpha, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return None


def canvas_size(header: WebpChunk) -> tuple[int, int]:
    """Return width and height in pixels, from the VP8X chunk."""
    sides = header.data[4:7], header.data[7:10]
    width, height = (int.from_bytes(side, "little") + 1 for side in sides)
    return width, height


def _extended_header(flags: int, width: int, height: int) -> WebpChunk:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return WebpChunk(b"VP8X", bytes([flags, 0, 0, 0]) + size)
