"""The corner marks of a QR code that is too blurred for its reader to notice.

A second paper on a page must be noticed even then: the marks are large, and are recognised long
after the small squares between them have become one grey. Only the process that reads scanned
pages loads this.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, product
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

_Array = np.ndarray[Any, np.dtype[np.float64]]

MARKS_OF_A_CODE = 3
_MODULES = 25
"""How many squares a code of ours has from side to side; a mark has seven, and a white rim."""
_MARK = 9
_PIXELS = 2.0
"""How many pixels such a square has in the picture that is searched."""
_SIZES, _BLURS, _ANGLES = (0.75, 1.0, 1.35), (0.3, 0.9), (0.0, 22.5, 45.0)
_ALIKE = 0.76
"""From which correlation on it is a mark: those of blurred codes have 0.79 to 0.91; the third most
similar thing on forms that came back in any condition, and with ticks, has at most 0.71."""
_FAINT = 6.0
"""Paler patterns, in grey levels of 256, are the grain of the paper."""


def has_marks_elsewhere(page: Image.Image, codes: Iterable[tuple[complex, float]]) -> bool:
    """Return whether a grey page has the marks of another code than those that were read.

    Of each of these the middle and the diagonal are given, as parts of the width of the page.
    """
    read = list(codes)
    width = round(_PIXELS * _MODULES * 2**0.5 / read[0][1])
    size = width, round(page.height * width / page.width)
    likeness = _likeness(np.asarray(page.resize(size, Image.Resampling.BOX), dtype=np.float64))
    for middle, diagonal in read:
        _blank(likeness, middle * width, diagonal * width * 0.75)
    found = 0
    while found < MARKS_OF_A_CODE and likeness.max() >= _ALIKE:
        row, column = divmod(int(likeness.argmax()), likeness.shape[1])
        _blank(likeness, complex(column, row), _MARK * _PIXELS / 2)
        found += 1
    return found == MARKS_OF_A_CODE


def _blank(likeness: _Array, middle: complex, radius: float) -> None:
    """Leave out a circle."""
    rows, columns = np.ogrid[: likeness.shape[0], : likeness.shape[1]]
    likeness[(rows - middle.imag) ** 2 + (columns - middle.real) ** 2 <= radius**2] = 0


def _likeness(page: _Array) -> _Array:
    """Return for each pixel how much its surroundings look like a mark (correlation)."""
    page = page - page.mean()
    found = np.zeros(page.shape)
    spectrum = np.fft.rfft2(page)
    for side, marks in groupby(_marks(), len):
        if side > min(page.shape):
            continue
        sums = _sums(page, side)
        spread = _sums(page**2, side) - sums**2 / side**2
        length = np.sqrt(np.maximum(spread, (side * _FAINT) ** 2))
        here = found[side // 2 :, side // 2 :][: sums.shape[0], : sums.shape[1]]
        for mark in marks:
            product_of = np.fft.irfft2(
                spectrum * np.conj(np.fft.rfft2(mark, page.shape)), page.shape
            )
            np.maximum(here, product_of[: sums.shape[0], : sums.shape[1]] / length, out=here)
    return found


def _sums(values: _Array, side: int) -> _Array:
    """Return the sum of each square of this side."""
    up_to = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    rows: _Array = up_to[side:] - up_to[:-side]
    sums: _Array = rows[:, side:] - rows[:, :-side]
    return sums


@cache
def _marks() -> tuple[_Array, ...]:
    return tuple(_drawn_marks())


def _drawn_marks() -> Iterator[_Array]:
    """Yield a mark in each size, angle and blur, with mean 0 and length 1."""
    squares = np.full((13, 13), 255, dtype=np.uint8)
    for rim, grey in ((3, 0), (4, 255), (5, 0)):
        squares[rim:-rim, rim:-rim] = grey
    plain = Image.fromarray(squares).resize((13 * 8, 13 * 8), Image.Resampling.NEAREST)
    for size, blur, angle in product(_SIZES, _BLURS, _ANGLES):
        turned = plain.rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)
        smooth = turned.filter(ImageFilter.GaussianBlur(blur * 8)).crop((16, 16, 88, 88))
        side = round(_MARK * _PIXELS * size)
        mark = np.asarray(smooth.resize((side, side), Image.Resampling.BOX), dtype=np.float64)
        mark = mark - mark.mean()
        yield mark / np.sqrt((mark**2).sum())
