"""Registering: what is stored, what is proposed, what is refused, and that nothing is half done."""

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.imaging.builders import ARTIST, full_jpeg, jpeg_with_exif, with_unused_table

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.imaging.metadata import exif
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.lookup import find_photo
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Confidentiality, People, Photographer, Place, Shot
from photoreg.services.application import Application
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events, listing, registration
from photoreg.services.photos.answers import EventAnswers, PhotoAnswers
from photoreg.services.photos.registration import BATCH_SIZE, RegistrationEvent, RegistrationFailure
from photoreg.services.photos.storing import RegisteredPhoto

AtWork = Callable[[str], Application]
FEAST_DAY = date(2026, 5, 30)


def a_file(folder: Path, name: str = "juhla.jpg", data: bytes | None = None) -> Path:
    """Write a photo; each name gives another file."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data or with_unused_table(full_jpeg(), name))
    return path


def register(application: Application, *paths: Path, **answers: object) -> list[RegistrationEvent]:
    return list(registration.register_files(application, paths, PhotoAnswers(**answers)))  # type: ignore[arg-type]


def registered(application: Application, path: Path, **answers: object) -> RegisteredPhoto:
    [told] = register(application, path, **answers)
    assert isinstance(told, RegisteredPhoto), told
    return told


def stored(application: Application, number: int) -> Photo:
    with application.reading() as work:
        return find_photo(work.session, f"P-{number}")


def log(application: Application) -> list[ledger.LogEntry]:
    with application.reading() as work:
        return [e for e in ledger.entries(work.session) if e.subject.startswith("P-")]


def a_person(application: Application, name: str, *others: str) -> str:
    return persons.add_person(application, PersonDetails(name=name), other=others).person


def test_a_photo_is_stored_with_what_its_file_says(
    application: Application, tmp_path: Path
) -> None:
    path = a_file(tmp_path, "Ánne-Márjá Đ.jpg")
    told = registered(application, path)
    assert told.is_new
    assert told.holds_place
    assert told.taken_at == "2026-10-21 12:08:19"
    photo = stored(application, told.photo_id)
    assert photo.path == str(path.absolute())
    assert (photo.file_name, photo.format, photo.width) == ("Ánne-Márjá Đ.jpg", "JPEG", 96)
    assert (photo.file_artist, photo.gps_present, photo.taken_year) == (ARTIST, True, 2026)


def test_the_ledger_mentions_a_registration_by_ids_and_codes_only(
    application: Application, tmp_path: Path
) -> None:
    person = a_person(application, ARTIST)
    registered(application, a_file(tmp_path, "Áile.jpg"), place=Place.OFFICE_LOBBY)
    [entry] = log(application)
    assert entry.action == ledger.Action.PHOTO_REGISTERED
    assert person in entry.details
    assert "place" in entry.details
    assert ARTIST not in entry.details
    assert "jpg" not in entry.details


def test_the_same_file_again_is_the_same_photo_and_changes_nothing(
    application: Application, tmp_path: Path
) -> None:
    path = a_file(tmp_path)
    copy = tmp_path / "kopio" / "other-name.jpg"
    first = registered(application, path, people=People.NONE)
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    for again in (path, copy):
        told = registered(application, again, people=People.UNSURE)
        assert (told.photo_id, told.is_new) == (first.photo_id, False)
    assert stored(application, first.photo_id).people is People.NONE
    assert len(log(application)) == 1


def test_a_file_named_twice_in_one_call_is_reported_once(
    application: Application, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "kuvat")
    assert len(register(application, path, path.parent)) == 1


@pytest.mark.parametrize("name", [ARTIST.upper(), unicodedata.normalize("NFD", ARTIST)])
def test_the_photographer_whom_the_file_names_is_recorded(
    application: Application, tmp_path: Path, name: str
) -> None:
    person = a_person(application, name)
    told = registered(application, a_file(tmp_path))
    assert [shown.partition(" ")[0] for shown in told.photographers] == [person]
    assert told.proposed
    assert "photographer" not in told.open
    assert stored(application, told.photo_id).photographer is Photographer.KNOWN


def test_a_file_that_names_a_stranger_leaves_the_photographer_open(
    application: Application, tmp_path: Path
) -> None:
    told = registered(application, a_file(tmp_path))
    assert (told.photographers, told.file_artist, told.namesakes) == ((), ARTIST, ())
    assert "photographer" in told.open


def test_of_two_people_with_the_name_in_the_file_none_is_guessed(
    application: Application, tmp_path: Path
) -> None:
    first = a_person(application, ARTIST)
    namesakes = (first, a_person(application, ARTIST, first))
    told = registered(application, a_file(tmp_path))
    assert told.photographers == ()
    assert told.namesakes == namesakes


def test_what_somebody_says_of_the_photographer_outweighs_the_file(
    application: Application, tmp_path: Path
) -> None:
    a_person(application, ARTIST)
    other = a_person(application, "Piera Đuoddar")
    said = registered(application, a_file(tmp_path, "a.jpg"), photographers=(other,))
    unknown = registered(application, a_file(tmp_path, "b.jpg"), photographer=Photographer.UNKNOWN)
    number = events.add_event(application, "Juhla", on=FEAST_DAY, photographers=[other])
    by_event = registered(application, a_file(tmp_path, "c.jpg"), event=f"E-{number}")
    assert said.photographers == by_event.photographers == (f"{other} Piera Đuoddar",)
    assert unknown.photographers == ()
    assert not any(told.proposed for told in (said, unknown, by_event))
    assert stored(application, by_event.photo_id).photographer is None


def test_an_event_answers_for_its_photos(application: Application, tmp_path: Path) -> None:
    answers = EventAnswers(
        place=Place.PUBLIC_OUTDOOR,
        shot=Shot.GENERAL_VIEW,
        confidentiality=Confidentiality.NONE,
    )
    events.add_event(application, "Márkanat", on=FEAST_DAY, answers=answers)
    told = registered(application, a_file(tmp_path), event="márkanat", people=People.NONE)
    assert set(told.open) == {"photographer", "basis"}


def test_a_year_that_no_photo_can_have_is_not_taken_from_the_camera(
    application: Application, tmp_path: Path
) -> None:
    entry = exif.ascii_entry(exif.DATE_TIME, "2099:01:01 00:00:00")
    told = registered(application, a_file(tmp_path, data=jpeg_with_exif(entry)))
    assert told.taken_at == "2099-01-01 00:00:00"
    assert stored(application, told.photo_id).taken_year is None


def test_bad_files_are_reported_and_the_others_go_on(
    application: Application, tmp_path: Path
) -> None:
    folder = tmp_path / "kuvat"
    whole = a_file(folder, "d.jpg")
    (folder / "a.jpg").write_bytes(b"")
    (folder / "b.jpg").write_text("not an image")
    (folder / "c.jpg").write_bytes(whole.read_bytes()[:400])
    empty = tmp_path / "tyhjä"
    empty.mkdir()
    told = register(application, folder, empty, tmp_path / "missing.jpg")
    failed = [str(each.error) for each in told if isinstance(each, RegistrationFailure)]
    assert [type(each) for each in told] == [
        RegistrationFailure,
        RegistrationFailure,
        RegistrationFailure,
        RegisteredPhoto,
        RegistrationFailure,
        RegistrationFailure,
    ]
    for text, expected in zip(
        failed, ("empty", "not a photo", "cut off", "no photos", "no such file"), strict=True
    ):
        assert expected in text
    assert len(log(application)) == 1


def test_a_file_whose_name_is_no_text_is_refused(application: Application, tmp_path: Path) -> None:
    path = Path(str(tmp_path) + "/kuva-\udcff.jpg")
    path.write_bytes(full_jpeg())
    [told] = register(application, path)
    assert isinstance(told, RegistrationFailure)
    assert "invalid characters" in str(told.error)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"event": "E-9"}, NotFound),
        ({"event": "nobody's feast"}, NotFound),
        ({"photographers": ("Nobody",)}, NotFound),
        ({"recognisable_count": -1, "people": People.RECOGNISABLE}, InputDataError),
        ({"recognisable_count": 2}, InputDataError),
        ({"recognisable_count": 2, "people": People.NONE}, InputDataError),
        ({"people": People.NONE, "context_identifies": True}, InputDataError),
        ({"taken_year": 1650}, InputDataError),
        ({"taken_year": 2027}, InputDataError),
        ({"taken_year": 1980, "photographer_died_year": 1979}, InputDataError),
        ({"credit": " "}, InputDataError),
    ],
)
def test_answers_that_cannot_be_are_refused_before_any_file_is_read(
    application: Application, answers: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        registration.prepare_registration(application, PhotoAnswers(**answers))  # type: ignore[arg-type]


def test_an_auditor_registers_nothing(application_for: AtWork, tmp_path: Path) -> None:
    auditor = application_for("tarja")
    with pytest.raises(NotAllowed):
        registration.prepare_registration(auditor, PhotoAnswers())
    with pytest.raises(NotAllowed):
        register(auditor, a_file(tmp_path))


def test_a_registry_that_is_locked_half_way_keeps_what_was_reported(
    application: Application, registry_location: Path | str, tmp_path: Path
) -> None:
    for number in range(BATCH_SIZE + 1):
        a_file(tmp_path, f"{number:03}.jpg")
    told = registration.register_files(application, [tmp_path], PhotoAnswers())
    first = [next(told) for _photo in range(BATCH_SIZE)]
    application.registry.store.wait_ms = 10
    application.registry.close()  # connections made from now on wait no longer than that
    other = Registry.open(registry_location)
    with other.writing() as session:
        session.connection()
        with pytest.raises(RegistryError, match="in use by somebody else"):
            next(told)
    other.close()
    assert [row.file for row in listing.list_photos(application)] == [
        photo.file_name for photo in first if isinstance(photo, RegisteredPhoto)
    ]
    assert len(log(application)) == BATCH_SIZE
