"""Fixtures for the state machines: registry copies, and a registry with a family."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.conftest import RegistryCopier
from tests.services.machines import RegistryCopies, RegistryCopy
from tests.services.publications.test_publishing_machine import START, furnish

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.organisation import registry_setup


@pytest.fixture
def stages(copied: RegistryCopier, tmp_path_factory: pytest.TempPathFactory) -> RegistryCopies:
    """A context manager that opens a copy of a registry, with a folder for files."""

    @contextmanager
    def stage(where: Path | str) -> Iterator[RegistryCopy]:
        folder = tmp_path_factory.mktemp("stage")
        (folder / "evidence").mkdir(mode=0o700)
        with copied(where, folder) as location:
            registry = Registry.open(location, folder / "evidence")
            try:
                yield registry, folder
            finally:
                registry.close()

    return stage


@pytest.fixture(scope="session")
def family_registry(new_registry: Callable[[], Path | str]) -> Path | str:
    """A registry with a child, two guardians, a photographer and a photo, created once."""
    where = new_registry()
    registry_setup.create_registry(
        where, organisation="Kunta", login="kaisa", name="Kaisa", clock=lambda: START
    )
    registry = Registry.open(where)
    furnish(Application(registry, "kaisa", lambda: START))
    registry.close()
    return where
