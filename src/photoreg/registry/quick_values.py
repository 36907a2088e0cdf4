"""What completion offers from a registry: names of channels, events and units, and ids.

It reads a file as it is, in milliseconds, and leaves no trace: nothing is created or logged. Names
of people are not among what it reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

MAX_VALUES = 50
"""How many values are offered at once."""

_NAMES = {
    "channel": "SELECT name FROM channel WHERE active ORDER BY name",
    "event": "SELECT name FROM event ORDER BY starts_on DESC, id DESC",
    "unit": "SELECT unit FROM event UNION SELECT unit FROM staff ORDER BY 1",
}
_IDS = {
    "photo": ("P-", "photo"),
    "event": ("E-", "event"),
    "consent": ("C-", "consent"),
    "permission": ("L-", "permission"),
    "case": ("K-", "unclear_case"),
    "flag": ("F-", "photo_flag"),
    "publication": ("J-", "publication"),
}
KINDS = frozenset({*_NAMES, *_IDS})
"""The kinds of values that can be offered."""


def quick_values(location: str, login: str, kind: str, beginning: str) -> list[str]:
    """Return values of a kind that begin so, for an active user of a registry in a file.

    Nothing for anybody else, and nothing when the file cannot be read at once.
    """
    place = Path(location).absolute()
    mode = _mode(place)
    if mode is None or kind not in KINDS:
        return []
    try:
        address = f"{place.as_uri()}?{mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=0.1)) as connection:
            return list(_values(connection, login, kind, beginning))
    except sqlite3.Error:
        return []


def _mode(place: Path) -> str | None:
    """Return how to open a database without creating a file beside it; None if it cannot be."""
    log, index = (place.with_name(place.name + suffix) for suffix in ("-wal", "-shm"))
    if not place.is_file():
        return None
    if not log.exists():
        return "mode=ro&immutable=1"
    return "mode=ro" if index.exists() else None


def _values(connection: sqlite3.Connection, login: str, kind: str, beginning: str) -> Iterator[str]:
    is_user = "SELECT 1 FROM staff WHERE lower(login) = lower(?) AND active"
    if connection.execute(is_user, (login,)).fetchone() is None:
        return
    if kind in _NAMES and not _is_id(kind, beginning):
        typed = beginning.casefold()
        names = (name for (name,) in connection.execute(_NAMES[kind]) if name)
        begun = (name for name in names if name.casefold().startswith(typed))
        yield from (name for name, _number in zip(begun, range(MAX_VALUES), strict=False))
    elif kind in _IDS:
        prefix, table = _IDS[kind]
        pattern = f"{beginning[len(prefix) :]}%"
        if prefix.startswith(beginning[: len(prefix)].upper()):
            query = f"SELECT id FROM {table} WHERE id LIKE ? ORDER BY id DESC LIMIT {MAX_VALUES}"  # noqa: S608 - no input
            yield from (f"{prefix}{number}" for (number,) in connection.execute(query, (pattern,)))


def _is_id(kind: str, beginning: str) -> bool:
    """Return whether an id is being typed, and not a name: with its dash."""
    return kind in _IDS and beginning.upper().startswith(_IDS[kind][0])
