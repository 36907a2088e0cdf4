"""A registry of an older version, made for the tests: today's, with something taken away.

The older schema lacks the column `event.unit`, the check that nobody on the staff has a blank name,
and the table `disclosure`. The migrations made for the tests bring them back.
"""

import shutil
from pathlib import Path

import sqlalchemy as sa

from photoreg.registry.engines import postgresql_schema, sqlite
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.engines.sqlite_migration import rebuild, statements_of

OLDER = "0000_01de5700"

LACKS = {"event": "unit", "staff": "ck_staff_name_not_blank"}
"""What the lines of a table hold that the older schema lacks."""

MIGRATION = """\
from alembic import op
from tests.registry.engines import older

revision = "{revision}"
down_revision = {before!r}


def upgrade():
    older.{change}(op.get_bind())
"""


def write_migrations(folder: Path) -> Path:
    """Write migrations into a new folder: one makes the older schema, one makes it today's."""
    (folder / "versions").mkdir(parents=True)
    shutil.copy(Registry.migrations / "env.py", folder)
    for revision, before, change in (
        (OLDER, None, make),
        (SCHEMA_VERSION, OLDER, bring_back),
    ):
        text = MIGRATION.format(revision=revision, before=before, change=change.__name__)
        (folder / "versions" / f"{revision}.py").write_text(text, "utf-8")
    return folder


def make_older(place: Path | str) -> None:
    """Make a registry one of the older version; what it holds of the rest stays."""
    registry = Registry(place)
    with registry.store.migrating() as connection:
        take_away(connection)
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": OLDER})
    registry.close()


def make(connection: sa.Connection) -> None:
    """Make the older schema in an empty database."""
    for statement in _today(connection):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    take_away(connection)


def take_away(connection: sa.Connection) -> None:
    """Make today's schema the older one."""
    if connection.dialect.name == "sqlite":
        older = (_older(sql) for sql in _today(connection) if "disclosure" not in sql)
        rebuild(connection, ";\n\n".join(older) + ";\n")
        connection.exec_driver_sql("DROP TABLE disclosure")
        return
    for statement in (
        "ALTER TABLE event DROP COLUMN unit",
        "ALTER TABLE staff DROP CONSTRAINT ck_staff_name_not_blank",
        "DROP TABLE disclosure",
        "DROP FUNCTION next_id_of_disclosure",
        "DROP FUNCTION note_disclosure",
    ):
        connection.exec_driver_sql(statement)


def bring_back(connection: sa.Connection) -> None:
    """Make the older schema today's, as a migration does."""
    if connection.dialect.name == "sqlite":
        rebuild(connection, sqlite.schema_sql())
        return
    for statement in (
        "ALTER TABLE event ADD COLUMN unit VARCHAR(100)",
        "ALTER TABLE event ADD CONSTRAINT ck_event_unit_not_blank CHECK (length(trim(unit)) > 0)",
        "ALTER TABLE staff ADD CONSTRAINT ck_staff_name_not_blank CHECK (length(trim(name)) > 0)",
        *(sql for sql in _today(connection) if "disclosure" in sql),
    ):
        connection.exec_driver_sql(statement)


def _today(connection: sa.Connection) -> list[str]:
    is_sqlite = connection.dialect.name == "sqlite"
    return statements_of(sqlite.schema_sql() if is_sqlite else postgresql_schema.schema_sql())


def _older(sql: str) -> str:
    for table, lacking in LACKS.items():
        if sql.startswith(f"CREATE TABLE {table} ("):
            return "\n".join(line for line in sql.split("\n") if lacking not in line)
    return sql
