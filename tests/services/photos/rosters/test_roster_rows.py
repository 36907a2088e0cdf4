"""Class lists row by row: who is meant, what is missing, who left, and any number of rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.logged import logged
from tests.services.scenes import add_child, create_person
from tests.statements import recorded_statements

from photoreg.errors import InputDataError
from photoreg.presentation.views.roster_decisions import decision_words, decisions_sheet
from photoreg.registry.ledger import Action
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.agenda import AgendaKind, agenda
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.organisation import staff
from photoreg.services.people.class_lists.columns import RefusedBy
from photoreg.services.people.guardians import list_guardians
from photoreg.services.people.persons import PersonDetails, add_person, list_persons
from photoreg.services.photos import events, roster_consents
from photoreg.services.photos.roster_import import ROWS_AT_ONCE, import_roster
from photoreg.services.photos.rosters.decisions import read_decisions
from photoreg.services.photos.rosters.reading import ListReading
from photoreg.services.photos.rosters.results import (
    GuardianFacts,
    MissingFacts,
    RosterDecisions,
    RosterImport,
    RosterMatch,
    RowDecision,
)
from photoreg.sheets.files import write_table
from photoreg.texts import use_language

AtWork = Callable[[str], Application]
DAY = date(2026, 5, 30)
HEAD = "nimi;syntynyt;huoltaja 1;yhteystieto 1;huoltaja 2\n"


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with an empty roster."""
    events.add_event(application, "Kevätjuhla", on=DAY)
    return application


def found(result: RosterImport) -> list[RosterMatch]:
    return [row.found for row in result.rows]


def said(result: RosterImport) -> list[tuple[int, str]]:
    return [(problem.row, str(problem.error)) for problem in result.problems]


def roster(application: Application) -> list[str | None]:
    return [row.name for row in roster_consents.roster_consents(application, "E-1")]


def filled_in(result: RosterImport, folder: Path, *decisions: str, language: str) -> Path:
    """Write the table of decisions, and fill in its last column."""
    use_language(language)
    table = folder / "decisions.csv"
    sheet = decisions_sheet(result)
    assert len(sheet.rows) == len(decisions)
    lines = [[*row[:-1], typed] for row, typed in zip(sheet.rows, decisions, strict=True)]
    write_table(table, [replace(sheet, rows=lines)], "Words", overwrite=True)
    use_language("en")
    return table


DOUBTFUL = (
    "nimi;syntynyt;huoltaja 1\n"
    "Elle Valkeapää;;Máret Näkkälä\n"
    "Sárá Đorđi;1.1.2018;Niillas Đorđi\n"
    "Nils Magga;;\n"
    "Ánde Sara;4.4.2018;Máret Näkkälä\n"
)


@pytest.mark.parametrize("language", ["en", "fi"])
def test_doubtful_rows_are_decided_in_a_table_with_what_tells_the_candidates_apart(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path, language: str
) -> None:
    known = add_child(feast, "Elle Valkeapää", date(2018, 3, 2), ["Máret Näkkälä"])
    create_person(feast, "Nils Magga", None)
    events.add_event(feast, "3B", on=DAY, roster=[known])
    path = listed(DOUBTFUL)
    looked = import_roster(feast, "E-1", path, apply=True)
    assert not looked.applied
    assert found(looked) == [
        *(RosterMatch.AMBIGUOUS, RosterMatch.NEW, RosterMatch.AMBIGUOUS, RosterMatch.AMBIGUOUS)
    ]
    lines = decisions_sheet(looked).rows
    assert lines[0] == [
        *(2, "Elle Valkeapää", "pupil", "Elle Valkeapää", "guardians: Máret Näkkälä"),
        *(known, "Elle Valkeapää"),
        *("2018-03-02", "", "3B", "guardians: H-2 Máret Näkkälä", ""),
        *("E-1 · class.csv", None),
    ]
    assert lines[3][:6] == [5, "Ánde Sara", "guardian", "Máret Näkkälä", "", "H-2"]
    assert lines[3][-4:-2] == ["guardian of: H-1 Elle Valkeapää", ""]
    words = {"en": ("leave out", "New"), "fi": ("jätä pois", "Uusi")}[language]
    table = filled_in(looked, tmp_path, known, "", *words, "", language=language)
    decisions = read_decisions(table, decision_words())
    done = import_roster(feast, "E-1", path, apply=True, decisions=decisions)
    assert done.problems == ()
    assert done.applied
    assert found(done) == [
        *(RosterMatch.MATCHED, RosterMatch.NEW, RosterMatch.LEFT_OUT, RosterMatch.NEW)
    ]
    assert roster(feast) == ["Elle Valkeapää", "Sárá Đorđi", "Ánde Sara"]
    assert [row.name for row in list_persons(feast)].count("Máret Näkkälä") == 2


