"""Check publishable copies with exiftool."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.imaging.builders import ARTIST, COPYRIGHT, JPEG_VARIANTS, KINDS, full_jpeg

from photoreg.imaging.metadata.fields import Mining, Release
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.copies import prepare_copy, write_copy

pytestmark = pytest.mark.exiftool

Photo = Callable[..., Path]
Ask = Callable[..., str]
ABOUT_THE_FILE = {
    *("SourceFile", "ExifTool", "System", "File", "Composite", "JFIF", "Adobe", "RIFF", "PNG"),
    *("PNG-pHYs", "ICC_Profile", "ICC-header", "ICC-chrm"),
}
RIGHTS = OwnRights(
    organisation="Enontekiön kunta",
    registry_id="P-12",
    photographers=(ARTIST,),
    copyright=COPYRIGHT,
    credit="Kuva: Áile",
    terms="Vain tiedotukseen",
    licence_url="https://kunta.example/ehdot",
    licensor="Kuvapörssi Oy",
    licensor_url="https://kunta.example/lupa",
    release=Release.LIMITED,
    release_ids=("C-7",),
    data_mining=Mining.PROHIBITED,
)
EXIF = {
    *("IFD0:XResolution", "IFD0:YResolution", "IFD0:ResolutionUnit", "IFD0:YCbCrPositioning"),
    *("IFD0:Artist", "IFD0:Copyright", "ExifIFD:ExifVersion", "ExifIFD:ComponentsConfiguration"),
    *("ExifIFD:FlashpixVersion", "ExifIFD:ColorSpace"),
    *("ExifIFD:ExifImageWidth", "ExifIFD:ExifImageHeight"),
}
XMP = {
    *("XMP-dc:Creator", "XMP-dc:Rights", "XMP-photoshop:Credit", "XMP-xmpRights:UsageTerms"),
    *("XMP-xmpRights:WebStatement", "XMP-plus:LicensorName", "XMP-plus:LicensorURL"),
    *("XMP-plus:ModelReleaseStatus", "XMP-plus:ModelReleaseID", "XMP-plus:DataMining"),
    *("XMP-iptcExt:RegistryOrganisationID", "XMP-iptcExt:RegistryItemID"),
}
IPTC = {
    *("IPTC:CodedCharacterSet", "IPTC:ApplicationRecordVersion", "IPTC:By-line"),
    *("IPTC:Credit", "IPTC:CopyrightNotice"),
}
RIGHTS_AND_DUTY = EXIF | XMP | IPTC


def tags(ask: Ask, path: Path) -> dict[str, object]:
    """Return all tags that exiftool finds, also unknown and duplicate ones: group:name -> value."""
    options = ["-json", "-G1", "-a", "-u", "-ee", "-validate", "-warning", "-error", "-all"]
    found: dict[str, object] = json.loads(ask(*options, path))[0]
    return found


def exported(source: Path, options: CopyOptions = CopyOptions()) -> Path:  # noqa: B008
    """Export a copy of a photo and return its path."""
    digest = file_hash(source.read_bytes())
    copy = prepare_copy(source, RIGHTS, expected_sha256=digest, options=options)
    return write_copy(copy, source, source.parent / f"copy{copy.extension}").path


def test_original_holds_the_data_to_be_removed(photo: Photo, ask_exiftool: Ask) -> None:
    groups = {name.split(":")[0] for name in tags(ask_exiftool, photo(full_jpeg()))}
    assert {"GPS", "IFD1", "IPTC", "ExifIFD", "XMP-photoshop"} <= groups


@pytest.mark.parametrize("variant", JPEG_VARIANTS)
def test_copy_holds_the_rights_and_nothing_else(
    variant: str, photo: Photo, ask_exiftool: Ask
) -> None:
    found = tags(ask_exiftool, exported(photo(full_jpeg(JPEG_VARIANTS[variant]()))))
    ours = {name for name in found if name.split(":")[0] not in ABOUT_THE_FILE}
    assert ours == RIGHTS_AND_DUTY
    assert (found["IFD0:Artist"], found["IFD0:Copyright"]) == (ARTIST, COPYRIGHT)


@pytest.mark.parametrize("variant", sorted(set(JPEG_VARIANTS) - {"colour profile"}))
@pytest.mark.parametrize("orientation", [1, 6])
def test_copy_is_valid(variant: str, orientation: int, photo: Photo, ask_exiftool: Ask) -> None:
    source = photo(full_jpeg(JPEG_VARIANTS[variant](), orientation))
    found = tags(ask_exiftool, exported(source))
    assert found["ExifTool:Validate"] == "OK"
    assert "ExifTool:Warning" not in found


@pytest.mark.parametrize("longest_side", [None, 48])
@pytest.mark.parametrize("kind", KINDS)
def test_copy_of_every_format_holds_nothing_else(
    kind: str, longest_side: int | None, photo: Photo, ask_exiftool: Ask
) -> None:
    source = photo(KINDS[kind](), f"kuva.{kind.lower()}")
    found = tags(ask_exiftool, exported(source, CopyOptions(longest_side)))
    ours = {name for name in found if name.split(":")[0] not in ABOUT_THE_FILE}
    is_jpeg = kind not in {"PNG", "WEBP"}
    assert ours - {"IFD0:Orientation"} == EXIF | XMP | (IPTC if is_jpeg else set())
    assert not [n for n in found if n.startswith("PNG:") and n.split(":")[1] in PNG_TEXTS]
    assert found["ExifTool:Validate"] == "OK", found.get("ExifTool:Warning")


PNG_TEXTS = {"Author", "Comment", "Description", "Software", "Title", "ModifyDate"}
