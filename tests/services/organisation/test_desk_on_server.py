"""The desk of a registry on a PostgreSQL server, where its own login has no rights."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.servers import Server, apply_roles, log_in
from tests.web.desks import Page, ServedDesk, User

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application, system_clock
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
