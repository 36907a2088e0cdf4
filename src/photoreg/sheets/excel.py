"""Excel workbooks (.xlsx): read with size limits and no formulas, written with drop-down lists."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Font
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.constants import COMMENTS_NS
from openpyxl.xml.functions import fromstring

from photoreg.errors import InputDataError
from photoreg.sheets.cells import (
    MAX_DAY_NUMBER,
    MIN_DAY_NUMBER,
    CellValue,
    escape_formula,
    unescape_formula,
)
from photoreg.sheets.formats import AUTHOR, MAX_UNPACKED, MIDNIGHT, not_a_workbook
from photoreg.sheets.margins import margins_in
from photoreg.sheets.number_formats import hides_value, words_in
from photoreg.sheets.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    MergedCells,
    NewSheet,
    RawSheet,
    RawValue,
    cell_error,
    column_letter,
    formula_error,
    too_big_error,
)
from photoreg.texts import N_

_MAX_COLUMN_WIDTH = 60
_DRAWING_PART = re.compile(r"/?xl/drawings/[^/]+\.xml$", re.IGNORECASE)
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXT_PART = re.compile(r"/?xl/(sharedStrings|worksheets/[^/]+)\.xml$", re.IGNORECASE)


def read_sheets(
    content: bytes, name: str, is_known: Callable[[Sequence[str]], bool]
) -> list[tuple[str, Iterator[list[CellValue]]]]:
    """Return the rows of every sheet with known headings, or of the first sheet if none has.

    Errors refer to the file as `name`. Sheet titles are returned only for several sheets.
    """
    sheets = _sheets(content, name)
    known = [sheet for sheet in sheets if is_known(_first_row(sheet))]
    if len(known) > 1:
        return [(sheet.title, _rows(sheet, f"{sheet.title}!")) for sheet in known]
    return [("", _rows(sheet)) for sheet in known or sheets[:1]]


def read_every_sheet(content: bytes, name: str) -> list[tuple[str, list[list[CellValue]]]]:
    """Return title and rows of every sheet that has a value, hidden ones included."""
    read = [(s.title, list(_rows(s, f"{s.title}!"))) for s in _sheets(content, name)]
    return [(title, rows) for title, rows in read if any(v is not None for r in rows for v in r)]


def _first_row(sheet: Any) -> list[str]:
    """Return the first non-empty row, as text."""
    if sheet.max_row > MAX_ROWS + 1 or sheet.max_column > MAX_COLUMNS:
        return []
    rows = ([str(v or "") for v in row] for row in sheet.iter_rows(values_only=True))
    return next((row for row in rows if any(row)), [])


def _rows(sheet: Any, where: str = "") -> Iterator[list[CellValue]]:
    """Yield the rows of a sheet; `where` prefixes cells in errors, as in `Answers!C`."""
    if sheet.merged_cells.ranges:
        raise InputDataError(
            N_("the cells {cells} are merged, so it is unclear which row each value belongs to"),
            N_("Unmerge the cells and write the value into each row."),
            cells=where + min(map(str, sheet.merged_cells.ranges)),
        )
    if sheet.max_row > MAX_ROWS + 1 or sheet.max_column > MAX_COLUMNS:
        raise too_big_error()
    for row in sheet.iter_rows():
        yield [_value(cell, where) for cell in row]


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """Reads a workbook, and leaves out what is on sheets that hold only a chart."""

    def read_chartsheet(self, sheet: Any, _rel: Any) -> None:
        """Note the place of a chart sheet; openpyxl cannot read one without a chart."""
        self.wb.create_chartsheet(sheet.name)


def _sheets(content: bytes, name: str) -> list[Any]:
    return list(_read_book(content, name).wb.worksheets)


def _read_book(content: bytes, name: str, *, rich_text: bool = False) -> Any:
    """Read a workbook; with `rich_text`, texts of which a part is struck through keep that."""
    try:
        if _unpacked_size(content) <= MAX_UNPACKED:
            with warnings.catch_warnings(action="ignore"):  # about unsupported formatting
                reader = _Reader(
                    io.BytesIO(content),
                    keep_links=False,
                    rich_text=rich_text and _has_struck_parts(content),
                )
                reader.read()
                return reader
    except Exception as error:  # untrusted input: openpyxl raises many kinds of errors
        raise not_a_workbook(name) from error
    raise too_big_error()


def _has_struck_parts(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = (part for part in archive.namelist() if _TEXT_PART.match(part))
        return any(b"strike" in archive.read(part) for part in texts)


def _unpacked_size(content: bytes) -> int:
    """Return the stated unpacked size in bytes; zipfile reads no more of a member than stated."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist())


