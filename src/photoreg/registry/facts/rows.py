"""Light records that facts are built from.

A registry holds a million photos and as many consent events: SQLModel objects would take minutes to
build. Equal values are stored once, and events that reach more than one photo are stored in arrays.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from photoreg.registry.facts.consent_replay import ReplayEvent
from photoreg.registry.facts.flagged import PhotoStops
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.rulebook.facts import (
    OPEN_ENDED,
    AgeGroup,
    Basis,
    Capacity,
    Commissioner,
    Confidentiality,
    ConsentKind,
    DepictedWork,
    DigitalSource,
    LicenceTerm,
    Method,
    People,
    Photographer,
    Place,
    ReachLevel,
    Shot,
    Statement,
)


class AnswersRecord(NamedTuple):
    """The answers of an event, or of a photo itself."""

    photographer: Photographer | None = None
    basis: Basis | None = None
    commissioner: Commissioner | None = None
    place: Place | None = None
    place_permission: bool | None = None
    shot: Shot | None = None
    confidentiality: Confidentiality | None = None
    sensitive: bool | None = None

    def with_defaults(self, event: "AnswersRecord") -> "AnswersRecord":
        """Return a photo's answers, completed with those of its event."""
        both = zip(self._fields, self, event, strict=True)
        found: Any = {name: common if own is None else own for name, own, common in both}
        if self.place is not None:
            # A permission for the event's place does not cover another place.
            found["place_permission"] = self.place_permission
        return AnswersRecord(**found)


ANSWERS = AnswersRecord._fields
"""The questions that an event answers once for all its photos, and a photo for itself."""


def answers_record(columns: Sequence[Any]) -> AnswersRecord:
    """Return answers from database columns, with enumeration members in place of their texts."""
    photographer, basis, commissioner, place, place_permission, shot, confidentiality, sensitive = (
        columns
    )
    return AnswersRecord(
        photographer and Photographer(photographer),
        basis and Basis(basis),
        commissioner and Commissioner(commissioner),
        place and Place(place),
        place_permission,
        shot and Shot(shot),
        confidentiality and Confidentiality(confidentiality),
        sensitive,
    )


class PhotoRecord(NamedTuple):
    """A photo's own row. In the query, `answers` is spread over columns: see `photo_record`."""

    id: int
    event_id: int | None
    credit: str | None
    credit_waived: bool
    taken_year: int | None
    photographer_died_year: int | None
    rights_removed: bool
    people: People | None
    recognisable_count: int | None
    context_identifies: bool | None
    file_artist: str
    file_copyright: str
    rights_metadata: str | None
    depicted_work: DepictedWork | None
    digital_source: DigitalSource | None
    file_taken_on: date | None
    is_version: bool
    picture_unread: bool
    answers: AnswersRecord


_OWN_COUNT = len(PhotoRecord._fields) - 1


def photo_record(columns: Sequence[Any]) -> PhotoRecord:
    """Return a photo's columns as a record."""
    own = PhotoRecord._make((*columns[:_OWN_COUNT], answers_record(columns[_OWN_COUNT:])))
    return own._replace(
        people=own.people and People(own.people),
        depicted_work=own.depicted_work and DepictedWork(own.depicted_work),
        digital_source=own.digital_source and DigitalSource(own.digital_source),
    )


class PersonRecord(NamedTuple):
    """What the rules need about a person, without identity; equal records are stored once."""

    born: date | None
    age_group: AgeGroup
    deceased: bool
    died_on: date | None
    capacity: Capacity
    guardians_total: int | None
    blocked: bool
    erased_at: datetime | None


class GuardianRecord(NamedTuple):
    """A guardian of a child; `verified` and `excused` tell whether a ground was recorded.

    Without a first day the guardianship began with the child's birth; both days belong to it.
    """

    guardian_id: int
    verified: bool
    excused: bool
    first_day: date | None = None
    last_day: date | None = None
    decides_alone: bool = False


class ConsentRecord(NamedTuple):
    """A consent: its parties and its reach."""

    id: int
    subject_id: int
    actor_id: int
    photo_id: int | None
    event_id: int | None


class PermissionRecord(NamedTuple):
    """A permission: its holder and its reach."""

    id: int
    photographer_id: int | None
    licensor: str
    photo_id: int | None
    event_id: int | None


AnyConsentRecord = ConsentRecord | PermissionRecord


AnyConsent = Consent | Permission | AnyConsentRecord
"""A consent or a permission, as a row that may be changed or as a light record."""


def is_consent(record: AnyConsent) -> bool:
    """Return whether it is a consent; otherwise it is a permission."""
    return isinstance(record, Consent | ConsentRecord)


class EventContent(NamedTuple):
    """The content of an event, whoever it is from; equal ones are stored once."""

    statement: Statement
    basis: Basis | None = None
    credit: str = ""
    credit_waived: bool = False
    author_id: int = 0
    licence_terms: str = ""

    @property
    def day(self) -> date:
        """The day on which it was said."""
        return self.statement.day or date.min


