"""What a change touches: publications that may not stay, told in the same words everywhere."""

from collections.abc import Sequence

import click

from photoreg.cli.output import safe
from photoreg.services.taking_down import Touched
from photoreg.texts import _


def print_touched(publications: Sequence[Touched]) -> None:
    """Print the publications to take down with their tasks, then print that is out for good."""
    to_remove = [each for each in publications if each.recallable]
    printed = [each for each in publications if not each.recallable]
    if to_remove:
        click.echo(_("To be taken down:"))
    for each in to_remove:
        click.echo(
            _("  {task}: {photo} on {channel}, {address} ({publication})").format(
                task=each.task,
                photo=each.photo,
                channel=each.channel,
                address=safe(each.address),
                publication=each.publication,
            )
        )
    if printed:
        click.echo(_("In print, cannot be recalled:"))
    for each in printed:
        click.echo(
            _("  {photo} in {channel}, {address} ({publication})").format(
                photo=each.photo,
                channel=each.channel,
                address=safe(each.address),
                publication=each.publication,
            )
        )
    if printed:
        click.echo(
            _("  Do not print it again, hand out no more copies, and tell the person openly.")
        )
