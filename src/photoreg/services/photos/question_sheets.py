"""Export the questions about an event's photos as a sheet, and import the answers.

A workbook may also hold the answers on printed consent forms, on a sheet of their own.

An empty cell leaves an answer unchanged, and a missing name removes nobody from a photo. An import
records everything and rolls back unless all rows are valid.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, PhotoregError, Term
from photoreg.registry.ids import Kind, human_id, id_of, parse_id, require_id
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import (
    PHOTOS_PER_QUERY,
    events_by_id,
    persons_shown,
    photo_ids,
    photos_by_id,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import (
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Place,
    Shot,
)
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import (
    CODE,
    CellValues,
    FormAnswerReader,
    FormAnswerRow,
    channel_columns,
    not_allowed_error,
)
from photoreg.services.consents.form_answer_sheets import COLUMNS as FORM_COLUMNS
from photoreg.services.inputs import free_text, require_text
from photoreg.services.people.ages import hides, noted_name
from photoreg.services.photos.answers import (
    AnswerWriter,
    PhotoAnswers,
    log_answered,
    open_questions,
)
from photoreg.services.photos.depictions import PersonFinder, find_person_in, tag_photos
from photoreg.services.photos.listing import without_block
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_count, to_text
from photoreg.sheets.examples import without_examples
from photoreg.sheets.files import read_tables
from photoreg.sheets.table import CellError, Problem, RowErrors, Table, TableRow, claim_column
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

COLUMNS = (
    "photo",
    "file",
    "thumbnail",
    "place",
    "shot",
    "people",
    "recognisable_count",
    "names",
    "context_identifies",
    "confidentiality",
    "sensitive",
    "credit",
    "depicted_work",
    "digital_source",
    "open",
)
"""The columns of a sheet; `file` is compared on import, `thumbnail` and `open` are ignored."""

CHOICES = {
    "place": Place,
    "shot": Shot,
    "people": People,
    "confidentiality": Confidentiality,
    "depicted_work": DepictedWork,
    "digital_source": DigitalSource,
}
YES_OR_NO = ("context_identifies", "sensitive")
_FROM_EVENT = ("place", "shot", "confidentiality", "sensitive")
_SEPARATOR = ";"
_MAKE_A_SHEET = N_("Make a new sheet, and leave its first row as it is.")
_NEW_SHEET = NextStep.to(NextAction.SHEET_EXPORT, "event", "file")
_ID = re.compile(r"H-\d+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns by casefolded heading, and the values of each column by casefolded text.

    `allowed` lists the values of each column in the user's language, for error messages.
    """

    headings: Mapping[str, str]
    values: CellValues
    allowed: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class QuestionSheetRow:
    """A photo in an exported sheet, with the answers of the photo or its event."""

    photo: str
    file: str
    place: Place | None
    shot: Shot | None
    confidentiality: Confidentiality | None
    sensitive: bool | None
    people: People | None
    recognisable_count: int | None
    names: str
    context_identifies: bool | None
    credit: str | None
    depicted_work: DepictedWork | None
    digital_source: DigitalSource | None
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The changes of one row: the changed answers and the persons added, by id.

    `not_in_sheet` are persons who are named in the photo but not in the row.
    """

    row: int
    photo: str
    changes: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    not_in_sheet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetImport:
    """The changes of a sheet, applied or previewed; never applied while there are problems.

    `in_the_way`: before it is applied, how many publications would no longer be allowed.
    `examples` are rows of a template that were left in place; they are not read.
    """

    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]
    not_read: tuple[str, ...]
    applied: bool
    in_the_way: int = 0
    answers: tuple[FormAnswerRow, ...] = ()
    examples: tuple[int, ...] = ()

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The rows of forms without an answer."""
        return tuple(row.row for row in self.answers if not row.is_answered)

    @property
    def changed(self) -> int:
        """The number of photos that change."""
        return sum(bool(row.changes) for row in self.rows)

    @property
    def answered(self) -> int:
        """The number of forms that are answered."""
        return sum(bool(row.changes) for row in self.answers)


