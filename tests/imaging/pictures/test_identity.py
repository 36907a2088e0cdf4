"""The picture hash depends on the picture and not on metadata."""

import random
import struct
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from tests.imaging.builders import (
    KINDS,
    box,
    encoded,
    full_jpeg,
    heif_file,
    jpeg_file,
    png_chunk,
    png_with,
    sample_image,
    segment,
    tiff_file,
    ultra_hdr,
    webp_with,
    with_segments,
)
from tests.imaging.writing.test_embedding import FILES, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import detect_format
from photoreg.imaging.containers.jpeg import split_jpeg
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.pictures.identity import file_hash, picture_hash, shows_the_same
from photoreg.imaging.writing.embedding import plan_rights

Photo = Callable[..., Path]
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85},
    "PNG": {},
    "WEBP": {"quality": 80},
    "TIFF": {"compression": "tiff_lzw"},
}


def hash_of(data: bytes) -> str:
    return picture_hash(divided(data, "kuva"))


def as_file(image: Image.Image, kind: str) -> bytes:
    content = BytesIO()
    image.save(content, kind, **OPTIONS[kind])
    return content.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_writing_rights_does_not_change_the_picture_hash(name: str) -> None:
    data = FILES[name]()
    changed = plan_rights(data, RIGHTS, name).content
    assert file_hash(changed) != file_hash(data)
    assert hash_of(changed) == hash_of(data)


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_changed_picture_has_another_hash(kind: str) -> None:
    image = sample_image()
    others = [
        image.crop((0, 0, 90, 64)),
        image.filter(ImageFilter.GaussianBlur(2)),
        image.transpose(Image.Transpose.ROTATE_90),
        image.convert("L"),
    ]
    hashes = {hash_of(as_file(each, kind)) for each in (image, *others)}
    assert len(hashes) == 1 + len(others)


def test_formats_never_share_a_hash() -> None:
    assert len({hash_of(as_file(sample_image(), kind)) for kind in OPTIONS}) == len(OPTIONS)


def test_the_adobe_colour_transform_is_hashed() -> None:
    plain, mark = jpeg_file(), b"Adobe\0\x64\0\0\0\0"
    hashes = {hash_of(with_segments(plain, segment(0xEE, mark + bytes([n])))) for n in (0, 1)}
    assert len(hashes | {hash_of(plain)}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        lambda: jpeg_file(icc_profile=b"profile" * 9_000),
        full_jpeg,
        lambda: full_jpeg(orientation=6),
        lambda: jpeg_file() + b"a film behind the picture",
        lambda: with_segments(jpeg_file(), segment(0xFE, b"remark"), segment(0xE1, b"what?")),
    ],
    ids=["colour profile", "metadata everywhere", "turned", "film", "unknown segments"],
)
def test_data_around_a_jpeg_image_are_not_hashed(changed: Callable[[], bytes]) -> None:
    assert hash_of(changed()) == hash_of(jpeg_file())


def test_fill_bytes_and_a_second_jpeg_image_are_not_hashed() -> None:
    assert hash_of(FILES["JPEG fill bytes"]()) == hash_of(jpeg_file())
    assert hash_of(ultra_hdr()) == hash_of(ultra_hdr(profile_last=True)) == hash_of(jpeg_file())


def test_every_colour_transform_of_a_jpeg_is_hashed() -> None:
    marks = [segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([n])) for n in (0, 1)]
    pictures = [marks[:1], marks[1:], marks, marks[::-1]]
    assert len({hash_of(with_segments(jpeg_file(), *each)) for each in pictures}) == 4


def _tiff_page(data: bytes, **tags: tuple[int, list[int]] | None) -> list[tuple[int, int, bytes]]:
    """Return the IFD entries of a page of 4 x 4 grey pixels; `t273=None` omits a tag."""
    rows: dict[int, tuple[int, list[int]] | None] = {
        256: (3, [4]),
        257: (3, [4]),
        258: (3, [8]),
        259: (3, [1]),
        262: (3, [1]),
        273: (4, [8]),
        278: (3, [4]),
        279: (4, [len(data)]),
    }
    rows |= {int(name[1:]): value for name, value in tags.items()}
    return [
        (tag, value[0], b"".join(n.to_bytes(4, "little") for n in value[1]))
        for tag, value in sorted(rows.items())
        if value
    ]


