"""Class lists on the desk: dropped, looked at, decided and recorded as on the command line."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.web.desks import Page, ServedDesk, User

from photoreg.services.people import persons
from photoreg.services.photos.events import show_event
from photoreg.web.imports.held_files import MOST_HELD, sweep

ADDRESS = "/events/E-1/class-list"
LOOK, LOOK_AGAIN, RECORD = "Look at the list", "Look again", "Record the list"
HEADINGS = "Nimi;Syntynyt;Huoltaja 1;Puhelin 1"
NEW = "Sanna Uusi;2016-03-04;Heikki Uusi;040 1"


def sent(user: User, *rows: str, name: str = "class.csv", to: str = ADDRESS) -> Page:
    content = BytesIO("\n".join(rows).encode())
    return user.send(user.get(to), LOOK, file=(content, name))


def previewed(user: User, *rows: str) -> Page:
    return user.follow(sent(user, *rows))


def roster(desk: ServedDesk) -> list[str]:
    return list(show_event(desk.application("anna"), "E-1").roster)


def held(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "registry.db.held").rglob("*") if path.is_file())


def test_the_event_leads_to_its_class_list(anna: User) -> None:
    page = anna.get("/events/E-1")
    assert anna.get(page.links["Read a class list"]).status == 200


def test_a_list_is_shown_first_and_then_recorded(anna: User, desk: ServedDesk) -> None:
    page = previewed(anna, HEADINGS, NEW)
    assert "Nothing was recorded yet." in page.main
    assert "Sanna Uusi" in page.main
    assert "Heikki Uusi" in page.main
    assert not any("Sanna Uusi" in each for each in roster(desk))
    done = anna.send(page, RECORD, verified="the school's register", total="as-listed")
    assert "New: 1" in anna.follow(done).main
    assert any("Sanna Uusi" in each for each in roster(desk))


def test_the_preview_survives_a_reload_with_what_was_chosen(anna: User) -> None:
    page = previewed(anna, HEADINGS, NEW)
    again = anna.follow(anna.send(page, LOOK_AGAIN, verified="the school's register"))
    assert anna.get(again.response.request.path).html.select_one("#verified")["value"] == (  # type: ignore[index]
        "the school's register"
    )


def test_two_lists_in_two_tabs_do_not_disturb_each_other(anna: User, desk: ServedDesk) -> None:
    one = previewed(anna, HEADINGS, NEW)
    other = previewed(anna, HEADINGS, "Outi Toinen;2016-05-06;;")
    anna.send(one, RECORD)
    listed = " ".join(roster(desk))
    assert "Sanna Uusi" in listed
    assert "Outi Toinen" not in listed
    assert "Outi Toinen" in anna.get(other.response.request.path).main


def test_a_doubtful_person_is_decided_by_choosing(anna: User, desk: ServedDesk) -> None:
    persons.add_person(
        desk.application("anna"), persons.PersonDetails(name="Sanna Uusi", born=None)
    )
    before = roster(desk)
    page = previewed(anna, HEADINGS, NEW)
    assert "Row 2: Sanna Uusi" in page.main
    refused = anna.send(page, RECORD)
    assert refused.status == 422
    assert "the person is uncertain" in refused.main
    assert roster(desk) == before
    choices = page.html.select("input[name=decision-0]")
    chosen = str(choices[0]["value"])
    assert chosen.startswith("H-")
    done = anna.send(refused, RECORD, **{"decision-0": chosen})
    assert "already in the registry: 1" in anna.follow(done).main


def test_what_was_decided_stands_on_the_page_and_can_be_changed(
    anna: User, desk: ServedDesk
) -> None:
    persons.add_person(
        desk.application("anna"), persons.PersonDetails(name="Sanna Uusi", born=None)
    )
    page = previewed(anna, HEADINGS, NEW)
    page = anna.follow(anna.send(page, LOOK_AGAIN, **{"decision-0": "new"}))
    [checked] = page.html.select("input[name=decision-0][checked]")
    assert checked["value"] == "new"
    page = anna.follow(anna.send(page, LOOK_AGAIN, **{"decision-0": "leave out"}))
    [checked] = page.html.select("input[name=decision-0][checked]")
    assert checked["value"] == "leave out"
    anna.send(page, RECORD)
    assert not any("Sanna Uusi" in each for each in roster(desk))


def test_a_column_is_corrected_by_choosing(anna: User) -> None:
    page = previewed(anna, "Nimi;GDPR", "Sanna Uusi;ei")
    refused = anna.send(page, RECORD)
    assert "columns that may matter and were not understood: GDPR" in refused.main
    page = anna.follow(anna.send(page, LOOK_AGAIN, meaning=["", "permission"]))
    assert "GDPR = permission (as you said)" in page.main
    page = anna.follow(anna.send(page, LOOK_AGAIN, refused_by="unknown"))
    assert "New: 1" in anna.follow(anna.send(page, RECORD)).main


def test_a_no_in_the_list_asks_once_whose_it_is(anna: User, desk: ServedDesk) -> None:
    page = previewed(anna, f"{HEADINGS};Kuvauslupa", f"{NEW};ei")
    before = roster(desk)
    refused = anna.send(page, RECORD)
    assert refused.status == 422
    assert "a no stands in a column" in refused.main
    assert roster(desk) == before
    assert anna.send(refused, RECORD, refused_by="guardians").status == 303


def test_what_is_wrong_names_row_and_column_and_records_nothing(
    anna: User, desk: ServedDesk
) -> None:
    before = roster(desk)
    page = previewed(anna, HEADINGS, NEW, "Outi Toinen;31.2.2016;;")
    assert "Row 3, column Syntynyt (Outi Toinen)" in page.main
    assert RECORD not in page.buttons
    assert roster(desk) == before


def test_a_registry_that_changed_meanwhile_is_told_and_nothing_is_recorded(
    anna: User, desk: ServedDesk
) -> None:
    page = previewed(anna, HEADINGS, NEW)
    before = roster(desk)
    persons.add_person(
        desk.application("anna"), persons.PersonDetails(name="Sanna Uusi", born=None)
    )
    told = anna.send(page, RECORD)
    assert told.status == 409
    assert "changed since this page was shown" in told.main
    assert roster(desk) == before


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "class.csv"),
        (b"<html><script>alert(1)</script></html>", "class.html"),
        (b"\x89PNG\r\n\x1a\n", "class.xlsx"),
        (b"PK\x03\x04broken", "../../etc/class.xlsx"),
        (b"Name\n", "x" * 300 + ".csv"),
        (b"a;b\n1;2\n", "C:\\Users\\class.csv"),
    ],
)
def test_a_file_that_is_no_class_list_is_refused_with_a_clear_message(
    content: bytes, name: str, anna: User, desk: ServedDesk
) -> None:
    before = roster(desk)
    page = anna.send(anna.get(ADDRESS), LOOK, file=(BytesIO(content), name))
    shown = anna.get(page.to) if page.status == 303 else page
    assert shown.status == 422, shown.main
    assert "Error:" in shown.main
    assert "etc" not in shown.main
    assert roster(desk) == before


def test_no_file_is_told(anna: User) -> None:
    page = anna.send(anna.get(ADDRESS), LOOK)
    assert page.status == 422
    assert "no file was chosen" in page.main


def test_a_held_list_is_of_its_user_and_its_event_alone(
    anna: User, kaisa: User, desk: ServedDesk
) -> None:
    address = sent(anna, HEADINGS, NEW).to
    assert anna.get(address).status == 200
    assert kaisa.get(address).status == 404
    assert desk.sign_in("anna").get(address).status == 404
    assert anna.get(address.replace("E-1", "E-2")).status == 404
    assert anna.get(f"{ADDRESS}/..%2f..").status == 404


def test_a_held_list_is_removed_when_it_is_recorded_or_put_away(anna: User, folder: Path) -> None:
    page = previewed(anna, HEADINGS, NEW)
    assert held(folder)
    assert oct((folder / "registry.db.held").stat().st_mode & 0o777) == "0o700"
    anna.send(page, RECORD)
    assert held(folder) == []
    anna.send(previewed(anna, HEADINGS, NEW), "Put the list away")
    assert held(folder) == []


def test_a_held_list_is_removed_at_sign_out(anna: User, folder: Path) -> None:
    previewed(anna, HEADINGS, NEW)
    anna.post("/sign-out")
    assert held(folder) == []


def test_what_is_held_for_a_session_that_is_over_is_swept_and_no_other(
    anna: User, kaisa: User, folder: Path, desk: ServedDesk, clock: Clock
) -> None:
    previewed(anna, HEADINGS, NEW)
    clock.now += timedelta(minutes=20)
    previewed(kaisa, HEADINGS, NEW)
    anna.get("/")  # the session goes on, on whatever page
    clock.now += timedelta(minutes=20)
    kaisa.get("/")
    sweep(desk.desk)
    assert len({path.parts[-5] for path in held(folder)}) == 2
    clock.now += timedelta(minutes=25)
    anna.get("/")
    sweep(desk.desk)
    assert {path.name for path in held(folder)} == {"class.csv"}
    clock.now += timedelta(minutes=31)
    sweep(desk.desk)
    assert held(folder) == []


def test_of_very_many_previews_the_oldest_gives_way(anna: User) -> None:
    first = sent(anna, HEADINGS, NEW).to
    others = [sent(anna, HEADINGS, NEW).to for _ in range(MOST_HELD)]
    assert anna.get(first).status == 404
    assert anna.get(others[-1]).status == 200
