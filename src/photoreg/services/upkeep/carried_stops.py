"""Carry the stops of a registry over into the backup that replaces it.

A withdrawal, refusal, block or flag that the backup does not know stops there as it did before. It
is recorded as it was, with its own number where that is free; the persons whom it names come with
it. Where the backup lacks its photo or event, it is listed instead; a photo on which a stop would
no longer have an effect, since the backup does not know who is shown in it, is flagged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from photoreg.registry.engines.database import Session
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.lost_stops import (
    lost_blocks,
    lost_flags,
    lost_refusals,
    next_number,
    parts_of,
    photos_less_stopped,
    same_photo,
    same_row,
)
from photoreg.registry.queries.organisation import all_staff, channel_named
from photoreg.registry.queries.people import guardianships_between, matching_record
from photoreg.registry.queries.stops import active_flags
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
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Evidence, Person
from photoreg.registry.tables.photos import Event, FlagCause, PhotoFlag
from photoreg.services.flagging import FlagReason, raise_flags
from photoreg.services.unit_of_work import UnitOfWork

_Row = TypeVar("_Row", bound=Any)


class StopKind(StrEnum):
    """What was carried over: a flag, a block, a no, or the effect of a stop on a photo."""

    FLAG = "flag"
    BLOCK = "block"
    ERASURE = "erasure"
    CONSENT = "consent"
    PERMISSION = "permission"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class CarriedStop:
    """A stop that was carried over, by id, with its photo if it concerns one.

    `was` is its id in the replaced registry; without `subject` the backup has no photo or event for
    it, and it is only listed.
    """

    kind: StopKind
    was: str
    subject: str | None = None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The tables of one kind of statement, and their columns that refer to persons."""

    kind: StopKind
    id_kind: Kind
    record: type[Consent] | type[Permission]
    event: type[ConsentEvent] | type[PermissionEvent]
    channel: type[ConsentChannel] | type[PermissionChannel]
    purpose: type[ConsentPurpose] | type[PermissionPurpose]
    reference: str
    parties: tuple[str, ...]
    speakers: tuple[str, ...] = ()


_SPOKEN = (
    _Spoken(
        StopKind.CONSENT,
        Kind.CONSENT,
        Consent,
        ConsentEvent,
        ConsentChannel,
        ConsentPurpose,
        "consent_id",
        ("subject_id", "actor_id"),
    ),
    _Spoken(
        StopKind.PERMISSION,
        Kind.PERMISSION,
        Permission,
        PermissionEvent,
        PermissionChannel,
        PermissionPurpose,
        "permission_id",
        ("photographer_id",),
        ("by_person_id", "author_id"),
    ),
)


def carry_stops(old: Session, work: UnitOfWork) -> list[CarriedStop]:
    """Carry over what stops photos in `old` into the open unit of work of the restored registry."""
    carrier = _Carrier(old, work)
    stops = [
        *map(carrier.block, lost_blocks(old, work.session)),
        *(
            carrier.refusal(event, spoken)
            for spoken in _SPOKEN
            for event in lost_refusals(old, work.session, spoken.event)
        ),
        *map(carrier.flag, lost_flags(old, work.session)),
        *carrier.flag_photos(),
    ]
    return [stop for stop in stops if stop is not None]


