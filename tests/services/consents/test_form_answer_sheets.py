"""The answers of a whole class in one table: found by their codes, all rows or none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from tests.services.scenes import (
    EMPTY_STREET,
    add_child,
    add_photographer,
    create_person,
    list_all,
    register_photo,
)

from photoreg.registry.tables.people import StaffRole
from photoreg.services.application import Application
from photoreg.services.consents import consents, forms
from photoreg.services.consents.forms import FormOrder
from photoreg.services.organisation import staff
from photoreg.services.photos import events
from photoreg.services.publications.corrections import correct_consent

Run = Callable[..., Result]
MOTHER, FATHER, ADULT = 2, 3, 4
"""The rows of the table: of Elle's guardians H-2 and H-3, and of Inga, who is H-4."""


@pytest.fixture
def book(application: Application, run: Run, tmp_path: Path) -> Path:
    """The table of the three forms that were printed for E-1."""
    elle = add_child(application, "Elle Đorđi", date(2018, 3, 2), ["Máret Đorđi", "Ánte Đorđi"])
    inga = create_person(application, "Inga Boine")
    events.add_event(application, "Feast", on=date(2026, 11, 1), roster=[elle, inga])
    order = FormOrder(tmp_path / "forms", date(2027, 12, 31), event="E-1", roster=True)
    forms.print_forms(application, order)
    path = tmp_path / "answers.xlsx"
    run("sheet", "export", "E-1", "-o", path)
    return path


def fill(path: Path, *rows: tuple[int, dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Answers"]
    headings = [cell.value for cell in sheet[1]]
    for row, cells in rows:
        for heading, value in cells.items():
            sheet.cell(row, headings.index(heading) + 1).value = value
    book.save(path)


PAGE = "kunta-public-page: public_page"
PRINT = "kunta-print: print"
YES = {
    "yes or no": "yes",
    PAGE: "x",
    "information": "x",
    "where the paper is kept": "k 3",
}
NO = {"yes or no": "no"}


def states(application: Application) -> dict[str, str | None]:
    return {row.by: row.status.state for row in list_all(consents.list_consents(application))}


def test_the_table_names_each_form_once(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Answers"]
    rows = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:] for row in rows] == [
        ["Elle Đorđi", "Máret Đorđi"],
        ["Elle Đorđi", "Ánte Đorđi"],
        ["Inga Boine", "Inga Boine"],
    ]
    assert len({row[0] for row in rows}) == 3


def test_a_look_records_nothing_and_apply_records_all(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (MOTHER, YES), (FATHER, NO), (ADULT, {**YES, "the name may be given": "x"}))
    looked = run("sheet", "import", book)
    assert "yes; kunta-public-page; information" in looked.stdout
    assert states(application) == {}
    told = run("sheet", "import", book, "--apply")
    assert "Consent forms recorded: 3." in told.stderr
    assert states(application) == {"H-2": "granted", "H-3": "refused", "H-4": "granted"}
    [mother, *_rest] = list_all(consents.list_consents(application))
    assert (mother.status.until, mother.status.purposes) == ("2027-12-31", ["information"])


def test_what_is_not_filled_in_waits_and_the_same_table_again_changes_nothing(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (MOTHER, YES))
    run("sheet", "import", book, "--apply")
    assert states(application) == {"H-2": "granted"}
    fill(book, (FATHER, NO))
    assert "recorded: 1." in run("sheet", "import", book, "--apply").stderr
    assert "Nothing changed" in run("sheet", "import", book, "--apply").stderr


def test_a_no_of_the_table_stands_though_a_colleague_takes_theirs_back(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (FATHER, NO))
    run("sheet", "import", book, "--apply", login="anna")
    assert "recorded: 1." in run("sheet", "import", book, "--apply").stderr
    assert "Nothing changed" in run("sheet", "import", book, "--apply").stderr
    [corrected] = correct_consent(replace(application, login="anna"), "C-1", statement=1)
    assert not corrected.counts
    assert states(application) == {"H-3": "refused"}


def test_forms_that_came_back_are_not_asked_for_again(run: Run, book: Path, tmp_path: Path) -> None:
    fill(book, (MOTHER, YES))
    run("sheet", "import", book, "--apply")
    run("sheet", "export", "E-1", "-o", tmp_path / "rest.csv", "--answers")
    rest = (tmp_path / "rest.csv").read_text("utf-8-sig")
    assert "Máret" not in rest
    assert "Ánte" in rest


def test_a_child_s_no_on_a_guardian_s_form_is_the_child_s_own(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (MOTHER, {**YES, "the child refuses": "x"}))
    run("sheet", "import", book, "--apply")
    assert states(application) == {"H-2": "granted", "H-1": "refused"}
    assert "Nothing changed" in run("sheet", "import", book, "--apply").stderr


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"yes or no": "maybe"}, "column yes or no"),
        ({PAGE: "x"}, "something is filled in, but yes or no is missing"),
        ({PAGE: "perhaps"}, f"column {PAGE}"),
        ({**YES, "signed on": "2026-10-01"}, "column signed on"),
        ({**YES, "signed on": "2030-01-01"}, "2030-01-01 is in the future"),
        ({**YES, "code": "7K3M-0000-0000"}, "column code"),
        ({**YES, "where the paper is kept": "010190-123A"}, "identity code"),
    ],
)
def test_one_wrong_row_records_nothing_and_is_named(
    application: Application, run: Run, book: Path, cells: dict[str, str], said: str
) -> None:
    fill(book, (MOTHER, YES), (ADULT, cells))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "Row 4" in told
    assert said in told
    assert "nothing was recorded" in told
    assert states(application) == {}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"who is shown": "Elle Đorđi"}, "the row names Elle Đorđi, but the form"),
        ({"who answers": "Máret Đorđi"}, "the row names Máret Đorđi, but the form"),
        ({"who is shown": "H-1"}, "names H-4"),
        ({"who answers": "H-2 Inga Boine"}, "names H-4"),
    ],
)
def test_a_row_that_names_another_than_the_form_records_nothing(
    application: Application, run: Run, book: Path, cells: dict[str, str], said: str
) -> None:
    fill(book, (MOTHER, YES), (ADULT, {**YES, **cells}))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "Row 4, column who" in told
    assert said in told
    assert states(application) == {}


