"""What protects every request, whatever the page: foreign hosts and sites, forged forms, headers.

One place for all pages, so that a new one cannot forget it. How people sign in is in `signing_in`.
"""

import hmac
from hashlib import sha256

import flask
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from photoreg.registry.access.secrets import new_secret
from photoreg.web.serving import this_site

HEADERS = {
    # Nothing runs or loads but what the desk itself serves as a file (W3C CSP level 3).
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
NONCE_COOKIE = "photoreg-form"


class ForgedRequest(Exception):  # noqa: N818 - named for its meaning
    """A request that comes from another site, or from no page of the desk."""


def refuse_foreign_hosts() -> None:
    """Raise SecurityError for a host that is not the desk's, before anything is looked up.

    A foreign page whose name was made to lead to this computer reads nothing then (DNS rebinding).
    """
    if isinstance(flask.request.routing_exception, SecurityError):
        raise flask.request.routing_exception


def refuse_foreign_sites() -> None:
    """Raise ForgedRequest for a change that another site asks for (Fetch Metadata, W3C).

    Browsers that tell no site at all are held by the token in each form.
    """
    if flask.request.method in SAFE_METHODS:
        return
    site = flask.request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = flask.request.headers.get("Origin", "null")
    if site != "same-origin" or origin not in {"null", flask.request.host_url.rstrip("/")}:
        raise ForgedRequest


def require_form_token(secret: str) -> None:
    """Raise ForgedRequest unless a changing request shows the token of this session."""
    if flask.request.method in SAFE_METHODS:
        return
    shown = flask.request.headers.get("X-Form-Token") or flask.request.form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(shown.encode(), form_token(secret).encode()):
        raise ForgedRequest


def form_token(secret: str) -> str:
    """Return the token that forms of this session carry: known to whoever has its cookie only."""
    return hmac.new(secret.encode(), b"form", sha256).hexdigest()


def nonce() -> str:
    """Return the random value that ties a form to this browser before anybody is signed in."""
    if "nonce" not in flask.g:
        flask.g.nonce = cookie(NONCE_COOKIE) or new_secret()
    found: str = flask.g.nonce
    return found


def set_headers(response: flask.Response) -> flask.Response:
    """Add the protecting headers; nothing but the desk's own assets is kept by a browser."""
    response.headers.update(HEADERS)
    if flask.request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if this_site().is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if "nonce" in flask.g:
        set_cookie(response, NONCE_COOKIE, flask.g.nonce)
    return response


def set_cookie(response: Response, name: str, value: str) -> None:
    """Set a cookie that no script reads, no other site sends, and that ends with the browser."""
    response.set_cookie(
        cookie_name(name), value, httponly=True, samesite="Strict", secure=this_site().is_secure
    )


def delete_cookie(response: Response, name: str) -> None:
    """Delete a cookie that `set_cookie` has set."""
    response.delete_cookie(
        cookie_name(name), httponly=True, samesite="Strict", secure=this_site().is_secure
    )


def cookie(name: str) -> str:
    """Return the value of one of our cookies, or an empty text."""
    return flask.request.cookies.get(cookie_name(name), "")


def cookie_name(name: str) -> str:
    """Return a cookie's name; by TLS one that no other host can have set (RFC 6265bis)."""
    return f"__Host-{name}" if this_site().is_secure else name
