"""Read photos: their metadata, and the refusal of damaged files."""

import struct
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import piexif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.imaging.builders import (
    ARTIST,
    COPYRIGHT,
    JPEG_VARIANTS,
    KINDS,
    SERIAL,
    SIZE,
    exif_segment,
    full_exif,
    full_jpeg,
    jpeg_file,
    jpeg_with_exif,
    plain,
    sample_image,
    segment,
    tiff_with_entries,
    with_segments,
)

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import PhotoFormat
from photoreg.imaging.containers.jpeg import split_jpeg
from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.pictures.identity import file_hash, picture_hash
from photoreg.imaging.pictures.likeness import Likeness, compute_likeness, request_draft
from photoreg.imaging.reading import PhotoReading, describe_metadata, read_photo

Photo = Callable[..., Path]
FULL = dict(KINDS)
FULL.pop("TIFF")


def looks_like(data: bytes, orientation: int) -> Likeness:
    with Image.open(BytesIO(data)) as image:
        request_draft(image)
        return compute_likeness(image, orientation)


@pytest.mark.parametrize("kind", FULL)
def test_reading_returns_everything_the_registry_needs(kind: PhotoFormat, photo: Photo) -> None:
    data = FULL[kind]()
    path = photo(data)
    assert read_photo(path) == PhotoReading(
        path=path,
        sha256=file_hash(data),
        size=len(data),
        format=kind,
        picture_sha256=picture_hash(divided(data, path.name)),
        likeness=looks_like(jpeg_file() if kind == "JPEG" else data, 1 if kind == "JPEG" else 6),
        width=SIZE[0],
        height=SIZE[1],
        orientation=1 if kind == "JPEG" else 6,
        taken_at=datetime(2026, 10, 21, 12, 8, 19),  # noqa: DTZ001 - the camera's local time
        taken_on=date(2026, 10, 21),
        artist=ARTIST,
        copyright=COPYRIGHT,
        description="Poroerotus, Hetta",
        camera="NIKON Z 6_2",
        gps_present=True,
        mtime_ns=path.stat().st_mtime_ns,
        rights_by_standard={
            "photographer": {Standard.EXIF: ARTIST},
            "copyright": {Standard.EXIF: COPYRIGHT},
        },
    )


def test_tiff_tags_are_read(photo: Photo) -> None:
    reading = read_photo(photo(KINDS["TIFF"]()))
    assert (reading.format, reading.artist, reading.orientation) == ("TIFF", ARTIST, 6)
    assert (reading.width, reading.height) == SIZE


def test_photo_without_metadata_has_empty_fields(photo: Photo) -> None:
    reading = read_photo(photo(jpeg_file()))
    assert not any((reading.artist, reading.copyright, reading.description, reading.camera))
    assert (reading.taken_at, reading.orientation, reading.gps_present) == (None, None, False)


def test_path_is_absolute(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photo(jpeg_file())
    monkeypatch.chdir(path.parent)
    assert read_photo(Path(path.name)).path == path


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_every_jpeg_variant_is_read(variant: str, photo: Photo) -> None:
    reading = read_photo(photo(JPEG_VARIANTS[variant]()))
    assert (reading.format, reading.width, reading.height) == ("JPEG", *SIZE)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Áile Näkkäläjärvi".encode() + b"\0", "Áile Näkkäläjärvi"),
        ("Đorđe Ŋuŋu".encode(), "Đorđe Ŋuŋu"),
        ("Göran Åström".encode("cp1252") + b"\0", "Göran Åström"),
        ("Studio “X” – €".encode("cp1252"), "Studio “X” – €"),
        (b"  Studio\r\n\tRevontuli  \0\0\0", "Studio Revontuli"),
        (b"Studio\0rubbish of the camera", "Studio"),
        (b"\x1b[31mStudio\x07", "[31mStudio"),
        ("\u202eiloP\u2066".encode(), "iloP"),
        (b"   \0", ""),
        (b"\0", ""),
        (b"x" * 9_000, "x" * exif.MAX_TEXT),
        (b"\x81\xff", "\ufffdÿ"),
    ],
    ids=[
        "UTF-8", "no NUL", "Latin", "Windows", "blanks", "after NUL", "terminal codes",
        "direction marks", "blank", "empty", "long", "neither",
    ],
)  # fmt: skip
def test_texts_are_decoded_and_cleaned(raw: bytes, text: str, photo: Photo) -> None:
    path = photo(jpeg_with_exif(exif.NewTag(exif.ARTIST, 2, raw)))
    assert read_photo(path).artist == text


