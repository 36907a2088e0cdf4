"""The publishable form of a photo: its image, its colours, its rights, and nothing else.

It is built from an allow-list: what makes the image, its colour profile, and fresh metadata that
name the rights. Place, serial numbers, names, thumbnails and whatever else is hidden in the
original never get in; nothing has to be found in order to be removed.

JPEG, PNG and WebP keep their coded image as it is. TIFF, HEIC and AVIF become a JPEG, and a photo
that is to be smaller is decoded and coded anew.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.photos import exif, heif, icc, iptc, jpeg, png, webp
from photoreg.photos.decoding import too_many_pixels
from photoreg.photos.derivative import Shape, derived
from photoreg.photos.divided import Divided
from photoreg.photos.exif import Exif
from photoreg.photos.formats import MAX_FILE_BYTES, MAX_PIXELS, PhotoFormat
from photoreg.photos.identity import jpeg_picture, picture_hash
from photoreg.photos.jpeg import APP0, APP1, APP2, APP13, APP14, FRAMES, SOS, Jpeg, Segment
from photoreg.photos.metadata import XMP_START, metadata_of
from photoreg.photos.reading import described, described_jpeg
from photoreg.photos.rights import OwnRights, fresh_exif, says, with_resources
from photoreg.photos.xmp_editing import edited
from photoreg.texts import N_

EXTENSIONS: Final = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
"""How the copy's file ends, by its format."""

_EXIF_START: Final = b"Exif\0\0"
_JFIF_LENGTH: Final = 12  # identifier, version, unit, densities; the thumbnail's size follows
_ADOBE_LENGTH: Final = 12  # identifier, version, flags, colour transform
_UNCALIBRATED: Final = 0xFFFF
_JPEG_LONGEST: Final = {0xCC: 64, 0xDC: 2, 0xDD: 2, 0xDE: 0, 0xDF: 0}
"""Of these parts of an image (DAC, DNL, DRI, DHP, EXP) decoders read so much and pass over more."""

