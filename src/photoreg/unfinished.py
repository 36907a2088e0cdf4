"""What is being written: hidden beside what it is to become, and known by its name.

A file or folder called `.photoreg-0123456789abcdef.tmp` is unfinished. Whoever writes it holds a
lock on it as long as the process lives, so that others can tell it from what an interruption left
behind, and remove that.
"""

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform != "win32":
    import fcntl

_PREFIX: Final = ".photoreg-"
_SUFFIX: Final = ".tmp"
NAME_PATTERN: Final = f"{_PREFIX}{'[0-9a-f]' * 16}{_SUFFIX}"
"""How everything unfinished is called, as a pattern."""

_ATTEMPTS: Final = 20  # on drives whose files have no lasting number, none would be enough
_OPEN_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Opens a pipe without waiting, and nothing that somebody's link leads to."""

_cleared: Final[set[tuple[int, Path]]] = set()


@contextmanager
def unfinished_file(folder: Path, *, is_private: bool = True) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file in a folder, open; what is left of it in the end is removed.

    Unless it is private it gets the permissions that the umask gives any new file.
    """
    remove_leftovers_once(folder)
    for is_last in lock_attempts():
        path = _new_name(folder)
        with open(path, "xb", opener=_open_private if is_private else None) as file:
            lock(file.fileno())
            if not is_last and not is_same_file(path, file.fileno()):
                continue  # somebody cleared up before it was locked
            try:
                yield path, file
            finally:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            return


@contextmanager
def unfinished_folder(folder: Path) -> Iterator[Path]:
    """Give a new private folder in a folder; what is left of it in the end is removed."""
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
    """Let an unfinished file, which was forced to the disk, become `target` in one step."""
    if sys.platform == "win32":
        file.close()  # what is open cannot be renamed there
    path.replace(target)


def remove_leftovers_once(folder: Path) -> None:
    """Remove leftovers once in the life of a process: a folder may hold a million photos."""
    if (os.getpid(), folder) not in _cleared:
        _cleared.add((os.getpid(), folder))
        remove_leftovers(folder)


def remove_leftovers(folder: Path) -> None:
    """Remove what writers left behind that were killed; nothing where a disk knows no locks."""
    with suppress(OSError):
        for path in folder.glob(NAME_PATTERN):
            remove_unless_in_use(path, in_doubt=False)


def is_in_use(path: Path) -> bool:
    """Does the writer of something unfinished live, as far as can be told?"""
    with _try_lock(path) as is_free:
        return is_free is False


def remove_unless_in_use(path: Path, *, in_doubt: bool) -> bool:
    """Remove something unfinished unless its writer lives; return whether it is gone.

    Where nobody can tell whether the writer lives, it is removed only if `in_doubt` says so.
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
def exclusive_folder(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made unless it is there; BlockingIOError while another one does.

    When the work fails, a folder that was made for it and is empty goes again.
    """
    is_new = not folder.exists()
    make_private(folder)
    with _try_lock(folder.resolve()) as is_free:
        if is_free is False:
            raise BlockingIOError(errno.EWOULDBLOCK, "", str(folder))
        try:
            yield
        except BaseException:
            if is_new:
                with suppress(OSError):
                    folder.rmdir()
            raise


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only."""
    missing = [one for one in folder.parents if not one.exists()]
    for one in (*reversed(missing), folder):
        one.mkdir(mode=0o700, exist_ok=True)  # `parents` would make them for everybody


def lock(handle: int) -> None:
    """Wait until nobody else holds an open file or folder, and hold it until it is closed."""
    if sys.platform != "win32":
        with suppress(OSError):  # some network drives know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)


def is_same_file(path: Path, handle: int) -> bool:
    """Whether the name still means the file or folder that is open."""
    try:
        named, opened = path.stat(), os.fstat(handle)
    except OSError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)


@contextmanager
def _try_lock(path: Path) -> Iterator[bool | None]:
    """Hold a file or folder if it is free; tell whether it is, None when nobody can tell."""
    is_free: bool | None = None
    with _open_handle(path) as handle:
        if sys.platform != "win32" and handle is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_free = True
            except BlockingIOError:
                is_free = False
            except OSError:
                pass
        yield False if handle is None and _is_inaccessible(path) else is_free


def _is_inaccessible(path: Path) -> bool:
    """Whether something is another user's, whose program may live."""
    if sys.platform == "win32":
        return False
    return os.path.lexists(path) and not os.access(path, os.R_OK, follow_symlinks=False)


@contextmanager
def _open_handle(path: Path) -> Iterator[int | None]:
    """Open a file or folder; None where it cannot be: links, and on Windows all folders."""
    try:
        handle = os.open(path, _OPEN_FLAGS)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def lock_attempts() -> Iterator[bool]:
    """Give, for each attempt to hold what a name means, whether it is the last."""
    for attempt in range(1, _ATTEMPTS + 1):
        yield attempt == _ATTEMPTS


def _new_name(folder: Path) -> Path:
    return folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
