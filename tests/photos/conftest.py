"""Fixtures for the tests of image files."""

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
