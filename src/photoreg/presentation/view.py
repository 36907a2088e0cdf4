"""Views: the columns of a list.

A view defines its columns once: the titles of the table and of CSV, the keys of JSON and plain CSV,
and the JSON Schema in schema/ are all derived from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from typing import Any

SCHEMA_VERSION = 1

FOR_PEOPLE = frozenset({"table", "csv"})
"""The layouts with words and days in the user's language; the others hold codes, for programs."""

STRING = {"type": "string"}
MAYBE_STRING = {"type": ["string", "null"]}
INTEGER = {"type": "integer"}
MAYBE_INTEGER = {"type": ["integer", "null"]}
BOOLEAN = {"type": "boolean"}
MAYBE_BOOLEAN = {"type": ["boolean", "null"]}
STRINGS = {"type": "array", "items": {"type": "string"}}

STEP: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "action": STRING,
        "arguments": {"type": "object", "additionalProperties": STRING},
        "question": STRINGS,
        "roles": STRINGS,
    },
    "required": ["action", "arguments", "question", "roles"],
    "additionalProperties": False,
}
"""A next step: the action, its arguments, the inputs to ask for, and the roles that may."""


def object_array(**properties: Any) -> dict[str, Any]:
    """Return the JSON type of a list of objects with exactly these properties."""
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


def values_of(*members: type[StrEnum] | StrEnum | None) -> dict[str, Any]:
    """Return the JSON type that allows the values of enumerations, single members or null."""
    values: list[str | None] = []
    for member in members:
        if isinstance(member, type):
            values += [each.value for each in member]
        else:
            values.append(None if member is None else member.value)
    return {"enum": values}


class ColumnKind(Enum):
    """The kind of text in a column that tables show in the user's format."""

    TEXT = "text"
    DAY = "day"
    CAMERA_TIME = "camera time"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON and plain CSV, its title (English source text), its JSON type.

    Tables leave out a long column. `enumeration` names the enumeration whose labels table
    and CSV show, and `kind` marks dates and times; JSON and plain CSV contain the plain data.
    """

    key: str
    title: str
    json_type: Mapping[str, Any]
    in_table: bool = True
    enumeration: str = ""
    kind: ColumnKind = ColumnKind.TEXT

    @property
    def is_nested(self) -> bool:
        """Whether the column contains objects, which only JSON can show."""
        items = self.json_type.get("items", {})
        types = (self.json_type.get("type"), items.get("type"))
        return any("object" in (kind if isinstance(kind, list) else [kind]) for kind in types)


def day_column(key: str, title: str, *, optional: bool = False) -> Column:
    """Return a column of dates: ISO in data, the user's format in tables."""
    return Column(key, title, MAYBE_STRING if optional else STRING, kind=ColumnKind.DAY)


def reasons_column(key: str, title: str) -> Column:
    """Return a column of reason codes, to which CSV for people adds what they say."""
    return Column(key, title, STRINGS, kind=ColumnKind.REASONS)


def record_row(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass or named tuple as a row; nested records are flattened."""
    names = [field.name for field in fields(record)] if is_dataclass(record) else record._fields
    row: dict[str, Any] = {}
    for name in names:
        value = getattr(record, name)
        if is_dataclass(value) or hasattr(value, "_fields"):
            row |= record_row(value)
        else:
            row[name] = value
    return row


@dataclass(frozen=True, slots=True)
class View:
    """A list: its name and its columns; `summary` is what JSON tells of the whole list first."""

    name: str
    columns: tuple[Column, ...]
    summary: tuple[Column, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what `--format json` prints."""
        item = {
            "type": "object",
            "properties": {c.key: dict(c.json_type) for c in self.columns},
            "required": [c.key for c in self.columns],
            "additionalProperties": False,
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"photoreg {self.name}",
            "type": "object",
            "properties": {
                "schema_version": {"const": SCHEMA_VERSION},
                "view": {"const": self.name},
                **{c.key: dict(c.json_type) for c in self.summary},
                "items": {"type": "array", "items": item},
            },
            "required": ["schema_version", "view", *(c.key for c in self.summary), "items"],
            "additionalProperties": False,
        }
