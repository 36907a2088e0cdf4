"""Print what must be said about a class list before it can be recorded, and by which option."""

from typing import Any

from photoreg.cli.output import print_note
from photoreg.cli.printing.quoting import quoted
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import value_labels
from photoreg.presentation.lists.reading import listed_noes
from photoreg.presentation.messages import error_texts
from photoreg.services.people.class_lists.columns import ColumnMeaning, ReadBy, ReadColumn
from photoreg.services.people.class_lists.forbidding import is_no, may_hold_no
from photoreg.services.people.class_lists.values import is_plain_yes
from photoreg.services.people.class_lists.words import is_about_photos, is_of_guardian
from photoreg.services.photos.rosters.reading import ListReport
from photoreg.texts import N_, _


def _how_to_say(column: ReadColumn) -> str:
    """Return how to say what a column is; one in which a no may stand is never skipped."""
    heading = column.heading
    if column.read_by is ReadBy.LAYOUT and not column.remarks:
        return N_(
            "A no stands in a column that the saved layout skips. Say what it is: --column "
            "{permission}, where a yes or a no stands, or --column {skip} if it is about something "
            "else."
        )
    are_answers = all(is_no(words) or is_plain_yes(words) for _row, words in column.remarks)
    if column.remarks and not are_answers and not is_about_photos(heading):
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
        people=listed_noes(report),
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
