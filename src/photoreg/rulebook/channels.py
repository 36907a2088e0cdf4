"""Channels, the completeness of the record, and the notices that never block."""

from collections.abc import Iterator

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AnswerState,
    Channel,
    Mode,
    People,
)
from photoreg.rulebook.policy import ClosedGroup
from photoreg.rulebook.reasons import Family, Finding, Severity, declare_reason, rule
from photoreg.rulebook.situation import Situation

_F, _N = Family.CHANNEL, Severity.NOTICE

INCOMPLETE = declare_reason(
    "RG_INCOMPLETE",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="T7",
    law="GDPR art. 5(2)",
    title="a question has not been answered",
    remedy="Answer the questions that are open.",
)
FLAGGED = declare_reason(
    "RG_FLAGGED",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="V4",
    law="GDPR art. 21",
    title="somebody has stopped the photo or objects to publishing it",
    remedy="Do not publish the photo. The communications coordinator examines the flag.",
)
SECOND_LOOK = declare_reason(
    "RG_SECOND_LOOK",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="V1 V4",
    law="GDPR art. 5(2)",
    title="an answer that stood in the way was taken back, and nobody else has confirmed that yet",
    remedy="Another member of staff looks at the photo and confirms the answer, or corrects it.",
)
CLOSED_WORK_GROUP = declare_reason(
    "CH_CLOSED_WORK_GROUP",
    _F,
    Severity.REFUSED,
    clauses="I3",
    title=(
        "the municipality's material does not belong in a closed work group on a social media "
        "service"
    ),
    remedy="Use the municipality's own systems instead.",
)
TERMS_CHANGED = declare_reason(
    "CH_TERMS_CHANGED",
    _F,
    Severity.UNCLEAR,
    clauses="J4 T9",
    title="the service has changed its terms since the consent was given",
    remedy="Ask for consent again under the new terms, or ask the coordinator to decide.",
)
TREAT_AS_PUBLIC = declare_reason(
    "NT_TREAT_AS_PUBLIC",
    _F,
    _N,
    clauses="J1 J3",
    title="what is shared with a closed group is considered fully public",
)
TERMS_REVIEW = declare_reason(
    "NT_TERMS_REVIEW",
    _F,
    _N,
    clauses="J4",
    title="the service has changed its terms; review what they mean",
)
CARE_PREMISES = declare_reason(
    "NT_CARE_PREMISES",
    Family.SECRECY,
    _N,
    clauses="S5 T6",
    title="taken on care premises: look once more for clients and papers",
)
OPEN_ENDED_CONSENT = declare_reason(
    "NT_OPEN_ENDED_CONSENT",
    Family.PEOPLE,
    _N,
    law="GDPR art. 5(1)(e)",
    title="the consent has no end date; ask again from time to time",
)
PRINT_IRREVOCABLE = declare_reason(
    "NT_PRINT_IRREVOCABLE",
    Family.PEOPLE,
    _N,
    law="GDPR art. 7(3)",
    title="print cannot be recalled; tell the person before printing",
)


@rule
def record_is_complete(s: Situation) -> Iterator[Finding]:
    """Unknown is not permission: every question that the other rules rely on has an answer."""
    missing = [name for name, answered in _required_answers(s) if not answered]
    if missing:
        yield INCOMPLETE.finding(None, *missing)


def _required_answers(s: Situation) -> Iterator[tuple[str, bool]]:
    """Yield each question that this use needs answered, and whether it is."""
    facts = s.facts
    for name in ("photographer", "basis", "commissioner", "file_rights"):
        yield name, getattr(facts, name) is not None
    for name in ("place", "shot", "confidentiality", "terms_changed"):
        yield name, getattr(facts, name) is not None
    if s.use.mode is Mode.LINK:
        return
    yield "people", facts.people is not None
    if facts.people is People.UNRECOGNISABLE:
        yield "context_identifies", facts.context_identifies is not None
    if s.shows_people:
        yield "sensitive", facts.sensitive is not None
        yield "recognisable_count", facts.recognisable_count is not None
        for person in s.adults:
            yield "capacity", person.capacity is not None


@rule
def flags(s: Situation) -> Iterator[Finding]:
    """V4: anyone may step in; until the coordinator lifts the flag, nothing may be published."""
    if s.facts.flagged:
        yield FLAGGED.finding()


@rule
def second_look(s: Situation) -> Iterator[Finding]:
    """V1, V4: whoever takes back a statement that stood in the way does not decide alone."""
    if s.facts.second_look:
        yield SECOND_LOOK.finding()


@rule
def closed_work_group(s: Situation) -> Iterator[Finding]:
    """I3: work communities keep no closed groups on social media."""
    if not s.use.channel.is_permitted:
        yield CLOSED_WORK_GROUP.finding()


@rule
def changed_terms(s: Situation) -> Iterator[Finding]:
    """J4: a service that changes its terms may turn closed content public."""
    if not s.facts.terms_changed:
        return
    relies_on_closedness = (
        s.policy.closed_group is ClosedGroup.OWN_SCOPE and s.use.channel is Channel.CLOSED_GROUP
    )
    yield (TERMS_CHANGED if relies_on_closedness else TERMS_REVIEW).finding()


@rule
def channel_notices(s: Situation) -> Iterator[Finding]:
    """Reminders about the channel and the place."""
    if s.use.channel.is_closed:
        yield TREAT_AS_PUBLIC.finding()
    if s.in_care:
        yield CARE_PREMISES.finding()


@rule
def consent_notices(s: Situation) -> Iterator[Finding]:
    """Reminders about consents: without an end, and for print."""
    for person in s.persons:
        answers = [person.own] if not s.is_minor(person) else [g.answer for g in person.guardians]
        granted = [a for a in answers if a.state is AnswerState.GRANTED]
        if any(g.valid_until == OPEN_ENDED for a in granted for g in a.grants):
            yield OPEN_ENDED_CONSENT.finding(person)
    if not s.use.channel.is_recallable and s.shows_people:
        yield PRINT_IRREVOCABLE.finding()