def question_sheet(
    application: Application, event: str, *, only_open: bool = False
) -> list[QuestionSheetRow]:
    """Return a row for each photo of an event, or only for those with open questions."""
    with application.reading() as work:
        found = find_event(work.session, event)
        numbers = photo_ids(work.session, id_of(found))
        names = _PersonNames(work)
        rows = []
        for start in range(0, len(numbers), PHOTOS_PER_QUERY):
            batch = numbers[start : start + PHOTOS_PER_QUERY]
            questions, shown = open_questions(work, batch), persons_shown(work.session, batch)
            rows += [
                _sheet_row(names, photo, found, shown[id_of(photo)], questions[id_of(photo)])
                for photo in photos_by_id(work.session, batch)
                if questions[id_of(photo)] or not only_open
            ]
        return rows


def _sheet_row(
    names: "_PersonNames",
    photo: Photo,
    event: Event,
    persons: Sequence[int],
    questions: tuple[str, ...],
) -> QuestionSheetRow:
    return QuestionSheetRow(
        photo=human_id(Kind.PHOTO, photo.id),
        file=_printable_name(photo.file_name),
        **{question: _answer(photo, event, question) for question in _FROM_EVENT},
        people=photo.people,
        recognisable_count=photo.recognisable_count,
        names=f"{_SEPARATOR} ".join(names(photo, person) for person in persons),
        context_identifies=photo.context_identifies,
        credit=None if names.work.hides_photo(id_of(photo)) else photo.credit,
        depicted_work=photo.depicted_work,
        digital_source=photo.digital_source,
        open=questions,
    )


def _answer(photo: Photo, event: Event | None, question: str) -> Any:
    """Return the photo's own answer to a question, else that of its event."""
    own = getattr(photo, question)
    return without_block(own if own is not None or event is None else getattr(event, question))


def _printable_name(file_name: str) -> str:
    """Return a file name without characters that a cell cannot hold."""
    return "".join(c if c.isprintable() else "�" for c in file_name).strip()


