"""What came of the last action, told on the next page: in a cookie that is read once.

No server keeps it, so any process can show the page. It holds no name: what users typed is shown by
the pages themselves.
"""

import json

import flask

from photoreg.web.security import cookie, cookie_name, set_cookie

COOKIE = "photoreg-told"
MOST, LONGEST = 12, 300


def tell(message: str) -> None:
    """Tell something on the next page."""
    flask.g.setdefault("told", []).append(message[:LONGEST])


def told() -> list[str]:
    """Return what the page before has to tell, once."""
    flask.g.told_now = True
    try:
        found = json.loads(cookie(COOKIE) or "[]")
    except ValueError:
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def keep_told(response: flask.Response) -> flask.Response:
    """Put what is to be told into the answer, or take away what was shown."""
    waiting = flask.g.get("told")
    if waiting:
        set_cookie(response, COOKIE, json.dumps(waiting[:MOST]))
    elif flask.g.get("told_now") and cookie(COOKIE):
        response.delete_cookie(cookie_name(COOKIE))
    return response
