"""Queries for an access report: the person's own rows, never other people's."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from photoreg.registry.corrected import was_said
from photoreg.registry.facts.rows import AnyConsent, is_consent
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import ID_KINDS, LogEntry, is_about
from photoreg.registry.merged import kept_records, records_kept_in, records_of
from photoreg.registry.queries.photos import channel_names
from photoreg.registry.rows import rows_with
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
from photoreg.registry.tables.forms import ConsentForm
from photoreg.registry.tables.history import History
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.registry.tables.photos import Depiction, Event, EventRoster
from photoreg.registry.tables.publications import Decision, Publication, PublishedPhoto


def wards_of(session: Session, guardian: int) -> list[Guardianship]:
    """Return every guardianship that somebody has or had over a child."""
    statement = select(Guardianship).where(Guardianship.guardian_id == guardian)
    return list(session.exec(statement.order_by(col(Guardianship.id))))


def earlier_names(session: Session, person: int) -> list[str]:
    """Return the names that a person had before, from the history of their records."""
    keys = [str(number) for number in records_kept_in(session, person)]
    rows = select(History.old).where(History.table_name == "person", col(History.row_key).in_(keys))
    own = session.exec(select(Person.name).where(col(Person.id).in_(records_of(person))))
    current = set(own)
    names = (old.get("name") for old in session.exec(rows.order_by(col(History.id))))
    return [name for name in dict.fromkeys(names) if name and name not in current]


def depictions_of_person(session: Session, person: int) -> list[Depiction]:
    """Return the depictions of a person."""
    statement = select(Depiction).where(Depiction.person_id == person)
    return list(session.exec(statement.order_by(col(Depiction.photo_id))))


def roster_events(session: Session, person: int) -> list[Event]:
    """Return the events with a person on the roster."""
    on_roster = select(EventRoster.event_id).where(EventRoster.person_id == person)
    statement = select(Event).where(col(Event.id).in_(on_roster))
    return list(session.exec(statement.order_by(col(Event.starts_on), col(Event.id))))


def forms_for(session: Session, *persons: int) -> list[ConsentForm]:
    """Return the forms that were printed about these persons or for them to sign."""
    as_subject = rows_with(session, ConsentForm, ConsentForm.subject_id, persons)
    to_sign = rows_with(session, ConsentForm, ConsentForm.actor_id, persons)
    found = {id_of(form): form for form in (*as_subject, *to_sign)}
    return [found[number] for number in sorted(found)]


def consents_involving(session: Session, person: int) -> list[Consent]:
    """Return the consents about a person and those that the person gave for somebody.

    Including those in records that were merged into this one.
    """
    records = records_of(person)
    statement = select(Consent).where(
        or_(col(Consent.subject_id).in_(records), col(Consent.actor_id).in_(records))
    )
    return list(session.exec(statement.order_by(col(Consent.id))))


def permissions_of_others(session: Session, person: int) -> list[Permission]:
    """Return the permissions of others that a person gave in their place, or transferred rights by.

    Including those in records that were merged into this one.
    """
    records = records_of(person)
    events = select(PermissionEvent.permission_id).where(
        or_(
            col(PermissionEvent.by_person_id).in_(records),
            col(PermissionEvent.author_id).in_(records),
        )
    )
    statement = select(Permission).where(
        col(Permission.id).in_(events), col(Permission.photographer_id).is_distinct_from(person)
    )
    return list(session.exec(statement.order_by(col(Permission.id))))


_EVENT_TABLES: dict[type[Consent | Permission], tuple[Any, str, Any, Any]] = {
    Consent: (ConsentEvent, "consent_id", ConsentChannel, ConsentPurpose),
    Permission: (PermissionEvent, "permission_id", PermissionChannel, PermissionPurpose),
}
"""The event tables: events, their reference to the record, channels, purposes."""


@dataclass(frozen=True, slots=True)
class EventWithScope:
    """A consent or permission event with its scope.

    Of a permission, `by` answered in the photographer's place, and `author` transferred the rights.
    `counts`: it was not typed by mistake.
    """

    event: ConsentEvent | PermissionEvent
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    by: int | None = None
    author: int | None = None
    counts: bool = True


def events_with_scope(
    session: Session, records: Sequence[AnyConsent]
) -> dict[int, list[EventWithScope]]:
    """Return the events of these consents or permissions, by record, in order."""
    table: Any = Consent if all(map(is_consent, records[:1])) else Permission
    event_table, record, channel, purpose = _EVENT_TABLES[table]
    events: list[Any] = rows_with(
        session, event_table, getattr(event_table, record), map(id_of, records)
    )
    numbers = [id_of(event) for event in events]
    names = channel_names(session)
    channels: dict[int, list[str]] = defaultdict(list)
    for link in rows_with(session, channel, channel.statement_id, numbers):
        channels[link.statement_id].append(str(link.kind or names[link.channel_id or 0]))
    purposes: dict[int, list[str]] = defaultdict(list)
    for link_to_purpose in rows_with(session, purpose, purpose.statement_id, numbers):
        purposes[link_to_purpose.statement_id].append(str(link_to_purpose.purpose))
    spoke = _speakers(session, events)
    known = select(event_table.id).where(col(event_table.id).in_(id_list(numbers)))
    counting = set(session.exec(known.where(was_said(event_table))))
    found: dict[int, list[EventWithScope]] = defaultdict(list)
    for event in sorted(events, key=id_of):
        scope = tuple(sorted(channels[id_of(event)])), tuple(sorted(purposes[id_of(event)]))
        counts = id_of(event) in counting
        said = EventWithScope(event, *scope, *spoke[id_of(event)], counts)
        found[getattr(event, record)].append(said)
    return found


def _speakers(
    session: Session, events: Iterable[ConsentEvent | PermissionEvent]
) -> dict[int, tuple[int | None, int | None]]:
    """Return who answered in the photographer's place, and who transferred the rights, by event."""
    named = {
        id_of(event): (getattr(event, "by_person_id", None), getattr(event, "author_id", None))
        for event in events
    }
    kept = kept_records(session, chain.from_iterable(named.values()))
    return {
        event: (kept.get(by or 0), kept.get(author or 0)) for event, (by, author) in named.items()
    }


