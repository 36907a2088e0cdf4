"""Views of consents, permissions, printed forms, and the people to ask."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
    values_of,
)
from photoreg.services.consents.consent_events import ConsentState
from photoreg.services.consents.documents import DocumentState
from photoreg.services.consents.forms import FormKind
from photoreg.services.consents.papers.scans import PageState
from photoreg.services.consents.requests import EndReason, RequestState
from photoreg.texts import N_

_STATE = values_of(ConsentState)
_SAID = (
    Column("state", N_("answer"), _STATE, enumeration="ConsentState"),
    day_column("day", N_("day")),
    Column("channels", N_("channels"), STRINGS, enumeration="Channel"),
    Column("purposes", N_("purposes"), STRINGS, enumeration="Purpose"),
    Column("refused_channels", N_("not on"), STRINGS, enumeration="Channel"),
    Column("refused_purposes", N_("not for"), STRINGS, enumeration="Purpose"),
    day_column("until", N_("until"), optional=True),
    Column("open_ended", N_("no end date"), BOOLEAN),
    Column("documented", N_("documented"), BOOLEAN),
)
CONSENTS = View(
    "consents",
    (
        Column("consent", N_("consent"), STRING),
        Column("person", N_("person"), STRING),
        Column("name", N_("name"), STRING),
        Column("by", N_("by"), STRING),
        Column("by_attorney", N_("by power of attorney"), BOOLEAN),
        Column("reach", N_("about"), STRING, enumeration="WholeReach"),
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
            values_of(FormKind),
            enumeration="FormKind",
        ),
        Column("language", N_("language of the text"), STRING, enumeration="Language"),
        Column("file", N_("file"), STRING),
    ),
)
CONSENT_IMPORT = View(
    "consent-import",
    (
        Column("row", N_("row"), INTEGER),
        Column("person", N_("id"), MAYBE_STRING),
        Column("new", N_("to record"), STRINGS),
        Column("reasons", N_("not taken because"), STRINGS),
    ),
)
CONSENT_SCAN = View(
    "consent-scan",
    (
        Column("file", N_("file"), STRING),
        Column("page", N_("page"), MAYBE_INTEGER),
        Column("code", N_("code"), MAYBE_STRING),
        Column("state", N_("what becomes of it"), values_of(PageState), enumeration="PageState"),
    ),
)
_PERSON_TO_ASK = (
    Column("person", N_("person"), STRING),
    Column("name", N_("name"), MAYBE_STRING),
    Column("ask", N_("whom to ask"), STRING),
    Column("ask_name", N_("name of the person to ask"), MAYBE_STRING),
    Column("contact", N_("contact"), MAYBE_STRING),
    Column("language", N_("language"), MAYBE_STRING, enumeration="Language"),
    Column("reach", N_("about"), STRING, enumeration="WholeReach"),
)
CONSENTS_PENDING = View(
    "consent-pending",
    (
        Column("form", N_("form"), MAYBE_STRING),
        Column("consent", N_("consent"), MAYBE_STRING),
        Column("state", N_("state"), values_of(RequestState), enumeration="RequestState"),
        *_PERSON_TO_ASK,
        day_column("asked_on", N_("asked on"), optional=True),
        Column("days", N_("days"), MAYBE_INTEGER),
    ),
)
CONSENTS_EXPIRING = View(
    "consent-expiring",
    (
        Column("consent", N_("consent"), STRING),
        *_PERSON_TO_ASK,
        Column("photos", N_("photos"), INTEGER),
        day_column("last_day", N_("last day")),
        Column("why", N_("why"), values_of(EndReason), enumeration="EndReason"),
    ),
)
DOCUMENTS = View(
    "evidence",
    (
        Column("document", N_("document"), STRING),
        Column("state", N_("state"), values_of(DocumentState), enumeration="DocumentState"),
        Column("damaged_at", N_("found damaged"), MAYBE_STRING),
        Column("size", N_("bytes"), INTEGER),
        Column("suffix", N_("kind of file"), STRING),
        Column("added_at", N_("added"), STRING),
        Column("added_by", N_("added by"), STRING),
        Column("used_by", N_("used by"), STRINGS),
    ),
)
PERMISSIONS = View(
    "permissions",
    (
        Column("permission", N_("permission"), STRING),
        Column("photographer", N_("photographer"), MAYBE_STRING),
        Column("name", N_("name"), STRING),
        Column("by", N_("in place of the photographer"), STRINGS),
        Column("licensor", N_("licensor"), STRING),
        Column("authors", N_("rights transferred from"), STRINGS),
        Column("reach", N_("about"), STRING, enumeration="WholeReach"),
        *_SAID,
        Column("basis", N_("basis"), MAYBE_STRING, enumeration="Basis"),
        Column("licence_terms", N_("licence terms"), STRINGS, enumeration="LicenceTerm"),
        Column("credit", N_("credit"), STRING),
        Column("credit_waived", N_("credit not required"), BOOLEAN),
    ),
)
