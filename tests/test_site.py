"""The documentation as a site: it builds without a warning and loads nothing from elsewhere."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MISSING = [name for name in ("sphinx", "furo", "myst_parser") if find_spec(name) is None]
OPTIONS = re.search(r"^SPHINX = python (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def build(pages: Path, site: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Build as `make site` does."""
    if MISSING and os.environ.get("CI"):
        pytest.fail(f"{', '.join(MISSING)} missing: pip install '.[docs]'")
    if MISSING:
        pytest.skip(f"{', '.join(MISSING)} missing: pip install '.[docs]'")
    assert OPTIONS
    command = [sys.executable, *OPTIONS[1].split(), *more, str(pages), str(site)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once for all tests of this module."""
    folder = tmp_path_factory.mktemp("site") / "html"
    done = build(ROOT / "docs", folder)
    assert done.returncode == 0, done.stderr
    return folder


class Loaded(HTMLParser):
    """Collects what a page loads by itself; links to follow are not loaded."""

    ATTRIBUTES = ("src", "srcset", "data", "poster", "action")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.language = ""
        self.unreachable = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names = ("href", *self.ATTRIBUTES) if tag in {"link", "image", "use"} else self.ATTRIBUTES
        self.found += [values[name] for name in names if name in values]
        self.found += re.findall(r"url\(['\"]?([^'\")]+)", values.get("style", ""))
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "pre" and "tabindex" not in values:
            self.unreachable += 1


def read(page: Path) -> Loaded:
    loaded = Loaded()
    loaded.feed(page.read_text("utf-8"))
    return loaded


def loaded_by(site: Path) -> Iterator[tuple[str, str]]:
    """Give each file of the site with each address that it loads."""
    for page in site.rglob("*.html"):
        yield from ((page.name, address) for address in read(page).found)
    for sheet in site.rglob("*.css"):
        text = sheet.read_text("utf-8")
        addresses = re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")]+)", text)
        yield from ((sheet.name, address) for address in addresses)


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    remote = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
    addresses = list(loaded_by(site))
    assert len(addresses) > 100
    assert [each for each in addresses if remote.match(each[1].strip())] == []


def test_every_page_is_in_the_site(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages if not (site / page.with_suffix(".html")).exists()} == set()


def test_a_page_declares_its_language_and_code_is_reached_by_keyboard(site: Path) -> None:
    finnish = {"kaytto", "lomakkeet", *(page.stem for page in (ROOT / "docs").glob("*.fi.md"))}
    for page in (ROOT / "docs").rglob("*.md"):
        found = read(site / page.relative_to(ROOT / "docs").with_suffix(".html"))
        assert found.language == ("fi" if page.stem in finnish else "en"), page.name
        assert found.unreachable == 0, page.name


def test_a_broken_link_and_a_broken_anchor_are_errors(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(ROOT / "docs/conf.py", pages)
    (pages / "index.md").write_text("# One\n\n[a](gone.md) [b](#gone) [c](index.md#lost) [d](#one)")
    done = build(pages, tmp_path / "html")
    assert done.returncode != 0
    assert done.stderr.count("WARNING") == 3, done.stderr


def test_the_texts_of_the_site_can_be_translated(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(ROOT / "docs/conf.py", pages)
    shutil.copy(ROOT / "docs/exit-codes.md", pages / "index.md")
    done = build(pages, tmp_path / "texts", "--builder", "gettext")
    assert done.returncode == 0, done.stderr
    assert 'msgid "Exit codes"' in (tmp_path / "texts/index.pot").read_text("utf-8")
