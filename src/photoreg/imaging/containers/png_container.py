"""The PNG container (ISO/IEC 15948): locate, write and filter its metadata.

Exif is stored in eXIf (PNG 3rd edition, 11.3.3.4), XMP in iTXt (ISO 16684-3, 1.1.4), the ICC
profile in iCCP.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import icc, png
from photoreg.imaging.containers.container import CopyContainer, CopyTags, PhotoFile, odd_image
from photoreg.imaging.containers.formats import (
    COPY_AGAIN,
    DAMAGED,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    PhotoFormat,
    too_many_pixels,
)
from photoreg.imaging.containers.png import PngChunk
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import OwnRights, new_exif_block, with_exif
from photoreg.imaging.metadata.splicing import Splice, apply_splices
from photoreg.imaging.metadata.xmp_editing import edit_packet

PngParts = tuple[list[PngChunk], bytes]
"""The chunks, and the data after IEND."""

_END: Final = b"\0\0\0\0IEND\xae\x42\x60\x82"
_FRAMES: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})
_PICTURE: Final = _FRAMES | {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"CgBI"}
_ALLOWED: Final[dict[bytes, int]] = {
    b"IDAT": MAX_FILE_BYTES,
    b"iCCP": MAX_FILE_BYTES,
    b"IEND": 0,
    b"IHDR": 13,
    b"PLTE": 768,
    b"tRNS": 256,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"sBIT": 4,
    b"bKGD": 6,
    b"pHYs": 9,
    b"cICP": 4,
    b"mDCV": 24,
    b"cLLI": 8,
}
"""The chunks allowed in a copy, with the largest meaningful size of each in bytes."""

_FORBIDDEN_IN: Final = {b"PLTE": (b"\0", b"\4"), b"tRNS": (b"\4", b"\6")}
"""The colour types in which a chunk is not allowed (ISO/IEC 15948, 11.2.2 and 11.3.1)."""

_TRANSPARENCY_LENGTH: Final = {b"\0": 2, b"\2": 6}
"""The length of tRNS for greyscale and truecolour; with a palette it may vary."""


class PngContainer(CopyContainer[PngParts]):
    """The PNG container."""

    format: PhotoFormat = "PNG"
    pillow_name = "PNG"
    metadata_places = ("Exif", "XMP", "both also as ImageMagick writes them")
    standards = frozenset({Standard.XMP, Standard.EXIF})
    extension = ".png"

    def recognises(self, data: bytes) -> bool:
        """Whether the data begin with the PNG signature."""
        return data.startswith(png.SIGNATURE)

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: PngParts | None = None
    ) -> PngParts:
        """Parse the chunks."""
        del head_only, similar
        return png.split_png(data, name)

    def blocks(self, file: PhotoFile[PngParts]) -> Blocks:
        """Return the metadata blocks of the chunks."""
        chunks, _ = file.parts
        has_credentials = any(chunk.kind == b"caBX" for chunk in chunks)
        packets = tuple(png.xmp_packets(chunks))
        return Blocks(png.exif_block(chunks), xmp=packets, has_credentials=has_credentials)

    def size(self, file: PhotoFile[PngParts]) -> tuple[int, int]:
        """Return width and height from IHDR."""
        return png.image_size(file.parts[0])

    def coded_image(self, file: PhotoFile[PngParts]) -> Iterator[Sequence[bytes]]:
        """Yield header, palette, transparency, image data and frames."""
        picture = (chunk for chunk in file.parts[0] if chunk.kind in _PICTURE)
        for kind, group in groupby(picture, lambda chunk: chunk.kind):
            yield (kind,)
            if kind == b"IDAT":  # encoders may split one stream into any number of chunks
                yield [chunk.data for chunk in group]
            else:
                yield from ((chunk.data,) for chunk in group)

    def with_rights(self, file: PhotoFile[PngParts], rights: OwnRights) -> bytes:
        """Return the file with the rights in Exif and XMP."""
        chunks, _ = file.parts
        return apply_splices(
            file.data, [*_exif_splices(chunks, rights), *_xmp_splices(chunks, rights)]
        )

    def keeps_all_else(self, old: PhotoFile[PngParts], new: PhotoFile[PngParts]) -> bool:
        """Whether all other chunks and the trailing data are identical."""
        return _unchangeable(old) == _unchangeable(new)

    def check_before_decoding(self, file: PhotoFile[PngParts]) -> None:
        """Raise PhotoFileError for a file without IEND, which Pillow accepts."""
        if _END not in file.data:
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file.name)

    def is_animated(self, file: PhotoFile[PngParts]) -> bool:
        """Whether there are animation frames."""
        return any(chunk.kind in _FRAMES for chunk in file.parts[0])

    def publishable(self, file: PhotoFile[PngParts], rights: OwnRights, tags: CopyTags) -> bytes:
        """Return the allowed chunks with new metadata after IHDR."""
        chunks, _ = file.parts
        # An initial capital marks a critical chunk (5.4).
        if any(not _is_allowed(chunk) and chunk.kind[:1].isupper() for chunk in chunks):
            raise odd_image(file.name)
        width, height = png.image_size(chunks)
        if width * height > MAX_PIXELS:
            raise too_many_pixels(file.name)
        profiles = icc.png_profiles(chunks)
        icc.refuse_odd_profile(profiles, file.name)
        if not _is_orderly(chunks) or not png.holds_only_pixels(chunks):
            raise odd_image(file.name)
        block = tags.block(rights, (width, height), has_profile=bool(profiles))
        fresh = [PngChunk(b"eXIf", block)] if block else []
        if rights.values():
            fresh.append(png.xmp_chunk(edit_packet(b"", rights.values())))
        allowed = [_without_name(chunk) for chunk in chunks[1:] if _is_allowed(chunk)]
        new_chunks = (chunks[0], *fresh, *allowed)
        return png.SIGNATURE + b"".join(chunk.to_bytes() for chunk in new_chunks)

    def holds_more(self, file: PhotoFile[PngParts]) -> bool:
        """Whether there is more than the allowed chunks and one of each new metadata block."""
        chunks, after = file.parts
        kinds = [chunk.kind for chunk in chunks if not _is_allowed(chunk)]
        return (
            bool(after)
            or not icc.are_valid(icc.png_profiles(chunks))
            or not _is_orderly(chunks)
            or not {*kinds} <= {b"eXIf", b"iTXt"}
            or len(kinds) > len({*kinds})
        )

    def encoder_options(self, original: bytes, quality: int) -> Mapping[str, Any]:
        """Return no options: PNG is lossless."""
        del original, quality
        return {}


PNG: Final = PngContainer()


def _unchangeable(file: PhotoFile[PngParts]) -> object:
    """Return everything that a metadata change must not touch."""
    chunks, rest = file.parts
    return [c for c in chunks if c.kind != b"eXIf" and png.xmp_text(c) is None], rest


def _exif_splices(chunks: list[PngChunk], rights: OwnRights) -> list[Splice]:
    old = png.exif_block(chunks)
    if old:
        block = with_exif(old, rights)
    else:
        is_srgb = not any(chunk.kind == b"iCCP" for chunk in chunks)
        block = new_exif_block(rights, png.image_size(chunks), is_srgb=is_srgb)
    if block == old:
        return []
    present = next((chunk for chunk in chunks if chunk.kind == b"eXIf"), None)
    return [Splice(*_span(present, chunks), PngChunk(b"eXIf", block).to_bytes())]


def _xmp_splices(chunks: list[PngChunk], rights: OwnRights) -> list[Splice]:
    packet = next(iter(png.xmp_packets(chunks)), b"")
    new = edit_packet(packet, rights.values())
    if new == packet:
        return []
    present = next((chunk for chunk in chunks if png.xmp_text(chunk) is not None), None)
    return [Splice(*_span(present, chunks), png.xmp_chunk(new).to_bytes())]


def _span(present: PngChunk | None, chunks: Sequence[PngChunk]) -> tuple[int, int]:
    """Return the range that a new chunk replaces: the present chunk, or nothing after IHDR."""
    return (present.place, present.end) if present else (chunks[0].end, chunks[0].end)


def _is_allowed(chunk: PngChunk) -> bool:
    return len(chunk.data) <= _ALLOWED.get(chunk.kind, -1)


def _is_orderly(chunks: Iterable[PngChunk]) -> bool:
    """Whether allowed chunks fit the colour type and occur once, with IDAT chunks consecutive."""
    allowed = [chunk for chunk in chunks if _is_allowed(chunk)]
    kinds = [kind for kind, _ in groupby(chunk.kind for chunk in allowed)]
    single = [chunk for chunk in allowed if chunk.kind != b"IDAT"]
    colour_type = allowed[0].data[9:10] if allowed else b""
    return (
        len({*kinds}) == len(kinds) == len(single) + (b"IDAT" in kinds)
        and not any(colour_type in _FORBIDDEN_IN.get(kind, ()) for kind in kinds)
        and all(
            len(chunk.data) == _TRANSPARENCY_LENGTH.get(colour_type, len(chunk.data))
            for chunk in allowed
            if chunk.kind == b"tRNS"
        )
    )


def _without_name(chunk: PngChunk) -> PngChunk:
    """Return the chunk, with the profile name of iCCP replaced by a neutral one."""
    if chunk.kind != b"iCCP":
        return chunk
    _, end, profile = chunk.data.partition(b"\0")
    return PngChunk(b"iCCP", b"ICC" + end + profile)
