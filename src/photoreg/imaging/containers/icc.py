"""Extract ICC profiles (ICC.1:2022) and check that the header and tags account for every byte.

The content of tags is not checked: profiles contain texts and private tags of their maker.
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
"""The start of a JPEG segment with a profile; its number and the count follow (annex B.4)."""

MAX_TAGS: Final = 100
"""The limit of Little CMS, which Pillow, browsers and image programs use."""

_HEADER_SIZE: Final = 128
_SIGNATURE: Final = slice(36, 40)
_RESERVED: Final = slice(100, 128)
_TAG: Final = struct.Struct(">4sII")  # signature, offset, size
_PADDING: Final = 3  # bytes that align data to four; a few profiles pad with non-zero bytes


def jpeg_profiles(segments: Iterable[Segment]) -> list[bytes]:
    """Return the profile in these segments; an empty one if their numbers are not consecutive."""
    numbered = (s.payload for s in segments if s.marker == APP2)
    parts = sorted(p[len(SEGMENT_SIGNATURE) :] for p in numbered if p.startswith(SEGMENT_SIGNATURE))
    if not parts:
        return []
    is_complete = all([*part[:2]] == [number, len(parts)] for number, part in enumerate(parts, 1))
    return [b"".join(part[2:] for part in parts) if is_complete else b""]


def png_profiles(chunks: Iterable[PngChunk]) -> list[bytes]:
    """Return the first two profiles; an empty one if data follow it in its chunk."""
    packed = (chunk.data.partition(b"\0")[2] for chunk in chunks if chunk.kind == b"iCCP")
    return [inflate(p[1:], is_all=True) if p[:1] == b"\0" else b"" for p in islice(packed, 2)]


def are_valid(profiles: Sequence[bytes]) -> bool:
    """Whether there is at most one profile, and it is valid."""
    return len(profiles) <= 1 and all(map(is_valid, profiles))


def refuse_odd_profile(profiles: Sequence[bytes], file: str) -> None:
    """Raise PhotoFileError for an invalid profile; dropping it would change the colours."""
    if not are_valid(profiles):
        raise PhotoFileError(
            N_("{file}: its colour profile is damaged or contains hidden data"),
            N_(
                "Make a smaller copy: its picture is encoded again. Or save the photo in an image "
                "program, in sRGB colours, and register that as a new photo."
            ),
            fields=("max_size",),
            file=file,
        )


def is_valid(profile: bytes) -> bool:
    """Whether a profile has its declared length, and its header and tags account for every byte.

    Tags may share data; gaps hold zeros, and at most three other bytes in all.
    """
    count = int.from_bytes(profile[_HEADER_SIZE : _HEADER_SIZE + 4], "big")
    first = _HEADER_SIZE + 4 + count * _TAG.size  # the lowest offset of tag data
    if (
        len(profile) != int.from_bytes(profile[:4], "big")
        or profile[_SIGNATURE] != b"acsp"
        or any(profile[_RESERVED])
        or not 0 < count <= MAX_TAGS
        or first > len(profile)
    ):
        return False
    gaps, place = b"", first
    tags = _TAG.iter_unpack(profile[_HEADER_SIZE + 4 : first])
    for start, size in sorted((start, size) for _, start, size in tags):
        if start < first or start + size > len(profile):
            return False
        gaps += profile[place:start]
        place = max(place, start + size)
    return len((gaps + profile[place:]).replace(b"\0", b"")) <= _PADDING
