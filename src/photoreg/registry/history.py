"""The history: the moment of a change, and a copy of a registry taken back to what it held then."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.history import History, HistoryKind
from photoreg.registry.triggers.history import (
    BELONGS_TO,
    HISTORY,
    MARK,
    MARKED,
    OWN_TIME,
    kept_columns,
)

AT_A_TIME = 1_000
"""How many rows are taken back by one statement."""


def take_back(session: Session, cutoff: datetime) -> None:
    """Take a copy of a registry back to what it held just before a time.

    The session is one of `Registry.rebuilding`: no trigger, check or reference stands in the way.
    What rows held then is the old content of their first change since; rows that came since go.
    """
    # What was kept of verdicts rests on what is known today, and no trigger forgets it here.
    session.connection().execute(sa.delete(METADATA.tables["kept_verdict"]))
    for name in HISTORY:
        table = METADATA.tables[name]
        _take_away(session, table, _first_changes(session, name, HistoryKind.INSERT, cutoff))
        _change_back(session, table, _first_changes(session, name, HistoryKind.UPDATE, cutoff))
        _bring_back(session, table, _first_changes(session, name, HistoryKind.DELETE, cutoff))
    for name, (reference, parent) in BELONGS_TO.items():
        late = sa.select(METADATA.tables[parent].c.id).where(_is_late(parent, cutoff))
        table = METADATA.tables[name]
        session.connection().execute(sa.delete(table).where(table.c[reference].in_(late)))
    for name in OWN_TIME:
        session.connection().execute(sa.delete(METADATA.tables[name]).where(_is_late(name, cutoff)))
    for name in ("consent", "permission"):  # a thread in which nothing was said yet is none
        said, thread = METADATA.tables[f"{name}_event"], METADATA.tables[name]
        spoken = sa.select(said.c[f"{name}_id"])
        session.connection().execute(sa.delete(thread).where(thread.c.id.not_in(spoken)))


def _is_late(name: str, cutoff: datetime) -> Any:
    column = METADATA.tables[name].c[OWN_TIME[name]]
    if name == "ledger":  # its times are texts in ISO 8601, all in UTC
        return column >= cutoff.isoformat(timespec="microseconds")
    return column >= cutoff


def _first_changes(
    session: Session, name: str, kind: HistoryKind, cutoff: datetime
) -> Iterator[History]:
    """Give of each row its first change since, where that was of this kind."""
    first = (
        select(sa.func.min(History.id))
        .where(col(History.at) >= cutoff, History.table_name == name)
        .group_by(col(History.row_key))
    )
    statement = select(History).where(col(History.id).in_(first), History.kind == kind)
    yield from session.exec(statement.execution_options(yield_per=AT_A_TIME))


def _take_away(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    keys = [column.name for column in table.primary_key]
    plain = _plain(table, keys)
    rows = (
        {f"its_{key}": int(part) for key, part in zip(keys, change.row_key.split(","), strict=True)}
        for change in changes
    )
    _execute(session, sa.delete(plain).where(*_its(plain, keys)), rows)


def _change_back(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    kept = kept_columns(table)
    keys = [column.name for column in table.primary_key]
    plain = _plain(table, kept)
    values = {name: _old(plain.c[name]) for name in kept if name not in keys}
    rows = ({f"its_{name}": change.old.get(name) for name in kept} for change in changes)
    if values:
        _execute(session, sa.update(plain).where(*_its(plain, keys)).values(values), rows)


def _old(column: sa.ColumnClause[Any]) -> Any:
    """Return what a column held; of a text that was not kept, what it holds now, or the mark."""
    old: Any = sa.bindparam(f"its_{column.name}")
    if column.name not in MARKED:
        return old
    return sa.case((old.is_(None), sa.null()), else_=sa.func.coalesce(column, MARK))


def _bring_back(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    texts = {
        column.name: ""
        for column in table.columns
        if not column.nullable
        and getattr(column.type, "impl_instance", column.type).python_type is str
    }
    plain = _plain(table, {**texts, **dict.fromkeys(kept_columns(table))})
    rows = ({**texts, **change.old} for change in changes)
    _execute(session, sa.insert(plain).prefix_with("OR REPLACE"), rows)


def _plain(table: sa.Table, names: Iterable[str]) -> sa.TableClause:
    """Return a table whose columns take values as the database stores them."""
    return sa.table(table.name, *(sa.column(name) for name in names))


def _its(plain: sa.TableClause, keys: Iterable[str]) -> list[Any]:
    """Return the condition for one row, whose key is given as `its_` values."""
    return [plain.c[key] == sa.bindparam(f"its_{key}") for key in keys]


def _execute(session: Session, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    given = iter(rows)
    while some := list(islice(given, AT_A_TIME)):
        session.connection().execute(statement, some)
