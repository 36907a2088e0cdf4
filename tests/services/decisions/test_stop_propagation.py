"""A picture that is stopped is stopped wherever it comes again: re-encoded, resized, in a hurry."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    as_coordinator,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.cli.commands.sheet import vocabulary
from photoreg.errors import NotAllowed
from photoreg.presentation.decisions import why_flagged
from photoreg.registry.tables.photos import FlagCause, FlagOutcome
from photoreg.rulebook.facts import Confidentiality, ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import audits
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.decisions import checks, flags
from photoreg.services.files import fingerprinting
from photoreg.services.files.fingerprinting import FingerprintResult
from photoreg.services.people import blocks
from photoreg.services.photos import (
    answers as photo_answers,
)
from photoreg.services.photos import (
    depictions,
    events,
    question_sheets,
    registration,
    versions,
)
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.registration import RegistrationOptions
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import export, publishing
from photoreg.services.publications.publishing import PublicationState
from photoreg.services.unit_of_work import StoppedCopy
from photoreg.texts import use_language

WHOLE = jpeg(scene(1, (640, 480)))
NO = ConsentStatement(ConsentKind.WITHDRAWN, purposes=())


def saved_anew(width: int = 480, quality: int = 70) -> bytes:
    """Return the picture resized and compressed again: another file with other pixels."""
    target = io.BytesIO()
    image = Image.open(io.BytesIO(WHOLE)).resize((width, width * 3 // 4))
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


@pytest.fixture
def anna(application_for: ApplicationFor) -> Application:
    """Anna, who registered P-1, which may be published."""
    anna = application_for("anna")
    add_photographer(anna)
    return anna


@pytest.fixture
def whole(anna: Application, tmp_path: Path) -> str:
    return register_photo(anna, tmp_path, EMPTY_STREET, "whole.jpg", WHOLE)


def register(
    application: Application, path: Path, content: bytes, answers: PhotoAnswers = EMPTY_STREET
) -> RegisteredPhoto:
    path.write_bytes(content)
    [told] = registration.register_files(application, [path], answers)
    assert isinstance(told, RegisteredPhoto)
    return told


def codes(application: Application, photo: str) -> tuple[str, ...]:
    [checked] = checks.check(as_coordinator(application), [photo], PAGE_USE)
    return checked.verdict.codes


def test_a_stopped_photo_saved_anew_is_stopped_as_it_is_registered(
    anna: Application, application: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")

    told = register(anna, tmp_path / "again.jpg", saved_anew())

    assert told.stopped == StoppedCopy("P-2", "F-2", "P-1")
    assert codes(anna, "P-2") == ("RG_FLAGGED",)
    raised = flags.show_flag(application, "F-2")
    assert (raised.cause, raised.like, raised.reason) == (FlagCause.LOOKS_ALIKE, "P-1", "")
    assert why_flagged(raised) == "It looks like P-1, which is stopped."
    use_language("fi")  # whoever reads it, in whichever language it was raised
    assert why_flagged(raised) == "Kuva on saman näköinen kuin P-1, joka on pysäytetty."
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="Not legible.")
    assert codes(anna, "P-2") == ("RG_FLAGGED",)
    flags.resolve_flag(application, "F-2", outcome=FlagOutcome.LIFTED, reason="Not legible.")
    assert codes(anna, "P-2") == ()


def test_log_about_a_stopped_photo_has_the_flags_of_its_near_duplicates(
    anna: Application, application_for: ApplicationFor, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    register(anna, tmp_path / "again.jpg", saved_anew())

    with audits.list_log(application_for("tarja"), photo=whole) as entries:
        raised = [entry for entry in entries if entry.action == "flag.raised"]
    assert [(entry.subject, entry.details["photo"]) for entry in raised] == [
        ("F-2", "P-2"),
        ("F-1", whole),
    ]
    assert raised[0].details["like"] == whole


def test_a_flag_that_is_upheld_stops_copies_too_and_a_lifted_one_does_not(
    anna: Application, application: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="It can.")
    assert register(anna, tmp_path / "again.jpg", saved_anew()).stopped
    for flag in ("F-1", "F-2"):
        flags.resolve_flag(
            application, flag, outcome=FlagOutcome.LIFTED, reason="The car is scrap."
        )
    assert register(anna, tmp_path / "third.jpg", saved_anew(400)).stopped is None


def test_another_picture_is_left_alone(anna: Application, whole: str, tmp_path: Path) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    assert register(anna, tmp_path / "other.jpg", jpeg(scene(2, (640, 480)))).stopped is None
    assert codes(anna, "P-2") == ()


def test_copies_that_are_registered_already_are_stopped_and_taken_down(
    anna: Application, whole: str, tmp_path: Path
) -> None:
    for name, width in (("a.jpg", 480), ("b.jpg", 400)):
        register(anna, tmp_path / name, saved_anew(width))
    publishing.add_publication(anna, ["P-3"], PAGE_USE, address="https://kunta.example/1")

    flags.raise_flag(anna, "P-2", reason="The number plate can be read.")

    assert [copy.photo for copy in anna.reacted.copies] == ["P-1", "P-3"]
    assert {copy.similar_to for copy in anna.reacted.copies} == {"P-2"}
    assert [t.photo for t in anna.reacted.publications] == ["P-3"]
    assert [codes(anna, photo) for photo in ("P-1", "P-2", "P-3")] == [("RG_FLAGGED",)] * 3
    flags.raise_flag(anna, whole, reason="My face.")
    assert len(anna.reacted.copies) == 2  # each has its flag


def test_who_may_not_be_shown_is_taken_out_and_copies_are_stopped_and_taken_down_together(
    anna: Application, application: Application, whole: str, tmp_path: Path
) -> None:
    for name, width in (("a.jpg", 480), ("b.jpg", 400)):
        register(anna, tmp_path / name, saved_anew(width))
    publishing.add_publication(anna, ["P-3"], PAGE_USE, address="https://kunta.example/1")
    elle = create_person(anna, "Elle")
    for photo in (whole, "P-2"):
        tag_person(anna, photo, elle)
    blocks.block_person(application, elle)

    done = depictions.untag_persons(anna, [whole, "P-2"], persons=[elle])

    assert done.stopped
    assert done.stopped.flags == {"P-1": "F-1", "P-2": "F-2"}
    assert [copy.photo for copy in anna.reacted.copies] == ["P-3"]
    assert [each.photo for each in anna.reacted.publications] == ["P-3"]
    assert all("RG_FLAGGED" in codes(anna, photo) for photo in ("P-1", "P-2", "P-3"))


def test_a_photographers_no_to_several_photos_stops_what_looks_like_any_of_them(
    anna: Application, whole: str, tmp_path: Path
) -> None:
    other = register(anna, tmp_path / "other.jpg", jpeg(scene(2, (640, 480))))
    register(anna, tmp_path / "again.jpg", saved_anew())
    told = permissions.withdraw_permission(
        anna, NO, rights=PermissionParties("H-1", photos=(f"P-{other.photo_id}", whole))
    )
    assert [each.recorded.photos for each in told] == [("P-2",), ("P-1",)]
    assert anna.reacted.copies == [StoppedCopy("P-3", "F-1", "P-1")]
    assert "RG_FLAGGED" in codes(anna, "P-3")


def test_what_was_registered_in_a_hurry_is_stopped_when_its_likeness_is_known(
    anna: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    path = tmp_path / "again.jpg"
    path.write_bytes(saved_anew())
    list(registration.register_files(anna, [path], EMPTY_STREET, RegistrationOptions(decode=False)))

    [told] = fingerprinting.fingerprint(anna)

    assert isinstance(told, FingerprintResult)
    assert told.stopped == StoppedCopy("P-2", "F-2", "P-1")
    assert codes(anna, "P-2") == ("RG_FLAGGED",)


@pytest.mark.parametrize(
    "how", ["flag", "no", "no by number", "photographer", "photographer by number"]
)
def test_what_was_registered_in_a_hurry_is_looked_at_before_its_copies_are_sought(
    how: str, anna: Application, tmp_path: Path
) -> None:
    path = tmp_path / "whole.jpg"
    path.write_bytes(WHOLE)
    list(registration.register_files(anna, [path], EMPTY_STREET, RegistrationOptions(decode=False)))
    register(anna, tmp_path / "again.jpg", saved_anew())
    if how == "flag":
        flags.raise_flag(anna, "P-1", reason="My face.")
    elif how == "no":
        consents.withdraw_consent(anna, NO, parties=ConsentParties("H-1", photo="P-1"))
    elif how == "no by number":
        said = consents.record_consent(anna, ConsentParties("H-1", photo="P-1"), granted_consent())
        consents.withdraw_consent(anna, NO, consent=said.recorded.record_id)
    elif how == "photographer":
        permissions.withdraw_permission(anna, NO, rights=PermissionParties("H-1", photos=("P-1",)))
    else:
        [told] = permissions.record_permission(
            anna, PermissionParties("H-1", photos=("P-1",)), granted_consent()
        )
        permissions.withdraw_permission(anna, NO, permission=told.recorded.record_id)
    assert codes(anna, "P-2") == ("RG_FLAGGED",)


def test_of_a_stopped_photo_whose_likeness_is_found_out_later_copies_are_stopped_then(
    anna: Application, tmp_path: Path
) -> None:
    path, away = tmp_path / "whole.jpg", tmp_path / "away.jpg"
    path.write_bytes(WHOLE)
    list(registration.register_files(anna, [path], EMPTY_STREET, RegistrationOptions(decode=False)))
    path.rename(away)
    register(anna, tmp_path / "again.jpg", saved_anew())
    flags.raise_flag(anna, "P-1", reason="My face.")
    assert anna.reacted.copies == []
    away.rename(path)
    list(fingerprinting.fingerprint(anna))
    assert codes(anna, "P-2") == ("RG_FLAGGED",)


def test_what_was_registered_in_a_hurry_is_looked_at_before_it_is_exported(
    anna: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    path = tmp_path / "again.jpg"
    path.write_bytes(saved_anew())
    list(registration.register_files(anna, [path], EMPTY_STREET, RegistrationOptions(decode=False)))
    [exported] = export.export_photos(anna, ["P-2"], PAGE_USE, tmp_path / "copies")
    assert exported.path is None
    assert codes(anna, "P-2") == ("RG_FLAGGED",)


@pytest.mark.parametrize("how", ["own answer", "photographer", "block"])
def test_a_no_to_one_photo_stops_its_copies_before_and_after(
    how: str, anna: Application, tmp_path: Path
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle)
    register_photo(anna, tmp_path, MARKET, "whole.jpg", WHOLE)
    tag_person(anna, "P-1", elle)
    register(anna, tmp_path / "before.jpg", saved_anew())
    if how == "own answer":
        consents.withdraw_consent(anna, NO, parties=ConsentParties(elle, photo="P-1"))
    elif how == "photographer":
        permissions.withdraw_permission(anna, NO, rights=PermissionParties("H-1", photos=("P-1",)))
    else:
        block = PhotoAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
        photo_answers.answer(anna, ["P-1"], block)
    assert [(c.photo, c.similar_to) for c in anna.reacted.copies] == [("P-2", "P-1")]
    assert "RG_FLAGGED" in codes(anna, "P-2")
    assert register(anna, tmp_path / "after.jpg", saved_anew(400)).stopped
    assert "RG_FLAGGED" in codes(anna, "P-3")


def test_a_no_to_everything_stops_nobody_elses_registering(
    anna: Application, tmp_path: Path
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    register_photo(anna, tmp_path, MARKET, "whole.jpg", WHOLE)
    tag_person(anna, "P-1", elle)
    consents.withdraw_consent(anna, NO, parties=ConsentParties(elle))
    assert anna.reacted.copies == []
    assert register(anna, tmp_path / "again.jpg", saved_anew()).stopped is None
    tag_person(anna, "P-2", elle)
    assert "CN_WITHDRAWN" in codes(anna, "P-2")


def test_a_version_that_still_looks_like_a_stopped_photo_waits_by_itself(
    anna: Application, application: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="The number plate can be read.")
    path = tmp_path / "again.jpg"
    path.write_bytes(saved_anew())

    added = versions.add_version(anna, whole, path)

    assert added.stopped == StoppedCopy("P-2", "F-2", "P-1")
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.UPHELD, reason="It can.")
    assert "RG_FLAGGED" in codes(anna, "P-2")


def test_a_no_to_the_original_reaches_its_version_and_needs_no_flag_there(
    anna: Application, tmp_path: Path
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    register_photo(anna, tmp_path, MARKET, "whole.jpg", WHOLE)
    tag_person(anna, "P-1", elle)
    consents.withdraw_consent(anna, NO, parties=ConsentParties(elle, photo="P-1"))
    path = tmp_path / "again.jpg"
    path.write_bytes(saved_anew())
    assert versions.add_version(anna, "P-1", path).stopped is None
    tag_person(anna, "P-2", elle)
    assert "CN_WITHDRAWN" in codes(anna, "P-2")


def test_only_the_coordinator_lifts_what_stops_a_copy(
    anna: Application, whole: str, tmp_path: Path
) -> None:
    flags.raise_flag(anna, whole, reason="My face.")
    register(anna, tmp_path / "again.jpg", saved_anew())
    with pytest.raises(NotAllowed):
        flags.resolve_flag(anna, "F-2", outcome=FlagOutcome.LIFTED, reason="Another picture.")
    assert flags.show_flag(anna, "F-2").like  # whoever registered it reads why
    assert date(2026, 11, 3) == flags.list_flags(anna)[-1].due_at.date()


def test_copies_of_a_photo_that_shows_an_erased_person_are_stopped(
    anna: Application, application: Application, whole: str, tmp_path: Path
) -> None:
    tag_person(anna, whole, create_person(anna, "Aila A"))
    assert register(anna, tmp_path / "before.jpg", saved_anew()).stopped is None
    erasure.erase(application, "Aila A", ground=ErasureGround.REQUEST)
    assert codes(anna, "P-2") == ("RG_COPY_DIFFERS", "RG_FLAGGED")
    assert register(anna, tmp_path / "after.jpg", saved_anew(400)).stopped
    assert codes(anna, "P-3") == ("RG_COPY_DIFFERS", "RG_FLAGGED")


@pytest.mark.parametrize("how", ["registering", "sheet"])
def test_copies_of_a_photo_that_shows_who_may_not_be_shown_are_stopped_however_it_is_said(
    how: str, anna: Application, tmp_path: Path
) -> None:
    register(anna, tmp_path / "before.jpg", saved_anew())
    block = Confidentiality.PUBLICATION_BLOCK
    said = EMPTY_STREET if how == "sheet" else replace(EMPTY_STREET, confidentiality=block)
    register(anna, tmp_path / "whole.jpg", WHOLE, said)
    if how == "sheet":
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(f"photo;confidential\nP-2;{block}\n", "utf-8")
        assert question_sheets.import_sheet(anna, sheet, vocabulary(), apply=True).applied
    assert codes(anna, "P-1") == ("RG_COPY_DIFFERS", "RG_FLAGGED")


def test_a_flag_reaches_the_same_picture_once_that_is_known_and_it_is_taken_down(
    anna: Application, tmp_path: Path
) -> None:
    path, away = tmp_path / "hurry.jpg", tmp_path / "away.jpg"
    path.write_bytes(WHOLE.replace(b"JFIF\0\1\1", b"JFIF\0\1\2", 1))
    list(registration.register_files(anna, [path], EMPTY_STREET, RegistrationOptions(decode=False)))
    path.rename(away)
    register(anna, tmp_path / "whole.jpg", WHOLE)
    publishing.add_publication(anna, ["P-2"], PAGE_USE, address="https://kunta.example/1")
    flags.raise_flag(anna, "P-1", reason="My face.")
    assert anna.reacted.publications == []
    away.rename(path)
    [told] = fingerprinting.fingerprint(anna)
    assert isinstance(told, FingerprintResult)
    assert told.same_as == "P-2"
    assert codes(anna, "P-2") == ("RG_FLAGGED",)
    [row] = list_all(publishing.list_publications(anna))
    assert row.state is PublicationState.TAKE_DOWN_OPEN


def test_a_copy_of_a_photo_of_an_event_with_somebody_who_may_not_be_shown_is_stopped_elsewhere(
    anna: Application, tmp_path: Path
) -> None:
    block = EventAnswers(confidentiality=Confidentiality.PUBLICATION_BLOCK)
    events.add_event(anna, "Juhla", on=date(2026, 5, 30), answers=block)
    at_feast = replace(EMPTY_STREET, event="Juhla", confidentiality=None)
    register(anna, tmp_path / "whole.jpg", WHOLE, at_feast)
    assert register(anna, tmp_path / "there.jpg", saved_anew(400), at_feast).stopped is None
    assert register(anna, tmp_path / "elsewhere.jpg", saved_anew()).stopped
    assert codes(anna, "P-3") == ("RG_COPY_DIFFERS", "RG_FLAGGED")
