"""Add and fetch rows."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from photoreg.registry.facts.photo_selection import value_batches

_Row = TypeVar("_Row", bound=SQLModel)


def rows_with(
    session: Session, table: type[_Row], column: Any, values: Iterable[Any]
) -> list[_Row]:
    """Return the rows whose column has one of the values, in no particular order."""
    found: list[_Row] = []
    for batch in value_batches(values):
        found += session.exec(select(table).where(col(column).in_(batch)))
    return found


def add(session: Session, row: SQLModel) -> int:
    """Add a row and return its id; 0 for a row without an id of its own."""
    session.add(row)
    session.flush()
    number = getattr(row, "id", 0)
    return number if isinstance(number, int) else 0


def add_all(session: Session, rows: Sequence[SQLModel]) -> None:
    """Add rows of one table in this order; they have their ids afterwards.

    They are numbered here as the engines do it, since rows whose id the engine must return are sent
    one by one. INVARIANT: the caller's transaction is a writing one, so nobody else can add
    meanwhile.
    """
    if not rows:
        return
    column = type(rows[0]).__mapper__.primary_key[0]  # type: ignore[attr-defined]
    last = session.execute(sa.select(sa.func.max(column))).scalar() or 0
    for number, row in enumerate(rows, last + 1):
        setattr(row, column.name, number)
    session.add_all(rows)
    session.flush()
