"""What a server lets each login do: every use case, played with the logins of real users."""

import ast
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import Clock
from tests.servers import Server, apply_roles, log_in
from tests.services.test_reactions import (
    SCENARIOS,
    World,
    changing_use_cases,
    published_registry,  # noqa: F401 - a fixture
    service_sources,
)

import photoreg.services
from photoreg.errors import RegistryError
from photoreg.registry.engines.database import Registry
from photoreg.registry.engines.postgresql_guards import COORDINATOR_ACTIONS
from photoreg.services.application import Application

pytestmark = pytest.mark.engines("postgresql")  # SQLite knows no logins

CHANGE_NO_ROW = {
    "upkeep.maintenance.remove_leftovers",  # files beside the registry, of which there are none
    "data_subjects.merge.plan_merge",  # rolled back, and looked at only when it ends
}
"""What coordinators do that leaves nothing in the registry for the server to refuse."""

Play = Callable[..., World]


@pytest.fixture(scope="session")
def guarded_registry(
    published_registry: tuple[str, Path],  # noqa: F811
) -> tuple[str, Path]:
    """The registry with published photos, where the roles have been made."""
    apply_roles(published_registry[0])
    return published_registry


@pytest.fixture
def world_with(
    guarded_registry: tuple[str, Path],
    postgresql_server: Server,
    duplicate: Callable[[str], str],
    tmp_path: Path,
    evidence_folder: Path,
) -> Iterator[Play]:
    """A function that opens the registry for each user with a login of their own."""
    with ExitStack() as opened:

        def world(coordinators: str = "coordinator") -> World:
            place, clock, addresses = duplicate(guarded_registry[0]), Clock(), {}
            groups = {"anna": "staff", "kaisa": coordinators, "ville": coordinators}
            users = {}
            for user, group in groups.items():
                addresses[user] = log_in(postgresql_server, place, user, group)
                registry = Registry.open(addresses[user], evidence_folder)
                opened.callback(registry.close)
                users[user] = Application(registry, user, clock)
            where, files = addresses["kaisa"], guarded_registry[1]
            return World(**users, clock=clock, where=where, folder=tmp_path, files=files)

        yield world


def definitions() -> Iterator[tuple[str, ast.stmt]]:
    """Yield the functions and classes of the services, with module and name."""
    services = Path(photoreg.services.__file__).parent
    for module in services.rglob("*.py"):
        path = ".".join(module.relative_to(services).with_suffix("").parts)
        for definition in ast.parse(module.read_text("utf-8")).body:
            yield f"{path}.{getattr(definition, 'name', '')}", definition


def coordinator_use_cases() -> set[str]:
    """Return the use cases whose unit of work is for coordinators only."""
    found = {name for name, each in definitions() if any(map(_is_theirs, ast.walk(each)))}
    return (found & changing_use_cases(service_sources())) - CHANGE_NO_ROW


def _is_theirs(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "changing"
        and any(isinstance(given, ast.Name) and given.id == "COORDINATORS" for given in node.args)
    )


def actions_in(definition: ast.stmt) -> set[str]:
    """Return the actions of the log that a function or class names."""
    return {
        node.attr
        for node in ast.walk(definition)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Action"
    }


def test_what_only_coordinators_log_is_refused_to_others_by_the_server() -> None:
    theirs, others = set[str](), set[str]()
    for _name, definition in definitions():
        is_theirs = any(map(_is_theirs, ast.walk(definition)))
        (theirs if is_theirs else others).update(actions_in(definition))
    assert theirs
    assert theirs - others <= {action.name for action in COORDINATOR_ACTIONS}


OF_DOORS = {"organisation.sessions.sign_in"}
"""What the login of a door does, for whoever has no login of their own on the server."""


@pytest.mark.parametrize("use_case", sorted(SCENARIOS.keys() - OF_DOORS))
def test_users_do_their_work_with_logins_of_their_own(use_case: str, world_with: Play) -> None:
    world, played = world_with(), SCENARIOS[use_case]
    played.change(world)
    assert world.open_tasks() == world.asked_for() == played.comes_down


@pytest.mark.parametrize("use_case", sorted(coordinator_use_cases()))
def test_the_server_refuses_to_a_login_of_staff_what_is_the_coordinator_s(
    use_case: str, world_with: Play
) -> None:
    world = world_with(coordinators="staff")
    before = logged_by_coordinators(world)
    with pytest.raises(RegistryError, match="you have no right"):
        SCENARIOS[use_case].change(world)
    assert logged_by_coordinators(world) == before


def logged_by_coordinators(world: World) -> int:
    """Return how many entries the log has of what only coordinators do."""
    with world.kaisa.reading() as work:
        counted = sa.text("SELECT count(*) FROM ledger WHERE action = ANY(:actions)")
        actions = {"actions": [*map(str, COORDINATOR_ACTIONS)]}
        return int(work.session.connection().execute(counted, actions).scalar_one())
