"""Processes that begin at the same instant and work in one registry."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import TypeVar

from photoreg.errors import RegistryError

BarrierWait = Callable[[], None]
"""Waits until every process has come as far."""
Answer = TypeVar("Answer")

_FORK = multiprocessing.get_context("fork")
LONGEST_S = 300


def run_concurrently(works: Sequence[Callable[[BarrierWait], list[Answer]]]) -> list[list[Answer]]:
    """Run each work in a process of its own and return what they return; all must end well."""
    barrier = _FORK.Barrier(len(works))
    started = []
    for work in works:
        hears, tells = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_run, args=(work, barrier, tells))
        process.start()
        tells.close()
        started.append((process, hears))
    answers = []
    for process, hears in started:
        assert hears.poll(LONGEST_S), "a process is stuck"
        answers.append(hears.recv())
        process.join()
    broken = [answer for answer in answers if isinstance(answer, str)]
    assert not broken, "\n".join(broken)
    return answers


def _run(work: Callable[[BarrierWait], object], barrier: Barrier, tells: Connection) -> None:
    try:
        tells.send(work(lambda: _wait_at_barrier(barrier)))
    except BaseException:  # noqa: BLE001 - the parent fails with it
        barrier.abort()
        tells.send(traceback.format_exc())


def _wait_at_barrier(barrier: Barrier) -> None:
    barrier.wait(LONGEST_S)


def retry_while_in_use(step: Callable[[], Answer]) -> Answer:
    """Do as a user is told: try again when the registry is in use by somebody else."""
    while True:
        try:
            return step()
        except RegistryError as error:
            if "in use" not in error.message:
                raise
