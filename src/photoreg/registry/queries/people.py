"""Queries about people: namesakes, guardians, consents, and their photos."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, and_, col, func, or_, select

from photoreg.registry.facts.loading import record_batches, stream_records
from photoreg.registry.facts.photo_selection import value_batches
from photoreg.registry.facts.rows import AnyConsent, ConsentRecord, PermissionRecord, is_consent
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import id_of, name_key, sort_key
from photoreg.registry.names import letters_key
from photoreg.registry.people_ahead import PersonRead, ahead_of
from photoreg.registry.queries.asked_once import asked_once
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.people import (
    GuardianBasis,
    Guardianship,
    Person,
    PersonName,
    Staff,
    StaffRole,
)
from photoreg.registry.tables.photos import (
    Depiction,
    EventPhotographer,
    EventRoster,
    Photo,
    PhotoPhotographer,
)

_Record = TypeVar("_Record", Consent, Permission)


_IS_ACTIVE = (col(Person.merged_into).is_(None), col(Person.erased_at).is_(None))
"""Neither merged into another record nor erased."""


def erased_ids() -> Any:
    """Build the query for the ids of erased persons."""
    return select(Person.id).where(col(Person.erased_at).is_not(None))


def erased_among(session: Session, persons: Iterable[int]) -> set[int]:
    """Return those of these persons who are erased."""
    return set(session.exec(erased_ids().where(col(Person.id).in_(id_list(persons)))))


def namesakes(session: Session, name: str) -> list[Person]:
    """Return everybody with this name, compared by key, in the order they were added."""
    ahead = ahead_of(session)
    if ahead is not None:
        key = name_key(name)
        return [each for each in ahead.with_letters(letters_key(name)) if each.name_key == key]
    statement = select(Person).where(col(Person.name_key) == name_key(name), *_IS_ACTIVE)
    return list(session.exec(statement.order_by(col(Person.id))))


def namesakes_of(session: Session, names: Iterable[str]) -> dict[str, list[Person]]:
    """Return for each name everybody with this name, in the order they were added."""
    keys = {name: name_key(name) for name in names}
    found: dict[str, list[Person]] = defaultdict(list)
    for person in rows_with(session, Person, Person.name_key, keys.values()):
        found[person.name_key].append(person)
    return {name: sorted(found[key], key=id_of) for name, key in keys.items()}


def persons_exactly(session: Session, who: Iterable[tuple[str, date]]) -> set[int]:
    """Return the ids of the persons with one of these names, as keys, and its birth date."""
    wanted = set(who)
    found: set[int] = set()
    for names in value_batches(key for key, _born in wanted):
        columns = (col(Person.id), col(Person.name_key), col(Person.born))
        rows = session.execute(sa.select(*columns).where(columns[1].in_(names), *_IS_ACTIVE))
        found |= {number for number, *who in rows if number and tuple(who) in wanted}
    return found


def persons_named_like(session: Session, name: str) -> list[Person]:
    """Return everybody with a name, or known-as name, of the same letters, in the order added."""
    key = letters_key(name)
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.with_letters(key)
    known = select(PersonName.person_id).where(col(PersonName.letters_key) == key)
    is_like = or_(col(Person.letters_key) == key, col(Person.id).in_(known))
    return list(session.exec(select(Person).where(is_like, *_IS_ACTIVE).order_by(col(Person.id))))


MAX_SHARING = 500
"""How many people with a word of a name are compared with it."""


def persons_sharing_word(session: Session, name: str) -> list[Person]:
    """Return some of those whose name has a word of this one, or the beginning of its first."""
    words = [word for word in name_key(name).split() if len(word) >= len("Eva")]
    if not words:
        return []
    key = col(Person.name_key)
    has_word = [key.contains(word, autoescape=True) for word in words]
    return _some_of(session, or_(key.startswith(words[0][:3], autoescape=True), *has_word))


def persons_with_words(session: Session, text: str) -> list[Person]:
    """Return some of those in whose name words begin with each word of a text, by name."""
    key = col(Person.name_key)
    words = [
        or_(key.startswith(word, autoescape=True), key.contains(f" {word}", autoescape=True))
        for word in name_key(text).split()
    ]
    statement = select(Person).where(*words, *_IS_ACTIVE).order_by(key, col(Person.id))
    return list(session.exec(statement.limit(MAX_SHARING))) if words else []


def persons_of_like_length(session: Session, name: str) -> list[Person]:
    """Return some of those whose name has about as many letters as this one."""
    length = len(letters_key(name))
    return _some_of(session, func.length(Person.letters_key).between(length - 1, length + 1))


def _some_of(session: Session, condition: Any) -> list[Person]:
    statement = select(Person).where(condition, *_IS_ACTIVE).order_by(col(Person.id))
    return list(session.exec(statement.limit(MAX_SHARING)))


def persons_born_on(session: Session, day: date) -> Sequence[Person | PersonRead]:
    """Return everybody born on a day, in the order they were added."""
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.born_on(day)
    statement = select(Person).where(col(Person.born) == day, *_IS_ACTIVE)
    return list(session.exec(statement.order_by(col(Person.id))))


def persons_like(session: Session, names: Iterable[str], days: Iterable[date]) -> list[Person]:
    """Return everybody with the letters of one of the names, or born on one of the days."""
    keys = {letters_key(name) for name in names}
    further = [
        row.person_id for row in rows_with(session, PersonName, PersonName.letters_key, keys)
    ]
    found = {
        id_of(person): person
        for column, values in (
            (Person.letters_key, keys),
            (Person.born, set(days)),
            (Person.id, set(further)),
        )
        for person in rows_with(session, Person, column, values)
    }
    active = (found[number] for number in sorted(found))
    return [each for each in active if each.merged_into is None and each.erased_at is None]


def known_as(session: Session, persons: Iterable[int]) -> dict[int, list[str]]:
    """Return the further names of each of these persons, in the order they were added."""
    found: dict[int, list[str]] = defaultdict(list)
    ahead = ahead_of(session)
    if ahead is not None:
        names = ahead.names_of(persons).items()
        return defaultdict(list, {number: [row.name for row in rows] for number, rows in names})
    rows = rows_with(session, PersonName, PersonName.person_id, set(persons))
    for row in sorted(rows, key=id_of):
        found[row.person_id].append(row.name)
    return found


def names_of(session: Session, person: int) -> list[PersonName]:
    """Return the rows with the further names of a person, in the order they were added."""
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.names_of([person])[person]
    statement = select(PersonName).where(PersonName.person_id == person)
    return list(session.exec(statement.order_by(col(PersonName.id))))


def blocked_persons(session: Session) -> list[Person]:
    """Return everybody who is blocked and not erased, in the order of the blocks."""
    statement = select(Person).where(col(Person.blocked), *_IS_ACTIVE)
    return list(session.exec(statement.order_by(col(Person.blocked_at), col(Person.id))))


def ids_of_blocked(session: Session) -> set[int]:
    """Return everybody who is blocked; whoever was erased is blocked for good."""
    return {
        number for number in session.exec(select(Person.id).where(col(Person.blocked))) if number
    }


def all_persons(session: Session) -> list[Person]:
    """Return everybody, by name."""
    persons = session.exec(select(Person).where(*_IS_ACTIVE))
    return sorted(persons, key=lambda person: (sort_key(person.name), id_of(person)))


def person_numbers(session: Session) -> list[int]:
    """Return everybody by id, in the order of their names."""
    rows = session.exec(select(Person.id, Person.name).where(*_IS_ACTIVE)).all()
    ordered = sorted((sort_key(name), number or 0) for number, name in rows)
    return [number for _key, number in ordered]


def persons_of(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    """Return the persons with these ids; None is ignored."""
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.persons_of(number for number in ids if number is not None)
    found = rows_with(session, Person, Person.id, set(ids) - {None})
    return {id_of(person): person for person in found}


def roles_of(session: Session, person_id: int) -> set[StaffRole]:
    """Return the roles of the users who are this person."""
    return {staff.role for staff in session.exec(select(Staff).where(Staff.person_id == person_id))}


def guardianships_between(session: Session, child: int, guardian: int) -> list[Guardianship]:
    """Return every guardianship between these two, the one that has not ended last."""
    rows = [row for row in guardianships_of(session, child) if row.guardian_id == guardian]
    return sorted(rows, key=lambda row: row.last_day or date.max)


def is_guardian_on(row: Guardianship, day: date) -> bool:
    """Return whether a day is within a guardianship; its first and last day are."""
    return (row.first_day or date.min) <= day <= (row.last_day or date.max)


@asked_once
def care_bodies(session: Session) -> set[int]:
    """Return the guardians who are a body that decides on a child's care."""
    statement = select(Guardianship.guardian_id).where(
        Guardianship.basis == GuardianBasis.CARE_DECISION
    )
    return set(session.exec(statement))


