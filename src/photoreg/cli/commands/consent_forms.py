"""`consent form`, `receipt` and `texts`: printed documents for people, and their texts."""

from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import Choice, argument, day_option, enum_option, option
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.cli.printing.next_steps import place_of, print_step
from photoreg.presentation.cells import safe
from photoreg.presentation.lists.printed_forms import (
    not_asked_line,
    omitted_line,
    unset_line,
    untranslated_line,
)
from photoreg.presentation.views.consents import FORMS
from photoreg.registry.tables.people import Language
from photoreg.services.consents import document_texts, forms
from photoreg.services.consents.forms import MAX_BLANK, FormOrder, Layout, PrintResult
from photoreg.steps import NextAction
from photoreg.texts import N_, _

_out_option = option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=N_("The folder to write into; created if missing."),
)
_texts_option = option(
    "--templates",
    "texts",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=N_("The municipality's own texts; see `photoreg consent texts`."),
)


@click.command(
    "form",
    cls=Command,
    help=N_(
        "Print consent forms: one for each adult; for a child, one for each guardian who "
        "decides and, from the age in the settings, one for the child. Each has a code with "
        "which the answer is recorded: `photoreg consent record --code CODE`."
    ),
    example=N_("photoreg consent form --event E-1 --roster --until 2027-12-31 --out forms"),
)
@option("--event", help=N_("For the photos of this event."))
@option("--photo", help=N_("For this photo only. Without --event and --photo: for all photos."))
@option("--person", "persons", multiple=True, help=N_("For this person; can be repeated."))
@option(
    "--channel",
    "channels",
    multiple=True,
    help=N_(
        "Ask about this channel, by its name; can be repeated. Without it: about each of the "
        "municipality's own channels. A closed group that counts as a public page is asked about "
        "only if it is named beside the page."
    ),
)
@option("--roster", is_flag=True, help=N_("For everybody on the roster of the event."))
@option(
    "--blank",
    type=click.IntRange(0, MAX_BLANK),
    default=0,
    metavar="NUMBER",
    help=N_("The number of forms without a name, to fill in by hand."),
)
@enum_option(
    "--language",
    kind="Language",
    help=N_("The language of the forms; default: each person's own, or Finnish."),
)
@day_option("--until", required=True, help=N_("The last day the consent is valid."))
@option(
    "--format",
    "layout",
    type=Choice([layout.value for layout in Layout]),
    default="html",
    show_default=True,
    help=N_("A page for the browser, or PDF."),
)
@_out_option
@_texts_option
@click.pass_obj
def form_command(context: CliContext, /, **given: Any) -> None:
    """Print consent forms."""
    if given["roster"] and not given["event"]:
        raise click.UsageError(_("--roster needs --event."))
    if not (given["persons"] or given["roster"] or given["blank"]):
        raise click.UsageError(_("Choose who gets a form: --person, --roster or --blank."))
    language, layout = given.pop("language"), given.pop("layout")
    order = FormOrder(
        **given, layout=Layout(layout), language=Language(language) if language else None
    )
    _print_printing(forms.print_forms(context.application, order), order)


def _print_printing(printing: PrintResult, order: FormOrder) -> None:
    rows = [
        {
            "code": each.code,
            "person": each.person,
            "by": each.by,
            "kind": each.kind,
            "language": each.language,
            "file": each.file.name,
        }
        for each in printing.forms
    ]
    print_view(FORMS, rows, "table")
    if printing.combined_file:
        print_line(_("All in one file: {file}").format(file=printing.combined_file))
    for person, why in printing.omitted:
        print_note(omitted_line(person, why))
    for language in printing.untranslated:
        print_note(untranslated_line(language))
    for setting in printing.missing_settings:
        print_note(unset_line(setting))
        print_step(NextAction.POLICY_SET, setting=f"{setting}={place_of('text')}")
    _print_not_asked(printing, order)
    if order.event and printing.forms:
        print_note(_("When the answers have been returned, record them in one table:"))
        print_step(NextAction.SHEET_EXPORT, "file", event=order.event)


def _print_not_asked(printing: PrintResult, order: FormOrder) -> None:
    """Tell which own channels the forms do not ask about and why, and how to ask about them."""
    for each in printing.not_asked:
        print_note(not_asked_line(each))
    further = [each.channel for each in printing.not_asked if each.can_be_asked]
    if further:
        print_note(_("To ask about each by itself, print the forms so instead:"))
        print_step(
            NextAction.CONSENT_FORM,
            event=order.event or "",
            photo=order.photo or "",
            person="\n".join(order.persons),
            roster="yes" if order.roster else "",
            blank=str(order.blank or ""),
            language=order.language or "",
            channel="\n".join((*printing.asked, *further)),
            until=str(order.until),
            layout="" if order.layout is Layout.HTML else order.layout,
            folder=str(order.folder),
            texts=str(order.texts or ""),
        )


@click.command(
    "texts",
    cls=Command,
    help=N_(
        "Write the texts of the consent forms and receipts into a folder. Change them there as you "
        "need, and print with `photoreg consent form --templates FOLDER`."
    ),
    example=N_("photoreg consent texts --out texts"),
)
@_out_option
def texts_command(folder: Path) -> None:
    """Write the texts of the forms to a folder."""
    for file in document_texts.write_texts(folder):
        print_line(file)


@click.command(
    "receipt",
    cls=Command,
    help=N_(
        "Print a receipt of one consent for the person who gave it: what was agreed, when, and "
        "how to withdraw it. It contains no contact but the municipality's."
    ),
    example="photoreg consent receipt C-1",
)
@argument("consent")
@enum_option(
    "--language",
    kind="Language",
    help=N_(
        "The language of the receipt; default: that of the person who gave the consent, or Finnish."
    ),
)
@option(
    "--format",
    "layout",
    type=Choice(["text", "jsonld"]),
    default="text",
    show_default=True,
    help=N_("A text to read, or JSON-LD for programs (ISO/IEC TS 27560 in the terms of DPV)."),
)
@_texts_option
@click.pass_obj
def receipt_command(
    context: CliContext, consent: str, language: str | None, layout: str, texts: Path | None
) -> None:
    """Print one receipt."""
    from photoreg.services.consents import receipts

    if layout == "jsonld":
        import json

        from photoreg.presentation.data_subjects.receipts import receipt_json_ld

        data = receipt_json_ld(receipts.receipt(context.application, consent))
        print_line(json.dumps(data, ensure_ascii=False, indent=2))
        return
    wanted = Language(language) if language else None
    text, untranslated = receipts.receipt_text(
        context.application, consent, language=wanted, texts=texts
    )
    print_line("".join(line + "\n" for line in map(safe, text.splitlines())), nl=False)
    if untranslated:
        print_note(untranslated_line(untranslated))
