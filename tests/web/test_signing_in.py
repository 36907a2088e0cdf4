"""Who uses the desk: by a session only; what was typed as it ended is given back."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from tests.conftest import Clock
from tests.web.desks import Page, ServedDesk, User

from photoreg.registry.tables.credentials import IDLE_LIMIT
from photoreg.services.organisation.passwords import change_password, give_password
from photoreg.services.organisation.sessions import open_own_session
from photoreg.web.proxy import BehindProxy
from photoreg.web.signing_in import SESSION_COOKIE


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


PASSWORD = "seven reindeer by the lake"  # noqa: S105
DRAFT = {"photo": "P-1", "place": "office_lobby", "credit": "Kuva: <b>Elle</b>"}


@pytest.fixture
def passwords(desk: ServedDesk) -> None:
    """Anna and Kaisa have chosen passwords of their own."""
    for login in ("anna", "kaisa"):
        first = give_password(desk.application("kaisa"), login)
        change_password(desk.application(login), first, PASSWORD)


def typed_in(user: User, login: str, password: str = PASSWORD, page: Page | None = None) -> Page:
    """Fill in the form to sign in."""
    page = page or user.get("/sign-in")
    return user.send(page, "Sign in", login=login, password=password)


@pytest.mark.usefixtures("passwords")
def test_a_password_opens_the_page_that_was_asked_for(visitor: User) -> None:
    asked = visitor.follow(visitor.get("/events/E-1"))
    page = typed_in(visitor, "anna", page=asked)
    assert page.to == "/events/E-1"
    assert "Anna Lahti" in visitor.follow(page).text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x"]
)
@pytest.mark.usefixtures("passwords")
def test_nobody_is_led_to_another_site(to: str, visitor: User) -> None:
    page = visitor.get(f"/sign-in?to={quote(to)}")
    assert typed_in(visitor, "anna", page=page).to == "/"


@pytest.mark.usefixtures("passwords")
def test_a_wrong_password_and_an_unknown_login_look_the_same(visitor: User) -> None:
    pages = [typed_in(visitor, login, "wrong") for login in ("anna", "nobody")]
    assert [page.status for page in pages] == [401, 401]
    assert len({page.main for page in pages}) == 1
    assert "the login or the password is wrong" in pages[0].main


def test_a_first_password_is_changed_before_anything_else(visitor: User, desk: ServedDesk) -> None:
    first = give_password(desk.application("kaisa"), "anna")
    visitor.follow(typed_in(visitor, "anna", first))
    page = visitor.follow(visitor.get("/events/E-1"))
    assert "Choose one that only you know" in page.main
    fields = {"old_password": first, "new_password": PASSWORD, "repeated": PASSWORD}
    short = {**fields, "new_password": "short", "repeated": "short"}
    assert visitor.send(page, "Change the password", **short).status == 422
    done = visitor.send(page, "Change the password", **fields)
    assert "The password was changed" in visitor.follow(done).main
    assert visitor.get("/events/E-1").status == 200


@pytest.mark.usefixtures("passwords")
def test_what_was_typed_as_a_session_ended_is_shown_after_signing_in(
    anna: User, clock: Clock
) -> None:
    form = anna.get("/do/photo_answer?photo=P-1")
    clock.now += IDLE_LIMIT
    kept = anna.send(form, "Answer the questions", **DRAFT)
    assert kept.status == 401
    assert "What you typed is kept" in kept.main
    draft = typed_in(anna, "anna", page=kept)
    assert "Where it was taken. the lobby of an office" in draft.main
    assert "Kuva: <b>Elle</b>" in draft.main
    assert "P-1: the answers were recorded." in anna.follow(anna.send(draft, "Record it")).main


@pytest.mark.usefixtures("passwords")
def test_what_one_had_typed_is_not_shown_to_another(anna: User, clock: Clock) -> None:
    form = anna.get("/do/photo_answer?photo=P-1")
    clock.now += IDLE_LIMIT
    kept = anna.send(form, "Answer the questions", **DRAFT)
    page = typed_in(anna, "kaisa", page=kept)
    assert page.status == 303
    assert "Elle" not in anna.follow(page).main


@pytest.mark.parametrize("cookie", ["", "x", "x.anna", ".anna", "é.anna", f"{'x' * 43}.kaisa"])
def test_a_forged_session_opens_nothing(cookie: str, visitor: User) -> None:
    visitor.client.set_cookie(SESSION_COOKIE, cookie)
    assert visitor.get("/").to.startswith("/sign-in")


def test_a_session_acts_for_its_own_user_only(desk: ServedDesk, visitor: User) -> None:
    secret = open_own_session(desk.application("anna"))
    visitor.client.set_cookie(SESSION_COOKIE, f"{secret}.kaisa")
    assert visitor.get("/").to.startswith("/sign-in")


def test_who_signs_out_is_out(anna: User) -> None:
    anna.follow(anna.send(anna.get("/"), "Sign out"))
    assert anna.get("/").to.startswith("/sign-in")


def test_behind_a_proxy_cookies_are_sent_by_tls_only(desk: ServedDesk) -> None:
    user = desk.as_changed(is_secure=True).sign_in("anna")
    page = user.get("/events/E-1")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"]
    for cookie in page.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie


@pytest.fixture
def by_proxy(desk: ServedDesk) -> Callable[..., User]:
    """Somebody who comes by a proxy that tells the login; `address` is the proxy's."""
    behind = desk.as_changed(proxy_header="X-User")
    behind.app.wsgi_app = BehindProxy(behind.app.wsgi_app, PROXY)  # type: ignore[method-assign]

    def come(login: str, address: str = PROXY) -> User:
        user = behind.visitor()
        user.client.environ_base |= {"REMOTE_ADDR": address, "HTTP_X_USER": login}
        return user

    return come


PROXY = "192.0.2.10"


def test_whoever_has_signed_in_at_a_trusted_proxy_needs_no_password(
    by_proxy: Callable[..., User],
) -> None:
    anna = by_proxy("anna")
    page = anna.follow(anna.follow(anna.get("/events/E-1")))
    assert "Anna Lahti" in page.text


def test_the_header_counts_from_that_proxy_and_for_users_only(
    by_proxy: Callable[..., User], desk: ServedDesk
) -> None:
    other = by_proxy("anna", address="192.0.2.99")
    assert other.get("/sign-in").status == 200
    assert by_proxy("stranger").get("/sign-in").status == 403
    off = desk.visitor()
    off.client.environ_base["HTTP_X_USER"] = "anna"
    assert off.get("/sign-in").status == 200


def test_whoever_signs_in_at_the_proxy_after_another_acts_as_themselves(
    by_proxy: Callable[..., User],
) -> None:
    user = by_proxy("anna")
    user.follow(user.get("/sign-in"))
    user.client.environ_base["HTTP_X_USER"] = "kaisa"
    page = user.follow(user.follow(user.get("/events/E-1")))
    assert "Kaisa Ruonala" in page.text
