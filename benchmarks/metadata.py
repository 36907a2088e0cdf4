"""Reading and writing metadata, compared with exiftool on the same generated files in one run.

    python -m benchmarks.metadata [--files 60]

Prints photos per second of each, and the ratio. exiftool runs once for all files, which is its
fastest way; photoreg runs in this one process and forces every written file to the disk and
compares it with the old one, which exiftool does not.
"""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.photo_files import LARGE, MEDIUM, Kind, draw

from photoreg.photos.fields import Mining, Release
from photoreg.photos.formats import read_bytes
from photoreg.photos.identity import file_hash
from photoreg.photos.metadata import read_metadata
from photoreg.photos.publishable import EXTENSIONS
from photoreg.photos.rewriting import write_rights
from photoreg.photos.rights import OwnRights
from photoreg.photos.writing import copy_of, write_copy

RIGHTS = OwnRights(
    organisation="Enontekiön kunta",
    registry_id="P-12",
    photographers=("Áile Näkkäläjärvi",),
    copyright="© Áile Näkkäläjärvi",
    credit="Kuva: Áile Näkkäläjärvi",
    terms="Vain tiedotukseen",
    licence_url="https://kunta.example/ehdot",
    release=Release.LIMITED,
    release_ids=("C-7",),
    data_mining=Mining.PROHIBITED,
)
READ = ("-json", "-G1", "-EXIF:all", "-IPTC:all", "-XMP:all")
WRITE = (
    *("-overwrite_original", "-P", "-charset", "iptc=UTF8", "-codedcharacterset=utf8"),
    *("-EXIF:Artist=Áile Näkkäläjärvi", "-EXIF:Copyright=© Áile Näkkäläjärvi"),
    *("-IPTC:By-line=Áile Näkkäläjärvi", "-IPTC:CopyrightNotice=© Áile Näkkäläjärvi"),
    *("-IPTC:Credit=Kuva: Áile Näkkäläjärvi", "-XMP-dc:Creator=Áile Näkkäläjärvi"),
    *("-XMP-dc:Rights=© Áile Näkkäläjärvi", "-XMP-photoshop:Credit=Kuva: Áile Näkkäläjärvi"),
    *("-XMP-xmpRights:UsageTerms=Vain tiedotukseen", "-XMP-plus:ModelReleaseID=C-7"),
    "-XMP-xmpRights:WebStatement=https://kunta.example/ehdot",
)
STRIP = ("-overwrite_original", "-all=", "-tagsfromfile", "@", "-Orientation", "-ICC_Profile")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--files", type=int, default=60, help="of each size")
    count = parser.parse_args().files
    program = shutil.which("exiftool")
    if program is None:
        print("exiftool is missing: install libimage-exiftool-perl")
        return 1
    for kind in (LARGE, MEDIUM):
        with TemporaryDirectory() as folder:
            measure(program, Path(folder), kind, count)
    return 0


def measure(program: str, folder: Path, kind: Kind, count: int) -> None:
    """Print one line for each thing that is done to files of a size."""
    draw(folder / "drawn", kind, count)
    drawn = sorted((folder / "drawn").rglob("*.jpg"))
    megabytes = sum(path.stat().st_size for path in drawn) / len(drawn) / 1e6
    print(f"{len(drawn)} JPEG files of {megabytes:.1f} MB")
    for name, ours, theirs in (
        ("read", _read, READ),
        ("write", _write, WRITE),
        ("copy", _copy, STRIP),
    ):
        mine, other = _copies(drawn, folder / "mine"), _copies(drawn, folder / "other")
        began = time.perf_counter()
        for path in mine:
            ours(path)
        rate = len(drawn) / (time.perf_counter() - began)
        command = [program, "-q", "-q", *theirs, *map(str, other)]
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        rival = len(drawn) / (time.perf_counter() - began)
        print(f"  {name:6}{rate:8.0f}/s   exiftool{rival:8.0f}/s   ratio {rate / rival:5.1f}")


def _read(path: Path) -> None:
    read_metadata(read_bytes(path), path.name)


def _write(path: Path) -> None:
    write_rights(path, RIGHTS, expected_sha256=file_hash(path.read_bytes()))


def _copy(path: Path) -> None:
    copy = copy_of(path, RIGHTS, expected_sha256=file_hash(path.read_bytes()))
    write_copy(copy, path, path.with_name(f"copy-{path.stem}{EXTENSIONS[copy.format]}"))


def _copies(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return fresh copies of the files, already in the memory of the system."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return [Path(shutil.copy(path, folder)) for path in paths]


if __name__ == "__main__":
    sys.exit(main())