def test_exif_text_of_type_utf_8_is_read(photo: Photo) -> None:
    path = photo(jpeg_with_exif(exif.NewTag(exif.ARTIST, 129, "Áile".encode())))
    assert read_photo(path).artist == "Áile"


def test_copyright_of_photographer_and_editor_are_both_read(photo: Photo) -> None:
    raw = "© Áile\0© Enontekiö\0".encode()
    path = photo(jpeg_with_exif(exif.NewTag(exif.COPYRIGHT, 2, raw)))
    assert read_photo(path).copyright == "© Áile; © Enontekiö"


@pytest.mark.parametrize(
    ("original", "changed", "taken_at"),
    [
        ("2026:10:21 12:08:19", "2027:01:01 00:00:00", "2026-10-21T12:08:19"),
        ("", "2027:01:01 00:00:00", "2027-01-01T00:00:00"),
        ("0000:00:00 00:00:00", "2027:01:01 00:00:00", "2027-01-01T00:00:00"),
        ("0000:00:00 00:00:00", "", None),
        ("    :  :     :  :  ", "", None),
        ("2026:02:30 12:00:00", "", None),
        ("2026-10-21 12:08:19+03:00", "", "2026-10-21T12:08:19"),
        ("eilen", "", None),
        ("٢٠٢٦:10:21 12:08:19", "", None),
    ],
)
def test_time_is_the_camera_time_or_none(
    original: str, changed: str, taken_at: str | None, photo: Photo
) -> None:
    path = photo(
        jpeg_with_exif(
            exif.ascii_entry(exif.DATE_TIME, changed),
            camera=(exif.ascii_entry(exif.DATE_TIME_ORIGINAL, original),),
        )
    )
    found = read_photo(path).taken_at
    assert (found.isoformat() if found else None) == taken_at


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R6", "Canon EOS R6"),
        ("NIKON CORPORATION", "NIKON Z 6_2", "NIKON Z 6_2"),
        ("SONY", "ILCE-7M4", "SONY ILCE-7M4"),
        ("", "ILCE-7M4", "ILCE-7M4"),
        ("SONY", "", "SONY"),
        ("", "", ""),
    ],
)
def test_camera_names_the_maker_once(make: str, model: str, camera: str, photo: Photo) -> None:
    entries = (exif.ascii_entry(exif.MAKE, make), exif.ascii_entry(exif.MODEL, model))
    assert read_photo(photo(jpeg_with_exif(*entries))).camera == camera


@pytest.mark.parametrize("number", [0, 9, 255])
def test_invalid_orientation_is_none(number: int, photo: Photo) -> None:
    path = photo(jpeg_with_exif(exif.short_entry(exif.ORIENTATION, number)))
    assert read_photo(path).orientation is None


def test_gps_ifd_with_only_its_version_is_no_location(photo: Photo) -> None:
    block = piexif.dump({"GPS": {piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0)}})
    assert not read_photo(photo(with_segments(jpeg_file(), segment(0xE1, block)))).gps_present


