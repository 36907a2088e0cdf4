"""Minors: the guardians' consents and the child's own view (T8).

A general view gives no relief. The 13-year limit of tietosuojalaki 5 § concerns services offered
to children online and plays no part here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from photoreg.rulebook.facts import (
    REFUSALS,
    AgeGroup,
    AnswerState,
    GuardianAnswer,
    PersonFacts,
)
from photoreg.rulebook.people import consent_gaps
from photoreg.rulebook.policy import Guardians
from photoreg.rulebook.reasons import Family, Finding, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.weighing import Weighed

_F, _R, _U = Family.MINORS, Severity.REFUSED, Severity.UNCLEAR
_CUSTODY = "Act on Child Custody (361/1983) "

CHILD_OPPOSES = declare_reason(
    "MI_CHILD_OPPOSES",
    _F,
    _R,
    clauses="T7 T8",
    law=_CUSTODY + "4.2 §",
    title="the child does not want to be shown",
    met="no child opposes being shown",
    remedy="Respect the child's refusal: choose another photo, or crop the child out.",
)
CHILD_VIEW_MISSING = declare_reason(
    "MI_CHILD_VIEW_MISSING",
    _F,
    _U,
    clauses="T7 T8 T9",
    law=_CUSTODY + "4.2 §",
    title="a young person of this age must be asked too, and has not agreed",
    met="every young person who must be asked has agreed",
    remedy="Ask the young person and record the answer, or ask the coordinator to decide.",
)
GUARDIAN_REFUSED = declare_reason(
    "MI_GUARDIAN_REFUSED",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "5.1 §",
    title="a guardian has refused",
    met="no guardian has refused",
    remedy="Do not publish the photo. One guardian's refusal is enough.",
)
GUARDIAN_WITHDRAWN = declare_reason(
    "MI_GUARDIAN_WITHDRAWN",
    _F,
    _R,
    clauses="T8",
    law="GDPR art. 7(3)",
    title="a guardian has withdrawn the consent",
    met="no guardian has withdrawn a consent",
    remedy="Do not publish the photo, and take down what is online.",
)
GUARDIAN_CONSENT_MISSING = declare_reason(
    "MI_GUARDIAN_CONSENT_MISSING",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "3 §",
    title="no verified guardian has consented",
    met="no child is without any guardian's answer",
    remedy=(
        "Ask every guardian of the child for consent, record the answers, and verify the "
        "guardianships."
    ),
)
GUARDIAN_PARTIAL = declare_reason(
    "MI_GUARDIAN_PARTIAL",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "5.1 §",
    title="not every guardian has consented",
    met="no guardian's answer is missing beside another's",
    remedy="Ask the guardian who has not answered. If that is impossible, "
    "the coordinator can excuse a guardian on stated grounds.",
)
GUARDIANS_UNKNOWN = declare_reason(
    "MI_GUARDIANS_UNKNOWN",
    _F,
    _U,
    clauses="T8 T9",
    title="it is not known how many guardians the child has",
    met="the number of guardians is known",
    remedy="Find out who the guardians are and record their number.",
)
CONSENTER_NOT_GUARDIAN = declare_reason(
    "MI_CONSENTER_NOT_GUARDIAN",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "3 §",
    title="the signatory is not a verified guardian of the child",
    met="every signature is by a verified guardian",
    remedy="Verify the guardianship, or ask the guardians themselves.",
)
SENSITIVE_MINOR = declare_reason(
    "PR_SENSITIVE_MINOR",
    _F,
    _R,
    clauses="S3",
    law="Criminal Code (39/1889) 24:8 §",
    title="the photo shows a child in a sensitive situation; consent is not enough",
    met="no child is shown in a sensitive situation",
    remedy="Do not publish the photo. Choose another one.",
)


@rule
def child_view(s: Situation) -> Iterator[Finding]:
    """Lapsenhuoltolaki 4.2 §: the child's wishes count; from the policy's age they are asked."""
    for child in s.minors:
        weighed = s.weigh(child.own)
        if weighed.state in REFUSALS:
            ask = [child.person] if weighed.has_later_yes else []
            yield CHILD_OPPOSES.finding(child, ask=ask)
        elif not weighed.is_granted and _needs_child_view(s, child):
            yield CHILD_VIEW_MISSING.finding(child, ask=[child.person])


def _needs_child_view(s: Situation, child: PersonFacts) -> bool:
    age = child.age_on(s.use.day)
    return age is None or age >= s.policy.child_view_age


@dataclass(frozen=True, slots=True)
class _Signatory:
    """One who signs for a child, with what their statements amount to for the use."""

    guardian: GuardianAnswer
    weighed: Weighed

    @property
    def id(self) -> str:
        return self.guardian.guardian

    @property
    def has_signed(self) -> bool:
        return self.weighed.state is AnswerState.GRANTED

    @property
    def is_silent(self) -> bool:
        unanswered = self.weighed.state not in REFUSALS | {AnswerState.GRANTED}
        return unanswered and not self.guardian.excused


def _signatories(s: Situation, child: PersonFacts) -> list[_Signatory]:
    """Return who signs for a child; of a dead one, with what they had said by the day of death."""
    guardians = s.guardians_of(child)
    return [_Signatory(g, s.weigh(g.answer.until(child.died_on))) for g in guardians]


@rule
def guardian_consents(s: Situation) -> Iterator[Finding]:
    """Lapsenhuoltolaki 5.1 §: guardians decide together; silence is no consent."""
    for child in s.minors:
        everybody = _signatories(s, child)
        yield from _guardian_refusals(child, everybody)
        yield from _guardian_gaps(s, child, everybody)


def _guardian_refusals(child: PersonFacts, everybody: Iterable[_Signatory]) -> Iterator[Finding]:
    """Yield the refusals: anybody's counts, also of one who is not verified."""
    reasons = {
        AnswerState.REFUSED: GUARDIAN_REFUSED,
        AnswerState.WITHDRAWN: GUARDIAN_WITHDRAWN,
    }
    for state, reason in reasons.items():
        refusing = [each for each in everybody if each.weighed.state is state]
        ask = [each.id for each in refusing if each.weighed.has_later_yes and not child.deceased]
        if refusing:
            by = [each.id for each in refusing]
            yield reason.finding(child, ask=ask if len(ask) == len(refusing) else [], said_by=by)


