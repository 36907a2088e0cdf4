"""Doubtful people on class lists: a table decides all of them at once, and keeps what it was told.

The tables are written and read as the command does it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from tests.services.scenes import add_child, create_person

from photoreg.errors import InputDataError
from photoreg.presentation.views.roster_decisions import (
    decision_words,
    decisions_sheet,
    would_birth_dates_help,
)
from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.organisation import staff
from photoreg.services.people.guardians import list_guardians
from photoreg.services.people.persons import list_persons
from photoreg.services.photos import events, roster_consents
from photoreg.services.photos.roster_import import import_roster
from photoreg.services.photos.rosters.decisions import DECISION_COLUMNS, read_decisions
from photoreg.services.photos.rosters.results import (
    LEAVE_OUT,
    NEW,
    NO_DECISIONS,
    RosterDecisions,
    RosterImport,
    RosterMatch,
)
from photoreg.sheets.cells import CellValue
from photoreg.sheets.files import write_table
from photoreg.texts import use_language

pytestmark = pytest.mark.engines("sqlite")

DAY = date(2026, 5, 30)
Answers = Mapping[tuple[int, str], str]
"""What is written into a table, by row and doubtful person."""

KINDS = (
    "nimi;syntynyt;luokka;huoltaja;puhelin\n"
    "Valkeapää Elle;15.1.2018;3B;Valkeapää Máret;\n"
    "Nils Magga;3.3.2018;3B;Niillas Magga;040 111 2222\n"
    "Aava Kultima;9.1.2014;3B;Jouni Kultima;040 200 0006\n"
    "Risten Kultima;11.9.2015;3B;Jouni Kultima;040 200 0013\n"
    "Siiri Kultima;13.5.2015;3B;Jouni Kultima;040 200 0013\n"
    "Ánne Sara;;4A;;\n"
    "Sara Ánne;;4A;;\n"
    "Oula Kultima;1.1.2016;4A;Jouni Kultima;040 200 0045\n"
)
ELLE, MARET, NILS = (2, "Valkeapää Elle"), (2, "Valkeapää Máret"), (3, "Nils Magga")
OF_RISTEN, ANNE, OF_OULA = (5, "Jouni Kultima"), (8, "Sara Ánne"), (9, "Jouni Kultima")
CANDIDATES = {
    ELLE: ["H-1"],
    MARET: ["H-2"],
    NILS: ["H-3"],
    OF_RISTEN: ["row 4"],
    ANNE: ["row 7"],
    OF_OULA: ["row 4", "row 5"],
}


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with Elle (H-1, of Máret H-2) and Nils (H-3) on its roster."""
    add_child(application, "Elle Valkeapää", date(2018, 1, 15), ["Máret Valkeapää"])
    create_person(application, "Nils Magga", None)
    events.add_event(application, "Kevätjuhla", on=DAY, roster=["H-1", "H-3"])
    return application


def lines(result: RosterImport) -> list[dict[str, CellValue]]:
    return [dict(zip(DECISION_COLUMNS, row, strict=True)) for row in decisions_sheet(result).rows]


def asked(result: RosterImport) -> dict[tuple[int, str], list[CellValue]]:
    found: dict[tuple[int, str], list[CellValue]] = {}
    for line in lines(result):
        found.setdefault((int(str(line["row"])), str(line["doubtful"])), []).append(
            line["candidate"]
        )
    return found


def answers(result: RosterImport) -> dict[tuple[int, str], str]:
    return {
        (int(str(line["row"])), str(line["doubtful"])): str(line["decision"])
        for line in lines(result)
        if line["decision"]
    }


def given_back(result: RosterImport, folder: Path, typed: Answers) -> RosterDecisions:
    """Write the table, fill in answers beside those that stand there, and read it."""
    sheet = decisions_sheet(result)
    left = dict(typed)
    rows = []
    for row in sheet.rows:
        answer = left.pop((int(str(row[0])), str(row[3])), None)
        rows.append([*row[:-1], answer or row[-1]])
    assert not left
    table = folder / "decisions.csv"
    write_table(table, [replace(sheet, rows=rows)], "Words", overwrite=True)
    return read_decisions(table, decision_words())


