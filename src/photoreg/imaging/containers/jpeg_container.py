"""The JPEG container (ITU-T T.81): locate, write and filter its metadata.

Exif is stored in APP1 (CIPA DC-008, 4.7), XMP in APP1 (ISO 16684-3, 1.1.3), IPTC-IIM in the image
resources of APP13, ICC profiles in APP2 (ICC.1, annex B.4).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import icc, mpf
from photoreg.imaging.containers.container import (
    FILE_STAYS,
    CopyContainer,
    CopyTags,
    PhotoFile,
    odd_image,
)
from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.containers.jpeg import (
    APP0,
    APP1,
    APP2,
    APP11,
    APP13,
    APP14,
    COM,
    SOF_MARKERS,
    SOI,
    SOS,
    Jpeg,
    Segment,
    split_jpeg,
)
from photoreg.imaging.metadata import iptc, tiff
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.reading import Blocks
from photoreg.imaging.metadata.rights_blocks import (
    OwnRights,
    new_exif_block,
    with_exif,
    with_resources,
)
from photoreg.imaging.metadata.splicing import Splice, apply_splices
from photoreg.imaging.metadata.xmp_editing import edit_packet, without_padding
from photoreg.texts import N_

XMP_SIGNATURE: Final = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP_SIGNATURE: Final = b"http://ns.adobe.com/xmp/extension/\0"
MAX_SEGMENT: Final = 65_533

_EXIF_MARK: Final = b"Exif\0"
_EXIF_START: Final = b"Exif\0\0"
_JFIF_LENGTH: Final = 12  # identifier, version, units, densities; the thumbnail size follows
_ADOBE: Final = b"Adobe"
_ADOBE_LENGTH: Final = 12  # identifier, version, flags, colour transform
_TRANSFORM_OFFSET: Final = 11  # of "Adobe", version, flags 0, flags 1, transform
_SUBSAMPLED_BELOW: Final = 90  # from this quality on, chroma is not subsampled
_LONGEST: Final = {0xCC: 64, 0xDC: 2, 0xDD: 2, 0xDE: 0, 0xDF: 0}
"""The bytes that decoders read of DAC, DNL, DRI, DHP and EXP segments; they skip the rest."""

_DESCRIBED: Final = (
    (APP1, b"http://ns.adobe.com/", "XMP"),
    (APP2, mpf.SIGNATURE, "MPF"),
    (APP13, iptc.SEGMENT_SIGNATURE, "IPTC"),
    (COM, b"", "Comment"),
)


class JpegContainer(CopyContainer[Jpeg]):
    """The JPEG container."""

    format: PhotoFormat = "JPEG"
    pillow_name = "JPEG"
    metadata_places = ("Exif", "XMP (also extended)", "IPTC-IIM")
    standards = frozenset(Standard)
    head_tells_size = True
    extension = ".jpg"
    keeps_transparency = False

    def recognises(self, data: bytes) -> bool:
        """Whether a file begins with SOI and a marker."""
        return data.startswith(b"\xff\xd8\xff")

    def divide(
        self, data: bytes, name: str, *, head_only: bool, similar: Jpeg | None = None
    ) -> Jpeg:
        """Parse the segments."""
        return split_jpeg(data, name, head_only=head_only, similar=similar)

    def blocks(self, file: PhotoFile[Jpeg]) -> Blocks:
        """Return the metadata blocks of the segments."""
        segments = file.parts.segments
        resources, _ = iptc.split_resources(join_resources(segments))
        return Blocks(
            file.parts.exif,
            tuple(iptc.iim_blocks(resources)),
            tuple(_payload_after(s, XMP_SIGNATURE) for s in segments if _is_xmp(s)),
            tuple(_payload_after(s, EXTENDED_XMP_SIGNATURE) for s in segments if _is_extension(s)),
            any(s.marker == APP11 and b"jumb" in s.payload[:32] for s in segments),
        )

    def size(self, file: PhotoFile[Jpeg]) -> tuple[int, int]:
        """Return width and height from the first frame header."""
        return file.parts.size

    def coded_image(self, file: PhotoFile[Jpeg]) -> Iterator[Sequence[bytes | memoryview]]:
        """Yield the colour transforms of Adobe segments, then tables, frame headers and scans."""
        parts = file.parts
        payloads = (s.payload for s in parts.segments if s.marker == APP14)
        # All of them: programs disagree about which one applies.
        adobe = (payload for payload in payloads if payload.startswith(_ADOBE))
        yield (b"".join(p[_TRANSFORM_OFFSET : _TRANSFORM_OFFSET + 1] for p in adobe),)
        for segment in parts.image:
            yield bytes([segment.marker]), segment.payload
            has_fill = segment.scan[-1:] == b"\xff"  # before the next marker, in a few files
            yield (bytes(segment.scan).rstrip(b"\xff") if has_fill else segment.scan,)

    def with_rights(self, file: PhotoFile[Jpeg], rights: OwnRights) -> bytes:
        """Return the file with the rights in Exif, XMP and IPTC; MPF offsets are adjusted."""
        parts, name = file.parts, file.name
        splices = [
            *_exif_splices(parts, name, rights),
            *_xmp_splices(parts, name, rights),
            *_iptc_splices(parts, rights),
        ]
        grown = sum(map(_growth, splices))
        for segment in filter(mpf.is_mpf, parts.segments) if splices else ():
            before = sum(_growth(each) for each in splices if each.start <= segment.place)
            index = mpf.adjusted_index(segment, file.data, before, grown)
            splices.append(Splice(*_span(segment), index.to_bytes()))
        return apply_splices(file.data, splices)

    def keeps_all_else(self, old: PhotoFile[Jpeg], new: PhotoFile[Jpeg]) -> bool:
        """Whether all other segments, resources, further images and the trailer are identical."""
        return _unchangeable(old) == _unchangeable(new)

    def decodable(self, file: PhotoFile[Jpeg], *, with_colours: bool) -> bytes:
        """Return the image segments alone; untrusted metadata never reach the decoder."""
        if not with_colours:
            return Jpeg(file.parts.image).to_bytes()
        segments = map(allowed_segment, file.parts.segments)
        return Jpeg(tuple(filter(None, segments))).to_bytes()

    def described(self, file: PhotoFile[Jpeg]) -> dict[str, int]:
        """List the sizes of known metadata segments and of the data after the image."""
        sizes: dict[str, int] = {}
        for segment in file.parts.segments:
            name = _name_of(segment)
            if name:
                sizes[name] = sizes.get(name, 0) + len(segment.payload)
        if file.parts.trailer:
            sizes["AfterImage"] = len(file.parts.trailer)
        return sizes

    def publishable(self, file: PhotoFile[Jpeg], rights: OwnRights, tags: CopyTags) -> bytes:
        """Return the allowed segments with new metadata."""
        parts = file.parts
        if any(allowed_segment(segment) is None for segment in parts.image):
            raise odd_image(file.name)
        icc.refuse_odd_profile(icc.jpeg_profiles(parts.segments), file.name)
        made = publishable_jpeg(parts, rights, tags)
        if _has_repeated_headers(made):
            raise odd_image(file.name)
        return made.to_bytes()

    def holds_more(self, file: PhotoFile[Jpeg]) -> bool:
        """Whether there is more than the allowed segments and one of each new metadata block."""
        parts = file.parts
        rest = [segment for segment in parts.segments if allowed_segment(segment) != segment]
        fresh = [segment for segment in rest if segment.marker in {APP1, APP13}]
        return (
            bool(parts.trailer)
            or not icc.are_valid(icc.jpeg_profiles(parts.segments))
            or _has_repeated_headers(parts)
            or len(rest) != len(fresh)
            or len(fresh) > len({segment.payload[:4] for segment in fresh})
        )

    def encoder_options(self, original: bytes, quality: int) -> Mapping[str, Any]:
        """Return the options for a progressive JPEG of this quality."""
        del original
        return {
            "quality": quality,
            "subsampling": 0 if quality >= _SUBSAMPLED_BELOW else 2,
            "optimize": True,
            "progressive": True,
            "comment": b"",  # otherwise Pillow copies the photo's comment
        }


JPEG: Final = JpegContainer()


# Locating metadata


def _is_xmp(segment: Segment) -> bool:
    return segment.marker == APP1 and segment.payload.startswith(XMP_SIGNATURE)


def _is_extension(segment: Segment) -> bool:
    """Whether a segment holds a part of an extended XMP packet."""
    return segment.marker == APP1 and segment.payload.startswith(EXTENDED_XMP_SIGNATURE)


def _is_resources(segment: Segment) -> bool:
    """Whether a segment holds image resources or a part of them."""
    return segment.marker == APP13 and segment.payload.startswith(iptc.SEGMENT_SIGNATURE)


def join_resources(segments: Iterable[Segment]) -> bytes:
    """Return the image resources, which may be split over several segments."""
    return b"".join(_payload_after(s, iptc.SEGMENT_SIGNATURE) for s in segments if _is_resources(s))


def _payload_after(segment: Segment, start: bytes) -> bytes:
    return segment.payload[len(start) :]


def _name_of(segment: Segment) -> str:
    """Return the name of what a segment holds; empty if it is not listed."""
    names = (
        name
        for marker, start, name in _DESCRIBED
        if segment.marker == marker and segment.payload.startswith(start)
    )
    return next(names, "")


# Writing rights into a file


def _unchangeable(file: PhotoFile[Jpeg]) -> object:
    """Return everything that a metadata change must not touch."""
    parts = file.parts
    resources, _ = iptc.split_resources(join_resources(parts.segments))
    return (
        [segment for segment in parts.segments if not _is_changeable(segment)],
        [r for r in resources if r.number not in {iptc.IIM_RESOURCE, iptc.DIGEST_RESOURCE}],
        mpf.further_images(file.data, parts),
        parts.trailer,
    )


def _is_changeable(segment: Segment) -> bool:
    is_exif = segment.marker == APP1 and segment.payload.startswith(_EXIF_MARK)
    return is_exif or _is_xmp(segment) or _is_resources(segment) or mpf.is_mpf(segment)


def _growth(splice: Splice) -> int:
    return len(splice.new) - (splice.end - splice.start)


def _span(segment: Segment) -> tuple[int, int]:
    return segment.place, segment.place + 4 + len(segment.payload)


def _insertion_point(parts: Jpeg, after: Callable[[Segment], bool]) -> int:
    """Return the offset for a new segment: after the leading segments that `after` accepts."""
    place = len(SOI)
    for segment in parts.segments:
        if not after(segment):
            return segment.place
        place = _span(segment)[1]
    return place


def _is_jfif(segment: Segment) -> bool:
    return segment.marker == APP0


def _is_leading_segment(segment: Segment) -> bool:
    return segment.marker in {APP0, APP1}


def _app1(payload: bytes, file: str) -> bytes:
    """Return an encoded APP1 segment. Raises PhotoFileError when the payload is too large."""
    if len(payload) > MAX_SEGMENT:
        raise PhotoFileError(
            N_("{file}: its metadata has no room for more (64 kilobytes)"), FILE_STAYS, file=file
        )
    return Segment(APP1, payload).to_bytes()


def _exif_splices(parts: Jpeg, file: str, rights: OwnRights) -> list[Splice]:
    blocks = [s for s in parts.segments if s.marker == APP1 and s.payload.startswith(_EXIF_MARK)]
    if not blocks:
        has_profile = any(s.payload.startswith(icc.SEGMENT_SIGNATURE) for s in parts.segments)
        block = new_exif_block(rights, parts.size, is_srgb=not has_profile)
        place = _insertion_point(parts, _is_jfif)
        return [Splice(place, place, _app1(_EXIF_START + block, file))] if block else []
    if len(blocks) > 1:
        raise PhotoFileError(N_("{file}: it contains two Exif blocks"), FILE_STAYS, file=file)
    old = blocks[0].payload[len(_EXIF_START) :]
    new = with_exif(old, rights)
    if new == old:
        return []
    if len(new) > MAX_SEGMENT - len(_EXIF_START):
        new = with_exif(tiff.trimmed(old), rights)
    mark = blocks[0].payload[: len(_EXIF_START)]
    return [Splice(*_span(blocks[0]), _app1(mark + new, file))]


def _xmp_splices(parts: Jpeg, file: str, rights: OwnRights) -> list[Splice]:
    packets = list(filter(_is_xmp, parts.segments))
    old = packets[0].payload[len(XMP_SIGNATURE) :] if packets else b""
    new = edit_packet(old, rights.values())
    if new == old:
        return []
    if len(new) > MAX_SEGMENT - len(XMP_SIGNATURE):
        new = without_padding(new)
    content = _app1(XMP_SIGNATURE + new, file)
    if packets:
        return [Splice(*_span(packets[0]), content)]
    place = _insertion_point(parts, _is_leading_segment)
    return [Splice(place, place, content)]


def _iptc_splices(parts: Jpeg, rights: OwnRights) -> list[Splice]:
    holders = list(filter(_is_resources, parts.segments))
    old = join_resources(parts.segments)
    new = with_resources(old, rights, add=True)
    if new == old:
        return []
    room = MAX_SEGMENT - len(iptc.SEGMENT_SIGNATURE)
    pieces = [new[start : start + room] for start in range(0, len(new), room)]
    segments = [Segment(APP13, iptc.SEGMENT_SIGNATURE + piece).to_bytes() for piece in pieces]
    if not holders:
        place = _insertion_point(parts, _is_leading_segment)
        return [Splice(place, place, b"".join(segments))]
    removed = [Splice(*_span(holder), b"") for holder in holders[1:]]
    return [Splice(*_span(holders[0]), b"".join(segments)), *removed]


# Publishable copies


def publishable_jpeg(original: Jpeg, rights: OwnRights, tags: CopyTags) -> Jpeg:
    """Return the publishable form of a parsed JPEG."""
    allowed = [part for segment in original.segments if (part := allowed_segment(segment))]
    leading = [segment for segment in allowed if segment.marker == APP0][:1]
    rest = [segment for segment in allowed if segment.marker != APP0]
    has_profile = any(segment.payload.startswith(icc.SEGMENT_SIGNATURE) for segment in rest)
    block = tags.block(rights, original.size, has_profile=has_profile)
    fresh = [Segment(APP1, _EXIF_START + block)] if block else []
    if rights.values():
        fresh.append(Segment(APP1, XMP_SIGNATURE + edit_packet(b"", rights.values())))
    resources = with_resources(b"", rights, add=True)
    if resources:
        fresh.append(Segment(APP13, iptc.SEGMENT_SIGNATURE + resources))
    return Jpeg((*leading, *fresh, *rest))


def allowed_segment(segment: Segment) -> Segment | None:
    """Return the publishable part of a segment, or None."""
    payload = segment.payload
    if segment.is_image and len(payload) <= _LONGEST.get(segment.marker, len(payload)):
        return segment
    if segment.marker == APP2 and payload.startswith(icc.SEGMENT_SIGNATURE):
        return segment
    if segment.marker == APP0 and payload.startswith(b"JFIF\0") and len(payload) >= _JFIF_LENGTH:
        return Segment(APP0, payload[:_JFIF_LENGTH] + b"\0\0")  # a thumbnail of 0 x 0
    if segment.marker == APP14 and payload.startswith(_ADOBE) and len(payload) >= _ADOBE_LENGTH:
        return Segment(APP14, payload[:_ADOBE_LENGTH])
    return None


def _has_repeated_headers(parts: Jpeg) -> bool:
    """Whether a segment is repeated of which decoders use only one; each scan may have a DRI."""
    counts = Counter(0xC0 if s.marker in SOF_MARKERS else s.marker for s in parts.segments)
    return any(counts[m] > 1 for m in (0xC0, 0xDC, APP0, APP14)) or counts[0xDD] > counts[SOS]
