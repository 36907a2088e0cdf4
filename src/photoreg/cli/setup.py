"""`init`, `staff`, `channel` and `policy`: what is set up once and seldom changed."""

import json
import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import Command, Group, Office
from photoreg.cli.options import day_option, format_option, option, unit_options, word_option
from photoreg.cli.output import say, show
from photoreg.errors import InputDataError
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import word
from photoreg.presentation.views.organisation import CHANNELS, POLICY, POLICY_DIFF, STAFF
from photoreg.registry.tables.people import StaffRole
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.reasons import REASONS
from photoreg.services import settingup
from photoreg.services.comparing import VerdictChange, compare_policy
from photoreg.texts import N_, _


@click.command(
    "init",
    cls=Command,
    help=N_("Make a new registry, with you as its first communications coordinator."),
    example='photoreg init --organisation "Enontekiön kunta" --name "Kaisa Koordinaattori"',
)
@option(
    "--organisation", required=True, prompt=N_("Organisation"), help=N_("Whose registry it is.")
)
@option("--name", required=True, prompt=N_("Your name"), help=N_("Your name."))
@option("--login", "own_login", help=N_("Your login, if not the one at this computer."))
@click.pass_obj
def init_command(office: Office, organisation: str, name: str, own_login: str | None) -> None:
    """Create the registry file."""
    login = own_login or office.login
    settingup.create_registry(
        office.where,
        organisation=organisation,
        login=login,
        name=name,
        evidence=office.evidence,
    )
    click.echo(_("The registry {path} is ready.").format(path=office.shown))
    say(_("You are its communications coordinator: {login}.").format(login=login))
    say(_("Next: photoreg channel add, photoreg staff add, photoreg register."))


@click.group("staff", cls=Group, help=N_("Who works with the registry, in which role."))
def staff_command() -> None:
    """Group."""


@staff_command.command(
    "add",
    help=N_("Add somebody who works with the registry."),
    example='photoreg staff add anna "Anna Lahti" --role employee',
)
@click.argument("login")
@click.argument("name")
@word_option(
    "--role", kind="StaffRole", default="employee", show_default=True, help=N_("The role.")
)
@option("--person", help=N_("The same human as a photographer in the registry: name or id."))
@unit_options
@click.pass_obj
def staff_add(
    office: Office,
    login: str,
    name: str,
    role: str,
    person: str | None,
    unit: str | None,
    new_unit: bool,
) -> None:
    """Add one member of staff."""
    settingup.add_staff(
        office.workplace,
        login=login,
        name=name,
        role=StaffRole(role),
        person=person,
        unit=unit or "",
        new_unit=new_unit,
    )
    click.echo(_("{login} was added: {role}.").format(login=login, role=word(StaffRole(role))))


@staff_command.command(
    "change",
    help=N_(
        "Change somebody's role, name or unit, or note that they left or came back. What they did "
        "stays theirs. Only coordinators may, and one of them must remain."
    ),
    example="photoreg staff change anna --left",
)
@click.argument("login")
@word_option("--role", kind="StaffRole", help=N_("The role."))
@option("--name", help=N_("The name."))
@option("--person", help=N_("The same human as a photographer in the registry: name or id."))
@unit_options
@option("--left/--back", "left", default=None, help=N_("They left, or they work here again."))
@click.pass_obj
def staff_change(
    office: Office,
    login: str,
    role: str | None,
    name: str | None,
    person: str | None,
    unit: str | None,
    new_unit: bool,
    left: bool | None,
) -> None:
    """Change one member of staff."""
    if left is None and unit is None and not (role or name or person):
        raise click.UsageError(_("Say what is new, for example --role deputy or --left."))
    settingup.change_staff(
        office.workplace,
        login,
        role=StaffRole(role) if role else None,
        active=None if left is None else not left,
        name=name,
        person=person,
        unit=unit,
        new_unit=new_unit,
    )
    click.echo(_("{login} was changed.").format(login=login))


@staff_command.command(
    "list", help=N_("List who works with the registry."), example="photoreg staff list"
)
@format_option
@click.pass_obj
def staff_list(office: Office, layout: str) -> None:
    """List the staff."""
    show(STAFF, settingup.list_staff(office.workplace), layout)


@click.group("channel", cls=Group, help=N_("Channels where the municipality publishes."))
def channel_command() -> None:
    """Group."""


@channel_command.command(
    "add",
    help=N_("Add a channel, with those who administer it (guideline Y1: several)."),
    example='photoreg channel add kunta "Kunnan sivu" --kind public_page --admin kaisa',
)
@click.argument("name")
@click.argument("title")
@word_option("--kind", kind="Channel", required=True, help=N_("What kind of channel it is."))
@option("--admin", "admins", multiple=True, help=N_("Who administers it; several may be given."))
@option("--terms", "terms_url", default="", help=N_("Where the service's terms can be read."))
@click.pass_obj
def channel_add(
    office: Office, name: str, title: str, kind: str, admins: tuple[str, ...], terms_url: str
) -> None:
    """Add one channel."""
    _number, has_enough = settingup.add_channel(
        office.workplace,
        name=name,
        title=title,
        kind=Channel(kind),
        admins=admins,
        terms_url=terms_url,
    )
    click.echo(_("The channel {name} was added.").format(name=name.lower()))
    if not has_enough:
        say(_("It has too few administrators: the guideline (Y1) asks for several."))


