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
    PAGE,
    PRINT,
    AtWork,
    a_person,
    a_photo,
    a_photographer,
    consents_to,
    refuses,
    show_in,
)

from photoreg.cli.printing.next_steps import command_line
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.people import StaffRole
from photoreg.services.agenda import SHOWN, Item, Matter, today
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.decisions import approval, cases, flags
from photoreg.services.organisation import channels, staff
from photoreg.services.photos import answers
from photoreg.services.photos.answers import Answers
from photoreg.services.publications import publishing
from photoreg.services.unit_of_work import Workplace

URL = "https://kunta.example/1"


@pytest.fixture
def anna(at_work: AtWork, workplace: Workplace) -> Workplace:
    """Anna, who has registered nothing yet; Elina is a colleague without a channel."""
    staff.add_staff(workplace, login="elina", name="Elina E", role=StaffRole.EMPLOYEE)
    a_photographer(at_work("anna"))
    return at_work("anna")


def matters(workplace: Workplace) -> list[tuple[str, str | None]]:
    return [(item.matter.value, item.subject or item.channel) for item in today(workplace)]


def only(workplace: Workplace, matter: Matter) -> list[Item]:
    return [item for item in today(workplace) if item.matter is matter]


def test_nothing_to_do_is_nothing(at_work: AtWork) -> None:
    for login in ("anna", "kaisa", "ville", "tarja"):
        assert today(at_work(login)) == []


def test_a_flag_is_told_to_the_coordinator_and_to_whoever_registered_the_photo(
    anna: Workplace, at_work: AtWork, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path)
    flags.raise_flag(at_work("elina"), photo, reason="A name is on the wall.")
    for login in ("kaisa", "ville", "anna", "tarja"):
        [item] = today(at_work(login))
        assert (item.matter, item.subject, item.photo) == (Matter.FLAG, "F-1", photo)
        assert command_line(item.step) == "photoreg flag show F-1"
    assert today(at_work("elina")) == []


def test_cases_are_the_coordinators_and_wanted_facts_the_uploaders(
    anna: Workplace, at_work: AtWork, workplace: Workplace, tmp_path: Path, clock: Clock
) -> None:
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, a_person(anna, "Elle Valkeapää"))
    approval.approve(anna, [photo], PAGE)
    clock.now += timedelta(hours=25)
    [item] = today(workplace)
    assert (item.matter, item.subject, item.channel, item.overdue) == (
        Matter.CASE,
        "K-1",
        PAGE.channel,
        True,
    )
    assert today(anna) == []

    cases.rule_on(workplace, "K-1", RulingKind.NEEDS_FACTS, "Who stands on the left?")
    assert matters(anna) == matters(workplace) == [("needs_facts", "K-1")]
    assert today(at_work("elina")) == []
    answers.answer(anna, [photo], Answers(context_identifies=True))
    assert today(anna) == []


def test_what_ended_in_the_night_has_its_task_in_the_morning(
    anna: Workplace, at_work: AtWork, workplace: Workplace, tmp_path: Path, clock: Clock
) -> None:
    elle = a_person(anna, "Elle Valkeapää")
    until = date(2026, 11, 20)
    consents_to(
        anna,
        elle,
        Spoken(ConsentKind.GIVEN, ("public_page", "print"), until=until, paper="folder 1"),
    )
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, elle)
    publishing.add_publication(anna, photo, PAGE, address=URL)
    publishing.add_publication(anna, photo, PRINT, address="4/2026")
    assert matters(workplace) == matters(anna) == [("consents_end", None)]
    clock.now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert matters(at_work("tarja")) == [("printed", None)]  # the auditor opens nothing

    assert matters(anna) == [("take_down", "T-1")]

    assert matters(workplace) == [("take_down", "T-1"), ("printed", None)]
    assert matters(at_work("ville")) == [("printed", None)]
    assert matters(at_work("tarja")) == [("take_down", "T-1"), ("printed", None)]
    [task] = only(at_work("tarja"), Matter.TAKE_DOWN)
    # A list to read: the auditor takes nothing down.
    assert command_line(task.step) == "photoreg publication list"
    assert today(at_work("elina")) == []
    clock.now += timedelta(hours=25)
    [late, _] = today(at_work("ville"))
    assert (late.subject, late.overdue) == ("T-1", True)


