"""Colour profiles (ICC.1:2022), as files hold them, and whether all their bytes are spoken for.

What a tag says is not judged: a profile has texts of its own, and tags of its maker.
"""

import struct
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.jpeg import APP2, Segment
from photoreg.imaging.containers.png import PngChunk, inflate
from photoreg.texts import N_

SEGMENT_SIGNATURE: Final = b"ICC_PROFILE\0"
"""So begin the segments of a JPEG that hold a profile; number and count follow (annex B.4)."""

MAX_TAGS: Final = 100
"""As many as Little CMS reads, which Pillow, browsers and image programs decode colours with."""

_HEADER_SIZE: Final = 128
_SIGNATURE: Final = slice(36, 40)
_RESERVED: Final = slice(100, 128)
_TAG: Final = struct.Struct(">4sII")  # signature, place, size
_PADDING: Final = 3  # bytes that fill up to four; in few profiles they are no zeros


def jpeg_profiles(segments: Iterable[Segment]) -> list[bytes]:
    """Return the profile that these segments hold; an empty one if their numbers are no row."""
    numbered = (s.payload for s in segments if s.marker == APP2)
    parts = sorted(p[len(SEGMENT_SIGNATURE) :] for p in numbered if p.startswith(SEGMENT_SIGNATURE))
    if not parts:
        return []
    is_row = all([*part[:2]] == [number, len(parts)] for number, part in enumerate(parts, 1))
    return [b"".join(part[2:] for part in parts) if is_row else b""]


def png_profiles(chunks: Iterable[PngChunk]) -> list[bytes]:
    """Return the first two profiles; an empty one if something follows in the same chunk."""
    packed = (chunk.data.partition(b"\0")[2] for chunk in chunks if chunk.kind == b"iCCP")
    return [inflate(p[1:], is_all=True) if p[:1] == b"\0" else b"" for p in islice(packed, 2)]


def are_valid(profiles: Sequence[bytes]) -> bool:
    """Whether a file holds one profile at most, and that is whole."""
    return len(profiles) <= 1 and all(map(is_valid, profiles))


def refuse_odd_profile(profiles: Sequence[bytes], file: str) -> None:
    """Refuse a profile that hides something; without it, other colours would be shown."""
    if not are_valid(profiles):
        raise PhotoFileError(
            N_("{file}: its colour profile is damaged or contains hidden data"),
            N_(
                "Make a smaller copy: its picture is coded anew. Or save the photo in an image "
                "program, in sRGB colours, and register that as a new photo."
            ),
            fields=("max_size",),
            file=file,
        )


def is_valid(profile: bytes) -> bool:
    """Whether a profile is as long as it says, and its header or a tag speaks for every byte.

    Tags may share their data; between and behind them are zeros, and three other bytes at most.
    """
    count = int.from_bytes(profile[_HEADER_SIZE : _HEADER_SIZE + 4], "big")
    first = _HEADER_SIZE + 4 + count * _TAG.size  # where data of tags may begin
    if (
        len(profile) != int.from_bytes(profile[:4], "big")
        or profile[_SIGNATURE] != b"acsp"
        or any(profile[_RESERVED])
        or not 0 < count <= MAX_TAGS
        or first > len(profile)
    ):
        return False
    unsaid, place = b"", first
    tags = _TAG.iter_unpack(profile[_HEADER_SIZE + 4 : first])
    for start, size in sorted((start, size) for _, start, size in tags):
        if start < first or start + size > len(profile):
            return False
        unsaid += profile[place:start]
        place = max(place, start + size)
    return len((unsaid + profile[place:]).replace(b"\0", b"")) <= _PADDING
