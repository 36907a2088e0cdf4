"""Queries about photos and events: photographers, depictions, consents, decisions."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.loading import fetch_rows
from photoreg.registry.facts.photo_selection import PhotoSelection, value_batches
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.tables.consents import (
    Consent,
    ConsentChannel,
    ConsentEvent,
    ConsentEventColumns,
    Permission,
    PermissionChannel,
    PermissionEvent,
)
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.people import Person, Staff
from photoreg.registry.tables.photos import (
    Depiction,
    Event,
    EventPhotographer,
    EventRoster,
    Photo,
    PhotoPhotographer,
)
from photoreg.rulebook.facts import People

PHOTOS_PER_QUERY = 500
"""Photos in one query: SQLite limits the number of values in a query."""

_Record = TypeVar("_Record", Consent, Permission)


def photos_with_hashes(session: Session, hashes: Iterable[str]) -> dict[str, Photo]:
    """Return the photos whose files have these SHA-256, by the hash."""
    wanted = sorted(set(hashes))
    found = session.exec(select(Photo).where(col(Photo.sha256).in_(wanted)))
    return {photo.sha256: photo for photo in found}


def photos_with_pictures(session: Session, hashes: Iterable[str]) -> dict[str, Photo]:
    """Return the photos whose files hold these pictures, by picture hash; of several the first."""
    wanted = sorted(set(hashes))
    statement = select(Photo).where(col(Photo.picture_sha256).in_(wanted))
    photos = session.exec(statement.order_by(col(Photo.id).desc()))
    return {photo.picture_sha256: photo for photo in photos if photo.picture_sha256}


def add_photos(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add photos, each a row of columns, in this order; return their ids by file hash."""
    session.connection().execute(sa.insert(Photo.__table__), rows)  # type: ignore[attr-defined]
    hashes = [row["sha256"] for row in rows]
    added = select(Photo.sha256, Photo.id).where(col(Photo.sha256).in_(hashes))
    return {sha256: number for sha256, number in session.exec(added) if number}


def add_photographers(session: Session, links: Sequence[tuple[int, int]]) -> None:
    """Record the photographers of new photos: pairs of photo and person."""
    rows = [{"photo_id": photo, "person_id": person} for photo, person in links]
    if rows:
        session.execute(sa.insert(PhotoPhotographer), rows)


def store_mtimes(session: Session, times: Mapping[int, int]) -> None:
    """Store for photos when their files were last changed, in nanoseconds."""
    rows = [{"id": number, "mtime_ns": mtime_ns} for number, mtime_ns in times.items()]
    if rows:
        session.execute(sa.update(Photo), rows)


def unchanged_photos(
    session: Session, files: Mapping[str, tuple[int, int]], *, looked_at: bool
) -> dict[str, int]:
    """Return the photos whose files are unchanged since they were read, by path.

    `files` are path -> size, time of the last change in nanoseconds; `PHOTOS_PER_QUERY` at most.
    With `looked_at` only those whose pictures were looked at too.
    """
    table = sa.inspect(Photo).local_table.c
    statement = sa.select(table.path, table.size, table.mtime_ns, table.id).where(
        table.mtime_ns.in_([mtime_ns for _size, mtime_ns in files.values()])
    )
    if looked_at:
        statement = statement.where(table.picture_sha256.is_not(None), ~table.file_changed)
    return {
        path: number
        for path, size, mtime_ns, number in session.connection().execute(statement)
        if files.get(path) == (size, mtime_ns)
    }


@asked_once
def photo_ids(
    session: Session, event_id: int | None = None, first: int = 0, most: int | None = None
) -> list[int]:
    """Return the ids of all photos, or of an event's photos; or so many from the `first` on."""
    statement = select(Photo.id).order_by(col(Photo.id)).offset(first).limit(most)
    if event_id is not None:
        statement = statement.where(Photo.event_id == event_id)
    return [number for number in session.exec(statement) if number]


def photos_without_people(session: Session, event_id: int | None) -> list[int]:
    """Return the photos of an event about which nobody said whether people can be recognised."""
    statement = select(Photo.id).where(Photo.event_id == event_id, col(Photo.people).is_(None))
    return [number for number in session.exec(statement.order_by(col(Photo.id))) if number]