@pytest.mark.parametrize(
    ("typed", "text"),
    [("H-9", "H-9 is no decision"), ("perhaps", "perhaps is no decision")],
)
def test_what_is_no_decision_is_told_with_its_row(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path, typed: str, text: str
) -> None:
    create_person(feast, "Elle", None)
    path = listed("nimi;syntynyt\nElle;2.3.2018\n")
    table = filled_in(import_roster(feast, "E-1", path), tmp_path, typed, language="en")
    decisions = read_decisions(table, decision_words())
    result = import_roster(feast, "E-1", path, apply=True, decisions=decisions)
    assert said(result) == [(2, text)]
    assert result.problems[0].sheet == "decisions.csv"
    assert not result.applied


def test_an_undecided_row_applies_nothing_and_decisions_hold_for_their_list_only(
    feast: Application, listed: Callable[[str], Path], tmp_path: Path
) -> None:
    create_person(feast, "Elle", None)
    path = listed("nimi;syntynyt\nElle;2.3.2018\nSárá;1.1.2018\n")
    looked = import_roster(feast, "E-1", path)
    empty = read_decisions(filled_in(looked, tmp_path, "", language="en"), decision_words())
    assert not import_roster(feast, "E-1", path, apply=True, decisions=empty).applied
    decided = read_decisions(filled_in(looked, tmp_path, "H-1", language="en"), decision_words())
    swapped = listed("nimi;syntynyt\nSárá;1.1.2018\nElle;2.3.2018\n")
    result = import_roster(feast, "E-1", swapped, apply=True, decisions=decided)
    assert said(result)[0] == (2, "row 2 of the list is about somebody else")
    assert roster(feast) == []


def test_a_table_without_the_column_of_decisions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("row;name in the list\n2;Elle\n", "utf-8")
    with pytest.raises(InputDataError, match="the column who is doubtful is missing"):
        read_decisions(path, decision_words())


def test_a_no_on_a_row_is_never_left_out(feast: Application, listed: Callable[[str], Path]) -> None:
    path = listed("nimi;syntynyt;julkaisuesto\nElle;2.3.2018;kyllä\nSárá;1.1.2018;ei\n")
    left_out = RosterDecisions(left_out=frozenset({2}))
    result = import_roster(feast, "E-1", path, apply=True, decisions=left_out)
    assert [row for row, _text in said(result)] == [2]
    assert not result.applied
    left_out = RosterDecisions(left_out=frozenset({3}))
    assert import_roster(feast, "E-1", path, apply=True, decisions=left_out).applied
    assert roster(feast) == ["Elle"]


