"""Who uses the desk: by a session only; what was typed as it ended is given back."""

from tests.web.desks import User


def test_a_page_leads_whoever_is_not_signed_in_to_the_form_and_from_there_back(
    visitor: User,
) -> None:
    page = visitor.get("/events/E-1?channel=kunta-website")
    assert page.status == 303
    assert page.to == "/sign-in?to=/events/E-1?channel%3Dkunta-website"


def test_users_see_their_name_and_what_is_to_be_done(anna: User) -> None:
    page = anna.get("/")
    assert page.status == 200
    assert "Anna Lahti" in page.text
    assert "Today" in page.main


def test_a_form_is_sent_as_a_browser_sends_it(anna: User) -> None:
    page = anna.get("/do/photo_answer?photo=P-1&back=/photos/P-1")
    sent = anna.send(page, "Answer the questions", sensitive="yes")
    assert sent.to == "/photos/P-1"
    assert "P-1: the answers were recorded." in anna.follow(sent).main


def test_a_user_of_another_unit_sees_no_names(berit: User) -> None:
    page = berit.get("/photos/P-1")
    assert page.status == 200
    assert "Aino" not in page.text
