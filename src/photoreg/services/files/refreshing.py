"""Looking again at the files of photos, before what is known of them counts."""

from collections.abc import Iterable
from pathlib import Path

from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_photos
from photoreg.registry.tables.consents import REFUSING_KINDS, ConsentKind
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.unit_of_work import RECORDERS


def refresh_files(application: Application, photos: Iterable[str]) -> list[int]:
    """Read again the files of these photos that have changed; note rights that are gone from them.

    Size and time tell which have changed. What was registered without looking at it is looked at
    now: it may be a copy of a photo that is stopped. Return the photos whose files hold the same
    picture with other metadata: registering them again makes them the registered files. Anything
    else is left alone, for nothing is exported from it. Who may not change records changes nothing.
    """
    with application.reading() as work:
        if work.actor.role not in RECORDERS:
            return []
        named = find_photos(work.session, list(photos))
        stale = {photo.path: id_of(photo) for photo in named if _needs_reading(photo)}
    if not stale:
        return []
    # It declares many tables, and there is seldom anything to read.
    from photoreg.services.files.fingerprinting import reread_files  # noqa: PLC0415

    return reread_files(application, stale)


def _needs_reading(photo: Photo) -> bool:
    """Has the file changed, or did nobody look at the picture yet?"""
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
    """Read photos that are refused and were never looked at: copies are found by likeness."""
    if kind in REFUSING_KINDS:
        refresh_files(application, filter(None, photos))
