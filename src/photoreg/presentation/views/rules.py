"""The view of the rules."""

from photoreg.presentation.view import STRING, STRINGS, Column, View
from photoreg.texts import N_

RULES = View(
    "rules",
    (
        Column("code", N_("reason"), STRING),
        Column("family", N_("about"), STRING, in_table=False, enumeration="Family"),
        Column("severity", N_("verdict"), STRING, enumeration="Severity"),
        Column("clauses", N_("guideline"), STRINGS),
        Column("law", N_("law"), STRING, in_table=False),
        Column("title", N_("what is wrong"), STRING),
        Column("remedy", N_("how to fix it"), STRING, in_table=False),
    ),
)
