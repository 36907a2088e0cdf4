"""Compare a new statement with what the same person has said before: what it lifts or leaves open.

Everything rests on the stored events and their scopes. A refusal without channels names every
channel, one without purposes every purpose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from photoreg.errors import InputDataError
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import id_of
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.people import overlapping_records, persons_of, wider_records
from photoreg.registry.queries.subject_data import EventWithScope, events_with_scope
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.rulebook.facts import GRANTING_KINDS, REFUSING_KINDS, ConsentKind
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class StatementScope:
    """What a statement names: names and kinds of channels, and purposes; nothing is everything."""

    channels: frozenset[str]
    purposes: frozenset[str]

    def meets(self, other: "StatementScope", kinds: Mapping[str, str]) -> bool:
        """Whether both name a channel and a purpose in common; `kinds` tells each channel's."""
        shares_channel = _with_single(self.channels, kinds) & _with_single(other.channels, kinds)
        shares_purpose = self.purposes & other.purposes
        return bool(
            (shares_channel or not (self.channels and other.channels))
            and (shares_purpose or not (self.purposes and other.purposes))
        )

    def covers(self, other: "StatementScope", kinds: Mapping[str, str]) -> bool:
        """Whether everything that the other names is named here as well."""
        return _holds(_with_single(self.channels, kinds), other.channels) and _holds(
            self.purposes, other.purposes
        )


def _with_single(channels: frozenset[str], kinds: Mapping[str, str]) -> frozenset[str]:
    """Return these channels, and each single channel whose kind is among them."""
    return channels | {name for name, kind in kinds.items() if kind in channels}


def _holds(whole: frozenset[str], part: frozenset[str]) -> bool:
    return not whole or (bool(part) and part <= whole)


@dataclass(frozen=True, slots=True)
class AnswerOrder:
    """The place of a new statement among the others of the same person.

    `superseded`: a later answer already covers all that it names, so it changes nothing.
    `ends_refusal`: the last answer before it about the same was a refusal. `is_open`: a refusal of
    an earlier day than a consent whose day is not known, so that nobody can tell which came last.
    """

    superseded: bool = False
    ends_refusal: bool = False
    is_open: bool = False


def require_day(
    work: UnitOfWork,
    record: Consent | Permission,
    scope: StatementScope,
    *,
    by: int | None = None,
    step: NextStep | None = None,
) -> None:
    """Raise InputDataError for a consent without a day over a refusal that is in force.

    An old paper entered today is not newer than the refusal, so its day must be stated. `by` is who
    answers in the photographer's place, and `step` how the same is recorded with its day.
    """
    kinds = _kinds(work)
    said = [
        item
        for item in _events(work, wider_records(work.session, [record])[id_of(record)])
        if item.by == by
    ]
    days = [
        item.event.day
        for item in said
        if item.event.kind in REFUSING_KINDS
        and _scope(item).meets(scope, kinds)
        and not any(_lifts(other, item, scope) for other in said)
    ]
    if days:
        raise InputDataError(
            N_(
                "a refusal or withdrawal is recorded on {day}, and the day of the new answer "
                "is not given"
            ),
            N_(
                "The refusal stays in force unless the new answer is newer: give the day on which "
                "it was given. An older one changes nothing."
            ),
            fields=("on",),
            step=step,
            day=max(days),
        )


def answer_order(work: UnitOfWork, record: Consent | Permission, statement_id: int) -> AnswerOrder:
    """Compare a stored statement with the others of the same person that share its scope."""
    kinds = _kinds(work)
    found = list(_events(work, overlapping_records(work.session, record)))
    own = next(item for item in found if item.event.id == statement_id)
    if own.event.kind is ConsentKind.REQUESTED:
        return AnswerOrder()
    last = _day_of_death(work, record)
    others = [
        item
        for item in found
        if item is not own
        and item.event.kind is not ConsentKind.REQUESTED
        and item.by == own.by
        and _scope(item).meets(_scope(own), kinds)
        and (last is None or item.by is not None or item.event.day <= last)
    ]
    wider = {id_of(each) for each in wider_records(work.session, [record])[id_of(record)]}
    as_wide = [item for item in others if _record_of(item) in wider]
    return AnswerOrder(
        superseded=any(_supersedes(item, own, kinds) for item in as_wide),
        ends_refusal=_ends_refusal(own, as_wide),
        is_open=any(_is_doubtful(own, item) for item in others),
    )


def _day_of_death(work: UnitOfWork, record: Consent | Permission) -> date | None:
    """Return the last day on which what is said about somebody, or by a photographer, counts."""
    number = record.subject_id if isinstance(record, Consent) else record.photographer_id
    return persons_of(work.session, [number])[number].died_on if number else None


def _supersedes(item: EventWithScope, own: EventWithScope, kinds: Mapping[str, str]) -> bool:
    """Whether a later answer of the other kind leaves nothing of this one.

    A refusal ends every narrower consent. A consent ends only a refusal of the same reach, of
    channels and purposes that it names itself, and only if it is documented.
    """
    if _place(item) < _place(own) or _is_grant(item) is _is_grant(own):
        return False
    if _is_grant(own):
        return _scope(item).covers(_scope(own), kinds)
    is_documented = bool(item.event.evidence or item.event.paper)
    if _record_of(item) != _record_of(own) or not is_documented or _is_doubtful(own, item):
        return False
    return _scope(item).covers(_scope(own), {})


def _ends_refusal(own: EventWithScope, others: Iterable[EventWithScope]) -> bool:
    earlier = [item for item in others if _place(item) < _place(own)]
    return _is_grant(own) and bool(earlier) and not _is_grant(max(earlier, key=_place))


def _is_doubtful(refusal: EventWithScope, grant: EventWithScope) -> bool:
    """Whether it is a refusal of an earlier day than a consent whose day was not given."""
    return (
        not _is_grant(refusal)
        and _is_grant(grant)
        and not grant.event.is_dated
        and refusal.event.day < grant.event.day
    )


def _lifts(grant: EventWithScope, refusal: EventWithScope, scope: StatementScope) -> bool:
    """Whether a later, documented consent of the same reach lifted a refusal within this scope."""
    return (
        _is_grant(grant)
        and _place(grant) > _place(refusal)
        and _record_of(grant) == _record_of(refusal)
        and bool(grant.event.evidence or grant.event.paper)
        and not _is_doubtful(refusal, grant)
        and _scope(grant).covers(scope, {})
    )


def _is_grant(item: EventWithScope) -> bool:
    return item.event.kind in GRANTING_KINDS


def _place(item: EventWithScope) -> tuple[date, int]:
    return item.event.day, id_of(item.event)


def _scope(item: EventWithScope) -> StatementScope:
    return StatementScope(frozenset(item.channels), frozenset(item.purposes))


def _events(work: UnitOfWork, records: list[AnyConsent]) -> Iterable[EventWithScope]:
    by_record = events_with_scope(work.session, records)
    return (item for found in by_record.values() for item in found if item.counts)


def _record_of(item: EventWithScope) -> int:
    event: Any = item.event
    number: int = event.consent_id if hasattr(event, "consent_id") else event.permission_id
    return number


def _kinds(work: UnitOfWork) -> dict[str, str]:
    """Return the kind of each channel, by name."""
    return {channel.name: str(channel.kind) for channel in all_channels(work.session)}
