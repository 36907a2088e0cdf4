"""Replace parts of a text or a file at once and keep every byte between them."""

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """What comes in the place of the bytes from `start` to `end`, of which there may be none."""

    start: int
    end: int
    new: bytes


def apply_splices(data: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the data with parts replaced; of several new ones at one place the order is kept."""
    pieces: list[bytes | memoryview] = []
    place, whole = 0, memoryview(data)
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        pieces += [whole[place : splice.start], splice.new]
        place = splice.end
    return b"".join([*pieces, whole[place:]])
