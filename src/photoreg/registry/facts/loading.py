"""Load the records that facts are built from, in the order of the photos.

The same queries, with the same columns, serve one photo and a million: rows that belong to single
photos are read as streams and joined photo by photo; rows that photos share (people, events,
consents with a wider reach) are read once. Neither the number of queries nor the memory for the
streams depends on the number of photos.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.consent_replay import ReplayEvent
from photoreg.registry.facts.flagged import copies_that_lack, stopped_photos
from photoreg.registry.facts.photo_selection import PhotoSelection, value_batches
from photoreg.registry.facts.rows import (
    ANSWERS,
    AnyConsent,
    ConsentEventRecord,
    ConsentRecord,
    EventArrays,
    EventContents,
    GuardianRecord,
    PermissionRecord,
    PersonRecord,
    PhotoRows,
    SharedRows,
    answers_record,
    is_consent,
)
from photoreg.registry.id_list import hash_list, id_list
from photoreg.registry.ids import id_of
from photoreg.registry.merged import kept_record
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.queries.organisation import all_channels
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
from photoreg.registry.tables.organisation import RegistryInfo
from photoreg.registry.tables.people import Evidence, Guardianship, Person, PersonName
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    Photo,
    PhotoPhotographer,
)
from photoreg.rulebook.facts import ReachLevel

RECORDS_PER_BATCH = 2_000
"""Consents processed together; bounds memory without a query for each."""

ROWS_PER_FETCH = 5_000
"""Rows fetched from a stream together."""


def stream_records(session: Session, table: Any, where: Any) -> Iterator[Any]:
    """Yield the consents or permissions that match the condition, by id."""
    record: Any = ConsentRecord if table is Consent else PermissionRecord
    columns = (getattr(table, name) for name in record._fields)
    statement = sa.select(*columns).where(where).order_by(table.id)
    session.flush()
    return (record(*row) for row in session.connection().execute(statement))


def record_batches(session: Session, table: Any, numbers: "array[int]") -> Iterator[list[Any]]:
    """Yield these consents or permissions in batches."""
    for start in range(0, len(numbers), RECORDS_PER_BATCH):
        batch = id_list(numbers[start : start + RECORDS_PER_BATCH])
        yield list(stream_records(session, table, col(table.id).in_(batch)))


def _select(*columns: Any) -> Any:
    """Build a query for these columns; SQLModel types its columns as their values."""
    return sa.select(*columns)


def _as_text(column: Any) -> Any:
    """Return an enumeration's column as text: cheaper to read, and texts compare equal."""
    return sa.type_coerce(column, sa.String)


def _answers(table: type[Event] | type[Photo]) -> list[Any]:
    columns = (getattr(table, name) for name in ANSWERS)
    return [_as_text(c) if isinstance(c.type, sa.Enum) else c for c in columns]


_IS_UNREAD = sa.or_(col(Photo.picture_sha256).is_(None), col(Photo.file_changed))

_PHOTO = [
    *(Photo.id, Photo.event_id, Photo.credit, Photo.credit_waived, Photo.taken_year),
    *(Photo.photographer_died_year, Photo.rights_removed, _as_text(Photo.people)),
    *(Photo.recognisable_count, Photo.context_identifies, Photo.file_artist, Photo.file_copyright),
    sa.cast(col(Photo.rights_metadata), sa.Text),  # as text, so that equal ones are parsed once
    *(_as_text(Photo.depicted_work), _as_text(Photo.digital_source), Photo.file_taken_on),
    *(col(Photo.version_of).is_not(None), _IS_UNREAD),
    *_answers(Photo),
]


def fetch_rows(
    session: Session, selection: PhotoSelection, statement: Any
) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query without the ORM; many as a stream."""
    session.flush()
    connection = session.connection()
    return (
        iter(connection.execute(statement))
        if selection.is_small
        else stream_rows(connection, statement)
    )


def stream_rows(connection: sa.Connection, statement: Any) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query as a stream, fetched in batches."""
    options = {"stream_results": True, "yield_per": ROWS_PER_FETCH}
    found = connection.execute(statement, execution_options=options)
    return chain.from_iterable(found.partitions())


