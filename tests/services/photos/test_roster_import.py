"""Class lists: looked at, then recorded on the roster, all of it or nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tests.logged import logged
from tests.services.scenes import add_child, create_person

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ledger import Action
from photoreg.registry.tables.people import GuardianBasis
from photoreg.services.application import Application
from photoreg.services.consents import consents
from photoreg.services.people import blocks, persons
from photoreg.services.people.guardians import end_guardian, list_guardians
from photoreg.services.photos import events, roster_consents, roster_import
from photoreg.services.photos.rosters.results import (
    RosterDecisions,
    RosterImport,
    RosterMatch,
    RowDecision,
)

AtWork = Callable[[str], Application]
CLASS = (
    "Nimi;Syntynyt;Huoltajia;Huoltaja 1;Yhteystieto 1;Varmistettu 1;Huoltaja 2;Yhteystieto 2;"
    "Kieli;Luokka\n"
    "Elle Valkeapää;2.3.2018;2;Máret Näkkälä;040 1;väestötieto;Ante Valkeapää;040 2;fi;2a\n"
    "Áilu Valkeapää;2019-04-05;2;Máret Näkkälä;040 1;;Ante Valkeapää;040 2;se;2a\n"
    "Sárá Đorđi;1.1.2018;1;Niillas Đorđi;040 3;;;;;2a\n"
)


@pytest.fixture
def feast(application: Application) -> Application:
    """E-1 with an empty roster."""
    events.add_event(application, "Kevätjuhla", on=date(2026, 5, 30))
    return application


def the_list(folder: Path, content: str = CLASS) -> Path:
    path = folder / "class.csv"
    path.write_text(content, "utf-8")
    return path


def found(result: RosterImport) -> list[tuple[int, RosterMatch]]:
    return [(row.row, row.found) for row in result.rows]


def said(result: RosterImport) -> list[tuple[int, str, str, str]]:
    return [(p.row, p.column, p.subject, str(p.error)) for p in result.problems]


def decided(row: int, who: str, *, is_same: bool) -> RosterDecisions:
    return RosterDecisions((RowDecision(row, who, is_same),))


def names(application: Application) -> list[str]:
    return [row.name for row in persons.list_persons(application)]


def actions(application: Application) -> list[str]:
    """Return what was changed, without who looked, which is logged as well."""
    with application.reading() as work:
        return [entry.action for entry in logged(work.session)]


def test_a_look_shows_what_is_new_and_changes_nothing(feast: Application, tmp_path: Path) -> None:
    before = actions(feast)
    result = roster_import.import_roster(feast, "Kevätjuhla", the_list(tmp_path))
    assert found(result) == [(2, RosterMatch.NEW), (3, RosterMatch.NEW), (4, RosterMatch.NEW)]
    assert (result.applied, result.problems, result.not_read) == (False, (), ())
    assert set(result.rows[0].changes) == {"person", "guardian", "roster"}
    assert names(feast) == []
    assert actions(feast) == before


def test_a_list_brings_children_guardians_and_roster(feast: Application, tmp_path: Path) -> None:
    before = len(actions(feast))
    assert roster_import.import_roster(feast, "E-1", the_list(tmp_path), apply=True).applied
    assert names(feast) == [
        *("Áilu Valkeapää", "Ante Valkeapää", "Elle Valkeapää", "Máret Näkkälä"),
        *("Niillas Đorđi", "Sárá Đorđi"),
    ]
    roster = [row.name for row in roster_consents.roster_consents(feast, "E-1")]
    assert roster == ["Elle Valkeapää", "Áilu Valkeapää", "Sárá Đorđi"]
    guardians = list_guardians(feast, "Elle Valkeapää")
    assert [(g.name, g.basis, g.verified_how) for g in guardians] == [
        ("Máret Näkkälä", GuardianBasis.PARENT, "väestötieto"),
        ("Ante Valkeapää", GuardianBasis.PARENT, None),
    ]
    siblings = list_guardians(feast, "Áilu Valkeapää")
    assert [g.guardian for g in siblings] == [g.guardian for g in guardians]
    logged = actions(feast)[before:]
    assert logged.count(Action.PERSON_ADDED) == 6
    assert logged.count(Action.GUARDIAN_ADDED) == 5
    assert logged.count(Action.EVENT_CHANGED) == 1
    assert len(logged) == 12


def test_the_same_list_again_changes_nothing(feast: Application, tmp_path: Path) -> None:
    roster_import.import_roster(feast, "E-1", the_list(tmp_path), apply=True)
    before = actions(feast)
    again = roster_import.import_roster(feast, "E-1", the_list(tmp_path), apply=True)
    assert {row.found for row in again.rows} == {RosterMatch.MATCHED}
    assert again.applied
    assert not again.changes
    assert actions(feast) == before


def test_a_list_adds_what_was_missing_and_overwrites_nothing(
    feast: Application, tmp_path: Path
) -> None:
    child = add_child(feast, "Elle Valkeapää", date(2018, 3, 2), ["Máret Näkkälä"])
    content = CLASS.replace(";2;Máret Näkkälä;040 1;väestötieto", ";3;Máret Näkkälä;040 1;")
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert result.rows[0].person == child
    assert set(result.rows[0].changes) == {"contact", "guardian", "language", "roster"}
    assert result.rows[0].differs == ("guardians",)
    guardians = list_guardians(feast, child)
    assert [g.verified_how for g in guardians] == ["population register", None]
    assert consents.show_person(feast, child).summary.guardians_total == 1


def test_a_guardian_who_is_none_any_more_does_not_come_back(
    feast: Application, tmp_path: Path
) -> None:
    child = add_child(feast, "Elle Valkeapää", date(2018, 3, 2), ["Máret Näkkälä"])
    end_guardian(feast, child, "Máret Näkkälä")
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path), apply=True)
    assert "guardian" in result.rows[0].differs
    assert list_guardians(feast, child)[0].last_day == "2026-11-01"


def test_a_proof_in_the_list_verifies_a_guardian_who_was_recorded_without(
    feast: Application, tmp_path: Path
) -> None:
    content = CLASS.replace("väestötieto", "")
    roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path), apply=True)
    assert result.rows[0].changes == ("verified",)
    assert list_guardians(feast, "Elle Valkeapää")[0].verified_how == "väestötieto"


@pytest.mark.parametrize("born", [date(2017, 3, 2), None])
def test_somebody_of_the_same_name_is_doubtful_and_somebody_decides(
    feast: Application, tmp_path: Path, born: date | None
) -> None:
    known = create_person(feast, "elle VALKEAPÄÄ", born)
    content = "name,born\nElle Valkeapää,2018-03-02\nSárá,2018-01-01\n"
    looked = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert found(looked) == [(2, RosterMatch.AMBIGUOUS), (3, RosterMatch.NEW)]
    assert [d.persons for d in looked.rows[0].possible_matches] == [(known,)]
    assert not looked.applied
    assert roster_consents.roster_consents(feast, "E-1") == []

    def apply(*, is_same: bool) -> list[str]:
        choice = decided(2, known, is_same=is_same)
        path = the_list(tmp_path, content)
        assert roster_import.import_roster(feast, "E-1", path, apply=True, decisions=choice).applied
        return [row.person for row in roster_consents.roster_consents(feast, "E-1")]

    assert apply(is_same=True) == [known, "H-2"]
    if born is None:
        assert persons.list_persons(feast)[0].born == "2018-03-02"
    else:
        assert apply(is_same=False) == [known, "H-2", "H-3"]
    before = actions(feast)
    apply(is_same=born is None)
    assert actions(feast) == before


def test_a_doubtful_identity_is_decided_for_its_own_row_and_person(
    feast: Application, tmp_path: Path
) -> None:
    known = create_person(feast, "Elle", date(2017, 3, 2))
    create_person(feast, "Sárá", date(2017, 3, 2))
    path = the_list(tmp_path, "name,born\nElle,2018-03-02\nSárá,2018-01-01\n")
    result = roster_import.import_roster(
        feast,
        "E-1",
        path,
        apply=True,
        decisions=decided(2, known, is_same=False),
    )
    assert found(result) == [(2, RosterMatch.NEW), (3, RosterMatch.AMBIGUOUS)]
    assert not result.applied
    unasked = decided(3, known, is_same=True)
    wrong = roster_import.import_roster(feast, "E-1", path, apply=True, decisions=unasked)
    assert not wrong.applied
    with pytest.raises(InputDataError, match="nobody on row 9"):
        roster_import.import_roster(feast, "E-1", path, decisions=decided(9, known, is_same=True))


def test_the_same_child_in_another_order_or_spelling_is_doubtful(
    feast: Application, tmp_path: Path
) -> None:
    known = add_child(feast, "Elle-Mai Valkeapää", date(2018, 1, 15), ["Máret Valkeapää"])
    for name in (
        *("Valkeapää Elle-Mai", "Elle\u2011Mai Valkeapaa", "Elle Mai Valkeapää"),
        *("Elle\u034f-Mai Valkeapää", "Ｅｌｌｅ－Ｍａｉ\u00a0Ｖａｌｋｅａｐää"),
    ):
        path = the_list(tmp_path, f"nimi;syntynyt\n{name};15.1.2018\n")
        [row] = roster_import.import_roster(feast, "E-1", path, apply=True).rows
        known_again = row.found is RosterMatch.MATCHED and row.person == known
        doubtful = [match.persons for match in row.possible_matches] == [(known,)]
        assert known_again or doubtful, name


def test_a_new_surname_with_a_guardian_s_phone_is_doubtful_but_twins_are_not(
    feast: Application, tmp_path: Path
) -> None:
    head = "nimi;syntynyt;huoltaja 1;yhteystieto 1\n"
    twins = (
        f"{head}Elle Magga;15.1.2018;Máret Magga;040-123 4567\n"
        "Anne Magga;15.1.2018;Máret Magga;0401234567\n"
    )
    assert roster_import.import_roster(feast, "E-1", the_list(tmp_path, twins), apply=True).applied
    renamed = f"{head}Elle Aikio;15.1.2018;M. Aikio;+358 40 1234567\n"
    [row] = roster_import.import_roster(feast, "E-1", the_list(tmp_path, renamed)).rows
    assert row.found is RosterMatch.AMBIGUOUS
    assert row.possible_matches[0].persons == ("H-1", "H-3")


def test_a_list_sets_blocks_and_does_not_reveal_whether_there_was_one(
    feast: Application, application_for: AtWork, tmp_path: Path
) -> None:
    path = the_list(tmp_path, "nimi;syntynyt;julkaisuesto\nElle;2.3.2018;kyllä\nSárá;1.1.2018;ei\n")
    first = roster_import.import_roster(feast, "E-1", path, apply=True)
    again = roster_import.import_roster(feast, "E-1", path, apply=True)
    assert [row.changes[-1] for row in (first.rows[0], again.rows[0])] == ["roster", "block"]
    assert "block" in first.rows[0].changes
    listed = blocks.list_blocks(application_for("kaisa"))
    assert [row.name for row in listed] == ["Elle"]


def test_a_child_without_a_birth_date_is_known_again_on_the_roster(
    feast: Application, tmp_path: Path
) -> None:
    path = the_list(tmp_path, "nimi;ikäryhmä\nElle;alaikäinen\n")
    roster_import.import_roster(feast, "E-1", path, apply=True)
    again = roster_import.import_roster(feast, "E-1", path, apply=True)
    assert (found(again), again.changes) == ([(2, RosterMatch.MATCHED)], False)
    events.add_event(feast, "Toinen", on=date(2026, 6, 1))
    elsewhere = roster_import.import_roster(feast, "Toinen", path)
    assert found(elsewhere) == [(2, RosterMatch.AMBIGUOUS)]


def test_guardians_of_one_name_are_one_only_with_the_same_contact(
    feast: Application, tmp_path: Path
) -> None:
    content = (
        "name,born,guardian 1,contact 1\n"
        "Elle,2018-03-02,Matti Virtanen,040 1\n"
        "Sárá,2018-01-01,Matti Virtanen,040 2\n"
    )
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content))
    assert found(result) == [(2, RosterMatch.NEW), (3, RosterMatch.AMBIGUOUS)]
    [doubt] = result.rows[1].possible_matches
    assert (doubt.who, doubt.persons, doubt.rows) == ("Matti Virtanen", (), (2,))
    path = the_list(tmp_path, content)
    other = decided(3, "2", is_same=False)
    roster_import.import_roster(feast, "E-1", path, apply=True, decisions=other)
    assert names(feast).count("Matti Virtanen") == 2


def test_of_several_with_the_same_name_one_is_chosen_by_id(
    feast: Application, tmp_path: Path
) -> None:
    create_person(feast, "Elle", date(2016, 1, 1))
    create_person(feast, "Elle", date(2017, 1, 1), others=["H-1"])
    path = the_list(tmp_path, "name,born\nElle,2018-03-02\n")
    both = tuple(RowDecision(2, each, is_same=True) for each in ("H-1", "H-2"))
    doubtful, decided = (
        roster_import.import_roster(
            feast, "E-1", path, apply=True, decisions=RosterDecisions(given)
        )
        for given in (both, both[1:])
    )
    assert found(doubtful) == [(2, RosterMatch.AMBIGUOUS)]
    assert (decided.applied, decided.rows[0].person) == (True, "H-2")


HEAD = "nimi;syntynyt;huoltajia;huoltaja 1;yhteystieto 1;peruste 1\n"


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ("Elle;31.2.2018;;;;", "syntynyt", "31.2.2018 is not a date"),
        ("Elle;2.3.2027;;;;", "syntynyt", "2027-03-02 cannot be a birth date"),
        ("Elle;2.3.1899;;;;", "syntynyt", "1899-03-02 cannot be a birth date"),
        ("Elle;2.3.2018;two;;;", "huoltajia", "two is not a whole number"),
        ("Elle;2.3.2018;21;;;", "huoltajia", "21"),
        ("Elle;2.3.2018;0;Máret;;", "huoltajia", "the number of guardians is 0, but 1 are named"),
        ("Elle;2.3.2018;;Máret;;aunt", "peruste 1", "aunt is not an allowed value"),
        ("Elle;2.3.2018;;;040 1;", "yhteystieto 1", "the guardian's name is missing beside it"),
        ("Elle;2.3.2018;;Máret;020304A123B;", "yhteystieto 1", "personal identity code"),
        ("Elle;2.3.2018;;ELLE ;;", "huoltaja 1", "named as their own guardian"),
        ("Elle;2.3.2018;;Ell?;;", "huoltaja 1", "a letter of the name was lost"),
        (";2.3.2018;;;;", "nimi", "the name is missing"),
    ],
)
def test_a_wrong_row_is_reported_with_its_column_and_nothing_is_recorded(
    feast: Application, tmp_path: Path, row: str, column: str, text: str
) -> None:
    content = f"{HEAD}Sárá;1.1.2018;1;Niillas;040 3;parent\n{row}\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert found(result) == [(2, RosterMatch.NEW), (3, RosterMatch.WRONG)]
    [(number, heading, who, message)] = said(result)
    assert (number, heading, who) == (3, column, row.partition(";")[0])
    assert text in message
    assert not result.applied
    assert names(feast) == []


@pytest.mark.parametrize(
    ("age", "is_wrong"), [("aikuinen", True), ("alaikäinen", False), ("", False)]
)
def test_an_age_group_must_fit_the_birth_date(
    feast: Application, tmp_path: Path, age: str, is_wrong: bool
) -> None:
    content = f"nimi;syntynyt;ikäryhmä\nElle;2.3.2018;{age}\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    columns = [column for _row, column, _who, _text in said(result)]
    assert columns == (["ikäryhmä"] if is_wrong else [])
    assert result.applied is not is_wrong


def test_everything_that_is_wrong_is_reported_at_once(feast: Application, tmp_path: Path) -> None:
    content = f"{HEAD}Elle;soon;two;;;\nElle;2.3.2018;;;;\nÁilu;;;;;\nelle;2018-03-02;;;;\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content))
    assert [(row, column) for row, column, _who, _text in said(result)] == [
        *((2, "syntynyt"), (2, "huoltajia"), (5, "nimi")),
    ]
    assert said(result)[-1][-1] == "row 3 concerns the same person"


def test_a_guardian_who_is_the_child_or_is_named_twice_is_wrong(
    feast: Application, tmp_path: Path
) -> None:
    content = "name,born,guardian 1,contact 1,guardian 2,contact 2\nElle,2018-03-02,M,1,M,1\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert [row for row, *_rest in said(result)] == [2]
    assert names(feast) == []


def test_a_pupil_in_the_column_of_a_guardian_is_doubtful(
    feast: Application, tmp_path: Path
) -> None:
    content = f"{HEAD}Elle;2.3.2018;;Máret;;\nÁilu;5.4.2019;;Elle;;\n"
    path = the_list(tmp_path, content)
    result = roster_import.import_roster(feast, "E-1", path)
    assert found(result) == [(2, RosterMatch.NEW), (3, RosterMatch.AMBIGUOUS)]
    matched = roster_import.import_roster(
        feast,
        "E-1",
        path,
        apply=True,
        decisions=decided(3, "2", is_same=True),
    )
    [(row, column, who, text)] = said(matched)
    assert (row, column, who) == (3, "huoltaja 1", "Áilu")
    assert "is a minor and cannot be a guardian" in text
    assert names(feast) == []
    other = decided(3, "2", is_same=False)
    new = roster_import.import_roster(feast, "E-1", path, apply=True, decisions=other)
    assert new.applied


def test_two_rows_about_one_person_name_the_row_before(feast: Application, tmp_path: Path) -> None:
    content = f"{HEAD}Elle;2.3.2018;;;;\nÁilu;5.4.2019;;;;\nELLE;2.3.2018;;Máret;;\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert said(result) == [(4, "nimi", "ELLE", "row 2 concerns the same person")]
    assert names(feast) == []


def test_an_excel_class_list_is_read_with_excel_s_days_and_numbers(
    feast: Application, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name ", "Date of birth", "Number of guardians", "1. guardian"])
    book.worksheets[0].append(["Elle", date(2018, 3, 2), 2.0, "Máret"])
    book.worksheets[0].append(["  ", None, None, None])
    book.save(tmp_path / "class.xlsx")
    assert roster_import.import_roster(feast, "E-1", tmp_path / "class.xlsx", apply=True).applied
    shown = consents.show_person(feast, "Elle")
    assert (shown.summary.born, shown.summary.guardians_total) == ("2018-03-02", 2)
    assert [guardian.name for guardian in shown.summary.guardians] == ["Máret"]


def test_a_contact_that_excel_made_a_number_is_wrong(feast: Application, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["name", "born", "guardian 1", "contact 1"])
    book.worksheets[0].append(["Elle", date(2018, 3, 2), "Máret", 401234567])
    book.save(tmp_path / "class.xlsx")
    result = roster_import.import_roster(feast, "E-1", tmp_path / "class.xlsx")
    assert said(result)[0][:3] == (2, "contact 1", "Elle")


def test_a_table_without_names_is_no_class_list(feast: Application, tmp_path: Path) -> None:
    with pytest.raises(InputDataError, match="the column nimi") as refused:
        roster_import.import_roster(feast, "E-1", the_list(tmp_path, "etunimi;ikä\nElle;8\n"))
    assert "huoltaja 1" in str(refused.value.values["known"])


def test_only_those_who_record_may_read_a_list(
    feast: Application, application_for: AtWork, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        roster_import.import_roster(application_for("tarja"), "E-1", the_list(tmp_path))
    with pytest.raises(NotFound):
        roster_import.import_roster(feast, "E-9", the_list(tmp_path))


def test_the_language_of_each_is_taken_from_the_list(feast: Application, tmp_path: Path) -> None:
    content = (
        "Nimi;Syntynyt;Huoltajia;Kieli;Huoltaja 1;Kieli 1;Huoltaja 2;Kieli 2\n"
        "Elle Valkeapää;2.3.2018;2;Pohjoissaame;Máret Näkkälä;ruotsi;Ante Valkeapää;\n"
    )
    roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    languages = [
        consents.show_person(feast, name).summary.language for name in ("H-1", "H-2", "H-3")
    ]
    assert languages == ["se", "sv", None]
    again = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert not again.changes
    other = content.replace("Pohjoissaame", "suomi")
    [row] = roster_import.import_roster(feast, "E-1", the_list(tmp_path, other), apply=True).rows
    assert row.differs == ("language",)


def test_a_language_without_forms_is_named_with_row_and_column(
    feast: Application, tmp_path: Path
) -> None:
    content = "Nimi;Kieli\nElle Valkeapää;klingon\n"
    result = roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    [(row, column, who, _text)] = said(result)
    assert (row, column, who) == (2, "Kieli", "Elle Valkeapää")
    assert not result.applied


@pytest.mark.parametrize(
    ("headings", "both"),
    [
        ("nimi;Huoltajia;Number of guardians", "Huoltajia and Number of guardians"),
        ("nimi;kieli;asiointikieli", "kieli and asiointikieli"),
        ("nimi;huoltaja;kieli;asiointikieli;language", "asiointikieli and language"),
        ("oppilas;lapsi", "oppilas and lapsi"),
    ],
)
def test_two_columns_that_mean_the_same_are_refused(
    feast: Application, tmp_path: Path, headings: str, both: str
) -> None:
    content = f"{headings}\nElle Valkeapää{';' * headings.count(';')}\n"
    with pytest.raises(InputDataError, match=both):
        roster_import.import_roster(feast, "E-1", the_list(tmp_path, content), apply=True)
    assert names(feast) == []


def test_a_guardian_with_a_number_out_of_range_is_not_passed_by(
    feast: Application, tmp_path: Path
) -> None:
    content = "nimi;huoltaja 0\nElle Valkeapää;Máret Näkkälä\n"
    with pytest.raises(InputDataError, match="huoltaja 0"):
        roster_import.import_roster(feast, "E-1", the_list(tmp_path, content))
