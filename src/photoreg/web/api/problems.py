"""Errors of the API, as problem details (RFC 9457), in the language that is asked for."""

from typing import Any

import flask
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from photoreg.errors import KeyLacksRight, NotAllowed, PhotoregError, RegistryError, SessionEnded
from photoreg.presentation.messages import error_texts
from photoreg.services.application import KeyRefused
from photoreg.services.publications.publishing import FactsChanged, RequestReused
from photoreg.texts import N_, language
from photoreg.web.statuses import status_of

PREFIX = "/api/"

PROBLEM = "application/problem+json"

CODES: tuple[tuple[type[PhotoregError], int, str], ...] = (
    (KeyRefused, 401, "key-refused"),
    (SessionEnded, 401, "key-refused"),
    (KeyLacksRight, 403, "key-lacks-right"),
    (FactsChanged, 409, "facts-changed"),
    (RequestReused, 422, "request-reused"),
    (NotAllowed, 409, "not-possible-now"),
)
"""The status and the code of errors that mean something else here than on a page.

INVARIANT: a key lacks a right by its scopes and channels only, so that any other `NotAllowed` comes
from the state of the registry.
"""

_STATUS_CODES = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    409: "not-possible-now",
    413: "too-large",
    415: "media-type",
    422: "invalid-value",
    429: "too-many-requests",
    503: "unavailable",
}

BAD_REQUEST = PhotoregError(N_("the request cannot be understood"), N_("See /api/v1/openapi.json."))
_TEXTS = {
    404: PhotoregError(N_("there is no such address in the API"), N_("See /api/v1/openapi.json.")),
    405: PhotoregError(
        N_("this address does not take this method"), N_("See /api/v1/openapi.json.")
    ),
    413: PhotoregError(N_("what was sent is too large"), N_("Send less at once.")),
    415: PhotoregError(
        N_("this address does not take what was sent"), N_("See /api/v1/openapi.json.")
    ),
}
_UNAVAILABLE = PhotoregError(
    N_("the registry cannot be used just now"), N_("Publish nothing, and try again later.")
)
_INTERNAL = PhotoregError(
    N_("an internal error occurred in photoreg"),
    N_("No change was left half done. Report it to photoreg support."),
)


class RequestRefused(PhotoregError):  # noqa: N818 - named for its meaning
    """A request that is answered with this status, whatever else it says."""

    def __init__(self, status: int, message: str, hint: str = "", **values: str) -> None:
        super().__init__(message, hint)
        self.status, self.values = status, dict(values)


def is_for_api() -> bool:
    """Return whether the running request is one for the API, also at an address there is not."""
    return flask.request.path.startswith(PREFIX)


def problem(error: PhotoregError, status: int, code: str, **more: Any) -> flask.Response:
    """Return an error as problem details; `code` is for programs, the texts are for people."""
    detail, hint = error_texts(error)
    content = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint,
        **more,
    }
    answer = flask.Response(flask.json.dumps(content), status, mimetype=PROBLEM)
    answer.headers["Content-Language"] = language()
    if status == 401:  # noqa: PLR2004 - Unauthorized
        answer.headers["WWW-Authenticate"] = 'Bearer realm="photoreg"'
    if status in {429, 503}:
        answer.headers["Retry-After"] = "10"
    return answer


def problem_of(error: Exception) -> flask.Response:
    """Return what to answer when a request fails; nothing of the registry's own values is told."""
    match error:
        case RequestRefused():
            return problem(error, error.status, _STATUS_CODES[error.status])
        case RegistryError() if not isinstance(error, SessionEnded):
            return problem(_UNAVAILABLE, 503, "unavailable")
        case PhotoregError():
            for kind, status, code in CODES:
                if isinstance(error, kind):
                    return problem(error, status, code)
            status = status_of(error)
            return problem(error, status, _STATUS_CODES.get(status, "internal-error"))
        case HTTPException():
            status = error.code or 500
            shown = problem(
                _TEXTS.get(status, BAD_REQUEST), status, _STATUS_CODES.get(status, "bad-request")
            )
            allowed = error.get_response().headers.get("Allow")
            if allowed:
                shown.headers["Allow"] = allowed
            return shown
        case _:
            return problem(_INTERNAL, 500, "internal-error")
