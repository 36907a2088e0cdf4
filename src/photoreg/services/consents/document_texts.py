"""Text templates of printed documents, and how they write days and photos."""

from datetime import date
from pathlib import Path

from photoreg.documents.template import Template, TemplateSpec, read_template
from photoreg.errors import InputDataError, os_cause
from photoreg.named_files import require_outside_registry, written_file
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Language
from photoreg.registry.tables.photos import Event, Photo
from photoreg.texts import N_
from photoreg.unfinished import make_private

TEXTS = Path(__file__).parents[2] / "documents" / "forms"
"""The templates delivered with photoreg; a municipality may use its own instead."""

BLANK_LINE = "_" * 24
"""Printed in place of a missing value: a line to write on."""


def text_in(folder: Path, kind: str, language: Language, kit: TemplateSpec) -> Template:
    """Read a document's template in a language; InputDataError for an invalid one."""
    file = folder / f"{kind}.{language}.txt"
    text = read_template(file, kit)
    if text.language not in set(Language):
        raise InputDataError(
            N_("{file}: there is no language {name}"),
            N_("Allowed values: {allowed}."),
            file=file.name,
            name=text.language,
            allowed=", ".join(Language),
        )
    return text


def write_texts(folder: Path) -> list[Path]:
    """Copy the delivered templates into a folder; existing files are not overwritten."""
    written = []
    for text in sorted(TEXTS.glob("*.txt")):
        with written_file(make_folder(folder) / text.name) as part:
            part.write_bytes(text.read_bytes())
        written.append(folder / text.name)
    return written


def make_folder(folder: Path) -> Path:
    """Create the folder as a private one unless it exists; InputDataError on failure."""
    require_outside_registry(folder)
    try:
        make_private(folder)
    except OSError as error:
        raise InputDataError(
            N_("the folder {folder} cannot be created: {cause}"),
            N_("Choose another folder."),
            fields=("folder",),
            folder=folder,
            cause=os_cause(error),
        ) from error
    return folder


def format_day(day: date, language: Language) -> str:
    """Format a day in a language: 2.3.2026, and in English 2026-03-02."""
    return day.isoformat() if language is Language.ENGLISH else f"{day.day}.{day.month}.{day.year}"


def format_days(event: Event | None, language: Language) -> str:
    """Format the first and last day of an event."""
    if event is None:
        return ""
    first, last = format_day(event.starts_on, language), format_day(event.ends_on, language)
    return first if first == last else f"{first}–{last}"


def format_channel(channel: ChannelRow) -> str:
    """Format a channel as its title, with who controls it if not the municipality."""
    return channel.title if channel.is_own else f"{channel.title} ({channel.controller})"


def format_photo(photo: Photo | None) -> str:
    """Format a photo as its id and file name."""
    return f"{human_id(Kind.PHOTO, photo.id)} ({photo.file_name})" if photo else ""
