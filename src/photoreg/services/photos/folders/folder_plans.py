"""Read a plan of events that somebody has corrected in a table: a row for each folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from photoreg.errors import InputDataError, NotFound, PhotoregError
from photoreg.registry.ids import Kind, parse_id, utf8_safe
from photoreg.services.application import Application
from photoreg.services.inputs import require_name
from photoreg.services.photos.folders.folder_events import FolderEvent, require_event
from photoreg.sheets.cells import CellValue, to_day, to_text
from photoreg.sheets.files import read_every_sheet
from photoreg.sheets.table import (
    CellError,
    Problem,
    RowErrors,
    Table,
    TableRow,
    claim_column,
    parse_table,
)
from photoreg.texts import N_

PLAN_COLUMNS = ("folder", "photos", "event", "starts_on", "ends_on", "register")
"""The columns of a plan; `photos` is for looking only."""

_NEEDED = ("folder", "event", "starts_on")
_AS_WRITTEN = N_("Make the plan again, and leave its first row as it is.")


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The columns of a plan by casefolded heading, and what says yes or no by casefolded text.

    `titles` are those of the sheet that holds the words to choose from.
    """

    headings: Mapping[str, str]
    values: Mapping[str, bool]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """The events of a plan; never recorded while there are problems.

    `left_out` are the folders that the plan leaves out or does not have.
    """

    events: list[FolderEvent]
    problems: list[Problem]
    left_out: list[str]


def read_plan(
    application: Application, file: Path, words: PlanWords, proposed: Sequence[FolderEvent]
) -> FolderPlan:
    """Return the proposed events as the plan corrects them."""
    table = _table(file, words)
    reader = _PlanReader(application, table, _columns(table, words), words, _by_shown(proposed))
    rows = [reader.row(line) for line in table.rows]
    events = [each for each in rows if each is not None]
    planned = {each.folder for each in events}
    left_out = [each.folder for each in proposed if each.folder not in planned]
    return FolderPlan(events, reader.problems, left_out)


def _table(file: Path, words: PlanWords) -> Table:
    """Return the only table of a file; InputDataError for any other sheet that holds something."""
    sheets = [each for each in read_every_sheet(file) if each[0].casefold() not in words.titles]
    for title, _rows in sheets[1:]:
        raise InputDataError(
            N_("the sheet {sheet} is not part of a plan of events"),
            N_("Delete it, and write what you record into the first sheet."),
            sheet=title,
        )
    return parse_table(sheets[0][1] if sheets else [])


def _by_shown(proposed: Sequence[FolderEvent]) -> dict[str, FolderEvent]:
    """Return the proposals by what stands in a cell, which holds no letters that are damaged."""
    return {shown_folder(each.folder): each for each in proposed}


def shown_folder(folder: str) -> str:
    """Return a folder as a cell of the plan holds it."""
    return "".join(c if c.isprintable() else "�" for c in utf8_safe(folder)).strip()


def _columns(table: Table, words: PlanWords) -> dict[str, str]:
    columns: dict[str, str] = {}
    for heading in filter(None, table.headings):
        key = words.headings.get(heading.casefold())
        if key is None:
            raise InputDataError(
                N_("headings that are not understood: {headings}"), _AS_WRITTEN, headings=heading
            )
        claim_column(columns, key, heading)
    for key in _NEEDED:
        if key not in columns:
            raise InputDataError(
                N_("the first row has not all columns of a plan of events"), _AS_WRITTEN
            )
    return columns


@dataclass(slots=True)
class _PlanReader:
    """Reads the rows of a plan and collects their problems."""

    application: Application
    table: Table
    columns: Mapping[str, str]
    words: PlanWords
    proposed: Mapping[str, FolderEvent]
    problems: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def row(self, line: TableRow) -> FolderEvent | None:
        """Return the event of a row; None if it has problems or its folder is left out."""
        errors = RowErrors()
        written = to_text(self._cell(line, "folder"))
        found = errors.collect(partial(self._folder, written))
        is_wanted = errors.collect(partial(self._is_wanted, line))
        event = errors.collect(partial(self._event, line, found)) if found and is_wanted else None
        self.problems += errors.problems(self.table, line.number, written)
        return event

    def _cell(self, line: TableRow, key: str) -> CellValue:
        return line.cells.get(self.columns.get(key, ""))

    def _error(self, key: str, error: PhotoregError) -> CellError:
        return CellError(self.columns[key], error)

    def _folder(self, written: str) -> FolderEvent:
        found = self.proposed.get(written)
        if found is None:
            text = N_("there are no photos in this folder, or it is not below the folder given")
            raise self._error("folder", InputDataError(text, N_("Leave the folders as they are.")))
        if written in self.seen:
            text = N_("an earlier row concerns the same folder")
            raise self._error("folder", InputDataError(text, N_("Remove one of the rows.")))
        self.seen.add(written)
        return found

    def _is_wanted(self, line: TableRow) -> bool:
        value = self._cell(line, "register")
        if value is None or isinstance(value, bool):
            return value is not False
        wanted = self.words.values.get(to_text(value).casefold())
        if wanted is None:
            text = N_("{value} is neither yes nor no")
            error = InputDataError(text, N_("Write yes or no."), value=to_text(value))
            raise self._error("register", error)
        return wanted

    def _event(self, line: TableRow, found: FolderEvent) -> FolderEvent:
        name = to_text(self._cell(line, "event"))
        if parse_id(Kind.EVENT, name) is not None:
            try:
                return replace(found, event=require_event(self.application, name))
            except NotFound as error:
                raise self._error("event", error) from error
        try:
            title = require_name(name)
        except PhotoregError as error:
            raise self._error("event", error) from error
        days = [self._day(line, key) for key in ("starts_on", "ends_on")]
        if days[0] is None:
            text = N_("the day of the event is missing")
            raise self._error("starts_on", InputDataError(text, N_("Write it as 2.3.2026.")))
        return replace(found, name=title, starts_on=days[0], ends_on=days[1] or days[0], event=None)

    def _day(self, line: TableRow, key: str) -> date | None:
        try:
            return to_day(self._cell(line, key))
        except PhotoregError as error:
            raise self._error(key, error) from error
