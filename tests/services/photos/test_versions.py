"""Changed pixels are a new version with its own assessment (rulebook §7.5)."""

from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import COPYRIGHT, secretive_jpeg
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE,
    AtWork,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    show_in,
    yes,
)

from photoreg.errors import NotAllowed
from photoreg.registry.lookup import the_photo
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Basis, People, Shot
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.permissions import Rights, Terms
from photoreg.services.decisions import evaluation
from photoreg.services.files import fingerprinting
from photoreg.services.files.fingerprinting import Fingerprinted, NotRead
from photoreg.services.photos import answers, registration, versions
from photoreg.services.photos.answers import Answers
from photoreg.services.photos.registration import Way
from photoreg.services.unit_of_work import Workplace

SIZE = (640, 480)


def nobodys(image: Image.Image) -> bytes:
    notice = COPYRIGHT.encode()
    return secretive_jpeg(jpeg(image)).replace(notice, b" " * len(notice))


OF_ONE_PERSON = Answers(
    people=People.RECOGNISABLE,
    recognisable_count=1,
    shot=Shot.PERSON_SUBJECT,
    confidentiality=EMPTY_STREET.confidentiality,
    sensitive=False,
    context_identifies=False,
)
"""What is answered of a version that shows somebody."""


@pytest.fixture
def crop(anna: Workplace, tmp_path: Path) -> Path:
    """A crop of P-1, not registered yet."""
    a_photographer(anna)
    a_photo(anna, tmp_path, MARKET, "whole.jpg", nobodys(scene(1, SIZE)))
    path = tmp_path / "crop.jpg"
    path.write_bytes(nobodys(scene(1, SIZE).crop((100, 100, 500, 400))))
    return path


def stored(workplace: Workplace, named: str) -> Photo:
    with workplace.reading() as desk:
        return the_photo(desk.session, named)


def codes(workplace: Workplace, photo: str) -> tuple[str, ...]:
    [checked] = evaluation.check(workplace, [photo], PAGE)
    return checked.verdict.codes


def test_a_version_keeps_who_took_it_and_is_assessed_anew(anna: Workplace, crop: Path) -> None:
    show_in(anna, "P-1", a_person(anna, "Elle Valkeapää"))
    added = versions.add_version(anna, "P-1", crop)
    assert (added.photo, added.version_of, added.shown_before) == ("P-2", "P-1", ("H-2",))
    assert {"people", "shot", "confidentiality"} <= set(added.open)
    assert not {"photographer", "place", "basis"} & set(added.open)
    assert codes(anna, "P-2") == ("RG_INCOMPLETE",)
    seen = Answers(people=People.NONE, shot=Shot.GENERAL_VIEW)
    answers.answer(anna, ["P-2"], seen)
    assert stored(anna, "P-2").version_of == 1
    assert stored(anna, "P-1").people is People.RECOGNISABLE


def test_the_same_picture_is_no_version(anna: Workplace, crop: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.jpg"
    same.write_bytes((tmp_path / "whole.jpg").read_bytes() + b"other metadata")
    with pytest.raises(NotAllowed, match="same picture as P-1"):
        versions.add_version(anna, "P-1", same)
    versions.add_version(anna, "P-1", crop)
    with pytest.raises(NotAllowed):
        versions.add_version(anna, "P-1", crop)


def test_what_was_allowed_of_the_photo_alone_does_not_reach_its_version(
    anna: Workplace, tmp_path: Path
) -> None:
    person = a_person(anna, "Elle Valkeapää")
    a_photographer(anna)
    a_photo(anna, tmp_path, MARKET, "whole.jpg", nobodys(scene(1, SIZE)))
    show_in(anna, "P-1", person)
    consents.record(anna, Whose(person, photo="P-1"), yes())
    assert codes(anna, "P-1") == ()
    path = tmp_path / "crop.jpg"
    path.write_bytes(nobodys(scene(1, SIZE).crop((100, 100, 500, 400))))
    versions.add_version(anna, "P-1", path)
    answers.answer(anna, ["P-2"], OF_ONE_PERSON)
    show_in(anna, "P-2", person)
    assert codes(anna, "P-2") == ("CN_NO_CONSENT",)


def test_what_was_refused_of_the_photo_alone_reaches_its_version(
    anna: Workplace, crop: Path
) -> None:
    person = a_person(anna, "Elle Valkeapää")
    consents_to(anna, person)
    show_in(anna, "P-1", person)
    consents.record(anna, Whose(person, photo="P-1"), Spoken(ConsentKind.REFUSED))
    permissions.record(
        anna,
        Rights(photographer="H-1", photos=("P-1",)),
        Spoken(ConsentKind.REFUSED),
        Terms(Basis.PHOTOGRAPHER_PERMISSION),
    )
    versions.add_version(anna, "P-1", crop)
    answers.answer(anna, ["P-2"], OF_ONE_PERSON)
    show_in(anna, "P-2", person)
    assert {"CN_WITHDRAWN", "CR_PERMISSION_REVOKED"} <= set(codes(anna, "P-2"))


def test_what_is_refused_of_a_photo_later_stops_the_versions_that_there_are(
    anna: Workplace, crop: Path, tmp_path: Path
) -> None:
    person = a_person(anna, "Elle Valkeapää")
    show_in(anna, "P-1", person)
    versions.add_version(anna, "P-1", crop)
    smaller = tmp_path / "smaller.jpg"
    smaller.write_bytes(nobodys(scene(1, SIZE).crop((150, 150, 450, 350))))
    versions.add_version(anna, "P-2", smaller)
    consents.record(anna, Whose(person, photo="P-1"), Spoken(ConsentKind.REFUSED))
    assert [copy.photo for copy in anna.reacted.copies] == ["P-2", "P-3"]
    assert all("RG_FLAGGED" in codes(anna, photo) for photo in ("P-2", "P-3"))


def test_a_version_whose_rights_were_taken_out_is_refused(anna: Workplace, crop: Path) -> None:
    crop.write_bytes(jpeg(scene(1, SIZE).crop((100, 100, 500, 400))))
    assert versions.add_version(anna, "P-1", crop).lacks_rights
    assert "MD_RIGHTS_INFO_REMOVED" in codes(anna, "P-2")


def test_photos_registered_in_a_hurry_get_their_hashes_later(
    anna: Workplace, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    folder.mkdir()
    for seed in (1, 2, 3, 4):
        (folder / f"{seed}.jpg").write_bytes(jpeg(scene(seed, (320, 240))))
    (folder / "5.jpg").write_bytes((folder / "1.jpg").read_bytes() + b"other metadata")
    list(registration.register(anna, [folder], Answers(), Way(look=False)))
    (folder / "2.jpg").unlink()
    (folder / "3.jpg").write_bytes(jpeg(scene(9, (320, 240))))
    told = list(fingerprinting.fingerprint(anna))
    done = [each for each in told if isinstance(each, Fingerprinted)]
    assert [(each.photo, each.comparable) for each in done] == [
        ("P-1", True),
        ("P-4", True),
        ("P-5", True),
    ]
    assert sorted(each.photo for each in told if isinstance(each, NotRead)) == ["P-2", "P-3"]
    assert stored(anna, "P-1").picture_sha256 == stored(anna, "P-5").picture_sha256
    assert not [e for e in fingerprinting.fingerprint(anna) if isinstance(e, Fingerprinted)]


def test_an_auditor_fingerprints_nothing(at_work: AtWork) -> None:
    with pytest.raises(NotAllowed):
        list(fingerprinting.fingerprint(at_work("tarja")))
