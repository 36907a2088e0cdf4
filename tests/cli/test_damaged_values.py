"""A value that its column cannot hold, written by SQL: told as damage, never as our error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import AutoString

from photoreg.cli.app import cli
from photoreg.errors import PhotoregError, RegistryError
from photoreg.registry.tables.all import METADATA

COMMANDS = """
today
check P-1 P-2 --channel kunta-public-page
approve P-1 --channel kunta-public-page
show P-1
photo list
photo list --open
event show E-1
event roster E-1
person show H-2
person show H-3
person list
person report H-2
guardian list H-3
consent list
consent expiring --within 400d
consent pending
permission list
channel list
case list
case show K-1
flag list
publication list
audit lacking
audit published
audit log
audit rulings
audit evidence
audit report --year 2026 --out {out}
policy show
staff list
retention due
audit verify
db check
"""
EVERY_COLUMN = [column for table in METADATA.tables.values() for column in table.columns]


def wrong_value(column: sa.Column[Any]) -> str:
    """Return in SQL what a column of this type cannot hold."""
    is_text = isinstance(column.type, (AutoString, sa.JSON))
    return "x'fffe'" if is_text else "'zz'"


def one_of_each_type() -> list[tuple[str, str, str]]:
    """Return columns with a wrong value for each: of the main tables, one of every type."""
    named = {
        *("person.died_on", "person.guardians_total", "person.name", "person.name_key"),
        *("person.contact", "photo.path", "staff.unit"),
    }
    sample = {
        (column.table.name, type(column.type)): column
        for column in EVERY_COLUMN
        if column.table.name in MAIN_TABLES and not column.primary_key
    }
    chosen = [*sample.values(), *(c for c in EVERY_COLUMN if str(c) in named)]
    return sorted({(each.table.name, each.name, wrong_value(each)) for each in chosen})


MAIN_TABLES = ("person", "photo")
ENUMERATIONS = [
    (table.name, column.name)
    for table in METADATA.tables.values()
    for column in table.columns
    if isinstance(column.type, sa.Enum)
]


def damage(file: Path, table: str, column: str, value: str = "'nonsense'") -> int:
    """Write a value that the column cannot hold into every row; return how many."""
    with closing(sqlite3.connect(file)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(f"UPDATE OR IGNORE {table} SET {column} = {value}")  # noqa: S608
        connection.commit()
        return changed.rowcount


def commands(folder: Path) -> Iterator[list[str]]:
    for number, line in enumerate(COMMANDS.strip().splitlines()):
        yield line.format(out=folder / f"{number}.html").split()


@pytest.fixture
def copied(town: Path) -> Path:
    """A copy of the registry, to be damaged."""
    folder = town / "damaged"
    folder.mkdir()
    file = folder / "registry.db"
    with closing(sqlite3.connect(town / "registry.db")) as a, closing(sqlite3.connect(file)) as b:
        a.backup(b)  # with what is in the write-ahead log
    return file


def internal_errors(file: Path) -> list[object]:
    """Run every command; return those that ended with an internal error, and what they said."""
    environment = {"PHOTOREG_REGISTRY": str(file), "PHOTOREG_ACTOR": "kaisa"}
    broken: list[object] = []
    for command in commands(file.parent):
        done = CliRunner().invoke(cli, command, env=environment)
        if done.exit_code == PhotoregError.exit_code:
            broken.append((command, done.output[-400:]))
    return broken


@pytest.mark.parametrize(("table", "column"), ENUMERATIONS)
def test_a_value_outside_its_enumeration_is_reported_as_damage(
    copied: Path, table: str, column: str
) -> None:
    if not damage(copied, table, column):
        pytest.skip("there is no such row")
    assert not internal_errors(copied)


@pytest.mark.parametrize(("table", "column", "value"), one_of_each_type())
def test_a_value_that_its_column_cannot_hold_is_reported_as_damage(
    copied: Path, table: str, column: str, value: str
) -> None:
    assert damage(copied, table, column, value)
    assert not internal_errors(copied)


def test_a_registry_with_two_versions_is_damaged(copied: Path) -> None:
    with closing(sqlite3.connect(copied)) as connection:
        connection.execute("INSERT INTO alembic_version VALUES ('x')")
        connection.commit()
    environment = {"PHOTOREG_REGISTRY": str(copied), "PHOTOREG_ACTOR": "kaisa"}
    for command in ("today", "audit verify", "db check"):
        done = CliRunner().invoke(cli, command.split(), env=environment)
        assert done.exit_code == RegistryError.exit_code, done.output
        assert "is damaged" in done.output
