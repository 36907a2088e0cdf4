"""CSV files: written so that Excel opens them correctly, read with any common separator."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.sheets.cells import CellValue, escape_formula, unescape_formula
from photoreg.sheets.encodings import DecodedText, decode
from photoreg.sheets.table import (
    MAX_COLUMNS,
    RawValue,
    column_letter,
    formula_error,
    too_big_error,
)
from photoreg.texts import N_

SEPARATORS = ";,\t"


def read_csv(content: bytes) -> Iterator[list[CellValue]]:
    """Yield the rows of a CSV file; the separator is the most frequent one in the first line."""
    text = decode_csv(content).text
    first = text.partition("\n")[0].strip()
    start = 1
    separator = max(SEPARATORS, key=first.count)
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
        separator = first[-1]  # a `sep=` line for Excel, not part of the table
        text = text.partition("\n")[2]
        start = 2
        yield []
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start):
            if len(cells) > MAX_COLUMNS:
                raise too_big_error()
            yield [_value(cell, row, place) for place, cell in enumerate(cells)]
    except csv.Error as error:
        raise _not_a_table() from error


def decode_csv(content: bytes) -> DecodedText:
    """Return the text of a CSV file; InputDataError for one that is none."""
    decoded = decode(content)
    if "\0" in decoded.text:
        raise _not_a_table()
    return decoded


def strict_rows(text: str, separator: str) -> Iterator[list[RawValue]]:
    """Yield the rows of a list that others made; a formula is an error in its cell.

    InputDataError, with the row, for a quotation mark that swallows the rows below it.
    """
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=separator, strict=True)
    columns, row = 0, 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise quotation_mark_error(row) from error
        columns = max(columns, len(cells))
        if any("\n" in cell and _swallows(cell, separator, columns) for cell in cells):
            raise quotation_mark_error(row)
        if row == 1 and len(cells) <= 2 and cells[:1] == [f"sep={separator}"[:4]]:  # noqa: PLR2004
            yield []
            continue
        yield [_raw_value(cell, row, place) for place, cell in enumerate(cells)]


def _swallows(cell: str, separator: str, columns: int) -> bool:
    """Return whether a cell with line ends holds as many cells as a row has."""
    return cell.count(separator) >= max(columns - 1, 1)


def quotation_mark_error(row: int) -> InputDataError:
    """Return the error for a quotation that swallows the beginning of a row below."""
    return InputDataError(
        N_("row {row}: a quotation mark is not closed, so the rows below it would be lost"),
        N_("Remove the quotation mark, or write a second one where the quotation ends."),
        row=row,
    )


def _raw_value(cell: str, row: int, place: int) -> RawValue:
    if cell.lstrip().startswith("="):
        return formula_error(row, column_letter(place))
    return unescape_formula(cell) or None


def has_headings(content: bytes, headings: Sequence[str]) -> bool:
    """Return whether the first line of a CSV file consists of these headings."""
    try:
        first = next((row for row in read_csv(content) if any(row)), [])
    except InputDataError:
        return False
    return [unescape_formula(str(cell or "")) for cell in first] == list(headings)


def _not_a_table() -> InputDataError:
    return InputDataError(
        N_("the file cannot be read as a table"),
        N_("Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."),
    )


def _value(cell: str, row: int, place: int) -> CellValue:
    if cell.lstrip().startswith("="):
        raise formula_error(row, column_letter(place))
    return unescape_formula(cell) or None


def write_csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[CellValue]]) -> None:
    """Write a CSV file that a Finnish Excel opens correctly: semicolons and a UTF-8 BOM."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([escape_formula(each) for each in headings])
        for row in rows:
            writer.writerow([escape_formula(v) if isinstance(v, str) else v for v in row])
