"""Validate and store consent statements; shared by consents and permissions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from photoreg.errors import InputDataError
from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.registry.facts.loading import replay_events_by_record
from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.facts.uses import public_pages, use_of
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_channel, find_event, find_photo
from photoreg.registry.queries.people import matching_record, persons_of, wider_records
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import add, new_row
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
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import (
    GRANTING_KINDS,
    OPEN_ENDED,
    REFUSING_KINDS,
    Channel,
    ConsentKind,
    Method,
    PhotoFacts,
    Purpose,
    Statement,
)
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.weighing import is_after
from photoreg.services.consents.answer_order import StatementScope, answer_order, require_day
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_Record = TypeVar("_Record", Consent, Permission)


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """A consent statement as entered.

    A refusal or withdrawal without channels names every channel, without purposes every purpose;
    any other statement without purposes is about information. `names_kind`: the document itself
    speaks of all channels of the kinds named. `by_attorney`: signed with a power of attorney.
    `scan` is the hash of a document that is kept already.
    """

    kind: ConsentKind
    channels: Sequence[str] = ()
    purposes: Sequence[Purpose] | None = None
    on: date | None = None
    until: date | None = None
    open_ended: bool = False
    method: Method = Method.WRITTEN
    evidence: Path | None = None
    scan: str | None = None
    paper: str = ""
    names_kind: bool = False
    by_attorney: bool = False

    @property
    def is_grant(self) -> bool:
        """Whether the statement gives or renews a consent."""
        return self.kind in GRANTING_KINDS

    @property
    def named_purposes(self) -> tuple[Purpose, ...]:
        """The purposes that the statement names."""
        if self.purposes is None:
            return () if self.kind in REFUSING_KINDS else (Purpose.INFORMATION,)
        return tuple(sorted(set(self.purposes)))


class RefusalScope(NamedTuple):
    """What a refusal names; without channels it covers all, and so it does without purposes."""

    kind: ConsentKind = ConsentKind.WITHDRAWN
    channels: tuple[str, ...] = ()
    purposes: tuple[Purpose, ...] = ()

    def statement(self, on: date | None) -> ConsentStatement:
        """Return it as a statement made orally."""
        return ConsentStatement(self.kind, self.channels, self.purposes, on=on, method=Method.ORAL)


EVERYTHING_REFUSED = RefusalScope()


@dataclass(frozen=True, slots=True)
class StatementRecorded:
    """What was recorded and its effect; persons and photos by id only.

    `is_whole`: a refusal of every channel and purpose. `superseded`: a later answer is already
    recorded, so this one changes nothing. `ends_refusal`: the same was refused before.
    `is_order_open`: this refusal is of an earlier day than a consent that was recorded without its
    day, so that it is not known which came last.
    """

    record_id: str
    kind: ConsentKind
    documented: bool
    photos: tuple[str, ...] = ()
    is_whole: bool = False
    superseded: bool = False
    ends_refusal: bool = False
    is_order_open: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """The photos that a statement covers: one photo, the photos of an event, or all."""

    photo_id: int | None = None
    event_id: int | None = None


def find_reach(work: UnitOfWork, photo: str | None, event: str | None) -> Reach:
    """Look up the photo or event that the user named."""
    if photo and event:
        raise InputDataError(
            N_("both a photo and an event are named"),
            N_("Give one of the two."),
            fields=("photo", "event"),
        )
    if photo:
        return Reach(photo_id=id_of(find_photo(work.session, photo)))
    if event:
        return Reach(event_id=id_of(find_event(work.session, event)))
    return Reach()


def refuse_contradictory(statement: ConsentStatement) -> None:
    """Raise InputDataError for a refusal with what only a yes can have."""
    if statement.is_grant:
        return
    if statement.until is not None or statement.open_ended:
        raise InputDataError(
            N_("a refusal or withdrawal has no end date"),
            N_("Leave out the end date."),
            fields=("until", "open_ended"),
        )
    if statement.names_kind:
        raise InputDataError(
            N_("a refusal or withdrawal covers later channels in any case"),
            N_("Leave out what the document names."),
            fields=("names_kind",),
        )


def require_channel(statement: ConsentStatement) -> None:
    """Raise InputDataError for a request or a yes that names no channel."""
    if statement.kind not in REFUSING_KINDS and not statement.channels:
        raise InputDataError(
            N_("a consent or permission must name a channel"),
            N_("Give each channel or kind of channel that the document names."),
            fields=("channel",),
        )


class StatementColumns(NamedTuple):
    """The columns of an event row that consents and permissions share."""

    kind: ConsentKind
    day: date
    is_dated: bool
    is_live: bool
    names_kind: bool
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
        text = N_("a consent or permission needs an end date")
        if statement.open_ended:
            text = N_("both the last day and no end were given")
        raise InputDataError(
            text,
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
        is_dated=statement.on is not None,
        is_live=day == work.today,
        names_kind=statement.names_kind and statement.is_grant,
        valid_until=statement.until if statement.is_grant else None,
        open_ended=statement.open_ended and statement.is_grant,
        method=statement.method,
        evidence=work.store_evidence(statement.evidence) or statement.scan,
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
    def is_whole(self) -> bool:
        """Whether no channel and no purpose is named: a refusal is then of everything."""
        return not (self.kinds or self.channel_ids or self.purposes)

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
    if statement.is_grant and statement.names_kind and not kinds:
        raise InputDataError(
            N_("no kind of channel is named that the document could speak of"),
            N_("Give the kind as in the document, for example {example}."),
            fields=("channel", "names_kind"),
            example=Channel.PUBLIC_PAGE.value,
        )
    return ConsentScope(tuple(sorted(kinds)), tuple(sorted(ids)), statement.named_purposes)


def store_scope(
    work: UnitOfWork,
    statement_id: int,
    scope: ConsentScope,
    channel: type[ConsentChannel] | type[PermissionChannel],
    purpose: type[ConsentPurpose] | type[PermissionPurpose],
) -> None:
    """Store the channels and purposes of the event `statement_id`."""
    for row in scope_rows(statement_id, scope, channel, purpose):
        add(work.session, row)


def scope_rows(
    statement_id: int,
    scope: ConsentScope,
    channel: type[ConsentChannel] | type[PermissionChannel],
    purpose: type[ConsentPurpose] | type[PermissionPurpose],
) -> Iterator[ConsentChannel | ConsentPurpose | PermissionChannel | PermissionPurpose]:
    """Yield the rows of an event's channels and purposes."""
    of = statement_id
    yield from (new_row(channel, statement_id=of, kind=kind) for kind in scope.kinds)
    yield from (new_row(channel, statement_id=of, channel_id=each) for each in scope.channel_ids)
    yield from (new_row(purpose, statement_id=of, purpose=each) for each in scope.purposes)