class _PersonNames:
    """The names of persons in a sheet: the name where it is unambiguous, else id and name."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self._known: dict[int, str] = {}

    def __call__(self, photo: Photo, person: int) -> str:
        """Return the name of a person in a photo; all photos must be of one event."""
        if person not in self._known:
            self._known[person] = self._unambiguous_name(photo, person)
        return self._known[person]

    def _unambiguous_name(self, photo: Photo, number: int) -> str:
        person = persons_of(self.work.session, [number])[number]
        written = human_id(Kind.PERSON, number)
        if person.name == written or _SEPARATOR in person.name or hides(self.work, person):
            return written
        if not _ID.match(person.name) and _is_unambiguous(self.work, photo, person):
            return noted_name(self.work, person)
        return f"{written} {noted_name(self.work, person)}"


def _is_unambiguous(work: UnitOfWork, photo: Photo, person: Person) -> bool:
    try:
        return find_person_in(work, photo, person.name) == person.id
    except InputDataError:
        return False


def import_sheet(
    application: Application,
    file: Path,
    vocabulary: Vocabulary,
    *,
    apply: bool = False,
    only_forms: bool = False,
    paper: str = "",
) -> SheetImport:
    """Import the answers in a sheet, all rows or none; without `apply` only preview them.

    `only_forms`: a table of anything but answers on forms, or with a column that is not read, is
    refused. `paper` is where the forms are kept, unless a row tells.
    """
    known = {CODE} if only_forms else {"photo", CODE}
    tables = read_tables(file, lambda headings: bool(_keys(headings, vocabulary) & known))
    if only_forms:
        _require_forms(tables, vocabulary)
    read = [without_examples(table) for table in tables]
    with application.changing() as work:
        imports = [_import_table(work, table, vocabulary, paper) for table, _examples in read]
        if only_forms:
            _refuse_not_read(imports)
        result = SheetImport(
            rows=tuple(row for each in imports for row in each.rows),
            problems=tuple(problem for each in imports for problem in each.problems),
            not_read=tuple(heading for each in imports for heading in each.not_read),
            applied=apply and not any(each.problems for each in imports),
            answers=tuple(answer for each in imports for answer in each.answers),
            examples=tuple(row for _table, examples in read for row in examples),
        )
        if not result.applied:
            result = replace(result, in_the_way=len(work.undo().publications))
    return result


def _keys(headings: Sequence[str], vocabulary: Vocabulary) -> set[str]:
    return {vocabulary.headings.get(" ".join(h.split()).casefold(), "") for h in headings}


def _require_forms(tables: Iterable[Table], vocabulary: Vocabulary) -> None:
    for table in tables:
        if CODE not in _keys(table.headings, vocabulary):
            raise InputDataError(
                N_("the column {heading} is missing"),
                N_("Each row needs the code that is printed on the form."),
                heading=Term(N_("code")),
            )


def _refuse_not_read(imports: Iterable[SheetImport]) -> None:
    """Raise InputDataError for columns that nobody would read: one may hold a no."""
    headings = [heading for each in imports for heading in each.not_read]
    if headings:
        raise InputDataError(
            N_("these columns are not understood: {columns}"),
            N_("Use the headings of the template, and delete what is no answer on a form."),
            columns=", ".join(headings),
        )


def _import_table(
    work: UnitOfWork, table: Table, vocabulary: Vocabulary, paper: str = ""
) -> SheetImport:
    """Record one table in the open unit of work, which may still be undone."""
    columns = _columns(table, vocabulary)
    if CODE in columns:
        others = [heading for heading in table.headings if heading not in columns.values()]
        columns |= channel_columns(work, others)
    not_read = tuple(h for h in table.headings if h and h not in columns.values())
    if CODE in columns:
        forms = FormAnswerReader(
            work, table, columns, vocabulary.values, vocabulary.allowed, free_text(paper)
        )
        answers = tuple(forms.row(line) for line in table.rows)
        return SheetImport((), tuple(forms.problems), not_read, applied=False, answers=answers)
    reading = _SheetReader(work, table, columns, vocabulary)
    return SheetImport(reading.recorded(), tuple(reading.problems), not_read, applied=False)


def _columns(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the heading of each column by its key; InputDataError for a table without answers."""
    columns: dict[str, str] = {}
    for heading in table.headings:
        key = vocabulary.headings.get(heading.casefold())
        if key is not None:
            claim_column(columns, key, heading)
    _refuse_foreign_columns(columns)
    if CODE in columns:
        return columns
    if "photo" not in columns:
        raise InputDataError(
            N_("the column {heading} is missing"),
            _MAKE_A_SHEET,
            step=_NEW_SHEET,
            heading=Term(N_("photo")),
        )
    if not columns.keys() - {"photo", "file", "thumbnail", "open"}:
        raise InputDataError(
            N_("no column of the table contains answers"), _MAKE_A_SHEET, step=_NEW_SHEET
        )
    return columns


def _refuse_foreign_columns(columns: Mapping[str, str]) -> None:
    """Raise InputDataError for a column of the other kind of table: nobody would read it."""
    own = FORM_COLUMNS if CODE in columns else COLUMNS
    for key, heading in columns.items():
        if key not in own:
            raise InputDataError(
                N_("the column {heading} belongs to another table"),
                _MAKE_A_SHEET,
                step=_NEW_SHEET,
                heading=heading,
            )


@dataclass(frozen=True, slots=True)
class _SheetRowAnswers:
    """A valid row: the answers about its photo, and the persons named in it.

    `not_in_sheet` are persons who are named in the photo but not in the row.
    """

    photo: Photo
    answers: PhotoAnswers
    persons: list[int]
    not_in_sheet: tuple[str, ...]


