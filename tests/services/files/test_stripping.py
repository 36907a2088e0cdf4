"""Hidden data taken out of files: copies by default, the files themselves only when asked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.imaging.builders import (
    ARTIST,
    COPYRIGHT,
    HIDDEN_BYTES,
    KINDS,
    description,
    exif_segment,
    full_exif,
    full_jpeg,
    jpeg_file,
    packet,
    rdf,
    with_segments,
    xmp_segment,
)
from tests.services.scenes import add_photographer, register_photo

from photoreg.errors import NotAllowed, PhotoFileError
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.pictures.identity import file_hash
from photoreg.registry.lookup import find_photo
from photoreg.services.application import Application
from photoreg.services.files.stripping import StripResult, strip_copies, strip_in_place

AtWork = Callable[[str], Application]
PLUS = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"
HELD = with_segments(
    jpeg_file(),
    exif_segment(full_exif(6)),
    xmp_segment(
        packet(
            rdf(
                description(
                    "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Inkeri</rdf:li></rdf:Bag>"
                    "</Iptc4xmpExt:PersonInImage>",
                    f'photoshop:City="Hetta" plus:DataMining="{PLUS}" photoshop:Credit="Kunta"',
                )
            )
        )
    ),
)


def stripped(
    application: Application, *named: str | Path, folder: Path | None = None
) -> StripResult:
    """Strip one file into a copy."""
    [done] = strip_copies(lambda: application, [str(name) for name in named], folder)
    return done


@pytest.mark.parametrize("kind", KINDS)
def test_copy_keeps_the_image_and_the_rights_and_nothing_else(
    kind: str, application: Application, tmp_path: Path
) -> None:
    source = tmp_path / "kuva.bin"
    source.write_bytes(KINDS[kind]())
    done = stripped(application, source)
    assert done.path is not None, done.error
    assert done.path.name.startswith("kuva-stripped.")
    content = done.path.read_bytes()
    assert source.read_bytes() == KINDS[kind]()
    assert not [secret for secret in HIDDEN_BYTES if secret in content]
    read = read_metadata(content)
    assert read.text("photographer") == ARTIST
    assert read.text("copyright") in {COPYRIGHT, ""}
    assert not read.has_place


def test_the_folder_for_copies_is_made_when_it_is_missing(
    application: Application, tmp_path: Path
) -> None:
    source = tmp_path / "kuva.jpg"
    source.write_bytes(next(iter(KINDS.values()))())
    done = stripped(application, source, folder=tmp_path / "copies")
    assert done.path is not None, done.error
    assert done.path.parent == tmp_path / "copies"
    missing = stripped(application, source, folder=tmp_path / "no" / "such")
    assert "cannot be created" in str(missing.error)


def test_names_go_and_what_the_file_says_of_rights_stays(
    application: Application, tmp_path: Path
) -> None:
    source = tmp_path / "kuva.jpg"
    source.write_bytes(HELD)
    done = stripped(application, source, folder=tmp_path)
    assert isinstance(done.error, PhotoFileError)  # it would lie on the file itself
    (tmp_path / "puhtaat").mkdir()
    done = stripped(application, source, folder=tmp_path / "puhtaat")
    assert done.path == tmp_path / "puhtaat" / "kuva.jpg"
    read = read_metadata(done.path.read_bytes())
    assert (read.text("credit"), read.text("data_mining")) == ("Kunta", PLUS)
    assert read.orientation == 6
    assert not read.text("persons")
    assert "GPS" in done.removed


def test_registered_photo_is_copied_by_its_number_and_stays(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, content=HELD)
    done = stripped(application, "P-1")
    assert done.path == tmp_path / "street-stripped.jpg"
    assert (tmp_path / "street.jpg").read_bytes() == HELD


def test_file_itself_is_changed_only_when_asked_and_its_record_follows(
    application: Application, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, content=HELD)
    path = tmp_path / "street.jpg"
    [done] = strip_in_place(application, [str(path)])
    assert done.error is None
    content = path.read_bytes()
    assert not read_metadata(content).has_place
    with application.reading() as work:
        photo = find_photo(work.session, "P-1")
        assert (photo.sha256, photo.size) == (file_hash(content), len(content))


def test_file_that_nobody_registered_is_changed_too(
    application: Application, tmp_path: Path
) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(HELD)
    path.chmod(0o640)
    assert [done.error for done in strip_in_place(application, [str(path)])] == [None]
    assert path.stat().st_mode & 0o777 == 0o640
    assert not read_metadata(path.read_bytes()).has_place


def test_credentials_are_lost_only_when_that_is_said(
    application: Application, tmp_path: Path
) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(full_jpeg())
    [done] = strip_in_place(application, [str(path)])
    assert isinstance(done.error, NotAllowed)
    assert path.read_bytes() == full_jpeg()
    [done] = strip_in_place(application, [str(path)], breaks_credentials=True)
    assert done.error is None


@pytest.mark.parametrize("kind", ["TIFF", "HEIC", "AVIF"])
def test_file_that_needs_a_new_image_is_never_changed(
    kind: str, application: Application, tmp_path: Path
) -> None:
    path = tmp_path / "kuva.bin"
    path.write_bytes(KINDS[kind]())
    [done] = strip_in_place(application, [str(path)])
    assert isinstance(done.error, PhotoFileError)
    assert path.read_bytes() == KINDS[kind]()


def test_one_bad_file_leaves_the_others_alone(application: Application, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.jpg", tmp_path / "b.jpg"
    good.write_bytes(HELD)
    bad.write_bytes(b"\xff\xd8\xff")
    done = list(strip_copies(lambda: application, [str(bad), str(good), "P-9"], None))
    assert [each.error is None for each in done] == [False, True, False]


def test_auditor_may_not_change_a_file(application_for: AtWork, tmp_path: Path) -> None:
    path = tmp_path / "kuva.jpg"
    path.write_bytes(HELD)
    [done] = strip_in_place(application_for("tarja"), [str(path)])
    assert isinstance(done.error, NotAllowed)
    assert path.read_bytes() == HELD
