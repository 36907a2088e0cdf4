"""Channels, the completeness of the record, and the notices that never block."""

from collections.abc import Iterator

from photoreg.rulebook.facts import (
    OPEN_ENDED,
    Channel,
    Mode,
    People,
)
from photoreg.rulebook.people import deciding_answers
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
    met="every question has been answered",
    remedy="Answer the questions that are open.",
)
FLAGGED = declare_reason(
    "RG_FLAGGED",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="V4",
    law="GDPR art. 21",
    title="somebody has stopped the photo or objects to publishing it",
    met="nobody has stopped the photo or objects to publishing it",
    remedy="Do not publish the photo. The communications coordinator examines the flag.",
)
OBJECTION = "objection"
"""Detail of `RG_FLAGGED`: the flag is by or about a person, so doors show `RG_STOPPED` instead."""

ERASED = declare_reason(
    "RG_ERASED",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="S3",
    law="GDPR art. 17",
    title="the photo, or somebody shown in it, has been erased from the registry",
    met="neither the photo nor anybody shown in it has been erased",
    remedy="Choose another photo.",
)
CLOCK = declare_reason(
    "RG_CLOCK",
    Family.REGISTER,
    Severity.REFUSED,
    clauses="V2",
    title="the clock of the computer is behind: the log has an entry of a later day",
    met="the computer's clock agrees with the log",
    remedy=(
        "Correct the clock. If the clock was ahead when the entry was made, a coordinator can "
        "record that."
    ),
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
    met="the channel is no closed work group of a social media service",
    remedy="Use the municipality's own systems instead.",
)
TERMS_CHANGED = declare_reason(
    "CH_TERMS_CHANGED",
    _F,
    Severity.UNCLEAR,
    clauses="J4 T9",
    title="the service has changed its terms since the consent was given",
    met="the service's terms are the ones under which the consents were given",
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
DAY_DIFFERS = declare_reason(
    "NT_DAY_DIFFERS",
    Family.REGISTER,
    _N,
    clauses="T7",
    title="the file says that the photo was taken on another day than the event",
)
PRINT_IRREVOCABLE = declare_reason(
    "NT_PRINT_IRREVOCABLE",
    Family.PEOPLE,
    _N,
    law="GDPR art. 7(3)",
    title="what is printed or handed to the press cannot be recalled; tell the person beforehand",
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
    yield "photographer", facts.photographer is not None or s.is_generated
    for name in ("basis", "commissioner", "file_rights"):
        yield name, getattr(facts, name) is not None
    for name in ("place", "shot", "confidentiality", "terms_changed"):
        yield name, getattr(facts, name) is not None
    if s.use.mode is Mode.LINK:
        return
    yield "picture", not facts.picture_unread
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
    if s.facts.objected:
        yield FLAGGED.finding(None, OBJECTION)


@rule
def erasure(s: Situation) -> Iterator[Finding]:
    """GDPR art. 17: what was erased is not published again."""
    if s.facts.erased:
        yield ERASED.finding()


@rule
def clock(s: Situation) -> Iterator[Finding]:
    """A clock that is behind would let ended consents count again."""
    if s.use.clock_is_behind:
        yield CLOCK.finding()


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
    """Reminders about consents that count: without an end, and where nothing can be recalled."""
    for person in s.persons:
        answers = deciding_answers(s, person)
        if any(y.valid_until == OPEN_ENDED for a in answers for y in s.weigh(a).covering):
            yield OPEN_ENDED_CONSENT.finding(person)
    if not s.use.channel.is_recallable and s.shows_people:
        yield PRINT_IRREVOCABLE.finding()


@rule
def day_of_event(s: Situation) -> Iterator[Finding]:
    """A photo that was taken on another day may not belong to the event that answers for it."""
    if s.facts.day_differs:
        yield DAY_DIFFERS.finding()
