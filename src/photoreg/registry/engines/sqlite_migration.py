"""Migrate a SQLite registry to another schema by rebuilding each table that differs.

SQLite cannot alter a CHECK, so a table that changed is created under another name, filled, and
renamed (the procedure that SQLite's documentation gives for ALTER TABLE). References are off
meanwhile and checked at the end by the caller.
"""

import re

import sqlalchemy as sa

_TABLE = re.compile(r'CREATE TABLE "?(\w+)"? ')


def statements_of(script: str) -> list[str]:
    """Return the statements of a schema file, which has one per paragraph."""
    return [statement.removesuffix(";\n") for statement in script.split(";\n\n")]


def rebuild(connection: sa.Connection, script: str) -> None:
    """Change the database's schema to that of the script; rows keep the values of common columns.

    New columns are empty or have their table's default; tables that the script lacks stay.
    """
    wanted = statements_of(script)
    tables = {found[1]: sql for sql in wanted if (found := _TABLE.match(sql))}
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    present = {str(name): str(sql) for name, sql in rows.fetchall()}
    drop_all(connection, "trigger")
    drop_all(connection, "index")
    for name, sql in tables.items():
        if name not in present:
            connection.exec_driver_sql(sql)
        elif _normalised(present[name]) != _normalised(sql):
            _rebuild_table(connection, name, sql)
    for sql in wanted:
        if not _TABLE.match(sql):
            connection.exec_driver_sql(sql)


def _rebuild_table(connection: sa.Connection, name: str, sql: str) -> None:
    new = f"new_{name}"
    connection.exec_driver_sql(_TABLE.sub(f"CREATE TABLE {new} ", sql, count=1))
    had = _columns(connection, name)
    both = ", ".join(column for column in _columns(connection, new) if column in had)
    connection.exec_driver_sql(f"INSERT INTO {new} ({both}) SELECT {both} FROM {name}")  # noqa: S608 - names of the schema
    connection.exec_driver_sql(f"DROP TABLE {name}")
    connection.exec_driver_sql(f"ALTER TABLE {new} RENAME TO {name}")


def _columns(connection: sa.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]


def drop_all(connection: sa.Connection, kind: str, statements: str = "CREATE %") -> None:
    """Drop every trigger, or every index, that was created by such a statement of its own."""
    names = connection.execute(
        sa.text("SELECT name FROM sqlite_master WHERE type = :kind AND sql LIKE :statements"),
        {"kind": kind, "statements": statements},
    )
    for (name,) in names.fetchall():
        connection.exec_driver_sql(f"DROP {kind.upper()} {name}")


def _normalised(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())
