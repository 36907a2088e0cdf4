"""Pages of a long list, made by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import flask

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Pager:
    """The page that is shown of a list of so many rows, counted from 1."""

    page: int
    rows: int
    size: int

    @classmethod
    def asked(cls, rows: int, size: int) -> "Pager":
        """Return the page in the address; the nearest one if there is no such page."""
        text = flask.request.values.get("page", "1")
        wanted = int(text) if text.isdecimal() and len(text) < 9 else 1  # noqa: PLR2004
        return cls(max(1, min(wanted, -(-rows // size))), rows, size)

    def of(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """Return the rows of the page."""
        return rows[self.start : self.end]

    @property
    def start(self) -> int:
        """The first row of the page, counted from 0."""
        return (self.page - 1) * self.size

    @property
    def end(self) -> int:
        """The row after the last of the page."""
        return min(self.start + self.size, self.rows)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.rows // self.size))

    def address(self, page: int) -> str:
        """Return the address of another page of the same list."""
        asked = (flask.request.view_args or {}) | flask.request.args.to_dict(flat=False)
        return flask.url_for(flask.request.endpoint or "", **asked | {"page": page})
