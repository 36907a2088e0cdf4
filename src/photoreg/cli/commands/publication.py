"""`publication`: where photos were published, and their take-downs."""

from datetime import date
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.chosen_photos import (
    chosen,
    chosen_photos,
    photos_options,
    publishable_only,
    verdict_option,
)
from photoreg.cli.commands.check import OUTCOME_EXIT_CODES
from photoreg.cli.options import argument, day_option, format_option, option, use_options
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.corrections import print_corrected
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.printing.verdict import print_verdict
from photoreg.cli.prompts.consent_options import agrees_option
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.publications import (
    photo_state,
    publication_rows,
    recorded_in_words,
    taken_down_lines,
)
from photoreg.presentation.views.publications import PUBLICATIONS
from photoreg.registry.ids import Kind, human_ids
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions import choosing
from photoreg.services.decisions.evaluation import AskedUse, unusual_use, worst_outcome
from photoreg.services.files.rights import web_address
from photoreg.services.publications import corrections, publishing, takedown_tasks
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("publication", cls=Group, help=N_("Where photos are published, and taking them down."))
def publication_command() -> None:
    """Group commands about publications."""


@publication_command.command(
    "add",
    help=N_(
        "Record where photos were published: those of one post, page or issue are one "
        "publication. Only an administrator of the channel can do this, and only while every one "
        "of the photos may be published; --verdict publishable leaves the others out."
    ),
    example="photoreg publication add P-1 --channel kunta --url https://kunta.example/uutinen",
)
@photos_options
@verdict_option
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
    photos: tuple[str, ...],
    event: str | None,
    verdict: str | None,
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
    named = chosen_photos(context.application, photos, event)
    if verdict:
        named = publishable_only(context.application, named, asked)
    recorded = publishing.add_publication(context.application, named, asked, address=address, on=on)
    if recorded.publication is None:
        _print_not_recorded(ctx, recorded)
        ctx.exit(OUTCOME_EXIT_CODES[worst_outcome(each.outcome for each in recorded.checked)])
    print_line(recorded_in_words(recorded))


def _print_not_recorded(ctx: click.Context, recorded: publishing.PublicationRecorded) -> None:
    """Print why a publication was not recorded, and the step that leaves those photos out."""
    for each in recorded.not_allowed:
        print_verdict(each, explain=False)
    print_note(
        _("The publication was not recorded. If the photo is already published, take it down.")
    )
    allowed = human_ids(Kind.PHOTO, (e.photo_id for e in recorded.checked if e.is_allowed))
    if allowed:
        given = ctx.params
        use = unusual_use(Purpose(given["purpose"]), Mode(given["mode"]))
        day = given["on"].isoformat() if given["on"] else ""
        print_note(_("To record it without the photos that may not be published:"))
        print_step(
            NextAction.PUBLICATION_ADD,
            photo="" if given["event"] else " ".join(allowed),
            event=given["event"] or "",
            verdict=Outcome.PUBLISHABLE if given["event"] else "",
            channel=given["channel"],
            url=given["url"] or "",
            issue=given["issue"] or "",
            on=day,
            purpose=use["purpose"],
            mode=use["mode"],
        )


@publication_command.command(
    "show",
    help=N_("Show a publication: where and when, and each of its photos with its state."),
    example="photoreg publication show J-1",
)
@argument("publication")
@format_option
@click.pass_obj
def publication_show(context: CliContext, publication: str, layout: str) -> None:
    """Show one publication."""
    rows = publishing.show_publication(context.application, publication)
    if layout != "table":
        print_view(PUBLICATIONS, publication_rows(rows, layout), layout)
        return
    first = rows[0]
    print_line(
        _("{publication} · {channel} · {address} · {day} · recorded by {login}").format(
            publication=first.publication,
            channel=first.channel,
            address=safe(first.address),
            day=day_in_words(first.published_on),
            login=first.recorded_by,
        )
    )
    for row in rows:
        print_line(f"  {' · '.join(photo_state(row))}")


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
        print_view(PUBLICATIONS, publication_rows(rows, layout), layout)


@publication_command.command(
    "takedown",
    help=N_(
        "Record that photos were taken out of publications, and how this was checked. Name the "
        "task (T-1), which is about one photo, or the publication (J-1): of several photos say "
        "which with --photo, or --whole if nothing of it is left."
    ),
    example=N_('photoreg publication takedown J-1 --proof "Checked the page: the photo is gone."'),
)
@argument("publications", nargs=-1, metavar="PUBLICATION...")
@option("--event", help=N_("All open take-down tasks about the photos of this event."))
@option(
    "--photo",
    "photos",
    multiple=True,
    help=N_("The photo of the publication that is gone; can be repeated."),
)
@option("--whole", is_flag=True, help=N_("The whole publication is gone, with all its photos."))
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
    context: CliContext,
    publications: tuple[str, ...],
    event: str | None,
    photos: tuple[str, ...],
    whole: bool,
    proof: str,
    evidence: Path | None,
    on: date | None,
) -> None:
    """Record take-downs, all or none."""
    if not proof and evidence is None:
        raise click.UsageError(_("Give --proof TEXT or --evidence FILE."))
    if photos and whole:
        raise click.UsageError(_("Give either --photo or --whole."))
    if evidence is None and is_file(proof):
        proof, evidence = "", Path(proof)
    named = chosen(context.application, publications, event, choosing.event_tasks)
    done = takedown_tasks.take_down(
        context.application,
        named,
        photos=photos,
        whole=whole,
        proof=proof,
        evidence=evidence,
        on=on,
    )
    for line in taken_down_lines(done):
        print_line(line)


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
    for task in takedown_tasks.assign_task(context.application, publication, login):
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
    tasks, checked = takedown_tasks.cancel_task(context.application, publication, reason=reason)
    if not tasks:
        for each in checked:
            if not each.is_allowed:
                print_verdict(each, explain=False)
        print_note(_("The photo may not be published, so the task stays open."))
        ctx.exit(OUTCOME_EXIT_CODES[worst_outcome(each.outcome for each in checked)])
    for task in tasks:
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
