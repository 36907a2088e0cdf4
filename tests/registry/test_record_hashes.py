"""What was changed outside photoreg is found: in every table, every column, by either engine."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from photoreg.errors import RegistryError
from photoreg.registry import ledger_check
from photoreg.registry.engines.database import Registry
from photoreg.registry.record_hashes import refusing
from photoreg.registry.record_hashes.checking import Difference, Tampering, differences
from photoreg.registry.record_hashes.naming import RECORD_WORDS, named_record
from photoreg.registry.record_hashes.recording import NO_SALT, erase_salts, items_of
from photoreg.registry.record_hashes.records import (
    NOT_HASHED,
    PARTS,
    RowsOfRecords,
    record_content,
    record_kinds,
)
from photoreg.registry.streaming import Row
from photoreg.registry.tables.all import APPEND_ONLY, METADATA
from photoreg.registry.tables.ledger import RecordHash

HASHED = sorted({*METADATA.tables} - NOT_HASHED)


@pytest.fixture
def registry(full_registry: Path | str, duplicate: Callable[[Path | str], Path | str]) -> Any:
    """A registry of this test's own with a row in every table."""
    opened = Registry.open(duplicate(full_registry))
    yield opened
    opened.close()


@contextmanager
def tampering(registry: Registry) -> Iterator[Session]:
    """A session without protection, whose changes are rolled back."""
    engine = registry.store.engine.execution_options(writes=True, migrates=True)
    with Session(engine) as session:
        connection = session.connection()
        if registry.is_on_server:
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            for name in (
                connection.exec_driver_sql(
                    "SELECT type || ' ' || name FROM sqlite_master "
                    "WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
                )
                .scalars()
                .all()
            ):
                connection.exec_driver_sql(f"DROP {name}")
        yield session
        session.rollback()


def found(registry: Registry, session: Session) -> list[Difference]:
    return list(differences(session, registry.store))


def kind_of(table: str) -> str:
    if table not in PARTS:
        return table
    keys = METADATA.tables[table].c[PARTS[table]].foreign_keys
    [parent] = {key.column.table.name for key in keys}
    return parent


def other_value(column: sa.Column[Any], value: Any) -> Any:
    """Return a value that differs in one place, as a flipped bit makes it; none is filled in."""
    plain = getattr(column.type, "impl_instance", column.type)
    kind = dict if isinstance(plain, sa.JSON) else plain.python_type
    if value is None:
        day = datetime(2034, 1, 1, tzinfo=UTC)
        filled = {date: day.date(), datetime: day, dict: {"x": 1}, int: 1, bool: True}
        return filled.get(kind, "x")
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value.replace(year=value.year + 2)
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return {"other": value} if kind is dict else f"{value}x"


def changeable(table: str) -> list[sa.Column[Any]]:
    """Return the columns of a table that do not say which record it is."""
    columns = METADATA.tables[table].columns
    return [c for c in columns if not c.primary_key and c.name != PARTS.get(table)]


def change_first_row(session: Session, table: str, column: sa.Column[Any]) -> bool:
    """Change one value as another program does; return whether the checks of a server let it."""
    own = METADATA.tables[table]
    row = session.connection().execute(sa.select(own).limit(1)).mappings().one()
    # An enumeration as a text: no type of ours looks at what somebody else writes.
    plain = sa.column(column.name, sa.String() if isinstance(column.type, sa.Enum) else column.type)
    of_row = [sa.column(key.name) == row[key.name] for key in own.primary_key]
    of_table = sa.update(sa.table(table, plain)).where(*of_row)
    try:
        with session.begin_nested():
            values = {plain: other_value(column, row[column.name])}
            session.connection().execute(of_table.values(values))
    except sa.exc.DBAPIError:
        return False
    return True


@pytest.mark.parametrize("table", [name for name in HASHED if changeable(name)])
def test_a_changed_value_is_found_in_every_column_of(table: str, registry: Registry) -> None:
    tried = 0
    for column in changeable(table):
        with tampering(registry) as session:
            if not change_first_row(session, table, column):
                continue
            tried += 1
            assert {each.kind for each in found(registry, session)} == {kind_of(table)}, column
    assert tried == len(changeable(table)) or registry.is_on_server


@pytest.mark.parametrize("table", HASHED)
def test_a_deleted_row_is_found_in(table: str, registry: Registry) -> None:
    with tampering(registry) as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        [kind] = {each.kind for each in found(registry, session)}
        assert kind == kind_of(table)


