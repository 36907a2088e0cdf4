"""Lists of what waits for somebody: cases, flags, publications to take down."""

from photoreg.cli.output import BOOLEAN, INTEGER, MAYBE_STRING, STRING, STRINGS, Column, View
from photoreg.texts import N_

TODAY = View(
    "today",
    (
        Column(
            "matter",
            N_("what"),
            {
                "enum": [
                    "flag",
                    "take_down",
                    "case",
                    "needs_facts",
                    "questions",
                    "consents_end",
                    "few_admins",
                    "review",
                    "printed",
                ]
            },
        ),
        Column("count", N_("how many"), INTEGER),
        Column("subject", N_("id"), MAYBE_STRING),
        Column("photo", N_("photo"), MAYBE_STRING),
        Column("channel", N_("channel"), MAYBE_STRING),
        Column("due_at", N_("due"), MAYBE_STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("command", N_("command"), STRING),
    ),
)
CASES = View(
    "cases",
    (
        Column("case", N_("case"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), MAYBE_STRING),
        Column("opened_at", N_("opened"), STRING),
        Column("age_days", N_("days"), INTEGER),
        Column("due_at", N_("due"), STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("codes", N_("reasons"), STRINGS),
        Column(
            "state", N_("state"), {"enum": ["open", "void", "lapsed", "ruled"]}, words="CaseState"
        ),
        Column("ruling", N_("ruling"), MAYBE_STRING, words="RulingKind"),
    ),
)
FLAGS = View(
    "flags",
    (
        Column("flag", N_("flag"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("by", N_("by"), {"enum": ["staff", "person", "outsider"]}, words="Objector"),
        Column("raised_at", N_("raised"), STRING),
        Column("raised_by", N_("recorded by"), STRING),
        Column("due_at", N_("due"), STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("state", N_("state"), {"enum": ["open", "stands", "lifted"]}, words="FlagState"),
    ),
)
PUBLICATIONS = View(
    "publications",
    (
        Column("publication", N_("publication"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("address", N_("where"), STRING),
        Column("published_on", N_("since"), STRING),
        Column("recorded_by", N_("recorded by"), STRING, in_table=False),
        Column("decision", N_("decision"), STRING, in_table=False),
        Column(
            "state",
            N_("state"),
            {"enum": ["online", "printed", "take_down_open", "taken_down"]},
            words="PublicationState",
        ),
        Column("task", N_("task"), MAYBE_STRING),
        Column("owner", N_("who takes it down"), MAYBE_STRING),
        Column("due_at", N_("due"), MAYBE_STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("removed_on", N_("taken down on"), MAYBE_STRING),
    ),
)
