"""Further `audit` lists: expiring and undocumented consents, rulings, settings, documents."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import click

from photoreg import errors
from photoreg.cli.app import CliContext, Command
from photoreg.cli.as_of import application_as_of, print_as_of
from photoreg.cli.options import DurationParam, as_of_option, format_option, option, purpose_option
from photoreg.cli.output import print_note, print_view
from photoreg.presentation.rows.audits import looser_period, view_row
from photoreg.presentation.second_looks import second_look_row
from photoreg.presentation.view import View
from photoreg.presentation.views.audits import (
    CHANNEL_STATES,
    DISCLOSURES,
    EVIDENCE,
    EXPIRING,
    EXPIRING_WITH_NAMES,
    LOOSER,
    ONE_GUARDIAN,
    ONE_GUARDIAN_WITH_NAMES,
    RULINGS,
    SECOND_LOOKS,
    UNDOCUMENTED,
    UNDOCUMENTED_WITH_NAMES,
)
from photoreg.services.audits import oversight
from photoreg.services.audits.second_looks import second_looks_listed
from photoreg.services.data_subjects.disclosures import list_disclosures, state_purpose
from photoreg.texts import N_, _


def print_counted(view: View, rows: Iterable[Any], layout: str) -> int:
    """Print dataclasses as rows of a view, then their count; return the count."""
    count = print_view(view, (view_row(view, row, layout) for row in rows), layout)
    print_note(_("Rows: {count}.").format(count=count))
    return count


def _print_named(
    context: CliContext,
    as_of: date | None,
    purpose: str | None,
    views: tuple[View, View],
    listed: Callable[..., AbstractContextManager[Iterable[Any]]],
    layout: str,
    **how: Any,
) -> None:
    """Print a list of persons by id, or by name if a purpose is given; log the purpose first."""
    plain, with_names = views
    if purpose is not None:
        state_purpose(context.application, purpose, plain.name.removeprefix("audit-"))
    application = application_as_of(context, as_of)
    with listed(application, named=purpose is not None, **how) as rows:
        print_as_of(as_of)
        print_counted(plain if purpose is None else with_names, rows, layout)


@click.command(
    "expiring",
    cls=Command,
    help=N_("List consents and permissions in force that end soon and on which photos depend."),
    example="photoreg audit expiring --within 60d",
)
@option(
    "--within",
    type=DurationParam(),
    default="60d",
    show_default=True,
    help=N_("How many days ahead to look."),
)
@purpose_option
@as_of_option
@format_option
@click.pass_obj
def audit_expiring(
    context: CliContext, within: int, purpose: str | None, as_of: date | None, layout: str
) -> None:
    """List consents and permissions that expire soon."""
    views = (EXPIRING, EXPIRING_WITH_NAMES)
    _print_named(
        context, as_of, purpose, views, oversight.expiring_grants, layout, within_days=within
    )


@click.command(
    "undocumented",
    cls=Command,
    help=N_("List consents and permissions in force that have neither a document nor a note."),
    example="photoreg audit undocumented",
)
@purpose_option
@as_of_option
@format_option
@click.pass_obj
def audit_undocumented(
    context: CliContext, purpose: str | None, as_of: date | None, layout: str
) -> None:
    """List undocumented consents and permissions."""
    views = (UNDOCUMENTED, UNDOCUMENTED_WITH_NAMES)
    _print_named(context, as_of, purpose, views, oversight.undocumented_grants, layout)


@click.command(
    "one-guardian",
    cls=Command,
    help=N_("List photos of minors that depend on one guardian's consent, and why one is enough."),
    example="photoreg audit one-guardian",
)
@purpose_option
@as_of_option
@format_option
@click.pass_obj
def audit_one_guardian(
    context: CliContext, purpose: str | None, as_of: date | None, layout: str
) -> None:
    """List photos that depend on a single guardian's consent."""
    views = (ONE_GUARDIAN, ONE_GUARDIAN_WITH_NAMES)
    _print_named(context, as_of, purpose, views, oversight.one_guardian, layout)


