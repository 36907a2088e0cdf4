"""Shared fixtures: a real registry, a clock under the test's control, and the program.

Tests in `registry/` and `services/` that use a registry run on both engines, SQLite and
PostgreSQL. Tests that use `registry_path` need the database file and run on SQLite only.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from hypothesis import settings
from tests.servers import Server, database_in, memory_folder, server

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.sqlite import SQLiteFile
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application, system_clock
from photoreg.services.organisation import channels, registry_setup, staff
from photoreg.texts import use_language

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if "TMPDIR" not in os.environ and (memory := memory_folder()):
    # Test data are temporary, so write them to memory. TMPDIR=/tmp uses the disk.
    os.environ["TMPDIR"] = tempfile.tempdir = str(memory)

# Neither the settings of whoever runs the tests, nor the registry that they used last.
os.environ |= {"XDG_CONFIG_HOME": os.devnull, "PHOTOREG_STATE": os.devnull}

ROOT = Path(__file__).parent.parent
COORDINATOR = "kaisa"

RegistryCopier = Callable[[Path | str, Path], AbstractContextManager[Path | str]]
"""Copies a registry, given its location and a folder for the copy."""


class _CompiledCache:
    """A cache of compiled SQL statements, shared by all registries that a test process opens.

    SQLAlchemy caches per engine, and each test has its own engine. The engines are configured
    identically, so only the name of the dialect (the first part of a key) matters.
    """

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._known.get((key[0].name, *key[1:]))

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        self._known[key[0].name, *key[1:]] = value


_compiled_cache = _CompiledCache()


@sa.event.listens_for(sa.Engine, "engine_connect")
def _compile_once(connection: sa.Connection) -> None:
    connection.execution_options(compiled_cache=_compiled_cache)


@dataclass
class Clock:
    """A clock set by the test."""

    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def catch_up(self) -> None:
        """Go on after a command, which has acted by the clock of the computer."""
        self.now = max(self.now, system_clock())


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Restore SIGINT handling, which processes started in the background inherit as ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture
def clock() -> Clock:
    return Clock()


ENGINES = ("sqlite", "postgresql")
ON_BOTH = {"registry", "services"}
"""Folders whose tests run on both engines."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use a registry once per engine."""
    if "engine" in metafunc.fixturenames:
        is_about_file = "registry_path" in metafunc.fixturenames
        folders = set(metafunc.definition.path.relative_to(ROOT / "tests").parts)
        on_both = bool(folders & ON_BOTH) and not is_about_file
        marked = metafunc.definition.get_closest_marker("engines")
        engines = marked.args if marked else ENGINES if on_both else ENGINES[:1]
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of the test: `sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server, started on first use."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def new_location(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path | str]:
    """A function that returns a new registry's location on an engine: a file path or an address."""

    def location(engine: str) -> Path | str:
        if engine == "sqlite":
            return tmp_path_factory.mktemp("new") / "registry.db"
        running: Server = request.getfixturevalue("postgresql_server")
        return running.new_database()

    return location


@pytest.fixture(scope="session")
def new_registry(
    engine: str, new_location: Callable[[str], Path | str]
) -> Callable[[], Path | str]:
    """A function that returns a new registry's location on the engine of the test."""
    return lambda: new_location(engine)


@pytest.fixture(scope="session")
def sample_registry(new_registry: Callable[[], Path | str]) -> Path | str:
    """A registry with staff and a channel of each kind, created once.

    Staff: kaisa (coordinator), anna (employee), ville (deputy), tarja (auditor).
    """
    where = new_registry()
    registry_setup.create_registry(
        where,
        organisation="Enontekiön kunta",
        login=COORDINATOR,
        name="Kaisa Ruonala",
        clock=Clock(),
    )
    registry = Registry.open(where)
    coordinator = Application(registry, COORDINATOR, Clock())
    for login, name, role in (
        ("anna", "Anna Lahti", StaffRole.EMPLOYEE),
        ("ville", "Ville Keskitalo", StaffRole.DEPUTY),
        ("tarja", "Tarja Tarkka", StaffRole.AUDITOR),
    ):
        staff.add_staff(coordinator, login=login, name=name, role=role)
    for kind in Channel:
        channels.add_channel(
            coordinator,
            name=f"kunta-{kind}".replace("_", "-"),
            title=kind,
            kind=kind,
            controller="Lapin lehti" if kind.has_other_controller else None,
            since=date(2020, 1, 1),
            admins=("anna", COORDINATOR),
        )
    registry.close()
    return where


@pytest.fixture
def copied(request: pytest.FixtureRequest, engine: str) -> RegistryCopier:
    """A context manager that copies a registry; a database copy is dropped at the end."""

    @contextmanager
    def copy(where: Path | str, folder: Path) -> Iterator[Path | str]:
        if engine == "sqlite":
            path = folder / "registry.db"
            shutil.copy(where, path)
            path.with_name(f"{path.name}.evidence").mkdir(mode=0o700)
            yield path
            return
        running: Server = request.getfixturevalue("postgresql_server")
        address = running.new_database(database_in(str(where)))
        try:
            yield address
        finally:
            running.drop(address)

    return copy


@pytest.fixture
def duplicate(
    copied: RegistryCopier, tmp_path: Path
) -> Iterator[Callable[[Path | str], Path | str]]:
    """A function that copies a registry for this test and returns its location."""
    with ExitStack() as copies:
        yield lambda where: copies.enter_context(copied(where, tmp_path))


@pytest.fixture
def registry_location(
    duplicate: Callable[[Path | str], Path | str], sample_registry: Path | str
) -> Path | str:
    """The location of this test's copy of the sample registry: a file path or an address."""
    return duplicate(sample_registry)


@pytest.fixture
def registry_path(registry_location: Path | str) -> Path:
    """The file of this test's copy of the sample registry."""
    return Path(registry_location)


@pytest.fixture
def refuse_statement(registry_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the database refuse a statement, such as "UPDATE ON photo", as a full disk does.

    A trigger does it, so for this test photoreg takes the triggers of others.
    """

    def plant(statement: str) -> None:
        monkeypatch.setattr(SQLiteFile, "_refuse_foreign", lambda _self, _statements: None)
        with closing(sqlite3.connect(registry_path)) as connection:
            connection.execute(
                f"CREATE TRIGGER full BEFORE {statement} "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )

    return plant


@pytest.fixture
def evidence_folder(tmp_path: Path) -> Path:
    """The evidence folder of a registry on a server."""
    folder = tmp_path / "evidence"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def registry(registry_location: Path | str, evidence_folder: Path) -> Iterator[Registry]:
    opened = Registry.open(registry_location, evidence_folder)
    yield opened
    opened.close()


@pytest.fixture
def application(registry: Registry, clock: Clock) -> Application:
    """An application for the coordinator."""
    return Application(registry, COORDINATOR, clock, COORDINATOR)


@pytest.fixture
def application_for(registry: Registry, clock: Clock) -> Callable[[str], Application]:
    """A function that returns an application for a login: `application_for("anna")`."""
    return lambda login: Application(registry, login, clock, login)


@pytest.fixture
def anna(application_for: Callable[[str], Application]) -> Application:
    """An application for Anna, an employee who administers every channel."""
    return application_for("anna")


@pytest.fixture
def tarja(application_for: Callable[[str], Application]) -> Application:
    """An application for Tarja, the auditor."""
    return application_for("tarja")


@pytest.fixture
def run(
    registry_location: Path | str, evidence_folder: Path, clock: Clock
) -> Callable[..., Result]:
    """Run a command in this process as the coordinator: `run("check", "P-1", exit_code=3)`."""

    def run_command(
        *arguments: object, exit_code: int = 0, login: str = COORDINATOR, typed: str | None = None
    ) -> Result:
        environment = {
            "PHOTOREG_REGISTRY": str(registry_location),
            "PHOTOREG_EVIDENCE": str(evidence_folder),
            "PHOTOREG_ACTOR": login,
        }
        result = CliRunner().invoke(cli, [*map(str, arguments)], input=typed, env=environment)
        clock.catch_up()
        output = f"{arguments}\nexit {result.exit_code}\n{result.stdout}\n{result.stderr}"
        assert result.exit_code == exit_code, output
        assert "Traceback" not in result.output, output
        return result

    return run_command


@pytest.fixture
def program(tmp_path: Path, clock: Clock) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run photoreg in a separate process, in an empty folder."""

    def run_program(
        *arguments: object, exit_code: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "photoreg.cli.app", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "PHOTOREG_LANG": "en", "PYTHONIOENCODING": "utf-8", **environment},
            check=False,
            timeout=120,
        )
        clock.catch_up()
        assert done.returncode == exit_code, f"{arguments}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    return run_program


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Callable[..., Result]:
    """Run a command like `program`, but in this process."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: object, exit_code: int = 0, **environment: str) -> Result:
        use_language(environment.get("PHOTOREG_LANG", "en"))
        done = CliRunner().invoke(cli, [*map(str, arguments)], env=environment)
        clock.catch_up()
        output = f"{arguments}\nexit {done.exit_code}\n{done.stdout}\n{done.stderr}"
        assert done.exit_code == exit_code, output
        assert "Traceback" not in done.stderr, output
        return done

    return run_command


def required_program(name: str, package: str) -> str:
    """Return the path of a program; the test is skipped without it, or fails in CI."""
    program = shutil.which(name)
    if program is None and os.environ.get("CI"):
        pytest.fail(f"{name} is missing: install {package}")
    if program is None:
        pytest.skip(f"{name} is missing: install {package}")
    return program


@pytest.fixture(scope="session")
def exiftool() -> str:
    """The path of exiftool; the test is skipped without it, or fails in CI."""
    return required_program("exiftool", "libimage-exiftool-perl")