@pytest.mark.parametrize("name", sorted(record_kinds()))
def test_an_added_row_is_found_in(name: str, registry: Registry) -> None:
    kind = record_kinds()[name]
    with tampering(registry) as session:
        connection = session.connection()
        row = dict(connection.execute(sa.select(kind.table).limit(1)).mappings().one())
        row |= {c.name: other_value(c, row[c.name]) for c in unique_columns(kind.table)}
        row[kind.key.name] = 4711 if kind.is_numbered else "f" * 64
        try:
            with session.begin_nested():
                connection.execute(sa.insert(kind.table).values(row))
        except sa.exc.DBAPIError:
            assert registry.is_on_server  # whose checks and indexes stay in force
            return
        [difference] = found(registry, session)
        assert (difference.what, difference.kind) == (Tampering.ADDED, name)


def unique_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of which no two rows may hold the same, alone or together."""
    together = [c.columns for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    together += [index.columns for index in table.indexes if index.unique]
    return [column for columns in together for column in columns]


def test_what_photoreg_wrote_differs_nowhere(registry: Registry) -> None:
    with registry.reading() as session:
        assert found(registry, session) == []


def test_every_table_has_hashes_or_is_named_as_having_none() -> None:
    kinds = record_kinds()
    parts = {part.name for kind in kinds.values() for part, _column in kind.parts}
    assert {*kinds, *parts, *NOT_HASHED} == {*METADATA.tables}
    assert parts == {*PARTS}


def test_the_tables_without_hashes_are_named_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs/security.md").read_text("utf-8")
    section = page.partition("### What `audit verify` does not compare\n")[2].partition("\n### ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(NOT_HASHED)


def test_the_end_of_the_log_cut_off_is_found_with_and_without_its_hashes(
    registry: Registry,
) -> None:
    for tables in (("ledger",), ("ledger", "record_hash")):
        with tampering(registry) as session:
            last = session.exec(select(sa.func.max(RecordHash.entry))).one()
            for table in tables:
                column = "seq" if table == "ledger" else "entry"
                cut = f"DELETE FROM {table} WHERE {column} >= {last - 1}"  # noqa: S608
                session.connection().exec_driver_sql(cut)
            with pytest.raises(RegistryError):
                ledger_check.require_recorded_rows(session, registry.store)


def test_changed_hashes_are_found_by_the_log(registry: Registry) -> None:
    with tampering(registry) as session:
        row = session.exec(select(RecordHash).where(RecordHash.kind == "person")).first()
        assert row is not None
        row.records = row.records[:-1] + bytes([row.records[-1] ^ 1])
        session.flush()
        assert Difference(Tampering.HASHES_CHANGED, "ledger", row.entry) in found(registry, session)


def test_what_another_program_writes_is_named(registry: Registry) -> None:
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET contact = 'x' WHERE id = 1")
    with registry.writing() as session:  # a change by photoreg does not cover it up
        session.connection().exec_driver_sql("UPDATE person SET contact = 'y' WHERE id = 2")
    with registry.reading() as session, pytest.raises(RegistryError) as raised:
        ledger_check.require_recorded_rows(session, registry.store)
    assert raised.value.values["records"] == ("H-1",)


@pytest.mark.parametrize("name", record_kinds())
def test_every_kind_of_record_is_called_by_something_that_people_know(name: str) -> None:
    assert name in RECORD_WORDS


def test_statements_users_and_guardianships_are_named_as_people_know_them(
    registry: Registry,
) -> None:
    with registry.reading() as session:
        connection = session.connection()
        first = {kind: str(named_record(connection, kind, 1)) for kind in record_kinds()}
        gone = named_record(connection, "consent_event", 10**6)
    assert first["consent_event"] == "C-1"
    assert first["staff"] == "kaisa"
    assert first["guardianship"].startswith("guardianship H-")
    assert str(gone) == "statement about a consent 1000000"
    assert not [name for kind, name in first.items() if kind in name and "_" in kind]


CHANGEABLE_RECORDS = [
    name for name in sorted(record_kinds()) if name not in APPEND_ONLY and changeable(name)
]


@pytest.mark.parametrize("name", CHANGEABLE_RECORDS)
def test_photoreg_does_not_change_a_record_that_was_altered(name: str, registry: Registry) -> None:
    key = record_kinds()[name].key.name
    alter(registry, name)
    with pytest.raises(RegistryError, match="was changed outside photoreg"):
        change(registry, f"UPDATE {name} SET {key} = {key}")  # noqa: S608
    with registry.reading() as session:
        assert [each.kind for each in found(registry, session)] == [name]


def change(registry: Registry, statement: str, actor: int | None = None) -> None:
    with registry.writing() as session:
        session.info["actor_id"] = actor
        session.connection().exec_driver_sql(statement)


def alter(registry: Registry, table: str) -> None:
    """Change a value of a table's first row, as another program does that can write everything."""
    with tampering(registry) as session:
        for column in changeable(table):
            if change_first_row(session, table, column):
                session.commit()
                break
    registry.close()  # and with it what was switched off in the connection


