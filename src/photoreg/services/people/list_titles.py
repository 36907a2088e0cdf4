"""What a list as a whole says: its file, its sheet and its headings may say that all refuse."""

from collections.abc import Iterable
from pathlib import Path

from photoreg.errors import InputDataError
from photoreg.services.inputs import without_identity_codes
from photoreg.services.people.forbidding import (
    explains_no,
    has_ended,
    is_of_noes,
    title_speaks_of_no,
)
from photoreg.services.people.list_columns import ColumnMeaning, ReadBy, ReadColumn
from photoreg.sheets.cells import to_text
from photoreg.sheets.foreign import ForeignFile, ForeignTable
from photoreg.sheets.table import Table
from photoreg.texts import N_

_MAY_FORBID = frozenset({ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL, ColumnMeaning.PERMISSION})
"""Columns whose headings may forbid, since a no is read there."""

_ADD_COLUMN = N_(
    "If everybody on the list has refused or must not be shown, add a column of refusals or blocks "
    "and fill it in on every row. If the name means something else, give another name."
)


def refuse_noes_in_names(path: Path, file: ForeignFile) -> None:
    """Raise InputDataError if the name of the file or of the sheet that is read tells of noes."""
    if title_speaks_of_no(path.stem):
        raise InputDataError(
            N_("the name of the file seems to forbid photos: “{words}”"),
            _ADD_COLUMN,
            words=without_identity_codes(path.name),
        )
    for title in filter(title_speaks_of_no, file.titles):
        raise InputDataError(
            N_("the name of the sheet seems to forbid photos: “{words}”"),
            _ADD_COLUMN,
            words=without_identity_codes(title),
        )


def refuse_ended(path: Path, file: ForeignFile, table: ForeignTable) -> None:
    """Raise InputDataError if a list of consents says of itself that its consents have ended."""
    above = (text for _row, text in table.above)
    for words in (path.stem, *file.titles, *file.margins, *above):
        if has_ended(words):
            raise InputDataError(
                N_("the list seems to hold consents that have ended: “{words}”"),
                N_(
                    "No yes is taken from consents that have ended: import only those that are in "
                    "force. If these words mean something else, change them."
                ),
                words=without_identity_codes(words),
            )


def refuse_keys(table: Table) -> None:
    """Raise InputDataError for a row that explains a mark as a no, as "x = no" below a table."""
    for line in table.rows:
        for text in map(to_text, line.cells.values()):
            if "=" in text and explains_no(text):
                raise InputDataError(
                    N_("row {row} seems to explain a mark as a no: “{words}”"),
                    N_("Write yes or no into the cells in place of the mark, and delete this row."),
                    row=line.number,
                    words=without_identity_codes(text),
                )


def refuse_noes_in_headings(columns: Iterable[ReadColumn]) -> None:
    """Raise InputDataError for a heading that was understood, and forbids beside that."""
    for column in columns:
        is_understood = column.meaning is not None and column.read_by is ReadBy.HEADING
        if is_understood and column.meaning not in _MAY_FORBID and is_of_noes(column.heading):
            raise InputDataError(
                N_("the heading {heading} seems to forbid photos"),
                N_(
                    "If everybody on the list has refused or must not be shown, add a column of "
                    "refusals or blocks and fill it in on every row. Then take the words out of "
                    "the heading."
                ),
                heading=without_identity_codes(column.heading),
            )


def is_filled_in(table: Table, headings: Iterable[str]) -> bool:
    """Return whether one of these columns holds something in every row of a list."""
    return any(_is_full(table, heading) for heading in headings)


def _is_full(table: Table, heading: str) -> bool:
    cells = [to_text(line.cells.get(heading)) for line in table.rows]
    return bool(cells) and all(map(str.strip, cells))
