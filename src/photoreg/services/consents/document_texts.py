"""What printed documents share: the texts they are made of, and how days and photos are called."""

from datetime import date
from pathlib import Path

from photoreg.documents.template import Template, TemplateSpec, read_template
from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.people import Language
from photoreg.registry.tables.photos import Event, Photo
from photoreg.sheets.files import atomic_file
from photoreg.texts import N_
from photoreg.unfinished import make_private

TEXTS = Path(__file__).parents[2] / "documents" / "forms"
"""The texts that photoreg comes with; a municipality may use its own instead."""

BLANK_LINE = "_" * 24
"""What stands where nobody has said it yet: a line to write on."""


def text_in(folder: Path, kind: str, language: Language, kit: TemplateSpec) -> Template:
    """Return a document's text in a language; InputDataError for one that cannot be used."""
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
    """Write the texts that photoreg comes with into a folder, to begin from; none is replaced."""
    written = []
    for text in sorted(TEXTS.glob("*.txt")):
        with atomic_file(make_folder(folder) / text.name, overwrite=False) as part:
            part.write_bytes(text.read_bytes())
        written.append(folder / text.name)
    return written


def make_folder(folder: Path) -> Path:
    """Return the folder, made private unless it exists; InputDataError when it cannot be made."""
    try:
        make_private(folder)
    except OSError as error:
        raise InputDataError(
            N_("the folder {folder} cannot be created: {cause}"),
            N_("Choose another folder."),
            fields=("folder",),
            folder=folder,
            cause=error.strerror or "",
        ) from error
    return folder


def format_day(day: date, language: Language) -> str:
    """Return a day as it is written in a language: 2.3.2026, and in English 2026-03-02."""
    return day.isoformat() if language is Language.ENGLISH else f"{day.day}.{day.month}.{day.year}"


def format_days(event: Event | None, language: Language) -> str:
    """Return the day or days of an event as they are written."""
    if event is None:
        return ""
    first, last = format_day(event.starts_on, language), format_day(event.ends_on, language)
    return first if first == last else f"{first}–{last}"


def format_photo(photo: Photo | None) -> str:
    """Return how a document calls a photo."""
    return f"{human_id(Kind.PHOTO, photo.id)} ({photo.file_name})" if photo else ""
