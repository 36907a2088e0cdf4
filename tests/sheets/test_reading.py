"""Tables from files that a spreadsheet saved, whole, broken and hostile."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from photoreg.errors import InputDataError
from photoreg.sheets import files, formats, table
from photoreg.sheets.cells import to_count, to_day, to_text
from photoreg.sheets.files import read_table

Edit = Callable[[Any], object]


def a_workbook(folder: Path, *rows: list[object], edit: Edit = lambda _sheet: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    edit(book.worksheets[0])
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def a_csv(folder: Path, content: bytes | str) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "nimi;syntynyt\nÁile Näkkäläjärvi;2.3.2018\n",
        "nimi,syntynyt\r\nÁile Näkkäläjärvi,2.3.2018\r\n",
        "\ufeffnimi\tsyntynyt\n Áile Näkkäläjärvi \t2.3.2018\n",
        "sep=,\nnimi,syntynyt\nÁile Näkkäläjärvi,2.3.2018\n",
        "nimi;syntynyt\nÁile Näkkäläjärvi;2.3.2018\n".encode("cp1252"),
        "nimi\tsyntynyt\nÁile Näkkäläjärvi\t2.3.2018\n".encode("utf-16"),
    ],
    ids=["semicolon", "comma", "tab and byte mark", "sep line", "cp1252", "utf-16"],
)
def test_a_csv_file_is_read_however_it_was_saved(tmp_path: Path, content: bytes | str) -> None:
    read = read_table(a_csv(tmp_path, content))
    assert read.headings == ("nimi", "syntynyt")
    [line] = read.rows
    assert dict(line.cells) == {"nimi": "Áile Näkkäläjärvi", "syntynyt": "2.3.2018"}


def test_lines_know_their_row_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    lines = read_table(a_csv(tmp_path, "\nnimi;syntynyt\n\n;\nÁile;\n")).rows
    assert [(line.number, dict(line.cells)) for line in lines] == [(5, {"nimi": "Áile"})]
    sheet = a_workbook(tmp_path, ["nimi"], [], ["Áile"], ["   "])
    assert [(line.number, dict(line.cells)) for line in read_table(sheet).rows] == [
        (3, {"nimi": "Áile"})
    ]


def test_excel_s_days_and_numbers_are_understood(tmp_path: Path) -> None:
    sheet = a_workbook(tmp_path, ["day", "count"], [datetime(2018, 3, 2), 2.0])  # noqa: DTZ001
    [line] = read_table(sheet).rows
    assert to_day(line.cells["day"]) == date(2018, 3, 2)
    assert to_count(line.cells["count"]) == 2
    assert to_text(line.cells["count"]) == "2"


@pytest.mark.parametrize("value", ["2.3.2018", "02.03.2018", "2018-03-02", "2018-03-02 00:00:00"])
def test_a_day_is_read_as_finns_and_machines_write_it(value: str) -> None:
    assert to_day(value) == date(2018, 3, 2)


@pytest.mark.parametrize("value", ["31.2.2018", "2.3.18", "03/02/2018", 43161, "soon"])
def test_what_is_no_day_is_refused(value: str | int) -> None:
    with pytest.raises(InputDataError, match="is not a date"):
        to_day(value)


@pytest.mark.parametrize("value", ["two", "-1", 1.5, True, "²", "1" * 10])
def test_what_is_no_whole_number_is_refused(value: str | float) -> None:
    with pytest.raises(InputDataError, match="not a whole number"):
        to_count(value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no table"),
        ("nimi;syntynyt\n", "no table"),
        ("nimi;Nimi\nÁile;Elle\n", "same heading: nimi"),
        ("nimi\nÁile;2.3.2018\n", "row 2, column B"),
        ('nimi;syntynyt\nÁile;"=1+1"\n', "row 2, column B: the cell has a formula"),
        (b"nimi\n\x8engeli\n", "for certain: Žngeli or Ängeli"),
        ('nimi\n"' + "x" * 200_000 + '"\n', "cannot be read as a table"),
    ],
    ids=["empty", "headings only", "twice", "no heading", "formula", "letters", "endless cell"],
)
def test_a_csv_file_that_cannot_be_right_is_refused(
    tmp_path: Path, content: bytes | str, said: str
) -> None:
    with pytest.raises(InputDataError, match=said):
        read_table(a_csv(tmp_path, content))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            lambda sheet: sheet.__setitem__("B2", "=TODAY()"),
            "row 2, column B: the cell has a formula",
        ),
        (lambda sheet: sheet.__setitem__("B2", "#REF!"), "the cell has the error #REF!"),
        (lambda sheet: sheet.merge_cells("A2:A3"), "A2:A3 are merged"),
        (lambda sheet: sheet.__setitem__("A100002", "x"), "too big"),
        (lambda sheet: sheet.cell(2, 101, "x"), "too big"),
        (lambda sheet: sheet.delete_rows(1, 9), "no table"),
    ],
    ids=["formula", "error", "merged", "rows", "columns", "empty"],
)
def test_a_workbook_that_cannot_be_right_is_refused(tmp_path: Path, edit: Edit, said: str) -> None:
    path = a_workbook(tmp_path, ["nimi", "syntynyt"], ["Áile"], edit=edit)
    with pytest.raises(InputDataError, match=said):
        read_table(path)


def test_an_old_or_broken_workbook_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    with pytest.raises(InputDataError, match=r"old Excel file") as refused:
        read_table(path)
    assert ".xlsx" in refused.value.hint
    whole = a_workbook(tmp_path, ["nimi"], ["Áile"]).read_bytes()
    for content in (b"PK", whole[:-200], b"PK\x03\x04" + bytes(100)):
        path.write_bytes(content)
        with pytest.raises(InputDataError, match="cannot be read as a workbook"):
            read_table(path)


@pytest.mark.parametrize("name", ["list.xlsx", "LIST.XLSX", "list.ods"])
@pytest.mark.parametrize("content", [b"nimi;syntynyt\nElle;1.1.2018\n", b"%PDF-1.7", b"<html>"])
def test_what_only_calls_itself_a_workbook_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputDataError, match=r"cannot be read as a workbook|is a PDF") as refused:
        read_table(path)
    assert refused.value.values["file"] == name


def test_a_picture_that_calls_itself_csv_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputDataError, match="is a picture, not a table"):
        read_table(a_csv(tmp_path, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"))


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputDataError, match="cannot be read"):
            read_table(path)


def test_a_workbook_that_unpacks_without_end_is_refused_unread(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ["nimi"], ["Áile"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", bytes(formats.MAX_UNPACKED + 1))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputDataError, match="too big"):
        read_table(path)


def change_sheet(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the XML of a workbook's first sheet."""
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(changed, "w") as copy:
        for part in whole.infolist():
            content = whole.read(part)
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            copy.writestr(part.filename, change(content) if is_sheet else content)
    path.write_bytes(changed.getvalue())


def test_what_excel_adds_for_the_eye_is_no_reason_to_warn(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ["nimi"], ["Áile"])
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    change_sheet(path, lambda xml: xml.replace(b"</worksheet>", extension))
    assert len(read_table(path).rows) == 1


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ["nimi"], ["Áile"])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    change_sheet(path, lambda xml: bomb + xml)
    with pytest.raises(InputDataError, match="cannot be read as a workbook"):
        read_table(path)


def test_a_file_of_many_megabytes_is_not_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    with pytest.raises(InputDataError, match="too large"):
        read_table(a_csv(tmp_path, "nimi\n" + "Áile\n" * 50))


def test_more_rows_than_any_class_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    read_table(a_csv(tmp_path, "nimi\n" + "Áile\n" * 3))
    with pytest.raises(InputDataError, match="too big"):
        read_table(a_csv(tmp_path, "nimi\n" + "Áile\n" * 4))


def test_columns_are_called_as_a_spreadsheet_calls_them() -> None:
    assert [table.column_letter(place) for place in (0, 25, 26, 51, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "ZZ", "AAA"),
    ]
