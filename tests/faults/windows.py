"""An operating system that refuses what Windows refuses, for tests on Linux.

A file that this process has open, by Python or by SQLite, cannot be removed, renamed or replaced;
nor can a folder with such a file. A name that is taken cannot be renamed over. Folders cannot be
opened, files that are open for reading only cannot be flushed, and nothing can be locked.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

OPEN_FILES = Path("/proc/self/fd")


def open_files() -> dict[tuple[int, int], str]:
    """The files that this process has open, by device and number: their present names."""
    found = {}
    for handle in OPEN_FILES.iterdir():
        with suppress(OSError):
            status = handle.stat()
            found[status.st_dev, status.st_ino] = str(handle.readlink())
    return found


def require_closed(path: str | os.PathLike[str]) -> None:
    """Raise PermissionError if a file, or one in this folder, is open: a sharing violation."""
    if not os.path.lexists(path):
        return
    found = os.lstat(path)
    inside = f"{os.path.realpath(path)}/"
    held = open_files()
    if (found.st_dev, found.st_ino) in held or any(n.startswith(inside) for n in held.values()):
        raise PermissionError(errno.EACCES, "used by another process", os.fspath(path))


def behave_like_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the refusals between Python and the operating system."""
    system: dict[str, Callable[..., Any]] = {
        name: getattr(os, name) for name in ("replace", "rename", "unlink", "open", "fsync")
    }

    def replace(source: str, target: str, **more: Any) -> None:
        require_closed(source)
        require_closed(target)
        system["replace"](source, target, **more)

    def rename(source: str, target: str, **more: Any) -> None:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "", target)
        require_closed(source)
        system["rename"](source, target, **more)

    def unlink(path: str, **more: Any) -> None:
        require_closed(path)
        system["unlink"](path, **more)

    def open_file(path: str, flags: int, *more: Any, **others: Any) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "", path)
        return int(system["open"](path, flags, *more, **others))

    def fsync(handle: int) -> None:
        if fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "")
        system["fsync"](handle)

    for name, refusing in {
        "replace": replace,
        "rename": rename,
        "unlink": unlink,
        "remove": unlink,
        "open": open_file,
        "fsync": fsync,
    }.items():
        monkeypatch.setattr(os, name, refusing)
    monkeypatch.setattr(shutil, "_use_fd_functions", False)  # it opens folders
    monkeypatch.setattr("photoreg.unfinished.sys", SimpleNamespace(platform="win32"))
