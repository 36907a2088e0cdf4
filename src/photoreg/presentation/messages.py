"""Errors as text."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from photoreg.errors import NamedRecord, PhotoregError, Phrase, Term
from photoreg.presentation.cells import NO_NAMES, safe, with_name
from photoreg.presentation.days import day_in_words, format_time
from photoreg.presentation.labels import label
from photoreg.texts import _

_PERSON = re.compile(r"H-\d+")
_PERSONS = re.compile(r"H-\d+(, H-\d+)*")
"""A value that is nothing but the ids of persons: what a user typed may hold more."""


def error_texts(error: PhotoregError, names: Mapping[str, str] = NO_NAMES) -> tuple[str, str]:
    """Return an error's message and hint in the user's language, safe to print on a terminal.

    `names` stand beside the ids of those persons.
    """
    values = {name: _named(_value(value), names) for name, value in error.values.items()}
    return _(error.message).format(**values), _(error.hint).format(**values)


def persons_in(error: PhotoregError) -> Iterator[str]:
    """Yield the persons whom an error or its next step names by their ids."""
    steps = error.step.arguments.values() if error.step else ()
    for value in (*error.values.values(), *steps):
        if isinstance(value, str) and _PERSONS.fullmatch(value):
            yield from _PERSON.findall(value)


def _named(text: str, names: Mapping[str, str]) -> str:
    """Return a value of a message with names beside the ids, if it is nothing but ids."""
    if not _PERSONS.fullmatch(text):
        return text
    return _PERSON.sub(lambda found: with_name(found[0], names), text)


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
    if isinstance(value, Phrase):
        return " ".join(map(_value, value))
    if isinstance(value, tuple):
        return ", ".join(map(_choice, value))
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, datetime):
        return format_time(value)
    return day_in_words(value) if isinstance(value, date) else safe(str(value))
