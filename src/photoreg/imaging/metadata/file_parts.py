"""Divide a photo's file into its parts, once for everything that reads them."""

from typing import Any

from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.detection import container_of
from photoreg.imaging.metadata.reading import Metadata, parse_metadata


def divided(
    data: bytes, file: str, *, head_only: bool = False, similar: PhotoFile[Any] | None = None
) -> PhotoFile[Any]:
    """Return a file of whatever format, which is divided when its parts are first asked for.

    `file` is its name for error messages. `similar` is a file that may hold the same image, so that
    this one need not be searched through again. Raises PhotoFileError when the bytes are no photo.
    """
    container = container_of(data, file)
    same = similar if similar is not None and similar.container is container else None
    return PhotoFile(data, file, container, head_only=head_only, similar=same)


def read_metadata(data: bytes, file: str = "") -> Metadata:
    """Read the metadata of a photo from its bytes; the image is not decoded.

    Damage inside a block makes its values absent and is noted. Raises PhotoFileError when the
    bytes are no photo, or when the container is damaged, so that blocks cannot be found.
    """
    return parse_metadata(divided(data, file).blocks)
