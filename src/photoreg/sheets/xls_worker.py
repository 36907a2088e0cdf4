"""The process that reads old Excel workbooks: the only place where python-calamine is loaded."""

import json
import sys
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from photoreg.guarded import limit_memory
from photoreg.sheets.table import MAX_COLUMNS, MAX_ROWS


def main() -> None:
    """Read a workbook from standard input, and write its sheets to standard output as JSON."""
    limit_memory()
    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    sheets = [
        {
            "title": each.name,
            "hidden": each.visible != SheetVisibleEnum.Visible,
            "rows": _rows(book.get_sheet_by_name(each.name)),
        }
        for each in book.sheets_metadata
    ]
    sys.stdout.write(json.dumps(sheets))


def _rows(sheet: Any) -> list[list[Any]] | None:
    """Return the rows of a sheet and what is merged in each of them; None for too many."""
    if sheet.total_height > MAX_ROWS + 1 or sheet.total_width > MAX_COLUMNS:
        return None
    rows = [list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return {"day": value.isoformat()}
    return value if isinstance(value, bool | int | float | str) else str(value)
