"""From what somebody said, event by event, to where their word stands now: the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from photoreg.registry.tables.consents import ConsentKind
from photoreg.rulebook.facts import EVERY_CHANNEL, Answer, AnswerState, Basis, Grant

_GRANTING_KINDS = frozenset({ConsentKind.GIVEN, ConsentKind.RENEWED})
_REFUSING_KINDS = frozenset({ConsentKind.REFUSED, ConsentKind.WITHDRAWN})


class ReachLevel(IntEnum):
    """How narrow a word is: about everything, about an event's photos, about one photo."""

    EVERYTHING = 0
    EVENT = 1
    PHOTO = 2


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """One event of a consent or permission, with what it speaks of.

    For a yes, `grant` says how far it reaches; for a withdrawal, `grant.channels` names what is
    taken back, and none means everything. `thread` is the consent or permission it belongs to.
    """

    id: int
    record_id: int
    kind: ConsentKind
    day: date
    grant: Grant
    reach: ReachLevel = ReachLevel.EVERYTHING
    basis: Basis | None = None
    credit: str = ""
    credit_waived: bool = False

    @property
    def is_refusal(self) -> bool:
        """Does it refuse or take back anything?"""
        return self.kind in _REFUSING_KINDS


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """Where the word of one person stands, and the yeses that it rests on.

    `last_yes` is the last yes ever said, also when it was taken back since.
    """

    answer: Answer
    active_events: tuple[ReplayEvent, ...] = ()
    last_grant: ReplayEvent | None = None
    has_events: bool = False

    @property
    def is_refused(self) -> bool:
        """Was it refused, or taken back as a whole?"""
        return self.answer.state in {AnswerState.REFUSED, AnswerState.WITHDRAWN}


def consent_status(events: Iterable[ReplayEvent], *, cumulative: bool) -> ConsentStatus:
    """Replay the words in the order of their days.

    A whole no ends every yes before it; a partial withdrawal takes its channels out of them. A
    later yes gives back the channels that it names, and only where it is at least as narrow as
    the no: what was said of one photo yields only to a yes about that photo. A new yes replaces
    the earlier ones, unless they are `cumulative` (copyright: one licence adds to another; a
    consent is the person's last word).
    """
    ordered = sorted(events, key=lambda event: (event.day, event.id))
    replay = _Replay(cumulative)
    for event in ordered:
        replay.apply(event)
    return ConsentStatus(
        replay.answer(),
        tuple(replay.active_events.values()),
        last_grant=next(
            (event for event in reversed(ordered) if event.kind in _GRANTING_KINDS), None
        ),
        has_events=bool(ordered),
    )


@dataclass(frozen=True, slots=True)
class _ReplayRefusal:
    """A no that was heard: how narrow, to which channels, and what was given back since."""

    reach: ReachLevel
    channels: frozenset[str]
    restored: frozenset[str] = frozenset()

    @property
    def is_total(self) -> bool:
        """Is it a no to every channel?"""
        return EVERY_CHANNEL in self.channels

    def apply_to(self, grant: Grant) -> Grant:
        """Return what the no leaves of a grant."""
        if self.is_total:
            return replace(grant, channels=grant.channels & self.restored)
        return replace(grant, excluded=grant.excluded | (self.channels - self.restored))


class _Replay:
    """The words so far: the state, the yeses in force, and every no that still counts."""

    def __init__(self, cumulative: bool) -> None:
        self.cumulative = cumulative
        self.state = AnswerState.NONE
        self.active_events: dict[int, ReplayEvent] = {}
        self.refusals: list[_ReplayRefusal] = []

    def apply(self, event: ReplayEvent) -> None:
        """Let one more word count."""
        if event.kind is ConsentKind.REQUESTED:
            if self.state is AnswerState.NONE:
                self.state = AnswerState.PENDING
        elif event.kind in _GRANTING_KINDS:
            self._apply_grant(event)
        elif event.kind is ConsentKind.REFUSED or not event.grant.channels:
            refused = event.kind is ConsentKind.REFUSED
            self._refuse_all(event, AnswerState.REFUSED if refused else AnswerState.WITHDRAWN)
        else:
            self._refuse_some(event)

    def _apply_grant(self, event: ReplayEvent) -> None:
        self.refusals = [
            replace(refusal, restored=refusal.restored | event.grant.channels)
            if event.reach >= refusal.reach
            else refusal
            for refusal in self.refusals
        ]
        grant = event.grant
        for refusal in self.refusals:
            grant = refusal.apply_to(grant)
        if grant.channels - grant.excluded:
            granted = replace(event, grant=grant)
            self.active_events = {
                **(self.active_events if self.cumulative else {}),
                event.record_id: granted,
            }
            self.state = AnswerState.GRANTED

    def _refuse_all(self, event: ReplayEvent, state: AnswerState) -> None:
        # Whatever gives this one back gives those back as well.
        self.refusals = [
            refusal
            for refusal in self.refusals
            if not refusal.is_total or refusal.reach > event.reach
        ]
        self.refusals.append(_ReplayRefusal(event.reach, frozenset({EVERY_CHANNEL})))
        self.active_events, self.state = {}, state

    def _refuse_some(self, event: ReplayEvent) -> None:
        refusal = _ReplayRefusal(event.reach, event.grant.channels)
        remaining = {
            t: replace(yes, grant=refusal.apply_to(yes.grant))
            for t, yes in self.active_events.items()
        }
        self.active_events = {
            t: y for t, y in remaining.items() if y.grant.channels - y.grant.excluded
        }
        if self.active_events:
            self.refusals.append(refusal)
        else:
            self._refuse_all(event, AnswerState.WITHDRAWN)

    def answer(self) -> Answer:
        """Return where the word stands, with what is still refused beside a yes."""
        taken_back: frozenset[str] = frozenset()
        regained: frozenset[str] | None = None
        for refusal in self.refusals:
            if refusal.is_total:
                taken_back |= refusal.channels
                regained = refusal.restored if regained is None else regained & refusal.restored
            else:
                taken_back |= refusal.channels - refusal.restored
        grants = tuple(event.grant for event in self.active_events.values())
        return Answer(self.state, grants, taken_back, regained or frozenset())
