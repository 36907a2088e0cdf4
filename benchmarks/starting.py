"""C1 and C2: the start of a command in processor time, as it never waits."""

from collections.abc import Iterator

from benchmarks.measuring import PHOTOREG, PYTHON, Bench, Figure, photoreg, run, run_interleaved
from benchmarks.registries import build

ROUNDS, FEWER = 15, 7
"""More than elsewhere, also on little data: each takes a few hundredths of a second."""
REFUSED, UNCLEAR = 3, 4


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure `--help` and `check`."""
    registry = bench.scratch / "start.sqlite"
    build(registry, 1_000)
    check = photoreg(registry, "check", "P-1", "--channel", "kunta")
    rounds = bench.sized(ROUNDS, FEWER)
    taken = run_interleaved(
        rounds,
        {
            "import click": lambda: run([PYTHON, "-c", "import click"]),
            "--help": lambda: run([PHOTOREG, "--help"]),
            "import click, sqlmodel": lambda: run([PYTHON, "-c", "import click, sqlmodel"]),
            "check": lambda: run(check, may_exit=(0, REFUSED, UNCLEAR)),
        },
    )
    for key, what, yardstick, gate in (
        ("C1", "--help", "import click", 1.35),
        ("C2", "check", "import click, sqlmodel", 1.4),
    ):
        yield Figure(
            key,
            f"`photoreg {what}` / `python -c '{yardstick}'`, processor time",
            taken.processor(what) / taken.processor(yardstick),
            gate,
            aim=1.2,
            rounds=rounds,
            note=f"{taken.elapsed(what):.2f} s and {taken.elapsed(yardstick):.2f} s elapsed",
        )
