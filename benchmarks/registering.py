"""R1 to R6: registering photo files."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measuring import Bench, Figure, ResourceUsage, photoreg, run, run_interleaved
from benchmarks.photo_files import LARGE, MEDIUM, SMALL, TINY, draw, files_below
from benchmarks.registries import COORDINATOR

from photoreg.services.organisation.registry_setup import create_registry

ORGANISATION = "Enontekiön kunta"
LEAST_FILES = 20
"""Fewer files would be read without workers."""


def drawn(bench: Bench, name: str, **counts: int) -> Path:
    """Return a folder with files of these kinds; generate it if it does not exist."""
    kinds = {kind.name: kind for kind in (LARGE, MEDIUM, SMALL, TINY)}
    folder = bench.data / f"{name}-{'-'.join(str(count) for count in counts.values())}"
    if not folder.exists():
        half = folder.with_name(f"{folder.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        for kind, count in counts.items():
            draw(half, kinds[kind], count)
        half.rename(folder)
    return folder


def camera_files(bench: Bench) -> Path:
    """Return the reference corpus: files of 12 and 2 megapixels."""
    return drawn(bench, "camera", large=bench.sized(600, 12), medium=bench.sized(1400, 28))


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure registering large files, small files and known files, and the memory it takes."""
    yield from _camera(bench)
    yield from _small(bench)
    yield from _memory(bench)


def _register(bench: Bench, folder: Path, *options: str) -> Callable[[], ResourceUsage]:
    """Return a function that registers a folder in an empty registry."""
    empty = _empty(bench)

    def way() -> ResourceUsage:
        registry = bench.scratch / "register.sqlite"
        for path in bench.scratch.glob("register.sqlite*"):
            path.unlink()
        shutil.copy(empty, registry)
        return run(photoreg(registry, "register", folder, "--no-ask", *options))

    return way


def _empty(bench: Bench) -> Path:
    path = bench.scratch / "empty.sqlite"
    if not path.exists():
        create_registry(path, organisation=ORGANISATION, login=COORDINATOR, name="Kaisa")
    return path


def _exiftool(folder: Path) -> Callable[[], ResourceUsage]:
    return lambda: run(["exiftool", "-r", "-csv", "-fast2", folder])


def _camera(bench: Bench) -> Iterator[Figure]:
    folder = camera_files(bench)
    files = list(files_below(folder))
    size = sum(path.stat().st_size for path in files) / 1e9
    about = f"{len(files):,} files, {size:.2f} GB"
    taken = run_interleaved(
        bench.rounds,
        {
            "openssl": lambda: run(["openssl", "dgst", "-sha256", *files]),
            "exiftool": _exiftool(folder),
            "register --quick": _register(bench, folder, "--quick"),
            "register": _register(bench, folder),
        },
    )
    for key, name, yardstick, gate, aim in (
        ("R1", "register --quick", "openssl", 1.5, 0.8),
        ("R2", "register --quick", "exiftool", 0.25, 0.12),
        ("R4", "register", "exiftool", 1.5, 1.1),
    ):
        calls = {"openssl": "`openssl dgst -sha256`", "exiftool": "`exiftool -r -csv -fast2`"}
        yield Figure(
            key,
            f"`{name}` of {about} / {calls[yardstick]}",
            taken.ratio(name, yardstick),
            gate,
            aim,
            rounds=bench.rounds,
            note=taken.in_words(name, yardstick),
        )
    yield _largest("R6a", "large files", taken.mebibytes("register", "register --quick"))


def _largest(key: str, what: str, mebibytes: float) -> Figure:
    return Figure(key, f"memory of the largest process, {what}", mebibytes, 200, 120, "MiB")


def _small(bench: Bench) -> Iterator[Figure]:
    folder = drawn(bench, "small", small=bench.sized(20_000, 400))
    one = drawn(bench, "one", tiny=LEAST_FILES)
    count = sum(1 for _ in files_below(folder))
    rounds = min(bench.rounds, 3)  # exiftool takes more than a minute per round
    taken = run_interleaved(
        rounds,
        {
            "exiftool": _exiftool(folder),
            "register --quick": _register(bench, folder, "--quick"),
        },
    )
    yield Figure(
        "R3",
        f"`register --quick` of {count:,} files of 15 KB / `exiftool -r -csv -fast2`",
        taken.ratio("register --quick", "exiftool"),
        0.10,
        0.03,
        rounds=rounds,
        note=taken.in_words("register --quick", "exiftool"),
    )
    registry = bench.scratch / "register.sqlite"
    run(photoreg(registry, "register", one, "--no-ask", "--quick"))
    again = run_interleaved(
        2 * bench.rounds,
        {
            "again": lambda: run(photoreg(registry, "register", folder, "--no-ask", "--quick")),
            "start": lambda: run(photoreg(registry, "register", one, "--no-ask", "--quick")),
            "find": lambda: run(["find", folder, "-type", "f", "-printf", "%p %s %T@\n"]),
        },
    )
    work = again.elapsed("again") - again.elapsed("start")
    yield Figure(
        "R5",
        f"`register` again, {count:,} files unchanged, without the start / `find -printf`",
        work / again.elapsed("find"),
        6,
        3,
        rounds=2 * bench.rounds,
        note=again.in_words("again", "start", "find").split(", processor")[0],
    )


def _memory(bench: Bench) -> Iterator[Figure]:
    few, many = bench.sized(10_000, 200), bench.sized(100_000, 2_000)
    used = {}
    for count in (few, many):
        folder = drawn(bench, "tiny", tiny=count)
        used[count] = _register(bench, folder, "--quick")().mebibytes
    yield _largest("R6b", f"{many:,} files", used[many])
    yield Figure(
        "R6c",
        f"memory for {many:,} files / for {few:,}",
        used[many] / used[few],
        1.2,
        1.1,
        note=f"{used[few]:.0f} MiB and {used[many]:.0f} MiB",
    )
