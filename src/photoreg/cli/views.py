"""Every list that a command prints: its name and columns. schema/*.schema.json come from here."""

from typing import Any

from photoreg.cli.output import (
    BOOLEAN,
    INTEGER,
    MAYBE_INTEGER,
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
        Column("role", N_("role"), STRING, words="StaffRole"),
        Column("unit", N_("unit"), MAYBE_STRING),
        Column("active", N_("active"), BOOLEAN),
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
        Column("kind", N_("kind"), STRING, words="Channel"),
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
POLICY_DIFF = View(
    "policy-diff",
    (
        Column("channel", N_("channel"), STRING),
        Column("before", N_("verdict now"), STRING, words="Outcome"),
        Column("after", N_("verdict then"), STRING, words="Outcome"),
        Column("new", N_("new reasons"), STRINGS),
        Column("gone", N_("reasons gone"), STRINGS),
        Column("photos", N_("photos"), INTEGER),
        Column("examples", N_("for example"), STRINGS),
        Column("why", N_("why"), STRINGS, in_table=False),
    ),
)
RULES = View(
    "rules",
    (
        Column("code", N_("reason"), STRING),
        Column("family", N_("about"), STRING, in_table=False),
        Column("severity", N_("verdict"), STRING, words="Severity"),
        Column("clauses", N_("guideline"), STRINGS),
        Column("law", N_("law"), STRING, in_table=False),
        Column("title", N_("what is wrong"), STRING),
        Column("remedy", N_("what mends it"), STRING, in_table=False),
    ),
)
PERSONS = View(
    "persons",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), STRING),
        Column("age_group", N_("age"), {"enum": ["adult", "minor", "unknown"]}, words="AgeGroup"),
        Column("born", N_("born"), MAYBE_STRING),
    ),
)
GUARDIANS = View(
    "guardians",
    (
        Column("child", N_("child"), STRING),
        Column("guardian", N_("guardian"), STRING),
        Column("name", N_("name"), STRING),
        Column(
            "basis",
            N_("basis"),
            {"enum": ["parent", "court_order", "agreement"]},
            words="GuardianBasis",
        ),
        Column("verified", N_("verified"), BOOLEAN),
        Column("verified_how", N_("how verified"), MAYBE_STRING),
        Column("excused", N_("excused"), BOOLEAN),
        Column("ended_on", N_("ended on"), MAYBE_STRING),
    ),
)
_STATE = {"enum": ["none", "pending", "granted", "refused", "withdrawn"]}
_SAID = (
    Column("state", N_("answer"), _STATE, words="AnswerState"),
    Column("day", N_("day"), STRING),
    Column("channels", N_("channels"), STRINGS, words="Channel"),
    Column("purposes", N_("purposes"), STRINGS, words="Purpose"),
    Column("until", N_("until"), MAYBE_STRING),
    Column("open_ended", N_("no end"), BOOLEAN),
    Column("documented", N_("documented"), BOOLEAN),
)
CONSENTS = View(
    "consents",
    (
        Column("consent", N_("consent"), STRING),
        Column("person", N_("person"), STRING),
        Column("name", N_("name"), STRING),
        Column("by", N_("by"), STRING),
        Column("reach", N_("about"), STRING, words="Reaching"),
        *_SAID,
    ),
)
FORMS = View(
    "forms",
    (
        Column("code", N_("code"), STRING),
        Column("person", N_("person"), MAYBE_STRING),
        Column("by", N_("answers"), MAYBE_STRING),
        Column(
            "kind",
            N_("form"),
            {"enum": ["adult", "guardian", "child", "blank"]},
            words="FormKind",
        ),
        Column("language", N_("language of the text"), STRING, words="Language"),
        Column("file", N_("file"), STRING),
    ),
)
_TO_ASK = (
    Column("person", N_("person"), STRING),
    Column("name", N_("name"), MAYBE_STRING),
    Column("ask", N_("to ask"), STRING),
    Column("ask_name", N_("name of who is asked"), MAYBE_STRING),
    Column("contact", N_("contact"), MAYBE_STRING),
    Column("language", N_("language"), MAYBE_STRING, words="Language"),
    Column("reach", N_("about"), STRING, words="Reaching"),
)
CONSENTS_PENDING = View(
    "consent-pending",
    (
        Column("form", N_("form"), MAYBE_STRING),
        Column("consent", N_("consent"), MAYBE_STRING),
        *_TO_ASK,
        Column("asked_on", N_("asked on"), STRING),
        Column("days", N_("days"), INTEGER),
    ),
)
CONSENTS_EXPIRING = View(
    "consent-expiring",
    (
        Column("consent", N_("consent"), STRING),
        *_TO_ASK,
        Column("photos", N_("photos"), INTEGER),
        Column("last_day", N_("last day"), STRING),
        Column("why", N_("why"), {"enum": ["last_day", "age_limit", "adult"]}, words="Ending"),
    ),
)
PERMISSIONS = View(
    "permissions",
    (
        Column("permission", N_("permission"), STRING),
        Column("photographer", N_("photographer"), MAYBE_STRING),
        Column("name", N_("name"), STRING),
        Column("licensor", N_("licensor"), STRING),
        Column("reach", N_("about"), STRING, words="Reaching"),
        *_SAID,
        Column("basis", N_("basis"), MAYBE_STRING, words="Basis"),
        Column("credit", N_("credit"), STRING),
        Column("credit_waived", N_("credit not required"), BOOLEAN),
    ),
)

