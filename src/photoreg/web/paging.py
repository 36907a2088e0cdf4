"""Long lists in pages: the server shows one, and its number stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flask

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[_Row]):
    """A page of a list: its rows, its number from 1 on, and how many pages and rows there are."""

    rows: Sequence[_Row]
    number: int
    last: int
    total: int


def page_of(rows: Sequence[_Row], most: int) -> Paged[_Row]:
    """Return the page that the address names, or the nearest one that there is."""
    last = max(1, -(-len(rows) // most))
    asked = flask.request.values.get("page", "1")
    number = min(max(1, int(asked) if asked.isdecimal() else 1), last)
    return Paged(rows[(number - 1) * most : number * most], number, last, len(rows))


def page_address(number: int) -> str:
    """Return the address of another page of the list that is shown."""
    asked: dict[str, Any] = {**flask.request.args, "page": number}
    return flask.url_for(flask.request.endpoint or "", **(flask.request.view_args or {}), **asked)
