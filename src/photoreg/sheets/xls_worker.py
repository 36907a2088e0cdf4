"""The process that reads old Excel workbooks: the only place where python-calamine is loaded."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

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
            **_content(book.get_sheet_by_name(each.name)),
        }
        for each in book.sheets_metadata
        if each.typ != SheetTypeEnum.ChartSheet
    ]
    sys.stdout.write(json.dumps(sheets))


def _content(sheet: Any) -> dict[str, Any]:
    """Return the rows of a sheet and what is merged in each of them; None for too many.

    `merged` are the first and last rows and columns, and `covered` the cells that hold something
    under a merged one.
    """
    if sheet.total_height > MAX_ROWS + 1 or sheet.total_width > MAX_COLUMNS:
        return {"rows": None}
    rows = [list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False)]
    areas = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    covered = [place for area in areas for place in _filled_under(rows, *area)]
    for top, left, bottom, _right in areas:
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
    return {"rows": rows, "merged": areas, "covered": covered}


def _filled_under(
    rows: list[list[Any]], top: int, left: int, bottom: int, right: int
) -> Iterator[tuple[int, int]]:
    for number, row in enumerate(rows[top : bottom + 1], top):
        for place, value in enumerate(row[left : right + 1], left):
            if (number, place) != (top, left) and str(value).strip():
                yield number, place


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return {"day": value.isoformat()}
    return value if isinstance(value, bool | int | float | str) else str(value)