_PNG_KEPT: Final[dict[bytes, int]] = {
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
"""The chunks that are kept, with the most bytes that each has a use for."""

_PNG_NEVER: Final = {b"PLTE": (b"\0", b"\4"), b"tRNS": (b"\4", b"\6")}
"""The kinds of colours that have no use for a chunk (ISO/IEC 15948, 11.2.2 and 11.3.1)."""

_PNG_CLEAR: Final = {b"\0": 2, b"\2": 6}
"""How many bytes of tRNS tell the transparent grey or colour; of a palette, one for each colour."""

_PNG_FRAMES: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})
_WEBP_IMAGE: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_WEBP_KEPT: Final = _WEBP_IMAGE | {b"ICCP"}
_HAS_PROFILE: Final = 0x20
_FRESH_TAGS: Final = frozenset(
    {
        *(exif.ORIENTATION, exif.X_RESOLUTION, exif.Y_RESOLUTION, exif.RESOLUTION_UNIT),
        *(exif.ARTIST, exif.YCBCR_POSITIONING, exif.COPYRIGHT, exif.EXIF_FOLDER),
    }
)
_FRESH_CAMERA_TAGS: Final = frozenset(
    {
        *(exif.EXIF_VERSION, exif.COMPONENTS, exif.FLASHPIX_VERSION, exif.COLOR_SPACE),
        *(exif.PIXEL_WIDTH, exif.PIXEL_HEIGHT),
    }
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A publishable copy: its content, what was made of what, and whom it names.

    `picture` is the JPEG whose image must be in it, or the hash of another image; `pictures` how
    many the original holds, `carried` what it carries beside its image, as `describe_metadata`
    names it.
    """

    content: bytes
    format: PhotoFormat
    made_from: PhotoFormat
    rights: OwnRights
    picture: Jpeg | str
    size: tuple[int, int]
    pictures: int = 1
    is_derived: bool = False
    carried: tuple[str, ...] = ()


def publishable(data: bytes, rights: OwnRights, shape: Shape = Shape(), file: str = "") -> Copy:  # noqa: B008 - frozen
    """Return the publishable form of a photo; the same photo, rights and shape give the same bytes.

    Raises PhotoFileError when the file is damaged, when its picture moves, or when it must be
    decoded and cannot be.
    """
    original = Divided(data, file)
    kind = original.kind
    _refuse_moving(data, kind, file)
    metadata = metadata_of(original.blocks)
    orientation = metadata.orientation or 1
    longest = max(size_of(data, kind, file))
    is_kept = kind in EXTENSIONS and not (shape.longest_side and longest > shape.longest_side)
    if is_kept:
        image, target, count = original, kind, 1
        is_srgb = exif.number_of(metadata.exif.camera, exif.COLOR_SPACE) != _UNCALIBRATED
    else:
        made, target, count = derived(_alone(data, kind, file), kind, orientation, shape, file)
        image = Divided(made, file)
        orientation, is_srgb = 1, True
    build = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[target]
    content = build(image, rights, _Tags(orientation, is_srgb=is_srgb))
    return Copy(
        content=content,
        format=target,
        made_from=kind,
        rights=rights,
        picture=_picture(image),
        size=size_of(content, target, file),
        pictures=count,
        is_derived=not is_kept,
        carried=tuple(_described(original)),
    )


def _described(original: Divided) -> dict[str, str]:
    """Return what a file carries beside its image."""
    return described_jpeg(original.jpeg) if original.kind == "JPEG" else described(original.blocks)


def _picture(image: Divided) -> Jpeg | str:
    """Return the image, or of other files than JPEG its hash."""
    if image.kind == "JPEG":
        return image.jpeg
    return picture_hash(image.data, image.kind, image.file)


def _alone(data: bytes, kind: PhotoFormat, file: str) -> bytes:
    """Return what the decoder gets: of a JPEG, nothing that strangers wrote around the image."""
    if kind != "JPEG":
        return data
    segments = (allowed(segment) for segment in jpeg.split_jpeg(data, file).segments)
    return Jpeg(tuple(filter(None, segments))).to_bytes()


def size_of(data: bytes, kind: PhotoFormat, file: str) -> tuple[int, int]:
    """Return width and height in pixels, as the container tells them."""
    if kind == "JPEG":
        return jpeg.split_jpeg(data, file, head_only=True).size
    if kind == "PNG":
        return png.size_of(png.split_png(data, file)[0])
    if kind == "WEBP":
        header = _webp_header(webp.split_webp(data, file)[0], file)
        return webp.size_of(header)
    if kind == "TIFF":
        main = exif.read_exif(data).main
        width, height = (exif.number_of(main, t) for t in (exif.IMAGE_WIDTH, exif.IMAGE_HEIGHT))
        return width or 0, height or 0
    return heif.split_heif(data, file).size


def _refuse_moving(data: bytes, kind: PhotoFormat, file: str) -> None:
    """Refuse an animation: nobody has looked at all of its pictures."""
    moves = (
        kind == "PNG" and any(chunk.kind in _PNG_FRAMES for chunk in png.split_png(data, file)[0])
    ) or (kind == "WEBP" and any(c.kind == b"ANIM" for c in webp.split_webp(data, file)[0]))
    if moves:
        raise PhotoFileError(
            N_("{file}: this picture moves; only single pictures can be published"),
            N_("Save the one picture that is meant as a file of its own, and register that."),
            file=file,
        )


@dataclass(frozen=True, slots=True)
class _Tags:
    """What the fresh Exif block says beside the rights."""

    orientation: int
    is_srgb: bool

    def block(self, rights: OwnRights, size: tuple[int, int], *, has_profile: bool) -> bytes:
        """Return it, or nothing where it would say nothing."""
        is_srgb = self.is_srgb and not has_profile
        return fresh_exif(rights, size, is_srgb=is_srgb, orientation=self.orientation)


# JPEG


def _jpeg(image: Divided, rights: OwnRights, tags: _Tags) -> bytes:
    if any(allowed(segment) is None for segment in image.jpeg.image):
        raise _odd(image)
    _refuse_odd_profile(icc.in_jpeg(image.jpeg.segments), image)
    made = publishable_jpeg(image.jpeg, rights, tags.orientation, is_srgb=tags.is_srgb)
    if _repeats(made):
        raise _odd(image)
    return made.to_bytes()


def publishable_jpeg(original: Jpeg, rights: OwnRights, orientation: int, *, is_srgb: bool) -> Jpeg:
    """Return the publishable form of a JPEG that has been divided."""
    kept = [part for segment in original.segments if (part := allowed(segment))]
    leading = [segment for segment in kept if segment.marker == APP0][:1]
    rest = [segment for segment in kept if segment.marker != APP0]
    has_profile = any(segment.payload.startswith(icc.SEGMENT_START) for segment in rest)
    block = _Tags(orientation, is_srgb=is_srgb).block(
        rights, original.size, has_profile=has_profile
    )
    fresh = [Segment(APP1, _EXIF_START + block)] if block else []
    if rights.values():
        fresh.append(Segment(APP1, XMP_START + edited(b"", rights.values())))
    resources = with_resources(b"", rights, add=True)
    if resources:
        fresh.append(Segment(APP13, iptc.SEGMENT_START + resources))
    return Jpeg((*leading, *fresh, *rest))


def allowed(segment: Segment) -> Segment | None:
    """Return what may be published of a segment of a JPEG, or None."""
    payload = segment.payload
    if segment.is_image and len(payload) <= _JPEG_LONGEST.get(segment.marker, len(payload)):
        return segment
    if segment.marker == APP2 and payload.startswith(icc.SEGMENT_START):
        return segment
    if segment.marker == APP0 and payload.startswith(b"JFIF\0") and len(payload) >= _JFIF_LENGTH:
        return Segment(APP0, payload[:_JFIF_LENGTH] + b"\0\0")  # a thumbnail of 0 x 0
    if segment.marker == APP14 and payload.startswith(b"Adobe") and len(payload) >= _ADOBE_LENGTH:
        return Segment(APP14, payload[:_ADOBE_LENGTH])
    return None


def _repeats(parts: Jpeg) -> bool:
    """Whether something is said again of which decoders heed one; DRI may change for each scan."""
    counts = Counter(0xC0 if s.marker in FRAMES else s.marker for s in parts.segments)
    return any(counts[m] > 1 for m in (0xC0, 0xDC, APP0, APP14)) or counts[0xDD] > counts[SOS]


# PNG and WebP


def _png(image: Divided, rights: OwnRights, tags: _Tags) -> bytes:
    chunks, _ = png.split_png(image.data, image.file)
    if any(not _is_kept(chunk) and chunk.kind[:1].isupper() for chunk in chunks):
        raise _odd(image)
    width, height = png.size_of(chunks)
    if width * height > MAX_PIXELS:
        raise too_many_pixels(image.file)
    profiles = icc.in_png(chunks)
    _refuse_odd_profile(profiles, image)
    if not _is_orderly_png(chunks) or not png.holds_pixels_alone(chunks):
        raise _odd(image)
    block = tags.block(rights, (width, height), has_profile=bool(profiles))
    fresh = [png.Chunk(b"eXIf", block)] if block else []
    if rights.values():
        fresh.append(png.xmp_chunk(edited(b"", rights.values())))
    kept = [_without_name(chunk) for chunk in chunks[1:] if _is_kept(chunk)]
    whole = (chunks[0], *fresh, *kept)
    return png.SIGNATURE + b"".join(chunk.to_bytes() for chunk in whole)


def _is_kept(chunk: png.Chunk) -> bool:
    return len(chunk.data) <= _PNG_KEPT.get(chunk.kind, -1)


def _is_orderly_png(chunks: Iterable[png.Chunk]) -> bool:
    """Whether what is kept has a use: one chunk of a kind, the image data in one row."""
    kept = [chunk for chunk in chunks if _is_kept(chunk)]
    kinds = [kind for kind, _ in groupby(chunk.kind for chunk in kept)]
    single = [chunk for chunk in kept if chunk.kind != b"IDAT"]
    colours = kept[0].data[9:10] if kept else b""
    return (
        len({*kinds}) == len(kinds) == len(single) + (b"IDAT" in kinds)
        and not any(colours in _PNG_NEVER.get(kind, ()) for kind in kinds)
        and all(
            len(chunk.data) == _PNG_CLEAR.get(colours, len(chunk.data))
            for chunk in kept
            if chunk.kind == b"tRNS"
        )
    )


def _without_name(chunk: png.Chunk) -> png.Chunk:
    """Return a chunk as it is; a profile without the name that somebody gave it."""
    if chunk.kind != b"iCCP":
        return chunk
    _, end, profile = chunk.data.partition(b"\0")
    return png.Chunk(b"iCCP", b"ICC" + end + profile)


def _odd(image: Divided) -> PhotoFileError:
    """Return the refusal of an image with parts of which nobody knows what they show."""
    return PhotoFileError(
        N_("{file}: its picture is damaged, or the file holds something besides the picture"),
        N_(
            "Make a smaller copy: its picture is coded anew. Or save the photo in an image "
            "program, and register that as a new photo."
        ),
        fields=("max_size",),
        file=image.file,
    )


def _refuse_odd_profile(profiles: Sequence[bytes], image: Divided) -> None:
    """Refuse a profile that hides something; without it, other colours would be shown."""
    if not icc.are_whole(profiles):
        raise PhotoFileError(
            N_("{file}: its colour profile is damaged, or something is hidden in it"),
            N_(
                "Make a smaller copy: its picture is coded anew. Or save the photo in an image "
                "program, in sRGB colours, and register that as a new photo."
            ),
            fields=("max_size",),
            file=image.file,
        )


def _webp(image: Divided, rights: OwnRights, tags: _Tags) -> bytes:
    chunks, _ = webp.split_webp(image.data, image.file)
    header = _webp_header(chunks, image.file)
    kept = [chunk for chunk in chunks if chunk.kind in _WEBP_KEPT]
    profiles = _profiles_of_webp(kept)
    _refuse_odd_profile(profiles, image)
    if not _is_orderly_webp(chunks, header):
        raise _odd(image)
    flags = header.data[0] & webp.HAS_ALPHA | (_HAS_PROFILE if profiles else 0)
    block = tags.block(rights, webp.size_of(header), has_profile=bool(profiles))
    fresh = []
    if block:
        flags |= webp.HAS_EXIF
        fresh.append(webp.Chunk(b"EXIF", block))
    if rights.values():
        flags |= webp.HAS_XMP
        fresh.append(webp.Chunk(b"XMP ", edited(b"", rights.values())))
    first = webp.Chunk(b"VP8X", bytes([flags, 0, 0, 0]) + header.data[4:10])
    return webp.join_webp([first, *kept, *fresh], b"")


def _is_orderly_webp(chunks: Iterable[webp.Chunk], header: webp.Chunk) -> bool:
    """Whether there is one image, and transparency only where it is shown (RFC 9649, 2.7)."""
    image = [chunk.kind for chunk in chunks if chunk.kind in _WEBP_IMAGE]
    has_alpha = bool(header.data[0] & webp.HAS_ALPHA)
    return image in ([b"VP8 "], [b"VP8L"]) or (has_alpha and image == [b"ALPH", b"VP8 "])


def _profiles_of_webp(chunks: Iterable[webp.Chunk]) -> list[bytes]:
    return [chunk.data for chunk in chunks if chunk.kind == b"ICCP"]


def _webp_header(chunks: list[webp.Chunk], file: str) -> webp.Chunk:
    header = chunks[0] if chunks[0].kind == b"VP8X" else webp.extended_header(chunks)
    if header is None or len(header.data) < 10:  # noqa: PLR2004 - flags and both sides
        raise PhotoFileError(
            N_("{file}: its image is of a kind that is not known"),
            N_("Save it anew in an image program."),
            file=file,
        )
    return header


# What stands in a copy


def is_right(content: bytes, copy: Copy, file: str) -> bool:
    """Whether these bytes hold the image, the rights, and nothing else."""
    image = copy.picture if isinstance(copy.picture, Jpeg) else None
    written = Divided(content, file, alike=image)
    kind = written.kind
    metadata = metadata_of(written.blocks)
    ours = {field.xmp.key for field in copy.rights.values()}
    return (
        kind == copy.format
        and _shows(written, copy.picture)
        and says(metadata, copy.rights, kind, has_iim=kind == "JPEG")
        and {n for n in metadata.names if not n.endswith("}about")} <= ours
        and _is_fresh(metadata.exif)
        and not (metadata.has_place or metadata.has_credentials)
        and not _others(written)
    )


def _shows(written: Divided, picture: Jpeg | str) -> bool:
    if isinstance(picture, Jpeg):
        return jpeg_picture(written.jpeg) == jpeg_picture(picture)
    return _picture(written) == picture


def _is_fresh(found: Exif) -> bool:
    """Whether an Exif block holds nothing but what is written into a new one."""
    tags = set(found.main) - _FRESH_TAGS | set(found.camera) - _FRESH_CAMERA_TAGS
    return not (tags or found.gps or found.thumbnail)


def _others(written: Divided) -> bool:
    """Whether there is anything in the file that is not on the list."""
    content, kind, file = written.data, written.kind, written.file
    if kind == "JPEG":
        parts = written.jpeg
        rest = [s for s in parts.segments if allowed(s) != s]
        fresh = [s for s in rest if s.marker in {APP1, APP13}]
        return (
            bool(parts.trailer)
            or not icc.are_whole(icc.in_jpeg(parts.segments))
            or _repeats(parts)
            or len(rest) != len(fresh)
            or len(fresh) > len({*map(_start, fresh)})
        )
    if kind == "PNG":
        chunks, after = png.split_png(content, file)
        fresh_chunks = [c for c in chunks if not _is_kept(c)]
        kinds = [c.kind for c in fresh_chunks]
        return (
            bool(after)
            or not icc.are_whole(icc.in_png(chunks))
            or not _is_orderly_png(chunks)
            or not {*kinds} <= {b"eXIf", b"iTXt"}
            or len(kinds) > len({*kinds})
        )
    parts_of_webp, after = webp.split_webp(content, file)
    kinds = [c.kind for c in parts_of_webp]
    return (
        bool(after)
        or not icc.are_whole(_profiles_of_webp(parts_of_webp))
        or not _is_orderly_webp(parts_of_webp, _webp_header(parts_of_webp, file))
        or not {*kinds} <= _WEBP_KEPT | {b"VP8X", b"EXIF", b"XMP "}
        or len(kinds) > len({*kinds})
    )


def _start(segment: Segment) -> bytes:
    return segment.payload[:4]
