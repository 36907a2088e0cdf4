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
    iptc_segments,
    jpeg_file,
    packet,
    rdf,
    resource,
    secretive_jpeg,
    with_segments,
    xmp_segment,
)
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE,
    AtWork,
    a_photo,
    a_photographer,
)

from photoreg.imaging.metadata import iptc
from photoreg.imaging.reading import read_photo
from photoreg.registry.ledger import Action, entries
from photoreg.registry.lookup import the_photo
from photoreg.registry.tables.photos import Photo
from photoreg.services.decisions import approval, evaluation
from photoreg.services.files import metadata, refreshing
from photoreg.services.files.rights import Wish
from photoreg.services.photos import registration
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.storing import Registered
from photoreg.services.publications import export, publishing
from photoreg.services.unit_of_work import Workplace

PLAIN = jpeg_file()
URL = "https://kunta.example/uutinen"


@pytest.fixture
def street(at_work: AtWork, tmp_path: Path) -> Path:
    """The file of P-1, which names its photographer and may be published."""
    a_photographer(at_work("anna"), ARTIST)
    notice = COPYRIGHT.encode()
    content = secretive_jpeg(PLAIN).replace(notice, b" " * len(notice))
    a_photo(at_work("anna"), tmp_path, EMPTY_STREET, "street.jpg", content)
    return tmp_path / "street.jpg"


def register(workplace: Workplace, path: Path) -> Registered:
    [told] = registration.register(workplace, [path], Answers())
    assert isinstance(told, Registered)
    return told


def stored(workplace: Workplace) -> Photo:
    with workplace.reading() as desk:
        return the_photo(desk.session, "P-1")


def codes(workplace: Workplace) -> tuple[str, ...]:
    [checked] = evaluation.check(workplace, ["P-1"], PAGE)
    return checked.verdict.codes


def actions(workplace: Workplace) -> list[str]:
    with workplace.reading() as desk:
        return [entry.action for entry in entries(desk.session)]


