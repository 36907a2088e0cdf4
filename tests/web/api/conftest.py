"""A website that asks the API."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.web.api.callers import Caller, caller, make_key
from tests.web.desks import ServedDesk

from photoreg.services.application import system_clock


@pytest.fixture
def website(desk: ServedDesk) -> Caller:
    """A system with a key for everything on one channel."""
    return caller(desk, make_key(desk))


@pytest.fixture
def served(desk: ServedDesk, folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a running desk, and a key."""
    key = make_key(desk.as_changed(clock=system_clock))
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "photoreg.cli.app", "--registry", str(folder / "registry.db")),
            *("--as", "anna", "serve", "--no-browser", "--port", "0"),
        ],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().partition("/enter/")[0], key
        process.kill()