_LACKING = (
    Column("photo", N_("photo"), STRING),
    Column("channel", N_("channel"), STRING),
    Column("outcome", N_("verdict"), {"enum": ["unclear", "refused"]}, words="Outcome"),
    Column("codes", N_("reasons"), STRINGS),
    Column("persons", N_("persons"), STRINGS),
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
        Column("codes", N_("reasons"), STRINGS),
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
        Column("action", N_("action"), STRING),
        Column("subject", N_("about"), STRING),
        Column("details", N_("details"), STRINGS),
    ),
)

_MAYBE_BOOLEAN = {"type": ["boolean", "null"]}
_MAYBE = {"type": ["string", "integer", "boolean", "null"]}


def _objects(**properties: Any) -> dict[str, Any]:
    """Return the JSON type of a list of objects with exactly these properties."""
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


_RIGHTS_IN_FILE = (
    Column("terms", N_("terms of use in the file"), STRING),
    Column("licence_url", N_("address of the licence"), STRING),
    Column("licence", N_("licence claimed"), STRING),
    Column("release", N_("release claimed"), STRING),
    Column("all_rights_reserved", N_("all rights reserved"), BOOLEAN),
)
REGISTERED = View(
    "registered",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("new", N_("new"), BOOLEAN),
        Column("photographers", N_("photographers"), STRINGS),
        Column("proposed", N_("proposed from the file"), BOOLEAN),
        Column("file_artist", N_("named in the file"), STRING),
        Column("taken_at", N_("taken"), MAYBE_STRING),
        Column("holds_place", N_("holds a location"), BOOLEAN),
        Column("open", N_("open questions"), STRINGS),
        Column("metadata_changed", N_("metadata changed"), BOOLEAN),
        Column("is_copy", N_("a copy"), BOOLEAN),
        Column("lacks_rights", N_("rights taken out"), BOOLEAN),
        Column("alike", N_("looks like"), STRINGS),
        Column("flag", N_("stopped by flag"), MAYBE_STRING),
        *_RIGHTS_IN_FILE,
    ),
)
PHOTOS = View(
    "photos",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("event", N_("event"), MAYBE_STRING),
        Column("taken_at", N_("taken"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column("people", N_("people"), MAYBE_STRING),
        Column("tagged", N_("named or counted"), INTEGER),
        Column("open", N_("open questions"), STRINGS),
    ),
)
_SAID_OF_PHOTO = _objects(
    id=STRING,
    about=MAYBE_STRING,
    by=MAYBE_STRING,
    said={"enum": ["requested", "given", "refused", "withdrawn", "renewed"]},
    day=STRING,
    valid_until=MAYBE_STRING,
    open_ended=BOOLEAN,
    channels=STRINGS,
    reach={"enum": ["photo", "event", "everything"]},
)
PHOTO = View(
    "photo",
    (
        Column("photo", N_("photo"), STRING),
        Column("file", N_("file"), STRING),
        Column("path", N_("path"), STRING),
        Column("sha256", N_("file hash"), STRING),
        Column("size", N_("size"), INTEGER),
        Column("format", N_("format"), STRING),
        Column("width", N_("width"), INTEGER),
        Column("height", N_("height"), INTEGER),
        Column("orientation", N_("orientation"), MAYBE_INTEGER),
        Column("taken_at", N_("taken"), MAYBE_STRING),
        Column("camera", N_("camera"), STRING),
        Column("holds_place", N_("holds a location"), BOOLEAN),
        Column("file_artist", N_("photographer in the file"), STRING),
        Column("file_copyright", N_("rights in the file"), STRING),
        Column("file_description", N_("description in the file"), STRING),
        *_RIGHTS_IN_FILE,
        Column("picture_sha256", N_("picture hash"), MAYBE_STRING),
        Column("version_of", N_("version of"), MAYBE_STRING),
        Column("versions", N_("versions"), STRINGS),
        Column("registered_at", N_("registered"), STRING),
        Column("registered_by", N_("registered by"), STRING),
        Column("event", N_("event"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column(
            "answers",
            N_("answers"),
            _objects(question=STRING, answer=_MAYBE, source={"enum": ["photo", "event", None]}),
        ),
        Column("open", N_("open questions"), STRINGS),
        Column(
            "people",
            N_("people"),
            _objects(
                person=MAYBE_STRING,
                name=MAYBE_STRING,
                position=STRING,
                prominence={"enum": ["subject", "passing"]},
                role={"enum": ["private", "public_office"]},
            ),
        ),
        Column("permissions", N_("permissions"), _SAID_OF_PHOTO),
        Column("consents", N_("consents"), _SAID_OF_PHOTO),
        Column(
            "decisions",
            N_("decisions"),
            _objects(decision=STRING, channel=STRING, purpose=STRING, made_for=STRING, day=STRING),
        ),
        Column(
            "cases",
            N_("cases"),
            _objects(case=STRING, channel=STRING, codes=STRINGS, ruling=MAYBE_STRING),
        ),
        Column(
            "flags",
            N_("flags"),
            _objects(flag=STRING, state={"enum": ["open", "stands", "lifted"]}, raised_at=STRING),
        ),
        Column(
            "publications",
            N_("publications"),
            _objects(
                publication=STRING,
                channel=STRING,
                address=STRING,
                published_on=STRING,
                removed_on=MAYBE_STRING,
            ),
        ),
    ),
)
EVENTS = View(
    "events",
    (
        Column("event", N_("event"), STRING),
        Column("name", N_("name"), STRING),
        Column("starts_on", N_("from"), STRING),
        Column("ends_on", N_("until"), STRING),
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
        Column("starts_on", N_("from"), STRING),
        Column("ends_on", N_("until"), STRING),
        Column("unit", N_("unit"), MAYBE_STRING),
        Column("photographers", N_("photographers"), STRINGS),
        Column("photographer", N_("photographer"), MAYBE_STRING, words="Photographer"),
        Column("basis", N_("basis"), MAYBE_STRING, words="Basis"),
        Column("commissioner", N_("ordered by somebody"), MAYBE_STRING, words="Commissioner"),
        Column("place", N_("place"), MAYBE_STRING, words="Place"),
        Column("place_permission", N_("the place permitted it"), _MAYBE_BOOLEAN),
        Column("shot", N_("shot"), MAYBE_STRING, words="Shot"),
        Column("confidentiality", N_("confidential"), MAYBE_STRING, words="Confidentiality"),
        Column("sensitive", N_("sensitive"), _MAYBE_BOOLEAN),
        Column("roster", N_("on the roster"), STRINGS),
        Column("photos", N_("photos"), STRINGS),
    ),
)
ROSTER = View(
    "roster",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
        Column("age_group", N_("age"), {"enum": ["adult", "minor", "unknown"]}, words="AgeGroup"),
        Column("channels", N_("consents reach"), STRINGS),
        Column("until", N_("until"), MAYBE_STRING),
        Column("missing", N_("missing elsewhere"), STRINGS),
        Column("ask", N_("to ask"), STRINGS),
    ),
)
ROSTER_IMPORT = View(
    "roster-import",
    (
        Column("row", N_("row"), INTEGER),
        Column("name", N_("name"), STRING),
        Column("found", N_("found"), {"enum": ["new", "matched", "doubtful", "wrong"]}),
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
        Column("not_in_sheet", N_("named, not in the sheet"), STRINGS),
    ),
)
NO_PHOTOS = View(
    "no-photo-list",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
    ),
)
METADATA = View(
    "metadata",
    (
        Column("field", N_("field"), STRING),
        Column("xmp", "XMP", STRING),
        Column("iptc", "IPTC", STRING),
        Column("exif", "Exif", STRING),
        Column("counts", N_("counts"), {"enum": ["XMP", "IPTC", "Exif"]}),
        Column("disagrees", N_("they disagree"), BOOLEAN),
    ),
)
METADATA_CHANGES = View(
    "metadata-changes",
    (
        Column("photo", N_("photo"), STRING),
        Column("field", N_("field"), STRING),
        Column("standard", N_("standard"), {"enum": ["XMP", "IPTC", "Exif"]}),
        Column("tag", N_("tag"), STRING),
        Column("old", N_("old"), STRING),
        Column("new", N_("new"), STRING),
    ),
)

_SAID_WORDS = {
    "said": {"enum": ["requested", "given", "refused", "withdrawn", "renewed"]},
    "day": STRING,
    "valid_until": MAYBE_STRING,
    "open_ended": BOOLEAN,
    "channels": STRINGS,
    "purposes": STRINGS,
    "method": {"enum": ["written", "electronic", "oral"]},
    "evidence": MAYBE_STRING,
    "note": MAYBE_STRING,
    "note_withheld": BOOLEAN,
    "recorded_at": STRING,
}
_GUARDIANSHIPS = _objects(
    other=STRING,
    basis={"enum": ["parent", "court_order", "agreement"]},
    verified=BOOLEAN,
    verified_how=MAYBE_STRING,
    excused=BOOLEAN,
    excused_ground=MAYBE_STRING,
    evidence=MAYBE_STRING,
    ended_on=MAYBE_STRING,
)
PERSON_REPORT = View(
    "person-report",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
        Column("born", N_("born"), MAYBE_STRING),
        Column("age", N_("age"), MAYBE_INTEGER),
        Column("age_group", N_("adult or minor"), STRING, words="AgeGroup"),
        Column("language", N_("language"), MAYBE_STRING),
        Column("contact", N_("contact"), MAYBE_STRING),
        Column("deceased", N_("has died"), BOOLEAN),
        Column("capacity", N_("ability to decide"), STRING, words="Capacity"),
        Column("guardians_total", N_("guardians there are"), MAYBE_INTEGER),
        Column("may_not_be_shown", N_("may not be shown"), _MAYBE_BOOLEAN),
        Column("recorded_at", N_("recorded"), STRING),
        Column("guardians", N_("guardians"), _GUARDIANSHIPS),
        Column("wards", N_("children whose guardian the person is"), _GUARDIANSHIPS),
        Column(
            "expected_at",
            N_("on the rosters of"),
            _objects(event=STRING, name=STRING, starts_on=STRING, ends_on=STRING),
        ),
        Column(
            "shown_in",
            N_("shown in the photos"),
            _objects(
                photo=STRING,
                position=MAYBE_STRING,
                prominence={"enum": ["subject", "passing"]},
                role={"enum": ["private", "public_office"]},
            ),
        ),
        Column("photos_taken", N_("photos taken"), STRINGS),
        Column(
            "consents",
            N_("what was said about being shown"),
            _objects(
                consent=STRING,
                about=STRING,
                by=STRING,
                reach=STRING,
                **_SAID_WORDS,
                form_language=STRING,
                form_version=STRING,
            ),
        ),
        Column(
            "permissions",
            N_("what was said as photographer"),
            _objects(
                permission=STRING,
                reach=STRING,
                **_SAID_WORDS,
                basis=MAYBE_STRING,
                credit=STRING,
                credit_waived=BOOLEAN,
            ),
        ),
        Column(
            "publications",
            N_("publications"),
            _objects(
                publication=STRING,
                photo=STRING,
                channel=STRING,
                address=STRING,
                published_on=STRING,
                removed_on=MAYBE_STRING,
            ),
        ),
        Column(
            "decisions",
            N_("decisions"),
            _objects(
                decision=STRING,
                photo=STRING,
                channel=STRING,
                purpose=STRING,
                made_for={"enum": ["approval", "export", "publication"]},
                outcome={"enum": ["publishable", "unclear"]},
                day=STRING,
            ),
        ),
        Column(
            "flags",
            N_("objections"),
            _objects(
                photo=STRING,
                words=MAYBE_STRING,
                raised_at=STRING,
                outcome={"enum": ["stands", "lifted", None]},
                resolved_at=MAYBE_STRING,
            ),
        ),
        Column(
            "forms",
            N_("forms"),
            _objects(
                code=STRING,
                about=MAYBE_STRING,
                by=MAYBE_STRING,
                language=STRING,
                form_version=STRING,
                valid_until=MAYBE_STRING,
                printed_at=STRING,
            ),
        ),
        Column("log", N_("the log"), _objects(seq=INTEGER, at=STRING, action=STRING, about=STRING)),
    ),
)

