"""`retention`: delete records whose retention period under the policy has expired."""

import click

from photoreg.cli.app import CliContext, Group
from photoreg.cli.options import is_interactive, option
from photoreg.cli.output import abbreviated_list, confirm, print_line, print_note
from photoreg.presentation.days import day_in_words
from photoreg.services.data_subjects import retention
from photoreg.services.data_subjects.retention import RetentionPlan
from photoreg.texts import N_, _


@click.group("retention", cls=Group, help=N_("Deleting data that is no longer needed."))
def retention_command() -> None:
    """Group commands about retention."""


@retention_command.command(
    "run",
    help=N_(
        "List what has not been needed for the time in the setting retention_months, and "
        "delete it after confirmation: persons no longer needed, contacts, and documents of "
        "ended consents. Photos are not changed. Only the communications coordinator can do "
        "this."
    ),
    example="photoreg retention run --dry-run",
)
@option("--dry-run", is_flag=True, help=N_("Only list it."))
@option("--yes", is_flag=True, help=N_("Delete without asking."))
@click.pass_obj
def retention_run(context: CliContext, dry_run: bool, yes: bool) -> None:
    """List or delete what is past its retention period."""
    plan = retention.plan_retention(context.application)
    _print_plan(plan)
    if plan.is_empty or dry_run:
        return
    if not (yes or (is_interactive() and confirm(_("Delete all of this?")))):
        print_note(_("Nothing was deleted. Confirm with --yes."))
        return
    _plan, remaining = retention.run_retention(context.application)
    print_line(_("Deleted."))
    for document in remaining:
        print_note(
            _("The document {hash} could not be removed: remove it by hand.").format(hash=document)
        )


def _print_plan(plan: RetentionPlan) -> None:
    print_line(_("Not needed after {day}:").format(day=day_in_words(plan.before)))
    if plan.is_empty:
        print_line("  " + _("nothing"))
    for title, ids in (
        (N_("persons to erase"), plan.persons),
        (N_("contacts to clear"), plan.contacts),
        (N_("documents to remove"), plan.documents),
    ):
        if ids:
            print_line(f"  {_(title)} ({len(ids)}): {abbreviated_list(ids)}")
    if plan.forms:
        print_line(_("Destroy the printed forms yourselves, both files and papers:"))
        print_line(f"  {', '.join(plan.forms)}")
    if plan.purposes:
        print_line("  " + _("viewing purposes to clear") + f" ({plan.purposes})")
