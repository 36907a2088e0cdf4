"""Fixtures of the tests about class lists."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes a class list."""

    def written(content: str) -> Path:
        path = tmp_path / "class.csv"
        path.write_text(content, "utf-8")
        return path

    return written
