"""`consent pending` and `consent expiring`: whom to ask, and whom to ask again."""

import re
from datetime import timedelta
from typing import Any

import click

from photoreg.cli.app import Command, Office
from photoreg.cli.options import format_option, option
from photoreg.cli.output import say, show
from photoreg.cli.views import CONSENTS_EXPIRING, CONSENTS_PENDING
from photoreg.services import asking
from photoreg.texts import N_, _

_LONGEST_DAYS = 3650
_DAYS_IN = {"d": 1, "w": 7}


class Within(click.ParamType[timedelta]):
    """A time from today: 60d, 8w, or a number of days."""

    name = "within"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Show the format in the help."""
        return "60d"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the time; anything else is wrong use (exit 2)."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,4})\s*([dw]?)", str(value).strip().lower(), re.ASCII)
        days = int(found[1]) * _DAYS_IN[found[2] or "d"] if found else -1
        if not 0 <= days <= _LONGEST_DAYS:
            text = _("{value} is not a time such as 60d or 8w").format(value=value)
            return self.fail(text, param, ctx)
        return timedelta(days=days)


@click.command(
    "pending",
    cls=Command,
    help=N_(
        "List who was asked and has not answered, printed forms that have not come back among "
        "them, and for how long."
    ),
    example="photoreg consent pending --event E-1",
)
@option("--event", help=N_("Only for the photos of this event."))
@format_option
@click.pass_obj
def pending_command(office: Office, event: str | None, layout: str) -> None:
    """List who has not answered."""
    rows = asking.pending(office.workplace, event)
    show(CONSENTS_PENDING, rows, layout)
    if rows and layout == "table":
        say(_("Until they answer, their photos are not published."))


@click.command(
    "expiring",
    cls=Command,
    help=N_(
        "List whose yes ends soon: by its last day, by the age limit in the settings, or because a "
        "child comes of age. With whom to ask again, how, and how many photos it is about."
    ),
    example="photoreg consent expiring --within 60d",
)
@option(
    "--within",
    type=Within(),
    default="60d",
    show_default=True,
    help=N_("How far ahead to look: 60d is days, 8w is weeks."),
)
@format_option
@click.pass_obj
def expiring_command(office: Office, within: timedelta, layout: str) -> None:
    """List whose yes ends."""
    rows = asking.expiring(office.workplace, within)
    show(CONSENTS_EXPIRING, rows, layout)
    if rows and layout == "table":
        say(_("To ask them again: `photoreg consent form --person PERSON …`."))
