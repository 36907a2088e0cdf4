"""Minors: the guardians' consents and the child's own view (T8).

A general view gives no relief. The 13-year limit of tietosuojalaki 5 § concerns services offered
to children online and plays no part here.
"""

from collections.abc import Iterator

from photoreg.rulebook.facts import AnswerState, GuardianAnswer, PersonFacts
from photoreg.rulebook.people import lacking
from photoreg.rulebook.policy import Guardians
from photoreg.rulebook.reasons import NO, Family, Finding, Severity, declare, rule
from photoreg.rulebook.situation import Situation

_F, _R, _U = Family.MINORS, Severity.REFUSED, Severity.UNCLEAR
_CUSTODY = "Act on Child Custody (361/1983) "

CHILD_OPPOSES = declare(
    "MI_CHILD_OPPOSES",
    _F,
    _R,
    clauses="T7 T8",
    law=_CUSTODY + "4.2 §",
    title="the child does not want to be shown",
    remedy="Respect the child's no: choose another photo, or crop the child out.",
)
CHILD_VIEW_MISSING = declare(
    "MI_CHILD_VIEW_MISSING",
    _F,
    _U,
    clauses="T7 T8 T9",
    law=_CUSTODY + "4.2 §",
    title="a young person of this age must be asked too, and has not agreed",
    remedy="Ask the young person and record the answer, or let the coordinator rule.",
)
GUARDIAN_REFUSED = declare(
    "MI_GUARDIAN_REFUSED",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "5.1 §",
    title="a guardian has said no",
    remedy="Do not publish the photo. One guardian's no is enough.",
)
GUARDIAN_WITHDRAWN = declare(
    "MI_GUARDIAN_WITHDRAWN",
    _F,
    _R,
    clauses="T8",
    law="GDPR art. 7(3)",
    title="a guardian has withdrawn the consent",
    remedy="Do not publish the photo, and take down what is online.",
)
GUARDIAN_CONSENT_MISSING = declare(
    "MI_GUARDIAN_CONSENT_MISSING",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "3 §",
    title="no guardian has consented",
    remedy="Ask every guardian of the child for consent and record the answers.",
)
GUARDIAN_PARTIAL = declare(
    "MI_GUARDIAN_PARTIAL",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "5.1 §",
    title="not every guardian has consented",
    remedy="Ask the guardian who has not answered. If that is impossible, "
    "the coordinator can excuse a guardian on stated grounds.",
)
GUARDIANS_UNKNOWN = declare(
    "MI_GUARDIANS_UNKNOWN",
    _F,
    _U,
    clauses="T8 T9",
    title="it is not known how many guardians the child has",
    remedy="Find out who the guardians are and record their number.",
)
CONSENTER_NOT_GUARDIAN = declare(
    "MI_CONSENTER_NOT_GUARDIAN",
    _F,
    _R,
    clauses="T8",
    law=_CUSTODY + "3 §",
    title="somebody signed who is not known to be a guardian of the child",
    remedy="Verify the guardianship, or ask the guardians themselves.",
)
SENSITIVE_MINOR = declare(
    "PR_SENSITIVE_MINOR",
    _F,
    _R,
    clauses="S3",
    law="Criminal Code (39/1889) 24:8 §",
    title="the photo shows a child in a sensitive situation; a consent does not help",
    remedy="Do not publish the photo. Choose another one.",
)


@rule
def child_has_a_say(s: Situation) -> Iterator[Finding]:
    """Lapsenhuoltolaki 4.2 §: the child's wishes count; from the policy's age they are asked."""
    for child in s.minors:
        if not s.may_be_asked(child.own):
            yield CHILD_OPPOSES.found(child)
        elif not _agrees(s, child) and _must_be_asked(s, child):
            yield CHILD_VIEW_MISSING.found(child, ask=[child.person])


def _agrees(s: Situation, child: PersonFacts) -> bool:
    return any(s.covers_channel(g) and not s.is_over(g) for g in child.own.grants)


def _must_be_asked(s: Situation, child: PersonFacts) -> bool:
    age = child.age_on(s.use.day)
    return age is None or age >= s.policy.child_view_age


@rule
def guardians_decide(s: Situation) -> Iterator[Finding]:
    """Lapsenhuoltolaki 5.1 §: guardians decide together; silence is no consent."""
    for child in s.minors:
        yield from _guardians_lack(s, child)


def _guardians_lack(s: Situation, child: PersonFacts) -> Iterator[Finding]:
    signed = [g for g in child.guardians if g.answer.state is AnswerState.GRANTED]
    consenting = [g for g in signed if g.verified and not s.is_taken_back(g.answer)]
    states = {
        AnswerState.WITHDRAWN if s.is_taken_back(g.answer) else g.answer.state
        for g in child.guardians
    }
    verify = [g.guardian for g in signed if not g.verified and s.may_be_asked(g.answer)]
    silent = [
        g.guardian
        for g in child.guardians
        if g not in signed and not g.excused and s.may_be_asked(g.answer)
    ]
    if not all(g.verified for g in signed):
        yield CONSENTER_NOT_GUARDIAN.found(child, verify=verify)
    if child.guardians_total is None:
        yield GUARDIANS_UNKNOWN.found(child)
    if AnswerState.REFUSED in states:
        yield GUARDIAN_REFUSED.found(child)
    if AnswerState.WITHDRAWN in states:
        yield GUARDIAN_WITHDRAWN.found(child)
    if not states & NO:
        if not consenting:
            yield GUARDIAN_CONSENT_MISSING.found(child, ask=silent, verify=verify)
        elif s.policy.guardians is Guardians.ALL and _some_are_silent(child, consenting):
            yield GUARDIAN_PARTIAL.found(child, ask=silent, verify=verify)
    yield from _lacking_in_consents(s, child, consenting)


def _some_are_silent(child: PersonFacts, consenting: list[GuardianAnswer]) -> bool:
    if child.guardians_total is None:
        return False  # GUARDIANS_UNKNOWN says it
    excused = {g.guardian for g in child.guardians if g.excused and g.verified}
    consented = {g.guardian for g in consenting}
    return len(consented) < child.guardians_total - len(excused - consented)


def _lacking_in_consents(
    s: Situation, child: PersonFacts, consenting: list[GuardianAnswer]
) -> Iterator[Finding]:
    """What the guardians' consents lack: each one's when all must agree, the best one's else."""
    lacks = [(g.guardian, lacking(s, g.answer)) for g in consenting]
    if s.policy.guardians is Guardians.ONE and lacks:
        lacks = [min(lacks, key=lambda each: len(each[1]))]
    for reason in dict.fromkeys(reason for _guardian, found in lacks for reason in found):
        ask = [guardian for guardian, found in lacks if reason in found]
        yield reason.found(child, ask=dict.fromkeys(ask))


@rule
def sensitive_minor(s: Situation) -> Iterator[Finding]:
    """S3 and rikoslaki 24:8 (KKO 2018:81): no consent gives away a child's private life."""
    if s.facts.sensitive:
        for child in s.minors:
            yield SENSITIVE_MINOR.found(child)
