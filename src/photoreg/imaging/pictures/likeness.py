"""How a picture looks, in 256 bits that survive resizing and compression: the hash PDQ.

PDQ (Meta, ThreatExchange, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
algorithm", 2019) blurs the brightness of a picture to 64 × 64 points, takes the lowest 16 × 16
waves of them (a cosine transform without its constant term), and keeps for each wave whether it is
stronger than the median. Two pictures are compared by the number of bits that differ; unrelated
ones differ in about 128. The quality (0 to 100) tells how much there is to see: below
`MIN_QUALITY` the bits are noise, as in a picture of fog or a blank page.

The steps are those of the published reference, whose values the tests hold; only what is larger
than `REDUCED_SIDE` pixels is made smaller first, which the paper allows and which saves most of
the time.
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
"""How many bits two pictures differ in at most to be called alike: the authors' own advice."""

MIN_QUALITY: Final = 50
"""The quality below which a picture has too little detail to be compared: the authors' advice."""

REDUCED_SIDE: Final = 256
"""To at least how many pixels a longer side is reduced before the picture is looked at."""

MAX_EDGE_SHIFT: Final = 0.06
"""How far an edge is moved when a crop is looked for, as a part of the side."""

_STEPS: Final = 3
_REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "F"})
_POINTS: Final = 64
_WAVES: Final = 16
_QUALITY_SCALE: Final = 90


class Likeness(NamedTuple):
    """How a picture looks: 32 bytes of PDQ, and how much there is to see, 0 to 100."""

    pdq: bytes
    quality: int

    @property
    def is_comparable(self) -> bool:
        """Whether there is enough detail for a comparison to mean anything."""
        return self.quality >= MIN_QUALITY

    def distance(self, pdq: bytes) -> int:
        """Return in how many of 256 bits another picture differs."""
        return (int.from_bytes(self.pdq, "big") ^ int.from_bytes(pdq, "big")).bit_count()


# Before numpy is imported: products of such small matrices are done before threads have started,
# and several processes that register photos would only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def request_draft(image: Image.Image) -> None:
    """Ask for no more of a JPEG than its likeness needs, before it is loaded."""
    image.draft("L", (REDUCED_SIDE, REDUCED_SIDE))


def compute_likeness(image: Image.Image, orientation: int | None = None) -> Likeness:
    """Return the likeness of an open image, loaded or not, of any size it may have.

    `orientation` is the Exif tag: the picture is looked at upright.
    """
    return inspect_image(image, orientation).likeness


@dataclass(frozen=True)
class ReducedPicture:
    """A picture's likeness, and the small upright image of its brightness."""

    likeness: Likeness
    luma: Any

    def distance_if_cropped(self, pdq: bytes) -> int:
        """Return the least distance to another picture when the edges are moved a little.

        PDQ survives no crop of more than about two percent. So each edge is moved out and in by up
        to `MAX_EDGE_SHIFT` of the side (what is missing is filled with the outermost points), two
        opposite edges at a time, until nothing gets nearer.
        """
        rows, columns = self.luma.shape
        wanted = int.from_bytes(pdq, "big")
        frame: dict[int, tuple[int, int]] = {0: (0, 0), 1: (0, 0)}
        least = self.likeness.distance(pdq)
        for axis in (1, 0, 1, 0):
            kept = _sampling_matrix((columns, rows)[axis], *frame[1 - axis])
            seen = self.luma @ kept.T if axis == 0 else (kept @ self.luma).T
            length = (rows, columns)[axis]
            steps = [
                round(length * MAX_EDGE_SHIFT * step / _STEPS)
                for step in range(-_STEPS, _STEPS + 1)
            ]
            for edges in product(steps, steps):
                points = _sampling_matrix(length, *edges) @ seen
                bits = _hash_bits(points if axis == 0 else points.T)
                distance = (int.from_bytes(bits, "big") ^ wanted).bit_count()
                if distance < least:
                    least, frame[axis] = distance, edges
        return least


def inspect_image(image: Image.Image, orientation: int | None = None) -> ReducedPicture:
    """Return the likeness of an open image with the reduced picture that it was computed from."""
    import numpy as np  # noqa: PLC0415 - help and rules do without

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
    """Return an image of about `REDUCED_SIDE` pixels a side; one with a palette stays as it is."""
    times = max(image.width // REDUCED_SIDE, 1), max(image.height // REDUCED_SIDE, 1)
    return image.reduce(times) if times != (1, 1) and image.mode in _REDUCIBLE else image


def _luminance(image: Image.Image) -> Image.Image:
    """Return the brightness of an image; what is transparent lies on white, as pages show it."""
    if image.mode.startswith("I;16"):  # Pillow would cut off what is brighter than 255
        return image.point(lambda value: value * (1 / 257), "F")
    if "A" in image.getbands() or "transparency" in image.info:
        above = image.convert("RGBA")
        image = Image.new("RGBA", above.size, "white")
        image.alpha_composite(above)
    return image.convert("L")


@lru_cache(maxsize=512)
def _sampling_matrix(length: int, before: int = 0, after: int = 0) -> Any:
    """Return the 64 × length matrix that blurs a row of points twice and takes 64 of them.

    Each blur is the mean of a window that grows and shrinks at the ends, as in the reference. The
    row may be longer by `before` and `after` points, which repeat the outermost one, or shorter.
    """
    import numpy as np  # noqa: PLC0415

    whole = length + before + after
    window = (whole + 2 * _POINTS - 1) // (2 * _POINTS)
    left, right = window - (window + 2) // 2, (window + 2) // 2 - 1
    place = np.arange(whole)
    first, last = np.maximum(place - left, 0), np.minimum(place + right, whole - 1)
    # Row i of `blur` holds the weights with which the points mix into point i.
    inside = (first[:, None] <= place) & (place <= last[:, None])
    blur = inside / inside.sum(axis=1, keepdims=True)
    chosen = ((np.arange(_POINTS) + 0.5) * whole / _POINTS).astype(np.int64)
    weights = (blur[chosen] @ blur).T
    folded = np.zeros((length, _POINTS))
    np.add.at(folded, np.clip(place - before, 0, length - 1), weights)
    return folded.T.astype(np.float32)


@cache
def _dct_matrix() -> Any:
    """Return the waves 1 to 16 over 64 points, without the constant one."""
    import numpy as np  # noqa: PLC0415

    wave = np.arange(1, _WAVES + 1)[:, None]
    point = np.arange(_POINTS)[None, :]
    return math.sqrt(2 / _POINTS) * np.cos(math.pi / 2 / _POINTS * wave * (2 * point + 1))


def _hash_bits(points: Any) -> bytes:
    import numpy as np  # noqa: PLC0415

    waves = _dct_matrix() @ points @ _dct_matrix().T
    median = np.partition(waves.ravel(), _WAVES * _WAVES // 2 - 1)[_WAVES * _WAVES // 2 - 1]
    # The reference numbers bits from the last one: the first wave is the lowest bit.
    return bytes(np.packbits((waves > median).ravel()[::-1]))


def _quality(points: Any) -> int:
    """Return how much neighbouring points differ, 0 to 100."""
    import numpy as np  # noqa: PLC0415

    steps = (np.diff(points, axis=axis) * (100 / 255) for axis in (0, 1))
    total = sum(int(np.abs(np.trunc(step)).sum()) for step in steps)
    return min(total // _QUALITY_SCALE, 100)
