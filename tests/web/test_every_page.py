"""What holds for every page and form of the desk, also for the next one that is made."""

from urllib.parse import urlsplit

import pytest
from tests.web.addresses import LOGINS, addresses
from tests.web.desks import ServedDesk, User

from photoreg.presentation.step_roles import roles_of
from photoreg.registry import ledger
from photoreg.registry.tables.people import USER_ROLES, StaffRole
from photoreg.steps import NextAction
from photoreg.web.forms.all import FORMS
from photoreg.web.security import HEADERS
from photoreg.web.signing_in import OPEN_TO_ALL

POSTS = [(endpoint, address) for endpoint, address in addresses("POST")]
BY_SESSION = [each for each in POSTS if each[0] not in OPEN_TO_ALL]


def entries(desk: ServedDesk) -> int:
    """Return how much is logged; what records something is."""
    with desk.application("kaisa").reading() as work:
        return sum(1 for _ in ledger.entries(work.session))


def test_without_a_session_every_page_leads_to_the_form_to_sign_in(visitor: User) -> None:
    open_to_all = [
        address
        for endpoint, address in addresses()
        if endpoint not in OPEN_TO_ALL and not visitor.get(address).to.startswith("/sign-in?to=")
    ]
    assert open_to_all == []


def test_without_a_session_nothing_is_recorded(visitor: User, desk: ServedDesk) -> None:
    before = entries(desk)
    answers = {address: visitor.post(address, to="/").status for _endpoint, address in BY_SESSION}
    assert set(answers.values()) == {401}, answers
    assert entries(desk) == before


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, ""),
        ({}, "0" * 64),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Sec-Fetch-Site": "same-site"}, None),
        ({"Sec-Fetch-Site": "none"}, None),
        ({"Origin": "https://evil.example"}, None),
        ({"Origin": "http://localhost:1"}, None),
    ],
)
def test_what_no_page_of_the_desk_has_sent_is_refused(
    headers: dict[str, str], token: str | None, anna: User, desk: ServedDesk
) -> None:
    before = entries(desk)
    fields = {"token": anna.token if token is None else token}
    answers = {
        address: anna.client.post(address, data=fields, headers=headers).status_code
        for _endpoint, address in POSTS
    }
    assert set(answers.values()) == {403}, answers
    assert entries(desk) == before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.", ""])
def test_a_foreign_host_is_answered_nothing(host: str, anna: User, desk: ServedDesk) -> None:
    before = entries(desk)
    for method, (_endpoint, address) in [
        *(("GET", each) for each in addresses()),
        *(("POST", each) for each in POSTS),
    ]:
        page = anna.client.open(
            address,
            method=method,
            data={"token": anna.token},
            environ_overrides={"HTTP_HOST": host},
        )
        assert page.status_code == 400, f"{method} {address}: {page.status_code}"
        assert "Anna" not in page.text
    assert entries(desk) == before


def test_every_answer_carries_the_protecting_headers(anna: User) -> None:
    for endpoint, address in [*addresses(), ("", "/nowhere")]:
        headers = anna.get(address).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, address
        is_asset = endpoint == "static"
        assert headers["Cache-Control"] == ("public, max-age=3600" if is_asset else "no-store")
        assert "Server" not in headers
        for cookie in headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie, address
            assert "SameSite=Strict" in cookie, address


@pytest.mark.parametrize("role", USER_ROLES)
def test_a_form_whose_right_a_user_does_not_have_is_refused(
    role: StaffRole, desk: ServedDesk
) -> None:
    user = desk.sign_in(LOGINS[role])
    before = entries(desk)
    for action, form in FORMS.items():
        if role in roles_of(action):
            continue
        for page in (user.get(f"/do/{action}"), user.post(f"/do/{action}")):
            assert page.status == 403, f"{action}: {page.status}"
            assert form.title not in page.buttons
    assert entries(desk) == before


@pytest.mark.parametrize("role", USER_ROLES)
def test_every_link_opens_and_every_button_is_one_that_the_user_may_use(
    role: StaffRole, desk: ServedDesk
) -> None:
    user = desk.sign_in(LOGINS[role])
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        page = user.get(address, follow_redirects=True)
        assert page.status == 200, f"{address}: {page.status} {page.main}"
        for link in filter(_is_followed, page.addresses):
            action = urlsplit(link).path.removeprefix("/do/")
            if action in set(NextAction):
                assert role in roles_of(NextAction(action)), f"{address} offers {link}"
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def _is_followed(address: str) -> bool:
    """Return whether this is a page of the desk, and not the same form from one more page."""
    return address.startswith("/") and "back=%2Fdo" not in address
