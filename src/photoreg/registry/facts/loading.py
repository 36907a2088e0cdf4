"""Loading what facts are built from: light records, in the order of the photos.

The same queries, with the same columns, serve one photo and a million: what belongs to single
photos is read as streams and put together photo by photo, what photos share (people, events, what
was said of all or of an event) is read once. Neither the number of queries nor the memory for the
streams depends on how many photos there are.
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

from photoreg.registry.facts.consent_replay import Reach, Word
from photoreg.registry.facts.flagged import flagged_photos
from photoreg.registry.facts.id_list import these
from photoreg.registry.facts.photo_selection import Which, some_at_a_time
from photoreg.registry.facts.rows import (
    ANSWERS,
    ConsentRecord,
    GuardianRecord,
    PermissionRecord,
    PersonRecord,
    PhotoRows,
    Sayings,
    Shared,
    Spoken,
    Thread,
    Words,
    answers_record,
    is_consent,
)
from photoreg.registry.ids import id_of
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
from photoreg.registry.tables.organisation import ChannelRow, RegistryInfo
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    Photo,
    PhotoPhotographer,
)

THREADS_AT_A_TIME = 2_000
"""How many consents are looked at together: neither memory nor queries grow with each of them."""

ROWS_AT_A_TIME = 5_000
"""How many rows a stream fetches together."""


def thread_records(session: Session, table: Any, where: Any) -> Iterator[Any]:
    """Give the records of consents, or of permissions, for which a condition holds; by number."""
    record: Any = ConsentRecord if table is Consent else PermissionRecord
    columns = (getattr(table, name) for name in record._fields)
    statement = sa.select(*columns).where(where).order_by(table.id)
    session.flush()
    return (record(*row) for row in session.connection().execute(statement))


def threads_in_parts(session: Session, table: Any, numbers: "array[int]") -> Iterator[list[Any]]:
    """Give the records of these consents, or of these permissions, some thousands at a time."""
    for start in range(0, len(numbers), THREADS_AT_A_TIME):
        some = these(numbers[start : start + THREADS_AT_A_TIME])
        yield list(thread_records(session, table, col(table.id).in_(some)))


def _select(*columns: Any) -> Any:
    """Return a query for these columns; SQLModel types its columns as their values."""
    return sa.select(*columns)


def _plain(column: Any) -> Any:
    """Return an enumeration's column as text: a million look-ups less, and text compares alike."""
    return sa.type_coerce(column, sa.String)


def _answers(table: type[Event] | type[Photo]) -> list[Any]:
    columns = (getattr(table, name) for name in ANSWERS)
    return [_plain(c) if isinstance(c.type, sa.Enum) else c for c in columns]


_PHOTO = [
    *(Photo.id, Photo.event_id, Photo.credit, Photo.credit_waived, Photo.taken_year),
    *(Photo.photographer_died_year, Photo.rights_removed, _plain(Photo.people)),
    *(Photo.recognisable_count, Photo.context_identifies, Photo.file_artist, Photo.file_copyright),
    sa.cast(col(Photo.file_said), sa.Text),  # as it stands: equal texts are read once
    *_answers(Photo),
]


def records(session: Session, which: Which, statement: Any) -> Iterator[Sequence[Any]]:
    """Give the rows of a query, past the session, which would look at each; many as a stream."""
    session.flush()
    connection = session.connection()
    return iter(connection.execute(statement)) if which.is_few else streamed(connection, statement)


