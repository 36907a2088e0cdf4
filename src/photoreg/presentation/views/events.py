"""Views of events: their answers, rosters, and sheets to fill in."""

from photoreg.presentation.view import (
    INTEGER,
    MAYBE_BOOLEAN,
    MAYBE_INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
    reasons_column,
    values_of,
)
from photoreg.rulebook.facts import AgeGroup
from photoreg.services.photos.rosters.results import RosterMatch
from photoreg.texts import N_

EVENTS = View(
    "events",
    (
        Column("event", N_("event"), STRING),
        Column("name", N_("name"), STRING),
        day_column("starts_on", N_("from")),
        day_column("ends_on", N_("until")),
        Column("unit", N_("unit"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column("roster", N_("on the roster"), INTEGER),
        Column("photos", N_("photos"), INTEGER),
    ),
)
EVENT = View(
    "event",
    (
        Column("event", N_("event"), STRING),
        Column("name", N_("name"), STRING),
        day_column("starts_on", N_("from")),
        day_column("ends_on", N_("until")),
        Column("unit", N_("unit"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column("photographer", N_("photographer"), MAYBE_STRING, enumeration="Photographer"),
        Column("basis", N_("basis"), MAYBE_STRING, enumeration="Basis"),
        Column("commissioner", N_("ordered by somebody"), MAYBE_STRING, enumeration="Commissioner"),
        Column("place", N_("place"), MAYBE_STRING, enumeration="Place"),
        Column("place_permission", N_("permission of the holder of the place"), MAYBE_BOOLEAN),
        Column("shot", N_("shot"), MAYBE_STRING, enumeration="Shot"),
        Column("confidentiality", N_("confidential"), MAYBE_STRING, enumeration="Confidentiality"),
        Column("sensitive", N_("sensitive"), MAYBE_BOOLEAN),
        Column("roster", N_("on the roster"), STRINGS),
        Column("photos", N_("photos"), STRINGS),
    ),
)
ROSTER = View(
    "roster",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
        Column("age_group", N_("age"), values_of(AgeGroup), enumeration="AgeGroup"),
        Column("channels", N_("consents cover"), STRINGS),
        day_column("until", N_("until"), optional=True),
        reasons_column("missing", N_("why not publishable")),
        Column("ask", N_("whom to ask"), STRINGS),
    ),
)
ROSTER_IMPORT = View(
    "roster-import",
    (
        Column("row", N_("row"), INTEGER),
        Column("name", N_("name"), STRING),
        day_column("born", N_("born"), optional=True),
        Column("group", N_("class"), STRING),
        Column("guardians", N_("guardians"), STRINGS),
        Column("total", N_("their number"), MAYBE_INTEGER),
        Column("noes", N_("block or no"), STRINGS),
        Column("found", N_("found"), values_of(RosterMatch)),
        Column("person", N_("id"), MAYBE_STRING),
        Column("changes", N_("to record"), STRINGS),
        Column("differs", N_("differs"), STRINGS, in_table=False),
        Column("could_be", N_("could be"), STRINGS),
    ),
)
SHEET_IMPORT = View(
    "sheet-import",
    (
        Column("row", N_("row"), INTEGER),
        Column("photo", N_("photo"), MAYBE_STRING),
        Column("form", N_("form"), MAYBE_STRING),
        Column("changes", N_("to record"), STRINGS),
        Column("persons", N_("people named"), STRINGS),
        Column("not_in_sheet", N_("named, not in the table"), STRINGS),
    ),
)
NO_PHOTOS = View(
    "no-photo-list",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
    ),
)