@click.command(
    "rulings",
    cls=Command,
    help=N_("List every ruling with its reason, who made it, and whether it is in force."),
    example="photoreg audit rulings --format csv",
)
@as_of_option
@format_option
@click.pass_obj
def audit_rulings(context: CliContext, as_of: date | None, layout: str) -> None:
    """List the rulings."""
    with oversight.rulings(application_as_of(context, as_of)) as rows:
        print_as_of(as_of)
        print_counted(RULINGS, rows, layout)


@click.command(
    "second-looks",
    cls=Command,
    help=N_(
        "List the answers that blocked publication and were withdrawn: who withdrew what and "
        "when, and who confirmed it, if anybody has."
    ),
    example="photoreg audit second-looks",
)
@as_of_option
@format_option
@click.pass_obj
def audit_second_looks(context: CliContext, as_of: date | None, layout: str) -> None:
    """List second looks, open and closed."""
    with second_looks_listed(application_as_of(context, as_of)) as rows:
        print_as_of(as_of)
        count = print_view(SECOND_LOOKS, (second_look_row(row, layout) for row in rows), layout)
        print_note(_("Rows: {count}.").format(count=count))


@click.command(
    "looser-policy",
    cls=Command,
    help=N_(
        "List when a setting was looser than the default, who set it, and how many decisions "
        "were made meanwhile."
    ),
    example="photoreg audit looser-policy",
)
@as_of_option
@format_option
@click.pass_obj
def audit_looser_policy(context: CliContext, as_of: date | None, layout: str) -> None:
    """List periods in which a setting was looser than the default."""
    periods = oversight.looser_periods(application_as_of(context, as_of))
    rows = (looser_period(each, layout) for each in periods)
    print_as_of(as_of)
    print_counted(LOOSER, rows, layout)


@click.command(
    "channels",
    cls=Command,
    help=N_("List the channels: administrators, changed terms, reviews, and current publications."),
    example="photoreg audit channels",
)
@as_of_option
@format_option
@click.pass_obj
def audit_channels(context: CliContext, as_of: date | None, layout: str) -> None:
    """List the channels."""
    rows = oversight.channel_audit(application_as_of(context, as_of))
    print_as_of(as_of)
    print_counted(CHANNEL_STATES, rows, layout)


@click.command(
    "evidence",
    cls=Command,
    help=N_(
        "List documents whose file is missing, has been changed, or should have been erased, "
        "and files that belong to no record; exit code 10 if there are any. Files have no "
        "history, so the list always concerns today."
    ),
    example="photoreg audit evidence",
)
@format_option
@click.pass_context
def audit_evidence(ctx: click.Context, layout: str) -> None:
    """List faulty documents; exit with SOME_FAILED if there are any."""
    context: CliContext = ctx.obj
    if print_counted(EVIDENCE, oversight.faulty_documents(context.application), layout):
        ctx.exit(errors.SOME_FAILED)


@click.command(
    "disclosures",
    cls=Command,
    help=N_(
        "List who looked at several names or at contacts: when, by which command, about what, and "
        "how many. Only coordinators and auditors can do this. A stated purpose may name somebody: "
        "auditors see only their own."
    ),
    example="photoreg audit disclosures --limit 50",
)
@option("--person", help=N_("Only what showed this person: name or id."))
@option("--limit", type=click.IntRange(min=1), help=N_("The maximum number of entries."))
@as_of_option
@format_option
@click.pass_obj
def audit_disclosures(
    context: CliContext, person: str | None, limit: int | None, as_of: date | None, layout: str
) -> None:
    """List who looked at names."""
    application = application_as_of(context, as_of)
    with list_disclosures(application, person=person, limit=limit) as rows:
        print_as_of(as_of)
        print_counted(DISCLOSURES, rows, layout)


AUDIT_LISTS = (
    audit_expiring,
    audit_undocumented,
    audit_one_guardian,
    audit_rulings,
    audit_second_looks,
    audit_looser_policy,
    audit_channels,
    audit_evidence,
    audit_disclosures,
)
"""The commands of this module, for the group `audit`."""
