"""Check files with embedded rights with exiftool."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.imaging.writing.test_embedding import FILES, RIGHTS, written

pytestmark = pytest.mark.exiftool

Photo = Callable[..., Path]
Ask = Callable[..., str]
ABOUT_THE_FILE = ("ExifTool:", "System:", "File:", "Composite:", "SourceFile")
INTENDED = {
    "IFD0:Artist",
    "IFD0:Copyright",
    "IPTC:CodedCharacterSet",
    "IPTC:ApplicationRecordVersion",
    "IPTC:By-line",
    "IPTC:Credit",
    "IPTC:CopyrightNotice",
    "XMP-dc:Creator",
    "XMP-dc:Rights",
    "XMP-photoshop:Credit",
    "XMP-xmpRights:UsageTerms",
    "XMP-xmpRights:WebStatement",
    "XMP-plus:ModelReleaseStatus",
    "XMP-plus:ModelReleaseID",
    "XMP-plus:Licensor",
    "XMP-plus:LicensorName",
    "XMP-plus:LicensorURL",
    "XMP-plus:DataMining",
    "XMP-iptcExt:RegistryOrganisationID",
    "XMP-iptcExt:RegistryItemID",
}
"""The tags that are written."""

FOLLOWING = {
    "Photoshop:IPTCDigest",
    "Photoshop:CurrentIPTCDigest",
    "RIFF:WebP_Flags",
    "RIFF:ImageWidth",
    "RIFF:ImageHeight",
    "IFD1:ThumbnailOffset",
    "MPImage1:MPImageLength",
    "MPImage2:MPImageStart",
}
"""Values that must be updated: the IPTC digest, offsets of further images, the WebP header.

exiftool counts the place of a thumbnail from the beginning of the file.
"""

DUTY = {
    "IFD0:XResolution",
    "IFD0:YResolution",
    "IFD0:ResolutionUnit",
    "IFD0:YCbCrPositioning",
    "ExifIFD:ExifVersion",
    "ExifIFD:ComponentsConfiguration",
    "ExifIFD:FlashpixVersion",
    "ExifIFD:ColorSpace",
    "ExifIFD:ExifImageWidth",
    "ExifIFD:ExifImageHeight",
}
"""The tags that the standard requires in a new Exif block."""


def tags(ask: Ask, path: Path) -> list[tuple[str, str]]:
    """Return all tags with their values, including duplicates."""
    options = ["-json", "-G1:4", "-a", "-u", "-struct", "-api", "largefilesupport=1"]
    found: Mapping[str, Any] = json.loads(ask(*options, path))[0]
    return [
        (f"{parts[0].replace('IPTC2', 'IPTC')}:{parts[-1]}", json.dumps(value, sort_keys=True))
        for name, value in found.items()
        if not name.startswith(ABOUT_THE_FILE) and (parts := name.split(":"))
    ]


def faults(ask: Ask, path: Path) -> set[str]:
    """Return the errors and warnings of exiftool."""
    options = ["-a", "-s3", "-validate", "-warning", "-error"]
    return {line for line in ask(*options, path).splitlines() if not re.match(r"\d+ Warning", line)}


@pytest.mark.parametrize("name", FILES)
def test_tags_differ_only_where_intended(name: str, photo: Photo, ask_exiftool: Ask) -> None:
    path = photo(FILES[name]())
    before = Counter(tags(ask_exiftool, path))
    had_exif = any(tag.startswith("IFD0:") for tag, _ in before)
    faults_before = faults(ask_exiftool, path)
    written(path)
    after = Counter(tags(ask_exiftool, path))
    lost = {tag for tag, _ in before - after} - INTENDED - FOLLOWING
    new = {tag for tag, _ in after - before} - INTENDED - FOLLOWING
    assert not lost
    assert not new - (set() if had_exif else DUTY) - {"XMP-iptcExt:RegistryID"}
    if not any("Bad format" in fault for fault in faults_before):  # exiftool stops at such an error
        assert not faults(ask_exiftool, path) - faults_before


@pytest.mark.parametrize("name", ["JPEG baseline", "PNG plain", "WebP simple", "TIFF plain"])
def test_exiftool_reads_what_was_written(name: str, photo: Photo, ask_exiftool: Ask) -> None:
    path = photo(FILES[name]())
    written(path)
    found = dict(tags(ask_exiftool, path))
    assert json.loads(found["XMP-dc:Creator"]) == list(RIGHTS.photographers)
    assert json.loads(found["XMP-photoshop:Credit"]) == RIGHTS.credit
    assert json.loads(found["IFD0:Artist"]) == "; ".join(RIGHTS.photographers)
    assert json.loads(found["XMP-iptcExt:RegistryID"]) == [
        {"RegItemId": "P-12", "RegOrgId": RIGHTS.organisation}
    ]
    assert (
        json.loads(found["XMP-plus:ModelReleaseStatus"]) == "Limited or Incomplete Model Releases"
    )
    if name.startswith("JPEG"):
        assert json.loads(found["IPTC:By-line"]) == list(RIGHTS.photographers)