class ConsentEventRecord(NamedTuple):
    """A consent event: parties, record, reach, and the number of its content.

    `person_id` is the person depicted, or the photographer (0 for a licence without one);
    `actor_id` is 0 for a permission that the photographer gave.
    """

    person_id: int
    actor_id: int
    record_id: int
    id: int
    content: int
    reach: ReachLevel

    def to_replay_event(self, contents: "EventContents") -> ReplayEvent:
        """Return the event with its content."""
        said, basis, credit, waived, _author, terms = contents[self.content]
        said = replace(said, reach=self.reach)
        return ReplayEvent(self.id, self.record_id, said, basis, credit, waived, terms)


class PhotoRows(NamedTuple):
    """A photo with the rows that belong to it alone."""

    photo: Sequence[Any]
    taken_by: tuple[int, ...]
    depicted: Sequence[tuple[int | None, str]]
    consents: list[ConsentEventRecord]
    permissions: list[ConsentEventRecord]

    @property
    def id(self) -> int:
        """The photo's number."""
        return int(self.photo[0])

    @property
    def event_id(self) -> int | None:
        """The number of the photo's event, if it has one."""
        event: int | None = self.photo[1]
        return event

    @property
    def has_own_photographers(self) -> bool:
        """Return whether the photo has photographers of its own; else its event's apply."""
        return self.photo[_OWN_COUNT] is not None or self.photo[1] is None


class EventContents:
    """Every distinct event content, by number, built from columns of `_event_query`."""

    def __init__(self, channel_names: dict[int, str]) -> None:
        self._channel_names = channel_names
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._all: list[EventContent] = []

    def __getitem__(self, number: int) -> EventContent:
        """Return a content by its number."""
        return self._all[number]

    def number(self, columns: tuple[Any, ...]) -> int:
        """Return the number of the content in these columns."""
        found = self._numbers.get(columns)
        if found is None:
            found = self._numbers[columns] = len(self._all)
            self._all.append(self._content(*columns))
        return found

    def _content(
        self,
        kind: str,
        day: date,
        is_dated: bool,
        is_live: bool,
        names_kind: bool,
        method: str,
        valid_until: date | None,
        open_ended: bool,
        documented: bool,
        releases: bool,
        basis: str | None,
        credit: str,
        credit_waived: bool,
        author_id: int,
        licence_terms: str,
        channels: str | None,
        purposes: str | None,
        damaged: bool | None,
    ) -> EventContent:
        said = Statement(
            ConsentKind(kind),
            day=day,
            is_dated=bool(is_dated),
            is_live=bool(is_live),
            channels=frozenset(map(self._channel, (channels or "").split())),
            purposes=frozenset((purposes or "").split()),
            names_kind=bool(names_kind),
            valid_until=OPEN_ENDED if open_ended else valid_until,
            documented=bool(documented),
            method=Method(method),
            is_whole=not damaged,
            releases_confidential=bool(releases),
            licence_terms=frozenset(LicenceTerm(term) for term in licence_terms.split(";") if term),
        )
        given_basis = Basis(basis) if basis else None
        return EventContent(
            said, given_basis, credit, bool(credit_waived), author_id, licence_terms
        )

    def _channel(self, number_or_kind: str) -> str:
        return (
            self._channel_names[int(number_or_kind)] if number_or_kind.isdigit() else number_or_kind
        )


class EventArrays:
    """Events that reach an event or everything, by person: five integers each, in arrays."""

    def __init__(self) -> None:
        self._numbers: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))

    def add(self, person_id: int, event: int | None, *numbers: int) -> None:
        """Add an event of a person, with its scope and the rest of a `ConsentEventRecord`."""
        values = (event or 0, *numbers)
        try:
            self._numbers[person_id].extend(values)
        except OverflowError:  # integers of more than four bytes, which only SQLite returns
            whole = len(self._numbers[person_id]) // 5 * 5
            self._numbers[person_id] = array("q", (*self._numbers[person_id][:whole], *values))

    def reaching(self, person_id: int, event: int | None) -> list[ConsentEventRecord]:
        """Return the events about a person that reach the photos of the event, or of none."""
        numbers = self._numbers.get(person_id)
        if numbers is None:
            return []
        found = []
        for place, of_event in enumerate(numbers[::5]):
            if not of_event or of_event == event:
                actor, record_id, row_id, content = numbers[place * 5 + 1 : place * 5 + 5]
                reach = ReachLevel.EVENT if of_event else ReachLevel.EVERYTHING
                found.append(
                    ConsentEventRecord(person_id, actor, record_id, row_id, content, reach)
                )
        return found


@dataclass(frozen=True)
class SharedRows:
    """The rows that photos share: people, events, and consents that reach several photos.

    `photographer_keys` are the photographers' names as keys, the known-as names included, for the
    comparison with a file. `event_days` are the first and the last day of each event.
    """

    organisation: str
    contents: EventContents
    persons: dict[int, PersonRecord]
    guardians: dict[int, list[GuardianRecord]]
    consent_events: EventArrays
    permission_events: EventArrays
    photographer_keys: dict[int, tuple[str, ...]] = field(default_factory=dict)
    photographers: dict[int, PersonRecord] = field(default_factory=dict)
    events: dict[int, AnswersRecord] = field(default_factory=dict)
    event_days: dict[int, tuple[date, date]] = field(default_factory=dict)
    event_photographers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    copies_that_lack: frozenset[int] = frozenset()
    stops: PhotoStops = field(default_factory=PhotoStops)
    second_looks: frozenset[int] = frozenset()