def folders_of_photos(session: Session) -> set[str]:
    """Return the folders that hold the registered photos."""
    return {os.path.dirname(path) for path in session.exec(select(Photo.path))}  # noqa: PTH120 - a million of them


def versions_of(session: Session, photo_id: int) -> list[int]:
    """Return the photos that are versions of this one, such as crops."""
    statement = select(Photo.id).where(Photo.version_of == photo_id).order_by(col(Photo.id))
    return [number for number in session.exec(statement) if number]


def photos_by_id(session: Session, numbers: Sequence[int]) -> list[Photo]:
    """Return these photos in the order of their ids; `PHOTOS_PER_QUERY` at most."""
    return list(
        session.exec(select(Photo).where(col(Photo.id).in_(numbers)).order_by(col(Photo.id)))
    )


def repeated_file_names(
    session: Session, event_id: int | None = None, names: Iterable[str] | None = None
) -> frozenset[str]:
    """Return the file names that several photos have, of an event or of all; or some of `names`."""
    counted = select(Photo.file_name).group_by(Photo.file_name).having(sa.func.count() > 1)
    if event_id is not None:
        counted = counted.where(Photo.event_id == event_id)
    if names is not None:
        counted = counted.where(col(Photo.file_name).in_(list(names)))
    return frozenset(session.exec(counted))


class PhotoLine(NamedTuple):
    """The columns of a photo that lists show."""

    id: int
    path: str
    file_name: str
    event_id: int | None
    taken_at: str | None
    people: People | None


def photo_lines(session: Session, selection: PhotoSelection) -> Iterator[PhotoLine]:
    """Yield these photos in the order of their ids, as a stream."""
    columns = (getattr(Photo, name) for name in PhotoLine._fields)
    statement = sa.select(*columns).where(selection.photos(Photo.id)).order_by(col(Photo.id))
    return map(PhotoLine._make, fetch_rows(session, selection, statement))


def photographer_names(session: Session, selection: PhotoSelection) -> Iterator[tuple[int, str]]:
    """Yield id and name of every photographer of these photos."""
    statement = sa.select(Person.id, Person.name).where(selection.photographers(Person.id))  # type: ignore[call-overload]
    return ((number, name) for number, name in fetch_rows(session, selection, statement))


def photographers_by_photo(session: Session, photos: Sequence[Photo]) -> dict[int, list[Person]]:
    """Return each photo's photographers: its own, else those of its event."""
    own = _linked(session, PhotoPhotographer.photo_id, PhotoPhotographer.person_id, photos)
    events = {photo.event_id for photo in photos if photo.event_id}
    by_event = photographers_by_event(session, events)
    return {
        id_of(photo): own[id_of(photo)]
        if photo.photographer is not None or photo.event_id is None
        else by_event[photo.event_id]
        for photo in photos
    }


def photographers_of(session: Session, numbers: Iterable[int]) -> dict[int, list[int]]:
    """Return the photographers of photos by number, each photo's own or those of its event.

    Columns are read, not objects of the session: those do not hold what `before_changes` puts back.
    """
    found: dict[int, list[int]] = {}
    for batch in value_batches(sorted(numbers)):
        columns = select(col(Photo.id), col(Photo.photographer), col(Photo.event_id))
        rows: list[Any] = list(session.exec(columns.where(col(Photo.id).in_(batch))))
        takers = photographers_by_photo(session, rows)
        found |= {photo: sorted(map(id_of, persons)) for photo, persons in takers.items()}
    return found


def _linked(
    session: Session, owner: Any, person: Any, photos: Sequence[Photo]
) -> dict[int, list[Person]]:
    return _persons_by(session, owner, person, [id_of(photo) for photo in photos])


