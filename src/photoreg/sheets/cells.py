"""Cell values: formulas escaped on writing and restored on reading, values converted to types.

Excel returns a whole number as 3.0 and a day as a datetime at midnight, and it takes a text that
begins with = for a formula.
"""

from datetime import date, datetime

from photoreg.errors import InputDataError
from photoreg.texts import N_

CellValue = str | int | float | bool | date | None
"""The types of a cell's value once the file has been read."""

_MAX_DIGITS = 9
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unescape_formula` reverses it."""
    is_marked = text[:1] == "'" and text[1:].startswith(("'", *_FORMULA_STARTS))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or is_marked else text


def unescape_formula(text: str) -> str:
    """Return the text before `escape_formula`, without surrounding whitespace."""
    is_marked = text[:1] == "'" and text[1:].startswith(("'", *_FORMULA_STARTS))
    return (text[1:] if is_marked else text).strip()


def to_text(value: CellValue) -> str:
    """Return a cell's value as the text that the user entered."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def to_day(value: CellValue) -> date | None:
    """Return the day in a cell, stored as a date or typed as text; None for an empty cell."""
    if isinstance(value, date) or value is None:
        return value
    for layout in _DAY_FORMATS:
        try:
            return datetime.strptime(to_text(value), layout).date()  # noqa: DTZ007 - a legal day
        except ValueError:
            continue
    raise InputDataError(
        N_("{value} is not a date"), N_("Write it as 2026-03-02 or 2.3.2026."), value=to_text(value)
    )


def to_count(value: CellValue) -> int | None:
    """Return the whole number in a cell; None for an empty cell."""
    if value is None:
        return None
    text = to_text(value)
    is_number = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    if not is_number or isinstance(value, bool | date):
        raise InputDataError(
            N_("{value} is not a whole number"),
            N_("Write it in digits, for example 2."),
            value=text,
        )
    return int(text)
