"""What came of the last action, told on the next page: in a cookie that is read once.

No server keeps it, so any process can show the page. It holds no name: what users typed is shown by
the pages themselves.
"""

import json
from dataclasses import dataclass

import flask

from photoreg.presentation.decisions import reacted_lines
from photoreg.web.security import cookie, delete_cookie, set_cookie

COOKIE = "photoreg-told"
MOST, LONGEST, MOST_BYTES = 12, 300, 3_000
"""How much is told; browsers keep no cookie above 4096 bytes (RFC 6265)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message; `entry` is that of the log with which begins what can be undone, or 0."""

    text: str
    entry: int = 0


def tell(message: str, entry: int = 0) -> None:
    """Tell something on the next page."""
    flask.g.setdefault("told", []).append([message[:LONGEST], entry])


def told() -> list[Told]:
    """Return what the page before has to tell, once."""
    flask.g.told_now = True
    try:
        return [Told(str(text), int(entry)) for text, entry in json.loads(cookie(COOKIE) or "[]")]
    except (ValueError, TypeError):
        return []


def keep_told(response: flask.Response) -> flask.Response:
    """Put what is to be told into the answer, or take away what was shown.

    What followed from the change is told with it (`Reacted`).
    """
    application = flask.g.get("application")
    if application is not None and application.reacted.has_results:
        for line in reacted_lines(application.reacted):
            tell(line)
    waiting = flask.g.get("told", [])[:MOST]
    while len(json.dumps(waiting)) > MOST_BYTES:
        waiting.pop()
    if waiting:
        set_cookie(response, COOKIE, json.dumps(waiting))
    elif flask.g.get("told_now") and cookie(COOKIE):
        delete_cookie(response, COOKIE)
    return response
