"""An event on the desk: a page of its photos, and one action for all that were selected."""

import pytest
from tests.web.desks import Page, ServedDesk, User

from photoreg.services.decisions import flags
from photoreg.services.photos import details
from photoreg.web.desk import events as event_page

PHOTOS = ["P-1", "P-2"]


def shown(page: Page) -> list[str]:
    return [str(each["value"]) for each in page.html.select("input[name=photo]")]


def selected(user: User, action: str) -> Page:
    """The form of an action for the selected photos, as the button of the grid opens it."""
    page = user.get("/events/E-1")
    buttons = {
        each.get_text(strip=True): str(each["formaction"])
        for each in page.html.select("[formaction]")
    }
    return user.get(buttons[action], query_string={"photo": PHOTOS, "back": "/events/E-1"})


def test_one_answer_is_recorded_for_all_that_were_selected(desk: ServedDesk, anna: User) -> None:
    form = selected(anna, "Answer the questions")
    assert len(form.html.select(".strip img")) == len(PHOTOS)
    done = anna.send(form, "Answer the questions", credit="Kuva: kunta")
    assert (done.status, done.to) == (303, "/events/E-1")
    for photo in PHOTOS:
        answers = details.show_photo(desk.application("anna"), photo).answers
        assert ("credit", "Kuva: kunta") in [(each.question, each.answer) for each in answers]


def test_one_person_is_named_in_all_that_were_selected(desk: ServedDesk, anna: User) -> None:
    anna.send(selected(anna, "Name who is shown"), "Name who is shown", person="H-5")
    for photo in PHOTOS:
        people = details.show_photo(desk.application("anna"), photo).people
        assert "H-5" in [each.person for each in people]


def test_all_that_were_selected_are_stopped_together_or_none(desk: ServedDesk, anna: User) -> None:
    before = len(flags.list_flags(desk.application("kaisa")))
    form = selected(anna, "Stop the photos")
    assert anna.send(form, "Stop the photos", reason="").status == 422
    assert anna.send(form, "Stop the photos", reason="x", photo=["P-1", "P-999"]).status == 422
    assert len(flags.list_flags(desk.application("kaisa"))) == before
    assert anna.send(form, "Stop the photos", reason="A name is on the wall.").status == 303
    assert len(flags.list_flags(desk.application("kaisa"))) == before + len(PHOTOS)


def test_whoever_may_not_record_selects_nothing(tarja: User) -> None:
    page = tarja.get("/events/E-1")
    assert page.status == 200
    assert shown(page) == []
    assert "Name the people" not in page.buttons


@pytest.mark.parametrize("page", ["1", "2", "0", "999", "x", "-1", "1" * 400])
def test_the_photos_of_a_large_event_come_page_by_page(
    anna: User, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    whole = shown(anna.get("/events/E-1"))
    monkeypatch.setattr(event_page, "PAGE", 1)
    found = anna.get(f"/events/E-1?page={page}")
    assert found.status == 200
    expected = {"2": whole[1], "999": whole[-1]}.get(page, whole[0])
    assert shown(found) == [expected]
