"""Shared parts of the state machines that run random sequences of changes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from tests.faults.killing import ROUNDS

from photoreg.registry.engines.database import Registry

RegistryCopy = tuple[Registry, Path]
"""An open registry, and a folder for files."""

RegistryCopies = Callable[[Path | str], AbstractContextManager[RegistryCopy]]
"""Opens a new copy of a registry for each run."""


class RegistryMachine(RuleBasedStateMachine):
    """A state machine whose runs each start with a new copy of a registry."""

    def __init__(self, begin: Callable[[], AbstractContextManager[RegistryCopy]]) -> None:
        super().__init__()
        self.ends = ExitStack()
        self.registry, self.folder = self.ends.enter_context(begin())

    def teardown(self) -> None:
        """Remove the copy."""
        self.ends.close()


def run_machine(
    machine: type[RegistryMachine],
    stages: RegistryCopies,
    registry: Path | str,
    *,
    runs: int,
    steps: int,
    phases: Sequence[Phase] = tuple(Phase),
) -> None:
    """Run a machine on copies of a registry; on a server, only a third as many runs.

    `make torture` does many more.
    """
    on_server = Registry(registry).is_on_server
    machine_settings = settings(
        max_examples=ROUNDS // 3 or (runs // 3 if on_server else runs),
        stateful_step_count=steps,
        deadline=None,
        phases=phases,
    )

    def begin() -> RegistryMachine:
        return machine(lambda: stages(registry))

    run_state_machine_as_test(begin, settings=machine_settings)  # type: ignore[arg-type] # any factory will do
