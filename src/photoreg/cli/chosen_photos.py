"""Which photos a command is about: those given, or all of an event; of them the publishable ones.

The same for what is about photos: publications and tasks, cases, flags.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from photoreg.cli.options import Word, argument, option
from photoreg.cli.output import print_note
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions import choosing
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])

event_option = option("--event", help=N_("All photos of this event, by name or id."))
verdict_option = option(
    "--verdict",
    type=Word("Outcome", (Outcome.PUBLISHABLE,)),
    help=N_("Only those of the photos that may be published; the others are left out and named."),
)


def photos_options(function: _F) -> _F:
    """Add the ways to say which photos: `photos` by id or file, or all of an `event`."""
    return argument("photos", nargs=-1, metavar="PHOTO...")(event_option(function))


def chosen_photos(
    application: Application, photos: Sequence[str], event: str | None, option: str = "--event"
) -> Sequence[str]:
    """Return the given photos, or all photos of the given event; exactly one must be given."""
    return chosen(application, photos, event, choosing.event_photos, option)


def chosen(
    application: Application,
    named: Sequence[str],
    event: str | None,
    of_event: Callable[[Application, str], Sequence[str]],
    option: str = "--event",
) -> Sequence[str]:
    """Return what is named, or what `of_event` finds for the event; exactly one must be given."""
    if bool(named) == bool(event):
        raise click.UsageError(
            _("Give either ids, or an event with {option}.").format(option=option)
        )
    return of_event(application, event) if event else named


def publishable_only(
    application: Application, photos: Sequence[str], asked: AskedUse
) -> Sequence[str]:
    """Return those of the photos that may be published for a use; name the others."""
    found = choosing.publishable_photos(application, photos, asked)
    if found.left_out:
        text = _("Left out, since they may not be published on {channel}: {photos}.")
        print_note(text.format(channel=asked.channel, photos=", ".join(found.left_out)))
    return found.photos
