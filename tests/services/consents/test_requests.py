"""Whom to ask: whose yes ends, for each reason, and who has not answered for how long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    add_child,
    add_photographer,
    create_person,
    list_all,
    register_photo,
    tag_person,
)

from photoreg.presentation.view import record_row
from photoreg.presentation.views.consents import CONSENTS_EXPIRING
from photoreg.registry.facts import loading
from photoreg.registry.tables.people import Language
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, forms, requests
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.form_answers import FormMarks, record_form_answer
from photoreg.services.consents.forms import FormOrder
from photoreg.services.consents.requests import RequestState
from photoreg.services.organisation import policy
from photoreg.services.people import persons
from photoreg.services.people.guardians import end_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events

AtWork = Callable[[str], Application]
TODAY = date(2026, 11, 2)
SIXTY = timedelta(days=60)


def yes(until: date = date(2030, 1, 1), on: date = TODAY) -> ConsentStatement:
    return ConsentStatement(ConsentKind.GIVEN, ("public_page",), until=until, on=on, paper="k")


def ending(application: Application, within: timedelta = SIXTY) -> list[tuple[str, str, str, str]]:
    rows = list_all(requests.expiring_consents(application, within))
    return [(row.person, row.to_ask.ask, row.last_day, row.why) for row in rows]


@pytest.mark.parametrize(
    ("until", "is_listed"),
    [
        (TODAY, True),
        (TODAY + SIXTY, True),
        (TODAY + SIXTY + timedelta(1), False),
    ],
)
def test_a_yes_is_listed_until_its_last_day(
    application: Application, until: date, is_listed: bool
) -> None:
    adult = create_person(application, "Inga")
    consents.record_consent(application, ConsentParties(adult), yes(until))
    listed = [(adult, adult, until.isoformat(), "last_day")]
    assert ending(application) == (listed if is_listed else [])


def test_the_age_limit_of_the_settings_ends_a_yes(application: Application) -> None:
    adult = create_person(application, "Inga")
    consents.record_consent(application, ConsentParties(adult), yes(on=date(2025, 12, 5)))
    assert ending(application) == []
    policy.set_policy(application, {"max_consent_age_months": 12})
    assert ending(application) == [(adult, adult, "2026-12-05", "age_limit")]


@pytest.mark.parametrize(
    ("born", "last_day"), [(date(2008, 11, 20), "2026-11-19"), (date(2008, 11, 3), "2026-11-02")]
)
def test_who_comes_of_age_is_asked_and_not_the_guardians(
    application: Application, born: date, last_day: str
) -> None:
    child = add_child(application, "Elle", born, ["Máret", "Ánte"])
    for guardian in ("Máret", "Ánte"):
        consents.record_consent(application, ConsentParties(child, by=guardian), yes())
    assert ending(application) == [(child, child, last_day, "adult")]


def test_who_was_born_on_29_february_comes_of_age_on_1_march(
    application: Application, clock: Clock
) -> None:
    clock.now = clock.now.replace(year=2030, month=2, day=1)
    child = add_child(application, "Elle", date(2012, 2, 29), ["Máret"])
    lasting = yes(until=date(2031, 1, 1), on=date(2030, 1, 1))
    consents.record_consent(application, ConsentParties(child, by="Máret"), lasting)
    assert ending(application) == [(child, child, "2030-02-28", "adult")]


def test_what_was_withdrawn_renewed_or_ended_with_a_guardianship_is_not_listed(
    application: Application,
) -> None:
    soon = date(2026, 12, 1)
    withdrawn, renewed = create_person(application, "Inga"), create_person(application, "Ánne")
    child = add_child(application, "Elle", date(2018, 1, 1), ["Máret"])
    for whose in (
        ConsentParties(withdrawn),
        ConsentParties(renewed),
        ConsentParties(child, by="Máret"),
    ):
        consents.record_consent(application, whose, yes(soon))
    consents.withdraw_consent(
        application, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(withdrawn)
    )
    again = ConsentStatement(
        ConsentKind.RENEWED, ("public_page",), until=date(2030, 1, 1), paper="k"
    )
    consents.record_consent(application, ConsentParties(renewed), again)
    end_guardian(application, child, "Máret")
    assert ending(application) == []


def test_each_row_says_for_how_many_photos_how_and_in_which_language(
    application: Application, tmp_path: Path
) -> None:
    adult = create_person(application, "Inga")
    persons.change_person(
        application, adult, PersonDetails(contact="040 1", language=Language.NORTHERN_SAMI)
    )
    add_photographer(application)
    photos = [register_photo(application, tmp_path, MARKET, f"{n}.jpg") for n in range(3)]
    for photo in photos[:2]:
        tag_person(application, photo, adult)
    consents.record_consent(application, ConsentParties(adult), yes(date(2026, 12, 1)))
    consents.record_consent(
        application, ConsentParties(adult, photo=photos[0]), yes(date(2026, 12, 2))
    )
    wide, narrow = rows = list_all(requests.expiring_consents(application, SIXTY))
    listed = {"schema_version": 1, "view": "consent-expiring", "items": list(map(record_row, rows))}
    jsonschema.validate(listed, CONSENTS_EXPIRING.schema())
    assert (wide.photos, narrow.photos) == (2, 1)
    assert (wide.to_ask.contact, wide.to_ask.language, wide.reach) == ("040 1", "se", "everything")


def test_an_auditor_sees_no_names_and_no_contacts(
    application: Application, application_for: AtWork
) -> None:
    adult = create_person(application, "Inga")
    persons.change_person(application, adult, PersonDetails(contact="040 1"))
    consents.record_consent(application, ConsentParties(adult), yes(date(2026, 12, 1)))
    ask = ConsentStatement(ConsentKind.REQUESTED, ("print",))
    consents.record_consent(application, ConsentParties(create_person(application, "Ánne")), ask)
    for rows in (
        list_all(requests.expiring_consents(application_for("tarja"), SIXTY)),
        list_all(requests.pending_requests(application_for("tarja"))),
    ):
        [row] = rows
        assert (row.name, row.to_ask.ask_name, row.to_ask.contact) == (None, None, None)


@pytest.fixture
def feast(application: Application, tmp_path: Path) -> Application:
    """E-1 with forms printed for both guardians of Elle (H-1)."""
    child = add_child(application, "Elle", date(2018, 3, 2), ["Máret", "Ánte"])
    events.add_event(application, "Feast", on=TODAY, roster=[child])
    print_for(application, tmp_path / "a")
    return application


def print_for(application: Application, folder: Path) -> tuple[forms.FormPrinted, ...]:
    order = FormOrder(folder, date(2027, 12, 31), event="E-1", roster=True)
    return forms.print_forms(application, order).forms


def waiting(application: Application, **which: Any) -> list[tuple[str, int | None]]:
    return [
        (row.to_ask.ask, row.days)
        for row in list_all(requests.pending_requests(application, **which))
    ]


def test_forms_that_have_not_come_back_are_pending_for_days(
    feast: Application, clock: Clock
) -> None:
    clock.now += timedelta(days=9)
    assert waiting(feast) == [("H-2", 9), ("H-3", 9)]


def test_lists_that_are_put_together_in_parts_hold_each_row_once_and_in_order(
    application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (requests, loading):
        monkeypatch.setattr(module, "RECORDS_PER_BATCH", 3)
    for number, day in enumerate((3, 1, 2)):
        names = [f"Máret {number}", f"Ánte {number}"]
        child = add_child(application, f"Elle {number}", date(2008, 11, 10 + day), names)
        for guardian in names:
            consents.record_consent(application, ConsentParties(child, by=guardian), yes())
    assert [last_day for *_who, last_day, _why in ending(application)] == [
        "2026-11-10",
        "2026-11-11",
        "2026-11-12",
    ]
    for number in range(5):
        person = create_person(application, f"Inga {number}")
        consents.record_consent(
            application, ConsentParties(person), ConsentStatement(ConsentKind.REQUESTED, ("print",))
        )
        clock.now += timedelta(days=1)
    assert [days for _person, days in waiting(application)] == [5, 4, 3, 2, 1]


def test_a_form_that_came_back_or_was_answered_otherwise_is_not_pending(
    feast: Application, clock: Clock, tmp_path: Path
) -> None:
    clock.now += timedelta(days=1)
    [mother, _father] = print_for(feast, tmp_path / "b")
    assert len(waiting(feast)) == 2
    clock.now += timedelta(days=1)
    no = ConsentStatement(ConsentKind.REFUSED)
    record_form_answer(feast, mother.code, no, FormMarks())
    assert waiting(feast) == [("H-3", 1)]
    consents.record_consent(feast, ConsentParties("H-1", by="H-3", event="E-1"), no)
    assert waiting(feast) == []


def test_who_was_asked_otherwise_is_pending_once(feast: Application, clock: Clock) -> None:
    ask = ConsentStatement(ConsentKind.REQUESTED, ("print",))
    consents.record_consent(feast, ConsentParties("H-1", by="H-2", event="E-1"), ask)
    consents.record_consent(feast, ConsentParties("H-1", by="H-2"), ask)
    clock.now += timedelta(days=3)
    rows = list_all(requests.pending_requests(feast))
    assert sorted((row.to_ask.ask, row.reach) for row in rows) == [
        ("H-2", "E-1"),
        ("H-2", "everything"),
        ("H-3", "E-1"),
    ]
    assert len(waiting(feast, event="E-1")) == 2


def never_asked(application: Application, **which: Any) -> set[tuple[str, str, str]]:
    return {
        (row.person, row.to_ask.ask, row.reach)
        for row in list_all(requests.pending_requests(application, **which))
        if row.state is RequestState.NEVER_ASKED
    }


def test_who_is_shown_and_was_never_asked_is_listed_until_they_are(
    feast: Application, tmp_path: Path
) -> None:
    add_photographer(feast)  # H-4
    adult = create_person(feast, "Inga", date(1980, 1, 1))  # H-5
    youth = add_child(feast, "Biret", date(2010, 5, 1), ["Sunna"])  # H-6, H-7
    orphan = create_person(feast, "Niila", date(2019, 5, 1))  # H-8
    dead = create_person(feast, "Ándaras", date(1940, 1, 1))
    persons.change_person(feast, dead, PersonDetails(deceased=True))
    at_feast = register_photo(feast, tmp_path, replace(MARKET, event="E-1"), "1.jpg")
    alone = register_photo(feast, tmp_path, MARKET, "2.jpg")
    for photo, shown in ((at_feast, ["H-1", youth, orphan, dead]), (alone, ["H-1", adult])):
        for person in shown:
            tag_person(feast, photo, person)
    of_event = {(youth, youth, "E-1"), (youth, "H-7", "E-1"), (orphan, orphan, "E-1")}
    of_photo = {("H-1", "H-2", alone), ("H-1", "H-3", alone), (adult, adult, alone)}
    assert never_asked(feast) == of_event | of_photo
    assert never_asked(feast, event="E-1") == of_event

    ask = ConsentStatement(ConsentKind.REQUESTED, ("print",))
    consents.record_consent(feast, ConsentParties(youth, by="H-7", event="E-1"), ask)
    consents.record_consent(feast, ConsentParties(youth), ConsentStatement(ConsentKind.REFUSED))
    consents.record_consent(feast, ConsentParties("H-1", by="H-2", photo=alone), yes())
    consents.record_consent(feast, ConsentParties(adult, event="E-1"), yes())
    assert never_asked(feast) == {(orphan, orphan, "E-1"), *of_photo} - {("H-1", "H-2", alone)}


def test_what_is_asked_is_found_by_the_same_few_queries_whatever_their_number(
    application: Application, tmp_path: Path
) -> None:
    for number in range(3):
        adult = create_person(application, f"Inga {number}")
        consents.record_consent(application, ConsentParties(adult), yes(date(2026, 12, 1)))
    add_photographer(application)
    photo = register_photo(application, tmp_path, MARKET)
    tag_person(application, photo, create_person(application, "Elle 0"))
    few = _queries(application)
    for number in range(1, 9):
        tag_person(application, photo, create_person(application, f"Elle {number}"))
    for number in range(3, 30):
        adult = create_person(application, f"Inga {number}")
        consents.record_consent(application, ConsentParties(adult), yes(date(2026, 12, 1)))
    assert _queries(application) == few


def _queries(application: Application) -> int:
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    list_all(requests.expiring_consents(application, SIXTY))
    list_all(requests.pending_requests(application))
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)
