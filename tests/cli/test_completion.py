"""What the shell offers for a word, and the file that `completion install` writes."""

import os
import pty
import selectors
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import Result
from tests.cli.commands import every_command
from tests.conftest import required_program
from tests.services.scenes import create_person

from photoreg.cli.app import cli
from photoreg.cli.completing import COMPLETE_VARIABLE
from photoreg.services.application import Application
from photoreg.services.photos import events

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(
    application: Application, registry_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Offered:
    """Return what is offered for the last word of a line, in a registry with an event."""
    create_person(application, "Aino Kettula")
    events.add_event(application, "Koulun juhla", on=date(2026, 5, 30), unit="Hetan koulu")
    monkeypatch.setenv("PHOTOREG_REGISTRY", str(registry_path))

    def complete(line: str, login: str = "anna") -> list[str]:
        monkeypatch.setenv("PHOTOREG_ACTOR", login)
        *before, word = line.split(" ")
        shell = ShellComplete(cli, {}, "photoreg", COMPLETE_VARIABLE)
        found = shell.get_completions(before, word)
        return [f"<{each.type}>" if each.type != "plain" else each.value for each in found]

    return complete


OFFERED = {
    "ch": ["check", "channel"],
    "photo se": ["series"],
    "check --mo": ["--mode"],
    "check --mode em": ["embed"],
    "--lang ": ["fi", "en"],
    "check P-1 --channel kunta-pr": ["kunta-press", "kunta-print"],
    "channel review kunta-pre": ["kunta-press"],
    "photo list --event Kou": ["Koulun juhla"],
    "photo list --event e-": ["E-1"],
    "event add x --unit h": ["Hetan koulu"],
    "register ": ["<file>"],
    "person show Ai": [],
    "person show H-": [],
    "consent record --for Ai": [],
    "nosuch x": [],
}


def test_what_is_offered(offered: Offered) -> None:
    for line, expected in OFFERED.items():
        assert sorted(offered(line)) == sorted(expected), line


def test_only_users_of_the_registry_are_offered_what_it_holds(offered: Offered) -> None:
    assert offered("photo list --event Kou", login="nobody") == []
    assert offered("--registry nosuch.db photo list --event Kou") == []


def test_completing_leaves_no_trace(
    offered: Offered, registry_path: Path, application: Application
) -> None:
    application.registry.close()
    before = {each: each.read_bytes() for each in registry_path.parent.iterdir() if each.is_file()}
    assert offered("photo list --event Kou") == ["Koulun juhla"]
    after = {each: each.read_bytes() for each in registry_path.parent.iterdir() if each.is_file()}
    assert after == before


PROMPT = "ready> "
SHELLS = {
    "bash": ("--norc", "--noprofile", "-i"),
    "zsh": ("-f", "-i"),
    "fish": ("--no-config", "-i"),
}
SET_UP = {
    "bash": f"source completion; PS1='{PROMPT}'",
    "zsh": f"fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; PS1='{PROMPT}'",
    "fish": f"source completion; function fish_prompt; printf '{PROMPT}'; end",
}
"""What a user of each shell does once, here in a folder that holds the script."""


@pytest.fixture
def shell_folder(tmp_path: Path) -> Path:
    """A folder with a program photoreg, which completes, and else prints the words it is given."""
    program = tmp_path / "photoreg"
    program.write_text(
        f"""#!/bin/sh
[ "$_PHOTOREG_COMPLETE" ] && exec "{sys.executable}" -m photoreg.cli.app "$@"
printf "<%s>" "$@"
""",
        "utf-8",
    )
    program.chmod(0o755)
    return tmp_path


class Terminal:
    """A shell on a terminal, as its user has it."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TERM": "dumb"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _IN_TERMINAL, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env=environment | {"PHOTOREG_ACTOR": "anna", "HOME": str(folder)},
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = b""

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def read_until(self, text: str) -> str:
        """Return what the terminal shows up to and with a text, and forget it."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._ours, selectors.EVENT_READ)
            while text.encode() not in self._shown:
                assert waiting.select(60), f"the shell shows only {self._shown!r}"
                self._shown += os.read(self._ours, 4096)
        before, found, self._shown = self._shown.partition(text.encode())
        return (before + found).decode()

    def close(self) -> None:
        """Hang up."""
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


_IN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_tab_key_completes_a_command_and_a_name_with_spaces(
    shell_folder: Path, typed: Callable[..., Result], shell: str
) -> None:
    program = required_program(shell, shell)
    name = "_photoreg" if shell == "zsh" else "completion"
    script = typed("completion", "show", shell).stdout
    (shell_folder / name).write_text(script, "utf-8")
    terminal = Terminal([program, *SHELLS[shell]], shell_folder)
    try:
        terminal.type(SET_UP[shell] + "\n")
        terminal.read_until(PROMPT + "'")  # the echo of what was typed
        terminal.read_until(PROMPT)
        terminal.type("photoreg photo list --event Kou\t\n")
        told = terminal.read_until("<Koulun juhla>")
        assert "<photo><list><--event><Koulun juhla>" in told
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", "data/bash-completion/completions/photoreg"),
        ("zsh", "data/zsh/site-functions/_photoreg"),
        ("fish", "config/fish/completions/photoreg.fish"),
    ],
)
def test_the_script_is_written_into_the_folder_of_the_shell_and_removed(
    typed: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shell: str,
    place: str,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("BASH_COMPLETION_USER_DIR", raising=False)
    told = typed("completion", "install", SHELL=f"/bin/{shell}")
    file = tmp_path / place
    assert told.stdout == f"Written: {file}\n"
    assert file.read_text("utf-8") == typed("completion", "show", shell).stdout
    typed("completion", "install", shell)
    typed("completion", "install", shell, "--uninstall")
    assert not file.exists()
    assert "nothing to remove" in typed("completion", "install", shell, "--uninstall").stderr
    file.write_text("mine", "utf-8")
    typed("completion", "install", shell, exit_code=9)
    typed("completion", "install", shell, "--uninstall", exit_code=9)
    assert file.read_text("utf-8") == "mine"


def test_an_unknown_shell_is_asked_for(typed: Callable[..., Result]) -> None:
    assert "bash, zsh, fish" in typed("completion", "show", exit_code=2, SHELL="/bin/tcsh").stderr


def test_completion_loads_no_heavy_library() -> None:
    code = (
        "import os, sys\nos.environ |= {'_PHOTOREG_COMPLETE': 'bash_complete',"
        " 'COMP_WORDS': 'photoreg\\nch', 'COMP_CWORD': '1'}\n"
        "from photoreg.cli.app import main\ntry: main()\nexcept SystemExit: pass\n"
        "sys.exit(', '.join({'sqlmodel', 'sqlalchemy', 'PIL'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["plain,check", "plain,channel"])


@pytest.mark.usefixtures("offered")
def test_every_parameter_can_be_completed() -> None:
    """Whatever a command asks for, the shell gets an answer and no error."""
    for words, command in every_command():
        context = click.Context(command, info_name=words[-1] if words else "photoreg")
        for parameter in command.params:
            parameter.shell_complete(context, "x")