def active_wards(session: Session, guardian_id: int) -> list[int]:
    """Return the children of whom somebody is a guardian now, by id."""
    ahead = ahead_of(session)
    if ahead is not None:
        rows = ahead.by_guardian([guardian_id])[guardian_id]
        return sorted(row.child_id for row in rows if row.last_day is None)
    statement = select(Guardianship.child_id).where(
        Guardianship.guardian_id == guardian_id, col(Guardianship.last_day).is_(None)
    )
    return sorted(session.exec(statement))


def active_wards_of(session: Session, guardians: Iterable[int]) -> dict[int, list[int]]:
    """Return the children of whom each of these persons is a guardian now, by id."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows_with(session, Guardianship, Guardianship.guardian_id, set(guardians)):
        if row.last_day is None:
            found[row.guardian_id].append(row.child_id)
    return defaultdict(list, {guardian: sorted(wards) for guardian, wards in found.items()})


def is_ancestor(session: Session, guardian: int, *, of: int) -> bool:
    """Return whether somebody is a guardian of a person, or of one of their guardians, etc."""
    seen: set[int] = set()
    upwards = {of}
    while upwards - seen:
        seen |= upwards
        by_child = guardianships_by_child(session, upwards)
        rows = (row for each in upwards for row in by_child[each])
        upwards = {row.guardian_id for row in rows if row.last_day is None}
        if guardian in upwards:
            return True
    return False


def guardianships_of(session: Session, child: int) -> list[Guardianship]:
    """Return every guardianship of a child, the ended ones included."""
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.by_child([child])[child]
    statement = select(Guardianship).where(Guardianship.child_id == child)
    return list(session.exec(statement.order_by(col(Guardianship.id))))


def unverified_guardianships_at(session: Session, event: int) -> list[Guardianship]:
    """Return the guardianships, neither ended nor verified, of those on a roster or in photos."""
    on_roster = select(EventRoster.person_id).where(EventRoster.event_id == event)
    in_photos = (
        select(col(Depiction.person_id))
        .join(Photo, col(Photo.id) == col(Depiction.photo_id))
        .where(Photo.event_id == event)
    )
    statement = select(Guardianship).where(
        col(Guardianship.verified_how).is_(None),
        col(Guardianship.last_day).is_(None),
        col(Guardianship.child_id).in_(on_roster) | col(Guardianship.child_id).in_(in_photos),
    )
    return list(session.exec(statement.order_by(col(Guardianship.id))))


def guardianships_by_child(
    session: Session, children: Iterable[int]
) -> dict[int, list[Guardianship]]:
    """Return the guardianships of each child, the ended ones included."""
    ahead = ahead_of(session)
    if ahead is not None:
        return defaultdict(list, ahead.by_child(children))
    found: dict[int, list[Guardianship]] = defaultdict(list)
    for row in rows_with(session, Guardianship, Guardianship.child_id, set(children)):
        found[row.child_id].append(row)
    return found


def contacts_of_guardians(session: Session, children: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return for each child the contact of each guardian, also of one who is none any more."""
    ahead = ahead_of(session)
    if ahead is not None:
        return ahead.contacts_of_guardians(children)
    rows = guardianships_by_child(session, children)
    people = persons_of(session, (row.guardian_id for some in rows.values() for row in some))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for child, some in rows.items():
        found[child] = {row.guardian_id: people[row.guardian_id].contact for row in some}
    return found


