"""Cases and flags: ruled on with the picture, by whoever has looked at it."""

from pathlib import Path

import pytest
from tests.imaging.builders import jpeg_named
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    add_photographer,
    create_person,
    register_photo,
    tag_person,
)
from tests.web.desks import ServedDesk, User

from photoreg.services.decisions.approval import approve
from photoreg.services.decisions.cases import show_case
from photoreg.services.decisions.flags import raise_flag, show_flag

REASON = "Nobody stands out in this view of the market."
RULE = "Make the ruling"


@pytest.fixture
def market(desk: ServedDesk, tmp_path: Path) -> str:
    """An unclear photo that Anna registered: somebody can be recognised in a market view."""
    anna = desk.application("anna")
    add_photographer(anna)
    photo = register_photo(anna, tmp_path, MARKET, "market.jpg", jpeg_named("market"))
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    return photo


@pytest.fixture
def case(desk: ServedDesk, market: str) -> str:
    """A case about that photo, which waits for a ruling."""
    [answer] = approve(desk.application("anna"), [market], PAGE_USE)
    return f"K-{answer.checked.case_id}"


def test_a_case_shows_the_picture_the_facts_and_what_the_guideline_says(
    kaisa: User, case: str, market: str
) -> None:
    assert f"/cases/{case}" in kaisa.get("/cases").links.values()
    page = kaisa.get(f"/cases/{case}")
    assert page.html.select_one(f'img[src="/photos/{market}/large.jpg"]')
    assert "The place: " in page.main
    assert page.html.select("dl dt")
    assert "There are no earlier rulings on similar cases." in page.main


def test_a_ruling_is_made_beside_the_picture(kaisa: User, desk: ServedDesk, case: str) -> None:
    page = kaisa.get(f"/cases/{case}")
    sent = kaisa.send(page, RULE, ruling="publishable", reason=REASON)
    assert sent.to == f"/cases/{case}"
    shown = kaisa.follow(sent)
    assert REASON in shown.main
    assert RULE not in shown.buttons
    ruling = show_case(desk.application("kaisa"), case).ruling
    assert ruling is not None
    assert ruling.reason == REASON


def test_a_wrong_ruling_is_corrected_by_a_link_beside_it(
    kaisa: User, desk: ServedDesk, case: str
) -> None:
    kaisa.send(kaisa.get(f"/cases/{case}"), RULE, ruling="publishable", reason=REASON)
    form = kaisa.get(kaisa.get(f"/cases/{case}").links["Correct the ruling"])
    kaisa.send(form, "Correct the ruling", ruling="refused", reason="A child stands out.")
    first = show_case(desk.application("kaisa"), case)
    assert f"/cases/{first.corrected_by}" in kaisa.get(f"/cases/{case}").links.values()
    assert "Correct the ruling" not in kaisa.get(f"/cases/{case}").links
    assert "The ruling that it corrects" in kaisa.get(f"/cases/{first.corrected_by}").main


def test_a_ruling_without_a_reason_is_not_made_and_what_was_chosen_stays(
    kaisa: User, desk: ServedDesk, case: str
) -> None:
    sent = kaisa.send(kaisa.get(f"/cases/{case}"), RULE, ruling="refused")
    assert sent.status == 422
    assert "The reason is missing" in sent.main
    assert sent.html.select_one("input[value=refused][checked]")
    assert show_case(desk.application("kaisa"), case).ruling is None


def test_no_ruling_and_no_reason_is_chosen_beforehand(kaisa: User, case: str) -> None:
    page = kaisa.get(f"/cases/{case}")
    assert not page.html.select("form input[type=radio][checked]")


def test_the_reason_of_a_ruling_alike_can_be_used_as_a_draft(
    kaisa: User, desk: ServedDesk, case: str, market: str, tmp_path: Path
) -> None:
    kaisa.send(kaisa.get(f"/cases/{case}"), RULE, ruling="publishable", reason=REASON)
    anna = desk.application("anna")
    other = register_photo(anna, tmp_path, MARKET, "other.jpg", jpeg_named("other"))
    tag_person(anna, other, create_person(anna, "Máret Valkeapää"))
    [answer] = approve(anna, [other], PAGE_USE)
    page = kaisa.get(f"/cases/K-{answer.checked.case_id}")
    assert page.html.select_one(f'img[src="/photos/{market}/small.jpg"]')
    drafted = kaisa.get(page.links[f"Use this reason as a draft ({case})"].partition("#")[0])
    field = drafted.html.select_one("textarea")
    assert field is not None
    assert field.get_text(strip=True) == REASON


def test_an_employee_sees_the_case_and_has_no_button(anna: User, case: str) -> None:
    page = anna.get(f"/cases/{case}")
    assert "waits for a ruling by the communications coordinator" in page.main
    assert RULE not in page.buttons
    sent = anna.post("/do/case_rule", case=case, ruling="publishable", reason=REASON)
    assert sent.status == 403


def test_the_reason_of_a_flag_is_shown_to_coordinators_only(
    kaisa: User, tarja: User, desk: ServedDesk
) -> None:
    flag = raise_flag(desk.application("anna"), "P-1", reason="The house number.").flag
    assert "The house number." in kaisa.get(f"/flags/{flag}").main
    assert "The house number." not in tarja.get(f"/flags/{flag}").main
    assert "Resolve the flag" not in tarja.get(f"/flags/{flag}").buttons


def test_a_flag_is_resolved_with_a_reason(kaisa: User, desk: ServedDesk) -> None:
    flag = raise_flag(desk.application("anna"), "P-1", reason="The house number.").flag
    assert flag in kaisa.get("/flags?photo=P-1").main
    page = kaisa.get(kaisa.get(f"/cases/{flag}").to)
    sent = kaisa.send(page, "Resolve the flag", outcome="lifted", reason="No house number.")
    assert "No house number." in kaisa.follow(sent).main
    assert show_flag(desk.application("kaisa"), flag).row.state == "lifted"


def test_a_flag_that_concerns_a_person_is_unknown_to_others(tarja: User, desk: ServedDesk) -> None:
    raised = raise_flag(desk.application("anna"), "P-1", reason="No.", person="H-3")
    assert raised.flag not in tarja.get("/flags").main
    assert tarja.get(f"/flags/{raised.flag}").status == 404
