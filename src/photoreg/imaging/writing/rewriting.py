"""Write rights into a photo's own file without risking its content.

The new file is compared with the old one part by part, written beside it under a temporary name,
read back from the disk, and then replaces it atomically. Permissions, times and extended
attributes are kept. Another hard link to the file keeps the old content.
"""

import errno
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.container import PhotoFile
from photoreg.imaging.containers.detection import container_of
from photoreg.imaging.containers.formats import changed_since_error, read_bytes
from photoreg.imaging.metadata import exif, iptc
from photoreg.imaging.metadata.exif import IIM_TAG, IMAGE_RESOURCES_TAG, XMP_TAG
from photoreg.imaging.metadata.fields import Standard
from photoreg.imaging.metadata.file_parts import divided
from photoreg.imaging.metadata.reading import Blocks, parse_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights, has_rights
from photoreg.imaging.metadata.sidecar import sidecar_packet
from photoreg.imaging.metadata.xmp import Node, parse_packet, property_texts
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.embedding import EmbeddingPlan, FieldChange, plan_rights, plan_sidecar
from photoreg.imaging.writing.replacing import DISK_FULL_ERRORS, replace_file, writer_lock
from photoreg.texts import N_
from photoreg.unfinished import real_path

_OWN_EXIF_TAGS: Final = frozenset(
    {exif.ARTIST, exif.COPYRIGHT, XMP_TAG, IIM_TAG, IMAGE_RESOURCES_TAG}
)


@dataclass(frozen=True, slots=True)
class Written:
    """A file with the rights written: the photo's hash and size, and the changes."""

    sha256: str
    size: int
    changes: tuple[FieldChange, ...]
    had_credentials: bool
    target: Path
    before: bytes
    """The previous content of `target`, the file written; empty if it did not exist."""


def plan_rights_in_file(
    data: bytes, rights: OwnRights, path: Path, *, embeds: bool = False
) -> EmbeddingPlan:
    """Return what `write_rights` would change. Raises PhotoFileError as it does."""
    if container_of(data, path.name).rights_go_beside and not embeds:
        return plan_sidecar(data, rights, path)
    return plan_rights(data, rights, path.name)


def write_rights(
    path: Path, rights: OwnRights, *, expected_sha256: str, embeds: bool = False
) -> Written:
    """Write the rights into a photo's own file; writing them again changes nothing.

    HEIC and AVIF photos are not changed but get a sidecar, unless `embeds` requests exiftool.
    Raises PhotoFileError when the file no longer has the hash `expected_sha256`, cannot be changed
    safely, or cannot be written; it is then unchanged.
    """
    path = real_path(path)  # keep symbolic links
    with writer_lock(path):
        data = read_bytes(path)
        require_unchanged(data, expected_sha256, path.name)
        plan = plan_rights_in_file(data, rights, path, embeds=embeds)
        if plan.sidecar is not None:
            _write_sidecar(plan, plan.sidecar, rights, path)
            return Written(expected_sha256, len(data), plan.changes, False, plan.sidecar, plan.old)
        sha256 = expected_sha256
        if plan.content != data:
            verify_rewritten(plan.original, plan.content, rights)
            sha256 = _replace_file(path, plan.content, len(data))
    return Written(sha256, len(plan.content), plan.changes, plan.has_credentials, path, data)


def _write_sidecar(plan: EmbeddingPlan, sidecar: Path, rights: OwnRights, photo: Path) -> None:
    """Verify and write the sidecar of a photo. Raises PhotoFileError."""
    if plan.content == plan.old:
        return
    was, now = Blocks(xmp=(plan.old,) if plan.old else ()), Blocks(xmp=(plan.content,))
    wanted = rights.with_other_releases(parse_metadata(was))
    is_right = has_rights(parse_metadata(now), wanted, {Standard.XMP})
    if not is_right or _other_xmp(was, wanted) != _other_xmp(now, wanted):
        raise verification_error(sidecar.name)

    def may_replace() -> None:
        if sidecar_packet(photo) != plan.old:
            raise concurrent_change_error(sidecar.name)

    like = sidecar if sidecar.exists() else None
    try:
        replace_file(sidecar, plan.content, may_replace=may_replace, like=like)
    except OSError as error:
        raise write_error(error, sidecar) from error


def restore_file(path: Path, data: bytes) -> None:
    """Restore a file's content after a step that belongs to its change has failed."""
    path = real_path(path)
    if not data:  # it did not exist
        path.unlink(missing_ok=True)
        return
    replace_file(path, data, like=path)


