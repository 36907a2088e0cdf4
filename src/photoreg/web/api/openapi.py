"""The description of the API (OpenAPI 3.1), made from its operations and schemas.

`tools/generate.py` writes it into `schema/`. Its examples are records of the sample registry
(`photoreg serve --demo`).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from werkzeug.http import HTTP_STATUS_CODES

from photoreg.web.api.operations import JSON, OPERATIONS, Operation, Parameter
from photoreg.web.api.problems import PROBLEM
from photoreg.web.api.schemas import PICTURE, SCHEMAS

_DIGEST = "0f" * 32

EXAMPLES: Mapping[str, Any] = {
    "photo": "P-1",
    "channel": "kunta",
    "purpose": "information",
    "mode": "upload",
    "since": "T-1",
    "publication": "J-1",
    "Idempotency-Key": "post-2027-01-31-1",
    "VerdictsAsked": {"channel": "kunta", "photos": ["P-1", "P-2"]},
    "FilesAsked": {"channel": "kunta", "sha256": [_DIGEST]},
    "PublicationAsked": {
        "channel": "kunta",
        "address": "https://www.example.fi/uutiset/1",
        "photos": [{"photo": "P-1", "facts_digest": _DIGEST}],
    },
    "RemovalAsked": {"proof": "The article was removed by its editor."},
}
"""An example of each parameter and of each body, by its name."""

_ABOUT = (
    "Other systems, such as a website, ask here whether a photo may be published, take the clean "
    "copy, record where it was published, and learn what must be taken away. Anything but 200 with "
    "`publishable: true` means: do not publish. A refusal is an answer, not an error. No answer "
    "names a person. Problems are told as RFC 9457 says, in English or Finnish (Accept-Language)."
)

_OF_KEYS = (400, 401, 403, 405, 413, 415, 429, 500, 503)
"""The problems of every operation for which a key is needed."""


@cache
def description() -> dict[str, Any]:
    """Return the description."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "photoreg", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that the communications coordinator makes: "
                    "`photoreg api-key add`.",
                }
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{"key": []}] if operation.scope else [],
        "parameters": list(map(_parameter, operation.parameters)),
        "responses": _responses(operation),
    }
    if operation.scope:
        told["description"] = f"The key needs the scope `{operation.scope}`."
    if operation.takes_picture:
        told["requestBody"] = {"required": True, "content": {"image/*": {"schema": PICTURE}}}
    elif operation.body:
        told["requestBody"] = {"required": True, "content": {JSON: _body(operation.body)}}
    return told


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.about,
        "schema": parameter.schema,
        "example": EXAMPLES[parameter.name],
    }


def _body(names: tuple[str, ...]) -> dict[str, Any]:
    schemas = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return {
        "schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas},
        "examples": {name: {"value": EXAMPLES[name]} for name in names},
    }


def _responses(operation: Operation) -> dict[str, Any]:
    answers = {
        str(status): {
            "description": HTTP_STATUS_CODES[status],
            "content": _content(schema),
        }
        for status, schema in operation.answers.items()
    }
    problems = {*operation.problems, *(_OF_KEYS if operation.scope else (405, 422, 500))}
    return answers | {
        str(status): {
            "description": HTTP_STATUS_CODES[status],
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted(problems)
    }


def _content(schema: str) -> dict[str, Any]:
    if schema == "image":
        return {"image/*": {"schema": PICTURE}}
    if schema == "object":
        return {JSON: {"schema": {"type": "object"}}}
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
