"""Measure processes, interleaved with their yardsticks, and represent the results."""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = sys.executable
PHOTOREG = str(Path(sys.executable).with_name("photoreg"))
COORDINATOR = "kaisa"


@dataclass(frozen=True)
class Bench:
    """Where the data are and how large; `rounds` is how often each command is measured."""

    data: Path
    scratch: Path
    is_small: bool
    rounds: int

    def sized(self, full: int, small: int) -> int:
        """Return the number for this size of the benchmarks."""
        return small if self.is_small else full


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """The elapsed and processor seconds of a process and its children, and their memory.

    `mebibytes` is the peak of the largest process.
    """

    elapsed: float
    processor: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the performance page: a measured value and its limit.

    `value` is a ratio unless `unit` is set. `note` holds further observations.
    """

    key: str
    what: str
    value: float
    gate: float
    aim: float | None = None
    unit: str = ""
    rounds: int = 1
    note: str = ""

    @property
    def is_held(self) -> bool:
        """Whether the value is within the gate."""
        return self.value <= self.gate


@dataclass
class Measurements:
    """The resource usage of several rounds, by the name of the command."""

    spent: dict[str, list[ResourceUsage]] = field(default_factory=dict)

    def elapsed(self, name: str) -> float:
        """Return the median of elapsed seconds."""
        return statistics.median(each.elapsed for each in self.spent[name])

    def processor(self, name: str) -> float:
        """Return the median of processor seconds."""
        return statistics.median(each.processor for each in self.spent[name])

    def mebibytes(self, *names: str) -> float:
        """Return the memory of the largest process in all rounds."""
        return max(each.mebibytes for name in names for each in self.spent[name])

    def ratio(self, name: str, yardstick: str) -> float:
        """Return the ratio of elapsed time to that of the yardstick."""
        return self.elapsed(name) / self.elapsed(yardstick)

    def in_words(self, *names: str) -> str:
        """Describe the elapsed seconds, and the ratio of processor time."""
        parts = [f"{self.elapsed(name):.2f} s {name}" for name in names]
        if len(names) > 1:
            ratio = self.processor(names[0]) / self.processor(names[1])
            parts.append(f"processor time {ratio:.2f}")
        return ", ".join(parts)


_WATCHER = """
import os, sys, time
began = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)])
_pid, status, used = os.wait4(pid, 0)
took = time.perf_counter() - began
print(os.waitstatus_to_exitcode(status), took, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process that starts the measured one, whose peak memory includes that of its parent."""


def run(command: Sequence[object], *, may_exit: Sequence[int] = (0,)) -> ResourceUsage:
    """Run a process and discard its output. Raises RuntimeError when it fails."""
    words = [str(word) for word in command]
    program = shutil.which(words[0]) or words[0]
    done = subprocess.run(
        [PYTHON, "-I", "-S", "-c", _WATCHER, program, *words[1:]],
        stdout=subprocess.PIPE,
        # As for users: modules are compiled once, not by every process.
        env={**os.environ, "PHOTOREG_LANG": "en", "PYTHONDONTWRITEBYTECODE": ""},
        check=True,
        text=True,
    )
    code, elapsed, processor, kilobytes = done.stdout.split()
    if int(code) not in may_exit:
        raise RuntimeError(f"exit {code}: {' '.join(words)[:300]}")
    return ResourceUsage(float(elapsed), float(processor), int(kilobytes) / 1024)


def run_interleaved(rounds: int, ways: Mapping[str, Callable[[], ResourceUsage]]) -> Measurements:
    """Run each way once per round, so that disturbances affect all of them."""
    taken = Measurements({name: [] for name in ways})
    for _round in range(rounds):
        for name, way in ways.items():
            taken.spent[name].append(way())
    return taken


def photoreg(registry: Path | str, *arguments: object) -> list[object]:
    """Return the command line for a photoreg command on a registry."""
    return [PHOTOREG, "--registry", registry, "--as", COORDINATOR, *arguments]
