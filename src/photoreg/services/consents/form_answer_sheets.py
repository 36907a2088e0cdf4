"""Export and import answers on printed forms as a table with one row per form.

A clerk enters yes or no and what was ticked: each channel that a form names has a column. Rows
without an answer are skipped, importing the same table again changes nothing, and a differing
answer that is already recorded is not overwritten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from photoreg.documents.codes import format_code
from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.corrections import standing_by
from photoreg.registry.queries.forms import (
    asked_on_form,
    channels_on_forms,
    form_replies,
    kept_scans,
    open_forms,
)
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import Channel, ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.document_texts import format_channel
from photoreg.services.consents.form_agreement import require_same_page, require_same_person
from photoreg.services.consents.form_answers import (
    FormMarks,
    answer_in_words_of_form,
    find_form,
    record_answer,
)
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_day, to_text
from photoreg.sheets.table import (
    CellError,
    Problem,
    RowErrors,
    SeenRows,
    Table,
    TableRow,
    claim_column,
)
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

CODE = "code"
PERSON_COLUMNS = ("shown", "answering")
"""Columns that show whose form it is; a row in which they contradict its code is an error."""

SCAN = "scan"
"""The column that shows which scanned page a form is on; it too must agree with the code."""

_OTHER_CHECKBOXES = (*Purpose, "may_be_named", "child_no")
CHECKBOX_COLUMNS = (*Channel, *_OTHER_CHECKBOXES)
"""Columns to tick; that of a kind of channel stands for each channel of the kind on the form."""

COLUMNS = (CODE, *PERSON_COLUMNS, SCAN, "answer", *CHECKBOX_COLUMNS, "day", "paper")
_CHANNEL_PREFIX = "channel:"

CellValues = Mapping[str, Mapping[str, str | bool]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FormAnswerRow:
    """An imported row: the form's code, the recorded answer and ticks, and the channels ticked.

    `is_open`: nothing is filled in yet. `has_document`: the scanned page is kept as evidence.
    `persons` are who is shown, and who answers if another.
    """

    row: int
    form: str
    changes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    is_open: bool = False
    has_document: bool = False
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenFormRow:
    """A form without an answer: its code, the depicted person, and the person who answers.

    `scan` is the page that it was scanned from, if it was.
    """

    code: str
    shown: str
    answering: str
    scan: str = ""


@dataclass(frozen=True, slots=True)
class FormAnswerSheet:
    """The columns of a table of answers, and its rows; `headings` are those of channels.

    Only the columns of `OpenFormRow` have values; the others are for the clerk to fill in.
    """

    columns: list[str]
    headings: dict[str, str]
    rows: list[OpenFormRow]


def form_answer_sheet(application: Application, event: str) -> FormAnswerSheet:
    """Return a row for each form of the event without an answer, and a column for each channel."""
    with application.reading() as work:
        forms = open_forms(work.session, id_of(find_event(work.session, event)))
        return sheet_of_forms(work, list(forms))


def sheet_of_forms(
    work: UnitOfWork, forms: Sequence[ConsentForm], scans: Mapping[str, str] | None = None
) -> FormAnswerSheet:
    """Return a row for each of these forms, and a column for each channel.

    `scans` are the pages that the forms were scanned from, by code.
    """
    people = persons_of(
        work.session, {number for form in forms for number in (form.subject_id, form.actor_id)}
    )
    asked = channels_on_forms(work.session, map(id_of, forms))
    headings = {channel_column(each.name): channel_heading(each) for each in asked}
    shown = [CODE, *PERSON_COLUMNS, *([SCAN] if scans else [])]
    return FormAnswerSheet(
        [*shown, "answer", *headings, *_OTHER_CHECKBOXES, "day", "paper"],
        headings,
        [
            OpenFormRow(
                code=format_code(form.code),
                shown=shown_name(work, people[form.subject_id or 0]),
                answering=shown_name(work, people[form.actor_id or 0]),
                scan=(scans or {}).get(form.code, ""),
            )
            for form in forms
        ],
    )


def channel_column(name: str) -> str:
    """Return the key of a channel's column."""
    return f"{_CHANNEL_PREFIX}{name}"


def is_checkbox(key: str) -> bool:
    """Return whether a column holds ticks."""
    return key in CHECKBOX_COLUMNS or key.startswith(_CHANNEL_PREFIX)


def channel_heading(channel: ChannelRow) -> str:
    """Return the heading of a channel's column: its name, by which it is found, and its title."""
    return f"{channel.name}: {format_channel(channel)}"


def channel_columns(work: UnitOfWork, headings: Iterable[str]) -> dict[str, str]:
    """Return the headings of the columns that name a channel, by key."""
    known = {channel.name for channel in all_channels(work.session)}
    columns: dict[str, str] = {}
    for heading in headings:
        name = heading.partition(":")[0].strip().lower()
        if name in known:
            claim_column(columns, channel_column(name), heading)
    return columns


