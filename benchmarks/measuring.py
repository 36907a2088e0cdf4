"""How the benchmarks measure: processes, in turns with their yardsticks, and what comes of it."""

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
    """Where the data lie and how large they are; `rounds` is how often each thing is measured."""

    data: Path
    scratch: Path
    is_small: bool
    rounds: int

    def sized(self, full: int, small: int) -> int:
        """Return a number for this size of the benchmarks."""
        return small if self.is_small else full


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """What a process and its children took: seconds elapsed and of processor, and memory.

    `mebibytes` is the largest that any one of the processes became.
    """

    elapsed: float
    processor: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the performance page: what was measured, and the limit that it is held against.

    `value` is a ratio unless `unit` says otherwise. `note` tells what stands in the way, or what
    else was seen.
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
        """Whether the gate holds."""
        return self.value <= self.gate


@dataclass
class Measurements:
    """What several rounds took, by the name of what was run."""

    spent: dict[str, list[ResourceUsage]] = field(default_factory=dict)

    def elapsed(self, name: str) -> float:
        """Return the median of the seconds."""
        return statistics.median(each.elapsed for each in self.spent[name])

    def processor(self, name: str) -> float:
        """Return the median of the seconds of processor time."""
        return statistics.median(each.processor for each in self.spent[name])

    def mebibytes(self, *names: str) -> float:
        """Return the memory of the largest process in all rounds."""
        return max(each.mebibytes for name in names for each in self.spent[name])

    def ratio(self, name: str, yardstick: str) -> float:
        """Return how many times as long as the yardstick it took."""
        return self.elapsed(name) / self.elapsed(yardstick)

    def in_words(self, *names: str) -> str:
        """Return the seconds behind a ratio, and the same ratio of processor time."""
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
"""A small process that starts what is measured: a child's memory counts that of its parent."""


def run(command: Sequence[object], *, may_exit: Sequence[int] = (0,)) -> ResourceUsage:
    """Run a process to its end without its output; RuntimeError when it fails."""
    words = [str(word) for word in command]
    program = shutil.which(words[0]) or words[0]
    done = subprocess.run(
        [PYTHON, "-I", "-S", "-c", _WATCHER, program, *words[1:]],
        stdout=subprocess.PIPE,
        # As for those who use it: compiled once, not again by every process.
        env={**os.environ, "PHOTOREG_LANG": "en", "PYTHONDONTWRITEBYTECODE": ""},
        check=True,
        text=True,
    )
    code, elapsed, processor, kilobytes = done.stdout.split()
    if int(code) not in may_exit:
        raise RuntimeError(f"exit {code}: {' '.join(words)[:300]}")
    return ResourceUsage(float(elapsed), float(processor), int(kilobytes) / 1024)


def run_interleaved(rounds: int, ways: Mapping[str, Callable[[], ResourceUsage]]) -> Measurements:
    """Run each way once a round, one after the other, so that all meet the same disturbances."""
    taken = Measurements({name: [] for name in ways})
    for _round in range(rounds):
        for name, way in ways.items():
            taken.spent[name].append(way())
    return taken


def photoreg(registry: Path | str, *arguments: object) -> list[object]:
    """Return a command on a registry."""
    return [PHOTOREG, "--registry", registry, "--as", COORDINATOR, *arguments]
