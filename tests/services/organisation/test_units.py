"""Units: whose an event and its photos are, and one name for each however it is typed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.services.application import Application
from photoreg.services.audits import audits
from photoreg.services.audits.annual_report import annual_figures
from photoreg.services.decisions import flags
from photoreg.services.organisation import staff, units
from photoreg.services.organisation.units import UnitUsage
from photoreg.services.photos import events
from photoreg.services.publications import publishing

SCHOOL, LIBRARY = "Hetan koulu", "Kirjasto"
FEAST = date(2026, 10, 9)


def units_of_events(application: Application) -> dict[str, str | None]:
    return {row.name: row.unit for row in events.list_events(application)}


def test_a_unit_is_written_as_it_was_before(
    application_for: ApplicationFor, application: Application
) -> None:
    anna = application_for("anna")
    events.add_event(anna, "Feast", on=FEAST, unit=SCHOOL)
    events.add_event(anna, "Trip", on=FEAST, unit="  hetan  KOULU ")
    events.add_event(anna, "Fair", on=FEAST)
    staff.change_staff(application, "anna", unit="HETAN KOULU")
    assert units_of_events(anna) == {"Feast": SCHOOL, "Trip": SCHOOL, "Fair": None}
    assert {each.login: each.unit for each in staff.list_staff(anna)}["anna"] == SCHOOL


def test_a_mistyped_unit_is_refused_with_the_one_that_may_be_meant(
    application_for: ApplicationFor, application: Application
) -> None:
    anna = application_for("anna")
    events.add_event(anna, "Feast", on=FEAST, unit=SCHOOL)
    for mistyped in ("Hetta koulu", "Hetan koulo", "Hetan koullu"):
        with pytest.raises(InputDataError) as error:
            events.add_event(anna, "Trip", on=FEAST, unit=mistyped)
        assert error.value.values["near"] == SCHOOL
        with pytest.raises(InputDataError):
            staff.change_staff(application, "anna", unit=mistyped)
    assert units_of_events(anna) == {"Feast": SCHOOL}
    events.add_event(anna, "Trip", on=FEAST, unit="Hetan koulu 2", new_unit=True)
    events.add_event(anna, "Evening", on=FEAST, unit=LIBRARY)
    assert units_of_events(anna)["Trip"] == "Hetan koulu 2"


def test_a_unit_is_changed_and_taken_away_and_the_log_tells(
    application_for: ApplicationFor,
) -> None:
    anna = application_for("anna")
    events.add_event(anna, "Feast", on=FEAST, unit=SCHOOL)
    assert events.change_event(anna, "E-1", unit=LIBRARY).changed == ("unit",)
    assert events.change_event(anna, "E-1", unit=LIBRARY).changed == ()
    assert events.change_event(anna, "E-1", name="Feast 2").changed == ("name",)
    assert units_of_events(anna) == {"Feast 2": LIBRARY}
    assert events.change_event(anna, "E-1", unit="").changed == ("unit",)
    assert units_of_events(anna) == {"Feast 2": None}
    with audits.list_log(application_for("tarja")) as entries:
        logged = [str(entry) for entry in entries]
    assert all(any(unit in entry for entry in logged) for unit in (SCHOOL, LIBRARY))


@pytest.mark.parametrize("unit", ["x" * 101, "010190-123A", "a\x07b"])
def test_nonsense_is_no_unit(unit: str, application_for: ApplicationFor) -> None:
    with pytest.raises(InputDataError):
        events.add_event(application_for("anna"), "Feast", on=FEAST, unit=unit)


def test_only_coordinators_say_where_somebody_works(application_for: ApplicationFor) -> None:
    with pytest.raises(NotAllowed):
        staff.change_staff(application_for("anna"), "anna", unit=SCHOOL)


@pytest.fixture
def year_of_units(
    application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    """Anna works at the library; of her photos one is of the school's feast, one of no event.

    The school's is published and then objected to. Kaisa, of no unit, has one of her own.
    """
    anna = application_for("anna")
    staff.change_staff(application, "anna", unit=LIBRARY)
    add_photographer(anna)
    events.add_event(anna, "Feast", on=FEAST, unit=SCHOOL)
    events.add_event(anna, "Fair", on=FEAST)
    register_photo(anna, tmp_path, replace(EMPTY_STREET, event="Fair"), "2.jpg")
    school = register_photo(anna, tmp_path, replace(MARKET, event="Feast"), "1.jpg")
    register_photo(anna, tmp_path, EMPTY_STREET, "3.jpg")
    register_photo(application, tmp_path, EMPTY_STREET, "4.jpg")
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle)
    tag_person(anna, school, elle)
    publishing.add_publication(anna, [school], PAGE_USE, address="https://kunta.example/1")
    flags.raise_flag(anna, school, reason="Take it off")


@pytest.mark.usefixtures("year_of_units")
def test_the_report_of_a_unit_counts_its_photos_only(application_for: ApplicationFor) -> None:
    school = annual_figures(application_for("tarja"), 2026, unit="hetan koulu")
    assert (school.unit, sum(school.photos), sum(school.publications)) == (SCHOOL, 1, 1)
    assert (school.take_downs.number, school.flags.number) == (1, 1)
    assert sum(school.outcomes[PAGE_USE.channel].values()) == 1
    assert school.consent_events == {}
    library = annual_figures(application_for("tarja"), 2026, unit=LIBRARY)
    assert (sum(library.photos), sum(library.publications)) == (2, 0)
    assert library.consent_events == {"given": 1}
    assert sum(library.outcomes[PAGE_USE.channel].values()) == 2
    printed = annual_figures(application_for("tarja"), 2026, unit=SCHOOL, channel="kunta-print")
    assert (sum(printed.photos), sum(printed.publications)) == (1, 0)


@pytest.mark.usefixtures("year_of_units")
def test_the_report_of_the_whole_compares_the_units(application_for: ApplicationFor) -> None:
    whole = annual_figures(application_for("tarja"), 2026)
    assert sum(whole.photos) == 4
    assert whole.units == {
        SCHOOL: {"photos": 1, "publications": 1, "take_downs": 1, "flags": 1},
        LIBRARY: {"photos": 2},
        None: {"photos": 1},
    }


def test_a_unit_that_nobody_uses_is_reported_with_those_in_use(
    application_for: ApplicationFor,
) -> None:
    events.add_event(application_for("anna"), "Feast", on=FEAST, unit=SCHOOL)
    with pytest.raises(NotFound) as error:
        annual_figures(application_for("tarja"), 2026, unit="Poroisännän toimisto")
    assert error.value.values["known"] == SCHOOL


def test_a_unit_is_renamed_everywhere_and_two_spellings_become_one(
    application_for: ApplicationFor, application: Application
) -> None:
    anna = application_for("anna")
    events.add_event(anna, "Feast", on=FEAST, unit=SCHOOL)
    events.add_event(anna, "Trip", on=FEAST, unit="Hetan koulut", new_unit=True)
    staff.change_staff(application, "anna", unit=SCHOOL)
    assert units.rename_unit_everywhere(application, "hetan koulut", "HETAN koulu") == (
        "Hetan koulut",
        SCHOOL,
        1,
    )
    assert units.list_units(anna) == [UnitUsage(SCHOOL, events=2, staff=1)]
    assert units.rename_unit_everywhere(application, SCHOOL, "Hetan yhtenäiskoulu")[-1] == 3
    assert units.list_units(anna) == [UnitUsage("Hetan yhtenäiskoulu", events=2, staff=1)]
    with pytest.raises(NotAllowed):
        units.rename_unit_everywhere(anna, "Hetan yhtenäiskoulu", SCHOOL)
    with pytest.raises(NotFound):
        units.rename_unit_everywhere(application, SCHOOL, LIBRARY)