def roster(application: Application) -> list[str | None]:
    return [row.name for row in roster_consents.roster_consents(application, "E-1")]


def test_the_first_table_holds_all_doubts_of_every_kind_once(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    looked = import_roster(feast, "E-1", listed(KINDS), apply=True)
    assert not looked.applied
    assert asked(looked) == CANDIDATES
    told = {(line["row"], line["candidate"]): line for line in lines(looked)}
    of_risten = told[5, "row 4"]
    assert of_risten["listed"] == "040 200 0013"
    assert of_risten["contact"] == "040 200 0006"
    assert of_risten["candidate_name"] is None  # a name in the registry, and there is none
    assert of_risten["family"] == "guardian of: Aava Kultima"
    assert told[3, "H-3"]["listed"] == "born 2018-03-03 · 3B · guardians: Niillas Magga"
    assert told[2, "H-2"]["role"] == "guardian"
    assert looked.not_listed == {}


def possible_answers() -> Iterable[dict[tuple[int, str], str]]:
    """Every answer to each doubt, beside every other one's answer to some other doubt."""
    choices = {
        ELLE: ["H-1", NEW, LEAVE_OUT],
        MARET: ["H-2", NEW],
        NILS: ["H-3", NEW, LEAVE_OUT],
        OF_RISTEN: ["row 4", NEW, LEAVE_OUT],
        ANNE: [NEW, LEAVE_OUT],
        OF_OULA: ["row 4", "row 5", NEW, LEAVE_OUT],
    }
    every = list(product(*choices.values()))
    return (dict(zip(choices, each, strict=True)) for each in every[::37])


def test_whatever_is_answered_one_table_decides_everything_and_keeps_the_answers(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    path = listed(KINDS)
    looked = import_roster(feast, "E-1", path)
    for typed in possible_answers():
        decisions = given_back(looked, tmp_path, typed)
        done = import_roster(feast, "E-1", path, decisions=decisions)
        if typed[OF_RISTEN] == LEAVE_OUT:  # her brother's row has to say who their guardian is
            assert [row.row for row in done.open_rows] == [6]
            more = given_back(done, tmp_path, {(6, "Jouni Kultima"): "row 4"})
            done = import_roster(feast, "E-1", path, decisions=more)
        assert not done.is_ambiguous, typed
        assert done.problems == (), typed
        kept = answers(done)
        assert {key: kept[key] for key in typed} == typed
        again = import_roster(feast, "E-1", path, decisions=given_back(done, tmp_path, {}))
        assert answers(again) == kept


def test_while_anything_is_undecided_nothing_is_applied_and_the_rest_stays_in_the_table(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    path = listed(KINDS)
    typed = {ELLE: "H-1", MARET: "H-2", NILS: NEW, OF_RISTEN: "row 4", ANNE: NEW, OF_OULA: NEW}
    looked = import_roster(feast, "E-1", path)
    whole = given_back(looked, tmp_path, typed)
    for key, answer in typed.items():
        most = {other: said for other, said in typed.items() if other != key}
        half = import_roster(
            feast, "E-1", path, apply=True, decisions=given_back(looked, tmp_path, most)
        )
        assert not half.applied
        assert [row.row for row in half.open_rows] == [key[0]]
        assert answers(half) == most
        assert "H-1" not in half.not_listed
        rest = given_back(half, tmp_path, {key: answer})
        assert not import_roster(feast, "E-1", path, decisions=rest).is_ambiguous
    assert roster(feast) == ["Elle Valkeapää", "Nils Magga"]
    done = import_roster(feast, "E-1", path, apply=True, decisions=whole)
    assert done.applied
    names = [row.name for row in list_persons(feast)]
    assert names.count("Jouni Kultima") == 2
    assert names.count("Nils Magga") == 2
    assert [row.guardian for row in list_guardians(feast, "H-1")] == ["H-2"]
    of_risten, of_siiri, of_aava = (
        [row.guardian for row in list_guardians(feast, f"{name} Kultima")]
        for name in ("Risten", "Siiri", "Aava")
    )
    assert of_risten == of_siiri == of_aava
    assert done.not_listed == {"H-3": "H-3 Nils Magga"}
    again = import_roster(feast, "E-1", path, apply=True, decisions=whole)
    assert (again.applied, again.changes) == (True, False)


@pytest.mark.parametrize(
    ("was", "now", "row"),
    [
        ("Elle;15.1.2018", "Elle;9.9.2016", 2),
        ("Elle;15.1.2018", "Elle;", 2),
        ("3.3.2018;3B", "3.3.2018;9A", 3),
        ("Niillas Magga", "Kalle Toinen", 3),
        ("040 200 0013\nSiiri", "040 999 9999\nSiiri", 5),
        ("040 200 0006", "040 999 9999", 4),
    ],
)
def test_a_decision_holds_only_for_what_the_list_told_when_the_table_was_written(
    feast: Application,
    listed: Callable[[str], Path],
    tmp_path: Path,
    was: str,
    now: str,
    row: int,
) -> None:
    typed = {ELLE: "H-1", MARET: "H-2", NILS: "H-3", OF_RISTEN: "row 4", ANNE: NEW, OF_OULA: NEW}
    looked = import_roster(feast, "E-1", listed(KINDS))
    decisions = given_back(looked, tmp_path, typed)
    changed = KINDS.replace(was, now, 1)
    assert changed != KINDS
    done = import_roster(feast, "E-1", listed(changed), apply=True, decisions=decisions)
    assert not done.applied
    told = [problem.row for problem in done.problems if "something else" in str(problem.error)]
    assert told == [row]


def test_what_the_table_does_not_show_may_be_corrected_and_its_lines_sorted_and_deleted(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    use_language("fi")
    looked = import_roster(feast, "E-1", listed(KINDS))
    sheet = decisions_sheet(looked)
    table = tmp_path / "decisions.csv"
    of_nils = [[*row[:-1], "uusi"] for row in sheet.rows if row[0] == 3]
    others = [row for row in sheet.rows if row[0] not in {2, 3}]
    write_table(table, [replace(sheet, rows=[*reversed(others), *of_nils])], "Words")
    use_language("en")
    corrected = KINDS.replace("Niillas Magga;040 111 2222", "Niillas Magga;040 111 3333")
    assert corrected != KINDS
    decisions = read_decisions(table, decision_words())
    done = import_roster(feast, "E-1", listed(corrected), decisions=decisions)
    assert done.problems == ()
    assert 3 not in {each.row for each in done.open_rows}


def test_a_guardian_who_is_doubtful_only_with_one_decision_is_asked_with_it(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    path = listed("nimi;syntynyt;huoltaja\nValkeapää Elle;15.1.2018;Máret Valkeapää\n")
    looked = import_roster(feast, "E-1", path)
    only_if = {line["doubtful"]: line["only_if"] for line in lines(looked)}
    assert only_if == {"Valkeapää Elle": "", "Máret Valkeapää": "new"}
    known = given_back(looked, tmp_path, {ELLE: "H-1"})
    done = import_roster(feast, "E-1", path, apply=True, decisions=known)
    assert (done.applied, done.rows[0].person) == (True, "H-1")
    new = given_back(looked, tmp_path, {ELLE: NEW})
    waits = import_roster(feast, "E-1", path, apply=True, decisions=new)
    assert not waits.applied
    assert new.asks(waits.rows[0].possible_matches[0])


def test_a_guardian_is_decided_apart_from_a_child_of_the_same_name(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    create_person(feast, "Ánne Länsman", None)
    path = listed("nimi;syntynyt;huoltaja\nÁnne Länsman;15.1.2018;Länsman Ánne\n")
    looked = import_roster(feast, "E-1", path)
    assert set(asked(looked)) == {(2, "Ánne Länsman"), (2, "Länsman Ánne")}
    typed = {(2, "Ánne Länsman"): NEW, (2, "Länsman Ánne"): "H-4"}
    decisions = given_back(looked, tmp_path, typed)
    assert import_roster(feast, "E-1", path, apply=True, decisions=decisions).applied
    assert [row.guardian for row in list_guardians(feast, "H-5")] == ["H-4"]


def test_rows_without_a_birth_date_are_told_to_have_one_only_where_it_helps(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    guardian = "nimi;syntynyt;huoltaja\nAila Eira;5.5.2015;Valkeapää Máret\n"
    pupil = "nimi;syntynyt;huoltaja\nValkeapää Elle;;\n"
    assert not would_birth_dates_help(import_roster(feast, "E-1", listed(guardian)))
    assert would_birth_dates_help(import_roster(feast, "E-1", listed(pupil)))


def test_two_people_of_the_registry_are_not_made_one_by_a_list(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    """A guardian's phone in the list makes H-1 look like a child who has it."""
    content = "nimi;syntynyt;huoltaja;puhelin\n"
    other = f"{content}Elle Aikio;15.1.2018;Máret Aikio;040 123 4567\n"
    first = import_roster(feast, "E-1", listed(other))
    other_child = given_back(first, tmp_path, {(2, "Elle Aikio"): NEW}) if lines(first) else None
    done = import_roster(
        feast, "E-1", listed(other), apply=True, decisions=other_child or NO_DECISIONS
    )
    assert done.applied
    siblings = (
        "Elle Valkeapää;15.1.2018;Máret Valkeapää;040 123 4567\n"
        "Inga Valkeapää;1.1.2016;Máret Valkeapää;040 123 4567\n"
    )
    path = listed(f"{content}{siblings}")
    looked = import_roster(feast, "E-1", path)
    [key] = asked(looked)
    assert key[1] == "H-1 Elle Valkeapää"
    same = import_roster(feast, "E-1", path, decisions=given_back(looked, tmp_path, {key: "H-4"}))
    assert "two people in the registry" in str(same.problems[0].error)
    new = given_back(looked, tmp_path, {key: NEW})
    assert import_roster(feast, "E-1", path, apply=True, decisions=new).applied


def test_who_could_be_of_another_unit_stands_in_no_table_and_holds_up_no_decided_row(
    feast: Application,
    application_for: Callable[[str], Application],
    listed: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    for login, unit in (("anna", "Hetan koulu"), ("berit", "Kirjasto")):
        if login == "berit":
            staff.add_staff(feast, login=login, name=login, role=StaffRole.EMPLOYEE, unit=unit)
        else:
            staff.change_staff(feast, login, unit=unit)
    anna = application_for("anna")
    add_child(anna, "Sunna Hetta", date(2018, 3, 2), ["Inga Hetta"])
    events.add_event(anna, "Koulun juhla", on=DAY, roster=["Sunna Hetta"])
    berit = replace(anna, login="berit", computer_login="berit")
    events.add_event(berit, "Satutunti", on=DAY)
    path = listed(
        "nimi;syntynyt;huoltaja;puhelin\nSunna Hetta;;;\n"
        "Aava Kultima;9.1.2014;Jouni Kultima;040 200 0006\n"
        "Oula Kultima;1.1.2016;Jouni Kultima;040 200 0045\n"
    )
    looked = import_roster(berit, "Satutunti", path, apply=True)
    assert asked(looked) == {(4, "Jouni Kultima"): ["row 3"]}
    decisions = given_back(looked, tmp_path, {(4, "Jouni Kultima"): "row 3"})
    done = import_roster(berit, "Satutunti", path, apply=True, decisions=decisions)
    assert done.applied
    assert done.count(RosterMatch.FOR_COORDINATOR) == 1


def test_a_table_tells_its_event_and_list_and_decides_about_no_other(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    path = listed(KINDS)
    looked = import_roster(feast, "E-1", path)
    assert {line["list"] for line in lines(looked)} == {"E-1 · class.csv"}
    decided = given_back(looked, tmp_path, {NILS: "H-3"})
    events.add_event(feast, "Syysjuhla", on=DAY)
    other = path.rename(tmp_path / "3B.csv")
    for event, file in (("E-2", other), ("E-1", other)):
        with pytest.raises(InputDataError, match=r"is for E-1 · class\.csv, not for"):
            import_roster(feast, event, file, decisions=decided)
    again = import_roster(feast, "E-1", other.rename(path), decisions=decided)
    assert NILS not in asked(again) or answers(again)[NILS] == "H-3"