@channel_command.command(
    "admins",
    help=N_("Name administrators of a channel, or take them off (guideline Y1: several)."),
    example="photoreg channel admins kunta --add ville",
)
@click.argument("name")
@option("--add", "coming", multiple=True, help=N_("Who comes, by login; several may be given."))
@option("--remove", "leaving", multiple=True, help=N_("Who leaves; several may be given."))
@click.pass_obj
def channel_admins(
    office: Office, name: str, coming: tuple[str, ...], leaving: tuple[str, ...]
) -> None:
    """Change the administrators of one channel."""
    if not coming and not leaving:
        raise click.UsageError(_("Say who: --add LOGIN or --remove LOGIN."))
    has_enough = settingup.change_admins(
        office.workplace, name, add_logins=coming, remove_logins=leaving
    )
    click.echo(_("The administrators of {name} were changed.").format(name=name.lower()))
    if not has_enough:
        say(_("It has too few administrators: the guideline (Y1) asks for several."))


@channel_command.command(
    "review",
    help=N_("Note that a channel's practices were gone through (guideline V6)."),
    example="photoreg channel review kunta",
)
@click.argument("name")
@day_option("--on", help=N_("The day of the review; today unless said."))
@click.pass_obj
def channel_review(office: Office, name: str, on: date | None) -> None:
    """Note a review."""
    again = settingup.note_review(office.workplace, name, on)
    click.echo(_("Noted. The next review is due on {day}.").format(day=day_in_words(again)))


@channel_command.command("list", help=N_("List the channels."), example="photoreg channel list")
@format_option
@click.pass_obj
def channel_list(office: Office, layout: str) -> None:
    """List the channels."""
    show(CHANNELS, settingup.list_channels(office.workplace), layout)


@channel_command.command(
    "terms-changed",
    help=N_("Note that the service behind a channel has changed its terms (guideline J4)."),
    example="photoreg channel terms-changed kunta",
)
@click.argument("name")
@day_option("--on", help=N_("The day of the change; today unless said."))
@click.pass_obj
def channel_terms_changed(office: Office, name: str, on: date | None) -> None:
    """Note changed terms."""
    settingup.note_changed_terms(office.workplace, channel=name, on=on)
    click.echo(_("Noted. Photos whose consents are older are looked at anew."))


@click.group("policy", cls=Group, help=N_("The municipality's settings of the rules."))
def policy_command() -> None:
    """Group."""


@policy_command.command(
    "show", help=N_("Show the settings in force."), example="photoreg policy show"
)
@format_option
@click.pass_obj
def policy_show(office: Office, layout: str) -> None:
    """Show the policy."""
    version, rows = settingup.show_policy(office.workplace)
    say(_("Version {version}.").format(version=version))
    show(POLICY, rows, layout)


@policy_command.command(
    "diff",
    help=N_(
        "Tell which verdicts other settings would change, before they are adopted: a TOML file, or "
        "settings with values. What concerns secrecy is not told."
    ),
    example="photoreg policy diff child_view_age=12",
)
@click.argument("changes", nargs=-1, required=True, metavar="FILE|SETTING=VALUE...")
@format_option
@click.pass_obj
def policy_diff(office: Office, changes: tuple[str, ...], layout: str) -> None:
    """Compare a policy with the one in force."""
    found = compare_policy(office.workplace, _settings(changes))
    rows = ({**asdict(change), "why": _why(change)} for change in found.changes)
    show(POLICY_DIFF, rows, layout)
    say(_("Photos whose verdicts would change: {count}.").format(count=found.photos))
    say(_("Publications that may not stay then: {count}.").format(count=found.publications))


def _why(change: VerdictChange) -> list[str]:
    """Return the titles of the reasons that come, or else of those that go."""
    return [_(REASONS[code].title) for code in change.new or change.gone]


@policy_command.command(
    "set",
    help=N_(
        "Adopt changed settings as a new version: from a TOML file, or as settings with values. "
        "Only coordinators may."
    ),
    example="photoreg policy set child_view_age=12",
)
@click.argument("changes", nargs=-1, required=True, metavar="FILE|SETTING=VALUE...")
@click.pass_obj
def policy_set(office: Office, changes: tuple[str, ...]) -> None:
    """Set the policy."""
    version = settingup.set_policy(office.workplace, _settings(changes))
    click.echo(_("Policy version {version} is in force.").format(version=version))


def _settings(changes: tuple[str, ...]) -> dict[str, Any]:
    """Read settings as they are typed; what has no value is a TOML file of settings."""
    settings: dict[str, Any] = {}
    for change in changes:
        settings |= _setting(change) if "=" in change else _settings_in(Path(change))
    return settings


def _settings_in(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputDataError(
            N_("{file} cannot be read as settings: {cause}"),
            N_('Write one setting a line, as TOML does, for example guardians = "all".'),
            file=file,
            cause=getattr(error, "strerror", None) or error,
        ) from error


def _setting(change: str) -> dict[str, Any]:
    """Read `name=value` as TOML writes it; a bare word is a word."""
    name, _equals, value = change.partition("=")
    if value.strip() == "off":
        return {name.strip(): None}
    try:
        return tomllib.loads(f"{name} = {value}")
    except tomllib.TOMLDecodeError:
        pass
    try:
        return tomllib.loads(f"{name} = {json.dumps(value.strip())}")
    except tomllib.TOMLDecodeError:
        raise InputDataError(
            N_("{value} is not a setting with a value"),
            N_("Write it as setting=value, for example guardians=all."),
            value=change,
        ) from None
