"""Views of decisions: verdicts, the rules behind them, cases and flags."""

from typing import Any

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_STRING,
    STEP,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
    object_array,
    reasons_column,
    values_of,
)
from photoreg.registry.tables.photos import ObjectorKind
from photoreg.rulebook.reasons import Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.cases import CaseState
from photoreg.services.decisions.flags import FlagState
from photoreg.texts import N_

_PERSONS = object_array(id=STRING, name=MAYBE_STRING)
_FINDING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": STRING,
        "severity": values_of(Severity),
        "person": MAYBE_STRING,
        "person_name": MAYBE_STRING,
        "said_by": _PERSONS,
        "detail": STRINGS,
        "title": STRING,
        "clauses": STRINGS,
        "law": STRING,
        "remedy": STRING,
        "next": STRING,
        "step": STEP,
    },
    "required": [
        "code",
        "severity",
        "person",
        "person_name",
        "said_by",
        "detail",
        "title",
        "clauses",
        "law",
        "remedy",
        "next",
        "step",
    ],
    "additionalProperties": False,
}
_FINDINGS = {"type": "array", "items": _FINDING}
_OUTCOME = values_of(Outcome)
_CAUSES = object_array(
    codes=STRINGS,
    severity=values_of(Severity),
    title=STRING,
    photos=STRINGS,
    persons=_PERSONS,
    waits_for=_PERSONS,
    detail=STRINGS,
    remedy=STRING,
    next=STRING,
    step=STEP,
    for_each_photo=BOOLEAN,
)
CHECK = View(
    "check",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("mode", N_("mode"), STRING, enumeration="Mode"),
        Column("purpose", N_("purpose"), STRING, enumeration="Purpose"),
        day_column("day", N_("day")),
        Column("outcome", N_("verdict"), _OUTCOME, enumeration="Outcome"),
        reasons_column("codes", N_("reasons")),
        Column("findings", N_("reasons"), _FINDINGS),
        Column("notices", N_("notices"), _FINDINGS),
        Column("case", N_("case"), MAYBE_STRING),
        Column("ruling", N_("ruling"), MAYBE_STRING),
        Column("rules_version", N_("rules version"), STRING),
        Column("policy_version", N_("policy version"), INTEGER),
        Column("facts_digest", N_("facts"), MAYBE_STRING),
    ),
    summary=(Column("causes", N_("causes"), _CAUSES),),
)
CASES = View(
    "cases",
    (
        Column("case", N_("case"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("photos", N_("photos"), STRINGS, in_table=False),
        Column("channel", N_("channel"), MAYBE_STRING),
        Column("opened_at", N_("opened"), STRING),
        Column("age_days", N_("days"), INTEGER),
        Column("due_at", N_("due"), STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        reasons_column("codes", N_("reasons")),
        Column("persons", N_("persons"), STRINGS),
        Column(
            "state",
            N_("state"),
            values_of(CaseState),
            enumeration="CaseState",
        ),
        Column("ruling", N_("ruling"), MAYBE_STRING, enumeration="RulingKind"),
    ),
)
QUESTION_OPTIONS = View(
    "flags",
    (
        Column("flag", N_("flag"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("by", N_("stopped by"), values_of(ObjectorKind), enumeration="ObjectorKind"),
        Column("raised_at", N_("recorded"), STRING),
        Column("raised_by", N_("recorded by"), STRING),
        Column("due_at", N_("due"), STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("state", N_("state"), values_of(FlagState), enumeration="FlagState"),
    ),
)
