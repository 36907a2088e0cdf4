"""A registry file that is removed, replaced or restored while others work with it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from tests.faults.killing import ROUNDS
from tests.faults.racing import BarrierWait, retry_while_in_use, run_concurrently
from tests.imaging.builders import full_jpeg, jpeg_named
from tests.services.scenes import create_person, unlike_any_other

from photoreg.errors import RegistryError, RegistryMoved
from photoreg.registry.engines.database import Registry
from photoreg.registry.ledger import Action
from photoreg.registry.ledger_check import first_broken_entry
from photoreg.services.application import Application
from photoreg.services.photos import registration
from photoreg.services.upkeep import maintenance

Open = Callable[[], Application]
TURNS = ROUNDS or 8


@pytest.fixture
def come_in(registry_path: Path) -> Open:
    """Open the registry anew, as another process does."""
    return lambda: Application(Registry.open(registry_path), "kaisa")


def a_photo(folder: Path, name: str) -> Path:
    file = folder / f"{name}.jpg"
    file.write_bytes(full_jpeg(jpeg_named(name)))
    return file


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    other = path.with_name("other.db")
    shutil.copy(path.with_name("before.db"), other)
    other.rename(path)


def moved_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def change_meanwhile(application: Application, meet: BarrierWait) -> None:
    with application.changing() as work:
        work.log(Action.REGISTRY_REPAIRED, "registry", 1)
        meet()
        meet()  # the file is moved between the two


@pytest.mark.parametrize("move", [removed, replaced, moved_away])
def test_nothing_is_recorded_in_a_file_that_is_no_longer_the_registry(
    come_in: Open, registry_path: Path, tmp_path: Path, move: Callable[[Path], None]
) -> None:
    before = tmp_path / "before.db"
    shutil.copy(registry_path, before)

    def works(meet: BarrierWait) -> list[str]:
        application = come_in()
        with pytest.raises(RegistryMoved):
            change_meanwhile(application, meet)
        with pytest.raises(RegistryMoved):
            create_person(application, "Elle Valkeapää")
        with pytest.raises(RegistryMoved), application.reading():
            pass
        application.registry.close()
        return []

    def moves(meet: BarrierWait) -> list[str]:
        meet()
        move(registry_path)
        meet()
        return []

    run_concurrently([works, moves])
    if move is replaced:
        assert registry_path.read_bytes() == before.read_bytes()
        with come_in().reading() as work:
            assert first_broken_entry(work.session) is None
    else:
        assert not registry_path.exists()


def test_register_claims_nothing_when_its_registry_is_removed(
    registry_path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(5 * registration.BATCH_SIZE):
        a_photo(folder, f"{number:03}")
    command = [sys.executable, "-m", "photoreg.cli.app", "register", str(folder), "--no-ask"]
    environment = os.environ | {
        "PHOTOREG_REGISTRY": str(registry_path),
        "PHOTOREG_ACTOR": "kaisa",
        "PHOTOREG_LANG": "en",
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("P-1 ")
        registry_path.unlink()
        _out, told = running.communicate(timeout=120)
    assert running.returncode == RegistryError.exit_code, told
    assert "was removed or replaced while it was in use" in told
    assert "Registered:" not in told


def test_a_restore_beside_others_who_write_loses_nothing_that_was_acknowledged(
    come_in: Open, registry_path: Path, tmp_path: Path
) -> None:
    application = come_in()
    made, _manifest = maintenance.make_backup(application, tmp_path / "backups")
    application.registry.close()

    def writes(meet: BarrierWait) -> list[str]:
        acknowledged = []
        meet()
        for turn in range(TURNS):
            application = retry_while_in_use(come_in)
            application.registry.store.wait_ms = 200
            for part in range(4):
                name = unlike_any_other(f"{turn}-{part}")
                try:
                    retry_while_in_use(partial(create_person, application, name))
                except RegistryMoved:
                    break
                acknowledged.append(name)
            application.registry.close()
        return acknowledged

    def restores(meet: BarrierWait) -> list[str]:
        meet()
        done = []
        for _turn in range(TURNS):
            try:
                maintenance.restore_backup(made, registry_path, "kaisa", replace=True)
            except RegistryError as error:
                if "in use" not in error.message:
                    raise
            else:
                done.append("restored")
        return done

    acknowledged, restored = run_concurrently([writes, restores])
    aside = [file for file in tmp_path.glob("registry.db.replaced-*") if file.suffix[-1].isdigit()]
    assert len(aside) == len(restored)
    kept = [names_in(file) for file in (registry_path, *aside)]
    assert set(acknowledged) <= set().union(*kept)
    print(f"\n{len(acknowledged)} persons beside {len(restored)} restores")  # noqa: T201


def names_in(file: Path) -> set[str]:
    """Return the names of the persons in a registry, which must be undamaged."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name for (name,) in connection.execute("SELECT name FROM person")}


def test_a_restore_refuses_while_somebody_is_in_the_middle_of_a_change(
    come_in: Open, registry_path: Path, tmp_path: Path
) -> None:
    application = come_in()
    made, _manifest = maintenance.make_backup(application, tmp_path / "backups")
    with application.changing() as work:
        work.log(Action.REGISTRY_REPAIRED, "registry", 1)
        with pytest.raises(RegistryError, match="in use"):
            maintenance.restore_backup(made, registry_path, "kaisa", replace=True)
    assert maintenance.find_faults(application) == []
    application.registry.close()
    assert not list(tmp_path.glob("*.replaced-*"))
