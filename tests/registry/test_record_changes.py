"""What the log tells of changed rows: old and new by id, code, day or salted hash."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select
from tests.registry.test_record_hashes import other_value

from photoreg.registry import ledger
from photoreg.registry.engines.database import Registry
from photoreg.registry.ids import KIND_OF_TABLE
from photoreg.registry.ledger import Action
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.registry.record_hashes.changes import (
    PERSONAL_DAYS,
    RowChange,
    changed_rows,
    is_hashed,
    is_told,
    logged_change,
    told_columns,
    value_hash,
)
from photoreg.registry.record_hashes.recording import NO_SALT, erase_salts, items_of
from photoreg.registry.record_hashes.records import record_kinds
from photoreg.registry.tables.all import APPEND_ONLY, METADATA
from photoreg.registry.tables.ledger import LedgerEntry, RecordHash
from photoreg.registry.tables.people import Person

TOLD = {t.name: key for kind in record_kinds().values() for t, key in kind.tables() if is_told(t)}
PERSONAL = {"name", "contact", "born", "died_on", "title", "verified_how", "position", "objector"}


@pytest.fixture
def registry(full_registry: Path | str, duplicate: Callable[[Path | str], Path | str]) -> Any:
    """A registry of this test's own with a row in every table."""
    opened = Registry.open(duplicate(full_registry))
    yield opened
    opened.close()


def changes(registry: Registry, session: Session) -> list[RowChange]:
    return list(changed_rows(session.connection(), registry.store))


def log_of_changes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in ledger.entries(session):
        if entry.action == Action.RECORD_CHANGED:
            yield entry.subject, json.loads(entry.details)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_every_column_that_changes_is_reported_with_old_and_new(
    name: str, registry: Registry
) -> None:
    table, tried = METADATA.tables[name], 0
    with registry.writing() as session:
        connection = session.connection()
        row = connection.execute(sa.select(table).limit(1)).mappings().first()
        assert row is not None
        for column in told_columns(table, TOLD[name]):
            if column.primary_key or column.foreign_keys:
                continue
            changed = other_value(column, row[column.name])
            own = [key == row[key.name] for key in table.primary_key]
            savepoint = connection.begin_nested()
            try:
                connection.execute(sa.update(table).where(*own).values({column: changed}))
            except (sa.exc.DBAPIError, sa.exc.StatementError):
                savepoint.rollback()  # a value that the table's checks refuse
                continue
            [change] = changes(registry, session)
            details = logged_change(change, b"saltsalt")
            assert list(change.was or {}) == list(change.now or {}) == [column.name]
            told = json.dumps(details, default=str)
            if is_hashed(column) and isinstance(changed, str):
                assert changed not in told
                assert value_hash(column, changed, b"saltsalt") in told
            tried += 1
            savepoint.rollback()
    assert tried or all(c.primary_key or c.foreign_keys for c in told_columns(table, TOLD[name]))


def test_names_contacts_texts_and_birth_dates_are_never_told_in_plain() -> None:
    for name, key in TOLD.items():
        for column in told_columns(METADATA.tables[name], key):
            is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            if column.name in PERSONAL | PERSONAL_DAYS or (
                is_text
                and not column.foreign_keys
                and getattr(column.type, "length", 0) in {200, 500, 4000}
            ):
                assert is_hashed(column), column


def test_rows_that_never_change_need_not_be_told() -> None:
    assert {name for name in METADATA.tables if name in APPEND_ONLY}.isdisjoint(TOLD)
    assert {*KIND_OF_TABLE} - {*APPEND_ONLY} <= {*TOLD}


def test_a_link_that_is_added_or_removed_is_reported_with_its_record(registry: Registry) -> None:
    with registry.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM depiction")
        session.connection().exec_driver_sql(
            "INSERT INTO event_roster (event_id, person_id) VALUES (1, 1)"
        )
    with registry.reading() as session:
        told = dict(log_of_changes(session))
    assert told["P-1"]["table"] == "depiction"
    assert (told["P-1"]["was"]["person_id"], told["P-1"]["is"]) == ("H-2", None)
    assert told["P-1"]["of"] == ["H-2"]
    assert (told["E-1"]["was"], told["E-1"]["is"]) == (None, {"person_id": "H-1"})


def test_a_record_that_is_new_is_no_change(registry: Registry) -> None:
    with registry.writing() as session:
        person = session.get_one(Person, 2)
        new = Person(**{**person.model_dump(), "id": None, "contact": "a@b.example"})
        session.add(new)
        session.flush()
        new.contact = "c@d.example"
        session.add(new)
        session.flush()
        assert changes(registry, session) == []


def test_what_is_put_back_in_the_same_change_is_no_change(registry: Registry) -> None:
    with registry.writing() as session:
        person = session.get_one(Person, 2)
        for born in (date(1999, 1, 1), person.born):
            person.born = born
            session.add(person)
            session.flush()
        assert changes(registry, session) == []


def change_person(registry: Registry, contact: str) -> None:
    with registry.writing() as session:
        person = session.get_one(Person, 2)
        person.contact = contact
        session.add(person)


def hash_and_salt(session: Session) -> tuple[str, bytes]:
    """Return the newest logged hash of a person's contact, and the salt that belongs to it."""
    *_earlier, (_subject, details) = log_of_changes(session)
    rows = select(RecordHash).where(RecordHash.kind == "person").order_by(col(RecordHash.id))
    own = [
        salt
        for row in session.exec(rows)
        for number, _h, salt in items_of(row.records, row.salts)
        if number == 2
    ]
    return details["is"]["contact"]["hash"], own[-1]


def test_whoever_holds_a_value_can_show_that_it_is_the_one_in_the_log(registry: Registry) -> None:
    change_person(registry, "elle@kunta.example")
    with registry.reading() as session:
        logged, salt = hash_and_salt(session)
        assert salt != NO_SALT
        column = METADATA.tables["person"].c.contact
        assert value_hash(column, "elle@kunta.example", salt) == logged
        assert value_hash(column, "inga@kunta.example", salt) != logged


def test_after_an_erasure_nobody_can_guess_what_was_changed(registry: Registry) -> None:
    change_person(registry, "elle@kunta.example")
    with registry.writing() as session:
        person = session.get_one(Person, 2)
        person.contact = ""
        session.add(person)
        erase_salts(session)
    with registry.reading() as session:
        salts = {
            salt
            for row in session.exec(select(RecordHash).where(RecordHash.kind == "person"))
            for number, _hash, salt in items_of(row.records, row.salts)
            if number == 2
        } - {NO_SALT}
        [details] = [told for subject, told in log_of_changes(session) if subject == "H-2"]
        column = METADATA.tables["person"].c.contact
        guesses = {value_hash(column, "elle@kunta.example", salt) for salt in salts | {NO_SALT}}
        assert details["is"]["contact"]["hash"] not in guesses


def test_the_chain_covers_what_has_changed(registry: Registry) -> None:
    change_person(registry, "elle@kunta.example")
    with registry.reading() as session:
        *_, entry = (e for e in ledger.entries(session) if e.action == Action.RECORD_CHANGED)
        after = session.exec(select(LedgerEntry).where(col(LedgerEntry.seq) > entry.seq)).all()
        assert first_broken_entry(session) is None
    assert [each.action for each in after] == [Action.RECORDS_HASHED]
