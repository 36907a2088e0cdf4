"""S6: importing a class list, against reading its file."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
from benchmarks.measuring import (
    PYTHON,
    Bench,
    Figure,
    ResourceUsage,
    photoreg,
    run,
    run_interleaved,
)
from benchmarks.registries import COORDINATOR

from photoreg.registry.engines.database import Registry
from photoreg.services.application import Application
from photoreg.services.organisation.registry_setup import create_registry
from photoreg.services.photos.events import add_event

_HEADINGS = (
    *("Nimi", "Syntynyt", "Huoltajia", "Huoltaja 1", "Yhteystieto 1", "Varmistettu 1"),
    *("Huoltaja 2", "Yhteystieto 2"),
)
_READ = (
    "import openpyxl, sys\n"
    "for row in openpyxl.load_workbook(sys.argv[1]).worksheets[0].iter_rows(values_only=True): pass"
)
"""The yardstick: a process that reads the whole file."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure the import of a list, and how its memory grows with the rows."""
    rows = bench.sized(2_400, 120)
    file = _class_list(bench, rows)
    taken = run_interleaved(
        bench.rounds,
        {
            "import-roster": _import(bench, file),
            "openpyxl": lambda: run([PYTHON, "-c", _READ, file]),
        },
    )
    yield Figure(
        "S6",
        f"`event import-roster` of {rows:,} rows / reading the file with openpyxl",
        taken.ratio("import-roster", "openpyxl"),
        6,
        3,
        rounds=bench.rounds,
        note=taken.in_words("import-roster", "openpyxl"),
    )
    yield from _memory(bench)


def _memory(bench: Bench) -> Iterator[Figure]:
    """Measure the memory beyond that of reading the file, for many rows and for fewer."""
    few, many = bench.sized(10_000, 200), bench.sized(50_000, 1_000)
    used = {}
    for rows in (few, many):
        file = _class_list(bench, rows)
        reading = run([PYTHON, "-c", _READ, file]).mebibytes
        used[rows] = _import(bench, file)().mebibytes, reading
    yield Figure(
        "S6b",
        f"memory of `event import-roster`, {many:,} rows / reading the file with openpyxl",
        used[many][0] / used[many][1],
        2,
        1.3,
        note=", ".join(f"{n:,}: {own:.0f} and {read:.0f} MiB" for n, (own, read) in used.items()),
    )


def _import(bench: Bench, file: Path) -> Callable[[], ResourceUsage]:
    """Return a function that imports a list into a registry with an empty event."""
    empty = _with_event(bench)

    def way() -> ResourceUsage:
        registry = bench.scratch / "roster.sqlite"
        for path in bench.scratch.glob("roster.sqlite*"):
            path.unlink()
        shutil.copy(empty, registry)
        line = ("event", "import-roster", "E-1", file, "--apply", "--format", "csv")
        return run(photoreg(registry, *line))

    return way


def _with_event(bench: Bench) -> Path:
    path = bench.scratch / "event.sqlite"
    if not path.exists():
        create_registry(path, organisation="Enontekiön kunta", login=COORDINATOR, name="Kaisa")
        registry = Registry.open(path)
        add_event(Application(registry, COORDINATOR), "Kevätjuhla", on=date(2026, 5, 30))
        registry.close()
    return path


def _class_list(bench: Bench, rows: int) -> Path:
    """Return a workbook with children who have two guardians each."""
    path = bench.data / f"class-{rows}.xlsx"
    if not path.exists():
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Luokka")
        sheet.append(_HEADINGS)
        for n in range(rows):
            tail = _letters(n)
            name = f"Magga{_letters(n % 997)}"
            born = date(2010 + n % 9, 1 + n % 12, 1 + n % 28)
            first = (f"Inga{tail} {name}", f"040 {n:07}", "koulun rekisteri")
            sheet.append(
                (f"Elle{tail} {name}", born, 2, *first, f"Niila{tail} {name}", f"050 {n:07}")
            )
        book.save(path)
    return path


def _letters(number: int) -> str:
    """Return a number as letters: a digit in a name would be no name."""
    return "".join("abdefghijk"[int(digit)] for digit in str(number))
