"""Read and write tables as files; on reading, the content decides the format, not the name."""

from collections.abc import Callable, Sequence
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.named_files import Mark, read_regular, unreadable_error, written_file
from photoreg.sheets import formats, text
from photoreg.sheets.cells import CellValue
from photoreg.sheets.table import NewSheet, Table, parse_table
from photoreg.texts import N_

MAX_BYTES = 32 * 1024 * 1024
WORKBOOK_EXTENSIONS = {".xlsx", ".xlsm", ".xls", ".ods"}
"""File name suffixes of spreadsheets that are not CSV."""


def read_table(path: Path) -> Table:
    """Return the table in a CSV file or in the first sheet of an Excel workbook."""
    return read_tables(path, lambda _headings: False)[0]


def read_tables(path: Path, is_known: Callable[[Sequence[str]], bool]) -> list[Table]:
    """Return the tables of a file that have known headings, or the first one if none has."""
    content = _content(path)
    if not content.startswith(formats.ZIP_SIGNATURE):
        return [parse_table(text.read_csv(content))]
    from photoreg.sheets import excel  # noqa: PLC0415 - its library is slow to load

    sheets = excel.read_sheets(content, path.name, is_known)
    return [parse_table(rows, title) for title, rows in sheets]


def read_every_sheet(path: Path) -> list[tuple[str, list[list[CellValue]]]]:
    """Return title and rows of every sheet that has a value; the title of a CSV file is empty."""
    content = _content(path)
    if not content.startswith(formats.ZIP_SIGNATURE):
        return [("", list(text.read_csv(content)))]
    from photoreg.sheets import excel  # noqa: PLC0415

    return excel.read_every_sheet(content, path.name)


def _content(path: Path) -> bytes:
    content = read_content(path)
    if content.startswith(formats.OLE_SIGNATURE):
        raise InputDataError(
            N_("{file} is an old Excel file (.xls) or is protected by a password"),
            N_("Open it, and save it without a password as an Excel workbook (.xlsx)."),
            file=path.name,
        )
    refuse_false_workbook(path, content)
    return content


def refuse_false_workbook(path: Path, content: bytes) -> None:
    """Raise InputDataError for a file that has only the name of a workbook."""
    if path.suffix.lower() in WORKBOOK_EXTENSIONS and not content.startswith(formats.ZIP_SIGNATURE):
        raise formats.not_a_workbook(path.name)


def read_content(path: Path) -> bytes:
    """Return the bytes of a file; InputDataError if it cannot be read, is too big or a paper."""
    try:
        content = read_regular(path, MAX_BYTES)
    except OSError as error:
        raise unreadable_error(path, error) from error
    formats.refuse_paper(content, path.name)
    return content


def write_table(
    path: Path, sheets: Sequence[NewSheet], words_title: str, *, overwrite: bool = False
) -> None:
    """Write tables as an Excel workbook, or a single one as CSV, by the suffix of the file name.

    `words_title` is the title of the workbook's last sheet, which lists the allowed values.
    """
    kind = path.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        raise InputDataError(
            N_("{file} is neither a CSV file nor an Excel workbook"),
            N_("Choose a name that ends with .xlsx or .csv."),
            file=path.name,
        )
    with written_file(path, mark=_mark(kind, sheets), overwrite=overwrite) as part:
        if kind == ".csv":
            [only] = sheets
            text.write_csv(part, only.headings, only.rows)
        else:
            from photoreg.sheets import excel  # noqa: PLC0415

            excel.write_workbook(part, sheets, words_title)


def _mark(kind: str, sheets: Sequence[NewSheet]) -> Mark:
    """Return what tells an earlier table: a CSV file by its headings, a workbook by its author."""
    if kind != ".csv":
        return formats.is_ours
    return lambda content: text.has_headings(content, sheets[0].headings)
