"""Naming on the desk: one form for what is chosen, and nobody overwrites a colleague."""

from datetime import date, timedelta

import pytest
from tests.conftest import Clock
from tests.statements import recorded_statements
from tests.web.desks import Page, ServedDesk, User

from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import depictions, events
from photoreg.services.photos.naming.one_photo import photo_to_name

SAVE = "↵ Save: nobody else can be recognised"
ADDRESS = "/photos/P-1/name"


def chosen(page: Page) -> list[str]:
    return [str(each["value"]) for each in page.html.select("input[name=person][checked]")]


@pytest.mark.parametrize("login", ["anna", "kaisa"])
def test_the_page_shows_the_roster_the_questions_and_the_verdict(
    desk: ServedDesk, login: str
) -> None:
    page = desk.sign_in(login).get(ADDRESS)
    assert page.status == 200
    roster = photo_to_name(desk.application(login), "P-1").roster
    values = [str(each["value"]) for each in page.html.select("input[name=person]")]
    assert set(roster) <= set(values)
    assert page.html.select_one("#outcome .verdict")


def test_what_was_chosen_is_saved_and_the_next_photo_follows(desk: ServedDesk, anna: User) -> None:
    found = photo_to_name(desk.application("anna"), "P-2")
    page = anna.send(
        anna.get("/photos/P-2/name"), SAVE, person=[found.roster[0]], people="recognisable"
    )
    assert page.status == 303
    said = photo_to_name(desk.application("anna"), "P-2")
    assert (said.named, said.answers["recognisable_count"]) == (found.roster[:1], 1)
    assert "P-2: saved" in anna.follow(page).main


def test_what_was_saved_is_undone_by_a_button(desk: ServedDesk, anna: User, clock: Clock) -> None:
    before = photo_to_name(desk.application("anna"), "P-2")
    clock.now += timedelta(minutes=1)
    saved = anna.send(anna.get("/photos/P-2/name"), SAVE, person=[before.roster[0]])
    undone = anna.send(anna.follow(saved), "Undo")
    assert undone.status == 303, undone.main
    assert undone.to.endswith("/photos/P-2/name")
    assert photo_to_name(desk.application("anna"), "P-2") == before


def test_a_preview_shows_the_verdict_and_records_nothing(desk: ServedDesk, anna: User) -> None:
    before = photo_to_name(desk.application("anna"), "P-2")
    fields = anna.get("/photos/P-2/name").filled_in(SAVE)
    fields["person"] = before.roster[0]
    page = anna.post("/photos/P-2/name/preview", **dict(fields))
    assert page.status == 200
    assert "not saved yet" in page.text
    assert photo_to_name(desk.application("anna"), "P-2") == before


def test_what_a_colleague_recorded_meanwhile_is_shown_beside_what_was_chosen(
    desk: ServedDesk, anna: User
) -> None:
    found = photo_to_name(desk.application("anna"), "P-2")
    mine, theirs, *_ = (each for each in found.roster if each not in found.named)
    page = anna.get("/photos/P-2/name")
    depictions.tag_persons(desk.application("ville"), ["P-2"], persons=[theirs])
    name = next(each.name for each in found.known if each.person == theirs)
    conflict = anna.send(page, SAVE, person=[mine])
    assert conflict.status == 409
    recorded = conflict.html.select_one("[aria-labelledby=meanwhile]")
    assert recorded
    assert name in recorded.text
    assert chosen(conflict) == [mine]
    assert photo_to_name(desk.application("anna"), "P-2").named == (*found.named, theirs)


def test_a_name_that_nobody_has_shows_the_form_as_it_was_filled_in(anna: User) -> None:
    page = anna.get("/photos/P-2/name")
    person = str(page.html.select("input[name=person]")[0]["value"])
    refused = anna.send(page, SAVE, person=[person], named="Nobody Known")
    assert refused.status == 422
    assert chosen(refused) == [person]
    assert refused.html.select_one("#named")["value"] == "Nobody Known"  # type: ignore[index]


@pytest.mark.parametrize(
    ("field", "value"), [("others", "many"), ("people", "everybody"), ("event_place", "moon")]
)
def test_a_value_that_a_field_does_not_take_is_told(anna: User, field: str, value: str) -> None:
    page = anna.send(anna.get("/photos/P-2/name"), SAVE, **{field: value})
    assert page.status == 422
    assert value in page.main


def test_an_auditor_names_nobody(tarja: User) -> None:
    assert tarja.get(ADDRESS).status == 403
    assert tarja.post(ADDRESS).status == 403
    assert tarja.post(f"{ADDRESS}/preview").status == 403
    assert tarja.get("/search/persons?q=ain").status == 403


def test_people_are_found_by_what_is_typed(anna: User) -> None:
    found = anna.get("/search/persons?q=ket ai").response.json
    assert found is not None
    assert {each["name"] for each in found} == {"Aino Kettula", "Kettula Aino"}


def test_whoever_sees_no_names_of_an_event_finds_none_and_sees_ids(berit: User) -> None:
    assert berit.get("/search/persons?q=kettula").response.json == []
    assert "Kettula" not in berit.get(ADDRESS).main


def test_larger_events_need_no_more_statements(desk: ServedDesk, anna: User) -> None:
    kaisa = desk.application("kaisa")

    def add_person(letter: str) -> None:
        details = PersonDetails(name=f"{letter * 9} Testi", born=date(1990, 1, 1))
        person = persons.add_person(kaisa, details).person
        events.change_roster(kaisa, "E-1", add_persons=[person], remove_persons=[])
        depictions.tag_persons(kaisa, ["P-1", "P-2"], persons=[person])

    def statements() -> int:
        with recorded_statements() as found:
            assert anna.get(ADDRESS).status == 200
        return len(found)

    add_person("A")
    statements()
    few = statements()
    for letter in "BCDE":
        add_person(letter)
    assert statements() == few
