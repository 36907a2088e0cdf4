"""Read and write tables as files; on reading, the content decides the format, not the name."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from photoreg.errors import InputDataError, os_cause
from photoreg.sheets import excel, text
from photoreg.sheets.table import NewSheet, Table, parse_table, too_big_error
from photoreg.texts import N_
from photoreg.unfinished import unfinished_folder

MAX_BYTES = 32 * 1024 * 1024
WORKBOOK_EXTENSIONS = {".xlsx", ".xlsm", ".xls", ".ods"}
"""File name suffixes of spreadsheets that are not CSV."""


def read_table(path: Path) -> Table:
    """Return the table in a CSV file or in the first sheet of an Excel workbook."""
    return read_tables(path, lambda _headings: False)[0]


def read_tables(path: Path, is_known: Callable[[Sequence[str]], bool]) -> list[Table]:
    """Return the tables of a file that have known headings, or the first one if none has."""
    content = _content(path)
    if not content.startswith(excel.ZIP_SIGNATURE):
        return [parse_table(text.read_csv(content))]
    sheets = excel.read_sheets(content, path.name, is_known)
    return [parse_table(rows, title) for title, rows in sheets]


def _content(path: Path) -> bytes:
    content = _bytes(path)
    if content.startswith(excel.OLE_SIGNATURE):
        raise InputDataError(
            N_("{file} is an old Excel file (.xls) or is protected by a password"),
            N_("Open it, and save it without a password as an Excel workbook (.xlsx)."),
            file=path.name,
        )
    if path.suffix.lower() in WORKBOOK_EXTENSIONS and not content.startswith(excel.ZIP_SIGNATURE):
        raise excel.not_a_workbook(path.name)
    return content


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be read"), N_("Check the name and the folder."), file=path
        ) from error
    if len(content) > MAX_BYTES:
        raise too_big_error()
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
    with atomic_file(path, overwrite=overwrite) as part:
        if kind == ".csv":
            [only] = sheets
            text.write_csv(part, only.headings, only.rows)
        else:
            excel.write_workbook(part, sheets, words_title)


@contextlib.contextmanager
def atomic_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a temporary file that replaces `path` atomically once it is completely written.

    Only its owner can read it, since it contains personal data, unless it replaces a file with
    wider permissions.
    """
    if path.exists() and not overwrite:
        raise InputDataError(
            N_("{file} exists already"),
            N_("Choose another name, or have the file replaced."),
            fields=("overwrite",),
            file=path,
        )
    try:
        with unfinished_folder(path.parent) as folder:
            part = folder / path.name
            yield part
            part.chmod(path.stat().st_mode & 0o666 if path.exists() else 0o600)
            os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be written: {cause}"),
            N_("Check the folder, and close the file in other programs."),
            file=path,
            cause=os_cause(error),
        ) from error
