"""Next steps on the desk: each action has a page, a form, or words that tell where it is taken."""

import pytest
from tests.web.desks import ServedDesk, User

from photoreg.steps import NextAction, NextStep
from photoreg.web.forms.all import FORMS
from photoreg.web.steps import ONLY_ON_COMMAND_LINE, PAGES, step_link

NOTHING_TO_DO = {NextAction.PHOTO_CONFIRM: 403, NextAction.PHOTO_SERIES: 422}
"""What the pages say of a photo that waits for no second look, and that looks like no other."""


@pytest.mark.parametrize("action", NextAction)
def test_every_action_can_be_taken_or_is_told_in_words(action: NextAction) -> None:
    places = [action in FORMS, action in PAGES, action in ONLY_ON_COMMAND_LINE]
    assert places.count(True) == 1 or places == [True, True, False]


@pytest.mark.parametrize("action", sorted({*FORMS, *PAGES}))
def test_every_link_of_a_step_opens(action: NextAction, kaisa: User, desk: ServedDesk) -> None:
    known = {"photo": "P-1", "event": "E-1", "login": "anna", "name": "Anna"}
    known |= {"case": "K-1", "flag": "F-1", "publication": "J-1", "person": "H-5"}
    with desk.app.test_request_context("/"):
        link = step_link(NextStep(action, known))
    assert link is not None
    assert kaisa.get(link.address, follow_redirects=True).status == NOTHING_TO_DO.get(action, 200)


def test_what_the_desk_cannot_do_is_told_without_a_link(desk: ServedDesk) -> None:
    with desk.app.test_request_context("/"):
        link = step_link(NextStep(NextAction.REGISTRY_RESTORE, {"folder": "backup"}))
    assert link is not None
    assert not link.address
    assert "command line" in link.text


@pytest.mark.parametrize(
    ("question", "address"), [("code", "/answers"), ("codes", "/answers/next")]
)
def test_an_answer_on_a_form_is_asked_by_its_code(
    question: str, address: str, desk: ServedDesk
) -> None:
    with desk.app.test_request_context("/"):
        link = step_link(NextStep(NextAction.CONSENT_RECORD, {}, (question,)))
    assert link is not None
    assert link.address == address
