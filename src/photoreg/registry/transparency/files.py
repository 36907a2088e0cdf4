"""Read and write the small text files of anchors: never a pipe, never half, never over another."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photoreg.errors import InputDataError, os_cause
from photoreg.named_files import read_regular, require_outside_registry
from photoreg.texts import N_
from photoreg.unfinished import claim_name, unfinished_file

MAX_BYTES = 1_000_000


def read_text(file: Path) -> str:
    """Return the text of a small file; InputDataError for anything else, such as a pipe."""
    try:
        data = read_regular(file, MAX_BYTES)
    except OSError as error:
        raise InputDataError(
            N_("the file {file} cannot be read: {cause}"),
            N_("Give a file that exists and that you may read."),
            file=file,
            cause=os_cause(error),
        ) from error
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
    """Write a text to a file that must not exist, whole or not at all; never into a registry."""
    require_outside_registry(file)
    with _writing(file, text, is_private=is_private) as unfinished:
        claim_name(unfinished, file)


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
            opened.close()  # before it gets its name
            yield unfinished
    except OSError as error:
        raise _cannot_write_error(file, error) from error


def _cannot_write_error(file: Path, error: OSError) -> InputDataError:
    return InputDataError(
        N_("the file {file} cannot be written: {cause}"),
        N_("Give a new file in a folder that you may write to."),
        file=file,
        cause=os_cause(error),
    )
