"""The yearly report: a page to print with figures and charts, and nobody's name in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
    withdraw_consent,
)

from photoreg.errors import InputDataError
from photoreg.services.application import Application
from photoreg.services.audits.annual_report import annual_figures
from photoreg.services.organisation import policy
from photoreg.services.publications import publishing, takedown_tasks

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def year(
    application: Application, application_for: ApplicationFor, tmp_path: Path, clock: Clock
) -> None:
    """A photo published in November 2026 and taken down after a withdrawal, a day later."""
    anna = application_for("anna")
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    withdraw_consent(anna, elle)
    clock.now += timedelta(hours=30)
    takedown_tasks.take_down(anna, ["J-1"], proof="screenshot")
    policy.set_policy(application, {"guardians": "one"})


def test_the_figures_of_a_year(application_for: ApplicationFor) -> None:
    figures = annual_figures(application_for("tarja"), 2026)

    assert figures.photos == (*[0] * 10, 1, 0)
    assert sum(figures.publications) == 1
    assert (figures.take_downs.number, figures.take_downs.median_hours) == (1, 30.0)
    assert figures.take_downs.late == 1
    assert figures.consent_events == {"given": 1, "withdrawn": 1}
    assert figures.outcomes[PAGE_USE.channel] == {"refused": 1}
    assert ("CN_WITHDRAWN", 1) in figures.reasons
    assert [each.setting for each in figures.looser] == ["guardians"]


def test_one_channel_and_a_year_without_anything(
    application_for: ApplicationFor, clock: Clock
) -> None:
    assert (
        sum(annual_figures(application_for("tarja"), 2026, channel="kunta-print").publications) == 0
    )
    clock.now = datetime(2027, 5, 1, tzinfo=UTC)
    later = annual_figures(application_for("tarja"), 2027)
    assert sum(later.photos) == 0
    assert [each.setting for each in later.looser] == ["guardians"]
    with pytest.raises(InputDataError):
        annual_figures(application_for("tarja"), 2028)


class Page(HTMLParser):
    """Collects the tags and the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_the_page_has_charts_no_scripts_and_no_names(run: Run, tmp_path: Path, lang: str) -> None:
    out = tmp_path / f"report-{lang}.html"
    run("--lang", lang, "audit", "report", "--year", 2026, "--out", out, login="tarja")

    written = out.read_text("utf-8")
    page = Page()
    page.feed(written)
    assert page.tags.count("svg") >= 3
    assert "script" not in page.tags
    assert "Elle" not in written
    assert {"en": "Photos registered", "fi": "Rekisteröidyt kuvat"}[lang] in page.texts
    assert out.stat().st_mode & 0o077 == 0
    again = tmp_path / "again.html"
    run("--lang", lang, "audit", "report", "--year", 2026, "--out", again, login="tarja")
    assert again.read_text("utf-8") == written


def test_the_page_of_a_unit_and_the_table_of_units(run: Run, tmp_path: Path) -> None:
    run("staff", "change", "anna", "--unit", "Hetan koulu")
    whole, one = tmp_path / "whole.html", tmp_path / "one.html"
    finnish = ("--lang", "fi", "audit", "report", "--year", 2026)
    run(*finnish, "--out", whole, login="tarja")
    run(*finnish, "--unit", "hetan koulu", "--out", one, login="tarja")
    assert "<td>Hetan koulu</td>" in whole.read_text("utf-8")
    page = one.read_text("utf-8")
    assert "<p>Yksikkö: Hetan koulu.</p>" in page
    assert "Yksiköt vuoden aikana" not in page
    told = run("--lang", "fi", "unit", "rename", "Hetan koulu", "Kirjasto").stdout
    assert "Hetan koulu on tästä lähtien Kirjasto" in told
    assert "Kirjasto" in run("--lang", "fi", "unit", "list", login="tarja").stdout
    run("unit", "rename", "Kirjasto", " ", exit_code=9)
    run("unit", "rename", "Kirjasto", "Hetan koulu")
    refused = run(*finnish, "--unit", "Kirjasto", "--out", one, login="tarja", exit_code=6)
    assert "Hetan koulu" in refused.stderr


def test_what_cannot_be_reported_is_reported(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    run("audit", "report", "--year", 2999, "--out", out, exit_code=9)
    run("audit", "report", "--year", 2026, "--channel", "none", "--out", out, exit_code=6)
    out.write_text("kept")
    run("audit", "report", "--year", 2026, "--out", out, exit_code=9)
    assert out.read_text() == "kept"
