"""Putting rights into a photo's own metadata without touching anything else.

The new file is made in memory, container by container: image data, colour profiles, makers' notes,
further images and unrelated metadata stay byte for byte where the format allows. What cannot be
changed safely is refused with its cause.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.photos import exif, exiftool, heif, icc, iptc, jpeg, mpf, png, tiff, webp
from photoreg.photos.divided import Divided
from photoreg.photos.exif import NewTag
from photoreg.photos.fields import WRITTEN, Field, Standard
from photoreg.photos.jpeg import Jpeg, Segment
from photoreg.photos.metadata import (
    IIM_TAG,
    RESOURCES_TAG,
    XMP_START,
    XMP_TAG,
    Metadata,
    is_resources,
    is_xmp,
    joined_resources,
    metadata_of,
)
from photoreg.photos.rights import (
    OwnRights,
    fresh_exif,
    iim_values,
    new_entries,
    with_exif,
    with_iim,
    with_resources,
)
from photoreg.photos.sidecar import beside, packet_beside, sidecar_of
from photoreg.photos.splicing import Splice, spliced
from photoreg.photos.xmp import XmpError
from photoreg.photos.xmp_editing import edited, without_padding
from photoreg.texts import N_

MAX_SEGMENT: Final = 65_533
_HINT: Final = N_("The file stays as it was. An image program may mend it by saving it anew.")
_EXIF_START: Final = b"Exif\0\0"


@dataclass(frozen=True, slots=True)
class Change:
    """One tag that changes, with its old and new value."""

    field: Field
    standard: Standard
    tag: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The new file, and what in it differs. No changes: `content` is the file as it is.

    With a `sidecar`, the photo stays as it is and that is the file: `old` is its content.
    """

    original: Divided
    content: bytes
    changes: tuple[Change, ...]
    has_credentials: bool
    sidecar: Path | None = None
    old: bytes = b""


def plan_rights(data: bytes, rights: OwnRights, file: str = "") -> Plan:
    """Work out what writing the rights would change, tag by tag. Nothing is written.

    Raises PhotoFileError when the file is no photo, is damaged, or cannot be changed safely.
    """
    original = Divided(data, file)
    before = metadata_of(original.blocks)
    rights = rights.beside(before)
    embed = {
        "JPEG": _into_jpeg,
        "PNG": _into_png,
        "WEBP": _into_webp,
        "TIFF": _into_tiff,
        "HEIC": _into_heif,
        "AVIF": _into_heif,
    }[original.kind]
    try:
        content = embed(original, rights)
    except (XmpError, tiff.TiffError) as error:
        raise PhotoFileError(error.message, _HINT, file=file, offset=error.offset) from error
    if before.damaged:  # in a way that is found in reading only: a part of it is missing
        standard = before.damaged[0].value
        raise PhotoFileError(
            N_("{file}: its {standard} data are damaged"), _HINT, file=file, standard=standard
        )
    after = metadata_of(original.remade(content).blocks)
    return Plan(original, content, tuple(_changes(before, after)), before.has_credentials)


def plan_sidecar(data: bytes, rights: OwnRights, path: Path) -> Plan:
    """Work out what writing the rights beside a HEIC or AVIF photo would change.

    Raises PhotoFileError when the photo or its sidecar is damaged.
    """
    original = Divided(data, path.name)
    old = packet_beside(path)
    before = metadata_of(beside(original.blocks, old))
    rights = rights.beside(before)
    sidecar = sidecar_of(path)
    try:
        content = edited(old, rights.values())
    except XmpError as error:
        raise PhotoFileError(
            error.message, _HINT, file=sidecar.name, offset=error.offset
        ) from error
    changes = tuple(_changes(before, metadata_of(beside(original.blocks, content))))
    return Plan(original, content, changes, has_credentials=False, sidecar=sidecar, old=old)


def _changes(before: Metadata, after: Metadata) -> Iterable[Change]:
    for field in WRITTEN:
        for standard, tag in _tags(field):
            old = before.fields[field.name].text_in(standard)
            new = after.fields[field.name].text_in(standard)
            if old != new:
                yield Change(field, standard, tag, old, new)


def _tags(field: Field) -> Iterable[tuple[Standard, str]]:
    yield Standard.XMP, str(field.xmp)
    if field.iim:
        yield Standard.IPTC, str(field.iim)
    if field.exif:
        yield Standard.EXIF, field.exif_name


