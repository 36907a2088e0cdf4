"""Compute the file hash and the picture hash, by which files and pictures are recognised.

The file hash covers every byte. The picture hash covers the coded image alone, without decoding
it, so that a file whose metadata were edited, taken away or put in another order keeps it, and a
crop, a blur or a new compression changes it. In it are:

- JPEG: tables, frame headers, scans with their data, and the colour transform of Adobe's marker,
  without which the same data show other colours;
- PNG: header, palette, transparency, image data and the frames of an animation; it does not matter
  into how many chunks the data are cut;
- WebP: image, transparency and frames; the size of the canvas if it is an animation;
- TIFF: the data of strips and tiles of every page, with the tags that say how to decode them;
  previews behind the first page are left out. Where programs could disagree about which data are
  shown, because tags are there twice or do not fit the data, it is the whole file;
- HEIC and AVIF: every coded picture, tile and transparency, with the settings of the decoder;
  which of them is shown, and how others are made of them.

Left out on purpose: colour profiles, resolution and the Exif orientation, which services and
programs take away or change without touching a pixel; further images and films behind a JPEG, of
which the copy for publication keeps none; and everything that is text.
"""

import hashlib
from typing import Any

from photoreg.imaging.containers.container import PhotoFile


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's whole content, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def picture_hash(file: PhotoFile[Any]) -> str:
    """Return the SHA-256 of a file's image data, as 64 lower-case hexadecimal digits.

    Nothing is decoded. The parts are hashed with their lengths, so that no two rows of parts read
    alike. Raises PhotoFileError when the container is damaged.
    """
    digest = hashlib.sha256(file.container.format.encode())
    for pieces in file.container.coded_image(file):
        digest.update(sum(map(len, pieces)).to_bytes(8, "big"))
        for piece in pieces:
            digest.update(piece)
    return digest.hexdigest()


def shows_the_same(one: PhotoFile[Any], other: PhotoFile[Any]) -> bool:
    """Whether two files at hand hold the same picture, as their picture hashes would say.

    Hashing both takes ten times as long as comparing them, which is enough where they are cut into
    the same pieces, as a copy and its original are.
    """
    if one.container is not other.container:
        return False
    first, second = ([tuple(p) for p in f.container.coded_image(f)] for f in (one, other))
    return first == second or picture_hash(one) == picture_hash(other)
