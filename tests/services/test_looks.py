"""Who looked, on both engines: what is noted, when it is logged, and what is no look."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.conftest import Clock
from tests.services.scenes import create_person, list_all

from photoreg.errors import NotFound
from photoreg.registry.lookup import find_person
from photoreg.services.application import Application
from photoreg.services.audits import log_anchor
from photoreg.services.data_subjects.disclosures import (
    DisclosureRow,
    list_disclosures,
    state_purpose,
)
from photoreg.services.looks import ranges
from photoreg.services.people import persons
from photoreg.services.people.ages import noted_contact, noted_name
from photoreg.services.people.persons import PersonDetails


@pytest.fixture
def three(anna: Application) -> Application:
    """A registry with three people, one of whom has a contact; for Anna, who has not looked."""
    for name in ("Elle Hetta", "Aila Magga", "Niila Proksi"):
        create_person(anna, name)
    persons.change_person(anna, "H-1", PersonDetails(contact="elle@hetta.example"))
    return replace(anna, command="some list")


def looks(application: Application) -> list[DisclosureRow]:
    return list_all(list_disclosures(replace(application, login="kaisa")))


def test_who_looks_at_several_names_is_logged_once_for_each_command(three: Application) -> None:
    persons.list_persons(three)
    persons.list_persons(three)
    [look] = looks(three)
    assert (look.actor, look.list, look.names, look.contacts) == ("anna", "some list", 3, 0)
    persons.list_persons(replace(three))
    assert len(looks(three)) == 2
    log_anchor.verify(replace(three, login="kaisa"), [])


def test_names_of_several_units_of_work_are_counted_together(three: Application) -> None:
    for number, logged in ((1, []), (2, [2]), (3, [1, 2])):
        with three.reading() as work:
            person = find_person(work.session, f"H-{number}")
            noted_name(work, person)
        assert [look.names for look in looks(three)] == logged


def test_one_contact_is_enough_and_an_empty_one_is_none(three: Application) -> None:
    for number, logged in ((2, 0), (1, 1)):
        with three.reading() as work:
            noted_contact(work, find_person(work.session, f"H-{number}"))
        assert len(looks(three)) == logged


def test_a_look_is_logged_though_the_command_fails_or_its_change_is_taken_back(
    three: Application,
) -> None:
    with pytest.raises(NotFound):
        _look_and_fail(three)
    with replace(three).changing() as work:
        for number in (2, 3):
            noted_name(work, find_person(work.session, f"H-{number}"))
        work.undo()
    assert [(look.names, look.about) for look in looks(three)] == [
        (2, ("H-2", "H-3")),
        (2, ("H-1", "H-2")),
    ]
    log_anchor.verify(replace(three, login="kaisa"), [])


def _look_and_fail(application: Application) -> None:
    with application.changing() as work:
        for number in (1, 2, 99):
            noted_name(work, find_person(work.session, f"H-{number}"))


def test_a_purpose_and_the_look_for_it_are_one_row(three: Application) -> None:
    kaisa = replace(three, login="kaisa")
    state_purpose(kaisa, "The yearly audit", "some list")
    assert [(look.names, look.purpose) for look in looks(three)] == [(0, "The yearly audit")]
    persons.list_persons(kaisa)
    assert [(look.names, look.purpose) for look in looks(three)] == [(3, "The yearly audit")]


def test_one_name_for_a_stated_purpose_is_counted(three: Application) -> None:
    kaisa = replace(three, login="kaisa")
    state_purpose(kaisa, "A complaint", "history")
    with kaisa.reading() as work:
        noted_name(work, find_person(work.session, "H-2"))
    [look] = looks(three)
    assert (look.names, look.contacts, look.purpose) == (1, 0, "A complaint")
    assert list_all(list_disclosures(kaisa, person="H-2")) == [look]


def test_looking_is_possible_by_a_clock_that_is_behind_and_leaves_it_noticed(
    three: Application,
) -> None:
    late = replace(three, clock=Clock(datetime(2020, 1, 1, tzinfo=UTC)))
    persons.list_persons(late)
    [look] = looks(three)
    assert look.at == three.clock()
    with late.reading() as work:
        assert work.clock_is_behind


def test_numbers_are_kept_as_ranges() -> None:
    assert ranges([]) == []
    assert ranges([5, 1, 2, 3, 9, 8]) == [(1, 3), (5, 5), (8, 9)]
