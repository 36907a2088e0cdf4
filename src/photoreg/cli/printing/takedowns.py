"""Print the consequences of a change: stopped photos and publications to take down."""

from collections.abc import Sequence
from functools import partial

import click

from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_time
from photoreg.services.consents.objections import FlaggedPhotos
from photoreg.services.unit_of_work import AffectedPublication, Reacted, StoppedCopy
from photoreg.texts import _


def print_flagged(flagged: FlaggedPhotos) -> None:
    """Print the photos stopped by a refusal or objection, each with its flag and due date."""
    for photo, flag in flagged.flags.items():
        text = _("{photo} is stopped: flag {flag}, to be resolved by {due}.")
        click.echo(text.format(photo=photo, flag=flag, due=format_time(flagged.due_at)))


def print_reacted(reacted: Reacted, *, err: bool) -> None:
    """Print the stopped near-duplicates and the affected publications."""
    for copy in reacted.copies:
        click.echo(f"{copy.photo}: {_copy_stopped(copy)}", err=err)
    _print_touched(reacted.publications, err=err)


def _copy_stopped(copy: StoppedCopy) -> str:
    """Return the text that a photo was stopped as a near-duplicate of a stopped one."""
    text = _(
        "stopped by flag {flag}: it looks like {like}, which is stopped. The coordinator examines "
        "it: photoreg flag show {flag}"
    )
    return text.format(flag=copy.flag, like=copy.similar_to)


def _print_touched(publications: Sequence[AffectedPublication], *, err: bool) -> None:
    """Print the publications to take down with their tasks, then printed ones beyond recall."""
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
        echo(_("In print or with the press, cannot be recalled:"))
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
        echo(_("  Do not use it again or hand out more copies; tell the person, and the press."))
