"""`metadata`: show the metadata of photo files, and write the registered rights into them."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from photoreg.cli.app import CliContext, Group, print_error
from photoreg.cli.chosen_photos import chosen_photos, photos_options
from photoreg.cli.commands.export import print_conversion, print_removed_metadata
from photoreg.cli.options import argument, format_option, option, rights_options
from photoreg.cli.output import print_line, print_note, print_view
from photoreg.errors import SOME_FAILED, PhotoregError
from photoreg.presentation.view import FOR_PEOPLE
from photoreg.presentation.views.metadata import METADATA, METADATA_CHANGES
from photoreg.registry.ids import Kind, parse_id
from photoreg.services.files import metadata, refreshing, stripping
from photoreg.services.files.metadata import MetadataChangeRow, MetadataFieldRow, MetadataResult
from photoreg.services.files.rights import RightsOptions
from photoreg.texts import N_, _


@click.group("metadata", cls=Group, help=N_("The information stored in photo files."))
def metadata_command() -> None:
    """Group commands about metadata."""


@metadata_command.command(
    "show",
    help=N_(
        "Show the rights and origin information in a photo's file: each field in XMP, IPTC and "
        "Exif, which of them is used, and whether they conflict. Nothing is changed."
    ),
    example="photoreg metadata show P-1",
)
@argument("named", metavar="PHOTO|FILE")
@format_option
@click.pass_obj
def metadata_show(context: CliContext, named: str, layout: str) -> None:
    """Show the metadata of one file."""
    path = Path(named)
    if parse_id(Kind.PHOTO, named) is None and (path.is_file() or path.suffix):
        shown = metadata.show_file(path)
    else:
        shown = metadata.show_photo(context.application, named)
        if refreshing.refresh_files(context.application, [named]):
            print_note(_("The file has changed since it was registered; register it again."))
    print_view(METADATA, _rows_in_layout(shown.rows, layout), layout)
    if shown.has_place:
        print_note(_("The file contains the place where the photo was taken."))
    if shown.has_credentials:
        print_note(
            _("The file contains content credentials (C2PA); changing the file makes them invalid.")
        )
    for standard in shown.unread:
        print_note(
            _("The {standard} data are damaged and were not read.").format(standard=standard)
        )


@metadata_command.command(
    "write",
    help=N_(
        "Write the rights from the registry into the photos' own files: photographer, copyright "
        "notice, credit line, number in the registry, and whether the people shown have "
        "consented; never who is shown. The image and everything else in the files stay "
        "unchanged. HEIC and AVIF photos are not changed: their rights are written into a file "
        "beside them."
    ),
    example="photoreg metadata write P-1 --dry-run",
)
@photos_options
@option("--dry-run", is_flag=True, help=N_("Only show what would change, tag by tag."))
@rights_options
@option(
    "--break-credentials",
    is_flag=True,
    help=N_("Change the file even if its content credentials (C2PA) become invalid."),
)
@option(
    "--embed",
    is_flag=True,
    help=N_("Change the HEIC or AVIF file itself, with the program exiftool."),
)
@format_option
@click.pass_obj
def metadata_write(
    context: CliContext,
    photos: tuple[str, ...],
    event: str | None,
    dry_run: bool,
    terms: str,
    licence_url: str,
    licensor_url: str,
    break_credentials: bool,
    embed: bool,
    layout: str,
) -> None:
    """Write the registered rights into files, or show what would be written."""
    wish = RightsOptions(terms, licence_url, licensor_url, break_credentials, embed)
    named = chosen_photos(context.application, photos, event)
    act = metadata.plan_metadata if dry_run else metadata.write_metadata
    done: list[MetadataResult] = []
    try:
        done.extend(act(context.application, named, wish))
    except PhotoregError:
        _print_written_before(done, dry_run=dry_run)
        raise
    rows = [row for outcome in done for row in outcome.rows]
    if rows or layout != "table":
        print_view(METADATA_CHANGES, _rows_in_layout(rows, layout), layout)
    for outcome in done:
        _print_outcome(outcome, dry_run=dry_run, as_data=layout != "table")
    if dry_run and rows:
        print_note(_("Nothing was changed."))


def _print_written_before(done: Sequence[MetadataResult], *, dry_run: bool) -> None:
    """Print the photos whose files were written before one failed."""
    if done and not dry_run:
        text = _("Written into the files of {photos}; the other files were not changed:")
        print_note(text.format(photos=", ".join(outcome.photo for outcome in done)))


def _print_outcome(outcome: MetadataResult, *, dry_run: bool, as_data: bool) -> None:
    """Print what is to be said of one file besides its changed tags."""
    if not outcome.rows:
        if not as_data:
            text = _("{photo}: the file already contains all of this.")
            print_line(text.format(photo=outcome.photo))
        return
    if outcome.has_credentials:
        print_note(
            _("The file contains content credentials (C2PA); changing the file makes them invalid.")
        )
    if outcome.sidecar:
        print_note(
            _("The rights are written into {file}, beside the photo.").format(file=outcome.sidecar)
        )
    elif not dry_run:
        print_note(
            _("{photo}: written into the file; the image is unchanged.").format(photo=outcome.photo)
        )


@metadata_command.command(
    "strip",
    help=N_(
        "Remove from photo files what nobody should find there: location, serial numbers, "
        "makers' notes, names, small previews, edits. The rights information stays. A copy "
        "named -stripped is made, and the file itself is not changed. JPEG, PNG and WebP "
        "images stay as they are; copies of TIFF, HEIC and AVIF are JPEG."
    ),
    example=N_("photoreg metadata strip P-1 -o stripped"),
)
@argument("named", nargs=-1, required=True, metavar="FILE|PHOTO...")
@option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=N_("The folder for the copies; default: beside the files."),
)
@option(
    "--in-place",
    is_flag=True,
    help=N_("Change the files themselves; what is removed is lost."),
)
@option(
    "--break-credentials",
    is_flag=True,
    help=N_("Change the file even if its content credentials (C2PA) become invalid."),
)
@click.pass_context
def metadata_strip(
    ctx: click.Context,
    named: tuple[str, ...],
    folder: Path | None,
    in_place: bool,
    break_credentials: bool,
) -> None:
    """Remove the metadata from the files; exit with the code of the first failure."""
    if in_place and folder is not None:
        raise click.UsageError(_("Give either --output or --in-place, not both."))
    context: CliContext = ctx.obj
    results = (
        stripping.strip_in_place(context.application, named, breaks_credentials=break_credentials)
        if in_place
        else stripping.strip_copies(lambda: context.application, named, folder)
    )
    failed, removed = [], []
    for stripped in results:
        if stripped.error:
            print_error(stripped.error)
            failed.append(stripped.error)
        else:
            print_line(stripped.path)
            print_conversion(stripped.copy)
            removed.append(stripped.removed)
    print_removed_metadata(removed)
    if failed:
        ctx.exit(failed[0].exit_code if len(named) == 1 else SOME_FAILED)


def _rows_in_layout(
    rows: Sequence[MetadataFieldRow | MetadataChangeRow], layout: str
) -> list[dict[str, Any]]:
    """Return the rows without field titles; for people, titles replace field names."""
    result = []
    for row in rows:
        values = asdict(row)
        title = values.pop("title")
        result.append({**values, "field": _(title)} if layout in FOR_PEOPLE else values)
    return result
