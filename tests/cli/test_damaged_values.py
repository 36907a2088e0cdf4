"""A value outside its enumeration, written by SQL: told as damage, never an internal error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from photoreg.cli.app import cli
from photoreg.errors import PhotoregError
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
db check
"""
ENUMERATIONS = [
    (table.name, column.name)
    for table in METADATA.tables.values()
    for column in table.columns
    if isinstance(column.type, sa.Enum)
]


def damage(file: Path, table: str, column: str) -> int:
    """Write a value that the enumeration does not have into every row; return how many."""
    with closing(sqlite3.connect(file)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(f"UPDATE OR IGNORE {table} SET {column} = 'nonsense'")  # noqa: S608
        connection.commit()
        return changed.rowcount


def commands(folder: Path) -> Iterator[list[str]]:
    for number, line in enumerate(COMMANDS.strip().splitlines()):
        yield line.format(out=folder / f"{number}.html").split()


@pytest.mark.parametrize(("table", "column"), ENUMERATIONS)
def test_a_value_outside_its_enumeration_is_reported_as_damage(
    town: Path, table: str, column: str
) -> None:
    folder = town / "damaged"
    folder.mkdir()
    file = folder / "registry.db"
    with closing(sqlite3.connect(town / "registry.db")) as a, closing(sqlite3.connect(file)) as b:
        a.backup(b)  # with what is in the write-ahead log
    if not damage(file, table, column):
        pytest.skip("there is no such row")
    environment = {"PHOTOREG_REGISTRY": str(file), "PHOTOREG_ACTOR": "kaisa"}
    broken = []
    for command in commands(folder):
        done = CliRunner().invoke(cli, command, env=environment)
        if done.exit_code == PhotoregError.exit_code:
            broken.append((command, done.output[-400:]))
    assert not broken
