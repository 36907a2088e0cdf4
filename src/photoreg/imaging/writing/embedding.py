"""Plan how rights go into a photo's own metadata without touching anything else.

The new file is made in memory by the container of its format: image data, colour profiles, makers'
notes, further images and unrelated metadata stay byte for byte where the format allows. What
cannot be changed safely is refused with its cause.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import FILE_STAYS, PhotoFile
from photoreg.imaging.metadata import tiff
from photoreg.imaging.metadata.fields import WRITTEN_FIELDS, Field, Standard
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import Metadata, parse_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.metadata.sidecar import sidecar_packet, sidecar_path, with_sidecar
from photoreg.imaging.metadata.xmp import XmpError
from photoreg.imaging.metadata.xmp_editing import edit_packet
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class Change:
    """One tag that changes, with its old and new value."""

    field: Field
    standard: Standard
    tag: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The new file, and what in it differs. No changes: `content` is the file as it is.

    With a `sidecar`, the photo stays as it is and that is the file: `old` is its content.
    """

    original: PhotoFile[Any]
    content: bytes
    changes: tuple[Change, ...]
    has_credentials: bool
    sidecar: Path | None = None
    old: bytes = b""


def plan_rights(data: bytes, rights: OwnRights, file: str = "") -> Plan:
    """Work out what writing the rights would change, tag by tag. Nothing is written.

    Raises PhotoFileError when the file is no photo, is damaged, or cannot be changed safely.
    """
    original = divided(data, file)
    before = parse_metadata(original.blocks)
    rights = rights.with_other_releases(before)
    try:
        content = original.container.with_rights(original, rights)
    except (XmpError, tiff.TiffError) as error:
        raise PhotoFileError(error.message, FILE_STAYS, file=file, offset=error.offset) from error
    if before.damaged:  # in a way that is found in reading only: a part of it is missing
        standard = before.damaged[0].value
        raise PhotoFileError(
            N_("{file}: its {standard} data is damaged"), FILE_STAYS, file=file, standard=standard
        )
    after = parse_metadata(divided(content, file, similar=original).blocks)
    return Plan(original, content, tuple(_changes(before, after)), before.has_credentials)


def plan_sidecar(data: bytes, rights: OwnRights, path: Path) -> Plan:
    """Work out what writing the rights beside a HEIC or AVIF photo would change.

    Raises PhotoFileError when the photo or its sidecar is damaged.
    """
    original = divided(data, path.name)
    old = sidecar_packet(path)
    before = parse_metadata(with_sidecar(original.blocks, old))
    rights = rights.with_other_releases(before)
    sidecar = sidecar_path(path)
    try:
        content = edit_packet(old, rights.values())
    except XmpError as error:
        raise PhotoFileError(
            error.message, FILE_STAYS, file=sidecar.name, offset=error.offset
        ) from error
    changes = tuple(_changes(before, parse_metadata(with_sidecar(original.blocks, content))))
    return Plan(original, content, changes, has_credentials=False, sidecar=sidecar, old=old)


def _changes(before: Metadata, after: Metadata) -> Iterable[Change]:
    for field in WRITTEN_FIELDS:
        for standard, tag in _tag_names(field):
            old = before.fields[field.name].text_in(standard)
            new = after.fields[field.name].text_in(standard)
            if old != new:
                yield Change(field, standard, tag, old, new)


def _tag_names(field: Field) -> Iterable[tuple[Standard, str]]:
    yield Standard.XMP, str(field.xmp)
    if field.iim:
        yield Standard.IPTC, str(field.iim)
    if field.exif:
        yield Standard.EXIF, field.exif_name
