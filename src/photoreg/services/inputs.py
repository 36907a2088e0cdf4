"""Validate values that users type."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import Kind
from photoreg.registry.names import plain_name
from photoreg.texts import N_


def require_text(value: str, limit: int = 200) -> str:
    """Return a text with normalised blanks; InputDataError when it is empty or too long."""
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


@lru_cache(maxsize=10_000)
def require_name(value: str) -> str:
    """Return the name of a person or an event; InputDataError for one that looks like an id.

    Whoever is named by it could otherwise be meant by the id of somebody else.
    """
    name = free_text(require_text(value))
    if _ID_LIKE.fullmatch(plain_name(name)):
        raise InputDataError(
            N_("{name} looks like an id of the registry and cannot be a name"),
            N_("Write the whole name."),
            name=name,
        )
    return name


def require_apart(
    first: Collection[str], second: Collection[str], *, fields: tuple[str, str]
) -> None:
    """Raise InputDataError for what is to be both, such as added and removed in one command."""
    for each in first:
        if each in second:
            raise InputDataError(
                N_("{named} is given in two options that contradict each other"),
                N_("Give it in one of them."),
                fields=fields,
                named=each,
            )


def require_coming(day: date, today: date) -> None:
    """Raise InputDataError for a last day that has passed: nothing would be valid."""
    if day < today:
        raise InputDataError(
            N_("{day} has passed already"), N_("Give a later end date."), fields=("until",), day=day
        )


def already_exists_error(value: str) -> NotAllowed:
    """Return the error for something that is already in the registry."""
    return NotAllowed(
        N_("{value} is already in the registry"), N_("Use it, or choose another name."), value=value
    )


def refuse_look_alikes(name: str, others: Iterable[str], hint: str) -> None:
    """Raise NotAllowed for a name that people would take for another one."""
    for other in others:
        if other != name and plain_name(other) == plain_name(name):
            raise NotAllowed(
                N_("{name} differs from {other} only by case or by letters that look alike"),
                hint,
                name=name,
                other=other,
            )


_ID_LIKE = re.compile(f"[{''.join(Kind).lower()}] ?-? ?[0-9]+")
_IDENTITY_CODE = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]\b", re.IGNORECASE)


def holds_identity_code(text: str) -> bool:
    """Return whether a text holds what looks like a personal identity code."""
    return bool(_IDENTITY_CODE.search(text))


def without_identity_codes(text: str) -> str:
    """Return a text to be shown, with identity codes struck out."""
    return _IDENTITY_CODE.sub("…", text)


def free_text(value: str, limit: int = 200) -> str:
    """Return a text with normalised blanks, or ""; InputDataError for an identity code in it."""
    stripped = require_text(value, limit) if value.strip() else ""
    if _IDENTITY_CODE.search(stripped):
        raise InputDataError(
            N_("the text contains what looks like a personal identity code"),
            N_("Leave it out: identity codes are never recorded in the registry."),
        )
    return stripped
