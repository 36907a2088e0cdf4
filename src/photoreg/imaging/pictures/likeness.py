"""The perceptual hash PDQ: 256 bits that survive resizing and compression.

PDQ (Meta, ThreatExchange, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
algorithm", 2019) blurs the luminance of a picture and samples it at 64 × 64 points, takes the
lowest 16 × 16 coefficients of a cosine transform without its constant term, and sets a bit for
each coefficient above the median. Pictures are compared by Hamming distance; unrelated ones differ
in about 128 bits. The quality (0 to 100) measures the detail: below `MIN_QUALITY` the bits are
noise, as in a picture of fog or a blank page.

The steps follow the published reference, whose values the tests check. Only pictures larger than
`REDUCED_SIDE` pixels are reduced first, which the paper allows and which saves most of the time.
"""

import math
import os
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any, Final, NamedTuple

from PIL import Image

from photoreg.imaging.pictures.decoding import DECODED_UPRIGHT, TRANSPOSED

MAX_DISTANCE: Final = 31
"""The largest distance of near-duplicates in bits, as the authors recommend."""

MIN_QUALITY: Final = 50
"""The quality below which a picture has too little detail to compare, as the authors advise."""

REDUCED_SIDE: Final = 256
"""The least number of pixels to which a longer side is reduced before hashing."""

MAX_EDGE_SHIFT: Final = 0.06
"""How far an edge is moved in the search for crops, as a fraction of the side."""

_STEPS: Final = 3
_REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "F"})
_POINTS: Final = 64
_FREQUENCIES: Final = 16
_QUALITY_SCALE: Final = 90


class Likeness(NamedTuple):
    """A perceptual hash: 32 bytes of PDQ, and the quality, 0 to 100."""

    pdq: bytes
    quality: int

    @property
    def is_comparable(self) -> bool:
        """Whether there is enough detail for a meaningful comparison."""
        return self.quality >= MIN_QUALITY

    def distance(self, pdq: bytes) -> int:
        """Return the Hamming distance to another picture, 0 to 256."""
        return (int.from_bytes(self.pdq, "big") ^ int.from_bytes(pdq, "big")).bit_count()


# Must be set before numpy is imported. Threads do not speed up products of such small matrices,
# and several registering processes would compete for the cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def request_draft(image: Image.Image) -> None:
    """Configure a JPEG, before loading, to decode no more than its likeness needs."""
    image.draft("L", (REDUCED_SIDE, REDUCED_SIDE))


def compute_likeness(image: Image.Image, orientation: int | None = None) -> Likeness:
    """Return the likeness of an open image, loaded or not.

    `orientation` is the Exif tag; the upright picture is hashed.
    """
    return inspect_image(image, orientation).likeness


@dataclass(frozen=True)
class ReducedPicture:
    """A picture's likeness, and its reduced, upright luminance."""

    likeness: Likeness
    luma: Any

    def distance_if_cropped(self, pdq: bytes) -> int:
        """Return the least distance to another picture after small crops or extensions.

        PDQ does not survive crops of more than about two percent. So each edge is moved outwards
        and inwards by up to `MAX_EDGE_SHIFT` of the side, repeating the outermost points, first
        for one pair of opposite edges, then for the other, twice.
        """
        rows, columns = self.luma.shape
        wanted = int.from_bytes(pdq, "big")
        frame: dict[int, tuple[int, int]] = {0: (0, 0), 1: (0, 0)}
        least = self.likeness.distance(pdq)
        for axis in (1, 0, 1, 0):
            fixed = _sampling_matrix((columns, rows)[axis], *frame[1 - axis])
            sampled = self.luma @ fixed.T if axis == 0 else (fixed @ self.luma).T
            length = (rows, columns)[axis]
            steps = [
                round(length * MAX_EDGE_SHIFT * step / _STEPS)
                for step in range(-_STEPS, _STEPS + 1)
            ]
            for edges in product(steps, steps):
                points = _sampling_matrix(length, *edges) @ sampled
                bits = _hash_bits(points if axis == 0 else points.T)
                distance = (int.from_bytes(bits, "big") ^ wanted).bit_count()
                if distance < least:
                    least, frame[axis] = distance, edges
        return least


