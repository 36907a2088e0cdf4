"""The picture hash stays when metadata change, and changes when the picture does."""

import random
import struct
import subprocess
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
from tests.photos.builders import (
    KINDS,
    jpeg_file,
    picture,
    png_chunk,
    png_with,
    saved,
    secretive_jpeg,
    segment,
    tiff_file,
    ultra_hdr,
    webp_with,
    with_segments,
)
from tests.photos.test_embedding import FILES, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.photos.embedding import plan_rights
from photoreg.photos.formats import PhotoFormat, recognise
from photoreg.photos.identity import file_hash, picture_hash
from photoreg.photos.jpeg import split_jpeg

Photo = Callable[..., Path]
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 85},
    "PNG": {},
    "WEBP": {"quality": 80},
    "TIFF": {"compression": "tiff_lzw"},
}


def hash_of(data: bytes) -> str:
    return picture_hash(data, recognise(data, "kuva"), "kuva")


def as_file(image: Image.Image, kind: str) -> bytes:
    content = BytesIO()
    image.save(content, kind, **OPTIONS[kind])
    return content.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_rights_written_into_a_file_keep_its_picture(name: str) -> None:
    data = FILES[name]()
    changed = plan_rights(data, RIGHTS, name).content
    assert file_hash(changed) != file_hash(data)
    assert hash_of(changed) == hash_of(data)


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_changed_picture_is_another_one(kind: str) -> None:
    image = picture()
    others = [
        image.crop((0, 0, 90, 64)),
        image.filter(ImageFilter.GaussianBlur(2)),
        image.transpose(Image.Transpose.ROTATE_90),
        image.convert("L"),
    ]
    hashes = {hash_of(as_file(each, kind)) for each in (image, *others)}
    assert len(hashes) == 1 + len(others)


def test_the_formats_never_share_a_hash() -> None:
    assert len({hash_of(as_file(picture(), kind)) for kind in OPTIONS}) == len(OPTIONS)


def test_the_colour_transform_of_adobe_is_part_of_a_jpeg_picture() -> None:
    plain, mark = jpeg_file(), b"Adobe\0\x64\0\0\0\0"
    hashes = {hash_of(with_segments(plain, segment(0xEE, mark + bytes([n])))) for n in (0, 1)}
    assert len(hashes | {hash_of(plain)}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        lambda: jpeg_file(icc_profile=b"profile" * 9_000),
        secretive_jpeg,
        lambda: secretive_jpeg(orientation=6),
        lambda: jpeg_file() + b"a film behind the picture",
        lambda: with_segments(jpeg_file(), segment(0xFE, b"remark"), segment(0xE1, b"what?")),
    ],
    ids=["colour profile", "metadata everywhere", "turned", "film", "unknown segments"],
)
def test_what_stands_around_a_jpeg_picture_is_no_part_of_it(changed: Callable[[], bytes]) -> None:
    assert hash_of(changed()) == hash_of(jpeg_file())


def test_fill_bytes_and_a_second_image_are_no_part_of_a_jpeg_picture() -> None:
    assert hash_of(FILES["JPEG fill bytes"]()) == hash_of(jpeg_file())
    assert hash_of(ultra_hdr()) == hash_of(ultra_hdr(profile_last=True)) == hash_of(jpeg_file())


@given(st.randoms())
def test_the_order_of_the_metadata_of_a_jpeg_does_not_matter(chance: random.Random) -> None:
    data = secretive_jpeg()
    segments = list(split_jpeg(data, "kuva").segments)
    texts = [each for each in segments if not each.is_image]
    image = [each for each in segments if each.is_image]
    chance.shuffle(texts)
    mixed = b"\xff\xd8" + b"".join(each.to_bytes() for each in (*texts, *image)) + b"\xff\xd9"
    assert hash_of(mixed) == hash_of(data)