def _persons_by(
    session: Session, owner: Any, person: Any, numbers: Iterable[int]
) -> dict[int, list[Person]]:
    wanted = list(numbers)
    if not wanted:
        return defaultdict(list)
    statement = (
        select(owner, Person)
        .join(Person, col(Person.id) == person)
        .where(col(owner).in_(id_list(wanted)))
        .order_by(col(Person.id))
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for number, row in session.exec(statement):
        found[number].append(row)
    return found


def photographers_by_event(session: Session, numbers: Iterable[int]) -> dict[int, list[Person]]:
    """Return the photographers of each event."""
    return _persons_by(session, EventPhotographer.event_id, EventPhotographer.person_id, numbers)


def photographers_by_camera(session: Session, event_id: int) -> dict[str, tuple[int, ...]]:
    """Return for each camera the photographers of an event's photos, if they are always the same.

    Photos whose photographer is not recorded for themselves do not count.
    """
    photo = sa.inspect(Photo).local_table.c
    link = sa.inspect(PhotoPhotographer).local_table.c
    own = sa.and_(photo.event_id == event_id, photo.camera != "", photo.photographer.is_not(None))
    connection = session.connection()
    totals = sa.select(photo.camera, sa.func.count()).where(own).group_by(photo.camera)
    total = {camera: int(count) for camera, count in connection.execute(totals)}
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    taken = (
        sa.select(photo.camera, link.person_id, sa.func.count())
        .where(own, link.photo_id == photo.id)
        .group_by(photo.camera, link.person_id)
        .order_by(link.person_id)
    )
    for camera, person, count in connection.execute(taken):
        found[camera].append((person, count))
    return {
        camera: tuple(person for person, _count in persons)
        for camera, persons in found.items()
        if all(count == total[camera] for _person, count in persons)
    }


def photographer_ids(session: Session) -> set[int]:
    """Return who has taken a photo, permitted the use of one, or is a user of the registry."""
    columns = (
        PhotoPhotographer.person_id,
        EventPhotographer.person_id,
        Permission.photographer_id,
        Staff.person_id,
    )
    found = (session.exec(select(column).distinct()) for column in columns)
    return {person for each in found for person in each if person}


def roster_by_event(session: Session, numbers: Iterable[int]) -> dict[int, list[Person]]:
    """Return the roster of each event."""
    return _persons_by(session, EventRoster.event_id, EventRoster.person_id, numbers)


def added_to_roster(session: Session, event_id: int) -> list[frozenset[int]]:
    """Return who was put on the roster of an event together, such as by a class list."""
    entries = select(LedgerEntry.details).where(
        col(LedgerEntry.subject) == human_id(Kind.EVENT, event_id),
        col(LedgerEntry.action).in_([Action.EVENT_ADDED, Action.EVENT_CHANGED]),
    )
    found = (json.loads(details) for details in session.exec(entries))
    fields = ("roster", "roster_added", "roster_listed")
    together = ([who for field in fields for who in each.get(field, ())] for each in found)
    return [
        frozenset(number for who in people if (number := parse_id(Kind.PERSON, who)) is not None)
        for people in together
    ]


def names_of_events_by_person(session: Session, persons: Iterable[int]) -> dict[int, list[str]]:
    """Return the events on whose rosters each of these persons is, by name, the newest first."""
    statement = (
        select(EventRoster.person_id, Event.name)
        .join(Event, col(Event.id) == col(EventRoster.event_id))
        .where(col(EventRoster.person_id).in_(id_list(persons)))
        .order_by(col(Event.starts_on).desc(), col(Event.id).desc())
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person, name in session.exec(statement):
        found[person].append(name)
    return found


def set_photographers(session: Session, photos: Iterable[int], persons: Iterable[int]) -> set[int]:
    """Record these persons as the photographers of photos; return the photos that changed."""
    return _set_links(session, PhotoPhotographer, "photo_id", photos, persons)


def photographer_numbers(session: Session, photo: int) -> set[int]:
    """Return who is recorded as a photographer of the photo itself, by number."""
    own = select(PhotoPhotographer.person_id).where(PhotoPhotographer.photo_id == photo)
    return set(session.exec(own))


def set_event_photographers(session: Session, event_id: int, persons: Iterable[int]) -> bool:
    """Record the photographers of an event; return whether that changed anything."""
    return bool(_set_links(session, EventPhotographer, "event_id", [event_id], persons))


def _set_links(
    session: Session, table: Any, owner: str, owners: Iterable[int], persons: Iterable[int]
) -> set[int]:
    """Link these owners to exactly these persons; return the owners that changed."""
    wanted = {(number, person) for number in owners for person in persons}
    column = getattr(table, owner)
    found = session.exec(select(table).where(col(column).in_(id_list(owners))))
    links = {(getattr(link, owner), link.person_id): link for link in found}
    delete_rows(session, (links[gone] for gone in links.keys() - wanted))
    session.add_all(
        table(**{owner: number, "person_id": person})
        for number, person in sorted(wanted - links.keys())
    )
    session.flush()
    return {number for number, _person in wanted ^ links.keys()}


def persons_shown(session: Session, numbers: Iterable[int]) -> dict[int, list[int]]:
    """Return for each photo the persons named in it, in the order they were named."""
    shown: dict[int, list[int]] = {number: [] for number in numbers}
    statement = select(Depiction).where(col(Depiction.photo_id).in_(id_list(shown)))
    for row in session.exec(statement.order_by(col(Depiction.id))):
        if row.person_id is not None:
            shown[row.photo_id].append(row.person_id)
    return shown


def depictions_of(session: Session, photo_id: int) -> list[Depiction]:
    """Return the depictions in a photo, including unnamed ones."""
    statement = select(Depiction).where(Depiction.photo_id == photo_id)
    return list(session.exec(statement.order_by(col(Depiction.id))))


def depictions_by_photo(session: Session, numbers: Sequence[int]) -> dict[int, list[Depiction]]:
    """Return the depictions in each of these photos, in the order of recording."""
    found: dict[int, list[Depiction]] = defaultdict(list)
    for start in range(0, len(numbers), PHOTOS_PER_QUERY):
        wanted = col(Depiction.photo_id).in_(numbers[start : start + PHOTOS_PER_QUERY])
        for depiction in session.exec(select(Depiction).where(wanted).order_by(col(Depiction.id))):
            found[depiction.photo_id].append(depiction)
    return found


def depiction_counts(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Count the depictions in each photo."""
    statement = (
        select(Depiction.photo_id, sa.func.count())
        .where(col(Depiction.photo_id).in_(id_list(numbers)))
        .group_by(col(Depiction.photo_id))
    )
    return dict(session.exec(statement).all())


def delete_row(session: Session, row: SQLModel) -> None:
    """Delete a row."""
    delete_rows(session, [row])


def delete_rows(session: Session, rows: Iterable[SQLModel]) -> None:
    """Delete rows, those of one table in one statement."""
    for row in rows:
        session.delete(row)
    session.flush()


def all_events(session: Session, first: int = 0, most: int | None = None) -> list[Event]:
    """Return the events, the newest first: all of them, or so many from the `first` on."""
    order = (col(Event.starts_on).desc(), col(Event.id).desc())
    return list(session.exec(select(Event).order_by(*order).offset(first).limit(most)))


def count_of_events(session: Session) -> int:
    """Return how many events there are."""
    return session.exec(select(sa.func.count()).select_from(Event)).one()


def events_by_id(session: Session, numbers: Iterable[int | None]) -> dict[int, Event]:
    """Return these events by id."""
    wanted = frozenset(number for number in numbers if number)
    return {id_of(event): event for event in _events(session, wanted)} if wanted else {}


@asked_once
def _events(session: Session, wanted: frozenset[int]) -> list[Event]:
    return list(session.exec(select(Event).where(col(Event.id).in_(sorted(wanted)))))


def photo_counts(session: Session, events: Iterable[int]) -> dict[int, int]:
    """Count the photos of each of these events."""
    return _counts(session, col(Photo.event_id), events)


def roster_counts(session: Session, events: Iterable[int]) -> dict[int, int]:
    """Count the persons on the roster of each of these events."""
    return _counts(session, col(EventRoster.event_id), events)


def _counts(session: Session, event: Any, events: Iterable[int]) -> dict[int, int]:
    counted = sa.select(event, sa.func.count()).where(event.in_(id_list(events))).group_by(event)
    return {row[0]: row[1] for row in session.execute(counted)}


def roster_row(session: Session, event_id: int, person_id: int) -> EventRoster | None:
    """Return a person's row on a roster, or None."""
    return session.get(EventRoster, (event_id, person_id))


def channel_names(session: Session) -> dict[int, str]:
    """Return the channels' names by id."""
    return {id_of(channel): channel.name for channel in all_channels(session)}


@asked_once
def login_of(session: Session, staff_id: int) -> str:
    """Return the login of a user."""
    staff = session.get(Staff, staff_id)
    return staff.login if staff else ""


@dataclass(frozen=True, slots=True)
class LatestEvent:
    """A consent or permission that reaches a photo, with its latest event.

    `channels` are those in its scope; none in a withdrawal means everything.
    """

    record: Consent | Permission
    event: ConsentEventColumns
    channels: tuple[str, ...]


def consents_about(session: Session, photo: Photo, persons: Iterable[int]) -> list[LatestEvent]:
    """Return the consents about these persons that reach the photo, with the latest event."""
    where = col(Consent.subject_id).in_(sorted(set(persons)))
    records = _records_reaching(session, Consent, where, photo)
    return _latest_events(session, records, ConsentEvent, "consent_id", ConsentChannel)


def consents_by_photo(session: Session, photos: Sequence[Photo]) -> dict[int, list[LatestEvent]]:
    """Return each photo's consents about persons in it, each with its latest event."""
    shown = {
        number: {depiction.person_id for depiction in depictions if depiction.person_id}
        for number, depictions in depictions_by_photo(session, [*map(id_of, photos)]).items()
    }
    persons = sorted(set[int]().union(*shown.values()))
    photo_id, event_id = col(Consent.photo_id), col(Consent.event_id)
    reaches = sa.or_(
        sa.and_(photo_id.is_(None), event_id.is_(None)),
        photo_id.in_(sorted(shown)),
        event_id.in_(sorted({photo.event_id for photo in photos if photo.event_id})),
    )
    of_persons = select(Consent).where(col(Consent.subject_id).in_(persons))
    records = list(session.exec(of_persons.where(reaches).order_by(col(Consent.id))))
    events = _latest_events(session, records, ConsentEvent, "consent_id", ConsentChannel)
    return {
        id_of(photo): [
            last
            for last in events
            if isinstance(last.record, Consent)
            and last.record.subject_id in shown.get(id_of(photo), ())
            and last.record.photo_id in {None, id_of(photo)}
            and last.record.event_id in {None, photo.event_id}
        ]
        for photo in photos
    }


def permissions_about(session: Session, photo: Photo, persons: Iterable[int]) -> list[LatestEvent]:
    """Return the photographers' permissions that reach the photo, and licences on the photo."""
    where = sa.or_(
        col(Permission.photographer_id).in_(sorted(set(persons))),
        sa.and_(
            col(Permission.photographer_id).is_(None), col(Permission.photo_id) == id_of(photo)
        ),
    )
    records = _records_reaching(session, Permission, where, photo)
    return _latest_events(session, records, PermissionEvent, "permission_id", PermissionChannel)


def _records_reaching(
    session: Session, table: type[_Record], where: Any, photo: Photo
) -> list[_Record]:
    """Return the records with the reach of this photo, its event, or everything."""
    everywhere = sa.and_(col(table.photo_id).is_(None), col(table.event_id).is_(None))
    reach = [everywhere, col(table.photo_id) == id_of(photo)]
    if photo.event_id is not None:
        reach.append(col(table.event_id) == photo.event_id)
    statement = select(table).where(where, sa.or_(*reach)).order_by(col(table.id))
    return list(session.exec(statement))


def _latest_events(
    session: Session,
    records: Sequence[Consent | Permission],
    events: Any,
    reference: str,
    channels: Any,
) -> list[LatestEvent]:
    column = getattr(events, reference)
    statement = (
        select(events)
        .where(col(column).in_([id_of(record) for record in records]), was_said(events))
        .order_by(col(events.day), col(events.id))
    )
    last = {getattr(event, reference): event for event in session.exec(statement)}
    names = channel_names(session)
    channels_by_event: dict[int, list[str]] = defaultdict(list)
    event_ids = [id_of(event) for event in last.values()]
    for link in session.exec(select(channels).where(col(channels.statement_id).in_(event_ids))):
        channels_by_event[link.statement_id].append(str(link.kind or names[link.channel_id or 0]))
    return [
        LatestEvent(record, consent_event, tuple(sorted(channels_by_event[id_of(consent_event)])))
        for record in records
        if (consent_event := last.get(id_of(record)))
    ]
