"""The sample images are reproducible and suitable for the demonstration."""

from pathlib import Path

import pytest
from tools.make_sample_images import SAMPLES, Sample, make

from photoreg.imaging.reading import describe_metadata, read_photo

FOLDER = Path(__file__).parents[3] / "sample_images"
NAMES = [sample.name for sample in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_sample_image_is_small_and_names_its_photographer(sample: Sample) -> None:
    reading = read_photo(FOLDER / sample.name)
    assert reading.size < 200_000
    assert (reading.width, reading.height) == (1200, 800)
    assert (reading.artist, reading.copyright) == (sample.artist, f"© {sample.artist}")
    assert reading.taken_at is not None
    assert (reading.taken_at.year, reading.taken_at.month in {8, 9, 10}) == (2026, True)


def test_one_sample_image_holds_metadata_not_to_be_published() -> None:
    assert {
        "BodySerialNumber", "GPS", "MakerNote", "Thumbnail", "XMP", "IPTC", "Comment", "AfterImage",
    } <= set(describe_metadata(FOLDER / "poroerotus-gps.jpg"))  # fmt: skip
    assert [name for name in NAMES if read_photo(FOLDER / name).gps_present] == [
        "poroerotus-gps.jpg"
    ]


@pytest.mark.parametrize("name", ["poroerotus-gps.jpg", "muotokuva.jpg"])
def test_sample_images_are_reproducible(name: str) -> None:
    sample = SAMPLES[NAMES.index(name)]
    assert make(sample) == make(sample)
