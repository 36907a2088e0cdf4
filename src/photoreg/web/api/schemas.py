"""The JSON Schemas of the API: its description contains them, and what is sent must fit them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from photoreg.registry.ids import Kind
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.rulebook.reasons import Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.photos.matching import MatchMethod, MatchVerdict

Schema = Mapping[str, Any]

MOST_PHOTOS = 100


def _id(kind: Kind) -> Schema:
    return {"type": "string", "pattern": f"^{kind}-[1-9][0-9]{{0,15}}$"}


def _text(most: int, **more: Any) -> Schema:
    # Nothing that a terminal or a table takes for more than text.
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": most,
        "pattern": r"^[^\x00-\x1f\x7f]*$",
    } | more


def _one_of(kind: Any, **more: Any) -> Schema:
    return {"type": "string", "enum": [each.value for each in kind]} | more


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items} | more


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


BOOLEAN: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "format": "date-time"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
PHOTO, PUBLICATION, TASK = _id(Kind.PHOTO), _id(Kind.PUBLICATION), _id(Kind.TAKE_DOWN)
CHANNEL = _text(64)
PURPOSE = _one_of(Purpose, default=Purpose.INFORMATION.value)
MODE = _one_of(Mode, default=Mode.UPLOAD.value)
USE = {"purpose": PURPOSE, "mode": MODE}
PICTURE: Schema = {"type": "string", "contentMediaType": "image/*", "format": "binary"}

_REASON = _object(
    {
        "code": TEXT,
        "severity": _one_of(Severity),
        "title": TEXT,
        "clauses": _list(TEXT),
        "law": TEXT,
        "remedy": TEXT,
    }
)
_VERDICT = {
    "photo": PHOTO,
    "channel": TEXT,
    "purpose": _one_of(Purpose),
    "mode": _one_of(Mode),
    "day": DAY,
    "publishable": BOOLEAN,
    "outcome": _one_of(Outcome),
    "reasons": _list({"$ref": "#/components/schemas/Reason"}),
    "notices": _list({"$ref": "#/components/schemas/Reason"}),
    "facts_digest": _or_null(SHA256),
}

SCHEMAS: dict[str, Schema] = {
    "Reason": _REASON,
    "Verdict": _object(_VERDICT),
    "VerdictsAsked": _object(
        {"channel": CHANNEL, "photos": _list(PHOTO, minItems=1, maxItems=MOST_PHOTOS)}, USE
    ),
    "FilesAsked": _object(
        {"channel": CHANNEL, "sha256": _list(SHA256, minItems=1, maxItems=MOST_PHOTOS)}, USE
    ),
    "Verdicts": _object(
        {
            "publishable": BOOLEAN,
            "verdicts": _list({"$ref": "#/components/schemas/Verdict"}),
            "unknown": _list(TEXT),
        }
    ),
    "Matches": _object(
        {
            "channel": TEXT,
            "publishable": BOOLEAN,
            "verdict": _one_of(MatchVerdict),
            "matches": _list(
                _object(
                    {
                        "photo": PHOTO,
                        "publishable": BOOLEAN,
                        "method": _one_of(MatchMethod),
                        "distance": _or_null(INTEGER),
                        "codes": _list(TEXT),
                    }
                )
            ),
        }
    ),
    "PublicationAsked": _object(
        {
            "channel": CHANNEL,
            "address": _text(2000),
            "photos": _list(
                _object({"photo": PHOTO, "facts_digest": SHA256}),
                minItems=1,
                maxItems=MOST_PHOTOS,
            ),
        },
        {"on": DAY, **USE},
    ),
    "Publication": _object(
        {
            "publication": _or_null(PUBLICATION),
            "publishable": BOOLEAN,
            "verdicts": _list({"$ref": "#/components/schemas/Verdict"}),
        }
    ),
    "TakeDowns": _object(
        {
            "take_downs": _list(
                _object(
                    {
                        "task": TASK,
                        "publication": PUBLICATION,
                        "photo": PHOTO,
                        "channel": TEXT,
                        "address": TEXT,
                        "due_at": TIME,
                        "overdue": BOOLEAN,
                    }
                )
            ),
            "more": BOOLEAN,
        }
    ),
    "RemovalAsked": _object(
        {"proof": _text(2000)},
        {"photos": _list(PHOTO, minItems=1, maxItems=MOST_PHOTOS), "on": DAY},
    ),
    "Removal": _object(
        {
            "publication": PUBLICATION,
            "removed": _list(_object({"task": TASK, "photo": PHOTO})),
            "left": INTEGER,
        }
    ),
    "Health": _object({"status": {"type": "string", "const": "ok"}}),
    "Problem": _object(
        {
            "type": TEXT,
            "title": TEXT,
            "status": INTEGER,
            "code": TEXT,
            "detail": TEXT,
            "hint": TEXT,
        },
        {
            "where": TEXT,
            "verdict": {"$ref": "#/components/schemas/Verdict"},
        },
    ),
}
"""What is sent and answered, by name."""


class MisfitError(Exception):
    """A value that does not fit its schema: where it stands (RFC 6901), and what would fit."""

    def __init__(self, where: str, wanted: str) -> None:
        super().__init__(where)
        self.where, self.wanted = where, wanted


def require_fit(schema: Schema, value: Any, where: str = "") -> None:
    """Raise MisfitError unless a value fits a schema, as far as those of what is sent go."""
    match schema["type"], value:
        case "object", dict():
            _require_properties(schema, value, where)
        case "array", list():
            if not schema["minItems"] <= len(value) <= schema["maxItems"]:
                raise MisfitError(where, f"{schema['minItems']}–{schema['maxItems']}")
            for place, each in enumerate(value):
                require_fit(schema["items"], each, f"{where}/{place}")
        case "string", str():
            _require_text(schema, value, where)
        case wanted, _:
            raise MisfitError(where, wanted)


def _require_properties(schema: Schema, value: Mapping[str, Any], where: str) -> None:
    known: Mapping[str, Schema] = schema["properties"]
    for name in schema["required"]:
        if name not in value:
            raise MisfitError(f"{where}/{name}", known[name]["type"])
    for name, each in value.items():
        if name not in known:
            raise MisfitError(f"{where}/{name}", ", ".join(known))
        require_fit(known[name], each, f"{where}/{name}")


def _require_text(schema: Schema, value: str, where: str) -> None:
    if value not in schema.get("enum", (value,)):
        raise MisfitError(where, ", ".join(schema["enum"]))
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        raise MisfitError(where, f"{schema['minLength']}–{schema['maxLength']}")
    if not re.fullmatch(schema.get("pattern", "(?s:.*)"), value) or not _is_unicode(value):
        raise MisfitError(where, schema.get("pattern", "Unicode"))
    if schema.get("format") == "date":
        try:
            is_day = date.fromisoformat(value).isoformat() == value
        except ValueError:
            is_day = False
        if not is_day:
            raise MisfitError(where, "2027-12-31")


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold
        return False
    return True
