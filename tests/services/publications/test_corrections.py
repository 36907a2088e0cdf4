"""Consents and publications that were typed by mistake: on record, and as if never said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.logged import logged
from tests.services.decisions.test_second_looks import TickingClock
from tests.services.scenes import (
    EMPTY_STREET,
    MARKET,
    PAGE_USE,
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

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.tables.people import StaffRole
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import ConsentKind, Shot
from photoreg.services import agenda
from photoreg.services.agenda import AgendaKind
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import consents
from photoreg.services.consents.consent_events import ConsentState, ConsentStatement
from photoreg.services.consents.consents import ConsentParties
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.decisions import approval, checks, flags
from photoreg.services.organisation import staff
from photoreg.services.people import blocks
from photoreg.services.photos import answers, events
from photoreg.services.photos.answers import PhotoAnswers
from photoreg.services.publications import publishing, takedown_tasks
from photoreg.services.publications.corrections import correct_consent, correct_publication
from photoreg.services.publications.publishing import PublicationState

NO = ConsentStatement(ConsentKind.REFUSED)
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN)
MADE, AGREED = SecondLookOutcome.CORRECTED, SecondLookOutcome.AGREED
LATER = timedelta(minutes=16)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def elle(anna: Application, tmp_path: Path) -> Application:
    """P-1 shows Elle, H-2, who has consented: C-1."""
    add_photographer(anna)
    create_person(anna, "Elle")
    answered = replace(MARKET, shot=Shot.PERSON_SUBJECT)
    tag_person(anna, register_photo(anna, tmp_path, answered), "Elle")
    record_consent(anna, "Elle")
    return anna


def codes(application: Application, photo: str = "P-1") -> set[str]:
    [checked] = checks.check(application, [photo], PAGE_USE)
    return set(checked.verdict.codes)


def say(application: Application, spoken: ConsentStatement, **reach: str) -> str:
    said = consents.record_consent(application, ConsentParties("Elle", **reach), spoken)
    return said.recorded.record_id


def outcomes(application: Application, named: str, **more: object) -> list[object]:
    return [each.outcome for each in correct_consent(application, named, **more)]  # type: ignore[arg-type]


def another_employee(application: Application) -> Application:
    kaisa = as_coordinator(application)
    staff.add_staff(kaisa, login="bob", name="Bob B", role=StaffRole.EMPLOYEE)
    return replace(application, login="bob")


def publish(application: Application) -> str:
    done = publishing.add_publication(
        application, ["P-1"], PAGE_USE, address="https://kunta.example/1"
    )
    assert done.publication
    return done.publication


def test_a_yes_is_corrected_at_once_by_anybody_and_counts_as_never_said(
    elle: Application, clock: TickingClock
) -> None:
    assert codes(elle) == set()
    publish(elle)
    clock.now += timedelta(days=3)
    assert outcomes(as_coordinator(elle), "C-1") == [MADE]
    assert codes(elle) == {"CN_NO_CONSENT"}
    [row] = list_all(consents.list_consents(as_coordinator(elle), "Elle"))
    assert row.status.state is ConsentState.BY_MISTAKE
    [published] = list_all(publishing.list_publications(elle))
    assert published.state is PublicationState.TAKE_DOWN_OPEN


def test_a_no_is_corrected_right_after_it_was_typed_by_whoever_typed_it(elle: Application) -> None:
    assert say(elle, NO) == "C-1"
    assert codes(elle) == {"CN_REFUSED"}
    assert outcomes(elle, "C-1") == [MADE]
    assert codes(elle) == set()


def test_a_no_that_a_yes_had_lifted_stands_again_without_that_yes(
    elle: Application, clock: TickingClock
) -> None:
    say(elle, NO)
    clock.now += timedelta(days=1)
    say(elle, replace(granted_consent(), on=clock.now.date()))
    assert codes(elle) == set()
    assert outcomes(elle, "C-1") == [MADE]
    assert codes(elle) == {"CN_REFUSED"}


def _later(_elle: Application, clock: TickingClock) -> None:
    clock.now += LATER


def _published(elle: Application, _clock: TickingClock) -> None:
    approval.approve(elle, ["P-1"], PAGE_USE)


def _stopped(elle: Application, _clock: TickingClock) -> None:
    flags.raise_flag(elle, "P-1", reason="A number plate.")


@pytest.mark.parametrize("meanwhile", [_later, _published, _stopped])
def test_otherwise_a_no_counts_until_another_member_of_staff_has_confirmed(
    elle: Application, clock: TickingClock, meanwhile: Callable[[Application, TickingClock], None]
) -> None:
    if meanwhile is _published:
        meanwhile(elle, clock)
    say(elle, NO)
    if meanwhile is not _published:
        meanwhile(elle, clock)
    assert outcomes(elle, "C-1") == [None]
    assert "CN_REFUSED" in codes(elle)
    with pytest.raises(NotAllowed, match="waits for another"):
        correct_consent(elle, "C-1", agrees=True)
    kaisa = as_coordinator(elle)
    assert AgendaKind.CORRECTION in {item.kind for item in agenda.agenda(kaisa)}
    assert AgendaKind.CORRECTION not in {item.kind for item in agenda.agenda(elle)}
    with pytest.raises(InputDataError, match="waits for your answer"):
        correct_consent(kaisa, "C-1")
    assert outcomes(kaisa, "C-1", agrees=True) == [AGREED]
    assert "CN_REFUSED" not in codes(elle)


def test_a_no_that_a_colleague_does_not_confirm_stays(
    elle: Application, clock: TickingClock
) -> None:
    say(elle, WITHDRAWN)
    clock.now += LATER
    correct_consent(elle, "C-1")
    kaisa = as_coordinator(elle)
    assert outcomes(kaisa, "C-1", agrees=False) == [SecondLookOutcome.DIFFERED]
    assert codes(elle) == {"CN_WITHDRAWN"}
    assert outcomes(elle, "C-1") == [None]


def test_somebody_elses_no_is_not_corrected_at_once(elle: Application) -> None:
    say(elle, NO)
    assert outcomes(as_coordinator(elle), "C-1") == [None]
    assert codes(elle) == {"CN_REFUSED"}


def test_a_no_that_was_carried_over_was_not_typed(elle: Application) -> None:
    events.add_event(elle, "Feast", on=date(2026, 10, 3))
    answers.answer(elle, ["P-1"], PhotoAnswers(event="E-1"))
    say(elle, NO, event="E-1")
    events.add_event(elle, "Fair", on=date(2026, 10, 3))
    moved = answers.answer(elle, ["P-1"], PhotoAnswers(event="E-2"))
    [carried] = moved.carried_over[1]
    assert outcomes(elle, carried) == [None]
    assert codes(elle) == {"CN_REFUSED"}


def test_a_yes_is_corrected_at_once_even_where_it_made_a_verdict_stricter(
    elle: Application, clock: TickingClock, tmp_path: Path
) -> None:
    """An undocumented yes refuses in a general view, where no yes at all leaves it unclear."""
    create_person(elle, "Biret")
    photo = register_photo(elle, tmp_path, MARKET, "market.jpg")
    tag_person(elle, photo, "Biret")
    record_consent(elle, "Biret", replace(granted_consent(), paper=""))
    assert codes(elle, photo) == {"CN_UNDOCUMENTED"}
    clock.now += LATER
    assert outcomes(another_employee(elle), "C-2") == [MADE]
    assert codes(elle, photo) == {"PE_RECOGNISABLE_IN_GENERAL_VIEW"}


def test_an_objection_is_resolved_and_never_undone(anna: Application, tmp_path: Path) -> None:
    add_photographer(anna)
    create_person(anna, "Elle")
    photo = register_photo(anna, tmp_path, EMPTY_STREET)
    raised = flags.raise_flag(anna, photo, reason="My house.", person="Elle")
    for who in (anna, as_coordinator(anna)):
        with pytest.raises(NotAllowed):
            correct_consent(who, raised.objections[0])
    assert "RG_STOPPED" in codes(anna, photo)


def test_what_is_withheld_is_not_told_by_correcting(elle: Application) -> None:
    blocks.block_person(as_coordinator(elle), "Elle")
    with pytest.raises(NotAllowed, match="only coordinators"):
        correct_consent(elle, "C-1")
    assert outcomes(as_coordinator(elle), "C-1") == [MADE]


def test_what_was_on_record_on_an_earlier_day_is_shown_as_it_was_then(
    elle: Application, clock: TickingClock
) -> None:
    then = clock.now.date()
    clock.now += timedelta(days=2)
    correct_consent(elle, "C-1")
    assert codes(elle) == {"CN_NO_CONSENT"}
    with state_as_of(elle, then) as past:
        assert codes(past) == set()


def test_the_access_report_and_the_log_show_the_correction(elle: Application) -> None:
    correct_consent(elle, "C-1")
    report = access_report(as_coordinator(elle), "Elle", purpose="She asked.")
    assert [(c.kind, c.typed_by_mistake) for c in report.consents] == [(ConsentKind.GIVEN, True)]
    with elle.reading() as work:
        told = [entry.action for entry in logged(work.session) if entry.subject == "C-1"]
    assert told == ["consent.given", "correction.made"]


def test_a_corrected_answer_leaves_nothing_to_correct_but_what_was_said_before(
    elle: Application, clock: TickingClock
) -> None:
    clock.now += timedelta(days=1)
    say(elle, replace(granted_consent(), kind=ConsentKind.RENEWED))
    assert outcomes(elle, "C-1") == [MADE]
    assert codes(elle) == set()
    assert outcomes(elle, "C-1", day=date(2026, 1, 1)) == [MADE]
    with pytest.raises(NotAllowed, match="nothing is recorded"):
        correct_consent(elle, "C-1")


def test_two_guardians_no_of_one_is_corrected_and_the_others_stands(
    anna: Application, tmp_path: Path
) -> None:
    add_photographer(anna)
    child = add_child(anna, "Elle", date(2018, 3, 2), ["Máret", "Ánte"])
    answered = replace(MARKET, shot=Shot.PERSON_SUBJECT)
    tag_person(anna, register_photo(anna, tmp_path, answered), child)
    for guardian in ("H-3", "H-4"):
        record_consent(anna, child, by=guardian)
    for guardian in ("H-3", "H-4"):
        record_consent(anna, child, NO, by=guardian)
    correct_consent(anna, "C-1")
    assert codes(anna) == {"MI_GUARDIAN_REFUSED"}
    correct_consent(anna, "C-2")
    assert codes(anna) == set()


def test_a_statement_among_those_of_several_members_of_staff_is_named(
    elle: Application, clock: TickingClock
) -> None:
    clock.now += timedelta(days=1)
    say(as_coordinator(elle), replace(granted_consent(), on=clock.now.date()))
    with pytest.raises(InputDataError, match="several members of staff") as asked:
        correct_consent(elle, "C-1")
    assert asked.value.fields == ("statement",)
    assert codes(elle) == set()
    assert outcomes(elle, "C-1", statement=2) == [MADE]
    assert outcomes(elle, "C-1") == [MADE]
    with pytest.raises(NotAllowed, match="nothing is recorded"):
        correct_consent(elle, "C-1", statement=2)


def test_after_a_colleague_has_denied_the_mistake_only_a_coordinator_confirms_it(
    elle: Application, clock: TickingClock
) -> None:
    bob = another_employee(elle)
    say(elle, NO)
    clock.now += LATER
    correct_consent(elle, "C-1")
    correct_consent(as_coordinator(elle), "C-1", agrees=False)
    correct_consent(elle, "C-1")
    with pytest.raises(NotAllowed, match="no mistake"):
        correct_consent(bob, "C-1", agrees=True)
    assert codes(elle) == {"CN_REFUSED"}
    assert outcomes(as_coordinator(elle), "C-1", agrees=True) == [AGREED]


# --- publications --------------------------------------------------------------------------------


def test_a_publication_recorded_by_mistake_counts_as_never_made(elle: Application) -> None:
    named = publish(elle)
    assert correct_publication(elle, named).outcome is MADE
    say(elle, NO)
    assert list_all(publishing.list_publications(elle)) == []
    [row] = list_all(publishing.list_publications(elle, everything=True))
    assert row.state is PublicationState.BY_MISTAKE
    assert not elle.reacted.publications


@pytest.mark.parametrize("meanwhile", ["later", "withdrawn"])
def test_otherwise_a_publication_counts_until_a_colleague_has_confirmed(
    elle: Application, clock: TickingClock, meanwhile: str
) -> None:
    named = publish(elle)
    if meanwhile == "later":
        clock.now += LATER
    else:
        say(elle, NO)
    assert correct_publication(elle, named).outcome is None
    assert list_all(publishing.list_publications(elle))
    kaisa = as_coordinator(elle)
    assert correct_publication(kaisa, named, agrees=True).outcome is AGREED
    assert list_all(publishing.list_publications(elle)) == []
    assert not [item for item in agenda.agenda(kaisa) if item.kind is AgendaKind.TAKE_DOWN]


def test_a_publication_is_corrected_only_once(elle: Application) -> None:
    named = publish(elle)
    correct_publication(elle, named)
    for who in (elle, as_coordinator(elle)):
        with pytest.raises(NotAllowed, match="already"):
            correct_publication(who, named)


def test_what_was_taken_down_was_published(elle: Application) -> None:
    named = publish(elle)
    say(elle, NO)
    correct_publication(elle, named)
    takedown_tasks.take_down(elle, [named], proof="Looked at the page.")
    with pytest.raises(NotAllowed, match="taken down"):
        correct_publication(as_coordinator(elle), named, agrees=True)
    correct_publication(as_coordinator(elle), named, agrees=False)
    with pytest.raises(NotAllowed, match="taken down"):
        correct_publication(elle, named)


def test_what_is_to_be_taken_down_was_never_made_only_by_a_coordinators_word(
    elle: Application,
) -> None:
    bob = another_employee(elle)
    named = publish(elle)
    say(elle, NO)
    correct_publication(elle, named)
    with pytest.raises(NotAllowed, match="to be taken down"):
        correct_publication(bob, named, agrees=True)
    assert [t for t in agenda.agenda(as_coordinator(elle)) if t.kind is AgendaKind.TAKE_DOWN]
