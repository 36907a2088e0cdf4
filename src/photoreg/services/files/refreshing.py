"""Looking again at the files of photos, before what is known of them counts."""

from collections.abc import Iterable
from pathlib import Path

from photoreg.registry.ids import id_of
from photoreg.registry.lookup import the_photos
from photoreg.registry.tables.consents import NO
from photoreg.registry.tables.photos import Photo
from photoreg.services.consents.consent_events import Spoken
from photoreg.services.unit_of_work import RECORDERS, Workplace


def look_again(workplace: Workplace, photos: Iterable[str]) -> list[int]:
    """Read again the files of these photos that have changed; note rights that are gone from them.

    Size and time tell which have changed. What was registered without looking at it is looked at
    now: it may be a copy of a photo that is stopped. Return the photos whose files hold the same
    picture with other metadata: registering them again makes them the registered files. Anything
    else is left alone, for nothing is exported from it. Who may not change records changes nothing.
    """
    with workplace.reading() as desk:
        if desk.actor.role not in RECORDERS:
            return []
        named = the_photos(desk.session, list(photos))
        stale = {photo.path: id_of(photo) for photo in named if _is_due(photo)}
    if not stale:
        return []
    # It declares many tables, and there is seldom anything to read.
    from photoreg.services.files.fingerprinting import read_again

    return read_again(workplace, stale)


def _is_due(photo: Photo) -> bool:
    """Has the file changed, or did nobody look at the picture yet?"""
    try:
        now = Path(photo.path).stat()
    except OSError:
        return False
    return photo.picture_sha256 is None or (now.st_size, now.st_mtime_ns) != (
        photo.size,
        photo.mtime_ns,
    )


def look_at_refused(workplace: Workplace, photos: Iterable[str | None], spoken: Spoken) -> None:
    """Look at single photos that are said no to: their copies are found by how they look."""
    if spoken.kind in NO:
        look_again(workplace, filter(None, photos))