def record_for(work: UnitOfWork, record: _Record) -> _Record:
    """Return the stored record of the same parties and reach; if none exists, store this one."""
    found = matching_record(work.session, record)
    if found is None:
        add(work.session, record)
    return found or record


def refuse_after_death(work: UnitOfWork, speaker: int | None, day: date | None) -> None:
    """Raise InputDataError for a statement of a later day than the speaker's death."""
    if speaker:
        refuse_dead_speaker(work, persons_of(work.session, [speaker])[speaker], day)


def refuse_dead_speaker(work: UnitOfWork, speaker: Person, day: date | None) -> None:
    """Raise InputDataError for a statement of a later day than this person's death."""
    if speaker.died_on is not None and speaker.died_on < (day or work.today):
        raise InputDataError(
            N_("{person} died on {died}: no answer can be recorded for a day after the death"),
            N_("Give the day on which it was said, or correct the day of death."),
            step=NextStep.to(NextAction.PERSON_SHOW, person=human_id(Kind.PERSON, speaker.id)),
            person=human_id(Kind.PERSON, speaker.id),
            died=speaker.died_on,
        )


def refuse_undated_grant(
    work: UnitOfWork,
    record: Consent | Permission,
    statement: ConsentStatement,
    scope: ConsentScope,
    *,
    by: int | None = None,
    on_form: bool = False,
) -> None:
    """Raise InputDataError for a grant without a day that would lift a refusal of the same person.

    `by` is who answers in a photographer's place.
    """
    if not statement.is_grant or statement.on is not None:
        return
    named = StatementScope(frozenset(_named_channels(work, scope)), frozenset(scope.purposes))
    step = _with_its_day(record, statement) if isinstance(record, Consent) and not on_form else None
    require_day(work, record, named, by=by, step=step)


def _with_its_day(record: Consent, statement: ConsentStatement) -> NextStep:
    """Return how the same consent is recorded with the day on which it was given."""
    by = record.actor_id if record.actor_id != record.subject_id else None
    return NextStep.to(
        NextAction.CONSENT_RECORD,
        "on",
        person=human_id(Kind.PERSON, record.subject_id),
        by=human_id(Kind.PERSON, by) if by else "",
        event=human_id(Kind.EVENT, record.event_id) if record.event_id else "",
        photo=human_id(Kind.PHOTO, record.photo_id) if record.photo_id else "",
        channel="\n".join(statement.channels),
        purpose="\n".join(statement.purposes or ()),
        until=str(statement.until or ""),
        open_ended="yes" if statement.open_ended else "",
        renewed="yes" if statement.kind is ConsentKind.RENEWED else "",
        paper=statement.paper,
        evidence=str(statement.evidence or ""),
        method="" if statement.method is Method.WRITTEN else statement.method,
        names_kind="yes" if statement.names_kind else "",
        attorney="yes" if statement.by_attorney else "",
    )


def _named_channels(work: UnitOfWork, scope: ConsentScope) -> set[str]:
    names = channel_names(work.session)
    return {*scope.kinds, *(names[number] for number in scope.channel_ids)}


