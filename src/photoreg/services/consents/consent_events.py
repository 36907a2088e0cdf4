"""Validate and store consent statements; shared by consents and permissions."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.registry.facts.loading import reach_level, replay_events_by_record
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_channel, find_event, find_photo
from photoreg.registry.queries.people import matching_record, persons_of, wider_records
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import add
from photoreg.registry.tables.consents import (
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentPurpose,
    Permission,
    PermissionChannel,
    PermissionEvent,
    PermissionPurpose,
)
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    OPEN_ENDED,
    AnswerState,
    Channel,
    ConsentKind,
    Grant,
    Method,
    Purpose,
)
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_Record = TypeVar("_Record", Consent, Permission)


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """A consent statement as entered; a withdrawal without channels withdraws everything."""

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
        """Whether the statement gives or renews a consent."""
        return self.kind in GRANTING_KINDS


@dataclass(frozen=True, slots=True)
class StatementRecorded:
    """What was recorded and its effect; persons and photos by id only.

    `dropped_channels` were covered by the previous consent and are not covered any more.
    `superseded`: a later event is already recorded, so this one changes nothing. `ends_refusal`:
    the record was refused or withdrawn before, and is granted now.
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
    """The photos that a statement covers: one photo, the photos of an event, or all."""

    photo_id: int | None = None
    event_id: int | None = None


def find_reach(work: UnitOfWork, photo: str | None, event: str | None) -> Reach:
    """Look up the photo or event that the user named."""
    if photo:
        return Reach(photo_id=id_of(find_photo(work.session, photo)))
    if event:
        return Reach(event_id=id_of(find_event(work.session, event)))
    return Reach()


class StatementColumns(NamedTuple):
    """The columns of an event row that consents and permissions share."""

    kind: ConsentKind
    day: date
    valid_until: date | None
    open_ended: bool
    method: Method
    evidence: str | None
    paper: str
    recorded_at: datetime
    recorded_by: int | None


def statement_columns(work: UnitOfWork, statement: ConsentStatement) -> StatementColumns:
    """Validate a statement, store its evidence file, and return the event columns."""
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
    return StatementColumns(
        kind=statement.kind,
        day=day,
        valid_until=statement.until if statement.is_grant else None,
        open_ended=statement.open_ended and statement.is_grant,
        method=statement.method,
        evidence=work.store_evidence(statement.evidence),
        paper=paper,
        recorded_at=work.now,
        recorded_by=work.actor.id,
    )


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """The channels and purposes of a statement, looked up in the registry."""

    kinds: tuple[Channel, ...]
    channel_ids: tuple[int, ...]
    purposes: tuple[Purpose, ...]

    @property
    def codes(self) -> list[str]:
        """The channels as logged: kinds, and single channels by number."""
        return [*self.kinds, *(f"channel:{number}" for number in self.channel_ids)]


def find_scope(work: UnitOfWork, statement: ConsentStatement) -> ConsentScope:
    """Look up the statement's channels; each is a kind of channel or the name of one channel."""
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
    """Store the channels and purposes of the event `statement_id`."""
    for kind in scope.kinds:
        add(work.session, channel(statement_id=statement_id, kind=kind))
    for channel_id in scope.channel_ids:
        add(work.session, channel(statement_id=statement_id, channel_id=channel_id))
    for each in scope.purposes:
        add(work.session, purpose(statement_id=statement_id, purpose=each))


def record_for(work: UnitOfWork, record: _Record) -> _Record:
    """Return the stored record of the same parties and reach; if none exists, store this one."""
    found = matching_record(work.session, record)
    if found is None:
        add(work.session, record)
    return found or record


def refuse_after_death(work: UnitOfWork, speaker: int | None, day: date | None) -> None:
    """Raise InputDataError for a statement of a later day than the speaker's death."""
    died_on = persons_of(work.session, [speaker])[speaker].died_on if speaker else None
    if died_on is not None and died_on < (day or work.today):
        raise InputDataError(
            N_("{person} died on {died}, and nobody says anything after their death"),
            N_("Give the day on which it was said, or correct the day of death."),
            step=NextStep.to(NextAction.PERSON_SHOW, person=human_id(Kind.PERSON, speaker)),
            person=human_id(Kind.PERSON, speaker),
            died=died_on,
        )