@pytest.mark.parametrize("kind", KINDS)
def test_truncated_photo_is_refused_wherever_it_ends(kind: str, photo: Photo) -> None:
    whole = plain(kind)
    for length in range(0, len(whole) - 1, max(1, len(whole) // 97)):
        with pytest.raises(PhotoFileError) as refusal:
            read_photo(photo(whole[:length]))
        assert refusal.value.hint


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_jpeg_is_reported_as_truncated_wherever_it_ends(variant: str) -> None:
    whole = JPEG_VARIANTS[variant]()
    for length in [*range(3, 800), *range(800, len(whole), 997), len(whole) - 1]:
        with pytest.raises(PhotoFileError, match="cut off before its end"):
            split_jpeg(whole[:length], "kuva.jpg")


@pytest.mark.parametrize(
    "data",
    [
        with_segments(jpeg_file(), segment(0xFE, b"") + b"junk"),
        with_segments(jpeg_file(), b"\xff\xfe\0\1"),
        with_segments(jpeg_file(), b"\xff\xd8"),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + segment(0xDA, b"\1\1\0\0\x3f\0") + b"data\xff\xd9",
        with_segments(jpeg_file(), segment(0xFE, b"") * 10_001),
        with_segments(jpeg_file(progressive=True), segment(0xDA, b"") * 101),
        jpeg_file().replace(b"\xff\xc0", b"\xff\xc8"),
        with_segments(jpeg_file(), b"\xff\xda\0\0"),
        with_segments(jpeg_file(), b"\xff\xd0"),
        jpeg_file()[: jpeg_file().index(b"\xff\xda")] + b"\xff\xd9",
    ],
    ids=[
        "junk",
        "length",
        "SOI",
        "empty",
        "no frame",
        "segments",
        "scans",
        "frame kind",
        "scan length",
        "RST",
        "no scan",
    ],
)
def test_jpeg_with_misplaced_segments_is_refused(data: bytes, photo: Photo) -> None:
    with pytest.raises(PhotoFileError, match="not in order"):
        read_photo(photo(data))


def test_image_with_too_many_pixels_is_refused(photo: Photo) -> None:
    data = bytearray(jpeg_file())
    frame = data.index(b"\xff\xc0") + 5
    data[frame : frame + 4] = struct.pack(">HH", 20_000, 20_000)
    with pytest.raises(PhotoFileError, match="more than 89 million pixels"):
        read_photo(photo(bytes(data)))
    data[frame : frame + 4] = struct.pack(">HH", 10_000, 10_000)  # Pillow would only warn
    with pytest.raises(PhotoFileError, match="more than 89 million pixels"):
        read_photo(photo(bytes(data)))


def test_tiff_with_many_overlapping_values_is_refused(photo: Photo) -> None:
    assert read_photo(photo(tiff_with_entries((40_000, 7, 15_000, 8)))).format == "TIFF"
    trap = tiff_with_entries(*((40_000 + tag, 7, 15_000, 8) for tag in range(3)))
    with pytest.raises(PhotoFileError, match="damaged"):
        read_photo(photo(trap))
    twice_the_same_tag = tiff_with_entries(*((40_000, 7, 15_000, 8) for _ in range(3)))
    with pytest.raises(PhotoFileError, match="damaged"):
        read_photo(photo(twice_the_same_tag))


@pytest.mark.parametrize(("kind", "trap"), [(4, True), (7, False)])
def test_only_numeric_values_are_limited_in_a_tiff(kind: int, trap: bool) -> None:
    size = exif.MAX_VALUE_BYTES + 4
    count = size // {4: 4, 7: 1}[kind]
    folder = struct.pack("<HHHII", 1, 40_000, kind, count, 8) + bytes(4)
    assert (
        exif.claims_too_much(b"II*\0" + struct.pack("<I", 8 + size) + bytes(size) + folder) == trap
    )


def test_webp_with_truncated_metadata_is_refused(photo: Photo) -> None:
    with pytest.raises(PhotoFileError, match="cut off"):
        read_photo(photo(KINDS["WEBP"]()[:-10]))


def test_intact_image_with_damaged_metadata_is_read(photo: Photo) -> None:
    data = with_segments(jpeg_file(), segment(0xEE, b"Adobe"), segment(0xE1, b"Exif\0\0MM"))
    assert read_photo(photo(data)).width == SIZE[0]


def test_truncated_text_is_absent_rather_than_wrong(photo: Photo) -> None:
    block = exif.write_exif([exif.ascii_entry(exif.ARTIST, ARTIST)], [])
    assert read_photo(photo(with_segments(jpeg_file(), exif_segment(block)))).artist == ARTIST
    assert read_photo(photo(with_segments(jpeg_file(), exif_segment(block[:-12])))).artist == ""


def test_first_of_duplicated_tags_is_used(photo: Photo) -> None:
    entries = (exif.ascii_entry(exif.ARTIST, "Aikio"), exif.ascii_entry(exif.ARTIST, "Valle"))
    assert read_photo(photo(jpeg_with_exif(*entries))).artist == "Aikio"


def test_exif_block_with_many_overlapping_values_is_harmless(photo: Photo) -> None:
    table = b"".join(struct.pack(">HHII", tag, 7, 60_000, 8) for tag in range(5_000))
    block = b"MM\0*\0\0\0\x08" + struct.pack(">H", 5_000) + table
    reading = read_photo(photo(with_segments(jpeg_file(), exif_segment(block))))
    assert len(reading.artist) <= exif.MAX_TEXT


def test_first_image_of_a_file_is_read(photo: Photo) -> None:
    content = BytesIO()
    sample_image().save(
        content, "MPO", save_all=True, append_images=[sample_image("L").convert("RGB")]
    )
    reading = read_photo(photo(content.getvalue()))
    assert (reading.format, reading.width) == ("JPEG", SIZE[0])


@given(block=st.binary(max_size=400))
def test_any_bytes_can_be_read_as_an_exif_block(block: bytes) -> None:
    for start in (b"", b"II*\0", b"MM\0*", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        found = exif.read_exif(start + block)
        exif.text_value(found.main, exif.ARTIST)
        exif.copyright_notice(found.main)
        exif.claims_too_much(start + block)


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 2_000), st.binary(min_size=1, max_size=4)), max_size=9
    )
)
def test_damaged_exif_block_never_prevents_reading(changes: list[tuple[int, bytes]]) -> None:
    block = bytearray(full_exif())
    for place, new in changes:
        block[place : place + len(new)] = new
    found = exif.read_exif(bytes(block))
    assert len(exif.text_value(found.main, exif.ARTIST)) <= exif.MAX_TEXT


