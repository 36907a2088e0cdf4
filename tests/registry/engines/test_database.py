"""The registry file: created, opened, refused when it cannot be trusted; nothing half written."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite import dump_schema, schema_sql
from photoreg.services.application import Application
from photoreg.services.organisation import policy, staff
from photoreg.services.upkeep import maintenance

ROOT = Path(__file__).parents[3]
Program = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_created_registry_has_the_documented_schema(registry_path: Path) -> None:
    with sa.create_engine(f"sqlite:///{registry_path}").connect() as connection:
        found = dump_schema(connection)
    assert found == schema_sql()
    assert found == (ROOT / "schema" / "registry.sqlite.sql").read_text("utf-8")


def test_registry_and_evidence_are_private(registry_path: Path) -> None:
    evidence = registry_path.with_name(registry_path.name + ".evidence")
    assert registry_path.stat().st_mode & 0o077 == 0
    assert evidence.stat().st_mode & 0o077 == 0


def test_a_second_registry_is_not_made_over_the_first(registry_path: Path) -> None:
    before = registry_path.read_bytes()
    with pytest.raises(NotAllowed, match="already"):
        Registry.create(registry_path)
    assert registry_path.read_bytes() == before


def test_a_registry_that_is_finished_later_is_not_put_over_another(tmp_path: Path) -> None:
    store = Registry(tmp_path / "registry.db").store
    with pytest.raises(NotAllowed, match="already"):
        store.create(lambda _new: Registry.create(tmp_path / "registry.db").close())
    Registry.open(tmp_path / "registry.db").close()
    assert list(tmp_path.glob(".photoreg-*")) == []


def test_where_files_have_one_name_only_a_registry_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_old: Path, _new: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    Registry.create(tmp_path / "registry.db").close()
    Registry.open(tmp_path / "registry.db").close()


def test_a_registry_is_not_made_beside_the_journal_of_another(tmp_path: Path) -> None:
    lost, journal = tmp_path / "registry.db", tmp_path / "registry.db-wal"
    Registry.create(lost).close()
    with closing(sqlite3.connect(lost)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'theirs'")
        connection.commit()
        last = journal.read_bytes()  # as a killed program leaves it
    lost.unlink()
    journal.write_bytes(last)
    with pytest.raises(NotAllowed, match="belongs to a registry that is missing"):
        Registry.create(lost)
    assert not lost.exists()
    assert journal.read_bytes() == last


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_registry_that_cannot_be_made_leaves_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    target = tmp_path / folder / "registry.db"
    with pytest.raises(RegistryError):
        Registry.create(target)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file"]


def test_foreign_keys_are_kept(registry: Registry) -> None:
    with registry.store.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql("INSERT INTO event_roster VALUES (1, 1)")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a registry"),
        (b"hello, I am a letter and no database" * 100, "is not a registry"),
    ],
    ids=["empty file", "another file"],
)
def test_a_file_that_is_no_registry_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(RegistryError, match=says):
        Registry.open(path)


def test_a_damaged_registry_is_named_damaged(registry_path: Path, program: Program) -> None:
    with sqlite3.connect(registry_path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(registry_path.read_bytes())
    page = 4096
    data[page * 2 : page * 20] = os.urandom(page * 18)
    registry_path.write_bytes(data)
    done = program("--registry", registry_path, "--as", "kaisa", "db", "check", exit_code=8)
    assert "damaged" in done.stderr or "cannot be used" in done.stderr


def test_a_missing_registry_is_named_with_what_to_do(program: Program) -> None:
    done = program("--registry", "nowhere.db", "check", "P-1", "--channel", "x", exit_code=8)
    assert "there is no registry" in done.stderr
    assert "→ photoreg --registry nowhere.db init" in done.stderr


def test_a_locked_registry_is_in_use_and_unchanged(
    application: Application, registry_location: Path | str
) -> None:
    application.registry.store.wait_ms = 10
    application.registry.close()  # connections made from now on wait no longer than that
    other = Registry.open(registry_location)
    with other.writing() as session:
        session.connection()
        with pytest.raises(RegistryError, match="in use"):
            policy.set_policy(application, {"guardians": "one"})
    other.close()
    assert policy.show_policy(application)[0] == 1


def test_a_change_that_fails_leaves_nothing(application: Application) -> None:
    before = staff.list_staff(application)

    def fails_at_the_end() -> None:
        with application.changing() as work:
            work.session.connection().exec_driver_sql(
                "UPDATE staff SET name = 'changed' WHERE login = 'anna'"
            )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails_at_the_end()
    assert staff.list_staff(application) == before


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


FILL_THE_DISK = """
import sys
from pathlib import Path
from photoreg.cli.app import main
for number in range(500):
    try:
        main(["--registry", sys.argv[1], "--as", "kaisa", "--lang", "en", "channel", "add",
              f"channel-{number}", "x" * 200, "--kind", "website", "--own", "--terms", "y" * 500])
    except SystemExit as end:
        if end.code:
            sys.exit(end.code)
"""


def test_a_full_disk_is_explained_and_nothing_is_half_written(
    application: Application, registry_path: Path
) -> None:
    application.registry.close()
    largest = registry_path.stat().st_size + 4096

    def limit_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    done = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(registry_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit_files,
    )
    assert done.returncode == 8, done.stderr
    assert "Nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    after = dump(registry_path)
    added = sum('INSERT INTO "channel" ' in line for line in after)
    assert added == sum("channel.added" in line for line in after)
    registry = Registry.open(registry_path)
    assert maintenance.find_faults(Application(registry, "kaisa")) == []
    registry.close()


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER zz AFTER UPDATE ON person BEGIN UPDATE person SET blocked = 0; END",
        "CREATE VIEW zz AS SELECT * FROM person",
    ],
)
def test_what_somebody_else_planted_acts_in_no_change(planted: str, registry_path: Path) -> None:
    with closing(sqlite3.connect(registry_path)) as connection:
        connection.execute(planted)
    registry = Registry.open(registry_path)
    with pytest.raises(RegistryError, match="did not make: zz"), registry.writing():
        pass
    with pytest.raises(RegistryError, match="did not make: zz"), registry.reading() as session:
        registry.check(session)
    registry.close()
