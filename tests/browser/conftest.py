"""The desk in the system's Chromium; skipped where it is missing, and failing there in CI."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.running import BROWSER_OPTIONS, RunningDesk, running
from tests.cli.furnished import furnished, two_units
from tests.conftest import required_program

__all__ = ["furnished", "two_units"]  # fixtures


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; a test opens pages in contexts of its own."""
    program = required_program("chromium", "chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=[*BROWSER_OPTIONS])
        yield opened
        opened.close()


@pytest.fixture
def folder(two_units: Path, tmp_path: Path) -> Path:
    """A folder with a registry in which every list has something, and files to send."""
    return Path(shutil.copytree(two_units, tmp_path / "here"))


@pytest.fixture
def desk(folder: Path) -> Iterator[RunningDesk]:
    """The desk of that registry, started by Anna."""
    with running(folder / "registry.db", "anna") as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser as it is at the beginning, in English."""
    with browser.new_context(locale="en-GB") as opened:
        opened.set_default_timeout(30_000)
        yield opened


@pytest.fixture
def page(desk: RunningDesk, context: BrowserContext) -> Page:
    """The desk as Anna sees it who has just opened it."""
    opened = context.new_page()
    opened.goto(desk.enter)
    return opened
