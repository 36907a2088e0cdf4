"""Who is of a unit, on both engines: by rosters, photos, families, and whoever entered them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.imaging.builders import ARTIST, full_jpeg, jpeg_named
from tests.services.photos.test_series import shot
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    ApplicationFor,
    add_child,
    add_photographer,
    as_coordinator,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
    unlike_any_other,
)
from tests.statements import recorded_statements

from photoreg.errors import NotAllowed, NotFound
from photoreg.registry.lookup import find_person, find_photo
from photoreg.registry.queries.roster_doubts import open_roster_doubts
from photoreg.registry.tables.people import GuardianBasis, StaffRole
from photoreg.rulebook.facts import GRANTING_KINDS, Basis, ConsentKind
from photoreg.services import sight
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import consents, documents, forms, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.form_answers import FormMarks, record_form_answer
from photoreg.services.consents.forms import FormOrder
from photoreg.services.consents.lists.consent_import import ListTerms, import_consents
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.organisation import policy, staff
from photoreg.services.people import blocks, guardians, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import (
    answers,
    depictions,
    details,
    events,
    registration,
    roster_import,
    series,
    versions,
)
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.photos.naming.written_names import NameReader
from photoreg.services.photos.rosters.results import GuardianFacts, RosterMatch
from photoreg.services.photos.storing import RegisteredPhoto
from photoreg.services.publications.corrections import correct_consent, correct_permission
from photoreg.services.sight import OF_ANOTHER_UNIT

DAY = date(2026, 5, 30)
SCHOOL, LIBRARY = "Hetan koulu", "Kirjasto"


@pytest.fixture
def anna(application: Application, application_for: ApplicationFor) -> Application:
    """Anna, who works at the school; Berit and Osmo work in the library."""
    staff.change_staff(application, "anna", unit=SCHOOL)
    for login in ("berit", "osmo"):
        staff.add_staff(
            application, login=login, name=login.title(), role=StaffRole.EMPLOYEE, unit=LIBRARY
        )
    return application_for("anna")


@pytest.fixture
def berit(anna: Application) -> Application:
    return replace(anna, login="berit", computer_login="berit")


def named(application: Application) -> set[str]:
    """Return whom the list of people shows by name."""
    rows = persons.list_persons(application)
    shown = {row.person for row in rows if row.name != row.person}
    assert not any(row.born for row in rows if row.person not in shown)
    return shown


def add_school_event(anna: Application) -> str:
    return f"E-{events.add_event(anna, 'Kevätjuhla', on=DAY)}"


def test_an_event_is_of_the_unit_of_whoever_adds_it_unless_another_is_given(
    anna: Application, application: Application
) -> None:
    event = add_school_event(anna)
    assert events.show_event(anna, event).unit == SCHOOL
    other = events.add_event(anna, "Satutunti", on=DAY, unit=LIBRARY)
    assert events.show_event(anna, f"E-{other}").unit == LIBRARY
    nobodys = events.add_event(application, "Markkinat", on=DAY)
    assert events.show_event(anna, f"E-{nobodys}").unit is None


def test_whoever_was_entered_by_the_unit_is_of_it_until_they_are_at_an_event(
    anna: Application, berit: Application, application: Application
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    child = add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga"])
    assert (named(anna), named(berit)) == ({person, child, "H-3"}, set())
    event = events.add_event(application, "Satutunti", on=DAY, unit=LIBRARY)
    events.change_roster(application, f"E-{event}", add_persons=[person, child], remove_persons=[])
    assert (named(anna), named(berit)) == (set(), {person, child, "H-3"})


def test_people_at_the_events_of_a_unit_are_of_it_with_their_guardians(
    anna: Application, berit: Application, application: Application
) -> None:
    child = add_child(application, "Aile Magga", date(2016, 3, 1), ["Inga Magga"])
    taker = add_photographer(application)
    assert named(anna) == set()
    event = add_school_event(application)
    events.change_event(application, event, unit=SCHOOL, photographers=[taker])
    events.change_roster(application, event, add_persons=[child], remove_persons=[])
    assert (named(anna), named(berit)) == ({child, "H-2", taker}, set())


def test_people_in_the_photos_of_a_unit_are_of_it(
    anna: Application, berit: Application, application: Application, tmp_path: Path
) -> None:
    taker = add_photographer(application)
    shown = [create_person(application, unlike_any_other(str(each))) for each in range(3)]
    nobodys = f"E-{events.add_event(application, 'Markkinat', on=DAY)}"
    by_event = register_photo(
        application, tmp_path, PhotoAnswers(event=add_school_event(anna)), "event.jpg"
    )
    alone = register_photo(anna, tmp_path, MARKET, "alone.jpg")
    in_nobodys = register_photo(anna, tmp_path, PhotoAnswers(event=nobodys), "nobodys.jpg")
    for photo, person in zip((by_event, alone, in_nobodys), shown, strict=True):
        tag_person(application, photo, person)
    assert (named(anna), named(berit)) == ({*shown, taker}, set())
    elsewhere = register_photo(application, tmp_path, MARKET, "elsewhere.jpg")
    tag_person(application, elsewhere, create_person(application, "Elle Valkeapää"))
    assert named(anna) == {*shown, taker}


def test_many_people_are_asked_about_by_one_query_for_the_unit(
    anna: Application, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = create_person(anna, "Elle Valkeapää")
    create_person(application, "Niila Keskitalo")
    few = named(anna)
    monkeypatch.setattr(sight, "MANY", 1)
    assert named(anna) == few == {own}


def test_users_see_themselves(anna: Application, application: Application) -> None:
    person = create_person(application, "Anna Lahti")
    staff.change_staff(application, "anna", person=person)
    assert named(anna) == {person}


def test_lists_of_consents_take_as_many_queries_however_long_they_are(
    anna: Application, application: Application
) -> None:
    counts = []
    for many in (2, 12):
        for number in range(many):
            person = create_person(application, unlike_any_other(f"{many} {number}"))
            record_consent(application, person)
        with recorded_statements() as statements:
            rows = list_all(consents.list_consents(anna))
        assert all(row.name == row.person for row in rows)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_texts_about_photos_of_another_unit_are_not_shown(
    anna: Application, berit: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    own, other = (details.show_photo(each, photo) for each in (anna, berit))
    assert own.file_artist
    assert own.path
    assert (other.file_artist, other.file_description, other.path) == ("", "", "")


def test_copies_of_documents_are_for_the_unit_of_those_who_signed(
    anna: Application, berit: Application, tmp_path: Path
) -> None:
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed by Elle")
    spoken = granted_consent()
    person = create_person(anna, "Elle Valkeapää")
    signed = ConsentStatement(
        ConsentKind.GIVEN, spoken.channels, until=spoken.until, evidence=form, on=spoken.on
    )
    consent = record_consent(anna, person, signed)
    with pytest.raises(NotAllowed, match="another unit"):
        documents.export_document(berit, consent, tmp_path / "copy.pdf")
    assert not (tmp_path / "copy.pdf").exists()
    documents.export_document(anna, consent, tmp_path / "copy.pdf")


def test_an_earlier_day_shows_no_more_than_today(
    anna: Application, application: Application, clock: Clock
) -> None:
    create_person(application, "Elle Valkeapää")
    policy.set_policy(application, {"staff_see": "all"})
    day = clock.now.date()
    assert named(anna) == {"H-1"}
    clock.now += timedelta(days=2)
    policy.set_policy(application, {"staff_see": "unit"})
    with state_as_of(anna, day) as earlier:
        assert policy.show_policy(earlier)[0] == policy.show_policy(anna)[0] - 1
        assert named(earlier) == set()


def test_people_of_other_units_are_listed_by_number_not_by_name(
    anna: Application, application: Application
) -> None:
    for name in ("Öljy Hidden", "Aino Hidden", "Maija Hidden"):
        create_person(application, name)
    for name in ("Niila Keskitalo", "Biret Hetta"):
        create_person(anna, name)
    rows = persons.list_persons(anna)
    assert [row.name for row in rows] == ["Biret Hetta", "Niila Keskitalo", "H-1", "H-2", "H-3"]


def _move(berit: Application, photo: str, event: str, _folder: Path) -> None:
    answers.answer(berit, [photo], PhotoAnswers(event=event))


def _take_over(berit: Application, _photo: str, event: str, folder: Path) -> None:
    own = register_photo(berit, folder, PhotoAnswers(event=event), "copy.jpg", shot(2))
    series.take_over_statements(berit, own)


@pytest.mark.parametrize("way", [_move, _take_over])
def test_no_photo_uncovers_whom_it_shows(
    way: Callable[[Application, str, str, Path], None],
    anna: Application,
    berit: Application,
    tmp_path: Path,
) -> None:
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "original.jpg", shot(1))
    person = create_person(anna, "Elle Valkeapää")
    tag_person(anna, photo, person)
    event = f"E-{events.add_event(berit, 'Satutunti', on=DAY)}"
    with pytest.raises(NotAllowed, match="another unit"):
        way(berit, photo, event, tmp_path)
    assert person not in named(berit)


def _crop(berit: Application, photo: str, _event: str, folder: Path) -> None:
    crop = folder / "crop.jpg"
    crop.write_bytes(jpeg_named("crop.jpg"))
    versions.add_version(berit, photo, crop)


@pytest.mark.parametrize("way", [_move, _crop])
def test_no_photo_uncovers_who_took_it(
    way: Callable[[Application, str, str, Path], None],
    anna: Application,
    berit: Application,
    tmp_path: Path,
) -> None:
    taker = add_photographer(anna)
    photo = register_photo(anna, tmp_path, replace(EMPTY_STREET, photographers=(taker,)))
    event = f"E-{events.add_event(berit, 'Satutunti', on=DAY)}"
    with pytest.raises(NotAllowed, match="another unit"):
        way(berit, photo, event, tmp_path)
    assert named(berit) == set()


def test_another_units_event_is_not_taken_over(anna: Application, berit: Application) -> None:
    event = add_school_event(anna)
    with pytest.raises(NotAllowed, match="not an event of your unit"):
        events.change_event(berit, event, unit=LIBRARY)
    with pytest.raises(NotAllowed, match="not an event of your unit"):
        events.change_event(berit, event, unit="")
    assert events.change_event(berit, event, name="Juhla").changed == ("name",)
    assert events.change_event(anna, event, unit=LIBRARY).changed == ("unit",)


def test_nothing_is_changed_by_a_change_that_would_uncover_somebody(
    anna: Application, berit: Application
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    persons.change_person(anna, person, PersonDetails(contact="elle@example.fi"))
    event = f"E-{events.add_event(berit, 'Satutunti', on=DAY)}"
    with pytest.raises(NotAllowed) as caught:
        events.change_roster(berit, event, add_persons=[person], remove_persons=[])
    assert caught.value.values["person"] == person
    assert events.show_event(berit, event).roster == ()
    events.change_roster(berit, event, add_persons=["H-1 Elle Valkeapää"], remove_persons=[])
    assert named(berit) == {person}


def _tag(berit: Application, who: str, photo: str, _event: str) -> None:
    tag_person(berit, photo, who)


def _expect(berit: Application, who: str, _photo: str, event: str) -> None:
    events.change_roster(berit, event, add_persons=[who], remove_persons=[])


def _take_photos(berit: Application, who: str, _photo: str, event: str) -> None:
    events.change_event(berit, event, photographers=[who])


def _say_who_took(berit: Application, who: str, photo: str, _event: str) -> None:
    answers.answer(berit, [photo], PhotoAnswers(photographers=(who,)))


def _care_for(berit: Application, who: str, _photo: str, _event: str) -> None:
    child = add_child(berit, unlike_any_other(who), date(2016, 3, 1), [])
    guardians.add_guardian(berit, child, who, basis=GuardianBasis.PARENT)


def _write_into_a_sheet(berit: Application, who: str, photo: str, _event: str) -> None:
    with berit.changing() as work:
        found = find_photo(work.session, photo)
        written = NameReader(work, [found]).read(found, who)
        if written.errors:
            raise written.errors[0]
        depictions.tag_photos(work, [found], {found.id or 0: written.persons})


@pytest.mark.parametrize(
    "way", [_tag, _expect, _take_photos, _say_who_took, _care_for, _write_into_a_sheet]
)
def test_a_name_alone_means_nobody_of_another_unit(
    way: Callable[[Application, str, str, str], None],
    anna: Application,
    berit: Application,
    tmp_path: Path,
) -> None:
    person = create_person(anna, "Elle Valkeapää")
    add_photographer(berit)
    photo = register_photo(berit, tmp_path, MARKET)
    event = f"E-{events.add_event(berit, 'Satutunti', on=DAY)}"
    with pytest.raises(NotAllowed, match="Elle Valkeapää could be somebody of another unit"):
        way(berit, "Elle Valkeapää", photo, event)
    with pytest.raises((NotFound, NotAllowed)):
        way(berit, f"{person} Elle Magga", photo, event)
    assert person not in named(berit)
    way(berit, f"{person} Elle Valkeapää", photo, event)
    assert person in named(berit)


_REFUSED = "of another unit, whose staff record this|could be .* of another unit"
"""How a change is refused: of a person who is certain, and of one named by the name alone."""


def known(application: Application) -> persons.PersonSummary:
    with application.reading() as work:
        return persons.person_summary(work, find_person(work.session, "H-1"))


def _rename(berit: Application, child: str, _guardian: str) -> None:
    persons.change_person(berit, child, PersonDetails(known_as=("Aile",)))


def _take_birth_date(berit: Application, child: str, _guardian: str) -> None:
    persons.change_person(berit, child, PersonDetails(born=date(2000, 1, 1)))


def _add_guardian(berit: Application, child: str, _guardian: str) -> None:
    own = create_person(berit, "Sunna Hetta")
    guardians.add_guardian(berit, child, own, basis=GuardianBasis.PARENT, verified="seen")


def test_a_file_names_nobody_of_another_unit_as_its_photographer(
    anna: Application, berit: Application, tmp_path: Path
) -> None:
    create_person(anna, ARTIST)
    file = tmp_path / "full.jpg"
    file.write_bytes(full_jpeg())
    [told] = [
        each
        for each in registration.register_files(berit, [file], PhotoAnswers())
        if isinstance(each, RegisteredPhoto)
    ]
    assert (told.photographers, told.namesakes) == ((), (OF_ANOTHER_UNIT,))
    assert named(berit) == set()


def _verify(berit: Application, child: str, guardian: str) -> None:
    guardians.verify_guardian(berit, child, guardian, how="seen")


@pytest.mark.parametrize("names", [("H-1", "H-2"), ("Aile Magga", "Inga Magga")])
@pytest.mark.parametrize("way", [_rename, _take_birth_date, _add_guardian, _verify])
def test_nobody_of_another_unit_changes_somebody_whatever_they_are_called(
    way: Callable[[Application, str, str], None],
    names: tuple[str, str],
    anna: Application,
    berit: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga"])
    events.change_roster(anna, add_school_event(anna), add_persons=["H-1"], remove_persons=[])
    before = known(anna)
    with pytest.raises(NotAllowed, match=_REFUSED):
        way(berit, *names)
    assert known(anna) == before
    blocks.block_person(berit, names[0])
    record_consent(berit, names[0], ConsentStatement(ConsentKind.REFUSED), by=names[1])


def _consent(kind: ConsentKind, by: str) -> Callable[[Application, Sequence[str]], None]:
    def way(berit: Application, names: Sequence[str]) -> None:
        person, guardian, _taker = names
        speaker = guardian if by == "guardian" else None
        record_consent(berit, person, replace(granted_consent(), kind=kind), by=speaker)

    return way


def _blank_form(berit: Application, names: Sequence[str]) -> None:
    order = FormOrder(blank=1, until=date(2027, 12, 31), folder=Path("forms"))
    [form] = forms.print_forms(berit, order).forms
    marks = FormMarks(person=names[0], by=names[1])
    yes = ConsentStatement(ConsentKind.GIVEN, ("kunta-public-page",), on=berit.today)
    record_form_answer(berit, form.code, yes, marks)


def _permit(berit: Application, names: Sequence[str]) -> None:
    permissions.record_permission(berit, PermissionParties(names[2]), granted_consent())


def _buy_rights(berit: Application, names: Sequence[str]) -> None:
    terms = PermissionTerms(basis=Basis.TRANSFERRED, authors=(names[2],))
    rights = PermissionParties(licensor="Kuva Oy", photos=["P-1"])
    permissions.record_permission(berit, rights, granted_consent(), terms)


def _import_consents(berit: Application, _names: Sequence[str]) -> None:
    listed = Path("list.csv")
    line = "Aile Magga;1.3.2016;kyllä;Inga Magga;19.8.2025;kansio 1"
    listed.write_text(f"Nimi;Syntynyt;Internet;Allekirjoittaja;Pvm;Mappi\n{line}\n", "utf-8")
    terms = ListTerms(columns={"Internet": ["kunta-website"]}, open_ended=True)
    result = import_consents(berit, listed, terms, apply=True)
    if result.rest:
        raise result.rest[0].reasons[0]


def _take_no_back(berit: Application, _names: Sequence[str]) -> None:
    correct_consent(berit, "C-1", agrees=True)


def _take_photographers_no_back(berit: Application, _names: Sequence[str]) -> None:
    correct_permission(berit, "L-1", agrees=True)


_YESES = {
    **{
        f"{kind} by the {by}": _consent(kind, by)
        for kind in sorted(GRANTING_KINDS)
        for by in ("person", "guardian")
    },
    "form without a name": _blank_form,
    "permission": _permit,
    "rights transferred": _buy_rights,
    "list of consents": _import_consents,
    "no of a person taken back": _take_no_back,
    "no of a photographer taken back": _take_photographers_no_back,
}
"""The ways to record a yes, but by a form that names the person; and to take a no back."""


@pytest.mark.parametrize("names", [("H-1", "H-2", "H-3"), ("Aile Magga", "Inga Magga", "Áile N")])
@pytest.mark.parametrize("way", _YESES.values(), ids=_YESES)
def test_no_yes_of_somebody_of_another_unit_is_recorded_but_every_no(
    way: Callable[[Application, Sequence[str]], None],
    names: Sequence[str],
    anna: Application,
    berit: Application,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    child = add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga"])
    taker = create_person(anna, "Áile N")
    event = add_school_event(anna)
    events.change_roster(anna, event, add_persons=[child], remove_persons=[])
    events.change_event(anna, event, photographers=[taker])
    register_photo(berit, tmp_path, replace(EMPTY_STREET, photographers=(), basis=None))
    no = ConsentStatement(ConsentKind.REFUSED, on=date(2025, 1, 1))
    record_consent(berit, names[0], no, by=names[1])
    permissions.record_permission(berit, PermissionParties(names[2]), no)
    clock.now += timedelta(hours=1)
    correct_consent(anna, "C-1")
    correct_permission(anna, "L-1")
    before = _statements(anna)
    with pytest.raises(NotAllowed, match=_REFUSED) as caught:
        way(berit, names)
    assert caught.value.step or caught.value.hint
    assert _statements(anna) == before
    way(as_coordinator(anna), names)
    assert _statements(anna) != before


def _statements(application: Application) -> list[object]:
    """Return the answers of persons and photographers, as they are listed."""
    return [
        *list_all(consents.list_consents(application)),
        *list_all(permissions.list_permissions(application)),
    ]


@pytest.mark.parametrize("strike", [correct_consent, correct_permission])
def test_a_yes_is_struck_by_whoever_may_record_it(
    strike: Callable[..., object], anna: Application, berit: Application
) -> None:
    record_consent(anna, create_person(anna, "Elle Valkeapää"), granted_consent())
    taker = create_person(anna, "Áile N")
    permissions.record_permission(anna, PermissionParties(taker), granted_consent())
    record = "C-1" if strike is correct_consent else "L-1"
    before = _statements(anna)
    with pytest.raises(NotAllowed, match="of another unit, whose staff record this"):
        strike(berit, record)
    assert _statements(anna) == before
    strike(anna, record)
    assert _statements(anna) != before


def test_a_yes_on_a_form_is_recorded_by_its_code_in_any_unit(
    anna: Application, berit: Application, tmp_path: Path
) -> None:
    child = add_child(anna, "Aile Magga", date(2016, 3, 1), ["Inga Magga"])
    order = FormOrder(persons=[child], until=date(2027, 12, 31), folder=tmp_path / "forms")
    [form] = forms.print_forms(anna, order).forms
    yes = ConsentStatement(ConsentKind.GIVEN, ("kunta-public-page",))
    record_form_answer(berit, form.code, yes, FormMarks())
    [row] = list_all(consents.list_consents(anna, child))
    assert row.status.channels == ["kunta-public-page"]


_CHANGES = {
    "new guardian": ";Huoltaja 1\nAile Magga;1.3.2016;Sunna Hetta\n",
    "verification": ";Huoltaja 1;Huoltaja 1 varmistettu\nAile Magga;1.3.2016;Inga Magga;DVV\n",
    "verification by option": ";Huoltaja 1\nAile Magga;1.3.2016;Inga Magga\n",
    "contact": ";Huoltaja 1;Huoltaja 1 puhelin\nAile Magga;1.3.2016;Inga Magga;040 1234567\n",
    "language": ";Kieli\nAile Magga;1.3.2016;se\n",
}


@pytest.mark.parametrize("cells", _CHANGES.values(), ids=_CHANGES)
@pytest.mark.parametrize("unit", [SCHOOL, LIBRARY])
def test_what_a_list_would_change_of_somebody_of_another_unit_is_left_to_the_coordinator(
    cells: str, unit: str, anna: Application, berit: Application, tmp_path: Path
) -> None:
    child = create_person(anna, "Aile Magga")
    persons.change_person(anna, child, PersonDetails(born=date(2016, 3, 1)))
    guardian = create_person(anna, "Inga Magga")
    guardians.add_guardian(anna, child, guardian, basis=GuardianBasis.PARENT)
    event = f"E-{events.add_event(berit, 'Satutunti', on=DAY, unit=unit)}"
    listed = tmp_path / "list.csv"
    listed.write_text(f"Nimi;Syntynyt{cells}Niila Keskitalo;2.3.2016\n", "utf-8")
    facts = GuardianFacts(verified="seen")
    before = known(anna)
    result = roster_import.import_roster(berit, event, listed, apply=True, facts=facts)
    assert result.applied
    row = result.rows[0]
    assert (row.found, row.person) == (RosterMatch.FOR_COORDINATOR, None)
    assert known(anna) == before
    assert child not in named(berit)
    with anna.reading() as work:
        assert [each.candidates for each in open_roster_doubts(work.session)] == [{1}]
    everything = as_coordinator(anna)
    roster_import.import_roster(everything, event, listed, apply=True, facts=facts)
    assert known(everything) != before
    with anna.reading() as work:
        assert open_roster_doubts(work.session) == []
