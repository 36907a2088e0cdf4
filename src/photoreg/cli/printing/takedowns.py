"""What followed from a change, told in the same words everywhere."""

from collections.abc import Sequence
from functools import partial

import click

from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_time
from photoreg.services.consents.objections import FlaggedPhotos
from photoreg.services.unit_of_work import AffectedPublication, Reacted, StoppedCopy
from photoreg.texts import _


def print_flagged(flagged: FlaggedPhotos) -> None:
    """Print which photos are stopped because somebody said no, to be examined until when."""
    for photo, flag in flagged.flags.items():
        text = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
        click.echo(text.format(photo=photo, flag=flag, due=format_time(flagged.due_at)))


def print_reacted(reacted: Reacted, *, err: bool) -> None:
    """Print the copies that were stopped, and the publications that may not stay."""
    for copy in reacted.copies:
        click.echo(f"{copy.photo}: {_copy_stopped(copy)}", err=err)
    _print_touched(reacted.publications, err=err)


def _copy_stopped(copy: StoppedCopy) -> str:
    """Say that a photo was stopped because it looks like one that is stopped."""
    text = _(
        "stopped by flag {flag}: it looks like {like}, which is stopped. The coordinator examines "
        "it: photoreg flag show {flag}"
    )
    return text.format(flag=copy.flag, like=copy.similar_to)


def _print_touched(publications: Sequence[AffectedPublication], *, err: bool) -> None:
    """Print the publications to take down with their tasks, then print that is out for good."""
    echo = partial(click.echo, err=err)
    to_remove = [each for each in publications if each.recallable]
    printed = [each for each in publications if not each.recallable]
    if to_remove:
        echo(_("To be taken down:"))
    for each in to_remove:
        echo(
            _("  {task}: {photo} on {channel}, {address} ({publication})").format(
                task=each.task,
                photo=each.photo,
                channel=each.channel,
                address=safe(each.address),
                publication=each.publication,
            )
        )
    if printed:
        echo(_("Printed, cannot be recalled:"))
    for each in printed:
        echo(
            _("  {photo} in {channel}, {address} ({publication})").format(
                photo=each.photo,
                channel=each.channel,
                address=safe(each.address),
                publication=each.publication,
            )
        )
    if printed:
        echo(_("  Do not print it again or hand out more copies, and tell the person."))
