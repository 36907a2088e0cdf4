"""The schema of a registry on PostgreSQL: the same tables and checks, and its own triggers.

It is written out (schema/registry.postgresql.sql) without a server.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from photoreg.registry.record_hashes.changes import is_told, told_columns
from photoreg.registry.record_hashes.records import RecordKind, record_kinds
from photoreg.registry.tables.all import APPEND_ONLY, METADATA, NEVER_DELETED
from photoreg.registry.tables.history import FORGOTTEN
from photoreg.registry.triggers import history
from photoreg.registry.triggers.append_only import complete_schema
from photoreg.registry.triggers.invalidation import postgresql_triggers

WRITERS_LOCK = 77_032_025
"""The key of the advisory lock that every change takes; arbitrary, but must never change."""


WRITTEN = """
CREATE TEMP TABLE written (kind text, key text, is_new boolean DEFAULT false,
  PRIMARY KEY (kind, key)) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE former (name text, key text, number text, content text,
  PRIMARY KEY (name, key)) ON COMMIT DELETE ROWS;
GRANT ALL ON pg_temp.written, pg_temp.former TO PUBLIC
"""
"""Makes the tables in which a session notes what it writes, and what the rows were.

Triggers with the owner's rights write there as well; nobody but the session sees it.
"""


def schema_sql() -> str:
    """Return the schema that the tables describe, one statement per paragraph; needs no server.

    References come after the tables, since staff and persons refer to each other.
    """
    dialect: Any = sa.URL.create("postgresql+psycopg").get_dialect()()
    found = [table for _name, table in sorted(complete_schema().tables.items())]
    for index in (index for table in found for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    made: list[Any] = [CreateTable(t, include_foreign_key_constraints=[]) for t in found]
    made += [CreateIndex(i) for t in found for i in sorted(t.indexes, key=lambda i: str(i.name))]
    lines = [str(element.compile(dialect=dialect)).strip() for element in made]
    compiler = dialect.ddl_compiler(dialect, None)
    lines += [
        # AddConstraint would remove the reference from SQLite's schema in the same process.
        f"ALTER TABLE {table.name} ADD {compiler.process(key)}"
        for table in found
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    ]
    lines = [line.replace("\t", "  ").replace(" \n", "\n") for line in lines]
    lines = [_numbered(line) for line in lines]
    parts = (
        _functions(lines),
        lines,
        _triggers(),
        _history_triggers(),
        _written_triggers(),
        postgresql_triggers(WRITERS_LOCK),
    )
    return ";\n\n".join(statement for part in parts for statement in part) + ";\n"


def _numbered(statement: str) -> str:
    table = statement.split()[2]
    return re.sub(r"(\w+) SERIAL\b", rf"\1 INTEGER DEFAULT next_\1_of_{table}()", statement)


# A login may add to the log with SQL of its own, but not exhaust the numbers.
_CHAIN_CHECK = """\
CREATE FUNCTION follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF NEW.seq = 1 AND NEW.previous = repeat('0', 64)
    OR EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq - 1 AND hash = NEW.previous)
  THEN RETURN NEW; END IF;
  RAISE integrity_constraint_violation USING MESSAGE = 'an entry follows the last one';
