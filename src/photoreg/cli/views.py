"""Every list that a command prints: its name and columns. schema/*.schema.json come from here."""

from typing import Any

from photoreg.cli.output import (
    BOOLEAN,
    INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
)
from photoreg.texts import N_

_FINDING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": STRING,
        "severity": {"enum": ["refused", "unclear", "notice"]},
        "person": MAYBE_STRING,
        "detail": STRINGS,
        "title": STRING,
        "clauses": STRINGS,
        "law": STRING,
        "remedy": STRING,
        "next": STRING,
    },
    "required": [
        "code",
        "severity",
        "person",
        "detail",
        "title",
        "clauses",
        "law",
        "remedy",
        "next",
    ],
    "additionalProperties": False,
}
_FINDINGS = {"type": "array", "items": _FINDING}
_OUTCOME = {"enum": ["publishable", "unclear", "refused"]}

CHECK = View(
    "check",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("mode", N_("mode"), STRING),
        Column("purpose", N_("purpose"), STRING),
        Column("day", N_("day"), STRING),
        Column("outcome", N_("verdict"), _OUTCOME),
        Column("codes", N_("reasons"), STRINGS),
        Column("findings", N_("reasons"), _FINDINGS),
        Column("notices", N_("notices"), _FINDINGS),
        Column("case", N_("case"), MAYBE_STRING),
        Column("ruling", N_("ruling"), MAYBE_STRING),
        Column("rules_version", N_("rules version"), STRING),
        Column("policy_version", N_("policy version"), INTEGER),
        Column("facts_digest", N_("facts"), STRING),
    ),
)

STAFF = View(
    "staff",
    (
        Column("login", N_("login"), STRING),
        Column("name", N_("name"), STRING),
        Column("role", N_("role"), STRING),
        Column("active", N_("active"), BOOLEAN),
    ),
)
CHANNELS = View(
    "channels",
    (
        Column("name", N_("channel"), STRING),
        Column("title", N_("title"), STRING),
        Column("kind", N_("kind"), STRING),
        Column("admins", N_("administrators"), STRINGS),
        Column("too_few_admins", N_("too few administrators"), BOOLEAN),
        Column("terms_changed_on", N_("terms changed on"), MAYBE_STRING),
    ),
)
POLICY = View(
    "policy",
    (
        Column("setting", N_("setting"), STRING),
        Column("value", N_("value"), STRING),
        Column("default", N_("default"), STRING),
        Column("looser", N_("looser than the default"), BOOLEAN),
    ),
)
RULES = View(
    "rules",
    (
        Column("code", N_("reason"), STRING),
        Column("family", N_("about"), STRING, in_table=False),
        Column("severity", N_("verdict"), STRING),
        Column("clauses", N_("guideline"), STRINGS),
        Column("law", N_("law"), STRING, in_table=False),
        Column("title", N_("what is wrong"), STRING),
        Column("remedy", N_("what mends it"), STRING, in_table=False),
    ),
)

VIEWS: dict[str, View] = {
    view.name: view for view in tuple(globals().values()) if isinstance(view, View)
}
"""Every view by name."""
