"""What WCAG 2.2 AA asks of every page (laki 306/2019), as far as axe and a browser can tell."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser.running import RunningDesk
from tests.web.addresses import addresses

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NO_PAGES = {
    *("static", "pictures.show", "about.health", "about.ready", "persons.search"),
    "lists.download",
}
NARROW = 390
"""The width of a phone in CSS pixels; nothing may need scrolling sideways there."""


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en-GB", "dark", 1280), ("fi-FI", "light", NARROW)]
)
def test_no_page_has_a_fault_of_accessibility(
    language: str, scheme: Any, width: int, desk: RunningDesk, browser: Browser
) -> None:
    pages = [address for endpoint, address in addresses() if endpoint not in NO_PAGES]
    # axe is put into the page as a script, which the desk's own rules for scripts would refuse.
    with browser.new_context(
        locale=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    ) as context:
        page = context.new_page()
        faults = [*_faults(page, f"{desk.address}/sign-in")]
        desk.sign_in(context, "kaisa")
        for address in pages:
            faults += _faults(page, desk.address + address)
    assert faults == []


def _faults(page: Page, address: str) -> Iterator[str]:
    """Open a page, and yield what is wrong with it."""
    page.goto(address)
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES}).response
    for each in found["violations"]:
        where = ", ".join(node["html"][:200] for node in each["nodes"][:3])
        yield f"{address}: {each['id']}: {each['help']}: {where}"
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
        yield f"{address}: scrolls sideways"
