"""`completion`: let the shell complete commands, options, files and names."""

import os
from pathlib import Path

import click

from photoreg.cli.app import Group, cli
from photoreg.cli.completing import COMPLETE_VARIABLE
from photoreg.cli.options import Choice, argument, option
from photoreg.cli.output import print_line, print_note, print_script
from photoreg.errors import InputDataError, os_cause
from photoreg.named_files import read_regular, written_file
from photoreg.texts import N_, _
from photoreg.unfinished import make_private

SHELLS = ("bash", "zsh", "fish")
_MAX_SCRIPT = 64 * 1024

shell_argument = argument("shell", required=False, type=Choice(SHELLS))


@click.group(
    "completion",
    cls=Group,
    help=N_(
        "Complete commands, options, files, channels, events, units and ids with the Tab key: in "
        "bash, zsh and fish. Names of people are never completed."
    ),
)
def completion_command() -> None:
    """Group the commands about completion."""


@completion_command.command(
    "install",
    help=N_(
        "Write the completion into the folder from which your shell loads completions. Your own "
        "settings of the shell are not changed. Without SHELL, the shell that you use."
    ),
    example="photoreg completion install bash",
)
@shell_argument
@option("--uninstall", is_flag=True, help=N_("Remove the file again."))
def completion_install(shell: str | None, uninstall: bool) -> None:
    """Write or remove the script."""
    shell = shell or _shell_in_use()
    file = _place(shell)
    if uninstall:
        _remove(file)
        return
    try:
        make_private(file.parent)
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be written: {cause}"),
            N_("Have the script shown instead, and save it yourself."),
            file=file,
            cause=os_cause(error),
        ) from error
    with written_file(file, mark=_is_ours, overwrite=True) as part:
        part.write_text(script(shell), "utf-8")
    print_line(_("Written: {file}").format(file=file))
    for line in _what_next(shell, file):
        print_note(line)


@completion_command.command(
    "show",
    help=N_("Show the script that completes. Without SHELL, for the shell that you use."),
    example="photoreg completion show fish",
)
@shell_argument
def completion_show(shell: str | None) -> None:
    """Print the script."""
    print_script(script(shell or _shell_in_use()))


def script(shell: str) -> str:
    """Return the script for a shell."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise AssertionError(shell)
    return found(cli, {}, "photoreg", COMPLETE_VARIABLE).source()


def _shell_in_use() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        text = _("Say which shell: {shells}.")
        raise click.UsageError(text.format(shells=", ".join(SHELLS)))
    return name


def _place(shell: str) -> Path:
    """Return the file that a shell looks for when it completes photoreg."""
    data = _base("XDG_DATA_HOME", ".local/share")
    if shell == "bash":
        named = os.environ.get("BASH_COMPLETION_USER_DIR")
        folder = Path(named) if named else data / "bash-completion"
        return folder / "completions" / "photoreg"
    if shell == "zsh":
        return data / "zsh" / "site-functions" / "_photoreg"
    return _base("XDG_CONFIG_HOME", ".config") / "fish" / "completions" / "photoreg.fish"


def _base(variable: str, default: str) -> Path:
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else Path("~").expanduser() / default


def _what_next(shell: str, file: Path) -> list[str]:
    """Return what the user has to do so that the shell uses the file."""
    if shell == "bash":
        return [
            _("Open a new terminal. If Tab still completes nothing, add to the file ~/.bashrc:"),
            f"  source {file}",
        ]
    if shell == "zsh":
        return [
            _("Add to the file ~/.zshrc, unless it is there, and open a new terminal:"),
            f"  fpath=({file.parent} $fpath); autoload -Uz compinit; compinit",
        ]
    return [_("Open a new terminal.")]


def _is_ours(content: bytes) -> bool:
    return COMPLETE_VARIABLE.encode() in content


def _remove(file: Path) -> None:
    """Remove the script; nothing but a script of photoreg is removed."""
    try:
        is_ours = _is_ours(read_regular(file, _MAX_SCRIPT))
        if is_ours:
            file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        print_note(_("There is nothing to remove: {file}").format(file=file))
        return
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be removed: {cause}"), file=file, cause=os_cause(error)
        ) from error
    if not is_ours:
        raise InputDataError(
            N_("{file} is not a file that photoreg wrote for this purpose, so it is not removed"),
            file=file,
        )
    print_line(_("Removed: {file}").format(file=file))
