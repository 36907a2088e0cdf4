"""`unit`: the parts of the organisation to which events and staff belong."""

from dataclasses import asdict

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, format_option
from photoreg.cli.output import print_line, print_view
from photoreg.presentation.cells import safe
from photoreg.presentation.views.organisation import UNITS
from photoreg.services.inputs import require_text
from photoreg.services.organisation import units
from photoreg.texts import N_, _


@click.group("unit", cls=Group, help=N_("Units of the organisation, such as a school."))
def unit_command() -> None:
    """Group commands about units."""


@unit_command.command(
    "list",
    help=N_("List the units and the number of events and users in each."),
    example="photoreg unit list",
)
@format_option
@click.pass_obj
def unit_list(context: CliContext, layout: str) -> None:
    """List the units."""
    print_view(UNITS, map(asdict, units.list_units(context.application)), layout)


@unit_command.command(
    "rename",
    help=N_(
        "Rename a unit everywhere; if another unit has the new name, the two become one. Only "
        "the communications coordinator can do this."
    ),
    example='photoreg unit rename "Hetan koulu" "Hetan yhtenäiskoulu"',
)
@argument("unit")
@argument("name")
@click.pass_obj
def unit_rename(context: CliContext, unit: str, name: str) -> None:
    """Rename one unit."""
    old, new, changed = units.rename_unit_everywhere(
        context.application, unit, require_text(name, units.MAX_UNIT_LENGTH)
    )
    print_line(
        _("{old} is {new} from now on. Its events and users: {count}.").format(
            old=safe(old), new=safe(new), count=changed
        )
    )