@dataclass(frozen=True, eq=False)
class _EventTables:
    """The tables of the events, for consents or for permissions."""

    record: type[Consent] | type[Permission]
    parties: tuple[Any, Any]
    event: type[ConsentEvent] | type[PermissionEvent]
    reference: str
    channel: type[ConsentChannel] | type[PermissionChannel]
    purpose: type[ConsentPurpose] | type[PermissionPurpose]
    extra_columns: tuple[Any, ...]


_CONSENTS = _EventTables(
    Consent,
    (Consent.subject_id, Consent.actor_id),
    ConsentEvent,
    "consent_id",
    ConsentChannel,
    ConsentPurpose,
    (
        *(ConsentEvent.releases_confidentiality, sa.null(), sa.literal_column("''"), sa.false()),
        *(sa.literal_column("0"), sa.literal_column("''")),
    ),
)
_PERMISSIONS = _EventTables(
    Permission,
    (
        sa.func.coalesce(Permission.photographer_id, 0),
        sa.func.coalesce(kept_record(PermissionEvent.by_person_id), 0),
    ),
    PermissionEvent,
    "permission_id",
    PermissionChannel,
    PermissionPurpose,
    (
        *(sa.false(), _as_text(PermissionEvent.basis)),
        *(PermissionEvent.credit, PermissionEvent.credit_waived),
        sa.func.coalesce(kept_record(PermissionEvent.author_id), 0),
        PermissionEvent.licence_terms,
    ),
)


@cache
def _event_query(tables: _EventTables, scope_column: Any) -> Any:
    """Build the query for consent events: scope, record, parties, event columns."""
    record, event = tables.record, tables.event
    channel, purpose = tables.channel, tables.purpose
    number = sa.cast(channel.channel_id, sa.String)
    channels = _joined_values(
        sa.func.coalesce(_as_text(channel.kind), number), channel.statement_id, event.id
    )
    purposes = _joined_values(_as_text(purpose.purpose), purpose.statement_id, event.id)
    documented = sa.or_(col(event.evidence).is_not(None), col(event.paper) != "")
    return _select(
        scope_column,
        *(*tables.parties, record.id, event.id, _as_text(event.kind)),
        *(event.day, event.is_dated, event.is_live, event.names_kind, _as_text(event.method)),
        *(event.valid_until, event.open_ended, documented),
        *(*tables.extra_columns, channels, purposes),
    ).join_from(
        record, event, sa.and_(col(getattr(event, tables.reference)) == record.id, was_said(event))
    )


def _events(tables: _EventTables, scope_column: Any, unread: frozenset[str] = frozenset()) -> Any:
    """Build the query for consent events, with whether the document of each is damaged."""
    document = col(tables.event.evidence)
    damaged: Any = document.in_(
        _select(Evidence.sha256).where(col(Evidence.damaged_at).is_not(None))
    )
    if unread:
        damaged = sa.or_(damaged, document.in_(hash_list(unread)))
    return _event_query(tables, scope_column).add_columns(damaged)


def _joined_values(value: Any, owner: Any, row_id: Any) -> Any:
    """Return the values that belong to an event as one text, separated by blanks."""
    return _select(sa.func.aggregate_strings(value, " ")).where(owner == row_id).scalar_subquery()


_CONTENT_START = 5
"""Index of the first content column in a row of `_event_query`."""


def load_shared(session: Session, selection: PhotoSelection) -> SharedRows:
    """Load the rows that these photos share."""
    contents, organisation = _load_contents(session)
    of_event = _select(Event.id, Event.starts_on, Event.ends_on, *_answers(Event))
    events = [*fetch_rows(session, selection, of_event.where(selection.events(Event.id)))]
    of_events = (
        _select(EventPhotographer.event_id, EventPhotographer.person_id)
        .where(selection.events(EventPhotographer.event_id))
        .order_by(EventPhotographer.event_id, EventPhotographer.person_id)
    )
    photographers, photographer_keys = _photographers(session, selection)
    return SharedRows(
        organisation=organisation,
        contents=contents,
        persons=_persons(session, selection, selection.shown(Person.id)),
        photographers=photographers,
        photographer_keys=photographer_keys,
        guardians=_guardians(session, selection, selection.shown(Guardianship.child_id)),
        consent_events=_load_events(session, selection, _CONSENTS, selection.consents(), contents),
        permission_events=_load_events(
            session, selection, _PERMISSIONS, selection.permissions(), contents
        ),
        events={event: answers_record(answers) for event, _, _, *answers in events},
        event_days={event: (first, last) for event, first, last, *_ in events},
        event_photographers={
            event: tuple(persons)
            for event, persons in _grouped(fetch_rows(session, selection, of_events)).items()
        },
        copies_that_lack=copies_that_lack(session, selection.photos),
        stops=stopped_photos(session, selection.photos),
        second_looks=_second_looks(session, selection),
    )


