"""`channel`: the channels on which photos are published."""

from dataclasses import asdict
from datetime import date

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, day_option, enum_option, format_option, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.prompts.consent_options import refuse_both
from photoreg.cli.prompts.controllers import (
    ASK_WHOSE,
    GIVE_ONE_CONTROLLER,
    controller_options,
    given_or_asked_controller,
)
from photoreg.presentation.channels import controller_label
from photoreg.presentation.days import day_in_words
from photoreg.presentation.views.organisation import CHANNELS
from photoreg.rulebook.facts import Channel
from photoreg.services.organisation import channels
from photoreg.services.organisation.channels import ChannelChange
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("channel", cls=Group, help=N_("Channels where the municipality publishes."))
def channel_command() -> None:
    """Group the `channel` commands."""


@channel_command.command(
    "add",
    help=N_("Add a channel and its administrators (guideline Y1: several)."),
    example='photoreg channel add kunta "Kunnan sivu" --kind public_page --own --admin anna '
    "--admin kaisa",
)
@argument("name")
@argument("title")
@enum_option("--kind", kind="Channel", required=True, help=N_("The kind of channel."))
@option(
    "--admin", "admins", multiple=True, help=N_("The login of an administrator; can be repeated.")
)
@option("--terms", "terms_url", default="", help=N_("The address of the service's terms."))
@controller_options
@day_option("--since", help=N_("The first day of the channel; default: today."))
@click.pass_obj
def channel_add(
    context: CliContext,
    name: str,
    title: str,
    kind: str,
    own: bool,
    controller: str | None,
    since: date | None,
    admins: tuple[str, ...],
    terms_url: str,
) -> None:
    """Add one channel."""
    _number, has_enough = channels.add_channel(
        context.application,
        name=name,
        title=title,
        kind=Channel(kind),
        controller=given_or_asked_controller(Channel(kind), own, controller),
        since=since,
        admins=admins,
        terms_url=terms_url,
    )
    print_line(_("The channel {name} was added.").format(name=name.lower()))
    if not has_enough:
        _print_too_few(name)


@channel_command.command(
    "change",
    help=N_(
        "Correct whose channel it is, or since when it exists. The photos published there are "
        "checked again."
    ),
    example=N_('photoreg channel change kunta --controller "Kunnan vuokratalot Oy"'),
)
@argument("name")
@controller_options
@day_option("--since", help=N_("The first day of the channel."))
@click.pass_obj
def channel_change(
    context: CliContext, name: str, own: bool, controller: str | None, since: date | None
) -> None:
    """Change one channel."""
    refuse_both(own, controller is not None, _(GIVE_ONE_CONTROLLER))
    if not own and controller is None and since is None:
        raise click.UsageError(_("Give --own, --controller NAME or --since DAY."))
    change = ChannelChange(own, controller, since)
    needs_confirmation = channels.change_channel(context.application, name, change)
    print_line(_("The channel {name} was changed.").format(name=name.lower()))
    if needs_confirmation:
        print_note(_("Earlier consents would cover more: that holds once a colleague confirms it."))
        print_step(NextAction.CHANNEL_CONFIRM, "controller", "since", channel=name.lower())


@channel_command.command(
    "confirm",
    help=N_(
        "State yourself whose channel it is and since when it exists, after a colleague has "
        "changed it so that earlier consents cover more. If you say otherwise, the stricter "
        "of the two counts."
    ),
    example=N_("photoreg channel confirm kunta --own --since 2026-01-15"),
)
@argument("name")
@controller_options
@day_option("--since", required=True, help=N_("The first day of the channel."))
@click.pass_obj
def channel_confirm(
    context: CliContext, name: str, own: bool, controller: str | None, since: date
) -> None:
    """Confirm what a colleague has stated of one channel."""
    refuse_both(own, controller is not None, _(GIVE_ONE_CONTROLLER))
    if not own and controller is None:
        raise click.UsageError(_(ASK_WHOSE))
    answer = ChannelChange(own, controller, since)
    agrees = channels.confirm_channel(context.application, name, answer)
    text = (
        _("{name}: confirmed.")
        if agrees
        else _("{name}: your answer differs; the stricter one applies.")
    )
    print_line(text.format(name=name.lower()))


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
    print_line(_("The administrators of {name} were changed.").format(name=name.lower()))
    if not has_enough:
        _print_too_few(name)


def _print_too_few(name: str) -> None:
    print_note(_("It has too few administrators: the guideline (Y1) asks for several."))
    print_step(NextAction.CHANNEL_ADMINS, "login", channel=name.lower())


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
    print_line(_("Recorded. The next review is due on {day}.").format(day=day_in_words(again)))


@channel_command.command("list", help=N_("List the channels."), example="photoreg channel list")
@format_option
@click.pass_obj
def channel_list(context: CliContext, layout: str) -> None:
    """List the channels."""
    rows = [asdict(each) for each in channels.list_channels(context.application)]
    if layout == "table":
        rows = [row | {"controller": controller_label(row["controller"])} for row in rows]
    print_view(CHANNELS, rows, layout)


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
    print_line(_("Recorded. Photos with older consents are evaluated again."))
