"""Sidecars (ISO 16684-1, 7.6): files beside a HEIC or AVIF photo that hold its XMP packet.

No bundled library changes such a photo safely, so its rights are written beside it: for
`IMG_1.HEIC` into `IMG_1.HEIC.xmp`, or into `IMG_1.xmp` if that exists already, the name that
Adobe programs use. The XMP in the sidecar takes precedence over the XMP in the photo.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import Blocks, Metadata, parse_metadata
from photoreg.imaging.metadata.xmp import MAX_PACKET
from photoreg.texts import N_


def sidecar_path(path: Path) -> Path:
    """Return the path of a photo's sidecar, existing or new."""
    own = path.with_name(f"{path.name}.xmp")
    shared = path.with_suffix(".xmp")
    return shared if not own.exists() and shared.exists() else own


def sidecar_packet(path: Path) -> bytes:
    """Return the XMP packet in a photo's sidecar; empty if there is no sidecar.

    Raises PhotoFileError when the sidecar cannot be read or is too large.
    """
    sidecar = sidecar_path(path)
    if not sidecar.exists():
        return b""
    packet = read_bytes(sidecar)
    if len(packet) > MAX_PACKET:
        raise PhotoFileError(
            N_("{file}: its XMP data is too large"),
            N_("Check that this file belongs to the photo."),
            file=sidecar.name,
        )
    return packet


def with_sidecar(blocks: Blocks, packet: bytes) -> Blocks:
    """Return the blocks with the sidecar's packet before the photo's own packets."""
    return replace(blocks, xmp=(packet, *blocks.xmp)) if packet else blocks


def read_with_sidecar(path: Path) -> Metadata:
    """Read the metadata of a photo file and its sidecar without decoding the image.

    Raises PhotoFileError as `read_metadata` does.
    """
    return parse_metadata(blocks_with_sidecar(divided(read_bytes(path), path.name), path))


def blocks_with_sidecar(file: PhotoFile[Any], path: Path) -> Blocks:
    """Return the blocks of a photo, with its sidecar's packet if its format uses sidecars."""
    blocks = file.blocks
    return with_sidecar(blocks, sidecar_packet(path)) if file.container.rights_go_beside else blocks