# JPEG


def _into_jpeg(original: Divided, rights: OwnRights) -> bytes:
    data, file, parts = original.data, original.file, original.jpeg
    splices = [
        *_exif_splices(parts, file, rights),
        *_xmp_splices(parts, file, rights),
        *_iptc_splices(parts, rights),
    ]
    grown = sum(len(s.new) - (s.end - s.start) for s in splices)
    for segment in filter(mpf.is_index, parts.segments) if splices else ():
        before = sum(len(s.new) - (s.end - s.start) for s in splices if s.start <= segment.place)
        index = mpf.moved(segment, data, before, grown)
        splices.append(Splice(*_span(segment), index.to_bytes()))
    return spliced(data, splices)


def _span(segment: Segment) -> tuple[int, int]:
    return segment.place, segment.place + 4 + len(segment.payload)


def _new_place(parts: Jpeg, after: Callable[[Segment], bool]) -> int:
    """Return where a new segment goes: behind those at the beginning that may stand before it."""
    place = len(jpeg.SOI)
    for segment in parts.segments:
        if not after(segment):
            return segment.place
        place = _span(segment)[1]
    return place


def _is_jfif(segment: Segment) -> bool:
    return segment.marker == jpeg.APP0


def _is_leading(segment: Segment) -> bool:
    return segment.marker in {jpeg.APP0, jpeg.APP1}


def _segment(payload: bytes, file: str, marker: int = jpeg.APP1) -> bytes:
    if len(payload) > MAX_SEGMENT:
        raise PhotoFileError(
            N_("{file}: its metadata have no room for more (64 kilobytes)"), _HINT, file=file
        )
    return Segment(marker, payload).to_bytes()


def _exif_splices(parts: Jpeg, file: str, rights: OwnRights) -> list[Splice]:
    blocks = [s for s in parts.segments if s.marker == jpeg.APP1 and s.payload[:5] == b"Exif\0"]
    if not blocks:
        has_profile = any(s.payload.startswith(icc.SEGMENT_START) for s in parts.segments)
        block = fresh_exif(rights, parts.size, is_srgb=not has_profile)
        place = _new_place(parts, _is_jfif)
        return [Splice(place, place, _segment(_EXIF_START + block, file))] if block else []
    if len(blocks) > 1:
        raise PhotoFileError(N_("{file}: it holds two Exif blocks"), _HINT, file=file)
    old = blocks[0].payload[len(_EXIF_START) :]
    new = with_exif(old, rights)
    if new == old:
        return []
    if len(new) > MAX_SEGMENT - len(_EXIF_START):
        new = with_exif(tiff.trimmed(old), rights)
    return [Splice(*_span(blocks[0]), _segment(blocks[0].payload[:6] + new, file))]


def _xmp_splices(parts: Jpeg, file: str, rights: OwnRights) -> list[Splice]:
    packets = list(filter(is_xmp, parts.segments))
    old = packets[0].payload[len(XMP_START) :] if packets else b""
    new = edited(old, rights.values())
    if new == old:
        return []
    if len(new) > MAX_SEGMENT - len(XMP_START):
        new = without_padding(new)
    content = _segment(XMP_START + new, file)
    if packets:
        return [Splice(*_span(packets[0]), content)]
    place = _new_place(parts, _is_leading)
    return [Splice(place, place, content)]


def _iptc_splices(parts: Jpeg, rights: OwnRights) -> list[Splice]:
    holders = list(filter(is_resources, parts.segments))
    old = joined_resources(parts.segments)
    new = with_resources(old, rights, add=True)
    if new == old:
        return []
    room = MAX_SEGMENT - len(iptc.SEGMENT_START)
    pieces = [new[start : start + room] for start in range(0, len(new), room)]
    segments = [Segment(jpeg.APP13, iptc.SEGMENT_START + piece).to_bytes() for piece in pieces]
    if not holders:
        place = _new_place(parts, _is_leading)
        return [Splice(place, place, b"".join(segments))]
    removed = [Splice(*_span(holder), b"") for holder in holders[1:]]
    return [Splice(*_span(holders[0]), b"".join(segments)), *removed]


# PNG, WebP, TIFF