def _second_looks(session: Session, selection: PhotoSelection) -> frozenset[int]:
    """Return which of these photos wait for a second look."""
    look = _SECOND_LOOK.c
    waiting = _select(look.photo_id).where(look.outcome.is_(None), selection.photos(look.photo_id))
    return frozenset(row[0] for row in fetch_rows(session, selection, waiting))


# Named by hand: declaring the class would cost every command that asks for a verdict.
_SECOND_LOOK = sa.table("second_look", sa.column("photo_id", sa.Integer), sa.column("outcome"))


def load_people(session: Session, persons: Iterable[int]) -> SharedRows:
    """Load the rows about these persons, whatever photo they may be in."""
    wanted, selection = id_list(persons), PhotoSelection(())
    contents, organisation = _load_contents(session)
    return SharedRows(
        organisation=organisation,
        contents=contents,
        persons=_persons(session, selection, col(Person.id).in_(wanted)),
        guardians=_guardians(session, selection, col(Guardianship.child_id).in_(wanted)),
        consent_events=_load_events(
            session, selection, _CONSENTS, col(Consent.subject_id).in_(wanted), contents
        ),
        permission_events=EventArrays(),
    )


def _photographers(
    session: Session, selection: PhotoSelection
) -> tuple[dict[int, PersonRecord], dict[int, tuple[str, ...]]]:
    """Return the photographers, and their names as keys, the known-as names after the first."""
    columns = (getattr(Person, name) for name in PersonRecord._fields)
    wanted = _select(Person.id, Person.name_key, *columns)
    rows = [*fetch_rows(session, selection, wanted.where(selection.photographers(Person.id)))]
    known_as = (
        _select(PersonName.person_id, PersonName.name_key)
        .where(selection.photographers(PersonName.person_id))
        .order_by(PersonName.id)
    )
    names = ((number, key) for number, key, *_record in rows)
    keys = _grouped(chain(names, fetch_rows(session, selection, known_as)))
    records = {number: PersonRecord(*record) for number, _key, *record in rows}
    return records, {number: tuple(found) for number, found in keys.items()}


def _load_contents(session: Session) -> tuple[EventContents, str]:
    names, organisation = _names(session)
    return EventContents(names), organisation


@asked_once
def _names(session: Session) -> tuple[dict[int, str], str]:
    """Return the names of the channels, and of the organisation."""
    info = session.get(RegistryInfo, 1)
    names = {id_of(channel): channel.name for channel in all_channels(session)}
    return names, info.organisation if info else ""


def _persons(session: Session, selection: PhotoSelection, wanted: Any) -> dict[int, PersonRecord]:
    columns = (getattr(Person, name) for name in PersonRecord._fields)
    found = fetch_rows(session, selection, _select(Person.id, *columns).where(wanted))
    known: dict[PersonRecord, PersonRecord] = {}
    read = ((number, PersonRecord(*columns)) for number, *columns in found)
    return {number: known.setdefault(record, record) for number, record in read}


def _guardians(
    session: Session, selection: PhotoSelection, wanted: Any
) -> dict[int, list[GuardianRecord]]:
    statement = _select(
        Guardianship.child_id,
        Guardianship.guardian_id,
        col(Guardianship.verified_how).is_not(None),
        col(Guardianship.excused_ground).is_not(None),
        Guardianship.first_day,
        Guardianship.last_day,
        Guardianship.decides_alone,
    ).where(wanted)
    # The guardianship that has not ended comes last.
    statement = statement.order_by(col(Guardianship.last_day).is_(None), Guardianship.id)
    found: dict[int, list[GuardianRecord]] = defaultdict(list)
    for child, *guardian in fetch_rows(session, selection, statement):
        found[child].append(GuardianRecord(*guardian))
    return dict(found)


