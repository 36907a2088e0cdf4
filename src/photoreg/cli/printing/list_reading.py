"""Print how the columns of a class list were read, what was left out, and what must be said."""

from collections.abc import Iterable, Iterator

from photoreg.cli.output import print_note
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import value_labels
from photoreg.services.people.forbidding import may_hold_no
from photoreg.services.people.list_columns import ListNote, ListNoteKind, ReadBy, ReadColumn
from photoreg.services.photos.rosters.reading import ListReport
from photoreg.texts import N_, _

_NOTES = {
    ListNoteKind.ROW_LEFT_OUT: N_("Row {row} was left out: {words}"),
    ListNoteKind.SAME_PERSON: N_("Row {row} is about the same person as above: {words}."),
    ListNoteKind.SHEET_NOT_READ: N_("The sheet {words} was not read."),
    ListNoteKind.FORMULAS_NOT_READ: N_("The column {column} has formulas and was not read."),
    ListNoteKind.DAY_FROM_NUMBER: N_(
        "Row {row}, column {column}: a number was read as the day {words}."
    ),
    ListNoteKind.EXAMPLE: N_("Row {row} is the example of the template and was left out."),
    ListNoteKind.LETTERS: N_("The letters were read as {words}. Check the names."),
}


def print_reading(report: ListReport) -> None:
    """Print how each column was read, and what was left out of the list."""
    if report.layout:
        print_note(_("Columns were read as saved: {layout}.").format(layout=safe(report.layout)))
    read = "; ".join(_column_line(column) for column in report.columns if column.is_read)
    print_note(_("How the columns were read: {columns}.").format(columns=read))
    print_notes(report.notes)
    for line in _permission_lines(report):
        print_note(line)


def print_notes(notes: Iterable[ListNote]) -> None:
    """Print what was left out of a list, and what was read otherwise than written."""
    for note in notes:
        print_note(_note_line(note))


def _column_line(column: ReadColumn) -> str:
    [meaning] = value_labels("ColumnMeaning", [str(column.meaning)])
    number = f" {column.guardian}" if column.guardian else ""
    mark = "" if column.read_by is ReadBy.HEADING else " *"
    return f"{safe(column.heading)} = {meaning}{number}{mark}"


def _note_line(note: ListNote) -> str:
    return _(_NOTES[note.kind]).format(
        row=note.row, column=safe(note.column), words=safe(note.words)
    )


def _permission_lines(report: ListReport) -> Iterator[str]:
    if report.refused:
        yield _("A no stands in a column of permissions or refusals: {rows}.").format(
            rows=_rows(report.refused)
        )
    if report.agreed:
        yield _(
            "A yes stands in a column of permissions: {rows}. A yes is not taken from a class "
            "list: it does not tell who said it, on which day and to what. Record the consents."
        ).format(rows=_rows(report.agreed))


def _rows(numbers: Iterable[int]) -> str:
    """Return the numbers of rows, so that none reads as a count: `row 2, row 5`."""
    return ", ".join(_("row {row}").format(row=number) for number in numbers)


def _how_to_say(heading: str) -> str:
    """Return how to say what a column is; one in which a no may stand is never skipped."""
    if not may_hold_no(heading):
        return N_(
            'Say what each is, for example --column "{example}=guardian 1", or '
            '--column "{example}=skip" if it is not to be read.'
        )
    return N_(
        'Say what each is: --column "{example}=permission", where a yes or a no stands; '
        '--column "{example}=refusal", where whatever is written is a no; or '
        '--column "{example}=block".'
    )


def refuse_open_reading(report: ListReport) -> None:
    """Raise InputDataError if something must be said before the list can be recorded."""
    if report.not_understood:
        raise InputDataError(
            N_("nothing was recorded; columns that may matter and were not understood: {columns}"),
            _how_to_say(report.not_understood[0]),
            columns=", ".join(map(safe, report.not_understood)),
            example=safe(report.not_understood[0]),
        )
    if report.is_refuser_open:
        raise InputDataError(
            N_("nothing was recorded; a no stands in a column of permissions or refusals: {rows}"),
            N_(
                "Say who said no: --refused-by guardians, first or second; or --refused-by "
                "unknown, which sets a publication block."
            ),
            rows=_rows(report.refused),
        )
