"""`api-key`: the keys by which other systems use the API."""

from dataclasses import asdict
from datetime import date

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, day_option, enum_option, format_option, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.presentation.views.organisation import API_KEYS
from photoreg.registry.tables.people import ApiScope
from photoreg.services.organisation import api_keys
from photoreg.texts import N_, _


@click.group("api-key", cls=Group, help=N_("Keys by which other systems use the API."))
def api_key_command() -> None:
    """Group commands about keys of the API."""


@api_key_command.command(
    "add",
    help=N_(
        "Make a key by which another system, such as a website, uses the API. The key is printed "
        "once. Only the communications coordinator can do this."
    ),
    example="photoreg api-key add website --scope check --scope copy --channel kunta-website "
    "--until 2027-12-31",
)
@argument("name")
@enum_option(
    "--scope",
    "scopes",
    kind="ApiScope",
    multiple=True,
    required=True,
    help=N_("What the key may be used for. May be given several times."),
)
@option(
    "--channel",
    "channels",
    multiple=True,
    required=True,
    help=N_("The channel for which the key may be used. May be given several times."),
)
@day_option("--until", required=True, help=N_("The last day on which the key works."))
@click.pass_obj
def api_key_add(
    context: CliContext,
    name: str,
    scopes: tuple[str, ...],
    channels: tuple[str, ...],
    until: date,
) -> None:
    """Make a key; it is the last line, for programs."""
    key = api_keys.add_key(
        context.application,
        name=name,
        scopes=list(map(ApiScope, scopes)),
        channels=channels,
        until=until,
    )
    print_note(_("Put this key into the settings of the other system; it is not shown again."))
    print_line(key)


@api_key_command.command(
    "revoke",
    help=N_("Let a key work no more, at once. Only the communications coordinator can do this."),
    example="photoreg api-key revoke website",
)
@argument("name")
@click.pass_obj
def api_key_revoke(context: CliContext, name: str) -> None:
    """Revoke a key."""
    api_keys.revoke_key(context.application, name)
    print_line(_("The API key {name} works no more.").format(name=name))


@api_key_command.command("list", help=N_("List the API keys."), example="photoreg api-key list")
@format_option
@click.pass_obj
def api_key_list(context: CliContext, layout: str) -> None:
    """List the keys."""
    print_view(API_KEYS, map(asdict, api_keys.list_keys(context.application)), layout)
