"""A table as read from a file: headings, and rows with their row numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from photoreg.errors import InputDataError, PhotoregError
from photoreg.sheets.cells import CellValue, to_text
from photoreg.texts import N_

_T = TypeVar("_T")
_Key = TypeVar("_Key")

MAX_ROWS = 100_000
MAX_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file, and its non-empty cells by heading."""

    number: int
    cells: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings as written, and the non-empty rows.

    `sheet` is the sheet's title if the workbook contains several tables.
    """

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    sheet: str = ""


RawValue = CellValue | InputDataError
"""The value of a cell, or why it cannot be read."""


@dataclass(frozen=True, slots=True)
class MergedCells:
    """Cells that are merged into one: their rows, numbered from 1, and columns, from 0."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def name(self) -> str:
        """Their name, as in `D2:D3`."""
        first, last = column_letter(self.left), column_letter(self.right)
        return f"{first}{self.top}:{last}{self.bottom}"


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as read: its rows from the first on, empty ones too, and what is not in its cells.

    `comments` are those on cells, each behind the name of its cell, and texts in boxes and hints.
    `struck` are the names of cells with text that is struck through, if only in part. `hidden_rows`
    are numbered from 1 and `hidden_columns` from 0; both are read as the others are. `covered` are
    the names of cells that hold something under `merged` ones, and `disguised` those of cells that
    show something else than they hold. `margins` are the headers and footers of its printed pages.
    """

    title: str
    rows: Iterable[Sequence[RawValue]]
    is_hidden: bool = False
    comments: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[MergedCells, ...] = ()
    covered: tuple[str, ...] = ()
    disguised: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A table to write: its title, and the allowed values of columns by column index.

    `blank_rows` are rows below the others that are to be filled in.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[CellValue]]
    choices: Mapping[int, Sequence[str]]
    blank_rows: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in one row: its column, the person or item as written there, and the error."""

    row: int
    column: str
    subject: str
    error: PhotoregError
    sheet: str = ""


class CellError(Exception):
    """A cell with an invalid value: the heading of its column, and the error."""

    def __init__(self, column: str, error: PhotoregError) -> None:
        super().__init__(column)
        self.column = column
        self.error = error


class RowErrors:
    """Collects the errors of one row cell by cell, so that all are reported at once."""

    def __init__(self) -> None:
        self.errors: list[CellError] = []

    def collect(self, read: Callable[[], _T]) -> _T | None:
        """Call `read`; record a CellError and return None if it raises one."""
        try:
            return read()
        except CellError as error:
            self.errors.append(error)
            return None

    def problems(self, table: Table, row: int, who: str) -> list[Problem]:
        """Return the collected errors as problems to report."""
        return [Problem(row, each.column, who, each.error, table.sheet) for each in self.errors]


class SeenRows:
    """Where each record was met first, over all tables of a file."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[int, str]] = {}

    def earlier(self, record: str, table: Table, row: TableRow) -> str:
        """Note the row of a record; return the earlier row about it, if there is one."""
        place = row.number, table.sheet
        number, sheet = self._met.setdefault(record, place)
        if (number, sheet) == place:
            return ""
        return str(number) if sheet == table.sheet else f"{number} ({sheet})"


def parse_table(rows: Iterable[Sequence[CellValue]], sheet: str = "") -> Table:
    """Return the table in the rows of a file; the first non-empty row has the headings."""
    headings: tuple[str, ...] = ()
    table_rows = []
    for number, values in enumerate(rows, 1):
        if number > MAX_ROWS + 1:
            raise too_big_error()
        if all(value is None for value in values):
            continue
        if headings:
            table_rows.append(TableRow(number, _by_heading(headings, values, number)))
        else:
            headings = _headings(values)
    if not table_rows:
        raise no_table_error()
    return Table(headings, tuple(table_rows), sheet)


def _headings(values: Sequence[CellValue]) -> tuple[str, ...]:
    headings = tuple(" ".join(to_text(value).split()) for value in values)
    written = [heading.casefold() for heading in headings if heading]
    twice = sorted({heading for heading in written if written.count(heading) > 1})
    if twice:
        raise InputDataError(
            N_("two columns have the same heading: {heading}"),
            N_("Give each column its own heading."),
            heading=twice[0],
        )
    return headings


def _by_heading(
    headings: Sequence[str], values: Sequence[CellValue], row: int
) -> dict[str, CellValue]:
    cells: dict[str, CellValue] = {}
    for place, value in enumerate(values):
        if value is None:
            continue
        if place >= len(headings) or not headings[place]:
            raise no_heading_error(row, place)
        cells[headings[place]] = value
    return cells


def claim_column(columns: dict[_Key, str], key: _Key, heading: str) -> None:
    """Note the column of a meaning; InputDataError if another column means the same."""
    other = columns.setdefault(key, heading)
    if other != heading:
        raise InputDataError(
            N_("the columns {first} and {second} mean the same"),
            N_("Put what they say into one of them, and delete the other."),
            first=other,
            second=heading,
        )


def column_letter(place: int) -> str:
    """Return the spreadsheet letters of a column index: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def no_table_error() -> InputDataError:
    """Return the error for a file without headings and rows below them."""
    return InputDataError(
        N_("the file contains no table: headings and at least one row below them"),
        N_("Write the headings in the first row of the first sheet, and fill in the rows."),
    )


def no_heading_error(row: int, place: int) -> InputDataError:
    """Return the error for a cell in a column without a heading."""
    return InputDataError(
        N_("row {row}, column {column}: the first row has no heading for this column"),
        N_(
            "Delete the title rows above the column headings, so that the headings are "
            "in row 1; or add a heading, or clear the column. An extra separator also "
            "causes this."
        ),
        row=row,
        column=column_letter(place),
    )


def formula_error(row: int, column: str) -> InputDataError:
    """Return the error for a formula, whose result may differ for everyone who opens it."""
    return InputDataError(
        N_("row {row}, column {column}: the cell has a formula"),
        N_("Replace it with its value: copy the cell and paste it as a value."),
        row=row,
        column=column,
    )


def cell_error(row: int, column: str, value: str) -> InputDataError:
    """Return the error for a cell that has one, as `#REF!`."""
    return InputDataError(
        N_("row {row}, column {column}: the cell has the error {value}"),
        N_("Replace it with the right value."),
        row=row,
        column=column,
        value=value,
    )


def too_big_error() -> InputDataError:
    """Return the error for a file larger than any list that users fill in."""
    return InputDataError(
        N_("the table is too big: at most {rows} rows and {columns} columns are allowed"),
        N_("Delete everything that does not belong to the list, also empty rows below it."),
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )
