"""`agenda`: what needs doing now, one item per line with its command."""

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import format_option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import command_line, step_line
from photoreg.presentation.agenda import item_in_words, item_row
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
        print_view(TODAY, (item_row(item, layout, command_line) for item in items), layout)
    elif not items:
        print_note(_("There is nothing to do now."))
    else:
        for item in items:
            _print(item)


def _print(item: AgendaItem) -> None:
    print_line(f"{item_in_words(item)}\n  {step_line(item.step)}")
