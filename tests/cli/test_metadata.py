"""What photo files say about themselves, as people see it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.imaging.builders import (
    ARTIST,
    dataset,
    description,
    full_jpeg,
    heif_file,
    iptc_segments,
    jpeg_with_exif,
    packet,
    rdf,
    resource,
    with_segments,
    xmp_segment,
)

from photoreg.imaging.metadata import exif

Run = Callable[..., Result]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo whose standards disagree on who took it; P-1 when it is registered."""
    creator = "<dc:creator><rdf:Seq><rdf:li>Biret Valle</rdf:li></rdf:Seq></dc:creator>"
    people = "<Iptc4xmpExt:PersonInImage>Inkeri Tuntematon</Iptc4xmpExt:PersonInImage>"
    path = tmp_path / "kuva.jpg"
    path.write_bytes(
        with_segments(
            full_jpeg(),
            xmp_segment(packet(rdf(description(creator + people)))),
            *iptc_segments(resource(0x0404, dataset(110, b"Kunta"))),
        )
    )
    return path


def test_every_standard_is_shown_and_which_counts(run: Run, photo: Path) -> None:
    done = run("metadata", "show", photo)
    line = next(line for line in done.stdout.splitlines() if line.startswith("photographer"))
    assert line.split("  ")[1:2] == ["Biret Valle"] or "Biret Valle" in line
    assert ARTIST in line
    assert line.split()[-2:] == ["XMP", "yes"]
    assert "The file contains the place where the photo was taken." in done.stderr
    assert "content credentials (C2PA)" in done.stderr


def test_registered_photo_is_shown_by_its_id_as_data(run: Run, photo: Path) -> None:
    run("register", photo, exit_code=0)
    done = run("metadata", "show", "P-1", "--format", "json")
    rows = {row["field"]: row for row in json.loads(done.stdout)["items"]}
    assert rows["photographer"] == {
        "field": "photographer",
        "xmp": "Biret Valle",
        "iptc": "",
        "exif": ARTIST,
        "source_used": "XMP",
        "disagrees": True,
    }
    assert rows["credit"]["iptc"] == "Kunta"


def test_auditor_sees_the_disagreement_but_no_name(run: Run, photo: Path) -> None:
    run("register", photo)
    done = run("metadata", "show", "P-1", "--format", "json", login="tarja")
    rows = {row["field"]: row for row in json.loads(done.stdout)["items"]}
    assert rows["photographer"]["disagrees"]
    assert not any(name in done.output for name in ("Biret", "Áile", "Inkeri", "Poroerotus"))


def test_file_that_is_gone_or_no_photo_is_reported(run: Run, photo: Path, tmp_path: Path) -> None:
    run("register", photo)
    photo.unlink()
    done = run("metadata", "show", "P-1", exit_code=7)
    assert f"P-1: its file {photo} is missing" in done.stderr
    assert "there is no such file" in run("metadata", "show", photo, exit_code=7).stderr
    (tmp_path / "muistio.txt").write_text("Hei")
    assert "not a photo" in run("metadata", "show", tmp_path / "muistio.txt", exit_code=7).stderr
    run("metadata", "show", "P-99", exit_code=6)


def test_damaged_part_is_reported(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(with_segments(full_jpeg(), xmp_segment(b"<!DOCTYPE x><x/>")))
    assert "The XMP data are damaged and were not read." in run("metadata", "show", path).stderr


def test_dry_run_shows_tag_by_tag_and_writing_follows_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "katu.jpg"
    path.write_bytes(jpeg_with_exif(exif.ascii_entry(exif.ARTIST, ARTIST)))
    run("person", "add", ARTIST)
    run("register", path, "--photographer", ARTIST, "--people", "none")
    before = path.read_bytes()
    planned = run("metadata", "write", "P-1", "--dry-run")
    assert path.read_bytes() == before
    assert "Nothing was changed." in planned.stderr
    assert "dc:creator" in planned.stdout
    assert "number in the registry" in planned.stdout
    done = run("metadata", "write", "P-1")
    assert done.stdout == planned.stdout
    assert "P-1: written into the file; the image is unchanged." in done.stderr
    assert "P-1: the file already contains all of this." in run("metadata", "write", "P-1").stdout
    rows = json.loads(run("metadata", "write", "P-1", "--format", "json").stdout)["items"]
    assert rows == []
    run("metadata", "write", "P-1", login="tarja", exit_code=5)
    run("metadata", "write", "P-1", "--licence-url", "CC", exit_code=9)


def test_rights_of_a_heic_photo_go_beside_it_and_that_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.HEIC"
    path.write_bytes(heif_file())
    run("person", "add", ARTIST)
    run("register", path, "--photographer", ARTIST, "--people", "none")
    planned = run("metadata", "write", "P-1", "--dry-run")
    assert "IMG_1.HEIC.xmp, beside the photo" in planned.stderr.replace("\n", " ")
    assert not (tmp_path / "IMG_1.HEIC.xmp").exists()
    run("metadata", "write", "P-1")
    assert path.read_bytes() == heif_file()
    assert ARTIST in run("metadata", "show", "P-1").stdout
    assert "already contains all of this" in run("metadata", "write", "P-1").stdout


def test_strip_makes_copies_and_names_what_is_gone(run: Run, photo: Path) -> None:
    done = run("metadata", "strip", photo)
    assert done.stdout.strip().endswith("kuva-stripped.jpg")
    assert "where it was taken" in done.stderr
    run("metadata", "strip", photo, exit_code=7)  # the copy is there already
    run("metadata", "strip", photo, "--in-place", exit_code=5)
    run("metadata", "strip", photo, "--in-place", "-o", "x", exit_code=2)
    run("metadata", "strip", photo, "P-9", exit_code=10)


def test_file_is_stripped_where_there_is_no_registry(
    program: Callable[..., object], photo: Path, tmp_path: Path
) -> None:
    program("--registry", tmp_path / "none.db", "metadata", "strip", photo)
    assert (tmp_path / "kuva-stripped.jpg").exists()
