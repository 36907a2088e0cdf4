"""Read changed files of photos again, before the recorded data about them are relied on."""

from collections.abc import Iterable
from pathlib import Path

from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_photos
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import REFUSING_KINDS, ConsentKind
from photoreg.services.application import Application
from photoreg.services.unit_of_work import RECORDERS


def refresh_files(application: Application, photos: Iterable[str]) -> list[int]:
    """Read the files of these photos again if they have changed; record removed rights metadata.

    Changes are detected by size and modification time. Photos that were registered without being
    decoded are fingerprinted, since they may be near-duplicates of a stopped photo. Return the
    photos whose files hold the same picture with other metadata; registering these files again
    updates the records. Files with another picture are ignored, as they are never exported. Does
    nothing for actors who may not change records.
    """
    with application.reading() as work:
        if work.actor.role not in RECORDERS:
            return []
        named = find_photos(work.session, list(photos))
        stale = {photo.path: id_of(photo) for photo in named if _needs_reading(photo)}
    if not stale:
        return []
    # Slow to import, and there is seldom anything to read.
    from photoreg.services.files.fingerprinting import reread_files  # noqa: PLC0415

    return reread_files(application, stale)


def _needs_reading(photo: Photo) -> bool:
    """Has the file changed, or was its picture never decoded?"""
    try:
        now = Path(photo.path).stat()
    except OSError:
        return False
    return photo.picture_sha256 is None or (now.st_size, now.st_mtime_ns) != (
        photo.size,
        photo.mtime_ns,
    )


def refresh_refused(
    application: Application, photos: Iterable[str | None], kind: ConsentKind
) -> None:
    """Refresh photos that are being refused, so that near-duplicates are found by likeness."""
    if kind in REFUSING_KINDS:
        refresh_files(application, filter(None, photos))
