"""Looking at a picture that may come from anywhere, to find out which photo it is."""

from dataclasses import dataclass
from pathlib import Path

from photoreg.photos import jpeg
from photoreg.photos.decoding import opened
from photoreg.photos.formats import read_bytes, recognise
from photoreg.photos.identity import file_hash, jpeg_picture_hash, picture_hash
from photoreg.photos.likeness import ReducedPicture, draft, look
from photoreg.photos.metadata import read_metadata


@dataclass(frozen=True, slots=True)
class LookupHashes:
    """A picture: its two hashes, and how it looks."""

    sha256: str
    picture_sha256: str
    reduced: ReducedPicture


def look_at(path: Path) -> LookupHashes:
    """Read a picture and look at it upright.

    Raises PhotoFileError when it cannot be read, is no photo, is too large, or is damaged.
    """
    data = read_bytes(path)
    kind = recognise(data, path.name)
    image = data
    if kind == "JPEG":  # the decoder gets the image alone, as when a photo is registered
        parts = jpeg.split_jpeg(data, path.name)
        picture, image = jpeg_picture_hash(parts), jpeg.Jpeg(parts.image).to_bytes()
    else:
        picture = picture_hash(data, kind, path.name)
    orientation = read_metadata(data, path.name).orientation
    with opened(image, kind, path.name) as opened_image:
        draft(opened_image)
        return LookupHashes(file_hash(data), picture, look(opened_image, orientation))
