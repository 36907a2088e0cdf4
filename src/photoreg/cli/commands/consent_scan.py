"""`consent scan`: scanned forms become the documents of their answers, which are left to type."""

from dataclasses import asdict
from operator import attrgetter
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import argument, format_option, option, output_option
from photoreg.cli.output import print_note
from photoreg.cli.printing import form_scans as printing
from photoreg.cli.printing.next_steps import print_step
from photoreg.cli.progress import PAGES, Progress
from photoreg.errors import SOME_FAILED
from photoreg.services.consents.form_answer_sheets import FormAnswerSheet
from photoreg.services.consents.papers.scans import FormScan, PageState, scan_forms
from photoreg.sheets.files import write_table
from photoreg.steps import NextAction
from photoreg.texts import N_, _


@click.command(
    "scan",
    cls=Command,
    help=N_(
        "Read scanned consent forms (PDF, JPEG, PNG, TIFF, HEIC) by the codes printed on them. It "
        "is shown first what becomes of each page; with --apply each page is kept as the document "
        "of its form, or none is, and a table is written in which only the answers are left to "
        "fill in. Pages that cannot be used are listed with what to do."
    ),
    example="photoreg consent scan scans -o answers.xlsx --apply",
)
@argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@output_option(N_("The table of answers to write: its name ends with .xlsx or .csv."))
@option(
    "--both-sides",
    is_flag=True,
    help=N_("Papers of two sides: one page without a code after a page with one is its back."),
)
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@option("--apply", is_flag=True, help=N_("Keep the pages, and write the table."))
@format_option
@click.pass_context
def scan_command(
    ctx: click.Context,
    /,
    folder: Path,
    file: Path,
    both_sides: bool,
    overwrite: bool,
    apply: bool,
    layout: str,
) -> None:
    """Show what becomes of scanned pages; keep them on request."""
    from photoreg.cli.commands.sheet import table_to_fill_in

    context: CliContext = ctx.obj

    def keep_sheet(sheet: FormAnswerSheet) -> None:
        rows = [dict.fromkeys(sheet.columns) | asdict(row) for row in sheet.rows]
        if rows:
            table = table_to_fill_in(_("Answers"), sheet.columns, rows, sheet.headings)
            write_table(file, [table], _("Words"), overwrite=overwrite)

    result = scan_forms(
        context.application,
        folder,
        both_sides=both_sides,
        apply=apply,
        keep_sheet=keep_sheet,
        leave_out=file,
        follow=lambda pages, total: Progress(lambda: total, PAGES).track(
            pages, attrgetter("share")
        ),
    )
    printing.print_pages(result, layout)
    if apply:
        _print_left(result, file)
    elif result.count(PageState.NEW) or result.sheet.rows:
        print_note(_("Nothing was kept yet. To keep the pages and write the table:"))
        _print_again(folder, file, both_sides=both_sides, overwrite=overwrite)
    if not result.is_complete:
        ctx.exit(SOME_FAILED)


def _print_left(result: FormScan, file: Path) -> None:
    rows = len(result.sheet.rows)
    if rows:
        text = _("Answers to fill in: {count}, in the table {file}. When it is filled in:")
        print_note(text.format(count=rows, file=file))
        print_step(NextAction.CONSENT_RECORD, codes=str(file))
    else:
        print_note(_("No answer is left to fill in, so no table was written."))


def _print_again(folder: Path, file: Path, *, both_sides: bool, overwrite: bool) -> None:
    print_step(
        NextAction.CONSENT_SCAN,
        folder=str(folder),
        file=str(file),
        both_sides="yes" if both_sides else "",
        overwrite="yes" if overwrite else "",
        apply="yes",
    )
