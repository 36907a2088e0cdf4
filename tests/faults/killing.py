"""A child process that works and is killed (signal 9) at a moment of our choosing."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

Acknowledge = Callable[[str], None]

ROUNDS = int(os.environ.get("PHOTOREG_TORTURE", "0"))
"""How often `make torture` kills; 0 in the everyday tests, which have numbers of their own."""


@dataclass(frozen=True, slots=True)
class Killed:
    """What the child had acknowledged, and whether it was still at work when it was killed."""

    acknowledged: list[str]
    was_working: bool


def killed_while(
    work: Callable[[Acknowledge], object], seconds: float, after_lines: int = 0
) -> Killed:
    """Run `work` in a child process and kill it, unless it ended before.

    It is killed some seconds after so many lines were heard of it.

    `work` calls its argument with a line for each thing that it was told is done. A fault of the
    work itself fails the caller.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            work(lambda line: _send(writing, line))
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    os.close(writing)
    told = _received(reading, lines=after_lines) + _received(reading, seconds=seconds)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    told += _received(reading)  # what was still in the pipe
    os.close(reading)
    was_working = os.WIFSIGNALED(status)
    assert was_working or os.WEXITSTATUS(status) == 0, "the work itself failed"
    return Killed(told.decode().splitlines(), was_working)


def killed_after(lines: int, work: Callable[[], object], *modules: ModuleType) -> bool:
    """Run `work` in a child that is killed after so many lines of modules; False: it ended."""
    files = {module.__file__ for module in modules}
    child = os.fork()
    if child == 0:
        left = lines

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in files:
                return None  # its lines are not told of, what it calls is
            left -= event == "line"
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        status = 1
        try:
            sys.settrace(trace)
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work itself failed"
    return os.WIFSIGNALED(status)


def _send(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())  # shorter than PIPE_BUF, so written whole


def _received(pipe: int, *, lines: float = float("inf"), seconds: float = float("inf")) -> bytes:
    """Return what comes through the pipe: so many lines, for so long, or until it is closed."""
    until, told = time.monotonic() + seconds, b""
    while told.count(b"\n") < lines and (left := until - time.monotonic()) > 0:
        if select.select([pipe], [], [], min(left, 60))[0]:
            part = os.read(pipe, 65536)
            if not part:
                break
            told += part
    return told
