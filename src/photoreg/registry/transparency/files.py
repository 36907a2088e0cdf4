"""Read and write the small text files of anchors: never a pipe, never half, never over another."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photoreg.errors import InputDataError, os_cause
from photoreg.texts import N_
from photoreg.unfinished import unfinished_file

MAX_BYTES = 1_000_000
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_text(file: Path) -> str:
    """Return the text of a small file; InputDataError for anything else, such as a pipe."""
    try:
        handle = os.open(file, _OPEN_FLAGS)  # without waiting for the other end of a pipe
        with os.fdopen(handle, "rb") as opened:
            is_file = stat.S_ISREG(os.fstat(opened.fileno()).st_mode)
            data = opened.read(MAX_BYTES + 1) if is_file else b""
    except OSError as error:
        raise InputDataError(
            N_("the file {file} cannot be read: {cause}"),
            N_("Give a file that exists and that you may read."),
            file=file,
            cause=os_cause(error),
        ) from error
    if not is_file or len(data) > MAX_BYTES:
        raise InputDataError(
            N_("{file} is not a small text file"),
            N_("Give a file that exists and that you may read."),
            file=file,
        )
    return _text(file, data)


def _text(file: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputDataError(
            N_("{file} is not a small text file"),
            N_("Give a file that exists and that you may read."),
            file=file,
        ) from error


def write_new(file: Path, text: str, *, is_private: bool = False) -> None:
    """Write a text to a file that must not exist, whole or not at all."""
    with _writing(file, text, is_private=is_private) as unfinished:
        _claim(unfinished, file)


def write_over(file: Path, text: str, *, mode: int = 0o600) -> None:
    """Write a text to a file in place of what it holds, whole or not at all."""
    with _writing(file, text, is_private=True) as unfinished:
        unfinished.chmod(stat.S_IMODE(mode))
        unfinished.replace(file)


@contextmanager
def _writing(file: Path, text: str, *, is_private: bool) -> Iterator[Path]:
    """Yield a new file beside another, which holds the text for good."""
    try:
        with unfinished_file(file.parent, is_private=is_private) as (unfinished, opened):
            opened.write(text.encode())
            opened.flush()
            os.fsync(opened.fileno())
            if os.name == "nt":
                opened.close()  # an open file cannot be renamed there
            yield unfinished
    except OSError as error:
        raise _cannot_write_error(file, error) from error


def _claim(unfinished: Path, file: Path) -> None:
    """Give a finished file its name, unless another file has it."""
    if os.path.lexists(file):
        raise FileExistsError(errno.EEXIST, "", str(file))
    try:
        os.link(unfinished, file)
    except FileExistsError:
        raise
    except OSError:  # the disk knows no links
        unfinished.rename(file)


def _cannot_write_error(file: Path, error: OSError) -> InputDataError:
    return InputDataError(
        N_("the file {file} cannot be written: {cause}"),
        N_("Give a new file in a folder that you may write to."),
        file=file,
        cause=os_cause(error),
    )
