"""The set-up installs what was tested: requirements/dev.txt pins everything, with its hashes."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PINNED = (ROOT / "requirements/dev.txt").read_text("utf-8")
LINES = PINNED.replace("\\\n", "").splitlines()
"""Each with its hashes."""
PINS = [Requirement(line.partition("--hash")[0]) for line in LINES]


def named() -> Iterator[str]:
    """Give every requirement that the project names, of all extras and of the build."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    yield from told["build-system"]["requires"]
    yield from told["project"]["dependencies"]
    for extra in told["project"]["optional-dependencies"].values():
        yield from (each for each in extra if not each.startswith("photoreg["))
    build = (ROOT / "requirements/build.in").read_text("utf-8").splitlines()
    yield from (line for line in build if not line.startswith("#"))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.partition(" ")[0])
def test_every_line_is_one_exact_version_with_its_hashes(line: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [^#@]+?)?( +--hash=sha256:[0-9a-f]{64})+", line)


def test_no_address_is_among_the_pins() -> None:
    assert "://" not in PINNED
    assert "--" not in PINNED.replace(" --hash=", "")


@pytest.mark.parametrize("requirement", sorted(set(named())))
def test_what_the_project_names_is_pinned_within_its_range(requirement: str) -> None:
    wanted = Requirement(requirement)
    pins = [pin for pin in PINS if pin.name == canonicalize_name(wanted.name)]
    assert pins, f"run `make update ONLY={wanted.name}`"
    for pin in pins:
        [exactly] = pin.specifier
        assert wanted.specifier.contains(exactly.version), str(pin)


@pytest.mark.skipif(
    Path(sys.prefix).resolve() != ROOT / ".venv", reason="not in .venv, which is made of the pins"
)
def test_what_is_installed_is_what_is_pinned() -> None:
    here = [pin for pin in PINS if pin.marker is None or pin.marker.evaluate()]
    installed = [f"{pin.name}=={version(pin.name)}" for pin in here]
    assert installed == [f"{pin.name}{pin.specifier}" for pin in here]