END $$"""


def _functions(statements: Iterable[str]) -> Iterator[str]:
    """Yield the functions of the triggers, and those that number the rows.

    As on SQLite, numbers come from the rows themselves and not from a sequence: a change that was
    rolled back leaves no gap, and after a copy nothing needs to be set. Two rows cannot get the
    same number, since there is one writer at a time.
    """
    for name, why in (("append_only", "append-only"), ("never_deleted", "never deleted")):
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
            f"  RAISE integrity_constraint_violation\n"
            f"    USING MESSAGE = TG_TABLE_NAME || ' is {why}';\n"
            f"END $$"
        )
    yield _CHAIN_CHECK
    for name, column, table in re.findall(r"(next_(\w+)_of_(\w+))\(\)", "\n".join(statements)):
        last = f"(SELECT coalesce(max({column}), 0) FROM {table})"  # noqa: S608 - names of the schema
        if table in history.NEVER_REINSERTED:  # a number in the log never becomes another's
            gone = f"SELECT coalesce(max(row_key::integer), 0) FROM history WHERE {FORGOTTEN}"  # noqa: S608
            last = f"greatest({last}, ({gone}))"
        yield (
            f"CREATE FUNCTION {name}() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN\n"
            f"  RETURN {last} + 1;\n"
            f"END $$"
        )


def _triggers() -> Iterator[str]:
    """Yield the append-only triggers; per statement, so that they cover TRUNCATE."""
    for names, why, verbs in (
        (APPEND_ONLY, "append_only", "UPDATE OR DELETE OR TRUNCATE"),
        (NEVER_DELETED, "never_deleted", "DELETE OR TRUNCATE"),
    ):
        for table in sorted(names):
            yield (
                f"CREATE TRIGGER {table}_is_{why} BEFORE {verbs} ON {table}\n"
                f"  FOR EACH STATEMENT EXECUTE FUNCTION {why}()"
            )
    yield (
        "CREATE TRIGGER ledger_chain BEFORE INSERT ON ledger\n"
        "  FOR EACH ROW EXECUTE FUNCTION follows()"
    )


def _history_triggers() -> Iterator[str]:
    """Yield the triggers that write the change history: the same as SQLite's, see `history`.

    They run with the rights of the registry's owner: nobody else may write a history. Temporary
    tables come last in the search path, or a login could substitute its own `history` with a
    trigger that runs with the owner's rights (PostgreSQL: Writing SECURITY DEFINER Functions
    Safely).
    """
    for name, columns in history.HISTORY_COLUMNS.items():
        table = METADATA.tables[name]
        values = (f"'{c}', {_old_value(table.c[c])}" for c in history.history_columns(table))
        old = f"json_build_object({', '.join(values)})"
        yield _history_function(table, "OLD", old)
        yield _trigger_after(table, "DELETE", "old")
        if columns:
            differs = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
            yield _trigger_after(table, f"UPDATE OF {', '.join(columns)}", "old", differs)
        if name in history.UNDATED_TABLES:
            came_with = history.UNDATED_TABLES[name]
            yield _history_function(table, "NEW", "'{}'", came_with)
            yield _trigger_after(table, "INSERT", "new")


def _written_triggers() -> Iterator[str]:
    """Yield the triggers that note what is written, in sessions that want it noted."""
    for kind in record_kinds().values():
        for table, column in kind.tables():
            old, new = (_notes(kind, table, column, row) for row in ("OLD", "NEW"))
            yield (
                f"CREATE FUNCTION note_{table.name}() RETURNS trigger LANGUAGE plpgsql\n"
                f"AS $$ BEGIN\n"
                f"  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;\n"
                f"  IF TG_OP <> 'INSERT' THEN\n{old}  END IF;\n"
                f"  IF TG_OP <> 'DELETE' THEN\n{new}  END IF;\n"
                f"  RETURN NULL;\n"
                f"END $$"
            )
            yield (
                f"CREATE TRIGGER {table.name}_written AFTER INSERT OR UPDATE OR DELETE\n"
                f"  ON {table.name} FOR EACH ROW EXECUTE FUNCTION note_{table.name}()"
            )


def _notes(kind: RecordKind, table: sa.Table, column: str, row: str) -> str:
    """Return the statements that note which record is written, and the row as it was."""
    is_record, notes = table is kind.table, ""
    if is_told(table) and not (is_record and row == "NEW"):
        columns = told_columns(table, column)
        values = ", ".join(f"'{c.name}', {as_sqlite_writes(c, f'OLD.{c.name}')}" for c in columns)
        content = f"json_build_object({values})::text" if row == "OLD" else "NULL"
        key = " || ',' || ".join(f"{row}.{c.name}" for c in table.primary_key)
        notes = (
            f"    INSERT INTO pg_temp.former\n"  # noqa: S608 - our names
            f"      SELECT '{table.name}', ({key})::text, {row}.{column}::text, {content}\n"
            f"      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = '{kind.name}'\n"
            f"        AND key = {row}.{column}::text AND is_new)\n"
            f"      ON CONFLICT DO NOTHING;\n"
        )
    is_new = "TG_OP = 'INSERT'" if is_record else "false"
    return (
        f"{notes}    INSERT INTO pg_temp.written\n"  # noqa: S608 - our names
        f"      VALUES ('{kind.name}', {row}.{column}::text, {is_new}) ON CONFLICT DO NOTHING;\n"
    )


def _history_function(
    table: sa.Table, row: str, old: str, came_with: tuple[str, str, str] | None = None
) -> str:
    key = " || ',' || ".join(f"{row}.{column.name}" for column in table.primary_key)
    when = ""
    if came_with:
        parent, reference, time = came_with
        added = f"(SELECT {time} FROM {parent} WHERE id = NEW.{reference})"  # noqa: S608 - our names
        when = f"\n  WHERE {added} IS DISTINCT FROM (SELECT at FROM moment)"  # noqa: S608
    return (
        f"CREATE FUNCTION record_{row.lower()}_{table.name}() RETURNS trigger LANGUAGE plpgsql\n"  # noqa: S608
        f"SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN\n"
        f"  INSERT INTO history (at, table_name, kind, row_key, old)\n"
        f"  SELECT coalesce((SELECT at FROM moment), now()), '{table.name}', lower(TG_OP),\n"
        f"    ({key})::text, {old}{when};\n"
        f"  RETURN NULL;\n"
        f"END $$"
    )


def _trigger_after(table: sa.Table, verb: str, row: str, when: str = "") -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {table.name}_{verb.split(maxsplit=1)[0].lower()}_history AFTER {verb}\n"
        f"  ON {table.name} FOR EACH ROW {condition}\n"
        f"  EXECUTE FUNCTION record_{row}_{table.name}()"
    )


def _old_value(column: sa.Column[Any]) -> str:
    value = f"OLD.{column.name}"
    if column.name in history.MASKED_COLUMNS:
        return f"CASE WHEN {value} IS NOT NULL THEN '{history.MASK}' END"
    return as_sqlite_writes(column, value)


def as_sqlite_writes(column: sa.Column[Any], value: str) -> str:
    """Return the SQL for a value as a SQLite registry stores it; the session's time is UTC."""
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, sa.JSON):
        return f"{value}::text"
    if kind.python_type is bool:
        return f"{value}::integer"
    if kind.python_type is date:
        return f"to_char({value}, 'YYYY-MM-DD')"
    if kind.python_type is datetime:
        return f"to_char({value}, 'YYYY-MM-DD HH24:MI:SS.US')"
    return value


def numbering_functions() -> list[str]:
    """Return the names of the functions that number the rows."""
    return re.findall(r"CREATE FUNCTION (next_\w+)\(\)", schema_sql())


def protection_names() -> set[str]:
    """Return the names of the constraints, triggers and unique indexes that must be in force."""
    return set(re.findall(r"(?:CONSTRAINT|CREATE TRIGGER|UNIQUE INDEX) (\w+)", schema_sql()))
