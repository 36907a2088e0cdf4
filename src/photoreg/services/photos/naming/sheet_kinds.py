"""What each sheet of a workbook holds: every sheet that has a value is read, or refused by name."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from photoreg.errors import InputDataError, PhotoregError, Term
from photoreg.services.consents.form_answer_sheets import CODE, channel_columns
from photoreg.services.consents.form_answer_sheets import COLUMNS as FORM_COLUMNS
from photoreg.services.photos.naming.vocabulary import COLUMNS, NAME_COLUMNS, Vocabulary
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_text
from photoreg.sheets.files import read_every_sheet
from photoreg.sheets.table import Table, claim_column, parse_table
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_MAKE_A_SHEET = N_("Make a new sheet, and leave its first row as it is.")
_NEW_SHEET = NextStep.to(NextAction.SHEET_EXPORT, "event", "file")
_UNDERSTOOD_OR_DELETED = N_(
    "The headings stand in the first row, as they were written by the program. Delete the rows "
    "above them, and correct changed headings. Delete what is not to be recorded."
)
NOT_ANSWERS = {"photo", "file", "thumbnail", "open"}
"""The columns of a table of photos that hold no answers."""


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet with rows, and the heading of each of its columns by key."""

    table: Table
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FoundSheets:
    """The sheets of a workbook: of photos and forms in their order, and of names to look up."""

    to_record: list[FoundSheet]
    names: list[FoundSheet]


def find_sheets(work: UnitOfWork, file: Path, vocabulary: Vocabulary) -> FoundSheets:
    """Return what the sheets of a file hold.

    InputDataError, which names the sheet, for any sheet or heading that is not understood.
    """
    found = FoundSheets([], [])
    for title, rows in read_every_sheet(file):
        with _in_sheet(title):
            _add(work, found, title, rows, vocabulary)
    if not found.to_record:
        raise InputDataError(
            N_("the file contains no table: headings and at least one row below them"),
            _MAKE_A_SHEET,
            step=_NEW_SHEET,
        )
    return found if len(found.to_record) + len(found.names) > 1 else _unnamed(found)


def _unnamed(found: FoundSheets) -> FoundSheets:
    """Return the only sheet without its name, which nobody needs to find a row."""
    only = [replace(each, table=replace(each.table, sheet="")) for each in found.to_record]
    return FoundSheets(only, [])


@contextmanager
def _in_sheet(title: str) -> Iterator[None]:
    """Name the sheet in errors about it; a CSV file has none."""
    try:
        yield
    except PhotoregError as error:
        if not title:
            raise
        named = InputDataError(N_("sheet {sheet}: {problem}"), error.hint, step=error.step)
        named.values = {**error.values, "sheet": title, "problem": error}
        raise named from error


def _add(
    work: UnitOfWork,
    found: FoundSheets,
    title: str,
    rows: Sequence[Sequence[CellValue]],
    vocabulary: Vocabulary,
) -> None:
    filled = [row for row in rows if any(value is not None for value in row)]
    keys = {_key(to_text(value), vocabulary) for value in filled[0]}
    is_lookup = not keys & {"photo", CODE}
    if is_lookup and title.casefold() in vocabulary.words:
        _check_words(work, parse_table(rows, title), vocabulary)
        return
    if is_lookup and not (title.casefold() in vocabulary.names and "person" in keys):
        raise InputDataError(
            N_("the column {heading} is missing in the first row, or {other} in a sheet of forms"),
            _UNDERSTOOD_OR_DELETED,
            heading=Term(N_("photo")),
            other=Term(N_("code")),
        )
    if len(filled) > 1:
        table = parse_table(rows, title)
        sheet = FoundSheet(table, _columns(work, table, vocabulary))
        (found.names if is_lookup else found.to_record).append(sheet)


def _key(heading: str, vocabulary: Vocabulary) -> str | None:
    return vocabulary.headings.get(" ".join(heading.split()).casefold())


def _columns(work: UnitOfWork, table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the heading of each column by its key; InputDataError if one is not understood."""
    columns: dict[str, str] = {}
    for heading in table.headings:
        key = _key(heading, vocabulary)
        if key is not None:
            claim_column(columns, key, heading)
    _refuse_foreign_columns(columns)
    others = [h for h in table.headings if h and h not in columns.values()]
    if CODE in columns:
        columns |= channel_columns(work, others)
    _refuse_unknown_columns([h for h in others if h not in columns.values()])
    if "photo" in columns and not columns.keys() - NOT_ANSWERS:
        raise InputDataError(
            N_("no column of the table contains answers"), _MAKE_A_SHEET, step=_NEW_SHEET
        )
    return columns


def _refuse_unknown_columns(headings: Sequence[str]) -> None:
    if headings:
        raise InputDataError(
            N_("headings that are not understood: {headings}"),
            _UNDERSTOOD_OR_DELETED,
            headings=", ".join(headings),
        )


def _refuse_foreign_columns(columns: Mapping[str, str]) -> None:
    """Raise InputDataError for a column of the other kind of table: nobody would read it."""
    own: Sequence[str] = COLUMNS if "photo" in columns else NAME_COLUMNS
    if CODE in columns:
        own = FORM_COLUMNS
    for key, heading in columns.items():
        if key not in own:
            raise InputDataError(
                N_("the column {heading} belongs to another table"),
                _MAKE_A_SHEET,
                step=_NEW_SHEET,
                heading=heading,
            )


def _check_words(work: UnitOfWork, table: Table, vocabulary: Vocabulary) -> None:
    """Raise InputDataError if the sheet of allowed values holds anything else."""
    channels = channel_columns(work, table.headings).values()
    for heading in table.headings:
        key = "may_be_named" if heading in channels else _key(heading, vocabulary)
        known = vocabulary.values.get(key or "", {})
        written = (line.cells.get(heading) for line in table.rows)
        if any(to_text(each).casefold() not in known for each in written if each is not None):
            raise InputDataError(
                N_("the column {heading} holds more than the words to choose from"),
                N_("This sheet is for looking up: write what you record into the other sheets."),
                heading=heading,
            )
