"""`staff`: the users of the registry and their roles."""

from dataclasses import asdict

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import argument, enum_option, format_option, option, unit_options
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.presentation.labels import label
from photoreg.presentation.views.organisation import STAFF
from photoreg.registry.tables.people import USER_ROLES, StaffRole
from photoreg.services.organisation import passwords, sessions, staff
from photoreg.texts import N_, _


@click.group("staff", cls=Group, help=N_("The users of the registry and their roles."))
def staff_command() -> None:
    """Group commands about staff."""


_server_role_option = option(
    "--server-role",
    help=N_("The role on a PostgreSQL server, if it is not the login; an empty text removes it."),
)


@staff_command.command(
    "add",
    help=N_("Add a user of the registry."),
    example='photoreg staff add anna "Anna Lahti" --role employee',
)
@argument("login")
@argument("name")
@enum_option(
    "--role",
    kind="StaffRole",
    values=USER_ROLES,
    default="employee",
    show_default=True,
    help=N_("The role."),
)
@option(
    "--person", help=N_("The user as a person in the registry, if they take photos: name or id.")
)
@unit_options
@_server_role_option
@click.pass_obj
def staff_add(
    context: CliContext,
    login: str,
    name: str,
    role: str,
    person: str | None,
    unit: str | None,
    new_unit: bool,
    server_role: str | None,
) -> None:
    """Add one member of staff."""
    staff.add_staff(
        context.application,
        login=login,
        name=name,
        role=StaffRole(role),
        person=person,
        unit=unit or "",
        new_unit=new_unit,
        server_role=server_role or "",
    )
    print_line(_("{login} was added: {role}.").format(login=login, role=label(StaffRole(role))))


@staff_command.command(
    "change",
    help=N_(
        "Change a user's role, name or unit, or record that they left or came back. Their "
        "entries are kept. Only the communications coordinator can do this. At least one "
        "coordinator must remain."
    ),
    example="photoreg staff change anna --left",
)
@argument("login")
@enum_option("--role", kind="StaffRole", values=USER_ROLES, help=N_("The role."))
@option("--name", help=N_("The name."))
@option(
    "--person", help=N_("The user as a person in the registry, if they take photos: name or id.")
)
@unit_options
@_server_role_option
@option("--left/--back", "left", default=None, help=N_("The user has left, or works here again."))
@click.pass_obj
def staff_change(
    context: CliContext,
    login: str,
    role: str | None,
    name: str | None,
    person: str | None,
    unit: str | None,
    new_unit: bool,
    server_role: str | None,
    left: bool | None,
) -> None:
    """Change one member of staff."""
    if all(each is None for each in (left, unit, server_role, role, name, person)):
        raise click.UsageError(_("Give what changes, for example --role deputy or --left."))
    staff.change_staff(
        context.application,
        login,
        role=StaffRole(role) if role else None,
        active=None if left is None else not left,
        name=name,
        person=person,
        unit=unit,
        new_unit=new_unit,
        server_role=server_role,
    )
    print_line(_("The user {login} was changed.").format(login=login))


@staff_command.command(
    "password",
    help=N_(
        "Give a user a new password for the desk, which is printed once. The user chooses another "
        "one at the first sign-in; the user's open sessions end. Only the communications "
        "coordinator can do this."
    ),
    example="photoreg staff password anna",
)
@argument("login")
@click.pass_obj
def staff_password(context: CliContext, login: str) -> None:
    """Give a password; it is the last line, for programs."""
    password = passwords.give_password(context.application, login)
    print_note(_("Give {login} this password; it is not shown again.").format(login=login))
    print_line(password)


@staff_command.command(
    "sign-out",
    help=N_(
        "End all sessions of a user on the desk, for example when a computer was lost. Only the "
        "communications coordinator can do this."
    ),
    example="photoreg staff sign-out anna",
)
@argument("login")
@click.pass_obj
def staff_sign_out(context: CliContext, login: str) -> None:
    """End a user's sessions."""
    ended = sessions.sign_out_user(context.application, login)
    print_line(_("Sessions ended: {count}.").format(count=ended))


@staff_command.command(
    "list", help=N_("List the users of the registry."), example="photoreg staff list"
)
@format_option
@click.pass_obj
def staff_list(context: CliContext, layout: str) -> None:
    """List the staff."""
    print_view(STAFF, map(asdict, staff.list_staff(context.application)), layout)
