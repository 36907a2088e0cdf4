"""What somebody said about a use, checked and stored; consents and permissions share it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.registry.facts.loading import reach_level, replay_events_by_record
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_channel, find_event, find_photo
from photoreg.registry.queries.people import matching_record, wider_records
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    GRANTING_KINDS,
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentKind,
    ConsentPurpose,
    Method,
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
)
from photoreg.rulebook.facts import OPEN_ENDED, AnswerState, Channel, Grant, Purpose
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_

_Record = TypeVar("_Record", Consent, Permission)


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """What somebody said. A withdrawal without channels takes everything back."""

    kind: ConsentKind
    channels: Sequence[str] = ()
    purposes: Sequence[Purpose] = (Purpose.INFORMATION,)
    on: date | None = None
    until: date | None = None
    open_ended: bool = False
    method: Method = Method.WRITTEN
    evidence: Path | None = None
    paper: str = ""

    @property
    def is_grant(self) -> bool:
        """Does it allow something?"""
        return self.kind in GRANTING_KINDS


@dataclass(frozen=True, slots=True)
class StatementRecorded:
    """What was recorded and what it changes. Ids only.

    `replaced` are channels that an earlier yes covered and this one does not; `outlived` says that
    a later word stands already, so this one changes nothing; `after_no`: a yes that ends a no.
    """

    record_id: str
    kind: ConsentKind
    documented: bool
    photos: tuple[str, ...] = ()
    dropped_channels: tuple[str, ...] = ()
    superseded: bool = False
    ends_refusal: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What a word is about: one photo, the photos of an event, or everything."""

    photo_id: int | None = None
    event_id: int | None = None


def find_reach(work: UnitOfWork, photo: str | None, event: str | None) -> Reach:
    """Return the reach as people name it."""
    if photo:
        return Reach(photo_id=id_of(find_photo(work.session, photo)))
    if event:
        return Reach(event_id=id_of(find_event(work.session, event)))
    return Reach()


def event_columns(work: UnitOfWork, statement: ConsentStatement) -> dict[str, Any]:
    """Check what was said and return its columns; the evidence is kept beside the registry."""
    day = work.day_or_today(statement.on)
    if statement.is_grant and statement.open_ended == (statement.until is not None):
        raise InputDataError(
            N_("a consent or permission needs an end date"),
            N_("Give the last day, or say that it has no end."),
            fields=("until", "open_ended"),
        )
    if statement.until is not None and statement.until < day:
        raise InputDataError(
            N_("it would end on {until}, before it begins on {day}"),
            N_("Give a later end date."),
            fields=("until",),
            until=statement.until,
            day=day,
        )
    paper = free_text(statement.paper)
    return {
        "kind": statement.kind,
        "day": day,
        "valid_until": statement.until if statement.is_grant else None,
        "open_ended": statement.open_ended and statement.is_grant,
        "method": statement.method,
        "evidence": work.store_evidence(statement.evidence),
        "paper": paper,
        "recorded_at": work.now,
        "recorded_by": work.actor.id,
    }


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """The channels and purposes that a word speaks of, found in the registry."""

    kinds: tuple[Channel, ...]
    channel_ids: tuple[int, ...]
    purposes: tuple[Purpose, ...]

    @property
    def codes(self) -> list[str]:
        """The channels for the ledger: kinds, and the numbers of single channels."""
        return [*self.kinds, *(f"channel:{number}" for number in self.channel_ids)]


def find_scope(work: UnitOfWork, statement: ConsentStatement) -> ConsentScope:
    """Find the channels that are named, each a kind of channel or one channel by its name."""
    kinds, ids = set(), set()
    for named in statement.channels:
        name = named.strip().lower()
        if name in set(Channel):
            kinds.add(Channel(name))
        else:
            ids.add(id_of(find_channel(work.session, name)))
    return ConsentScope(
        tuple(sorted(kinds)), tuple(sorted(ids)), tuple(sorted(set(statement.purposes)))
    )


def store_scope(
    work: UnitOfWork,
    statement_id: int,
    scope: ConsentScope,
    channel: type[ConsentChannel] | type[PermissionChannel],
    purpose: type[ConsentPurpose] | type[PermissionPurpose],
) -> None:
    """Store which channels and purposes the word `statement_id` speaks of."""
    for kind in scope.kinds:
        add(work.session, channel(statement_id=statement_id, kind=kind))
    for channel_id in scope.channel_ids:
        add(work.session, channel(statement_id=statement_id, channel_id=channel_id))
    for each in scope.purposes:
        add(work.session, purpose(statement_id=statement_id, purpose=each))


