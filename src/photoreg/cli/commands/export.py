"""`export`: publishable copies of photos, with rights metadata and without private data."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import click

from photoreg.cli.app import CliContext, Command, print_error
from photoreg.cli.chosen_photos import (
    chosen_photos,
    photos_options,
    publishable_only,
    verdict_option,
)
from photoreg.cli.commands.check import OUTCOME_EXIT_CODES
from photoreg.cli.options import enum_option, option, rights_options
from photoreg.cli.output import print_line, print_note
from photoreg.cli.printing.verdict import print_verdict
from photoreg.errors import SOME_FAILED, PhotoregError
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.writing.publishable_copy import Copy
from photoreg.presentation.labels import metadata_label
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.facts import Purpose
from photoreg.services.decisions.evaluation import AskedUse, worst_outcome
from photoreg.services.files.rights import RightsOptions
from photoreg.services.publications import export
from photoreg.services.publications.export import ExportResult
from photoreg.texts import N_, _


@click.command(
    "export",
    cls=Command,
    help=N_(
        "Make the copy of a photo for publication: the same image with the photographer and "
        "the rights, but without location, serial numbers and other hidden data. It can be "
        "made only while the photo may be published; the original is never changed. JPEG, PNG "
        "and WebP images stay as they are; TIFF, HEIC and AVIF become JPEG."
    ),
    example=N_("photoreg export P-1 --channel kunta -o copies"),
)
@photos_options
@verdict_option
@option("--channel", required=True, help=N_("The channel, by its name in the registry."))
@enum_option(
    "--purpose",
    kind="Purpose",
    default="information",
    show_default=True,
    help=N_("What the photo is used for."),
)
@option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=N_("The folder for the copies; created if missing."),
)
@option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Where the file of the photo is now, if it was moved; for one photo only."),
)
@option(
    "--max-size",
    type=click.IntRange(16, 30_000),
    metavar="PIXELS",
    help=N_(
        "Reduce larger photos to this many pixels on the longer side, turned upright, in sRGB."
    ),
)
@option(
    "--quality",
    type=click.IntRange(50, 95),
    default=90,
    show_default=True,
    metavar="NUMBER",
    help=N_("The quality of a JPEG or WebP that must be encoded again, 50 to 95."),
)
@rights_options
@click.pass_context
def export_command(
    ctx: click.Context,
    photos: tuple[str, ...],
    event: str | None,
    verdict: str | None,
    channel: str,
    purpose: str,
    folder: Path,
    file: Path | None,
    max_size: int | None,
    quality: int,
    terms: str,
    licence_url: str,
    licensor_url: str,
) -> None:
    """Write the copies; the worst verdict or a failure sets the exit code."""
    context: CliContext = ctx.obj
    named = chosen_photos(context.application, photos, event)
    if file is not None and len(named) > 1:
        raise click.UsageError(_("--file is for one photo only."))
    # Handing out a copy counts as an upload, however it is used: there is no --mode here.
    asked = AskedUse(channel, Purpose(purpose))
    if verdict:
        named = publishable_only(context.application, named, asked)
    done: list[ExportResult] = []
    try:
        for exported in export.export_photos(
            context.application,
            named,
            asked,
            folder,
            file=file,
            options=CopyOptions(max_size, quality),
            wish=RightsOptions(terms, licence_url, licensor_url),
        ):
            _print_exported(exported)
            done.append(exported)
    except PhotoregError:
        if any(exported.path for exported in done):
            print_note(
                _("The copies listed above were made and recorded. The others were not made:")
            )
        raise
    print_removed_metadata([exported.removed for exported in done if exported.path])
    failed = [exported.error for exported in done if exported.error]
    if failed:
        ctx.exit(failed[0].exit_code if len(done) == 1 else SOME_FAILED)
    ctx.exit(OUTCOME_EXIT_CODES[worst_outcome(exported.checked.outcome for exported in done)])


def _print_exported(exported: ExportResult) -> None:
    if exported.error:
        print_error(exported.error)
    elif exported.path is None:
        print_verdict(exported.checked, explain=False)
        _warn_of_earlier_copies(exported)
    else:
        print_line(exported.path)
        print_conversion(exported.copy)


def _warn_of_earlier_copies(exported: ExportResult) -> None:
    """Warn about older copies in the folder, made while the photo was publishable."""
    text = _(
        "{file} is an earlier copy of {photo}. The photo may not be published on {channel} "
        "now: delete the file, unless it may still be used on another channel."
    )
    photo = human_id(Kind.PHOTO, exported.checked.photo_id)
    for path in exported.older_copies:
        print_note(text.format(file=path, photo=photo, channel=exported.checked.channel_name))


def print_removed_metadata(of_each: Sequence[Iterable[str]]) -> None:
    """Print once, after all copies, which metadata was removed from them."""
    removed = ", ".join(map(metadata_label, dict.fromkeys(chain(*of_each))))
    if removed:
        one, many = _("Removed from the copy: {removed}."), _("Removed from the copies: {removed}.")
        print_note((one if len(of_each) == 1 else many).format(removed=removed))


def print_conversion(copy: Copy | None) -> None:
    """Print a note if the copy is a newly encoded image."""
    if copy is None or not copy.is_derived:
        return
    width, height = copy.size
    text = _("The copy is a new {format} image, {width} x {height} pixels, made from {original}.")
    print_note(text.format(format=copy.format, width=width, height=height, original=copy.made_from))
    if copy.pictures > 1:
        print_note(
            _("It contains the first of {count} pictures in the file.").format(count=copy.pictures)
        )
