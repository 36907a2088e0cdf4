"""Opening the desk in a browser."""

from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.running import RunningDesk


def test_the_address_that_is_printed_opens_the_desk_once(
    page: Page, desk: RunningDesk, context: BrowserContext
) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    context.clear_cookies()
    page.goto(desk.enter)
    expect(page.get_by_role("alert")).to_contain_text("this address was used already, or is wrong")