@pytest.mark.engines("sqlite")
def test_whoever_is_on_the_form_may_be_named_by_id_or_in_another_order_or_not_at_all(
    application: Application, run: Run, book: Path
) -> None:
    fill(
        book,
        (MOTHER, {**YES, "who is shown": "h-1", "who answers": "dordi maret"}),
        (FATHER, {**NO, "who is shown": None, "who answers": "a guardian"}),
        (ADULT, {**YES, "who is shown": "H-4 Inga Boine"}),
    )
    run("sheet", "import", book, "--apply")
    assert states(application) == {"H-2": "granted", "H-3": "refused", "H-4": "granted"}


@pytest.mark.engines("sqlite")
def test_somebody_of_another_unit_learns_no_name_by_writing_it_into_a_row(
    application: Application, run: Run, book: Path
) -> None:
    events.change_event(application, "E-1", unit="School", new_unit=True)
    staff.add_staff(
        application,
        login="berit",
        name="Berit",
        role=StaffRole.EMPLOYEE,
        unit="Library",
        new_unit=True,
    )
    told = []
    for name in ("Inga Boine", "Ville Virtanen"):
        fill(book, (ADULT, {**NO, "who is shown": name, "who answers": name}))
        output = run("sheet", "import", book, "--apply", exit_code=9, login="berit").stderr
        told.append(output.replace(name, "NAME"))
    assert told[0] == told[1]
    fill(book, (ADULT, {**NO, "who is shown": "H-4", "who answers": "H-4"}))
    run("sheet", "import", book, "--apply", login="berit")
    assert states(application) == {"H-4": "refused"}


def test_all_that_is_wrong_in_a_row_is_reported_at_once(run: Run, book: Path) -> None:
    wrong = {"yes or no": "maybe", PRINT: "perhaps", "signed on": "2026-31-12"}
    fill(book, (ADULT, {**wrong, "information": "x", "code": "7K3M-0000-0000"}))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    for column in (*wrong, "code"):
        assert f"Row 4, column {column}" in told
    assert "rows with errors: 1" in told
    assert "something is filled in, but yes or no is missing" not in told


