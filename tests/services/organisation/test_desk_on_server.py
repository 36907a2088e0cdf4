"""The desk of a registry on a PostgreSQL server, where its own login has no rights."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError
from tests.servers import Server, apply_roles, log_in
from tests.web.api.callers import PAGE, Caller, caller
from tests.web.desks import Page, ServedDesk, User

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import ApiScope
from photoreg.services.application import Application, system_clock
from photoreg.services.organisation.api_keys import add_key, parts_of, revoke_key
from photoreg.services.organisation.passwords import change_password, give_password
from photoreg.services.organisation.registry_setup import organisation_of
from photoreg.web.serving import Desk, OneTimeAddress
from photoreg.web.signing_in import SESSION_COOKIE

pytestmark = pytest.mark.engines("postgresql")  # SQLite knows no logins

PASSWORD = "seven reindeer by the lake"  # noqa: S105

Process = Callable[[], ServedDesk]


@pytest.fixture
def own(registry_location: str, postgresql_server: Server) -> Iterator[dict[str, Application]]:
    """Users with logins of their own."""
    apply_roles(registry_location)
    found = {}
    with ExitStack() as opened:
        for login, group in {"kaisa": "coordinator", "anna": "staff", "tarja": "auditor"}.items():
            registry = Registry.open(log_in(postgresql_server, registry_location, login, group))
            opened.callback(registry.close)
            found[login] = Application(registry, login, system_clock, login)
        yield found


@pytest.fixture
def process(
    own: dict[str, Application], registry_location: str, postgresql_server: Server
) -> Iterator[Process]:
    """Start a process of the desk, with the login of a door; Anna has chosen a password."""
    address = log_in(postgresql_server, registry_location, "desk", "door", more="NOINHERIT")
    postgresql_server.execute("ALTER ROLE desk SET role = photoreg_door")
    for login in own:
        postgresql_server.execute(f"GRANT {login} TO desk")
    change_password(own["anna"], give_password(own["kaisa"], "anna"), PASSWORD)
    with ExitStack() as opened:

        def start() -> ServedDesk:
            registry = Registry.open(address)
            opened.callback(registry.close)
            name = organisation_of(Application(registry, "", system_clock))
            return ServedDesk.of(Desk(registry, organisation=name))

        yield start


def signed_in(user: User, login: str, password: str = PASSWORD) -> Page:
    return user.send(user.get("/sign-in"), "Sign in", login=login, password=password)


def test_users_sign_in_work_and_sign_out(process: Process) -> None:
    user = process().visitor()
    assert "Enontekiön kunta" in user.get("/sign-in").text
    assert signed_in(user, "anna", "wrong").status == 401
    assert "Anna Lahti" in user.follow(signed_in(user, "Anna")).text
    assert user.get("/events").status == 200
    assert user.get("/ready").status == 200
    user.follow(user.send(user.get("/"), "Sign out"))
    assert user.get("/").to.startswith("/sign-in")


def test_a_session_holds_at_every_process_until_it_is_ended_at_one(process: Process) -> None:
    one, other = process(), process()
    here = one.visitor()
    signed_in(here, "anna")
    there = User(other.app.test_client())
    cookie = here.client.get_cookie(SESSION_COOKIE)
    assert cookie is not None
    there.client.set_cookie(SESSION_COOKIE, cookie.value)
    assert there.get("/").status == 200
    here.follow(here.send(here.get("/"), "Sign out"))
    assert there.get("/").to.startswith("/sign-in")


def test_a_forged_session_opens_nothing(process: Process) -> None:
    user = process().visitor()
    for cookie in ("x", "x.anna", f"{'x' * 43}.kaisa", "x.nobody", "x.owner", "x.photoreg_staff"):
        user.client.set_cookie(SESSION_COOKIE, cookie)
        assert user.get("/").to.startswith("/sign-in"), cookie
        assert user.post("/do/photo_answer").status == 401


def test_an_auditor_reads(process: Process, own: dict[str, Application]) -> None:
    password = give_password(own["kaisa"], "tarja")
    user = process().visitor()
    assert "Tarja Tarkka" in user.follow(signed_in(user, "tarja", password)).text
    user.follow(user.send(user.get("/"), "Sign out"))
    assert user.get("/").to.startswith("/sign-in")


def test_who_serves_the_desk_for_themselves_opens_it_by_the_address_only(
    own: dict[str, Application],
) -> None:
    kaisa = own["kaisa"]
    one_time = OneTimeAddress()
    desk = ServedDesk.of(Desk(kaisa.registry, own=kaisa, one_time=one_time))
    user = desk.visitor()
    page = user.get("/sign-in")
    assert "Sign in" not in page.buttons
    assert "Open the address that was shown" in page.main
    assert "Kaisa Ruonala" in user.follow(user.get(f"/enter/{one_time.secret}")).text
    user.follow(user.send(user.get("/"), "Sign out"))
    assert user.get("/").to.startswith("/sign-in")


@pytest.fixture
def website(own: dict[str, Application], process: Process, postgresql_server: Server) -> Caller:
    """A system with a key, of which the desk's login may take the role."""
    key = add_key(
        own["kaisa"], name="website", scopes=[*ApiScope], channels=[PAGE], until=date(2099, 12, 31)
    )
    postgresql_server.execute("DROP ROLE IF EXISTS website")
    postgresql_server.execute("CREATE ROLE website NOLOGIN IN ROLE photoreg_staff")
    postgresql_server.execute("GRANT website TO desk")
    return caller(process(), key)


