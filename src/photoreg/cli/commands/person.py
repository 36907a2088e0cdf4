"""`person`: people who take photos, are depicted, or decide for a child."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.commands.data_subject import (
    person_erase_command,
    person_merge_command,
    person_report_command,
)
from photoreg.cli.options import (
    argument,
    day_option,
    enum_option,
    format_option,
    option,
    other_option,
)
from photoreg.cli.output import print_line, print_records
from photoreg.cli.printing.people import print_person, print_recorded
from photoreg.presentation.inputs.people import PERSON
from photoreg.presentation.people.details import tombstone_lines
from photoreg.presentation.people.recorded import namesakes_told
from photoreg.presentation.views.people import BLOCKS, PERSONS
from photoreg.registry.tables.people import Language
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.consents import consents
from photoreg.services.data_subjects import erasure
from photoreg.services.people import blocks, persons
from photoreg.services.people.persons import PersonDetails
from photoreg.texts import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])


@click.group(
    "person", cls=Group, help=N_("People: photographers, people in photos, and guardians.")
)
def person_command() -> None:
    """Group commands about persons."""


def about_options(function: _F) -> _F:
    """Add the options for the details of a person."""
    for decorate in (
        option(
            "--known-as",
            multiple=True,
            help=N_(
                "Another name of the person, such as a pen name or an earlier surname. May be "
                "given several times."
            ),
        ),
        day_option("--died", help=PERSON["died"]),
        option(
            "--deceased/--alive",
            default=None,
            help=PERSON["deceased"],
        ),
        option(
            "--capacity-doubt/--capacity-ok",
            "doubt",
            default=None,
            help=PERSON["doubt"],
        ),
        enum_option(
            "--language",
            kind="Language",
            help=PERSON["language"],
        ),
        option("--contact", help=PERSON["contact"]),
        option(
            "--guardians",
            type=click.IntRange(0, persons.MAX_GUARDIANS),
            help=PERSON["guardians"],
        ),
        option("--minor", is_flag=True, help=N_("The person is a minor.")),
        option("--adult", is_flag=True, help=N_("The person is an adult.")),
        day_option("--born", help=PERSON["born"]),
    ):
        function = decorate(function)
    return function


def _person_fields(
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
    died: date | None,
    known_as: tuple[str, ...],
    not_known_as: tuple[str, ...] = (),
) -> PersonDetails:
    """Combine the options into details; a birth date with an age group is a usage error."""
    if minor and adult:
        raise click.UsageError(_("Give either --adult or --minor, not both."))
    if born and (minor or adult):
        raise click.UsageError(
            _("--born shows whether the person is an adult: leave out --adult and --minor.")
        )
    capacity = None if doubt is None else Capacity.DOUBT if doubt else Capacity.OK
    return PersonDetails(
        name=name,
        born=born,
        age_group=AgeGroup.MINOR if minor else AgeGroup.ADULT if adult else None,
        guardians=guardians,
        contact=contact,
        language=Language(language) if language else None,
        capacity=capacity,
        deceased=deceased,
        died_on=died,
        known_as=known_as,
        not_known_as=not_known_as,
    )


@person_command.command(
    "add",
    help=N_("Add a person. Give the birth date if possible: it shows when a child turns 18."),
    example=N_('photoreg person add "Aslak Magga" --born 2016-05-04 --guardians 2'),
)
@argument("name")
@about_options
@option("--same", metavar="PERSON", help=PERSON["same"])
@other_option
@click.pass_obj
def person_add(
    context: CliContext, /, name: str, same: str | None, other: tuple[str, ...], **given: Any
) -> None:
    """Add one person."""
    details = _person_fields(name=name, **given)
    saved = persons.add_person(context.application, details, same=same, other=other)
    if not saved.is_new:
        text = _("{person} is in the registry already: nothing was added or changed.")
        print_line(text.format(person=saved.person))
        return
    print_line(_("{person} was added.").format(person=saved.person))
    print_recorded(namesakes_told(saved))


@person_command.command(
    "change",
    help=N_("Change what is recorded about a person."),
    example="photoreg person change H-1 --contact 040-1234567",
)
@argument("person")
@option("--name", help=N_("The new or corrected name."))
@about_options
@option(
    "--not-known-as",
    multiple=True,
    help=N_("A name added with --known-as that was wrong. May be given several times."),
)
@other_option
@click.pass_obj
def person_change(
    context: CliContext, /, person: str, other: tuple[str, ...], **given: Any
) -> None:
    """Change one person."""
    details = _person_fields(**given)
    saved = persons.change_person(context.application, person, details, other=other)
    print_line(_("The data of {person} was changed.").format(person=saved.person))
    print_recorded(namesakes_told(saved))


@person_command.command(
    "block",
    help=N_(
        "Record that a person must not be shown. Do not give a reason: it is not stored. Only the "
        "communications coordinator can lift the block."
    ),
    example="photoreg person block H-1",
)
@argument("person")
@click.pass_obj
def person_block(context: CliContext, person: str) -> None:
    """Block a person."""
    saved = blocks.block_person(context.application, person)
    print_line(
        _(
            "{person} must not be shown. Only the communications coordinator can change this."
        ).format(person=saved.person)
    )


@person_command.command(
    "unblock",
    help=N_(
        "Record that a person may be shown again. Only the communications coordinator can do this."
    ),
    example="photoreg person unblock H-1",
)
@argument("person")
@click.pass_obj
def person_unblock(context: CliContext, person: str) -> None:
    """Lift the block of a person."""
    saved = blocks.unblock_person(context.application, person)
    print_line(_("{person} may be shown again.").format(person=saved.person))


@person_command.command(
    "blocks",
    help=N_(
        "List the people who must not be shown, since when and recorded by whom. Only the "
        "communications coordinator can do this; the viewing is logged."
    ),
    example="photoreg person blocks",
)
@format_option
@click.pass_obj
def person_blocks(context: CliContext, layout: str) -> None:
    """List the people who must not be shown."""
    print_records(BLOCKS, blocks.list_blocks(context.application), layout)


@person_command.command(
    "list",
    help=N_(
        "List the people. If you are of a unit, of people of other units only the id and the year "
        "of birth are shown, unless the settings say otherwise (staff_see)."
    ),
    example="photoreg person list",
)
@format_option
@click.pass_obj
def person_list(context: CliContext, layout: str) -> None:
    """List all persons."""
    print_records(PERSONS, persons.list_persons(context.application), layout)


@person_command.command(
    "show",
    help=N_(
        "Show a person with guardians and consents. If you are of a unit, of people of other units "
        "the unit and the year of birth are shown, without name and contact."
    ),
    example="photoreg person show H-1",
)
@argument("person")
@click.pass_obj
def person_show(context: CliContext, person: str) -> None:
    """Show one person."""
    tombstone = erasure.tombstone(context.application, person)
    if tombstone is not None:
        for line in tombstone_lines(tombstone):
            print_line(line)
        return
    print_person(consents.show_person(context.application, person))


person_command.add_command(person_report_command)
person_command.add_command(person_erase_command)
person_command.add_command(person_merge_command)
