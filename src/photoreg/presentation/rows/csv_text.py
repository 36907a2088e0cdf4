"""A list as CSV for people."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from photoreg.presentation.cells import csv_text
from photoreg.presentation.view import View
from photoreg.texts import _

BYTE_ORDER_MARK = "\ufeff"
"""What tells Excel that a file is UTF-8."""


def csv_lines(view: View, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what a Finnish Excel opens as a table: semicolons and words."""
    columns = [column for column in view.columns if not column.is_nested]
    cells = [(column.key, csv_text(column)) for column in columns]
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";", lineterminator="\n")
    writer.writerow([_(column.title) for column in columns])
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow([text_of(row[key]) for key, text_of in cells])
    yield line.getvalue()
