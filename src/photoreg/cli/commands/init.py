"""`init`: create a new registry."""

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import option
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step
from photoreg.services.organisation import registry_setup
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "init",
    cls=Command,
    help=N_("Create a new registry; you become its first communications coordinator."),
    example='photoreg init --organisation "Enontekiön kunta" --name "Kaisa Koordinaattori"',
)
@option(
    "--organisation",
    required=True,
    prompt=N_("Organisation"),
    help=N_("The organisation that owns the registry."),
)
@option("--name", required=True, prompt=N_("Your name"), help=N_("Your name."))
@option("--login", "own_login", help=N_("Your login, if it differs from the one on this computer."))
@click.pass_obj
def init_command(context: CliContext, organisation: str, name: str, own_login: str | None) -> None:
    """Create the registry file and record the user as its first communications coordinator."""
    login = own_login or context.login
    registry_setup.create_registry(
        context.location,
        organisation=organisation,
        login=login,
        name=name,
        evidence=context.evidence,
    )
    print_line(_("The registry {path} is ready.").format(path=context.redacted_location))
    print_note(
        _("You are the registry's communications coordinator; your login is {login}.").format(
            login=login
        )
    )
    print_note(_("Next, add the users and the channels, then the photos:"))
    print_step(NextAction.STAFF_ADD, "login", "name", "role")
    print_step(NextAction.CHANNEL_ADD, "channel", "title", "kind", "controller", "admin")
    print_step(NextAction.PHOTO_REGISTER, "file")
