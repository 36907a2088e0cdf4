"""Run work in a child process and kill it with SIGKILL at a chosen moment."""

import os
import selectors
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
"""The number of rounds of `make torture`; 0 in ordinary runs, which use their own numbers."""


@dataclass(frozen=True, slots=True)
class Killed:
    """The lines that the child had acknowledged, and whether it was killed before it finished."""

    acknowledged: list[str]
    was_working: bool


def killed_while(
    work: Callable[[Acknowledge], object], seconds: float, after_lines: int = 0
) -> Killed:
    """Run `work` in a child process and kill it `seconds` after its first `after_lines` lines.

    `work` calls its argument with a line for each completed step. The caller fails if the work
    itself fails.
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
    output = _received(reading, lines=after_lines) + _received(reading, seconds=seconds)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    output += _received(reading)  # the rest in the pipe
    os.close(reading)
    was_working = os.WIFSIGNALED(status)
    assert was_working or os.WEXITSTATUS(status) == 0, "the work itself failed"
    return Killed(output.decode().splitlines(), was_working)


def killed_after(lines: int, work: Callable[[], object], *modules: ModuleType) -> bool:
    """Kill `work` in a child process after so many lines of the modules; False if it finished."""
    files = {module.__file__ for module in modules}
    child = os.fork()
    if child == 0:
        left = lines

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in files:
                return None  # its own lines are not traced, but its calls are
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
    os.write(pipe, f"{line}\n".encode())  # shorter than PIPE_BUF, so written atomically


def _received(pipe: int, *, lines: float = float("inf"), seconds: float = float("inf")) -> bytes:
    """Return data from the pipe: so many lines, for so many seconds, or until it is closed."""
    until, received = time.monotonic() + seconds, b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while received.count(b"\n") < lines and (left := until - time.monotonic()) > 0:
            if waiting.select(min(left, 60)):
                part = os.read(pipe, 65536)
                if not part:
                    break
                received += part
    return received
