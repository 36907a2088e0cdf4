"""Sidecars (ISO 16684-1, 7.6): files beside a HEIC or AVIF photo that hold its XMP packet.

Nothing at hand changes such a photo safely, so that its rights are written beside it: for
`IMG_1.HEIC` into `IMG_1.HEIC.xmp`, or into `IMG_1.xmp` if that is there already, as Adobe's
programs name it. When the photo is read, its sidecar is read first, and what it says counts before
the XMP in the photo itself.
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
    """Return the sidecar of a photo, or where a new one would be."""
    own = path.with_name(f"{path.name}.xmp")
    shared = path.with_suffix(".xmp")
    return shared if not own.exists() and shared.exists() else own


def sidecar_packet(path: Path) -> bytes:
    """Return the packet in the sidecar of a photo; empty if it has none.

    Raises PhotoFileError when the sidecar is there and cannot be read, or is too large.
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
    """Return the blocks of a photo with the packet of its sidecar before its own."""
    return replace(blocks, xmp=(packet, *blocks.xmp)) if packet else blocks


def read_with_sidecar(path: Path) -> Metadata:
    """Read the metadata of a photo's file and of its sidecar; the image is not decoded.

    Raises PhotoFileError as `read_metadata` does.
    """
    return parse_metadata(blocks_with_sidecar(divided(read_bytes(path), path.name), path))


def blocks_with_sidecar(file: PhotoFile[Any], path: Path) -> Blocks:
    """Return the blocks of a photo, and those of its sidecar where its format has one."""
    blocks = file.blocks
    return with_sidecar(blocks, sidecar_packet(path)) if file.container.rights_go_beside else blocks
