"""Files of photos that were sent to the desk: kept by content hash in a private folder.

The name under which a file was sent is never a path; only its suffix is kept, so that the file
opens in the right program.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.named_files import open_regular
from photoreg.registry.evidence import has_content
from photoreg.registry.tables.photos import Photo
from photoreg.unfinished import make_private, publish_file, sync_folder, unfinished_file

_KEPT = re.compile(r"[/\\]([0-9a-f]{2})[/\\]\1[0-9a-f]{62}(\.[a-z]{3,4})?")
_SUFFIX = re.compile(r"\.[a-z]{3,4}")
_SHORTEST = 68
"""How long the path of such a file is at least: a folder of two letters, and a hash."""


class KeptFile(NamedTuple):
    """The file of a photo that was sent to the desk."""

    photo_id: int
    path: Path
    sha256: str


def keep_photo_file(source: Path, sha256: str, folder: Path, name: str) -> tuple[Path, bool]:
    """Copy a file into the folder unless it is there; return its place, and whether it is new.

    `name` is that under which it was sent. The copy is whole, and on the disk, once it has a name.
    """
    suffix = Path(name).suffix.lower()
    target = folder / sha256[:2] / (sha256 + (suffix if _SUFFIX.fullmatch(suffix) else ""))
    if has_content(target, sha256):
        return target, False
    make_private(target.parent)
    with unfinished_file(target.parent) as (unfinished, copy):
        with open_regular(source) as file:
            shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
        publish_file(unfinished, copy, target)
    sync_folder(target.parent)
    return target, True


def is_kept_by_content(path: Path | str) -> bool:
    """Return whether the path is that of a file that was sent to the desk."""
    found = _KEPT.search(str(path))
    return found is not None and found.end() == len(str(path))


def kept_files(session: Session) -> Iterator[KeptFile]:
    """Yield the recorded files that were sent to the desk."""
    columns = (Photo.id, Photo.path, Photo.sha256)
    statement = sa.select(*map(col, columns)).where(sa.func.length(Photo.path) >= _SHORTEST)
    ordered = statement.order_by(col(Photo.id)).execution_options(yield_per=1000)
    for number, path, sha256 in session.execute(ordered):
        if is_kept_by_content(path):
            yield KeptFile(number, Path(path), sha256)


def remove_unrecorded_files(session: Session, files: Iterable[Path]) -> None:
    """Remove those of these files on which no photo rests."""
    paths = {str(file) for file in files}
    recorded = session.exec(select(Photo.path).where(col(Photo.path).in_(paths)))
    for path in paths - {*recorded}:
        Path(path).unlink(missing_ok=True)
