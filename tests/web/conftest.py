"""A desk on a copy of a furnished registry, and users of each kind who have signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.furnished import furnished, two_units
from tests.conftest import COORDINATOR, Clock
from tests.web.desks import ServedDesk, User

from photoreg.registry.engines.database import Registry
from photoreg.web.serving import Desk

__all__ = ["furnished", "two_units"]  # fixtures


@pytest.fixture
def folder(two_units: Path, tmp_path: Path) -> Path:
    """A folder with a registry in which every list has something, and files to send."""
    return Path(shutil.copytree(two_units, tmp_path / "here"))


@pytest.fixture
def desk(folder: Path, clock: Clock) -> Iterator[ServedDesk]:
    """The desk of that registry."""
    registry = Registry.open(folder / "registry.db")
    yield ServedDesk.of(Desk(registry, organisation="Enontekiön kunta", clock=clock))
    registry.close()


@pytest.fixture
def visitor(desk: ServedDesk) -> User:
    """Somebody who is not signed in."""
    return desk.visitor()


@pytest.fixture
def anna(desk: ServedDesk) -> User:
    """Anna, an employee who sees everybody and administers every channel."""
    return desk.sign_in("anna")


@pytest.fixture
def kaisa(desk: ServedDesk) -> User:
    """Kaisa, the communications coordinator."""
    return desk.sign_in(COORDINATOR)


@pytest.fixture
def tarja(desk: ServedDesk) -> User:
    """Tarja, the auditor."""
    return desk.sign_in("tarja")


@pytest.fixture
def berit(desk: ServedDesk) -> User:
    """Berit, an employee of the library, who sees no names of E-1."""
    return desk.sign_in("berit")
