"""The publishable copy of a photo: the same image, with nothing else in it but the rights.

The copy is built from an allow-list: the segments that make the image, its colour profile, and one
fresh Exif block. Place, serial numbers, names, thumbnails and whatever else is hidden in the
original never get in; nothing has to be found in order to be removed. The image is not decoded,
so it loses no quality. The original is only read.
"""

import errno
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.photos import exif
from photoreg.photos.formats import ASK_FOR_JPEG, read_bytes, recognise
from photoreg.photos.identity import file_hash
from photoreg.photos.jpeg import APP0, APP1, APP2, APP14, Jpeg, Segment, split_jpeg
from photoreg.texts import N_

_EXIF_START: Final = b"Exif\0\0"
_ICC_START: Final = b"ICC_PROFILE\0"
_JFIF_LENGTH: Final = 12  # identifier, version, unit, densities; the thumbnail's size follows
_ADOBE_LENGTH: Final = 12  # identifier, version, flags, colour transform
_UNCALIBRATED: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Rights:
    """Whom a publishable copy names; an empty text is left out."""

    artist: str
    copyright: str


@dataclass(frozen=True, slots=True)
class ExportedCopy:
    """A publishable copy that was written: absolute path, SHA-256 and size in bytes."""

    path: Path
    sha256: str
    size: int


def export_copy(
    source: Path, target: Path, rights: Rights, *, expected_sha256: str
) -> ExportedCopy:
    """Write the publishable copy of the JPEG `source` to `target`, which is replaced if it exists.

    The same source and rights give the same bytes. Raises PhotoFileError when the source is no
    longer the file with the hash `expected_sha256`, is no JPEG or is damaged, or when the copy
    cannot be written; then `target` is as it was before.
    """
    _refuse_same_file(source, target)
    data = read_bytes(source)
    if file_hash(data) != expected_sha256:
        raise PhotoFileError(
            N_("{file}: the file has changed since it was registered"),
            N_("Put the registered file back, or register the changed file as a new photo."),
            file=source.name,
        )
    if recognise(data, source.name) != "JPEG":
        raise PhotoFileError(
            N_("{file}: copies for publication can be made from JPEG photos only"),
            ASK_FOR_JPEG,
            file=source.name,
        )
    original = split_jpeg(data, source.name)
    copy = publishable(original, rights)
    content = copy.to_bytes()
    _write(target, content, original, rights)
    return ExportedCopy(target.absolute(), file_hash(content), len(content))


def publishable(original: Jpeg, rights: Rights) -> Jpeg:
    """Return the publishable form of a JPEG."""
    kept = [part for segment in original.segments if (part := _allowed(segment))]
    leading = [segment for segment in kept if segment.marker == APP0][:1]
    rest = [segment for segment in kept if segment.marker != APP0]
    payload = _EXIF_START + _exif_block(original, rights)
    return Jpeg((*leading, Segment(APP1, payload), *rest))


def _allowed(segment: Segment) -> Segment | None:
    """Return what may be published of a segment, or None."""
    payload = segment.payload
    if segment.is_image or (segment.marker == APP2 and payload.startswith(_ICC_START)):
        return segment
    if segment.marker == APP0 and payload.startswith(b"JFIF\0") and len(payload) >= _JFIF_LENGTH:
        return Segment(APP0, payload[:_JFIF_LENGTH] + b"\0\0")  # a thumbnail of 0 x 0
    if segment.marker == APP14 and payload.startswith(b"Adobe") and len(payload) >= _ADOBE_LENGTH:
        return Segment(APP14, payload[:_ADOBE_LENGTH])
    return None


def _exif_block(original: Jpeg, rights: Rights) -> bytes:
    """Return a fresh Exif block: the rights, and what the standard demands.

    The orientation is kept, because without it the picture would be shown lying on its side.
    """
    found = exif.read_exif(original.exif)
    has_profile = any(segment.payload.startswith(_ICC_START) for segment in original.segments)
    other_colours = exif.number_of(found.camera, exif.COLOR_SPACE) == _UNCALIBRATED
    entries = _rights_entries(rights)
    orientation = exif.orientation_of(found)
    if orientation not in {None, 1}:
        entries.append(exif.short_entry(exif.ORIENTATION, orientation))
    return exif.fresh_exif(entries, original.size, is_srgb=not (has_profile or other_colours))


def _rights_entries(rights: Rights) -> list[exif.Entry]:
    texts = ((exif.ARTIST, rights.artist), (exif.COPYRIGHT, rights.copyright))
    return [exif.ascii_entry(tag, clean) for tag, text in texts if (clean := exif.clean_text(text))]


def _write(target: Path, content: bytes, original: Jpeg, rights: Rights) -> None:
    """Write a copy so that `target` is either whole and right, or as it was before."""
    # A name of its own, so that two people exporting the same photo do not share one file; hidden,
    # so that a search for photos passes it by.
    temporary = target.parent / f".photoreg-{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            temporary.chmod(temporary.stat().st_mode & 0o644)  # not more than the umask allows
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _verify(temporary.read_bytes(), original, rights, target.name)
        temporary.replace(target)
    except OSError as error:
        raise _not_written(error, target) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _verify(content: bytes, original: Jpeg, rights: Rights, file: str) -> None:
    """Make sure of what was written, from the disk and not from memory.

    The image is the original's, the rights read back as they were given, and nothing else is in
    the file.
    """
    copy = split_jpeg(content, file)
    found = exif.read_exif(copy.exif)
    metadata = [segment for segment in copy.segments if segment.marker == APP1]
    right = (
        copy.image == original.image
        and len(metadata) == 1
        and exif.text_of(found.main, exif.ARTIST) == exif.clean_text(rights.artist)
        and exif.text_of(found.main, exif.COPYRIGHT) == exif.clean_text(rights.copyright)
        and all(_allowed(segment) == segment for segment in copy.segments if segment.marker != APP1)
        and not (copy.trailer or found.gps or found.thumbnail)
    )
    if not right:
        raise PhotoFileError(
            N_("{file}: the copy on the disk is not what was to be written; it was removed"),
            N_("Check the disk, and try again."),
            file=file,
        )


def _refuse_same_file(source: Path, target: Path) -> None:
    try:
        same = target.exists() and target.samefile(source)
    except OSError:
        same = False  # reading the source or writing the target will say what is wrong
    if same:
        raise PhotoFileError(
            N_("{file}: the copy would replace the photo itself"),
            N_("Choose another name or folder for the copy."),
            file=target.name,
        )


def _not_written(error: OSError, target: Path) -> PhotoFileError:
    folder = str(target.parent)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return PhotoFileError(
            N_("{file}: there is no room for the copy in {folder}"),
            N_("Make room on the disk or choose another folder."),
            file=target.name,
            folder=folder,
        )
    return PhotoFileError(
        N_("{file}: the copy cannot be written to {folder}"),
        N_("Check that the folder exists and that you may write to it."),
        file=target.name,
        folder=folder,
    )