def test_pupils_of_one_name_are_told_apart_by_their_birth_dates_also_in_a_second_list(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    first = "nimi;syntynyt\nElle Magga;2.3.2018\nElle Magga;5.6.2018\n"
    assert import_roster(feast, "E-1", listed(first), apply=True).applied
    again = import_roster(feast, "E-1", listed(f"{first}Elle Magga;7.8.2018\n"), apply=True)
    assert found(again) == [RosterMatch.MATCHED, RosterMatch.MATCHED, RosterMatch.NEW]
    assert again.applied


def test_an_id_stands_in_place_of_a_name(feast: Application, listed: Callable[[str], Path]) -> None:
    create_person(feast, "Máret Näkkälä", date(1980, 1, 1))
    child = create_person(feast, "Elle Valkeapää", date(2018, 3, 2))
    path = listed(f"{HEAD}Sárá;1.1.2018;h-1;;\n{child};;H-1;;\nNils;2.2.2018;H-9;;\n")
    result = import_roster(feast, "E-1", path, apply=True)
    assert said(result) == [(4, "H-9 is not in the registry")]
    path = listed(f"{HEAD}Sárá;1.1.2018;h-1;;\n{child};;H-1;;\n")
    assert import_roster(feast, "E-1", path, apply=True).applied
    assert [row.guardian for row in list_guardians(feast, "Sárá")] == ["H-1"]
    assert [row.guardian for row in list_guardians(feast, child)] == ["H-1"]


def test_facts_about_guardians_are_stated_once_for_the_whole_list(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    path = listed(
        f"{HEAD}Elle;2.3.2018;Máret;040 1;Ante\nSárá;1.1.2018;Niillas;040 3;\nÁilu;5.4.2018;;;\n"
    )
    silent = import_roster(feast, "E-1", path, apply=True)
    assert silent.missing == MissingFacts(unverified=2, without_total=3)
    facts = GuardianFacts("koulun rekisteri", are_all_listed=True)
    stated = import_roster(feast, "E-1", path, apply=True, facts=facts)
    assert stated.missing == MissingFacts(without_total=1)
    assert stated.rows[0].changes == ("verified", "guardians")
    for name, total in (("Elle", 2), ("Sárá", 1), ("Áilu", None)):
        summary = consents.show_person(feast, name).summary
        assert summary.guardians_total == total
        assert {row.verified_how for row in summary.guardians} <= {"koulun rekisteri"}
    again = import_roster(feast, "E-1", path, apply=True, facts=facts)
    assert not again.changes


def test_fewer_guardians_than_are_listed_are_told_with_the_row(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    path = listed(f"{HEAD}Elle;2.3.2018;Máret;040 1;Ante\nSárá;1.1.2018;Niillas;040 3;\n")
    result = import_roster(feast, "E-1", path, apply=True, facts=GuardianFacts(total=1))
    assert said(result) == [(2, "the number of guardians is 1, but 2 are named")]
    two = import_roster(feast, "E-1", path, apply=True, facts=GuardianFacts(total=2))
    assert two.applied
    assert consents.show_person(feast, "Sárá").summary.guardians_total == 2
    with pytest.raises(InputDataError, match="identity code"):
        import_roster(feast, "E-1", path, facts=GuardianFacts("020304A123B"))


def test_who_left_the_class_is_told(feast: Application, listed: Callable[[str], Path]) -> None:
    import_roster(
        feast, "E-1", listed("nimi;syntynyt\nElle;15.1.2018\nNils;3.3.2018\n"), apply=True
    )
    left = import_roster(feast, "E-1", listed("nimi;syntynyt\nElle;15.1.2018\n"))
    assert left.not_listed == {"H-2": "H-2 Nils"}
    assert roster(feast) == ["Elle", "Nils"]


def test_guardians_of_an_adult_are_left_out_and_told(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    path = listed(f"{HEAD}Elle;2.3.2008;Máret;040 1;Ante\nSárá;1.1.2018;Niillas;040 3;\n")
    result = import_roster(feast, "E-1", path, apply=True, facts=GuardianFacts("register", total=2))
    assert result.applied
    assert [row.no_guardians for row in result.rows] == [("Máret", "Ante"), ()]
    assert [row.name for row in list_persons(feast)] == ["Elle", "Niillas", "Sárá"]
    assert consents.show_person(feast, "Elle").summary.guardians_total is None
    assert result.missing == MissingFacts()


AGES = {
    "Rova Tuula;1.2.2017;;Maija Rova": ("adult", "an adult in the registry, and a child"),
    "Rova Tuula;;alaikäinen;Maija Rova": ("adult", "an adult in the registry, and a child"),
    "Rova Tuula;1.2.1980;;": ("minor", "a child in the registry, and an adult"),
}


@pytest.mark.parametrize("row", AGES)
def test_a_child_of_a_list_is_no_adult_of_the_registry_nor_the_reverse(
    feast: Application, listed: Callable[[str], Path], row: str
) -> None:
    group, told = AGES[row]
    details = PersonDetails(name="Tuula Rova", age_group=AgeGroup(group))
    person = add_person(feast, details).person
    file = listed(f"nimi;syntynyt;ikäryhmä;huoltaja 1\n{row}\n")
    doubtful = import_roster(feast, "E-1", file, apply=True)
    assert found(doubtful) == [RosterMatch.AMBIGUOUS]
    same = RosterDecisions((RowDecision(2, person, is_same=True),))
    result = import_roster(feast, "E-1", file, apply=True, decisions=same)
    assert not result.applied
    [problem] = result.problems
    assert told in str(problem.error)
    [recorded] = list_persons(feast)
    assert (recorded.birth_year, recorded.age_group) == (None, AgeGroup(group))
    assert list_guardians(feast, person) == []
    assert roster(feast) == []
    other = RosterDecisions((RowDecision(2, person, is_same=False),))
    assert import_roster(feast, "E-1", file, apply=True, decisions=other).applied


def test_a_pupil_with_guardians_is_not_taken_for_an_adult_of_the_roster_unasked(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    teacher = create_person(feast, "Tuula Rova")
    events.change_roster(feast, "E-1", add_persons=[teacher], remove_persons=[])
    file = listed("nimi;huoltaja 1\nTuula Rova;Maija Rova\n")
    assert found(import_roster(feast, "E-1", file, apply=True)) == [RosterMatch.AMBIGUOUS]
    same = RosterDecisions((RowDecision(2, teacher, is_same=True),))
    [row] = import_roster(feast, "E-1", file, apply=True, decisions=same).rows
    assert (row.person, row.no_guardians) == (teacher, ("Maija Rova",))


def test_a_second_class_tells_nothing_of_the_first_and_a_newer_list_of_a_class_who_left(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    def imported(*pupils: int) -> RosterImport:
        rows = (f"Oppilas {chr(65 + n)}urinen;{n + 1}.3.2017\n" for n in pupils)
        return import_roster(feast, "E-1", listed("nimi;syntynyt\n" + "".join(rows)), apply=True)

    assert not imported(0, 1, 2, 3).not_listed
    second = imported(4, 5, 6, 3)
    assert (len(second.not_listed), second.left) == (3, ())
    again = imported(0, 1, 2, 7)
    gone = again.left
    assert [again.not_listed[each].split()[-1] for each in gone] == ["Durinen"]
    last = imported(4, 5)
    assert {last.not_listed[each].split()[-1] for each in last.left} == {"Gurinen", "Durinen"}


def test_a_row_that_cannot_be_recorded_leaves_nothing_behind_in_the_others(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    add_child(feast, "Elle", date(2018, 3, 2), ["Máret"])
    path = listed(
        "nimi;syntynyt;kieli;huoltaja 1;yhteystieto 1;huoltaja 2\n"
        "Nils;3.3.2018;fi;Pekka;040 9;\n"
        "Elle;2.3.2018;se;Máret;040 1;Nils\n"
        "Sárá;1.1.2018;fi;Liisa;040 3;\n"
    )
    left_out = RosterDecisions(left_out=frozenset({2}))
    minor = import_roster(feast, "E-1", path, apply=True)
    assert found(minor) == [RosterMatch.NEW, RosterMatch.AMBIGUOUS, RosterMatch.NEW]
    done = import_roster(feast, "E-1", path, apply=True, decisions=left_out)
    assert done.applied
    assert consents.show_person(feast, "Elle").summary.language == "se"
    assert roster(feast) == ["Elle", "Sárá"]


@pytest.fixture
def library(feast: Application, application_for: AtWork) -> Application:
    """Berit of the library; the school's child H-1 is known to Anna only."""
    staff.change_staff(feast, "anna", unit="Hetan koulu")
    anna = application_for("anna")
    add_child(anna, "Elle Valkeapää", date(2018, 3, 2), ["Máret Näkkälä"])
    events.add_event(anna, "Koulun juhla", on=DAY, roster=["H-1"])
    staff.add_staff(feast, login="berit", name="Berit", role=StaffRole.EMPLOYEE, unit="Kirjasto")
    return replace(anna, login="berit", computer_login="berit")


def test_who_could_be_of_another_unit_is_left_to_the_coordinator_and_holds_up_nobody(
    library: Application, feast: Application, listed: Callable[[str], Path]
) -> None:
    events.add_event(library, "Satutunti", on=DAY)
    path = listed("nimi;syntynyt\nElle Valkeapää;\nSárá Đorđi;1.1.2018\n")
    results = [import_roster(library, "Satutunti", path, apply=True) for _again in range(2)]
    for result in results:
        assert result.applied
        assert result.rows[0].found is RosterMatch.FOR_COORDINATOR
        assert (result.rows[0].person, result.rows[0].doubts) == (None, ())
        assert decisions_sheet(result).rows == []
    with feast.reading() as work:
        asked = [e for e in logged(work.session) if e.action == Action.ROSTER_DOUBT_ASKED]
    assert len(asked) == 1
    [item] = [each for each in agenda(feast) if each.kind is AgendaKind.ROSTER_DOUBT]
    assert (item.subject, item.persons) == ("E-3", "H-1")
    assert AgendaKind.ROSTER_DOUBT not in {each.kind for each in agenda(library)}
    other = RosterDecisions((RowDecision(2, "H-1", is_same=False),))
    assert import_roster(feast, "E-3", path, apply=True, decisions=other).applied
    assert AgendaKind.ROSTER_DOUBT not in {each.kind for each in agenda(feast)}
    known = import_roster(library, "Satutunti", path, apply=True)
    assert found(known) == [RosterMatch.MATCHED, RosterMatch.MATCHED]


def test_a_no_about_who_could_be_of_another_unit_stops_the_list(
    library: Application, listed: Callable[[str], Path]
) -> None:
    events.add_event(library, "Satutunti", on=DAY)
    path = listed("nimi;syntynyt;julkaisuesto\nElle Valkeapää;;x\nSárá Đorđi;1.1.2018;\n")
    result = import_roster(library, "Satutunti", path, apply=True)
    assert [row for row, _text in said(result)] == [2]
    assert not result.applied


def long_list(rows: int) -> str:
    lines = (
        f"Elle{tail} Magga;{1 + n % 28}.{1 + n % 12}.{2012 + n % 7};2;"
        f"Inga{tail} Magga;040 {n:07};Niila{tail} Magga;050 {n:07}\n"
        for n in range(rows)
        for tail in ["".join("abdefghijk"[int(digit)] for digit in str(n))]
    )
    head = "nimi;syntynyt;huoltajia;huoltaja 1;yhteystieto 1;huoltaja 2;yhteystieto 2\n"
    return head + "".join(lines)


@pytest.mark.parametrize("refused_by", [RefusedBy.GUARDIANS, RefusedBy.UNKNOWN])
def test_the_number_of_statements_is_the_same_for_any_number_of_noes(
    feast: Application, listed: Callable[[str], Path], refused_by: RefusedBy
) -> None:
    counts = []
    for rows in (5, 60):
        head, *lines = long_list(rows).splitlines()
        noes = "\n".join((f"{head};kuvauslupa", *(f"{line};ei" for line in lines)))
        with recorded_statements() as statements:
            reading = ListReading(refused_by=refused_by)
            result = import_roster(feast, "E-1", listed(noes), apply=True, reading=reading)
        assert result.applied
        assert all({"refusal", "block"} & {*row.changes} for row in result.rows)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 8


def test_the_number_of_statements_is_the_same_for_any_number_of_rows(
    feast: Application, listed: Callable[[str], Path]
) -> None:
    counts = []
    for event, rows in (("E-1", 5), ("E-2", 200)):
        if event != "E-1":
            events.add_event(feast, "Toinen", on=DAY)
        path = listed(long_list(rows))
        for content in (None, long_list(rows).replace("040 ", "041 ")):
            if content:
                path = listed(content)
            with recorded_statements() as statements:
                assert import_roster(feast, event, path, apply=True).applied
            counts.append(len(statements))
    assert rows < ROWS_AT_ONCE
    assert max(counts[2:]) <= max(counts[:2]) + 8
