"""F1 to F3: reading and writing metadata and making copies, compared with exiftool.

Both programs run once for all files, which is fastest for exiftool. The files written are synced to
the disk: one by one by photoreg itself, and all at once by `sync` after exiftool. The times of
photoreg include its additional work: hashing, reading back, and comparing each new file with the
old one.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import PYTHON, Bench, Figure, ResourceUsage, run, run_interleaved
from benchmarks.photo_files import files_below
from benchmarks.registering import camera_files

EXIFTOOL = {
    "read": ("-json", "-G1", "-EXIF:all", "-IPTC:all", "-XMP:all"),
    "write": (
        *("-overwrite_original", "-P", "-charset", "iptc=UTF8", "-codedcharacterset=utf8"),
        *("-EXIF:Artist=Áile Näkkäläjärvi", "-EXIF:Copyright=© Áile Näkkäläjärvi"),
        *("-IPTC:By-line=Áile Näkkäläjärvi", "-IPTC:CopyrightNotice=© Áile Näkkäläjärvi"),
        *("-IPTC:Credit=Kuva: Áile Näkkäläjärvi", "-XMP-dc:Creator=Áile Näkkäläjärvi"),
        *("-XMP-dc:Rights=© Áile Näkkäläjärvi", "-XMP-plus:ModelReleaseID=C-7"),
        *("-XMP-photoshop:Credit=Kuva: Áile Näkkäläjärvi",),
        *("-XMP-xmpRights:UsageTerms=Vain tiedotukseen",),
        "-XMP-xmpRights:WebStatement=https://kunta.example/ehdot",
    ),
    "copy": ("-overwrite_original", "-all=", "-tagsfromfile", "@", "-Orientation", "-ICC_Profile"),
}
GATES = {"read": 0.5, "write": 2.0, "copy": 2.0}
_AND_SYNC = '"$@" && sync "$0"/*'


def measure(bench: Bench) -> Iterator[Figure]:
    """Measure all three, on large and smaller files; yield nothing without exiftool."""
    program = shutil.which("exiftool")
    if program is None:
        print("exiftool is missing: install libimage-exiftool-perl", file=sys.stderr)
        return
    for number, act in enumerate(EXIFTOOL, 1):
        for letter, kind in (("a", "large"), ("b", "medium")):
            files = list(files_below(camera_files(bench) / kind))[: bench.sized(60, 6)]
            ours = _afresh(bench, files, [PYTHON, "-m", "benchmarks.metadata_work", act])
            forced = [] if act == "read" else ["sh", "-c", _AND_SYNC, bench.scratch / "metadata"]
            theirs = _afresh(bench, files, [*forced, program, "-q", "-q", *EXIFTOOL[act]])
            name = "exiftool and sync" if forced else "exiftool"
            taken = run_interleaved(bench.rounds, {"photoreg": ours, name: theirs})
            yield Figure(
                f"F{number}{letter}",
                f"{act} {len(files)} {kind} JPEGs / {name}",
                taken.ratio("photoreg", name),
                GATES[act],
                rounds=bench.rounds,
                note=taken.in_words("photoreg", name),
            )


def _afresh(
    bench: Bench, files: list[Path], command: Sequence[object]
) -> Callable[[], ResourceUsage]:
    """Return a function that runs a command on new copies of the files."""
    folder = bench.scratch / "metadata"

    def way() -> ResourceUsage:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return run([*command, *(shutil.copy(path, folder / path.name) for path in files)])

    return way
