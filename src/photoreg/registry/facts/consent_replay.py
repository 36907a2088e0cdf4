"""Replay consent events into the current status; the latest event wins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from photoreg.rulebook.facts import (
    EVERY_CHANNEL,
    GRANTING_KINDS,
    REFUSALS,
    REFUSING_KINDS,
    Answer,
    AnswerState,
    Basis,
    ConsentKind,
    Grant,
    ReachLevel,
)


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """One event of a consent or permission, with its scope.

    Of a granting event, `grant` is the scope granted; of a withdrawal, `grant.channels` names the
    channels withdrawn, and none means everything. `record_id` is the consent or permission.
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
        """Return whether it refuses or withdraws anything."""
        return self.kind in REFUSING_KINDS


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """The current status of one person's consents, and the grants it rests on.

    `last_grant` is the latest granting event, also when it was withdrawn since.
    """

    answer: Answer
    active_events: tuple[ReplayEvent, ...] = ()
    last_grant: ReplayEvent | None = None
    has_events: bool = False

    @property
    def is_refused(self) -> bool:
        """Return whether it was refused, or withdrawn as a whole."""
        return self.answer.state in REFUSALS


def consent_status(events: Iterable[ReplayEvent], *, cumulative: bool) -> ConsentStatus:
    """Replay the events in the order of their days.

    A total refusal ends every grant before it; a partial withdrawal removes its channels from them.
    A later grant restores the channels that it names, and only where it is at least as narrow as
    the refusal: a refusal about one photo yields only to a grant about that photo. A new grant
    replaces the earlier ones unless they are `cumulative` (copyright licences add up; of a consent
    the latest event wins).
    """
    ordered = sorted(events, key=lambda event: (event.day, event.id))
    replay = _Replay(cumulative)
    for event in ordered:
        replay.apply(event)
    return ConsentStatus(
        replay.answer(),
        tuple(replay.active_events.values()),
        last_grant=next(
            (event for event in reversed(ordered) if event.kind in GRANTING_KINDS), None
        ),
        has_events=bool(ordered),
    )


@dataclass(frozen=True, slots=True)
class _ReplayRefusal:
    """A refusal in the replay: its reach, its channels, and those restored since."""

    reach: ReachLevel
    channels: frozenset[str]
    restored: frozenset[str] = frozenset()

    @property
    def is_total(self) -> bool:
        """Return whether it covers every channel."""
        return EVERY_CHANNEL in self.channels

    def apply_to(self, grant: Grant) -> Grant:
        """Return what the refusal leaves of a grant."""
        if self.is_total:
            return replace(grant, channels=grant.channels & self.restored)
        return replace(grant, excluded=grant.excluded | (self.channels - self.restored))


class _Replay:
    """The replay so far: the state, the grants in force, and every refusal that still applies."""

    def __init__(self, cumulative: bool) -> None:
        self.cumulative = cumulative
        self.state = AnswerState.NONE
        self.active_events: dict[int, ReplayEvent] = {}
        self.refusals: list[_ReplayRefusal] = []

    def apply(self, event: ReplayEvent) -> None:
        """Apply one event."""
        if event.kind is ConsentKind.REQUESTED:
            if self.state is AnswerState.NONE:
                self.state = AnswerState.PENDING
        elif event.kind in GRANTING_KINDS:
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
        # Whatever restores this one restores those as well.
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
            record: replace(granted, grant=refusal.apply_to(granted.grant))
            for record, granted in self.active_events.items()
        }
        self.active_events = {
            record: granted
            for record, granted in remaining.items()
            if granted.grant.channels - granted.grant.excluded
        }
        if self.active_events:
            self.refusals.append(refusal)
        else:
            self._refuse_all(event, AnswerState.WITHDRAWN)

    def answer(self) -> Answer:
        """Return the current answer, with the channels that are refused despite a grant."""
        refused: frozenset[str] = frozenset()
        restored: frozenset[str] | None = None
        for refusal in self.refusals:
            if refusal.is_total:
                refused |= refusal.channels
                restored = refusal.restored if restored is None else restored & refusal.restored
            else:
                refused |= refusal.channels - refusal.restored
        grants = tuple(event.grant for event in self.active_events.values())
        return Answer(self.state, grants, refused, restored or frozenset())
