"""`metadata`: what photo files say about themselves, in all three standards."""

from pathlib import Path

import click

from photoreg.cli.app import Group, Office
from photoreg.cli.options import format_option
from photoreg.cli.output import say, show
from photoreg.cli.views import METADATA
from photoreg.registry.names import Kind, number_in
from photoreg.services import metadata
from photoreg.texts import N_, _


@click.group("metadata", cls=Group, help=N_("What photo files say about themselves."))
def metadata_command() -> None:
    """Group."""


@metadata_command.command(
    "show",
    help=N_(
        "Show what a photo's file says about its rights and origin: each field in XMP, IPTC and "
        "Exif, which of them counts, and whether they disagree. Nothing is changed."
    ),
    example="photoreg metadata show P-1",
)
@click.argument("named", metavar="PHOTO|FILE")
@format_option
@click.pass_obj
def metadata_show(office: Office, named: str, layout: str) -> None:
    """Show."""
    path = Path(named)
    if number_in(Kind.PHOTO, named) is None and (path.is_file() or path.suffix):
        shown = metadata.show_file(path)
    else:
        shown = metadata.show_photo(office.workplace, named)
    rows = [{name: row[name] for name in row if name != "title"} for row in shown.rows]
    if layout == "table":
        titles = [_(row["title"]) for row in shown.rows]
        rows = [{**row, "field": title} for row, title in zip(rows, titles, strict=True)]
    show(METADATA, rows, layout)
    if shown.has_place:
        say(_("The file says where the photo was taken."))
    if shown.has_credentials:
        say(_("The file holds content credentials (C2PA); changing the file makes them invalid."))
    for standard in shown.unread:
        say(_("The {standard} data are damaged and were not read.").format(standard=standard))