def decisions_based_on(session: Session, person: int) -> Iterator[Decision]:
    """Yield the decisions whose facts name the person: depicted, guardian or photographer.

    The facts were stored as JSON with ids as `"H-12"`; the comparison finds whole ids only.
    """
    named = f'%"{human_id(Kind.PERSON, person)}"%'
    facts = sa.cast(col(Decision.facts), sa.Text)
    statement = select(Decision).where(facts.like(named)).order_by(col(Decision.id))
    yield from session.exec(statement.execution_options(yield_per=500))


def publications_showing(session: Session, person: int) -> list[tuple[PublishedPhoto, Publication]]:
    """Return the photos that show a person in publications, with these, in order."""
    shown = select(Depiction.photo_id).where(Depiction.person_id == person)
    statement = (
        select(PublishedPhoto, Publication)
        .join(Publication, col(Publication.id) == col(PublishedPhoto.publication_id))
        .where(col(PublishedPhoto.photo_id).in_(shown))
        .order_by(col(PublishedPhoto.publication_id), col(PublishedPhoto.photo_id))
    )
    return list(session.exec(statement))


def entries_about(session: Session, person: int) -> Iterator[LogEntry]:
    """Yield the log entries about a person, oldest first.

    The database preselects entries (`%12%` is in 112, too), which are then examined one by one.
    """
    table = sa.inspect(LedgerEntry).local_table
    named = human_id(Kind.PERSON, person)
    keys = (key for key, kind in ID_KINDS.items() if kind is Kind.PERSON)
    patterns = [f'%"{named}"%', *(f'%"{key}": %{person}%' for key in keys)]
    may_be = sa.or_(
        table.c.subject == named, *(table.c.details.like(pattern) for pattern in patterns)
    )
    statement = sa.select(table).where(may_be).order_by(table.c.seq)
    statement = statement.execution_options(yield_per=1000)
    with session.connection().execute(statement) as found:
        for row in found.mappings():
            entry = LogEntry(**row)
            if is_about(entry, json.loads(entry.details), Kind.PERSON, person):
                yield entry
