"""Print what a list of consents changes, and the rows of it that are to be corrected."""

from collections.abc import Iterable, Iterator
from typing import Any

from photoreg.cli.app import what_next
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.errors import InputDataError
from photoreg.presentation.cells import safe
from photoreg.presentation.lists.consent_lists import (
    column_line,
    count_lines,
    in_the_way_line,
    left_out_lines,
    lost_lines,
    rest_line,
    told_reasons,
)
from photoreg.presentation.messages import error_texts
from photoreg.presentation.views.consents import CONSENT_IMPORT
from photoreg.services.consents.lists.columns import (
    HOW_TO_SAY,
    what_columns_can_be,
)
from photoreg.services.consents.lists.consent_import import ConsentImport
from photoreg.steps import NextStep
from photoreg.texts import N_, _


def shown(text: str) -> str:
    """Return text that holds words of a file, safe for a terminal."""
    return safe(text)


def print_import(result: ConsentImport, layout: str) -> None:
    """Print how each column was read, what is new, and what was not taken, by reason."""
    if layout == "table":
        for column in result.columns:
            print_line(column_line(column))
    else:
        print_view(CONSENT_IMPORT, _rows(result), layout)
    for line in left_out_lines(result):
        print_note(line)
    if layout == "table" and not result.unclear:
        for line in count_lines(result):
            print_line(line)
        if result.in_the_way:
            print_note(in_the_way_line(result))
    _print_rest(result)


def _print_rest(result: ConsentImport) -> None:
    if result.rest:
        print_note(rest_line(result))
    for told in told_reasons(result):
        print_note(told.text)
        for each in filter(None, (told.hint, *what_next(told.error))):
            print_note(f"  {each}")
    for line in lost_lines(result):
        print_note(line)


def print_examples(rows: Iterable[int]) -> None:
    """Tell which rows are the example of a template."""
    for row in rows:
        print_note(_("Row {row} is the example of the template and was left out.").format(row=row))


def _rows(result: ConsentImport) -> Iterator[dict[str, Any]]:
    for row in result.rows:
        yield {
            "row": row.row,
            "person": row.person,
            "new": list(row.new),
            "reasons": [error_texts(error)[0] for error in row.reasons],
        }


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
