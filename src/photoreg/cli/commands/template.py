"""`template`: empty tables to fill in, for class lists, old consents and answers on forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.commands.sheet import table_to_fill_in
from photoreg.cli.options import Word, argument, option, output_option
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.next_steps import print_step
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import LABELS
from photoreg.rulebook.facts import Purpose
from photoreg.services.consents.form_answer_sheets import CODE
from photoreg.services.consents.lists.templates import (
    TemplateChannels,
    TemplateKind,
    template_channels,
)
from photoreg.sheets.cells import CellValue
from photoreg.sheets.examples import example_text
from photoreg.sheets.files import write_table
from photoreg.sheets.table import NewSheet
from photoreg.steps import NextAction
from photoreg.texts import N_, _

BLANK_ROWS = 500
"""How many rows have lists to choose from."""

_BORN, _SIGNED, _UNTIL = date(2016, 3, 17), date(2026, 8, 12), date(2027, 7, 31)
_BASES = (N_("parent"), N_("court order"), N_("agreement"), N_("care decision"))
_YES_OR_NO = (N_("yes"), N_("no"))
_GUARDIANS = 2


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a template: its heading, what stands in the example, and what can be chosen."""

    heading: str
    example: CellValue = None
    choices: Sequence[str] = ()


@click.command(
    "template",
    cls=Command,
    help=N_(
        "Write an empty table to fill in, with an example row: a class list, a list of consents "
        "that were kept elsewhere, or answers on printed forms by their codes. Consents and "
        "answers have a column for each of the municipality's own channels."
    ),
    example=N_("photoreg template permissions -o permissions.xlsx"),
)
@argument("kind", type=Word("TemplateKind"))
@output_option(N_("The file to write: its name ends with .xlsx or .csv."))
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@click.pass_obj
def template_command(context: CliContext, kind: str, file: Path, overwrite: bool) -> None:
    """Write one template."""
    channels = TemplateChannels({}, (), ())
    if kind == TemplateKind.CLASS_LIST:
        sheet = _sheet(_("Class list"), _class_list())
    else:
        channels = template_channels(context.application)
        permissions = kind == TemplateKind.PERMISSIONS
        headings = channels.headings
        sheet = _sheet(_("Consents"), _permissions(headings)) if permissions else _answers(channels)
    write_table(file, [sheet], _("Words"), overwrite=overwrite)
    print_line(file)
    for channel in channels.left_out:
        text = _(
            "The table does not ask about the channel {channel}: nothing may be published in a "
            "closed work group (guideline I3)."
        )
        print_note(text.format(channel=channel))
    print_note(_("The example row is left out when the table is read."))
    print_note(_("When it is filled in:"))
    if kind == TemplateKind.CLASS_LIST:
        print_step(NextAction.EVENT_IMPORT_ROSTER, "event", file=str(file))
    elif kind == TemplateKind.PERMISSIONS:
        print_step(NextAction.CONSENT_IMPORT, file=str(file))
    else:
        print_step(NextAction.CONSENT_RECORD, codes=str(file))


def _sheet(title: str, columns: Sequence[_Column]) -> NewSheet:
    first, *others = columns
    return NewSheet(
        title,
        [column.heading for column in columns],
        [[example_text(str(first.example)), *(column.example for column in others)]],
        {place: column.choices for place, column in enumerate(columns) if column.choices},
        blank_rows=BLANK_ROWS,
    )


def _class_list() -> list[_Column]:
    languages = [_(text).lower() for text in LABELS["Language"].values()]
    own, bases = languages[0], [_(text) for text in _BASES]
    columns = [
        _Column(_("name"), "Elle Valkeapää"),
        _Column(_("born"), day_in_words(_BORN)),
        _Column(_("language"), own, languages),
        _Column(_("number of guardians"), str(_GUARDIANS)),
    ]
    for number, name in enumerate(("Máret Valkeapää", "Ante Valkeapää"), 1):
        columns += [
            _Column(_("guardian {number}").format(number=number), name),
            _Column(_("contact {number}").format(number=number), f"040 123456{number}"),
            _Column(_("language {number}").format(number=number), own, languages),
            _Column(_("basis {number}").format(number=number), bases[0], bases),
            _Column(_("verified {number}").format(number=number), _("population register")),
        ]
    return [*columns, _Column(_("publication block"), None, [_(text) for text in _YES_OR_NO])]


def _permissions(channels: Mapping[str, str]) -> list[_Column]:
    yes_or_no = [_(text) for text in _YES_OR_NO]
    return [
        _Column(_("name"), "Elle Valkeapää"),
        _Column(_("born"), day_in_words(_BORN)),
        _Column(_("signed by"), "Máret Valkeapää"),
        *(_Column(heading, yes_or_no[0], yes_or_no) for heading in channels.values()),
        _Column(_("name may be given"), yes_or_no[1], yes_or_no),
        _Column(_("signed on"), day_in_words(_SIGNED)),
        _Column(_("binder"), _("binder 3")),
        _Column(_("valid until"), day_in_words(_UNTIL)),
        _Column(_("remarks"), None),
    ]


def _answers(channels: TemplateChannels) -> NewSheet:
    headings = channels.headings
    columns = [CODE, "answer", *headings, *Purpose, "may_be_named", "child_no", "day", "paper"]
    example = dict.fromkeys(columns) | {
        CODE: example_text("7K3M-9QXT-2VB5"),
        "answer": True,
        **dict.fromkeys([*channels.asked, Purpose.INFORMATION], "x"),
        "day": day_in_words(_SIGNED),
        "paper": _("binder 3"),
    }
    return table_to_fill_in(_("Answers"), columns, [example], headings, blank_rows=BLANK_ROWS)
