"""Rights of HEIC and AVIF photos: in a sidecar, or embedded with exiftool."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.imaging.builders import (
    CREATORS,
    EMBEDDABLE,
    KINDS,
    NAMES,
    description,
    exif_item,
    full_exif,
    heif_file,
    jpeg_file,
    packet,
    rdf,
    turned,
    xmp_item,
)
from tests.imaging.writing.test_embedding import FOREIGN, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.heif import coded_data, split_heif
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.sidecar import read_with_sidecar, sidecar_path
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.reading import read_photo
from photoreg.imaging.writing.rewriting import (
    Written,
    plan_rights_in_file,
    restore_file,
    write_rights,
)

Photo = Callable[..., Path]
HEIFS = ("HEIC", "AVIF")
CITY = packet(rdf(description("<photoshop:City>Hetta</photoshop:City>")))


def written(path: Path, *, embeds: bool = False) -> Written:
    """Write the rights of a photo."""
    digest = file_hash(path.read_bytes())
    return write_rights(path, RIGHTS, expected_sha256=digest, embeds=embeds)


@pytest.mark.parametrize("kind", HEIFS)
def test_rights_are_written_to_a_sidecar_and_the_photo_is_unchanged(
    kind: str, photo: Photo
) -> None:
    data = KINDS[kind]()
    path = photo(data, f"IMG_1.{kind}")
    result = written(path)
    assert path.read_bytes() == data
    assert result.target == path.with_name(f"IMG_1.{kind}.xmp")
    read = read_with_sidecar(path)
    assert read.text("photographer") == "; ".join(NAMES)
    assert (read.text("registry_id"), read.text("licence_url")) == ("P-12", RIGHTS.licence_url)
    assert read_photo(path).artist == "; ".join(NAMES)
    assert {change.tag for change in result.changes} >= {"dc:creator", "plus:DataMining"}
    again = result.target.read_bytes()
    assert written(path).changes == ()
    assert result.target.read_bytes() == again


def test_sidecar_of_another_program_is_used_and_keeps_its_content(photo: Photo) -> None:
    path = photo(heif_file(), "IMG_1.HEIC")
    theirs = photo(packet(rdf(FOREIGN)), "IMG_1.xmp")
    assert sidecar_path(path) == theirs
    assert written(path).target == theirs
    assert b'crs:Tint="&lt;9&gt;"' in theirs.read_bytes()
    assert not path.with_name("IMG_1.HEIC.xmp").exists()
    photo(packet(rdf(description())), "IMG_1.HEIC.xmp")
    assert sidecar_path(path).name == "IMG_1.HEIC.xmp"  # the sidecar named after this very file


def test_sidecar_takes_precedence_over_xmp_in_the_photo(photo: Photo) -> None:
    other = description("<dc:creator><rdf:Seq><rdf:li>Joku</rdf:li></rdf:Seq></dc:creator>")
    path = photo(heif_file(xmp_item(packet(rdf(other)))), "a.heic")
    assert read_photo(path).artist == "Joku"
    photo(packet(rdf(description(f"<dc:creator>{CREATORS}</dc:creator>"))), "a.heic.xmp")
    assert read_photo(path).artist == "; ".join(NAMES)
    photo(CITY, "a.heic.xmp")
    assert (read_photo(path).artist, read_photo(path).gps_present) == ("Joku", True)


@pytest.mark.parametrize("kind", EMBEDDABLE)
def test_other_formats_have_no_sidecar(kind: str, photo: Photo) -> None:
    path = photo(KINDS[kind](), "a.jpg")
    before = read_photo(path)
    photo(packet(rdf(description(f"<dc:creator>{CREATORS}</dc:creator>"))), "a.xmp")
    assert read_photo(path) == before


@pytest.mark.parametrize("damage", [b"<x", b"", bytes(5_000_000), "ä".encode("latin-1")])
def test_damaged_sidecar_is_refused_and_unchanged(damage: bytes, photo: Photo) -> None:
    path = photo(heif_file(), "a.heic")
    sidecar = photo(damage, "a.heic.xmp")
    if damage:
        with pytest.raises(PhotoFileError) as refusal:
            written(path)
        assert "a.heic.xmp" in str(refusal.value)
        assert sidecar.read_bytes() == damage
    else:
        assert written(path).target == sidecar  # an empty sidecar has no content to lose


def test_restoring_removes_a_new_sidecar(photo: Photo) -> None:
    path = photo(heif_file(), "a.heic")
    result = written(path)
    restore_file(result.target, result.before)
    assert not result.target.exists()


@pytest.mark.exiftool
@pytest.mark.usefixtures("exiftool")
@pytest.mark.parametrize("kind", HEIFS)
def test_exiftool_embeds_the_packet(kind: str, photo: Photo) -> None:
    data = KINDS[kind]()
    path = photo(data, f"-IMG_1.{kind}")
    result = written(path, embeds=True)
    new = path.read_bytes()
    read = read_metadata(new)
    assert (read.text("photographer"), read.text("registry_id")) == ("; ".join(NAMES), "P-12")
    assert (result.target, result.sha256) == (path, file_hash(new))
    old_parts, new_parts = split_heif(data, ""), split_heif(new, "")
    assert list(coded_data(new, new_parts)) == list(coded_data(data, old_parts))
    assert (new_parts.exif, new_parts.turned) == (old_parts.exif, old_parts.turned)
    assert written(path, embeds=True).changes == ()
    assert path.read_bytes() == new
    assert read_photo(path).picture_sha256 == read_photo(photo(data, "b")).picture_sha256


@pytest.mark.exiftool
@pytest.mark.usefixtures("exiftool")
@pytest.mark.parametrize("data", [heif_file(), heif_file(exif_item(full_exif()))])
def test_exiftool_output_may_be_refused_but_does_no_harm(data: bytes, photo: Photo) -> None:
    path = photo(data, "a.heic")
    try:
        written(path, embeds=True)
    except PhotoFileError:
        assert path.read_bytes() == data
    else:
        new = path.read_bytes()
        parts = [list(coded_data(each, split_heif(each, ""))) for each in (data, new)]
        assert parts[0] == parts[1]


def test_without_exiftool_the_error_names_the_alternative(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    path = photo(heif_file(properties=turned(1)), "a.heic")
    with pytest.raises(PhotoFileError, match="needs the program exiftool") as refusal:
        plan_rights_in_file(path.read_bytes(), RIGHTS, path, embeds=True)
    assert refusal.value.fields == ("embed",)
    assert plan_rights_in_file(jpeg_file(), RIGHTS, path).sidecar is None