def test_a_task_of_somebody_who_left_is_the_coordinators(
    anna: Workplace, at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    channels.change_admins(workplace, PAGE.channel, add_logins=[], remove_logins=["kaisa"])
    elle = a_person(anna, "Elle Valkeapää")
    consents_to(anna, elle)
    photo = a_photo(anna, tmp_path, MARKET)
    show_in(anna, photo, elle)
    publishing.add_publication(anna, photo, PAGE, address=URL)
    staff.change_staff(workplace, "anna", active=False)
    refuses(workplace, elle)
    assert ("take_down", "T-1") in matters(at_work("ville"))


def test_open_questions_are_counted_ones_own_or_all(
    anna: Workplace, at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    a_photo(anna, tmp_path, replace(EMPTY_STREET, place=None), "a.jpg")
    a_photo(at_work("elina"), tmp_path, replace(EMPTY_STREET, people=None), "b.jpg")
    a_photo(anna, tmp_path, EMPTY_STREET, "c.jpg")
    assert [i.count for i in only(anna, Matter.QUESTIONS)] == [1]
    assert [i.count for i in only(workplace, Matter.QUESTIONS)] == [2]


def test_consents_that_end_soon_are_told_to_whom_they_concern(
    anna: Workplace, at_work: AtWork, workplace: Workplace, tmp_path: Path
) -> None:
    elle = a_person(anna, "Elle Valkeapää")
    soon = Spoken(ConsentKind.GIVEN, ("print",), until=date(2026, 11, 20), paper="folder 1")
    consents_to(anna, elle, soon)
    [item] = only(workplace, Matter.CONSENTS_END)
    assert (item.count, command_line(item.step)) == (1, "photoreg consent expiring --within 30d")
    assert only(anna, Matter.CONSENTS_END) == []
    show_in(anna, a_photo(anna, tmp_path, MARKET), elle)
    assert [i.count for i in only(anna, Matter.CONSENTS_END)] == [1]
    assert only(at_work("elina"), Matter.CONSENTS_END) == []
    consents_to(anna, elle, replace(soon, kind=ConsentKind.RENEWED, until=date(2028, 1, 1)))
    assert only(workplace, Matter.CONSENTS_END) == []


def test_channels_lack_administrators_and_reviews(
    workplace: Workplace, at_work: AtWork, clock: Clock
) -> None:
    channels.change_admins(workplace, "kunta-print", add_logins=[], remove_logins=["anna"])
    [item] = today(workplace)
    assert command_line(item.step) == "photoreg channel admins kunta-print --add LOGIN"
    channels.change_admins(workplace, "kunta-print", add_logins=["ville"], remove_logins=[])
    clock.now = datetime(2027, 11, 3, 9, 0, tzinfo=UTC)
    assert len(only(workplace, Matter.REVIEW)) == 5
    channels.note_review(workplace, "kunta-print")
    assert len(only(workplace, Matter.REVIEW)) == 4
    assert today(at_work("anna")) == []


def test_a_channel_that_was_never_reviewed_is_as_old_as_the_registry(
    workplace: Workplace, registry: Registry, clock: Clock
) -> None:
    with registry.writing() as session:
        session.connection().execute(sa.text("UPDATE channel SET reviewed_on = NULL"))
    assert today(workplace) == []
    clock.now = datetime(2027, 11, 3, 9, 0, tzinfo=UTC)
    assert len(only(workplace, Matter.REVIEW)) == 5


def test_many_things_of_a_sort_are_a_few_lines_and_a_count(
    anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    photo = a_photo(anna, tmp_path)
    for _ in range(SHOWN + 3):
        flags.raise_flag(anna, photo, reason="A name is on the wall.")
    items = only(workplace, Matter.FLAG)
    assert [item.count for item in items] == [1] * SHOWN + [3]
    assert command_line(items[-1].step) == "photoreg flag list"


def test_looking_at_the_day_costs_the_same_few_queries_for_many_things(
    anna: Workplace, workplace: Workplace, tmp_path: Path
) -> None:
    def cost() -> int:
        statements: list[str] = []

        def count(*args: object) -> None:
            statements.append(str(args[2]))

        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        today(workplace)
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
        return len(statements)

    def scene(number: int) -> None:
        photo = a_photo(anna, tmp_path, MARKET, f"{number}.jpg")
        show_in(anna, photo, a_person(anna, f"Person {number}"))
        approval.approve(anna, [photo], PAGE)
        other = a_photo(anna, tmp_path, EMPTY_STREET, f"street {number}.jpg")
        publishing.add_publication(anna, other, PAGE, address=f"{URL}/{number}")
        flags.raise_flag(anna, other, reason="A name is on the wall.")

    scene(0)
    once = cost()
    for number in range(1, 5):
        scene(number)
    assert cost() == once
