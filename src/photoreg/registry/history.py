"""The change history: the time of a change, and restoring a copy of a registry to a time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.history import History, HistoryKind
from photoreg.registry.triggers.history import (
    HISTORY_COLUMNS,
    MASK,
    MASKED_COLUMNS,
    NEVER_REINSERTED,
    NOT_TAKEN_BACK,
    PARENT_ROWS,
    TIME_COLUMNS,
    history_columns,
)

BATCH_SIZE = 1_000
"""Rows restored by one statement."""


def restore_state(session: Session, cutoff: datetime) -> None:
    """Restore a copy of a registry to its state just before a time.

    The session is one of `Registry.rebuilding`: triggers, checks and references are off. A row's
    content then is the old content of its first change since; rows added since are removed.
    """
    # Cached verdicts rest on today's facts, and no trigger invalidates them here.
    session.connection().execute(sa.delete(METADATA.tables["verdict_cache"]))
    for name in HISTORY_COLUMNS:
        table = METADATA.tables[name]
        _delete_inserted(session, table, _first_changes(session, name, HistoryKind.INSERT, cutoff))
        _revert_updated(session, table, _first_changes(session, name, HistoryKind.UPDATE, cutoff))
        if name not in NEVER_REINSERTED:
            deleted = _first_changes(session, name, HistoryKind.DELETE, cutoff)
            _reinsert_deleted(session, table, deleted)
    _delete_orphans(session)
    for name, (reference, parent) in PARENT_ROWS.items():
        late = sa.select(METADATA.tables[parent].c.id).where(_is_after(parent, cutoff))
        table = METADATA.tables[name]
        session.connection().execute(sa.delete(table).where(table.c[reference].in_(late)))
    for name in TIME_COLUMNS:
        session.connection().execute(
            sa.delete(METADATA.tables[name]).where(_is_after(name, cutoff))
        )
    for name in ("consent", "permission"):  # a record without events does not exist yet
        event_table, record = METADATA.tables[f"{name}_event"], METADATA.tables[name]
        with_events = sa.select(event_table.c[f"{name}_id"])
        session.connection().execute(sa.delete(record).where(record.c.id.not_in(with_events)))


def _delete_orphans(session: Session) -> None:
    """Delete what belonged to photos that were forgotten since."""
    for name, (reference, parent) in PARENT_ROWS.items():
        if parent in NEVER_REINSERTED:
            table, present = METADATA.tables[name], sa.select(METADATA.tables[parent].c.id)
            gone = table.c[reference].not_in(present)
            session.connection().execute(sa.delete(table).where(gone))


def _is_after(name: str, cutoff: datetime) -> Any:
    column = METADATA.tables[name].c[TIME_COLUMNS[name]]
    if name == "ledger":  # its times are texts in ISO 8601, all in UTC
        return column >= cutoff.isoformat(timespec="microseconds")
    return column >= cutoff


def _first_changes(
    session: Session, name: str, kind: HistoryKind, cutoff: datetime
) -> Iterator[History]:
    """Yield the first change of each row since the cutoff, where it was of this kind."""
    first = (
        select(sa.func.min(History.id))
        .where(col(History.at) >= cutoff, History.table_name == name)
        .group_by(col(History.row_key))
    )
    statement = select(History).where(col(History.id).in_(first), History.kind == kind)
    yield from session.exec(statement.execution_options(yield_per=BATCH_SIZE))


def _delete_inserted(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    keys = [column.name for column in table.primary_key]
    plain = _plain(table, keys)
    rows = (
        {f"its_{key}": int(part) for key, part in zip(keys, change.row_key.split(","), strict=True)}
        for change in changes
    )
    _execute(session, sa.delete(plain).where(*_key_condition(plain, keys)), rows)


def _revert_updated(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    columns = history_columns(table)
    keys = [column.name for column in table.primary_key]
    kept = NOT_TAKEN_BACK.union(keys)
    plain = _plain(table, columns)
    values = {name: _old_value(plain.c[name]) for name in columns if name not in kept}
    rows = ({f"its_{name}": change.old.get(name) for name in columns} for change in changes)
    if values:
        _execute(session, sa.update(plain).where(*_key_condition(plain, keys)).values(values), rows)


def _old_value(column: sa.ColumnClause[Any]) -> Any:
    """Return a column's old value; of a text without history, the current value or the mark."""
    old: Any = sa.bindparam(f"its_{column.name}")
    if column.name not in MASKED_COLUMNS:
        return old
    return sa.case((old.is_(None), sa.null()), else_=sa.func.coalesce(column, MASK))


def _reinsert_deleted(session: Session, table: sa.Table, changes: Iterable[History]) -> None:
    texts = {
        column.name: ""
        for column in table.columns
        if not column.nullable
        and getattr(column.type, "impl_instance", column.type).python_type is str
    }
    plain = _plain(table, {**texts, **dict.fromkeys(history_columns(table))})
    rows = ({**texts, **change.old} for change in changes)
    _execute(session, sa.insert(plain).prefix_with("OR REPLACE"), rows)


def _plain(table: sa.Table, names: Iterable[str]) -> sa.TableClause:
    """Return a table whose columns take values as the database stores them."""
    return sa.table(table.name, *(sa.column(name) for name in names))


def _key_condition(plain: sa.TableClause, keys: Iterable[str]) -> list[Any]:
    """SQL conditions for one row, whose key is bound to parameters named `its_…`."""
    return [plain.c[key] == sa.bindparam(f"its_{key}") for key in keys]


def _execute(session: Session, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    given = iter(rows)
    while batch := list(islice(given, BATCH_SIZE)):
        session.connection().execute(statement, batch)
