"""Run several processes concurrently on one registry."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import TypeVar

from photoreg.errors import RegistryError

BarrierWait = Callable[[], None]
"""Waits until every process has reached the same point."""
Answer = TypeVar("Answer")

_FORK = multiprocessing.get_context("fork")
LONGEST_S = 300


def run_concurrently(works: Sequence[Callable[[BarrierWait], list[Answer]]]) -> list[list[Answer]]:
    """Run each function in a separate process and return their results; none may fail."""
    barrier = _FORK.Barrier(len(works))
    started = []
    for work in works:
        receiver, sender = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_run, args=(work, barrier, sender))
        process.start()
        sender.close()
        started.append((process, receiver))
    answers = []
    for process, receiver in started:
        assert receiver.poll(LONGEST_S), "a process is stuck"
        answers.append(receiver.recv())
        process.join()
    broken = [answer for answer in answers if isinstance(answer, str)]
    assert not broken, "\n".join(broken)
    return answers


def _run(work: Callable[[BarrierWait], object], barrier: Barrier, sender: Connection) -> None:
    try:
        sender.send(work(lambda: _wait_at_barrier(barrier)))
    except BaseException:  # noqa: BLE001 - the parent fails with it
        barrier.abort()
        sender.send(traceback.format_exc())


def _wait_at_barrier(barrier: Barrier) -> None:
    barrier.wait(LONGEST_S)


def retry_while_in_use(step: Callable[[], Answer]) -> Answer:
    """Retry a step, as users are advised, while the registry is in use."""
    while True:
        try:
            return step()
        except RegistryError as error:
            if "in use" not in error.message:
                raise
