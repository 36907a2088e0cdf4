"""Depicted people: recognisability, and the consent of adults (T7)."""

from collections.abc import Iterator

from photoreg.rulebook.facts import (
    REFUSALS,
    AgeGroup,
    Answer,
    AnswerState,
    Capacity,
    Mode,
    People,
    PersonFacts,
    Place,
    Purpose,
    Role,
    Shot,
    Statement,
)
from photoreg.rulebook.reasons import Family, Finding, Reason, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.weighing import Gap, Weighed

_F, _R, _U = Family.PEOPLE, Severity.REFUSED, Severity.UNCLEAR

RECOGNISABILITY_UNSURE = declare_reason(
    "PE_RECOGNISABILITY_UNSURE",
    _F,
    _U,
    clauses="T7 P3 T9",
    title="it is not certain whether somebody can be recognised",
    met="nobody is in doubt about who can be recognised",
    remedy=(
        "Look again at faces, clothes, dogs, places and the caption, and answer; or ask the "
        "coordinator to decide."
    ),
)
UNREGISTERED_PERSON = declare_reason(
    "PE_UNREGISTERED_PERSON",
    _F,
    _R,
    clauses="T7",
    title="somebody who can be recognised is not named in the registry",
    met="nobody who can be recognised is left unnamed",
    remedy="Name the missing person in the photo and ask for consent, or crop the photo.",
)
RECOGNISABLE_IN_GENERAL_VIEW = declare_reason(
    "PE_RECOGNISABLE_IN_GENERAL_VIEW",
    _F,
    _U,
    clauses="T5 T7 T9",
    title="somebody can be recognised in a general view and was not asked",
    met="nobody can be recognised in a general view without having been asked",
    remedy="Ask the person for consent, or ask the coordinator to decide.",
)
NO_CONSENT = declare_reason(
    "CN_NO_CONSENT",
    _F,
    _R,
    clauses="T7",
    law="GDPR art. 6(1)(a)",
    title="the person has not consented",
    met="everybody whose consent is needed has answered",
    remedy="Ask the person for consent and record it with its evidence.",
)
UNDOCUMENTED = declare_reason(
    "CN_UNDOCUMENTED",
    _F,
    _R,
    clauses="T7 V2",
    law="GDPR art. 7(1)",
    title="a consent has been reported but not documented",
    met="every consent given is documented",
    remedy="Attach the signed form or another document that shows the consent.",
)
EXPIRED = declare_reason(
    "CN_EXPIRED",
    _F,
    _R,
    clauses="T7",
    law="GDPR art. 5(1)(e)",
    title="the consent has ended",
    met="no consent has ended",
    remedy="Ask for consent again and record it.",
)
CONSENT_SCOPE_CHANNEL = declare_reason(
    "CN_SCOPE_CHANNEL",
    _F,
    _R,
    clauses="T7 J1",
    law="GDPR art. 6(1)(a)",
    title="the consent does not cover this channel",
    met="the consents given cover this channel",
    remedy="Ask for consent for this channel, or choose a channel that the consent covers.",
)
CONSENT_SCOPE_PURPOSE = declare_reason(
    "CN_SCOPE_PURPOSE",
    _F,
    _R,
    clauses="T7",
    law="GDPR art. 5(1)(b)",
    title="the consent does not cover this purpose",
    met="the consents given cover this purpose",
    remedy="Ask for consent for this purpose.",
)
REFUSED = declare_reason(
    "CN_REFUSED",
    _F,
    _R,
    clauses="T7",
    title="the person has refused",
    met="nobody shown has refused",
    remedy="Do not publish the photo. Choose another one, or crop the person out.",
)
WITHDRAWN = declare_reason(
    "CN_WITHDRAWN",
    _F,
    _R,
    clauses="T7",
    law="GDPR art. 7(3)",
    title="the person has withdrawn the consent",
    met="no consent has been withdrawn",
    remedy="Do not publish the photo, and take down what is online.",
)
CAPACITY_DOUBT = declare_reason(
    "CN_CAPACITY_DOUBT",
    _F,
    _U,
    clauses="T7 T9",
    law="GDPR art. 4(11)",
    title="there is doubt that the person is able to decide about the consent",
    met="there is no doubt about anybody's ability to decide",
    remedy="Ask the coordinator to decide; talk with the person and those who support them.",
)
SENSITIVE_CONTEXT = declare_reason(
    "PR_SENSITIVE_CONTEXT",
    _F,
    _U,
    clauses="S3 T9",
    law="Criminal Code (39/1889) 24:8 §",
    title="the photo shows the person in a sensitive situation",
    met="no adult is shown in a sensitive situation",
    remedy="Choose another photo, or ask the coordinator to decide.",
)
PUBLIC_ROLE = declare_reason(
    "PE_PUBLIC_ROLE",
    _F,
    _U,
    clauses="T7 T9",
    law="Data Protection Act (1050/2018) 4 § and Criminal Code (39/1889) 24:8.2 §",
    title="the person is shown in a public office and was not asked",
    met="nobody is shown in a public office without having been asked",
    remedy="Ask the person for consent, or ask the coordinator to decide.",
)
DECEASED = declare_reason(
    "PE_DECEASED",
    _F,
    _U,
    clauses="S3 T9",
    title="the person has died",
    met="nobody shown is recorded as having died",
    remedy="Ask those close to the person, and ask the coordinator to decide.",
)
CARE_RECOGNISABLE = declare_reason(
    "CF_CARE_RECOGNISABLE",
    Family.SECRECY,
    _R,
    clauses="S5 T7",
    law="Act on client data in social welfare and health care (703/2023) 4 §",
    title="somebody can be recognised on care premises and has not consented",
    met="nobody can be recognised on care premises without consent",
    remedy="Ask the person for consent, or choose a photo in which nobody can be recognised.",
)
PLACE_UNKNOWN = declare_reason(
    "PL_UNKNOWN",
    _F,
    _U,
    clauses="T5 T6 T9",
    title=(
        "it is not known whether the place is public, so the photo cannot be treated as a "
        "general view of a public place"
    ),
    met="the kind of place is known where it matters",
    remedy="Find out where the photo was taken and record the place.",
)
AGE_UNKNOWN = declare_reason(
    "MI_AGE_UNKNOWN",
    Family.MINORS,
    _U,
    clauses="T8 T9",
    title="it is not known whether the person is a minor",
    met="it is known who is a minor",
    remedy="Record the date of birth, or that the person is an adult.",
)
NOW_ADULT = declare_reason(
    "MI_NOW_ADULT",
    Family.MINORS,
    _U,
    clauses="T7 T9",
    law="Act on Child Custody (361/1983) 3 §",
    title="the guardians consented earlier, but the person is an adult now",
    met="no adult is shown on a consent that only guardians gave",
    remedy="Ask the person for their own consent, or ask the coordinator to decide.",
)