def _guardian_gaps(
    s: Situation, child: PersonFacts, everybody: list[_Signatory]
) -> Iterator[Finding]:
    verify = [each.id for each in everybody if each.has_signed and not each.guardian.verified]
    alone = [each for each in everybody if each.guardian.decides_alone and each.guardian.verified]
    deciding = alone or everybody
    total = len(alone) or child.guardians_total
    consenting = [each for each in deciding if each.has_signed and each.guardian.verified]
    silent = [each.id for each in deciding if each.is_silent]
    if verify:
        yield CONSENTER_NOT_GUARDIAN.finding(child, verify=verify)
    if total is None:
        yield GUARDIANS_UNKNOWN.finding(child)
    if not any(each.weighed.state in REFUSALS for each in everybody):
        if not consenting:
            yield GUARDIAN_CONSENT_MISSING.finding(child, ask=silent, verify=verify)
        elif s.policy.guardians is Guardians.ALL and _lacks_guardians(total, deciding, consenting):
            yield GUARDIAN_PARTIAL.finding(child, ask=silent, verify=verify)
    covering = [each for each in consenting if each.weighed.is_granted]
    suffices = bool(covering and total) and not _lacks_guardians(total, deciding, covering)
    if not suffices:
        yield from _consent_gaps(s, child, consenting)


def _lacks_guardians(
    total: int | None, deciding: list[_Signatory], consenting: list[_Signatory]
) -> bool:
    """Return whether fewer than all who are not excused have consented."""
    if total is None:
        return False  # covered by GUARDIANS_UNKNOWN
    consented = {each.id for each in consenting}
    excused = {each.id for each in deciding if each.guardian.excused and each.guardian.verified}
    return len(consented) < total - len(excused - consented)


def _consent_gaps(
    s: Situation, child: PersonFacts, consenting: list[_Signatory]
) -> Iterator[Finding]:
    """Yield what the guardians' consents lack: each one's if all must agree, else the best."""
    gaps = [(each.id, consent_gaps(each.weighed)) for each in consenting]
    if s.policy.guardians is Guardians.ONE and gaps:
        gaps = [min(gaps, key=lambda each: len(each[1]))]
    for reason in dict.fromkeys(reason for _guardian, found in gaps for reason in found):
        ask = [guardian for guardian, found in gaps if reason in found]
        yield reason.finding(child, ask=dict.fromkeys(ask))


@rule
def deceased_minors(s: Situation) -> Iterator[Finding]:
    """A child's or a guardian's refusal that counted on the day of the child's death stays."""
    for child in s.persons:
        own = s.weigh(child.own.until(child.died_on))
        if s.died_as_minor(child) and own.state in REFUSALS:
            yield CHILD_OPPOSES.finding(child)
        if child.deceased and not _died_as_adult(s, child):
            yield from _guardian_refusals(child, _signatories(s, child))


def _died_as_adult(s: Situation, person: PersonFacts) -> bool:
    age = person.age_on(person.died_on) if person.died_on else None
    return person.age_group is AgeGroup.ADULT or (age is not None and age >= s.policy.child_age)


@rule
def sensitive_minor(s: Situation) -> Iterator[Finding]:
    """S3 and rikoslaki 24:8 (KKO 2018:81): no consent waives a child's private life."""
    if s.facts.sensitive:
        for child in s.minors:
            yield SENSITIVE_MINOR.finding(child)
