"""`agenda`: what needs doing now, one item per line with its command."""

from collections.abc import Sequence

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import format_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import command_line, names_shown, print_next
from photoreg.presentation.agenda import item_in_words, item_row, records_of
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.agenda import TODAY
from photoreg.services.agenda import AgendaItem, agenda
from photoreg.texts import N_, _


@click.command(
    "today",
    cls=Command,
    help=N_(
        "List what needs to be done now: your own tasks, or those of the whole municipality if "
        "you are its coordinator. Publications that may no longer be shown get take-down tasks."
    ),
    example="photoreg today",
)
@format_option
@click.pass_obj
def today_command(context: CliContext, layout: str) -> None:
    """List what needs doing."""
    items = agenda(context.application)
    if layout != "table":
        names = _names(items) if layout in FOR_PEOPLE else {}
        print_view(TODAY, (item_row(item, layout, command_line, names) for item in items), layout)
    elif not items:
        print_note(_("There is nothing to do now."))
    else:
        names = _names(items)
        for item in items:
            print_line(item_in_words(item, names))
            print_next(item.step, indent="  ", err=False)


def _names(items: Sequence[AgendaItem]) -> dict[str, str]:
    """Return the names of the persons and of the files of the photos, by id."""
    return names_shown(record for item in items for record in records_of(item))
