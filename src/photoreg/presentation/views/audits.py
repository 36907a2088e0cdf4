"""Views for auditors."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
    reasons_column,
    values_of,
)
from photoreg.registry.evidence import EvidenceFault
from photoreg.registry.tables.second_looks import SecondLookOutcome
from photoreg.rulebook.verdict import Outcome
from photoreg.services.audits.oversight import OneGuardianReason, RulingState
from photoreg.texts import N_

_NAMES = Column("names", N_("names"), STRINGS)
_LACKING = (
    Column("photo", N_("photo"), STRING),
    Column("channel", N_("channel"), STRING),
    Column(
        "outcome", N_("verdict"), values_of(Outcome.UNCLEAR, Outcome.REFUSED), enumeration="Outcome"
    ),
    reasons_column("codes", N_("reasons")),
    Column("persons", N_("persons"), STRINGS),
)
LACKING = View("audit-lacking", _LACKING)
LACKING_WITH_NAMES = View(
    "audit-lacking-with-names", (*_LACKING, Column("names", N_("names"), STRINGS))
)
PUBLISHED = View(
    "audit-published",
    (
        Column("publication", N_("publication"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("address", N_("where"), STRING),
        reasons_column("codes", N_("reasons")),
        Column("recallable", N_("can be taken down"), BOOLEAN),
        Column("task", N_("task"), MAYBE_STRING),
    ),
)
LOG = View(
    "audit-log",
    (
        Column("seq", N_("entry"), INTEGER),
        Column("at", N_("time"), STRING),
        Column("actor", N_("login"), STRING),
        Column("other_logins", N_("other login"), STRINGS),
        Column("action", N_("action"), STRING),
        Column("subject", N_("about"), STRING),
        Column("details", N_("details"), STRINGS),
    ),
)
LIFE = View(
    "audit-history",
    (
        Column("entry", N_("entry"), INTEGER),
        Column("at", N_("time"), STRING),
        Column("actor", N_("login"), STRING),
        Column("action", N_("action"), STRING),
        Column("about", N_("about"), STRING),
        Column("table", N_("table"), STRING),
        Column("field", N_("field"), STRING),
        Column("old", N_("before"), MAYBE_STRING),
        Column("new", N_("now"), MAYBE_STRING),
        Column("details", N_("details"), STRINGS),
    ),
)
KEYS = View(
    "audit-keys",
    (
        Column("id", N_("id"), STRING),
        Column("added_at", N_("since"), STRING),
        Column("login", N_("login"), STRING),
        Column("in_force", N_("in force"), BOOLEAN),
        Column("public_key", N_("public key"), STRING),
    ),
)
_WEAK_CONSENT = (
    Column("id", N_("id"), STRING),
    Column("person", N_("person"), MAYBE_STRING),
    Column("by", N_("by"), MAYBE_STRING),
    Column("reach", N_("about"), STRING, enumeration="WholeReach"),
    day_column("given_on", N_("day")),
    day_column("until", N_("until"), optional=True),
    Column("photos", N_("photos"), INTEGER),
    Column("publications", N_("published"), INTEGER),
)
EXPIRING = View("audit-expiring", _WEAK_CONSENT)
EXPIRING_WITH_NAMES = View("audit-expiring-with-names", (*_WEAK_CONSENT, _NAMES))
UNDOCUMENTED = View("audit-undocumented", _WEAK_CONSENT)
UNDOCUMENTED_WITH_NAMES = View("audit-undocumented-with-names", (*_WEAK_CONSENT, _NAMES))
_ONE_GUARDIAN = (
    Column("photo", N_("photo"), STRING),
    Column("person", N_("person"), STRING),
    Column("guardian", N_("guardian"), STRING),
    Column(
        "why",
        N_("why"),
        values_of(OneGuardianReason),
        enumeration="OneGuardianReason",
    ),
)
ONE_GUARDIAN = View("audit-one-guardian", _ONE_GUARDIAN)
ONE_GUARDIAN_WITH_NAMES = View("audit-one-guardian-with-names", (*_ONE_GUARDIAN, _NAMES))
RULINGS = View(
    "audit-rulings",
    (
        Column("case", N_("case"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), STRING),
        reasons_column("codes", N_("reasons")),
        Column("ruling", N_("ruling"), STRING, enumeration="RulingKind"),
        Column(
            "state",
            N_("state"),
            values_of(RulingState),
            enumeration="RulingState",
        ),
        Column("ruled_at", N_("ruled"), STRING),
        Column("ruled_by", N_("login"), STRING),
        day_column("until", N_("until"), optional=True),
        Column("reason", N_("reason"), STRING),
    ),
)
SECOND_LOOKS = View(
    "audit-second-looks",
    (
        Column("photo", N_("photo"), STRING),
        Column("about", N_("about"), MAYBE_STRING),
        Column("before", N_("before"), STRINGS),
        Column("after", N_("now"), STRINGS),
        Column("asked_at", N_("taken back"), STRING),
        Column("taken_back_by", N_("taken back by"), STRING),
        Column(
            "outcome",
            N_("result"),
            values_of(SecondLookOutcome, None),
            enumeration="SecondLookOutcome",
        ),
        Column("confirmed_at", N_("ended"), MAYBE_STRING),
        Column("confirmed_by", N_("confirmed by"), MAYBE_STRING),
    ),
)
DISCLOSURES = View(
    "audit-disclosures",
    (
        Column("at", N_("time"), STRING),
        Column("actor", N_("login"), STRING),
        Column("list", N_("command"), STRING),
        Column("about", N_("about"), STRINGS),
        Column("names", N_("names"), INTEGER),
        Column("contacts", N_("contacts"), INTEGER),
        Column("masked", N_("without name"), INTEGER),
        Column("purpose", N_("purpose of viewing"), MAYBE_STRING),
    ),
)
LOOSER = View(
    "audit-looser-policy",
    (
        Column("setting", N_("setting"), STRING),
        Column("value", N_("value"), STRING),
        Column("default", N_("default"), STRING),
        Column("since", N_("since"), STRING),
        Column("by", N_("login"), STRING),
        Column("until", N_("until"), MAYBE_STRING),
        Column("decisions", N_("decisions made meanwhile"), INTEGER),
    ),
)
CHANNEL_STATES = View(
    "audit-channels",
    (
        Column("channel", N_("channel"), STRING),
        Column("kind", N_("kind"), STRING, enumeration="Channel"),
        Column("active", N_("active"), BOOLEAN),
        Column("admins", N_("administrators"), STRINGS),
        Column("too_few", N_("too few administrators"), BOOLEAN),
        day_column("terms_changed_on", N_("terms changed on"), optional=True),
        day_column("reviewed_on", N_("reviewed on"), optional=True),
        Column("review_overdue", N_("review overdue"), BOOLEAN),
        Column("publications", N_("published"), INTEGER),
    ),
)
EVIDENCE = View(
    "audit-evidence",
    (
        Column("document", N_("document"), STRING),
        Column(
            "what",
            N_("what is wrong"),
            values_of(EvidenceFault),
            enumeration="EvidenceFault",
        ),
        Column("used_by", N_("used by"), STRINGS),
    ),
)
