"""No room at any point of a command: a message, exit 8 (7 for a photo's copy), nothing lost."""

import os
import resource
import shutil
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.faults.racing import all_at_once
from tests.services.scenes import EMPTY_STREET, PAGE, a_person, a_photo, a_photographer

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.services.decisions import approval
from photoreg.services.unit_of_work import Workplace
from photoreg.services.upkeep import maintenance

STEP = 8192
COMMANDS = {
    "register": ("register", "new"),
    "evidence": (
        *("consent", "record", "--for", "Elle Valkeapää", "--channel", "public_page"),
        *("--until", "2099-01-01", "--evidence", "form.pdf"),
    ),
    "approve": ("approve", "P-1", "--channel", PAGE.channel),
    "export": ("export", "P-1", "--channel", PAGE.channel, "--output", "out"),
    "backup": ("db", "backup", "backups"),
}


@pytest.fixture
def office(workplace: Workplace, tmp_path: Path) -> Path:
    """A folder with a registry, an approved photo, and what the commands take."""
    a_photographer(workplace)
    photo = a_photo(workplace, tmp_path, EMPTY_STREET)
    a_person(workplace, "Elle Valkeapää")
    approval.approve(workplace, [photo], PAGE)
    workplace.registry.close()
    (tmp_path / "new").mkdir()
    for number in range(3):
        new = tmp_path / "new" / f"{number}.jpg"
        new.write_bytes((tmp_path / "street.jpg").read_bytes() + b"%d" % number * 30_000)
    (tmp_path / "form.pdf").write_bytes(b"signed " * 20_000)
    return tmp_path


def run_with_room(folder: Path, room: int, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run a command, in a process of its own, that can make no file larger than `room` bytes."""

    def command(_meet: object) -> list[tuple[int, str]]:
        os.chdir(folder)
        sys.dont_write_bytecode = True  # or half a module is kept (python/cpython#126606)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        words = ("--registry", "registry.db", "--as", "kaisa", "--lang", "en", *arguments)
        done = CliRunner().invoke(cli, words)
        return [(done.exit_code, done.stderr)]

    [[answer]] = all_at_once([command])
    return answer


@pytest.mark.parametrize("command", COMMANDS)
def test_no_room_is_explained_and_nothing_is_lost(
    office: Path, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    seen = set()
    for room in (0, STEP, 4 * STEP, 10 * STEP, 100 * STEP):
        folder = tmp_path_factory.mktemp("office") / "copy"
        shutil.copytree(office, folder)
        code, told = run_with_room(folder, room, COMMANDS[command])
        seen.add(code)
        assert "Traceback" not in told
        assert "inside photoreg" not in told, told
        assert code in {0, 7, 8, 10}, told
        assert code == 0 or "Error:" in told or "room" in told, told
        workplace = Workplace(Registry.open(folder / "registry.db"), "kaisa")
        maintenance.repair(workplace)
        assert maintenance.faults(workplace) == []
        workplace.registry.close()
    assert 0 in seen
    assert len(seen) > 1, "there was room at every point"
