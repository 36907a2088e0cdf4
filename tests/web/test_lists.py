"""Lists: one page for all of them, page by page, with filters, names and CSV."""

import csv
import io
from pathlib import Path

import pytest
from tests.services.scenes import register_photo
from tests.web.desks import ServedDesk, User

from photoreg.services.photos.answers import PhotoAnswers
from photoreg.web.desk import events as event_page
from photoreg.web.lists import pages
from photoreg.web.lists.catalogue import LISTS


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_for_the_auditor_and_downloads_the_same_rows(
    name: str, tarja: User
) -> None:
    page = tarja.get(f"/lists/{name}")
    assert page.status == 200, page.main
    rows = page.html.select("tbody tr")
    text = tarja.get(f"/lists/{name}.csv").response.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert len(list(csv.reader(io.StringIO(text), delimiter=";"))) - 1 >= len(rows)


@pytest.mark.parametrize("name", [n for n, each in LISTS.items() if each.has_past])
def test_a_list_is_told_as_of_a_day(name: str, tarja: User, desk: ServedDesk) -> None:
    today = desk.application("tarja").today
    assert tarja.get(f"/lists/{name}?as_of={today}").status == 200
    page = tarja.get(f"/lists/{name}?as_of=1999-01-01")
    assert page.status == 422
    assert "is not available" in page.main


def test_a_long_list_is_shown_page_by_page(tarja: User, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = len(tarja.get("/lists/rules").html.select("tbody tr"))
    monkeypatch.setattr(pages, "PAGE_SIZE", 10)
    page, found = tarja.get("/lists/rules"), 0
    while True:
        rows = page.html.select("tbody tr")
        assert len(rows) <= 10
        found += len(rows)
        if "Next" not in page.links:
            break
        page = tarja.get(page.links["Next"])
    assert found == whole


def test_names_stand_only_after_a_purpose_which_is_recorded(tarja: User) -> None:
    page = tarja.get("/lists/one-guardian")
    before = page.main
    page = tarja.send(page, "Show names", purpose="")
    assert page.status == 422
    page = tarja.send(tarja.get("/lists/undocumented"), "Show names", purpose="Vuositarkastus")
    named = tarja.follow(page)
    assert "Vuositarkastus" not in page.to
    assert named.status == 200
    assert "Vuositarkastus" in tarja.get("/lists/disclosures").main
    assert before


def test_the_purpose_of_another_user_or_list_shows_no_names(tarja: User, kaisa: User) -> None:
    page = tarja.send(tarja.get("/lists/undocumented"), "Show names", purpose="Tarkastus")
    number = page.to.rpartition("=")[2]
    assert kaisa.get(f"/lists/undocumented?for={number}").status == 422
    assert tarja.get(f"/lists/expiring?for={number}").status == 422
    assert tarja.get("/lists/undocumented?for=x").status == 422


def test_a_filter_that_cannot_be_is_told(tarja: User) -> None:
    page = tarja.get("/lists/expiring?within=soon")
    assert page.status == 422
    assert "Days ahead" in page.main
    assert tarja.get("/lists/photos?event=nowhere").status in {404, 422}
    assert tarja.get("/lists/nothing").status == 404


def test_who_looked_is_shown_to_coordinators_and_auditors_only(anna: User) -> None:
    assert anna.get("/lists/disclosures").status == 403


def test_the_yearly_report_is_a_file_to_print_without_names(tarja: User) -> None:
    page = tarja.get(tarja.get("/lists").links["The yearly report"])
    assert "Download the report" in page.buttons
    page = tarja.get("/lists/report?year=2026&channel=&unit=&as_of=")
    assert page.status == 200
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "2026" in page.text
    assert "Aino" not in page.text
    assert tarja.get("/lists/report?year=soon").status == 422


def test_help_tells_each_role_what_to_do_here(anna: User, kaisa: User, tarja: User) -> None:
    assert "To publish a photo" in anna.get("/help").main
    assert "give each user a password" in kaisa.get("/help").main
    page = tarja.get("/help")
    assert "For the auditor" in page.main
    assert "Add an event" not in page.links


@pytest.mark.parametrize("about", ["photos?", "photos?event=E-1&", "photos?open=yes&", "events?"])
def test_pages_together_show_what_the_whole_list_shows(
    about: str, kaisa: User, desk: ServedDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one.jpg", "two.jpg"):  # nothing is said about them yet
        register_photo(desk.application("kaisa"), folder, PhotoAnswers(), name)

    def rows(page: int) -> list[str]:
        shown = kaisa.get(f"/lists/{about}page={page}").html.select("tbody tr")
        return [each.get_text(" ", strip=True) for each in shown]

    whole = rows(1)
    monkeypatch.setattr(pages, "PAGE_SIZE", 1)
    assert len(whole) > 1
    assert [rows(page) for page in range(1, len(whole) + 2)] == [*([each] for each in whole), []]


def test_events_come_page_by_page(kaisa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_page, "PAGE", 1)
    first = kaisa.get("/events")
    second = kaisa.get(first.links["Next"])
    assert "Kevätjuhla" in first.links
    assert "Satutunti" in second.links
    assert "Next" not in second.links