def guardians_deciding(session: Session, children: Iterable[int]) -> dict[int, list[int]]:
    """Return for each child the deciding guardians: neither ended nor excused."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = rows_with(session, Guardianship, Guardianship.child_id, set(children))
    for row in sorted(rows, key=id_of):
        if row.last_day is None and row.excused_ground is None:
            found[row.child_id].append(row.guardian_id)
    return found


def photos_showing(
    session: Session, person: int, *, photo: int | None = None, event: int | None = None
) -> list[int]:
    """Return the photos that show a person: all, or those within one photo or event."""
    shown = select(Depiction.photo_id).where(Depiction.person_id == person)
    return _photos(session, col(Photo.id).in_(shown), photo, event)


def photos_taken_by(
    session: Session, person: int, *, photo: int | None = None, event: int | None = None
) -> list[int]:
    """Return the photos that somebody took, as recorded for the photo or its event."""
    own = select(PhotoPhotographer.photo_id).where(PhotoPhotographer.person_id == person)
    events = select(EventPhotographer.event_id).where(EventPhotographer.person_id == person)
    by_event = col(Photo.photographer).is_(None) & col(Photo.event_id).in_(events)
    return _photos(session, or_(col(Photo.id).in_(own), by_event), photo, event)


def _photos(session: Session, condition: Any, photo: int | None, event: int | None) -> list[int]:
    statement = select(Photo.id).where(condition).order_by(col(Photo.id))
    if photo is not None:
        statement = statement.where(col(Photo.id) == photo)
    if event is not None:
        statement = statement.where(col(Photo.event_id) == event)
    return [number for number in session.exec(statement) if number]


def consents_about(session: Session, person: int | None = None) -> Iterator[list[ConsentRecord]]:
    """Yield the consents about one person, or all of them, in batches."""
    numbers: Any = select(Consent.id).order_by(col(Consent.id))
    if person is not None:
        numbers = numbers.where(Consent.subject_id == person)
    return record_batches(session, Consent, array("q", session.exec(numbers)))


def permissions_by(
    session: Session, photographer: int | None = None
) -> Iterator[list[PermissionRecord]]:
    """Yield the permissions of one photographer, or all of them, in batches."""
    numbers: Any = select(Permission.id).order_by(col(Permission.id))
    if photographer is not None:
        numbers = numbers.where(Permission.photographer_id == photographer)
    return record_batches(session, Permission, array("q", session.exec(numbers)))


_PARTIES = {Consent: ("subject_id", "actor_id"), Permission: ("photographer_id", "licensor")}
"""The columns that name the parties of a consent or a permission."""

_FIRST_PARTY = {table: columns[0] for table, columns in _PARTIES.items()}


def matching_record(session: Session, record: _Record) -> _Record | None:
    """Return the recorded consent or permission of the same parties with the same reach."""
    table: Any = type(record)
    statement: Any = select(table).order_by(col(table.id))
    for name in (*_PARTIES[table], "photo_id", "event_id"):
        statement = statement.where(getattr(table, name) == getattr(record, name))
    found: _Record | None = session.exec(statement).first()
    return found


def records_of_events(
    session: Session, table: type[_Record], events: Iterable[int], about: Iterable[int]
) -> list[_Record]:
    """Return the consents about (or permissions by) one of these persons for these events."""
    first = getattr(table, _FIRST_PARTY[table])
    statement = select(table).where(
        col(first).in_(id_list(about)),
        col(table.photo_id).is_(None),
        col(table.event_id).in_(id_list(events)),
    )
    return list(session.exec(statement.order_by(col(table.id))))


def wider_records(session: Session, records: Iterable[AnyConsent]) -> dict[int, list[AnyConsent]]:
    """Return for each record those of the same parties that reach all that it reaches, by its id.

    An event reaches its photos, and everything reaches all. A record is the first of its own wider
    ones. All are consents, or all are permissions.
    """
    given = list(records)
    event_of = _events_of(session, given)
    events = {event_of.get(record.photo_id, record.event_id) for record in given} - {None}
    wide = {(_parties(each), each.event_id): each for each in _wide_records(session, given, events)}
    found = {}
    for record in given:
        parties, event = _parties(record), event_of.get(record.photo_id, record.event_id)
        beside = (wide.get((parties, reached)) for reached in dict.fromkeys((event, None)))
        others = [each for each in beside if each and each.id != record.id]
        found[id_of(record)] = [record, *others]
    return found


def overlapping_records(session: Session, record: AnyConsent) -> list[AnyConsent]:
    """Return the records of the same parties that share a photo with this one, itself included."""
    table: Any = Consent if is_consent(record) else Permission
    where = [getattr(table, name) == getattr(record, name) for name in _PARTIES[table]]
    event = _events_of(session, [record]).get(record.photo_id, record.event_id)
    of_photo, of_event = col(table.photo_id), col(table.event_id)
    if record.photo_id is not None:
        where += [_is_none_or(of_photo, record.photo_id), _is_none_or(of_event, event)]
    elif event is not None:
        photos = select(Photo.id).where(Photo.event_id == event)
        where += [of_photo.is_(None) | of_photo.in_(photos), _is_none_or(of_event, event)]
    return list(stream_records(session, table, and_(*where)))


def _is_none_or(column: Any, number: int | None) -> Any:
    """SQL condition: the column is empty or this number."""
    return column.is_(None) | (column == number)


def _wide_records(
    session: Session, records: list[AnyConsent], events: set[int | None]
) -> Iterator[AnyConsent]:
    """Yield the records of the same parties that reach everything, or one of the events.

    A record on a single photo is as wide as nothing but itself, so a person's records on other
    photos, of which there may be many, are not read.
    """
    if not records:
        return
    table: Any = Consent if is_consent(records[0]) else Permission
    column = getattr(table, _FIRST_PARTY[table])
    of_events = col(table.event_id).in_(id_list(event for event in events if event))
    is_wide = col(table.photo_id).is_(None) & or_(col(table.event_id).is_(None), of_events)
    first_parties = {getattr(record, _FIRST_PARTY[table]) for record in records}
    is_theirs = [col(column).in_(id_list(first_parties - {None}))]
    if None in first_parties:
        is_theirs.append(col(column).is_(None))
    yield from stream_records(session, table, or_(*is_theirs) & is_wide)


def _events_of(session: Session, records: Iterable[AnyConsent]) -> dict[int | None, int | None]:
    """Return the event of each photo that the records name."""
    wanted = {record.photo_id for record in records if record.photo_id is not None}
    if not wanted:
        return {}
    statement = select(Photo.id, Photo.event_id).where(col(Photo.id).in_(id_list(wanted)))
    return dict(session.exec(statement).all())


def _parties(record: AnyConsent) -> tuple[int | str | None, ...]:
    """Return the parties of a record."""
    if isinstance(record, Consent | ConsentRecord):
        return record.subject_id, record.actor_id
    return record.photographer_id, record.licensor
