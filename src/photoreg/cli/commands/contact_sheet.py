"""`photo contact-sheet`: the photos of an event on paper, to look at and to name people."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import argument, option, output_option
from photoreg.cli.output import print_line, print_note
from photoreg.presentation.cells import safe
from photoreg.presentation.days import day_in_words
from photoreg.presentation.labels import label
from photoreg.texts import N_, _, language

if TYPE_CHECKING:
    from photoreg.documents.contact_sheet import SmallPicture
    from photoreg.services.photos.naming.contact_sheets import ContactPhoto, ContactSheet


@click.command(
    "contact-sheet",
    cls=Command,
    help=N_(
        "Write the photos of an event as a page to print: six small pictures to a sheet, each "
        "with its number, file, the people named in it, and the verdict. The page holds names: "
        "keep it as you keep the photos."
    ),
    example=N_("photoreg photo contact-sheet E-1 -o celebration.html"),
)
@argument("named", metavar="EVENT")
@output_option(N_("The file to write, which only you can read."))
@option(
    "--channel",
    "channels",
    multiple=True,
    help=N_(
        "Show the verdict on this channel; can be repeated. Default: the municipality's own "
        "public pages."
    ),
)
@option("--overwrite", is_flag=True, help=N_("Replace the file, if photoreg wrote it."))
@click.pass_obj
def photo_contact_sheet(
    context: CliContext, named: str, file: Path, channels: tuple[str, ...], overwrite: bool
) -> None:
    """Write the contact sheet of one event."""
    # Imported here because other commands need neither pages nor decoded pictures.
    from photoreg.documents.contact_sheet import contact_sheet_page, is_contact_sheet
    from photoreg.named_files import written_file
    from photoreg.services.photos.naming.contact_sheets import contact_sheet

    with written_file(file, mark=is_contact_sheet, overwrite=overwrite) as part:
        sheet = contact_sheet(context.application, named, channels)
        title = f"{sheet.event} {safe(sheet.name)}, {_days(sheet)}"
        subtitle = _("Contact sheet, as recorded on {day}.").format(day=day_in_words(sheet.day))
        pictures = map(_small_picture, sheet.photos)
        page = contact_sheet_page(language(), title, subtitle, pictures)
        part.write_text("".join(page), "utf-8")
    print_line(file)
    print_note(_("Photos on the contact sheet: {count}.").format(count=sheet.count))


def _days(sheet: "ContactSheet") -> str:
    first, last = day_in_words(sheet.starts_on), day_in_words(sheet.ends_on)
    return first if first == last else f"{first} – {last}"


def _small_picture(photo: "ContactPhoto") -> "SmallPicture":
    from photoreg.documents.contact_sheet import SmallPicture

    return SmallPicture(
        photo.photo,
        safe(photo.file),
        [*_lines(photo)],
        photo.picture.content if photo.picture else b"",
        photo.picture.media_type if photo.picture else "",
        _("No small picture, because the file is missing or changed."),
    )


def _lines(photo: "ContactPhoto") -> Iterator[str]:
    """Yield what stands below a picture: who is shown, and the verdict on each channel."""
    if photo.names:
        yield ", ".join(map(safe, photo.names))
    else:
        yield label(photo.people) if photo.people else _("Nobody is named yet.")
    if photo.unnamed:
        yield _("Not named yet: {count}").format(count=photo.unnamed)
    for channel, outcome in photo.verdicts:
        yield f"{safe(channel)}: {label(outcome)}"
