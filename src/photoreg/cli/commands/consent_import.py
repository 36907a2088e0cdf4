"""`consent import`: take over a list of consents that was kept elsewhere before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import argument, day_option, format_option, is_interactive, option
from photoreg.cli.output import print_note
from photoreg.cli.printing import consent_lists as printing
from photoreg.cli.printing.next_steps import place_of, print_next
from photoreg.cli.prompts.consent_options import answer_purposes_option, parse_purposes
from photoreg.errors import SOME_FAILED, InputDataError
from photoreg.presentation.lists.consent_lists import kinds_in_words, recorded_line, rest_sheet
from photoreg.services.consents.lists.consent_import import (
    ConsentImport,
    ListTerms,
    RemarkMeaning,
    import_consents,
)
from photoreg.sheets.files import write_table
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

_REMARKS = {
    RemarkMeaning.NOTHING: N_("nothing"),
    RemarkMeaning.REFUSAL: N_("refusal"),
    RemarkMeaning.BLOCK: N_("block"),
}


@click.command(
    "import",
    cls=Command,
    help=N_(
        "Take over a list of consents that was kept elsewhere, such as an old Excel workbook: "
        "who is shown, who signed, when, and a yes or a no for each use. It is shown first; with "
        "--apply everything that is certain is recorded, or nothing. A no is always taken where "
        "it is known whom it is about. Rows of which something was not taken are written with "
        "the reason into the file given with --rest, to be corrected there and imported again."
    ),
    example=N_(
        'photoreg consent import permissions.xlsx --column "Website=kunta" --until 2027-07-31 '
        "--rest to-correct.xlsx --apply"
    ),
)
@argument("file", type=click.Path(path_type=Path), metavar="FILE")
@option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=MEANING",
    help=N_(
        "What a column is about: channels by name or kind, with commas between them; or name, "
        "surname, first names, born, id, signed by, day, paper, until, may be named, block, "
        "refusal, remarks, ignore. May be given several times."
    ),
)
@answer_purposes_option
@day_option("--until", help=N_("The last day of the consents, where the list tells none."))
@option("--open-ended", is_flag=True, help=N_("The consents have no end."))
@option(
    "--paper",
    default="",
    help=N_("Where the papers are kept, where the list does not tell. Do not use names."),
)
@option(
    "--names-kind",
    is_flag=True,
    help=N_("The papers themselves name all channels of the kind, later ones included."),
)
@option(
    "--both-signed",
    is_flag=True,
    help=N_("“Both” as the signer means that each paper has the signatures of both guardians."),
)
@option(
    "--remark",
    "remarks",
    multiple=True,
    metavar="WORDS=MEANING",
    help=N_("What a remark means: nothing, refusal or block. May be given several times."),
)
@option(
    "--rest",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Write the rows to correct into this file: its name ends with .xlsx or .csv."),
)
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@option(
    "--save-layout",
    metavar="NAME",
    help=N_("Save how the columns are read: the next list with these headings is read like it."),
)
@option("--sheet", metavar="SHEET", help=N_("The sheet of a workbook with several lists."))
@option("--apply", is_flag=True, help=N_("Record the list."))
@format_option
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    file: Path,
    columns: tuple[str, ...],
    purposes: tuple[str, ...],
    until: date | None,
    open_ended: bool,
    paper: str,
    names_kind: bool,
    both_signed: bool,
    remarks: tuple[str, ...],
    rest: Path | None,
    overwrite: bool,
    save_layout: str | None,
    sheet: str | None,
    apply: bool,
    layout: str,
) -> None:
    """Show what a list of consents would change; record it on request."""
    if until and open_ended:
        raise click.UsageError(_("Give either --until or --open-ended."))
    if rest is not None and rest.absolute() == file.absolute():
        raise click.UsageError(_("Write the rows to correct into another file than the list."))
    terms = ListTerms(
        columns=_column_meanings(columns),
        remarks=_remark_meanings(remarks),
        purposes=parse_purposes(purposes) or None,
        until=until,
        open_ended=open_ended,
        paper=paper,
        names_kind=names_kind,
        both_signed=both_signed,
        unnamed=_("(who signed is not known)"),
        sheet=sheet or "",
        save_as=save_layout or "",
        kinds=kinds_in_words(),
    )
    context: CliContext = ctx.obj

    def keep_rest(result: ConsentImport) -> None:
        if rest is None:
            raise InputDataError(
                N_("nothing was recorded; rows of which something cannot be taken: {count}"),
                N_("Say into which file they are written, to be corrected there."),
                fields=("rest",),
                step=_step({**ctx.params, "rest": _file_to_correct(file)}, terms),
                count=len(result.rest),
            )
        write_table(rest, [rest_sheet(result)], _("Words"), overwrite=overwrite)

    result = import_consents(context.application, file, terms, apply=apply, keep_rest=keep_rest)
    if result.unclear and is_interactive():
        columns_asked = _asked(result)
        terms = replace(
            terms,
            columns={**terms.columns, **columns_asked},
            save_as=terms.save_as or _asked_name(),
        )
        result = import_consents(context.application, file, terms, apply=apply, keep_rest=keep_rest)
    printing.print_import(result, layout)
    printing.refuse_unclear(result, _step_that_says(ctx.params, terms, result))
    _print_outcome(result, rest)
    _print_next(ctx, terms, result)
    if result.applied and result.rest:
        ctx.exit(SOME_FAILED)


def _column_meanings(typed: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        heading: _parts(meaning)
        for heading, meaning in (_split(each, "Internet=kunta") for each in typed)
    }


def _parts(meaning: str) -> list[str]:
    return [part.strip() for part in meaning.split(",") if part.strip()]


def _remark_meanings(typed: Sequence[str]) -> dict[str, RemarkMeaning]:
    meanings = {_(text): meaning for meaning, text in _REMARKS.items()}
    meanings |= {meaning.value: meaning for meaning in _REMARKS}
    found = {}
    for each in typed:
        words, meaning = _split(each, _("moved away=nothing"))
        if meaning.casefold() not in meanings:
            known = ", ".join(_(text) for text in _REMARKS.values())
            raise click.UsageError(
                _("{value} is not one of: {values}").format(value=meaning, values=known)
            )
        found[words] = meanings[meaning.casefold()]
    return found


def _split(typed: str, example: str) -> tuple[str, str]:
    left, sign, right = typed.rpartition("=")
    if not sign or not left.strip() or not right.strip():
        raise click.UsageError(
            _("{value}: write what stands in the list and what it means, as in {example}.").format(
                value=typed, example=example
            )
        )
    return left.strip(), right.strip()


def _asked(result: ConsentImport) -> Mapping[str, Sequence[str]]:
    """Ask what each column is about; Enter leaves it open."""
    print_note(_("Write the channels by name or kind, with commas between them, or “ignore”."))
    print_note(_("The channels are: {channels}.").format(channels=", ".join(result.channels)))
    found = {}
    for each in result.unclear:
        asked = _("What is the column {heading} about ({words})?").format(
            heading=each.heading, words=", ".join(each.words)
        )
        answer: str = click.prompt(printing.shown(asked), default="", show_default=False, err=True)
        if _parts(answer):
            found[each.heading] = _parts(answer)
    return found


def _asked_name() -> str:
    """Ask by what name the answers are saved for the next list of this shape; Enter: not at all."""
    asked = _("Save these answers for the next list with these headings, by which name?")
    answer: str = click.prompt(asked, default="", show_default=False, err=True)
    return answer.strip()


def _print_outcome(result: ConsentImport, rest: Path | None) -> None:
    if not result.applied:
        return
    print_note(recorded_line(result))
    if result.rest:
        print_note(
            _("{file}: correct these rows and import the file: {count}.").format(
                file=rest, count=len(result.rest)
            )
        )


def _print_next(ctx: click.Context, terms: ListTerms, result: ConsentImport) -> None:
    """Print the command that records the list, or its corrected rows, as a whole."""
    given: dict[str, Any] = ctx.params
    if result.applied and result.rest:
        rest: Path = given["rest"]
        own = {"file": rest, "rest": _further_file(rest), "overwrite": False, "sheet": None}
        kept = replace(terms, columns={}, save_as="") if terms.save_as else terms
        print_next(_step({**given, **own}, kept))
    elif not result.applied:
        print_note(_("Nothing was recorded yet. To record the list:"))
        to_correct = _file_to_correct(given["file"]) if result.rest else None
        own = {"rest": given["rest"] or to_correct, "apply": True}
        print_next(_step({**given, **own}, terms))


def _step(given: Mapping[str, Any], terms: ListTerms) -> NextStep:
    """Return the command with everything that was given, and what was said of columns."""
    columns = [f"{heading}={','.join(said)}" for heading, said in terms.columns.items()]
    return NextStep.to(
        NextAction.CONSENT_IMPORT,
        file=str(given["file"]),
        column="\n".join(columns),
        purpose="\n".join(given["purposes"]),
        until=str(given["until"] or ""),
        open_ended="yes" if given["open_ended"] else "",
        paper=given["paper"],
        names_kind="yes" if given["names_kind"] else "",
        both_signed="yes" if given["both_signed"] else "",
        remark="\n".join(given["remarks"]),
        rest=str(given["rest"] or ""),
        overwrite="yes" if given["overwrite"] else "",
        layout_name=terms.save_as,
        sheet=given["sheet"] or "",
        apply="yes" if given["apply"] else "",
    )


def _step_that_says(given: Mapping[str, Any], terms: ListTerms, result: ConsentImport) -> NextStep:
    """Return the command with a place for what each unclear column is about."""
    asked = {each.heading: [place_of("channel")] for each in result.unclear}
    return _step(given, replace(terms, columns={**terms.columns, **asked}))


def _file_to_correct(file: Path) -> Path:
    """Return a file beside a list for its rows to correct, which is not there yet."""
    return _free(file.with_name(_("{name}-to-correct").format(name=file.stem) + ".xlsx"))


def _further_file(rest: Path) -> Path:
    """Return a file for what is left of corrected rows: `rest-2.xlsx` after `rest.xlsx`."""
    stem, _dash, number = rest.stem.rpartition("-")
    return _free(rest.with_stem(stem) if stem and number.isdecimal() else rest)


def _free(file: Path) -> Path:
    """Return the file, or the first with a number behind its name that is not there yet."""
    numbered = (file.with_stem(f"{file.stem}-{number}") for number in count(2))
    return next(each for each in chain([file], numbered) if not each.exists())
