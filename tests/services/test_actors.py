"""Who acts and when: the login of the computer beside the one stated, and a clock that is wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from tests.conftest import Clock
from tests.services.scenes import create_person

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry import ledger
from photoreg.registry.ledger import LogEntry
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.policy import Logins
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import CLOCK_TOLERANCE, Application
from photoreg.services.audits import audits
from photoreg.services.organisation import policy, staff
from photoreg.services.upkeep.clock import note_wrong_clock


def entries_of(application: Application) -> list[LogEntry]:
    with application.reading() as work:
        return list(ledger.entries(work.session))


def last_entry(application: Application) -> LogEntry:
    return entries_of(application)[-1]


def test_each_entry_keeps_the_login_of_the_computer_and_of_the_server(
    application: Application, engine: str
) -> None:
    ville = replace(application, computer_login="ville")
    create_person(ville, "Elle Hetta")
    entry = last_entry(application)
    assert entry.computer_login == "ville"
    assert bool(entry.database_login) is (engine == "postgresql")
    assert entry.hash == sha256(entry.canonical().encode()).hexdigest()


def test_a_role_on_a_server_can_be_recorded_before_the_registry_is_moved_there(
    application: Application,
) -> None:
    staff.change_staff(application, "anna", server_role="pg_monitor")
    roles = {each.login: each.server_role for each in staff.list_staff(application)}
    assert (roles["anna"], roles["ville"]) == ("pg_monitor", None)
    for login in ("ville", "kaisa"):
        with pytest.raises(NotAllowed, match="the role pg_monitor on the server is that of anna"):
            staff.change_staff(application, login, server_role="pg_monitor")
    with pytest.raises(NotAllowed, match="the role ville on the server is that of ville"):
        staff.add_staff(
            application, login="new", name="New", role=StaffRole.AUDITOR, server_role="ville"
        )
    with pytest.raises(InputDataError):
        staff.change_staff(application, "anna", server_role="a" * 64)


def test_the_log_and_today_show_where_the_logins_differ(application: Application) -> None:
    create_person(replace(application, computer_login="Kaisa"), "Elle Hetta")
    assert AgendaKind.OTHER_LOGINS not in {item.kind for item in agenda(application)}
    create_person(replace(application, computer_login="ville"), "Aila Magga")
    [item] = [each for each in agenda(application) if each.kind is AgendaKind.OTHER_LOGINS]
    assert item.count >= 1
    with audits.list_log(application) as rows:
        newest, before = list(rows)[:2]
    assert "ville" in newest.other_logins
    assert "Kaisa" not in before.other_logins


def test_entries_under_another_login_are_on_the_agenda_until_their_reader_has_listed_them(
    application: Application, application_for: Callable[[str], Application]
) -> None:
    def told(reader: Application) -> int:
        return sum(x.count for x in agenda(reader) if x.kind is AgendaKind.OTHER_LOGINS)

    pretender = replace(application, computer_login="ville")
    tarja = application_for("tarja")
    create_person(pretender, "Aila Magga")
    with audits.list_other_logins(pretender) as rows:  # takes nothing away from kaisa herself
        assert {each for row in rows for each in row.other_logins} >= {"ville"}
    before = told(application)
    assert before == told(tarja) >= 2
    with audits.list_other_logins(application) as rows:
        assert {row.action for row in rows} >= {"person.added", "logins.read"}
    assert (told(application), told(tarja)) == (0, before)
    create_person(pretender, "Elle Hetta")
    assert told(application) == 1
    with audits.list_other_logins(application_for("anna")) as rows:
        assert list(rows)
    assert told(application) == 1


def test_where_the_computer_s_login_decides_nobody_acts_as_somebody_else(
    application: Application,
) -> None:
    kaisa = replace(application, computer_login="KAISA")
    policy.set_policy(kaisa, {"logins": Logins.COMPUTER})
    create_person(kaisa, "Elle Hetta")
    for other in ("ville", ""):
        with pytest.raises(NotAllowed, match="not your login on this computer"):
            create_person(replace(application, computer_login=other), "Aila Magga")
    policy.set_policy(kaisa, {"logins": Logins.CLAIMED})
    create_person(application, "Aila Magga")


def test_nobody_locks_themselves_out_by_that_setting(application: Application) -> None:
    with pytest.raises(NotAllowed, match="could not use the registry yourself"):
        policy.set_policy(replace(application, computer_login="x"), {"logins": Logins.COMPUTER})


def test_a_clock_before_the_last_entry_stops_changes_and_nothing_else(
    application: Application, clock: Clock
) -> None:
    create_person(application, "Elle Hetta")
    before = entries_of(application)
    clock.now -= CLOCK_TOLERANCE + timedelta(seconds=1)
    with pytest.raises(NotAllowed, match="the clock of this computer says"):
        create_person(application, "Aila Magga")
    assert entries_of(application) == before
    clock.now += timedelta(seconds=1)
    create_person(application, "Aila Magga")


def test_an_entry_with_a_wrong_clock_locks_nobody_out_for_good(
    application: Application, application_for: Callable[[str], Application], clock: Clock
) -> None:
    clock.now += timedelta(days=3650)
    create_person(application, "Elle Hetta")
    wrong = last_entry(application).seq
    clock.now -= timedelta(days=3650)
    with pytest.raises(NotAllowed) as stopped:
        create_person(application, "Aila Magga")
    assert stopped.value.step is not None
    assert stopped.value.step.arguments["entry"] == f"L-{wrong}"
    with pytest.raises(NotAllowed):
        note_wrong_clock(application_for("anna"), f"L-{wrong}")
    assert note_wrong_clock(application, f"L-{wrong}") == wrong
    create_person(application, "Aila Magga")
    assert "clock.wrong" in {entry.action for entry in entries_of(application)}


def test_only_the_entry_that_blocks_is_noted(application: Application) -> None:
    create_person(application, "Elle Hetta")
    with pytest.raises(NotAllowed, match="does not stand in the way"):
        note_wrong_clock(application, f"L-{last_entry(application).seq}")
    for mistyped in ("", "L-", "P-1", "L-" + "9" * 30):
        with pytest.raises(InputDataError, match="not an entry"):
            note_wrong_clock(application, mistyped)
