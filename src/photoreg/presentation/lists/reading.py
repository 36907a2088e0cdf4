"""How the columns of a class list were read, and what was left out of it."""

from collections.abc import Iterable, Iterator

from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import value_labels
from photoreg.presentation.lists.roster_rows import named, row_numbers
from photoreg.services.people.class_lists.class_list import ListedPerson
from photoreg.services.people.class_lists.columns import (
    ColumnMeaning,
    ListNote,
    ListNoteKind,
    ReadBy,
    ReadColumn,
)
from photoreg.services.photos.rosters.reading import ListReport
from photoreg.texts import N_, _

_NOTES = {
    ListNoteKind.ROW_LEFT_OUT: N_("Row {row} was left out: {words}"),
    ListNoteKind.SAME_PERSON: N_("Row {row} is about the same person as above: {words}."),
    ListNoteKind.SHEET_NOT_READ: N_("The sheet {words} was not read."),
    ListNoteKind.HIDDEN_SHEET: N_("The hidden sheet {words} was not read."),
    ListNoteKind.HIDDEN_ROWS: N_("Hidden rows were read as the others were: {words}."),
    ListNoteKind.HIDDEN_COLUMNS: N_("Hidden columns were read as the others were: {words}."),
    ListNoteKind.COMMENT: N_("A comment or a text box was not read: {words}"),
    ListNoteKind.MARGIN: N_("The header or footer of the printed pages says: {words}"),
    ListNoteKind.FORMULAS_NOT_READ: N_("The column {column} has formulas and was not read."),
    ListNoteKind.DAY_FROM_NUMBER: N_(
        "Row {row}, column {column}: a number was read as the day {words}."
    ),
    ListNoteKind.EXAMPLE: N_("Row {row} is the example of the template and was left out."),
    ListNoteKind.NUMBERING: N_(
        "Numbers or bullets in front of the names were left out: {words} and so on."
    ),
    ListNoteKind.LETTERS: N_("The letters were read as {words}. Check the names."),
}


def reading_lines(report: ListReport) -> Iterator[str]:
    """Yield how each column was read, and what was left out of the list."""
    if report.layout:
        yield _("Columns were read as saved: {layout}.").format(layout=safe(report.layout))
    if report.save_as:
        yield _layout_line(report)
    read = "; ".join(_column_line(column) for column in report.columns if column.is_read)
    yield _("How the columns were read: {columns}.").format(columns=read)
    yield from map(note_line, report.notes)
    yield from _remark_lines(report)
    yield from _permission_lines(report)


def _column_line(column: ReadColumn) -> str:
    by = f" ({_(_READ_BY[column.read_by])})" if column.read_by in _READ_BY else ""
    return f"{safe(column.heading)} = {meaning_in_words(column.meaning, column.guardian)}{by}"


def meaning_in_words(meaning: ColumnMeaning | None, guardian: int | None) -> str:
    """Return what a column was read as: `guardian contact 1`."""
    [words] = value_labels("ColumnMeaning", [str(meaning)])
    return f"{words} {guardian}" if guardian else words


_READ_BY = {ReadBy.USER: N_("as you said"), ReadBy.LAYOUT: N_("as saved")}
"""How the meaning of a column is known, if not by its heading."""


def _layout_line(report: ListReport) -> str:
    text = _("How the columns are read will be saved as {layout} when the list is recorded.")
    if report.is_saved:
        text = _("How the columns are read was saved as {layout}.")
    return text.format(layout=safe(report.save_as))


def note_line(note: ListNote) -> str:
    """Return what was left out of a list, or was read otherwise than written."""
    words = day_in_words(note.day) if note.day else safe(note.words)
    if note.kind is ListNoteKind.HIDDEN_ROWS:
        words = row_numbers(words)
    return _(_NOTES[note.kind]).format(row=note.row, column=safe(note.column), words=words)


_MOST_REMARKS = 5
"""How many remarks of a column are shown."""


def _remark_lines(report: ListReport) -> Iterator[str]:
    """Yield what stands in columns of remarks, so that somebody reads it."""
    for column in report.columns:
        for row, words in column.remarks[:_MOST_REMARKS]:
            yield _("Row {row}, {column}: {words}").format(
                row=row, column=safe(column.heading), words=safe(words)
            )
        if (left := len(column.remarks) - _MOST_REMARKS) > 0:
            yield _("Further remarks in the column {column}: {count}.").format(
                column=safe(column.heading), count=left
            )


def _permission_lines(report: ListReport) -> Iterator[str]:
    if blocked := [person for person in report.persons if person.blocked]:
        yield _("Must not be shown, by the list: {people}.").format(people=_people(blocked))
    if report.refused:
        yield _("A no stands in a column of permissions or refusals: {people}.").format(
            people=listed_noes(report)
        )
    if report.agreed:
        yield _(
            "A yes stands in a column of permissions: {rows}. A yes is not taken from a class "
            "list: it does not tell who said it, on which day and to what. Record the consents."
        ).format(rows=_people(person for person in report.persons if person.agreed))


def _people(persons: Iterable[ListedPerson]) -> str:
    """Return people with their rows, so that no row reads as a count: `row 2 Elle Sara`."""
    return named(
        [_("row {row} {name}").format(row=each.row, name=safe(each.name)) for each in persons]
    )


def listed_noes(report: ListReport) -> str:
    """Return who has a no in the list, with the row and what stands there."""
    persons = [person for person in report.persons if person.refused]
    words = ("; ".join(f"{no.column}: {no.words}" for no in each.refused) for each in persons)
    return named(
        [f"{_people([person])} ({safe(text)})" for person, text in zip(persons, words, strict=True)]
    )
