"""`audit report`: the yearly figures as a printable page."""

from datetime import date
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.as_of import application_as_of
from photoreg.cli.options import as_of_option, option
from photoreg.cli.output import new_text_file, print_note
from photoreg.documents.report import render_report
from photoreg.presentation.annual_report import annual_report
from photoreg.services.audits.annual_report import annual_figures
from photoreg.texts import N_, _


@click.command(
    "report",
    cls=Command,
    help=N_(
        "Write the yearly report as a page to print: figures and charts, no names. Verdicts "
        "are those of today, or of the day given with --as-of."
    ),
    example=N_('photoreg audit report --year 2026 --unit "Hetan koulu" --out report.html'),
)
@option("--year", type=int, required=True, help=N_("The year."))
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help=N_("Write it to this new file, which only you can read."),
)
@option("--channel", help=N_("Only this channel; default: the whole organisation."))
@option("--unit", help=N_("Only the photos of this unit, such as a school."))
@as_of_option
@click.pass_obj
def audit_report(
    context: CliContext,
    year: int,
    out: Path,
    channel: str | None,
    unit: str | None,
    as_of: date | None,
) -> None:
    """Write the report for one year."""
    figures = annual_figures(application_as_of(context, as_of), year, channel=channel, unit=unit)
    page = render_report(annual_report(figures))
    with new_text_file(out) as handle:
        handle.write(page)
    print_note(_("Written: {file}").format(file=out))
