"""Apply several replacements to a byte string at once."""

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """A replacement of the bytes from `start` to `end`; an insertion if both are equal."""

    start: int
    end: int
    new: bytes


def apply_splices(data: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the data with the splices applied; insertions at one offset stay in order."""
    pieces: list[bytes | memoryview] = []
    place, whole = 0, memoryview(data)
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        pieces += [whole[place : splice.start], splice.new]
        place = splice.end
    return b"".join([*pieces, whole[place:]])
