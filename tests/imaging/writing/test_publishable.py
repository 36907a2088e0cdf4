"""Publishable copies of every format hold the image, its colours and the rights only."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from tests.imaging.builders import (
    HIDDEN_BYTES,
    KINDS,
    NAMES,
    SIZE,
    encoded,
    exif_segment,
    full_exif,
    heif_file,
    packet,
    png_chunk,
    png_with,
    png_xmp,
    rdf,
    sample_image,
    segment,
    tiff_file,
    turned,
    webp_with,
    with_segments,
)
from tests.imaging.writing.test_embedding import RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers import jpeg, png, webp
from photoreg.imaging.metadata.file_parts import divided, read_metadata
from photoreg.imaging.pictures import derivative
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.pictures.identity import picture_hash
from photoreg.imaging.writing.publishable_copy import Copy, is_valid_copy, make_publishable

SMALL = CopyOptions(48, quality=95)


def copy_of(data: bytes, options: CopyOptions = CopyOptions()) -> Copy:  # noqa: B008
    """Return a valid copy."""
    copy = make_publishable(data, RIGHTS, options, "kuva")
    assert is_valid_copy(copy.content, copy, "kuva")
    assert make_publishable(data, RIGHTS, options, "kuva").content == copy.content
    return copy


def shown(data: bytes) -> Image.Image:
    """Return the decoded image."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image


