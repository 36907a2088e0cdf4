"""Sheets: the questions about an event's photos, filled in elsewhere and read back in one go.

A workbook may hold the answers on printed consent forms beside them, on a sheet of their own.

A sheet says only what stands in it: an empty cell leaves the answer as it is, and nobody is taken
out of a photo because a name is missing. Reading is the real thing, undone unless all of it fits.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, PhotoregError
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
from photoreg.rulebook.facts import Confidentiality, People, Place, Shot
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import (
    CODE,
    CellValues,
    FormAnswerReader,
    FormAnswerRow,
    not_allowed_error,
)
from photoreg.services.inputs import free_text, require_text
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
from photoreg.sheets.files import read_tables
from photoreg.sheets.table import CellError, Problem, RowErrors, Table, TableRow
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
    "open",
)
"""The columns of a sheet; `file` is compared when read, `thumbnail` and `open` are to look at."""

CHOICES = {"place": Place, "shot": Shot, "people": People, "confidentiality": Confidentiality}
YES_OR_NO = ("context_identifies", "sensitive")
_FROM_EVENT = ("place", "shot", "confidentiality", "sensitive")
_SEPARATOR = ";"
_MAKE_A_SHEET = N_("Make a new sheet, and leave its first row as it is.")
_NEW_SHEET = NextStep.to(NextAction.SHEET_EXPORT, "event", "file")
_ID = re.compile(r"H-\d+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How people write: the column that a folded heading means, the value of a folded word.

    `allowed` are the words of each column in the user's language, for who wrote another one.
    """

    headings: Mapping[str, str]
    values: CellValues
    allowed: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What a row changes: the questions answered, who was named; who is named but not in it."""

    row: int
    photo: str
    changes: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    not_in_sheet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetImport:
    """What a sheet changes, or has changed: nothing while there are problems.

    `in_the_way`: as long as it is not applied, how many publications could not stay then.
    """

    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]
    not_read: tuple[str, ...]
    applied: bool
    in_the_way: int = 0
    answers: tuple[FormAnswerRow, ...] = ()

    @property
    def changed(self) -> int:
        """How many photos change."""
        return sum(bool(row.changes) for row in self.rows)

    @property
    def answered(self) -> int:
        """How many forms are answered."""
        return sum(bool(row.changes) for row in self.answers)


def question_sheet(
    application: Application, event: str, *, only_open: bool = False
) -> list[dict[str, Any]]:
    """Return a row for each photo of an event, with what is answered, by the photo or its event."""
    with application.reading() as work:
        row = find_event(work.session, event)
        numbers = photo_ids(work.session, id_of(row))
        called = _PersonNames(work)
        rows = []
        for start in range(0, len(numbers), PHOTOS_PER_QUERY):
            some = numbers[start : start + PHOTOS_PER_QUERY]
            questions, shown = open_questions(work, some), persons_shown(work.session, some)
            rows += [
                _sheet_row(photo, row, called, shown[id_of(photo)], questions[id_of(photo)])
                for photo in photos_by_id(work.session, some)
                if questions[id_of(photo)] or not only_open
            ]
        return rows


def _sheet_row(
    photo: Photo,
    event: Event,
    called: "_PersonNames",
    persons: Sequence[int],
    questions: Sequence[str],
) -> dict[str, Any]:
    return {
        "photo": human_id(Kind.PHOTO, photo.id),
        "file": _printable_name(photo.file_name),
        "thumbnail": None,
        **{question: _answer(photo, event, question) for question in _FROM_EVENT},
        "people": photo.people,
        "recognisable_count": photo.recognisable_count,
        "names": f"{_SEPARATOR} ".join(called(photo, person) for person in persons),
        "context_identifies": photo.context_identifies,
        "credit": photo.credit,
        "open": list(questions),
    }


def _answer(photo: Photo, event: Event | None, question: str) -> Any:
    own = getattr(photo, question)
    return without_block(own if own is not None or event is None else getattr(event, question))


def _printable_name(file_name: str) -> str:
    """Return a file's name as a cell can hold it."""
    return "".join(c if c.isprintable() else "�" for c in file_name).strip()