def _tiff_of(data: bytes, *pages: list[tuple[int, int, bytes]]) -> bytes:
    """Return a TIFF with the image data at byte 8, followed by the IFDs."""
    place = 8 + len(data)
    content = b"II*\0" + struct.pack("<I", place) + data
    for number, rows in enumerate(pages, 1):
        place += 2 + 12 * len(rows) + 4
        table = b"".join(struct.pack("<HHI", tag, kind, 1) + value for tag, kind, value in rows)
        following = place if number < len(pages) else 0
        content += struct.pack("<H", len(rows)) + table + struct.pack("<I", following)
    return content


_ALLOWED, _FORBIDDEN = bytes(16), b"\xff" * 16
_HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "places of a kind that is not read": lambda d: _tiff_of(d, _tiff_page(d, t273=(9, [8]))),
    "no lengths": lambda d: _tiff_of(d, _tiff_page(d, t279=None)),
    "lengths of zero": lambda d: _tiff_of(d, _tiff_page(d, t279=(4, [0]))),
    "lengths that are too short": lambda d: _tiff_of(d, _tiff_page(d, t279=(4, [1]))),
    "lengths beyond the end": lambda d: _tiff_of(d, _tiff_page(d, t279=(4, [17 + 9 * 12]))),
    "bits of a kind that is not read": lambda d: _tiff_of(
        d, _tiff_page(d, t258=(8, [8]), t279=(4, [2]))
    ),
    "a tag twice": lambda d: _tiff_of(
        _ALLOWED + d, [(273, 4, struct.pack("<I", 24)), *_tiff_page(_ALLOWED)]
    ),
    "strips and tiles": lambda d: _tiff_of(
        _ALLOWED + d, _tiff_page(_ALLOWED, t322=(3, [4]), t323=(3, [4]), t324=(4, [24]))
    ),
    "a first page that calls itself a preview": lambda d: _tiff_of(
        d + _ALLOWED, _tiff_page(d, t254=(4, [1])), _tiff_page(_ALLOWED, t273=(4, [24]))
    ),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_tiff_cannot_have_the_hash_of_another_picture(name: str) -> None:
    assert hash_of(_HOSTILE[name](_ALLOWED)) != hash_of(_HOSTILE[name](_FORBIDDEN))


@pytest.mark.parametrize("name", _HOSTILE)
def test_an_ambiguous_tiff_never_has_the_hash_of_a_regular_one(name: str) -> None:
    clear = _tiff_of(_ALLOWED, _tiff_page(_ALLOWED))
    assert hash_of(_HOSTILE[name](_FORBIDDEN)) != hash_of(clear)


def test_data_offsets_of_a_regular_tiff_do_not_matter() -> None:
    moved = _tiff_of(bytes(4) + _ALLOWED, _tiff_page(_ALLOWED, t273=(4, [12])))
    assert hash_of(moved) == hash_of(_tiff_of(_ALLOWED, _tiff_page(_ALLOWED)))


@given(st.randoms())
def test_the_order_of_jpeg_metadata_does_not_matter(chance: random.Random) -> None:
    data = full_jpeg()
    segments = list(split_jpeg(data, "kuva").segments)
    texts = [each for each in segments if not each.is_image]
    image = [each for each in segments if each.is_image]
    chance.shuffle(texts)
    mixed = b"\xff\xd8" + b"".join(each.to_bytes() for each in (*texts, *image)) + b"\xff\xd9"
    assert hash_of(mixed) == hash_of(data)


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 10_000), st.integers(1, 255))
def test_comparing_two_files_agrees_with_their_hashes(kind: str, place: int, change: int) -> None:
    data = bytearray(full_jpeg() if kind == "JPEG" else KINDS[kind]())
    before = divided(bytes(data), "kuva")
    data[place % len(data)] ^= change
    with suppress(PhotoFileError):
        after = divided(bytes(data), "kuva")
        is_same = picture_hash(before) == picture_hash(after)
        assert shows_the_same(before, after) == is_same


@given(st.lists(st.integers(1, 2_000), max_size=8))
def test_the_number_of_png_data_chunks_does_not_matter(cuts: list[int]) -> None:
    data = encoded("PNG")
    start = data.index(b"IDAT") - 4
    size = int.from_bytes(data[start : start + 4], "big")
    content = data[start + 8 : start + 8 + size]
    places = [0, *sorted({cut % size for cut in cuts}), size]
    pieces = [content[a:b] for a, b in pairwise(places)]
    chunks = b"".join(png_chunk(b"IDAT", piece) for piece in pieces)
    assert hash_of(data[:start] + chunks + data[start + 12 + size :]) == hash_of(data)


def test_a_png_palette_and_its_transparency_are_hashed() -> None:
    plain = encoded("PNG", "P")
    start = plain.index(b"IDAT") - 4
    clear = plain[:start] + png_chunk(b"tRNS", b"\0") + plain[start:]
    assert hash_of(clear) != hash_of(plain)
    assert hash_of(png_with(png_chunk(b"gAMA", bytes(4)))) == hash_of(encoded("PNG"))


