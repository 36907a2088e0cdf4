"""The example row of a template: written so that it is recognised, and left out when read."""

from dataclasses import replace

from photoreg.sheets.cells import to_text
from photoreg.sheets.table import Table, TableRow
from photoreg.texts import N_, _, translations

EXAMPLE = N_("Example:")
"""How the first cell of an example row begins."""


def example_text(text: str) -> str:
    """Return the first cell of an example row, in the user's language."""
    return f"{_(EXAMPLE)} {text}"


def without_examples(table: Table) -> tuple[Table, tuple[int, ...]]:
    """Return the table without example rows, and their numbers."""
    found = tuple(row.number for row in table.rows if _is_example(row))
    rows = tuple(row for row in table.rows if row.number not in found)
    return replace(table, rows=rows), found


def _is_example(row: TableRow) -> bool:
    first = to_text(next(iter(row.cells.values()), None)).casefold()
    return first.startswith(tuple(text.casefold() for text in translations(EXAMPLE)))
