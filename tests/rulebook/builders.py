"""Facts that are all clear, to be spoilt one at a time; and the cases written from the rulebook.

Every builder gives something that is in order; a test changes the one thing that it is about.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    Answer,
    AnswerState,
    Basis,
    Capacity,
    Channel,
    Commissioner,
    Confidentiality,
    ConsentKind,
    Credit,
    FileRights,
    GuardianAnswer,
    People,
    PermissionFacts,
    PersonFacts,
    PhotoFacts,
    Photographer,
    Place,
    Role,
    Shot,
    Statement,
    Use,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate

DAY = date(2026, 3, 2)
DAY_BEFORE = date(2026, 3, 1)

REFUSING = frozenset(
    [
        "CR_NO_PERMISSION",
        "CR_PHOTOGRAPHER_UNKNOWN",
        "CR_PERMISSION_REVOKED",
        "CR_PERMISSION_EXPIRED",
        "CR_SCOPE_CHANNEL",
        "CR_SCOPE_PURPOSE",
        "CR_CREDIT_MISSING",
        "CR_COMMISSIONER_CONSENT_MISSING",
        "CR_TERM_RUNNING",
        "CR_LICENCE_TERMS",
        "CU_SOURCE_UNLAWFUL",
        "MD_RIGHTS_INFO_REMOVED",
        "CF_PUBLICATION_BLOCK",
        "CF_CARE_CLIENT",
        "CF_CARE_RECOGNISABLE",
        "CF_PUPIL_WELFARE",
        "CF_INTERNAL",
        "CH_CLOSED_WORK_GROUP",
        "RG_INCOMPLETE",
        "RG_FLAGGED",
        "RG_SECOND_LOOK",
        "RG_RULE_FAILED",
        "RG_ERASED",
        "RG_SECOND_LOOK",
        "RG_COPY_DIFFERS",
        "RG_PEOPLE_NAMED",
        "RG_FACES_FOUND",
        "RG_EVIDENCE_DAMAGED",
        "RG_CLOCK",
        "PE_UNREGISTERED_PERSON",
        "CN_UNDOCUMENTED",
        "CN_EXPIRED",
        "CN_SCOPE_CHANNEL",
        "CN_SCOPE_PURPOSE",
        "CN_REFUSED",
        "CN_WITHDRAWN",
        "CN_NO_CONSENT",
        "MI_CHILD_OPPOSES",
        "MI_GUARDIAN_REFUSED",
        "MI_GUARDIAN_WITHDRAWN",
        "MI_GUARDIAN_CONSENT_MISSING",
        "MI_GUARDIAN_PARTIAL",
        "MI_CONSENTER_NOT_GUARDIAN",
        "PR_SENSITIVE_MINOR",
    ]
)
"""The codes that refuse, as the rulebook's text gives them."""

UNCLEAR = frozenset(
    [
        "CR_PERMISSION_UNDOCUMENTED",
        "CR_EMPLOYEE_NO_AGREEMENT",
        "CR_TERM_UNCERTAIN",
        "CR_TERM_CONTRADICTED",
        "CR_MINOR_PHOTOGRAPHER",
        "CR_DEPICTED_WORK",
        "MD_AI_GENERATED",
        "CU_LINK_EMBED_SHARE",
        "MD_ARTIST_CONFLICT",
        "CF_UNSURE",
        "PL_NOT_PUBLIC",
        "PL_UNKNOWN",
        "CH_TERMS_CHANGED",
        "PE_RECOGNISABILITY_UNSURE",
        "PE_PUBLIC_ROLE",
        "PE_RECOGNISABLE_IN_GENERAL_VIEW",
        "PE_DECEASED",
        "MI_AGE_UNKNOWN",
        "MI_NOW_ADULT",
        "MI_CHILD_VIEW_MISSING",
        "MI_GUARDIANS_UNKNOWN",
        "CN_CAPACITY_DOUBT",
        "PR_SENSITIVE_CONTEXT",
    ]
)
"""The codes that leave a photo unclear."""

NOTICES = frozenset(
    [
        "NT_TREAT_AS_PUBLIC",
        "NT_TERMS_REVIEW",
        "NT_CARE_PREMISES",
        "NT_OPEN_ENDED_CONSENT",
        "NT_PRINT_IRREVOCABLE",
        "NT_AI_DISCLOSE",
        "NT_DAY_DIFFERS",
    ]
)
"""The codes that never block."""


def make_grant(**changes: Any) -> Statement:
    """Return a yes that covers the public page for every purpose, in force and documented."""
    grant = Statement(
        ConsentKind.GIVEN,
        channels=frozenset({Channel.PUBLIC_PAGE}),
        purposes=frozenset({"any"}),
        valid_until=date(2027, 12, 31),
        day=date(2026, 1, 15),
        documented=True,
    )
    return replace(grant, **changes)


def granted(*grants: Statement, **changes: Any) -> Answer:
    """Return a yes with these grants, or with one ordinary grant, changed."""
    return Answer(grants or (make_grant(**changes),))


