"""Export and import answers on printed forms as a table with one row per form.

A clerk enters yes or no and what was ticked. Rows without an answer are skipped, importing the same
table again changes nothing, and a differing answer that is already recorded is not overwritten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from photoreg.documents.codes import format_code
from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.forms import channel_titles, form_replies, open_forms
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.forms import ConsentForm
from photoreg.rulebook.facts import Channel, ConsentKind, Purpose
from photoreg.services.application import Application
from photoreg.services.consents.consent_events import ConsentStatement
from photoreg.services.consents.form_answers import FormMarks, find_form, record_answer
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_day, to_text
from photoreg.sheets.table import CellError, Problem, RowErrors, Table, TableRow
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

CODE = "code"
PERSON_COLUMNS = ("shown", "answering")
"""Columns that show whose form it is; they are not imported."""

CHECKBOX_COLUMNS = (*Channel, *Purpose, "may_be_named", "child_no")
COLUMNS = (CODE, *PERSON_COLUMNS, "answer", *CHECKBOX_COLUMNS, "day", "paper")

CellValues = Mapping[str, Mapping[str, str | bool]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FormAnswerRow:
    """An imported row: the form's code, and the recorded answer and ticks, if any."""

    row: int
    form: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenFormRow:
    """A form without an answer: its code, the depicted person, and the person who answers."""

    code: str
    shown: str
    answering: str


def form_answer_sheet(application: Application, event: str) -> tuple[list[str], list[OpenFormRow]]:
    """Return the columns, and a row for each form of the event without an answer.

    Only the columns of `OpenFormRow` have values; the others are for the clerk to fill in.
    """
    with application.reading() as work:
        forms = list(open_forms(work.session, id_of(find_event(work.session, event))))
        people = persons_of(
            work.session, {number for form in forms for number in (form.subject_id, form.actor_id)}
        )
        kinds = channel_titles(work.session).keys()
        columns = [key for key in COLUMNS if key not in set(Channel) - kinds]
        return columns, [
            OpenFormRow(
                code=format_code(form.code),
                shown=shown_name(work, people[form.subject_id or 0]),
                answering=shown_name(work, people[form.actor_id or 0]),
            )
            for form in forms
        ]


@dataclass(slots=True)
class FormAnswerReader:
    """Imports one table in the open unit of work and collects its problems."""

    work: UnitOfWork
    table: Table
    columns: Mapping[str, str]
    values: CellValues
    allowed: Mapping[str, Sequence[str]]
    problems: list[Problem] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

    def row(self, line: TableRow) -> FormAnswerRow:
        """Record a row, or collect its problems."""
        code = to_text(line.cells.get(self.columns[CODE]))
        errors = RowErrors()
        changes = errors.collect(lambda: self._in_savepoint(line, code, errors))
        self.problems += errors.problems(self.table, line.number, code)
        return FormAnswerRow(line.number, code, changes or ())

    def _in_savepoint(self, line: TableRow, code: str, errors: RowErrors) -> tuple[str, ...]:
        """Record a row completely or not at all."""
        with self.work.session.begin_nested():
            return self._recorded(line, code, errors)

    def _recorded(self, line: TableRow, code: str, errors: RowErrors) -> tuple[str, ...]:
        def read(key: str, parse: Callable[[CellValue], _T]) -> _T | None:
            return errors.collect(lambda: self._read(line, key, parse))

        ticks = {key: read(key, self._checkbox(key)) for key in CHECKBOX_COLUMNS}
        answer = read("answer", self._checkbox("answer"))
        ticked = tuple(key for key, is_ticked in ticks.items() if is_ticked)
        if answer is None and not ticked:
            return ()
        day, paper = read("day", to_day), read("paper", _read_note)
        errors.collect(lambda: self._require_consistent(line, answer, ticked))
        form = errors.collect(lambda: self._in_column(CODE, lambda: self._form(line, code)))
        if form is None or errors.errors:
            return ()
        statement = ConsentStatement(
            ConsentKind.GIVEN if answer else ConsentKind.REFUSED,
            channels=[key for key in ticked if key in set(Channel)] if answer else (),
            purposes=[Purpose(key) for key in ticked if key in set(Purpose)] if answer else (),
            on=day,
            paper=paper or "",
        )
        form_marks = FormMarks(
            may_be_named="may_be_named" in ticked if answer else None,
            child_says_no="child_no" in ticked,
        )
        if self._is_known(form, statement, form_marks):
            return ()
        self._in_column("answer", lambda: record_answer(self.work, form, statement, form_marks))
        return ("yes" if answer else "no", *ticked)

    def _require_consistent(
        self, line: TableRow, answer: bool | None, ticked: Sequence[str]
    ) -> None:
        """Raise if something is ticked without an answer, or a yes has no purpose."""
        if line.cells.get(self.columns.get("answer", "")) is None:
            raise self._cell_error("answer", N_("something is ticked, but yes or no is missing"))
        if answer and not set(ticked) & set(Purpose):
            raise self._cell_error("answer", N_("the answer is yes, but no purpose is ticked"))

    def _form(self, line: TableRow, code: str) -> ConsentForm:
        form = find_form(self.work, code)
        earlier = self.seen.setdefault(id_of(form), line.number)
        if earlier != line.number:
            raise InputDataError(
                N_("row {earlier} concerns the same form"),
                N_("Remove one of the rows."),
                earlier=earlier,
            )
        return form

    def _is_known(
        self, form: ConsentForm, statement: ConsentStatement, form_marks: FormMarks
    ) -> bool:
        """Whether exactly this answer is recorded already; raise CellError for a different one."""
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
        return True

    def _read(self, line: TableRow, key: str, read: Callable[[CellValue], _T]) -> _T | None:
        value = line.cells.get(self.columns.get(key, ""))
        return None if value is None else self._in_column(key, lambda: read(value))

    def _checkbox(self, key: str) -> Callable[[CellValue], bool]:
        def read(value: CellValue) -> bool:
            ticked = self.values[key].get(" ".join(to_text(value).casefold().split()))
            if isinstance(value, bool):
                return value
            if not isinstance(ticked, bool):
                raise not_allowed_error(value, self.allowed[key])
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
        error = InputDataError(text, hint or N_("Correct the row from the paper."), step=step)
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