def streamed(connection: sa.Connection, statement: Any) -> Iterator[Sequence[Any]]:
    """Give the rows of a query as a stream, fetched some thousands at a time."""
    options = {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    found = connection.execute(statement, execution_options=options)
    return chain.from_iterable(found.partitions())


@dataclass(frozen=True, eq=False)
class _SaidTables:
    """The tables that hold what was said, for consents or for permissions."""

    thread: type[Consent] | type[Permission]
    who: tuple[Any, Any]
    event: type[ConsentEvent] | type[PermissionEvent]
    of: str
    channel: type[ConsentChannel] | type[PermissionChannel]
    purpose: type[ConsentPurpose] | type[PermissionPurpose]
    more: tuple[Any, ...]


_CONSENTS = _SaidTables(
    Consent,
    (Consent.subject_id, Consent.actor_id),
    ConsentEvent,
    "consent_id",
    ConsentChannel,
    ConsentPurpose,
    (ConsentEvent.releases_confidentiality, sa.null(), sa.literal_column("''"), sa.false()),
)
_PERMISSIONS = _SaidTables(
    Permission,
    (sa.func.coalesce(Permission.photographer_id, 0), sa.literal_column("0")),
    PermissionEvent,
    "permission_id",
    PermissionChannel,
    PermissionPurpose,
    (
        *(sa.false(), _plain(PermissionEvent.basis)),
        *(PermissionEvent.credit, PermissionEvent.credit_waived),
    ),
)


@cache
def _said(tables: _SaidTables, about: Any) -> Any:
    """Return the query of what was said: about what, thread, who, and then a saying's columns."""
    thread, event = tables.thread, tables.event
    channel, purpose = tables.channel, tables.purpose
    number = sa.cast(channel.channel_id, sa.String)
    channels = _listed(sa.func.coalesce(_plain(channel.kind), number), channel.said_id, event.id)
    purposes = _listed(_plain(purpose.purpose), purpose.said_id, event.id)
    documented = sa.or_(col(event.evidence).is_not(None), col(event.paper) != "")
    return _select(
        about,
        *(*tables.who, thread.id, event.id, _plain(event.kind)),
        *(event.day, event.valid_until, event.open_ended, documented),
        *(*tables.more, channels, purposes),
    ).join_from(thread, event, col(getattr(event, tables.of)) == thread.id)


def _listed(value: Any, owner: Any, said: Any) -> Any:
    """Return the values that belong to a word as one text, with blanks between them."""
    return _select(sa.func.aggregate_strings(value, " ")).where(owner == said).scalar_subquery()


_SAYING = 5
"""Where in a row of `_said` the columns of the saying begin."""


def load_shared(session: Session, which: Which) -> Shared:
    """Load what these photos share."""
    sayings, organisation = _sayings(session)
    events = _select(Event.id, *_answers(Event)).where(which.events(Event.id))
    of_events = (
        _select(EventPhotographer.event_id, EventPhotographer.person_id)
        .where(which.events(EventPhotographer.event_id))
        .order_by(EventPhotographer.event_id, EventPhotographer.person_id)
    )
    takers = _select(Person.id, Person.name_key).where(which.takers(Person.id))
    return Shared(
        organisation=organisation,
        sayings=sayings,
        persons=_persons(session, which, which.shown(Person.id)),
        takers={row[0]: row[1] for row in records(session, which, takers)},
        guardians=_guardians(session, which, which.shown(Guardianship.child_id)),
        consents=_words(session, which, _CONSENTS, which.consents(), sayings),
        permissions=_words(session, which, _PERMISSIONS, which.permissions(), sayings),
        events={e[0]: answers_record(e[1:]) for e in records(session, which, events)},
        event_photographers={
            event: tuple(persons)
            for event, persons in _grouped(records(session, which, of_events)).items()
        },
        flagged=flagged_photos(session, which.photos),
    )


def load_people(session: Session, persons: Iterable[int]) -> Shared:
    """Load what is known of some persons, whatever photo they may be in."""
    wanted, which = these(persons), Which(())
    sayings, organisation = _sayings(session)
    return Shared(
        organisation=organisation,
        sayings=sayings,
        persons=_persons(session, which, col(Person.id).in_(wanted)),
        guardians=_guardians(session, which, col(Guardianship.child_id).in_(wanted)),
        consents=_words(session, which, _CONSENTS, col(Consent.subject_id).in_(wanted), sayings),
        permissions=Words(),
    )


def _sayings(session: Session) -> tuple[Sayings, str]:
    names: dict[int, str] = dict(session.execute(_select(ChannelRow.id, ChannelRow.name)).all())
    info = session.get(RegistryInfo, 1)
    return Sayings(names), info.organisation if info else ""


def _persons(session: Session, which: Which, wanted: Any) -> dict[int, PersonRecord]:
    columns = (getattr(Person, name) for name in PersonRecord._fields)
    found = records(session, which, _select(Person.id, *columns).where(wanted))
    known: dict[PersonRecord, PersonRecord] = {}
    read = ((number, PersonRecord(*columns)) for number, *columns in found)
    return {number: known.setdefault(record, record) for number, record in read}


def _guardians(session: Session, which: Which, wanted: Any) -> dict[int, list[GuardianRecord]]:
    statement = _select(
        Guardianship.child_id,
        Guardianship.guardian_id,
        col(Guardianship.verified_how).is_not(None),
        col(Guardianship.excused_ground).is_not(None),
        col(Guardianship.ended_on).is_not(None),
    ).where(wanted)
    found: dict[int, list[GuardianRecord]] = defaultdict(list)
    for child, *guardian in records(session, which, statement):
        found[child].append(GuardianRecord(*guardian))
    return dict(found)


def _words(
    session: Session,
    which: Which,
    tables: _SaidTables,
    whose: Any,
    sayings: Sayings,
) -> Words:
    """Load what was said of everything or of events in the threads that are wanted."""
    thread = tables.thread
    statement = _said(tables, thread.event_id).where(whose, col(thread.photo_id).is_(None))
    words = Words()
    for row in records(session, which, statement):
        event, about, actor, number, said = row[:_SAYING]
        words.add(about, event, actor, number, said, sayings.number(tuple(row[_SAYING:])))
    return words


def _grouped(pairs: Iterable[Sequence[Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


class _ByPhoto:
    """A stream in the order of photos, given out photo by photo; `photo` is the next one's."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self._advance()

    def _advance(self) -> None:
        self._next = next(self._rows, None)
        self.photo = 0 if self._next is None else int(self._next[0])

    def of(self, photo: int) -> list[Sequence[Any]]:
        """Return the rows of a photo; photos are asked for in their order."""
        row, found = self._next, []
        while row is not None and row[0] == photo:
            found.append(row)
            row = next(self._rows, None)
        self._next = row
        self.photo = 0 if row is None else row[0]
        return found


def photos_in_order(session: Session, which: Which, sayings: Sayings) -> Iterator[PhotoRows]:
    """Give these photos, in the order of their numbers, each with what belongs to it alone."""

    def stream(statement: Any, of_photo: Any, *then: Any) -> Iterator[Sequence[Any]]:
        ordered = statement.where(which.photos(of_photo)).order_by(of_photo, *then)
        return records(session, which, ordered)

    def said(tables: _SaidTables) -> _ByPhoto:
        of_photo = tables.thread.photo_id
        some = _said(tables, of_photo).where(col(of_photo).is_not(None))
        return _ByPhoto(stream(some, of_photo))

    taker, depiction = PhotoPhotographer, Depiction
    who = _select(taker.photo_id, taker.person_id)
    takers = _ByPhoto(stream(who, taker.photo_id, taker.person_id))
    who = _select(depiction.photo_id, depiction.person_id, _plain(depiction.role))
    shown = _ByPhoto(stream(who, depiction.photo_id, depiction.id))
    consents = said(_CONSENTS) if which.has_consents else _ByPhoto(iter(()))
    permissions = said(_PERMISSIONS)
    # Every row belongs to a photo that is read as well: no stream can fall behind.
    for photo in stream(_select(*_PHOTO), Photo.id):
        number = photo[0]
        yield PhotoRows(
            photo,
            tuple([row[1] for row in takers.of(number)]) if takers.photo == number else (),
            [(row[1], row[2]) for row in shown.of(number)] if shown.photo == number else [],
            [_spoken(row, sayings) for row in consents.of(number)]
            if consents.photo == number
            else [],
            [_spoken(row, sayings) for row in permissions.of(number)]
            if permissions.photo == number
            else [],
        )


def _spoken(row: Sequence[Any], sayings: Sayings, reach: Reach = Reach.PHOTO) -> Spoken:
    _, about, actor, thread, said = row[:_SAYING]
    saying = sayings.number(tuple(row[_SAYING:]))
    return Spoken(about, actor, thread, said, saying, reach)


def words_of(session: Session, threads: Sequence[Thread]) -> dict[int, list[Word]]:
    """Return what was said in these consents, or in these permissions, by their ids."""
    tables = _CONSENTS if all(map(is_consent, threads[:1])) else _PERMISSIONS
    sayings, _ = _sayings(session)
    reaches = {id_of(thread): reach_of(thread) for thread in threads}
    words: dict[int, list[Word]] = defaultdict(list)
    for some in some_at_a_time(reaches):
        statement = _said(tables, tables.thread.id).where(col(tables.thread.id).in_(some))
        for row in session.execute(statement):
            spoken = _spoken(row, sayings, reaches[row[0]])
            words[row[0]].append(spoken.in_words(sayings))
    return words


def reach_of(thread: Thread) -> Reach:
    """Return how narrow a thread is."""
    if thread.photo_id is not None:
        return Reach.PHOTO
    return Reach.EVERYTHING if thread.event_id is None else Reach.EVENT
