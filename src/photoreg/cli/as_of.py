"""`--as-of`: the registry as it was at the end of a day."""

from datetime import date
from typing import TYPE_CHECKING

import click

from photoreg.cli.app import CliContext
from photoreg.cli.output import print_note
from photoreg.presentation.days import day_in_words
from photoreg.texts import _

if TYPE_CHECKING:
    from photoreg.services.application import Application


def application_as_of(context: CliContext, as_of: date | None) -> "Application":
    """Return the current application, or one on a temporary copy of the registry as of a day."""
    if as_of is None:
        return context.application
    # Deferred: a copy loads every table, and most commands ask about today.
    from photoreg.services.audits.as_of import state_as_of

    earlier: Application = click.get_current_context().with_resource(
        state_as_of(context.application, as_of)
    )
    return earlier


def print_as_of(as_of: date | None) -> None:
    """Print the as-of date, once the arguments are valid."""
    if as_of is not None:
        print_note(_("As recorded at the end of {day}.").format(day=day_in_words(as_of)))