def statement_recorded(
    work: UnitOfWork,
    kind: Kind,
    record: _Record,
    event: ConsentEvent | PermissionEvent,
    scope: ConsentScope,
    photos: Sequence[int],
) -> StatementRecorded:
    """Describe a stored event and its effect on these photos."""
    number, documented = human_id(kind, record.id), bool(event.evidence or event.paper)
    if event.kind is ConsentKind.REQUESTED:
        return StatementRecorded(number, event.kind, documented)
    order = answer_order(work, record, id_of(event))
    return StatementRecorded(
        number,
        event.kind,
        documented,
        photos=tuple(human_id(Kind.PHOTO, photo) for photo in photos),
        is_whole=event.kind in REFUSING_KINDS and scope.is_whole,
        superseded=order.superseded,
        ends_refusal=order.ends_refusal,
        is_order_open=order.is_open,
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


class ConsentState(StrEnum):
    """The state of a consent or permission in a list.

    By mistake: all that was recorded was typed by mistake. The last: only coordinators may see it.
    """

    NONE = "none"
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    BY_MISTAKE = "by_mistake"
    ASK_COORDINATOR = "ask_coordinator"


@dataclass(frozen=True, slots=True)
class StatusRow:
    """The current status of a consent or permission in a list.

    `refused_channels` and `refused_purposes` are what is not included in what is granted.
    """

    state: ConsentState
    day: str
    channels: list[str]
    purposes: list[str]
    refused_channels: list[str]
    refused_purposes: list[str]
    until: str | None
    open_ended: bool
    documented: bool


WITHHELD_STATUS = StatusRow(
    state=ConsentState.ASK_COORDINATOR,
    day="",
    channels=[],
    purposes=[],
    refused_channels=[],
    refused_purposes=[],
    until=None,
    open_ended=False,
    documented=False,
)
"""The status of a consent that only coordinators may see."""


def status_row(events: list[ReplayEvent], record_id: int) -> StatusRow:
    """Return the status of a record: what it still grants, else its last answer.

    A record without any was typed by mistake.
    """
    status = consent_status(events)
    own = [event for event in events if event.record_id == record_id]
    if not own:
        return replace(WITHHELD_STATUS, state=ConsentState.BY_MISTAKE)
    answers = [event for event in own if event.kind is not ConsentKind.REQUESTED]
    last = max(answers or own, key=lambda event: event.sort_key)
    left = [event for event in status.longest_grants if event.record_id == record_id]
    shown = [event.statement for event in left] or [last.statement]
    refused = _refused_in_part(status) if left else []
    until = min((said.valid_until or date.min for said in shown), default=date.min)
    return StatusRow(
        state=ConsentState(status.state),
        day=last.day.isoformat(),
        channels=sorted(frozenset().union(*(said.channels for said in shown))),
        purposes=sorted(frozenset().union(*(said.purposes for said in shown))),
        refused_channels=sorted(frozenset().union(*(no.channels for no in refused))),
        refused_purposes=sorted(frozenset().union(*(no.purposes for no in refused))),
        until=None if until in {date.min, OPEN_ENDED} else until.isoformat(),
        open_ended=until == OPEN_ENDED,
        documented=all(said.documented for said in shown),
    )


class RefusedScope(NamedTuple):
    """What a refusal beside a grant is about: channels and purposes; none of a kind is all."""

    channels: list[str]
    purposes: list[str]


def refused_scopes(events: list[ReplayEvent], record_id: int) -> list[RefusedScope]:
    """Return what is refused beside what a record still grants, refusal by refusal."""
    status = consent_status(events)
    if not any(event.record_id == record_id for event in status.longest_grants):
        return []
    refused = _refused_in_part(status)
    return [RefusedScope(sorted(no.channels), sorted(no.purposes)) for no in refused]


class CoveredScope(NamedTuple):
    """Channels on which what somebody said covers the same purposes."""

    channels: list[str]
    purposes: tuple[Purpose, ...]


def covered_scopes(
    work: UnitOfWork, channels: Sequence[ChannelRow], events: list[ReplayEvent]
) -> list[CoveredScope]:
    """Return which uses the events of one person cover today, by the rules."""
    answer = consent_status(events).answer
    pages = public_pages(channels)
    found: dict[tuple[Purpose, ...], list[str]] = defaultdict(list)
    for channel in channels:
        uses = (use_of(channel, work.today, purpose=each, pages=pages) for each in Purpose)
        covered = tuple(
            use.purpose
            for use in uses
            if Situation(PhotoFacts(), use, work.policy).weigh(answer).is_granted
        )
        if covered:
            found[covered].append(channel.name)
    return [CoveredScope(names, purposes) for purposes, names in found.items()]


def _refused_in_part(status: ConsentStatus) -> list[Statement]:
    """Return the refusals that stand beside a grant, without the purposes granted since."""
    grants = [event.statement for event in status.events if event.statement.is_grant]
    return [
        no if no.channels else replace(no, purposes=no.purposes - _purposes_after(no, grants))
        for no in (event.statement for event in status.standing_refusals)
    ]


def _purposes_after(refusal: Statement, grants: Iterable[Statement]) -> frozenset[str]:
    """Return the purposes of the grants that were said after a refusal."""
    return frozenset().union(*(yes.purposes for yes in grants if is_after(yes, refusal)))
