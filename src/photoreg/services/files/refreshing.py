"""Read changed files of photos again, before the recorded data about them are relied on."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_photos
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import REFUSING_KINDS, ConsentKind
from photoreg.services.application import Application
from photoreg.services.unit_of_work import PUBLISHERS


def refresh_files(
    application: Application, photos: Iterable[str], file: Path | None = None
) -> list[int]:
    """Read the files of these photos again if they have changed or were never looked at.

    Changes are detected by size and modification time; removed rights metadata are recorded, and
    pictures that were not decoded are fingerprinted, since they may be near-duplicates of a stopped
    photo. A changed file that cannot be read, or holds another picture, leaves the photo unread.
    Return the photos whose files hold the same picture with other metadata; registering these files
    again updates the records. A file that is missing changes nothing. `file` is the current
    location of the original of a single photo. Does nothing for actors who may not change records.
    """
    with application.reading() as work:
        if work.actor.role not in PUBLISHERS:
            return []
        stale: dict[str, list[int]] = defaultdict(list)
        for photo in find_photos(work.session, list(photos)):
            path = photo.path if file is None else str(file.absolute())
            if _needs_reading(photo, path):
                stale[path].append(id_of(photo))
    if not stale:
        return []
    # Slow to import, and there is seldom anything to read.
    from photoreg.services.files.fingerprinting import reread_files  # noqa: PLC0415

    return reread_files(application, stale)


def _needs_reading(photo: Photo, path: str) -> bool:
    """Return whether the file at the path is there and was not looked at as it is.

    An original elsewhere, which is compared by its hash, only if its picture was not looked at.
    """
    try:
        now = Path(path).stat()
    except OSError:
        return False
    is_unread = photo.picture_sha256 is None or photo.file_changed
    has_changed = (now.st_size, now.st_mtime_ns) != (photo.size, photo.mtime_ns)
    return is_unread or (path == photo.path and has_changed)


def refresh_refused(
    application: Application, photos: Iterable[str | None], kind: ConsentKind
) -> None:
    """Refresh photos that are being refused, so that near-duplicates are found by likeness."""
    if kind in REFUSING_KINDS:
        refresh_files(application, filter(None, photos))
