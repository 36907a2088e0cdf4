"""`channel`: the channels on which the municipality publishes."""

from dataclasses import asdict
from datetime import date

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, day_option, enum_option, format_option, option
from photoreg.cli.output import print_note, print_view
from photoreg.presentation.days import day_in_words
from photoreg.presentation.views.organisation import CHANNELS
from photoreg.rulebook.facts import Channel
from photoreg.services.organisation import channels
from photoreg.texts import N_, _


@click.group("channel", cls=Group, help=N_("Channels where the municipality publishes."))
def channel_command() -> None:
    """Group the `channel` commands."""


@channel_command.command(
    "add",
    help=N_("Add a channel and its administrators (guideline Y1: several)."),
    example='photoreg channel add kunta "Kunnan sivu" --kind public_page --admin anna '
    "--admin kaisa",
)
@argument("name")
@argument("title")
@enum_option("--kind", kind="Channel", required=True, help=N_("The kind of channel."))
@option(
    "--admin", "admins", multiple=True, help=N_("The login of an administrator; can be repeated.")
)
@option("--terms", "terms_url", default="", help=N_("The address of the service's terms."))
@click.pass_obj
def channel_add(
    context: CliContext, name: str, title: str, kind: str, admins: tuple[str, ...], terms_url: str
) -> None:
    """Add one channel."""
    _number, has_enough = channels.add_channel(
        context.application,
        name=name,
        title=title,
        kind=Channel(kind),
        admins=admins,
        terms_url=terms_url,
    )
    click.echo(_("The channel {name} was added.").format(name=name.lower()))
    if not has_enough:
        print_note(_("It has too few administrators: the guideline (Y1) asks for several."))


@channel_command.command(
    "admins",
    help=N_("Add administrators to a channel, or remove them (guideline Y1: several)."),
    example="photoreg channel admins kunta --add ville",
)
@argument("name")
@option("--add", "coming", multiple=True, help=N_("Login to add; can be repeated."))
@option("--remove", "leaving", multiple=True, help=N_("Login to remove; can be repeated."))
@click.pass_obj
def channel_admins(
    context: CliContext, name: str, coming: tuple[str, ...], leaving: tuple[str, ...]
) -> None:
    """Change the administrators of one channel."""
    if not coming and not leaving:
        raise click.UsageError(_("Give --add LOGIN or --remove LOGIN."))
    has_enough = channels.change_admins(
        context.application, name, add_logins=coming, remove_logins=leaving
    )
    click.echo(_("The administrators of {name} were changed.").format(name=name.lower()))
    if not has_enough:
        print_note(_("It has too few administrators: the guideline (Y1) asks for several."))


@channel_command.command(
    "review",
    help=N_("Record that a channel's practices were reviewed (guideline V6)."),
    example="photoreg channel review kunta",
)
@argument("name")
@day_option("--on", help=N_("The day of the review; default: today."))
@click.pass_obj
def channel_review(context: CliContext, name: str, on: date | None) -> None:
    """Record a review of one channel."""
    again = channels.record_review(context.application, name, on)
    click.echo(_("Recorded. The next review is due on {day}.").format(day=day_in_words(again)))


@channel_command.command("list", help=N_("List the channels."), example="photoreg channel list")
@format_option
@click.pass_obj
def channel_list(context: CliContext, layout: str) -> None:
    """List the channels."""
    print_view(CHANNELS, map(asdict, channels.list_channels(context.application)), layout)


@channel_command.command(
    "terms-changed",
    help=N_("Record that the service behind a channel has changed its terms (guideline J4)."),
    example="photoreg channel terms-changed kunta",
)
@argument("name")
@day_option("--on", help=N_("The day of the change; default: today."))
@click.pass_obj
def channel_terms_changed(context: CliContext, name: str, on: date | None) -> None:
    """Record that the terms of one channel have changed."""
    channels.record_terms_change(context.application, channel=name, on=on)
    click.echo(_("Recorded. Photos with older consents are evaluated again."))
