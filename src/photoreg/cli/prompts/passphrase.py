"""Ask for the passphrase of a key: from a file, for scheduled runs, or on the terminal.

It is never taken from the command line or a variable of the environment, where other programs and
their logs would see it; only the place of its file is.
"""

from collections.abc import Callable
from pathlib import Path

import click

from photoreg.cli.options import is_interactive
from photoreg.errors import InputDataError
from photoreg.registry.transparency.files import read_text
from photoreg.registry.transparency.keys import require_own
from photoreg.texts import N_, _


def passphrase_from(file: Path | None, *, is_new: bool = False) -> Callable[[], str]:
    """Return how the passphrase is asked for; one that is new is typed twice."""

    def ask() -> str:
        if file is not None:
            require_own(file)
            return read_text(file).removesuffix("\n")
        return _typed(is_new=is_new)

    return ask


def _typed(*, is_new: bool) -> str:
    if not is_interactive():
        raise InputDataError(
            N_("the passphrase of the key is needed, and nobody can be asked"),
            N_("Give a file that holds it and that only its owner can read."),
            fields=("passphrase_file",),
        )
    again = _("The passphrase again") if is_new else False
    typed: str = click.prompt(
        _("The passphrase of the key"), hide_input=True, confirmation_prompt=again, err=True
    )
    return typed
