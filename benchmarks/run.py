"""Run the benchmarks: build their data, measure every figure, write benchmarks/results.md.

    make bench              everything, at full size: about an hour on two cores
    make bench SMALL=1      the same on little data, in less than a minute
    make bench ONLY=A,W2    only some, by letter or figure; earlier results of others are kept

Every figure is memory, or a ratio to a yardstick measured alternately with it. With little data the
start of the program outweighs its work, so only figures independent of size are judged.
"""

import argparse
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    audits,
    desk,
    exporting,
    match,
    metadata,
    registering,
    rosters,
    servers,
    starting,
)
from benchmarks.measuring import Bench, Figure

GROUPS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "C": starting.measure,
    "R": registering.measure,
    "X": exporting.measure,
    "F": metadata.measure,
    "M": match.figures,
    "A2 A3": audits.measure_evaluation,
    "A1": audits.measure_cached_lists,
    "W": audits.withdrawals,
    "V": audits.measure_verification,
    "P": servers.measure,
    "S6 S7": rosters.measure,
    "S1 S2 S3 S4 S5": desk.measure,
}
"""The groups of benchmarks, by the prefixes of their figures."""

ANY_SIZE = {"C1", "C2", "R6a", "R6b", "R6c"}
"""Figures that are meaningful on little data."""

KNOWN_OBSTACLES = {
    "C2": "for each of the thirty tables that it asks SQLModel builds a class, a mapper and a "
    "pydantic model",
    "F1a": "the file is read whole and searched through for its end; exiftool reads its beginning",
    "F2a": "each file is hashed, forced to the disk one by one, read back, hashed and compared",
    "R1": "the yardstick reads and hashes only; the start of the program, in which a core is idle, "
    "metadata and the rows come on top",
    "R2": "the start of the program and the rows are most of what is left",
    "R4": "every picture is decoded, which is what takes time, to see whether it is whole",
    "S6": "each child and guardian is recorded with all checks that a single one has, and with an "
    "entry and a hash in the log; the start of the program is a fifth",
    "S7": "as S6: each statement is checked and logged by itself",
    "X1": "the start of the program takes as long as cp; then each original is hashed and searched "
    "through, each copy read back, compared and hashed: 10 ms of processor time",
}
"""Why a figure may miss its gate; shown in the results if it does."""

RESULTS = Path(__file__).with_name("results.md")
DATA = Path(__file__).with_name("data")


def main() -> None:
    """Run the benchmarks that the command line selects."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--only", default="", help="such as R,X,A2; all unless named")
    given = parser.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=given.data, prefix="scratch-"))
    rounds = given.rounds or (2 if given.small else 5)
    bench = Bench(given.data, scratch, given.small, rounds)
    figures = []
    print(_HEAD)
    try:
        for group in _wanted(given.only):
            for figure in GROUPS[group](bench):
                figures.append(figure)
                is_judged = not given.small or figure.key in ANY_SIZE
                print(_table_row(figure, is_judged=is_judged), flush=True)
                if not given.small:  # at once, so that an interruption loses nothing
                    all_figures = _with_earlier(figures, given.data / "figures.json")
                    RESULTS.write_text(_results_page(all_figures), "utf-8")
    finally:
        shutil.rmtree(scratch)
    missed = [f.key for f in figures if not f.is_held and (not given.small or f.key in ANY_SIZE)]
    print(f"gates missed: {', '.join(missed) or 'none'}")


def _wanted(only: str) -> list[str]:
    """Return the groups that match the prefixes or contain the figures in `only`: `R,A2,W2`."""
    asked = only.split(",")
    return [
        group
        for group in GROUPS
        if any(
            its.startswith(each) or each.startswith(its) for its in group.split() for each in asked
        )
    ]


def _with_earlier(figures: list[Figure], path: Path) -> list[Figure]:
    """Return the figures merged with earlier ones, and save them all."""
    earlier = json.loads(path.read_text("utf-8")) if path.exists() else []
    measured = {figure.key for figure in figures}
    together = [Figure(**each) for each in earlier if each["key"] not in measured] + figures
    together.sort(key=_group_order)
    path.write_text(json.dumps([asdict(figure) for figure in together]), "utf-8")
    return together


def _group_order(figure: Figure) -> int:
    """Return the index of the group that measures a figure."""
    return next(
        place for place, its in enumerate(GROUPS) if figure.key.startswith(tuple(its.split()))
    )


_HEAD = "| # | figure | measured | gate | aim | held? | rounds | |\n" + "|---" * 8 + "|"


def _table_row(figure: Figure, *, is_judged: bool = True) -> str:
    unit = f" {figure.unit}" if figure.unit else ""
    reached = figure.aim is not None and figure.value <= figure.aim
    held = "**no**" if not figure.is_held else "yes, and the aim" if reached else "yes"
    cells = (
        figure.key,
        figure.what,
        f"{figure.value:.3g}{unit}",
        f"{figure.gate:g}{unit}",
        "–" if figure.aim is None else f"{figure.aim:g}{unit}",
        held if is_judged else "(little data)",
        str(figure.rounds),
        figure.note,
    )
    return f"| {' | '.join(cells)} |"


def _results_page(figures: list[Figure]) -> str:
    day = datetime.now(UTC).date()  # noqa: TID251 - the day of measurement
    lines = "\n".join(map(_table_row, figures))
    return f"""# What was measured

Written by `make bench` on {day}; each figure is explained in `benchmarks/`. A ratio is the median
of the rounds, taken in turns with its yardstick; elapsed seconds mean little on another machine.
A busy machine favours what runs in several processes over a yardstick of one. On free cores such a
ratio is not below that of processor time divided by the number of cores.

{_machine()}

{_HEAD}
{lines}

{_missed(figures)}
"""


def _missed(figures: list[Figure]) -> str:
    """Describe which gates are missed, and why."""
    missed = [figure.key for figure in figures if not figure.is_held]
    if not missed:
        return "Every gate is held."
    reasons = (f"- {key}: {KNOWN_OBSTACLES.get(key, 'not found out yet')}." for key in missed)
    return "\n".join(("Gates that are missed, and what stands in the way:", "", *reasons))


def _machine() -> str:
    """Describe the machine, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = os.getloadavg()[2]
    return (
        f"Machine: {len(os.sched_getaffinity(0))} cores ({processor}), {memory:.0f} GB memory, "
        f"Python {platform.python_version()}, {platform.system()}; load {load:.1f} on average "
        "while it ran."
    )


if __name__ == "__main__":
    main()