def test_a_webp_header_for_metadata_is_not_hashed() -> None:
    assert hash_of(webp_with((b"EXIF", b"II*\0"), (b"what", b"?"))) == hash_of(encoded("WEBP"))


def test_a_webp_header_that_hides_transparency_changes_the_hash() -> None:
    image = sample_image("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    whole = as_file(image, "WEBP")
    at = whole.index(b"VP8X") + 8
    opaque = whole[:at] + bytes([whole[at] & ~0x10]) + whole[at + 1 :]
    assert opaque != whole
    assert hash_of(opaque) != hash_of(whole)


def test_every_animation_frame_is_hashed() -> None:
    def animated(kind: str, second: Image.Image) -> bytes:
        content = BytesIO()
        sample_image().save(content, kind, save_all=True, append_images=[second])
        return content.getvalue()

    for kind in ("WEBP", "PNG", "TIFF"):
        one, other = (animated(kind, sample_image().rotate(angle)) for angle in (10, 20))
        assert hash_of(one) != hash_of(other) != hash_of(as_file(sample_image(), kind))


def test_tiff_tags_that_affect_decoding_are_hashed() -> None:
    data = bytearray(tiff_file())
    place = struct.unpack_from("<I", data, 4)[0]
    for row in range(struct.unpack_from("<H", data, place)[0]):
        at = place + 2 + row * 12
        if struct.unpack_from("<H", data, at)[0] == 262:  # PhotometricInterpretation
            data[at + 8] = 6
    assert hash_of(bytes(data)) != hash_of(tiff_file())


def test_tiff_pages_that_share_data_excessively_are_refused() -> None:
    rows = [(256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 1_000, 200), (279, 4, 1_000, 4_200)]
    table = struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHII", *row) for row in rows)
    head = (b"II*\0" + struct.pack("<I", 8) + table).ljust(200, b"\0")
    data = head + struct.pack("<I", 8) * 1_000 + struct.pack("<I", 8_000) * 1_000
    with pytest.raises(PhotoFileError):
        hash_of(data)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_give_a_hash_or_our_error(kind: str) -> None:
    chance = random.Random(7)  # noqa: S311 - reproducible
    whole = KINDS[kind]()
    for _ in range(400):
        data = bytearray(whole[: chance.choice((len(whole), chance.randrange(12, len(whole))))])
        for _ in range(chance.randrange(6)):
            data[chance.randrange(12, len(data))] = chance.choice((0, 0xFF, chance.randrange(256)))
        with suppress(PhotoFileError):
            assert len(hash_of(bytes(data))) == 64


@pytest.mark.exiftool
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "edit",
    [
        ["-Artist=Anna", "-XMP-dc:Rights=Anna", "-GPSLatitude=68", "-GPSLatitudeRef=N"],
        ["-all="],
        ["-Orientation#=3"],
    ],
    ids=["tags in", "all tags out", "turned"],
)
def test_an_edit_by_exiftool_does_not_change_the_hash(
    name: str, edit: list[str], ask_exiftool: Callable[..., str], photo: Photo
) -> None:
    data = FILES[name]()
    path = photo(data, f"kuva.{detect_format(data, name).lower()}")
    # exiftool refuses to edit some files.
    ask_exiftool("-q", "-m", "-overwrite_original", *edit, path)
    assert hash_of(path.read_bytes()) == hash_of(data)


@pytest.mark.parametrize("kind", ["HEIC", "AVIF"])
def test_heif_metadata_are_not_hashed(kind: str) -> None:
    whole = KINDS[kind]()
    changed = whole.replace(b"Hetta", b"Ounas").replace(b"x:xmpmeta", b"x:xmpmetb")
    assert changed != whole
    assert hash_of(changed) == hash_of(whole)
    at = whole.index(b"mdat") + 30
    other = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    assert hash_of(other) != hash_of(whole)


def test_the_primary_item_of_a_heif_is_hashed() -> None:
    other = (b"hvc1", b"", b"another coded picture")
    first = heif_file(other)
    second = first.replace(box(b"pitm", b"\0\1", 0), box(b"pitm", b"\0\2", 0))
    assert first != second
    assert hash_of(first) != hash_of(second)


def test_the_clean_aperture_of_a_heif_is_hashed() -> None:
    crop = box(b"clap", struct.pack(">8I", 40, 1, 40, 1, 0, 1, 0, 1))
    assert hash_of(heif_file(properties=[crop])) != hash_of(heif_file())
