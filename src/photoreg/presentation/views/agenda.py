"""The view of the agenda."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_STRING,
    STEP,
    STRING,
    Column,
    View,
    values_of,
)
from photoreg.services.agenda import AgendaKind
from photoreg.texts import N_

TODAY = View(
    "today",
    (
        Column(
            "matter",
            N_("what"),
            values_of(AgendaKind),
        ),
        Column("count", N_("how many"), INTEGER),
        Column("subject", N_("id"), MAYBE_STRING),
        Column("photo", N_("photo"), MAYBE_STRING),
        Column("channel", N_("channel"), MAYBE_STRING),
        Column("due_at", N_("due"), MAYBE_STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        Column("command", N_("command"), STRING),
        Column("step", N_("next step"), STEP),
    ),
)