def _into_png(original: Divided, rights: OwnRights) -> bytes:
    chunks, _ = png.split_png(original.data, original.file)
    after_header = chunks[0].end
    splices = []
    old = png.exif_of(chunks)
    if old:
        block = with_exif(old, rights)
    else:
        is_srgb = not any(chunk.kind == b"iCCP" for chunk in chunks)
        block = fresh_exif(rights, png.size_of(chunks), is_srgb=is_srgb)
    if block != old:
        present = next((c for c in chunks if c.kind == b"eXIf"), None)
        span = (present.place, present.end) if present else (after_header, after_header)
        splices.append(Splice(*span, png.PngChunk(b"eXIf", block).to_bytes()))
    holder = next((c for c in chunks if png.xmp_text(c) is not None), None)
    packet = next(iter(png.xmp_of(chunks)), b"")
    new = edited(packet, rights.values())
    if new != packet:
        span = (holder.place, holder.end) if holder else (after_header, after_header)
        splices.append(Splice(*span, png.xmp_chunk(new).to_bytes()))
    return spliced(original.data, splices)


def _into_webp(original: Divided, rights: OwnRights) -> bytes:
    chunks, trailer = webp.split_webp(original.data, original.file)
    if chunks[0].kind != b"VP8X":
        header = webp.extended_header(chunks)
        if header is None:
            raise PhotoFileError(
                N_("{file}: its image is of a kind that is not known"), _HINT, file=original.file
            )
        new = [header, *chunks]
    else:
        new = list(chunks)
    old = webp.exif_of(chunks)
    size = webp.size_of(new[0])
    is_srgb = not any(chunk.kind == b"ICCP" for chunk in chunks)
    block = with_exif(old, rights) if old else fresh_exif(rights, size, is_srgb=is_srgb)
    packet = next(iter(webp.xmp_of(chunks)), b"")
    edited_packet = edited(packet, rights.values())
    if (block, edited_packet) == (old, packet):
        return original.data
    if block != old:
        new = _with_chunk(new, b"EXIF", block, webp.HAS_EXIF)
    if edited_packet != packet:
        new = _with_chunk(new, b"XMP ", edited_packet, webp.HAS_XMP)
    return webp.join_webp(new, trailer)


def _with_chunk(
    chunks: Sequence[webp.WebpChunk], kind: bytes, content: bytes, flag: int
) -> list[webp.WebpChunk]:
    """Return the chunks with one replaced or added, and the header telling of it."""
    header, *rest = chunks
    flags = bytes([header.data[0] | flag]) + header.data[1:]
    present = next((index for index, chunk in enumerate(rest) if chunk.kind == kind), None)
    if present is None:
        behind = [i for i, chunk in enumerate(rest) if chunk.is_image or chunk.kind == b"EXIF"]
        rest.insert(behind[-1] + 1 if behind else len(rest), webp.WebpChunk(kind, content))
    else:
        mark = _EXIF_START if rest[present].data.startswith(_EXIF_START) else b""
        rest[present] = webp.WebpChunk(kind, mark + content)
    return [webp.WebpChunk(b"VP8X", flags), *rest]


def _into_heif(original: Divided, rights: OwnRights) -> bytes:
    data, file = original.data, original.file
    packet = next(iter(heif.split_heif(data, file).xmp), b"")
    new = edited(packet, rights.values())
    return data if new == packet else exiftool.with_packet(data, new, file)


def _into_tiff(original: Divided, rights: OwnRights) -> bytes:
    data = original.data
    main = exif.read_exif(data).main
    raw = {tag: bytes(main[tag].raw) for tag in (XMP_TAG, IIM_TAG, RESOURCES_TAG) if tag in main}
    wanted = iim_values(rights)
    new = {XMP_TAG: edited(raw.get(XMP_TAG, b""), rights.values())}
    if IIM_TAG in raw:
        new[IIM_TAG] = with_iim(raw[IIM_TAG].rstrip(b"\0"), wanted, add=True)
    if RESOURCES_TAG in raw:
        new[RESOURCES_TAG] = with_resources(
            raw[RESOURCES_TAG], rights, add=False, outside=new.get(IIM_TAG, b"")
        )
    kinds = {XMP_TAG: 1, IIM_TAG: 7, RESOURCES_TAG: 1}
    entries = new_entries(data, rights)
    entries += [
        NewTag(tag, kinds[tag], content)
        for tag, content in new.items()
        if content.rstrip(b"\0") != raw.get(tag, b"").rstrip(b"\0")
    ]
    return tiff.with_tags(data, entries) if entries else data
