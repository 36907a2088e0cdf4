"""Fixtures for the tests of image files."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[bytes], Path]:
    """A function that writes a file and returns its path."""

    def write(data: bytes, name: str = "kuva.jpg") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="session")
def ask_exiftool(exiftool: str) -> Iterator[Callable[..., str]]:
    """A function that runs exiftool with arguments and returns its output.

    One process serves all tests, because starting exiftool takes longer than most calls.
    """
    command = [exiftool, "-stay_open", "True", "-@", "-"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    requests, answers = process.stdin, process.stdout
    assert requests
    assert answers

    def ask(*arguments: object) -> str:
        requests.write("".join(f"{each}\n" for each in (*arguments, "-execute1")).encode())
        requests.flush()
        output = b""
        while not output.endswith(b"{ready1}\n"):
            line = answers.readline()
            assert line, "exiftool has ended"
            output += line
        return output.removesuffix(b"{ready1}\n").decode()

    yield ask
    process.communicate(b"-stay_open\nFalse\n")
