"""PNG files (ISO/IEC 15948): where their metadata stand, and what may be changed or published.

Exif stands in eXIf (PNG 3rd edition, 11.3.3.4), XMP in iTXt (ISO 16684-3, 1.1.4), the colour
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
"""The chunks, and what follows after IEND."""

_END: Final = b"\0\0\0\0IEND\xae\x42\x60\x82"
_FRAMES: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})
_PICTURE: Final = _FRAMES | {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"CgBI"}
_KEPT: Final[dict[bytes, int]] = {
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
"""The chunks that are kept in a copy, with the most bytes that each has a use for."""

_NEVER: Final = {b"PLTE": (b"\0", b"\4"), b"tRNS": (b"\4", b"\6")}
"""The kinds of colours that have no use for a chunk (ISO/IEC 15948, 11.2.2 and 11.3.1)."""

_CLEAR: Final = {b"\0": 2, b"\2": 6}
"""How many bytes of tRNS tell the transparent grey or colour; of a palette, one for each colour."""


class PngContainer(CopyContainer[PngParts]):
    """The container of PNG."""

    format: PhotoFormat = "PNG"
    pillow_name = "PNG"
    metadata_places = ("Exif", "XMP", "both also as ImageMagick writes them")
    standards = frozenset({Standard.XMP, Standard.EXIF})
    extension = ".png"

    def recognises(self, data: bytes) -> bool:
        """Whether a file begins with the signature."""
        return data.startswith(png.SIGNATURE)

    def divide(
        self, data: bytes, name: str, *, head_only: bool, alike: PngParts | None = None
    ) -> PngParts:
        """Divide a file into its chunks."""
        del head_only, alike
        return png.split_png(data, name)

    def blocks(self, file: PhotoFile[PngParts]) -> Blocks:
        """Find the metadata blocks in the chunks."""
        chunks, _ = file.parts
        has_credentials = any(chunk.kind == b"caBX" for chunk in chunks)
        packets = tuple(png.xmp_packets(chunks))
        return Blocks(png.exif_block(chunks), xmp=packets, has_credentials=has_credentials)

    def size(self, file: PhotoFile[PngParts]) -> tuple[int, int]:
        """Return width and height from the header."""
        return png.image_size(file.parts[0])

    def coded_image(self, file: PhotoFile[PngParts]) -> Iterator[Sequence[bytes]]:
        """Give header, palette, transparency, image data and frames."""
        kept = (chunk for chunk in file.parts[0] if chunk.kind in _PICTURE)
        for kind, row in groupby(kept, lambda chunk: chunk.kind):
            yield (kind,)
            if kind == b"IDAT":  # one image, cut into as many chunks as the writing program likes
                yield [chunk.data for chunk in row]
            else:
                yield from ((chunk.data,) for chunk in row)

    def with_rights(self, file: PhotoFile[PngParts], rights: OwnRights) -> bytes:
        """Return the file with the rights in Exif and XMP."""
        chunks, _ = file.parts
        return apply_splices(
            file.data, [*_exif_splices(chunks, rights), *_xmp_splices(chunks, rights)]
        )

    def keeps_all_else(self, old: PhotoFile[PngParts], new: PhotoFile[PngParts]) -> bool:
        """Whether every other chunk and what follows after them are the same."""
        return _unchangeable(old) == _unchangeable(new)

    def check_before_decoding(self, file: PhotoFile[PngParts]) -> None:
        """Refuse a file without its end, which Pillow lets pass."""
        if _END not in file.data:
            raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file.name)

    def is_animated(self, file: PhotoFile[PngParts]) -> bool:
        """Whether there are frames of an animation."""
        return any(chunk.kind in _FRAMES for chunk in file.parts[0])

    def publishable(self, file: PhotoFile[PngParts], rights: OwnRights, tags: CopyTags) -> bytes:
        """Return the allowed chunks with fresh metadata behind the header."""
        chunks, _ = file.parts
        # A capital letter marks a chunk without which the image cannot be shown (5.4).
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
        kept = [_without_name(chunk) for chunk in chunks[1:] if _is_allowed(chunk)]
        whole = (chunks[0], *fresh, *kept)
        return png.SIGNATURE + b"".join(chunk.to_bytes() for chunk in whole)

    def holds_more(self, file: PhotoFile[PngParts]) -> bool:
        """Whether there are chunks but those that are allowed and one of each fresh block."""
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
        """Return no options: PNG is coded without loss."""
        del original, quality
        return {}


PNG: Final = PngContainer()


def _unchangeable(file: PhotoFile[PngParts]) -> object:
    """Return everything that no change of metadata may touch."""
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
    """Return where a chunk is put: in the place of the present one, or behind the header."""
    return (present.place, present.end) if present else (chunks[0].end, chunks[0].end)


def _is_allowed(chunk: PngChunk) -> bool:
    return len(chunk.data) <= _KEPT.get(chunk.kind, -1)


def _is_orderly(chunks: Iterable[PngChunk]) -> bool:
    """Whether what is kept has a use: one chunk of a kind, the image data in one row."""
    kept = [chunk for chunk in chunks if _is_allowed(chunk)]
    kinds = [kind for kind, _ in groupby(chunk.kind for chunk in kept)]
    single = [chunk for chunk in kept if chunk.kind != b"IDAT"]
    colours = kept[0].data[9:10] if kept else b""
    return (
        len({*kinds}) == len(kinds) == len(single) + (b"IDAT" in kinds)
        and not any(colours in _NEVER.get(kind, ()) for kind in kinds)
        and all(
            len(chunk.data) == _CLEAR.get(colours, len(chunk.data))
            for chunk in kept
            if chunk.kind == b"tRNS"
        )
    )


def _without_name(chunk: PngChunk) -> PngChunk:
    """Return a chunk as it is; a profile without the name that somebody gave it."""
    if chunk.kind != b"iCCP":
        return chunk
    _, end, profile = chunk.data.partition(b"\0")
    return PngChunk(b"iCCP", b"ICC" + end + profile)
