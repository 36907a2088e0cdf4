"""Plan writing rights into a photo's own metadata without touching anything else.

The container of the format builds the new file in memory: image data, ICC profiles, maker notes,
further images and unrelated metadata are preserved byte for byte where the format allows. Files
that cannot be changed safely are refused with the cause.
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
class FieldChange:
    """A changed tag, with its old and new value."""

    field: Field
    standard: Standard
    tag: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EmbeddingPlan:
    """The new file and its changes; without changes `content` is the file's present content.

    With a `sidecar` the photo is not changed, and `content` and `old` are the sidecar's new and
    old content.
    """

    original: PhotoFile[Any]
    content: bytes
    changes: tuple[FieldChange, ...]
    has_credentials: bool
    sidecar: Path | None = None
    old: bytes = b""


def plan_rights(data: bytes, rights: OwnRights, file: str = "") -> EmbeddingPlan:
    """Return what writing the rights would change, tag by tag, without writing anything.

    Raises PhotoFileError when the file is not a photo, is damaged, or cannot be changed safely.
    """
    original = divided(data, file)
    before = parse_metadata(original.blocks)
    rights = rights.with_other_releases(before)
    try:
        content = original.container.with_rights(original, rights)
    except (XmpError, tiff.TiffError) as error:
        raise PhotoFileError(error.message, FILE_STAYS, file=file, offset=error.offset) from error
    if before.damaged:  # damage found only by reading, such as a missing part
        standard = before.damaged[0].value
        raise PhotoFileError(
            N_("{file}: its {standard} data is damaged"), FILE_STAYS, file=file, standard=standard
        )
    after = parse_metadata(divided(content, file, similar=original).blocks)
    return EmbeddingPlan(original, content, tuple(_changes(before, after)), before.has_credentials)


def plan_sidecar(data: bytes, rights: OwnRights, path: Path) -> EmbeddingPlan:
    """Return what writing the rights into the sidecar of a HEIC or AVIF photo would change.

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
    return EmbeddingPlan(
        original, content, changes, has_credentials=False, sidecar=sidecar, old=old
    )


def _changes(before: Metadata, after: Metadata) -> Iterable[FieldChange]:
    for field in WRITTEN_FIELDS:
        for standard, tag in _tag_names(field):
            old = before.fields[field.name].text_in(standard)
            new = after.fields[field.name].text_in(standard)
            if old != new:
                yield FieldChange(field, standard, tag, old, new)


def _tag_names(field: Field) -> Iterable[tuple[Standard, str]]:
    yield Standard.XMP, str(field.xmp)
    if field.iim:
        yield Standard.IPTC, str(field.iim)
    if field.exif:
        yield Standard.EXIF, field.exif_name
