"""Nonsense cannot be stored, not even by raw SQL."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.tampering import drop_triggers

from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.all import METADATA

TABLES: list[Any] = list(METADATA.tables.values())
REFUSALS = {
    "sqlite": (sa.exc.IntegrityError,),
    # A value of the wrong type is refused before any constraint is looked at.
    "postgresql": (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.ProgrammingError),
}
COLUMNS: list[tuple[Any, Any]] = [(table, column) for table in TABLES for column in table.columns]


@pytest.fixture
def raw(full_registry: Path | str) -> Iterator[sa.Connection]:
    """A raw connection, the triggers that keep what was said gone; what a test does is undone."""
    registry = Registry(full_registry)
    with registry.store.engine.connect() as connection:
        drop_triggers(connection)
        yield connection
    registry.close()


def is_refused(raw: sa.Connection, statement: str, **values: object) -> bool:
    """Does the database refuse this? Whatever it did is undone."""
    attempt = raw.begin_nested()
    try:
        done = raw.execute(sa.text(statement), values)
        assert done.rowcount, f"touches no row: {statement}"
    except REFUSALS[raw.dialect.name]:
        return True
    finally:
        attempt.rollback()
    return False


def kept(raw: sa.Connection, nonsense: Sequence[tuple[Any, Any, object]]) -> list[str]:
    """Return which of the values (table, column, value) the database would keep."""
    return [
        f"{table.name}.{column.name} = {value!r}"
        for table, column, value in nonsense
        if not is_refused(raw, f"UPDATE {table.name} SET {column.name} = :value", value=value)  # noqa: S608
    ]


def of_type(kind: type) -> list[tuple[Any, Any]]:
    return [
        (table, column)
        for table, column in COLUMNS
        if getattr(column.type, "impl_instance", column.type).python_type is kind
        and not column.foreign_keys
        and not isinstance(column.type, sa.Enum)
    ]


def test_every_table_has_a_row_for_these_tests(raw: sa.Connection) -> None:
    empty = [
        table.name
        for table in TABLES
        if not raw.exec_driver_sql(f"SELECT 1 FROM {table.name}").fetchall()  # noqa: S608
    ]
    assert empty == []


def test_an_unknown_value_of_an_enumeration_is_refused(raw: sa.Connection) -> None:
    enumerated = [(t, c) for t, c in COLUMNS if isinstance(c.type, sa.Enum)]
    assert len(enumerated) > 30
    values = [(t, c, value) for t, c in enumerated for value in ("nonsense", "", "None", 1)]
    by_name = [(t, c, next(iter(c.type.enum_class)).name) for t, c in enumerated]
    assert kept(raw, values + by_name) == []


def test_a_reference_to_nothing_is_refused(raw: sa.Connection) -> None:
    references = [(t, c, 999_999) for t, c in COLUMNS if c.foreign_keys]
    assert len(references) > 50
    assert kept(raw, references) == []


NO_DAYS: dict[str, tuple[object, ...]] = {
    "sqlite": ("tomorrow", "2026-02-30", "2.3.2026", "", 20260302),
    # PostgreSQL understands "tomorrow", and keeps days that no calendar of ours has.
    "postgresql": ("infinity", "-infinity", "0044-03-15 BC", "10000-01-01", "2026-02-30", "", 1),
}
NO_TIMES: dict[str, tuple[object, ...]] = {
    "sqlite": ("yesterday", ""),
    "postgresql": ("infinity", "-infinity", "2026-02-30 09:00", "", 1),
}


def test_a_day_that_is_none_is_refused(raw: sa.Connection) -> None:
    days = of_type(date)
    assert len(days) > 10
    values = NO_DAYS[raw.dialect.name]
    assert kept(raw, [(t, c, value) for t, c in days for value in values]) == []


def test_a_time_that_is_none_is_refused(raw: sa.Connection) -> None:
    times = of_type(datetime)
    assert len(times) > 10
    values = NO_TIMES[raw.dialect.name]
    assert kept(raw, [(t, c, value) for t, c in times for value in values]) == []


def test_neither_yes_nor_no_is_refused(raw: sa.Connection) -> None:
    flags = of_type(bool)
    assert len(flags) > 10
    assert kept(raw, [(t, c, value) for t, c in flags for value in (2, "perhaps", -1)]) == []


def test_a_number_that_is_none_is_refused(raw: sa.Connection) -> None:
    numbers = [(t, c) for t, c in of_type(int) if not c.primary_key]
    values = ("many", 1.5) if raw.dialect.name == "sqlite" else ("many", 2**63)
    assert kept(raw, [(t, c, value) for t, c in numbers for value in values]) == []


def test_a_text_that_is_too_long_is_refused(raw: sa.Connection) -> None:
    texts = [(t, c) for t, c in of_type(str) if not c.primary_key]
    assert len(texts) > 20
    assert kept(raw, [(t, c, "x" * (c.type.length + 1)) for t, c in texts]) == []


def test_what_is_required_cannot_be_left_out(raw: sa.Connection) -> None:
    required = [(t, c, None) for t, c in COLUMNS if not c.nullable and not c.primary_key]
    assert kept(raw, required) == []


def copy_of(table: str, **changed: object) -> str:
    """Return the SQL for a second row like the first one, with some columns changed."""
    names = [column.name for column in METADATA.tables[table].columns]
    values = ", ".join(str(changed.get(name, name)) for name in names)
    return f"INSERT INTO {table} SELECT {values} FROM {table} LIMIT 1"  # noqa: S608


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE guardianship SET guardian_id = child_id",
        "UPDATE guardianship SET excused_ground = 'ill'",
        "UPDATE guardianship SET excused_by = 1",
        copy_of("guardianship", id=9),
        "UPDATE event SET ends_on = '2026-10-02'",
        "UPDATE consent_event SET valid_until = '2025-12-31' WHERE kind = 'given'",
        "UPDATE consent_event SET valid_until = NULL WHERE kind = 'given'",
        "UPDATE consent_event SET open_ended = true WHERE kind = 'given'",
        "UPDATE consent SET photo_id = 1, event_id = 1",
        "UPDATE consent_channel SET kind = 'print' WHERE channel_id IS NOT NULL",
        "UPDATE consent_channel SET kind = NULL WHERE channel_id IS NULL",
        "UPDATE permission_event SET basis = NULL",
        "UPDATE permission_event SET basis = 'licence_cc', licence_terms = 'nc;by'",
        "UPDATE permission_event SET licence_terms = 'by'",
        "UPDATE permission_event SET author_id = 1",
        "UPDATE permission_event SET valid_until = NULL, open_ended = false",
        "UPDATE permission SET photographer_id = NULL, photo_id = NULL",
        "UPDATE permission_channel SET channel_id = 1 WHERE kind IS NOT NULL",
        "UPDATE photo SET size = -1",
        "UPDATE photo SET width = 0",
        "UPDATE photo SET sha256 = 'short'",
        "UPDATE photo SET recognisable_count = -1",
        "UPDATE photo SET taken_year = 1700",
        "UPDATE photo SET photographer_died_year = 99999",
        copy_of("depiction", id=9),
        "UPDATE person SET guardians_total = -1",
        "UPDATE person SET guardians_total = 21",
        "UPDATE evidence SET sha256 = 'short'",
        "UPDATE decision SET outcome = 'refused'",
        "UPDATE decision SET outcome = 'publishable' WHERE ruling_id IS NOT NULL",
        "UPDATE decision SET ruling_id = NULL WHERE outcome = 'unclear'",
        "UPDATE ruling SET reason = '  '",
        copy_of("ruling", id=9),
        "UPDATE publication SET address = ' '",
        copy_of("take_down", id=9),
        "UPDATE take_down SET done_at = opened_at",
        "UPDATE take_down SET done_by = 1",
        copy_of("photo", id=9),
        copy_of("staff", id=9),
        copy_of("channel", id=9),
        copy_of("registry_info", id=2),
        "UPDATE ledger SET hash = 'short'",
        copy_of("ledger", seq=99, hash=f"'{'f' * 64}'"),
        copy_of("ledger", seq=99, previous=f"'{'f' * 64}'"),
        "UPDATE person SET age_group = 'minor' WHERE born IS NOT NULL",
        "UPDATE guardianship SET verified_how = ' '",
        "UPDATE photo SET recognisable_count = 0",
        "UPDATE photo SET people = 'none', recognisable_count = 3",
        "UPDATE photo SET orientation = 99",
        "UPDATE photo SET credit = 'x', credit_waived = true",
        "UPDATE evidence SET size = 0",
        copy_of("consent", id=9),
        copy_of("permission", id=9),
        "UPDATE consent_event SET paper = '  '",
        "UPDATE permission_event SET basis = 'web_found' WHERE kind = 'given'",
        "UPDATE decision SET codes = '' WHERE outcome = 'unclear'",
        "UPDATE decision SET facts_digest = 'x'",
        "UPDATE decision SET facts = 'no data'",
        "UPDATE published_photo SET removed_on = '2000-01-01'",
        "UPDATE photo_flag SET outcome = 'lifted'",
        "UPDATE photo_flag SET resolved_at=due_at, resolved_by=1, outcome='upheld', resolution='x'",
        "UPDATE second_look SET outcome = 'agreed'",
        "UPDATE second_look SET outcome = 'agreed', confirmed_at = asked_at, confirmed_by = 1",
        "UPDATE correction SET outcome = 'agreed'",
        "UPDATE correction SET outcome = 'agreed', ended_at = asked_at, ended_by = asked_by",
        "UPDATE correction SET outcome = 'put_back', ended_at = asked_at, ended_by = asked_by",
        "UPDATE correction SET publication_id = 1",
        "UPDATE correction SET permission_statement_id = 1",
        "UPDATE correction SET statement_id = NULL",
        copy_of("correction", id=9),
        "UPDATE person SET name = '  '",
        "DELETE FROM person",
        "DELETE FROM photo",
        "DELETE FROM staff",
        "DELETE FROM unclear_case",
    ],
)
def test_what_contradicts_itself_is_refused(nonsense: str, raw: sa.Connection) -> None:
    assert is_refused(raw, nonsense)
