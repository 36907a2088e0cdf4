"""Retention: what nobody needs any more is forgotten; whatever is needed stays, photos always."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.conftest import Clock
from tests.services.scenes import (
    MARKET,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    list_all,
    register_photo,
    tag_person,
)

from photoreg.errors import NotAllowed
from photoreg.rulebook.facts import Basis, ConsentKind
from photoreg.services.application import Application
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.data_subjects import disclosures, erasure, retention
from photoreg.services.organisation import policy
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import end_guardian
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
from photoreg.services.upkeep import maintenance

LATER = datetime(2029, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_years(application: Application) -> None:
    policy.set_policy(application, {"retention_months": 24})


def agrees(
    application: Application, person: str, folder: Path, until: date | None, name: str
) -> None:
    form = folder / f"{name}.pdf"
    form.write_bytes(name.encode())
    consents.record_consent(
        application,
        ConsentParties(person),
        ConsentStatement(
            ConsentKind.GIVEN,
            ("public_page",),
            until=until,
            open_ended=until is None,
            evidence=form,
        ),
    )


def test_without_a_time_in_the_policy_nothing_is_forgotten(application: Application) -> None:
    policy.set_policy(application, {"retention_months": None})
    for attempt in (retention.plan_retention, retention.run_retention):
        with pytest.raises(NotAllowed, match="no retention time"):
            attempt(application)


def test_who_gave_a_photographer_s_permission_in_force_stays(
    application: Application, anna: Application, tmp_path: Path, clock: Clock
) -> None:
    photographer = add_photographer(anna)
    photo = register_photo(anna, tmp_path)
    young = add_child(anna, "Niilla", date(2011, 3, 1), ["Máret"])
    author = create_person(anna, "Sunna")
    said = ConsentStatement(ConsentKind.GIVEN, ("print",), open_ended=True, paper="binder 3")
    permissions.record_permission(anna, PermissionParties(young, by="Máret"), said)
    permissions.record_permission(
        anna,
        PermissionParties(licensor="Agency", photos=[photo]),
        said,
        PermissionTerms(Basis.TRANSFERRED, authors=[author]),
    )
    end_guardian(application, young, "Máret")
    nobody = create_person(anna, "Elle")
    clock.now = LATER
    assert photographer
    assert retention.plan_retention(application).persons == (nobody,)


def test_whom_nothing_needs_is_erased_and_the_others_stay(
    application: Application, anna: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(anna)
    gone = create_person(anna, "Elle")
    agrees(anna, gone, tmp_path, date(2027, 1, 1), "gone")
    shown = create_person(anna, "Ante")
    tag_person(anna, register_photo(anna, tmp_path, MARKET), shown)
    agreed = create_person(anna, "Inga")
    agrees(anna, agreed, tmp_path, None, "agreed")
    blocked = create_person(anna, "Sunna")
    blocks.block_person(application, blocked)
    child = add_child(anna, "Niilla", date(2018, 3, 1), ["Máret"])
    events.add_event(anna, "Feast", on=date(2029, 1, 9), roster=[child])

    assert retention.plan_retention(application).is_empty
    clock.now = LATER
    new = create_person(anna, "Biret")
    plan = retention.plan_retention(application)
    assert plan.persons == (gone,)
    assert len(plan.documents) == 1

    done, left = retention.run_retention(application)

    assert (done, left) == (plan, ())
    listed = {row.person for row in persons.list_persons(anna)}
    assert {shown, agreed, blocked, child, new} < listed
    assert gone not in listed
    stone = erasure.tombstone(application, gone)
    assert stone is not None
    assert stone.ground is erasure.ErasureGround.NOT_NEEDED
    files = [f for f in application.registry.evidence_folder.rglob("*") if f.is_file()]
    assert len(files) == 1  # of the one who agreed without an end
    assert retention.plan_retention(application).is_empty
    assert maintenance.find_faults(application) == []


def test_a_contact_that_no_statement_needs_is_cleared_and_the_person_stays(
    application: Application, anna: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(anna)
    shown = create_person(anna, "Ante")
    persons.change_person(anna, shown, PersonDetails(contact="ante@example.fi"))
    tag_person(anna, register_photo(anna, tmp_path, MARKET), shown)
    agrees(anna, shown, tmp_path, date(2026, 12, 31), "form")

    clock.now = LATER
    plan, _left = retention.run_retention(application)

    assert (plan.persons, plan.contacts, len(plan.documents)) == ((), (shown,), 1)
    assert consents.show_person(anna, shown).summary.contact == ""
    assert maintenance.find_faults(application) == []


def test_a_document_that_still_proves_something_stays(
    application: Application, anna: Application, tmp_path: Path, clock: Clock
) -> None:
    add_photographer(anna)
    over, lasting = create_person(anna, "Ante"), create_person(anna, "Elle")
    for number, person in enumerate((over, lasting)):
        tag_person(anna, register_photo(anna, tmp_path, MARKET, f"{number}.jpg"), person)
    agrees(anna, over, tmp_path, date(2026, 12, 31), "shared")
    agrees(anna, lasting, tmp_path, date(2030, 1, 1), "shared")
    withdrawn = create_person(anna, "Inga")
    tag_person(anna, register_photo(anna, tmp_path, MARKET, "3.jpg"), withdrawn)
    agrees(anna, withdrawn, tmp_path, None, "withdrawn")
    consents.withdraw_consent(
        anna, ConsentStatement(ConsentKind.WITHDRAWN), parties=ConsentParties(withdrawn)
    )

    clock.now = LATER
    plan, _left = retention.run_retention(application)

    assert len(plan.documents) == 1  # the open-ended one that was taken back long ago


def test_purposes_of_auditors_are_cleared(
    application: Application, application_for: ApplicationFor, clock: Clock
) -> None:
    tarja = application_for("tarja")
    disclosures.state_purpose(tarja, "Elle complained", "lacking")
    for name in ("Elle Hetta", "Aila Magga"):
        create_person(application, name)
    persons.list_persons(application)
    clock.now = LATER
    plan, _left = retention.run_retention(application)
    assert plan.purposes == 1  # a look without a purpose has none to clear
    assert [row.purpose for row in list_all(disclosures.list_disclosures(tarja))] == [None, "*"]
    assert retention.plan_retention(application).is_empty


def test_only_coordinators_forget(anna: Application) -> None:
    for attempt in (retention.plan_retention, retention.run_retention):
        with pytest.raises(NotAllowed):
            attempt(anna)
