"""`undo`: undo what the user recorded last."""

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import option
from photoreg.cli.output import abbreviated_list, print_line, require_confirmed
from photoreg.cli.printing.corrections import print_corrected
from photoreg.cli.printing.takedowns import REMOVED, print_flagged
from photoreg.presentation.days import format_time
from photoreg.presentation.labels import label
from photoreg.services import undo
from photoreg.texts import N_, _


@click.command(
    "undo",
    cls=Command,
    help=N_(
        "Undo what you recorded last: consents, publications, answers about photos or an event, "
        "and the people named in photos. It is shown first. A consent or a publication counts as "
        "never recorded; a refusal only at once after it was typed, later when a colleague has "
        "confirmed it. An answer that stood in the way of publishing must be confirmed by a "
        "colleague too. A publication block is lifted and an objection is resolved by the "
        "coordinator, never undone."
    ),
    example="photoreg undo --yes",
)
@option("--yes", is_flag=True, help=N_("Undo without asking again."))
@click.pass_obj
def undo_command(context: CliContext, yes: bool) -> None:
    """Show what was recorded last, and undo it."""
    last = undo.last_recording(context.application)
    print_line(
        _("{at}: {what} ({records})").format(
            at=format_time(last.at), what=label(last.action), records=abbreviated_list(last.records)
        )
    )
    if not yes:
        require_confirmed(_("Undo this?"))
    undone = undo.undo_last(context.application, last.entry)
    print_corrected(undone.corrected)
    for photo in undone.photos:
        print_line(_("{photo} is as it was before.").format(photo=photo))
    if undone.stopped:
        print_flagged(undone.stopped, REMOVED)
