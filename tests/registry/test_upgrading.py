"""A registry from an older version: upgraded whole, with every row, or left as it was."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from photoreg.errors import RegistryError
from photoreg.registry.database import SCHEMA_VERSION, Registry
from photoreg.registry.rebuilding import statements_of
from photoreg.registry.sqlite import dump_schema, schema_sql

VERSIONS = Path(__file__).parent.parent.parent / "schema" / "migrations" / "versions"


@pytest.fixture
def old_registry(tmp_path: Path) -> Path:
    """A registry at version 0001 with a row in most tables."""
    path = tmp_path / "old.db"
    build_old_registry(path)
    return path


def build_old_registry(path: Path) -> None:
    """Write a registry at version 0001."""
    with sqlite3.connect(path) as connection:
        for statement in statements_of((VERSIONS / "baseline.sqlite.sql").read_text("utf-8")):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.executescript(Path(__file__).with_name("rows_0001.sql").read_text("utf-8"))


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the columns of every table."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in tables
    }


def content(path: Path, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as connection:
        return {
            name: connection.execute(f"SELECT {', '.join(of)} FROM {name}").fetchall()  # noqa: S608
            for name, of in columns.items()
            if name != "alembic_version"
        }


def test_an_upgraded_registry_has_the_newest_schema_and_every_row(old_registry: Path) -> None:
    with sqlite3.connect(old_registry) as connection:
        columns = columns_of(connection)
    before = content(old_registry, columns)
    Registry.upgrade(old_registry)
    assert content(old_registry, columns) == before
    with sa.create_engine(f"sqlite:///{old_registry}").connect() as connection:
        assert dump_schema(connection) == schema_sql()
    registry = Registry.open(old_registry)
    with registry.writing() as session, pytest.raises(sa.exc.IntegrityError):
        session.connection().exec_driver_sql("INSERT INTO event_roster VALUES (1, 1)")
    registry.close()


def test_an_upgrade_that_would_leave_a_reference_dangling_changes_nothing(
    old_registry: Path,
) -> None:
    with sqlite3.connect(old_registry) as connection:
        connection.execute("INSERT INTO event_roster VALUES (7, 1)")
        before = list(connection.iterdump())
    with pytest.raises(RegistryError, match="damaged"):
        Registry.upgrade(old_registry)
    with sqlite3.connect(old_registry) as connection:
        assert list(connection.iterdump()) == before


def test_upgrading_twice_changes_nothing_more(old_registry: Path) -> None:
    Registry.upgrade(old_registry)
    with sqlite3.connect(old_registry) as connection:
        before = list(connection.iterdump())
    Registry.upgrade(old_registry)
    with sqlite3.connect(old_registry) as connection:
        assert list(connection.iterdump()) == before
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert version == SCHEMA_VERSION
