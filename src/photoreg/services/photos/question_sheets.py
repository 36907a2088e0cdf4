"""Export the questions about an event's photos as a sheet, and import the answers.

A workbook may also hold the answers on printed consent forms, on a sheet of their own.

An empty cell leaves an answer unchanged, and a missing name removes nobody from a photo. An import
records everything and rolls back unless all rows are valid.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
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
    photographers_by_photo,
    photos_by_id,
    repeated_file_names,
    set_photographers,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import (
    Basis,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    Photographer,
    Place,
    Shot,
)
from photoreg.services.application import Application
from photoreg.services.consents.form_answer_sheets import (
    CODE,
    FormAnswerReader,
    FormAnswerRow,
    not_allowed_error,
)
from photoreg.services.consents.objections import (
    FlaggedPhotos,
    flag_replaced_photographers,
    photographer_ids_of,
)
from photoreg.services.inputs import free_text, require_text
from photoreg.services.people.ages import hides, noted_name
from photoreg.services.photos.answers import (
    AnswerWriter,
    PhotoAnswers,
    log_answered,
    open_questions,
)
from photoreg.services.photos.depictions import tag_photos
from photoreg.services.photos.listing import file_in_folder, without_block
from photoreg.services.photos.naming.event_names import check_names
from photoreg.services.photos.naming.sheet_kinds import NOT_ANSWERS, FoundSheet, find_sheets
from photoreg.services.photos.naming.vocabulary import CHOICES, YES_OR_NO, Vocabulary
from photoreg.services.photos.naming.written_names import NameReader
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import CellValue, to_count, to_text
from photoreg.sheets.examples import without_examples
from photoreg.sheets.table import CellError, Problem, RowErrors, SeenRows, TableRow
from photoreg.texts import N_

_FROM_EVENT = ("basis", "place", "shot", "confidentiality", "sensitive")
_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class QuestionSheetRow:
    """A photo in an exported sheet, with the answers of the photo or its event."""

    photo: str
    file: str
    photographer: str
    basis: Basis | None
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

    `not_in_sheet` are persons who are named in the photo but not in the row. `is_filled`: the row
    holds an answer, be it an old one. `lacks_count`: names are filled in, and nobody has said how
    many can be recognised.
    """

    row: int
    photo: str
    changes: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    not_in_sheet: tuple[str, ...] = ()
    is_filled: bool = False
    lacks_count: bool = False


