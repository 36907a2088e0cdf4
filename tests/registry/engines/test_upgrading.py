"""A registry from another version: upgraded whole, with every row, or left as it was."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from tests.conftest import Clock
from tests.registry.engines.older import OLDER, make_older, write_migrations

from photoreg.errors import RegistryError
from photoreg.named_files import hash_regular
from photoreg.registry.engines import postgresql_schema
from photoreg.registry.engines.backup import fold_in_wal
from photoreg.registry.engines.database import Registry, is_on_server
from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.engines.sqlite import MANIFEST, REGISTRY_FILE, dump_schema, schema_sql
from photoreg.registry.engines.sqlite_migration import statements_of
from photoreg.services.application import Application
from photoreg.services.photos import events
from photoreg.services.upkeep import maintenance, transfer

Place = Path | str
Typed = Callable[..., Result]
ROOT = Path(__file__).parents[3]
NEWER = "9999_0fe37000"
NEVER_RELEASED = ("0001", "0005", "0001_0fe37000")
"""From before the baseline, and from another state of it."""


@pytest.fixture
def older_registry(
    full_registry: Place,
    duplicate: Callable[[Place], Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    """A registry of an older version with a row in every table, and migrations that know it."""
    place = duplicate(full_registry)
    make_older(place)
    monkeypatch.setattr(Registry, "migrations", write_migrations(tmp_path / "migrations"))
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
        }
    registry.close()
    return found


def test_a_registry_with_rows_is_upgraded_and_goes_on(
    older_registry: Place, tmp_path: Path
) -> None:
    before = rows_in(older_registry)
    assert all(before.values())
    assert Registry.upgrade(older_registry)
    version = {"alembic_version": [json.dumps({"version_num": SCHEMA_VERSION})]}
    after = rows_in(older_registry)
    hashes = {name: after[name] for name in ("ledger", "record_hash")}  # all recorded anew
    assert after == before | {"disclosure": []} | version | hashes
    registry = Registry.open(older_registry, tmp_path)
    with registry.reading() as session:
        registry.check(session)
    anna = Application(registry, "anna", Clock())
    assert events.add_event(anna, "Feast", on=date(2026, 11, 1), unit="Hetan koulu") == 2
    for refused in (
        "UPDATE event SET unit = ' ' WHERE id = 1",
        "UPDATE staff SET name = ' ' WHERE id = 1",
        "INSERT INTO event_roster VALUES (7, 1)",
        "DELETE FROM consent_event",
    ):
        with pytest.raises(RegistryError), registry.writing() as session:
            session.connection().exec_driver_sql(refused)
    with registry.writing() as session:
        session.connection().exec_driver_sql("UPDATE event SET starts_on = '2026-10-02'")
    assert len(rows_in(older_registry)["history"]) == len(before["history"]) + 2
    registry.close()


def test_an_upgraded_registry_has_the_documented_schema(
    older_registry: Place, new_location: Callable[[str], Place]
) -> None:
    Registry.upgrade(older_registry)
    made = Registry(older_registry)
    if made.is_on_server:
        documented = Registry(new_location("postgresql"))
        with documented.store.engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(postgresql_schema.schema_sql())
        assert objects_in(made) == objects_in(documented)
        documented.close()
    else:
        with made.store.engine.connect() as connection:
            assert dump_schema(connection) == schema_sql()
    made.close()


def test_who_upgraded_is_shown_what_to_do_next_and_only_then(
    older_registry: Place, typed: Typed
) -> None:
    upgrade = ("--registry", older_registry, "db", "upgrade")
    told = typed(*upgrade).stderr
    assert "audit refresh" in told
    assert ("roles.postgresql.sql" in told) == is_on_server(older_registry)
    assert typed(*upgrade).stderr == ""


def test_upgrading_twice_changes_nothing_more(older_registry: Place) -> None:
    assert Registry.upgrade(older_registry)
    before = rows_in(older_registry)
    assert not Registry.upgrade(older_registry)
    assert rows_in(older_registry) == before


@pytest.mark.engines("sqlite")
def test_an_upgrade_that_would_leave_a_reference_dangling_changes_nothing(
    older_registry: Path,
) -> None:
    with sqlite3.connect(older_registry) as connection:
        connection.execute("INSERT INTO event_roster VALUES (7, 1)")
        before = list(connection.iterdump())
    with pytest.raises(RegistryError, match="damaged"):
        Registry.upgrade(older_registry)
    with sqlite3.connect(older_registry) as connection:
        assert list(connection.iterdump()) == before


def test_an_upgrade_that_fails_half_way_leaves_the_old_version(older_registry: Place) -> None:
    spoilt = Registry(older_registry)
    with spoilt.store.engine.begin() as connection:  # event comes first, and staff fails
        values = "INSERT INTO staff (login, name, role, active) VALUES ('x', ' ', 'auditor', '1')"
        connection.exec_driver_sql(values)
    before = rows_in(older_registry)
    with pytest.raises(RegistryError):
        Registry.upgrade(older_registry)
    assert rows_in(older_registry) == before
    assert spoilt.store.version() == OLDER
    with spoilt.store.engine.connect() as connection:
        assert "unit" not in {c["name"] for c in sa.inspect(connection).get_columns("event")}
    with (  # the triggers of the old version are in force
        spoilt.store.engine.begin() as connection,
        pytest.raises(sa.exc.DBAPIError),
    ):
        connection.exec_driver_sql("DELETE FROM consent_event")
    with spoilt.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff SET name = 'X' WHERE login = 'x'")
    spoilt.close()
    assert Registry.upgrade(older_registry)


def test_an_older_registry_is_copied_after_its_upgrade_only(
    older_registry: Place, new_location: Callable[[str], Place], tmp_path: Path
) -> None:
    for engine in ("sqlite", "postgresql"):
        with pytest.raises(RegistryError, match="older version") as error:
            transfer.copy_registry(older_registry, new_location(engine), "kaisa", evidence=tmp_path)
        assert "upgrade the registry" in error.value.hint
    Registry.upgrade(older_registry)
    for engine in ("sqlite", "postgresql"):
        target = new_location(engine)
        transfer.copy_registry(older_registry, target, "kaisa", evidence=tmp_path, clock=Clock())
        copied = {name: len(rows) for name, rows in rows_in(target).items()}
        assert copied == {name: len(rows) for name, rows in rows_in(older_registry).items()}


def a_backup_of(registry: Path, version: str, folder: Path) -> Path:
    """Write a backup by hand, of whatever version, without its documents."""
    (folder / maintenance.EVIDENCE_FOLDER).mkdir(parents=True)
    copy = folder / REGISTRY_FILE
    shutil.copy(registry, copy)
    fold_in_wal(copy)
    with sqlite3.connect(copy) as connection:
        documents = connection.execute("SELECT sha256 FROM evidence").fetchall()
    manifest = maintenance.Manifest(
        format=maintenance.BACKUP_FORMAT,
        schema_version=version,
        made_at="2026-11-02T09:00:00+00:00",
        registry_sha256=hash_regular(copy),
        log_entries=0,
        log_head="",
        evidence=0,
        missing=[sha256 for (sha256,) in documents],
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)), "utf-8")
    return folder


@pytest.mark.engines("sqlite")
def test_a_backup_of_an_older_version_is_restored_and_upgraded(
    older_registry: Path, new_location: Callable[[str], Place], tmp_path: Path
) -> None:
    folder = a_backup_of(older_registry, OLDER, tmp_path / "backup")
    before = (folder / REGISTRY_FILE).read_bytes()
    for engine in ("sqlite", "postgresql"):
        target, evidence = new_location(engine), tmp_path / engine
        maintenance.restore_backup(folder, target, "kaisa", replace=False, evidence=evidence)
        registry = Registry.open(target, evidence)
        assert len(events.list_events(Application(registry, "kaisa", Clock()))) == 1
        registry.close()
    assert (folder / REGISTRY_FILE).read_bytes() == before


@pytest.mark.engines("postgresql")
def test_roles_keep_their_rights_through_an_upgrade_and_get_others_to_what_is_new(
    older_registry: str,
) -> None:
    registry = Registry(older_registry)
    script = (ROOT / "schema" / "roles.postgresql.sql").read_text("utf-8")

    def run(script: str) -> None:
        with registry.store.engine.begin() as connection:
            for statement in statements_of(script):
                connection.exec_driver_sql(statement)

    def may(role: str, table: str, verb: str) -> bool:
        asked = f"SELECT has_table_privilege('photoreg_{role}', '{table}', '{verb}')"
        with registry.store.engine.connect() as connection:
            return bool(connection.exec_driver_sql(asked).scalar())

    older_script = script.replace("next_id_of_disclosure(), ", "").replace("disclosure, ", "")
    older_script = older_script.replace("'disclosure'", "''")  # the name of a kind of records
    of_older = [each for each in statements_of(older_script) if "disclosure" not in each]
    run(";\n\n".join(of_older))
    Registry.upgrade(older_registry)
    rights = {
        ("auditor", "event", "SELECT"): True,
        ("auditor", "event", "UPDATE"): False,
        ("staff", "event", "INSERT"): True,
        ("staff", "event", "UPDATE"): True,
        ("staff", "staff", "UPDATE"): False,
        ("coordinator", "staff", "UPDATE"): True,
    }
    assert {asked: may(*asked) for asked in rights} == rights
    assert not may("staff", "disclosure", "INSERT")
    run(script)
    assert may("staff", "disclosure", "INSERT")
    registry.close()


def set_version(place: Place, version: str) -> None:
    registry = Registry(place)
    with registry.store.engine.begin() as connection:
        update = sa.text("UPDATE alembic_version SET version_num = :version")
        connection.execute(update, {"version": version})
    registry.close()


@pytest.mark.parametrize("version", [*NEVER_RELEASED, NEWER])
def test_a_registry_that_no_migration_leads_from_is_left_as_it_is_by_every_command(
    version: str, registry_location: Place, typed: Typed, tmp_path: Path
) -> None:
    set_version(registry_location, version)
    before = rows_in(registry_location)
    for command in (
        ("person", "list"),
        ("db", "check"),
        ("db", "check", "--repair"),
        ("db", "upgrade"),
        ("db", "backup", tmp_path / "backups"),
        ("db", "copy", registry_location, tmp_path / "copy.db"),
    ):
        asked = ("--registry", registry_location, "--evidence", tmp_path, "--as", "kaisa", *command)
        told = " ".join(typed(*asked, exit_code=8).stderr.split())
        if version == NEWER:
            assert "from a newer version of photoreg" in told
        else:
            assert f"an unreleased version of photoreg: schema {version}" in told
            assert "--as kaisa --registry REGISTRY.db init --organisation" in told
            assert "db upgrade" not in told
    assert rows_in(registry_location) == before
    assert not (tmp_path / "backups").exists()
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("version", [*NEVER_RELEASED, NEWER])
def test_a_backup_that_no_migration_leads_from_is_not_restored(
    version: str, registry_path: Path, typed: Typed, tmp_path: Path
) -> None:
    set_version(registry_path, version)
    folder = a_backup_of(registry_path, version, tmp_path / "backup")
    before = registry_path.read_bytes()
    asked = ("--registry", registry_path, "--as", "kaisa", "db", "restore", folder, "--replace")
    told = typed(*asked, exit_code=8).stderr
    assert ("newer version" if version == NEWER else f"schema {version}") in told
    assert str(folder) in told
    assert registry_path.read_bytes() == before


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
