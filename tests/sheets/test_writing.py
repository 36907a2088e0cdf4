"""Tables into files: nothing is lost, and nothing in a cell does anything."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faults.killing import killed_after

from photoreg import unfinished
from photoreg.errors import InputDataError
from photoreg.sheets import files
from photoreg.sheets.cells import CellValue, escape_formula, unescape_formula
from photoreg.sheets.files import read_table, read_tables, write_table
from photoreg.sheets.table import NewSheet

HEADINGS = ("photo", "names", "how many")
ROWS: list[list[CellValue]] = [
    ["P-1", "Áile Näkkäläjärvi; Đorđi Áŋŋel", 2],
    ["P-2", '=HYPERLINK("http://x")', None],
    ["P-3", "+358 40 1", 1],
    ["P-4", "'=not a formula", 0],
    ["P-5", 'a;b "c"\nd, \'e', 3],
]
CHOICES = {1: ("a street", "=a trap")}


def write(path: Path, *, overwrite: bool = False) -> None:
    sheet = NewSheet("Photos", HEADINGS, ROWS, CHOICES)
    write_table(path, [sheet], "Words", overwrite=overwrite)


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.XLSX"])
def test_what_is_written_is_read_back_the_same(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    read = read_table(tmp_path / name)
    assert read.headings == HEADINGS
    cells = [[line.cells.get(heading) for heading in HEADINGS] for line in read.rows]
    as_numbers = [[a, b, int(str(c)) if c is not None else None] for a, b, c in cells]
    assert as_numbers == ROWS


def test_no_cell_is_a_formula_for_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path / "sheet.csv")
    write(tmp_path / "sheet.xlsx")
    assert ";=" not in (tmp_path / "sheet.csv").read_text("utf-8-sig")
    book = openpyxl.load_workbook(tmp_path / "sheet.xlsx")
    kinds = {c.data_type for sheet in book.worksheets for row in sheet.iter_rows() for c in row}
    assert "f" not in kinds
    assert book.sheetnames == ["Photos", "Words"]
    [rule] = book["Photos"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2:B6", "'Words'!$A$2:$A$3")


def test_several_tables_are_one_workbook_and_known_again_by_their_headings(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    answers = NewSheet("Answers", ("code", "answer"), [["7K3M", "yes"]], {1: ("yes", "no")})
    write_table(path, [NewSheet("Photos", HEADINGS, ROWS, CHOICES), answers], "Words")
    [photos] = read_tables(path, lambda headings: headings[0] == "photo")
    [codes] = read_tables(path, lambda headings: headings[0] == "code")
    assert (len(photos.rows), len(codes.rows)) == (5, 1)
    [fallback] = read_tables(path, lambda _headings: False)
    assert fallback.headings == HEADINGS
    book = openpyxl.load_workbook(path)
    [rule] = book["Answers"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2", "'Words'!$B$2:$B$3")
    assert [cell.value for cell in book["Words"][1]] == ["names", "answer"]


@given(st.text(st.characters(exclude_categories=["C"]), max_size=8))
def test_every_text_comes_back_from_a_cell(text: str) -> None:
    made = escape_formula(text)
    is_more_than_signs = any(map(str.isalnum, made))
    assert not (is_more_than_signs and made.startswith(("=", "+", "-", "@")))
    assert unescape_formula(made) == text.strip()


def test_a_file_that_exists_is_kept_unless_requested(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("filled in by hand")
    with pytest.raises(InputDataError, match="exists already"):
        write(path)
    assert path.read_text() == "filled in by hand"
    with pytest.raises(InputDataError, match="not a file that photoreg wrote"):
        write(path, overwrite=True)
    assert path.read_text() == "filled in by hand"
    path.write_text("photo,names,how many\nP-1,,\n")
    write(path, overwrite=True)
    assert "Áile" in path.read_text("utf-8-sig")
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.csv"]


def test_what_is_written_is_private_unless_it_replaces_what_others_read(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    write(path, overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["sheet.xls", "sheet", "none/sheet.csv"])
def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputDataError):
        write(tmp_path / name)


def test_a_table_killed_at_any_line_is_whole_or_absent_and_the_next_one_clears_up(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.csv"
    left_behind = 0
    for lines in range(1_000):
        path.unlink(missing_ok=True)
        if not killed_after(lines, lambda: write(path), files, unfinished):
            break
        assert not path.exists() or read_table(path).headings == HEADINGS
        left_behind += len(list(tmp_path.glob(".photoreg*")))
    assert left_behind > 3
    assert list(tmp_path.iterdir()) == [path]
