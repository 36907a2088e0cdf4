"""`init`: create a new registry."""

from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.last_registry import last_registry, remember_registry
from photoreg.cli.options import is_interactive, option
from photoreg.cli.output import print_line, print_note, require_confirmed
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.where_looked import registries_beside
from photoreg.errors import NotAllowed, Records
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
@option(
    "--another",
    is_flag=True,
    help=N_("Create it although there is a registry already, here or where you used one last."),
)
@click.pass_obj
def init_command(
    context: CliContext, organisation: str, name: str, own_login: str | None, another: bool
) -> None:
    """Create the registry file and record the user as its first communications coordinator."""
    if not another:
        _require_first(context)
    login = own_login or context.login
    registry_setup.create_registry(
        context.location,
        organisation=organisation,
        login=login,
        name=name,
        evidence=context.evidence,
    )
    remember_registry(context.redacted_location)
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


def _require_first(context: CliContext) -> None:
    """Ask whether another registry is meant if there is one; NotAllowed without a terminal."""
    known = registries_beside(context.location)
    last = last_registry() if context.is_default_place else None
    if last and Path(last) != Path(context.location).absolute():
        known = [*known, *({last} - set(known))]
    if not known:
        return
    if not is_interactive():
        raise NotAllowed(
            N_("there is a registry already: {known}"),
            N_("Use that one, or say that you want another one."),
            fields=("another",),
            known=Records(known),
        )
    print_note(_("There is a registry already: {known}").format(known=", ".join(known)))
    require_confirmed(_("Create another, empty one?"))