@dataclass(frozen=True, slots=True)
class _RowValues:
    """The cells of a row: yes, no or nothing, what is ticked, the day signed, and the paper."""

    answer: bool | None
    ticked: tuple[str, ...]
    day: date | None
    paper: str

    @property
    def is_answered(self) -> bool:
        """Whether anything about the answer is filled in."""
        return self.answer is not None or bool(self.ticked or self.day or self.paper)

    @property
    def statement(self) -> ConsentStatement:
        """The answer as ticked."""
        if self.answer is False:
            return ConsentStatement(ConsentKind.REFUSED, purposes=(), on=self.day, paper=self.paper)
        channels = (key for key in self.ticked if key not in _OTHER_CHECKBOXES)
        return ConsentStatement(
            ConsentKind.GIVEN,
            channels=[key.removeprefix(_CHANNEL_PREFIX) for key in channels],
            purposes=[Purpose(key) for key in self.ticked if key in set(Purpose)],
            on=self.day,
            paper=self.paper,
        )


@dataclass(slots=True)
class FormAnswerReader:
    """Imports one table in the open unit of work and collects its problems.

    `paper` is where the forms are kept, unless a row tells.
    """

    work: UnitOfWork
    table: Table
    columns: Mapping[str, str]
    values: CellValues
    allowed: Mapping[str, Sequence[str]]
    paper: str = ""
    problems: list[Problem] = field(default_factory=list)
    seen: SeenRows = field(default_factory=SeenRows)

    def row(self, line: TableRow) -> FormAnswerRow:
        """Record a row, or collect its problems."""
        code = to_text(line.cells.get(self.columns[CODE]))
        errors = RowErrors()
        recorded = errors.collect(lambda: self._in_savepoint(line, code, errors))
        self.problems += errors.problems(self.table, line.number, code)
        return recorded or FormAnswerRow(line.number, code)

    def _in_savepoint(self, line: TableRow, code: str, errors: RowErrors) -> FormAnswerRow | None:
        """Record a row completely or not at all."""
        with self.work.session.begin_nested():
            return self._recorded(line, code, errors)

    def _recorded(self, line: TableRow, code: str, errors: RowErrors) -> FormAnswerRow | None:
        """Record a row; return None when it changes nothing or has errors."""
        row = self._row_values(line, errors)
        if not row.is_answered and not errors.errors:
            return FormAnswerRow(line.number, code, is_open=True)
        errors.collect(lambda: self._require_answer(line, row))
        form = errors.collect(lambda: self._in_column(CODE, lambda: self._form(line, code)))
        if form is None:
            return None
        self._require_agreement(line, form, errors)
        if errors.errors:
            return None
        if row.answer is not False:
            self._require_columns(form)
        statement = self._statement(form, row)
        is_yes = statement.is_grant
        form_marks = FormMarks(
            may_be_named="may_be_named" in row.ticked if is_yes else None,
            child_says_no="child_no" in row.ticked,
        )
        if self._is_known(form, statement, form_marks):
            return None
        has_document = bool(kept_scans(self.work.session, [id_of(form)]))
        self._in_column(
            "answer", lambda: record_answer(self.work, form, self._said(row), form_marks)
        )
        of = dict.fromkeys(filter(None, (form.subject_id, form.actor_id)))
        persons = tuple(human_id(Kind.PERSON, each) for each in of)
        recorded = FormAnswerRow(
            line.number, code, ("no",), has_document=has_document, persons=persons
        )
        if not is_yes:
            return recorded
        marks = tuple(key for key in row.ticked if key in _OTHER_CHECKBOXES)
        return replace(recorded, changes=("yes", *marks), channels=tuple(statement.channels))

    def _said(self, row: "_RowValues") -> ConsentStatement:
        """Return the answer in a row, with the place of the paper."""
        return replace(row.statement, paper=row.paper or self.paper)

    def _row_values(self, line: TableRow, errors: RowErrors) -> "_RowValues":
        def read(key: str, parse: Callable[[CellValue], _T]) -> _T | None:
            return errors.collect(lambda: self._read(line, key, parse))

        keys = [key for key in self.columns if is_checkbox(key)]
        ticks = {key: read(key, self._checkbox(key)) for key in keys}
        return _RowValues(
            read("answer", self._checkbox("answer")),
            tuple(key for key, is_ticked in ticks.items() if is_ticked),
            read("day", to_day),
            read("paper", _read_note) or "",
        )

    def _require_answer(self, line: TableRow, row: "_RowValues") -> None:
        """Raise if anything else is filled in without a yes or a no."""
        is_missing = line.cells.get(self.columns.get("answer", "")) is None
        if is_missing and (row.ticked or row.paper):
            raise self._cell_error("answer", N_("something is filled in, but yes or no is missing"))

    def _require_agreement(self, line: TableRow, form: ConsentForm, errors: RowErrors) -> None:
        """Collect what in a row contradicts its code: one sorted column gives another's yes."""
        shown, answering = PERSON_COLUMNS
        compared: dict[str, Callable[[CellValue], None]] = {
            shown: partial(require_same_person, self.work, form, form.subject_id),
            answering: partial(require_same_person, self.work, form, form.actor_id),
            SCAN: partial(require_same_page, self.work, form),
        }
        for key, compare in compared.items():
            errors.collect(partial(self._read, line, key, compare))

    def _require_columns(self, form: ConsentForm) -> None:
        """Raise if the table has no column for a channel or purpose that the form asks about.

        Without the column, nothing says that it was left without a tick, which is a no.
        """
        asked = asked_on_form(self.work.session, id_of(form))
        columns = self.columns
        missing = [
            channel.name
            for channel in asked.channels
            if channel_column(channel.name) not in columns and channel.kind not in columns
        ]
        missing += [purpose for purpose in asked.purposes if purpose not in columns]
        if missing:
            error = InputDataError(
                N_("the form asks about {asked}, for which the table has no column"),
                N_("Make a new table, and leave its first row as it is."),
                asked=", ".join(missing),
            )
            raise CellError(self.columns[CODE], error)

    def _statement(self, form: ConsentForm, row: "_RowValues") -> ConsentStatement:
        """Return the answer in a row as it will be recorded."""
        say = partial(answer_in_words_of_form, self.work, form, row.statement)
        return self._in_column("answer", say)

    def _form(self, line: TableRow, code: str) -> ConsentForm:
        form = find_form(self.work, code)
        earlier = self.seen.earlier(form.code, self.table, line)
        if earlier:
            raise InputDataError(
                N_("row {earlier} concerns the same form"),
                N_("Remove one of the rows."),
                earlier=earlier,
            )
        return form

    def _is_known(
        self, form: ConsentForm, statement: ConsentStatement, form_marks: FormMarks
    ) -> bool:
        """Whether exactly this answer is recorded already; raise CellError for a different one.

        A no that somebody else recorded is recorded again, since they may take theirs back.
        """
        replies = form_replies(self.work.session, id_of(form))
        if not replies:
            return False
        previous = next((each for each in replies if each.actor == form.actor_id), replies[0])
        is_same = (
            previous.kind is statement.kind
            and previous.channels == set(statement.channels)
            and previous.purposes == set(statement.named_purposes)
            and previous.may_be_named == form_marks.may_be_named
        )
        if not is_same:
            raise self._cell_error(
                CODE,
                N_("the answer on this form is already recorded and differs from this row"),
                N_("Take the row out, and record the change by itself."),
                step=NextStep.to(NextAction.CONSENT_RECORD, "code"),
            )
        statements = [each.statement for each in replies]
        return statement.is_grant or bool(
            standing_by(self.work.session, statements, self.work.actor.id)
        )

    def _read(self, line: TableRow, key: str, read: Callable[[CellValue], _T]) -> _T | None:
        value = line.cells.get(self.columns.get(key, ""))
        return None if value is None else self._in_column(key, lambda: read(value))

    def _checkbox(self, key: str) -> Callable[[CellValue], bool]:
        def read(value: CellValue) -> bool:
            known = key if key in self.values else _OTHER_CHECKBOXES[0]  # every tick reads alike
            ticked = self.values[known].get(" ".join(to_text(value).casefold().split()))
            if isinstance(value, bool):
                return value
            if not isinstance(ticked, bool):
                raise not_allowed_error(value, self.allowed[known])
            return ticked

        return read

    def _in_column(self, key: str, do: Callable[[], _T]) -> _T:
        """Call `do`; errors are reported for that column, or for the day if they name a day."""
        try:
            return do()
        except PhotoregError as error:
            column = "day" if "day" in error.values and "day" in self.columns else key
            raise CellError(self.columns.get(column, self.columns[CODE]), error) from error

    def _cell_error(
        self, key: str, text: str, hint: str = "", step: NextStep | None = None
    ) -> CellError:
        hint = hint or N_("Correct the row from the paper.")
        error = InputDataError(text, hint, step=step)
        return CellError(self.columns.get(key, self.columns[CODE]), error)


def not_allowed_error(value: CellValue, allowed: Sequence[str]) -> InputDataError:
    """Return the error for a value that a column does not allow."""
    return InputDataError(
        N_("{value} is not an allowed value in this column"),
        N_("Allowed values: {allowed}."),
        value=to_text(value),
        allowed="; ".join(allowed),  # some values contain commas
    )


def _read_note(value: CellValue) -> str:
    return free_text(to_text(value))
