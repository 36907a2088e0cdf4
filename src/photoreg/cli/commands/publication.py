"""`publication`: where photos were published, and their take-downs."""

from datetime import date
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.commands.check import OUTCOME_EXIT_CODES
from photoreg.cli.options import argument, day_option, format_option, option, use_options
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.corrections import print_corrected
from photoreg.cli.printing.verdict import print_verdict
from photoreg.cli.prompts.consent_options import agrees_option
from photoreg.presentation.publications import publication_row
from photoreg.presentation.views.publications import PUBLICATIONS
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.files.rights import web_address
from photoreg.services.publications import corrections, publishing, takedown_tasks
from photoreg.texts import N_, _


@click.group("publication", cls=Group, help=N_("Where photos are published, and taking them down."))
def publication_command() -> None:
    """Group commands about publications."""


@publication_command.command(
    "add",
    help=N_(
        "Record where a photo was published. Only an administrator of the channel can do this, "
        "and only while the photo may be published."
    ),
    example="photoreg publication add P-1 --channel kunta --url https://kunta.example/uutinen",
)
@argument("photo")
@use_options
@option("--url", help=N_("The address on the web."))
@option(
    "--issue",
    help=N_("For print or the press: which issue and page, or where it can be seen."),
)
@day_option("--on", help=N_("The day of publication; default: today."))
@click.pass_context
def publication_add(
    ctx: click.Context,
    photo: str,
    channel: str,
    purpose: str,
    mode: str,
    url: str | None,
    issue: str | None,
    on: date | None,
) -> None:
    """Record one publication."""
    if (url is None) == (issue is None):
        raise click.UsageError(_("Give either --url or --issue."))
    address = web_address(url) if url is not None else (issue or "")
    context: CliContext = ctx.obj
    asked = AskedUse(channel, Purpose(purpose), Mode(mode))
    recorded = publishing.add_publication(context.application, photo, asked, address=address, on=on)
    if recorded.publication is None:
        print_verdict(recorded.checked, explain=False)
        print_note(
            _("The publication was not recorded. If the photo is already published, take it down.")
        )
        ctx.exit(OUTCOME_EXIT_CODES[recorded.checked.outcome])
    print_line(_("{publication} was recorded.").format(publication=recorded.publication))


@publication_command.command(
    "list",
    help=N_("List the current publications and those to be taken down."),
    example="photoreg publication list",
)
@option("--photo", help=N_("Only this photo."))
@option("--channel", help=N_("Only this channel."))
@option("--all", "everything", is_flag=True, help=N_("Also publications that were taken down."))
@format_option
@click.pass_obj
def publication_list(
    context: CliContext, photo: str | None, channel: str | None, everything: bool, layout: str
) -> None:
    """List publications."""
    with publishing.list_publications(
        context.application, photo=photo, channel=channel, everything=everything
    ) as rows:
        print_view(PUBLICATIONS, (publication_row(row, layout) for row in rows), layout)


@publication_command.command(
    "takedown",
    help=N_(
        "Record that a publication was taken down, and how this was checked. Name the publication "
        "(J-1) or its task (T-1)."
    ),
    example=N_('photoreg publication takedown J-1 --proof "Checked the page: the photo is gone."'),
)
@argument("publication")
@option(
    "--proof",
    default="",
    help=N_("How you checked that the publication is gone; do not use names."),
)
@option(
    "--evidence",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("A screenshot or message that shows it; a copy is kept with the task."),
)
@day_option("--on", help=N_("The day it was taken down; default: today."))
@click.pass_obj
def publication_takedown(
    context: CliContext, publication: str, proof: str, evidence: Path | None, on: date | None
) -> None:
    """Record one take-down."""
    if not proof and evidence is None:
        raise click.UsageError(_("Give --proof TEXT or --evidence FILE."))
    if evidence is None and is_file(proof):
        proof, evidence = "", Path(proof)
    done = takedown_tasks.take_down(
        context.application, publication, proof=proof, evidence=evidence, on=on
    )
    print_line(
        _("{publication} is taken down; {task} is done.").format(
            publication=done.publication, task=done.task
        )
    )


def is_file(text: str) -> bool:
    """Return whether a text is the path of an existing file."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a path, or not a path
        return False


@publication_command.command(
    "assign",
    help=N_(
        "Choose who takes a publication down. By default it is the channel administrator who "
        "recorded it. Only coordinators and the channel's administrators can do this."
    ),
    example="photoreg publication assign J-1 --to anna",
)
@argument("publication")
@option("--to", "login", required=True, help=N_("The login of the person who takes it down."))
@click.pass_obj
def publication_assign(context: CliContext, publication: str, login: str) -> None:
    """Assign one take-down task."""
    task = takedown_tasks.assign_task(context.application, publication, login)
    print_line(_("{task} is now assigned to {login}.").format(task=task, login=login))


@publication_command.command(
    "keep",
    help=N_(
        "Cancel a take-down task when the photo may be published again, for example because "
        "the consent was renewed."
    ),
    example=N_('photoreg publication keep J-1 --reason "The consent was renewed."'),
)
@argument("publication")
@option(
    "--reason",
    required=True,
    help=N_("Why the publication may stay. The text is kept permanently: do not use names."),
)
@click.pass_context
def publication_keep(ctx: click.Context, publication: str, reason: str) -> None:
    """Cancel one take-down task, if the photo may be published again."""
    context: CliContext = ctx.obj
    task, checked = takedown_tasks.cancel_task(context.application, publication, reason=reason)
    if task is None:
        print_verdict(checked, explain=False)
        print_note(_("The photo may not be published, so the task stays open."))
        ctx.exit(OUTCOME_EXIT_CODES[checked.outcome])
    print_line(
        _("{publication} stays; {task} is cancelled.").format(
            publication=task.publication, task=task.task
        )
    )


@publication_command.command(
    "correct",
    help=N_(
        "Mark a publication as recorded by mistake: it stays in the log and counts as never made. "
        "Whoever recorded it does so right afterwards; later it counts until a colleague has "
        "confirmed the mistake with --agree. Use `publication takedown` for what was published."
    ),
    example="photoreg publication correct J-1",
)
@argument("publication")
@agrees_option
@click.pass_obj
def publication_correct(context: CliContext, publication: str, agrees: bool | None) -> None:
    """Correct one publication."""
    corrected = corrections.correct_publication(context.application, publication, agrees=agrees)
    print_corrected([corrected])
