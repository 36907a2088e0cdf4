"""Protection beyond the tables' own checks, created with the schema.

Checks against blank names and, on each engine, against values that only the other one's types
refuse; and SQLite's triggers for append-only rows, change history and invalidation. PostgreSQL's
are in `postgresql_schema.py`.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from photoreg.registry.tables.all import APPEND_ONLY, METADATA, NEVER_DELETED
from photoreg.registry.triggers.history import history_triggers
from photoreg.registry.triggers.invalidation import sqlite_triggers


@cache
def complete_schema() -> sa.MetaData:
    """Return the tables with the checks and triggers that only their creation needs."""
    _add_checks()
    _add_triggers()
    return METADATA


def _add_checks() -> None:
    """Refuse blank names, and on each engine the values that only the other one's types refuse."""
    for table in METADATA.tables.values():
        for column in list(table.columns):
            if not column.primary_key and not column.foreign_keys:
                _add_check(table, column)


def _add_check(table: sa.Table, column: sa.Column[Any]) -> None:
    name = column.name
    if name in {"login", "name", "organisation", "title", "unit"}:
        not_blank = sa.CheckConstraint(f"length(trim({name})) > 0", name=f"{name}_not_blank")
        table.append_constraint(not_blank)
    kind = getattr(column.type, "impl_instance", column.type)
    # IS, because a CHECK that gives NULL passes; a modifier, because without one 30 February is
    # accepted.
    checks = {
        date: ("is_a_day", f"{name} IS date({name}, '+0 days')"),
        datetime: ("is_a_time", f"{name} IS NULL OR datetime({name}) IS NOT NULL"),
        bool: ("is_yes_or_no", f"{name} IN (0, 1)"),
        int: ("is_a_number", f"typeof({name}) IN ('integer', 'null')"),
        str: ("length", f"length({name}) <= {getattr(kind, 'length', None)}"),
    }
    absent = f"{name} IS NULL OR " if column.nullable else ""
    is_json = ("is_json", f"{absent}json_valid({name})")
    found = is_json if isinstance(kind, sa.JSON) else checks.get(kind.python_type)
    if found:
        what, condition = found
        constraint = sa.CheckConstraint(condition, name=f"{name}_{what}")
        table.append_constraint(constraint.ddl_if(dialect="sqlite"))
    if kind.python_type in {date, datetime}:  # PostgreSQL stores days that Python's calendar lacks
        in_calendar = f"{name} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
        constraint = sa.CheckConstraint(in_calendar, name=f"{name}_in_calendar")
        table.append_constraint(constraint.ddl_if(dialect="postgresql"))


def _add_triggers() -> None:
    """Forbid change, deletion, and replacement by INSERT OR REPLACE in append-only tables."""
    for name in APPEND_ONLY:
        _add_trigger(name, "UPDATE", "append-only")
    for name in (*APPEND_ONLY, *NEVER_DELETED):
        _add_trigger(name, "DELETE", "append-only" if name in APPEND_ONLY else "never deleted")
        table = METADATA.tables[name]
        same = " AND ".join(f"{c.name} = NEW.{c.name}" for c in table.primary_key)
        taken = [f"({same})", *(f"{c.name} = NEW.{c.name}" for c in table.columns if c.unique)]
        same_row = f"SELECT 1 FROM {name} WHERE {' OR '.join(taken)}"  # noqa: S608 - our own names
        _add_trigger(name, "INSERT", "append-only", f"WHEN EXISTS ({same_row}) ")
    for trigger in (*history_triggers(METADATA), *sqlite_triggers()):
        ddl = sa.DDL(trigger.replace("%", "%%"))  # type: ignore[no-untyped-call]
        sa.event.listen(METADATA, "after_create", ddl.execute_if(dialect="sqlite"))


def _add_trigger(table: str, verb: str, why: str, when: str = "") -> None:
    trigger = sa.DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is {why}'); END"
    )
    sa.event.listen(METADATA, "after_create", trigger.execute_if(dialect="sqlite"))