_NAMES = Column("names", N_("names"), STRINGS)
_WEAK_WORDS = (
    Column("thread", N_("id"), STRING),
    Column("person", N_("person"), MAYBE_STRING),
    Column("by", N_("by"), MAYBE_STRING),
    Column("reach", N_("about"), STRING, words="Reaching"),
    Column("said_on", N_("day"), STRING),
    Column("until", N_("until"), MAYBE_STRING),
    Column("photos", N_("photos"), INTEGER),
    Column("publications", N_("published"), INTEGER),
)
_ONE_GUARDIAN = (
    Column("photo", N_("photo"), STRING),
    Column("person", N_("person"), STRING),
    Column("guardian", N_("guardian"), STRING),
    Column("why", N_("why"), {"enum": ["only_one", "excused", "policy"]}, words="OneGuardian"),
)
EXPIRING = View("audit-expiring", _WEAK_WORDS)
EXPIRING_WITH_NAMES = View("audit-expiring-with-names", (*_WEAK_WORDS, _NAMES))
UNDOCUMENTED = View("audit-undocumented", _WEAK_WORDS)
UNDOCUMENTED_WITH_NAMES = View("audit-undocumented-with-names", (*_WEAK_WORDS, _NAMES))
ONE_GUARDIAN = View("audit-one-guardian", _ONE_GUARDIAN)
ONE_GUARDIAN_WITH_NAMES = View("audit-one-guardian-with-names", (*_ONE_GUARDIAN, _NAMES))
RULINGS = View(
    "audit-rulings",
    (
        Column("case", N_("case"), STRING),
        Column("photo", N_("photo"), STRING),
        Column("channel", N_("channel"), STRING),
        Column("codes", N_("reasons"), STRINGS),
        Column("ruling", N_("ruling"), STRING, words="RulingKind"),
        Column(
            "state", N_("state"), {"enum": ["in_force", "void", "expired"]}, words="RulingState"
        ),
        Column("ruled_at", N_("ruled"), STRING),
        Column("ruled_by", N_("login"), STRING),
        Column("until", N_("until"), MAYBE_STRING),
        Column("reason", N_("reason"), STRING),
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
        Column("decisions", N_("decisions made under it"), INTEGER),
    ),
)
CHANNEL_STATES = View(
    "audit-channels",
    (
        Column("channel", N_("channel"), STRING),
        Column("kind", N_("kind"), STRING, words="Channel"),
        Column("active", N_("active"), BOOLEAN),
        Column("admins", N_("administrators"), STRINGS),
        Column("too_few", N_("too few administrators"), BOOLEAN),
        Column("terms_changed_on", N_("terms changed on"), MAYBE_STRING),
        Column("reviewed_on", N_("reviewed on"), MAYBE_STRING),
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
            {"enum": ["missing", "changed", "not_erased", "unknown"]},
            words="Spoilt",
        ),
        Column("used_by", N_("rests on it"), STRINGS),
    ),
)

