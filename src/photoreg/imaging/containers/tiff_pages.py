"""The pages of a TIFF file (TIFF 6.0) and the coded image data of each."""

import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED
from photoreg.imaging.metadata import tiff

# The tags that determine how image data are decoded; offsets are not among them.
_DECODING_TAGS: Final = (
    *(256, 257, 258, 259, 262, 266, 277, 278, 284, 292, 293),
    *(317, 320, 322, 323, 332, 338, 339, 347, 529, 530, 531, 532),
)
_NEW_SUBFILE_TYPE: Final = 254
_SUBFILE_TYPE: Final = 255
_REDUCED_RESOLUTION: Final = 2  # of SUBFILE_TYPE; of NEW_SUBFILE_TYPE it is the first bit
_SUB_DIRECTORIES: Final = 330
_STRIPS: Final = (273, 279)
_TILES: Final = (324, 325)
_OLD_JPEG: Final = (513, 514)
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_SAMPLES, _ROWS_PER_STRIP, _PLANAR = 277, 278, 284
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_INTERPRETED_TAGS: Final = frozenset(
    {*_STRIPS, *_TILES, *_OLD_JPEG, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC}
    | {_SAMPLES, _ROWS_PER_STRIP, _PLANAR, _TILE_WIDTH, _TILE_HEIGHT}
)
_PLAIN: Final = frozenset({1, 3, 4})  # BYTE, SHORT, LONG
_PLANAR_SEPARATE: Final = 2  # of PLANAR
_YCBCR: Final = 6  # of PHOTOMETRIC
_NUMBERS: Final = {1: "B", 3: "H", 4: "I", 5: "I", 13: "I"}
_MAX_SUB_DIRECTORIES: Final = 100


def coded_pages(data: bytes, file: str) -> Iterator[Sequence[bytes]]:
    """Yield the data of every page with the tags that affect decoding.

    Yields the whole file where programs could disagree about which data are displayed. Raises
    PhotoFileError, with `file` as the name, when the IFDs are damaged.
    """
    try:
        pages = list(_pages(data))
    except tiff.TiffError as error:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file) from error
    room = 2 * len(data)  # pages may share data, within limits
    for page in pages:
        room -= sum(size for _, size in page.extents)
        if room < 0:
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)
        if page.is_unclear:
            yield (data,)
            return
        for tag in _DECODING_TAGS:
            if tag in page.tags:
                yield struct.pack(">H", tag), page.comparable(tag)
        for start, size in page.extents:
            yield (data[start : start + size],)


