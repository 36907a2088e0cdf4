"""`guardian`: guardians of children."""

from datetime import date
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import (
    argument,
    day_option,
    enum_option,
    format_option,
    option,
    other_option,
)
from photoreg.cli.output import print_line, print_records
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.people import print_recorded
from photoreg.presentation.inputs.people import GUARDIAN
from photoreg.presentation.people.recorded import (
    guardian_added,
    guardian_ended,
    guardian_verified,
    guardians_verified,
)
from photoreg.presentation.views.people import GUARDIANS
from photoreg.registry.tables.people import GuardianBasis
from photoreg.services.people.guardians import (
    add_guardian,
    end_guardian,
    excuse_guardian,
    list_guardians,
    set_decides_alone,
    verify_guardian,
    verify_guardians_at,
)
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("guardian", cls=Group, help=N_("Who decides for a child."))
def guardian_command() -> None:
    """Group commands about guardians."""


@guardian_command.command(
    "add",
    help=N_(
        "Record a guardian of a child. The guardian's signature becomes valid when the "
        "guardianship has been verified."
    ),
    example=N_('photoreg guardian add H-1 H-2 --basis parent --verified "population register"'),
)
@argument("child")
@argument("guardian")
@enum_option("--basis", kind="GuardianBasis", required=True, help=GUARDIAN["basis"])
@option("--verified", default="", help=GUARDIAN["how"])
@day_option("--since", help=GUARDIAN["since"])
@other_option
@click.pass_obj
def guardian_add(
    context: CliContext,
    child: str,
    guardian: str,
    basis: str,
    verified: str,
    since: date | None,
    other: tuple[str, ...],
) -> None:
    """Record one guardianship."""
    saved = add_guardian(
        context.application,
        child,
        guardian,
        basis=GuardianBasis(basis),
        verified=verified,
        since=since,
        other=other,
    )
    print_recorded(guardian_added(saved))


@guardian_command.command(
    "verify",
    help=N_(
        "Record how a guardianship was verified, or with --event how all those were that are not "
        "verified yet, of the children on the event's roster and in its photos. Guardianships by "
        "court order are verified one by one, from the decision."
    ),
    example=N_('photoreg guardian verify H-1 H-2 --how "population register"'),
)
@argument("child", required=False)
@argument("guardian", required=False)
@option("--event", help=N_("Of all children of this event, by name or id."))
@option("--how", required=True, help=GUARDIAN["how"])
@click.pass_obj
def guardian_verify(
    context: CliContext, child: str | None, guardian: str | None, event: str | None, how: str
) -> None:
    """Record how one guardianship was verified, or those of the children of an event."""
    if bool(guardian) == bool(event) or (event and child):
        raise click.UsageError(_("Give either a child and a guardian, or an event with --event."))
    if event:
        print_recorded(guardians_verified(verify_guardians_at(context.application, event, how=how)))
    else:
        saved = verify_guardian(context.application, child or "", guardian or "", how=how)
        print_line(guardian_verified(saved))


@guardian_command.command(
    "excuse",
    help=N_(
        "Record that a guardian cannot take part, and why (Act on Child Custody 5.2 §). The "
        "other guardians then decide. Only the communications coordinator can do this."
    ),
    example=N_('photoreg guardian excuse H-1 H-2 --ground "abroad" --evidence letter.pdf'),
)
@argument("child")
@argument("guardian")
@option("--ground", required=True, help=N_("Why the guardian cannot take part."))
@option(
    "--evidence",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("A document that supports it."),
)
@click.pass_obj
def guardian_excuse(
    context: CliContext, child: str, guardian: str, ground: str, evidence: Path
) -> None:
    """Excuse one guardian from deciding, with the ground and the evidence."""
    saved = excuse_guardian(context.application, child, guardian, ground=ground, evidence=evidence)
    text = (
        _("{guardian} is excused: the other guardians of {child} decide.")
        if saved.deciding
        else _("{guardian} is excused. No other guardian of {child} who decides is recorded.")
    )
    print_line(text.format(guardian=saved.guardian, child=saved.child))
    if not saved.deciding:
        print_step(NextAction.GUARDIAN_ADD, "guardian", "basis", "how", person=saved.child)


@guardian_command.command(
    "end",
    help=N_(
        "Record the last day of a guardianship. After it the guardian's answers no longer count. "
        "Only the communications coordinator can do this."
    ),
    example="photoreg guardian end H-1 H-2",
)
@argument("child")
@argument("guardian")
@day_option("--on", help=GUARDIAN["on"])
@click.pass_obj
def guardian_end(context: CliContext, child: str, guardian: str, on: date | None) -> None:
    """End one guardianship."""
    saved = end_guardian(context.application, child, guardian, on=on)
    print_recorded(guardian_ended(saved))


@guardian_command.command(
    "decides-alone",
    help=N_(
        "Record that a body that decides on a child's care decides in place of the parents. Only "
        "the communications coordinator can do this."
    ),
    example=N_(
        'photoreg guardian decides-alone H-1 H-4 --evidence decision.pdf --reason "taken into care"'
    ),
)
@argument("child")
@argument("body")
@option(
    "--evidence",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("A document that supports it."),
)
@option("--reason", required=True, help=N_("Why the body decides alone."))
@click.pass_obj
def guardian_decides_alone(
    context: CliContext, child: str, body: str, evidence: Path, reason: str
) -> None:
    """Record that one body decides alone, with the reason and the evidence."""
    saved = set_decides_alone(context.application, child, body, reason=reason, evidence=evidence)
    text = _("{guardian} decides for {child} in place of the other guardians.")
    print_line(text.format(guardian=saved.guardian, child=saved.child))


@guardian_command.command(
    "list", help=N_("List the guardians of a child."), example="photoreg guardian list H-1"
)
@argument("child")
@format_option
@click.pass_obj
def guardian_list(context: CliContext, child: str, layout: str) -> None:
    """List the guardians of a child."""
    print_records(GUARDIANS, list_guardians(context.application, child), layout)
