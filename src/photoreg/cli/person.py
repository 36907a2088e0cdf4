"""`person` and `guardian`: people who take photos, are shown, or decide for a child."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from photoreg.cli.app import Group, Office
from photoreg.cli.options import day_option, format_option, option, word_option
from photoreg.cli.output import say, show
from photoreg.cli.person_rights import (
    person_erase_command,
    person_merge_command,
    person_report_command,
    print_tombstone,
)
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_as_said
from photoreg.presentation.labels import in_words, word
from photoreg.presentation.views.people import GUARDIANS, PERSONS
from photoreg.registry.tables.people import GuardianBasis, Language
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services import consents, erasing, people
from photoreg.services.guardians import (
    GuardianSaved,
    add_guardian,
    end_guardian,
    excuse_guardian,
    list_guardians,
    verify_guardian,
)
from photoreg.services.people import About, PersonSaved
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])


@click.group(
    "person", cls=Group, help=N_("People who take photos, are shown, or decide for a child.")
)
def person_command() -> None:
    """Group."""


def about_options(function: _F) -> _F:
    """Add the options that say something about a person."""
    for decorate in (
        option("--deceased/--alive", default=None, help=N_("The person has died, or has not.")),
        option(
            "--capacity-doubt/--capacity-ok",
            "doubt",
            default=None,
            help=N_("Whether it is in doubt that the person can decide about a consent."),
        ),
        word_option(
            "--language",
            kind="Language",
            help=N_("The language in which the person gets forms and receipts."),
        ),
        option("--contact", help=N_("How to reach the person.")),
        option(
            "--guardians",
            type=click.IntRange(0, people.MOST_GUARDIANS),
            help=N_("For a child: how many guardians there are."),
        ),
        option("--minor", is_flag=True, help=N_("Known to be a minor.")),
        option("--adult", is_flag=True, help=N_("Known to be an adult.")),
        day_option("--born", help=N_("The date of birth.")),
    ):
        function = decorate(function)
    return function


def _about(
    *,
    name: str | None,
    born: date | None,
    minor: bool,
    adult: bool,
    guardians: int | None,
    contact: str | None,
    language: str | None,
    doubt: bool | None,
    deceased: bool | None,
) -> About:
    """Put the options together; a birth date beside an age group is wrong use."""
    if minor and adult:
        raise click.UsageError(_("Either --adult or --minor, not both."))
    if born and (minor or adult):
        raise click.UsageError(
            _("--born says whether the person is an adult: leave out --adult and --minor.")
        )
    capacity = None if doubt is None else Capacity.DOUBT if doubt else Capacity.OK
    return About(
        name=name,
        born=born,
        age_group=AgeGroup.MINOR if minor else AgeGroup.ADULT if adult else None,
        guardians=guardians,
        contact=contact,
        language=Language(language) if language else None,
        capacity=capacity,
        deceased=deceased,
    )


@person_command.command(
    "add",
    help=N_("Add a person. A birth date is best: it tells by itself when a child turns 18."),
    example='photoreg person add "Aslak Magga" --born 2016-05-04 --guardians 2',
)
@click.argument("name")
@about_options
@click.pass_obj
def person_add(office: Office, /, name: str, **said: Any) -> None:
    """Add one person."""
    saved = people.add_person(office.workplace, _about(name=name, **said))
    click.echo(_("{person} was added.").format(person=saved.person))
    _say_namesakes(saved)


@person_command.command(
    "change",
    help=N_("Change what is recorded about a person."),
    example="photoreg person change H-1 --contact 040-1234567",
)
@click.argument("person")
@option("--name", help=N_("The new or corrected name."))
@about_options
@click.pass_obj
def person_change(office: Office, /, person: str, **said: Any) -> None:
    """Change one person."""
    saved = people.change_person(office.workplace, person, _about(**said))
    click.echo(_("{person} was changed.").format(person=saved.person))
    _say_namesakes(saved)


def _say_namesakes(saved: PersonSaved) -> None:
    if saved.namesakes:
        say(
            _("Others of the same name: {people}. From now on, use the ids.").format(
                people=", ".join(saved.namesakes)
            )
        )


@person_command.command(
    "block",
    help=N_(
        "Note that a person may not be shown, or lift that. Only coordinators may. "
        "Give no reason: none is stored."
    ),
    example="photoreg person block H-1",
)
@click.argument("person")
@option("--lift", is_flag=True, help=N_("The person may be shown again."))
@click.pass_obj
def person_block(office: Office, person: str, lift: bool) -> None:
    """Block or lift. The line printed is the same as for every other change."""
    saved = people.block_person(office.workplace, person, lift=lift)
    click.echo(_("{person} was changed.").format(person=saved.person))


@person_command.command("list", help=N_("List the people."), example="photoreg person list")
@format_option
@click.pass_obj
def person_list(office: Office, layout: str) -> None:
    """List everybody."""
    show(PERSONS, people.list_persons(office.workplace), layout)


@person_command.command(
    "show",
    help=N_("Show a person with guardians and consents."),
    example="photoreg person show H-1",
)
@click.argument("person")
@click.pass_obj
def person_show(office: Office, person: str) -> None:
    """Show one person."""
    stone = erasing.tombstone(office.workplace, person)
    if stone is not None:
        print_tombstone(stone)
        return
    shown = consents.show_person(office.workplace, person)
    click.echo(f"{shown['person']} {safe(shown['name'])}")
    click.echo(_("  age: {age}").format(age=_age(shown)))
    if shown["contact"]:
        click.echo(_("  contact: {contact}").format(contact=safe(shown["contact"])))
    if shown["language"]:
        click.echo(_("  language: {language}").format(language=word(shown["language"])))
    if shown["deceased"]:
        click.echo(_("  has died"))
    if shown["capacity"] is Capacity.DOUBT:
        click.echo(_("  ability to decide: {capacity}").format(capacity=word(Capacity.DOUBT)))
    _print_guardians(shown)
    _print_consents(shown)


def _age(shown: Mapping[str, Any]) -> str:
    group = word(shown["age_group"])
    if shown["born"] is None:
        return group
    return _("{age}, {group}, born {born}").format(
        age=shown["age"], group=group, born=shown["born"]
    )


def _print_guardians(shown: Mapping[str, Any]) -> None:
    if shown["guardians_total"] is not None:
        click.echo(_("  guardians there are: {number}").format(number=shown["guardians_total"]))
    for guardian in shown["guardians"]:
        states = [_("verified") if guardian["verified"] else _("not verified")]
        if guardian["excused"]:
            states.append(_("excused"))
        if guardian["ended_on"]:
            states.append(_("ended on {day}").format(day=day_as_said(guardian["ended_on"])))
        click.echo(
            _("  guardian {guardian} {name}: {basis}, {states}").format(
                guardian=guardian["guardian"],
                name=safe(guardian["name"]),
                basis=word(guardian["basis"]),
                states=", ".join(states),
            )
        )


def _print_consents(shown: Mapping[str, Any]) -> None:
    for consent in shown["consents"]:
        channels = ", ".join(in_words("Channel", consent["channels"]))
        own, reach = consent["by"] == shown["person"], consent["reach"]
        click.echo(
            _("  consent {consent}: {by}, {reach}: {state}").format(
                consent=consent["consent"],
                by=_("own word") if own else consent["by"],
                reach=_(reach),
                state=word(consent["state"]),
            )
            + (f" ({channels})" if channels else "")
        )


person_command.add_command(person_report_command)
person_command.add_command(person_erase_command)
person_command.add_command(person_merge_command)


@click.group("guardian", cls=Group, help=N_("Who decides for a child."))
def guardian_command() -> None:
    """Group."""


@guardian_command.command(
    "add",
    help=N_(
        "Record who decides for a child. Until it is verified, a guardian's signature "
        "counts for nothing."
    ),
    example='photoreg guardian add H-1 H-2 --basis parent --verified "population register"',
)
@click.argument("child")
@click.argument("guardian")
@word_option("--basis", kind="GuardianBasis", required=True, help=N_("What makes them a guardian."))
@option("--verified", default="", help=N_("How it was verified."))
@click.pass_obj
def guardian_add(office: Office, child: str, guardian: str, basis: str, verified: str) -> None:
    """Add one guardianship."""
    saved = add_guardian(
        office.workplace, child, guardian, basis=GuardianBasis(basis), verified=verified
    )
    _tell(saved, _("{guardian} is a guardian of {child}."))
    _tell_numbers(saved)
    if not saved.verified:
        say(_("It is not verified yet, so a signature counts for nothing."))
        say(f"→ photoreg guardian verify {saved.child} {saved.guardian} --how TEXT")


@guardian_command.command(
    "verify",
    help=N_("Record how a guardianship was verified."),
    example='photoreg guardian verify H-1 H-2 --how "population register"',
)
@click.argument("child")
@click.argument("guardian")
@option("--how", required=True, help=N_("How it was verified."))
@click.pass_obj
def guardian_verify(office: Office, child: str, guardian: str, how: str) -> None:
    """Verify one guardianship."""
    saved = verify_guardian(office.workplace, child, guardian, how=how)
    _tell(saved, _("{guardian} is a verified guardian of {child}."))


@guardian_command.command(
    "excuse",
    help=N_(
        "Record that a guardian cannot take part, and why (Act on Child Custody 5.2 §). "
        "Only coordinators may. The others decide then."
    ),
    example='photoreg guardian excuse H-1 H-2 --ground "abroad" --evidence letter.pdf',
)
@click.argument("child")
@click.argument("guardian")
@option("--ground", required=True, help=N_("Why the guardian cannot take part."))
@option(
    "--evidence",
    required=True,
    type=click.Path(path_type=Path),
    help=N_("A document that shows it."),
)
@click.pass_obj
def guardian_excuse(office: Office, child: str, guardian: str, ground: str, evidence: Path) -> None:
    """Excuse one guardian."""
    saved = excuse_guardian(office.workplace, child, guardian, ground=ground, evidence=evidence)
    text = (
        _("{guardian} is excused: the other guardians of {child} decide.")
        if saved.deciding
        else _(
            "{guardian} is excused. No other guardian of {child} who decides is recorded: "
            "add one with `photoreg guardian add`."
        )
    )
    _tell(saved, text)


@guardian_command.command(
    "end",
    help=N_("Record that somebody is no longer a guardian; what they said counts no more."),
    example="photoreg guardian end H-1 H-2",
)
@click.argument("child")
@click.argument("guardian")
@day_option("--on", help=N_("The day it ended; today unless said."))
@click.pass_obj
def guardian_end(office: Office, child: str, guardian: str, on: date | None) -> None:
    """End one guardianship."""
    saved = end_guardian(office.workplace, child, guardian, on=on)
    _tell(saved, _("{guardian} is no longer a guardian of {child}."))
    _tell_numbers(saved)


def _tell(saved: GuardianSaved, text: str) -> None:
    """Print what was done and what it touches."""
    click.echo(text.format(guardian=saved.guardian, child=saved.child))


def _tell_numbers(saved: GuardianSaved) -> None:
    """Say when there are said to be more or fewer guardians than are recorded."""
    if saved.stated != saved.recorded:
        stated = "-" if saved.stated is None else saved.stated
        say(
            _("Guardians recorded for {child}: {recorded}; there are said to be: {stated}.").format(
                child=saved.child, recorded=saved.recorded, stated=stated
            )
        )
        say(_("If that number is wrong:"))
        say(f"→ photoreg person change {saved.child} --guardians NUMBER")


@guardian_command.command(
    "list", help=N_("List the guardians of a child."), example="photoreg guardian list H-1"
)
@click.argument("child")
@format_option
@click.pass_obj
def guardian_list(office: Office, child: str, layout: str) -> None:
    """List a child's guardians."""
    show(GUARDIANS, list_guardians(office.workplace, child), layout)
