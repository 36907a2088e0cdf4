"""Cell values: formulas escaped on writing and restored on reading, values converted to types.

Excel returns a whole number as 3.0 and a day as a datetime at midnight, and it takes a text that
begins with = for a formula.
"""

from datetime import date, datetime
from unicodedata import category, normalize

from photoreg.days import require_near
from photoreg.errors import InputDataError
from photoreg.texts import N_

CellValue = str | int | float | bool | date | None
"""The types of a cell's value once the file has been read."""

_MAX_DIGITS = 9
MIN_DAY_NUMBER, MAX_DAY_NUMBER = 1, 60_000
"""Between which numbers a spreadsheet stores the days since 1900."""

_FORMULA_STARTS = frozenset("=+-@\u2212")
_CONTROLS = ("\t", "\r", "\n")
_DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unescape_formula` reverses it."""
    return f"'{text}" if starts_formula(text) or _is_marked(text) else text


def unescape_formula(text: str) -> str:
    """Return the text before `escape_formula`, without surrounding whitespace."""
    return (text[1:] if _is_marked(text) else text).strip()


def _is_marked(text: str) -> bool:
    return text[:1] == "'" and (text[1:2] == "'" or starts_formula(text[1:]))


def starts_formula(text: str) -> bool:
    """Say whether a spreadsheet may take a text for a formula.

    Some read a full-width ＝ as =, and skip blanks and invisible characters before it. Signs alone,
    such as a dash, compute nothing.
    """
    if text[:1].isalnum() or not text:
        return False
    seen = (letter for letter in text if not letter.isspace() and category(letter) != "Cf")
    first = normalize("NFKC", next(seen, ""))[:1]
    is_sign = first in _FORMULA_STARTS and any(map(str.isalnum, text))
    return text.startswith(_CONTROLS) or is_sign


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
        return value and require_near(value)
    for layout in _DAY_FORMATS:
        try:
            day = datetime.strptime(to_text(value), layout).date()  # noqa: DTZ007 - a legal day
        except ValueError:
            continue
        return require_near(day)
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