def refuse_undated_grant(
    work: UnitOfWork, record: Consent, statement: ConsentStatement, scope: ConsentScope
) -> None:
    """Raise NotAllowed for a grant without a day that would end a refusal of the same person.

    An old paper form entered today is not newer than the refusal, so the user must state the day.
    """
    if not statement.is_grant or statement.on is not None:
        return
    names = channel_names(work.session)
    channels = {*scope.kinds, *(names[number] for number in scope.channel_ids)}
    events = events_in_reach(work, [record])[id_of(record)]
    grant = ReplayEvent(
        id=sys.maxsize,
        record_id=id_of(record),
        kind=statement.kind,
        day=work.today,
        grant=Grant(channels=frozenset(channels)),
        reach=reach_level(record),
    )
    before = consent_status(events, cumulative=False)
    after = consent_status([*events, grant], cumulative=False)
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
    """Whether less is refused afterwards than before."""
    old, new = before.answer, after.answer
    return (
        before.is_refused > after.is_refused
        or bool(old.taken_back - new.taken_back)
        or bool(new.regained - old.regained)
    )


def statement_recorded(
    work: UnitOfWork,
    kind: Kind,
    record: _Record,
    event: ConsentEvent | PermissionEvent,
    photos: Sequence[int],
) -> StatementRecorded:
    """Describe a stored event and its effect on these photos."""
    number, documented = human_id(kind, record.id), bool(event.evidence or event.paper)
    if event.kind is ConsentKind.REQUESTED:
        return StatementRecorded(number, event.kind, documented)
    events = events_in_reach(work, [record])[id_of(record)]
    cumulative = isinstance(record, Permission)
    before = consent_status((e for e in events if e.id != event.id), cumulative=cumulative)
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
    """Whether a later event is already recorded, so that this one changes nothing."""
    own = next(event for event in events if event.id == statement_id)
    return any(
        (event.day, event.id) > (own.day, own.id) and event.kind is not ConsentKind.REQUESTED
        for event in events
    )


def events_in_reach(
    work: UnitOfWork, records: Sequence[AnyConsent]
) -> dict[int, list[ReplayEvent]]:
    """Return for each record the events that cover its reach: its own and wider ones."""
    wider = wider_records(work.session, records)
    involved = {id_of(each): each for found in wider.values() for each in found}
    events = replay_events_by_record(work.session, list(involved.values()))
    return {
        record: [event for each in found for event in events.get(id_of(each), [])]
        for record, found in wider.items()
    }


def _granted_channels(status: ConsentStatus) -> set[str]:
    """Return the channels and kinds of channel that the active grants cover."""
    return {channel for g in status.answer.grants for channel in g.channels - g.excluded}


@dataclass(frozen=True, slots=True)
class StatusRow:
    """The current status of a consent or permission in a list."""

    state: AnswerState | None
    day: str
    channels: list[str]
    purposes: list[str]
    until: str | None
    open_ended: bool
    documented: bool


def status_row(events: list[ReplayEvent], record_id: int, *, cumulative: bool) -> StatusRow:
    """Return the status of a record: its last answer, unless a wider record ended it."""
    status = consent_status(events, cumulative=cumulative)
    own = [event for event in events if event.record_id == record_id]
    answers = [event for event in own if event.kind is not ConsentKind.REQUESTED]
    last = max(answers or own, key=lambda event: (event.day, event.id))
    shown = next((event for event in status.active_events if event.record_id == record_id), last)
    until = shown.grant.valid_until
    return StatusRow(
        state=status.answer.state,
        day=last.day.isoformat(),
        channels=sorted(shown.grant.channels - shown.grant.excluded),
        purposes=sorted(shown.grant.purposes),
        until=None if until is None or until == OPEN_ENDED else until.isoformat(),
        open_ended=until == OPEN_ENDED,
        documented=bool(shown.grant.documented),
    )
