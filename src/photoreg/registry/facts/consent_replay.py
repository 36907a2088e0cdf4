"""Replay consent events into the answer that the rules weigh, and into a status for lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from photoreg.rulebook.facts import (
    ANY_PURPOSE,
    Answer,
    AnswerState,
    Basis,
    ConsentKind,
    Purpose,
    Statement,
)
from photoreg.rulebook.weighing import is_after


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """One event of a consent or permission: what was said, and what only permissions have.

    `record_id` is the consent or permission.
    """

    id: int
    record_id: int
    statement: Statement
    basis: Basis | None = None
    credit: str = ""
    credit_waived: bool = False
    licence_terms: str = ""

    @property
    def kind(self) -> ConsentKind:
        """The kind of the event."""
        return self.statement.kind

    @property
    def day(self) -> date:
        """The day on which it was said."""
        return self.statement.day or date.min

    @property
    def is_refusal(self) -> bool:
        """Return whether it refuses or withdraws anything."""
        return self.statement.is_refusal

    @property
    def sort_key(self) -> tuple[date, int]:
        """Sorts events by their day, then in the order of recording."""
        return self.day, self.id


@dataclass(frozen=True)
class ConsentStatus:
    """One person's events about something, in the order of recording."""

    events: tuple[ReplayEvent, ...]

    @cached_property
    def answer(self) -> Answer:
        """What the rules weigh."""
        return Answer(tuple(event.statement for event in self.events))

    @cached_property
    def active_events(self) -> tuple[ReplayEvent, ...]:
        """The granting events of which something is left, narrowed to the channels left."""
        refusals = [event.statement for event in self.events if event.is_refusal]
        grants = (event for event in self.events if event.statement.is_grant)
        left = ((event, _channels_left(event.statement, refusals)) for event in grants)
        return tuple(
            replace(event, statement=replace(event.statement, channels=channels))
            for event, channels in left
            if channels
        )

    @cached_property
    def longest_grants(self) -> tuple[ReplayEvent, ...]:
        """The active grants without those that another covers as widely and for as long."""
        return tuple(
            event
            for event in self.active_events
            if not any(_covers(other, event) for other in self.active_events)
        )

    @cached_property
    def last_grant(self) -> ReplayEvent | None:
        """The latest granting event, also when it was withdrawn since."""
        grants = [event for event in self.events if event.statement.is_grant]
        return max(grants, key=lambda event: event.sort_key, default=None)

    @cached_property
    def standing_refusals(self) -> tuple[ReplayEvent, ...]:
        """The refusals that no later grant has lifted as a whole, each narrowed to what stands."""
        grants = [event.statement for event in self.events if event.statement.is_grant]
        refusals = (event for event in self.events if event.is_refusal)
        return tuple(
            replace(event, statement=left)
            for event in refusals
            if (left := _refusal_left(event.statement, grants)) is not None
        )

    @property
    def state(self) -> AnswerState:
        """The status as a whole: what was granted and is left, else the last refusal."""
        if self.active_events:
            return AnswerState.GRANTED
        refusals = [event for event in self.events if event.is_refusal]
        if refusals:
            last = max(refusals, key=lambda event: event.sort_key)
            refused = last.kind is ConsentKind.REFUSED
            return AnswerState.REFUSED if refused else AnswerState.WITHDRAWN
        return AnswerState.PENDING if self.events else AnswerState.NONE

    @property
    def is_refused(self) -> bool:
        """Return whether it was refused, or withdrawn, and nothing granted is left."""
        return self.state in {AnswerState.REFUSED, AnswerState.WITHDRAWN}


def consent_status(events: Iterable[ReplayEvent]) -> ConsentStatus:
    """Return the status that the events amount to; `order` becomes the order of recording."""
    in_order = enumerate(sorted(events, key=lambda event: event.id))
    return ConsentStatus(
        tuple(
            replace(event, statement=replace(event.statement, order=place))
            for place, event in in_order
        )
    )


def _channels_left(grant: Statement, refusals: Sequence[Statement]) -> frozenset[str]:
    """Return the channels of a grant that no refusal takes away for all its purposes.

    The kind of a single channel is not known here: a refusal of its kind is weighed by the rules.
    """
    against = [no for no in refusals if not is_after(grant, no)]
    return frozenset(
        channel
        for channel in grant.channels
        if not any(_takes_away(no, channel, grant.purposes) for no in against)
    )


def _covers(wider: ReplayEvent, event: ReplayEvent) -> bool:
    """Return whether another grant covers at least as much, for longer or recorded later."""
    one, other = wider.statement, event.statement
    is_as_wide = one.channels >= other.channels and _every(one.purposes) >= _every(other.purposes)
    is_as_good = bool(one.documented) >= bool(other.documented)
    lasts = (one.valid_until or date.min, wider.id) > (other.valid_until or date.min, event.id)
    return is_as_wide and is_as_good and lasts


def _takes_away(refusal: Statement, channel: str, purposes: frozenset[str]) -> bool:
    names_channel = not refusal.channels or channel in refusal.channels
    return names_channel and (not refusal.purposes or _every(purposes) <= _every(refusal.purposes))


def _refusal_left(refusal: Statement, grants: Sequence[Statement]) -> Statement | None:
    """Return what is left of a refusal; None when later grants have lifted all that it names.

    A refusal of everything is never lifted as a whole: a grant lifts it for its own channels only.
    """
    if not refusal.channels:
        return refusal
    lifting = [
        grant
        for grant in grants
        if is_after(grant, refusal)
        and grant.reach >= refusal.reach
        and grant.documented
        and _every(refusal.purposes) <= _every(grant.purposes)
    ]
    left = refusal.channels.difference(*(grant.channels for grant in lifting))
    return replace(refusal, channels=left) if left else None


def _every(purposes: frozenset[str]) -> frozenset[str]:
    """Return purposes in full: none of a refusal, and `any` of a grant, are all of them."""
    return frozenset(Purpose) if not purposes or ANY_PURPOSE in purposes else purposes
