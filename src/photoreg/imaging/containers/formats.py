"""Supported photo formats, size limits, and reading and listing photo files.

The formats are JPEG (ITU-T T.81), PNG (ISO/IEC 15948), TIFF 6.0, WebP (RFC 9649), HEIC and AVIF
(ISO/IEC 23008-12).
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, NoReturn

from photoreg.errors import PhotoFileError
from photoreg.named_files import MAX_PHOTO_BYTES, read_with_time
from photoreg.texts import N_

PhotoFormat = Literal["JPEG", "PNG", "TIFF", "WEBP", "HEIC", "AVIF"]

MAX_FILE_BYTES: Final = MAX_PHOTO_BYTES
"""The largest file that is read, in bytes."""

MAX_PIXELS: Final = 89_478_485
"""The most pixels, width times height: above this Pillow warns of a decompression bomb."""

PHOTO_EXTENSIONS: Final = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp"),
        *(".heic", ".heif", ".hif", ".avif"),
    }
)
"""The extensions of photo files found in a folder, in lower case."""

_READ_ERRORS: Final = {
    errno.EISDIR: (N_("{file}: this is a folder, not a photo"), N_("Give the photo file.")),
    errno.ENXIO: (
        N_("{file}: this is not an ordinary file"),
        N_("Copy the photo to a folder first."),
    ),
    errno.E2BIG: (
        N_("{file}: the file is larger than {megabytes} megabytes"),
        N_("Save a smaller copy of the photo and use that."),
    ),
    errno.EBUSY: (
        N_("{file}: the file changes while it is read"),
        N_("Try again when it has been copied completely."),
    ),
    errno.ETXTBSY: (
        N_("{file}: this is the registry, not a photo"),
        N_("Give the photo file."),
    ),
}
"""Messages and hints for what `named_files` does not read."""

COPY_AGAIN: Final = N_("Copy the file again from the camera or ask the photographer for it.")
DAMAGED: Final = N_("{file}: the image is damaged or cut off before its end")


def require_acceptable_size(size: tuple[int, int], file: str) -> None:
    """Raise PhotoFileError for an image that has no pixels or too many."""
    pixels = size[0] * size[1]
    if pixels > MAX_PIXELS:
        raise too_many_pixels(file)
    if not pixels:
        raise PhotoFileError(DAMAGED, COPY_AGAIN, file=file)


def too_many_pixels(file: str) -> PhotoFileError:
    """Return the error for an image of more than `MAX_PIXELS`."""
    return PhotoFileError(
        N_("{file}: the image has more than {millions} million pixels"),
        N_("Save a smaller copy of the photo and use that."),
        file=file,
        millions=MAX_PIXELS // 10**6,
    )


def changed_since_error(file: str) -> PhotoFileError:
    """Return the error for a file that has changed since it was registered."""
    return PhotoFileError(
        N_("{file}: the file has changed since it was registered"),
        N_(
            "Register the file again; if the picture is different, it is a new photo. Or "
            "restore the earlier file."
        ),
        file=file,
    )


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises PhotoFileError when it is missing, a folder, not a regular file, not readable or too
    large.
    """
    return read_file(path)[0]


def read_file(path: Path) -> tuple[bytes, int]:
    """Return the content of a file and its modification time in nanoseconds.

    Both come from the same open file, even if another file takes its name meanwhile. Raises as
    `read_bytes` does.
    """
    try:
        return read_with_time(path, MAX_FILE_BYTES)
    except OSError as error:
        _read_error(error, path)


def photo_files(
    path: Path,
    unreadable: list[PhotoFileError] | None = None,
    on_other: Callable[[str], None] | None = None,
) -> Iterator[str]:
    """Yield `path` itself if it is a file, or the photo files below it if it is a folder.

    In folders the extension decides (`PHOTO_EXTENSIONS`); hidden files and folders and links to
    folders are skipped; the order is by name. Raises PhotoFileError when `path` does not exist or
    a folder cannot be listed; if `unreadable` is given, the error of such a folder is appended to
    it instead; `on_other` is called with each file in a folder that is no photo, and with whatever
    is hidden. Paths are strings, because Path objects are slow for a million files.
    """
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        _read_error(error, path)
    if is_folder:
        yield from _photos_below(str(path), unreadable, on_other)
    else:
        yield str(path)


def _photos_below(
    folder: str,
    unreadable: list[PhotoFileError] | None,
    on_other: Callable[[str], None] | None,
) -> Iterator[str]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=_name)
    except OSError as error:
        refusal = PhotoFileError(
            N_("{file}: the folder cannot be opened"),
            N_("Ask for the right to read the folder, or copy the photos to your own folder."),
            file=Path(folder).name or folder,
        )
        if unreadable is None:
            raise refusal from error
        unreadable.append(refusal)
        return
    for entry in entries:
        if entry.name.startswith("."):
            if on_other is not None:
                on_other(entry.path)
        elif _is_folder(entry):
            if not entry.is_symlink():  # links may form a cycle
                yield from _photos_below(entry.path, unreadable, on_other)
        elif os.path.splitext(entry.name)[1].lower() in PHOTO_EXTENSIONS:  # noqa: PTH122 - strings
            yield entry.path
        elif on_other is not None:
            on_other(entry.path)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _read_error(error: OSError, path: Path) -> NoReturn:
    if error.errno in _READ_ERRORS:
        message, hint = _READ_ERRORS[error.errno]
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        message, hint = (
            N_("{file}: there is no such file"),
            N_("Check the name and the folder."),
        )
    elif isinstance(error, PermissionError):
        message, hint = (
            N_("{file}: you have no right to read this file"),
            N_("Ask for the right to read it, or copy it to your own folder."),
        )
    else:
        message, hint = (
            N_("{file}: the file cannot be read"),
            N_("Check the disk or the network drive, and try again."),
        )
    raise PhotoFileError(
        message, hint, file=path.name or str(path), megabytes=MAX_FILE_BYTES // 1024**2
    ) from error
