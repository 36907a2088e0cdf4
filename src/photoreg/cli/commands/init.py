"""`init`: create a new registry."""

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.last_registry import remember_registry
from photoreg.cli.options import is_interactive, option
from photoreg.cli.output import print_line, print_note, require_confirmed
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.where_looked import lines_about_last, registries_beside
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
    help=N_("Create it although there is a registry in the same folder already."),
)
@click.pass_obj
def init_command(
    context: CliContext, organisation: str, name: str, own_login: str | None, another: bool
) -> None:
    """Create the registry file and record the user as its first communications coordinator."""
    if not another:
        _require_first(context)
    login = own_login or context.login
    used_last = _used_last(context)
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
    for line in used_last:
        print_note(line)
    print_note(_("Next, add the users and the channels, then the photos:"))
    print_step(NextAction.STAFF_ADD, "login", "name", "role")
    print_step(NextAction.CHANNEL_ADD, "channel", "title", "kind", "controller", "admin")
    print_step(NextAction.PHOTO_REGISTER, "file")


def _used_last(context: CliContext) -> list[str]:
    """Return which registry was used last, if nothing names the new one, and how to use it."""
    if not context.is_default_place:
        return []
    return lines_about_last(context.location, None)


def _require_first(context: CliContext) -> None:
    """Ask whether another registry is meant if one is beside it; NotAllowed without a terminal."""
    known = registries_beside(context.location)
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
