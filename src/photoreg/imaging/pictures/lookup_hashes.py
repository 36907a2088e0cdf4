"""The hashes by which any picture is looked up among the registered photos."""

from dataclasses import dataclass
from pathlib import Path

from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import parse_metadata
from photoreg.imaging.pictures.decoding import open_image
from photoreg.imaging.pictures.identity import file_hash, picture_hash
from photoreg.imaging.pictures.likeness import ReducedPicture, inspect_image, request_draft


@dataclass(frozen=True, slots=True)
class LookupHashes:
    """A picture's file hash and picture hash, and the picture reduced for its likeness."""

    sha256: str
    picture_sha256: str
    reduced: ReducedPicture


def inspect_picture(file_path: Path | str) -> LookupHashes:
    """Read a picture and compute its lookup hashes.

    Raises PhotoFileError when it cannot be read, is not a photo, is too large, or is damaged.
    """
    path = Path(file_path)
    file = divided(read_bytes(path), path.name)
    picture = picture_hash(file)
    orientation = parse_metadata(file.blocks).orientation
    image = file.container.decodable(file, with_colours=False)
    with open_image(image, file.container.format, path.name) as opened_image:
        request_draft(opened_image)
        return LookupHashes(file_hash(file.data), picture, inspect_image(opened_image, orientation))
