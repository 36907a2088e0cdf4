"""The operations of the API as data: the description follows from them, and so do the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Response

from photoreg.registry.tables.people import ApiScope
from photoreg.services.application import Application
from photoreg.web.api import schemas
from photoreg.web.api.schemas import Schema

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the path, the query or a header of a request."""

    name: str
    place: str
    schema: Schema
    about: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at one address by one method.

    `scope` is what a key must be made for; without one no key is needed. `body` names the schemas
    of which what is sent must fit one, or is empty. `answers` are the schemas by status.
    """

    name: str
    method: str
    path: str
    summary: str
    scope: ApiScope | None
    answers: Mapping[int, str]
    parameters: tuple[Parameter, ...] = ()
    body: tuple[str, ...] = ()
    takes_picture: bool = False
    problems: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What was asked: the application of the key, the parameters and the body, all as they fit."""

    application: Application | None
    values: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def key(self) -> Application:
        """The application of the key."""
        assert self.application is not None  # noqa: S101 - the operation has a scope
        return self.application


View = Callable[[ApiRequest], Response]

CHANNEL = Parameter("channel", "query", schemas.CHANNEL, "The channel, by its name.")
PHOTO = Parameter("photo", "path", schemas.PHOTO, "The photo, by its id.")
PURPOSE = Parameter(
    "purpose", "query", schemas.PURPOSE, "What it is published for.", required=False
)
MODE = Parameter("mode", "query", schemas.MODE, "How it is published.", required=False)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "verdict",
        "GET",
        "/photos/{photo}/verdict",
        "May this photo be published there now?",
        ApiScope.CHECK,
        {200: "Verdict"},
        (PHOTO, CHANNEL, PURPOSE, MODE),
        problems=(404, 422),
    ),
    Operation(
        "verdicts",
        "POST",
        "/verdicts",
        "May these photos be published there now? By their ids, or by the SHA-256 of their files.",
        ApiScope.CHECK,
        {200: "Verdicts"},
        body=("VerdictsAsked", "FilesAsked"),
        problems=(404, 422),
    ),
    Operation(
        "match",
        "POST",
        "/match",
        "Which photo is this picture, and may it be published there now? Also when it was made "
        "smaller, compressed again or lost its metadata.",
        ApiScope.MATCH,
        {200: "Matches"},
        (CHANNEL,),
        takes_picture=True,
        problems=(404, 422),
    ),
    Operation(
        "copy",
        "GET",
        "/photos/{photo}/copy",
        "The clean copy of a photo, if it may be published there now.",
        ApiScope.COPY,
        {200: "image"},
        (PHOTO, CHANNEL, PURPOSE, MODE),
        problems=(404, 409, 422),
    ),
    Operation(
        "publish",
        "POST",
        "/publications",
        "Record that photos were published together, if each may be published now and has the "
        "facts that were checked. The same request records one publication, however often it "
        "arrives.",
        ApiScope.PUBLISH,
        {201: "Publication", 200: "Publication"},
        (
            Parameter(
                "Idempotency-Key",
                "header",
                {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                "A name for the request that no other has.",
            ),
        ),
        ("PublicationAsked",),
        problems=(404, 409, 422),
    ),
    Operation(
        "take_downs",
        "GET",
        "/take-downs",
        "The photos that must be taken away from the channels of the key.",
        ApiScope.TAKE_DOWN,
        {200: "TakeDowns"},
        (
            Parameter(
                "since",
                "query",
                schemas.TASK,
                "Only the tasks after this one: the last that was answered.",
                required=False,
            ),
        ),
        problems=(422,),
    ),
    Operation(
        "removal",
        "POST",
        "/publications/{publication}/removal",
        "Record that photos were taken away from a publication: those that are named, or all.",
        ApiScope.TAKE_DOWN,
        {200: "Removal"},
        (Parameter("publication", "path", schemas.PUBLICATION, "The publication, by its id."),),
        ("RemovalAsked",),
        problems=(404, 409, 422),
    ),
    Operation("health", "GET", "/health", "Does the API answer?", None, {200: "Health"}),
    Operation(
        "description",
        "GET",
        "/openapi.json",
        "This description.",
        None,
        {200: "object"},
    ),
)
"""Every operation; `v1.VIEWS` answers them."""
