"""Values formatted as cells of tables and files."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from photoreg.presentation.days import day_in_words, format_camera_time, format_iso_day
from photoreg.presentation.labels import value_labels
from photoreg.presentation.view import Column, ColumnKind
from photoreg.sheets.cells import starts_formula
from photoreg.texts import _

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters but for tabs and line ends, and the marks of the direction of writing."""


def readable(value: object, column: Column) -> str:
    """Return a value as a table cell: labels for enumerations, dates in the user's format."""
    if value is None or value == "":
        return ""
    if column.kind is ColumnKind.DAY:
        return day_in_words(value) if isinstance(value, date) else format_iso_day(str(value))
    if column.kind is ColumnKind.CAMERA_TIME:
        return format_camera_time(str(value))
    if not column.enumeration:
        return (
            cell_text(value).replace(";", "; ")
            if isinstance(value, _SEQUENCES)
            else cell_text(value)
        )
    values = value if isinstance(value, list | tuple) else [str(value)]
    return ", ".join(value_labels(column.enumeration, values))


def cell_text(value: object) -> str:
    """Return a value as a cell of a table or of CSV."""
    if isinstance(value, str):  # first: of a million cells most are strings, or lists of strings
        return str(value)
    if isinstance(value, _SEQUENCES):
        return ";".join([each if each.__class__ is str else cell_text(each) for each in value])
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


_SEQUENCES = (list, tuple)


def metadata_value(value: str | int) -> str:
    """Return what a file holds as text: sizes are in bytes."""
    is_size = isinstance(value, int) and not isinstance(value, bool)
    return _("{size} bytes").format(size=value) if is_size else cell_text(value)


def csv_cell(value: object) -> str:
    """Return a value as a cell of CSV: no formula for a spreadsheet, no command for a terminal."""
    if value.__class__ is bool:
        return "yes" if value else "no"  # in every language: this is for programs
    text = value if value.__class__ is str else cell_text(value)
    # First, and without a call: a list of a million photos has five million cells, most of this.
    if text[:1].isalnum() and text.isprintable():
        return text
    return escape_csv_cell(text)


def csv_text(column: Column) -> Callable[[Any], str]:
    """Return the function that writes a column's values for people: words, and days as they write.

    It remembers the words and days, of which a long list has few that differ.
    """
    if column.kind is ColumnKind.REASONS:
        return lambda codes: escape_csv_cell("; ".join(map(_reason_text, codes)))
    known: dict[str, str] = {}
    is_plain = not column.enumeration and column.kind is ColumnKind.TEXT

    def text_of(value: Any) -> str:
        if value.__class__ is not str:
            return escape_csv_cell(readable(value, column))
        if is_plain:
            return csv_cell(value)
        if value not in known:
            known[value] = escape_csv_cell(readable(value, column))
        return known[value]

    return text_of


def _reason_text(code: str) -> str:
    """Return a reason with its code, by which `rules explain` tells more."""
    from photoreg.rulebook.reasons import REASONS  # noqa: PLC0415 - by lists of reasons only

    return f"{_(REASONS[code].title)} ({code})" if code in REASONS else code


def escape_csv_cell(text: str) -> str:
    """Return a CSV cell that spreadsheets do not read as a formula, nor terminals as a command."""
    if not text.isprintable():
        text = _CONTROL.sub("�", text)
    return f"'{text}" if starts_formula(text) else text


def escape_json(text: str) -> str:
    """Return JSON without the control characters that JSON itself leaves as they are."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def visible(text: str) -> str:
    """Return text for people whose parts may be untrusted, without what controls a terminal.

    Line ends and tabs stay; what changes the direction of writing goes, since it hides the order.
    """
    return text if text.isprintable() else _HIDDEN.sub("�", text)


def safe(text: str) -> str:
    """Return untrusted text (a name, metadata) without terminal control characters."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "�" for c in text)


NO_NAMES: Mapping[str, str] = {}
"""What is shown where no names stand beside ids."""


def with_name(record: str, names: Mapping[str, str]) -> str:
    """Return an id with the name that the user may see beside it: `H-38 Elle Magga`."""
    return safe(f"{record} {names[record]}") if record in names else record


def with_names(persons: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return the ids of persons, each with the name that the user may see."""
    return [with_name(person, names) for person in persons]
