"""`consent pending` and `consent expiring`: unanswered requests and consents to renew."""

from datetime import timedelta

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import DurationParam, format_option, option
from photoreg.cli.output import print_note, print_records
from photoreg.cli.printing.next_steps import print_step
from photoreg.presentation.views.consents import CONSENTS_EXPIRING, CONSENTS_PENDING
from photoreg.services.consents import requests
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "pending",
    cls=Command,
    help=N_(
        "List who has not answered: consents asked for but not answered, including printed forms "
        "not yet returned, and how long each has waited; then the people shown in photos, or "
        "their guardians, whom nobody has asked."
    ),
    example="photoreg consent pending --event E-1",
)
@option("--event", help=N_("Only for the photos of this event."))
@format_option
@click.pass_obj
def pending_command(context: CliContext, event: str | None, layout: str) -> None:
    """List unanswered consent requests."""
    with requests.pending_requests(context.application, event) as rows:
        count = print_records(CONSENTS_PENDING, rows, layout)
    if count and layout == "table":
        print_note(_("Their photos may be published only after they have answered."))


@click.command(
    "expiring",
    cls=Command,
    help=N_(
        "List the consents that end soon: their last day comes, the maximum age in the "
        "settings is reached, or a child comes of age. Shows whom to ask again, how, and how "
        "many photos are concerned."
    ),
    example="photoreg consent expiring --within 60d",
)
@option(
    "--within",
    type=DurationParam(),
    default="60d",
    show_default=True,
    help=N_("How far ahead to look: 60d is 60 days, 8w is 8 weeks."),
)
@format_option
@click.pass_obj
def expiring_command(context: CliContext, within: int, layout: str) -> None:
    """List consents that expire soon."""
    with requests.expiring_consents(context.application, timedelta(within)) as rows:
        count = print_records(CONSENTS_EXPIRING, rows, layout)
    if count and layout == "table":
        print_note(_("To ask them again:"))
        print_step(NextAction.CONSENT_FORM, "person", "until", "folder")