@dataclass(frozen=True, slots=True)
class SheetImport:
    """The changes of a sheet, applied or previewed; never applied while there are problems.

    `in_the_way`: before it is applied, how many publications would no longer be allowed. `stopped`:
    photos that were flagged because a photographer who refused was replaced. `examples` are rows of
    a template that were left in place; they are not read.
    """

    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]
    applied: bool
    in_the_way: int = 0
    answers: tuple[FormAnswerRow, ...] = ()
    stopped: tuple[FlaggedPhotos, ...] = ()
    examples: tuple[int, ...] = ()

    @property
    def without_count(self) -> tuple[int, ...]:
        """The rows with names of which nobody has said how many can be recognised."""
        return tuple(row.row for row in self.rows if row.lacks_count)

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The rows of forms without an answer."""
        return tuple(row.row for row in self.answers if row.is_open)

    @property
    def is_blank(self) -> bool:
        """Whether no row is filled in at all."""
        is_filled = any(row.is_filled for row in self.rows)
        return not is_filled and len(self.unanswered) == len(self.answers)

    @property
    def changed(self) -> int:
        """The number of photos that change."""
        return sum(bool(row.changes) for row in self.rows)

    @property
    def answered(self) -> int:
        """The number of forms that are answered."""
        return sum(bool(row.changes) for row in self.answers)

    @property
    def not_answered(self) -> int:
        """The number of forms about which nothing is filled in."""
        return sum(row.is_open for row in self.answers)


def question_sheet(
    application: Application, event: str, *, only_open: bool = False
) -> list[QuestionSheetRow]:
    """Return a row for each photo of an event, or only for those with open questions."""
    with application.reading() as work:
        found = find_event(work.session, event)
        numbers = photo_ids(work.session, id_of(found))
        repeated = repeated_file_names(work.session, id_of(found))
        names: _PersonNames | None = None
        rows = []
        for start in range(0, len(numbers), PHOTOS_PER_QUERY):
            batch = numbers[start : start + PHOTOS_PER_QUERY]
            questions, shown = open_questions(work, batch), persons_shown(work.session, batch)
            photos = photos_by_id(work.session, batch)
            taken_by = photographers_by_photo(work.session, photos)
            names = names or _PersonNames(work, photos)
            rows += [
                _sheet_row(
                    names,
                    photo,
                    found,
                    _People(shown[id_of(photo)], [*map(id_of, taken_by[id_of(photo)])]),
                    questions[id_of(photo)],
                    _printable(file_in_folder(photo, repeated)),
                )
                for photo in photos
                if questions[id_of(photo)] or not only_open
            ]
        return rows


@dataclass(frozen=True, slots=True)
class _People:
    """The people of a photo, by number."""

    shown: Sequence[int]
    photographers: Sequence[int]


def _sheet_row(
    names: "_PersonNames",
    photo: Photo,
    event: Event,
    people: _People,
    questions: tuple[str, ...],
    file: str,
) -> QuestionSheetRow:
    def written(persons: Sequence[int]) -> str:
        return f"{_SEPARATOR} ".join(names(photo, person) for person in persons)

    is_unknown = (photo.photographer or event.photographer) is Photographer.UNKNOWN
    return QuestionSheetRow(
        photo=human_id(Kind.PHOTO, photo.id),
        file=file,
        **{question: _answer(photo, event, question) for question in _FROM_EVENT},
        people=photo.people,
        recognisable_count=photo.recognisable_count,
        photographer=Photographer.UNKNOWN if is_unknown else written(people.photographers),
        names=written(people.shown),
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


def _printable(file_name: str) -> str:
    """Return a file name without characters that a cell cannot hold."""
    return "".join(c if c.isprintable() else "�" for c in file_name).strip()


class _PersonNames:
    """The names of persons in a sheet: the name where it is unambiguous, else id and name."""

    def __init__(self, work: UnitOfWork, photos: Iterable[Photo]) -> None:
        self.work = work
        self._reader = NameReader(work, photos)
        self._known: dict[int, str] = {}

    def __call__(self, photo: Photo, person: int) -> str:
        """Return the name of a person in a photo; all photos must be of one event."""
        if person not in self._known:
            self._known[person] = self._unambiguous_name(photo, person)
        return self._known[person]

    def _unambiguous_name(self, photo: Photo, number: int) -> str:
        person = persons_of(self.work.session, [number])[number]
        written = human_id(Kind.PERSON, number)
        if person.name == written or hides(self.work, person):
            return written
        if self._reader.is_read_as(photo, person.name, number):
            return noted_name(self.work, person)
        if self._reader.is_read_as(photo, f"{written} {person.name}", number):
            return f"{written} {noted_name(self.work, person)}"
        return written


def import_sheet(
    application: Application,
    file: Path,
    vocabulary: Vocabulary,
    *,
    apply: bool = False,
    only_forms: bool = False,
    paper: str = "",
) -> SheetImport:
    """Import the answers in a workbook, all rows or none; without `apply` only preview them.

    Raises InputDataError, which names the sheet, for whatever is not understood; with `only_forms`
    for anything but answers on forms. `paper` is where the forms are kept, unless a row tells.
    """
    with application.changing() as work:
        found = find_sheets(work, file, vocabulary)
        seen = SeenRows()
        if only_forms:
            _require_forms(found.to_record)
        read = [(each, *without_examples(each.table)) for each in found.to_record]
        if not any(table.rows for _sheet, table, _examples in read):
            raise InputDataError(
                N_("the table is empty: only its example row is filled in"),
                N_(
                    "Fill in a row for each form: its code, yes or no, what was ticked, the day "
                    "and where the paper is."
                ),
            )
        imports = [
            _import_sheet(work, replace(sheet, table=table), vocabulary, seen, free_text(paper))
            for sheet, table, _examples in read
        ]
        problems = [problem for each in imports for problem in each.problems]
        problems += [each for sheet in found.names for each in check_names(work, sheet)]
        result = SheetImport(
            rows=tuple(row for each in imports for row in each.rows),
            problems=tuple(problems),
            applied=apply and not problems,
            answers=tuple(answer for each in imports for answer in each.answers),
            examples=tuple(row for _sheet, _table, examples in read for row in examples),
            stopped=tuple(flagged for each in imports for flagged in each.stopped),
        )
        if not result.applied:
            result = replace(result, in_the_way=len(work.undo().publications))
    return result


def _require_forms(sheets: Iterable[FoundSheet]) -> None:
    for sheet in sheets:
        if CODE not in sheet.columns:
            raise InputDataError(
                N_("the column {heading} is missing"),
                N_("Each row needs the code that is printed on the form."),
                heading=Term(N_("code")),
            )


def _import_sheet(
    work: UnitOfWork, sheet: FoundSheet, vocabulary: Vocabulary, seen: SeenRows, paper: str
) -> SheetImport:
    """Record one sheet in the open unit of work, which may still be undone."""
    if CODE in sheet.columns:
        forms = FormAnswerReader(
            work,
            sheet.table,
            sheet.columns,
            vocabulary.values,
            vocabulary.allowed,
            paper,
            seen=seen,
        )
        answers = tuple(forms.row(line) for line in sheet.table.rows)
        return SheetImport((), tuple(forms.problems), applied=False, answers=answers)
    reading = _SheetReader(work, sheet, vocabulary, seen)
    rows = reading.recorded()
    stopped = tuple(filter(None, [reading.stopped]))
    return SheetImport(rows, tuple(reading.problems), applied=False, stopped=stopped)


@dataclass(frozen=True, slots=True)
class _SheetRowAnswers:
    """A valid row: the answers about its photo, the persons named in it, and its new photographers.

    `photographers` are None if they stay, and empty if they are not known. `not_in_sheet` are
    persons who are named in the photo but not in the row.
    """

    photo: Photo
    answers: PhotoAnswers
    persons: list[int]
    photographers: list[int] | None
    not_in_sheet: tuple[str, ...]

    @property
    def lacks_count(self) -> bool:
        """Whether people are named, and how many can be recognised stays unanswered."""
        counts = (self.answers.recognisable_count, self.photo.recognisable_count)
        people = self.answers.people or self.photo.people
        is_asked = people in {None, People.RECOGNISABLE}
        return bool(self.persons) and is_asked and counts == (None, None)


class _SheetReader:
    """Reads one sheet in an open unit of work and collects all errors.

    All rows are read before anything is recorded, so that the registry is queried once for all.
    """

    def __init__(
        self, work: UnitOfWork, sheet: FoundSheet, vocabulary: Vocabulary, seen: SeenRows
    ) -> None:
        self.work = work
        self.table = sheet.table
        self.columns = sheet.columns
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.stopped: FlaggedPhotos | None = None
        self.seen = seen
        named = (parse_id(Kind.PHOTO, self._written(line)) for line in self.table.rows)
        found = rows_with(work.session, Photo, Photo.id, filter(None, named))
        self.photos = {id_of(photo): photo for photo in found}
        self.shown = persons_shown(work.session, self.photos)
        self.taken_by = photographer_ids_of(work, found)
        self.events = events_by_id(work.session, (photo.event_id for photo in found))
        self.names = NameReader(work, found)

    def _written(self, line: TableRow) -> str:
        return to_text(line.cells.get(self.columns["photo"]))

    def recorded(self) -> tuple[SheetRow, ...]:
        """Record the answers of the rows, and collect their errors."""
        row_errors = [RowErrors() for _row in self.table.rows]
        parsed = [self._parse(*each) for each in zip(self.table.rows, row_errors, strict=True)]
        valid = [each for each in parsed if each is not None]
        naming = [each for each in valid if each.persons]
        persons = {id_of(each.photo): each.persons for each in naming}
        tagged = tag_photos(self.work, [each.photo for each in naming], persons)
        added = {each.photo_id: each.added for each in tagged}
        writer = AnswerWriter(self.work, [each.photo for each in valid])
        rows, answered = [], {}
        for line, errors, each in zip(self.table.rows, row_errors, parsed, strict=True):
            row = SheetRow(line.number, self._written(line), is_filled=self._is_filled(line))
            if each is not None:
                number = id_of(each.photo)
                new = added.get(number, ())
                write = partial(self._write, writer, each, is_new=bool(new))
                changed = errors.collect(write)
                if changed is not None:
                    is_by_others = each.photographers is not None
                    answered[number] = (*changed, *(["photographers"] if is_by_others else []))
                    shown = dict.fromkeys((*changed, *(["photographer"] if is_by_others else [])))
                    row = SheetRow(
                        line.number,
                        human_id(Kind.PHOTO, number),
                        changes=(*shown, *(["names"] if new else [])),
                        persons=new,
                        not_in_sheet=each.not_in_sheet,
                        is_filled=row.is_filled,
                        lacks_count=each.lacks_count,
                    )
            self.problems += errors.problems(self.table, line.number, self._written(line))
            rows.append(row)
        self._set_photographers([each for each in valid if each.photographers is not None])
        log_answered(self.work, answered)
        return tuple(rows)

    def _set_photographers(self, rows: Sequence[_SheetRowAnswers]) -> None:
        """Record the photographers of photos, those of the same people together."""
        photos: dict[tuple[int, ...], list[int]] = {}
        for row in rows:
            photos.setdefault(tuple(row.photographers or ()), []).append(id_of(row.photo))
        for persons, numbers in photos.items():
            set_photographers(self.work.session, numbers, persons)
        if rows:
            changed = [row.photo for row in rows]
            previous = {id_of(photo): self.taken_by[id_of(photo)] for photo in changed}
            self.stopped = flag_replaced_photographers(self.work, changed, previous)

    def _parse(self, line: TableRow, errors: RowErrors) -> _SheetRowAnswers | None:
        """Return what a row holds, or None when it has errors."""
        photo = errors.collect(lambda: self._photo(line, self._written(line)))
        answers = self._row_answers(line, errors)
        if photo is None:
            return None
        before = self.shown[id_of(photo)]
        if self._says(line, "names", self.vocabulary.nobody):
            answers = self._with_nobody(photo, answers, errors)
            persons: list[int] = []
        else:
            persons = self._persons(photo, line, "names", before, errors)
        photographers = self._photographers(photo, line, errors)
        if errors.errors:
            return None
        is_cleared = "names" in self.columns and self._cell(line, "names") is None
        missing = _ids(set(before) - set(persons)) if persons or is_cleared else ()
        own = self._own_answers(_by(answers, photographers), photo)
        return _SheetRowAnswers(photo, own, persons, photographers, missing)

    def _is_filled(self, line: TableRow) -> bool:
        keys = self.columns.keys() - NOT_ANSWERS
        return any(self._cell(line, key) is not None for key in keys)

    def _says(self, line: TableRow, key: str, words: Collection[str]) -> bool:
        return " ".join(to_text(self._cell(line, key)).casefold().split()) in words

    def _with_nobody(self, photo: Photo, answers: PhotoAnswers, errors: RowErrors) -> PhotoAnswers:
        """Return the answers of a row that says that nobody is shown."""
        said = answers.people or photo.people
        if said is People.UNRECOGNISABLE:  # people, but nobody by name
            return answers
        if answers.people not in {None, People.NONE}:
            error = InputDataError(
                N_("the names say that nobody is shown, and the answer about people differs"),
                N_("Correct one of the two."),
            )
            errors.errors.append(CellError(self.columns["names"], error))
        return replace(answers, people=People.NONE)

    def _photographers(self, photo: Photo, line: TableRow, errors: RowErrors) -> list[int] | None:
        """Return the photographers if the row names others than are recorded."""
        before = self.taken_by[id_of(photo)]
        if self._says(line, "photographer", self.vocabulary.unknown):
            event = self.events.get(photo.event_id or 0)
            known = photo.photographer or (event.photographer if event else None)
            return None if known is Photographer.UNKNOWN else []
        named = self._persons(photo, line, "photographer", before, errors)
        return None if not named or set(named) == before else sorted(named)

    def _photo(self, line: TableRow, written: str) -> Photo:
        try:
            number = require_id(Kind.PHOTO, written)
            photo = self.photos.get(number)
            if photo is None:
                raise InputDataError(
                    N_("{value} is not in the registry"), N_("Leave the ids as they are."),
                    value=written,
                )  # fmt: skip
            earlier = self.seen.earlier(human_id(Kind.PHOTO, number), self.table, line)
            if earlier:
                raise InputDataError(
                    N_("row {earlier} concerns the same photo"),
                    N_("Remove one of the rows."),
                    earlier=earlier,
                )
        except PhotoregError as error:
            raise CellError(self.columns["photo"], error) from error
        self._compare_file(line, photo)
        return photo

    def _compare_file(self, line: TableRow, photo: Photo) -> None:
        """Raise CellError for a row that was moved: its file is not that of the photo."""
        file = self._cell(line, "file")
        names = {_printable(file_in_folder(photo, each)) for each in ((), {photo.file_name})}
        if file is not None and to_text(file) not in names:
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
        answers = row.answers if is_new else _changed_only(row)
        try:
            return writer.write_answers(row.photo, answers)
        except PhotoregError as error:
            raise CellError(self._heading_of(answers, error), error) from error

    def _persons(
        self, photo: Photo, line: TableRow, key: str, known: Collection[int], errors: RowErrors
    ) -> list[int]:
        """Return the persons named in a cell; collect an error for each name that is not clear."""
        found = self.names.read(photo, to_text(self._cell(line, key)), known)
        errors.errors += [CellError(self.columns[key], error) for error in found.errors]
        return found.persons

    def _heading_of(self, answers: PhotoAnswers, error: PhotoregError) -> str:
        """Return the column whose answer was refused."""
        if "count" in error.values:
            return self.columns["recognisable_count"]
        keys = [key for key in ("people", "recognisable_count", "credit") if key in self.columns]
        given = [key for key in keys if getattr(answers, key) is not None]
        return self.columns[(given or ["photo"])[0]]


def _credit(value: CellValue) -> str:
    return free_text(require_text(to_text(value)))


def _by(answers: PhotoAnswers, photographers: Sequence[int] | None) -> PhotoAnswers:
    """Return the answers with new photographers, if there are any."""
    if photographers is None:
        return answers
    if not photographers:
        return replace(answers, photographer=Photographer.UNKNOWN)
    return replace(answers, photographers=_ids(photographers))


def _changed_only(row: _SheetRowAnswers) -> PhotoAnswers:
    """Return the answers without those that the photo already has.

    The credit of an earlier photographer would be removed, so the one in the row is kept.
    """
    own = (
        *("people", "recognisable_count", "context_identifies", "depicted_work", "digital_source"),
        *(["credit"] if row.photographers is None else []),
    )
    known: dict[str, Any] = {
        k: None for k in own if getattr(row.answers, k) == getattr(row.photo, k)
    }
    return replace(row.answers, **known)


def _ids(persons: Iterable[int]) -> tuple[str, ...]:
    return tuple(human_id(Kind.PERSON, person) for person in sorted(persons))
