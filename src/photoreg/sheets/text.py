"""CSV files: written so that Excel opens them correctly, read with any common separator."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.sheets.cells import CellValue, escape_formula, unescape_formula
from photoreg.sheets.table import MAX_COLUMNS, column_letter, formula_error, too_big_error
from photoreg.texts import N_

_SEPARATORS = ";,\t"


def read_csv(content: bytes) -> Iterator[list[CellValue]]:
    """Yield the rows of a CSV file; the separator is the most frequent one in the first line."""
    text = _decoded(content)
    if "\0" in text:
        raise _not_a_table()
    first = text.partition("\n")[0].strip()
    start = 1
    separator = max(_SEPARATORS, key=first.count)
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


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]  # the second is what Excel saves as plain CSV
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputDataError(
        N_("the characters of the file cannot be read"),
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
