"""`today`: what needs doing now, each thing on a line with its command."""

import click

from photoreg.cli.app import Command, Office
from photoreg.cli.options import format_option
from photoreg.cli.output import say, show
from photoreg.cli.printing.next_steps import command_line
from photoreg.presentation.agenda import item_in_words, item_row
from photoreg.presentation.views.agenda import TODAY
from photoreg.services.agenda import Item, today
from photoreg.texts import N_, _


@click.command(
    "today",
    cls=Command,
    help=N_(
        "List what needs doing now: for you, or for the whole municipality if you are its "
        "coordinator. Publications that may not stay since today get their take-down tasks."
    ),
    example="photoreg today",
)
@format_option
@click.pass_obj
def today_command(office: Office, layout: str) -> None:
    """List what needs doing."""
    items = today(office.workplace)
    if layout != "table":
        show(TODAY, (item_row(item, layout, command_line) for item in items), layout)
    elif not items:
        say(_("Nothing needs doing now."))
    else:
        for item in items:
            _print(item)


def _print(item: Item) -> None:
    click.echo(f"{item_in_words(item)}\n  → {command_line(item.step)}")
