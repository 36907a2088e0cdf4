"""Answers that a page remembers: it reads one state of the registry, where they stay the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Query = Callable[Concatenate[Session, _P], _R]

_KEPT = "answers"


def remember_answers(session: Session) -> None:
    """Remember from now on what `asked_once` queries answer; for a session that only reads."""
    session.info[_KEPT] = {}


def asked_once(query: _Query[_P, _R]) -> _Query[_P, _R]:
    """Let a session that remembers answers ask this query once for the same arguments.

    Nobody changes what such a query returns.
    """

    @wraps(query)
    def answer(session: Session, /, *args: _P.args, **named: _P.kwargs) -> _R:
        kept: dict[Any, _R] | None = session.info.get(_KEPT)
        if kept is None:
            return query(session, *args, **named)
        key = (query, args, *named.items())
        if key not in kept:
            kept[key] = query(session, *args, **named)
        return kept[key]

    return answer
