"""Erasing a person: what goes is gone, what stays says so, and the gate only closes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    as_coordinator,
    create_person,
    granted_consent,
    list_all,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.cli.printing.next_steps import command_line
from photoreg.errors import NotAllowed, NotFound
from photoreg.presentation.next_steps import next_step
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.rulebook.facts import ConsentKind
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.audits import audits, log_anchor
from photoreg.services.consents import consents, forms, permissions, requests
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.forms import FormOrder
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.data_subjects import disclosures, erasure
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.data_subjects.erasure import (
    ErasedItem,
    ErasureGround,
    ExternalItem,
    PrintedForm,
    RetainedItem,
)
from photoreg.services.decisions import checks, flags
from photoreg.services.organisation import policy
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import end_guardian, list_guardians
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import confirmation, events
from photoreg.services.photos.confirmation import OwnAnswer
from photoreg.services.publications import publishing
from photoreg.services.upkeep import maintenance

REQUEST = ErasureGround.REQUEST
NAME = "Elle Valkeapää"


@pytest.fixture
def elle(anna: Application, tmp_path: Path) -> str:
    """An adult with contact, in a published photo, on a roster, with a document of her own."""
    add_photographer(anna)
    elle = persons.add_person(
        anna, PersonDetails(name=NAME, born=date(1980, 5, 17), contact="elle@example.fi")
    ).person
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    events.add_event(anna, "Market", on=date(2026, 10, 3), roster=[elle])
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed by Elle")
    consents.record_consent(
        anna,
        ConsentParties(elle),
        ConsentStatement(
            ConsentKind.GIVEN, ("public_page",), until=date(2030, 1, 1), evidence=form
        ),
    )
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")
    return elle


def lines(
    plan_lines: tuple[erasure.PlanLine, ...],
) -> dict[ErasedItem | RetainedItem | ExternalItem, tuple[str, ...]]:
    return {line.what: line.items for line in plan_lines}


def codes(application: Application, photo: str) -> frozenset[str]:
    [checked] = checks.check(as_coordinator(application), [photo], PAGE_USE)
    return frozenset(checked.verdict.codes)


def outcome(application: Application, photo: str) -> Outcome:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return checked.outcome


def stored(registry_path: Path) -> bytes:
    """Every byte of the registry: the file and its write-ahead log."""
    files = registry_path.parent.glob(f"{registry_path.name}*")
    return b"".join(file.read_bytes() for file in files if file.is_file())


def test_the_plan_says_what_goes_and_what_stays_and_changes_nothing(
    application: Application, elle: str
) -> None:
    plan = erasure.plan_erasure(application, elle)

    goes, stays = lines(plan.goes), lines(plan.stays)
    assert {
        ErasedItem.NAME,
        ErasedItem.CONTACT,
        ErasedItem.FACTS,
        ErasedItem.ROSTERS,
        ErasedItem.EVIDENCE,
    } == set(goes)
    assert stays[RetainedItem.PHOTOS] == ("P-1",)
    assert {
        RetainedItem.TOMBSTONE,
        RetainedItem.CONSENTS,
        RetainedItem.DECISIONS,
        RetainedItem.BACKUPS,
    } < set(stays)
    assert plan.publications == ("J-1",)
    assert access_report(application, elle).name == NAME
    assert outcome(application, "P-1") is Outcome.PUBLISHABLE


def test_what_was_erased_is_nowhere_in_the_file(
    application: Application, elle: str, registry_path: Path
) -> None:
    folder = application.registry.evidence_folder
    assert NAME.encode() in stored(registry_path)
    assert len([f for f in folder.rglob("*") if f.is_file()]) == 1

    erased = erasure.erase(application, elle, REQUEST)

    assert erased.left_files == ()
    assert [f for f in folder.rglob("*") if f.is_file()] == []
    left = stored(registry_path)
    for gone in (NAME, NAME.casefold(), "elle@example.fi"):
        assert gone.encode() not in left, gone
    assert maintenance.find_faults(application) == []


def test_an_erased_person_is_not_found_by_name_and_leaves_a_tombstone(
    application: Application, anna: Application, elle: str
) -> None:
    erasure.erase(application, elle, REQUEST)

    with pytest.raises(NotFound):
        consents.show_person(anna, NAME)
    with pytest.raises(NotAllowed, match="nothing more can be recorded"):
        persons.change_person(anna, elle, PersonDetails(contact="new@example.fi"))
    stone = erasure.tombstone(application, elle)
    assert stone == erasure.Tombstone(elle, date(2026, 11, 2), REQUEST)
    assert elle not in {row.person for row in persons.list_persons(anna)}
    report = access_report(application, elle)
    assert (report.name, report.contact, report.born) == (elle, "", None)
    assert persons.add_person(anna, PersonDetails(NAME, born=date(1980, 5, 17))).person != elle


def test_photos_that_show_an_erased_person_are_blocked_and_taken_down(
    application: Application, elle: str
) -> None:
    erasure.erase(application, elle, REQUEST)

    assert "CF_PUBLICATION_BLOCK" in codes(application, "P-1")
    assert [touched.publication for touched in application.reacted.publications] == ["J-1"]
    with pytest.raises(NotAllowed):
        blocks.unblock_person(application, elle)


def test_a_document_about_others_too_stays(
    application: Application, anna: Application, elle: str, tmp_path: Path
) -> None:
    other = create_person(anna, "Ante Magga")
    both = ConsentStatement(
        ConsentKind.GIVEN, ("print",), until=date(2030, 1, 1), evidence=tmp_path / "form.pdf"
    )
    consents.record_consent(anna, ConsentParties(other), both)

    plan = erasure.erase(application, elle, REQUEST).plan

    assert ErasedItem.EVIDENCE not in lines(plan.goes)
    assert len(lines(plan.stays)[RetainedItem.SHARED_EVIDENCE]) == 1
    assert len([f for f in application.registry.evidence_folder.rglob("*") if f.is_file()]) == 1


def test_what_an_erased_guardian_allowed_counts_as_withdrawn(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, NAME, date(2018, 3, 1), ["Máret Aikio", "Ante Magga"])
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    for guardian in ("Máret Aikio", "Ante Magga"):
        record_consent(anna, child, by=guardian)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")

    erased = erasure.erase(application, "Ante Magga", REQUEST)

    assert lines(erased.plan.stays)[RetainedItem.WARDS] == ("C-2",)
    assert codes(application, photo) == {"MI_GUARDIAN_WITHDRAWN"}
    assert [touched.publication for touched in application.reacted.publications] == ["J-1"]


def test_a_no_of_an_erased_guardian_stays_a_no(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, NAME, date(2018, 3, 1), ["Máret Aikio", "Ante Magga"])
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret Aikio")
    consents.record_consent(
        anna, ConsentParties(child, by="Ante Magga"), ConsentStatement(ConsentKind.REFUSED)
    )

    erasure.erase(application, "Ante Magga", REQUEST)

    assert codes(application, photo) == {"MI_GUARDIAN_REFUSED"}


def test_the_document_of_a_guardian_s_permission_concerns_the_photographer_too(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    young = add_child(anna, "Niilla", date(2011, 3, 1), ["Máret"])
    form = tmp_path / "permission.pdf"
    form.write_bytes(b"%PDF signed")
    said = ConsentStatement(ConsentKind.GIVEN, ("print",), open_ended=True, evidence=form)
    permissions.record_permission(anna, PermissionParties(young, by="Máret"), said)

    plan = erasure.plan_erasure(application, "Máret")

    kept = {line.what: line.items for line in plan.stays}
    assert len(kept[RetainedItem.SHARED_EVIDENCE]) == 1
    assert ErasedItem.EVIDENCE not in {line.what for line in plan.goes}


def test_an_author_keeps_name_and_permission_and_loses_the_rest(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    author = add_photographer(anna, "Áile Näkkäläjärvi")
    persons.change_person(
        anna, author, PersonDetails(contact="aile@example.fi", born=date(1970, 2, 3))
    )
    photo = register_photo(
        anna, tmp_path, replace(EMPTY_STREET, photographers=("Áile Näkkäläjärvi",))
    )
    before = codes(application, photo)

    plan = erasure.erase(application, author, REQUEST).plan

    assert ErasedItem.NAME not in lines(plan.goes)
    assert lines(plan.stays)[RetainedItem.AUTHOR_NAME] == (photo,)
    assert codes(application, photo) == before == frozenset()
    report = access_report(application, author)
    assert (report.name, report.contact, report.born) == ("Áile Näkkäläjärvi", "", None)


def test_a_purpose_that_names_the_erased_is_forgotten(
    application: Application, application_for: ApplicationFor, elle: str, registry_path: Path
) -> None:
    disclosures.state_purpose(application_for("tarja"), f"{NAME} complained", "lacking")

    plan = erasure.erase(application, elle, REQUEST).plan

    assert ErasedItem.PURPOSES in lines(plan.goes)
    assert NAME.encode() not in stored(registry_path)


def test_only_coordinators_erase_and_nobody_twice(
    application: Application, anna: Application, elle: str
) -> None:
    for attempt in (
        lambda: erasure.plan_erasure(anna, elle),
        lambda: erasure.erase(anna, elle, REQUEST),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    erasure.erase(application, elle, REQUEST)
    with pytest.raises(NotAllowed, match="nothing more can be recorded"):
        erasure.erase(application, elle, REQUEST)


def test_the_log_stays_unbroken_and_shows_ground_and_numbers_only(
    application: Application, elle: str
) -> None:
    erasure.erase(application, elle, ErasureGround.UNLAWFUL)

    log_anchor.anchor(application)
    with audits.list_log(application, limit=20) as entries:
        [entry] = [entry for entry in entries if entry.action == "person.erased"]
    assert (entry.subject, entry.details["ground"]) == (elle, "unlawful")
    assert entry.details["photos"] == 1


def test_a_yes_that_comes_back_on_paper_later_opens_nothing(
    application: Application, anna: Application, elle: str
) -> None:
    erasure.erase(application, elle, REQUEST)

    with pytest.raises(NotAllowed):
        record_consent(anna, elle, granted_consent())
    assert outcome(application, "P-1") is Outcome.REFUSED


def test_the_plan_names_what_lies_outside_the_registry(
    application: Application, anna: Application, elle: str, tmp_path: Path
) -> None:
    policy.set_policy(application, {"controller_contact": "viestinta@kunta.example"})
    events.add_event(anna, "School", on=date(2026, 10, 9), roster=[elle])
    events.change_roster(anna, "School", add_persons=(), remove_persons=[elle])
    order = FormOrder(
        folder=tmp_path / "forms", event="Market", persons=(elle,), until=date(2027, 12, 31)
    )
    [left] = forms.print_forms(anna, order).forms
    access_report(application, elle)

    plan = erasure.plan_erasure(application, elle)

    assert plan.forms == (PrintedForm(left.code, date(2026, 11, 2), elle),)
    outside = lines(plan.outside)
    assert outside[ExternalItem.LISTS] == ("E-1", "E-2")
    assert outside[ExternalItem.REPORTS] == ("2026-11-02",)


def test_the_plan_names_statements_that_cannot_be_changed(
    application: Application, anna: Application, elle: str
) -> None:
    raised = flags.raise_flag(anna, "P-1", reason=f"{NAME} does not want it")
    flags.resolve_flag(application, raised.flag, outcome=FlagOutcome.UPHELD, reason="True.")
    events.add_event(anna, f"{NAME.upper()} 50 years", on=date(2026, 10, 9))
    record_consent(anna, elle, granted_consent())  # with a note
    stays = lines(erasure.plan_erasure(application, elle).stays)
    assert stays[RetainedItem.STAFF_TEXTS] == ("F-1", "E-2")
    assert stays[RetainedItem.NOTES] == ("C-1",)


def test_after_an_erasure_no_list_asks_the_erased(
    application: Application, anna: Application
) -> None:
    child = add_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    for guardian in ("Máret Aikio", "Ánte Aikio"):
        consents.record_consent(
            anna,
            ConsentParties(child, by=guardian),
            ConsentStatement(ConsentKind.REQUESTED, ("print",)),
        )
    record_consent(anna, child, by="Ánte Aikio")
    inga = create_person(anna, "Inga Boine")
    soon = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2026, 11, 20), paper="1"
    )
    record_consent(anna, inga, soon)
    assert [row.to_ask.ask for row in list_all(requests.pending_requests(anna))] == ["H-2"]
    assert [
        row.to_ask.ask for row in list_all(requests.expiring_consents(anna, timedelta(days=60)))
    ] == [inga]
    erasure.erase(application, "Máret Aikio", REQUEST)
    erasure.erase(application, inga, REQUEST)
    assert list_all(requests.pending_requests(anna)) == []
    assert list_all(requests.expiring_consents(anna, timedelta(days=60))) == []


def test_next_steps_lead_to_nothing_that_is_refused_for_an_erased_person(
    application: Application, anna: Application, elle: str, tmp_path: Path
) -> None:
    child = add_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    photo = register_photo(anna, tmp_path, MARKET, "child.jpg")
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Ánte Aikio")
    maret = "H-4"
    erasure.erase(application, elle, REQUEST)
    erasure.erase(application, maret, REQUEST)
    steps = {
        command_line(next_step(finding, checked))
        for number in ("P-1", photo)
        for checked in checks.check(application, [number], PAGE_USE)
        for finding in checked.verdict.findings
    }
    assert f"photoreg person show {elle}" in steps
    assert f"photoreg guardian list {child}" in steps
    assert not any(step.split()[1:3] == ["consent", "record"] for step in steps if step)
    assert not any(maret in step for step in steps)


def test_a_coordinator_ends_the_guardianship_of_an_erased_guardian(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio", "Ánte Aikio"])
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    for guardian in ("Máret Aikio", "Ánte Aikio"):
        record_consent(anna, child, by=guardian)
    maret = list_guardians(anna, child)[0].guardian
    erasure.erase(application, maret, REQUEST)
    with pytest.raises(NotAllowed):
        end_guardian(anna, child, maret)
    end_guardian(application, child, maret)
    assert outcome(anna, photo) is Outcome.REFUSED  # two must answer still
    assert "MI_GUARDIAN_PARTIAL" in codes(anna, photo)
    persons.change_person(application, child, PersonDetails(guardians=1))
    assert codes(anna, photo) == {"RG_SECOND_LOOK"}
    for stands in ("1", "2026-11-01"):  # the number of guardians, and the last day of one
        confirmation.confirm(anna, [photo], OwnAnswer(values=(stands,)))
    assert outcome(anna, photo) is Outcome.PUBLISHABLE


def test_a_guardian_who_is_not_recorded_is_to_be_added(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Niilla", date(2018, 3, 1), ["Máret Aikio"])
    persons.change_person(application, child, PersonDetails(guardians=2))
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    record_consent(anna, child, by="Máret Aikio")
    [checked] = checks.check(anna, [photo], PAGE_USE)
    [step] = {command_line(next_step(finding, checked)) for finding in checked.verdict.findings}
    assert step.startswith(f"photoreg guardian add {child} GUARDIAN")
