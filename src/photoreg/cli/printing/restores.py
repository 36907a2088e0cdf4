"""What a restored backup undoes, and what is carried over from the registry that it replaces."""

from photoreg.cli.options import is_interactive
from photoreg.cli.output import print_note, require_confirmed
from photoreg.errors import InputDataError
from photoreg.presentation.days import format_time
from photoreg.presentation.labels import value_labels
from photoreg.services.upkeep.replacing import Replaced, RestorePreview
from photoreg.texts import N_, _


def confirm_restore(preview: RestorePreview, *, yes: bool) -> None:
    """Print what will be undone, and ask unless `yes`; a no ends the command.

    InputDataError where there is no terminal to ask.
    """
    if not preview.is_verified:
        print_note(_("The backup holds records that were changed outside photoreg."))
    if preview.replaced is Replaced.NOTHING:
        return
    made_at = format_time(preview.made_at)
    print_note(_("The backup is of {moment}.").format(moment=made_at))
    if preview.replaced is Replaced.DAMAGED:
        print_note(_damaged_text(made_at))
    if preview.undone:
        print_note(_("Restoring it undoes what was recorded since:"))
        for action, count in preview.undone.items():
            [text] = value_labels("Action", [action])
            print_note(f"  {text}: {count}")
        print_note(_("Withdrawals, refusals, blocks and flags are carried over nevertheless."))
    elif preview.replaced is Replaced.REGISTRY:
        print_note(_("Nothing was recorded since."))
    if yes:
        return
    if not is_interactive():
        raise InputDataError(
            N_("the backup was not restored, since nobody has confirmed it"),
            N_("Read above what it undoes. To restore it, confirm."),
            fields=("yes",),
        )
    require_confirmed(_("Restore the backup?"))


def _damaged_text(made_at: str) -> str:
    return _(
        "The registry is damaged: withdrawals, refusals, blocks and flags recorded since {moment} "
        "may be missing. The damaged file is kept under another name."
    ).format(moment=made_at)