@given(
    kind=st.sampled_from(sorted(KINDS)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6),
)
def test_photo_with_flipped_bytes_is_read_or_refused(
    kind: str, changes: list[tuple[float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(KINDS[kind]())
    for share, byte in changes:
        data[int(share * (len(data) - 1))] = byte
    path = tmp_path_factory.getbasetemp() / f"flipped.{kind}"
    path.write_bytes(data)
    try:
        assert read_photo(path).size == len(data)
    except PhotoFileError as refusal:
        assert str(refusal).startswith(path.name)  # noqa: PT017 - either outcome is correct


def test_metadata_are_described(photo: Photo) -> None:
    described = describe_metadata(photo(full_jpeg(orientation=6)))
    assert described["Artist"] == ARTIST
    assert described["BodySerialNumber"] == SERIAL
    assert described["GPS"] is True
    assert described["Orientation"] == "6"
    assert {"Thumbnail", "MakerNote", "XMP", "IPTC", "MPF", "Comment", "AfterImage"} < set(
        described
    )
    assert described["AfterImage"] == 18


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_of_every_format_are_described(kind: str, photo: Photo) -> None:
    assert describe_metadata(photo(KINDS[kind]()))["Artist"] == ARTIST


def test_photo_without_metadata_has_nothing_to_describe(photo: Photo) -> None:
    assert describe_metadata(photo(jpeg_file())) == {}


def test_reading_does_not_change_the_file(photo: Photo) -> None:
    data = full_jpeg()
    path = photo(data)
    before = path.stat()
    read_photo(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (data, before.st_mtime_ns)


def test_pillow_reads_the_same_exif_values(photo: Photo) -> None:
    path = photo(with_segments(jpeg_file(), exif_segment(full_exif(8))))
    with Image.open(path) as image:
        theirs = image.getexif()
    ours = read_photo(path)
    assert theirs[exif.ORIENTATION] == ours.orientation == 8
    assert theirs[exif.ARTIST].encode("latin-1").decode() == ours.artist


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_small_file_with_many_pixels_is_refused_before_decoding(kind: str, photo: Photo) -> None:
    options: dict[str, dict[str, Any]] = {
        "TIFF": {"compression": "tiff_adobe_deflate"},
        "WEBP": {"lossless": True},
        "AVIF": {"speed": 10},
    }
    content = BytesIO()
    Image.new("L", (4_500, 4_500)).save(content, kind, **options.get(kind, {}))
    with pytest.raises(PhotoFileError, match="it claims 20 million pixels"):
        read_photo(photo(content.getvalue()))


def test_large_bilevel_page_is_read(photo: Photo) -> None:
    content = BytesIO()
    Image.new("1", (4_961, 7_016), 1).save(content, "TIFF", compression="group4")
    assert read_photo(photo(content.getvalue())).width == 4_961
