"""The metadata of photo files: what they say, seen in all three standards."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoreg.errors import PhotoFileError
from photoreg.photos.fields import Standard
from photoreg.photos.formats import read_bytes
from photoreg.photos.metadata import Found, Metadata, read_metadata
from photoreg.registry.finding import the_photo
from photoreg.registry.names import Kind, human_id
from photoreg.services.workplace import Workplace
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class Shown:
    """The metadata of a file: a row for each field that is there, and what else was noticed.

    `unread` are the standards whose data are there but cannot be understood.
    """

    rows: tuple[Mapping[str, Any], ...]
    has_place: bool
    has_credentials: bool
    unread: tuple[str, ...]


def show_file(path: Path) -> Shown:
    """Return the metadata of a file, registered or not."""
    return _shown(read_metadata(read_bytes(path), path.name), hides_names=False)


def show_photo(workplace: Workplace, named: str) -> Shown:
    """Return the metadata of a registered photo's file; names only to those who may see them."""
    with workplace.reading() as desk:
        photo = the_photo(desk.session, named)
        path, number = Path(photo.path), photo.id
        hides_names = desk.hides_names
    if not path.is_file():
        raise PhotoFileError(
            N_("{photo}: its file {file} is not there any more"),
            N_("Bring the file back, or name the file itself where it lies now."),
            photo=human_id(Kind.PHOTO, number),
            file=path,
        )
    return _shown(read_metadata(read_bytes(path), path.name), hides_names=hides_names)


def _shown(metadata: Metadata, *, hides_names: bool) -> Shown:
    fields = metadata.fields.values()
    return Shown(
        rows=tuple(_row(found, hides_names=hides_names) for found in fields if found.counts),
        has_place=metadata.has_place,
        has_credentials=metadata.has_credentials,
        unread=tuple(standard.value for standard in metadata.damaged),
    )


def _row(found: Found, *, hides_names: bool) -> dict[str, Any]:
    is_hidden = hides_names and found.field.holds_names
    texts = {s.name.lower(): "" if is_hidden else found.text_in(s) for s in Standard}
    return {
        "field": found.field.name,
        "title": found.field.title,
        **texts,
        "counts": found.counts,
        "disagrees": found.disagrees,
    }
