"""Files that users name: read without waiting, written without destroying anything.

Every command reads and writes such files through this module. Reading never waits for a pipe, never
follows a device without end, and never cuts off a file that grows. Writing replaces only what
photoreg wrote of the same kind, and never a part of a registry.
"""

import errno
import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from photoreg.errors import InputDataError, os_cause
from photoreg.texts import N_
from photoreg.unfinished import claim_name, real_path, unfinished_folder

# Opening a pipe would block for ever; Windows opens files as text unless told otherwise.
_READ_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SQLITE_HEAD: Final = b"SQLite format 3\0"
_REGISTRY_SUFFIXES: Final = ("-wal", "-shm", "-journal", ".evidence", ".photos", ".pictures")
"""What SQLite and photoreg add to the name of a registry file."""
_DOCUMENT_NAME: Final = re.compile("[0-9a-f]{64}")
_MAX_REPLACED_BYTES: Final = 64 * 1024 * 1024
"""The largest file that is looked at before it is replaced."""

Mark = Callable[[bytes], bool]
"""Whether this is the content of a file that photoreg wrote, of one kind."""

_PIECE: Final = 1024 * 1024
MAX_PHOTO_BYTES: Final = 512 * 1024 * 1024
"""The largest photo that is read."""

_open_registries: Final[Counter[Path]] = Counter()
_document_folders: Final[set[Path]] = set()


def keep_closed(registry: Path) -> None:
    """Do not open this registry until `may_open`: closing it would end SQLite's locks on it."""
    _open_registries[registry] += 1


def may_open(registry: Path) -> None:
    """End one `keep_closed`."""
    _open_registries[registry] -= 1
    if _open_registries[registry] <= 0:
        del _open_registries[registry]


def keep_documents(folder: Path) -> None:
    """Note the evidence folder of a registry on a server: users write nothing into it."""
    _document_folders.add(real_path(folder))


_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³]|con(in|out)\$)", re.IGNORECASE)
"""Names that Windows takes for devices, whatever the suffix."""
_LONGEST_NAME: Final = 120


def plain_file_name(sent: str) -> str:
    """Return a name that was sent with a file as every system takes it, and never as a path.

    Without folders, control characters and what Windows forbids; of a long name the end.
    """
    last = sent.replace("\\", "/").rpartition("/")[2]
    printable = "".join(each for each in last if each.isprintable())
    name = _FORBIDDEN.sub("_", printable)[-_LONGEST_NAME:]
    while len(name.encode()) > 2 * _LONGEST_NAME:
        name = name[1:]
    name = name.strip(". ")
    if _DEVICES.fullmatch(name.partition(".")[0].strip()):
        name = f"_{name}"
    return name or "file"


