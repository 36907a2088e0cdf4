"""The answers of many printed forms as a table: one row for each form, found by its code.

The clerk writes yes or no and what was ticked. Rows without an answer wait; the same table again
changes nothing; what was recorded before otherwise is not overwritten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from photoreg.documents.codes import grouped
from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import id_of
from photoreg.registry.lookup import the_event
from photoreg.registry.queries.forms import channel_titles, open_forms, said_on
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.consents import ConsentKind
from photoreg.registry.tables.forms import ConsentForm
from photoreg.rulebook.facts import Channel, Purpose
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.consents.form_answers import Ticked, answered, the_form
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import shown_name
from photoreg.services.unit_of_work import Desk, Workplace
from photoreg.sheets.cells import Value, as_day, as_text
from photoreg.sheets.table import Line, Problem, Table, WrongCell, Wrongs
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

CODE = "code"
PEOPLE = ("shown", "answering")
"""The columns that tell the clerk whose form it is; they are not read back."""

TICKS = (*Channel, *Purpose, "may_be_named", "child_no")
COLUMNS = (CODE, *PEOPLE, "answer", *TICKS, "day", "paper")

Words = Mapping[str, Mapping[str, str | bool]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a row records: the form, and of it the answer and what was ticked; or nothing."""

    row: int
    form: str
    changes: tuple[str, ...] = ()


def answer_list(workplace: Workplace, event: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the columns, and a row for each form of the event that has not come back."""
    with workplace.reading() as desk:
        forms = list(open_forms(desk.session, id_of(the_event(desk.session, event))))
        people = persons_of(
            desk.session, {number for form in forms for number in (form.subject_id, form.actor_id)}
        )
        kinds = channel_titles(desk.session).keys()
        columns = [key for key in COLUMNS if key not in set(Channel) - kinds]
        empty = dict.fromkeys(columns)
        return columns, [
            {
                **empty,
                CODE: grouped(form.code),
                "shown": shown_name(desk, people[form.subject_id or 0]),
                "answering": shown_name(desk, people[form.actor_id or 0]),
            }
            for form in forms
        ]


@dataclass(slots=True)
class FormAnswers:
    """The reading of one table at an open desk; everything that is wrong is collected."""

    desk: Desk
    table: Table
    columns: Mapping[str, str]
    words: Words
    allowed: Mapping[str, Sequence[str]]
    problems: list[Problem] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

    def row(self, line: Line) -> AnswerRow:
        """Record what a row says, or note what is wrong with it."""
        written = as_text(line.cells.get(self.columns[CODE]))
        wrongs = Wrongs()
        changes = wrongs.noted(lambda: self._in_one(line, written, wrongs))
        self.problems += wrongs.problems(self.table, line.row, written)
        return AnswerRow(line.row, written, changes or ())

    def _in_one(self, line: Line, code: str, wrongs: Wrongs) -> tuple[str, ...]:
        """Record a row, or nothing of it."""
        with self.desk.session.begin_nested():
            return self._recorded(line, code, wrongs)

    def _recorded(self, line: Line, code: str, wrongs: Wrongs) -> tuple[str, ...]:
        def read(key: str, how: Callable[[Value], _T]) -> _T | None:
            return wrongs.noted(lambda: self._read(line, key, how))

        ticks = {key: read(key, self._tick(key)) for key in TICKS}
        answer = read("answer", self._tick("answer"))
        ticked = tuple(key for key, is_ticked in ticks.items() if is_ticked)
        if answer is None and not ticked:
            return ()
        day, paper = read("day", as_day), read("paper", _paper)
        wrongs.noted(lambda: self._must_make_sense(line, answer, ticked))
        form = wrongs.noted(lambda: self._in(CODE, lambda: self._form(line, code)))
        if form is None or wrongs.found:
            return ()
        spoken = Spoken(
            ConsentKind.GIVEN if answer else ConsentKind.REFUSED,
            channels=[key for key in ticked if key in set(Channel)] if answer else (),
            purposes=[Purpose(key) for key in ticked if key in set(Purpose)] if answer else (),
            on=day,
            paper=paper or "",
        )
        marks = Ticked(
            may_be_named="may_be_named" in ticked if answer else None,
            child_says_no="child_no" in ticked,
        )
        if self._is_known(form, spoken, marks):
            return ()
        self._in("answer", lambda: answered(self.desk, form, spoken, marks))
        return ("yes" if answer else "no", *ticked)

    def _must_make_sense(self, line: Line, answer: bool | None, ticked: Sequence[str]) -> None:
        """Raise unless ticks come with a yes or no, and a yes with a purpose."""
        if line.cells.get(self.columns.get("answer", "")) is None:
            raise self._wrong("answer", N_("something is ticked, but there is no yes or no"))
        if answer and not set(ticked) & set(Purpose):
            raise self._wrong("answer", N_("it is a yes, but no purpose is ticked"))

    def _form(self, line: Line, code: str) -> ConsentForm:
        form = the_form(self.desk, code)
        earlier = self.seen.setdefault(id_of(form), line.row)
        if earlier != line.row:
            raise InputDataError(
                N_("row {earlier} is about the same form"),
                N_("Take one of the rows out."),
                earlier=earlier,
            )
        return form

    def _is_known(self, form: ConsentForm, spoken: Spoken, marks: Ticked) -> bool:
        """Was exactly this recorded on the form before? Anything else is not overwritten."""
        said = said_on(self.desk.session, id_of(form))
        if not said:
            return False
        own = next((each for each in said if each.actor == form.actor_id), said[0])
        is_same = (
            own.kind is spoken.kind
            and own.channels == set(spoken.channels)
            and own.purposes == set(spoken.purposes)
            and own.may_be_named == marks.may_be_named
        )
        if not is_same:
            raise self._wrong(
                CODE,
                N_("what came back on this form was recorded already, and otherwise than here"),
                N_("Take the row out, and record the change by itself."),
                step=NextStep.to(NextAction.CONSENT_RECORD, "code"),
            )
        return True

    def _read(self, line: Line, key: str, read: Callable[[Value], _T]) -> _T | None:
        value = line.cells.get(self.columns.get(key, ""))
        return None if value is None else self._in(key, lambda: read(value))

    def _tick(self, key: str) -> Callable[[Value], bool]:
        def read(value: Value) -> bool:
            meant = self.words[key].get(" ".join(as_text(value).casefold().split()))
            if isinstance(value, bool):
                return value
            if not isinstance(meant, bool):
                raise not_allowed(value, self.allowed[key])
            return meant

        return read

    def _in(self, key: str, do: Callable[[], _T]) -> _T:
        """Do something about a column; what goes wrong is about that column, or about the day."""
        try:
            return do()
        except PhotoregError as error:
            named = "day" if "day" in error.values and "day" in self.columns else key
            raise WrongCell(self.columns.get(named, self.columns[CODE]), error) from error

    def _wrong(
        self, key: str, text: str, hint: str = "", step: NextStep | None = None
    ) -> WrongCell:
        error = InputDataError(text, hint or N_("Correct the row from the paper."), step=step)
        return WrongCell(self.columns.get(key, self.columns[CODE]), error)


def not_allowed(value: Value, allowed: Sequence[str]) -> InputDataError:
    """Return the error for a word that a column does not know."""
    return InputDataError(
        N_("{value} is not one of the words for this column"),
        N_("It may be: {allowed}."),
        value=as_text(value),
        allowed="; ".join(allowed),  # some hold commas
    )


def _paper(value: Value) -> str:
    return free_text(as_text(value))