def distance(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two images, 0 to 255."""
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (one.width * one.height * 3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_rights_field_is_in_every_copy(kind: str) -> None:
    for options in (CopyOptions(), SMALL):
        read = read_metadata(copy_of(KINDS[kind](), options).content)
        assert read.text("photographer") == "; ".join(NAMES)
        for name in ("copyright", "credit", "terms", "licence_url", "licensor", "licensor_url"):
            assert read.text(name) == getattr(RIGHTS, name)
        assert (read.release, read.text("data_mining")) == (RIGHTS.release, RIGHTS.data_mining)
        assert (read.text("release_ids"), read.text("registry_id")) == ("C-7; C-12", "P-12")
        assert not read.disagreements


@pytest.mark.parametrize("kind", KINDS)
def test_no_copy_contains_hidden_data(kind: str) -> None:
    data = KINDS[kind]()
    for options in (CopyOptions(), SMALL):
        content = copy_of(data, options).content
        assert not [secret for secret in HIDDEN_BYTES if secret in content]
        assert not read_metadata(content).has_place


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_coded_image_of_these_formats_is_identical(kind: str) -> None:
    data = KINDS[kind]()
    copy = copy_of(data)
    assert not copy.is_derived
    assert picture_hash(divided(copy.content, "")) == picture_hash(divided(data, ""))
    if kind != "JPEG":  # Pillow warns about hidden data in the built file
        assert shown(copy.content).tobytes() == shown(data).tobytes()


@pytest.mark.parametrize("kind", ["TIFF", "HEIC", "AVIF"])
def test_other_formats_become_an_upright_jpeg(kind: str) -> None:
    copy = copy_of(KINDS[kind]())
    assert (copy.format, copy.made_from, copy.is_derived) == ("JPEG", kind, True)
    assert copy.size == SIZE[::-1]  # the built files are rotated by a quarter turn
    assert read_metadata(copy.content).orientation is None


def test_secrets_in_png_chunks_are_removed() -> None:
    data = png_with(
        png_chunk(b"tEXt", b"Comment\0Hetta"),
        png_chunk(b"zTXt", b"Raw profile type APP1\0\0secret"),
        png_chunk(b"tIME", b"\7\xea\1\1\1\1\1"),
        png_chunk(b"caBX", b"secret"),
        png_chunk(b"prVt", b"secret"),
        png_xmp(packet(rdf('<rdf:Description photoshop:City="Hetta"/>'))),
    )
    chunks, after = png.split_png(copy_of(data + b"secret").content, "")
    assert [c.kind for c in chunks] == [b"IHDR", b"eXIf", b"iTXt", b"IDAT", b"IEND"]
    assert after == b""


def test_secrets_in_webp_chunks_are_removed() -> None:
    above = sample_image("RGBA")
    above.putpixel((0, 0), (0, 0, 0, 0))
    content = BytesIO()
    above.save(content, "WEBP", icc_profile=derivative.srgb_profile())
    plain = content.getvalue()
    data = webp_with((b"EXIF", full_exif()), (b"XMP ", b"Hetta"), (b"C2PA", b"x"), data=plain)
    chunks, after = webp.split_webp(copy_of(data + b"secret").content, "")
    assert [c.kind for c in chunks] == [b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"EXIF", b"XMP "]
    assert chunks[0].data[0] == 0x20 | webp.HAS_ALPHA | webp.HAS_EXIF | webp.HAS_XMP
    assert after == b""


@pytest.mark.parametrize("kind", [b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"cLLI"])
def test_secrets_in_overlong_png_chunks_are_removed(kind: bytes) -> None:
    data = png_with(png_chunk(kind, bytes(32) + b"Hetta"))
    assert b"Hetta" not in copy_of(data).content


def test_profile_name_is_removed() -> None:
    profile = zlib.compress(derivative.srgb_profile())
    data = png_with(png_chunk(b"iCCP", b"Hetta\0\0" + profile))
    chunks, _ = png.split_png(copy_of(data).content, "")
    assert [c.data for c in chunks if c.kind == b"iCCP"] == [b"ICC\0\0" + profile]


@pytest.mark.parametrize("marker", [0xCC, 0xDC, 0xDD, 0xDE, 0xDF])
def test_jpeg_with_overlong_image_segments_is_refused(marker: int) -> None:
    data = with_segments(encoded("JPEG"), segment(marker, bytes(60) + b"Hetta"))
    with pytest.raises(PhotoFileError, match="damaged"):
        make_publishable(data, RIGHTS)


@pytest.mark.parametrize("kind", [b"PLTE", b"IEND", b"IHDR"])
def test_png_with_overlong_critical_chunks_is_refused(kind: bytes) -> None:
    with pytest.raises(PhotoFileError, match="damaged"):
        make_publishable(png_with(png_chunk(kind, bytes(768) + b"Hetta")), RIGHTS)


def png_of(header: bytes, *data: bytes) -> bytes:
    """Return a PNG with this IHDR and these IDAT chunks."""
    chunks = [(b"IHDR", header), *((b"IDAT", part) for part in data), (b"IEND", b"")]
    return png.SIGNATURE + b"".join(png_chunk(kind, content) for kind, content in chunks)


GREY = struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
"""The IHDR of a PNG with 3 x 2 grey pixels; its scanlines take four bytes each."""

PIXELS = zlib.compress(b"\0abc\0def")


@pytest.mark.parametrize("parts", [(PIXELS,), (PIXELS[:3], PIXELS[3:], b"")])
def test_png_with_one_or_many_data_chunks_is_copied(parts: tuple[bytes, ...]) -> None:
    assert shown(copy_of(png_of(GREY, *parts)).content).tobytes() == b"abcdef"


@pytest.mark.parametrize(
    "parts",
    [
        (PIXELS + b"Hetta",),
        (PIXELS, b"Hetta"),
        (zlib.compress(b"\0abc\0def" + b"Hetta"),),
        (zlib.compress(b"\0abc\0def" + bytes(10**8)),),
        (zlib.compress(b"\0abc"),),
        (PIXELS[:-1],),
        (PIXELS[:-1] + b"?",),
        (b"Hetta",),
        (),
    ],
    ids=[
        *("behind the stream", "in a chunk of its own", "behind the pixels", "a bomb"),
        *("too few pixels", "cut off", "another checksum", "no stream", "nothing"),
    ],
)
def test_png_with_more_or_less_data_than_its_pixels_is_refused(parts: tuple[bytes]) -> None:
    with pytest.raises(PhotoFileError, match="damaged"):
        make_publishable(png_of(GREY, *parts), RIGHTS)


@pytest.mark.parametrize("at", [9, 10, 11, 12])
def test_png_with_an_unknown_header_is_refused(at: int) -> None:
    odd = GREY[:at] + b"\7" + GREY[at + 1 :]
    for header in (odd, GREY[:-1]):
        with pytest.raises(PhotoFileError, match="damaged"):
            make_publishable(png_of(header, PIXELS), RIGHTS)


def test_png_with_too_many_pixels_is_refused() -> None:
    with pytest.raises(PhotoFileError, match="million pixels"):
        make_publishable(png_of(struct.pack(">II", 10**9, 10**9) + GREY[8:], PIXELS), RIGHTS)


@given(
    width=st.integers(1, 20),
    height=st.integers(1, 20),
    kind=st.sampled_from([(0, b) for b in (1, 2, 4, 8, 16)] + [(3, b) for b in (1, 2, 4, 8)])
    | st.sampled_from([(c, b) for c in (2, 4, 6) for b in (8, 16)]),
    interlaced=st.booleans(),
)
def test_computed_png_data_length_is_that_of_the_decoder(
    width: int, height: int, kind: tuple[int, int], *, interlaced: bool
) -> None:
    """Pillow accepts exactly this length and refuses one byte less."""
    colours, bits = kind
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, interlaced)
    length = png._pixel_data_length(header)
    palette = png_chunk(b"PLTE", bytes(768)) if colours == 3 else b""

    def built(count: int) -> bytes:
        data = png_of(header, zlib.compress(bytes(count)))
        return data[:33] + palette + data[33:]

    assert shown(copy_of(built(length)).content).size == (width, height)
    with pytest.raises(OSError, match="truncated"):
        shown(built(length - 1))
    with pytest.raises(PhotoFileError):
        make_publishable(built(length + 1), RIGHTS)


def test_webp_with_two_images_is_refused() -> None:
    with pytest.raises(PhotoFileError, match="damaged"):
        make_publishable(webp_with((b"VP8L", b"Hetta")), RIGHTS)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animations_are_refused(kind: str) -> None:
    frames = [sample_image().rotate(turn) for turn in (0, 90)]
    content = BytesIO()
    frames[0].save(content, kind, save_all=True, append_images=frames[1:])
    with pytest.raises(PhotoFileError, match="animation"):
        make_publishable(content.getvalue(), RIGHTS)


@pytest.mark.parametrize("kind", [b"acTL", b"fcTL", b"fdAT"])
def test_file_with_one_animation_chunk_is_an_animation(kind: bytes) -> None:
    with pytest.raises(PhotoFileError, match="this is an animation"):
        make_publishable(png_with(png_chunk(kind, bytes(26))), RIGHTS)


def test_png_with_an_unknown_critical_chunk_is_refused() -> None:
    with pytest.raises(PhotoFileError):
        make_publishable(png_with(png_chunk(b"CgBI", b"x")), RIGHTS)


TWO = png_chunk(b"gAMA", bytes(4)), png_chunk(b"tRNS", bytes(6)), png_chunk(b"PLTE", bytes(765))


@pytest.mark.parametrize("chunk", TWO, ids=["gAMA", "tRNS", "PLTE"])
def test_png_with_a_duplicated_chunk_is_refused(chunk: bytes) -> None:
    copy = copy_of(png_with(chunk))
    place = copy.content.index(chunk)
    assert not is_valid_copy(copy.content[:place] + chunk + copy.content[place:], copy, "")
    with pytest.raises(PhotoFileError, match="besides the picture"):
        make_publishable(png_with(chunk, chunk), RIGHTS)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("L", b"PLTE"), ("LA", b"PLTE"), ("LA", b"tRNS"), ("RGBA", b"tRNS")),
        ("L", b"tRNS"),  # must be two bytes long
    ],
)
def test_png_with_a_chunk_not_allowed_for_its_colour_type_is_refused(
    mode: str, kind: bytes
) -> None:
    data = encoded("PNG", mode)
    place = data.index(b"IDAT") - 4
    with pytest.raises(PhotoFileError, match="besides the picture"):
        make_publishable(data[:place] + png_chunk(kind, b"Hetta!") + data[place:], RIGHTS)


def test_png_with_nonconsecutive_data_chunks_is_refused() -> None:
    whole = png_of(GREY, PIXELS[:3], PIXELS[3:])
    place = whole.rindex(b"IDAT") - 4
    with pytest.raises(PhotoFileError, match="besides the picture"):
        make_publishable(whole[:place] + png_chunk(b"gAMA", bytes(4)) + whole[place:], RIGHTS)


def test_png_with_two_headers_is_always_refused() -> None:
    data = png_with(png_chunk(b"IHDR", struct.pack(">II", 10**5, 10**5) + GREY[8:]))
    for read in (read_metadata, lambda data: make_publishable(data, RIGHTS)):
        with pytest.raises(PhotoFileError, match="damaged"):
            read(data)


def test_jpeg_with_repeated_headers_is_refused() -> None:
    adobe = segment(jpeg.APP14, b"Adobe" + bytes(7))
    frame = next(
        s for s in jpeg.split_jpeg(encoded("JPEG"), "").segments if s.marker in jpeg.SOF_MARKERS
    )
    for part in (adobe, segment(0xDC, b"ab"), segment(0xDD, bytes(2)), frame.to_bytes()):
        with pytest.raises(PhotoFileError, match="besides the picture"):
            make_publishable(with_segments(encoded("JPEG"), part, part), RIGHTS)
    copy = copy_of(with_segments(encoded("JPEG", "L"), adobe))
    assert not is_valid_copy(with_segments(copy.content, adobe), copy, "")
    jfif = segment(jpeg.APP0, b"JFIF\0" + bytes(9))
    assert not is_valid_copy(with_segments(copy.content, jfif), copy, "")


def test_jpeg_with_a_restart_interval_per_scan_is_copied() -> None:
    data = encoded("JPEG", progressive=True, restart_marker_rows=1)
    assert data.count(b"\xff\xdd\0\4") > 1
    copy_of(data)


def test_webp_with_undeclared_transparency_is_refused() -> None:
    see_through, content = sample_image(), BytesIO()
    see_through.putalpha(sample_image("L"))
    see_through.save(content, "WEBP")
    first, alpha, image = webp.split_webp(content.getvalue(), "")[0]
    copy_of(webp.join_webp([first, alpha, image], b""))
    unsaid = webp.WebpChunk(b"VP8X", bytes(4) + first.data[4:])
    simple = webp.split_webp(encoded("WEBP"), "")[0][0]
    odd = [[unsaid, alpha, image], [first, image, alpha], [first, alpha, alpha, image]]
    for chunks in (*odd, [first, image, image], [first, alpha], [simple, alpha]):
        with pytest.raises(PhotoFileError, match="besides the picture"):
            make_publishable(webp.join_webp(chunks, b""), RIGHTS)


# --- made anew -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_smaller_copy_has_the_requested_size(kind: str) -> None:
    copy = copy_of(KINDS[kind](), SMALL)
    assert max(copy.size) == 48
    assert sorted(copy.size) == [32, 48]
    assert shown(copy.content).size == copy.size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_small_photo_is_not_scaled(kind: str) -> None:
    assert copy_of(KINDS[kind](), CopyOptions(96)).content == copy_of(KINDS[kind]()).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIC", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_smaller_copy_is_upright(kind: str, orientation: int) -> None:
    ways = {1: (0, None), 2: (0, 1), 3: (2, None), 4: (0, 0), 5: (1, 0), 6: (3, None)}
    ways |= {7: (1, 1), 8: (1, None)}
    builds: dict[str, Any] = {
        "JPEG": lambda: with_segments(encoded("JPEG"), exif_segment(full_exif(orientation))),
        "PNG": lambda: encoded("PNG", exif=full_exif(orientation)),
        "WEBP": lambda: encoded("WEBP", exif=full_exif(orientation)),
        "TIFF": lambda: encoded("TIFF", tiffinfo={274: orientation}),
        "HEIC": lambda: heif_file(properties=turned(*ways[orientation])),
        "AVIF": lambda: encoded("AVIF", exif=full_exif(orientation)),
    }
    plain = heif_file() if kind == "HEIC" else encoded(kind)
    unturned = shown(copy_of(plain, SMALL).content)
    wanted = {
        1: unturned,
        2: unturned.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: unturned.transpose(Image.Transpose.ROTATE_180),
        4: unturned.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: unturned.transpose(Image.Transpose.TRANSPOSE),
        6: unturned.transpose(Image.Transpose.ROTATE_270),
        7: unturned.transpose(Image.Transpose.TRANSVERSE),
        8: unturned.transpose(Image.Transpose.ROTATE_90),
    }[orientation]
    turned_copy = shown(copy_of(builds[kind](), SMALL).content)
    assert turned_copy.size == wanted.size
    assert distance(turned_copy, wanted) < 6


def test_colours_of_another_profile_are_converted() -> None:
    """Pure green in a wider colour space becomes pure green in the copy, not a paler one."""
    wide = ImageCms.createProfile("LAB")
    lab = Image.new("LAB", SIZE, (150, 80, 200))
    wanted = ImageCms.profileToProfile(lab, wide, ImageCms.createProfile("sRGB"), outputMode="RGB")
    content = BytesIO()
    lab.save(content, "TIFF")
    assert wanted is not None
    assert distance(shown(copy_of(content.getvalue()).content), wanted) < 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16"])
def test_every_pixel_mode_becomes_an_srgb_jpeg(mode: str) -> None:
    image = Image.new("I;16", SIZE, 40_000) if mode == "I;16" else sample_image().convert(mode)
    content = BytesIO()
    image.save(content, "TIFF")
    copy = shown(copy_of(content.getvalue()).content)
    assert copy.mode == ("L" if mode in {"1", "L", "I;16"} else "RGB")
    if mode == "I;16":
        assert abs(copy.getpixel((5, 5)) - 40_000 / 257) < 2  # type: ignore[operator]
    elif copy.mode == "RGB":
        assert copy.info["icc_profile"] == derivative.srgb_profile()


def test_unsupported_pixel_modes_are_refused() -> None:
    content = BytesIO()
    Image.new("F", SIZE, 0.5).save(content, "TIFF")
    with pytest.raises(PhotoFileError, match="no copy can be made of pixels"):
        make_publishable(content.getvalue(), RIGHTS)


@pytest.mark.parametrize("profile", [b"", b"damaged", derivative.srgb_profile()])
def test_cmyk_becomes_rgb_with_any_profile(profile: bytes) -> None:
    copy = copy_of(encoded("JPEG", "CMYK", icc_profile=profile), SMALL)
    assert shown(copy.content).mode == "RGB"


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("WEBP", "RGBA"), ("JPEG", "RGB")])
def test_transparency_is_kept_where_the_format_supports_it(kind: str, mode: str) -> None:
    above = Image.new("RGBA", SIZE, (255, 0, 0, 0))
    content = BytesIO()
    above.save(content, "TIFF" if kind == "JPEG" else kind, lossless=True)
    copy = shown(copy_of(content.getvalue(), SMALL).content)
    assert copy.mode == mode
    pixel = copy.getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0 if mode == "RGBA" else min(pixel) > 250  # on white


def test_first_of_several_pages_is_used_and_their_number_reported() -> None:
    content = BytesIO()
    sample_image().save(content, "TIFF", save_all=True, append_images=[sample_image().rotate(180)])
    copy = copy_of(content.getvalue())
    assert copy.pictures == 2
    assert distance(shown(copy.content), sample_image()) < 10


def test_quality_affects_the_file_size() -> None:
    sizes = [
        len(copy_of(tiff_file(), CopyOptions(quality=quality)).content) for quality in (50, 80, 95)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2]


def test_srgb_profile_is_reproducible() -> None:
    assert len(derivative.srgb_profile()) < 1000
    assert derivative.srgb_profile()[24:36] == bytes.fromhex("07ea00010001000000000000")
    assert ImageCms.getProfileName(BytesIO(derivative.srgb_profile())).startswith("sRGB")


def test_copy_with_additional_data_is_not_valid() -> None:
    copy = make_publishable(encoded("PNG"), RIGHTS)
    more = copy.content[:33] + png_chunk(b"tEXt", b"Comment\0x") + copy.content[33:]
    assert not is_valid_copy(more, copy, "")
    assert not is_valid_copy(copy.content + b"x", copy, "")
    web = make_publishable(encoded("WEBP"), RIGHTS)
    chunks, _ = webp.split_webp(web.content, "")
    assert not is_valid_copy(webp.join_webp([*chunks, webp.WebpChunk(b"XXXX", b"y")], b""), web, "")
    photo = make_publishable(encoded("JPEG"), RIGHTS)
    parts = jpeg.split_jpeg(photo.content, "")
    hidden = jpeg.Jpeg((*parts.segments, jpeg.Segment(jpeg.COM, b"x")))
    assert not is_valid_copy(hidden.to_bytes(), photo, "")
