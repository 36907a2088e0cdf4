"""What a list of consents changes, in words, and the rows of it that are to be corrected."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from photoreg.errors import PhotoregError
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import LABELS
from photoreg.presentation.lists.reading import note_line
from photoreg.presentation.lists.roster_rows import rows_in_words
from photoreg.presentation.lists.rosters import not_read_line
from photoreg.presentation.messages import error_texts
from photoreg.rulebook.facts import Channel
from photoreg.services.consents.lists.columns import (
    GUARDIANS_HEADING,
    REASON_HEADING,
    ColumnRead,
    Meaning,
    plain,
)
from photoreg.services.consents.lists.consent_import import ConsentImport, ListedRow
from photoreg.services.people.class_lists.yes_and_no import CellAnswer
from photoreg.sheets.cells import CellValue
from photoreg.sheets.table import NewSheet
from photoreg.texts import N_, _, translations

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


def kinds_in_words() -> dict[str, Channel]:
    """Return what kinds of channel are called in every language, also without an article."""
    return {
        plain(re.sub(left_out, "", text)): Channel(code)
        for code, label in LABELS["Channel"].items()
        for text in translations(label)
        for left_out in ("", r"\(.*\)", r"^(?:a|the) ", r"^(?:a|the) |\(.*\)")
    }


def column_line(column: ColumnRead) -> str:
    """Return how a column was read, and what answers stand in it."""
    return f"{safe(column.heading)} → {column_in_words(column)}"


def column_in_words(column: ColumnRead) -> str:
    """Return as what a column was read, and what answers stand in it."""
    if column.meaning is not None:
        meaning = _(_MEANINGS[column.meaning])
    else:
        meaning = ", ".join(column.channels)
    answers = ", ".join(
        f"{_(text)} {column.answers[answer]}"
        for answer, text in _ANSWERS.items()
        if column.answers.get(answer)
    )
    return meaning + (f": {answers}" if answers else "")


def left_out_lines(result: ConsentImport) -> Iterator[str]:
    """Yield what was left out of a list, and which columns were not read."""
    if result.layout:
        yield _("Columns were read as saved: {layout}.").format(layout=safe(result.layout))
    yield from map(note_line, result.notes)
    if result.not_read:
        yield not_read_line(result.not_read)
    for heading in result.only_named:
        yield _(
            "The column {column} has the name of a channel and was not read as that: no cell of "
            "it is a yes or a no."
        ).format(column=safe(heading))


_COUNTS = {
    "yes": N_("Rows with a new yes: {count}."),
    "no": N_("Rows with a new no: {count}."),
    "unsigned_no": N_(
        "Rows with a new no of which it is not certain who said it: {count}. It is recorded for "
        "each guardian, since it may be the no of any of them."
    ),
    "block": N_("Rows of people who must not be shown (publication block): {count}."),
}


def count_lines(result: ConsentImport) -> Iterator[str]:
    """Yield how many rows have something new, by kind."""
    yield _("Rows: {count}.").format(count=len(result.rows))
    for code, text in _COUNTS.items():
        if count := result.count(code):
            yield _(text).format(count=count)
    if known := sum(not row.new and not row.reasons for row in result.rows):
        yield _("Rows recorded already: {count}.").format(count=known)


def in_the_way_line(result: ConsentImport) -> str:
    """Return how many publications could no longer be shown."""
    text = _("Publications that could no longer be shown: {count}.")
    return text.format(count=result.in_the_way)


def rest_line(result: ConsentImport) -> str:
    """Return of how many rows something is not taken."""
    return _("Rows of which something is not taken: {count}.").format(count=len(result.rest))


@dataclass(frozen=True, slots=True)
class ToldReason:
    """Why something in some rows is not taken: the line with the rows, and a hint."""

    text: str
    hint: str
    error: PhotoregError


def told_reasons(result: ConsentImport) -> Iterator[ToldReason]:
    """Yield why rows are not taken, or not wholly, each reason once with its rows.

    Of several that differ in a name only, the first is told.
    """
    found: dict[tuple[str, str], list[tuple[ListedRow, PhotoregError]]] = defaultdict(list)
    for row in result.rest:
        for error in row.reasons:
            found[error.message, str(error.values.get("remark", ""))].append((row, error))
    for some in found.values():
        texts = list(dict.fromkeys(error_texts(error)[0] for _row, error in some))
        line = _("{count} × {reason}{several} ({rows})").format(
            count=len(some),
            reason=texts[0],
            several=_(" and others") if len(texts) > 1 else "",
            rows=rows_in_words(row.row for row, _error in some),
        )
        first = some[0][1]
        yield ToldReason(line, error_texts(first)[1], first)


def lost_lines(result: ConsentImport) -> Iterator[str]:
    """Yield which rows hold a no that is not recorded, since it is not known whom it is about."""
    if lost := [row for row in result.rest if row.is_no_left]:
        yield _(
            "A no in the list is not recorded, since it is not known whom it is about. Correct "
            "this first: {rows}."
        ).format(rows=rows_in_words(row.row for row in lost))


def recorded_line(result: ConsentImport) -> str:
    """Return whether anything of a list was recorded."""
    if not (result.count("yes") or result.count("no") or result.count("unsigned_no")):
        return _("Nothing new was recorded: what can be taken was recorded already.")
    return _("Recorded.")


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
