"""Today: each role is told what needs doing, and what ended meanwhile gets its task."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
    PRINT_USE,
    ApplicationFor,
    add_photographer,
    create_person,
    record_consent,
    register_photo,
    rule_on,
    tag_person,
    withdraw_consent,
)

from photoreg.cli.printing.next_steps import command_line
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import ConsentKind
from photoreg.services.agenda import MAX_LISTED, AgendaItem, AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.decisions import approval, flags
from photoreg.services.organisation import channels, staff
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.services.photos import answers
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import publishing

URL = "https://kunta.example/1"


@pytest.fixture
def anna(application_for: ApplicationFor, application: Application) -> Application:
    """Anna, who has registered nothing yet; Elina is a colleague without a channel."""
    staff.add_staff(application, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    add_photographer(application_for("anna"))
    return application_for("anna")


def matters(application: Application) -> list[tuple[str, str | None]]:
    return [(item.kind.value, item.subject or item.channel) for item in agenda(application)]


def only(application: Application, matter: AgendaKind) -> list[AgendaItem]:
    return [item for item in agenda(application) if item.kind is matter]


def test_nothing_to_do_is_nothing(application_for: ApplicationFor) -> None:
    for login in ("anna", "kaisa", "ville", "tarja"):
        assert agenda(application_for(login)) == []


def test_a_flag_is_reported_to_the_coordinator_and_to_whoever_registered_the_photo(
    anna: Application, application_for: ApplicationFor, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path)
    flags.raise_flag(application_for("elina"), photo, reason="A name is on the wall.")
    for login in ("kaisa", "ville", "anna", "tarja"):
        [item] = agenda(application_for(login))
        assert (item.kind, item.subject, item.photo) == (AgendaKind.FLAG, "F-1", photo)
        assert command_line(item.step) == "photoreg flag show F-1"
    assert agenda(application_for("elina")) == []


def test_cases_are_the_coordinators_and_wanted_facts_the_uploaders(
    anna: Application,
    application_for: ApplicationFor,
    application: Application,
    tmp_path: Path,
    clock: Clock,
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    approval.approve(anna, [photo], PAGE_USE)
    clock.now += timedelta(hours=25)
    [item] = agenda(application)
    assert (item.kind, item.subject, item.channel, item.overdue) == (
        AgendaKind.CASE,
        "K-1",
        PAGE_USE.channel,
        True,
    )
    assert agenda(anna) == []

    rule_on(application, "K-1", RulingKind.NEEDS_FACTS, "Who stands on the left?")
    assert matters(anna) == matters(application) == [("needs_facts", "K-1")]
    assert agenda(application_for("elina")) == []
    answers.answer(anna, [photo], PhotoAnswers(context_identifies=True))
    assert agenda(anna) == []


def test_whoever_asked_is_told_of_the_ruling_until_it_is_acted_on(
    anna: Application,
    application_for: ApplicationFor,
    application: Application,
    tmp_path: Path,
    clock: Clock,
) -> None:
    photos = [register_photo(anna, tmp_path, MARKET, f"{n}.jpg") for n in range(3)]
    person = create_person(anna, "Elle Valkeapää")
    for photo in photos:
        tag_person(anna, photo, person)
        approval.approve(anna, [photo], PAGE_USE)
    rule_on(application, "K-1", RulingKind.PUBLISHABLE, "A market view.")
    rule_on(application, "K-2", RulingKind.REFUSED, "The face is clear.")
    told = [("ruled_publishable", "K-1"), ("ruled_refused", "K-2")]
    assert matters(anna) == told
    assert command_line(agenda(anna)[0].step) == (
        f"photoreg approve {photos[0]} --channel {PAGE_USE.channel}"
    )
    for login in ("elina", "kaisa", "ville"):
        assert not {item.kind for item in agenda(application_for(login))} & {
            AgendaKind.RULED_PUBLISHABLE,
            AgendaKind.RULED_REFUSED,
        }
    assert approval.approve(anna, [photos[0]], PAGE_USE)[0].decision_id
    assert matters(anna) == told[1:]
    clock.now += timedelta(days=15)
    assert matters(anna) == []


def test_a_ruling_whose_facts_changed_is_not_told(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, create_person(anna, "Elle Valkeapää"))
    approval.approve(anna, [photo], PAGE_USE)
    rule_on(application, "K-1", RulingKind.PUBLISHABLE, "A market view.")
    persons.change_person(anna, "H-2", PersonDetails(contact="040"))
    assert matters(anna) == [("ruled_publishable", "K-1")]
    blocks.block_person(anna, "H-2")
    assert matters(anna) == []


def test_what_ended_in_the_night_has_its_task_in_the_morning(
    anna: Application,
    application_for: ApplicationFor,
    application: Application,
    tmp_path: Path,
    clock: Clock,
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    until = date(2026, 11, 20)
    record_consent(
        anna,
        elle,
        ConsentStatement(
            ConsentKind.GIVEN, ("public_page", "print"), until=until, paper="folder 1"
        ),
    )
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address=URL)
    publishing.add_publication(anna, [photo], PRINT_USE, address="4/2026")
    assert matters(application) == matters(anna) == [("consents_end", None)]
    clock.now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert matters(application_for("tarja")) == [("printed", None)]  # the auditor opens nothing

    assert matters(anna) == [("take_down", "T-1")]

    assert matters(application) == [("take_down", "T-1"), ("printed", None)]
    assert matters(application_for("ville")) == [("printed", None)]
    assert matters(application_for("tarja")) == [("take_down", "T-1"), ("printed", None)]
    [task] = only(application_for("tarja"), AgendaKind.TAKE_DOWN)
    # A list to read: the auditor takes nothing down.
    assert command_line(task.step) == "photoreg publication list"
    assert agenda(application_for("elina")) == []
    clock.now += timedelta(hours=25)
    [late, _] = agenda(application_for("ville"))
    assert (late.subject, late.overdue) == ("T-1", True)


def test_a_task_of_somebody_who_left_is_the_coordinators(
    anna: Application, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    channels.change_admins(application, PAGE_USE.channel, add_logins=[], remove_logins=["kaisa"])
    elle = create_person(anna, "Elle Valkeapää")
    record_consent(anna, elle)
    photo = register_photo(anna, tmp_path, MARKET)
    tag_person(anna, photo, elle)
    publishing.add_publication(anna, [photo], PAGE_USE, address=URL)
    staff.change_staff(application, "anna", active=False)
    withdraw_consent(application, elle)
    assert ("take_down", "T-1") in matters(application_for("ville"))


def test_open_questions_are_counted_ones_own_or_all(
    anna: Application, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    register_photo(anna, tmp_path, replace(EMPTY_STREET, place=None), "a.jpg")
    register_photo(application_for("elina"), tmp_path, replace(EMPTY_STREET, people=None), "b.jpg")
    register_photo(anna, tmp_path, EMPTY_STREET, "c.jpg")
    assert [i.count for i in only(anna, AgendaKind.QUESTIONS)] == [1]
    assert [i.count for i in only(application, AgendaKind.QUESTIONS)] == [2]


def test_consents_that_end_soon_are_reported_to_whom_they_concern(
    anna: Application, application_for: ApplicationFor, application: Application, tmp_path: Path
) -> None:
    elle = create_person(anna, "Elle Valkeapää")
    soon = ConsentStatement(
        ConsentKind.GIVEN, ("print",), until=date(2026, 11, 20), paper="folder 1"
    )
    record_consent(anna, elle, soon)
    [item] = only(application, AgendaKind.CONSENTS_END)
    assert (item.count, command_line(item.step)) == (1, "photoreg consent expiring --within 30d")
    assert only(anna, AgendaKind.CONSENTS_END) == []
    tag_person(anna, register_photo(anna, tmp_path, MARKET), elle)
    assert [i.count for i in only(anna, AgendaKind.CONSENTS_END)] == [1]
    assert only(application_for("elina"), AgendaKind.CONSENTS_END) == []
    record_consent(anna, elle, replace(soon, kind=ConsentKind.RENEWED, until=date(2028, 1, 1)))
    assert only(application, AgendaKind.CONSENTS_END) == []


def test_channels_lack_administrators_and_reviews(
    application: Application, application_for: ApplicationFor, clock: Clock
) -> None:
    channels.change_admins(application, "kunta-print", add_logins=[], remove_logins=["anna"])
    [item] = agenda(application)
    assert command_line(item.step) == "photoreg channel admins kunta-print --add LOGIN"
    channels.change_admins(application, "kunta-print", add_logins=["ville"], remove_logins=[])
    clock.now = datetime(2027, 11, 3, 9, 0, tzinfo=UTC)
    assert len(only(application, AgendaKind.REVIEW)) == 6
    channels.record_review(application, "kunta-print")
    assert len(only(application, AgendaKind.REVIEW)) == 5
    assert agenda(application_for("anna")) == []


def test_a_channel_that_was_never_reviewed_is_as_old_as_the_registry(
    application: Application, registry: Registry, clock: Clock
) -> None:
    with registry.writing() as session:
        session.connection().execute(sa.text("UPDATE channel SET reviewed_on = NULL"))
    assert agenda(application) == []
    clock.now = datetime(2027, 11, 3, 9, 0, tzinfo=UTC)
    assert len(only(application, AgendaKind.REVIEW)) == 6


def test_many_things_of_a_sort_are_a_few_lines_and_a_count(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    photo = register_photo(anna, tmp_path)
    for _ in range(MAX_LISTED + 3):
        flags.raise_flag(anna, photo, reason="A name is on the wall.")
    items = only(application, AgendaKind.FLAG)
    assert [item.count for item in items] == [1] * MAX_LISTED + [3]
    assert command_line(items[-1].step) == "photoreg flag list"


def test_looking_at_the_day_costs_the_same_few_queries_for_many_things(
    anna: Application, application: Application, tmp_path: Path
) -> None:
    def cost() -> int:
        statements: list[str] = []

        def count(*args: object) -> None:
            statements.append(str(args[2]))

        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        agenda(application)
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
        return len(statements)

    def scene(number: int) -> None:
        photo = register_photo(anna, tmp_path, MARKET, f"{number}.jpg")
        tag_person(anna, photo, create_person(anna, f"Person {number}"))
        approval.approve(anna, [photo], PAGE_USE)
        other = register_photo(anna, tmp_path, EMPTY_STREET, f"street {number}.jpg")
        publishing.add_publication(anna, [other], PAGE_USE, address=f"{URL}/{number}")
        flags.raise_flag(anna, other, reason="A name is on the wall.")

    scene(0)
    once = cost()
    for number in range(1, 5):
        scene(number)
    assert cost() == once