def record_for(work: UnitOfWork, record: _Record) -> _Record:
    """Return the thread of the same people and reach; the given one becomes it if there is none."""
    found = matching_record(work.session, record)
    if found is None:
        add(work.session, record)
    return found or record


def refuse_undated_grant(
    work: UnitOfWork, record: Consent, statement: ConsentStatement, scope: ConsentScope
) -> None:
    """Refuse a yes that would end a no of the same person unless its day is said.

    An old paper that is typed in today is not newer than a no; only who says the day knows it.
    """
    if not statement.is_grant or statement.on is not None:
        return
    names = channel_names(work.session)
    channels = {*scope.kinds, *(names[number] for number in scope.channel_ids)}
    events = events_in_reach(work, [record])[id_of(record)]
    yes = ReplayEvent(
        id=sys.maxsize,
        record_id=id_of(record),
        kind=statement.kind,
        day=work.today,
        grant=Grant(channels=frozenset(channels)),
        reach=reach_level(record),
    )
    before = consent_status(events, cumulative=False)
    after = consent_status([*events, yes], cumulative=False)
    if not _ends_refusal(before, after):
        return
    refusal = max(event.day for event in events if event.is_refusal)
    raise NotAllowed(
        N_(
            "a refusal or withdrawal is recorded on {day}, and the day of the new consent is "
            "not given"
        ),
        N_("If the new consent is newer, give its day. An older one changes nothing."),
        fields=("on",),
        day=refusal,
    )


def _ends_refusal(before: ConsentStatus, after: ConsentStatus) -> bool:
    """Is less refused after than before?"""
    was, now = before.answer, after.answer
    return (
        before.is_refused > after.is_refused
        or bool(was.taken_back - now.taken_back)
        or bool(now.regained - was.regained)
    )


def statement_recorded(
    work: UnitOfWork,
    kind: Kind,
    record: _Record,
    event: ConsentEvent | PermissionEvent,
    photos: Sequence[int],
) -> StatementRecorded:
    """Return what was recorded about these photos."""
    number, documented = human_id(kind, record.id), bool(event.evidence or event.paper)
    if event.kind is ConsentKind.REQUESTED:
        return StatementRecorded(number, event.kind, documented)
    events = events_in_reach(work, [record])[id_of(record)]
    cumulative = isinstance(record, Permission)
    before = consent_status((w for w in events if w.id != event.id), cumulative=cumulative)
    after = consent_status(events, cumulative=cumulative)
    return StatementRecorded(
        number,
        event.kind,
        documented,
        photos=tuple(human_id(Kind.PHOTO, photo) for photo in photos),
        dropped_channels=tuple(sorted(_granted_channels(before) - _granted_channels(after))),
        superseded=_is_superseded(events, id_of(event)),
        ends_refusal=before.is_refused and after.answer.state is AnswerState.GRANTED,
    )


def _is_superseded(events: Sequence[ReplayEvent], statement_id: int) -> bool:
    """Does a later word stand already, so that this one changes nothing?"""
    own = next(event for event in events if event.id == statement_id)
    return any(
        (event.day, event.id) > (own.day, own.id) and event.kind is not ConsentKind.REQUESTED
        for event in events
    )


def events_in_reach(
    work: UnitOfWork, records: Sequence[AnyConsent]
) -> dict[int, list[ReplayEvent]]:
    """Return for each thread all words that reach what it reaches: its own and wider ones."""
    wider = wider_records(work.session, records)
    spoken_of = {id_of(each): each for found in wider.values() for each in found}
    events = replay_events_by_record(work.session, list(spoken_of.values()))
    return {
        record: [event for each in found for event in events.get(id_of(each), [])]
        for record, found in wider.items()
    }


def _granted_channels(status: ConsentStatus) -> set[str]:
    """Return the channels and kinds that the yeses in force reach."""
    return {channel for g in status.answer.grants for channel in g.channels - g.excluded}


def status_row(events: list[ReplayEvent], record_id: int, *, cumulative: bool) -> dict[str, Any]:
    """Return where a thread stands, for lists: its last answer, unless a wider one ended it."""
    status = consent_status(events, cumulative=cumulative)
    own = [event for event in events if event.record_id == record_id]
    answers = [event for event in own if event.kind is not ConsentKind.REQUESTED]
    last = max(answers or own, key=lambda event: (event.day, event.id))
    shown = next((event for event in status.active_events if event.record_id == record_id), last)
    until = shown.grant.valid_until
    return {
        "state": status.answer.state,
        "day": last.day.isoformat(),
        "channels": sorted(shown.grant.channels - shown.grant.excluded),
        "purposes": sorted(shown.grant.purposes),
        "until": None if until is None or until == OPEN_ENDED else until.isoformat(),
        "open_ended": until == OPEN_ENDED,
        "documented": bool(shown.grant.documented),
    }
