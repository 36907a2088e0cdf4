"""Decode images with Pillow; every failure is raised as PhotoFileError."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from PIL import Image

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import CONTAINERS
from photoreg.imaging.containers.formats import COPY_AGAIN, DAMAGED, PhotoFormat, too_many_pixels
from photoreg.imaging.metadata.file_parts import divided
from photoreg.texts import N_

DECODED_UPRIGHT: Final = frozenset(
    container.pillow_name for container in CONTAINERS.values() if container.is_decoded_upright
)
"""Formats, by Pillow's names, whose decoder applies the orientation itself."""

_LARGE_PIXELS: Final = 20_000_000
_PIXELS_PER_BYTE: Final = 150
"""A bound that no photo reaches: strong compression gives 10 to 50, a single colour 170."""

TRANSPOSED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The transformation that makes an image upright, by Exif orientation (CIPA DC-008, 4.6.4)."""


@contextmanager
def open_image(data: bytes, kind: PhotoFormat, file: str) -> Iterator[Image.Image]:
    """Open the image in a file without loading it; `file` is its name for error messages.

    Raises PhotoFileError, also for failures inside the context, when the image is damaged or too
    large, or its decoder is not installed.
    """
    container = CONTAINERS[kind]
    container.require_decoder(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about oddities that do not affect pixels
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=[container.pillow_name]) as image:
                _refuse_bomb(image, len(data), file)
                yield image
    except PhotoFileError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(file) from error
    except Exception as error:  # a damaged image can raise anything
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file) from error


@contextmanager
def open_photo(data: bytes, file: str) -> Iterator[Image.Image]:
    """Open the image in a photo of any format; raises as `open_image`, and when it is no photo."""
    photo = divided(data, file)
    photo.container.check_before_decoding(photo)
    with open_image(data, photo.container.format, file) as image:
        yield image


def upright(image: Image.Image, kind: PhotoFormat, orientation: int) -> Image.Image:
    """Return the image upright; `orientation` is the Exif value, 1 to 8."""
    turn = TRANSPOSED.get(orientation)
    if turn is None or CONTAINERS[kind].is_decoded_upright:
        return image
    return image.transpose(turn)


def _refuse_bomb(image: Image.Image, size: int, file: str) -> None:
    """Raise PhotoFileError for a small file that decodes to a gigabyte; bilevel pages may."""
    pixels = image.width * image.height
    if image.mode != "1" and pixels > _LARGE_PIXELS and pixels > _PIXELS_PER_BYTE * size:
        raise PhotoFileError(
            N_("{file}: it claims {millions} million pixels, too many for a file of this size"),
            N_("Save a smaller copy of the photo and use that."),
            file=file,
            millions=pixels // 10**6,
        )
