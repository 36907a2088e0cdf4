"""A full disk at any point of a command: an error message, exit 8 (export: 7), and no data lost."""

import os
import resource
import shutil
import signal
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.documents.scanned import noisy, page_with
from tests.faults.racing import run_concurrently
from tests.services.scenes import (
    EMPTY_STREET,
    PAGE_USE,
    add_photographer,
    create_person,
    register_photo,
)

from photoreg.cli.app import cli
from photoreg.registry.engines.database import Registry
from photoreg.registry.evidence import evidence_faults
from photoreg.services.application import Application
from photoreg.services.consents.forms import FormOrder, print_forms
from photoreg.services.decisions import approval
from photoreg.services.upkeep import maintenance

STEP = 8192
COMMANDS = {
    "register": ("register", "new"),
    "evidence": (
        *("consent", "record", "--for", "Elle Valkeapää", "--channel", "public_page"),
        *("--until", "2099-01-01", "--evidence", "form.pdf"),
    ),
    "scan": ("consent", "scan", "scans", "--output", "answers.csv", "--apply"),
    "approve": ("approve", "P-1", "--channel", PAGE_USE.channel),
    "export": ("export", "P-1", "--channel", PAGE_USE.channel, "--output", "out"),
    "backup": ("db", "backup", "backups"),
}


@pytest.fixture
def context(application: Application, tmp_path: Path) -> Path:
    """A folder with a registry, an approved photo, and the files that the commands use."""
    add_photographer(application)
    photo = register_photo(application, tmp_path, EMPTY_STREET)
    create_person(application, "Elle Valkeapää")
    approval.approve(application, [photo], PAGE_USE)
    application.registry.close()
    (tmp_path / "new").mkdir()
    for number in range(3):
        new = tmp_path / "new" / f"{number}.jpg"
        new.write_bytes((tmp_path / "street.jpg").read_bytes() + b"%d" % number * 30_000)
    (tmp_path / "form.pdf").write_bytes(b"signed " * 20_000)
    (tmp_path / "scans").mkdir()
    order = FormOrder(tmp_path / "forms", date(2027, 12, 31), persons=("H-1", "H-2"))
    small, large = (page_with(form.code) for form in print_forms(application, order).forms)
    small.save(tmp_path / "scans" / "1.png")
    noisy(large).save(tmp_path / "scans" / "2.jpg")
    return tmp_path


def run_with_room(folder: Path, room: int, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run a command in a separate process that cannot write files larger than `room` bytes."""

    def command(_meet: object) -> list[tuple[int, str]]:
        os.chdir(folder)
        sys.dont_write_bytecode = True  # or a truncated .pyc remains (python/cpython#126606)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        command_line = ("--registry", "registry.db", "--as", "kaisa", "--lang", "en", *arguments)
        done = CliRunner().invoke(cli, command_line)
        return [(done.exit_code, done.stderr)]

    [[answer]] = run_concurrently([command])
    return answer


@pytest.mark.parametrize("command", COMMANDS)
def test_no_room_is_explained_and_nothing_is_lost(
    context: Path, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    seen = set()
    for room in (0, STEP, 4 * STEP, 10 * STEP, 40 * STEP, 400 * STEP):
        folder = tmp_path_factory.mktemp("office") / "copy"
        shutil.copytree(context, folder)
        code, told = run_with_room(folder, room, COMMANDS[command])
        seen.add(code)
        assert "Traceback" not in told
        assert "internal error" not in told, told
        assert code in {0, 7, 8, 10}, told
        assert code == 0 or "Error:" in told or "room" in told, told
        application = Application(Registry.open(folder / "registry.db"), "kaisa")
        with application.reading() as work:
            evidence = work.registry.evidence_folder
            assert [*evidence_faults(work.session, evidence)] == []
        maintenance.remove_leftovers(application)
        assert maintenance.find_faults(application) == []
        application.registry.close()
    assert 0 in seen
    assert len(seen) > 1, "there was room at every point"
