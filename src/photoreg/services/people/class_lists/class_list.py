"""Read class lists: tables of pupils and their guardians, in the shape that schools have them.

How each column was read is told, and so is every row that was left out. Nothing is looked up in the
registry here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import Kind, name_key, parse_id
from photoreg.registry.tables.people import GuardianBasis, Language
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.inputs import holds_identity_code, without_identity_codes
from photoreg.services.organisation.layouts import NOTHING_SAVED, SavedLayout
from photoreg.services.people.class_lists.columns import (
    ColumnMeaning,
    ListedPermission,
    ListNote,
    ListNoteKind,
    ReadBy,
    ReadColumn,
)
from photoreg.services.people.class_lists.forbidding import (
    HeadingSense,
    hides_no,
    is_harmless,
    is_no,
    is_nothing,
    is_of_noes,
    is_of_remarks,
    is_open_answer,
    is_plain_no,
    may_hold_no,
    may_limit,
    note_speaks_of_no,
    sense_of,
    speaks_of_no,
    starts_with_no,
)
from photoreg.services.people.class_lists.free_words import words_below
from photoreg.services.people.class_lists.guardians import (
    NamedGuardian,
    guardians_in,
    require_person_name,
    surname_first_name,
)
from photoreg.services.people.class_lists.headings import (
    SKIP_WITH_NOES,
    count_headings,
    read_columns,
)
from photoreg.services.people.class_lists.name_marks import without_numbering
from photoreg.services.people.class_lists.titles import (
    is_filled_in,
    refuse_noes_in_headings,
    refuse_noes_in_names,
)
from photoreg.services.people.class_lists.values import (
    is_day_number,
    is_plain_yes,
    read_age_group,
    read_basis,
    read_class,
    read_contact,
    read_language,
    read_name,
    read_permission,
    read_stated_block,
    read_verified,
    to_birth_day,
)
from photoreg.services.people.class_lists.words import (
    is_about_photos,
    is_foster_carer,
    plain_heading,
)
from photoreg.services.people.class_lists.yes_and_no import is_stop
from photoreg.sheets.cells import CellValue, to_count, to_text
from photoreg.sheets.examples import without_examples
from photoreg.sheets.foreign import ForeignFile, ForeignTable, read_foreign
from photoreg.sheets.table import Problem, TableRow
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, translations

_T = TypeVar("_T")

Layouts = Callable[[Sequence[str]], SavedLayout]
"""Returns the saved layout for headings; one without a name if none was saved."""


@dataclass(frozen=True, slots=True)
class ListedGuardian:
    """A guardian in a row; `column` is the heading of the column with the name.

    `person` is the id, where the list has one (`H-2`) as the name. `called` is the word from which
    the basis was taken, and `is_unproven`: the word names a carer, who need be no guardian at all.
    """

    name: str
    column: str = ""
    contact: str = ""
    language: Language | None = None
    basis: GuardianBasis = GuardianBasis.PARENT
    verified: str = ""
    person: str = ""
    called: str = ""
    is_unproven: bool = False

    def verified_by(self, of_list: str) -> str:
        """Return from what the guardianship was verified, in the row or for the whole list.

        What is said of a whole list does not make a guardian of a carer.
        """
        return self.verified or ("" if self.is_unproven else of_list)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row of a class list: a pupil and the guardians; `blocked`: must not be shown.

    `contact` is the pupil's own. `refused`: what stands as a no in columns of permissions;
    `agreed`: a yes there, which is not taken. `person` is the pupil's id, where the list has one,
    and `group` the class.
    """

    row: int
    name: str
    born: date | None = None
    age_group: AgeGroup | None = None
    total: int | None = None
    language: Language | None = None
    guardians: tuple[ListedGuardian, ...] = ()
    blocked: bool = False
    contact: str = ""
    refused: tuple[ListedPermission, ...] = ()
    agreed: tuple[ListedPermission, ...] = ()
    person: str = ""
    group: str = ""


@dataclass(slots=True)
class ClassList:
    """A parsed class list: the valid rows, the problems in others, and the skipped columns.

    `headings` maps field names (`born`, `total`) to the headings in the table. `columns` tells how
    each column was read, and `notes` what was left out. `layout` names the saved layout that was
    taken, and `stated` are the meanings that it or the user gave.
    """

    persons: list[ListedPerson] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    not_read: list[str] = field(default_factory=list)
    columns: tuple[ReadColumn, ...] = ()
    notes: list[ListNote] = field(default_factory=list)
    layout: str = ""
    stated: dict[str, str] = field(default_factory=dict)

    @property
    def not_understood(self) -> list[ReadColumn]:
        """The columns that seem to matter and were not understood: nothing may be recorded."""
        return [column for column in self.columns if column.smells]

    def to_save(self) -> dict[str, str]:
        """Return the meanings that were stated as a layout keeps them."""
        columns = (each.heading for each in self.columns if each.is_skipped_with_noes)
        with_noes = set(map(plain_heading, columns))
        return {
            heading: SKIP_WITH_NOES if plain_heading(heading) in with_noes else words
            for heading, words in self.stated.items()
        }