def _load_events(
    session: Session,
    selection: PhotoSelection,
    tables: _EventTables,
    condition: Any,
    contents: EventContents,
) -> EventArrays:
    """Load the events with the reach of an event or of everything, in the records wanted."""
    record = tables.record
    statement = _events(tables, record.event_id, selection.unread_documents).where(
        condition, col(record.photo_id).is_(None)
    )
    events = EventArrays()
    for row in fetch_rows(session, selection, statement):
        event, person_id, actor, number, row_id = row[:_CONTENT_START]
        events.add(
            person_id, event, actor, number, row_id, contents.number(tuple(row[_CONTENT_START:]))
        )
    return events


def _grouped(pairs: Iterable[Sequence[Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


class _ByPhoto:
    """A stream in the order of photos, read photo by photo; `photo` is the next one's."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self._advance()

    def _advance(self) -> None:
        self._next = next(self._rows, None)
        self.photo = 0 if self._next is None else int(self._next[0])

    def of(self, photo: int) -> list[Sequence[Any]]:
        """Return the rows of a photo; call it in the order of the photos."""
        row, found = self._next, []
        while row is not None and row[0] == photo:
            found.append(row)
            row = next(self._rows, None)
        self._next = row
        self.photo = 0 if row is None else row[0]
        return found


def photos_in_order(
    session: Session, selection: PhotoSelection, contents: EventContents
) -> Iterator[PhotoRows]:
    """Yield these photos by id, each with the rows that belong to it alone."""

    def stream(statement: Any, of_photo: Any, *then: Any) -> Iterator[Sequence[Any]]:
        ordered = statement.where(selection.photos(of_photo)).order_by(of_photo, *then)
        return fetch_rows(session, selection, ordered)

    def event_stream(tables: _EventTables) -> _ByPhoto:
        of_photo = tables.record.photo_id
        statement = _events(tables, of_photo, selection.unread_documents)
        statement = statement.where(col(of_photo).is_not(None))
        return _ByPhoto(stream(statement, of_photo))

    photographer, depiction = PhotoPhotographer, Depiction
    links = _select(photographer.photo_id, photographer.person_id)
    photographers = _ByPhoto(stream(links, photographer.photo_id, photographer.person_id))
    links = _select(depiction.photo_id, depiction.person_id, _as_text(depiction.role))
    shown = _ByPhoto(stream(links, depiction.photo_id, depiction.id))
    consents = event_stream(_CONSENTS) if selection.includes_consents else _ByPhoto(iter(()))
    permissions = event_stream(_PERMISSIONS)
    # Every row belongs to a photo that is read as well, so no stream can fall behind.
    for photo in stream(_select(*_PHOTO), Photo.id):
        number = photo[0]
        yield PhotoRows(
            photo,
            tuple([row[1] for row in photographers.of(number)])
            if photographers.photo == number
            else (),
            [(row[1], row[2]) for row in shown.of(number)] if shown.photo == number else [],
            [_event_record(row, contents) for row in consents.of(number)]
            if consents.photo == number
            else [],
            [_event_record(row, contents) for row in permissions.of(number)]
            if permissions.photo == number
            else [],
        )


def _event_record(
    row: Sequence[Any], contents: EventContents, reach: ReachLevel = ReachLevel.PHOTO
) -> ConsentEventRecord:
    _, person_id, actor, record, row_id = row[:_CONTENT_START]
    content = contents.number(tuple(row[_CONTENT_START:]))
    return ConsentEventRecord(person_id, actor, record, row_id, content, reach)


def replay_events_by_record(
    session: Session, records: Sequence[AnyConsent]
) -> dict[int, list[ReplayEvent]]:
    """Return the events of these consents or permissions, by id."""
    tables = _CONSENTS if all(map(is_consent, records[:1])) else _PERMISSIONS
    contents, _ = _load_contents(session)
    reaches = {id_of(record): reach_level(record) for record in records}
    events: dict[int, list[ReplayEvent]] = defaultdict(list)
    for numbers in value_batches(reaches):
        statement = _events(tables, tables.record.id).where(col(tables.record.id).in_(numbers))
        for row in session.execute(statement):
            event_record = _event_record(row, contents, reaches[row[0]])
            events[row[0]].append(event_record.to_replay_event(contents))
    return events


def reach_level(record: AnyConsent) -> ReachLevel:
    """Return the reach of a consent or permission."""
    if record.photo_id is not None:
        return ReachLevel.PHOTO
    return ReachLevel.EVERYTHING if record.event_id is None else ReachLevel.EVENT