FINGERPRINTED = View(
    "fingerprinted",
    (
        Column("photo", N_("photo"), STRING),
        Column("same_as", N_("same picture as"), MAYBE_STRING),
        Column("comparable", N_("can be compared"), BOOLEAN),
        Column("flag", N_("stopped by flag"), MAYBE_STRING),
    ),
)
MATCHES = View(
    "matches",
    (
        Column("file", N_("picture"), STRING),
        Column(
            "verdict",
            N_("verdict"),
            {
                "enum": [
                    "allowed",
                    "no_longer_allowed",
                    "not_allowed",
                    "depends",
                    "unknown",
                    "not_compared",
                ]
            },
            words="Allowed",
        ),
        Column("photo", N_("photo"), MAYBE_STRING),
        Column("photo_file", N_("its file"), STRING, in_table=False),
        Column(
            "likewise",
            N_("known by"),
            {"enum": ["file", "picture", "looks", "cropped", None]},
            words="Likewise",
        ),
        Column("distance", N_("differs in (of 256)"), MAYBE_INTEGER),
        Column("allowed_on", N_("allowed on"), STRINGS),
        Column("not_on", N_("not on"), STRINGS),
        Column("codes", N_("reasons"), STRINGS),
    ),
)
VIEWS: dict[str, View] = {
    view.name: view for view in tuple(globals().values()) if isinstance(view, View)
}
"""Every view by name."""