def test_who_was_given_a_role_outside_photoreg_changes_nothing(registry: Registry) -> None:
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET role = 'coordinator' WHERE id = 2")
    with pytest.raises(RegistryError, match="anna was changed outside photoreg"):
        change(registry, "UPDATE person SET contact = 'y' WHERE id = 2", actor=2)


@pytest.mark.parametrize("few", [refusing.FEW_RECORDS, 0])
def test_a_change_of_many_records_finds_the_altered_one(
    few: int, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusing, "FEW_RECORDS", few)
    with registry.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET contact = 'x' WHERE id = 3")
    with pytest.raises(RegistryError, match="H-3 was changed outside photoreg"):
        change(registry, "UPDATE person SET language = language")


def test_numbers_that_lie_far_apart_are_found(registry: Registry) -> None:
    far = 2**31 - 1
    with tampering(registry) as session:
        connection = session.connection()
        last = connection.exec_driver_sql("SELECT max(id) FROM consent").scalar_one()
        connection.exec_driver_sql(f"UPDATE consent SET id = {far} WHERE id = {last}")  # noqa: S608
        assert found(registry, session) == [
            Difference(Tampering.DELETED, "consent", last),
            Difference(Tampering.ADDED, "consent", far),
        ]


@pytest.mark.parametrize("key", ["'x'", "x'31'", "0.5", "-1"])
def test_a_part_of_no_record_is_found(key: str, registry: Registry) -> None:
    if registry.is_on_server:
        return  # its columns hold numbers only
    with tampering(registry) as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"UPDATE depiction SET photo_id = {key}")  # noqa: S608
        assert {each.kind for each in found(registry, session)} == {"photo"}


def written_out(value: Any) -> bytes:
    """Return a value in the form that `record_content` describes, of numbers up to 32 bits."""
    if value is None:
        return b"N"
    if isinstance(value, int):
        return b"i" + value.to_bytes(4, "little", signed=True)
    kinds: dict[type, bytes] = {str: b"u", bytes: b"s", tuple: b"(", list: b"["}
    kind = kinds[type(value)]
    length = len(value.encode() if isinstance(value, str) else value).to_bytes(4, "little")
    if isinstance(value, str | bytes):
        return kind + length + (value.encode() if isinstance(value, str) else value)
    return kind + length + b"".join(map(written_out, value))


def content_of(*rows: Row) -> bytes:
    return record_content("photo", 7, [RowsOfRecords(list, {7: [*rows]}), RowsOfRecords(list)])


def test_the_form_in_which_records_are_hashed_stays_as_it_is() -> None:
    twice = "depiction"
    rows = [
        (7, None, "Säde 雪 😀", "", twice, twice, b""),
        (-1, 2**31 - 1, -(2**31), "a\0", b"\xff"),
    ]
    assert content_of(*rows) == written_out(["photo", [rows, None]])
    digits = "6c 0300 0000 0300 0000 0004  6c fdff ffff 0000 0000 0004"
    assert bytes.fromhex(digits) in content_of((2**40 + 3, -(2**40)))


@pytest.mark.parametrize(
    ("one", "other"),
    [((None,), ("",)), ((1,), ("1",)), (("a", "b"), ("ab", "")), (("a",), (b"a",))],
)
def test_different_rows_are_hashed_differently(one: Row, other: Row) -> None:
    assert content_of(one) != content_of(other)


def test_a_row_moved_between_tables_with_the_same_columns_changes_the_hash() -> None:
    event, none = RowsOfRecords(list, {7: [("school day", 7)]}), RowsOfRecords(list)
    person = RowsOfRecords(list, {7: [(7, 1)]})  # a photographer, or on the roster
    moved = [
        record_content("event", 7, [event, *parts]) for parts in ((person, none), (none, person))
    ]
    assert moved[0] != moved[1]


def test_salts_of_what_was_erased_are_gone(registry: Registry) -> None:
    with registry.writing() as session:
        session.connection().exec_driver_sql("UPDATE person SET contact = '' WHERE id = 1")
        erase_salts(session)
    with registry.reading() as session:
        rows = session.exec(select(RecordHash).where(RecordHash.kind == "person")).all()
        salts = [
            salt
            for row in rows
            for number, _hash, salt in items_of(row.records, row.salts)
            if number == 1
        ]
        assert salts[-1] != NO_SALT
        assert set(salts[:-1]) == {NO_SALT}
        others = [
            salt
            for row in rows
            for number, _hash, salt in items_of(row.records, row.salts)
            if number != 1
        ]
        assert NO_SALT not in others
        assert found(registry, session) == []
