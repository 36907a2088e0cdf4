"""Files of photos that were sent to the desk: kept by content hash in a private folder.

The name under which a file was sent is never a path; only its suffix is kept, so that the file
opens in the right program.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from time import time
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.named_files import open_regular
from photoreg.registry.evidence import has_content
from photoreg.registry.tables.photos import Photo
from photoreg.unfinished import make_private, publish_file, sync_folder, unfinished_file

_KEPT = re.compile(r"[/\\](([0-9a-f]{2})[/\\]\2[0-9a-f]{62}(-\d+)?(\.[a-z]{3,4})?)\Z")
_SUFFIX = re.compile(r"\.[a-z]{3,4}")
_JUST_NOW_S = 600
_SHORTEST = 68
"""How long the path of such a file is at least: a folder of two letters, and a hash."""


class KeptFile(NamedTuple):
    """The file of a photo that was sent to the desk, as recorded.

    The hash is no longer that of its name once rights were written into the file.
    """

    photo_id: int
    path: Path
    sha256: str
    mtime_ns: int | None

    @property
    def place(self) -> Path:
        """The place of the file in its folder."""
        return Path(*_KEPT.search(str(self.path))[1].replace("\\", "/").split("/"))  # type: ignore[index]

    @property
    def is_whole(self) -> bool:
        """Whether the file is there, with the content as recorded."""
        return has_content(self.path, self.sha256)


def keep_photo_file(
    session: Session, source: Path, sha256: str, folder: Path, name: str
) -> tuple[Path, bool]:
    """Copy a file into the folder unless it is there; return its place, and whether it is new.

    `name` is that under which it was sent. The copy is whole, and on the disk, once it has a name.
    It replaces a damaged one, but not the file of a photo into which rights were written since.
    """
    target = _place(session, sha256, folder, Path(name).suffix.lower())
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


def _place(session: Session, sha256: str, folder: Path, suffix: str) -> Path:
    """Return the first name for this content at which no photo of other content rests."""
    for number in count():
        name = f"{sha256}-{number}" if number else sha256
        path = folder / sha256[:2] / (name + (suffix if _SUFFIX.fullmatch(suffix) else ""))
        recorded = session.exec(select(Photo.sha256).where(Photo.path == str(path))).all()
        if not {*recorded} - {sha256}:
            return path
    raise AssertionError


def is_kept_by_content(path: Path | str) -> bool:
    """Return whether the path is that of a file that was sent to the desk."""
    return _KEPT.search(str(path)) is not None


def kept_files(session: Session) -> Iterator[KeptFile]:
    """Yield the recorded files that were sent to the desk."""
    columns: tuple[Any, ...] = (Photo.id, Photo.path, Photo.sha256, Photo.mtime_ns)
    statement = sa.select(*columns).where(sa.func.length(Photo.path) >= _SHORTEST)
    ordered = statement.order_by(col(Photo.id)).execution_options(yield_per=1000)
    for number, path, sha256, mtime in session.execute(ordered):
        if is_kept_by_content(path):
            yield KeptFile(number, Path(path), sha256, mtime)


def unrecorded_files(session: Session, folder: Path) -> list[Path]:
    """Return the files on which no photo rests: in the folder, and in those of recorded ones.

    Not those that came just now: they may be being recorded.
    """
    recorded = {kept.path for kept in kept_files(session)}
    folders = {folder, *(path.parents[1] for path in recorded)}
    found = {file for each in folders for file in each.glob("*/*") if is_kept_by_content(file)}
    return sorted(file for file in found - recorded if file.stat().st_mtime < time() - _JUST_NOW_S)


def remove_unrecorded_files(session: Session, files: Iterable[Path]) -> None:
    """Remove those of these files on which no photo rests."""
    paths = {str(file) for file in files}
    recorded = session.exec(select(Photo.path).where(col(Photo.path).in_(paths)))
    for path in paths - {*recorded}:
        Path(path).unlink(missing_ok=True)
