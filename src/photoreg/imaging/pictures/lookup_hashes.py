"""The hashes by which a picture from anywhere is looked up among the registered photos."""

from dataclasses import dataclass
from pathlib import Path

from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import metadata_of
from photoreg.imaging.pictures.decoding import opened
from photoreg.imaging.pictures.identity import file_hash, picture_hash
from photoreg.imaging.pictures.likeness import ReducedPicture, draft, look


@dataclass(frozen=True, slots=True)
class LookupHashes:
    """A picture's file hash and picture hash, and the picture reduced for its likeness."""

    sha256: str
    picture_sha256: str
    reduced: ReducedPicture


def look_at(path: Path) -> LookupHashes:
    """Read a picture and compute the hashes that it is looked up by.

    Raises PhotoFileError when it cannot be read, is no photo, is too large, or is damaged.
    """
    file = divided(read_bytes(path), path.name)
    picture = picture_hash(file)
    orientation = metadata_of(file.blocks).orientation
    image = file.container.decodable(file, with_colours=False)
    with opened(image, file.container.format, path.name) as opened_image:
        draft(opened_image)
        return LookupHashes(file_hash(file.data), picture, look(opened_image, orientation))
