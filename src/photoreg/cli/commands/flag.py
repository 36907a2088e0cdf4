"""`flag`: photos stopped by a flag or an objection, and how the coordinator resolves them."""

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.chosen_photos import chosen
from photoreg.cli.options import argument, enum_option, format_option, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step
from photoreg.presentation.cells import safe
from photoreg.presentation.days import format_time
from photoreg.presentation.decisions import flag_row, why_flagged
from photoreg.presentation.labels import label
from photoreg.presentation.views.decisions import QUESTION_OPTIONS
from photoreg.registry.tables.photos import FlagOutcome
from photoreg.services.decisions import choosing, flags
from photoreg.services.decisions.flags import FlagDetails, FlagState
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.group("flag", cls=Group, help=N_("Photos that somebody has stopped or objects to."))
def flag_command() -> None:
    """Group the `flag` commands."""


@flag_command.command(
    "list",
    help=N_("List the flags that are waiting for the coordinator, oldest first."),
    example="photoreg flag list",
)
@option("--photo", help=N_("Only flags on this photo."))
@option("--all", "everything", is_flag=True, help=N_("Also those that are resolved."))
@format_option
@click.pass_obj
def flag_list(context: CliContext, photo: str | None, everything: bool, layout: str) -> None:
    """List flags."""
    rows = flags.list_flags(context.application, photo=photo, everything=everything)
    print_view(QUESTION_OPTIONS, (flag_row(row, layout) for row in rows), layout)


@flag_command.command(
    "show",
    help=N_(
        "Show a flag. The reason and who objects are shown to the coordinator and to the user "
        "who recorded the flag."
    ),
    example="photoreg flag show F-1",
)
@argument("flag")
@click.pass_obj
def flag_show(context: CliContext, flag: str) -> None:
    """Show one flag."""
    print_flag(flags.show_flag(context.application, flag))


def print_flag(whole: FlagDetails) -> None:
    """Print all details of a flag."""
    row = whole.row
    print_line(
        _("{flag}: {photo} · {state}").format(
            flag=row.flag, photo=row.photo, state=label(row.state)
        )
    )
    raised = _("Recorded {when} by {login}, due {due}.").format(
        when=format_time(row.raised_at), login=row.raised_by, due=format_time(row.due_at)
    )
    print_line("  " + raised + (" " + _("It is overdue.") if row.overdue else ""))
    by = whole.person or whole.objector
    print_line(
        _("  Who objects: {who}").format(who=label(row.by) + (f", {safe(by)}" if by else ""))
    )
    if not whole.may_read:
        print_line(_("  Only the coordinator sees the reason."))
        return
    print_line("  " + _("Reason: {reason}").format(reason=why_flagged(whole)))
    if whole.resolved_at is not None:
        print_line(
            _("  Resolved {when} by {login}: {reason}").format(
                when=format_time(whole.resolved_at),
                login=whole.resolved_by,
                reason=safe(whole.resolution),
            )
        )
    if row.state is FlagState.OPEN and whole.may_resolve:
        print_note(_("To resolve it, use one of these commands:"))
        for outcome in FlagOutcome:
            print_step(NextAction.FLAG_RESOLVE, "reason", flag=row.flag, outcome=outcome)


@flag_command.command(
    "resolve",
    help=N_(
        "Resolve flags and give the reason: the flag stands and the photo stays stopped, or "
        "the flag is lifted. Only the communications coordinator can do this. Nobody resolves "
        "flags on their own photos. A person's own refusal remains in force."
    ),
    example=N_(
        'photoreg flag resolve F-1 --outcome lifted --reason "The number is not a house number."'
    ),
)
@argument("named", nargs=-1, metavar="FLAG...")
@option("--event", help=N_("All open flags on the photos of this event."))
@enum_option(
    "--outcome",
    kind="FlagOutcome",
    required=True,
    help=N_("The outcome: the flag stands or is lifted."),
)
@option(
    "--reason",
    required=True,
    help=N_("The reason. It is kept permanently: use ids instead of names."),
)
@click.pass_obj
def flag_resolve(
    context: CliContext, named: tuple[str, ...], event: str | None, outcome: str, reason: str
) -> None:
    """Resolve all the given flags, or none."""
    chosen_flags = chosen(context.application, named, event, choosing.event_flags)
    done = flags.resolve_flags(
        context.application, chosen_flags, outcome=FlagOutcome(outcome), reason=reason
    )
    for whole in done:
        _print_resolved(whole)
    beside = flags.related_stops(context.application, [whole.row.photo for whole in done])
    for whole in done:
        like = beside.similar_to_stopped.get(whole.row.photo)
        if like and whole.row.state is FlagState.LIFTED:
            text = _("{photo} looks like {like}, which is stopped. If it is the same picture:")
            print_note(text.format(photo=whole.row.photo, like=like))
            print_step(NextAction.PHOTO_FLAG, "reason", photo=whole.row.photo)
    if beside.copies:
        print_note(_("Similar photos have flags of their own; resolve them too:"))
        print_step(NextAction.FLAG_RESOLVE, "reason", flag=" ".join(beside.copies), outcome=outcome)


def _print_resolved(whole: FlagDetails) -> None:
    print_line(
        _("{flag}: {photo} · {state}").format(
            flag=whole.row.flag, photo=whole.row.photo, state=label(whole.row.state)
        )
    )
    if whole.row.state is FlagState.LIFTED:
        print_note(_("To see what else prevents publication:"))
        print_step(NextAction.CHECK, "channel", photo=whole.row.photo)