class TiffPage:
    """An IFD of a TIFF file, whose values are read with bounds checks."""

    def __init__(self, data: bytes, directory: tiff.TiffDirectory, order: str) -> None:
        self._data, self._order = data, order
        self.tags = {row.tag: row for row in directory.rows}
        self._has_duplicates = len(self.tags) < len(directory.rows)

    def _raw(self, tag: int) -> tuple[int, bytes]:
        row = self.tags.get(tag)
        if row is None:
            return 0, b""
        if row.size <= len(row.value):
            return row.kind, row.value[: row.size]
        start: int = struct.unpack(f"{self._order}I", row.value)[0]
        return row.kind, self._data[start : start + row.size]

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return the integers of a tag; none if it is absent or of another type."""
        kind, raw = self._raw(tag)
        letter = _NUMBERS.get(kind)
        if letter is None:
            return ()
        count = len(raw) // struct.calcsize(letter)
        return struct.unpack_from(f"{self._order}{count}{letter}", raw)

    def comparable(self, tag: int) -> bytes:
        """Return a value independently of byte order and integer width."""
        kind, raw = self._raw(tag)
        if kind not in _NUMBERS:
            return raw
        numbers = self.numbers(tag)
        return struct.pack(f">{len(numbers)}I", *numbers)

    @property
    def places(self) -> tuple[int, int] | None:
        """The tags that hold the offsets and lengths of its data."""
        return next((tags for tags in (_STRIPS, _TILES, _OLD_JPEG) if tags[0] in self.tags), None)

    @property
    def extents(self) -> list[tuple[int, int]]:
        """The offset and length of each strip or tile."""
        starts, sizes = (self.numbers(tag) for tag in self.places or _STRIPS)
        return list(zip(starts, sizes, strict=False))

    @property
    def is_unclear(self) -> bool:
        """Whether programs could display other data than those that its tags point to.

        This is so when a tag is duplicated, when there are data of several kinds, when lengths are
        missing, zero or past the end, when numbers have an unexpected type, and when uncompressed
        data are longer than their declared length, because many programs compute that length.
        """
        kinds = sum(tags[0] in self.tags for tags in (_STRIPS, _TILES, _OLD_JPEG))
        if self.places is None or self._has_duplicates or kinds > 1:
            return True
        starts, sizes = (self.numbers(tag) for tag in self.places)
        if not starts or len(starts) != len(sizes) or not self._is_readable:
            return True
        if any(not size or start + size > len(self._data) for start, size in self.extents):
            return True
        return self._number(_COMPRESSION, 1) == 1 and self._is_short(sizes)

    @property
    def _is_readable(self) -> bool:
        """Whether all tags used in this check hold unsigned integers."""
        rows = (row for tag, row in self.tags.items() if tag in _INTERPRETED_TAGS)
        return all(row.kind in _PLAIN and self.numbers(row.tag) for row in rows)

    def _is_short(self, sizes: Sequence[int]) -> bool:
        """Whether the declared lengths of uncompressed data are too short for the pixels."""
        if self._number(_PHOTOMETRIC, 0) == _YCBCR:  # the length depends on the subsampling
            return True
        width, height = self._number(_WIDTH, 0), self._number(_HEIGHT, 0)
        rows = min(self._number(_ROWS_PER_STRIP, height), height)
        if self.places == _TILES:
            width, rows = self._number(_TILE_WIDTH, 0), self._number(_TILE_HEIGHT, 0)
            height = rows * len(sizes)
        samples, bits = self._number(_SAMPLES, 1), max(self.numbers(_BITS) or (1,))
        is_planar = self._number(_PLANAR, 1) == _PLANAR_SEPARATE
        row = (width * bits * (1 if is_planar else samples) + 7) // 8
        planes = samples if is_planar else 1
        if not rows or not row or not planes:
            return True
        if self.places == _TILES:
            return any(size < row * rows for size in sizes)
        strips = -(-height // rows)
        if len(sizes) != strips * planes:
            return True
        last = height - rows * (strips - 1)
        return any(
            size < row * (last if index % strips == strips - 1 else rows)
            for index, size in enumerate(sizes)
        )

    def _number(self, tag: int, otherwise: int) -> int:
        return next(iter(self.numbers(tag)), otherwise)

    @property
    def is_preview(self) -> bool:
        """Whether it is a reduced version of another page (NewSubfileType, SubfileType)."""
        new, old = self.numbers(_NEW_SUBFILE_TYPE), self.numbers(_SUBFILE_TYPE)
        return bool(new and new[0] & 1) or bool(old and old[0] == _REDUCED_RESOLUTION)


def _pages(data: bytes) -> Iterator[TiffPage]:
    """Yield the pages that hold a picture, and always the first, because programs display it."""
    order = tiff.byte_order(data)
    chain = [TiffPage(data, directory, order) for directory in tiff.directories(data)]
    yield from chain[:1]
    for first in chain:
        for page in (first, *_sub_pages(data, first, order)):
            if page is not chain[0] and page.places in {_STRIPS, _TILES} and not page.is_preview:
                yield page


def _sub_pages(data: bytes, page: TiffPage, order: str) -> Iterator[TiffPage]:
    """Yield the SubIFDs of a page; raw files store the main picture in one of them."""
    for place in page.numbers(_SUB_DIRECTORIES)[:_MAX_SUB_DIRECTORIES]:
        with suppress(tiff.TiffError):
            yield TiffPage(data, tiff.directory_at(data, place, order), order)