def read_class_list(
    path: Path,
    today: date,
    *,
    said: Mapping[str, str] | None = None,
    layouts: Layouts = NOTHING_SAVED.columns_for,
    sheet: str = "",
) -> ClassList:
    """Read a class list; InputDataError for a file without a table of names.

    `said` is the meaning of columns by heading, as the user stated it.
    """

    def count(headings: Sequence[str]) -> int:
        return count_headings(headings, {**layouts(headings).columns, **(said or {})})

    file = read_foreign(path, count, sheet)
    found = one_table(file)
    refuse_noes_around(file, found)
    listed, examples = without_examples(found.table)
    table = replace(found, table=listed)
    layout = layouts(table.table.headings)
    columns = read_columns(table.table.headings, said=said, layout=layout.columns)
    refuse_noes_in_headings(columns)
    noes = (c.heading for c in columns if c.meaning in _OF_NOES)
    if not is_filled_in(listed, noes):
        refuse_noes_in_names(path, file)
    naming = next(c.heading for c in columns if c.meaning in _NAMING)
    listed, numbering = without_numbering(listed, naming)
    result = _TableReader(replace(table, table=listed), columns, today).result()
    result.layout, result.stated = layout.name, {**layout.columns, **(said or {})}
    result.notes[:0] = [
        *notes_on_file(file, table),
        *example_notes(examples),
        *numbering_notes(numbering),
    ]
    return result


def one_table(file: ForeignFile) -> ForeignTable:
    """Return the only table of a file; InputDataError if it has lists on several sheets."""
    if len(file.tables) > 1:
        raise InputDataError(
            N_("the file has lists on several sheets: {sheets}"),
            N_("Say which sheet is meant, and read them one after another."),
            fields=("sheet",),
            sheets=", ".join(each.table.sheet for each in file.tables),
        )
    return file.tables[0]


def refuse_noes_around(file: ForeignFile, table: ForeignTable) -> None:
    """Raise InputDataError for a no above the table, or on a sheet that is not read."""
    for row, text in table.above:
        if note_speaks_of_no(text):
            raise InputDataError(
                N_("row {row} above the table seems to forbid photos: “{words}”"),
                N_(
                    "Write the no into the row of the person it is about, in a column of "
                    "permissions or blocks, and delete this row."
                ),
                row=row,
                words=without_identity_codes(text),
            )
    for words in filter(_comments_no, file.comments):
        raise InputDataError(
            N_(
                "a comment, a text box, the hint on a link or a property of the file seems to "
                "forbid photos: “{words}”"
            ),
            N_(
                "Write the no into the row of the person it is about, in a column of "
                "permissions or blocks, and delete it there."
            ),
            words=without_identity_codes(words),
        )
    for words in filter(note_speaks_of_no, file.margins):
        raise InputDataError(
            N_("the header or footer of the printed pages seems to forbid photos: “{words}”"),
            N_(
                "Write the no into the row of the person it is about, in a column of "
                "permissions or blocks, and delete it from the header or footer."
            ),
            words=without_identity_codes(words),
        )
    _refuse_unlike_cells(file)
    for sheet, words in _noes_elsewhere(file):
        raise InputDataError(
            N_("the sheet {sheet} is not read and seems to forbid photos: “{words}”"),
            N_(
                "Write each no into the row of the person it is about, in a column of "
                "permissions or blocks, and delete the sheet from the file."
            ),
            sheet=sheet,
            words=without_identity_codes(words),
        )


def _refuse_unlike_cells(file: ForeignFile) -> None:
    """Raise InputDataError for cells that people see otherwise than they are read."""
    if file.struck:
        raise InputDataError(
            N_("text is struck through, so it is not certain whether it still holds: {cells}"),
            N_("Delete what no longer holds, and remove the line through the rest."),
            cells=_some(file.struck),
        )
    if file.covered:
        raise InputDataError(
            N_("cells that hold something are covered by merged cells: {cells}"),
            N_("Unmerge the cells, and correct or clear what comes to light."),
            cells=_some(file.covered),
        )
    if file.disguised:
        raise InputDataError(
            N_("cells show something else than they hold, because of their number format: {cells}"),
            N_("Give the cells the number format General, and write into them what is meant."),
            cells=_some(file.disguised),
        )


_MOST_CELLS = 12
"""How many of several cells are named."""


def _some(cells: Sequence[str]) -> str:
    return ", ".join(cells[:_MOST_CELLS]) + " …" * (len(cells) > _MOST_CELLS)


def _comments_no(comment: str) -> bool:
    """Return whether a comment, behind the name of its cell, says no."""
    return note_speaks_of_no(comment) or is_no(comment.partition(": ")[2]) or is_no(comment)


