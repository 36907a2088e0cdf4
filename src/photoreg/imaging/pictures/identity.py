"""Compute the file hash and the picture hash, which identify files and pictures.

The file hash covers every byte. The picture hash covers only the coded image, without decoding it:
editing, removing or reordering metadata does not change it; a crop, a blur or recompression does.
It covers:

- JPEG: tables, frame headers, scans with their data, and the colour transform of the Adobe
  segment, without which the same data decode to other colours;
- PNG: header, palette, transparency, image data and animation frames, however the data are split
  into chunks;
- WebP: image, alpha and frames; for an animation also the canvas size;
- TIFF: the strips or tiles of every page, with the tags that affect decoding, but no previews
  after the first page. Where programs could disagree about which data are displayed, because tags
  are duplicated or do not fit the data, it covers the whole file;
- HEIC and AVIF: every coded picture, tile and alpha plane, the properties that affect decoding,
  the primary item and the references for derived images.

ICC profiles, resolution and the Exif orientation are left out, because services and programs
remove or change them without touching pixels; so are further images and videos after a JPEG, which
publishable copies do not keep, and all texts.
"""

import hashlib
from typing import Any

from photoreg.imaging.containers.container import PhotoFile


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of a file's whole content, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def picture_hash(file: PhotoFile[Any]) -> str:
    """Return the SHA-256 of a file's image data, as 64 lower-case hexadecimal digits.

    Each part is hashed with its length, so that different sequences of parts cannot collide.
    Raises PhotoFileError when the container is damaged.
    """
    digest = hashlib.sha256(file.container.format.encode())
    for pieces in file.container.coded_image(file):
        digest.update(sum(map(len, pieces)).to_bytes(8, "big"))
        for piece in pieces:
            digest.update(piece)
    return digest.hexdigest()


def shows_the_same(one: PhotoFile[Any], other: PhotoFile[Any]) -> bool:
    """Whether two files have the same picture hash.

    Comparing the data is ten times as fast as hashing and is tried first; it succeeds where both
    are split into the same pieces, as a copy and its original are.
    """
    if one.container is not other.container:
        return False
    first, second = ([tuple(p) for p in f.container.coded_image(f)] for f in (one, other))
    return first == second or picture_hash(one) == picture_hash(other)
