"""Naming by keys alone: a key a person, and nothing is recorded before it is saved."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.running import RunningDesk
from tests.conftest import Clock

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.photos.naming.one_photo import PhotoToName, photo_to_name


@pytest.fixture
def naming(desk: RunningDesk, page: Page) -> Page:
    """The naming page of P-2."""
    page.goto(f"{desk.address}/photos/P-2/name?channel=kunta-public-page")
    return page


def recorded(folder: Path, photo: str = "P-2") -> PhotoToName:
    registry = Registry.open(folder / "registry.db")
    try:
        return photo_to_name(Application(registry, "anna", Clock()), photo)
    finally:
        registry.close()


def key_of(page: Page, person: str) -> str:
    return page.locator(f"input[value={person}]").get_attribute("data-key") or ""


def test_keys_choose_people_and_enter_saves_them(naming: Page, folder: Path) -> None:
    before = recorded(folder)
    wrong, right, *_ = (each for each in before.roster if each not in before.named)
    for person in (wrong, wrong, right):
        naming.keyboard.press(key_of(naming, person))
    expect(naming.locator("#outcome")).to_contain_text("not saved yet")
    assert recorded(folder).named == before.named
    with naming.expect_navigation():
        naming.keyboard.press("Enter")
    assert recorded(folder).named == (*before.named, right)
    expect(naming.locator(".told").first).to_contain_text("P-2: saved")


def test_the_whole_list_is_chosen_by_one_key_and_nobody_by_another(naming: Page) -> None:
    chosen = naming.locator(".people input:checked")
    naming.keyboard.press(".")
    expect(chosen).to_have_count(naming.locator(".people input").count())
    naming.keyboard.press("0")
    expect(chosen).to_have_count(0)
    expect(naming.locator("input[name=people][value=none]")).to_be_checked()


def test_an_arrow_leaves_what_is_not_saved_only_at_the_second_time(naming: Page) -> None:
    naming.keyboard.press("0")
    naming.keyboard.press("ArrowLeft")
    expect(naming.locator("#leaving")).to_contain_text("Not saved")
    with naming.expect_navigation():
        naming.keyboard.press("ArrowLeft")
    assert "/photos/P-1/name" in naming.url


def test_typing_finds_somebody_on_the_list_or_in_the_registry(naming: Page) -> None:
    naming.keyboard.press("/")
    naming.keyboard.type("ottamo")
    expect(naming.locator("#found")).to_contain_text("Liisa Ottamo")
    naming.keyboard.press("Enter")
    expect(naming.locator("label", has_text="Liisa Ottamo").locator("input")).to_be_checked()
    expect(naming.locator("#named")).to_have_value("")


def test_keys_can_be_turned_off_and_stay_off(naming: Page) -> None:
    naming.locator("#keys").uncheck()
    naming.reload()
    naming.keyboard.press("0")
    expect(naming.locator("input[name=people][value=none]")).not_to_be_checked()