def inspect_image(image: Image.Image, orientation: int | None = None) -> ReducedPicture:
    """Return the likeness of an open image with the reduced picture it was computed from."""
    import numpy as np  # noqa: PLC0415 - most commands do not need it

    if image.format in DECODED_UPRIGHT:
        image.load()
        orientation = None
    grey = _reduced(_luminance(_reduced(image)))
    if orientation in TRANSPOSED:
        grey = grey.transpose(TRANSPOSED[orientation])
    luma = np.asarray(grey, dtype=np.float32)
    points = _sampling_matrix(grey.height) @ luma @ _sampling_matrix(grey.width).T
    return ReducedPicture(Likeness(_hash_bits(points), _quality(points)), luma)


def _reduced(image: Image.Image) -> Image.Image:
    """Reduce an image to about `REDUCED_SIDE` pixels a side, unless it has a palette."""
    times = max(image.width // REDUCED_SIDE, 1), max(image.height // REDUCED_SIDE, 1)
    return image.reduce(times) if times != (1, 1) and image.mode in _REDUCIBLE else image


def _luminance(image: Image.Image) -> Image.Image:
    """Return the luminance of an image, composited on white, as web pages display it."""
    if image.mode.startswith("I;16"):  # Pillow would clip values above 255
        return image.point(lambda value: value * (1 / 257), "F")
    if "A" in image.getbands() or "transparency" in image.info:
        above = image.convert("RGBA")
        image = Image.new("RGBA", above.size, "white")
        image.alpha_composite(above)
    return image.convert("L")


@lru_cache(maxsize=512)
def _sampling_matrix(length: int, before: int = 0, after: int = 0) -> Any:
    """Return the 64 × length matrix that blurs a row of points twice and samples 64 of them.

    Each blur averages over a window that is truncated at the ends, as in the reference. The row is
    extended by `before` and `after` points that repeat the outermost one; negative values crop it.
    """
    import numpy as np  # noqa: PLC0415

    whole = length + before + after
    window = (whole + 2 * _POINTS - 1) // (2 * _POINTS)
    left, right = window - (window + 2) // 2, (window + 2) // 2 - 1
    place = np.arange(whole)
    first, last = np.maximum(place - left, 0), np.minimum(place + right, whole - 1)
    # Row i of `blur` holds the weights of the points in the blurred point i.
    inside = (first[:, None] <= place) & (place <= last[:, None])
    blur = inside / inside.sum(axis=1, keepdims=True)
    chosen = ((np.arange(_POINTS) + 0.5) * whole / _POINTS).astype(np.int64)
    weights = (blur[chosen] @ blur).T
    folded = np.zeros((length, _POINTS))
    np.add.at(folded, np.clip(place - before, 0, length - 1), weights)
    return folded.T.astype(np.float32)


@cache
def _dct_matrix() -> Any:
    """Return the cosine transform matrix for 64 points: frequencies 1 to 16."""
    import numpy as np  # noqa: PLC0415

    frequency = np.arange(1, _FREQUENCIES + 1)[:, None]
    point = np.arange(_POINTS)[None, :]
    return math.sqrt(2 / _POINTS) * np.cos(math.pi / 2 / _POINTS * frequency * (2 * point + 1))


def _hash_bits(points: Any) -> bytes:
    import numpy as np  # noqa: PLC0415

    coefficients = _dct_matrix() @ points @ _dct_matrix().T
    middle = coefficients.size // 2 - 1
    median = np.partition(coefficients.ravel(), middle)[middle]
    # In the reference the first coefficient is the least significant bit.
    return bytes(np.packbits((coefficients > median).ravel()[::-1]))


def _quality(points: Any) -> int:
    """Return the quality: the sum of gradients between neighbouring points, scaled to 0 to 100."""
    import numpy as np  # noqa: PLC0415

    steps = (np.diff(points, axis=axis) * (100 / 255) for axis in (0, 1))
    total = sum(int(np.abs(np.trunc(step)).sum()) for step in steps)
    return min(total // _QUALITY_SCALE, 100)
