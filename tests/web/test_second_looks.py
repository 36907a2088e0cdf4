"""Second looks: a colleague looks at the picture and answers; no answer is suggested."""

import pytest
from tests.web.desks import ServedDesk, User

from photoreg.services.photos.answers import PhotoAnswers, answer
from photoreg.services.photos.confirmation import second_looks_at
from photoreg.services.photos.depictions import untag_persons

OWN = "This is my own answer"


@pytest.fixture
def removed(desk: ServedDesk) -> None:
    """Anna took Aino and Biret out of P-1."""
    untag_persons(desk.application("anna"), ["P-1"], persons=["H-3", "H-4"])


@pytest.fixture
def softened(desk: ServedDesk) -> None:
    """Anna said that P-1 is sensitive, and took it back."""
    for sensitive in (True, False):
        answer(desk.application("anna"), ["P-1"], PhotoAnswers(sensitive=sensitive))


@pytest.mark.usefixtures("softened")
def test_the_picture_and_both_answers_are_shown_and_none_is_chosen(kaisa: User) -> None:
    today = kaisa.get("/")
    page = kaisa.get(today.links["Take the second look"])
    assert page.html.select_one('img[src="/photos/P-1/large.jpg"]')
    assert "before: A sensitive situation: yes" in page.main
    assert "now: A sensitive situation: no" in page.main
    assert not page.html.select("[checked]")


@pytest.mark.usefixtures("softened")
def test_the_same_answer_ends_the_question(kaisa: User) -> None:
    sent = kaisa.send(kaisa.get("/second-looks?photo=P-1"), OWN, sensitive="no")
    assert "P-1: confirmed." in kaisa.follow(sent).main
    assert kaisa.get("/second-looks?photo=P-1").status == 403


@pytest.mark.usefixtures("softened")
def test_another_answer_counts_if_it_is_stricter(kaisa: User) -> None:
    sent = kaisa.send(kaisa.get("/second-looks?photo=P-1"), OWN, sensitive="yes")
    assert "your answer differs. The stricter one applies now" in kaisa.follow(sent).main


@pytest.mark.usefixtures("removed")
def test_who_was_taken_out_is_asked_about_one_by_one(kaisa: User) -> None:
    page = kaisa.get("/second-looks?photo=P-1")
    assert "Is this person in the photo: H-3 Aino Kettula?" in page.main
    half = kaisa.send(page, OWN, **{"who-H-3": "no"})
    assert half.status == 422
    assert half.html.select_one('input[name="who-H-3"][checked]')
    sent = kaisa.send(half, OWN, **{"who-H-3": "no", "who-H-4": "no"})
    assert "P-1: confirmed." in kaisa.follow(sent).main


@pytest.mark.usefixtures("softened")
def test_nothing_is_recorded_without_an_answer(kaisa: User, desk: ServedDesk) -> None:
    sent = kaisa.send(kaisa.get("/second-looks?photo=P-1"), OWN)
    assert sent.status == 422
    assert "your own answer is missing" in sent.main
    assert second_looks_at(desk.application("kaisa"), ["P-1"])


@pytest.mark.usefixtures("softened")
def test_whoever_took_it_back_does_not_confirm_it(anna: User, tarja: User) -> None:
    assert anna.get("/second-looks?photo=P-1").status == 403
    assert tarja.get("/second-looks?photo=P-1").status == 403
    assert anna.post("/second-looks", photo="P-1", sensitive="no").status >= 403