def _noes_elsewhere(file: ForeignFile) -> Iterator[tuple[str, str]]:
    """Yield sheets that are not read with the words that forbid there, or in their titles."""
    for title, _is_hidden in file.other_sheets:
        if sense_of(title) in {HeadingSense.BLOCK, HeadingSense.REFUSAL}:
            yield title, title
    ours = set(translations(_SHEET_OF_WORDS))
    yield from (
        (title, text)
        for title, text in file.elsewhere
        if title not in ours and (speaks_of_no(text) or is_plain_no(text))
    )


_SHEET_OF_WORDS = N_("Words")
"""The sheet of the templates with the words that may be chosen in each column."""


def example_notes(rows: Iterable[int]) -> list[ListNote]:
    """Return what is told of the example rows of a template."""
    return [ListNote(ListNoteKind.EXAMPLE, row=row) for row in rows]


def numbering_notes(first: str) -> list[ListNote]:
    """Return what is told of numbers or bullets that were left out in front of names."""
    return [ListNote(ListNoteKind.NUMBERING, first)] if first else []


def notes_on_file(file: ForeignFile, table: ForeignTable) -> Iterator[ListNote]:
    """Yield what is told of a file: its letters, sheets and rows that are no part of the table."""
    if file.encoding not in {"", "cp1252"}:
        yield ListNote(ListNoteKind.LETTERS, f"{file.encoding}: {file.example}")
    for title, is_hidden in file.other_sheets:
        kind = ListNoteKind.HIDDEN_SHEET if is_hidden else ListNoteKind.SHEET_NOT_READ
        yield ListNote(kind, title)
    for comment in file.comments:
        yield ListNote(ListNoteKind.COMMENT, without_identity_codes(comment))
    for text in file.margins:
        yield ListNote(ListNoteKind.MARGIN, without_identity_codes(text))
    yield from _notes_on_hidden(file, table)
    for row, text in table.above:
        yield ListNote(ListNoteKind.ROW_LEFT_OUT, without_identity_codes(text), row)


def _notes_on_hidden(file: ForeignFile, table: ForeignTable) -> Iterator[ListNote]:
    """Yield what was read of the table though it is hidden: people may have overlooked it."""
    numbers = {line.number for line in table.table.rows}
    if rows := [row for row in file.hidden_rows if row in numbers]:
        yield ListNote(ListNoteKind.HIDDEN_ROWS, _in_ranges(rows))
    headings = dict(enumerate(table.table.headings))
    if columns := [headings[each] for each in file.hidden_columns if headings.get(each)]:
        yield ListNote(ListNoteKind.HIDDEN_COLUMNS, ", ".join(columns))


