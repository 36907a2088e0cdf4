"""Replace a file by a new one atomically, so that a failure leaves the old one as it was.

The new content is written beside the target under a hidden name of its own, forced to the disk,
read back, compared, and only then takes its place in one step. A program that is killed leaves the
old file as it was and perhaps a hidden leftover, which the next writer in the folder removes.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.texts import N_
from photoreg.unfinished import is_same_file, lock, lock_attempts, publish_file, unfinished_file

DISK_FULL_ERRORS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room for a file."""

_READ_SIZE: Final = 1024 * 1024
"""So many bytes are read back at a time."""


def replace_file(
    target: Path,
    content: bytes,
    *,
    may_replace: Callable[[], None] = lambda: None,
    like: Path | None = None,
    mode: int = 0o644,
    is_one_of_many: bool = False,
) -> str:
    """Let `target` have this content, or leave it as it was; return the SHA-256 of what is there.

    Raises OSError, PhotoFileError when the disk does not give back what was written, or what
    `may_replace` does, which is called when all but the last step is done.
    `like` is the file whose permissions, owner, times and extended attributes the new one gets;
    without it, it gets `mode`, as far as the umask allows. Whoever puts many in one folder calls
    `sync_folder` once afterwards: until then a power failure can bring the old file back.
    """
    with unfinished_file(target.parent, is_private=False) as (temporary, file):
        allowed = temporary.stat().st_mode & mode
        temporary.chmod(0o600 if like else allowed)  # nobody else reads it before it is done
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if like:
            _copy_attributes(temporary, like)
        sha256 = _verify_written(temporary, content, target.name)
        may_replace()
        publish_file(temporary, file, target)
    if not is_one_of_many:
        sync_folder(target.parent)
    return sha256


def _verify_written(written: Path, content: bytes, file: str) -> str:
    """Make sure that a file holds this content, and return its hash as it was read."""
    digest = hashlib.sha256()
    piece = memoryview(bytearray(min(_READ_SIZE, len(content) + 1)))
    place = 0
    with written.open("rb", buffering=0) as opened:
        while (size := opened.readinto(piece)) and content.startswith(piece[:size], place):
            digest.update(piece[:size])
            place += size
    if size or place != len(content):
        raise PhotoFileError(
            N_(
                "{file}: what was read back from the disk differs from what was written; "
                "nothing was changed"
            ),
            N_("Check the disk and try again."),
            file=file,
        )
    return digest.hexdigest()


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Let one writer of the file in at a time; the others wait."""
    for is_last in lock_attempts():
        try:
            file = path.open("rb")
        except OSError:
            yield  # reading it will say what is wrong
            return
        with file:
            lock(file.fileno())
            # The one before may have put another file in its place, which is not locked.
            if is_same_file(path, file.fileno()) or is_last:
                yield
                return


def _copy_attributes(temporary: Path, original: Path) -> None:
    """Give a file the original's owner, permissions, times and extended attributes."""
    stat = original.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):  # the owner can be kept by an administrator only
            os.chown(temporary, stat.st_uid, stat.st_gid)
    shutil.copystat(original, temporary)


def sync_folder(folder: Path) -> None:
    """Force to the disk which files are in a folder."""
    with suppress(OSError):  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
