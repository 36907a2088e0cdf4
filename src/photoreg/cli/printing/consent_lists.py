"""Print what a list of consents changes, and the rows of it that are to be corrected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from photoreg.cli.app import what_next
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.errors import InputDataError, PhotoregError
from photoreg.presentation.cells import safe
from photoreg.presentation.lists.reading import note_line
from photoreg.presentation.lists.roster_rows import rows_in_words
from photoreg.presentation.lists.rosters import not_read_line
from photoreg.presentation.messages import error_texts
from photoreg.presentation.views.consents import CONSENT_IMPORT
from photoreg.services.consents.lists.columns import (
    GUARDIANS_HEADING,
    HOW_TO_SAY,
    REASON_HEADING,
    ColumnRead,
    Meaning,
    what_columns_can_be,
)
from photoreg.services.consents.lists.consent_import import ConsentImport, ListedRow
from photoreg.services.people.class_lists.yes_and_no import CellAnswer
from photoreg.sheets.cells import CellValue
from photoreg.sheets.table import NewSheet
from photoreg.steps import NextStep
from photoreg.texts import N_, _

_MEANINGS = {
    Meaning.ID: N_("the id of the person"),
    Meaning.NAME: N_("the name of the person"),
    Meaning.SURNAME: N_("the surname"),
    Meaning.FIRST_NAMES: N_("the first names"),
    Meaning.BORN: N_("the birth date"),
    Meaning.SIGNER: N_("who signed"),
    Meaning.DAY: N_("the day of the signature"),
    Meaning.PAPER: N_("where the paper is kept"),
    Meaning.UNTIL: N_("the last day"),
    Meaning.MAY_BE_NAMED: N_("whether the name may be given"),
    Meaning.BLOCK: N_("must not be shown"),
    Meaning.REFUSAL: N_("refusals: whatever is written is a no"),
    Meaning.REMARKS: N_("remarks"),
    Meaning.IGNORED: N_("left out, as you said"),
}
_ANSWERS = {
    CellAnswer.YES: N_("yes"),
    CellAnswer.NO: N_("no"),
    CellAnswer.EMPTY: N_("empty"),
    CellAnswer.UNREADABLE: N_("neither"),
}


def shown(text: str) -> str:
    """Return text that holds words of a file, safe for a terminal."""
    return safe(text)


def print_import(result: ConsentImport, layout: str) -> None:
    """Print how each column was read, what is new, and what was not taken, by reason."""
    if layout == "table":
        for column in result.columns:
            print_line(_column_line(column))
    else:
        print_view(CONSENT_IMPORT, _rows(result), layout)
    if result.layout:
        print_note(_("Columns were read as saved: {layout}.").format(layout=safe(result.layout)))
    for note in result.notes:
        print_note(note_line(note))
    if result.not_read:
        print_note(not_read_line(result.not_read))
    for heading in result.only_named:
        text = _(
            "The column {column} has the name of a channel and was not read as that: no cell of "
            "it is a yes or a no."
        )
        print_note(text.format(column=safe(heading)))
    if layout == "table" and not result.unclear:
        _print_counts(result)
    _print_rest(result)


def print_examples(rows: Iterable[int]) -> None:
    """Tell which rows are the example of a template."""
    for row in rows:
        print_note(_("Row {row} is the example of the template and was left out.").format(row=row))


def _column_line(column: ColumnRead) -> str:
    if column.meaning is not None:
        meaning = _(_MEANINGS[column.meaning])
    else:
        meaning = ", ".join(column.channels)
    answers = ", ".join(
        f"{_(text)} {column.answers[answer]}"
        for answer, text in _ANSWERS.items()
        if column.answers.get(answer)
    )
    return f"{safe(column.heading)} → {meaning}" + (f": {answers}" if answers else "")


def _rows(result: ConsentImport) -> Iterator[dict[str, Any]]:
    for row in result.rows:
        yield {
            "row": row.row,
            "person": row.person,
            "new": list(row.new),
            "reasons": [error_texts(error)[0] for error in row.reasons],
        }


_COUNTS = {
    "yes": N_("Rows with a new yes: {count}."),
    "no": N_("Rows with a new no: {count}."),
    "unsigned_no": N_(
        "Rows with a new no of which it is not certain who said it: {count}. It is recorded for "
        "each guardian, since it may be the no of any of them."
    ),
    "block": N_("Rows of people who must not be shown (publication block): {count}."),
}


def _print_counts(result: ConsentImport) -> None:
    print_line(_("Rows: {count}.").format(count=len(result.rows)))
    for code, text in _COUNTS.items():
        if count := result.count(code):
            print_line(_(text).format(count=count))
    known = sum(not row.new and not row.reasons for row in result.rows)
    if known:
        print_line(_("Rows recorded already: {count}.").format(count=known))
    if result.in_the_way:
        text = _("Publications that could no longer be shown: {count}.")
        print_note(text.format(count=result.in_the_way))


def _print_rest(result: ConsentImport) -> None:
    """Print why rows are not taken, or not wholly, each reason once with its rows."""
    if not result.rest:
        return
    print_note(_("Rows of which something is not taken: {count}.").format(count=len(result.rest)))
    found: dict[tuple[str, str], list[tuple[ListedRow, PhotoregError]]] = defaultdict(list)
    for row in result.rest:
        for error in row.reasons:
            found[error.message, str(error.values.get("remark", ""))].append((row, error))
    for some in found.values():
        _print_reason([row for row, _error in some], [error for _row, error in some])
    lost = [row for row in result.rest if row.is_no_left]
    if lost:
        print_note(
            _(
                "A no in the list is not recorded, since it is not known whom it is about. Correct "
                "this first: {rows}."
            ).format(rows=rows_in_words(row.row for row in lost))
        )


def _print_reason(rows: Sequence[ListedRow], errors: Sequence[PhotoregError]) -> None:
    """Print a reason with its rows; of several that differ in a name only, the first."""
    texts = list(dict.fromkeys(error_texts(error)[0] for error in errors))
    print_note(
        _("{count} × {reason}{several} ({rows})").format(
            count=len(rows),
            reason=texts[0],
            several=_(" and others") if len(texts) > 1 else "",
            rows=rows_in_words(row.row for row in rows),
        )
    )
    for each in (error_texts(errors[0])[1], *what_next(errors[0])):
        if each:
            print_note(f"  {each}")


def refuse_unclear(result: ConsentImport, step: NextStep) -> None:
    """Raise InputDataError if there are answers of which nobody has said what they are about.

    `step` is the command that says it.
    """
    if result.unclear:
        raise InputDataError(
            N_("nothing was recorded: it is not known what these columns are about: {columns}"),
            HOW_TO_SAY,
            fields=("column",),
            step=step,
            columns="; ".join(
                f"{each.heading} ({', '.join(each.words)})" for each in result.unclear
            ),
            **what_columns_can_be(result.channels),
        )


def _sentence(text: str) -> str:
    """Return a message as a sentence: beginning with a capital letter, and with its full stop."""
    return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".!?" else ".")


def rest_sheet(result: ConsentImport) -> NewSheet:
    """Return the rows to correct in the shape of the list, with the reasons and guardians."""
    headings = [each for each in result.headings if each]
    own = [_(GUARDIANS_HEADING), _(REASON_HEADING)]
    kept = [each for each in headings if each not in own]
    rows: list[list[CellValue]] = [
        [
            *(row.cells.get(heading) for heading in kept),
            "; ".join(row.guardians),
            " ".join(_sentence(text) for error in row.reasons for text in error_texts(error)),
        ]
        for row in result.rest
    ]
    return NewSheet(_("To correct"), [*kept, *own], rows, {})
