"""A second opinion on publishable copies, by a program that knows every hiding place."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.photos.builders import ARTIST, COPYRIGHT, JPEG_VARIANTS, secretive_jpeg

from photoreg.photos.identity import file_hash
from photoreg.photos.writing import Rights, export_copy

pytestmark = pytest.mark.exiftool

Photo = Callable[..., Path]
ABOUT_THE_FILE = {"ExifTool", "System", "File", "Composite", "JFIF", "Adobe", "ICC_Profile"}
RIGHTS_AND_DUTY = {
    "IFD0:XResolution",
    "IFD0:YResolution",
    "IFD0:ResolutionUnit",
    "IFD0:YCbCrPositioning",
    "IFD0:Artist",
    "IFD0:Copyright",
    "ExifIFD:ExifVersion",
    "ExifIFD:ComponentsConfiguration",
    "ExifIFD:FlashpixVersion",
    "ExifIFD:ColorSpace",
    "ExifIFD:ExifImageWidth",
    "ExifIFD:ExifImageHeight",
}


def tags(program: str, path: Path) -> dict[str, object]:
    """Return every tag that exiftool finds, unknown and doubled ones too: `Group:Name` -> value."""
    options = ["-json", "-G1", "-a", "-u", "-ee", "-validate", "-warning", "-error", "-all"]
    run = subprocess.run([program, *options, path], capture_output=True, check=True)
    found: dict[str, object] = json.loads(run.stdout)[0]
    return found


def copy_of(source: Path) -> Path:
    """Export a copy of a photo and return its path."""
    target = source.parent / "julkaistava.jpg"
    digest = file_hash(source.read_bytes())
    return export_copy(source, target, Rights(ARTIST, COPYRIGHT), expected_sha256=digest).path


def test_original_holds_what_the_copy_must_lose(photo: Photo, exiftool: str) -> None:
    groups = {name.split(":")[0] for name in tags(exiftool, photo(secretive_jpeg()))}
    assert {"GPS", "IFD1", "IPTC", "ExifIFD", "XMP-photoshop"} <= groups


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_copy_holds_the_rights_and_nothing_else(variant: str, photo: Photo, exiftool: str) -> None:
    found = tags(exiftool, copy_of(photo(secretive_jpeg(JPEG_VARIANTS[variant]()))))
    ours = {name for name in found if name.split(":")[0] not in ABOUT_THE_FILE | {"SourceFile"}}
    assert ours == RIGHTS_AND_DUTY
    assert (found["IFD0:Artist"], found["IFD0:Copyright"]) == (ARTIST, COPYRIGHT)


@pytest.mark.parametrize("variant", sorted(set(JPEG_VARIANTS) - {"colour profile"}))
@pytest.mark.parametrize("orientation", [1, 6])
def test_copy_is_valid(variant: str, orientation: int, photo: Photo, exiftool: str) -> None:
    source = photo(secretive_jpeg(JPEG_VARIANTS[variant](), orientation))
    found = tags(exiftool, copy_of(source))
    assert found["ExifTool:Validate"] == "OK"
    assert "ExifTool:Warning" not in found
