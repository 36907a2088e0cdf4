"""Who may ask the API: keys, their scopes, channels and end; and what is refused at the door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import Clock
from tests.web.addresses import EXAMPLES
from tests.web.api.callers import PAGE, SITE, UNTIL, Caller, caller, make_key
from tests.web.desks import ServedDesk, User

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.tables.people import ApiScope
from photoreg.services.application import KeyRefused
from photoreg.services.organisation import api_keys, staff
from photoreg.services.organisation.sessions import open_own_session
from photoreg.web.api.asking import RateLimit
from photoreg.web.api.operations import OPERATIONS, Operation
from photoreg.web.security import HEADERS

OF_KEYS = [each for each in OPERATIONS if each.scope]


def ask(website: Caller, operation: Operation, **more: Any) -> Any:
    """Ask for what an operation is about, with nothing but its path."""
    path = operation.path.format(photo=EXAMPLES["photo"][0], publication="J-1")
    return website.ask(operation.method, path, **more)


WRONG: dict[str, Callable[[str], str]] = {
    "none": lambda _key: "",
    "only a name": lambda key: key.partition(".")[0],
    "another secret": lambda key: key.partition(".")[0] + "." + "x" * 43,
    "another's name": lambda key: "anna." + key.partition(".")[2],
    "a user's name": lambda _key: "anna.x",
    "the coordinator's name": lambda _key: "kaisa.",
    "a long one": lambda key: key + "x" * 5000,
    "strange letters": lambda _key: "anna.\u00e4\u00f6",
}


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(wrong: str, desk: ServedDesk) -> None:
    website = caller(desk, WRONG[wrong](make_key(desk)))
    for operation in OF_KEYS:
        answer = ask(website, operation)
        assert (answer.status_code, answer.json["code"]) == (401, "key-refused"), operation.name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_key_and_a_key_no_session(desk: ServedDesk, anna: User) -> None:
    assert anna.client.get(f"/api/v1/photos/P-1/verdict?channel={PAGE}").status_code == 401
    secret = open_own_session(desk.application("anna"))
    assert ask(caller(desk, f"anna.{secret}"), OF_KEYS[0]).status_code == 401
    name, key = api_keys.parts_of(make_key(desk))
    visitor = desk.visitor()
    visitor.client.set_cookie("photoreg", f"{key}.{name}")
    assert visitor.get("/").to.startswith("/sign-in")


@pytest.mark.parametrize("scope", ApiScope)
def test_a_key_may_do_what_it_was_made_for_only(scope: ApiScope, desk: ServedDesk) -> None:
    website = caller(desk, make_key(desk, "website", scope))
    for operation in OF_KEYS:
        answer = ask(website, operation)
        is_refused = answer.status_code == 403 and answer.json["code"] == "key-lacks-right"
        assert is_refused is (operation.scope is not scope), operation.name


def test_a_key_may_ask_about_its_own_channels_only(website: Caller) -> None:
    digest = website.digest()
    answers = [
        website.get("/photos/P-1/verdict", channel=SITE),
        website.post("/verdicts", {"channel": SITE, "photos": ["P-1"]}),
        website.get("/photos/P-1/copy", channel=SITE),
        website.ask(
            "POST",
            "/match",
            query_string={"channel": SITE},
            data=b"",
            content_type="image/png",
        ),
        website.publish({"P-1": digest}, "https://kunta.example/2", channel=SITE),
    ]
    assert [each.status_code for each in answers] == [403] * len(answers)


def test_a_key_works_until_the_end_of_its_last_day(website: Caller, clock: Clock) -> None:
    clock.now += UNTIL - clock.now.date()
    assert website.get("/take-downs").status_code == 200
    clock.now += timedelta(days=1)
    assert website.get("/take-downs").status_code == 401


def test_a_revoked_key_works_no_more(website: Caller, desk: ServedDesk) -> None:
    kaisa = desk.application("kaisa")
    api_keys.revoke_key(kaisa, "website")
    assert website.get("/take-downs").status_code == 401
    assert [each.works for each in api_keys.list_keys(kaisa)] == [False]
    api_keys.revoke_key(kaisa, "website")  # once more changes nothing
    with pytest.raises(NotFound):
        api_keys.revoke_key(kaisa, "anna")


def test_the_key_itself_is_in_no_file(desk: ServedDesk, folder: Any) -> None:
    _name, secret = api_keys.parts_of(make_key(desk))
    held = [file for file in folder.glob("registry.db*") if file.is_file()]
    assert held
    assert not any(secret.encode() in file.read_bytes() for file in held)


def test_only_coordinators_make_and_revoke_keys(desk: ServedDesk) -> None:
    for login in ("anna", "tarja", "osmo"):
        with pytest.raises(NotAllowed):
            api_keys.add_key(
                desk.application(login),
                name="mine",
                scopes=[ApiScope.CHECK],
                channels=[PAGE],
                until=UNTIL,
            )
        with pytest.raises(NotAllowed):
            api_keys.revoke_key(desk.application(login), "website")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": "Web Site"}, InputDataError),
        ({"name": ""}, InputDataError),
        ({"name": "a.b"}, InputDataError),
        ({"name": "anna"}, NotAllowed),
        ({"scopes": []}, InputDataError),
        ({"channels": []}, InputDataError),
        ({"channels": ["nowhere"]}, NotFound),
        ({"until": UNTIL - timedelta(days=3000)}, InputDataError),
    ],
)
def test_what_is_wrong_with_a_new_key_is_told(
    changes: dict[str, Any], error: type[Exception], desk: ServedDesk
) -> None:
    good: dict[str, Any] = {
        "name": "website",
        "scopes": [ApiScope.CHECK],
        "channels": [PAGE],
        "until": UNTIL,
    }
    with pytest.raises(error):
        api_keys.add_key(desk.application("kaisa"), **(good | changes))
    assert api_keys.list_keys(desk.application("kaisa")) == []


def test_a_key_is_no_user(website: Caller, desk: ServedDesk) -> None:
    kaisa = desk.application("kaisa")
    assert "website" not in [each.login for each in staff.list_staff(kaisa)]
    with pytest.raises(NotFound):
        staff.change_staff(kaisa, "website", active=True)
    with pytest.raises(KeyRefused), desk.application("website").reading():
        pass
    assert website.get("/take-downs").status_code == 200


def test_a_key_asks_only_so_often(desk: ServedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RateLimit, "AT_ONCE", 3)
    monkeypatch.setattr(RateLimit, "A_SECOND", 0)
    one, other = (caller(desk, make_key(desk, name)) for name in ("one", "other"))
    limited = ServedDesk.of(desk.desk)
    one.client = other.client = limited.app.test_client()
    statuses = [one.get("/take-downs").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert other.get("/take-downs").status_code == 200
    assert one.get("/take-downs").headers["Retry-After"] == "10"


BAD_BODIES: dict[str, tuple[dict[str, Any], int]] = {
    "not JSON": ({"data": b"{", "content_type": "application/json"}, 400),
    "not UTF-8": ({"data": b"\xff", "content_type": "application/json"}, 400),
    "deep": ({"data": b"[" * 100_000, "content_type": "application/json"}, 400),
    "a form": ({"data": {"channel": PAGE}}, 415),
    "large": ({"data": b" " * 300_000, "content_type": "application/json"}, 413),
    "a list": ({"json": []}, 422),
    "empty": ({"json": {}}, 422),
    "no photos": ({"json": {"channel": PAGE, "photos": []}}, 422),
    "too many": ({"json": {"channel": PAGE, "photos": ["P-1"] * 101}}, 422),
    "a path": ({"json": {"channel": PAGE, "photos": ["/etc/passwd"]}}, 422),
    "a number": ({"json": {"channel": PAGE, "photos": [1]}}, 422),
    "both": ({"json": {"channel": PAGE, "photos": ["P-1"], "sha256": ["0" * 64]}}, 422),
    "a spelling": ({"json": {"channel": PAGE, "photos": ["P-1"], "purpos": "any"}}, 422),
    "a purpose": ({"json": {"channel": PAGE, "photos": ["P-1"], "purpose": "fun"}}, 422),
    "half a letter": (
        {"data": b'{"channel": "\\ud800", "photos": ["P-1"]}', "content_type": "application/json"},
        422,
    ),
    "no such channel": ({"json": {"channel": "nowhere", "photos": ["P-1"]}}, 404),
    "no such photo": ({"json": {"channel": PAGE, "photos": ["P-999999999999999"]}}, 404),
}


@pytest.mark.parametrize("bad", sorted(BAD_BODIES))
def test_what_is_wrong_with_a_request_is_told_as_a_problem(bad: str, website: Caller) -> None:
    sent, status = BAD_BODIES[bad]
    for language in ("en", "fi"):
        answer = website.ask("POST", "/verdicts", headers={"Accept-Language": language}, **sent)
        told: Any = answer.json
        assert (answer.status_code, told["status"]) == (status, status), told
        assert answer.mimetype == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        assert told["detail"]
        assert told["hint"]


@pytest.mark.parametrize(
    "query",
    ["", f"channel={PAGE}&chanel=x", f"channel={PAGE}&channel={SITE}", f"channel={PAGE}&mode=fun"],
)
def test_a_query_that_does_not_fit_is_refused(query: str, website: Caller) -> None:
    answer = website.ask("GET", "/photos/P-1/verdict", query_string=query)
    assert answer.status_code == 422
    assert "query/" in answer.json["detail"]  # type: ignore[index]


def test_addresses_that_there_are_not_are_told_as_problems_too(website: Caller) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("DELETE", "/photos/P-1/verdict", 405),
        ("OPTIONS", "/verdicts", 405),
        ("GET", "/photos/P-1/verdicts", 404),
    ):
        answer = website.ask(method, path)
        assert answer.status_code == status, path
        assert answer.mimetype == "application/problem+json"


def test_every_answer_carries_the_protecting_headers_and_no_cookie(website: Caller) -> None:
    for operation in OPERATIONS:
        for asker in (website, Caller(website.client, "")):
            headers = ask(asker, operation).headers
            assert {name: headers.get(name) for name in HEADERS} == HEADERS
            assert headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in headers


def test_another_site_in_a_browser_may_not_send_and_a_foreign_host_is_answered_nothing(
    website: Caller,
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert website.post("/verdicts", {}, **headers).status_code == 403
    answer = website.ask("GET", "/health", environ_overrides={"HTTP_HOST": "evil.example"})
    assert answer.status_code == 400


def test_health_needs_no_key(visitor: User) -> None:
    assert visitor.client.get("/api/v1/health").json == {"status": "ok"}