class _PersonNames:
    """How a sheet calls people: by name where that is enough to find them again, else by id too."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._known: dict[int, str] = {}

    def __call__(self, photo: Photo, person: int) -> str:
        """Return what the person in the photo is called; all photos are of one event."""
        if person not in self._known:
            self._known[person] = self._unambiguous_name(photo, person)
        return self._known[person]

    def _unambiguous_name(self, photo: Photo, number: int) -> str:
        person = persons_of(self._work.session, [number])[number]
        written = human_id(Kind.PERSON, number)
        if self._work.hides_names or person.name == written or _SEPARATOR in person.name:
            return written
        if not _ID.match(person.name) and _is_unambiguous(self._work, photo, person):
            return person.name
        return f"{written} {person.name}"


def _is_unambiguous(work: UnitOfWork, photo: Photo, person: Person) -> bool:
    try:
        return find_person_in(work, photo, person.name) == person.id
    except InputDataError:
        return False


def import_sheet(
    application: Application, file: Path, vocabulary: Vocabulary, *, apply: bool = False
) -> SheetImport:
    """Answer the questions that a sheet answers, all rows or none; without `apply` none."""
    tables = read_tables(file, lambda headings: bool(_keys(headings, vocabulary) & {"photo", CODE}))
    with application.changing() as work:
        read = [_read(work, table, vocabulary) for table in tables]
        result = SheetImport(
            rows=tuple(row for each in read for row in each.rows),
            problems=tuple(problem for each in read for problem in each.problems),
            not_read=tuple(heading for each in read for heading in each.not_read),
            applied=apply and not any(each.problems for each in read),
            answers=tuple(answer for each in read for answer in each.answers),
        )
        if not result.applied:
            result = replace(result, in_the_way=len(work.undo().publications))
    return result


def _keys(headings: Sequence[str], vocabulary: Vocabulary) -> set[str]:
    return {vocabulary.headings.get(" ".join(h.split()).casefold(), "") for h in headings}


def _read(work: UnitOfWork, table: Table, vocabulary: Vocabulary) -> SheetImport:
    """Record one table, without keeping it yet."""
    columns = _columns(table, vocabulary)
    not_read = tuple(h for h in table.headings if h and h not in columns.values())
    if CODE in columns:
        forms = FormAnswerReader(work, table, columns, vocabulary.values, vocabulary.allowed)
        answers = tuple(forms.row(line) for line in table.rows)
        return SheetImport((), tuple(forms.problems), not_read, applied=False, answers=answers)
    reading = _SheetReader(work, table, columns, vocabulary)
    return SheetImport(reading.recorded(), tuple(reading.problems), not_read, applied=False)


def _columns(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the heading of each column, by its key."""
    columns: dict[str, str] = {}
    for heading in table.headings:
        key = vocabulary.headings.get(heading.casefold())
        if key is not None:
            columns.setdefault(key, heading)
    if CODE in columns:
        return columns
    if "photo" not in columns:
        raise InputDataError(
            N_("the column {heading} is missing"),
            _MAKE_A_SHEET,
            step=_NEW_SHEET,
            heading=N_("photo"),
        )
    if not columns.keys() - {"photo", "file", "thumbnail", "open"}:
        raise InputDataError(
            N_("no column of the table contains answers"), _MAKE_A_SHEET, step=_NEW_SHEET
        )
    return columns


@dataclass(frozen=True, slots=True)
class _SheetRowAnswers:
    """What a row without mistakes says about its photo: answers, who is named, who is not."""

    photo: Photo
    answers: PhotoAnswers
    persons: list[int]
    not_in_sheet: tuple[str, ...]


