"""Detect a file's format by its first bytes, never by its name."""

from collections.abc import Mapping
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import Container
from photoreg.imaging.containers.formats import COPY_AGAIN, PhotoFormat
from photoreg.imaging.containers.heif_container import AVIF, HEIC
from photoreg.imaging.containers.jpeg_container import JPEG
from photoreg.imaging.containers.png_container import PNG
from photoreg.imaging.containers.tiff_container import TIFF
from photoreg.imaging.containers.webp_container import WEBP
from photoreg.texts import N_

CONTAINERS: Final[Mapping[PhotoFormat, Container[Any]]] = {
    container.format: container for container in (JPEG, PNG, TIFF, WEBP, HEIC, AVIF)
}
"""The container of each format."""

_BIG_TIFF_SIGNATURES: Final = (b"II+\0", b"MM\0+")


def detect_format(data: bytes, file: str) -> PhotoFormat:
    """Return the format of a photo's bytes; `file` is its name for the error message.

    Raises PhotoFileError when the data are empty or the format is not supported.
    """
    return container_of(data, file).format


def container_of(data: bytes, file: str) -> Container[Any]:
    """Return the container of a photo's format. Raises PhotoFileError as `detect_format` does."""
    if not data:
        raise PhotoFileError(N_("{file}: the file is empty"), COPY_AGAIN, file=file)
    for container in CONTAINERS.values():
        if container.recognises(data):
            return container
    if data.startswith(_BIG_TIFF_SIGNATURES):
        raise PhotoFileError(
            N_("{file}: large TIFF files (BigTIFF) are not supported"),
            N_("Save it as an ordinary TIFF or as JPEG in an image program."),
            file=file,
        )
    raise PhotoFileError(
        N_("{file}: this is not a photo (JPEG, PNG, TIFF, WebP, HEIC or AVIF)"),
        N_("Choose an image file. The name of a file does not make it an image."),
        file=file,
    )