BIRTH_DATE = "born"
"""The detail of a finding that no answer mends before the date of birth is recorded."""


@rule
def recognisability(s: Situation) -> Iterator[Finding]:
    """T7: the coordinator decides uncertain recognisability (P3: not only the face counts)."""
    if s.use.mode is not Mode.LINK and s.facts.people is People.UNSURE:
        yield RECOGNISABILITY_UNSURE.finding()


@rule
def everybody_is_registered(s: Situation) -> Iterator[Finding]:
    """T7: everybody who can be recognised must be asked, so everybody must be known."""
    if not s.shows_people:
        return
    stated = max(s.facts.recognisable_count or 0, 1)
    if stated > len(s.facts.persons):
        relief = s.is_general_view and s.use.purpose is Purpose.INFORMATION and not s.in_care
        yield (RECOGNISABLE_IN_GENERAL_VIEW if relief else UNREGISTERED_PERSON).finding()


@rule
def deceased_persons(s: Situation) -> Iterator[Finding]:
    """S3: the law protects the private life of the living; the dead need individual judgement.

    A refusal that counted on the day of death stays; a child's is found beside the guardians'.
    """
    for person in s.persons:
        if person.deceased:
            yield DECEASED.finding(person)
        if person.deceased and not s.died_as_minor(person):
            yield from _refusals(s.weigh(person.own.until(person.died_on)), person)


def _refusals(weighed: Weighed, person: PersonFacts) -> Iterator[Finding]:
    if weighed.state in REFUSALS:
        reason = REFUSED if weighed.state is AnswerState.REFUSED else WITHDRAWN
        asks = weighed.has_later_yes and not person.deceased
        yield reason.finding(person, ask=[person.person] if asks else [])


