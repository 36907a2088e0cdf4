"""Files and folders being written: hidden next to their target, and recognised by name.

A file or folder called `.photoreg-0123456789abcdef.tmp` is unfinished. Its writer locks it for as
long as the process lives, so that others can distinguish it from leftovers of an interruption, and
remove those. Windows has no such locks; there a file that is open can be neither removed nor
replaced. So every file is closed before it is named or removed, on every platform, and stays locked
where it can be.
"""

import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform != "win32":
    import fcntl

_PREFIX: Final = ".photoreg-"
_SUFFIX: Final = ".tmp"
NAME_PATTERN: Final = f"{_PREFIX}{'[0-9a-f]' * 16}{_SUFFIX}"
"""The pattern of the names of unfinished files and folders."""

_ATTEMPTS: Final = 20  # no number is enough on drives without stable inode numbers
_OPEN_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Flags to open a pipe without blocking, and not to follow a symbolic link."""

_PAUSE_S: Final = 0.02
"""How long to wait before a lock is tried again."""

_cleared: Final[set[tuple[int, Path]]] = set()


@contextmanager
def unfinished_file(folder: Path, *, is_private: bool = True) -> Iterator[tuple[Path, BinaryIO]]:
    """Yield a new open file in a folder; remove it at the end if it still exists.

    A file that is not private gets the permissions that the umask gives any new file.
    """
    remove_leftovers_once(folder)
    for is_last in lock_attempts():
        path = _new_name(folder)
        try:
            with (
                open(path, "xb", opener=_open_private if is_private else None) as file,
                _kept_locked(file),
            ):
                if not is_last and not is_same_file(path, file.fileno()):
                    continue  # another process removed it before it was locked
                yield path, file
                return
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)


@contextmanager
def unfinished_folder(folder: Path) -> Iterator[Path]:
    """Yield a new private folder in a folder; remove it at the end if it still exists."""
    remove_leftovers_once(folder)
    for is_last in lock_attempts():
        path = _new_name(folder)
        path.mkdir(mode=0o700)
        with _open_handle(path) as handle:
            if handle is not None:
                lock(handle)
                if not is_last and not is_same_file(path, handle):
                    continue
            try:
                yield path
            finally:
                shutil.rmtree(path, ignore_errors=True)
            return


def publish_file(path: Path, file: BinaryIO, target: Path) -> None:
    """Atomically rename an unfinished file, already flushed to disk, to `target`."""
    file.close()
    path.replace(target)


def claim_name(path: Path, target: Path) -> None:
    """Give a finished file its name; FileExistsError if the name is taken.

    Renaming would replace the other file.
    """
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError as error:  # a disk that allows one name per file only
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "", str(target)) from error
        path.rename(target)


def remove_leftovers_once(folder: Path) -> None:
    """Remove leftovers, but only once per process: a folder may contain a million photos."""
    if (os.getpid(), folder) not in _cleared:
        _cleared.add((os.getpid(), folder))
        remove_leftovers(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove the leftovers of killed writers; do nothing on disks without file locks."""
    with suppress(OSError):
        for path in folder.glob(NAME_PATTERN):
            remove_unless_in_use(path, in_doubt=False)


def is_in_use(path: Path) -> bool:
    """Return whether the writer of an unfinished file is alive, as far as can be determined."""
    with _try_lock(path) as is_free:
        return is_free is False


def remove_unless_in_use(path: Path, *, in_doubt: bool) -> bool:
    """Remove an unfinished file unless its writer is alive; return whether it is gone.

    If it is unknown whether the writer is alive, remove the file only if `in_doubt` is true.
    """
    with _try_lock(path) as is_free:
        if is_free is False or (is_free is None and not in_doubt):
            return False
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    return not os.path.lexists(path)


