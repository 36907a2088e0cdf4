"""The log: chained by hash, so that whoever changes it from outside is found out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.logged import last_logged
from tests.tampering import tampered_connection

from photoreg.errors import RegistryError
from photoreg.registry import ledger, ledger_check
from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import Kind
from photoreg.registry.ledger import GENESIS, Action
from photoreg.registry.tables.all import APPEND_ONLY, METADATA, NEVER_DELETED
from photoreg.services.application import Application
from photoreg.services.audits import log_anchor
from photoreg.services.people import persons
from photoreg.services.people.persons import PersonDetails


@pytest.fixture
def entries(application: Application, registry: Registry) -> int:
    """A log with some entries; return how many."""
    persons.add_person(application, PersonDetails(name="Áile Näkkäläjärvi"))
    with registry.reading() as session:
        count = len(list(ledger.entries(session)))
    assert count > 6
    return count


def first_broken(registry: Registry) -> int | None:
    with registry.reading() as session:
        return ledger_check.first_broken_entry(session)


def test_chain_is_unbroken_and_begins_at_the_beginning(registry: Registry, entries: int) -> None:
    with registry.reading() as session:
        chain = list(ledger.entries(session))
    assert [entry.seq for entry in chain] == list(range(1, entries + 1))
    assert chain[0].previous == GENESIS
    assert [entry.previous for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert first_broken(registry) is None


def test_an_entry_is_hashed_as_json() -> None:
    entry = ("0" * 64, 1, "2030", 2, "photo.approved", 'P-"1"\t\x01\\')
    logins = ("Áile", "雪😀", "anna")
    details = '{"a": ["\u2028", "\x7f"]}'
    plain = json.dumps([*entry, *logins, details], ensure_ascii=False)
    assert ledger.canonical(entry, logins, details) == plain


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
    column: str, value: object, registry: Registry, entries: int
) -> None:
    assert entries
    with tampered_connection(registry) as connection:
        edit = sa.text(f"UPDATE ledger SET {column} = :value WHERE seq = 4")  # noqa: S608
        connection.execute(edit, {"value": value})

    assert first_broken(registry) == 4


def test_an_edit_with_its_hash_made_to_fit_breaks_the_next_entry(
    registry: Registry, entries: int
) -> None:
    assert entries
    with registry.reading() as session:
        entry = list(ledger.entries(session))[3]
    content = (entry.previous, entry.seq, entry.at, 2, entry.action, entry.subject)
    logins = (entry.computer_login, entry.database_login, entry.database_role)
    forged = ledger.chain_hash(content, logins, entry.details)
    with tampered_connection(registry) as connection:
        edit = sa.text("UPDATE ledger SET actor_id = 2, hash = :forged WHERE seq = 4")
        connection.execute(edit, {"forged": forged})

    assert first_broken(registry) == 5


@pytest.mark.parametrize(
    ("gone", "first"), [("seq = 1", 1), ("seq = 4", 4), ("seq BETWEEN 3 AND 5", 3)]
)
def test_a_deleted_entry_is_named(gone: str, first: int, registry: Registry, entries: int) -> None:
    assert entries
    with tampered_connection(registry) as connection:
        connection.exec_driver_sql(f"DELETE FROM ledger WHERE {gone}")  # noqa: S608

    assert first_broken(registry) == first


def test_deleted_entries_that_were_renumbered_are_noticed(registry: Registry, entries: int) -> None:
    assert entries
    with tampered_connection(registry) as connection:
        connection.exec_driver_sql("DELETE FROM ledger WHERE seq = 4")
        connection.exec_driver_sql("UPDATE ledger SET seq = seq - 1 WHERE seq > 4")

    assert first_broken(registry) == 4


def test_reordered_entries_are_noticed(registry: Registry, entries: int) -> None:
    assert entries
    with tampered_connection(registry) as connection:
        for old, new in ((3, 1000), (4, 3), (1000, 4)):
            connection.exec_driver_sql(f"UPDATE ledger SET seq = {new} WHERE seq = {old}")  # noqa: S608

    assert first_broken(registry) == 3


def test_an_entry_put_in_from_outside_is_noticed(registry: Registry, entries: int) -> None:
    with tampered_connection(registry) as connection:
        forged = f"1, 'photo.approved', 'P-1', '{{}}', '', '', '', '{'a' * 64}', '{'b' * 64}'"
        connection.exec_driver_sql(
            f"INSERT INTO ledger VALUES ({entries + 1}, '2026-11-02', {forged})"  # noqa: S608
        )

    assert first_broken(registry) == entries + 1


def test_verify_names_the_first_broken_entry(
    application: Application, registry: Registry, entries: int
) -> None:
    assert log_anchor.anchor(application).entries == entries
    with tampered_connection(registry) as connection:
        connection.exec_driver_sql("UPDATE ledger SET details = '{}' WHERE seq IN (4, 6)")

    with pytest.raises(RegistryError) as error:
        log_anchor.anchor(application)
    assert error.value.values["entry"] == 4


@pytest.fixture
def full(full_registry: Path | str) -> Iterator[sa.Connection]:
    """A raw connection to a registry with a row in every table; what a test does is undone."""
    registry = Registry(full_registry)
    with registry.store.engine.connect() as connection:
        yield connection
    registry.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_said_is_never_changed_or_deleted(table: str, full: sa.Connection) -> None:
    column = next(iter(METADATA.tables[table].columns)).name
    keeps(full, f"UPDATE {table} SET {column} = {column}", f"{table} is append-only")  # noqa: S608
    keeps(full, f"DELETE FROM {table}", f"{table} is append-only")  # noqa: S608


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_what_is_brought_to_an_end_is_never_deleted(table: str, full: sa.Connection) -> None:
    keeps(full, f"DELETE FROM {table}", f"{table} is never deleted")  # noqa: S608


@pytest.mark.engines("postgresql")  # SQLite has no TRUNCATE
@pytest.mark.parametrize("table", [*APPEND_ONLY, *NEVER_DELETED, "photo"])
def test_nothing_that_was_said_is_truncated(table: str, full: sa.Connection) -> None:
    keeps(full, f"TRUNCATE {table} CASCADE", "is append-only|is never deleted")


def keeps(connection: sa.Connection, statement: str, says: str) -> None:
    attempt = connection.begin_nested()
    with pytest.raises(sa.exc.IntegrityError, match=says):
        connection.exec_driver_sql(statement)
    attempt.rollback()


def test_a_change_that_fails_leaves_no_entry(
    application: Application, registry: Registry, entries: int
) -> None:
    def fail_after_logging() -> None:
        with application.changing() as work:
            work.log(Action.PHOTO_APPROVED, "photo", 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_after_logging()

    with registry.reading() as session:
        assert len(list(ledger.entries(session))) == entries


def test_details_hold_ids_and_codes(application: Application, registry: Registry) -> None:
    with application.changing() as work:
        work.log(Action.PHOTO_APPROVED, "photo", 1, codes=("A", "B"), photo=1, photographers=[2])

    with registry.reading() as session:
        newest = last_logged(session)
    assert json.loads(newest.details) == {
        "codes": ["A", "B"],
        "photo": "P-1",
        "photographers": ["H-2"],
    }
    assert (newest.action, newest.subject) == ("photo.approved", "photo:1")


def test_a_list_too_long_for_one_entry_continues_in_the_next(
    application: Application, registry: Registry
) -> None:
    people = list(range(1, 20_001))
    with application.changing() as work:
        work.log(Action.EVENT_CHANGED, Kind.EVENT, 1, person=people, unit="x")
    with registry.reading() as session:
        entries = [e for e in ledger.entries(session) if e.action == Action.EVENT_CHANGED]
    details = [json.loads(entry.details) for entry in entries]
    assert [who for each in details for who in each["person"]] == [f"H-{who}" for who in people]
    assert {
        (entry.subject, each["unit"]) for entry, each in zip(entries, details, strict=True)
    } == {("E-1", "x")}
    assert first_broken(registry) is None


def test_what_was_said_is_not_replaced_either(full: sa.Connection) -> None:
    row = (
        "SELECT seq + {}, at, actor_id, action, subject, 'changed', '', '', '', previous, hash "
        "FROM ledger"
    )
    for column, shift in (("seq", 0), ("hash", 1000)):
        new = f"{row.format(shift)} WHERE seq = 2"
        statement = {
            "sqlite": f"INSERT OR REPLACE INTO ledger {new}",
            "postgresql": f"INSERT INTO ledger {new} ON CONFLICT ({column}) DO UPDATE SET at = ''",
        }[full.dialect.name]
        keeps(full, statement, "append-only")
