"""Fuzz reading, writing and copying with damaged files; only PhotoFileError may be raised.

The tests try a few files with a fixed seed. `make fuzz SECONDS=600` runs longer, in child
processes, so that crashes are counted too, and reports the slowest call and the peak memory.
"""

import argparse
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.imaging.builders import KINDS, encoded, heif_file, jpeg_file, sample_image
from tests.imaging.writing.test_embedding import FILES, RIGHTS

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.detection import detect_format
from photoreg.imaging.metadata.file_parts import divided, read_metadata
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.pictures.identity import picture_hash
from photoreg.imaging.reading import describe_metadata, read_photo
from photoreg.imaging.writing.embedding import plan_rights
from photoreg.imaging.writing.publishable_copy import is_valid_copy, make_publishable
from photoreg.imaging.writing.rewriting import verify_rewritten

AT_A_TIME: Final = 200
BYTES: Final = (0, 1, 0x7F, 0x80, 0xFF)

SEEDS: Final[Mapping[str, Callable[[], bytes]]] = {
    **FILES,
    **{f"kind {name}": build for name, build in KINDS.items()},
    "plain HEIC": heif_file,
    "plain AVIF": lambda: encoded("AVIF"),
    "plain JPEG": jpeg_file,
    "animated WebP": lambda: _animated("WEBP"),
    "animated PNG": lambda: _animated("PNG"),
    "pages of TIFF": lambda: _animated("TIFF"),
    "deflated TIFF": lambda: encoded("TIFF", compression="tiff_adobe_deflate"),
    "lossless WebP": lambda: encoded("WEBP", lossless=True),
    "transparent WebP": lambda: encoded("WEBP", "RGBA"),
    "palette PNG": lambda: encoded("PNG", "P"),
}
"""The files to damage, by name."""


def _animated(kind: str) -> bytes:
    content = BytesIO()
    sample_image().save(content, kind, save_all=True, append_images=[sample_image().rotate(90)])
    return content.getvalue()


def damaged(data: bytes, chance: random.Random, other: bytes = b"") -> bytes:
    """Return the file with one to four random changes."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 2, 4, 16, 200))
        before, hit, after = data[:at], data[at : at + size], data[at + size :]
        new = {
            "cut off": before,
            "a byte": before + bytes([chance.choice(BYTES)]) * bool(hit) + data[at + 1 :],
            "a bit": before + bytes(b ^ 1 << chance.randrange(8) for b in hit[:1]) + data[at + 1 :],
            "zeros": before + bytes(len(hit)) + after,
            "a length": before + b"\xff" * len(hit[:4]) + data[at + 4 :],
            "a gap": before + after,
            "twice": before + hit + hit + after,
            "more": before + chance.randbytes(size) + data[at:],
            "another file": before + other[at:],
        }
        data = new[chance.choice(sorted(new))]
    return data


def mutants(first: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files: a name, from which the file can be reproduced, and the content."""
    names = sorted(SEEDS)
    whole = {name: SEEDS[name]() for name in names}
    for number in range(first, first + count):
        chance = random.Random(number)  # noqa: S311 - reproducible
        name = chance.choice(names)
        yield f"{name} #{number}", damaged(whole[name], chance, whole[chance.choice(names)])


@dataclass
class Counts:
    """The results of the calls: outcomes, the slowest call in processor time, and faults."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    faults: list[str] = field(default_factory=list)


def attack(name: str, data: bytes, folder: Path, counts: Counts) -> None:
    """Read, write and copy one damaged file; only PhotoFileError may be raised."""
    path = folder / "kuva.bin"
    path.write_bytes(data)
    calls: dict[str, Callable[[], object]] = {
        "read": lambda: read_photo(path),
        "metadata": lambda: read_metadata(data, "kuva"),
        "describe": lambda: describe_metadata(path),
        "hash": lambda: picture_hash(divided(data, "")),
        "write": lambda: _written(data),
        "copy": lambda: _copied(data, CopyOptions()),
        "small copy": lambda: _copied(data, CopyOptions(40)),
    }
    for call, act in calls.items():
        began = time.process_time()
        try:
            act()
            counts.outcomes[f"{call}: done"] += 1
        except PhotoFileError as error:
            counts.outcomes[f"{call}: refused"] += 1
            if not error.hint or "{" in str(error):
                counts.faults.append(f"{name} {call}: no hint, or no value: {error}")
        except Exception as error:  # noqa: BLE001 - the faults to be found
            counts.faults.append(f"{name} {call}: {error!r}")
        counts.slowest = max(counts.slowest, (time.process_time() - began, f"{name} {call}"))


def _written(data: bytes) -> None:
    """Plan and verify writing rights, except for HEIC and AVIF, which exiftool writes."""
    if detect_format(data, "") in {"HEIC", "AVIF"}:
        return
    plan = plan_rights(data, RIGHTS, "kuva")
    verify_rewritten(divided(data, "kuva"), plan.content, RIGHTS)


def _copied(data: bytes, options: CopyOptions) -> None:
    copy = make_publishable(data, RIGHTS, options, "kuva")
    assert is_valid_copy(copy.content, copy, "kuva")


def main() -> int:
    """Run for the given time and print the results; return 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    until, first, total = time.monotonic() + given.seconds, given.first, Counts()
    while time.monotonic() < until:
        _in_a_child(first, total)
        first += AT_A_TIME
    print(f"{first - given.first} damaged files")  # noqa: T201
    for outcome, count in sorted(total.outcomes.items()):
        print(f"  {outcome}: {count}")  # noqa: T201
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"slowest: {total.slowest[0]:.2f} s ({total.slowest[1]}); most memory: {memory} MB")  # noqa: T201
    for fault in total.faults:
        print(f"FAULT {fault}")  # noqa: T201
    return 1 if total.faults else 0


def _in_a_child(first: int, total: Counts) -> None:
    """Fuzz a batch of files in a child process; its crash counts as a fault."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders print warnings there
        counts = Counts()
        with TemporaryDirectory() as folder, os.fdopen(writing, "w") as report:
            for name, data in mutants(first, AT_A_TIME):
                report.write(f"# {name}\n")
                report.flush()
                attack(name, data, Path(folder), counts)
            report.write(f"{counts!r}\n")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as report:
        lines = report.read().splitlines()
    _, status = os.waitpid(child, 0)
    if status:
        total.faults.append(f"{lines[-1]}: the process ended with {status}")
        return
    counts = eval(lines[-1])  # noqa: S307 - our own child wrote it
    total.outcomes += counts.outcomes
    total.slowest = max(total.slowest, counts.slowest)
    total.faults += counts.faults


if __name__ == "__main__":
    sys.exit(main())
