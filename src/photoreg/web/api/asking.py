"""Read a request to the API: whose key it shows, and whether what is sent fits the description."""

import json
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any

import flask

from photoreg.errors import KeyLacksRight, NotAllowed, PhotoregError, SessionEnded
from photoreg.services.application import Application, KeyRefused
from photoreg.services.organisation.api_keys import parts_of
from photoreg.texts import N_
from photoreg.web.api.operations import JSON, ApiRequest, Operation, Parameter
from photoreg.web.api.problems import BAD_REQUEST, RequestRefused
from photoreg.web.api.schemas import SCHEMAS, MisfitError, Schema, require_fit
from photoreg.web.serving import this_desk

MOST_BYTES = 256 * 1024
"""How many bytes a request without a picture may have."""

MOST_PICTURE_BYTES = 64 * 1024 * 1024
"""How many bytes a picture may have that is looked up."""


class RateLimit:
    """How often each key may ask: at once, and then so many times a second.

    Each process of the desk counts for itself.
    """

    AT_ONCE, A_SECOND, MOST_KEYS = 200, 50, 10_000

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def takes(self, who: str) -> bool:
        """Return whether this may be asked now; it counts then."""
        now = monotonic()
        with self._lock:
            if len(self._left) >= self.MOST_KEYS:
                self._left.clear()
            left, since = self._left.get(who, (float(self.AT_ONCE), now))
            left = min(self.AT_ONCE, left + (now - since) * self.A_SECOND)
            self._left[who] = (max(left - 1, 0), now)
        return left >= 1


def asked_of(operation: Operation, limit: RateLimit, path: Mapping[str, str]) -> ApiRequest:
    """Return what is asked, once it is known by which key; a refusal is raised."""
    application = _by_key(operation, limit) if operation.scope else None
    values = _values(operation, path)
    return ApiRequest(application, values, _body(operation))


def _by_key(operation: Operation, limit: RateLimit) -> Application:
    """Return the application that acts by the key in the request, which works now."""
    scheme, _blank, shown = flask.request.headers.get("Authorization", "").partition(" ")
    name, secret = parts_of(shown.strip() if scheme.lower() == "bearer" else "")
    if not limit.takes(sha256(shown.encode()).hexdigest()):
        raise RequestRefused(
            429, N_("too many requests with this key"), N_("Try again in a few seconds.")
        )
    this_desk().registry.require_version()  # or it was upgraded while the desk is open
    command = f"api {operation.name}"
    application = this_desk().application(name, secret, command=command, scope=operation.scope)
    try:
        with application.reading() as work:
            if work.actor.key is not None:
                return application
    except KeyLacksRight:
        raise
    except (NotAllowed, SessionEnded):
        pass
    # INVARIANT: whatever is wrong with a key, the answer is the same.
    raise KeyRefused(
        N_("the API key is wrong, or it works no more"),
        N_("Ask the communications coordinator for a new one."),
    )


def _values(operation: Operation, path: Mapping[str, str]) -> dict[str, str]:
    request, values = flask.request, {}
    known = {each.name for each in operation.parameters if each.place == "query"}
    for name in request.args:
        if name not in known or len(request.args.getlist(name)) > 1:
            raise _misfit(MisfitError(f"query/{name}", ", ".join(sorted(known)) or "-"))
    for each in operation.parameters:
        value = _given(each, path)
        if value is None and each.required:
            raise _misfit(MisfitError(f"{each.place}/{each.name}", each.about))
        if value is not None:
            try:
                require_fit(each.schema, value, f"{each.place}/{each.name}")
            except MisfitError as error:
                raise _misfit(error) from error
            values[each.name] = value
    return values


def _given(parameter: Parameter, path: Mapping[str, str]) -> str | None:
    match parameter.place:
        case "path":
            return path[parameter.name]
        case "query":
            return flask.request.args.get(parameter.name)
        case _:
            return flask.request.headers.get(parameter.name)


def _body(operation: Operation) -> Mapping[str, Any]:
    flask.request.max_content_length = MOST_PICTURE_BYTES if operation.takes_picture else MOST_BYTES
    if not operation.body:
        return {}
    if flask.request.mimetype != JSON:
        flask.abort(415)
    try:
        content = json.loads(flask.request.get_data().decode())
    except (ValueError, RecursionError) as error:
        raise RequestRefused(400, BAD_REQUEST.message, BAD_REQUEST.hint) from error
    schema = _schema_meant(operation, content)
    try:
        require_fit(schema, content, "body")
    except MisfitError as error:
        raise _misfit(error) from error
    return dict(content)


def _schema_meant(operation: Operation, content: Any) -> Schema:
    """Return the schema that what was sent is meant to fit: that whose properties it has."""
    schemas = [SCHEMAS[name] for name in operation.body]
    names = set(content) if isinstance(content, dict) else set()
    return next((each for each in schemas if names >= {*each["required"]}), schemas[0])


def _misfit(error: MisfitError) -> PhotoregError:
    return RequestRefused(
        422,
        N_("{where} is missing or does not fit: {wanted}"),
        N_("See /api/v1/openapi.json."),
        where=error.where,
        wanted=error.wanted,
    )
