"""Errors in words."""

from enum import StrEnum

from photoreg.errors import PhotoregError
from photoreg.presentation.cells import safe
from photoreg.presentation.labels import label
from photoreg.texts import _


def error_texts(error: PhotoregError) -> tuple[str, str]:
    """Return an error's message and hint in the user's language, harmless on a terminal."""
    values = {name: _value(value) for name, value in error.values.items()}
    return _(error.message).format(**values), _(error.hint).format(**values)


def _value(value: object) -> str:
    return label(value) if isinstance(value, StrEnum) else safe(str(value))
