"""People: recognisability, the consent of adults, and what a missing consent means where."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.rulebook.builders import (
    DAY,
    DAY_BEFORE,
    Case,
    answer_in_state,
    case,
    codes_of,
    facts,
    general_view,
    granted,
    make_adult,
    make_child,
    make_grant,
    make_guardian,
    make_permission,
    make_refusal,
    photo_of,
    said,
    use,
)

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Answer,
    AnswerState,
    Basis,
    Capacity,
    Channel,
    Mode,
    People,
    PersonFacts,
    Place,
    Purpose,
    Role,
    Shot,
)
from photoreg.rulebook.people import as_adult
from photoreg.rulebook.policy import ClosedGroup, Policy
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.verdict import evaluate

_DIED_ON = date(2026, 2, 10)
_SILENT = make_adult(own=answer_in_state(AnswerState.NONE))
_MARKETING = use(purpose=Purpose.MARKETING)
_OWN_SCOPE = Policy(closed_group=ClosedGroup.OWN_SCOPE)
_BLOCKING_WORDS = {AnswerState.REFUSED: "CN_REFUSED", AnswerState.WITHDRAWN: "CN_WITHDRAWN"}
_ONCE_A_CHILD = {
    "own": answer_in_state(AnswerState.NONE),
    "guardians_total": 2,
    "guardians": (make_guardian("H-20"), make_guardian("H-21")),
}


def _but_not(*channels: str, of: Iterable[str] = ("public_page",)) -> Answer:
    """Return a yes of which these channels were taken back since."""
    return said(make_grant(channels=frozenset(of)), make_refusal(channels=frozenset(channels)))


_RECOGNISABILITY = [
    case(
        "unsure",
        "PE_RECOGNISABILITY_UNSURE",
        "PE_RECOGNISABILITY_UNSURE",
        facts(people=People.UNSURE),
    ),
    case("nobody", "PE_RECOGNISABILITY_UNSURE", ""),
    case(
        "unsure, behind a bare link",
        "PE_RECOGNISABILITY_UNSURE",
        "",
        facts(people=People.UNSURE),
        to=use(mode=Mode.LINK),
    ),
    case(
        "unsure, shared",
        "PE_RECOGNISABILITY_UNSURE",
        "PE_RECOGNISABILITY_UNSURE",
        facts(people=People.UNSURE),
        to=use(mode=Mode.SHARE),
    ),
    case(
        "two stated, one registered",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        photo_of(make_adult(), recognisable_count=2),
    ),
    case(
        "two stated, two registered",
        "PE_UNREGISTERED_PERSON",
        "",
        photo_of(make_adult(), make_adult(person="H-3")),
    ),
    case(
        "one stated, two registered",
        "PE_UNREGISTERED_PERSON",
        "",
        photo_of(make_adult(), make_adult(person="H-3"), recognisable_count=1),
    ),
    case(
        "recognisable, and nobody is registered",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        photo_of(recognisable_count=1),
    ),
    case(
        "recognisable, yet the number stated is nought",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        photo_of(recognisable_count=0),
    ),
    case(
        "unrecognisable and no context, with a number left over",
        "PE_UNREGISTERED_PERSON",
        "",
        photo_of(people=People.UNRECOGNISABLE, context_identifies=False, recognisable_count=3),
    ),
    case(
        "the context identifies somebody unregistered",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        photo_of(people=People.UNRECOGNISABLE, context_identifies=True, recognisable_count=1),
    ),
    case(
        "behind a bare link",
        "PE_UNREGISTERED_PERSON",
        "",
        photo_of(recognisable_count=1),
        to=use(mode=Mode.LINK),
    ),
    case(
        "in a general view for marketing",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        general_view(recognisable_count=1),
        to=_MARKETING,
    ),
    case(
        "in a general view of a care lobby",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON NT_CARE_PREMISES",
        general_view(recognisable_count=1, place=Place.CARE_LOBBY),
    ),
    case(
        "in a general view of a place that is not public",
        "PE_UNREGISTERED_PERSON",
        "PE_UNREGISTERED_PERSON",
        general_view(recognisable_count=1, place=Place.SCHOOL_OR_DAYCARE),
    ),
    case(
        "unregistered in a general view for information",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        general_view(make_adult(), recognisable_count=2),
    ),
    case(
        "everybody registered and consenting in a general view",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "",
        general_view(make_adult()),
    ),
]

_CONSENT = [
    *(
        case(f"{state}", code, code, photo_of(make_adult(own=answer_in_state(state))))
        for state, code in _BLOCKING_WORDS.items()
    ),
    *(
        case(
            f"{state}, in a general view too",
            code,
            code,
            general_view(make_adult(own=answer_in_state(state))),
        )
        for state, code in _BLOCKING_WORDS.items()
    ),
    *(
        case(
            f"{state}, in a public office too",
            code,
            code,
            photo_of(make_adult(own=answer_in_state(state), role=Role.PUBLIC_OFFICE)),
        )
        for state, code in _BLOCKING_WORDS.items()
    ),
    *(
        case(
            f"{state}, behind a bare link",
            code,
            "",
            photo_of(make_adult(own=answer_in_state(state))),
            to=use(mode=Mode.LINK),
        )
        for state, code in _BLOCKING_WORDS.items()
    ),
    case(
        "pending is no refusal",
        "CN_REFUSED",
        "CN_NO_CONSENT",
        photo_of(make_adult(own=answer_in_state(AnswerState.PENDING))),
    ),
    case(
        "withdrawn, whatever was granted",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        photo_of(make_adult(own=said(make_grant(valid_until=DAY_BEFORE), make_refusal()))),
    ),
    case(
        "no evidence",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED",
        photo_of(make_adult(own=granted(documented=False))),
    ),
    case(
        "nobody has said whether there is evidence",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED",
        photo_of(make_adult(own=granted(documented=None))),
    ),
    case("evidence", "CN_UNDOCUMENTED", "", photo_of(make_adult())),
    case(
        "no evidence, and ended",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED CN_EXPIRED",
        photo_of(make_adult(own=granted(documented=False, valid_until=DAY_BEFORE))),
    ),
    case(
        "no evidence, and narrow",
        "CN_UNDOCUMENTED",
        "CN_UNDOCUMENTED CN_SCOPE_CHANNEL CN_SCOPE_PURPOSE",
        photo_of(
            make_adult(own=granted(documented=False, channels=frozenset(), purposes=frozenset())),
        ),
    ),
    case(
        "ended the day before",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=granted(valid_until=DAY_BEFORE))),
    ),
    case(
        "ended the day before, in a general view too",
        "CN_EXPIRED",
        "CN_EXPIRED",
        general_view(make_adult(own=granted(valid_until=DAY_BEFORE))),
    ),
    case("ends on the day", "CN_EXPIRED", "", photo_of(make_adult(own=granted(valid_until=DAY)))),
    case(
        "ended and narrow: the reach is not reported",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=granted(valid_until=DAY_BEFORE, channels=frozenset()))),
    ),
    case(
        "of an ended and a running consent the running one counts",
        "CN_EXPIRED",
        "",
        photo_of(make_adult(own=granted(make_grant(valid_until=DAY_BEFORE), make_grant()))),
    ),
    case(
        "older than the policy allows",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=granted(day=date(2025, 3, 1)))),
        policy=Policy(max_consent_age_months=12),
    ),
    case(
        "as old as the policy allows",
        "CN_EXPIRED",
        "",
        photo_of(make_adult(own=granted(day=date(2025, 3, 2)))),
        policy=Policy(max_consent_age_months=12),
    ),
    case(
        "as old as the policy allows, given at the end of a longer month",
        "CN_EXPIRED",
        "",
        photo_of(make_adult(own=granted(day=date(2025, 8, 31)))),
        to=use(day=date(2026, 2, 28)),
        policy=Policy(max_consent_age_months=6),
    ),
    case(
        "a day older, given at the end of a longer month",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=granted(day=date(2025, 8, 31)))),
        to=use(day=date(2026, 3, 1)),
        policy=Policy(max_consent_age_months=6),
    ),
    *(
        case(
            f"given on {given_on}, limit {limit} months, used on {day}",
            "CN_EXPIRED",
            codes,
            photo_of(
                make_adult(own=granted(day=given_on)),
                permissions=(make_permission(day=day),),
            ),
            to=use(day=day),
            policy=Policy(max_consent_age_months=limit),
        )
        for codes, given_on, limit, day in (
            ("", date(2026, 1, 31), 3, date(2026, 4, 30)),
            ("CN_EXPIRED", date(2026, 1, 31), 3, date(2026, 5, 1)),
            ("", date(2023, 8, 31), 6, date(2024, 2, 29)),
            ("CN_EXPIRED", date(2023, 8, 31), 6, date(2024, 3, 1)),
        )
    ),
    case(
        "given in December, as old as the policy allows",
        "CN_EXPIRED",
        "",
        photo_of(make_adult(own=granted(day=date(2025, 12, 2)))),
        policy=Policy(max_consent_age_months=3),
    ),
    case(
        "given in December, one day older",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(own=granted(day=date(2025, 12, 1)))),
        policy=Policy(max_consent_age_months=3),
    ),
    case(
        "nobody has said when it was given, while the policy limits its age",
        "CN_EXPIRED",
        "CN_EXPIRED",
        photo_of(make_adult(born=None, age_group=AgeGroup.ADULT, own=granted(day=None))),
        policy=Policy(max_consent_age_months=1200),
    ),
    case(
        "a limit beyond the end of the calendar",
        "CN_EXPIRED",
        "NT_OPEN_ENDED_CONSENT",
        photo_of(
            make_adult(own=granted(valid_until=OPEN_ENDED, day=date(9998, 1, 1))),
            permissions=(make_permission(valid_until=OPEN_ENDED, day=date(9998, 1, 1)),),
        ),
        to=use(day=date(9998, 6, 1)),
        policy=Policy(max_consent_age_months=1200),
    ),
]

_REACH = [
    case(
        "public page, for print",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_PRINT_IRREVOCABLE",
        photo_of(make_adult()),
        to=use(Channel.PRINT),
    ),
    case(
        "print, for print",
        "CN_SCOPE_CHANNEL",
        "NT_PRINT_IRREVOCABLE",
        photo_of(make_adult(own=granted(channels=frozenset({"print"})))),
        to=use(Channel.PRINT),
    ),
    case(
        "closed group, for which the public page is needed",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=granted(channels=frozenset({"closed_group"})))),
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "one named closed group, for which the public page is needed",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=granted(channels=frozenset({"2b-vanhemmat"})))),
        to=use(Channel.CLOSED_GROUP, channel_name="2b-vanhemmat"),
    ),
    case(
        "public page, for a closed group",
        "CN_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        photo_of(make_adult()),
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "one named closed group with its own scope",
        "CN_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=granted(channels=frozenset({"2b-vanhemmat"})))),
        to=use(Channel.CLOSED_GROUP, channel_name="2b-vanhemmat"),
        policy=_OWN_SCOPE,
    ),
    case(
        "closed groups with their own scope",
        "CN_SCOPE_CHANNEL",
        "NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=granted(channels=frozenset({"closed_group"})))),
        to=use(Channel.CLOSED_GROUP, channel_name="2b-vanhemmat"),
        policy=_OWN_SCOPE,
    ),
    case(
        "public page, for a closed group with its own scope",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL NT_TREAT_AS_PUBLIC",
        photo_of(make_adult()),
        to=use(Channel.CLOSED_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "a closed work group needs the public page under every policy",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL CH_CLOSED_WORK_GROUP NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=granted(channels=frozenset({"closed_work_group"})))),
        to=use(Channel.CLOSED_WORK_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "a closed work group and a consent for the public page",
        "CN_SCOPE_CHANNEL",
        "CH_CLOSED_WORK_GROUP NT_TREAT_AS_PUBLIC",
        photo_of(make_adult()),
        to=use(Channel.CLOSED_WORK_GROUP),
        policy=_OWN_SCOPE,
    ),
    case(
        "one named page, for another page",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL",
        photo_of(make_adult(own=granted(channels=frozenset({"kunta-fb"})))),
        to=use(channel_name="kirjasto-fb"),
    ),
    case(
        "one named page, when the whole kind is asked about",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_CHANNEL",
        photo_of(make_adult(own=granted(channels=frozenset({"kunta-fb"})))),
    ),
    case(
        "one named page, for that page",
        "CN_SCOPE_CHANNEL",
        "",
        photo_of(make_adult(own=granted(channels=frozenset({"kunta-fb"})))),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "a kind, for a named page of that kind",
        "CN_SCOPE_CHANNEL",
        "",
        photo_of(make_adult()),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "one named page taken back",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        photo_of(make_adult(own=_but_not("kunta-fb"))),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "another page taken back",
        "CN_WITHDRAWN",
        "",
        photo_of(make_adult(own=_but_not("kirjasto-fb"))),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "the whole kind taken back, for a named page granted by name",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN",
        photo_of(make_adult(own=_but_not("public_page", of={"public_page", "kunta-fb"}))),
        to=use(channel_name="kunta-fb"),
    ),
    case(
        "the public page taken back, for a closed group that counts as public",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=_but_not("public_page"))),
        to=use(Channel.CLOSED_GROUP),
    ),
    case(
        "the closed group itself taken back, though the public page is granted",
        "CN_WITHDRAWN",
        "CN_WITHDRAWN NT_TREAT_AS_PUBLIC",
        photo_of(make_adult(own=_but_not("2b-vanhemmat"))),
        to=use(Channel.CLOSED_GROUP, channel_name="2b-vanhemmat"),
    ),
    case(
        "information only, for marketing",
        "CN_SCOPE_PURPOSE",
        "CN_SCOPE_PURPOSE",
        photo_of(make_adult(own=granted(purposes=frozenset({"information"})))),
        to=_MARKETING,
    ),
    case(
        "marketing, for marketing",
        "CN_SCOPE_PURPOSE",
        "",
        photo_of(make_adult(own=granted(purposes=frozenset({"marketing"})))),
        to=_MARKETING,
    ),
    case(
        "marketing only, for information",
        "CN_SCOPE_PURPOSE",
        "CN_SCOPE_PURPOSE",
        photo_of(make_adult(own=granted(purposes=frozenset({"marketing"})))),
    ),
    case("every purpose", "CN_SCOPE_PURPOSE", "", photo_of(make_adult()), to=_MARKETING),
    case(
        "neither the channel nor the purpose",
        "CN_SCOPE_PURPOSE",
        "CN_SCOPE_CHANNEL CN_SCOPE_PURPOSE",
        photo_of(make_adult(own=granted(channels=frozenset(), purposes=frozenset()))),
    ),
    case(
        "of two consents the one that reaches further counts",
        "CN_SCOPE_PURPOSE",
        "CN_SCOPE_CHANNEL",
        photo_of(
            make_adult(
                own=granted(
                    make_grant(channels=frozenset(), purposes=frozenset()),
                    make_grant(channels=frozenset()),
                ),
            ),
        ),
    ),
]

_MISSING = [
    *(
        case(
            f"{state}",
            "CN_NO_CONSENT",
            "CN_NO_CONSENT",
            photo_of(make_adult(own=answer_in_state(state))),
        )
        for state in (AnswerState.NONE, AnswerState.PENDING, None)
    ),
    case("consented", "CN_NO_CONSENT", "", photo_of(make_adult())),
    case(
        "the context identifies somebody with a blurred face",
        "CN_NO_CONSENT",
        "CN_NO_CONSENT",
        photo_of(_SILENT, people=People.UNRECOGNISABLE, context_identifies=True),
    ),
    case(
        "nobody identifies the blurred face",
        "CN_NO_CONSENT",
        "",
        photo_of(_SILENT, people=People.UNRECOGNISABLE, context_identifies=False),
    ),
    case(
        "behind a bare link",
        "CN_NO_CONSENT",
        "CU_LINK_EMBED_SHARE",
        photo_of(_SILENT, basis=Basis.NONE),
        to=use(mode=Mode.LINK),
    ),
    case(
        "embedded",
        "CN_NO_CONSENT",
        "CN_NO_CONSENT CU_LINK_EMBED_SHARE",
        photo_of(_SILENT, basis=Basis.NONE),
        to=use(mode=Mode.EMBED),
    ),
    case(
        "marketing comes first: no relief for an office, a general view or care premises",
        "CN_NO_CONSENT",
        "CN_NO_CONSENT NT_CARE_PREMISES",
        general_view(replace(_SILENT, role=Role.PUBLIC_OFFICE), place=Place.CARE_LOBBY),
        to=_MARKETING,
    ),
    case(
        "marketing comes before coming of age",
        "CN_NO_CONSENT",
        "CN_NO_CONSENT",
        photo_of(make_adult(**_ONCE_A_CHILD)),
        to=_MARKETING,
    ),
    *(
        case(
            f"an own yes, {name}, of somebody with guardians whose birth date nobody has said",
            "CN_NO_CONSENT",
            codes,
            photo_of(
                make_adult(
                    born=None,
                    age_group=age,
                    guardians=(make_guardian(answer=answer_in_state(None)),),
                )
            ),
        )
        for name, codes, age in (
            ("stated to be an adult", "CN_NO_CONSENT", AgeGroup.ADULT),
            ("of unknown age", "CN_NO_CONSENT MI_AGE_UNKNOWN", AgeGroup.UNKNOWN),
        )
    ),
    case(
        "an own yes of a stated adult with guardians, who consented",
        "MI_NOW_ADULT",
        "MI_NOW_ADULT",
        photo_of(make_adult(born=None, age_group=AgeGroup.ADULT, guardians=(make_guardian(),))),
    ),
    case(
        "an own yes of a stated adult without guardians",
        "CN_NO_CONSENT",
        "",
        photo_of(make_adult(born=None, age_group=AgeGroup.ADULT)),
    ),
    case(
        "one of two people",
        "CN_NO_CONSENT",
        "CN_NO_CONSENT",
        photo_of(make_adult(person="H-3"), _SILENT),
    ),
    case(
        "care premises",
        "CF_CARE_RECOGNISABLE",
        "CF_CARE_RECOGNISABLE CN_NO_CONSENT NT_CARE_PREMISES",
        photo_of(_SILENT, place=Place.CARE_OTHER),
    ),
    case(
        "a care lobby, with a person as the subject",
        "CF_CARE_RECOGNISABLE",
        "CF_CARE_RECOGNISABLE CN_NO_CONSENT NT_CARE_PREMISES",
        photo_of(_SILENT, place=Place.CARE_LOBBY),
    ),
    case(
        "a general view of a care lobby",
        "CF_CARE_RECOGNISABLE",
        "CF_CARE_RECOGNISABLE NT_CARE_PREMISES",
        general_view(_SILENT, place=Place.CARE_LOBBY),
    ),
    case(
        "a view inside a care home is not a general view",
        "CF_CARE_RECOGNISABLE",
        "CF_CARE_RECOGNISABLE CN_NO_CONSENT NT_CARE_PREMISES",
        general_view(_SILENT, place=Place.CARE_OTHER),
    ),
    case(
        "care premises come before the public office",
        "CF_CARE_RECOGNISABLE",
        "CF_CARE_RECOGNISABLE CN_NO_CONSENT NT_CARE_PREMISES",
        photo_of(replace(_SILENT, role=Role.PUBLIC_OFFICE), place=Place.CARE_OTHER),
    ),
    case(
        "with consent",
        "CF_CARE_RECOGNISABLE",
        "NT_CARE_PREMISES",
        photo_of(make_adult(), place=Place.CARE_OTHER),
    ),
    case(
        "refused there: the person has spoken",
        "CF_CARE_RECOGNISABLE",
        "CN_REFUSED NT_CARE_PREMISES",
        photo_of(make_adult(own=answer_in_state(AnswerState.REFUSED)), place=Place.CARE_OTHER),
    ),
    case(
        "on duty",
        "PE_PUBLIC_ROLE",
        "PE_PUBLIC_ROLE",
        photo_of(replace(_SILENT, role=Role.PUBLIC_OFFICE)),
    ),
    case(
        "on duty, in a general view: the office comes first",
        "PE_PUBLIC_ROLE",
        "PE_PUBLIC_ROLE",
        general_view(replace(_SILENT, role=Role.PUBLIC_OFFICE)),
    ),
    case("in private", "PE_PUBLIC_ROLE", "CN_NO_CONSENT", photo_of(_SILENT)),
    case(
        "nobody has said in which role",
        "PE_PUBLIC_ROLE",
        "CN_NO_CONSENT",
        photo_of(replace(_SILENT, role=None)),
    ),
    case(
        "on duty and consenting",
        "PE_PUBLIC_ROLE",
        "",
        photo_of(make_adult(role=Role.PUBLIC_OFFICE)),
    ),
    *(
        case(
            f"a general view: {place}",
            "PE_RECOGNISABLE_IN_GENERAL_VIEW",
            "PE_RECOGNISABLE_IN_GENERAL_VIEW",
            general_view(_SILENT, place=place),
        )
        for place in (Place.PUBLIC_OUTDOOR, Place.OFFICE_LOBBY, Place.SHOPPING_CENTRE)
    ),
    *(
        case(
            f"not a public place: {place}",
            "PE_RECOGNISABLE_IN_GENERAL_VIEW",
            "CN_NO_CONSENT",
            general_view(_SILENT, place=place),
        )
        for place in (Place.SCHOOL_OR_DAYCARE, Place.MUNICIPAL_OTHER)
    ),
    *(
        case(
            f"not a public place, with the holder's permission: {place}",
            "PE_RECOGNISABLE_IN_GENERAL_VIEW",
            "CN_NO_CONSENT",
            general_view(_SILENT, place=place, place_permission=True),
        )
        for place in (Place.PRIVATE_HOME, Place.RESTRICTED_AREA)
    ),
    case(
        "a person as the subject in a public place",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "CN_NO_CONSENT",
        general_view(_SILENT, shot=Shot.PERSON_SUBJECT),
    ),
    case(
        "a place that the coordinator added",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        general_view(_SILENT, place=Place.SCHOOL_OR_DAYCARE),
        policy=Policy(public_places=frozenset({Place.SCHOOL_OR_DAYCARE})),
    ),
    case(
        "an added place takes nothing from the guideline's own",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        general_view(_SILENT),
        policy=Policy(public_places=frozenset({Place.SCHOOL_OR_DAYCARE})),
    ),
    case(
        "a general view of an unknown place",
        "PL_UNKNOWN",
        "CN_NO_CONSENT PL_UNKNOWN",
        general_view(_SILENT, place=Place.UNKNOWN),
    ),
    case(
        "an unknown place with a person as the subject",
        "PL_UNKNOWN",
        "CN_NO_CONSENT",
        photo_of(_SILENT, place=Place.UNKNOWN),
    ),
    case(
        "an unknown place where the person consented",
        "PL_UNKNOWN",
        "",
        general_view(make_adult(), place=Place.UNKNOWN),
    ),
    case("an unknown place with nobody in it", "PL_UNKNOWN", "", facts(place=Place.UNKNOWN)),
]

_AGE = [
    case(
        "guardians consented once",
        "MI_NOW_ADULT",
        "MI_NOW_ADULT",
        photo_of(make_adult(**_ONCE_A_CHILD)),
    ),
    case(
        "guardians consented once, and the person was asked and has not answered",
        "MI_NOW_ADULT",
        "MI_NOW_ADULT",
        photo_of(make_adult(**{**_ONCE_A_CHILD, "own": answer_in_state(AnswerState.PENDING)})),
    ),
    case(
        "a general view comes first",
        "MI_NOW_ADULT",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        general_view(make_adult(**_ONCE_A_CHILD)),
    ),
    case(
        "guardians consented once, and the adult said no",
        "MI_NOW_ADULT",
        "CN_REFUSED",
        photo_of(make_adult(**{**_ONCE_A_CHILD, "own": answer_in_state(AnswerState.REFUSED)})),
    ),
    case(
        "an own consent as an adult",
        "MI_NOW_ADULT",
        "",
        photo_of(make_adult(**{**_ONCE_A_CHILD, "own": granted()})),
    ),
    case(
        "no guardian ever consented",
        "MI_NOW_ADULT",
        "CN_NO_CONSENT",
        photo_of(make_adult(**{**_ONCE_A_CHILD, "guardians": (make_guardian(answer=Answer()),)})),
    ),
    case(
        "only somebody who is no guardian signed once",
        "MI_NOW_ADULT",
        "CN_NO_CONSENT",
        photo_of(make_adult(**{**_ONCE_A_CHILD, "guardians": (make_guardian(verified=False),)})),
    ),
    *(
        case(
            f"one of the guardians' words was {state} in the end",
            "MI_NOW_ADULT",
            "CN_NO_CONSENT",
            photo_of(
                make_adult(
                    **{
                        **_ONCE_A_CHILD,
                        "guardians": (
                            make_guardian(),
                            make_guardian("H-21", answer_in_state(state)),
                        ),
                    },
                ),
            ),
        )
        for state in (AnswerState.REFUSED, AnswerState.WITHDRAWN)
    ),
    case(
        "guardians of somebody whose age is unknown",
        "MI_NOW_ADULT",
        "CN_NO_CONSENT MI_AGE_UNKNOWN",
        photo_of(make_adult(**_ONCE_A_CHILD, born=None, age_group=AgeGroup.UNKNOWN)),
    ),
    case(
        "somebody known to be an adult, without a date of birth",
        "MI_NOW_ADULT",
        "MI_NOW_ADULT",
        photo_of(make_adult(**_ONCE_A_CHILD, born=None, age_group=AgeGroup.ADULT)),
    ),
    *(
        case(
            f"age group {group}, consented",
            "MI_AGE_UNKNOWN",
            "MI_AGE_UNKNOWN",
            photo_of(make_adult(born=None, age_group=group)),
        )
        for group in (AgeGroup.UNKNOWN, None)
    ),
    case(
        "age unknown, not asked",
        "MI_AGE_UNKNOWN",
        "MI_AGE_UNKNOWN CN_NO_CONSENT",
        photo_of(replace(_SILENT, born=None, age_group=AgeGroup.UNKNOWN)),
    ),
    case(
        "known to be an adult",
        "MI_AGE_UNKNOWN",
        "",
        photo_of(make_adult(born=None, age_group=AgeGroup.ADULT)),
    ),
    case("date of birth known", "MI_AGE_UNKNOWN", "", photo_of(make_adult())),
    case(
        "in doubt, consented",
        "CN_CAPACITY_DOUBT",
        "CN_CAPACITY_DOUBT",
        photo_of(make_adult(capacity=Capacity.DOUBT)),
    ),
    case(
        "in doubt, not asked",
        "CN_CAPACITY_DOUBT",
        "CN_CAPACITY_DOUBT CN_NO_CONSENT",
        photo_of(replace(_SILENT, capacity=Capacity.DOUBT)),
    ),
    case("no doubt", "CN_CAPACITY_DOUBT", "", photo_of(make_adult())),
    case(
        "in doubt, behind a bare link",
        "CN_CAPACITY_DOUBT",
        "",
        photo_of(make_adult(capacity=Capacity.DOUBT)),
        to=use(mode=Mode.LINK),
    ),
    case(
        "an adult who consented",
        "PR_SENSITIVE_CONTEXT",
        "PR_SENSITIVE_CONTEXT",
        photo_of(make_adult(), sensitive=True),
    ),
    case(
        "shared",
        "PR_SENSITIVE_CONTEXT",
        "PR_SENSITIVE_CONTEXT",
        photo_of(make_adult(), sensitive=True),
        to=use(mode=Mode.SHARE),
    ),
    case("nothing sensitive", "PR_SENSITIVE_CONTEXT", "", photo_of(make_adult())),
    case("sensitive, and nobody shown", "PR_SENSITIVE_CONTEXT", "", facts(sensitive=True)),
    case(
        "dead",
        "PE_DECEASED",
        "PE_DECEASED",
        photo_of(make_adult(deceased=True)),
    ),
    case(
        "dead: a word of the living is not asked for",
        "PE_DECEASED",
        "PE_DECEASED",
        photo_of(replace(_SILENT, deceased=True, capacity=None)),
    ),
    case("a dead child", "PE_DECEASED", "PE_DECEASED", photo_of(make_child(deceased=True))),
    *(
        case(
            f"dead on {died_on or 'an unknown day'}, {state} in life",
            code,
            f"PE_DECEASED {code}",
            photo_of(make_adult(deceased=True, died_on=died_on, own=answer_in_state(state))),
        )
        for state, code in _BLOCKING_WORDS.items()
        for died_on in (None, date(2026, 1, 15), DAY_BEFORE)
    ),
    *(
        case(
            f"dead; {name}",
            "CN_WITHDRAWN",
            f"PE_DECEASED {code}",
            photo_of(make_adult(deceased=True, died_on=_DIED_ON, own=said(*statements))),
        )
        for name, code, statements in (
            ("a no of the day of death", "CN_WITHDRAWN", [make_refusal(day=_DIED_ON)]),
            (
                "a no of a later day is not the person's own",
                "",
                [make_refusal(day=_DIED_ON + timedelta(days=1))],
            ),
            (
                "a no that a yes in life had lifted",
                "",
                [make_refusal(day=date(2026, 1, 1)), make_grant(day=date(2026, 2, 1))],
            ),
            (
                "a yes after the death lifts no no",
                "CN_WITHDRAWN",
                [
                    make_refusal(day=date(2026, 2, 1)),
                    make_grant(day=_DIED_ON + timedelta(days=1)),
                ],
            ),
            (
                "a no to another channel",
                "",
                [make_refusal(channels=frozenset({"print"}), day=date(2026, 2, 1))],
            ),
        )
    ),
    *(
        case(
            f"dead, and the guardian of once of {name} had {state}",
            "PE_DECEASED",
            "PE_DECEASED",
            photo_of(
                make_adult(
                    **age,
                    deceased=True,
                    died_on=_DIED_ON,
                    guardians=(make_guardian(answer=answer_in_state(state)),),
                )
            ),
        )
        for state in _BLOCKING_WORDS
        for name, age in (
            ("an adult", {}),
            ("a stated adult", {"born": None, "age_group": AgeGroup.ADULT}),
        )
    ),
    case(
        "dead, behind a bare link, though refused in life",
        "CN_REFUSED",
        "",
        photo_of(make_adult(deceased=True, own=answer_in_state(AnswerState.REFUSED))),
        to=use(mode=Mode.LINK),
    ),
    case("alive", "PE_DECEASED", "", photo_of(make_adult())),
    case(
        "dead, behind a bare link",
        "PE_DECEASED",
        "",
        photo_of(make_adult(deceased=True)),
        to=use(mode=Mode.LINK),
    ),
]

CASES = [*_RECOGNISABILITY, *_CONSENT, *_REACH, *_MISSING, *_AGE]


@pytest.mark.parametrize("given", CASES)
def test_people_codes_are_complete(given: Case) -> None:
    assert codes_of(given.verdict) == given.codes
    assert given.verdict.outcome is given.outcome


_BIRTHDAY = date(2008, 3, 2)


@pytest.mark.parametrize(
    ("given_on", "day", "codes"),
    [
        pytest.param(date(2026, 3, 2), date(2026, 3, 2), "", id="given on the birthday"),
        pytest.param(
            date(2026, 3, 1), date(2026, 3, 2), "CN_NO_CONSENT", id="given the day before"
        ),
        pytest.param(None, date(2026, 3, 2), "CN_NO_CONSENT", id="nobody has said when"),
    ],
)
def test_yes_given_as_a_child_is_no_consent_of_an_adult(
    given_on: date | None, day: date, codes: str
) -> None:
    person = make_adult(born=_BIRTHDAY, own=granted(day=given_on))
    assert codes_of(evaluate(photo_of(person), use(day=day), Policy())) == set(codes.split())


def test_yes_given_as_an_adult_counts_beside_one_given_as_a_child() -> None:
    own = granted(make_grant(day=date(2020, 1, 1)), make_grant(day=_BIRTHDAY.replace(year=2026)))
    person = make_adult(born=_BIRTHDAY, own=own)
    assert not codes_of(evaluate(photo_of(person), use(), Policy()))


def test_a_yes_that_may_be_a_childs_asks_for_the_date_of_birth_first() -> None:
    unsure = make_adult(
        born=None,
        age_group=AgeGroup.ADULT,
        guardians=(make_guardian(answer=answer_in_state(None)),),
    )
    for person, detail in ((unsure, ("born",)), (_SILENT, ())):
        [found] = evaluate(photo_of(person), use(), Policy()).findings
        assert (found.code, found.detail) == ("CN_NO_CONSENT", detail)


def test_yes_given_as_a_child_leaves_the_guardians_old_consent() -> None:
    person = make_adult(**{**_ONCE_A_CHILD, "born": _BIRTHDAY, "own": granted()})
    assert codes_of(evaluate(photo_of(person), use(), Policy())) == {"MI_NOW_ADULT"}


@pytest.mark.parametrize("state", _BLOCKING_WORDS)
def test_no_said_as_a_child_still_counts_for_the_adult(state: AnswerState) -> None:
    person = make_adult(born=_BIRTHDAY, own=answer_in_state(state))
    assert codes_of(evaluate(photo_of(person), use(), Policy())) == {_BLOCKING_WORDS[state]}


def test_two_consents_that_each_lack_something_make_no_consent_together() -> None:
    own = granted(
        make_grant(channels=frozenset({"website"})), make_grant(purposes=frozenset({"marketing"}))
    )
    codes = codes_of(evaluate(photo_of(make_adult(own=own)), use(), Policy()))
    assert codes in ({"CN_SCOPE_CHANNEL"}, {"CN_SCOPE_PURPOSE"})


def test_codes_of_several_people_are_united_and_each_names_its_person() -> None:
    photo = photo_of(
        make_adult(person="H-1", own=answer_in_state(AnswerState.REFUSED)),
        make_adult(person="H-2", own=granted(valid_until=DAY_BEFORE)),
        make_adult(person="H-3", capacity=Capacity.DOUBT),
        make_adult(person="H-4", deceased=True, own=answer_in_state(AnswerState.REFUSED)),
        make_adult(person="H-5", born=None),
        make_adult(person="H-6"),
    )
    found = {(f.code, f.person) for f in evaluate(photo, use(), Policy()).findings}
    assert found == {
        ("CN_REFUSED", "H-1"),
        ("CN_EXPIRED", "H-2"),
        ("CN_CAPACITY_DOUBT", "H-3"),
        ("PE_DECEASED", "H-4"),
        ("CN_REFUSED", "H-4"),
        ("MI_AGE_UNKNOWN", "H-5"),
    }


def test_same_code_of_two_people_is_found_for_each() -> None:
    photo = photo_of(_SILENT, replace(_SILENT, person="H-3"), sensitive=True)
    verdict = evaluate(photo, use(), Policy())
    assert {(f.code, f.person) for f in verdict.findings} == {
        (code, person)
        for code in ("CN_NO_CONSENT", "PR_SENSITIVE_CONTEXT")
        for person in ("H-1", "H-3")
    }
    assert verdict.codes == ("CN_NO_CONSENT", "PR_SENSITIVE_CONTEXT")


def test_nobody_beside_registered_people_is_a_contradiction_that_does_not_open_the_gate() -> None:
    photo = photo_of(_SILENT, people=People.NONE)
    assert codes_of(evaluate(photo, use(), Policy())) == {"CN_NO_CONSENT"}


def test_age_limit_of_consents_does_not_end_a_permission_of_the_photographer() -> None:
    photo = facts(permissions=(make_permission(day=date(2020, 1, 1)),))
    assert not codes_of(evaluate(photo, use(), Policy(max_consent_age_months=12)))


@pytest.mark.parametrize(
    "person",
    [
        make_adult(born=date(2008, 3, 1), own=granted(day=DAY_BEFORE - timedelta(days=1))),
        make_adult(born=date(2008, 3, 1), own=granted(day=None)),
        make_adult(born=None, age_group=AgeGroup.ADULT, guardians=(make_guardian(),)),
    ],
    ids=["given the day before coming of age", "on an unknown day", "at an unknown age"],
)
def test_yes_that_may_be_a_childs_counts_for_an_adult_as_if_nothing_had_been_said(
    person: PersonFacts,
) -> None:
    asked = Situation(photo_of(person), use(), Policy())
    assert as_adult(asked, person) == Answer()
    given = replace(person, born=date(2008, 3, 1), own=granted(day=DAY_BEFORE))
    assert as_adult(asked, given) is given.own  # the answer itself, which is weighed only once


@pytest.mark.parametrize(
    ("own", "code", "asks"),
    [
        (answer_in_state(AnswerState.NONE), "CN_NO_CONSENT", ("H-3",)),
        (answer_in_state(AnswerState.REFUSED), "CN_REFUSED", ()),
        (answer_in_state(AnswerState.WITHDRAWN), "CN_WITHDRAWN", ()),
        (granted(valid_until=DAY_BEFORE), "CN_EXPIRED", ("H-3",)),
    ],
)
def test_finding_about_one_of_two_adults_names_that_one_and_asks_nobody_who_refused(
    own: Answer, code: str, asks: tuple[str, ...]
) -> None:
    photo = photo_of(make_adult(), make_adult(person="H-3", own=own))
    found = [(f.code, f.person, f.ask) for f in evaluate(photo, use(), Policy()).findings]
    assert found == [(code, "H-3", asks)]
