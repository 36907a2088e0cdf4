"""`today`: what needs doing now, each thing on a line with its command."""

from typing import Any

import click

from photoreg.cli.app import Command, Office
from photoreg.cli.case import moment
from photoreg.cli.options import format_option
from photoreg.cli.output import say, show
from photoreg.cli.views.waiting import TODAY
from photoreg.services.today import Item, Matter, today
from photoreg.texts import N_, _

ONE = {
    Matter.FLAG: N_("{photo} was stopped by a flag, {subject}"),
    Matter.TAKE_DOWN: N_("{photo} is to be taken down from {channel}, {subject}"),
    Matter.CASE: N_("{photo} for {channel} waits for a ruling, {subject}"),
    Matter.NEEDS_FACTS: N_("the coordinator asks for more facts about {photo}, {subject}"),
    Matter.FEW_ADMINS: N_("the channel {channel} has too few administrators"),
    Matter.REVIEW: N_("the practices of {channel} are to be gone through"),
}
"""What is said of one thing."""

SEVERAL = {
    Matter.FLAG: N_("more flags: {count}"),
    Matter.TAKE_DOWN: N_("more to be taken down: {count}"),
    Matter.CASE: N_("more cases that wait for a ruling: {count}"),
    Matter.NEEDS_FACTS: N_("more photos about which facts are asked for: {count}"),
    Matter.QUESTIONS: N_("photos with open questions: {count}"),
    Matter.CONSENTS_END: N_("consents that end within 30 days: {count}"),
    Matter.FEW_ADMINS: N_("more channels with too few administrators: {count}"),
    Matter.REVIEW: N_("more channels whose practices are to be gone through: {count}"),
    Matter.PRINTED: N_("in print, not to be printed again: {count}"),
}
"""What is said of several things in one line."""


@click.command(
    "today",
    cls=Command,
    help=N_(
        "List what needs doing now: for you, or for the whole municipality if you are its "
        "coordinator. Publications that may not stay since today get their take-down tasks."
    ),
    example="photoreg today",
)
@format_option
@click.pass_obj
def today_command(office: Office, layout: str) -> None:
    """List what needs doing."""
    items = today(office.workplace)
    if layout != "table":
        show(TODAY, (_row(item, layout) for item in items), layout)
    elif not items:
        say(_("Nothing needs doing now."))
    else:
        for item in items:
            _print(item)


def _row(item: Item, layout: str) -> dict[str, Any]:
    return {
        "matter": item.matter,
        "count": item.count,
        "subject": item.subject,
        "photo": item.photo,
        "channel": item.channel,
        "due_at": moment(item.due_at, layout) if item.due_at else None,
        "overdue": item.overdue,
        "command": item.command,
    }


def _print(item: Item) -> None:
    is_one = item.photo is not None or item.channel is not None
    text = _(ONE[item.matter] if is_one else SEVERAL[item.matter]).format(
        photo=item.photo, channel=item.channel, subject=item.subject, count=item.count
    )
    if item.overdue:
        text = _("OVERDUE: {what}").format(what=text)
    elif item.due_at:
        text = _("{what}, by {due}").format(what=text, due=moment(item.due_at))
    click.echo(f"{text}\n  → {item.command}")
