"""The statements as they were before the changes that nothing has reacted to yet.

Triggers write the old content of each changed row (`triggers.history`). Within a savepoint the
changed rows get it back, so that facts are built from them as from any other rows; then the
savepoint is rolled back. Consents, permissions, rulings and flags stay as they are now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables.all import METADATA
from photoreg.registry.tables.history import History, HistoryKind
from photoreg.registry.tables.people import Person
from photoreg.registry.triggers.history import MASKED_COLUMNS

_LINKS = ("depiction", "photo_photographer", "event_photographer")
STATEMENT_TABLES = ("event", "photo", "person", "person_name", "guardianship", *_LINKS)
"""The tables that hold statements; rows are deleted from those that link others."""

_BLOCK = frozenset({"blocked", "blocked_at", "blocked_by"})
_NO_STATEMENTS = MASKED_COLUMNS | _BLOCK | {"name", "excused_by", "merged_into", "erased_at"}
"""Columns of those tables that hold verifications, blocks, and what a merge or an erasure did.

Facts rest on the key of a name; see `before_changes`.
"""

_FIRST_ANSWERS = {"photo": frozenset({"event_id"})}
"""Columns in which a first value takes nothing back, although more than the answers depend on it.

The answers themselves are compared as facts, since a photo may have had its event's.
"""


def changed_statements(session: Session, first: int) -> list[History]:
    """Return the first change of each row with statements, in the history from this row on.

    Photos that were forgotten, and what belonged to them, have no statements any more.
    """
    changed = (col(History.id) >= first, col(History.table_name).in_(STATEMENT_TABLES))
    found: dict[tuple[str, str], History] = {}
    for change in session.exec(select(History).where(*changed).order_by(col(History.id))):
        found.setdefault((change.table_name, change.row_key), change)
    gone = {
        int(change.row_key)
        for change in found.values()
        if change.table_name == "photo" and change.kind is HistoryKind.DELETE
    }
    return [change for change in found.values() if _photo_of(change) not in gone]


def _photo_of(change: History) -> int | None:
    return int(change.row_key) if change.table_name == "photo" else change.old.get("photo_id")


@contextmanager
def before_changes(
    session: Session, changes: Iterable[History], former_names: Mapping[int, str]
) -> Iterator[None]:
    """Read the registry as it was before these changes; nothing may be written meanwhile.

    `former_names`: the earlier name, as its key, of each person who got another one. The history
    holds no keys.
    """
    session.flush()
    by_table: dict[str, list[History]] = defaultdict(list)
    for change in changes:
        by_table[change.table_name].append(change)
    savepoint = session.connection().begin_nested()
    try:
        for name in STATEMENT_TABLES:
            _undo(session, METADATA.tables[name], by_table[name])
        for person, name in former_names.items():
            renamed = sa.update(Person).where(col(Person.id) == person)
            session.connection().execute(renamed.values(name_key=name))
        yield
    finally:
        savepoint.rollback()


def _undo(session: Session, table: sa.Table, changes: Sequence[History]) -> None:
    by_kind: dict[HistoryKind, list[History]] = defaultdict(list)
    for change in changes:
        by_kind[change.kind].append(change)
    keys = [
        column == sa.bindparam(f"key_{column.name}", type_=column.type)
        for column in table.primary_key
    ]
    # A row that was added may have the number of one that was deleted in the same change.
    added = (*by_kind[HistoryKind.INSERT], *by_kind[HistoryKind.DELETE])
    _execute(session, sa.delete(table).where(*keys), [_key_values(table, each) for each in added])
    for names, rows in _old_rows(table, by_kind[HistoryKind.UPDATE]).items():
        values = {name: sa.bindparam(f"its_{name}", type_=table.c[name].type) for name in names}
        _execute(session, sa.update(table).where(*keys).values(values), rows)
    if table.name in _LINKS:
        texts = {"position": ""} if "position" in table.c else {}
        rows = [texts | _typed(table, change.old) for change in by_kind[HistoryKind.DELETE]]
        _execute(session, sa.insert(table), rows)


def _key_values(table: sa.Table, change: History) -> dict[str, Any]:
    parts = zip(table.primary_key, change.row_key.split(","), strict=True)
    return {f"key_{column.name}": int(part) for column, part in parts}


def _old_rows(
    table: sa.Table, changes: Iterable[History]
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Return the parameters that give rows their old values, by the columns that get one."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    unanswered = _FIRST_ANSWERS.get(table.name, frozenset())
    for change in changes:
        old = {
            name: value
            for name, value in _typed(table, change.old).items()
            if name not in table.primary_key
            and name not in _NO_STATEMENTS
            and not (value is None and name in unanswered)
        }
        if old:
            row = {f"its_{name}": value for name, value in old.items()}
            found[tuple(sorted(old))].append(row | _key_values(table, change))
    return found


def old_values(table: str, old: dict[str, Any]) -> dict[str, Any]:
    """Return the old values of a row in the history, with enumerations as in the program."""
    columns = METADATA.tables[table].c
    return {name: _member(columns[name], _value(columns[name], v)) for name, v in old.items()}


def _member(column: sa.Column[Any], value: Any) -> Any:
    kind = column.type.enum_class if isinstance(column.type, sa.Enum) else None
    return value if kind is None or value is None else kind(value)


def _typed(table: sa.Table, old: dict[str, Any]) -> dict[str, Any]:
    """Return old values as the columns take them; the history holds them as SQLite stores them."""
    return {name: _value(table.c[name], value) for name, value in old.items()}


def _value(column: sa.Column[Any], value: Any) -> Any:
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if value is None:
        return None
    if kind is bool:
        return bool(value)
    if kind is datetime and isinstance(value, str):
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _execute(session: Session, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(statement, rows)
