"""The registry that was used last: its place only, for whoever runs photoreg in a wrong folder."""

import os

from photoreg.cli.settings import user_folder

_FILE_NAME = "last-registry"
_MAX_LENGTH = 4096


def remember_registry(location: str) -> None:
    """Note that a registry was opened; whether that succeeds matters to nobody."""
    path = _state_file()
    place = location if "://" in location else os.path.abspath(location)
    if not path or _noted(path) == place:
        return
    from contextlib import suppress
    from pathlib import Path

    from photoreg.unfinished import make_private, unfinished_file

    with suppress(OSError, UnicodeError):
        make_private(Path(path).parent)
        with unfinished_file(Path(path).parent) as (part, file):
            file.write(place.encode("utf-8"))
            file.close()
            part.replace(path)


def last_registry() -> str | None:
    """Return where the registry was that was opened last, if it is still there."""
    path = _state_file()
    place = _noted(path) if path else ""
    is_there = "://" in place or os.path.isfile(place)
    return place if place and is_there else None


def _state_file() -> str:
    folder = os.environ.get("PHOTOREG_STATE") or user_folder(
        "XDG_STATE_HOME", ".local/state", "LOCALAPPDATA"
    )
    return os.path.join(folder, _FILE_NAME) if folder else ""


def _noted(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            place = file.read(_MAX_LENGTH).strip()
    except (OSError, ValueError):
        return ""
    return place if place.isprintable() else ""
