"""Fixtures: a real registry, a clock that stands still, and the program itself.

The tests in `registry/` and `services/` run on both engines, SQLite and PostgreSQL, when they ask
for a registry. A test that asks for `registry_path` is about the file, so it runs on SQLite only.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from hypothesis import settings
from tests.servers import Server, database_in, memory_folder, server

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.services.application import Application
from photoreg.services.organisation import channels, registry_setup, staff
from photoreg.texts import use_language

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, derandomize=True, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if "TMPDIR" not in os.environ and (memory := memory_folder()):
    # There nobody waits for a disk; what the tests write is thrown away. TMPDIR=/tmp uses the disk.
    os.environ["TMPDIR"] = tempfile.tempdir = str(memory)

ROOT = Path(__file__).parent.parent
COORDINATOR = "kaisa"

RegistryCopier = Callable[[Path | str, Path], AbstractContextManager[Path | str]]
"""Makes a copy of a registry, by where it is and a folder for the copy."""


class _CompiledCache:
    """The SQL of all statements, compiled once for all registries that a test process opens.

    SQLAlchemy keeps it by engine, and each test has an engine of its own. The engines are set up
    alike, so that of their dialects (the first part of a key) only the name matters.
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
    """A clock that a test sets."""

    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let Ctrl-C end what the tests start: in the background it is inherited that it does not."""
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
"""The folders whose tests run on both engines."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the tests about the registry run once on each engine."""
    if "engine" in metafunc.fixturenames:
        is_about_file = "registry_path" in metafunc.fixturenames
        on_both = metafunc.definition.path.parent.name in ON_BOTH and not is_about_file
        marked = metafunc.definition.get_closest_marker("engines")
        engines = marked.args if marked else ENGINES if on_both else ENGINES[:1]
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on: `sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def new_location(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path | str]:
    """Return where a new registry can be made on an engine: a file's path, or an address."""

    def place(engine: str) -> Path | str:
        if engine == "sqlite":
            return tmp_path_factory.mktemp("new") / "registry.db"
        running: Server = request.getfixturevalue("postgresql_server")
        return running.new_database()

    return place


@pytest.fixture(scope="session")
def new_registry(
    engine: str, new_location: Callable[[str], Path | str]
) -> Callable[[], Path | str]:
    """Return where a new registry can be made on the engine of the test."""
    return lambda: new_location(engine)


@pytest.fixture(scope="session")
def sample_registry(new_registry: Callable[[], Path | str]) -> Path | str:
    """A registry with the coordinator kaisa, colleagues and a channel of each kind; made once.

    Colleagues: anna (employee), ville (deputy), tarja (auditor).
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
            admins=("anna", COORDINATOR),
        )
    registry.close()
    return where


@pytest.fixture
def copied(request: pytest.FixtureRequest, engine: str) -> RegistryCopier:
    """Make a copy of a registry, in a folder if it is a file; it goes when the context ends."""

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
    """Make a copy of a registry for this test alone; return where it is."""
    with ExitStack() as copies:
        yield lambda where: copies.enter_context(copied(where, tmp_path))


@pytest.fixture
def registry_location(
    duplicate: Callable[[Path | str], Path | str], sample_registry: Path | str
) -> Path | str:
    """Where a furnished registry of this test's own is: a file's path, or an address."""
    return duplicate(sample_registry)


@pytest.fixture
def registry_path(registry_location: Path | str) -> Path:
    """The file of a furnished registry of this test's own."""
    return Path(registry_location)


@pytest.fixture
def evidence_folder(tmp_path: Path) -> Path:
    """The folder for the evidence of a registry on a server."""
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
    """The application of the coordinator."""
    return Application(registry, COORDINATOR, clock)


@pytest.fixture
def application_for(registry: Registry, clock: Clock) -> Callable[[str], Application]:
    """Open the application as a colleague: `application_for("anna")`."""
    return lambda login: Application(registry, login, clock)


@pytest.fixture
def anna(application_for: Callable[[str], Application]) -> Application:
    """The application of Anna, an employee who administers every channel."""
    return application_for("anna")


@pytest.fixture
def tarja(application_for: Callable[[str], Application]) -> Application:
    """The application of Tarja, the auditor."""
    return application_for("tarja")


@pytest.fixture
def run(registry_location: Path | str, evidence_folder: Path) -> Callable[..., Result]:
    """Run a command in this process as the coordinator: `run("check", "P-1", exit_code=3)`."""

    def run_command(
        *arguments: object, exit_code: int = 0, login: str = COORDINATOR, typed: str | None = None
    ) -> Result:
        place = ("--registry", str(registry_location), "--evidence", str(evidence_folder))
        words = [*place, "--as", login, *map(str, arguments)]
        result = CliRunner().invoke(cli, words, input=typed)
        shown = f"{arguments}\nexit {result.exit_code}\n{result.stdout}\n{result.stderr}"
        assert result.exit_code == exit_code, shown
        assert "Traceback" not in result.output, shown
        return result

    return run_command


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run photoreg as a process of its own, in an empty folder."""

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
        assert done.returncode == exit_code, f"{arguments}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    return run_program


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in this process as `program` does in one of its own, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: object, exit_code: int = 0, **environment: str) -> Result:
        use_language(environment.get("PHOTOREG_LANG", "en"))
        done = CliRunner().invoke(cli, [*map(str, arguments)], env=environment)
        shown = f"{arguments}\nexit {done.exit_code}\n{done.stdout}\n{done.stderr}"
        assert done.exit_code == exit_code, shown
        assert "Traceback" not in done.stderr, shown
        return done

    return run_command


@pytest.fixture(scope="session")
def exiftool() -> str:
    """Return the exiftool program; without it skip, but fail where nobody would notice (CI)."""
    program = shutil.which("exiftool")
    if program is None and os.environ.get("CI"):
        pytest.fail("exiftool is missing: install libimage-exiftool-perl")
    if program is None:
        pytest.skip("exiftool is missing: install libimage-exiftool-perl for a second opinion")
    return program
