"""The options of `register` for events from folders.

Apart from what they do, which loads the reading of tables: few who register use them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg.cli.options import option
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    option(
        "--events-from-folders",
        is_flag=True,
        help=N_(
            "Propose an event for each folder, from its name: 2019-05-30 Spring celebration. "
            "Shows the events and records nothing, unless --planned or --apply is given."
        ),
    ),
    option(
        "--plan",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=N_("Write the proposed events into this table, to correct them."),
    ),
    option(
        "--planned",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=N_("Record the events as this table has them, and register their photos."),
    ),
    option(
        "--apply",
        is_flag=True,
        help=N_("Record the events as they are proposed, and register their photos."),
    ),
    option("--overwrite", is_flag=True, help=N_("Replace the table, if photoreg wrote it.")),
)


def with_folder_options(function: _F) -> _F:
    """Add the options for events from folders."""
    for decorate in reversed(_OPTIONS):
        function = decorate(function)
    return function


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """What is to be done with the events of folders, as typed."""

    is_chosen: bool
    plan: Path | None
    planned: Path | None
    apply: bool
    overwrite: bool

    @classmethod
    def from_options(cls, given: dict[str, Any]) -> "FolderChoice":
        """Take the options out of those given; a usage error if they do not fit together."""
        chosen, plan, planned, apply, overwrite = (
            given.pop(name)
            for name in ("events_from_folders", "plan", "planned", "apply", "overwrite")
        )
        if not chosen and (plan or planned or apply or overwrite):
            raise click.UsageError(
                _("--plan, --planned, --apply and --overwrite need --events-from-folders.")
            )
        if sum(map(bool, (plan, planned, apply))) > 1:
            raise click.UsageError(_("Give only one of --plan, --planned and --apply."))
        if chosen and given["event"]:
            raise click.UsageError(_("Give either --event or --events-from-folders, not both."))
        return cls(chosen, plan, planned, apply, overwrite)
