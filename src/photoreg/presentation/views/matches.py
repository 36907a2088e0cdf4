"""The view of pictures recognised as registered photos."""

from photoreg.presentation.view import (
    MAYBE_INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    reasons_column,
    values_of,
)
from photoreg.services.photos.matching import MatchMethod, MatchVerdict
from photoreg.texts import N_

MATCHES = View(
    "matches",
    (
        Column("file", N_("picture"), STRING),
        Column(
            "verdict",
            N_("verdict"),
            values_of(MatchVerdict),
            enumeration="MatchVerdict",
        ),
        Column("photo", N_("photo"), MAYBE_STRING),
        Column("photo_file", N_("its file"), STRING, in_table=False),
        Column(
            "likewise",
            N_("recognised by"),
            values_of(MatchMethod, None),
            enumeration="MatchMethod",
        ),
        Column("distance", N_("differs in (of 256)"), MAYBE_INTEGER),
        Column("allowed_on", N_("allowed on"), STRINGS),
        Column("not_on", N_("not on"), STRINGS),
        reasons_column("codes", N_("reasons")),
    ),
)
