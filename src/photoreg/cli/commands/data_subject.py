"""`person report|erase|merge`: data-subject rights and merging of duplicate records."""

from contextlib import redirect_stdout
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import Choice, argument, enum_option, is_interactive, option
from photoreg.cli.output import abbreviated_list, new_text_file, print_line, print_note, print_view
from photoreg.cli.printing.next_steps import print_step
from photoreg.presentation.cells import safe
from photoreg.presentation.data_subjects.access_report import report_page, report_row, report_text
from photoreg.presentation.days import day_in_words, day_or_text
from photoreg.presentation.labels import label
from photoreg.presentation.views.people import PERSON_REPORT
from photoreg.services.data_subjects import access_report, erasure, merge
from photoreg.services.data_subjects.access_report import PersonReport
from photoreg.services.data_subjects.erasure import ErasureGround, ErasurePlan, PlanLine
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "report",
    cls=Command,
    help=N_(
        "Show everything recorded about one person, to answer an access request; nothing about "
        "others. Only coordinators and auditors can do this; the viewing is logged."
    ),
    example=N_("photoreg person report H-1 --format html --out report.html"),
)
@argument("person")
@option(
    "--format",
    "layout",
    type=Choice(("text", "html", "json")),
    default="text",
    show_default=True,
    help=N_("A text to read, a page to print, or JSON for other programs."),
)
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write it to this new file, which only you can read."),
)
@option("--purpose", default="", help=N_("For auditors: why the names are needed. This is logged."))
@click.pass_obj
def person_report_command(
    context: CliContext, person: str, layout: str, out: Path | None, purpose: str
) -> None:
    """Write the access report of one person."""
    report = access_report.access_report(context.application, person, purpose=purpose)
    if out is None:
        _write_report(report, layout)
        return
    with new_text_file(out) as handle, redirect_stdout(handle):
        _write_report(report, layout)
    print_note(
        _("Written: {file}. It contains personal data: hand it over safely.").format(file=out)
    )


def _write_report(report: PersonReport, layout: str) -> None:
    if layout == "json":
        print_view(PERSON_REPORT, [report_row(report)], layout)
        return
    for line in [report_page(report)] if layout == "html" else report_text(report):
        print_line(line)


@click.command(
    "erase",
    cls=Command,
    help=N_(
        "Erase a person's data: first the plan of what is deleted and what is kept is shown; "
        "after confirmation the data is deleted permanently. Photos that show the person may "
        "no longer be published. Only the communications coordinator can do this."
    ),
    example="photoreg person erase H-1 --ground request",
)
@argument("person")
@enum_option(
    "--ground", kind="ErasureGround", required=True, help=N_("The ground in GDPR art. 17(1).")
)
@option("--yes", is_flag=True, help=N_("Erase without asking again."))
@click.pass_obj
def person_erase_command(context: CliContext, person: str, ground: str, yes: bool) -> None:
    """Erase one person."""
    plan = erasure.plan_erasure(context.application, person)
    _print_plan(plan)
    if not (yes or _is_confirmed(plan.person, _("This cannot be undone. Type {person} to erase"))):
        print_note(_("Nothing was erased. Confirm with --yes."))
        return
    erased = erasure.erase(context.application, plan.person, ErasureGround(ground))
    print_line(
        _("The data of {person} was erased; a tombstone remains.").format(person=plan.person)
    )
    for document in erased.left_files:
        print_note(
            _("The document {hash} could not be removed: remove it by hand.").format(hash=document)
        )


def _print_plan(plan: ErasurePlan) -> None:
    print_line(_("Deleted permanently:"))
    for line in plan.goes:
        print_line(_plan_line(line))
    print_line(_("Kept:"))
    for line in plan.stays:
        print_line(_plan_line(line))
    _print_outside_copies(plan)
    if plan.publications:
        print_line(
            _("Publications to be taken down: {publications}").format(
                publications=abbreviated_list(plan.publications)
            )
        )


def _print_outside_copies(plan: ErasurePlan) -> None:
    """Print the files and papers that staff must find and destroy themselves."""
    if not (plan.forms or plan.outside):
        return
    print_line(
        _("Destroy these yourselves, both files and papers; photoreg does not know where they are:")
    )
    for form in plan.forms:
        text = _("the form {code}, printed on {day} for {signer} to sign").format(
            code=form.code, day=day_in_words(form.printed_on), signer=form.signer or "–"
        )
        print_line(f"  {text}")
    for line in plan.outside:
        print_line(_plan_line(line))


def _plan_line(line: PlanLine) -> str:
    return f"  {label(line.what)} ({abbreviated_list(list(map(day_or_text, line.items)))})"


def _is_confirmed(person: str, question: str) -> bool:
    """Return whether the user confirms by typing the id; False without a terminal."""
    if not is_interactive():
        return False
    typed: str = click.prompt(
        question.format(person=person),
        default="",
        show_default=False,
        err=True,
    )
    return typed.strip().upper() == person


@click.command(
    "merge",
    cls=Command,
    help=N_(
        "Merge two records of the same person: KEEP stays, DUPLICATE is merged into it. The "
        "plan is shown first. Only the communications coordinator can do this. A refusal on "
        "either record remains in force, and the merge makes no photo publishable."
    ),
    example="photoreg person merge H-1 H-2",
)
@argument("keep")
@argument("duplicate")
@option("--yes", is_flag=True, help=N_("Merge without asking again."))
@click.pass_obj
def person_merge_command(context: CliContext, keep: str, duplicate: str, yes: bool) -> None:
    """Merge two records of one person."""
    plan = merge.plan_merge(context.application, keep, duplicate)
    _print_merge(plan)
    if not (yes or _is_confirmed(plan.duplicate, _("To confirm the merge, type {person}"))):
        print_note(_("Nothing was merged. Confirm with --yes."))
        return
    merged = merge.merge_persons(context.application, plan.kept, plan.duplicate)
    print_line(
        _("{duplicate} is {kept} from now on.").format(duplicate=merged.duplicate, kept=merged.kept)
    )


def _print_merge(plan: merge.MergeResult) -> None:
    kept_name, duplicate_name = plan.names
    print_line(_("Kept: {person} {name}").format(person=plan.kept, name=safe(kept_name)))
    print_line(
        _("Merged into it: {person} {name}").format(
            person=plan.duplicate, name=safe(duplicate_name)
        )
    )
    for title, ids in (
        (N_("photos"), plan.photos),
        (N_("consents"), plan.consents),
        (N_("permissions"), plan.permissions),
        (N_("withdrawn, because the two records differ; ask again"), plan.withdrawn),
    ):
        if ids:
            print_line(f"  {_(title)}: {abbreviated_list(ids)}")
    if plan.contact:
        print_line(_("This contact is not kept: {contact}").format(contact=safe(plan.contact)))
    for child, number in plan.children:
        print_line(
            _(
                "Both are guardians of {child}. As many guardians must answer as before: {number}."
            ).format(child=child, number=_("not known") if number is None else number)
        )
        print_line(_("If the child has fewer guardians, record the number:"))
        print_step(NextAction.PERSON_CHANGE, "guardians", err=False, person=child)
