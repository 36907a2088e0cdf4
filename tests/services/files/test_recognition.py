"""The same picture is the same photo, whatever its file says; rights taken out refuse it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.imaging.builders import (
    ARTIST,
    COPYRIGHT,
    UTF8_MARK,
    dataset,
    description,
    full_jpeg,
    iptc_segments,
    jpeg_file,
    packet,
    rdf,
    resource,
    with_segments,
    xmp_segment,
)
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    register_photo,
)

from photoreg.imaging.metadata import iptc
from photoreg.imaging.reading import read_photo
from photoreg.registry.ledger import Action, entries
from photoreg.registry.lookup import find_photo
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.decisions import approval, checks
from photoreg.services.files import metadata, refreshing
from photoreg.services.files.rights import RightsOptions
from photoreg.services.photos import registration
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import export, publishing

PLAIN = jpeg_file()
URL = "https://kunta.example/uutinen"


@pytest.fixture
def street(application_for: ApplicationFor, tmp_path: Path) -> Path:
    """The file of P-1, which names its photographer and may be published."""
    add_photographer(application_for("anna"), ARTIST)
    notice = COPYRIGHT.encode()
    content = full_jpeg(PLAIN).replace(notice, b" " * len(notice))
    register_photo(application_for("anna"), tmp_path, EMPTY_STREET, "street.jpg", content)
    return tmp_path / "street.jpg"


def register(application: Application, path: Path) -> RegisteredPhoto:
    [told] = registration.register_files(application, [path], PhotoAnswers())
    assert isinstance(told, RegisteredPhoto)
    return told


def stored(application: Application) -> Photo:
    with application.reading() as work:
        return find_photo(work.session, "P-1")


def codes(application: Application) -> tuple[str, ...]:
    [checked] = checks.check(application, ["P-1"], PAGE_USE)
    return checked.verdict.codes


def actions(application: Application) -> list[str]:
    with application.reading() as work:
        return [entry.action for entry in entries(work.session)]


def test_an_edited_file_is_the_same_photo_and_the_record_follows_it(
    application: Application, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(street.read_bytes() + b"an edit")
    told = register(application, street)
    assert (told.photo_id, told.is_new) == (1, False)
    assert told.recognised is not None
    assert not told.recognised.is_copy
    assert stored(application).sha256 == read_photo(street).sha256
    assert actions(application).count(Action.PHOTO_FILE_CHANGED) == 1
    [exported] = export.export_photos(application, ["P-1"], PAGE_USE, tmp_path / "copies")
    assert exported.path is not None
    list(metadata.write_metadata(application, ["P-1"], RightsOptions(breaks_credentials=True)))


def test_a_copy_elsewhere_changes_nothing(
    application: Application, street: Path, tmp_path: Path
) -> None:
    before = stored(application)
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(PLAIN)
    told = register(application, copy)
    assert told.photo_id == 1
    assert told.recognised is not None
    assert told.recognised.is_copy
    assert told.recognised.lacks_rights
    assert (stored(application).sha256, stored(application).path) == (before.sha256, before.path)
    assert codes(application) == ()
    assert street.is_file()


def test_a_copy_of_the_old_file_is_the_same_photo_after_the_rights_were_written(
    application: Application, street: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.jpg"
    old.write_bytes(street.read_bytes())
    list(metadata.write_metadata(application, ["P-1"], RightsOptions(breaks_credentials=True)))
    told = register(application, old)
    assert (told.photo_id, told.is_new) == (1, False)


def test_a_file_that_was_moved_and_edited_is_found_where_it_is_now(
    application: Application, street: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved.jpg"
    moved.write_bytes(street.read_bytes() + b"an edit")
    street.unlink()
    register(application, moved)
    assert stored(application).path == str(moved)


def test_rights_taken_out_of_the_file_refuse_the_photo_until_they_are_back(
    application_for: ApplicationFor, application: Application, street: Path
) -> None:
    anna = application_for("anna")
    approval.approve(anna, ["P-1"], PAGE_USE)
    publishing.add_publication(anna, ["P-1"], PAGE_USE, address=URL)
    street.write_bytes(PLAIN)
    told = register(anna, street)
    assert told.recognised is not None
    assert told.recognised.lacks_rights
    assert [each.publication for each in anna.reacted.publications] == ["J-1"]
    assert codes(application) == ("MD_RIGHTS_INFO_REMOVED",)
    list(metadata.write_metadata(anna, ["P-1"], RightsOptions()))
    assert codes(application) == ()
    assert {Action.RIGHTS_REMOVED, Action.RIGHTS_RESTORED} <= set(actions(application))


def test_rights_that_come_back_with_the_file_restore_it(
    application: Application, street: Path
) -> None:
    whole = street.read_bytes()
    street.write_bytes(PLAIN)
    register(application, street)
    street.write_bytes(whole)
    told = register(application, street)
    assert told.recognised is not None
    assert told.recognised.has_rights_again
    assert codes(application) == ()


def test_who_writes_over_a_strangers_name_settles_nothing(
    application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    add_photographer(application_for("anna"), ARTIST)
    file = tmp_path / "agency.jpg"
    stranger = full_jpeg(PLAIN).replace(
        ARTIST.encode(), b"Lehtikuva Oy      "[: len(ARTIST.encode())].ljust(len(ARTIST.encode()))
    )
    register_photo(application_for("anna"), tmp_path, EMPTY_STREET, file.name, stranger)
    assert "MD_ARTIST_CONFLICT" in codes(application)
    file.write_bytes(full_jpeg(PLAIN).replace(COPYRIGHT.encode(), b" " * len(COPYRIGHT.encode())))
    register(application, file)
    assert "MD_ARTIST_CONFLICT" in codes(application)


def test_a_new_photo_that_looks_like_another_is_reported(
    application: Application, tmp_path: Path
) -> None:
    one, other, third = (tmp_path / f"{name}.jpg" for name in "abc")
    one.write_bytes(jpeg(scene(1, (800, 600))))
    other.write_bytes(jpeg(scene(1, (800, 600)).resize((400, 300)), 60))
    third.write_bytes(jpeg(scene(2, (800, 600))))
    assert register(application, one).likely_copies == ()
    told = register(application, other)
    assert told.is_new
    assert [each.photo_id for each in told.likely_copies] == [1]
    assert register(application, third).likely_copies == ()


@pytest.mark.exiftool
def test_a_file_that_exiftool_cleaned_out_is_known_and_refused(
    application: Application, street: Path, exiftool: str
) -> None:
    subprocess.run([exiftool, "-q", "-overwrite_original", "-all=", street], check=True)
    told = register(application, street)
    assert told.photo_id == 1
    assert codes(application) == ("MD_RIGHTS_INFO_REMOVED",)


def iptc_by(name: str) -> bytes:
    """Return the segments of a file that only IPTC says something of."""
    return b"".join(
        iptc_segments(resource(iptc.IIM_RESOURCE, UTF8_MARK + dataset(80, name.encode())))
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (ARTIST, ()),
        ("Lehtikuva Oy", ("MD_ARTIST_CONFLICT",)),
        (f"{ARTIST}; Lehtikuva Oy", ("MD_ARTIST_CONFLICT",)),
    ],
)
def test_whom_any_standard_names_is_compared_with_the_register(
    application_for: ApplicationFor, tmp_path: Path, name: str, expected: tuple[str, ...]
) -> None:
    add_photographer(application_for("anna"), ARTIST)
    xmp = xmp_segment(
        packet(
            rdf(
                description(
                    f"<dc:creator><rdf:Seq><rdf:li>{ARTIST}</rdf:li></rdf:Seq></dc:creator>"
                )
            )
        )
    )
    content = with_segments(PLAIN, xmp, iptc_by(name))
    register_photo(application_for("anna"), tmp_path, EMPTY_STREET, "street.jpg", content)
    [checked] = checks.check(application_for("anna"), ["P-1"], PAGE_USE)
    assert checked.verdict.codes == expected
    if expected:
        assert checked.contradiction is not None
        assert checked.contradiction.in_file == (f"{ARTIST} (XMP)", f"{name} (IPTC)")
        assert checked.contradiction.in_register == (f"H-1 {ARTIST}",)
        [seen] = checks.check(application_for("tarja"), ["P-1"], PAGE_USE)
        assert seen.contradiction is not None
        assert seen.contradiction.in_file == ()
        assert seen.contradiction.in_register == ("H-1",)


def test_a_name_that_iptc_had_to_cut_off_is_no_other_name(
    application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    name = "Áile-Márjá Näkkäläjärvi-Valkeapää"
    add_photographer(application_for("anna"), name)
    cut = iptc.truncated(name, 32).decode()
    answers = replace(EMPTY_STREET, photographers=(name,))
    content = with_segments(PLAIN, iptc_by(cut))
    register_photo(application_for("anna"), tmp_path, answers, "street.jpg", content)
    assert codes(application) == ()


def test_export_notices_by_itself_that_rights_were_taken_out(
    application: Application, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(PLAIN)
    [refused] = export.export_photos(application, ["P-1"], PAGE_USE, tmp_path / "copies")
    assert refused.path is None
    assert refused.checked.verdict.codes == ("MD_RIGHTS_INFO_REMOVED",)


def test_a_file_that_is_another_picture_now_is_left_alone_and_not_exported(
    application: Application, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(jpeg(scene(5, (300, 200))))
    assert refreshing.refresh_files(application, ["P-1"]) == []
    [refused] = export.export_photos(application, ["P-1"], PAGE_USE, tmp_path / "copies")
    assert refused.path is None
    assert refused.checked.verdict.codes == ("RG_INCOMPLETE",)
    street.unlink()
    assert refreshing.refresh_files(application, ["P-1"]) == []


def test_an_auditor_looks_and_changes_nothing(
    application_for: ApplicationFor, street: Path
) -> None:
    street.write_bytes(PLAIN)
    assert refreshing.refresh_files(application_for("tarja"), ["P-1"]) == []
    assert refreshing.refresh_files(application_for("anna"), ["P-1"]) == [1]