@rule
def adult_consent(s: Situation) -> Iterator[Finding]:
    """T7: an adult, or a person of unknown age, decides alone."""
    for person in s.adults:
        [answer] = deciding_answers(s, person)
        weighed = s.weigh(answer)
        if weighed.state in REFUSALS:
            yield from _refusals(weighed, person)
        elif weighed.state is AnswerState.GRANTED:
            for reason in consent_gaps(weighed):
                yield reason.finding(person, ask=[person.person])
        else:
            needed = (BIRTH_DATE,) if _was_perhaps_a_child(person) else ()
            for reason in _without_consent(s, person):
                yield reason.finding(person, *needed, ask=[person.person])


@rule
def adult_circumstances(s: Situation) -> Iterator[Finding]:
    """Circumstances that make even a consent uncertain: age, capacity, a sensitive situation."""
    for person in s.adults:
        if not _is_surely_adult(s, person):
            yield AGE_UNKNOWN.finding(person)
        if person.capacity is Capacity.DOUBT:
            yield CAPACITY_DOUBT.finding(person)
        if s.facts.sensitive:
            yield SENSITIVE_CONTEXT.finding(person)


def deciding_answers(s: Situation, person: PersonFacts) -> list[Answer]:
    """Return the answers that decide for a person: their own, or those of a minor's guardians."""
    known = s.deciding.get(id(person))
    if known is None:
        if s.is_minor(person):
            known = [guardian.answer for guardian in s.deciding_guardians(person)]
        else:
            known = [as_adult(s, person)]
        s.deciding[id(person)] = known
    return [*known]


def as_adult(s: Situation, person: PersonFacts) -> Answer:
    """Return the person's own answer as an adult: a grant given as a child does not count.

    A refusal counts at any age.
    """
    statements = person.own.statements
    kept = [each for each in statements if not each.is_grant or _given_as_adult(s, person, each)]
    return person.own if len(kept) == len(statements) else Answer(tuple(kept))


def _given_as_adult(s: Situation, person: PersonFacts, grant: Statement) -> bool:
    if person.born is None:
        return not _was_perhaps_a_child(person)
    age = person.age_on(grant.day) if grant.day else None
    return age is not None and age >= s.policy.child_age


def _was_perhaps_a_child(person: PersonFacts) -> bool:
    """Return whether nobody can tell how old the person was when they answered.

    A person with guardians is or was a child: no yes of their own counts until the date of birth
    is recorded.
    """
    return person.born is None and bool(person.guardians)


_GAP_REASONS = {
    Gap.EVIDENCE: UNDOCUMENTED,
    Gap.TIME: EXPIRED,
    Gap.CHANNEL: CONSENT_SCOPE_CHANNEL,
    Gap.PURPOSE: CONSENT_SCOPE_PURPOSE,
}


def consent_gaps(weighed: Weighed) -> tuple[Reason, ...]:
    """Return what a granted consent lacks for this use."""
    return tuple(_GAP_REASONS[gap] for gap in weighed.gaps)


def _without_consent(  # noqa: PLR0911 - one return for each circumstance of the rulebook
    s: Situation, person: PersonFacts
) -> tuple[Reason, ...]:
    """Return the reasons for a missing consent: the first circumstance that fits decides."""
    facts = s.facts
    if s.use.purpose is not Purpose.INFORMATION:
        return (NO_CONSENT,)
    if s.in_care:
        return (CARE_RECOGNISABLE,) if s.is_general_view else (CARE_RECOGNISABLE, NO_CONSENT)
    if person.role is Role.PUBLIC_OFFICE:
        return (PUBLIC_ROLE,)
    if s.is_general_view:
        return (RECOGNISABLE_IN_GENERAL_VIEW,)
    if _guardians_consented_once(s, person) and _is_surely_adult(s, person):
        return (NOW_ADULT,)
    if facts.shot is Shot.GENERAL_VIEW and facts.place is Place.UNKNOWN:
        return (NO_CONSENT, PLACE_UNKNOWN)
    return (NO_CONSENT,)


def _is_surely_adult(s: Situation, person: PersonFacts) -> bool:
    return person.age_on(s.use.day) is not None or person.age_group is AgeGroup.ADULT


def _guardians_consented_once(s: Situation, person: PersonFacts) -> bool:
    verified = [g.as_guardian().answer for g in person.guardians if g.verified]
    refused = any(s.weigh(answer).state in REFUSALS for answer in verified)
    return any(answer.grants for answer in verified) and not refused
