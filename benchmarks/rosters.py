"""S6 and S7: importing a class list and a list of consents, against reading the file."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
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

_READ = (
    "import openpyxl, sys\n"
    "for row in openpyxl.load_workbook(sys.argv[1]).worksheets[0].iter_rows(values_only=True): pass"
)
"""The yardstick: a process that reads the whole file."""

_Row = Sequence[object]


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure the import of both kinds of lists, and how its memory grows with the rows."""
    rows = bench.sized(2_400, 120)
    file, empty = _class_list(bench, rows), _with_event(bench)
    roster = ("event", "import-roster", "E-1", file, "--format", "csv")
    taken = run_interleaved(
        bench.rounds,
        {
            "import-roster": _on_copy(bench, empty, *roster, "--apply"),
            "preview": _on_copy(bench, empty, *roster),
            "openpyxl": _read(file),
        },
    )
    yield Figure(
        "S6",
        f"`event import-roster` of {rows:,} rows / reading the file with openpyxl",
        taken.ratio("import-roster", "openpyxl"),
        6,
        3,
        rounds=bench.rounds,
        note=f"{taken.in_words('import-roster', 'openpyxl')}; preview "
        f"{taken.processor('preview') / taken.processor('openpyxl'):.2f}",
    )
    yield from _memory_of_rosters(bench)
    yield from _consents(bench)


def _memory_of_rosters(bench: Bench) -> Iterator[Figure]:
    """Measure the memory beyond that of reading the file, for many rows and for fewer."""
    used, taken = {}, 0.0
    for rows in (bench.sized(10_000, 200), bench.sized(50_000, 1_000)):
        file = _class_list(bench, rows)
        line = ("event", "import-roster", "E-1", file, "--apply", "--format", "csv")
        done = _on_copy(bench, _with_event(bench), *line)()
        used[rows], taken = (done.mebibytes, _read(file)().mebibytes), done.processor
    yield _memory("S6b", "event import-roster", used, f"{taken:.0f} s of processor time")


def _consents(bench: Bench) -> Iterator[Figure]:
    """Measure the import of the consents of everybody in a class list."""
    rows = bench.sized(5_000, 120)
    file = _consent_list(bench, rows)
    line = ("consent", "import", file, "--paper", "mappi", "--format", "csv", "--apply")
    taken = run_interleaved(
        bench.rounds,
        {
            "consent import": _on_copy(bench, _with_people(bench, rows), *line),
            "openpyxl": _read(file),
        },
    )
    yield Figure(
        "S7",
        f"`consent import` of {rows:,} rows / reading the file with openpyxl",
        taken.ratio("consent import", "openpyxl"),
        6,
        3,
        rounds=bench.rounds,
        note=taken.in_words("consent import", "openpyxl"),
    )
    used = {rows: (taken.mebibytes("consent import"), taken.mebibytes("openpyxl"))}
    many = bench.sized(20_000, 240)
    file = _consent_list(bench, many)
    line = (*line[:2], file, *line[3:])
    done = _on_copy(bench, _with_people(bench, many), *line)()
    used[many] = done.mebibytes, _read(file)().mebibytes
    yield _memory("S7b", "consent import", used, f"{done.processor:.0f} s of processor time")


def _memory(key: str, command: str, used: dict[int, tuple[float, float]], note: str) -> Figure:
    """Return the figure of the memory for the most rows, with what each further row takes."""
    (few, (first, _read_first)), (many, (last, read_last)) = used.items()
    each = (last - first) * 1024 / (many - few)
    return Figure(
        key,
        f"memory of `{command}`, {many:,} rows / reading the file with openpyxl",
        last / read_last,
        2,
        1.3,
        note=", ".join(f"{n:,}: {own:.0f} and {read:.0f} MiB" for n, (own, read) in used.items())
        + f"; {each:.1f} KiB a row; {note}",
    )


def _read(file: Path) -> Callable[[], ResourceUsage]:
    return lambda: run([PYTHON, "-c", _READ, file])


def _on_copy(bench: Bench, registry: Path, *arguments: object) -> Callable[[], ResourceUsage]:
    """Return a function that runs a command on a copy of a registry."""

    def way() -> ResourceUsage:
        copied = bench.scratch / "roster.sqlite"
        for path in bench.scratch.glob("roster.sqlite*"):
            if path.is_file():
                path.unlink()
        shutil.copy(registry, copied)
        return run(photoreg(copied, *arguments))

    return way


def _with_event(bench: Bench) -> Path:
    """Return a registry with an event without anybody on its roster."""
    path = bench.scratch / "event.sqlite"
    if not path.exists():
        create_registry(path, organisation="Enontekiön kunta", login=COORDINATOR, name="Kaisa")
        registry = Registry.open(path)
        add_event(Application(registry, COORDINATOR), "Kevätjuhla", on=date(2026, 5, 30))
        registry.close()
    return path


def _with_people(bench: Bench, rows: int) -> Path:
    """Return a registry that holds everybody in a class list."""
    path = bench.scratch / f"people-{rows}.sqlite"
    if not path.exists():
        shutil.copy(_with_event(bench), path)
        run(photoreg(path, "event", "import-roster", "E-1", _class_list(bench, rows), "--apply"))
    return path


def _class_list(bench: Bench, rows: int) -> Path:
    """Return a workbook with children who have two guardians each."""
    headings = (
        *("Nimi", "Syntynyt", "Huoltajia", "Huoltaja 1", "Yhteystieto 1", "Varmistettu 1"),
        *("Huoltaja 2", "Yhteystieto 2"),
    )
    return _workbook(bench.data / f"pupils-{rows}.xlsx", headings, map(_pupil, range(rows)))


def _pupil(n: int) -> _Row:
    child, first, second = _family(n)
    contact = f"040 {n:07}", "koulun rekisteri"
    return (child, _birth_day(n), 2, first, *contact, second, f"050 {n:07}")


def _consent_list(bench: Bench, rows: int) -> Path:
    """Return a workbook with the answers of a guardian of each child.

    Every twentieth says no to everything, and of half of these it is not told who said so.
    """
    headings = ("Nimi", "Syntynyt", "public_page", "print", "Pvm", "Allekirjoittaja", "Asti")
    return _workbook(bench.data / f"consents-{rows}.xlsx", headings, map(_consent, range(rows)))


def _consent(n: int) -> _Row:
    child, first, _second = _family(n)
    answers = ("ei", "ei") if n % 20 == 0 else ("kyllä", "kyllä" if n % 3 else "ei")
    signed = date(2026, 1, 1 + n % 28)
    signer = None if n % 20 == 0 and n % 40 else first
    return (child, _birth_day(n), *answers, signed, signer, date(2028, 7, 31))


def _family(n: int) -> tuple[str, str, str]:
    tail, name = _letters(n), f"Magga{_letters(n % 997)}"
    return f"Elle{tail} {name}", f"Inga{tail} {name}", f"Niila{tail} {name}"


def _birth_day(n: int) -> date:
    """Return a day within nine years: as many share it as in a school of this size."""
    return date(2010, 1, 1) + timedelta(n * 997 % 3_280)


def _letters(number: int) -> str:
    """Return a number as letters: a digit in a name would be no name."""
    return "".join("abdefghijk"[int(digit)] for digit in str(number))


def _workbook(path: Path, headings: Sequence[str], rows: Iterator[_Row]) -> Path:
    if not path.exists():
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Luokka")
        sheet.append(headings)
        for row in rows:
            sheet.append(row)
        book.save(path)
    return path
