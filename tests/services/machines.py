"""What the machines share that play sequences of changes at random."""

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
"""Gives a stage of its own to each run, with a copy of a registry."""


class RegistryMachine(RuleBasedStateMachine):
    """A machine of which each run begins with a new copy of a registry."""

    def __init__(self, begin: Callable[[], AbstractContextManager[RegistryCopy]]) -> None:
        super().__init__()
        self.ends = ExitStack()
        self.registry, self.folder = self.ends.enter_context(begin())

    def teardown(self) -> None:
        """Leave nothing behind."""
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
    """Play so many runs on copies of a registry, a third as many on a server.

    `make torture` plays many more.
    """
    on_server = Registry(registry).is_on_server
    how = settings(
        max_examples=ROUNDS // 3 or (runs // 3 if on_server else runs),
        stateful_step_count=steps,
        deadline=None,
        phases=phases,
    )

    def begin() -> RegistryMachine:
        return machine(lambda: stages(registry))

    run_state_machine_as_test(begin, settings=how)  # type: ignore[arg-type] # any factory will do
