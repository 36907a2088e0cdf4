"""Facts about a photo itself: its file's day, answers, looks, who stopped it, who was erased."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.imaging.builders import jpeg_with_exif, with_unused_table
from tests.imaging.pictures.test_likeness import scene
from tests.services.photos.test_matching import jpeg
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)

from photoreg.imaging.metadata import exif
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action, entries
from photoreg.registry.lookup import find_photo
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import Confidentiality, DepictedWork, DigitalSource, PhotoFacts
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.data_subjects import erasure
from photoreg.services.data_subjects.erasure import ErasureGround
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator
from photoreg.services.files import fingerprinting, refreshing
from photoreg.services.files.fingerprinting import FingerprintResult
from photoreg.services.photos import answers, details, events, registration, versions
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.registration import RegistrationOptions
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications import export, publishing

TAKEN = date(2026, 10, 9)
WITH_A_LOOK, QUICK = RegistrationOptions(), RegistrationOptions(decode=False)
WHOLE = jpeg(scene(1, (640, 480)))
SMALLER = jpeg(scene(1, (640, 480)).resize((480, 360)), 70)
BROKEN = b"\xff\xd8\xff"


@pytest.fixture
def anna(anna: Application) -> Application:
    """Anna, and a photographer who permits everything."""
    add_photographer(anna)
    return anna


def taken_on(day: date, *camera: exif.NewTag) -> bytes:
    time = exif.ascii_entry(exif.DATE_TIME_ORIGINAL, f"{day:%Y:%m:%d} 12:00:00")
    return jpeg_with_exif(camera=(time, *camera))


def register(
    application: Application,
    file: Path,
    content: bytes,
    photo_answers: PhotoAnswers = EMPTY_STREET,
    options: RegistrationOptions = WITH_A_LOOK,
) -> RegisteredPhoto:
    file.write_bytes(content)
    [told] = registration.register_files(application, [file], photo_answers, options)
    assert isinstance(told, RegisteredPhoto), told
    return told


def facts(application: Application, photo: str = "P-1") -> PhotoFacts:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.facts


def streamed(application: Application) -> Iterator[tuple[int, PhotoFacts]]:
    with application.reading() as work:
        evaluator = BulkEvaluator.for_selection(work, PhotoSelection())
        for each in evaluator.photos():
            yield each.rows.id, each.classified.photo_class.facts


def actions(application: Application) -> list[str]:
    with application.reading() as work:
        return [entry.action for entry in entries(work.session)]


# --- the day that the file says -------------------------------------------------------------------


def test_the_year_is_the_files_own_and_a_scan_has_none(anna: Application, tmp_path: Path) -> None:
    register(anna, tmp_path / "camera.jpg", taken_on(TAKEN))
    scanned = exif.NewTag(exif.FILE_SOURCE, 7, b"\2")
    register(anna, tmp_path / "scan.jpg", with_unused_table(taken_on(TAKEN, scanned), "scan"))
    answers.answer(anna, ["P-1", "P-2"], PhotoAnswers(taken_year=1950))
    assert facts(anna, "P-1").file_taken_year == TAKEN.year
    assert facts(anna, "P-2").file_taken_year is None


def test_editing_the_day_out_of_the_file_takes_nothing_back(
    anna: Application, tmp_path: Path
) -> None:
    file = tmp_path / "camera.jpg"
    register(anna, file, taken_on(TAKEN))
    for edited in (taken_on(date(1950, 1, 1)), jpeg_with_exif()):
        file.write_bytes(edited)
        assert facts(anna).file_taken_year == TAKEN.year
        register(anna, file, edited)
        assert facts(anna).file_taken_year == TAKEN.year


def test_a_later_day_in_the_file_counts_as_soon_as_it_is_looked_at(
    anna: Application, tmp_path: Path
) -> None:
    file = tmp_path / "camera.jpg"
    register(anna, file, taken_on(date(1950, 1, 1)))
    file.write_bytes(taken_on(TAKEN))
    assert facts(anna).file_taken_year == TAKEN.year


@pytest.mark.parametrize(("days", "differs"), [(-3, True), (-2, False), (0, False), (4, True)])
def test_a_day_more_than_two_days_outside_the_event_differs(
    days: int, differs: bool, anna: Application, tmp_path: Path
) -> None:
    events.add_event(anna, "Juhla", on=TAKEN, until=TAKEN + timedelta(days=1))
    taken = taken_on(TAKEN + timedelta(days=days))
    told = register(anna, tmp_path / "a.jpg", taken, replace(EMPTY_STREET, event="E-1"))
    assert told.outside_event is differs
    assert facts(anna).day_differs is differs


def test_a_move_to_an_event_of_another_month_is_reported(anna: Application, tmp_path: Path) -> None:
    for name, day in (("Juhla", TAKEN), ("Retki", date(2026, 9, 1))):
        events.add_event(anna, name, on=day)
    register(anna, tmp_path / "a.jpg", taken_on(TAKEN), replace(EMPTY_STREET, event="E-1"))
    assert not facts(anna).day_differs
    assert answers.answer(anna, ["P-1"], PhotoAnswers(event="E-2")).outside_event == (1,)
    assert facts(anna).day_differs
    assert answers.answer(anna, ["P-1"], PhotoAnswers(event="E-2")).outside_event == ()
    events.change_event(anna, "E-2", on=TAKEN)
    assert not facts(anna).day_differs


# --- answers --------------------------------------------------------------------------------------


def test_a_depicted_work_and_the_making_of_the_picture_are_answered_and_shown(
    anna: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path)
    before = facts(anna)
    assert (before.depicted_work, before.digital_source) == (None, None)
    given = PhotoAnswers(
        depicted_work=DepictedWork.MAIN_SUBJECT, digital_source=DigitalSource.AI_COMPOSITE
    )
    done = answers.answer(anna, ["P-1"], given)
    assert done.changed == {1: ("depicted_work", "digital_source")}
    after = facts(anna)
    assert after.depicted_work is DepictedWork.MAIN_SUBJECT
    assert after.digital_source is DigitalSource.AI_COMPOSITE
    shown = {row.question: row.answer for row in details.show_photo(anna, "P-1").answers}
    assert (shown["depicted_work"], shown["digital_source"]) == ("main_subject", "ai_composite")


def test_neither_is_asked_of_a_photo_that_nobody_answered_them_for(
    anna: Application, tmp_path: Path
) -> None:
    told = register(anna, tmp_path / "a.jpg", WHOLE, PhotoAnswers())
    assert not {"depicted_work", "digital_source"} & set(told.open)


# --- versions -------------------------------------------------------------------------------------


def test_a_version_is_changed_and_keeps_what_was_said_of_its_original(
    anna: Application, tmp_path: Path
) -> None:
    register(anna, tmp_path / "a.jpg", taken_on(TAKEN))
    answers.answer(anna, ["P-1"], PhotoAnswers(depicted_work=DepictedWork.MAIN_SUBJECT))
    crop = tmp_path / "crop.jpg"
    crop.write_bytes(WHOLE)
    version = versions.add_version(anna, "P-1", crop).photo
    assert not facts(anna).version_changed
    seen = facts(anna, version)
    assert seen.version_changed
    assert seen.depicted_work is DepictedWork.MAIN_SUBJECT
    assert seen.file_taken_year == TAKEN.year


# --- a look that could not be made ----------------------------------------------------------------


@pytest.fixture
def hurried(anna: Application, tmp_path: Path) -> Path:
    """The file of P-2, registered in a hurry: a smaller copy of P-1, which is stopped."""
    register(anna, tmp_path / "whole.jpg", WHOLE)
    flags.raise_flag(anna, "P-1", reason="The number plate can be read.")
    register(anna, tmp_path / "copy.jpg", SMALLER, EMPTY_STREET, QUICK)
    return tmp_path / "copy.jpg"


def test_a_photo_that_was_never_looked_at_is_looked_at_at_the_gate(
    anna: Application, hurried: Path
) -> None:
    assert hurried.is_file()
    seen = facts(anna, "P-2")
    assert (seen.picture_unread, seen.flagged) == (False, True)


def test_while_its_file_is_gone_it_stays_unread(anna: Application, hurried: Path) -> None:
    hurried.unlink()
    [approved] = approval.approve(anna, ["P-2"], PAGE_USE)
    assert approved.checked.facts.picture_unread
    published = publishing.add_publication(anna, ["P-2"], PAGE_USE, address="https://kunta.example")
    assert published.checked[0].facts.picture_unread


@pytest.mark.parametrize("is_relative", [False, True])
def test_an_original_elsewhere_is_looked_at_before_it_is_exported(
    is_relative: bool,
    anna: Application,
    hurried: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    moved = hurried.rename(tmp_path / "moved.jpg")
    named = Path(moved.name) if is_relative else moved
    [result] = export.export_photos(anna, ["P-2"], PAGE_USE, tmp_path / "copies", file=named)
    assert result.path is None
    assert not result.checked.is_allowed
    assert (result.checked.facts.picture_unread, result.checked.facts.flagged) == (False, True)


def test_another_file_is_no_look_at_the_photo(
    anna: Application, hurried: Path, tmp_path: Path
) -> None:
    hurried.unlink()
    other = tmp_path / "other.jpg"
    other.write_bytes(jpeg(scene(5, (300, 200))))
    [result] = export.export_photos(anna, ["P-2"], PAGE_USE, tmp_path / "copies", file=other)
    assert result.path is None
    assert result.checked.facts.picture_unread


def test_registering_the_moved_file_is_a_look(
    anna: Application, hurried: Path, tmp_path: Path
) -> None:
    content = hurried.read_bytes()
    hurried.unlink()
    told = register(anna, tmp_path / "moved.jpg", content)
    assert (told.photo_id, told.is_new) == (2, False)
    assert told.stopped is not None
    assert not facts(anna, "P-2").picture_unread


def test_a_photo_that_was_looked_at_stays_publishable_while_its_file_is_away(
    anna: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path)
    (tmp_path / "street.jpg").unlink()
    assert not facts(anna).picture_unread
    [approved] = approval.approve(anna, ["P-1"], PAGE_USE)
    assert approved.decision_id
    [result] = export.export_photos(anna, ["P-1"], PAGE_USE, tmp_path / "copies")
    assert result.error is not None


@pytest.mark.parametrize("content", [BROKEN, jpeg(scene(5, (300, 200)))])
def test_a_changed_file_that_cannot_be_looked_at_leaves_the_photo_unread_until_it_is(
    content: bytes, anna: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path)
    file = tmp_path / "street.jpg"
    whole = file.read_bytes()
    file.write_bytes(content)
    assert facts(anna).picture_unread
    file.unlink()
    assert facts(anna).picture_unread
    file.write_bytes(whole)
    assert not facts(anna).picture_unread
    assert [a for a in actions(anna) if a in {Action.PICTURE_UNREAD, Action.PICTURE_READ}] == [
        Action.PICTURE_UNREAD,
        Action.PICTURE_READ,
    ]


def test_new_metadata_leave_a_picture_that_was_looked_at(anna: Application, tmp_path: Path) -> None:
    register_photo(anna, tmp_path)
    file = tmp_path / "street.jpg"
    file.write_bytes(file.read_bytes() + b"an edit")
    assert not facts(anna).picture_unread
    assert refreshing.refresh_files(anna, ["P-1"]) == [1]


def test_an_auditor_looks_at_nothing_and_sees_what_is_stored(
    anna: Application, tarja: Application, hurried: Path
) -> None:
    assert hurried.is_file()
    assert facts(tarja, "P-2").picture_unread
    assert not facts(anna, "P-2").picture_unread
    assert not facts(tarja, "P-2").picture_unread


def test_a_changed_file_that_is_whole_again_is_found_by_fingerprinting_too(
    anna: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path)
    file = tmp_path / "street.jpg"
    whole = file.read_bytes()
    file.write_bytes(BROKEN)
    assert facts(anna).picture_unread
    file.write_bytes(whole)
    [done] = fingerprinting.fingerprint(anna)
    assert isinstance(done, FingerprintResult)
    assert list(fingerprinting.fingerprint(anna)) == []
    file.unlink()
    assert not facts(anna).picture_unread


def test_two_photos_at_one_path_are_both_looked_at(anna: Application, tmp_path: Path) -> None:
    file = tmp_path / "one.jpg"
    register(anna, file, WHOLE)
    register(anna, file, jpeg(scene(5, (300, 200))))
    checked = checks.check(anna, ["P-1", "P-2"], PAGE_USE)
    assert [each.facts.picture_unread for each in checked] == [True, False]


def test_an_audit_of_an_earlier_day_knows_that_nobody_had_looked_yet(
    anna: Application, application: Application, clock: Clock, tmp_path: Path
) -> None:
    register(anna, tmp_path / "a.jpg", WHOLE, EMPTY_STREET, QUICK)
    then = clock.now.date()
    clock.now += timedelta(days=2)
    answers.answer(anna, ["P-1"], PhotoAnswers(depicted_work=DepictedWork.MAIN_SUBJECT))
    assert not facts(anna).picture_unread
    with state_as_of(application, then) as earlier:
        [(_, seen)] = streamed(earlier)
    assert (seen.picture_unread, seen.depicted_work) == (True, None)


# --- who stopped it; who was erased ---------------------------------------------------------------


def stops(application: Application, photo: str) -> tuple[bool, bool]:
    seen = facts(application, photo)
    return seen.flagged, seen.objected


@pytest.mark.parametrize(
    ("words", "flagged", "objected"),
    [
        ({}, True, False),
        ({"objector": "Maija, 040 123"}, False, True),
        ({"person": "Elle"}, False, True),
    ],
)
def test_a_flag_by_a_person_is_an_objection_and_any_other_is_not(
    words: dict[str, str],
    flagged: bool,
    objected: bool,
    anna: Application,
    application: Application,
    tmp_path: Path,
) -> None:
    create_person(anna, "Elle")
    register(anna, tmp_path / "a.jpg", WHOLE)
    flags.raise_flag(anna, "P-1", reason="It shows too much.", **words)
    register(anna, tmp_path / "b.jpg", SMALLER)
    assert stops(anna, "P-1") == stops(anna, "P-2") == (flagged, objected)
    assert dict(streamed(anna))[2].objected is objected
    flags.resolve_flag(application, "F-1", outcome=FlagOutcome.LIFTED, reason="It does not.")
    assert stops(anna, "P-1") == (False, False)


def test_a_copy_of_a_photo_that_shows_somebody_blocked_is_stopped_about_a_person(
    anna: Application, tmp_path: Path
) -> None:
    blocked = replace(EMPTY_STREET, confidentiality=Confidentiality.PUBLICATION_BLOCK)
    register(anna, tmp_path / "a.jpg", WHOLE, blocked)
    register(anna, tmp_path / "b.jpg", SMALLER)
    assert stops(anna, "P-2") == (False, True)


def test_a_photo_that_shows_somebody_erased_says_so(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path, EMPTY_STREET, "b.jpg")
    tag_person(anna, register_photo(anna, tmp_path, MARKET), create_person(anna, "Elle"))
    assert not facts(anna, "P-2").erased
    erasure.erase(application, "Elle", ErasureGround.REQUEST)
    seen = facts(anna, "P-2")
    assert seen.erased
    assert seen.persons[0].blocked
    assert [(n, each.erased) for n, each in streamed(anna)] == [(1, False), (2, True)]


# --- one photo and all of them --------------------------------------------------------------------


def test_an_audit_of_all_photos_sees_the_facts_that_each_is_checked_by(
    anna: Application, hurried: Path, tmp_path: Path
) -> None:
    hurried.unlink()
    events.add_event(anna, "Juhla", on=TAKEN)
    far = replace(EMPTY_STREET, event="E-1", depicted_work=DepictedWork.PERMITTED)
    register(anna, tmp_path / "far.jpg", taken_on(date(2026, 1, 1)), far)
    made = replace(EMPTY_STREET, digital_source=DigitalSource.AI_GENERATED)
    register_photo(anna, tmp_path, made, "made.jpg")
    crop = tmp_path / "crop.jpg"
    crop.write_bytes(jpeg(scene(7, (300, 200))))
    versions.add_version(anna, "P-4", crop)
    found = dict(streamed(anna))
    assert len(found) == 5
    for number, seen in found.items():
        own = facts(anna, f"P-{number}")
        assert _of_photo(seen) == _of_photo(own), number


def _of_photo(seen: PhotoFacts) -> PhotoFacts:
    return replace(seen, persons=(), permissions=(), terms_changed=None)


def test_an_impossible_day_in_the_file_or_of_the_event_is_no_error(
    anna: Application, tmp_path: Path
) -> None:
    events.add_event(anna, "Juhla", on=date.min)
    told = register(
        anna, tmp_path / "a.jpg", taken_on(date(2099, 1, 1)), replace(EMPTY_STREET, event="E-1")
    )
    assert told.outside_event
    with anna.reading() as work:
        photo = find_photo(work.session, "P-1")
        assert (id_of(photo), photo.file_taken_on) == (1, date(2099, 1, 1))
    assert facts(anna).file_taken_year == datetime(2099, 1, 1).year  # noqa: DTZ001


def test_many_files_registered_in_a_hurry_are_looked_at_when_they_are_registered_again(
    anna: Application, tmp_path: Path
) -> None:
    for number in range(18):
        content = with_unused_table(jpeg(scene(number, (60, 40))), number)
        (tmp_path / f"{number}.jpg").write_bytes(content)
    list(registration.register_files(anna, [tmp_path], EMPTY_STREET, QUICK))
    assert {seen.picture_unread for _, seen in streamed(anna)} == {True}
    list(registration.register_files(anna, [tmp_path], EMPTY_STREET))
    assert {seen.picture_unread for _, seen in streamed(anna)} == {False}