@contextmanager
def exclusive_folder(folder: Path, wait_ms: int = 0) -> Iterator[None]:
    """Lock a folder, creating it if missing; BlockingIOError if others keep it locked.

    If the work fails, a folder that was created for it and is empty is removed.
    """
    is_new = not folder.exists()
    make_private(folder)
    with _try_lock(real_path(folder), wait_ms=wait_ms) as is_free:
        if is_free is False:
            raise BlockingIOError(errno.EWOULDBLOCK, "", str(folder))
        try:
            yield
        except BaseException:
            if is_new:
                with suppress(OSError):
                    folder.rmdir()
            raise


@contextmanager
def shared_folder(folder: Path, wait_ms: int) -> Iterator[None]:
    """Keep others out of `exclusive_folder` meanwhile; BlockingIOError if one stays inside.

    Without such a folder, or on a disk without file locks, this does nothing.
    """
    with _open_handle(real_path(folder)) as handle:
        if handle is not None and _locks(handle, is_shared=True, wait_ms=wait_ms) is False:
            raise BlockingIOError(errno.EWOULDBLOCK, "it would block", str(folder))
        yield


def real_path(path: Path) -> Path:
    """Return an absolute path without links; those that lead in a circle stay, and cannot be read.

    `Path.resolve` raises RuntimeError for such a circle.
    """
    return Path(os.path.realpath(path))


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents, accessible to their owner only."""
    missing = [one for one in folder.parents if not one.exists()]
    for one in (*reversed(missing), folder):
        one.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would create them for everybody


def lock(handle: int) -> None:
    """Lock an open file or folder, waiting if necessary; closing it releases the lock."""
    if sys.platform != "win32":
        with suppress(OSError):  # some network drives do not support locks
            fcntl.flock(handle, fcntl.LOCK_EX)


@contextmanager
def _kept_locked(file: BinaryIO) -> Iterator[None]:
    """Lock an open file to the end, even if it is closed before; nothing on Windows."""
    if not has_locks():
        yield
        return
    handle = os.dup(file.fileno())
    try:
        lock(handle)
        yield
    finally:
        os.close(handle)


def is_same_file(path: Path, handle: int) -> bool:
    """Return whether the path still refers to the open file or folder."""
    try:
        named, opened = path.stat(), os.fstat(handle)
    except OSError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)


@contextmanager
def _try_lock(path: Path, *, wait_ms: int = 0) -> Iterator[bool | None]:
    """Try to lock a file or folder; yield whether it succeeded, or None if that is unknown.

    On Windows removing a file is the trial by itself: it fails while the file is open.
    """
    if not has_locks():
        yield True if path.is_file() else None
        return
    with _open_handle(path) as handle:
        if handle is None:
            yield False if _is_inaccessible(path) else None
        else:
            yield _locks(handle, is_shared=False, wait_ms=wait_ms)


def _locks(handle: int, *, is_shared: bool, wait_ms: int) -> bool | None:
    """Lock an open file or folder, waiting a while; None where there are no locks."""
    if sys.platform == "win32":
        return None
    kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
    until = time.monotonic() + wait_ms / 1000
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE_S)
        except OSError:
            return None
        else:
            return True


def _is_inaccessible(path: Path) -> bool:
    """Return whether something belongs to another user, whose program may still be running."""
    return os.path.lexists(path) and not os.access(path, os.R_OK, follow_symlinks=False)


@contextmanager
def _open_handle(path: Path) -> Iterator[int | None]:
    """Open a file or folder; yield None if it cannot be opened, such as a link."""
    try:
        handle = os.open(path, _OPEN_FLAGS)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def has_locks() -> bool:
    """Return whether files can be locked, and replaced while they are open: not on Windows."""
    return sys.platform != "win32"


def sync_folder(folder: Path) -> None:
    """Sync a folder's entries to the disk."""
    with suppress(OSError):  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))  # no pipe: it waits
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def lock_attempts() -> Iterator[bool]:
    """Yield, for each attempt to lock what a path refers to, whether it is the last one."""
    for attempt in range(1, _ATTEMPTS + 1):
        yield attempt == _ATTEMPTS


def _new_name(folder: Path) -> Path:
    return folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
