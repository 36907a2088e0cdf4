"""Write the publishable copy of a photo, atomically and verified.

The original is only read. The copy is verified, written, and read back from the disk before it
replaces an earlier one.
"""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.writing.publishable_copy import Copy, is_valid_copy, make_publishable
from photoreg.imaging.writing.replacing import DISK_FULL_ERRORS, replace_file, writer_lock
from photoreg.imaging.writing.rewriting import (
    concurrent_change_error,
    require_unchanged,
    verification_error,
    write_error,
)
from photoreg.named_files import require_outside_registry
from photoreg.texts import N_
from photoreg.unfinished import real_path


@dataclass(frozen=True, slots=True)
class ExportedCopy:
    """A publishable copy that was written: absolute path, SHA-256 and size in bytes."""

    path: Path
    sha256: str
    size: int


def prepare_copy(
    source: Path,
    rights: OwnRights,
    *,
    expected_sha256: str,
    options: CopyOptions = CopyOptions(),  # noqa: B008 - frozen
) -> Copy:
    """Return the publishable copy of a photo file without writing it.

    Raises PhotoFileError when the file no longer has the hash `expected_sha256`, is damaged, or
    cannot be copied.
    """
    data = read_bytes(source)
    require_unchanged(data, expected_sha256, source.name)
    return make_publishable(data, rights, options, source.name)


def make_folder(folder: Path) -> None:
    """Create the folder for copies if it does not exist; its parent must exist."""
    require_outside_registry(folder)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise PhotoFileError(
            N_("the folder {folder} does not exist and cannot be created"),
            N_("Give a folder that exists, or a new one in a folder where you may write."),
            folder=folder,
        ) from error


def write_copy(
    copy: Copy, source: Path, target: Path, *, is_one_of_many: bool = False
) -> ExportedCopy:
    """Write a copy of `source` to `target`, replacing an existing file.

    With `is_one_of_many` the copy survives a power failure only after `sync_folder`. Raises
    PhotoFileError when the copy cannot be written; `target` is then unchanged.
    """
    _refuse_same_file(source, target)
    _require_valid(copy, target.name)
    try:
        sha256 = replace_file(target, copy.content, is_one_of_many=is_one_of_many)
    except OSError as error:
        raise _write_error(error, target) from error
    return ExportedCopy(target.absolute(), sha256, len(copy.content))


def replace_original(copy: Copy, source: Path, before: bytes) -> None:
    """Replace a photo's own file, whose content must be `before`, by its copy.

    Raises PhotoFileError when it cannot be replaced; it is then unchanged.
    """
    source = real_path(source)

    def may_replace() -> None:
        if read_bytes(source) != before:
            raise concurrent_change_error(source.name)

    _require_valid(copy, source.name)
    if not os.access(source, os.W_OK):
        raise write_error(PermissionError(errno.EACCES, ""), source)
    try:
        with writer_lock(source):
            replace_file(source, copy.content, may_replace=may_replace, like=source)
    except OSError as error:
        raise write_error(error, source) from error


def _require_valid(copy: Copy, file: str) -> None:
    if not is_valid_copy(copy.content, copy, file):
        raise verification_error(file)


def _refuse_same_file(source: Path, target: Path) -> None:
    try:
        same = target.exists() and target.samefile(source)
    except OSError:
        same = False  # reading the source or writing the target raises the error
    if same:
        raise PhotoFileError(
            N_("{file}: the copy would replace the photo itself"),
            N_("Choose another name or folder for the copy."),
            file=target.name,
        )


def _write_error(error: OSError, target: Path) -> PhotoFileError:
    folder = str(target.parent)
    if error.errno in DISK_FULL_ERRORS:
        return PhotoFileError(
            N_("{file}: there is no room for the copy in {folder}"),
            N_("Free disk space or choose another folder."),
            file=target.name,
            folder=folder,
        )
    return PhotoFileError(
        N_("{file}: the copy cannot be written to {folder}"),
        N_(
            "Check that the folder exists and that you may write to it, and close the file in "
            "other programs."
        ),
        file=target.name,
        folder=folder,
    )
