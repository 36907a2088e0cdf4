"""What stands in a cell: made harmless when written, restored when read, understood as what it is.

Excel has habits: a whole number comes back as 3.0, a day as a moment at midnight, and a text that
begins with = is taken for a formula.
"""

from datetime import date, datetime

from photoreg.errors import InputDataError
from photoreg.texts import N_

Value = str | int | float | bool | date | None
"""What a cell may hold once the file has been read."""

_LONGEST_COUNT = 9
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `restored` gives it back."""
    is_marked = text[:1] == "'" and text[1:].startswith(("'", *_FORMULA_STARTS))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or is_marked else text


def restored(text: str) -> str:
    """Return the text that `harmless` was given, without the blanks that people leave around it."""
    is_marked = text[:1] == "'" and text[1:].startswith(("'", *_FORMULA_STARTS))
    return (text[1:] if is_marked else text).strip()


def as_text(value: Value) -> str:
    """Return a cell as the text that somebody meant."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def as_day(value: Value) -> date | None:
    """Return the day in a cell, written by Excel or by hand; None for an empty cell."""
    if isinstance(value, date) or value is None:
        return value
    for layout in _DAY_FORMATS:
        try:
            return datetime.strptime(as_text(value), layout).date()  # noqa: DTZ007 - a legal day
        except ValueError:
            continue
    raise InputDataError(
        N_("{value} is not a day"), N_("Write it as 2026-03-02 or 2.3.2026."), value=as_text(value)
    )


def as_count(value: Value) -> int | None:
    """Return the whole number in a cell; None for an empty cell."""
    if value is None:
        return None
    text = as_text(value)
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT
    if not is_number or isinstance(value, bool | date):
        raise InputDataError(
            N_("{value} is not a whole number"),
            N_("Write it in digits, for example 2."),
            value=text,
        )
    return int(text)