def _value(cell: Any, where: str) -> CellValue:
    value = _raw_value(cell, where)
    if isinstance(value, InputDataError):
        raise value
    return value.date() if isinstance(value, datetime) else value


def _raw_value(cell: Any, where: str = "") -> RawValue:
    """Return the value of a cell, or why it cannot be read; a day with a time keeps it."""
    if cell.data_type == "f":
        return formula_error(cell.row, where + column_letter(cell.column - 1))
    if cell.data_type == "e":
        return cell_error(cell.row, where + column_letter(cell.column - 1), str(cell.value))
    value = str(cell.value) if isinstance(cell.value, CellRichText) else cell.value
    if isinstance(value, str):
        return unescape_formula(value) or None
    if isinstance(value, datetime):
        return value if value.time() != MIDNIGHT else value.date()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def read_raw_sheets(content: bytes, name: str) -> list[RawSheet]:
    """Return every sheet of a workbook that others made, with the hidden ones."""
    reader = _read_book(content, name, rich_text=True)
    of_file = (*_properties(reader.wb), *_text_boxes(content, name))
    try:
        under = {
            sheet.title: _Covered(content, reader, sheet, part)
            for sheet, part in zip(reader.wb.worksheets, _parts(reader), strict=True)
        }
    except Exception as error:  # untrusted input, as in _read_book
        raise not_a_workbook(name) from error
    return [
        RawSheet(
            sheet.title,
            _raw_rows(sheet),
            sheet.sheet_state != "visible",
            (*_comments(sheet), *under[sheet.title].comments, *_said_by_formats(sheet), *of_file),
            tuple(_struck(sheet)),
            tuple(_hidden_rows(sheet)),
            tuple(_hidden_columns(sheet)),
            tuple(_merged(sheet)),
            tuple(under[sheet.title].filled),
            tuple(_disguised(sheet)),
            tuple(under[sheet.title].margins),
        )
        for sheet in reader.wb.worksheets
    ]


def _parts(reader: Any) -> list[str]:
    """Return the part of the file with each worksheet, as openpyxl reads them."""
    with warnings.catch_warnings(action="ignore"):  # about sheets without a part
        sheets = [rel for _sheet, rel in reader.parser.find_sheets()]
    parts = (rel.target for rel in sheets if "chartsheet" not in rel.Type)
    return [part for part in parts if part in reader.valid_files]


class _Covered:
    """What openpyxl drops: what lies under merged cells of a sheet, and what pages are headed."""

    def __init__(self, content: bytes, reader: Any, sheet: Any, part: str) -> None:
        self.filled: list[str] = []
        self.comments: list[str] = []
        self.merged = list(_merged(sheet))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            xml = archive.read(part)
            self.margins = margins_in(xml)
            if self.merged:
                self._read_cells(xml, reader.shared_strings)
                self._read_comments(archive, sheet)

    def _read_cells(self, xml: bytes, shared_strings: Any) -> None:
        rows = WorkSheetParser(io.BytesIO(xml), shared_strings).parse()
        cells = (cell for _number, row in rows for cell in row if _is_filled(cell["value"]))
        filled = {(cell["row"], cell["column"]) for cell in cells}
        under = {place for area in self.merged for place in _places_under(area, filled)}
        self.filled += [f"{column_letter(column - 1)}{row}" for row, column in sorted(under)]

    def _read_comments(self, archive: zipfile.ZipFile, sheet: Any) -> None:
        for part in sheet._rels.find(COMMENTS_NS):  # noqa: SLF001 - openpyxl has no other way
            comments = CommentSheet.from_tree(fromstring(archive.read(part.target))).comments
            for cell, comment in comments:
                if sheet[cell].comment is None:
                    self.comments.append(f"{cell}: {comment.text}")


def _is_filled(value: Any) -> bool:
    return value is not None and bool(str(value).strip())


