"""Fixtures: a real registry in a file, a clock that stands still, and the program itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from photoreg.cli.app import cli
from photoreg.registry.database import Registry
from photoreg.registry.tables import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.services import settingup
from photoreg.services.workplace import Workplace
from photoreg.texts import use_language

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, derandomize=True, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).parent.parent
COORDINATOR = "kaisa"


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def furnished_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the coordinator kaisa, colleagues and a channel of each kind; made once.

    Colleagues: anna (employee), ville (deputy), tarja (auditor).
    """
    path = tmp_path_factory.mktemp("furnished") / "registry.db"
    settingup.create_registry(
        path,
        organisation="Enontekiön kunta",
        login=COORDINATOR,
        name="Kaisa Ruonala",
        clock=Clock(),
    )
    registry = Registry.open(path)
    coordinator = Workplace(registry, COORDINATOR, Clock())
    for login, name, role in (
        ("anna", "Anna Lahti", StaffRole.EMPLOYEE),
        ("ville", "Ville Keskitalo", StaffRole.DEPUTY),
        ("tarja", "Tarja Tarkka", StaffRole.AUDITOR),
    ):
        settingup.add_staff(coordinator, login=login, name=name, role=role)
    for kind in Channel:
        settingup.add_channel(
            coordinator,
            name=f"kunta-{kind}".replace("_", "-"),
            title=kind,
            kind=kind,
            admins=("anna", COORDINATOR),
        )
    registry.close()
    return path


@pytest.fixture
def registry_path(furnished_registry: Path, tmp_path: Path) -> Path:
    """A furnished registry of this test's own."""
    path = tmp_path / "registry.db"
    shutil.copy(furnished_registry, path)
    path.with_name(f"{path.name}.evidence").mkdir(mode=0o700)
    return path


@pytest.fixture
def registry(registry_path: Path) -> Iterator[Registry]:
    opened = Registry.open(registry_path)
    yield opened
    opened.close()


@pytest.fixture
def workplace(registry: Registry, clock: Clock) -> Workplace:
    """The coordinator at work."""
    return Workplace(registry, COORDINATOR, clock)


@pytest.fixture
def at_work(registry: Registry, clock: Clock) -> Callable[[str], Workplace]:
    """The workplace of a colleague: `at_work("anna")`."""
    return lambda login: Workplace(registry, login, clock)


@pytest.fixture
def run(registry_path: Path) -> Callable[..., Result]:
    """Run a command in this process as the coordinator: `run("check", "P-1", exit_code=3)`."""

    def run_command(
        *arguments: object, exit_code: int = 0, login: str = COORDINATOR, typed: str | None = None
    ) -> Result:
        words = ["--registry", str(registry_path), "--as", login, *map(str, arguments)]
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