@contextmanager
def open_regular(path: Path, limit: int | None = None) -> Iterator[FileIO]:
    """Open a regular file of at most `limit` bytes; OSError for anything else, without waiting."""
    if _is_open_registry(path):
        raise _refused(errno.ETXTBSY, path)
    descriptor = os.open(path, _READ_FLAGS)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise _refused(errno.EISDIR, path)
        if not stat.S_ISREG(found.st_mode):
            raise _refused(errno.ENXIO, path)
        if limit is not None and found.st_size > limit:
            raise _refused(errno.E2BIG, path)
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of a regular file; OSError for anything else, or while it changes."""
    return read_with_time(path, limit)[0]


def read_with_time(path: Path, limit: int) -> tuple[bytes, int]:
    """Return the content of a regular file and its modification time in nanoseconds.

    Both come from the same open file, even if another file takes its name meanwhile. Raises as
    `read_regular` does.
    """
    with open_regular(path, limit) as file:
        found = os.fstat(file.fileno())
        content = _at_most(file, found.st_size + 1)
        if len(content) != found.st_size:
            raise _refused(errno.EBUSY, path)
        return content, found.st_mtime_ns


def hash_regular(path: Path, limit: int | None = None) -> str:
    """Return the SHA-256 of a regular file; raises as `read_regular` does."""
    digest = hashlib.sha256()
    with open_regular(path, limit) as file:
        rest = os.fstat(file.fileno()).st_size
        while rest > 0 and (piece := file.read(min(rest, _PIECE))):
            digest.update(piece)
            rest -= len(piece)
        if rest or file.read(1):
            raise _refused(errno.EBUSY, path)
    return digest.hexdigest()


def unreadable_error(path: Path, error: OSError) -> InputDataError:
    """Return the error for a named file that cannot be read."""
    return InputDataError(
        N_("{file} cannot be read: {cause}"),
        N_("Check the name and the folder."),
        file=path,
        cause=os_cause(error),
    )


def _at_most(file: FileIO, size: int) -> bytes:
    """Read up to a number of bytes; a file that grows all the time has no end."""
    pieces = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


@contextmanager
def written_file(
    path: Path, *, mark: Mark | None = None, overwrite: bool = False
) -> Iterator[Path]:
    """Yield a temporary file that takes the name `path` once it is completely written.

    With `overwrite` it replaces an existing file, which must be empty or bear the mark. Only its
    owner can read the file, since it contains personal data, unless it replaces one with wider
    permissions. Raises InputDataError.
    """
    _require_writable(path, mark, overwrite=overwrite)
    try:
        with unfinished_folder(path.parent) as folder:
            part = folder / path.name
            yield part
            _require_writable(path, mark, overwrite=overwrite)
            part.chmod(path.stat().st_mode & 0o666 if path.exists() else 0o600)
            _name(part, path, may_replace=overwrite)
    except OSError as error:
        raise InputDataError(
            N_("{file} cannot be written: {cause}"),
            N_("Check the folder, and close the file in other programs."),
            file=path,
            cause=os_cause(error),
        ) from error


def _name(part: Path, path: Path, *, may_replace: bool) -> None:
    """Give a complete file its name; InputDataError if the name was taken meanwhile."""
    if may_replace:
        os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call
        return
    try:
        claim_name(part, path)
    except FileExistsError as error:
        raise _exists_error(path, None) from error


def _require_writable(path: Path, mark: Mark | None, *, overwrite: bool) -> None:
    """Raise InputDataError if a file must not be written here."""
    require_outside_registry(path)
    if not os.path.lexists(path):
        return
    if mark is None or not overwrite:
        raise _exists_error(path, mark)
    if not _has_mark(path, mark):
        raise InputDataError(
            N_("{file} is not a file that photoreg wrote for this purpose, so it is not replaced"),
            N_("Choose another name, or move the file elsewhere first."),
            file=path,
        )


def _has_mark(path: Path, mark: Mark) -> bool:
    try:
        content = read_regular(path, _MAX_REPLACED_BYTES)
    except OSError:
        return False
    return not content or mark(content)


def _exists_error(path: Path, mark: Mark | None) -> InputDataError:
    if mark is None:
        return InputDataError(N_("{file} exists already"), N_("Choose another name."), file=path)
    return InputDataError(
        N_("{file} exists already"),
        N_("Choose another name, or have the file replaced."),
        fields=("overwrite",),
        file=path,
    )


def require_outside_registry(path: Path) -> None:
    """Raise InputDataError for a place where a registry keeps its own files."""
    if is_registry_file(path):
        raise _registry_error(path)
    require_place_for_registry(path)


def require_place_for_registry(path: Path) -> None:
    """Raise InputDataError for the place of another registry's documents or SQLite's files."""
    if _is_kept_by_registry(path):
        raise _registry_error(path)


def _registry_error(path: Path) -> InputDataError:
    return InputDataError(
        N_("{file} belongs to a registry or to its documents, so nothing is written there"),
        N_("Choose another name or folder."),
        file=path,
    )


def _is_kept_by_registry(path: Path) -> bool:
    """Is this a file that SQLite keeps beside a registry, or an evidence document?

    Whatever the path: relative, through links, or in other letters where the disk allows that.
    """
    places = {Path(os.path.abspath(path)), real_path(path)}  # noqa: PTH100 - links are kept
    return any(_is_document(place) for place in places) or any(
        one in _document_folders or _stands_beside_registry(one)
        for place in places
        for one in (place, *place.parents)
    )


def _is_document(place: Path) -> bool:
    """Is the name that of an evidence document, in its folder?"""
    name = place.name.casefold()
    return bool(_DOCUMENT_NAME.fullmatch(name)) and place.parent.name.casefold() == name[:2]


def _stands_beside_registry(place: Path) -> bool:
    name = place.name.casefold()
    return any(
        is_registry_file(place.with_name(place.name[: -len(suffix)]))
        for suffix in _REGISTRY_SUFFIXES
        if name.endswith(suffix) and name != suffix
    )


def is_registry_file(path: Path) -> bool:
    """Is this a SQLite database, as registries are?"""
    if _is_open_registry(path):
        return True
    try:
        with open_regular(path) as file:
            return file.read(len(_SQLITE_HEAD)) == _SQLITE_HEAD
    except OSError:
        return False


def _is_open_registry(path: Path) -> bool:
    if not _open_registries:
        return False
    found = file_identity(path)
    return found is not None and any(
        found == file_identity(registry.with_name(registry.name + suffix))
        for registry in _open_registries
        for suffix in ("", "-wal", "-shm")
    )


def file_identity(path: Path) -> tuple[int, int] | None:
    """Return what tells this file from others, whatever their names; None if there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _refused(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))