def make_refusal(**changes: Any) -> Statement:
    """Return a withdrawal of everything, said after the ordinary grant."""
    refusal = Statement(ConsentKind.WITHDRAWN, day=date(2026, 2, 1), order=1)
    return replace(refusal, **changes)


def said(*statements: Statement) -> Answer:
    """Return an answer that consists of these statements, recorded in this order."""
    return Answer(tuple(replace(each, order=place) for place, each in enumerate(statements)))


_KINDS = {
    AnswerState.PENDING: ConsentKind.REQUESTED,
    AnswerState.REFUSED: ConsentKind.REFUSED,
    AnswerState.WITHDRAWN: ConsentKind.WITHDRAWN,
}


def answer_in_state(state: AnswerState | None) -> Answer:
    """Return an answer that is no yes."""
    return Answer((Statement(_KINDS[state], day=date(2026, 1, 15)),) if state in _KINDS else ())


def make_permission(*grants: Statement, holder: str = "H-9", **changes: Any) -> PermissionFacts:
    """Return one photographer's permission."""
    return PermissionFacts(holder, granted(*grants, **changes))


def make_adult(**changes: Any) -> PersonFacts:
    """Return an adult who has consented."""
    person = PersonFacts(
        person="H-1",
        born=date(1980, 5, 1),
        role=Role.PRIVATE,
        capacity=Capacity.OK,
        own=granted(),
    )
    return replace(person, **changes)


def make_guardian(
    name: str = "H-20", answer: Answer | None = None, **changes: Any
) -> GuardianAnswer:
    """Return a verified guardian who has consented."""
    return replace(GuardianAnswer(name, answer or granted(), verified=True), **changes)


def make_child(**changes: Any) -> PersonFacts:
    """Return a child of eight whose two guardians have consented."""
    person = PersonFacts(
        person="H-2",
        born=date(2017, 9, 1),
        role=Role.PRIVATE,
        guardians_total=2,
        guardians=(make_guardian("H-20"), make_guardian("H-21")),
    )
    return replace(person, **changes)


def facts(**changes: Any) -> PhotoFacts:
    """Return a staff photo with an agreed permission that shows nobody."""
    photo = PhotoFacts(
        photographer=Photographer.KNOWN,
        basis=Basis.STAFF_AGREEMENT,
        permissions=(make_permission(channels=frozenset(Channel), valid_until=OPEN_ENDED),),
        credit=Credit.RECORDED,
        commissioner=Commissioner.NA,
        taken_year=2025,
        file_rights=FileRights.MATCHES,
        place=Place.MUNICIPAL_OTHER,
        shot=Shot.PERSON_SUBJECT,
        people=People.NONE,
        confidentiality=Confidentiality.NONE,
        terms_changed=False,
    )
    return replace(photo, **changes)


def photo_of(*persons: PersonFacts, **changes: Any) -> PhotoFacts:
    """Return the all-clear photo with these people recognisable and registered."""
    shown = facts(
        people=People.RECOGNISABLE,
        recognisable_count=len(persons),
        persons=persons,
        sensitive=False,
    )
    return replace(shown, **changes)


def general_view(*persons: PersonFacts, **changes: Any) -> PhotoFacts:
    """Return a general view of a street with these people recognisable and registered."""
    return replace(
        photo_of(*persons), **{"place": Place.PUBLIC_OUTDOOR, "shot": Shot.GENERAL_VIEW, **changes}
    )


def use(channel: Channel = Channel.PUBLIC_PAGE, **changes: Any) -> Use:
    """Return an upload to the public page, for information, on the day of the tests."""
    return replace(Use(channel=channel, day=DAY), **changes)


@dataclass(frozen=True)
class Case:
    """One situation and the complete set of codes that the rulebook's text gives it."""

    about: str
    codes: frozenset[str]
    facts: PhotoFacts
    use: Use
    policy: Policy

    @property
    def fires(self) -> bool:
        """Is this a case in which the code occurs, as opposed to a near miss?"""
        return self.about in self.codes

    @property
    def outcome(self) -> Outcome:
        """The outcome that the codes amount to."""
        return outcome_of(self.codes)

    @property
    def verdict(self) -> Verdict:
        """What the rules say."""
        return evaluate(self.facts, self.use, self.policy)


def case(
    name: str,
    about: str,
    codes: str,
    photo: PhotoFacts | None = None,
    *,
    to: Use | None = None,
    policy: Policy | None = None,
) -> ParameterSet:
    """Return one case as a parameter; `codes` are all reasons and notices expected."""
    given = Case(about, frozenset(codes.split()), photo or facts(), to or use(), policy or Policy())
    return pytest.param(given, id=f"{about}: {name}")


def outcome_of(codes: frozenset[str]) -> Outcome:
    """Return the worst of what the codes weigh, by the rulebook's text."""
    if codes & REFUSING:
        return Outcome.REFUSED
    return Outcome.UNCLEAR if codes & UNCLEAR else Outcome.PUBLISHABLE


def codes_of(verdict: Verdict) -> frozenset[str]:
    """Return the codes of all findings and notices."""
    return frozenset(f.code for f in (*verdict.findings, *verdict.notices))
