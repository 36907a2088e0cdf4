"""People are offered while their names are typed."""

from playwright.sync_api import Page, expect
from tests.browser.running import RunningDesk


def test_typing_the_beginning_of_a_name_offers_the_person(desk: RunningDesk, page: Page) -> None:
    page.goto(f"{desk.address}/do/consent_record")
    page.get_by_label("Person, by name or id").press_sequentially("bir")
    offered = page.locator("#field-person-list option")
    expect(offered).to_have_attribute("value", "H-4 Biret Outakka")
