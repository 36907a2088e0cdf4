"""Permissions of photographers that were typed by mistake: corrected as consents are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.logged import logged
from tests.services.decisions.test_second_looks import TickingClock
from tests.services.publications.test_corrections import another_employee, codes
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    add_photographer,
    as_coordinator,
    granted_consent,
    list_all,
    register_photo,
)

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.facts import ConsentKind
from photoreg.services import agenda
from photoreg.services.agenda import AgendaKind
from photoreg.services.application import Application
from photoreg.services.audits.as_of import state_as_of
from photoreg.services.consents import permissions
from photoreg.services.consents.consent_events import ConsentState, ConsentStatement
from photoreg.services.consents.permissions import PermissionParties
from photoreg.services.data_subjects.access_report import access_report
from photoreg.services.decisions import approval
from photoreg.services.publications.corrections import correct_permission
from photoreg.services.undo import last_recording, undo_last

NO = ConsentStatement(ConsentKind.REFUSED)
WITHDRAWN = ConsentStatement(ConsentKind.WITHDRAWN)
MADE, AGREED = SecondLookOutcome.CORRECTED, SecondLookOutcome.AGREED
LATER = timedelta(minutes=16)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def taken(anna: Application, tmp_path: Path) -> Application:
    """P-1 was taken by H-1, who has permitted all channels: L-1."""
    add_photographer(anna)
    register_photo(anna, tmp_path, EMPTY_STREET)
    return anna


def say(application: Application, spoken: ConsentStatement) -> str:
    [said] = permissions.record_permission(application, PermissionParties("H-1"), spoken)
    return said.recorded.record_id


def outcomes(application: Application, **more: object) -> list[object]:
    return [each.outcome for each in correct_permission(application, "L-1", **more)]  # type: ignore[arg-type]


def test_a_permission_is_corrected_at_once_and_counts_as_never_given(
    taken: Application, clock: TickingClock
) -> None:
    then = clock.now.date()
    assert codes(taken) == set()
    clock.now += timedelta(days=3)
    assert outcomes(as_coordinator(taken)) == [MADE]
    assert codes(taken) == {"RG_INCOMPLETE"}  # the basis as well is no longer known
    [row] = list_all(permissions.list_permissions(taken))
    assert (row.status.state, row.basis) == (ConsentState.BY_MISTAKE, None)
    with state_as_of(taken, then) as past:
        assert codes(past) == set()
    with pytest.raises(NotAllowed, match="nothing is recorded about L-1"):
        correct_permission(taken, "L-1")


@pytest.mark.parametrize(("no", "code"), [(NO, "REFUSED"), (WITHDRAWN, "REVOKED")])
def test_a_no_is_corrected_right_after_it_was_typed(
    taken: Application, no: ConsentStatement, code: str
) -> None:
    assert say(taken, no) == "L-1"
    assert codes(taken) & {"CR_NO_PERMISSION", "CR_PERMISSION_REVOKED"}, code
    assert outcomes(taken) == [MADE]
    assert codes(taken) == set()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("meanwhile", ["later", "approved", "somebody else"])
def test_otherwise_a_no_counts_until_a_colleague_has_confirmed(
    taken: Application, clock: TickingClock, meanwhile: str
) -> None:
    if meanwhile == "approved":
        approval.approve(taken, ["P-1"], PAGE_USE)
    say(taken, NO)
    if meanwhile == "later":
        clock.now += LATER
    asks = another_employee(taken) if meanwhile == "somebody else" else taken
    assert outcomes(asks) == [None]
    assert codes(taken) != set()
    kaisa = as_coordinator(taken)
    [item] = [each for each in agenda.agenda(kaisa) if each.kind is AgendaKind.CORRECTION]
    assert (item.subject, item.persons, item.step.action) == ("L-1", "H-1", "permission_correct")
    with pytest.raises(InputDataError, match="waits for your answer"):
        correct_permission(kaisa, "L-1")
    assert outcomes(kaisa, agrees=True) == [AGREED]
    assert codes(taken) == set()


@pytest.mark.engines("sqlite")
def test_a_coordinators_disagreement_is_not_outvoted_by_asking_again(
    taken: Application, clock: TickingClock
) -> None:
    bob, kaisa = another_employee(taken), as_coordinator(taken)
    say(taken, NO)
    clock.now += LATER
    for _time in range(2):
        correct_permission(taken, "L-1")
        with pytest.raises(NotAllowed, match="waits for another"):
            correct_permission(taken, "L-1", agrees=True)
        if _time:
            with pytest.raises(NotAllowed, match="no mistake"):
                correct_permission(bob, "L-1", agrees=True)
        assert outcomes(kaisa, agrees=False) == [SecondLookOutcome.DIFFERED]
        assert codes(taken) != set()


@pytest.mark.engines("sqlite")
def test_undo_takes_back_a_permission_that_was_recorded_last(taken: Application) -> None:
    say(taken, replace(granted_consent("print"), kind=ConsentKind.RENEWED))
    say(taken, NO)
    for kind in ("refused", "renewed"):
        recording = last_recording(taken)
        assert (recording.action, recording.records) == (f"permission.{kind}", ("L-1",))
        undone = undo_last(taken, recording.entry)
        assert (undone.records, codes(taken)) == (("L-1",), set())


@pytest.mark.engines("sqlite")
def test_the_access_report_and_the_log_show_the_correction(taken: Application) -> None:
    correct_permission(taken, "L-1")
    report = access_report(as_coordinator(taken), "H-1", purpose="Asked.")
    assert [each.typed_by_mistake for each in report.permissions] == [True]
    with taken.reading() as work:
        told = [entry.action for entry in logged(work.session) if entry.subject == "L-1"]
    assert told == ["permission.given", "correction.made"]