class _Carrier:
    """Copies rows of the replaced registry, and finds what its numbers mean in the restored one."""

    def __init__(self, old: Session, work: UnitOfWork) -> None:
        self.old, self.new, self.work = old, work.session, work
        self.photo: Callable[[int], int | None] = cache(self._photo)
        self.event: Callable[[int], int | None] = cache(self._event)
        self._people: dict[int, int | None] = {}
        self._staff = self._staff_numbers()

    def block(self, person: Person) -> CarriedStop | None:
        """Carry over a block; None for somebody erased of whom the backup knows nothing.

        The log never tells who is blocked. A block that was carried over is known by its time, that
        of the restore.
        """
        number = self.person(id_of(person))
        if number is None:
            return None
        row = self.new.get_one(Person, number)
        row.blocked, row.blocked_at = True, self.work.now
        row.blocked_by = self._staff[person.blocked_by] if person.blocked_by else self.work.actor.id
        add(self.new, row)
        self.work.log(Action.PERSON_CHANGED, Kind.PERSON, number)
        if person.erased_at:
            return self._carried(StopKind.ERASURE, Kind.PERSON, id_of(person), number)
        was, now = (human_id(Kind.PERSON, each) for each in (id_of(person), number))
        return CarriedStop(StopKind.BLOCK, was, now)

    def refusal(self, event: Any, spoken: _Spoken) -> CarriedStop:
        """Carry over a refusal or withdrawal with its document and scope."""
        record: Any = self.old.get_one(spoken.record, getattr(event, spoken.reference))
        target = self._record(record, spoken)
        if target is None:
            return self._carried(spoken.kind, spoken.id_kind, id_of(record), None)
        at, by = self._by(event.recorded_at, event.recorded_by)
        row = self._copy(
            event,
            **{spoken.reference: target, "recorded_at": at, "recorded_by": by},
            **{name: self._maybe_person(getattr(event, name)) for name in spoken.speakers},
            evidence=self._evidence(event.evidence),
        )
        self._scope(id_of(event), id_of(row), spoken)
        return self._carried(spoken.kind, spoken.id_kind, id_of(record), target, record.photo_id)

    def flag(self, flag: PhotoFlag) -> CarriedStop:
        """Carry over a flag."""
        photo = self.photo(flag.photo_id)
        if photo is None:
            return self._carried(StopKind.FLAG, Kind.FLAG, id_of(flag), None)
        about = self._maybe_person(flag.about_person_id)
        like = self.photo(flag.like_photo_id) if flag.like_photo_id else None
        more: dict[str, Any] = {"about_person_id": about, "like_photo_id": like}
        if (flag.about_person_id and not about) or (flag.like_photo_id and not like):
            more = {"about_person_id": None, "like_photo_id": None, "concerns_person": True}
            more["cause"] = FlagCause.CARRIED_OVER
        raised_at, raised_by = self._by(flag.raised_at, flag.raised_by)
        resolved_at, resolved_by = self._by(flag.resolved_at, flag.resolved_by)
        row = self._copy(
            flag,
            photo_id=photo,
            person_id=self._maybe_person(flag.person_id),
            raised_at=raised_at,
            raised_by=raised_by,
            resolved_at=resolved_at,
            resolved_by=resolved_by,
            **more,
        )
        return self._carried(StopKind.FLAG, Kind.FLAG, id_of(flag), id_of(row), flag.photo_id)

    def flag_photos(self) -> list[CarriedStop]:
        """Flag the photos on which a stop would have no effect any more; call it last."""
        lost = photos_less_stopped(self.old, self.new, person=self._same_person, event=self.event)
        photos = {self.photo(number): number for number in sorted(lost)}
        stopped = active_flags(self.new, [number for number in photos if number])
        reason = FlagReason(FlagCause.CARRIED_OVER)
        raise_flags(self.work, {new: reason for new in photos if new and new not in stopped})
        return [
            self._carried(StopKind.PHOTO, Kind.PHOTO, was, new)
            for new, was in photos.items()
            if new not in stopped
        ]

    def person(self, number: int) -> int | None:
        """Return who that is in the restored registry, added if need be; None if erased since."""
        if number not in self._people:
            self._people[number] = same_row(self.old, self.new, Person, number) or self._add_person(
                self.old.get_one(Person, number)
            )
        return self._people[number]

    def _same_person(self, number: int) -> int | None:
        if number in self._people:
            return self._people[number]
        return same_row(self.old, self.new, Person, number)

    def _maybe_person(self, number: int | None) -> int | None:
        return self.person(number) if number else None

    def _add_person(self, person: Person) -> int | None:
        if person.erased_at is not None:
            return None
        if person.merged_into is not None:
            return self.person(person.merged_into)
        at, by = self._by(person.created_at, person.created_by)
        unblocked = {"blocked": False, "blocked_at": None, "blocked_by": None}
        row = self._copy(person, created_at=at, created_by=by, **unblocked)
        self.work.log(Action.PERSON_ADDED, Kind.PERSON, row.id)
        return id_of(row)

    def _record(self, record: Any, spoken: _Spoken) -> int | None:
        """Return the consent or permission of the same parties and reach; None without a place."""
        photo = self.photo(record.photo_id) if record.photo_id else None
        event = self.event(record.event_id) if record.event_id else None
        parties = {name: self._maybe_person(getattr(record, name)) for name in spoken.parties}
        reach = {"photo_id": photo, "event_id": event}
        if any(getattr(record, name) and not new for name, new in (parties | reach).items()):
            return None
        if spoken.kind is StopKind.CONSENT and record.actor_id != record.subject_id:
            self._bring_guardianship(record, parties)
        wanted = self._like(record, **parties, **reach)
        found = matching_record(self.new, wanted)
        return id_of(found) if found is not None else add(self.new, wanted)

    def _bring_guardianship(self, record: Consent, parties: dict[str, int | None]) -> None:
        """Add the guardianships by which the guardian decides, unless there are any."""
        child, guardian = parties["subject_id"] or 0, parties["actor_id"] or 0
        if guardianships_between(self.new, child, guardian):
            return
        for row in guardianships_between(self.old, record.subject_id, record.actor_id):
            at, by = self._by(row.created_at, row.created_by)
            self._copy(
                row,
                child_id=child,
                guardian_id=guardian,
                created_at=at,
                created_by=by,
                excused_by=self._by(None, row.excused_by)[1],
                excused_evidence=self._evidence(row.excused_evidence),
                decides_alone_evidence=self._evidence(row.decides_alone_evidence),
            )

    def _scope(self, was: int, number: int, spoken: _Spoken) -> None:
        """Copy channels and purposes; a channel that is missing makes it a no to every channel."""
        channels = parts_of(self.old, spoken.channel, was)
        meant = [self._channel(row.channel_id) for row in channels]
        if None not in meant:
            for row, channel in zip(channels, meant, strict=True):
                self._copy(row, statement_id=number, channel_id=channel or None)
        for row in parts_of(self.old, spoken.purpose, was):
            add(self.new, spoken.purpose(statement_id=number, purpose=row.purpose))

    def _channel(self, number: int | None) -> int | None:
        """Return the channel of that name, None if there is none; 0 stands for no channel."""
        if number is None:
            return 0
        found = channel_named(self.new, self.old.get_one(ChannelRow, number).name)
        return id_of(found) if found is not None else None

    def _evidence(self, sha256: str | None) -> str | None:
        """Record a document of the replaced registry; its file is there already."""
        if sha256 is not None and self.new.get(Evidence, sha256) is None:
            document = self.old.get_one(Evidence, sha256)
            at, by = self._by(document.added_at, document.added_by)
            add(self.new, self._like(document, sha256=sha256, added_at=at, added_by=by))
        return sha256

    def _photo(self, number: int) -> int | None:
        return same_photo(self.old, self.new, number)

    def _event(self, number: int) -> int | None:
        return same_row(self.old, self.new, Event, number)

    def _staff_numbers(self) -> dict[int, int]:
        known = {staff.login: id_of(staff) for staff in all_staff(self.new)}
        return {id_of(s): known.get(s.login, self.work.actor.id) for s in all_staff(self.old)}

    def _by(self, at: datetime | None, by: int | None) -> tuple[Any, Any]:
        """Return time and member of staff as recorded now; unknown staff are who restores."""
        return at and min(at, self.work.now), by and self._staff[by]

    def _copy(self, row: _Row, **changes: object) -> _Row:
        number = next_number(self.new, type(row), id_of(row))
        copied = self._like(row, **changes, id=number)
        add(self.new, copied)
        return copied

    def _like(self, row: _Row, **changes: object) -> _Row:
        """Return a row with the same values but for the changes; its number is not yet given."""
        values = row.model_dump() | changes
        if "id" in values and "id" not in changes:
            values["id"] = next_number(self.new, type(row), id_of(row))
        copied: _Row = type(row)(**values)
        return copied

    def _carried(
        self, kind: StopKind, id_kind: Kind, was: int, now: int | None, photo: int | None = None
    ) -> CarriedStop:
        own = human_id(id_kind, was)
        there = self.photo(photo) if photo else None
        stop = CarriedStop(
            kind,
            own,
            human_id(id_kind, now) if now else None,
            human_id(Kind.PHOTO, there) if there else None,
        )
        if now:
            self.work.log(Action.STOP_CARRIED, id_kind, now, stop=kind, replaced=own, photo=there)
        else:
            self.work.log(Action.STOP_CARRIED, "replaced", was, stop=kind, replaced=own)
        return stop
