"""HEIC and AVIF: parsing boxes, and refusing damaged ones."""

import random
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import (
    ARTIST,
    CREATORS,
    NAMES,
    SIZE,
    avif_file,
    box,
    description,
    encoded,
    exif_item,
    full_exif,
    heic_file,
    heif_file,
    packet,
    rdf,
    turned,
    xmp_item,
)

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import detect_format
from photoreg.imaging.containers.heif import C2PA_UUID, split_heif
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.pictures.decoding import open_image
from photoreg.imaging.reading import read_photo
from photoreg.installation import install_command
from photoreg.presentation.messages import error_texts

Photo = Callable[..., Path]
MIRRORED = {None: [1, 8, 3, 6], 0: [4, 5, 2, 7], 1: [2, 7, 4, 5]}
"""The Exif orientation of HEIF transformations, by mirroring and quarter turns.

As Pillow numbers those of libavif's own sample files.
"""


@pytest.mark.parametrize("mirror", [None, 0, 1])
@pytest.mark.parametrize("quarters", range(4))
def test_transformations_are_read_as_exif_orientation(
    quarters: int, mirror: int | None, photo: Photo
) -> None:
    data = heif_file(properties=turned(quarters, mirror))
    reading = read_photo(photo(data))
    assert reading.orientation == MIRRORED[mirror][quarters]
    assert (reading.width, reading.height) == SIZE  # as stored
    with open_image(data, "HEIC", "kuva") as image:
        assert image.size == (SIZE if quarters % 2 == 0 else SIZE[::-1])


def test_exif_orientation_is_overridden_by_the_boxes(photo: Photo) -> None:
    assert read_photo(photo(heif_file(exif_item(full_exif(6))))).orientation == 1


def test_items_of_the_primary_picture_come_first() -> None:
    creator = description(f"<dc:creator>{CREATORS}</dc:creator>")
    other = xmp_item(packet(rdf(description("<photoshop:City>Hetta</photoshop:City>"))))
    metadata = read_metadata(heif_file(xmp_item(packet(rdf(creator))), other))
    assert metadata.fields["photographer"].text == "; ".join(NAMES)
    assert metadata.has_place


def test_content_credentials_are_detected() -> None:
    assert read_metadata(heif_file(after=box(b"uuid", C2PA_UUID + bytes(40)))).has_credentials
    assert not read_metadata(heif_file(after=box(b"uuid", bytes(56)))).has_credentials


@pytest.mark.parametrize(
    ("brands", "kind"),
    [
        (b"heic\0\0\0\0mif1heic", "HEIC"),
        (b"mif1\0\0\0\0mif1avif", "AVIF"),
        (b"mif1\0\0\0\0mif1heic", "HEIC"),
        (b"avis\0\0\0\0avif", "AVIF"),
        (b"hevc\0\0\0\0", "HEIC"),
    ],
)
def test_brands_determine_the_format(brands: bytes, kind: str) -> None:
    assert detect_format(box(b"ftyp", brands), "kuva.jpg") == kind


def test_samsung_trailer_and_boxes_after_the_picture_are_harmless(photo: Photo) -> None:
    trailer = box(b"mpvd", b"ftypmp42 a film") + box(b"sefd", b"SEFH")
    assert read_photo(photo(heif_file(exif_item(full_exif()), after=trailer))).artist == ARTIST


def test_too_large_image_is_refused_before_decoding(photo: Photo) -> None:
    data = heif_file().replace(struct.pack(">II", *SIZE), struct.pack(">II", 60_000, 60_000))
    with pytest.raises(PhotoFileError, match="million pixels"):
        read_photo(photo(data))


def test_missing_library_is_reported_with_the_install_command(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(PhotoFileError, match="installed separately") as refusal:
        read_photo(photo(heic_file(), "IMG_1.HEIC"))
    assert install_command("pi-heif") in error_texts(refusal.value)[1]
    assert read_metadata(heic_file()).text("photographer") == ARTIST
    assert read_photo(photo(avif_file())).artist == ARTIST  # Pillow decodes it itself


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d[:-20],
        lambda d: d.replace(b"pitm", b"pitx").replace(b"hvc1", b"xxxx"),
        lambda d: d.replace(b"iinf", b"iinx"),
        lambda d: d.replace(b"iloc", b"ilox"),
        lambda d: d.replace(b"meta", b"mety"),
        lambda d: d.replace(b"\0\0\0\x09irot", b"\0\0\0\4irot"),
        lambda d: d.replace(b"rdf+xml", b"rdf+xm\xff"),
        lambda d: d[: d.index(b"iloc") + 10] + b"\xff\xff" + d[d.index(b"iloc") + 12 :],
        lambda d: d[: d.index(b"iinf") + 8] + b"\0\0\xff\xff" + d[d.index(b"iinf") + 12 :],
    ],
    ids=["cut", "picture", "iinf", "iloc", "meta", "size", "text", "count", "entry"],
)
def test_damaged_file_is_refused(damage: Callable[[bytes], bytes], photo: Photo) -> None:
    with pytest.raises(PhotoFileError):
        read_photo(photo(damage(heic_file())))


@pytest.mark.parametrize("build", [heic_file, avif_file])
def test_any_byte_may_be_damaged(build: Callable[[], bytes], photo: Photo) -> None:
    chance = random.Random(7)  # noqa: S311
    whole = build()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(
                (0, 1, 0x7F, 0xFF, chance.randrange(256))
            )
        try:
            read_photo(photo(bytes(data)))
        except PhotoFileError as error:
            assert error.hint  # noqa: PT017 - it may also be readable


def test_item_sizes_are_limited() -> None:
    data = heif_file(xmp_item(b"x" * 17_000_000))
    with pytest.raises(PhotoFileError):
        split_heif(data, "kuva")


def test_pillow_decodes_the_built_file() -> None:
    with (
        open_image(encoded("AVIF"), "AVIF", "") as one,
        open_image(avif_file(), "AVIF", "") as other,
    ):
        assert isinstance(one, Image.Image)
        assert one.tobytes() == other.tobytes()
