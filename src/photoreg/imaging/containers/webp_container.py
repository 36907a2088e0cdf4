"""The WebP container (RFC 9649): locate, write and filter its metadata.

A file with metadata begins with the VP8X chunk, whose flags declare the chunks that follow (2.7).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import icc, webp
from photoreg.imaging.containers.container import (
    FILE_STAYS,
    CopyContainer,
    CopyTags,
    PhotoFile,
    odd_image,
)
from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.containers.webp import WebpChunk
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import OwnRights, new_exif_block, with_exif
from photoreg.imaging.metadata.xmp_editing import edit_packet
from photoreg.texts import N_

WebpParts = tuple[list[WebpChunk], bytes]
"""The chunks, and the data after the RIFF container."""

_EXIF_START: Final = b"Exif\0\0"
_ICC_FLAG: Final = 0x20
_IMAGE: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_ALLOWED: Final = _IMAGE | {b"ICCP"}
_PICTURE: Final = _IMAGE | {b"ANIM", b"ANMF"}
_OPAQUE: Final = b"opaque"
_CANVAS: Final = slice(4, 10)  # in the data of VP8X
_HEADER_LENGTH: Final = 10  # flags, width, height


class WebpContainer(CopyContainer[WebpParts]):
    """The WebP container."""

    format: PhotoFormat = "WEBP"
    pillow_name = "WEBP"
    metadata_places = ("Exif", "XMP")
    standards = frozenset({Standard.XMP, Standard.EXIF})
    extension = ".webp"

    def recognises(self, data: bytes) -> bool:
        """Whether the data begin with a RIFF header of type WEBP."""
        return data.startswith(b"RIFF") and data[8:12] == b"WEBP"

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: WebpParts | None = None
    ) -> WebpParts:
        """Parse the chunks."""
        del head_only, similar
        return webp.split_webp(data, name)

    def blocks(self, file: PhotoFile[WebpParts]) -> Blocks:
        """Return the metadata blocks of the chunks."""
        chunks, _ = file.parts
        has_credentials = any(chunk.kind == b"C2PA" for chunk in chunks)
        packets = tuple(webp.xmp_packets(chunks))
        return Blocks(webp.exif_block(chunks), xmp=packets, has_credentials=has_credentials)

    def size(self, file: PhotoFile[WebpParts]) -> tuple[int, int]:
        """Return width and height from VP8X, or from the image of a simple file."""
        return webp.canvas_size(_header(file))

    def coded_image(self, file: PhotoFile[WebpParts]) -> Iterator[Sequence[bytes]]:
        """Yield image, transparency and frames, and the canvas size of an animation."""
        header = None
        for chunk in file.parts[0]:
            if chunk.kind == b"VP8X":
                header = chunk.data.ljust(_HEADER_LENGTH, b"\0")
            elif chunk.kind in _PICTURE:
                yield (chunk.kind,)
                canvas = header[_CANVAS] if header and chunk.kind == b"ANIM" else b""
                yield (_OPAQUE if _has_undeclared_alpha(header, chunk) else b"", canvas, chunk.data)

    def with_rights(self, file: PhotoFile[WebpParts], rights: OwnRights) -> bytes:
        """Return the file with the rights in Exif and XMP; a simple file gets a VP8X chunk."""
        chunks, trailer = file.parts
        new = list(chunks) if chunks[0].kind == b"VP8X" else [_new_header(file), *chunks]
        old = webp.exif_block(chunks)
        size = webp.canvas_size(new[0])
        is_srgb = not any(chunk.kind == b"ICCP" for chunk in chunks)
        block = with_exif(old, rights) if old else new_exif_block(rights, size, is_srgb=is_srgb)
        packet = next(iter(webp.xmp_packets(chunks)), b"")
        edited_packet = edit_packet(packet, rights.values())
        if (block, edited_packet) == (old, packet):
            return file.data
        if block != old:
            new = _with_chunk(new, b"EXIF", block, webp.HAS_EXIF)
        if edited_packet != packet:
            new = _with_chunk(new, b"XMP ", edited_packet, webp.HAS_XMP)
        return webp.join_webp(new, trailer)

    def keeps_all_else(self, old: PhotoFile[WebpParts], new: PhotoFile[WebpParts]) -> bool:
        """Whether all chunks except VP8X and metadata, and the trailing data, are identical."""
        return _unchangeable(old) == _unchangeable(new)

    def is_animated(self, file: PhotoFile[WebpParts]) -> bool:
        """Whether the file is an animation."""
        return any(chunk.kind == b"ANIM" for chunk in file.parts[0])

    def publishable(self, file: PhotoFile[WebpParts], rights: OwnRights, tags: CopyTags) -> bytes:
        """Return the allowed chunks between a new VP8X chunk and new metadata."""
        chunks, _ = file.parts
        header = _header(file)
        allowed = [chunk for chunk in chunks if chunk.kind in _ALLOWED]
        profiles = _profiles(allowed)
        icc.refuse_odd_profile(profiles, file.name)
        if not _is_orderly(chunks, header):
            raise odd_image(file.name)
        flags = header.data[0] & webp.HAS_ALPHA | (_ICC_FLAG if profiles else 0)
        block = tags.block(rights, webp.canvas_size(header), has_profile=bool(profiles))
        fresh = []
        if block:
            flags |= webp.HAS_EXIF
            fresh.append(WebpChunk(b"EXIF", block))
        if rights.values():
            flags |= webp.HAS_XMP
            fresh.append(WebpChunk(b"XMP ", edit_packet(b"", rights.values())))
        first = WebpChunk(b"VP8X", bytes([flags, 0, 0, 0]) + header.data[_CANVAS])
        return webp.join_webp([first, *allowed, *fresh], b"")

    def holds_more(self, file: PhotoFile[WebpParts]) -> bool:
        """Whether there is more than the allowed chunks and one of each new metadata block."""
        chunks, after = file.parts
        kinds = [chunk.kind for chunk in chunks]
        return (
            bool(after)
            or not icc.are_valid(_profiles(chunks))
            or not _is_orderly(chunks, _header(file))
            or not {*kinds} <= _ALLOWED | {b"VP8X", b"EXIF", b"XMP "}
            or len(kinds) > len({*kinds})
        )

    def encoder_options(self, original: bytes, quality: int) -> Mapping[str, Any]:
        """Return the options; the copy is lossless where the original is."""
        return {"quality": quality, "lossless": b"VP8L" in original[12:256]}


WEBP: Final = WebpContainer()


def _unchangeable(file: PhotoFile[WebpParts]) -> object:
    """Return everything that a metadata change must not touch; VP8X may be added."""
    chunks, rest = file.parts
    return [c for c in chunks if c.kind not in {b"EXIF", b"XMP ", b"VP8X"}], rest


def _has_undeclared_alpha(header: bytes | None, chunk: WebpChunk) -> bool:
    """Whether there is an alpha channel that VP8X does not declare; programs then differ."""
    may_have_alpha = chunk.kind in {b"ALPH", b"ANIM"} or (
        chunk.kind == b"VP8L" and bool(int.from_bytes(chunk.data[1:5], "little") >> 28 & 1)
    )
    return header is not None and may_have_alpha and not header[0] & webp.HAS_ALPHA


def _new_header(file: PhotoFile[WebpParts]) -> WebpChunk:
    """Return the VP8X chunk that a simple file needs for metadata."""
    header = webp.extended_header(file.parts[0])
    if header is None:
        raise PhotoFileError(
            N_("{file}: its image is of an unknown kind"), FILE_STAYS, file=file.name
        )
    return header


def _with_chunk(
    chunks: Sequence[WebpChunk], kind: bytes, content: bytes, flag: int
) -> list[WebpChunk]:
    """Return the chunks with one replaced or added, and its flag set in VP8X."""
    header, *rest = chunks
    flags = bytes([header.data[0] | flag]) + header.data[1:]
    present = next((index for index, chunk in enumerate(rest) if chunk.kind == kind), None)
    if present is None:
        behind = [i for i, chunk in enumerate(rest) if chunk.is_image or chunk.kind == b"EXIF"]
        rest.insert(behind[-1] + 1 if behind else len(rest), WebpChunk(kind, content))
    else:
        mark = _EXIF_START if rest[present].data.startswith(_EXIF_START) else b""
        rest[present] = WebpChunk(kind, mark + content)
    return [WebpChunk(b"VP8X", flags), *rest]


def _is_orderly(chunks: Iterable[WebpChunk], header: WebpChunk) -> bool:
    """Whether there is one image, and ALPH only where VP8X declares it (RFC 9649, 2.7)."""
    image = [chunk.kind for chunk in chunks if chunk.kind in _IMAGE]
    has_alpha = bool(header.data[0] & webp.HAS_ALPHA)
    return image in ([b"VP8 "], [b"VP8L"]) or (has_alpha and image == [b"ALPH", b"VP8 "])


def _profiles(chunks: Iterable[WebpChunk]) -> list[bytes]:
    return [chunk.data for chunk in chunks if chunk.kind == b"ICCP"]


def _header(file: PhotoFile[WebpParts]) -> WebpChunk:
    """Return the VP8X chunk, or the one that a simple file would get."""
    chunks, _ = file.parts
    header = chunks[0] if chunks[0].kind == b"VP8X" else webp.extended_header(chunks)
    if header is None or len(header.data) < _HEADER_LENGTH:
        raise PhotoFileError(
            N_("{file}: its image is of an unknown kind"),
            N_("Save it again in an image program."),
            file=file.name,
        )
    return header