def test_a_key_works_at_a_door_until_it_is_revoked(
    website: Caller, own: dict[str, Application]
) -> None:
    assert website.get("/take-downs").json == {"take_downs": [], "more": False}
    assert website.get("/photos/P-99/verdict", channel=PAGE).status_code == 404
    wrong = replace(website, key="website." + "x" * 43)
    assert wrong.get("/take-downs").status_code == 401
    revoke_key(own["kaisa"], "website")
    assert website.get("/take-downs").status_code == 401


def test_the_server_itself_asks_for_the_key(
    website: Caller, own: dict[str, Application], process: Process
) -> None:
    name, secret = parts_of(website.key)
    engine = process().desk.registry.store.engine

    def read(shown: str) -> int:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL ROLE {name}")
            connection.exec_driver_sql(f"SELECT set_config('photoreg.secret', '{shown}', true)")
            return int(connection.exec_driver_sql("SELECT count(*) FROM staff").scalar_one())

    assert read(secret) > 0
    with pytest.raises(DBAPIError, match="showed no secret"):
        read("")
    revoke_key(own["kaisa"], "website")
    with pytest.raises(DBAPIError, match="not recorded for a user"):
        read(secret)


UNDOING = {
    "a later end": "UPDATE api_key SET last_day = last_day + 1",
    "no end": "UPDATE api_key SET revoked_at = NULL, revoked_by = NULL",
    "more scopes": "UPDATE api_key SET scopes = scopes || ';x'",
    "another actor": "UPDATE api_key SET staff_id = 1",
    "a user": "UPDATE staff SET role = 'coordinator' WHERE login = 'website'",
}


@pytest.mark.parametrize("change", sorted(UNDOING))
@pytest.mark.parametrize("login", ["anna", "kaisa"])
def test_nobody_changes_a_key_but_to_revoke_it(
    change: str, login: str, website: Caller, own: dict[str, Application]
) -> None:
    assert website.get("/take-downs").status_code == 200
    revoke_key(own["kaisa"], "website")
    with pytest.raises(DBAPIError), own[login].registry.store.engine.begin() as connection:
        connection.exec_driver_sql(UNDOING[change])


def test_a_desk_on_a_server_makes_no_keys(process: Process) -> None:
    user = process().visitor()
    signed_in(user, "anna")
    assert user.get("/settings/api-keys/new").status == 403
