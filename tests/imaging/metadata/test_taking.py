"""The day on which a file says that its photo was taken; a scan says none."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.imaging.builders import (
    description,
    jpeg_file,
    jpeg_with_exif,
    packet,
    rdf,
    with_segments,
    xmp_segment,
)

from photoreg.imaging.metadata import exif
from photoreg.imaging.reading import read_photo

Photo = Callable[..., Path]
DAY = date(2026, 10, 21)
TAKEN = exif.ascii_entry(exif.DATE_TIME_ORIGINAL, "2026:10:21 12:08:19")
CHANGED = exif.ascii_entry(exif.DATE_TIME, "2026:10:21 12:08:19")
UNDEFINED = 7


def made_by(maker: str, model: str) -> tuple[exif.NewTag, exif.NewTag]:
    return exif.ascii_entry(exif.MAKE, maker), exif.ascii_entry(exif.MODEL, model)


def source(number: int) -> exif.NewTag:
    return exif.NewTag(exif.FILE_SOURCE, UNDEFINED, bytes([number]))


@pytest.mark.parametrize(
    ("number", "day"),
    [(0, DAY), (1, None), (2, None), (3, DAY)],
)
def test_exif_file_source_distinguishes_a_scanner_from_a_camera(
    number: int, day: date | None, photo: Photo
) -> None:
    assert read_photo(photo(jpeg_with_exif(camera=(TAKEN, source(number))))).taken_on == day


@pytest.mark.parametrize(
    ("maker", "model", "day"),
    [
        ("Canon", "Canon EOS R6", DAY),
        ("SONY", "ILCE-7M4", DAY),
        ("EPSON", "Perfection V850", None),
        ("Canon", "CanoScan 9000F", None),
        ("Nikon", "Nikon SUPER COOLSCAN 5000 ED", None),
        ("Hasselblad", "Flextight X5", None),
        ("EPSON", "Expression 12000XL", None),
    ],
)
def test_a_scanner_as_model_makes_a_scan(
    maker: str, model: str, day: date | None, photo: Photo
) -> None:
    file = photo(jpeg_with_exif(*made_by(maker, model), camera=(TAKEN,)))
    assert read_photo(file).taken_on == day


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/print", None),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/negativeFilm", None),
        ("positiveFilm", None),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", DAY),
    ],
)
def test_a_digitised_print_or_film_is_a_scan(kind: str, day: date | None, photo: Photo) -> None:
    text = f"<Iptc4xmpExt:DigitalSourceType>{kind}</Iptc4xmpExt:DigitalSourceType>"
    stated = xmp_segment(packet(rdf(description(text))))
    file = photo(with_segments(jpeg_with_exif(camera=(TAKEN,)), stated))
    assert read_photo(file).taken_on == day


def test_the_time_of_the_last_change_counts_only_beside_a_camera(photo: Photo) -> None:
    assert read_photo(photo(jpeg_with_exif(CHANGED), "a")).taken_on is None
    by_camera = jpeg_with_exif(CHANGED, *made_by("Canon", "Canon EOS R6"))
    assert read_photo(photo(by_camera, "b")).taken_on == DAY
    assert read_photo(photo(jpeg_file(), "c")).taken_on is None
