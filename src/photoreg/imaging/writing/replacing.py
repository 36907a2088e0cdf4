"""Replace a file atomically, so that a failure leaves the old one unchanged.

The new content is written beside the target under a hidden temporary name, synced to the disk,
read back and compared, and then renamed. A killed program leaves the old file unchanged and
perhaps a temporary file, which the next writer in the folder removes.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from photoreg.errors import PhotoFileError
from photoreg.named_files import open_regular
from photoreg.texts import N_
from photoreg.unfinished import (
    has_locks,
    is_same_file,
    lock,
    lock_attempts,
    publish_file,
    sync_folder,
    unfinished_file,
)

DISK_FULL_ERRORS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The error numbers for a lack of disk space."""

_READ_SIZE: Final = 1024 * 1024
"""How many bytes are read back at a time."""


def replace_file(
    target: Path,
    content: bytes,
    *,
    may_replace: Callable[[], None] = lambda: None,
    like: Path | None = None,
    mode: int = 0o644,
    is_one_of_many: bool = False,
) -> str:
    """Replace the content of `target`, or leave it unchanged; return the SHA-256 read back.

    Raises OSError, PhotoFileError when the data read back differ, or whatever `may_replace`
    raises, which is called just before the rename. The new file gets permissions, owner, times and
    extended attributes of the file `like`, or else `mode` reduced by the umask. With
    `is_one_of_many` the caller must call `sync_folder` afterwards: until then a power failure can
    bring the old file back.
    """
    with unfinished_file(target.parent, is_private=False) as (temporary, file):
        allowed = temporary.stat().st_mode & mode
        temporary.chmod(0o600 if like else allowed)  # no others may read it before it is complete
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        file.close()  # closing it later could change its time
        if like:
            _copy_attributes(temporary, like)
        sha256 = _verify_written(temporary, content, target.name)
        may_replace()
        publish_file(temporary, file, target)
    if not is_one_of_many:
        sync_folder(target.parent)
    return sha256


def _verify_written(written: Path, content: bytes, file: str) -> str:
    """Return the hash of a file as read back. Raises PhotoFileError if its content differs."""
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
    """Hold the exclusive lock of writers of a file; other writers wait.

    Without locks nothing is opened: on Windows an open file could not be replaced.
    """
    if not has_locks():
        yield
        return
    for is_last in lock_attempts():
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_regular(path))
            except OSError:
                yield  # reading it raises the error
                return
            lock(file.fileno())
            # The previous writer may have replaced the file by one that is not locked.
            if is_same_file(path, file.fileno()) or is_last:
                yield
                return


def _copy_attributes(temporary: Path, original: Path) -> None:
    """Copy owner, permissions, times and extended attributes to a file."""
    stat = original.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):  # only an administrator can set the owner
            os.chown(temporary, stat.st_uid, stat.st_gid)
    shutil.copystat(original, temporary)
