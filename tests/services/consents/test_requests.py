"""Whom to ask: whose yes ends, for each reason, and who has not answered for how long."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import MARKET, a_child, a_person, a_photo, a_photographer, every, show_in

from photoreg.presentation.views.consents import CONSENTS_EXPIRING
from photoreg.registry.facts import loading
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import Language
from photoreg.services.consents import consents, forms, requests
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.consents import Whose
from photoreg.services.consents.form_answers import Ticked, record_on_form
from photoreg.services.consents.forms import Order
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import end_guardian
from photoreg.services.people.persons import About
from photoreg.services.photos import events
from photoreg.services.unit_of_work import Workplace

AtWork = Callable[[str], Workplace]
TODAY = date(2026, 11, 2)
SIXTY = timedelta(days=60)


def yes(until: date = date(2030, 1, 1), on: date = TODAY) -> Spoken:
    return Spoken(ConsentKind.GIVEN, ("public_page",), until=until, on=on, paper="k")


def ending(workplace: Workplace, within: timedelta = SIXTY) -> list[tuple[str, str, str, str]]:
    rows = every(requests.expiring(workplace, within))
    return [(row["person"], row["ask"], row["last_day"], row["why"]) for row in rows]


@pytest.mark.parametrize(
    ("until", "is_listed"),
    [
        (TODAY, True),
        (TODAY + SIXTY, True),
        (TODAY + SIXTY + timedelta(1), False),
    ],
)
def test_a_yes_is_listed_until_its_last_day(
    workplace: Workplace, until: date, is_listed: bool
) -> None:
    adult = a_person(workplace, "Inga")
    consents.record(workplace, Whose(adult), yes(until))
    listed = [(adult, adult, until.isoformat(), "last_day")]
    assert ending(workplace) == (listed if is_listed else [])


def test_the_age_limit_of_the_settings_ends_a_yes(workplace: Workplace) -> None:
    adult = a_person(workplace, "Inga")
    consents.record(workplace, Whose(adult), yes(on=date(2025, 12, 5)))
    assert ending(workplace) == []
    policy.set_policy(workplace, {"max_consent_age_months": 12})
    assert ending(workplace) == [(adult, adult, "2026-12-05", "age_limit")]


@pytest.mark.parametrize(
    ("born", "last_day"), [(date(2008, 11, 20), "2026-11-19"), (date(2008, 11, 3), "2026-11-02")]
)
def test_who_comes_of_age_is_asked_and_not_the_guardians(
    workplace: Workplace, born: date, last_day: str
) -> None:
    child = a_child(workplace, "Elle", born, ["Máret", "Ánte"])
    for guardian in ("Máret", "Ánte"):
        consents.record(workplace, Whose(child, by=guardian), yes())
    assert ending(workplace) == [(child, child, last_day, "adult")]


def test_who_was_born_on_29_february_comes_of_age_on_1_march(
    workplace: Workplace, clock: Clock
) -> None:
    clock.now = clock.now.replace(year=2026, month=2, day=1)
    child = a_child(workplace, "Elle", date(2008, 2, 29), ["Máret"])
    consents.record(workplace, Whose(child, by="Máret"), yes(on=date(2026, 1, 1)))
    assert ending(workplace) == [(child, child, "2026-02-28", "adult")]


def test_what_was_withdrawn_renewed_or_ended_with_a_guardianship_is_not_listed(
    workplace: Workplace,
) -> None:
    soon = date(2026, 12, 1)
    withdrawn, renewed = a_person(workplace, "Inga"), a_person(workplace, "Ánne")
    child = a_child(workplace, "Elle", date(2018, 1, 1), ["Máret"])
    for whose in (Whose(withdrawn), Whose(renewed), Whose(child, by="Máret")):
        consents.record(workplace, whose, yes(soon))
    consents.withdraw(workplace, Spoken(ConsentKind.WITHDRAWN), whose=Whose(withdrawn))
    again = Spoken(ConsentKind.RENEWED, ("public_page",), until=date(2030, 1, 1), paper="k")
    consents.record(workplace, Whose(renewed), again)
    end_guardian(workplace, child, "Máret")
    assert ending(workplace) == []


def test_each_row_says_for_how_many_photos_how_and_in_which_language(
    workplace: Workplace, tmp_path: Path
) -> None:
    adult = a_person(workplace, "Inga")
    persons.change_person(workplace, adult, About(contact="040 1", language=Language.NORTHERN_SAMI))
    a_photographer(workplace)
    photos = [a_photo(workplace, tmp_path, MARKET, f"{n}.jpg") for n in range(3)]
    for photo in photos[:2]:
        show_in(workplace, photo, adult)
    consents.record(workplace, Whose(adult), yes(date(2026, 12, 1)))
    consents.record(workplace, Whose(adult, photo=photos[0]), yes(date(2026, 12, 2)))
    wide, narrow = rows = every(requests.expiring(workplace, SIXTY))
    listed = {"schema_version": 1, "view": "consent-expiring", "items": rows}
    jsonschema.validate(listed, CONSENTS_EXPIRING.schema())
    assert (wide["photos"], narrow["photos"]) == (2, 1)
    assert (wide["contact"], wide["language"], wide["reach"]) == ("040 1", "se", "everything")


def test_an_auditor_sees_no_names_and_no_contacts(workplace: Workplace, at_work: AtWork) -> None:
    adult = a_person(workplace, "Inga")
    persons.change_person(workplace, adult, About(contact="040 1"))
    consents.record(workplace, Whose(adult), yes(date(2026, 12, 1)))
    ask = Spoken(ConsentKind.REQUESTED, ("print",))
    consents.record(workplace, Whose(a_person(workplace, "Ánne")), ask)
    for rows in (
        every(requests.expiring(at_work("tarja"), SIXTY)),
        every(requests.pending(at_work("tarja"))),
    ):
        [row] = rows
        assert (row["name"], row["ask_name"], row["contact"]) == (None, None, None)


@pytest.fixture
def feast(workplace: Workplace, tmp_path: Path) -> Workplace:
    """E-1 with forms printed for both guardians of Elle (H-1)."""
    child = a_child(workplace, "Elle", date(2018, 3, 2), ["Máret", "Ánte"])
    events.add_event(workplace, "Feast", on=TODAY, roster=[child])
    print_for(workplace, tmp_path / "a")
    return workplace


def print_for(workplace: Workplace, folder: Path) -> tuple[forms.Printed, ...]:
    order = Order(folder, date(2027, 12, 31), event="E-1", roster=True)
    return forms.print_forms(workplace, order).forms


def waiting(workplace: Workplace, **which: Any) -> list[tuple[str, int]]:
    return [(row["ask"], row["days"]) for row in every(requests.pending(workplace, **which))]


def test_forms_that_have_not_come_back_are_pending_for_days(feast: Workplace, clock: Clock) -> None:
    clock.now += timedelta(days=9)
    assert waiting(feast) == [("H-2", 9), ("H-3", 9)]


def test_lists_that_are_put_together_in_parts_hold_each_row_once_and_in_order(
    workplace: Workplace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (requests, loading):
        monkeypatch.setattr(module, "THREADS_AT_A_TIME", 3)
    for number, day in enumerate((3, 1, 2)):
        names = [f"Máret {number}", f"Ánte {number}"]
        child = a_child(workplace, f"Elle {number}", date(2008, 11, 10 + day), names)
        for guardian in names:
            consents.record(workplace, Whose(child, by=guardian), yes())
    assert [last_day for *_who, last_day, _why in ending(workplace)] == [
        "2026-11-10",
        "2026-11-11",
        "2026-11-12",
    ]
    for number in range(5):
        person = a_person(workplace, f"Inga {number}")
        consents.record(workplace, Whose(person), Spoken(ConsentKind.REQUESTED))
        clock.now += timedelta(days=1)
    assert [days for _person, days in waiting(workplace)] == [5, 4, 3, 2, 1]


def test_a_form_that_came_back_or_was_answered_otherwise_is_not_pending(
    feast: Workplace, clock: Clock, tmp_path: Path
) -> None:
    clock.now += timedelta(days=1)
    [mother, _father] = print_for(feast, tmp_path / "b")
    assert len(waiting(feast)) == 2
    clock.now += timedelta(days=1)
    no = Spoken(ConsentKind.REFUSED)
    record_on_form(feast, mother.code, no, Ticked())
    assert waiting(feast) == [("H-3", 1)]
    consents.record(feast, Whose("H-1", by="H-3", event="E-1"), no)
    assert waiting(feast) == []


def test_who_was_asked_otherwise_is_pending_once(feast: Workplace, clock: Clock) -> None:
    ask = Spoken(ConsentKind.REQUESTED, ("print",))
    consents.record(feast, Whose("H-1", by="H-2", event="E-1"), ask)
    consents.record(feast, Whose("H-1", by="H-2"), ask)
    clock.now += timedelta(days=3)
    rows = every(requests.pending(feast))
    assert sorted((row["ask"], row["reach"]) for row in rows) == [
        ("H-2", "E-1"),
        ("H-2", "everything"),
        ("H-3", "E-1"),
    ]
    assert len(waiting(feast, event="E-1")) == 2


def test_what_is_asked_is_found_by_the_same_few_queries_whatever_their_number(
    workplace: Workplace,
) -> None:
    for number in range(3):
        adult = a_person(workplace, f"Inga {number}")
        consents.record(workplace, Whose(adult), yes(date(2026, 12, 1)))
    few = _queries(workplace)
    for number in range(3, 30):
        adult = a_person(workplace, f"Inga {number}")
        consents.record(workplace, Whose(adult), yes(date(2026, 12, 1)))
    assert _queries(workplace) == few


def _queries(workplace: Workplace) -> int:
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    every(requests.expiring(workplace, SIXTY))
    every(requests.pending(workplace))
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)
