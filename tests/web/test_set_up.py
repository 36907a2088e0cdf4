"""First set-up in the browser: the registry is made, and the desk opens on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from tests.web.desks import User
from werkzeug.test import Client

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.organisation.policy import show_policy
from photoreg.services.organisation.registry_setup import create_registry
from photoreg.web.app import create_app
from photoreg.web.desk.set_up import NewRegistry, SetUp, SetUpThenDesk
from photoreg.web.serving import Desk, OneTimeAddress

FILLED_IN = {
    "organisation": "Enontekiön kunta",
    "name": "Kaisa Ruonala",
    "login": "kaisa",
    "controller_contact": "viestinta@enontekio.example",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "photoreg.db"


@pytest.fixture
def set_up(place: Path) -> Iterator[SetUp]:
    """The page, as `photoreg serve` opens it in a folder without a registry."""
    opened: list[Registry] = []

    def make(new: NewRegistry) -> Desk:
        create_registry(
            place,
            organisation=new.organisation,
            login=new.login,
            name=new.name,
            changes=new.settings,
        )
        registry = Registry.open(place)
        opened.append(registry)
        own = Application(registry, new.login, computer_login=new.login)
        return Desk(registry, own=own, one_time=OneTimeAddress())

    yield SetUp(make=make, place=str(place), login="kruonala")
    for each in opened:
        each.close()


@pytest.fixture
def browser(set_up: SetUp) -> User:
    """A browser that nobody is signed in with."""
    return User(cast("FlaskClient", Client(SetUpThenDesk(set_up, create_app))))


def test_five_fields_make_a_registry_and_the_user_its_coordinator(
    browser: User, set_up: SetUp, place: Path
) -> None:
    page = browser.get(f"/set-up/{set_up.one_time.secret}")
    assert str(place) in page.main
    assert page.filled_in("Make the registry")["login"] == "kruonala"
    page = browser.send(page, "Make the registry", **FILLED_IN)
    page = browser.follow(page)
    assert page.to == "/"
    page = browser.get("/settings/staff")
    assert "Kaisa Ruonala" in page.main
    assert "Add a user" in page.links
    registry = Registry.open(place)
    settings = show_policy(Application(registry, "kaisa"))[1]
    registry.close()
    contact = next(each for each in settings if each.setting == "controller_contact")
    assert contact.value == FILLED_IN["controller_contact"]
    assert browser.get(f"/set-up/{set_up.one_time.secret}").status == 404


def test_what_is_missing_is_asked_for_and_nothing_is_made(
    browser: User, set_up: SetUp, place: Path
) -> None:
    page = browser.get(f"/set-up/{set_up.one_time.secret}")
    page = browser.send(page, "Make the registry", **FILLED_IN | {"name": " "})
    assert page.status == 422
    assert "Your name is missing" in page.main
    assert page.filled_in("Make the registry")["organisation"] == "Enontekiön kunta"
    assert not place.exists()


def test_a_setting_that_cannot_be_makes_no_registry(
    browser: User, set_up: SetUp, place: Path
) -> None:
    page = browser.get(f"/set-up/{set_up.one_time.secret}")
    page = browser.send(page, "Make the registry", **FILLED_IN, data_protection_officer="x" * 300)
    assert page.status == 422
    assert not place.exists()


def test_a_registry_that_came_meanwhile_is_not_replaced(
    browser: User, set_up: SetUp, place: Path
) -> None:
    page = browser.get(f"/set-up/{set_up.one_time.secret}")
    create_registry(place, organisation="Toinen", login="anna", name="Anna")
    before = place.read_bytes()
    page = browser.send(page, "Make the registry", **FILLED_IN)
    assert page.status >= 400
    assert place.read_bytes() == before


@pytest.mark.parametrize("address", ["/", "/set-up/wrong", "/events", "/sign-in"])
def test_only_the_address_that_was_shown_opens_it(address: str, browser: User, place: Path) -> None:
    page = browser.get(address)
    assert page.status == 403
    assert "Open that address." in page.main
    assert browser.post("/set-up/wrong", **FILLED_IN).status in {403, 405}
    assert not place.exists()


def test_another_page_makes_no_registry(browser: User, set_up: SetUp, place: Path) -> None:
    address = f"/set-up/{set_up.one_time.secret}"
    assert browser.post(address, **FILLED_IN).status == 403
    browser.get(address)
    assert browser.client.get(address, headers={"Host": "evil.example"}).status_code == 400
    answer = browser.client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not place.exists()
