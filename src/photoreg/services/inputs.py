"""Checks of values that people type."""

import re

from photoreg.errors import InputDataError, NotAllowed
from photoreg.texts import N_


def require_text(value: str, limit: int = 200) -> str:
    """Return a text without surrounding blanks; InputDataError when nothing or too much is left."""
    stripped = " ".join(value.split())
    if not stripped or len(stripped) > limit:
        raise InputDataError(
            N_("a name or text is empty or longer than {limit} characters"),
            N_("Write a short text."),
            limit=limit,
        )
    if not stripped.isprintable():
        raise InputDataError(
            N_("the text contains characters that cannot be shown"), N_("Type it again by hand.")
        )
    return stripped


def already_exists_error(value: str) -> NotAllowed:
    """Return the error for something that the registry holds already."""
    return NotAllowed(
        N_("{value} is already in the registry"), N_("Use it, or choose another name."), value=value
    )


_IDENTITY_CODE = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]\b", re.IGNORECASE)


def free_text(value: str, limit: int = 200) -> str:
    """Return a text without surrounding blanks; it may be empty, but hold no identity code."""
    stripped = require_text(value, limit) if value.strip() else ""
    if _IDENTITY_CODE.search(stripped):
        raise InputDataError(
            N_("the text contains what looks like a personal identity code"),
            N_("Leave it out: identity codes are never recorded in the registry."),
        )
    return stripped