@given(st.lists(st.integers(1, 2_000), max_size=8))
def test_it_does_not_matter_into_how_many_chunks_png_data_are_cut(cuts: list[int]) -> None:
    data = saved("PNG")
    start = data.index(b"IDAT") - 4
    size = int.from_bytes(data[start : start + 4], "big")
    content = data[start + 8 : start + 8 + size]
    places = [0, *sorted({cut % size for cut in cuts}), size]
    pieces = [content[a:b] for a, b in pairwise(places)]
    chunks = b"".join(png_chunk(b"IDAT", piece) for piece in pieces)
    assert hash_of(data[:start] + chunks + data[start + 12 + size :]) == hash_of(data)


def test_a_png_palette_and_its_transparency_are_part_of_the_picture() -> None:
    plain = saved("PNG", "P")
    start = plain.index(b"IDAT") - 4
    clear = plain[:start] + png_chunk(b"tRNS", b"\0") + plain[start:]
    assert hash_of(clear) != hash_of(plain)
    assert hash_of(png_with(png_chunk(b"gAMA", bytes(4)))) == hash_of(saved("PNG"))


def test_a_webp_header_that_metadata_ask_for_is_no_part_of_the_picture() -> None:
    assert hash_of(webp_with((b"EXIF", b"II*\0"), (b"what", b"?"))) == hash_of(saved("WEBP"))


def test_each_frame_of_an_animation_counts() -> None:
    def animated(kind: str, second: Image.Image) -> bytes:
        content = BytesIO()
        picture().save(content, kind, save_all=True, append_images=[second])
        return content.getvalue()

    for kind in ("WEBP", "PNG", "TIFF"):
        one, other = (animated(kind, picture().rotate(angle)) for angle in (10, 20))
        assert hash_of(one) != hash_of(other) != hash_of(as_file(picture(), kind))


def test_a_tiff_tag_that_says_how_to_decode_is_part_of_the_picture() -> None:
    data = bytearray(tiff_file())
    place = struct.unpack_from("<I", data, 4)[0]
    for row in range(struct.unpack_from("<H", data, place)[0]):
        at = place + 2 + row * 12
        if struct.unpack_from("<H", data, at)[0] == 262:  # how numbers become colours
            data[at + 8] = 6
    assert hash_of(bytes(data)) != hash_of(tiff_file())


def test_tiff_pages_that_claim_the_same_data_again_and_again_are_refused() -> None:
    rows = [(256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 1_000, 200), (279, 4, 1_000, 4_200)]
    table = struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHII", *row) for row in rows)
    head = (b"II*\0" + struct.pack("<I", 8) + table).ljust(200, b"\0")
    data = head + struct.pack("<I", 8) * 1_000 + struct.pack("<I", 8_000) * 1_000
    with pytest.raises(PhotoFileError):
        hash_of(data)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_never_ends_in_anything_but_a_hash_or_a_refusal(kind: str) -> None:
    chance = random.Random(7)  # noqa: S311 - the same damage each time
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
def test_an_edit_by_exiftool_keeps_the_picture(
    name: str, edit: list[str], exiftool: str, photo: Photo
) -> None:
    data = FILES[name]()
    path = photo(data, f"kuva.{recognise(data, name).lower()}")
    command = [exiftool, "-q", "-m", "-overwrite_original", *edit, str(path)]
    subprocess.run(command, capture_output=True, check=False)  # some files it refuses to touch
    assert hash_of(path.read_bytes()) == hash_of(data)


@pytest.mark.parametrize("kind", ["HEIC", "AVIF"])
def test_metadata_of_heif_are_no_part_of_the_picture(kind: PhotoFormat) -> None:
    whole = KINDS[kind]()
    changed = whole.replace(b"Hetta", b"Ounas").replace(b"x:xmpmeta", b"x:xmpmetb")
    assert changed != whole
    assert picture_hash(changed, kind, "") == picture_hash(whole, kind, "")
    at = whole.index(b"mdat") + 30
    other = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    assert picture_hash(other, kind, "") != picture_hash(whole, kind, "")
