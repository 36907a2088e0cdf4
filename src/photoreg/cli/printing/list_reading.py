"""Print how the columns of a class list were read, what was left out, and what must be said."""

from collections.abc import Iterable, Iterator
from typing import Any

from photoreg.cli.output import print_note
from photoreg.cli.printing.quoting import quoted
from photoreg.cli.printing.roster_preview import named, row_numbers
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import value_labels
from photoreg.presentation.messages import error_texts
from photoreg.services.people.class_list import ListedPerson
from photoreg.services.people.forbidding import may_hold_no
from photoreg.services.people.list_columns import (
    ColumnMeaning,
    ListNote,
    ListNoteKind,
    ReadBy,
    ReadColumn,
)
from photoreg.services.people.list_words import is_of_guardian
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


def print_reading(report: ListReport) -> None:
    """Print how each column was read, and what was left out of the list."""
    if report.layout:
        print_note(_("Columns were read as saved: {layout}.").format(layout=safe(report.layout)))
    if report.save_as:
        print_note(_layout_line(report))
    read = "; ".join(_column_line(column) for column in report.columns if column.is_read)
    print_note(_("How the columns were read: {columns}.").format(columns=read))
    print_notes(report.notes)
    for line in (*_remark_lines(report), *_permission_lines(report)):
        print_note(line)


def print_notes(notes: Iterable[ListNote]) -> None:
    """Print what was left out of a list, and what was read otherwise than written."""
    for note in notes:
        print_note(_note_line(note))


def _column_line(column: ReadColumn) -> str:
    [meaning] = value_labels("ColumnMeaning", [str(column.meaning)])
    number = f" {column.guardian}" if column.guardian else ""
    by = f" ({_(_READ_BY[column.read_by])})" if column.read_by in _READ_BY else ""
    return f"{safe(column.heading)} = {meaning}{number}{by}"


_READ_BY = {ReadBy.USER: N_("as you said"), ReadBy.LAYOUT: N_("as saved")}
"""How the meaning of a column is known, if not by its heading."""


def _layout_line(report: ListReport) -> str:
    text = _("How the columns are read will be saved as {layout} when the list is recorded.")
    if report.is_saved:
        text = _("How the columns are read was saved as {layout}.")
    return text.format(layout=safe(report.save_as))


def _note_line(note: ListNote) -> str:
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
            people=_noes(report)
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


def _noes(report: ListReport) -> str:
    """Return who has a no in the list, with the row and what stands there."""
    persons = [person for person in report.persons if person.refused]
    words = ("; ".join(f"{no.column}: {no.words}" for no in each.refused) for each in persons)
    return named(
        [f"{_people([person])} ({safe(text)})" for person, text in zip(persons, words, strict=True)]
    )


def _how_to_say(column: ReadColumn) -> str:
    """Return how to say what a column is; one in which a no may stand is never skipped."""
    heading = column.heading
    if column.read_by is ReadBy.LAYOUT and not column.remarks:
        return N_(
            "A no stands in a column that the saved layout skips. Say what it is: --column "
            "{permission}, where a yes or a no stands, or --column {skip} if it is about something "
            "else."
        )
    if column.remarks:
        return N_(
            "Read what stands there. Write a no into a column of refusals or blocks; if none of it "
            "is about photos: --column {skip}."
        )
    if is_of_guardian(heading):
        return N_(
            "Say what each is, for example --column {guardian}, or --column {skip} if it is not to "
            "be read."
        )
    if not may_hold_no(heading):
        return N_(
            "Say what each is, for example --column {permission} if a yes or a no about photos "
            "stands there, or --column {skip} if it is about something else."
        )
    return N_(
        "Say what each is: --column {permission}, where a yes or a no stands; --column {refusal}, "
        "where whatever is written is a no; or --column {block}."
    )


def _unclear_columns(report: ListReport) -> InputDataError:
    example = next(column for column in report.columns if column.smells)
    return InputDataError(
        N_("nothing was recorded; columns that may matter and were not understood: {columns}"),
        _how_to_say(example),
        columns=", ".join(map(safe, report.not_understood)),
        **_options(example.heading),
    )


def _options(heading: str) -> dict[str, Any]:
    """Return what can be said of a column, each quoted as the user's shell needs it."""
    said = (
        *(ColumnMeaning.PERMISSION, ColumnMeaning.REFUSAL, ColumnMeaning.BLOCK),
        *(ColumnMeaning.GUARDIAN, ColumnMeaning.SKIP),
    )
    words = value_labels("ColumnMeaning", [str(each) for each in said])
    return {
        each.value: quoted(f"{safe(heading)}={word}{' 1' * each.is_of_guardian}")
        for each, word in zip(said, words, strict=True)
    }


def _unclear_refuser(report: ListReport) -> InputDataError:
    return InputDataError(
        N_("nothing was recorded; a no stands in a column of permissions or refusals: {people}"),
        N_(
            "Say who said no: --refused-by guardians, first or second; or --refused-by "
            "unknown, which sets a publication block."
        ),
        people=_noes(report),
    )


def print_open(report: ListReport) -> None:
    """Print what must be said before the list can be recorded, and how."""
    if report.not_understood:
        error = _unclear_columns(report)
        print_note(
            _("Columns that may matter and were not understood: {columns}.").format(**error.values)
        )
        print_note(f"  {error_texts(error)[1]}")
    if report.is_refuser_open:
        print_note(f"  {error_texts(_unclear_refuser(report))[1]}")


def refuse_open_reading(report: ListReport) -> None:
    """Raise InputDataError if something must be said before the list can be recorded."""
    if report.not_understood:
        raise _unclear_columns(report)
    if report.is_refuser_open:
        raise _unclear_refuser(report)
