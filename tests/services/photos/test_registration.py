"""Registering: what is stored, what is proposed, what is refused, and that nothing is half done."""

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.imaging.builders import ARTIST, jpeg_with_exif, secretive_jpeg, unlike

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.imaging.metadata import exif
from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.lookup import the_photo
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Confidentiality, People, Photographer, Place, Shot
from photoreg.services.people import persons
from photoreg.services.people.persons import About
from photoreg.services.photos import events, listing, registration
from photoreg.services.photos.answers import Answers, EventAnswers
from photoreg.services.photos.registration import CHUNK, Failed, Told
from photoreg.services.photos.storing import Registered
from photoreg.services.unit_of_work import Workplace

AtWork = Callable[[str], Workplace]
FEAST_DAY = date(2026, 5, 30)


def a_file(folder: Path, name: str = "juhla.jpg", data: bytes | None = None) -> Path:
    """Write a photo; each name gives another file."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data or unlike(secretive_jpeg(), name))
    return path


def register(workplace: Workplace, *paths: Path, **answers: object) -> list[Told]:
    return list(registration.register(workplace, paths, Answers(**answers)))  # type: ignore[arg-type]


def registered(workplace: Workplace, path: Path, **answers: object) -> Registered:
    [told] = register(workplace, path, **answers)
    assert isinstance(told, Registered), told
    return told


def stored(workplace: Workplace, number: int) -> Photo:
    with workplace.reading() as desk:
        return the_photo(desk.session, f"P-{number}")


def log(workplace: Workplace) -> list[ledger.Entry]:
    with workplace.reading() as desk:
        return [e for e in ledger.entries(desk.session) if e.subject.startswith("P-")]


def a_person(workplace: Workplace, name: str) -> str:
    return persons.add_person(workplace, About(name=name)).person


def test_a_photo_is_stored_with_what_its_file_says(workplace: Workplace, tmp_path: Path) -> None:
    path = a_file(tmp_path, "Ánne-Márjá Đ.jpg")
    told = registered(workplace, path)
    assert told.is_new
    assert told.holds_place
    assert told.taken_at == "2026-10-21 12:08:19"
    photo = stored(workplace, told.photo_id)
    assert photo.path == str(path.absolute())
    assert (photo.file_name, photo.format, photo.width) == ("Ánne-Márjá Đ.jpg", "JPEG", 96)
    assert (photo.file_artist, photo.gps_present, photo.taken_year) == (ARTIST, True, 2026)


def test_the_ledger_tells_of_a_registration_by_ids_and_codes_only(
    workplace: Workplace, tmp_path: Path
) -> None:
    person = a_person(workplace, ARTIST)
    registered(workplace, a_file(tmp_path, "Áile.jpg"), place=Place.OFFICE_LOBBY)
    [entry] = log(workplace)
    assert entry.action == ledger.Action.PHOTO_REGISTERED
    assert person in entry.details
    assert "place" in entry.details
    assert ARTIST not in entry.details
    assert "jpg" not in entry.details


def test_the_same_file_again_is_the_same_photo_and_changes_nothing(
    workplace: Workplace, tmp_path: Path
) -> None:
    path = a_file(tmp_path)
    copy = tmp_path / "kopio" / "other-name.jpg"
    first = registered(workplace, path, people=People.NONE)
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    for again in (path, copy):
        told = registered(workplace, again, people=People.UNSURE)
        assert (told.photo_id, told.is_new) == (first.photo_id, False)
    assert stored(workplace, first.photo_id).people is People.NONE
    assert len(log(workplace)) == 1


def test_a_file_named_twice_in_one_call_is_told_of_once(
    workplace: Workplace, tmp_path: Path
) -> None:
    path = a_file(tmp_path / "kuvat")
    assert len(register(workplace, path, path.parent)) == 1


@pytest.mark.parametrize("name", [ARTIST.upper(), unicodedata.normalize("NFD", ARTIST)])
def test_the_photographer_whom_the_file_names_is_recorded(
    workplace: Workplace, tmp_path: Path, name: str
) -> None:
    person = a_person(workplace, name)
    told = registered(workplace, a_file(tmp_path))
    assert [number for number, _name in told.photographers] == [person]
    assert told.proposed
    assert "photographer" not in told.open
    assert stored(workplace, told.photo_id).photographer is Photographer.KNOWN


def test_a_file_that_names_a_stranger_leaves_the_photographer_open(
    workplace: Workplace, tmp_path: Path
) -> None:
    told = registered(workplace, a_file(tmp_path))
    assert (told.photographers, told.file_artist, told.namesakes) == ((), ARTIST, ())
    assert "photographer" in told.open


def test_of_two_people_with_the_name_in_the_file_none_is_guessed(
    workplace: Workplace, tmp_path: Path
) -> None:
    namesakes = (a_person(workplace, ARTIST), a_person(workplace, ARTIST))
    told = registered(workplace, a_file(tmp_path))
    assert told.photographers == ()
    assert told.namesakes == namesakes


def test_what_somebody_says_of_the_photographer_outweighs_the_file(
    workplace: Workplace, tmp_path: Path
) -> None:
    a_person(workplace, ARTIST)
    other = a_person(workplace, "Piera Đuoddar")
    said = registered(workplace, a_file(tmp_path, "a.jpg"), photographers=(other,))
    unknown = registered(workplace, a_file(tmp_path, "b.jpg"), photographer=Photographer.UNKNOWN)
    number = events.add_event(workplace, "Juhla", on=FEAST_DAY, photographers=[other])
    by_event = registered(workplace, a_file(tmp_path, "c.jpg"), event=f"E-{number}")
    assert said.photographers == by_event.photographers == ((other, "Piera Đuoddar"),)
    assert unknown.photographers == ()
    assert not any(told.proposed for told in (said, unknown, by_event))
    assert stored(workplace, by_event.photo_id).photographer is None


def test_an_event_answers_for_its_photos(workplace: Workplace, tmp_path: Path) -> None:
    answers = EventAnswers(
        place=Place.PUBLIC_OUTDOOR,
        shot=Shot.GENERAL_VIEW,
        confidentiality=Confidentiality.NONE,
    )
    events.add_event(workplace, "Márkanat", on=FEAST_DAY, answers=answers)
    told = registered(workplace, a_file(tmp_path), event="márkanat", people=People.NONE)
    assert set(told.open) == {"photographer", "basis"}


def test_a_year_that_no_photo_can_have_is_not_taken_from_the_camera(
    workplace: Workplace, tmp_path: Path
) -> None:
    entry = exif.ascii_entry(exif.DATE_TIME, "2099:01:01 00:00:00")
    told = registered(workplace, a_file(tmp_path, data=jpeg_with_exif(entry)))
    assert told.taken_at == "2099-01-01 00:00:00"
    assert stored(workplace, told.photo_id).taken_year is None


def test_bad_files_are_told_of_and_the_others_go_on(workplace: Workplace, tmp_path: Path) -> None:
    folder = tmp_path / "kuvat"
    whole = a_file(folder, "d.jpg")
    (folder / "a.jpg").write_bytes(b"")
    (folder / "b.jpg").write_text("not an image")
    (folder / "c.jpg").write_bytes(whole.read_bytes()[:400])
    empty = tmp_path / "tyhjä"
    empty.mkdir()
    told = register(workplace, folder, empty, tmp_path / "missing.jpg")
    failed = [str(each.error) for each in told if isinstance(each, Failed)]
    assert [type(each) for each in told] == [Failed, Failed, Failed, Registered, Failed, Failed]
    for text, expected in zip(
        failed, ("empty", "not a photo", "cut off", "no photos", "no such file"), strict=True
    ):
        assert expected in text
    assert len(log(workplace)) == 1


def test_a_file_whose_name_is_no_text_is_refused(workplace: Workplace, tmp_path: Path) -> None:
    path = Path(str(tmp_path) + "/kuva-\udcff.jpg")
    path.write_bytes(secretive_jpeg())
    [told] = register(workplace, path)
    assert isinstance(told, Failed)
    assert "no text" in str(told.error)


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
    workplace: Workplace, answers: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        registration.prepare(workplace, Answers(**answers))  # type: ignore[arg-type]


def test_an_auditor_registers_nothing(at_work: AtWork, tmp_path: Path) -> None:
    auditor = at_work("tarja")
    with pytest.raises(NotAllowed):
        registration.prepare(auditor, Answers())
    with pytest.raises(NotAllowed):
        register(auditor, a_file(tmp_path))


def test_a_registry_that_is_locked_half_way_keeps_what_was_told_of(
    workplace: Workplace, registry_place: Path | str, tmp_path: Path
) -> None:
    for number in range(CHUNK + 1):
        a_file(tmp_path, f"{number:03}.jpg")
    told = registration.register(workplace, [tmp_path], Answers())
    first = [next(told) for _photo in range(CHUNK)]
    workplace.registry.store.wait_ms = 10
    workplace.registry.close()  # connections made from now on wait no longer than that
    other = Registry.open(registry_place)
    with other.writing() as session:
        session.connection()
        with pytest.raises(RegistryError, match="in use by somebody else"):
            next(told)
    other.close()
    assert [row["file"] for row in listing.list_photos(workplace)] == [
        photo.file_name for photo in first if isinstance(photo, Registered)
    ]
    assert len(log(workplace)) == CHUNK
