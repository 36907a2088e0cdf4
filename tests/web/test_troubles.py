"""A registry that cannot be used: a clear page with the right status, and nothing half written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.web.desks import ServedDesk, User
from tests.web.test_serving import entries_of

from photoreg.registry.engines.sqlite import SQLiteFile


@pytest.fixture
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    """Another program that uses the registry's file."""
    with closing(sqlite3.connect(folder / "registry.db", isolation_level=None)) as opened:
        yield opened


def answer(user: User) -> tuple[int, str]:
    """Return the status and the text after an answer about a photo was sent."""
    page = user.get("/do/photo_answer?photo=P-1")
    sent = user.send(page, "Answer the questions", sensitive="yes", credit="Kuva: Elle")
    return sent.status, sent.main


def test_a_registry_that_somebody_else_writes_is_told_and_what_was_typed_stays(
    anna: User, desk: ServedDesk, connection: sqlite3.Connection
) -> None:
    before = entries_of(desk)
    connection.execute("BEGIN IMMEDIATE")
    status, text = answer(anna)
    assert status == 503
    assert "is in use" in text
    connection.execute("ROLLBACK")
    assert entries_of(desk) == before
    assert answer(anna)[0] == 303


def test_a_full_disk_is_told(
    anna: User,
    desk: ServedDesk,
    connection: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = entries_of(desk)
    monkeypatch.setattr(SQLiteFile, "_refuse_foreign", lambda _self, _statements: None)
    connection.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON photo "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    status, text = answer(anna)
    assert status == 503
    assert "disk" in text
    assert entries_of(desk) == before


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("9999_newer", "newer version of photoreg"),
        ("0001_older", "unreleased version of photoreg"),
    ],
)
def test_a_registry_that_was_upgraded_meanwhile_is_told(
    version: str, told: str, anna: User, desk: ServedDesk, connection: sqlite3.Connection
) -> None:
    before = entries_of(desk)
    page = anna.get("/do/photo_answer?photo=P-1")
    connection.execute("UPDATE alembic_version SET version_num = ?", [version])
    for shown in (
        anna.get("/"),
        anna.send(page, "Answer the questions", sensitive="yes"),
        desk.visitor().get("/sign-in"),
    ):
        assert shown.status == 503
        assert told in shown.main
    assert anna.get("/ready").status == 503
    assert anna.get("/health").status == 200
    assert entries_of(desk) == before


def test_a_registry_that_was_removed_is_told(anna: User, folder: Path) -> None:
    (folder / "registry.db").rename(folder / "elsewhere.db")
    page = anna.get("/")
    assert page.status == 503
    assert "there is no registry" in page.main


def test_a_registry_is_damaged(anna: User, folder: Path) -> None:
    (folder / "registry.db").write_bytes(b"no database" * 1000)
    assert anna.get("/").status == 503