def _in_ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers, those that follow one another as a range: `3, 5–9`."""
    starts = [n for place, n in enumerate(numbers) if not place or numbers[place - 1] != n - 1]
    ends = [n for place, n in enumerate(numbers, 1) if numbers[place : place + 1] != [n + 1]]
    return ", ".join(
        str(one) if one == last else f"{one}–{last}" for one, last in zip(starts, ends, strict=True)
    )


class _TableReader:
    """Reads the rows of one table; a child may stand in several rows that follow one another."""

    def __init__(self, table: ForeignTable, columns: Sequence[ReadColumn], today: date) -> None:
        self.table = table
        self.columns = [_with_smell(column, table) for column in columns]
        self.by_meaning = _ListColumns(self.columns)
        self.today = today
        self.unclear = table.unclear_answers(
            [each.heading for each in columns if each.meaning in _WHO],
            [each.heading for each in columns if each.meaning in _OF_ANSWERS],
        )
        self.rows_of_last: set[int] = set()
        self.list = ClassList(
            headings=_headings_by_field(self.columns),
            not_read=[c.heading for c in self.columns if not c.is_read],
            columns=tuple(self.columns),
        )

    def result(self) -> ClassList:
        """Read every row."""
        for row in self.table.repeated:
            self._note(ListNoteKind.ROW_LEFT_OUT, row, "")
        self._note_formulas()
        for line in self.table.table.rows:
            self._read_row(line)
        self.list.notes.sort(key=lambda note: note.row or 0)
        return self.list

    def _read_row(self, line: TableRow) -> None:
        row = _Row(line, self.by_meaning, self.table.broken, self.today)
        if row.is_no_person():
            self._refuse_forbidding_cells(row)
            self.list.problems += row.problems
            if not row.problems:
                self._note(ListNoteKind.ROW_LEFT_OUT, line.number, row.as_text())
            return
        if self._is_below(row):
            self._continue(row)
            return
        person = row.person()
        self._refuse_merged_answers(row, person)
        self._refuse_forbidding_cells(row)
        self.list.problems += row.problems
        for column in row.day_numbers:
            note = ListNote(
                ListNoteKind.DAY_FROM_NUMBER, row=line.number, column=column, day=person.born
            )
            self.list.notes.append(note)
        if not row.problems:
            self._add(person)

    def _refuse_merged_answers(self, row: "_Row", person: ListedPerson) -> None:
        """Report each merged answer that may be about somebody else; a no is taken for each."""
        noes = {each.column for each in person.refused}
        for column in self.columns:
            error = self.unclear.get((row.line.number, column.heading))
            is_no = column.heading in noes or (
                column.meaning is ColumnMeaning.BLOCK and person.blocked
            )
            if error and column.heading in row.line.cells and not is_no:
                row.add_problem(column.heading, error)

    def _refuse_forbidding_cells(self, row: "_Row") -> None:
        """Report each cell that seems to say no and is not read as one, skipped ones too."""
        told = {problem.column for problem in row.problems}
        for column in self.columns:
            if column.heading in told:
                continue
            value = row.line.cells.get(column.heading)
            if isinstance(value, str | bool) and _hides_no(column, to_text(value)):
                row.add_problem(column.heading, _hidden_no())

    def _is_below(self, row: "_Row") -> bool:
        """Return whether a row only adds guardians to the child in the row above it."""
        last = self.list.persons[-1] if self.list.persons else None
        is_next = row.line.number - 1 in self.rows_of_last
        return last is not None and is_next and row.has_only_guardians()

    def _continue(self, row: "_Row") -> None:
        last = self.list.persons[-1]
        guardians = row.guardians(last.name, surname_first=False)
        self._refuse_forbidding_cells(row)
        self.list.problems += row.problems
        if not row.problems:
            self.list.persons[-1] = replace(last, guardians=_joined(last.guardians, guardians))
            self._note_same(row.line.number)

    def _add(self, person: ListedPerson) -> None:
        """Add a person, or what is new about the one in the row above."""
        last = self.list.persons[-1] if self.list.persons else None
        if last and _is_same(last, person):
            self.list.persons[-1] = _merged(last, person)
            self._note_same(person.row)
        else:
            self.list.persons.append(person)
            self.rows_of_last = {person.row}

    def _note_same(self, row: int) -> None:
        """Note a further row about the last person."""
        self.rows_of_last.add(row)
        self._note(ListNoteKind.SAME_PERSON, row, self.list.persons[-1].name)

    def _note(self, kind: ListNoteKind, row: int, words: str) -> None:
        self.list.notes.append(ListNote(kind, without_identity_codes(words), row))

    def _note_formulas(self) -> None:
        unread = {c.heading for c in self.columns if not c.is_read}
        for heading in dict.fromkeys(heading for _row, heading in self.table.broken):
            if heading in unread:
                note = ListNote(ListNoteKind.FORMULAS_NOT_READ, column=heading)
                self.list.notes.append(note)


_OF_ANSWERS = frozenset({ColumnMeaning.PERMISSION, ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL})
_WHO = frozenset(
    {
        *(ColumnMeaning.NAME, ColumnMeaning.SURNAME, ColumnMeaning.FORENAMES),
        *(ColumnMeaning.CALLING_NAME, ColumnMeaning.PERSON, ColumnMeaning.BORN),
    }
)
_OF_NOES = frozenset({ColumnMeaning.BLOCK, ColumnMeaning.REFUSAL})
_OF_CONTACTS = frozenset({ColumnMeaning.CONTACT, ColumnMeaning.GUARDIAN_CONTACT})
_OF_NAMES = frozenset(
    {
        *(ColumnMeaning.NAME, ColumnMeaning.SURNAME, ColumnMeaning.FORENAMES),
        *(ColumnMeaning.CALLING_NAME, ColumnMeaning.GROUP, ColumnMeaning.GUARDIAN),
        *(ColumnMeaning.GUARDIAN_SURNAME, ColumnMeaning.GUARDIAN_FORENAMES),
    }
)


def _hides_no(column: ReadColumn, text: str) -> bool:
    """Return whether a cell that is not read as an answer seems to say no."""
    if column.meaning in _OF_ANSWERS:
        return False
    is_name = column.meaning in _OF_NAMES
    if hides_no(column.heading, text, is_name=is_name):
        return True
    is_said = column.is_read and column.read_by is not ReadBy.HEADING
    return (is_said or column.meaning in _OF_CONTACTS) and not is_name and is_plain_no(text)


def _hidden_no() -> InputDataError:
    return InputDataError(
        N_("the cell seems to forbid photos and is not read as a no"),
        N_(
            "Write the no into a column of permissions or blocks, in the row of the person it is "
            "about, and remove it from this cell."
        ),
    )


def _with_smell(column: ReadColumn, table: ForeignTable) -> ReadColumn:
    """Return a column; one that is not understood and may hold answers smells.

    So does one that a saved layout skips, once a no stands in it that did not when it was saved,
    or a remark that may limit a permission: remarks are new in each list.
    """
    if column.meaning is ColumnMeaning.SKIP and column.read_by is not ReadBy.HEADING:
        is_new = not column.is_skipped_with_noes and _has_no(column, table)
        is_said = column.read_by is ReadBy.USER
        limits = () if is_said else _limits(column, table)
        return replace(
            column,
            smells=not is_said and (is_new or bool(limits)),
            remarks=limits,
            is_skipped_with_noes=column.is_skipped_with_noes or (is_new and is_said),
        )
    if column.meaning is None and (remarks := _remarks(column, table)):
        return replace(column, smells=True, remarks=remarks)
    if column.meaning is not None or column.smells:
        return column
    filled = _filled(column, table)
    if is_about_photos(column.heading):
        return replace(column, smells=not all(map(is_plain_yes, filled)))
    if may_hold_no(column.heading) and any(is_no(to_text(value)) for value in filled):
        return replace(column, smells=True)
    return replace(column, smells=_has_no(column, table) or _has_only_answers(filled))


def _remarks(column: ReadColumn, table: ForeignTable) -> tuple[tuple[int, str], ...]:
    """Return what has to be read by somebody in a column that is not understood, by row.

    Of remarks it is what is not known to be harmless, elsewhere free words and what may limit a
    permission.
    """
    if is_of_remarks(column.heading):
        return _cells_that(column, table, lambda text: not is_harmless(text))
    if column.smells:
        return ()
    texts = (to_text(line.cells.get(column.heading)) for line in table.table.rows)
    words = words_below(column.heading, texts)
    return _cells_that(column, table, lambda text: text in words or may_limit(text))


def _limits(column: ReadColumn, table: ForeignTable) -> tuple[tuple[int, str], ...]:
    """Return the cells of a column that is not read which may limit a permission, by row."""
    return _cells_that(column, table, may_limit)


def _cells_that(
    column: ReadColumn, table: ForeignTable, matters: Callable[[str], bool]
) -> tuple[tuple[int, str], ...]:
    cells = ((line.number, to_text(line.cells.get(column.heading))) for line in table.table.rows)
    return tuple((row, without_identity_codes(text)) for row, text in cells if matters(text))


def _filled(column: ReadColumn, table: ForeignTable) -> list[CellValue]:
    cells = (line.cells.get(column.heading) for line in table.table.rows)
    return [value for value in cells if to_text(value).strip()]


def _has_no(column: ReadColumn, table: ForeignTable) -> bool:
    """Return whether a no stands in a column: in words, or as a sign among other answers."""
    filled = _filled(column, table)
    texts = [to_text(value) for value in filled if value is not False]
    has_words = len(texts) < len(filled) or any(map(starts_with_no, texts))
    return has_words or (_has_only_answers(filled) and any(map(is_no, texts)))


def _has_only_answers(filled: Sequence[CellValue]) -> bool:
    """Return whether cells hold only yes and no in any form, and not only dashes for nothing."""
    are_answers = all(
        is_plain_yes(value) or is_no(to_text(value)) or is_open_answer(to_text(value))
        for value in filled
    )
    return are_answers and not all(is_nothing(to_text(value)) for value in filled)


def _headings_by_field(columns: Iterable[ReadColumn]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        if column.meaning and not column.meaning.is_of_guardian:
            found.setdefault(column.meaning.value, column.heading)
    found.setdefault("name", found.get("surname", ""))
    return found


def _is_same(one: ListedPerson, other: ListedPerson) -> bool:
    return (
        one.born is not None
        and (name_key(one.name), one.born) == (name_key(other.name), other.born)
        and one.group in {"", other.group}
    )


def _merged(one: ListedPerson, other: ListedPerson) -> ListedPerson:
    """Return a child of two rows: what either tells; a block and a no of either stay."""
    return replace(
        one,
        age_group=one.age_group or other.age_group,
        total=max(filter(None, (one.total, other.total)), default=None),
        language=one.language or other.language,
        guardians=_joined(one.guardians, other.guardians),
        blocked=one.blocked or other.blocked,
        contact=one.contact or other.contact,
        refused=tuple(dict.fromkeys((*one.refused, *other.refused))),
        agreed=tuple(dict.fromkeys((*one.agreed, *other.agreed))),
        person=one.person or other.person,
    )


def _joined(
    one: Sequence[ListedGuardian], other: Sequence[ListedGuardian]
) -> tuple[ListedGuardian, ...]:
    known = {(name_key(each.name), each.person) for each in one}
    new = (each for each in other if (name_key(each.name), each.person) not in known)
    return (*one, *new)


_NAMING = frozenset({ColumnMeaning.NAME, ColumnMeaning.SURNAME, ColumnMeaning.PERSON})
_FILL_IN_HINT = N_("Write it, or clear the row.")
_FOOTER = re.compile(
    r"[*†‡§#]+\s*[=:–-]|(yhteensä|yht|summa|total|totalt|sammanlagt|oktiibuot|tulostettu|printed|utskriven|päivitetty"
    r"|(sivu|page|sida)(?= *\d)|(huom|huomautus|obs|note)(?= *[.:])|luokanvalvoja|luokanopettaja"
    r"|opettaja|lärare|klassföreståndare|teacher|lähde|source|tiedot haettu"
    r"|laatija|oppilaita|oppilasmäärä|lapsia|elever|pupils)\b",
)
_NO_PERSON = re.compile(
    r"\W*\d*\W*|(luokka|ryhmä|klass|grupp|class|group|luohkká|joavku)?\s*\d{1,2}\s?[a-zåäö]{0,2}"
    r"|\d+ (oppilasta|oppilas|lasta|lapsi|elever|elev|pupils?|children|child)"
)


class _ListColumns:
    """The headings of each meaning: of the person, and of each guardian by number."""

    def __init__(self, columns: Sequence[ReadColumn]) -> None:
        self.person: dict[ColumnMeaning, list[str]] = {}
        self.guardians: dict[int, dict[ColumnMeaning, list[str]]] = {}
        for column in columns:
            if column.meaning is None or column.meaning is ColumnMeaning.SKIP:
                continue
            parts = self.person
            if column.meaning.is_of_guardian:
                parts = self.guardians.setdefault(column.guardian or 1, {})
            parts.setdefault(column.meaning, []).append(column.heading)
        self.naming = next(c.heading for c in columns if c.meaning in _NAMING)


class _Row:
    """Reads one row and collects all its problems."""

    def __init__(
        self,
        line: TableRow,
        columns: _ListColumns,
        broken: Mapping[tuple[int, str], InputDataError],
        today: date,
    ) -> None:
        self.line = line
        self.broken = broken
        self.today = today
        self.problems: list[Problem] = []
        self.day_numbers: list[str] = []
        self.by_meaning = columns.person
        self.by_guardian = columns.guardians
        self.naming = columns.naming

    def as_text(self) -> str:
        """Return what stands in the row."""
        return " ".join(to_text(value) for value in self.line.cells.values())

    def is_no_person(self) -> bool:
        """Return whether a row is empty but for what nobody reads, a title or a sum."""
        filled = self._filled(self.by_meaning) | self._filled_of_guardians()
        filled -= {*self.by_meaning.get(ColumnMeaning.GROUP, ())}
        naming = (ColumnMeaning.NAME, ColumnMeaning.SURNAME, ColumnMeaning.FORENAMES)
        names = filled & {heading for each in naming for heading in self.by_meaning.get(each, ())}
        if filled - names:
            return False
        text = " ".join(to_text(self.line.cells[each]) for each in sorted(names))
        text = " ".join(text.casefold().split())
        return bool(_FOOTER.match(text) or _NO_PERSON.fullmatch(text))

    def _filled(self, parts: Mapping[ColumnMeaning, Sequence[str]]) -> set[str]:
        headings = {heading for several in parts.values() for heading in several}
        number = self.line.number
        return {h for h in headings if h in self.line.cells or (number, h) in self.broken}

    def _filled_of_guardians(self) -> set[str]:
        return {each for parts in self.by_guardian.values() for each in self._filled(parts)}

    def has_only_guardians(self) -> bool:
        """Return whether only columns of guardians are filled, and a name among them."""
        of_group = set(self.by_meaning.get(ColumnMeaning.GROUP, ()))
        if self._filled(self.by_meaning) - of_group:
            return False
        names = {ColumnMeaning.GUARDIAN, ColumnMeaning.GUARDIAN_SURNAME}
        named = (h for p in self.by_guardian.values() for m in names for h in p.get(m, ()))
        return any(heading in self.line.cells for heading in named)

    def person(self) -> ListedPerson:
        """Parse the row; the result is valid only if there are no problems."""
        name, surname_first = self._name()
        born = self._born()
        age_group = self._first(ColumnMeaning.AGE, read_age_group)
        total = self._first(ColumnMeaning.TOTAL, to_count)
        guardians = self.guardians(name, surname_first=surname_first)
        self._refuse_own_guardian(name, guardians)
        self._refuse_too_many(total, guardians)
        yes, no = self._permissions()
        return ListedPerson(
            row=self.line.number,
            name=name,
            born=born,
            age_group=age_group,
            total=total,
            language=self._first(ColumnMeaning.LANGUAGE, read_language),
            guardians=guardians,
            blocked=bool(self._said_no(ColumnMeaning.BLOCK)),
            contact=", ".join(self._all(self.by_meaning, ColumnMeaning.CONTACT, read_contact)),
            refused=no,
            agreed=yes,
            person=self._person_id(),
            group=self._first(ColumnMeaning.GROUP, read_class) or "",
        )

    def _name(self) -> tuple[str, bool]:
        """Return the name, first names first, and whether it is written surname first."""
        heading = self.by_meaning.get(ColumnMeaning.NAME, [""])[0]
        before = len(self.problems)
        if heading and heading in self.line.cells:
            both = self._read(heading, lambda v: surname_first_name(to_text(v)), None)
            if len(self.problems) > before:
                return "", False
            text: CellValue = " ".join(both) if both else self.line.cells[heading]
            return self._read(heading, lambda _v: read_name(text), ""), both is not None
        calling = self._part(ColumnMeaning.CALLING_NAME)
        forenames = self._part(ColumnMeaning.FORENAMES)
        surname = self._part(ColumnMeaning.SURNAME)
        name = " ".join(filter(None, (calling or forenames, surname)))
        is_whole = bool((calling or forenames) and surname)
        if is_whole:
            [heading, *_more] = self.by_meaning[ColumnMeaning.SURNAME]
            return self._read(heading, lambda _value: read_name(name), ""), False
        if len(self.problems) == before and not self._person_id():
            error = InputDataError(N_("the name is missing"), _FILL_IN_HINT)
            self.add_problem(self.naming, error)
        return name, False

    def _person_id(self) -> str:
        return self._first(ColumnMeaning.PERSON, _person_id) or ""

    def _part(self, meaning: ColumnMeaning) -> str:
        return self._first(meaning, read_name) or ""

    def _born(self) -> date | None:
        heading = self.by_meaning.get(ColumnMeaning.BORN, [""])[0]
        if heading and is_day_number(self.line.cells.get(heading)):
            self.day_numbers.append(heading)
        return self._first(ColumnMeaning.BORN, lambda value: to_birth_day(value, self.today))

    def _permissions(self) -> tuple[tuple[ListedPermission, ...], tuple[ListedPermission, ...]]:
        yes: list[ListedPermission] = []
        no: list[ListedPermission] = []
        for heading in self.by_meaning.get(ColumnMeaning.PERMISSION, ()):
            is_yes = self._read(heading, read_permission, None)
            if is_yes is not None:
                words = ListedPermission(heading, to_text(self.line.cells[heading]))
                (yes if is_yes else no).append(words)
        no += self._said_no(ColumnMeaning.REFUSAL)
        return tuple(yes), tuple(no)

    def _said_no(self, meaning: ColumnMeaning) -> list[ListedPermission]:
        """Return what stands as a no in the columns of blocks, or in those of refusals."""
        return [
            ListedPermission(heading, to_text(self.line.cells[heading]))
            for heading in self.by_meaning.get(meaning, ())
            if self._read(
                heading, is_stop if is_of_noes(heading) else read_stated_block, empty=None
            )
        ]

    def guardians(self, child: str, *, surname_first: bool) -> tuple[ListedGuardian, ...]:
        """Return the guardians of the row, from the columns of each and the cells with several."""
        found: list[ListedGuardian] = []
        for parts in self.by_guardian.values():
            found += self._guardian(parts, child, surname_first=surname_first)
        return tuple(found)

    def _guardian(
        self, parts: Mapping[ColumnMeaning, list[str]], child: str, *, surname_first: bool
    ) -> list[ListedGuardian]:
        before = len(self.problems)
        column, named = self._named(parts, child, surname_first=surname_first)
        contacts = self._all(parts, ColumnMeaning.GUARDIAN_CONTACT, read_contact)
        language = self._one(parts, ColumnMeaning.GUARDIAN_LANGUAGE, read_language)
        called, basis, is_unproven = self._basis(parts, column)
        verified = self._one(parts, ColumnMeaning.GUARDIAN_VERIFIED, read_verified) or ""
        if len(self.problems) > before:
            return []
        if not named:
            self._refuse_nameless(parts)
            return []
        told = self._contacts_of(named, contacts, parts)
        return [
            ListedGuardian(
                *(each.name, column, contact, language, basis, verified, each.person),
                called=called,
                is_unproven=is_unproven,
            )
            for each, contact in zip(named, told, strict=True)
        ]

    def _basis(
        self, parts: Mapping[ColumnMeaning, list[str]], column: str
    ) -> tuple[str, GuardianBasis, bool]:
        """Return the word that tells the basis, the basis, and whether the word is no basis."""
        basis = self._one(parts, ColumnMeaning.GUARDIAN_BASIS, read_basis)
        called = self._one(parts, ColumnMeaning.GUARDIAN_BASIS, to_text) or ""
        if basis is None and is_foster_carer(column):
            return column, GuardianBasis.COURT_ORDER, True
        return called, basis or GuardianBasis.PARENT, is_foster_carer(called)

    def _named(
        self, parts: Mapping[ColumnMeaning, list[str]], child: str, *, surname_first: bool
    ) -> tuple[str, list[NamedGuardian]]:
        """Return the column of the name and who is named there."""
        surname = child.rsplit(maxsplit=1)[-1] if child else ""

        def read(value: CellValue) -> list[NamedGuardian]:
            found = guardians_in(to_text(value), surname, surname_first=surname_first)
            return [replace(each, name=read_name(each.name)) for each in found]

        for heading in parts.get(ColumnMeaning.GUARDIAN, ()):
            if heading in self.line.cells or (self.line.number, heading) in self.broken:
                return heading, self._read(heading, read, [])
        last = self._one(parts, ColumnMeaning.GUARDIAN_SURNAME, read_name)
        first = self._one(parts, ColumnMeaning.GUARDIAN_FORENAMES, read_name)
        name = " ".join(filter(None, (first, last)))
        columns = [h for m in _GUARDIAN_PARTS for h in parts.get(m, ())]
        column = next(iter(columns), "")

        def whole(_value: CellValue) -> list[NamedGuardian]:
            return [NamedGuardian(read_name(require_person_name(name)))]

        filled = next((each for each in columns if each in self.line.cells), column)
        return column, self._read(filled, whole, []) if name else []

    def _contacts_of(
        self,
        named: Sequence[NamedGuardian],
        contacts: Sequence[str],
        parts: Mapping[ColumnMeaning, list[str]],
    ) -> list[str]:
        """Return the contact of each; a cell may have one for each of several."""
        beside = [each.contact for each in named]
        if len(named) == 1:
            return [", ".join(dict.fromkeys(filter(None, (*beside, *contacts))))]
        if not contacts:
            return beside
        told = [each for text in contacts for each in re.split(r"\s*[,;/\n]\s*", text) if each]
        if len(told) == len(named) and not any(beside):
            return told
        error = InputDataError(
            N_("it is unclear whose contact this is: the row names several guardians"),
            N_("Write each guardian in a column of their own, first name first."),
        )
        self.add_problem(parts[ColumnMeaning.GUARDIAN_CONTACT][0], error)
        return [""] * len(named)

    def _refuse_nameless(self, parts: Mapping[ColumnMeaning, list[str]]) -> None:
        filled = [h for several in parts.values() for h in several if h in self.line.cells]
        if filled and not self.problems:
            error = InputDataError(N_("the guardian's name is missing beside it"), _FILL_IN_HINT)
            self.add_problem(filled[0], error)

    def _refuse_too_many(self, total: int | None, guardians: Sequence[ListedGuardian]) -> None:
        if total is not None and total < len(guardians):
            error = InputDataError(
                N_("the number of guardians is {total}, but {named} are named"),
                N_("Correct the number, or remove the one who is not a guardian."),
                total=total,
                named=len(guardians),
            )
            self.add_problem(self.by_meaning[ColumnMeaning.TOTAL][0], error)

    def _refuse_own_guardian(self, name: str, guardians: Sequence[ListedGuardian]) -> None:
        for guardian in guardians:
            if name and name_key(guardian.name) == name_key(name):
                error = InputDataError(
                    N_("the child is named as their own guardian"),
                    N_(
                        "Give the name of the guardian. If both have the same name, leave the "
                        "guardian out here, and record the guardian and the guardianship "
                        "separately."
                    ),
                    step=NextStep.to(NextAction.GUARDIAN_ADD, "person", "guardian", "basis"),
                )
                self.add_problem(guardian.column, error)

    def _first(self, meaning: ColumnMeaning, read: Callable[[CellValue], _T]) -> _T | None:
        return self._one(self.by_meaning, meaning, read)

    def _one(
        self,
        parts: Mapping[ColumnMeaning, list[str]],
        meaning: ColumnMeaning,
        read: Callable[[CellValue], _T],
    ) -> _T | None:
        return next(iter(self._all(parts, meaning, read)), None)

    def _all(
        self,
        parts: Mapping[ColumnMeaning, list[str]],
        meaning: ColumnMeaning,
        read: Callable[[CellValue], _T],
    ) -> list[_T]:
        """Return what the columns of a meaning hold, without empty cells."""
        headings = parts.get(meaning)
        if not headings:
            return []
        values = [self._read(heading, read, None) for heading in headings]
        return [value for value in values if value is not None]

    def _read(self, heading: str, read: Callable[[CellValue], _T], empty: _T) -> _T:
        broken = self.broken.get((self.line.number, heading)) if self.broken else None
        if broken:
            self.add_problem(heading, broken)
            return empty
        value = self.line.cells.get(heading)
        if value is None:
            return empty
        try:
            return read(value)
        except PhotoregError as error:
            self.add_problem(heading, _without_code(value, error))
            return empty

    def add_problem(self, heading: str, error: PhotoregError) -> None:
        """Note a problem in a cell, with the person as written."""
        who = without_identity_codes(to_text(self.line.cells.get(self.naming)))
        self.problems.append(Problem(self.line.number, heading, who, error))


_GUARDIAN_PARTS = (ColumnMeaning.GUARDIAN_SURNAME, ColumnMeaning.GUARDIAN_FORENAMES)


def _without_code(value: CellValue, error: PhotoregError) -> PhotoregError:
    """Return the error; another one for an identity code, which is repeated nowhere."""
    if "value" not in error.values or not holds_identity_code(to_text(value)):
        return error
    return InputDataError(
        N_("the text contains what looks like a personal identity code"),
        N_("Leave it out: identity codes are never recorded in the registry."),
    )


def _person_id(value: CellValue) -> str:
    text = to_text(value).strip()
    if parse_id(Kind.PERSON, text) is None:
        raise InputDataError(
            N_("{value} is not an id here"),
            N_("Ids of this kind look like {example}."),
            value=text,
            example="H-12",
        )
    return text.upper()
