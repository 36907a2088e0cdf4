"""The access request: everything about one person, nothing about anybody else."""

from datetime import date
from pathlib import Path

import pytest
from tests.services.scenes import (
    MARKET,
    PAGE_USE,
    ApplicationFor,
    add_child,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    tag_person,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.rulebook.facts import Basis, ConsentKind
from photoreg.services.application import Application
from photoreg.services.audits import audits
from photoreg.services.consents import consents, permissions
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.consents.permissions import PermissionParties, PermissionTerms
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import events
from photoreg.services.publications import publishing


@pytest.fixture
def child(anna: Application, tmp_path: Path) -> str:
    """A child with two guardians, each with a contact, who have answered; beside another child."""
    photographer = add_photographer(anna)
    child = add_child(anna, "Elle Valkeapää", date(2018, 3, 1), ["Máret Aikio", "Ante Magga"])
    for guardian in ("Máret Aikio", "Ante Magga"):
        persons.change_person(anna, guardian, PersonDetails(contact=f"{guardian[:3]}@example.fi"))
    other = create_person(anna, "Niilla Outakoski", date(2018, 5, 5))
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, child)
    tag_person(anna, photo, other)
    events.add_event(
        anna, "Feast", on=date(2026, 10, 9), photographers=[photographer], roster=[child, other]
    )
    form = tmp_path / "form.pdf"
    form.write_bytes(b"signed by Maret")
    signed = ConsentStatement(
        ConsentKind.GIVEN, ("public_page",), until=date(2030, 1, 1), evidence=form
    )
    consents.record_consent(anna, ConsentParties(child, by="Máret Aikio"), signed)
    note = ConsentStatement(ConsentKind.REFUSED, paper="Ante Magga called from 040 123")
    consents.record_consent(anna, ConsentParties(child, by="Ante Magga"), note)
    return child


def test_the_report_holds_what_is_held_about_the_person(
    application: Application, child: str
) -> None:
    report = access_report(application, child)

    assert (report.name, report.born, report.age) == ("Elle Valkeapää", date(2018, 3, 1), 8)
    assert [row.photo for row in report.shown_in] == ["P-1"]
    assert [row.event for row in report.expected_at] == ["E-1"]
    assert [row.kind for row in report.consents] == ["given", "refused"]
    evidence = report.consents[0].evidence
    assert evidence is not None
    assert len(evidence) == 64
    assert "consent.given" in {entry.action for entry in report.log}


def test_the_report_of_a_child_reveals_nothing_about_guardians_and_other_children(
    application: Application, child: str
) -> None:
    told = repr(access_report(application, child))

    for secret in ("Máret", "Aikio", "Ante", "Magga", "example.fi", "Niilla", "H-5", "040 123"):
        assert secret not in told, secret


def test_the_report_of_one_guardian_reveals_nothing_about_the_other_and_the_child_by_id(
    application: Application, child: str
) -> None:
    report = access_report(application, "Ante Magga")

    told = repr(report)
    assert report.wards[0].other == child
    assert [row.note for row in report.consents] == ["Ante Magga called from 040 123"]
    for secret in ("Máret", "H-3", "Elle", "Niilla", "Mar@example.fi"):
        assert secret not in told, secret


def test_a_note_of_somebody_else_is_held_back_and_that_is_said(
    application: Application, child: str
) -> None:
    refused = access_report(application, child).consents[1]

    assert (refused.note, refused.note_withheld) == (None, True)


def test_who_answered_in_a_photographer_s_place_sees_what_they_said(
    application: Application, child: str
) -> None:
    whose = PermissionParties(child, by="Máret Aikio")
    said = ConsentStatement(
        ConsentKind.GIVEN, ("print",), open_ended=True, paper="binder 3", names_kind=True
    )
    permissions.record_permission(application, whose, said, PermissionTerms(credit="Elle V."))

    [own] = access_report(application, child).permissions
    [given] = access_report(application, "Máret Aikio").permissions

    assert (own.by, own.credit, own.note, own.note_withheld) == (
        "H-3",
        "Elle V.",
        None,
        True,
    )
    assert (given.by, given.credit, given.note) == ("H-3", "", "binder 3")
    assert (given.is_dated, given.names_kind) == (False, True)
    assert access_report(application, "Ante Magga").permissions == []


def test_whose_rights_were_transferred_sees_it(application: Application, tmp_path: Path) -> None:
    author = add_photographer(application)
    photo = register_photo(application, tmp_path)
    said = ConsentStatement(ConsentKind.GIVEN, ("print",), open_ended=True, paper="a contract")
    permissions.record_permission(
        application,
        PermissionParties(licensor="Agency", photos=[photo]),
        said,
        PermissionTerms(Basis.TRANSFERRED, authors=[author]),
    )

    told = access_report(application, author).permissions[-1]

    assert (told.permission, told.author, told.basis) == ("L-2", author, "transferred")
    assert (told.note, told.note_withheld) == (None, True)


def test_the_person_sees_a_block_and_nobody_else_does(
    application: Application, application_for: ApplicationFor, child: str
) -> None:
    blocks.block_person(application, child)

    assert access_report(application, child).may_not_be_shown is True
    for person in (child, "H-2"):  # the child, and a guardian whose answer about it would tell
        for purpose in ("", "yearly audit"):
            with pytest.raises(NotAllowed, match="given by the communications coordinator"):
                access_report(application_for("tarja"), person, purpose=purpose)


def test_decisions_and_publications_are_in_the_report(
    application: Application, anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    elle = create_person(anna, "Elle Valkeapää")
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    record_consent(anna, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address="https://kunta.example/1")

    report = access_report(application, elle)
    assert [row.made_for for row in report.decisions] == ["publication"]
    assert [row.address for row in report.publications] == ["https://kunta.example/1"]
    photographer = access_report(application, "H-1")
    assert photographer.photos_taken == [photo]
    assert [row.kind for row in photographer.permissions] == ["given"]
    assert [row.decision for row in photographer.decisions] == ["D-1"]


def test_an_auditor_sees_names_only_for_a_purpose_that_is_written_down(
    application: Application, application_for: ApplicationFor, child: str
) -> None:
    tarja = application_for("tarja")

    masked = access_report(tarja, child)
    assert "Elle" not in repr(masked)
    assert masked.born is None
    assert access_report(tarja, child, purpose="a complaint").name == "Elle Valkeapää"
    with audits.list_log(application, limit=3) as entries:
        actions = [(entry.action, entry.actor) for entry in entries]
    assert ("names.read", "tarja") in actions
    assert ("person.reported", "tarja") in actions
    with pytest.raises(InputDataError, match="the purpose is missing"):
        access_report(tarja, child, purpose="  ")


def test_an_employee_may_not_read_everything_about_somebody(anna: Application, child: str) -> None:
    with pytest.raises(NotAllowed):
        access_report(anna, child)
