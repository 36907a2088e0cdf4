"""Views of the municipality: staff, units, channels, settings."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
)
from photoreg.texts import N_

STAFF = View(
    "staff",
    (
        Column("login", N_("login"), STRING),
        Column("name", N_("name"), STRING),
        Column("role", N_("role"), STRING, enumeration="StaffRole"),
        Column("unit", N_("unit"), MAYBE_STRING),
        Column("active", N_("active"), BOOLEAN),
        Column("server_role", N_("role on the server"), MAYBE_STRING),
    ),
)
API_KEYS = View(
    "api-keys",
    (
        Column("name", N_("name"), STRING),
        Column("scopes", N_("may be used for"), STRINGS, enumeration="ApiScope"),
        Column("channels", N_("channels"), STRINGS),
        day_column("last_day", N_("until")),
        Column("works", N_("works"), BOOLEAN),
        Column("added_by", N_("made by"), STRING),
    ),
)
UNITS = View(
    "units",
    (
        Column("unit", N_("unit"), STRING),
        Column("events", N_("events"), INTEGER),
        Column("staff", N_("staff"), INTEGER),
    ),
)
CHANNELS = View(
    "channels",
    (
        Column("name", N_("channel"), STRING),
        Column("title", N_("title"), STRING),
        Column("kind", N_("kind"), STRING, enumeration="Channel"),
        Column("controller", N_("controlled by"), MAYBE_STRING),
        day_column("since", N_("since")),
        Column("admins", N_("administrators"), STRINGS),
        Column("too_few_admins", N_("too few administrators"), BOOLEAN),
        day_column("terms_changed_on", N_("terms changed on"), optional=True),
        Column("needs_confirmation", N_("waits for confirmation"), BOOLEAN),
    ),
)
POLICY = View(
    "policy",
    (
        Column("setting", N_("setting"), STRING),
        Column("value", N_("value"), STRING),
        Column("default", N_("default"), STRING),
        Column("looser", N_("looser than the default"), BOOLEAN),
        Column("meaning", N_("what it decides"), STRING),
    ),
)
POLICY_DIFF = View(
    "policy-diff",
    (
        Column("channel", N_("channel"), STRING),
        Column("before", N_("verdict now"), STRING, enumeration="Outcome"),
        Column("after", N_("verdict then"), STRING, enumeration="Outcome"),
        Column("new", N_("new reasons"), STRINGS),
        Column("gone", N_("reasons gone"), STRINGS),
        Column("photos", N_("photos"), INTEGER),
        Column("examples", N_("for example"), STRINGS),
        Column("why", N_("why"), STRINGS, in_table=False),
    ),
)
