"""`sheet` as users see it: out, filled in, and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from click.testing import Result
from tests.services.scenes import register_photo

from photoreg.imaging.reading import describe_metadata, read_photo
from photoreg.presentation.views.all import VIEWS
from photoreg.services.application import Application
from photoreg.services.photos.answers import PhotoAnswers

Run = Callable[..., Result]


@pytest.fixture
def feast(run: Run, application: Application, tmp_path: Path) -> Run:
    """E-1 with P-1 and P-2, and on its roster two whose names are trouble."""
    run("person", "add", "Áile Đorđi-Näkkäläjärvi", "--adult")
    run("person", "add", "=2+5; Áŋŋel", "--adult")
    run(
        *("event", "add", "Kevätjuhla", "--on", "30.5.2026", "--place", "school_or_daycare"),
        *("--confidential", "none", "--person", "H-1", "--person", "H-2"),
    )
    for name in ("=one.jpg", "two.jpg"):
        register_photo(application, tmp_path, PhotoAnswers(event="Kevätjuhla"), name)
    run("photo", "tag", "P-1", "--person", "H-1", "--person", "H-2")
    run("photo", "answer", "P-1", "--credit", "@Áile", "--count", "2", "--sensitive", "no")
    return run


@pytest.mark.parametrize("name", ["feast.xlsx", "feast.csv"])
@pytest.mark.parametrize(("out", "back"), [("en", "fi"), ("fi", "en")])
def test_a_sheet_that_comes_back_as_it_went_changes_nothing(
    feast: Run, tmp_path: Path, name: str, out: str, back: str
) -> None:
    feast("--lang", out, "sheet", "export", "E-1", "-o", tmp_path / name)
    log = feast("audit", "log", "--format", "csv", "--plain").stdout
    done = feast("--lang", back, "sheet", "import", tmp_path / name, "--apply", "--format", "json")
    assert json.loads(done.stdout)["items"] == []
    assert feast("audit", "log", "--format", "csv", "--plain").stdout == log


def test_a_workbook_is_filled_in_with_labels_and_read_back(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.xlsx"
    exported = feast("sheet", "export", "E-1", "-o", path)
    assert "Photos in the table: 2." in exported.stderr
    book = openpyxl.load_workbook(path)
    sheet = book["Photos"]
    column = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, column["file"]).value == "'=one.jpg"
    sheet.cell(3, column["shot"]).value = "a person is the subject "
    sheet.cell(3, column["people"]).value = "somebody can be recognised"
    sheet.cell(3, column["how many can be recognised"]).value = 1.0
    sheet.cell(3, column["names"]).value = "áile đorđi-näkkäläjärvi"
    sheet.cell(3, column["sensitive"]).value = False
    book.save(path)
    looked = feast("sheet", "import", path)
    assert "H-1 Áile Đorđi-Näkkäläjärvi" in looked.stdout
    assert f"→ photoreg sheet import {path} --apply" in looked.stderr
    assert "Đorđi" not in feast("show", "P-2").stdout
    done = feast("sheet", "import", path, "--apply")
    assert "Recorded. Photos changed: 1." in done.stderr
    assert "Đorđi" in feast("show", "P-2").stdout
    again = feast("sheet", "import", path, "--apply")
    assert "Nothing changed" in again.stderr


def test_labels_to_choose_from_are_in_the_second_sheet(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.xlsx"
    feast("--lang", "fi", "sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    words = {c.value for row in book["Sanat"].iter_rows() for c in row}
    assert {"yleiskuva", "kyllä", "ei"} <= words
    assert len(book.worksheets[0].data_validations.dataValidation) == 9


def test_wrong_rows_are_reported_and_nothing_is_recorded(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.csv"
    path.write_text("photo,place,names\nP-2,,H-1\nP-1,moon,Nils; H-9\nP-7,sun,x\n", "utf-8")
    done = feast("sheet", "import", path, "--apply", exit_code=9)
    assert "Row 3, column place (P-1): moon is not an allowed value in this column" in done.stderr
    assert done.stderr.count("Row 3, column names (P-1)") == 2
    assert "Row 4, column photo (P-7): P-7 is not in the registry" in done.stderr
    assert "Row 4, column place (P-7): sun is not an allowed value in this column" in done.stderr
    assert "nothing was recorded; rows with errors: 2" in done.stderr
    assert "H-1" not in feast("show", "P-2").stdout


def test_a_formula_is_refused_with_its_place(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.xlsx"
    feast("sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C3"] = "=A1"
    book.save(path)
    done = feast("sheet", "import", path, "--apply", exit_code=9)
    assert "row 3, column Photos!C: the cell has a formula" in done.stderr


def test_what_is_given_to_programs_keeps_its_schema(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.csv"
    path.write_text("photo,names\nP-2,H-2\nP-1,H-1\n", "utf-8")
    done = feast("sheet", "import", path, "--format", "json")
    data = json.loads(done.stdout)
    jsonschema.validate(data, VIEWS["sheet-import"].schema())
    assert [row["persons"] for row in data["items"]] == [["H-2"], []]
    assert data["items"][1]["not_in_sheet"] == ["H-2"]


def test_a_name_that_was_cleared_is_told_with_how_to_take_the_person_out(
    feast: Run, tmp_path: Path
) -> None:
    path = tmp_path / "feast.xlsx"
    feast("sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    column = {cell.value: cell.column for cell in book["Photos"][1]}
    book["Photos"].cell(2, column["names"]).value = None
    book.save(path)
    told = feast("sheet", "import", path, "--apply")
    assert "H-1 Áile Đorđi-Näkkäläjärvi" in told.stdout
    assert "H-1 Áile Đorđi-Näkkäläjärvi is named in P-1 and not in the table (row 2)" in told.stderr
    assert "→ photoreg photo untag P-1 --person H-1" in told.stderr
    assert "Đorđi" in feast("show", "P-1").stdout


def test_names_without_a_count_are_told_with_their_rows(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.csv"
    path.write_text("photo,names\nP-2,Áile Đorđi-Näkkäläjärvi\nP-1,H-1\n", "utf-8")
    for more in ((), ("--apply",)):
        told = feast("sheet", "import", path, *more).stderr
        assert "column “how many can be recognised” is empty" in told
        assert "not complete: row 2." in told


def test_a_table_in_which_nothing_is_filled_in_is_told_to_be_empty(
    feast: Run, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("photo,place,names\nP-2,,\n", "utf-8")
    told = feast("sheet", "import", empty, "--apply").stderr
    assert "no row of the table is filled in" in told
    assert "already" not in told
    answers = tmp_path / "answers.xlsx"
    feast("template", "answers", "-o", answers)
    for command in (("sheet", "import"), ("consent", "record", "--codes")):
        told = feast(*command, answers, exit_code=9).stderr
        assert "only its example row is filled in" in told
        assert "Fill in a row for each form" in told


def test_one_cause_is_told_once_with_its_rows(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.csv"
    path.write_text("photo,place\nP-2,moon\nP-1,moon\nP-9,\n", "utf-8")
    told = feast("sheet", "import", path, exit_code=9).stderr
    assert told.count("moon is not an allowed value") == 1
    assert "Rows 2, 3, column place: moon" in told
    assert "Row 4, column photo (P-9)" in told


def test_an_event_without_photos_makes_no_sheet(feast: Run, tmp_path: Path) -> None:
    feast("event", "add", "Toinen", "--on", "1.6.2026")
    done = feast("sheet", "export", "Toinen", "-o", tmp_path / "none.csv")
    assert "the list is empty" in done.stderr
    assert not (tmp_path / "none.csv").exists()


def test_small_pictures_are_written_beside_the_table_without_what_photos_hide(
    feast: Run, tmp_path: Path
) -> None:
    path, folder = tmp_path / "feast.xlsx", tmp_path / "small"
    (tmp_path / "two.jpg").unlink()
    told = feast("sheet", "export", "E-1", "-o", path, "--thumbnails", folder)
    assert "missing or changed: 1." in told.stderr
    assert [file.name for file in folder.iterdir()] == ["P-1.jpg"]
    assert folder.stat().st_mode & 0o077 == (folder / "P-1.jpg").stat().st_mode & 0o077 == 0
    reading = read_photo(folder / "P-1.jpg")
    assert max(reading.width, reading.height) <= 320
    assert not reading.gps_present
    assert describe_metadata(folder / "P-1.jpg") == {}
    sheet = openpyxl.load_workbook(path)["Photos"]
    column = {cell.value: cell.column for cell in sheet[1]}["small picture"]
    assert [sheet.cell(row, column).value for row in (2, 3)] == ["P-1.jpg", None]
    assert "Nothing changed" in feast("sheet", "import", path, "--apply").stderr


def _title_row(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "Filled in by Anna"


def _renamed(sheet: Any) -> None:
    sheet["A1"] = "number"


def _further_column(sheet: Any) -> None:
    sheet.cell(1, sheet.max_column + 1).value = "must not be shown"


def _further_row(sheet: Any) -> None:
    sheet.append(["", "Elle"])


@pytest.mark.parametrize(
    ("named", "change", "told"),
    [
        ("Photos", _title_row, "the column photo is missing in the first row"),
        ("Photos", _renamed, "the column photo is missing in the first row"),
        ("Photos", _further_column, "headings that are not understood: must not be shown"),
        ("Names", _further_row, "only for looking up"),
        ("Words", _further_row, "holds more than the words to choose from"),
        ("Sheet7", _further_row, "the column photo is missing in the first row"),
    ],
)
def test_no_sheet_and_no_heading_is_passed_by(
    feast: Run, tmp_path: Path, named: str, change: Callable[[Any], None], told: str
) -> None:
    path = tmp_path / "feast.xlsx"
    feast("sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    sheet = book[named] if named in book.sheetnames else book.create_sheet(named)
    change(sheet)
    sheet.sheet_state = "visible" if named == "Photos" else "hidden"
    book.save(path)
    done = feast("sheet", "import", path, "--apply", exit_code=9)
    assert f"heet {named}" in done.stderr
    assert told in done.stderr
    assert "already recorded" not in done.stderr


def test_a_photo_that_stands_in_two_sheets_is_refused(feast: Run, tmp_path: Path) -> None:
    path = tmp_path / "feast.xlsx"
    feast("sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Photos"]).title = "Copy"
    book.save(path)
    done = feast("sheet", "import", path, "--apply", exit_code=9)
    assert "Sheet Copy, row 2, column photo (P-1): row 2 (Photos) concerns the same" in done.stderr


def test_photographers_and_basis_are_filled_in_and_the_names_stand_beside(
    feast: Run, tmp_path: Path
) -> None:
    path = tmp_path / "feast.xlsx"
    feast("sheet", "export", "E-1", "-o", path)
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["Names"].iter_rows()]
    assert rows[:2] == [["id", "name", "at the event"], ["H-2", "'=2+5; Áŋŋel", "on the roster"]]
    sheet = book["Photos"]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["photographer"]).value = "Đorđi-Näkkäläjärvi, Áile"
    sheet.cell(2, column["basis"]).value = "an agreement with the employee"
    sheet.cell(3, column["photographer"]).value = "unknown"
    book.save(path)
    feast("sheet", "import", path, "--apply")
    shown = feast("show", "P-1").stdout
    assert "H-1 Áile Đorđi-Näkkäläjärvi" in shown
    assert "an agreement with the employee" in shown
    assert "@Áile" in shown
    assert "Nothing changed" in feast("sheet", "import", path, "--apply").stderr


def test_a_contact_sheet_shows_pictures_numbers_names_and_verdicts(
    feast: Run, tmp_path: Path
) -> None:
    page = tmp_path / "contact.html"
    (tmp_path / "two.jpg").unlink()
    told = feast("photo", "contact-sheet", "E-1", "-o", page)
    assert "Photos on the contact sheet: 2." in told.stderr
    shown = page.read_text("utf-8")
    assert "Áile Đorđi-Näkkäläjärvi, =2+5; Áŋŋel" in shown
    assert shown.count("kunta-public-page: refused") == 2
    assert shown.count("data:image/jpeg;base64,") == 1
    assert "the file is missing or changed" in shown
    assert page.stat().st_mode & 0o077 == 0
    assert "photo contact-sheet" in feast("audit", "log", "--format", "csv").stdout
    feast("photo", "contact-sheet", "E-1", "-o", page, exit_code=9)
    feast("photo", "contact-sheet", "E-1", "-o", page, "--overwrite", "--channel", "kunta-print")
    assert "kunta-print: " in page.read_text("utf-8")


def test_a_contact_sheet_shows_an_auditor_no_names(feast: Run, tmp_path: Path) -> None:
    page = tmp_path / "contact.html"
    feast("--as", "tarja", "photo", "contact-sheet", "E-1", "-o", page)
    shown = page.read_text("utf-8")
    assert "H-1, H-2" in shown
    assert "Đorđi" not in shown
