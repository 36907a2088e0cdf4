"""Errors as text."""

from datetime import date, datetime
from enum import StrEnum

from photoreg.errors import NamedRecord, PhotoregError, Term
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import label
from photoreg.texts import _


def error_texts(error: PhotoregError) -> tuple[str, str]:
    """Return an error's message and hint in the user's language, safe to print on a terminal."""
    values = {name: _value(value) for name, value in error.values.items()}
    return _(error.message).format(**values), _(error.hint).format(**values)


def choices_in_words(values: tuple[object, ...]) -> str:
    """Return values to choose from as they can be typed, each with its label."""
    return _value(values)


def _choice(value: object) -> str:
    """Return one of several values to choose from as it can be typed, with its label."""
    shown = _value(value)
    return f"{value.value} ({shown})" if isinstance(value, StrEnum) else shown


def _value(value: object) -> str:
    if isinstance(value, Term):
        return _(value)
    if isinstance(value, NamedRecord):
        return safe(str(NamedRecord(_(value.word), value.name)))
    if isinstance(value, PhotoregError):
        return error_texts(value)[0]
    if isinstance(value, tuple):
        return ", ".join(map(_choice, value))
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, datetime):
        return format_time(value)
    return day_in_words(value) if isinstance(value, date) else safe(str(value))
