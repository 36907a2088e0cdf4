"""Views of publications and their take-downs."""

from photoreg.presentation.view import (
    BOOLEAN,
    MAYBE_STRING,
    STRING,
    Column,
    View,
    day_column,
    values_of,
)
from photoreg.services.publications.publishing import PublicationState
from photoreg.texts import N_

PUBLICATIONS = View(
    "publications",
    (
        Column("publication", N_("publication"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("address", N_("where"), STRING),
        day_column("published_on", N_("since")),
        Column("recorded_by", N_("recorded by"), STRING, in_table=False),
        Column("decision", N_("decision"), STRING, in_table=False),
        Column(
            "state",
            N_("state"),
            values_of(PublicationState),
            enumeration="PublicationState",
        ),
        Column("task", N_("task"), MAYBE_STRING),
        Column("owner", N_("who takes it down"), MAYBE_STRING),
        Column("due_at", N_("due"), MAYBE_STRING),
        Column("overdue", N_("overdue"), BOOLEAN),
        day_column("removed_on", N_("taken down on"), optional=True),
    ),
)