def require_unchanged(data: bytes, expected_sha256: str, file: str) -> None:
    """Raise PhotoFileError unless the data have the registered hash."""
    if file_hash(data) != expected_sha256:
        raise changed_since_error(file)


def _replace_file(path: Path, content: bytes, size: int) -> str:
    """Replace a file that must have this size; return the hash of the new one."""
    if not os.access(path, os.W_OK):
        raise write_error(PermissionError(errno.EACCES, ""), path)
    try:
        before = path.stat()

        def may_replace() -> None:
            now = path.stat()
            same = (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
            if not same or now.st_size != size:
                raise concurrent_change_error(path.name)

        return replace_file(path, content, may_replace=may_replace, like=path)
    except OSError as error:
        raise write_error(error, path) from error


def write_error(error: OSError, path: Path) -> PhotoFileError:
    """Return the error for an OSError while replacing a file."""
    if error.errno in DISK_FULL_ERRORS:
        return PhotoFileError(
            N_("{file}: there is no room for the file in {folder}; it was not changed"),
            N_("Free disk space and try again."),
            file=path.name,
            folder=path.parent,
        )
    return PhotoFileError(
        N_("{file}: the file cannot be written in {folder}; it was not changed"),
        N_(
            "Check that you may change the file and write to its folder, and close the file in "
            "other programs."
        ),
        file=path.name,
        folder=path.parent,
    )


def verify_rewritten(original: PhotoFile[Any], new: bytes, rights: OwnRights) -> None:
    """Raise PhotoFileError unless a new file has the old image, all other tags, and the rights."""
    written = divided(new, original.name, similar=original)
    container, was, now = original.container, original.blocks, written.blocks
    rights = rights.with_other_releases(parse_metadata(was))
    standards = container.standards | ({Standard.IPTC} if now.iim else frozenset())
    right = (
        written.container is container
        and container.keeps_all_else(original, written)
        and (not was.exif or _same_exif(was, now))
        and _other_iim(was, rights) == _other_iim(now, rights)
        and _other_xmp(was, rights) == _other_xmp(now, rights)
        and has_rights(parse_metadata(now), rights, standards)
    )
    if not right:
        raise verification_error(original.name)


def verification_error(file: str) -> PhotoFileError:
    """Return the error for output that fails verification."""
    return PhotoFileError(
        N_("{file}: the data to be written is not correct; the file was not changed"),
        N_("Check the disk and try again; if it happens again, report it to photoreg support."),
        file=file,
    )


def concurrent_change_error(file: str) -> PhotoFileError:
    """Return the error for a file that was changed while it was being written."""
    return PhotoFileError(
        N_("{file}: somebody else has just changed the file"),
        N_("Check the file and try again."),
        file=file,
    )


def _same_exif(was: Blocks, now: Blocks) -> bool:
    """Whether all bytes keep their offsets and all tags except ours their values.

    Only the offset of the first IFD and trailing zeros may differ.
    """
    content = was.exif.rstrip(b"\0")[8:]
    return now.exif[8:].startswith(content) and _other_exif(was) == _other_exif(now)


def _other_exif(blocks: Blocks) -> object:
    """Return all tags except ours, as type numbers and bytes."""
    found = exif.read_exif(blocks.exif)
    directories = (found.main, found.camera, found.gps, found.thumbnail)
    return [
        {tag: (v.kind, bytes(v.raw)) for tag, v in directory.items() if tag not in _OWN_EXIF_TAGS}
        for directory in directories
    ]


def _other_iim(blocks: Blocks, rights: OwnRights) -> object:
    """Return the IPTC texts except ours."""
    ours = {field.iim.numbers[0] for field in rights.values() if field.iim}
    found: Counter[tuple[int, str]] = Counter()
    for block in blocks.iim:
        datasets, _ = iptc.split_datasets(block)
        for number, texts in iptc.record_2_texts(datasets).items():
            found.update((number, text) for text in texts if number not in ours)
    return found


def _other_xmp(blocks: Blocks, rights: OwnRights) -> object:
    """Return the XMP properties of each packet except ours."""
    ours = {field.xmp.key for field in rights.values()}
    return [
        [
            (name, _content(value))
            for name, value in parse_packet(raw).properties()
            if name not in ours
        ]
        for raw in blocks.xmp
    ] or [[]]


def _content(value: Node | str) -> object:
    if isinstance(value, str):
        return property_texts(value)
    children = [_content(child) for child in value.children]
    return value.name, dict(value.attributes), value.text.strip(), children
