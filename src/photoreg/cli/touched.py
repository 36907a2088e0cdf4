"""What a change touches: publications that may not stay, told in the same words everywhere."""

from collections.abc import Sequence

import click

from photoreg.presentation.cells import safe
from photoreg.presentation.days import moment
from photoreg.services.objecting import Flagged
from photoreg.services.stopping import StoppedCopy
from photoreg.services.taking_down import Touched
from photoreg.texts import _


def copy_stopped(copy: StoppedCopy) -> str:
    """Say that a photo was stopped because it looks like one that is stopped."""
    text = _(
        "stopped by flag {flag}: it looks like {like}, which is stopped. The coordinator examines "
        "it: photoreg flag show {flag}"
    )
    return text.format(flag=copy.flag, like=copy.like)


def print_copies(copies: Sequence[StoppedCopy]) -> None:
    """Print which photos were stopped because they look like one that is stopped."""
    for copy in copies:
        click.echo(f"{copy.photo}: {copy_stopped(copy)}")


def print_stopped(told: Flagged) -> None:
    """Print which photos are stopped because somebody said no, and what looks like them.

    Flags on those are examined until a day that is told.
    """
    for photo, flag in told.flags.items():
        text = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
        click.echo(text.format(photo=photo, flag=flag, due=moment(told.due_at)))
    print_copies(told.copies)


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