class _SheetReader:
    """The reading of one sheet at an open desk; everything that is wrong is collected.

    All rows are read before anything is recorded, so that what is asked of the registry is asked
    once for all of them.
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
        """Record what the rows say, and note what is wrong with them."""
        noted = [RowErrors() for _line in self.table.rows]
        read = [self._read(*each) for each in zip(self.table.rows, noted, strict=True)]
        row_answers = [each for each in read if each is not None]
        naming = [each for each in row_answers if each.persons]
        persons = {id_of(each.photo): each.persons for each in naming}
        named = tag_photos(self.work, [each.photo for each in naming], persons)
        added = {each.photo_id: each.added for each in named}
        writer = AnswerWriter(self.work, [each.photo for each in row_answers])
        rows, answered = [], {}
        for line, wrongs, each in zip(self.table.rows, noted, read, strict=True):
            row = SheetRow(line.number, self._written(line))
            if each is not None:
                number = id_of(each.photo)
                new = added.get(number, ())
                write = partial(self._write, writer, each, is_new=bool(new))
                changed = wrongs.collect(write)
                if changed is not None:
                    answered[number] = changed
                    row = SheetRow(
                        line.number,
                        human_id(Kind.PHOTO, number),
                        changes=(*changed, *(["names"] if new else [])),
                        persons=new,
                        not_in_sheet=each.not_in_sheet,
                    )
            self.problems += wrongs.problems(self.table, line.number, self._written(line))
            rows.append(row)
        log_answered(self.work, answered)
        return tuple(rows)

    def _read(self, line: TableRow, wrongs: RowErrors) -> _SheetRowAnswers | None:
        photo = wrongs.collect(lambda: self._photo(line, self._written(line)))
        row_answers = self._row_answers(line, wrongs)
        if photo is None:
            return None
        names = _names(self._cell(line, "names"))
        before = set(self.shown[id_of(photo)])
        persons = self._persons(photo, names, before, wrongs)
        if wrongs.errors:
            return None
        missing = _ids(before - set(persons)) if names else ()
        return _SheetRowAnswers(photo, self._answers(row_answers, photo), persons, missing)

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
        """Refuse a row that was moved: its file is another one than the photo's."""
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

    def _row_answers(self, line: TableRow, wrongs: RowErrors) -> dict[str, Any]:
        """Return what the row says, by question."""
        keys = (*CHOICES, *YES_OR_NO, "recognisable_count", "credit")
        cells = {key: value for key in keys if (value := self._cell(line, key)) is not None}
        read = {key: wrongs.collect(partial(self._parsed, key, cells[key])) for key in cells}
        return {key: value for key, value in read.items() if value is not None}

    def _answers(self, row_answers: dict[str, Any], photo: Photo) -> PhotoAnswers:
        """Return what the row says; what the event says already is not said again."""
        event = self.events.get(photo.event_id or 0)
        for key in _FROM_EVENT:
            if key in row_answers and row_answers[key] == _answer(photo, event, key):
                del row_answers[key]
        return PhotoAnswers(**row_answers)

    def _parsed(self, key: str, value: CellValue) -> Any:
        read: Callable[[CellValue], Any] = _credit
        if key == "recognisable_count":
            read = to_count
        elif key != "credit":
            read = self._value_reader(key)
        try:
            return read(value)
        except PhotoregError as error:
            raise CellError(self.columns[key], error) from error

    def _value_reader(self, key: str) -> Callable[[CellValue], Any]:
        words = self.vocabulary.values[key]

        def read(value: CellValue) -> Any:
            if isinstance(value, bool) and key in YES_OR_NO:
                return value
            meant = words.get(" ".join(to_text(value).casefold().split()))
            if meant is None:
                raise not_allowed_error(value, self.vocabulary.allowed[key])
            return CHOICES[key](str(meant)) if key in CHOICES else meant

        return read

    def _write(
        self, writer: AnswerWriter, row_answers: _SheetRowAnswers, *, is_new: bool
    ) -> tuple[str, ...]:
        """Write a row's answers; return what they change. `is_new`: somebody is named now."""
        answers = (
            row_answers.answers if is_new else _changed_only(row_answers.answers, row_answers.photo)
        )
        try:
            return writer.write_answers(row_answers.photo, answers)
        except PhotoregError as error:
            raise CellError(self._heading_of(answers, error), error) from error

    def _persons(
        self, photo: Photo, names: Iterable[str], shown: Collection[int], wrongs: RowErrors
    ) -> list[int]:
        """Return who is meant: of several with one name the one on the event's roster.

        Who is shown already is taken by the id alone, an erased person too.
        """
        found = []
        for name in names:
            written = _ID.match(name)
            number = parse_id(Kind.PERSON, written.group()) if written else None
            if number is not None and number in shown:
                found.append(number)
                continue
            named = written.group() if written else name
            person = wrongs.collect(partial(self._person, photo, named))
            found += [] if person is None else [person]
        return found

    def _person(self, photo: Photo, named: str) -> int:
        try:
            return self.person_finder(photo, named)
        except PhotoregError as error:
            raise CellError(self.columns["names"], error) from error

    def _heading_of(self, answers: PhotoAnswers, error: PhotoregError) -> str:
        """Return the column that an answer was refused in."""
        if "count" in error.values:
            return self.columns["recognisable_count"]
        row_answers = [
            key for key in ("people", "recognisable_count", "credit") if key in self.columns
        ]
        given = [key for key in row_answers if getattr(answers, key) is not None]
        return self.columns[(given or ["photo"])[0]]


def _names(value: CellValue) -> list[str]:
    names = to_text(value).split(_SEPARATOR)
    return [name.strip() for name in names if name.strip()]


def _credit(value: CellValue) -> str:
    return free_text(require_text(to_text(value)))


def _changed_only(answers: PhotoAnswers, photo: Photo) -> PhotoAnswers:
    """Return the answers without those that the photo has already."""
    own = ("people", "recognisable_count", "context_identifies", "credit")
    known: dict[str, Any] = {k: None for k in own if getattr(answers, k) == getattr(photo, k)}
    return replace(answers, **known)


def _ids(persons: Iterable[int]) -> tuple[str, ...]:
    return tuple(human_id(Kind.PERSON, person) for person in sorted(persons))
