"""Parse a photo file once for everything that reads its parts."""

from typing import Any

from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.detection import container_of
from photoreg.imaging.metadata.reading import Metadata, parse_metadata


def divided(
    data: bytes, file: str, *, head_only: bool = False, similar: PhotoFile[Any] | None = None
) -> PhotoFile[Any]:
    """Return a file of any format, parsed when its parts are first used.

    `file` is its name for error messages. `similar` is a file that may hold the same image, which
    saves a second search. Raises PhotoFileError when the data are not a photo.
    """
    container = container_of(data, file)
    same = similar if similar is not None and similar.container is container else None
    return PhotoFile(data, file, container, head_only=head_only, similar=same)


def read_metadata(data: bytes, file: str = "") -> Metadata:
    """Read the metadata of a photo without decoding the image.

    Damaged values in a block are absent; `Metadata.damaged` lists damaged XMP and IPTC. Raises
    PhotoFileError when the data are not a photo or the container is damaged.
    """
    return parse_metadata(divided(data, file).blocks)
