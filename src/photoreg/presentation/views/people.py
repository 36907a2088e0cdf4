"""Views of persons: their details, who decides for them, and the access report."""

from photoreg.presentation.view import (
    BOOLEAN,
    INTEGER,
    MAYBE_BOOLEAN,
    MAYBE_INTEGER,
    MAYBE_STRING,
    STRING,
    STRINGS,
    Column,
    View,
    day_column,
    object_array,
    values_of,
)
from photoreg.presentation.views.photos import DEPICTION, PUBLICATION
from photoreg.registry.tables.people import GuardianBasis
from photoreg.registry.tables.photos import FlagCause, FlagOutcome
from photoreg.registry.tables.publications import DecisionFor
from photoreg.rulebook.facts import AgeGroup, ConsentKind, Method
from photoreg.rulebook.verdict import Outcome
from photoreg.texts import N_

PERSONS = View(
    "persons",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), STRING),
        Column("age_group", N_("age"), values_of(AgeGroup), enumeration="AgeGroup"),
        day_column("born", N_("born"), optional=True),
        Column("birth_year", N_("year of birth"), MAYBE_INTEGER),
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
            values_of(GuardianBasis, None),
            enumeration="GuardianBasis",
        ),
        Column("verified", N_("verified"), BOOLEAN),
        Column("verified_how", N_("how verified"), MAYBE_STRING),
        Column("excused", N_("excused"), BOOLEAN),
        Column("decides_alone", N_("decides in place of the others"), MAYBE_BOOLEAN),
        day_column("first_day", N_("first day"), optional=True),
        day_column("last_day", N_("last day"), optional=True),
    ),
)
BLOCKS = View(
    "person-blocks",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), STRING),
        day_column("since", N_("since"), optional=True),
        Column("by", N_("recorded by"), MAYBE_STRING),
    ),
)
_CONSENT_EVENT = {
    "kind": values_of(ConsentKind),
    "day": STRING,
    "is_dated": BOOLEAN,
    "names_kind": BOOLEAN,
    "valid_until": MAYBE_STRING,
    "open_ended": BOOLEAN,
    "channels": STRINGS,
    "purposes": STRINGS,
    "method": values_of(Method),
    "evidence": MAYBE_STRING,
    "note": MAYBE_STRING,
    "note_withheld": BOOLEAN,
    "recorded_at": STRING,
    "typed_by_mistake": BOOLEAN,
}
_GUARDIANSHIPS = object_array(
    other=STRING,
    basis=values_of(GuardianBasis),
    verified=BOOLEAN,
    verified_how=MAYBE_STRING,
    excused=BOOLEAN,
    excused_ground=MAYBE_STRING,
    evidence=MAYBE_STRING,
    decides_alone=BOOLEAN,
    decides_alone_reason=MAYBE_STRING,
    decides_alone_evidence=MAYBE_STRING,
    first_day=MAYBE_STRING,
    last_day=MAYBE_STRING,
)
PERSON_REPORT = View(
    "person-report",
    (
        Column("person", N_("id"), STRING),
        Column("name", N_("name"), MAYBE_STRING),
        Column("known_as", N_("known as"), STRINGS),
        day_column("born", N_("born"), optional=True),
        Column("age", N_("age"), MAYBE_INTEGER),
        Column("age_group", N_("adult or minor"), STRING, enumeration="AgeGroup"),
        Column("language", N_("language"), MAYBE_STRING),
        Column("contact", N_("contact"), MAYBE_STRING),
        Column("deceased", N_("has died"), BOOLEAN),
        day_column("died_on", N_("died on"), optional=True),
        Column("capacity", N_("who decides"), STRING, enumeration="Capacity"),
        Column("guardians_total", N_("number of guardians"), MAYBE_INTEGER),
        Column("may_not_be_shown", N_("must not be shown"), MAYBE_BOOLEAN),
        Column("may_not_be_shown_since", N_("must not be shown since"), MAYBE_STRING),
        Column("recorded_at", N_("recorded"), STRING),
        Column("guardians", N_("guardians"), _GUARDIANSHIPS),
        Column("wards", N_("children whose guardian the person is"), _GUARDIANSHIPS),
        Column(
            "expected_at",
            N_("on the rosters of"),
            object_array(event=STRING, name=STRING, starts_on=STRING, ends_on=STRING),
        ),
        Column(
            "shown_in",
            N_("shown in the photos"),
            object_array(photo=STRING, position=MAYBE_STRING, **DEPICTION),
        ),
        Column("photos_taken", N_("photos taken"), STRINGS),
        Column(
            "consents",
            N_("consents and refusals"),
            object_array(
                consent=STRING,
                about=STRING,
                by=STRING,
                reach=STRING,
                **_CONSENT_EVENT,
                form_language=STRING,
                form_version=STRING,
                by_attorney=BOOLEAN,
            ),
        ),
        Column(
            "permissions",
            N_("permissions for photos"),
            object_array(
                permission=STRING,
                reach=STRING,
                by=MAYBE_STRING,
                author=MAYBE_STRING,
                **_CONSENT_EVENT,
                basis=MAYBE_STRING,
                licence_terms=STRINGS,
                credit=STRING,
                credit_waived=BOOLEAN,
            ),
        ),
        Column(
            "publications",
            N_("publications"),
            object_array(publication=STRING, photo=STRING, **PUBLICATION),
        ),
        Column(
            "decisions",
            N_("decisions"),
            object_array(
                decision=STRING,
                photo=STRING,
                channel=STRING,
                purpose=STRING,
                made_for=values_of(DecisionFor),
                outcome=values_of(Outcome.PUBLISHABLE, Outcome.UNCLEAR),
                day=STRING,
            ),
        ),
        Column(
            "flags",
            N_("objections"),
            object_array(
                photo=STRING,
                cause=values_of(FlagCause),
                words=MAYBE_STRING,
                raised_at=STRING,
                outcome=values_of(FlagOutcome, None),
                resolved_at=MAYBE_STRING,
            ),
        ),
        Column(
            "forms",
            N_("forms"),
            object_array(
                code=STRING,
                about=MAYBE_STRING,
                by=MAYBE_STRING,
                language=STRING,
                form_version=STRING,
                channels=STRINGS,
                purposes=STRINGS,
                valid_until=MAYBE_STRING,
                printed_at=STRING,
                scan=MAYBE_STRING,
            ),
        ),
        Column(
            "looks",
            N_("who looked at lists with the name or contact"),
            object_array(
                at=STRING, by=STRING, list=STRING, names=INTEGER, contacts=INTEGER, masked=INTEGER
            ),
        ),
        Column(
            "log", N_("the log"), object_array(seq=INTEGER, at=STRING, action=STRING, about=STRING)
        ),
    ),
)
