"""A registry from an older version: upgraded whole, with every row, or left as it was."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from tests.conftest import Clock

from photoreg.errors import RegistryError
from photoreg.registry import postgresql_schema
from photoreg.registry.backup import into_one_file
from photoreg.registry.database import SCHEMA_VERSION, Registry, is_on_server
from photoreg.registry.rebuilding import statements_of
from photoreg.registry.sqlite import MANIFEST, REGISTRY_FILE, dump_schema, schema_sql
from photoreg.services import copying, events, safekeeping
from photoreg.services.workplace import Workplace

Place = Path | str
ROOT = Path(__file__).parent.parent.parent
VERSIONS = ROOT / "schema" / "migrations" / "versions"
OUR_TABLES = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


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
        connection.execute(OUR_TABLES)
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


def test_who_upgraded_is_told_what_to_do_next_and_only_then(
    registry_0002: Place, typed: Callable[..., Result]
) -> None:
    upgrade = ("--registry", registry_0002, "db", "upgrade")
    told = typed(*upgrade).stderr
    assert "photoreg audit refresh" in told
    assert ("roles.postgresql.sql" in told) == is_on_server(registry_0002)
    assert typed(*upgrade).stderr == ""


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


@pytest.fixture
def registry_0002(engine: str, new_registry: Callable[[], Place]) -> Place:
    """A registry at version 0002, with a row in nearly every table."""
    place = new_registry()
    script = statements_of((VERSIONS / f"0002.{engine}.sql").read_text("utf-8"))
    rows = Path(__file__).with_name("rows_0002.sql").read_text("utf-8")
    triggers = [sql for sql in script if sql.startswith("CREATE TRIGGER")]
    tables = [sql for sql in script if sql not in triggers]
    if engine == "sqlite":
        with sqlite3.connect(place) as connection:
            for sql in (*tables, OUR_TABLES):
                connection.execute(sql)
            connection.executescript(rows)
            for sql in triggers:
                connection.execute(sql)
        return place
    registry = Registry(place)
    with registry.store.engine.begin() as server:
        driver: Any = server.connection.driver_connection
        no_triggers_meanwhile = "SET session_replication_role = replica"
        for sql in (*tables, OUR_TABLES, *triggers, no_triggers_meanwhile, rows):
            driver.execute(sql)
    registry.close()
    return place


def rows_in(place: Place) -> dict[str, list[str]]:
    """Return every row of a registry of any version, without the columns that say nothing."""
    registry = Registry(place)
    with registry.store.engine.connect() as connection:
        found = {
            name: sorted(
                json.dumps({k: v for k, v in row._mapping.items() if v is not None}, default=str)
                for row in connection.execute(
                    sa.text(f"SELECT * FROM {name} ORDER BY 1")  # noqa: S608 - names of the schema
                )
            )
            for name in sa.inspect(connection).get_table_names()
            if name != "alembic_version"
        }
    registry.close()
    return found


def test_a_registry_with_rows_is_upgraded_and_goes_on(registry_0002: Place, tmp_path: Path) -> None:
    before = rows_in(registry_0002)
    assert sum(map(len, before.values())) > 60
    Registry.upgrade(registry_0002)
    kept = ("kept_verdict", "kept_kind", "kept_doubt", "kept_basis", "kept_apart")
    assert rows_in(registry_0002) == before | {table: [] for table in kept}
    registry = Registry.open(registry_0002, tmp_path)
    with registry.reading() as session:
        registry.check(session)
    anna = Workplace(registry, "anna", Clock())
    assert events.add_event(anna, "Feast", on=date(2026, 11, 1), unit="Hetan koulu") == 2
    with registry.writing() as session, pytest.raises(sa.exc.IntegrityError):
        session.connection().exec_driver_sql("UPDATE event SET unit = ' ' WHERE id = 1")
    with registry.writing() as session, pytest.raises(sa.exc.DBAPIError):
        session.connection().exec_driver_sql("DELETE FROM consent_event")
    registry.close()


def test_an_upgrade_that_fails_half_way_leaves_the_old_version(registry_0002: Place) -> None:
    spoilt = Registry(registry_0002)
    with spoilt.store.engine.begin() as connection:  # event comes first, and staff fails
        added = "ALTER TABLE staff ADD COLUMN unit VARCHAR(100)"
        connection.exec_driver_sql(added)
        values = "INSERT INTO staff (login, name, role, active, unit) VALUES ('x', 'X', 'auditor', "
        connection.exec_driver_sql(f"{values}'1', ' ')")
    before = rows_in(registry_0002)
    with pytest.raises((RegistryError, sa.exc.DBAPIError)):
        Registry.upgrade(registry_0002)
    assert rows_in(registry_0002) == before
    with spoilt.store.engine.connect() as connection:
        assert "unit" not in {c["name"] for c in sa.inspect(connection).get_columns("event")}
    assert spoilt.store.version() == "0002"
    spoilt.close()


def test_an_old_registry_is_copied_after_its_upgrade_only(
    registry_0002: Place, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    for engine in ("sqlite", "postgresql"):
        with pytest.raises(RegistryError, match="older version"):
            copying.copy_registry(registry_0002, new_place(engine), "kaisa", evidence=tmp_path)
    Registry.upgrade(registry_0002)
    for engine in ("sqlite", "postgresql"):
        target = new_place(engine)
        copying.copy_registry(registry_0002, target, "kaisa", evidence=tmp_path, clock=Clock())
        copied = {name: len(rows) for name, rows in rows_in(target).items()}
        assert copied["ledger"] == len(rows_in(registry_0002)["ledger"])
        assert copied["consent_event"] == 2


@pytest.mark.engines("sqlite")
def test_a_backup_of_an_older_version_is_restored_and_upgraded(
    registry_0002: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    (folder / safekeeping.EVIDENCE_FOLDER).mkdir(parents=True)
    copy = folder / REGISTRY_FILE
    Path(registry_0002).rename(copy)
    into_one_file(copy)
    manifest = safekeeping.Manifest(
        format=safekeeping.BACKUP_FORMAT,
        schema_version="0002",
        made_at="2026-11-02T09:00:00+00:00",
        registry_sha256=safekeeping._hash_of(copy),
        log_entries=0,
        log_head="",
        evidence=0,
        missing=["4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d"],
    )
    (folder / MANIFEST).write_text(
        json.dumps({name: getattr(manifest, name) for name in manifest.__slots__}), "utf-8"
    )
    target = tmp_path / "registry.db"
    safekeeping.restore_backup(folder, target, "kaisa", replace=False)
    registry = Registry.open(target)
    assert len(events.list_events(Workplace(registry, "kaisa", Clock()))) == 1
    registry.close()


@pytest.mark.engines("postgresql")
def test_roles_keep_their_rights_through_an_upgrade(registry_0002: str) -> None:
    registry = Registry(registry_0002)
    script = (ROOT / "schema" / "roles.postgresql.sql").read_text("utf-8")
    # As the script was in those days.
    for later in ("kept_apart, ", "kept_basis, ", "kept_doubt, ", "kept_kind, "):
        script = script.replace(later, "")
    script = script.replace("next_id_of_kept_basis(), ", "")
    with registry.store.engine.begin() as connection:
        for statement in statements_of(script):
            connection.exec_driver_sql(statement)
    Registry.upgrade(registry_0002)
    may = {
        ("photoreg_auditor", "event", "SELECT"): True,
        ("photoreg_auditor", "event", "UPDATE"): False,
        ("photoreg_staff", "event", "INSERT"): True,
        ("photoreg_staff", "event", "UPDATE"): True,
        ("photoreg_staff", "staff", "UPDATE"): False,
        ("photoreg_coordinator", "staff", "UPDATE"): True,
    }
    with registry.store.engine.connect() as connection:
        for (role, table, verb), expected in may.items():
            asked = f"SELECT has_column_privilege('{role}', '{table}', 'unit', '{verb}')"
            assert connection.exec_driver_sql(asked).scalar() is expected, (role, table, verb)
    registry.close()


@pytest.mark.engines("postgresql")
def test_what_the_migrations_make_on_a_server_is_what_is_documented(
    registry_place: str, new_place: Callable[[str], Place]
) -> None:
    documented = Registry(new_place("postgresql"))
    with documented.store.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(postgresql_schema.schema_sql())
        driver.execute(OUR_TABLES)
    made = Registry(registry_place)
    assert objects_in(made) == objects_in(documented)
    documented.close()
    made.close()


def objects_in(registry: Registry) -> set[tuple[str, str]]:
    """Return everything that a schema on a server is made of, as the server writes it."""
    with registry.store.engine.connect() as connection:
        return {(str(kind), str(what)) for kind, what in connection.exec_driver_sql(_OBJECTS)}


_OBJECTS = """
SELECT table_name, column_name || ' ' || data_type || coalesce(character_maximum_length::text, '')
  || is_nullable || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT tablename, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
