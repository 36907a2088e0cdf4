"""The day on which a file says that its photo was taken; a scan tells only when it was scanned."""

import re
from datetime import date, datetime
from typing import Final

from photoreg.imaging.metadata import exif
from photoreg.imaging.metadata.exif import Exif
from photoreg.imaging.metadata.reading import Metadata

_DATE: Final = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_FILE_SOURCE_SCANNERS: Final = frozenset({1, 2})  # of film, of reflection prints (Exif FileSource)
_DIGITISED: Final = frozenset({"negativefilm", "positivefilm", "print"})  # IPTC NewsCodes
_SCANNER: Final = re.compile(
    r"scan|perfection|expression \d+xl|\bgt-|flextight|opticfilm|opticbook|noritsu|frontier|pakon",
    re.IGNORECASE,
)


def taken_at(found: Exif) -> datetime | None:
    """Return when the photo was taken, or None for values such as `0000:00:00 00:00:00`."""
    original = _time(found.camera, exif.DATE_TIME_ORIGINAL)
    return original or _time(found.main, exif.DATE_TIME)


def taken_on(metadata: Metadata) -> date | None:
    """Return the day on which a camera took the photo according to the file; None for a scan.

    The time of the last change counts only in a file that names a camera: programs write it too.
    """
    found = metadata.exif
    if is_scan(metadata):
        return None
    original = _time(found.camera, exif.DATE_TIME_ORIGINAL)
    time = original or (_time(found.main, exif.DATE_TIME) if camera(found) else None)
    return time.date() if time else None


def is_scan(metadata: Metadata) -> bool:
    """Return whether the file says that a print or a film was scanned."""
    source = metadata.exif.camera.get(exif.FILE_SOURCE)
    kind = re.split(r"[/#:]", metadata.text("source_type").strip())[-1].casefold()
    return (
        (source is not None and not _FILE_SOURCE_SCANNERS.isdisjoint(source.raw[:4]))
        or kind in _DIGITISED
        or _SCANNER.search(camera(metadata.exif)) is not None
    )


def camera(found: Exif) -> str:
    """Return maker and model, or the model alone if it begins with the maker's name."""
    make = exif.text_value(found.main, exif.MAKE)
    model = exif.text_value(found.main, exif.MODEL)
    brand = make.split(" ")[0].lower()  # "NIKON CORPORATION" makes the "NIKON D90"
    return model if model.lower().startswith(brand) and model else f"{make} {model}".strip()


def _time(directory: exif.Directory, tag: int) -> datetime | None:
    match = _DATE.match(exif.text_value(directory, tag))
    if match is None:
        return None
    try:
        # Cameras record no time zone, and none is assumed.
        return datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*match.groups()))
    except ValueError:
        return None