def test_an_edited_file_is_the_same_photo_and_the_record_follows_it(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(street.read_bytes() + b"an edit")
    told = register(workplace, street)
    assert (told.photo_id, told.is_new) == (1, False)
    assert told.again is not None
    assert not told.again.is_copy
    assert stored(workplace).sha256 == read_photo(street).sha256
    assert actions(workplace).count(Action.PHOTO_FILE_CHANGED) == 1
    [exported] = export.export_photos(workplace, ["P-1"], PAGE, tmp_path / "copies")
    assert exported.path is not None
    metadata.write_metadata(workplace, "P-1", Wish(breaks_credentials=True))


def test_a_copy_elsewhere_changes_nothing(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    before = stored(workplace)
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(PLAIN)
    told = register(workplace, copy)
    assert told.photo_id == 1
    assert told.again is not None
    assert told.again.is_copy
    assert told.again.lacks_rights
    assert (stored(workplace).sha256, stored(workplace).path) == (before.sha256, before.path)
    assert codes(workplace) == ()
    assert street.is_file()


def test_a_copy_of_the_old_file_is_the_same_photo_after_the_rights_were_written(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.jpg"
    old.write_bytes(street.read_bytes())
    metadata.write_metadata(workplace, "P-1", Wish(breaks_credentials=True))
    told = register(workplace, old)
    assert (told.photo_id, told.is_new) == (1, False)


def test_a_file_that_was_moved_and_edited_is_found_where_it_is_now(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved.jpg"
    moved.write_bytes(street.read_bytes() + b"an edit")
    street.unlink()
    register(workplace, moved)
    assert stored(workplace).path == str(moved)


def test_rights_taken_out_of_the_file_refuse_the_photo_until_they_are_back(
    at_work: AtWork, workplace: Workplace, street: Path
) -> None:
    anna = at_work("anna")
    approval.approve(anna, ["P-1"], PAGE)
    publishing.add_publication(anna, "P-1", PAGE, address=URL)
    street.write_bytes(PLAIN)
    told = register(anna, street)
    assert told.again is not None
    assert told.again.lacks_rights
    assert [each.publication for each in anna.reacted.publications] == ["J-1"]
    assert codes(workplace) == ("MD_RIGHTS_INFO_REMOVED",)
    metadata.write_metadata(anna, "P-1", Wish())
    assert codes(workplace) == ()
    assert {Action.RIGHTS_REMOVED, Action.RIGHTS_RESTORED} <= set(actions(workplace))


def test_rights_that_come_back_with_the_file_mend_it(workplace: Workplace, street: Path) -> None:
    whole = street.read_bytes()
    street.write_bytes(PLAIN)
    register(workplace, street)
    street.write_bytes(whole)
    told = register(workplace, street)
    assert told.again is not None
    assert told.again.has_rights_again
    assert codes(workplace) == ()


def test_who_writes_over_a_strangers_name_settles_nothing(
    at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    a_photographer(at_work("anna"), ARTIST)
    file = tmp_path / "agency.jpg"
    stranger = secretive_jpeg(PLAIN).replace(
        ARTIST.encode(), b"Lehtikuva Oy      "[: len(ARTIST.encode())].ljust(len(ARTIST.encode()))
    )
    a_photo(at_work("anna"), tmp_path, EMPTY_STREET, file.name, stranger)
    assert "MD_ARTIST_CONFLICT" in codes(workplace)
    file.write_bytes(
        secretive_jpeg(PLAIN).replace(COPYRIGHT.encode(), b" " * len(COPYRIGHT.encode()))
    )
    register(workplace, file)
    assert "MD_ARTIST_CONFLICT" in codes(workplace)


def test_a_new_photo_that_looks_like_another_is_told_of(
    workplace: Workplace, tmp_path: Path
) -> None:
    one, other, third = (tmp_path / f"{name}.jpg" for name in "abc")
    one.write_bytes(jpeg(scene(1, (800, 600))))
    other.write_bytes(jpeg(scene(1, (800, 600)).resize((400, 300)), 60))
    third.write_bytes(jpeg(scene(2, (800, 600))))
    assert register(workplace, one).alike == ()
    told = register(workplace, other)
    assert told.is_new
    assert [each.photo_id for each in told.alike] == [1]
    assert register(workplace, third).alike == ()


@pytest.mark.exiftool
def test_a_file_that_exiftool_cleaned_out_is_known_and_refused(
    workplace: Workplace, street: Path, exiftool: str
) -> None:
    subprocess.run([exiftool, "-q", "-overwrite_original", "-all=", street], check=True)
    told = register(workplace, street)
    assert told.photo_id == 1
    assert codes(workplace) == ("MD_RIGHTS_INFO_REMOVED",)


def iptc_by(name: str) -> bytes:
    """Return the segments of a file that only IPTC says something of."""
    return b"".join(iptc_segments(resource(iptc.IIM, UTF8_MARK + dataset(80, name.encode()))))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (ARTIST, ()),
        ("Lehtikuva Oy", ("MD_ARTIST_CONFLICT",)),
        (f"{ARTIST}; Lehtikuva Oy", ("MD_ARTIST_CONFLICT",)),
    ],
)
def test_whom_any_standard_names_is_compared_with_the_register(
    at_work: AtWork, tmp_path: Path, name: str, expected: tuple[str, ...]
) -> None:
    a_photographer(at_work("anna"), ARTIST)
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
    a_photo(at_work("anna"), tmp_path, EMPTY_STREET, "street.jpg", content)
    [checked] = evaluation.check(at_work("anna"), ["P-1"], PAGE)
    assert checked.verdict.codes == expected
    if expected:
        assert checked.contradiction is not None
        assert checked.contradiction.in_file == (f"{ARTIST} (XMP)", f"{name} (IPTC)")
        assert checked.contradiction.in_register == (f"H-1 {ARTIST}",)
        [seen] = evaluation.check(at_work("tarja"), ["P-1"], PAGE)
        assert seen.contradiction is not None
        assert seen.contradiction.in_file == ()
        assert seen.contradiction.in_register == ("H-1",)


def test_a_name_that_iptc_had_to_cut_off_is_no_other_name(
    at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    name = "Áile-Márjá Näkkäläjärvi-Valkeapää"
    a_photographer(at_work("anna"), name)
    cut = iptc.cut(name, 32).decode()
    answers = replace(EMPTY_STREET, photographers=(name,))
    content = with_segments(PLAIN, iptc_by(cut))
    a_photo(at_work("anna"), tmp_path, answers, "street.jpg", content)
    assert codes(workplace) == ()


def test_export_notices_by_itself_that_rights_were_taken_out(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(PLAIN)
    [refused] = export.export_photos(workplace, ["P-1"], PAGE, tmp_path / "copies")
    assert refused.path is None
    assert refused.checked.verdict.codes == ("MD_RIGHTS_INFO_REMOVED",)


def test_a_file_that_is_another_picture_now_is_left_alone_and_not_exported(
    workplace: Workplace, street: Path, tmp_path: Path
) -> None:
    street.write_bytes(jpeg(scene(5, (300, 200))))
    assert refreshing.look_again(workplace, ["P-1"]) == []
    [refused] = export.export_photos(workplace, ["P-1"], PAGE, tmp_path / "copies")
    assert refused.error is not None
    street.unlink()
    assert refreshing.look_again(workplace, ["P-1"]) == []


def test_an_auditor_looks_and_changes_nothing(at_work: AtWork, street: Path) -> None:
    street.write_bytes(PLAIN)
    assert refreshing.look_again(at_work("tarja"), ["P-1"]) == []
    assert refreshing.look_again(at_work("anna"), ["P-1"]) == [1]
