"""The log: chained by hash, so that whoever changes it from outside is found out."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from photoreg.errors import RegistryError
from photoreg.registry import ledger
from photoreg.registry.database import Registry
from photoreg.registry.ledger import GENESIS, Action
from photoreg.registry.tables import APPEND_ONLY
from photoreg.services import anchoring, people
from photoreg.services.people import About
from photoreg.services.workplace import Workplace


@pytest.fixture
def entries(workplace: Workplace, registry: Registry) -> int:
    """A log with some entries; return how many."""
    people.add_person(workplace, About(name="Áile Näkkäläjärvi"))
    with registry.reading() as session:
        count = len(list(ledger.entries(session)))
    assert count > 6
    return count


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """The registry file in the hands of somebody who can write it, with the triggers gone."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()


def first_broken(registry: Registry) -> int | None:
    with registry.reading() as session:
        return ledger.first_broken(session)


def test_chain_is_unbroken_and_begins_at_the_beginning(registry: Registry, entries: int) -> None:
    with registry.reading() as session:
        chain = list(ledger.entries(session))
    assert [entry.seq for entry in chain] == list(range(1, entries + 1))
    assert chain[0].previous == GENESIS
    assert [entry.previous for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert first_broken(registry) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("details", '{"role": "coordinator"}'),
        ("at", "2020-01-01T00:00:00.000000+00:00"),
        ("actor_id", 2),
        ("action", "photo.approved"),
        ("subject", "P-1"),
        ("hash", "f" * 64),
        ("previous", "f" * 64),
    ],
)
def test_an_edited_entry_is_named(
    column: str, value: object, registry: Registry, registry_path: Path, entries: int
) -> None:
    assert entries
    with tampering(registry_path) as connection:
        connection.execute(f"UPDATE ledger SET {column} = ? WHERE seq = 4", (value,))  # noqa: S608

    assert first_broken(registry) == 4


def test_an_edit_with_its_hash_made_to_fit_breaks_the_next_entry(
    registry: Registry, registry_path: Path, entries: int
) -> None:
    assert entries
    with registry.reading() as session:
        entry = list(ledger.entries(session))[3]
    content = (entry.previous, entry.seq, entry.at, 2, entry.action, entry.subject)
    forged = ledger.chain_hash(content, entry.details)
    with tampering(registry_path) as connection:
        connection.execute("UPDATE ledger SET actor_id = 2, hash = ? WHERE seq = 4", (forged,))

    assert first_broken(registry) == 5


@pytest.mark.parametrize(
    ("gone", "first"), [("seq = 1", 1), ("seq = 4", 4), ("seq BETWEEN 3 AND 5", 3)]
)
def test_a_deleted_entry_is_named(
    gone: str, first: int, registry: Registry, registry_path: Path, entries: int
) -> None:
    assert entries
    with tampering(registry_path) as connection:
        connection.execute(f"DELETE FROM ledger WHERE {gone}")  # noqa: S608

    assert first_broken(registry) == first


def test_deleted_entries_that_were_renumbered_are_noticed(
    registry: Registry, registry_path: Path, entries: int
) -> None:
    assert entries
    with tampering(registry_path) as connection:
        connection.execute("DELETE FROM ledger WHERE seq = 4")
        connection.execute("UPDATE ledger SET seq = seq - 1 WHERE seq > 4")

    assert first_broken(registry) == 4


def test_reordered_entries_are_noticed(
    registry: Registry, registry_path: Path, entries: int
) -> None:
    assert entries
    with tampering(registry_path) as connection:
        for old, new in ((3, 1000), (4, 3), (1000, 4)):
            connection.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (new, old))

    assert first_broken(registry) == 3


def test_an_entry_put_in_from_outside_is_noticed(
    registry: Registry, registry_path: Path, entries: int
) -> None:
    with tampering(registry_path) as connection:
        connection.execute(
            "INSERT INTO ledger VALUES (?, '2026-11-02T09:00:00', 1, 'photo.approved', 'P-1', '{}',"
            " ?, ?)",
            (entries + 1, "a" * 64, "b" * 64),
        )

    assert first_broken(registry) == entries + 1


def test_verify_names_the_first_broken_entry(
    workplace: Workplace, registry_path: Path, entries: int
) -> None:
    assert anchoring.anchor(workplace).entries == entries
    with tampering(registry_path) as connection:
        connection.execute("UPDATE ledger SET details = '{}' WHERE seq IN (4, 6)")

    with pytest.raises(RegistryError) as error:
        anchoring.anchor(workplace)
    assert error.value.values["entry"] == 4


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_was_said_is_never_changed_or_deleted(
    table: str, verb: str, registry_path: Path
) -> None:
    with closing(sqlite3.connect(registry_path)) as connection:
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        assert connection.execute(triggers, (table,)).fetchone() == (3,)
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        if not connection.execute(f"SELECT 1 FROM {table}").fetchall():  # noqa: S608
            places = ", ".join("1" for _ in names)
            connection.execute(f"INSERT INTO {table} VALUES ({places})")  # noqa: S608
        statement = {
            "UPDATE": f"UPDATE {table} SET {names[0]} = {names[0]}",  # noqa: S608
            "DELETE": f"DELETE FROM {table}",  # noqa: S608
        }[verb]
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            connection.execute(statement)


def test_a_change_that_fails_leaves_no_entry(
    workplace: Workplace, registry: Registry, entries: int
) -> None:
    def fail_after_logging() -> None:
        with workplace.changing() as desk:
            desk.log(Action.PHOTO_APPROVED, "photo", 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_after_logging()

    with registry.reading() as session:
        assert len(list(ledger.entries(session))) == entries


def test_details_are_kept_as_they_were_logged(workplace: Workplace, registry: Registry) -> None:
    with workplace.changing() as desk:
        desk.log(Action.PHOTO_APPROVED, "photo", 1, codes=("A", "B"), photo=1)

    with registry.reading() as session:
        newest = next(ledger.entries(session, newest_first=True, limit=1))
    assert json.loads(newest.details) == {"codes": ["A", "B"], "photo": 1}
    assert (newest.action, newest.subject) == ("photo.approved", "photo:1")


def test_what_was_said_is_not_replaced_either(registry_path: Path) -> None:
    with closing(sqlite3.connect(registry_path)) as connection:
        for column in ("seq", "hash"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(
                    "INSERT OR REPLACE INTO ledger SELECT seq + :shift, at, actor_id, action,"
                    " subject, 'changed', previous, hash FROM ledger WHERE seq = 2",
                    {"shift": 0 if column == "seq" else 1000},
                )