def test_with_photos_in_the_same_workbook_the_sheet_is_named(
    application: Application, run: Run, book: Path, tmp_path: Path
) -> None:
    add_photographer(application)
    register_photo(application, tmp_path, replace(EMPTY_STREET, event="E-1"))
    run("sheet", "export", "E-1", "-o", book, "--overwrite")
    fill(book, (ADULT, {"yes or no": "maybe"}))
    told = run("sheet", "import", book, exit_code=9).stderr
    assert "Sheet Answers, row 4, column yes or no" in told
    fill(book, (ADULT, {"yes or no": "=1+1"}))
    told = run("sheet", "import", book, exit_code=9).stderr
    assert "row 4, column Answers!D: the cell has a formula" in told


def test_an_answer_is_not_overwritten_by_another_table(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (MOTHER, NO))
    run("sheet", "import", book, "--apply")
    fill(book, (MOTHER, YES))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "the answer on this form is already recorded and differs" in told
    assert states(application) == {"H-2": "refused"}


def test_the_same_form_in_two_rows_is_refused(run: Run, book: Path) -> None:
    code = openpyxl.load_workbook(book)["Answers"].cell(MOTHER, 1).value
    fill(book, (MOTHER, YES), (FATHER, {**NO, "code": code}))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "row 2 concerns the same form" in told


def test_a_yes_after_a_no_needs_the_day_on_the_paper(
    application: Application, run: Run, book: Path
) -> None:
    run("consent", "withdraw", "--for", "Inga Boine", "--event", "E-1")
    fill(book, (ADULT, YES))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "a refusal or withdrawal is recorded on 20" in told
    assert "Row 4, column signed on" in told
    assert states(application) == {"H-4": "withdrawn"}


@pytest.mark.parametrize(
    "cells",
    [
        {"yes or no": "yes", "information": "x"},
        {"yes or no": "yes", PAGE: "x"},
        {"yes or no": "yes"},
        {"signed on": "TODAY"},
    ],
)
def test_signed_without_a_tick_for_channels_or_purposes_is_a_no(
    application: Application, run: Run, book: Path, cells: dict[str, str]
) -> None:
    with application.reading() as work:
        today = work.today.isoformat()
    on_paper = {key: today if value == "TODAY" else value for key, value in cells.items()}
    fill(book, (ADULT, on_paper))
    run("sheet", "import", book, "--apply")
    assert states(application) == {"H-4": "refused"}
    assert "Nothing changed" in run("sheet", "import", book, "--apply").stderr


def test_a_paper_without_a_yes_or_no_is_asked_about_and_an_empty_row_is_told(
    application: Application, run: Run, book: Path
) -> None:
    told = run("sheet", "import", book, "--apply").stderr
    assert "no row of the table is filled in" in told
    assert "without an answer: 3." in told
    assert "already" not in told
    fill(book, (ADULT, {"where the paper is kept": "k 3"}))
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "something is filled in, but yes or no is missing" in told
    assert states(application) == {}


@pytest.mark.parametrize("row_above", [True, False])
def test_a_sheet_of_answers_whose_headings_are_not_found_is_refused_by_name(
    application: Application, run: Run, book: Path, row_above: bool
) -> None:
    fill(book, (ADULT, NO))
    opened = openpyxl.load_workbook(book)
    if row_above:
        opened["Answers"].insert_rows(1)
    opened["Answers"]["A1"] = "Code of the form"
    opened.save(book)
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "sheet Answers: the column photo is missing in the first row, or code" in told
    assert states(application) == {}


def test_a_table_without_a_column_for_what_a_form_asks_records_no_yes(
    application: Application, run: Run, book: Path
) -> None:
    fill(book, (ADULT, YES))
    opened = openpyxl.load_workbook(book)
    headings = [cell.value for cell in opened["Answers"][1]]
    opened["Answers"].delete_cols(headings.index(PRINT) + 1)
    opened.save(book)
    told = run("sheet", "import", book, "--apply", exit_code=9).stderr
    assert "the form asks about kunta-print, for which the table has no column" in told
    assert states(application) == {}
