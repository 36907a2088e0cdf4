"""Old Excel workbooks (.xls), read by python-calamine in a process of its own.

A damaged file may abort the process that reads it, or ask for much memory: then the file is
refused, and photoreg goes on.
"""

import json
import struct
import subprocess
from datetime import datetime
from typing import Any

from photoreg.errors import InputDataError
from photoreg.guarded import program_of
from photoreg.sheets.biff import is_seen_whole_by_calamine
from photoreg.sheets.cells import unescape_formula
from photoreg.sheets.formats import MIDNIGHT
from photoreg.sheets.table import MergedCells, RawSheet, RawValue, column_letter, too_big_error
from photoreg.texts import N_

_MAX_SECONDS = 120


def read_xls(content: bytes, name: str) -> list[RawSheet]:
    """Return every sheet of an old workbook; errors refer to the file as `name`."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            program_of("photoreg.sheets.xls_worker"),
            input=content,
            capture_output=True,
            timeout=_MAX_SECONDS,
            check=True,
        )
        sheets = json.loads(done.stdout)
        is_seen_whole = is_seen_whole_by_calamine(content)
    except (subprocess.SubprocessError, ValueError, LookupError, struct.error) as error:
        raise _unreadable_error(name) from error
    if not is_seen_whole:
        raise _not_seen_error(name)
    return [_sheet(each) for each in sheets]


def _sheet(read: dict[str, Any]) -> RawSheet:
    if read["rows"] is None:
        raise too_big_error()
    rows = [[_value(value) for value in row] for row in read["rows"]]
    merged = (MergedCells(t + 1, b + 1, left, right) for t, left, b, right in read["merged"])
    covered = (f"{column_letter(place)}{row + 1}" for row, place in read["covered"])
    return RawSheet(
        read["title"], rows, read["hidden"], merged=tuple(merged), covered=tuple(covered)
    )


def _value(value: Any) -> RawValue:
    if isinstance(value, dict):
        moment = datetime.fromisoformat(value["day"])
        return moment if moment.time() != MIDNIGHT else moment.date()
    if isinstance(value, str):
        return unescape_formula(value) or None
    return value if isinstance(value, bool | int | float) else None


def _not_seen_error(name: str) -> InputDataError:
    return InputDataError(
        N_(
            "{file} is an old Excel file (.xls) with comments, text boxes, struck-through text, "
            "hidden rows or columns, hints for filling it in, headers or footers of pages, or "
            "formats that write words instead of numbers, which cannot be told from it"
        ),
        N_("Open it, save it as an Excel workbook (.xlsx), and give that file."),
        file=name,
    )


def _unreadable_error(name: str) -> InputDataError:
    return InputDataError(
        N_("{file} is an old Excel file (.xls) that is damaged or protected by a password"),
        N_("Open it, and save it without a password as an Excel workbook (.xlsx)."),
        file=name,
    )
