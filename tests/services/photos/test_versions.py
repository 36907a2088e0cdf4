"""Changed pixels are a new version with its own assessment (rulebook §7.5)."""

from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.builders import COPYRIGHT, full_jpeg
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    granted_consent,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import NotAllowed
from photoreg.registry.lookup import find_photo
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Basis, ConsentKind, People, Shot
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.decisions import checks
from photoreg.services.files import fingerprinting
from photoreg.services.files.fingerprinting import FingerprintFailure, FingerprintResult
from photoreg.services.photos import answers, registration, versions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.registration import RegistrationOptions

SIZE = (640, 480)


def nobodys(image: Image.Image) -> bytes:
    notice = COPYRIGHT.encode()
    return full_jpeg(jpeg(image)).replace(notice, b" " * len(notice))


OF_ONE_PERSON = PhotoAnswers(
    people=People.RECOGNISABLE,
    recognisable_count=1,
    shot=Shot.PERSON_SUBJECT,
    confidentiality=EMPTY_STREET.confidentiality,
    sensitive=False,
    context_identifies=False,
)
"""What is answered of a version that shows somebody."""


@pytest.fixture
def crop(anna: Application, tmp_path: Path) -> Path:
    """A crop of P-1, not registered yet."""
    add_photographer(anna)
    register_photo(anna, tmp_path, MARKET, "whole.jpg", nobodys(scene(1, SIZE)))
    path = tmp_path / "crop.jpg"
    path.write_bytes(nobodys(scene(1, SIZE).crop((100, 100, 500, 400))))
    return path


def stored(application: Application, named: str) -> Photo:
    with application.reading() as work:
        return find_photo(work.session, named)


def codes(application: Application, photo: str) -> tuple[str, ...]:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.verdict.codes


def test_a_version_keeps_who_took_it_and_is_assessed_anew(anna: Application, crop: Path) -> None:
    tag_person(anna, "P-1", create_person(anna, "Elle Valkeapää"))
    added = versions.add_version(anna, "P-1", crop)
    assert (added.photo, added.version_of, added.shown_before) == ("P-2", "P-1", ("H-2",))
    assert {"people", "shot", "confidentiality"} <= set(added.open)
    assert not {"photographer", "place", "basis"} & set(added.open)
    assert codes(anna, "P-2") == ("RG_INCOMPLETE",)
    seen = PhotoAnswers(people=People.NONE, shot=Shot.GENERAL_VIEW)
    answers.answer(anna, ["P-2"], seen)
    assert stored(anna, "P-2").version_of == 1
    assert stored(anna, "P-1").people is People.RECOGNISABLE


def test_the_same_picture_is_no_version(anna: Application, crop: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.jpg"
    same.write_bytes((tmp_path / "whole.jpg").read_bytes() + b"other metadata")
    with pytest.raises(NotAllowed, match="same picture as P-1"):
        versions.add_version(anna, "P-1", same)
    versions.add_version(anna, "P-1", crop)
    with pytest.raises(NotAllowed):
        versions.add_version(anna, "P-1", crop)


def test_what_was_allowed_of_the_photo_alone_does_not_reach_its_version(
    anna: Application, tmp_path: Path
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    add_photographer(anna)
    register_photo(anna, tmp_path, MARKET, "whole.jpg", nobodys(scene(1, SIZE)))
    tag_person(anna, "P-1", person)
    consents.record_consent(anna, ConsentParties(person, photo="P-1"), granted_consent())
    assert codes(anna, "P-1") == ()
    path = tmp_path / "crop.jpg"
    path.write_bytes(nobodys(scene(1, SIZE).crop((100, 100, 500, 400))))
    versions.add_version(anna, "P-1", path)
    answers.answer(anna, ["P-2"], OF_ONE_PERSON)
    tag_person(anna, "P-2", person)
    assert codes(anna, "P-2") == ("CN_NO_CONSENT",)


def test_what_was_refused_of_the_photo_alone_reaches_its_version(
    anna: Application, crop: Path
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    record_consent(anna, person)
    tag_person(anna, "P-1", person)
    consents.record_consent(
        anna, ConsentParties(person, photo="P-1"), ConsentStatement(ConsentKind.REFUSED)
    )
    permissions.record_permission(
        anna,
        PermissionParties(photographer="H-1", photos=("P-1",)),
        ConsentStatement(ConsentKind.REFUSED),
        PermissionTerms(Basis.PHOTOGRAPHER_PERMISSION),
    )
    versions.add_version(anna, "P-1", crop)
    answers.answer(anna, ["P-2"], OF_ONE_PERSON)
    tag_person(anna, "P-2", person)
    assert {"CN_REFUSED", "CR_NO_PERMISSION"} <= set(codes(anna, "P-2"))


def test_what_is_refused_of_a_photo_later_stops_the_versions_that_there_are(
    anna: Application, crop: Path, tmp_path: Path
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    tag_person(anna, "P-1", person)
    versions.add_version(anna, "P-1", crop)
    smaller = tmp_path / "smaller.jpg"
    smaller.write_bytes(nobodys(scene(1, SIZE).crop((150, 150, 450, 350))))
    versions.add_version(anna, "P-2", smaller)
    consents.record_consent(
        anna, ConsentParties(person, photo="P-1"), ConsentStatement(ConsentKind.REFUSED)
    )
    assert [copy.photo for copy in anna.reacted.copies] == ["P-2", "P-3"]
    assert all("RG_STOPPED" in codes(anna, photo) for photo in ("P-2", "P-3"))


def test_a_version_whose_rights_were_taken_out_is_refused(anna: Application, crop: Path) -> None:
    crop.write_bytes(jpeg(scene(1, SIZE).crop((100, 100, 500, 400))))
    assert versions.add_version(anna, "P-1", crop).lacks_rights
    assert "MD_RIGHTS_INFO_REMOVED" in codes(anna, "P-2")


def test_photos_registered_in_a_hurry_get_their_hashes_later(
    anna: Application, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    folder.mkdir()
    for seed in (1, 2, 3, 4):
        (folder / f"{seed}.jpg").write_bytes(jpeg(scene(seed, (320, 240))))
    (folder / "5.jpg").write_bytes((folder / "1.jpg").read_bytes() + b"other metadata")
    list(
        registration.register_files(
            anna, [folder], PhotoAnswers(), RegistrationOptions(decode=False)
        )
    )
    (folder / "2.jpg").unlink()
    (folder / "3.jpg").write_bytes(jpeg(scene(9, (320, 240))))
    told = list(fingerprinting.fingerprint(anna))
    done = [each for each in told if isinstance(each, FingerprintResult)]
    assert [(each.photo, each.comparable) for each in done] == [
        ("P-1", True),
        ("P-4", True),
        ("P-5", True),
    ]
    assert sorted(each.photo for each in told if isinstance(each, FingerprintFailure)) == [
        "P-2",
        "P-3",
    ]
    assert stored(anna, "P-1").picture_sha256 == stored(anna, "P-5").picture_sha256
    assert not [e for e in fingerprinting.fingerprint(anna) if isinstance(e, FingerprintResult)]


def test_an_auditor_fingerprints_nothing(application_for: ApplicationFor) -> None:
    with pytest.raises(NotAllowed):
        list(fingerprinting.fingerprint(application_for("tarja")))
