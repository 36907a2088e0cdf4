"""The program that `metadata.py` measures; it imports no more than it needs.

python -m benchmarks.metadata_work read|write|copy FILE...
"""

import sys
from pathlib import Path

from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.fields import Mining, Release
from photoreg.imaging.metadata.file_parts import read_metadata
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.writing.copies import prepare_copy, write_copy
from photoreg.imaging.writing.rewriting import write_rights

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


def _read(path: Path) -> None:
    read_metadata(read_bytes(path), path.name)


def _write(path: Path) -> None:
    write_rights(path, RIGHTS, expected_sha256=file_hash(path.read_bytes()))


def _copy(path: Path) -> None:
    copy = prepare_copy(path, RIGHTS, expected_sha256=file_hash(path.read_bytes()))
    write_copy(copy, path, path.with_name(f"copy-{path.stem}{copy.extension}"))


if __name__ == "__main__":
    each = {"read": _read, "write": _write, "copy": _copy}[sys.argv[1]]
    for name in sys.argv[2:]:
        each(Path(name))
