"""Fixtures for the tests of image files."""

import os
import shutil
from collections.abc import Callable
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


@pytest.fixture
def exiftool() -> str:
    """Return the exiftool program; without it skip, but fail where nobody would notice (CI)."""
    program = shutil.which("exiftool")
    if program is None and os.environ.get("CI"):
        pytest.fail("exiftool is missing: install libimage-exiftool-perl")
    if program is None:
        pytest.skip("exiftool is missing: install libimage-exiftool-perl for a second opinion")
    return program
