"""Publications and take-downs: what is published, and what must be taken away."""

import io

import pytest
from tests.services.scenes import withdraw_consent
from tests.web.desks import ServedDesk, User

from photoreg.services.publications.publishing import PublicationState, show_publication


@pytest.fixture
def task(desk: ServedDesk) -> str:
    """A take-down task: a consent on which a published photo rests was withdrawn."""
    withdraw_consent(desk.application("anna"), "H-3")
    [row] = show_publication(desk.application("anna"), "J-1")
    assert row.task is not None
    return row.task


def state(desk: ServedDesk) -> PublicationState:
    [row] = show_publication(desk.application("anna"), "J-1")
    return row.state


def test_publications_are_listed_with_picture_and_address(anna: User) -> None:
    page = anna.get("/publications")
    assert "https://kunta.example/1" in page.main
    assert page.html.select_one('img[src="/photos/P-1/small.jpg"]')
    assert "There are no such publications." in anna.get("/publications?photo=P-2").main


def test_a_take_down_shows_picture_address_and_deadline(anna: User, task: str) -> None:
    page = anna.get("/take-downs")
    assert page.html.select_one('img[src="/photos/P-1/small.jpg"]')
    assert "https://kunta.example/1" in page.main
    assert f"{task} P-1" in page.main
    assert "due " in page.main


def test_a_screenshot_proves_a_take_down(anna: User, desk: ServedDesk, task: str) -> None:
    page = anna.get(f"/take-downs?publication={task}")
    screenshot = (io.BytesIO(b"\x89PNG shot"), "C:\\shots\\gone.png")
    sent = anna.send(page, "Record that it is taken down", evidence=screenshot)
    assert f"{task} is done." in anna.follow(sent).main
    assert state(desk) is PublicationState.TAKEN_DOWN


def test_a_take_down_without_proof_is_not_recorded(anna: User, desk: ServedDesk, task: str) -> None:
    sent = anna.send(anna.get(f"/take-downs?publication={task}"), "Record that it is taken down")
    assert sent.status == 422
    assert "it is not stated how the removal was checked" in sent.main
    assert state(desk) is PublicationState.TAKE_DOWN_OPEN


def test_a_task_is_given_to_somebody_who_can_do_it(anna: User, task: str) -> None:
    page = anna.get(f"/take-downs/{task}")
    assert anna.send(page, "Assign", login="tarja").status == 422
    assert "ville" in anna.follow(anna.send(page, "Assign", login="ville")).main


def test_a_photo_that_may_not_be_published_cannot_stay(
    anna: User, desk: ServedDesk, task: str
) -> None:
    sent = anna.send(anna.get(f"/take-downs/{task}"), "Cancel the task", reason="It is nice.")
    assert sent.status == 409
    assert "so the task stays open" in sent.main
    assert state(desk) is PublicationState.TAKE_DOWN_OPEN


def test_a_photo_is_taken_down_on_the_page_of_its_publication(anna: User, desk: ServedDesk) -> None:
    page = anna.get("/publications/J-1")
    sent = anna.send(page, "Record that it is taken down", photo="P-1", proof="Looked.")
    assert sent.to == "/publications/J-1"
    assert state(desk) is PublicationState.TAKEN_DOWN


def test_what_was_recorded_by_mistake_counts_as_never_made(anna: User, desk: ServedDesk) -> None:
    sent = anna.send(anna.get("/publications/J-1"), "It was recorded by mistake")
    assert "counts as never made" in anna.follow(sent).main
    assert state(desk) is PublicationState.BY_MISTAKE


def test_an_auditor_sees_the_tasks_and_has_no_button(tarja: User, task: str) -> None:
    for address in ("/take-downs", f"/take-downs/{task}", "/publications/J-1"):
        page = tarja.get(address)
        assert page.status == 200
        assert not page.html.select("main form[method=post]")
    assert tarja.post(f"/take-downs/{task}/keep", reason="It may.").status == 403
