"""Fixtures for the tests of image files."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[bytes], Path]:
    """Return a function that writes a file and returns its path."""

    def write(data: bytes, name: str = "kuva.jpg") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="session")
def ask_exiftool(exiftool: str) -> Iterator[Callable[..., str]]:
    """Return a function that returns what exiftool prints, given its arguments.

    One process answers all tests: starting exiftool takes longer than most of its answers.
    """
    command = [exiftool, "-stay_open", "True", "-@", "-"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    asked, answers = process.stdin, process.stdout
    assert asked
    assert answers

    def ask(*arguments: object) -> str:
        asked.write("".join(f"{each}\n" for each in (*arguments, "-execute1")).encode())
        asked.flush()
        told = b""
        while not told.endswith(b"{ready1}\n"):
            line = answers.readline()
            assert line, "exiftool has ended"
            told += line
        return told.removesuffix(b"{ready1}\n").decode()

    yield ask
    process.communicate(b"-stay_open\nFalse\n")