class _SheetReader:
    """Reads one sheet in an open unit of work and collects all errors.

    All rows are read before anything is recorded, so that the registry is queried once for all.
    """

    def __init__(
        self, work: UnitOfWork, table: Table, columns: Mapping[str, str], vocabulary: Vocabulary
    ) -> None:
        self.work = work
        self.table = table
        self.columns = columns
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.seen: dict[int, int] = {}
        named = (parse_id(Kind.PHOTO, self._written(line)) for line in table.rows)
        found = rows_with(work.session, Photo, Photo.id, filter(None, named))
        self.photos = {id_of(photo): photo for photo in found}
        self.shown = persons_shown(work.session, self.photos)
        self.events = events_by_id(work.session, (photo.event_id for photo in found))
        self.person_finder = PersonFinder(work, found)

    def _written(self, line: TableRow) -> str:
        return to_text(line.cells.get(self.columns["photo"]))

    def recorded(self) -> tuple[SheetRow, ...]:
        """Record the answers of the rows, and collect their errors."""
        row_errors = [RowErrors() for _line in self.table.rows]
        parsed = [self._parse(*each) for each in zip(self.table.rows, row_errors, strict=True)]
        valid = [each for each in parsed if each is not None]
        naming = [each for each in valid if each.persons]
        persons = {id_of(each.photo): each.persons for each in naming}
        tagged = tag_photos(self.work, [each.photo for each in naming], persons)
        added = {each.photo_id: each.added for each in tagged}
        writer = AnswerWriter(self.work, [each.photo for each in valid])
        rows, answered = [], {}
        for line, errors, each in zip(self.table.rows, row_errors, parsed, strict=True):
            row = SheetRow(line.number, self._written(line))
            if each is not None:
                number = id_of(each.photo)
                new = added.get(number, ())
                write = partial(self._write, writer, each, is_new=bool(new))
                changed = errors.collect(write)
                if changed is not None:
                    answered[number] = changed
                    row = SheetRow(
                        line.number,
                        human_id(Kind.PHOTO, number),
                        changes=(*changed, *(["names"] if new else [])),
                        persons=new,
                        not_in_sheet=each.not_in_sheet,
                    )
            self.problems += errors.problems(self.table, line.number, self._written(line))
            rows.append(row)
        log_answered(self.work, answered)
        return tuple(rows)

    def _parse(self, line: TableRow, errors: RowErrors) -> _SheetRowAnswers | None:
        """Return what a row holds, or None when it has errors."""
        photo = errors.collect(lambda: self._photo(line, self._written(line)))
        answers = self._row_answers(line, errors)
        if photo is None:
            return None
        names = _names(self._cell(line, "names"))
        before = set(self.shown[id_of(photo)])
        persons = self._persons(photo, names, before, errors)
        if errors.errors:
            return None
        missing = _ids(before - set(persons)) if names else ()
        return _SheetRowAnswers(photo, self._own_answers(answers, photo), persons, missing)

    def _photo(self, line: TableRow, written: str) -> Photo:
        try:
            number = require_id(Kind.PHOTO, written)
            photo = self.photos.get(number)
            if photo is None:
                raise InputDataError(
                    N_("{value} is not in the registry"), N_("Leave the ids as they are."),
                    value=written,
                )  # fmt: skip
            if number in self.seen:
                raise InputDataError(
                    N_("row {earlier} concerns the same photo"),
                    N_("Remove one of the rows."),
                    earlier=self.seen[number],
                )
        except PhotoregError as error:
            raise CellError(self.columns["photo"], error) from error
        self.seen[number] = line.number
        self._compare_file(line, photo)
        return photo

    def _compare_file(self, line: TableRow, photo: Photo) -> None:
        """Raise CellError for a row that was moved: its file is not that of the photo."""
        file = self._cell(line, "file")
        if file is not None and to_text(file) != _printable_name(photo.file_name):
            error = InputDataError(
                N_("{photo} is another file, so the rows may have been mixed up"),
                N_("Make the table again, or correct the id and the file name."),
                photo=human_id(Kind.PHOTO, photo.id),
            )
            raise CellError(self.columns["file"], error)

    def _cell(self, line: TableRow, key: str) -> CellValue:
        return line.cells.get(self.columns.get(key, ""))

    def _row_answers(self, line: TableRow, errors: RowErrors) -> PhotoAnswers:
        """Return the answers in a row."""
        keys = (*CHOICES, *YES_OR_NO, "recognisable_count", "credit")
        cells = {key: value for key in keys if (value := self._cell(line, key)) is not None}
        parsed: dict[str, Any] = {
            key: errors.collect(partial(self._parsed, key, cells[key])) for key in cells
        }
        return PhotoAnswers(**parsed)

    def _own_answers(self, answers: PhotoAnswers, photo: Photo) -> PhotoAnswers:
        """Return the answers without those that the photo or its event already gives."""
        event = self.events.get(photo.event_id or 0)
        known: dict[str, Any] = {
            key: None for key in _FROM_EVENT if getattr(answers, key) == _answer(photo, event, key)
        }
        return replace(answers, **known)

    def _parsed(self, key: str, value: CellValue) -> Any:
        parse: Callable[[CellValue], Any] = _credit
        if key == "recognisable_count":
            parse = to_count
        elif key != "credit":
            parse = self._value_parser(key)
        try:
            return parse(value)
        except PhotoregError as error:
            raise CellError(self.columns[key], error) from error

    def _value_parser(self, key: str) -> Callable[[CellValue], Any]:
        words = self.vocabulary.values[key]

        def parse(value: CellValue) -> Any:
            if isinstance(value, bool) and key in YES_OR_NO:
                return value
            result = words.get(" ".join(to_text(value).casefold().split()))
            if result is None:
                raise not_allowed_error(value, self.vocabulary.allowed[key])
            return CHOICES[key](str(result)) if key in CHOICES else result

        return parse

    def _write(
        self, writer: AnswerWriter, row: _SheetRowAnswers, *, is_new: bool
    ) -> tuple[str, ...]:
        """Write a row's answers; return the changed columns. `is_new`: a person was added."""
        answers = row.answers if is_new else _changed_only(row.answers, row.photo)
        try:
            return writer.write_answers(row.photo, answers)
        except PhotoregError as error:
            raise CellError(self._heading_of(answers, error), error) from error

    def _persons(
        self, photo: Photo, names: Iterable[str], shown: Collection[int], errors: RowErrors
    ) -> list[int]:
        """Return the persons named; of several namesakes the one on the event's roster.

        A person who is already shown is found by id, even if erased.
        """
        found = []
        for name in names:
            written = _ID.match(name)
            number = parse_id(Kind.PERSON, written.group()) if written else None
            if number is not None and number in shown:
                found.append(number)
                continue
            named = written.group() if written else name
            person = errors.collect(partial(self._person, photo, named))
            found += [] if person is None else [person]
        return found

    def _person(self, photo: Photo, named: str) -> int:
        try:
            return self.person_finder(photo, named)
        except PhotoregError as error:
            raise CellError(self.columns["names"], error) from error

    def _heading_of(self, answers: PhotoAnswers, error: PhotoregError) -> str:
        """Return the column whose answer was refused."""
        if "count" in error.values:
            return self.columns["recognisable_count"]
        keys = [key for key in ("people", "recognisable_count", "credit") if key in self.columns]
        given = [key for key in keys if getattr(answers, key) is not None]
        return self.columns[(given or ["photo"])[0]]


def _names(value: CellValue) -> list[str]:
    names = to_text(value).split(_SEPARATOR)
    return [name.strip() for name in names if name.strip()]


def _credit(value: CellValue) -> str:
    return free_text(require_text(to_text(value)))


def _changed_only(answers: PhotoAnswers, photo: Photo) -> PhotoAnswers:
    """Return the answers without those that the photo already has."""
    own = (
        *("people", "recognisable_count", "context_identifies", "credit"),
        *("depicted_work", "digital_source"),
    )
    known: dict[str, Any] = {k: None for k in own if getattr(answers, k) == getattr(photo, k)}
    return replace(answers, **known)


def _ids(persons: Iterable[int]) -> tuple[str, ...]:
    return tuple(human_id(Kind.PERSON, person) for person in sorted(persons))