def _places_under(area: MergedCells, filled: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield row and column of the filled cells that the first one covers; 1 is the first."""
    rows, columns = range(area.top, area.bottom + 1), range(area.left + 1, area.right + 2)
    if len(rows) * len(columns) > len(filled):
        found = {(row, column) for row, column in filled if row in rows and column in columns}
    else:
        found = {place for row in rows for column in columns if (place := (row, column)) in filled}
    yield from found - {(area.top, area.left + 1)}


def _merged(sheet: Any) -> Iterator[MergedCells]:
    for area in sheet.merged_cells.ranges:
        yield MergedCells(area.min_row, area.max_row, area.min_col - 1, area.max_col - 1)


def _properties(book: Any) -> Iterator[str]:
    """Yield what somebody wrote about the file into its properties."""
    own = book.properties
    texts = (own.title, own.subject, own.description, own.keywords, own.category)
    others = (each.value for each in book.custom_doc_props.props)
    yield from (each for each in (*texts, *others) if isinstance(each, str) and each.strip())


def _text_boxes(content: bytes, name: str) -> list[str]:
    """Return the texts in boxes that lie upon sheets, whichever sheet it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = filter(_DRAWING_PART.match, archive.namelist())
            return [text for part in parts for text in _paragraphs(archive.read(part))]
    except Exception as error:  # untrusted input: ZIP and XML raise many kinds of errors
        raise not_a_workbook(name) from error


def _paragraphs(xml: bytes) -> Iterator[str]:
    for _event, node in iterparse(io.BytesIO(xml), forbid_dtd=True):
        if node.tag == f"{_DRAWING}p":
            text = "".join(part.text or "" for part in node.iter(f"{_DRAWING}t")).strip()
            if text:
                yield text


def _struck(sheet: Any) -> Iterator[str]:
    """Yield the names of cells with text that is struck through, if only in part."""
    fonts = {number for number, font in enumerate(sheet.parent._fonts) if font.strike}  # noqa: SLF001 - a font of each cell would be looked up
    for cell in sheet._cells.values():  # noqa: SLF001 - iter_rows makes a cell for each place
        if cell.value is None:
            continue
        if (fonts and cell._style.fontId in fonts) or _is_struck_in_part(cell.value):  # noqa: SLF001 - the number of its font
            yield cell.coordinate


def _is_struck_in_part(value: object) -> bool:
    parts = value if isinstance(value, CellRichText) else ()
    return any(isinstance(part, TextBlock) and part.font.strike for part in parts)


def _own_formats(sheet: Any) -> Iterator[tuple[Any, str]]:
    """Yield the filled cells with a format that the workbook defines, and the format."""
    known = dict(enumerate(sheet.parent._number_formats, BUILTIN_FORMATS_MAX_SIZE))  # noqa: SLF001 - a format of each cell would be looked up
    for cell in sheet._cells.values():  # noqa: SLF001 - iter_rows makes a cell for each place
        code = cell.value is not None and known.get(cell._style.numFmtId)  # noqa: SLF001 - the number of its format
        if code and isinstance(cell.value, str | int | float) and not isinstance(cell.value, bool):
            yield cell, code


def _disguised(sheet: Any) -> Iterator[str]:
    """Yield the names of cells whose format writes other words than they hold, or nothing."""
    for cell, code in _own_formats(sheet):
        if cell.data_type != "f" and hides_value(code, cell.value):
            yield cell.coordinate


def _said_by_formats(sheet: Any) -> Iterator[str]:
    """Yield the words that formats add to values, each behind the first cell that shows them."""
    told = {""}
    for cell, code in _own_formats(sheet):
        words = words_in(code)
        if words not in told and not hides_value(code, cell.value):
            told.add(words)
            yield f"{cell.coordinate}: {words}"


def _hidden_rows(sheet: Any) -> Iterator[int]:
    """Yield the rows that are hidden, also by a filter or a height of nought."""
    for number, row in sheet.row_dimensions.items():
        if row.hidden or row.ht == 0:
            yield number


def _hidden_columns(sheet: Any) -> Iterator[int]:
    """Yield the columns that are hidden, also by a width of nought; 0 is the first."""
    for column in sheet.column_dimensions.values():
        if column.hidden or column.width == 0:
            yield from range(column.min - 1, min(column.max, MAX_COLUMNS))


def _comments(sheet: Any) -> Iterator[str]:
    """Yield comments on cells, hints for filling in and on links, behind the names of cells."""
    for rule in sheet.data_validations.dataValidation:
        hint = " ".join(filter(None, (rule.promptTitle, rule.prompt)))
        if hint.strip():
            yield f"{rule.sqref}: {hint}"
    for cell in sheet._cells.values():  # noqa: SLF001 - iter_rows makes a cell for each place
        if cell.comment is not None:
            yield f"{cell.coordinate}: {cell.comment.text}"
        if cell.hyperlink is not None and cell.hyperlink.tooltip:
            yield f"{cell.coordinate}: {cell.hyperlink.tooltip}"


def _raw_rows(sheet: Any) -> Iterator[list[RawValue]]:
    """Yield the rows of a sheet to the last one with content, however far formats reach.

    What stands in a cell that is merged over several rows stands in each of them.
    """
    cells = sheet._cells  # noqa: SLF001 - iter_rows makes a cell for each place in reach
    filled = [place for place, cell in cells.items() if cell.value is not None]
    if not filled:
        return
    last_row, last_column = max(row for row, _ in filled), max(column for _, column in filled)
    if last_row > MAX_ROWS + 1 or last_column > MAX_COLUMNS:
        raise too_big_error()
    below = _merged_below(sheet)
    read = _raw_value if sheet.parent.epoch != MAC_EPOCH else _raw_value_since_1904
    cells |= below
    for row in range(1, last_row + 1):
        found = (cells.get((row, column)) for column in range(1, last_column + 1))
        yield [None if cell is None else read(cell) for cell in found]
    cells.clear()  # a workbook refers to itself, so its memory would be free much later


def _merged_below(sheet: Any) -> dict[tuple[int, int], Any]:
    """Return the merged cell for each place below it, by row and column."""
    return {
        (row, area.min_col): sheet.cell(area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, min(area.max_row, MAX_ROWS) + 1)
    }


def _raw_value_since_1904(cell: Any) -> RawValue:
    """Return a value of a workbook that counts days from 1904; a bare number may be one of them."""
    value = _raw_value(cell)
    if isinstance(value, int | float) and MIN_DAY_NUMBER <= value <= MAX_DAY_NUMBER:
        return cell_error(cell.row, column_letter(cell.column - 1), str(value))
    return value


def write_workbook(path: Path, sheets: Sequence[NewSheet], words_title: str) -> None:
    """Write a workbook: the sheets, and a last sheet with the allowed values of columns, if any."""
    book = openpyxl.Workbook()
    book.properties.creator = AUTHOR
    book.remove(book.worksheets[0])
    pages = [book.create_sheet(each.title) for each in sheets]
    for page, new in zip(pages, sheets, strict=True):
        _fill(page, new)
    if any(new.choices for new in sheets):
        choices_sheet = book.create_sheet(words_title)
        for page, new in zip(pages, sheets, strict=True):
            _add_choices(page, new, choices_sheet)
    book.save(path)


def _fill(page: Any, new: NewSheet) -> None:
    for number, row in enumerate((new.headings, *new.rows), 1):
        for place, value in enumerate(row, 1):
            _write_cell(page.cell(number, place), value)
    for place in range(1, len(new.headings) + 1):
        _format_column(page, place)
        if new.blank_rows:  # text, so that a phone number keeps its zero
            page.column_dimensions[column_letter(place - 1)].number_format = "@"
    page.freeze_panes = "B2"


def _add_choices(page: Any, new: NewSheet, choices_sheet: Any) -> None:
    """List the allowed values on the choices sheet, and add drop-down lists to the cells."""
    free = choices_sheet.max_column + 1 if choices_sheet["A1"].value else 1
    for column, (place, allowed) in enumerate(new.choices.items(), free):
        for number, text in enumerate((new.headings[place], *allowed), 1):
            _write_cell(choices_sheet.cell(number, column), text)
        _format_column(choices_sheet, column)
        letter = column_letter(column - 1)
        source = f"'{choices_sheet.title}'!${letter}$2:${letter}${len(allowed) + 1}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        page.add_data_validation(rule)
        target = column_letter(place)
        rule.add(f"{target}2:{target}{max(len(new.rows), 1) + new.blank_rows + 1}")


def _write_cell(cell: Any, value: CellValue) -> None:
    cell.value = escape_formula(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.number_format = "@"  # text, so that Excel converts it to no date or number


def _format_column(sheet: Any, place: int) -> None:
    """Fit a column's width to its content, and make its heading bold."""
    letter = column_letter(place - 1)
    widest = max(len(str(cell.value or "")) for cell in sheet[letter])
    sheet.column_dimensions[letter].width = min(widest + 2, _MAX_COLUMN_WIDTH)
    sheet[f"{letter}1"].font = Font(bold=True)
