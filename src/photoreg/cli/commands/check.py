"""`check` and `approve`: the verdict with each reason, its legal source and its remedy."""

from collections.abc import Sequence
from datetime import date

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.as_of import application_as_of, print_as_of
from photoreg.cli.chosen_photos import chosen_photos, photos_options
from photoreg.cli.options import (
    as_of_option,
    day_option,
    format_option,
    option,
    use_options,
)
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import command_line
from photoreg.cli.printing.verdict import print_reminder, print_verdict
from photoreg.errors import DONE, REFUSED, UNCLEAR
from photoreg.presentation.days import day_in_words
from photoreg.presentation.verdicts import verdict_row
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions import checks
from photoreg.services.decisions.evaluation import AskedUse, Checked, worst_outcome
from photoreg.texts import N_, _

OUTCOME_EXIT_CODES = {Outcome.PUBLISHABLE: DONE, Outcome.UNCLEAR: UNCLEAR, Outcome.REFUSED: REFUSED}


@click.command(
    "check",
    cls=Command,
    help=N_(
        "May these photos be published on this channel? Of one photo lists every reason, the "
        "clause or law behind it, and how to fix it; of several, what prevents publishing by "
        "cause, and with --details also each photo. Nothing is changed."
    ),
    example="photoreg check P-1 --channel kunta",
)
@photos_options
@use_options
@day_option(
    "--on", help=N_("The day of publication, evaluated with what is recorded now; default: today.")
)
@as_of_option
@option("--details", is_flag=True, help=N_("Show also each photo with every reason."))
@option(
    "--explain",
    is_flag=True,
    help=N_("Show each photo with every reason, and also the rules that passed."),
)
@format_option
@click.pass_context
def check_command(
    ctx: click.Context,
    photos: tuple[str, ...],
    event: str | None,
    channel: str,
    purpose: str,
    mode: str,
    on: date | None,
    as_of: date | None,
    details: bool,
    explain: bool,
    layout: str,
) -> None:
    """Print the verdicts; the worst one sets the exit code."""
    context: CliContext = ctx.obj
    asked = AskedUse(channel, Purpose(purpose), Mode(mode), on)
    application = application_as_of(context, as_of)
    chosen = chosen_photos(application, photos, event)
    checked = checks.check(application, chosen, asked, is_of_today=as_of is None)
    print_as_of(as_of)
    if as_of is None and on is not None and on < application.today:
        text = _(
            "Evaluated with what is recorded now, including what was recorded after {day}. To "
            "see what was known then: --as-of {day}"
        )
        print_note(text.format(day=day_in_words(on)))
    if layout == "table":
        _print_checked(checked, event, details=details or explain, explain=explain)
        if len(checked) > 1 and not (details or explain):
            print_note(_("The verdict on each photo with every reason: add --details."))
        print_reminder(checked)
    else:
        _print_data(checked, event, layout)
    ctx.exit(OUTCOME_EXIT_CODES[worst_outcome(c.outcome for c in checked)])


def _print_checked(
    checked: Sequence[Checked], event: str | None, *, details: bool, explain: bool
) -> None:
    """Print one verdict whole; several by cause, and with `details` each of them whole."""
    is_whole = len(checked) == 1 or details
    if len(checked) > 1:
        from photoreg.cli.printing.summary import print_summary

        print_summary(checked, event)
        print_line()
    for number, each in enumerate(checked if is_whole else ()):
        if number:
            print_line()
        print_verdict(each, explain=explain)


def _print_data(checked: Sequence[Checked], event: str | None, layout: str) -> None:
    from photoreg.presentation.causes.cause_rows import cause_row
    from photoreg.presentation.causes.causes import causes_of, names_in
    from photoreg.presentation.views.decisions import CHECK

    names = names_in(checked)
    causes = [cause_row(cause, names, command_line) for cause in causes_of(checked, event)]
    rows = (verdict_row(each, command_line) for each in checked)
    print_view(CHECK, rows, layout, {"causes": causes})


@click.command(
    "approve",
    cls=Command,
    help=N_(
        "Approve photos for publication. A photo that may not be published is refused with its "
        "reasons; an unclear one goes to the communications coordinator as a case. Of several "
        "photos shows what prevents publishing by cause, and with --details also each photo."
    ),
    example="photoreg approve P-1 --channel kunta",
)
@photos_options
@use_options
@option("--details", is_flag=True, help=N_("Show also each photo with every reason."))
@click.pass_context
def approve_command(
    ctx: click.Context,
    photos: tuple[str, ...],
    event: str | None,
    channel: str,
    purpose: str,
    mode: str,
    details: bool,
) -> None:
    """Approve photos and store the decisions; the worst verdict sets the exit code."""
    # Imported here because `check` needs neither image reading nor decisions.
    from photoreg.presentation.decisions import approved_lines
    from photoreg.services.decisions import approval

    context: CliContext = ctx.obj
    asked = AskedUse(channel, Purpose(purpose), Mode(mode))
    named = chosen_photos(context.application, photos, event)
    answers = approval.approve(context.application, named, asked)
    checked = [answer.checked for answer in answers]
    _print_checked(checked, event, details=details, explain=False)
    for line in approved_lines(answers):
        print_line(line)
    print_reminder(checked)
    ctx.exit(OUTCOME_EXIT_CODES[worst_outcome(each.outcome for each in checked)])
