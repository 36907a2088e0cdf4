"""Find the refusals in force for photos: of one photo, or of its event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from photoreg.registry.facts.consent_replay import ConsentStatus, ReplayEvent, consent_status
from photoreg.registry.facts.loading import replay_events_by_record
from photoreg.registry.ids import id_of
from photoreg.registry.queries.consents import records_reaching, widely_refusing
from photoreg.registry.queries.people import records_of_events
from photoreg.registry.queries.photos import persons_shown, photographers_by_photo
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Purpose, Statement
from photoreg.services.consents.consent_events import RefusalScope, events_in_reach
from photoreg.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in force: the photo, the consent or permission record, the day, and the scope."""

    photo_id: int
    record: Consent | Permission
    day: date
    scope: RefusalScope


def refusals_of_photos(work: UnitOfWork, photos: Iterable[int]) -> list[Refusal]:
    """Return the refusals of single photos, by depicted persons and rights holders."""
    wanted = set(photos)
    found: list[Refusal] = []
    tables: tuple[Any, Any] = (Consent, Permission)
    for table in tables:
        records = sorted(rows_with(work.session, table, table.photo_id, wanted), key=id_of)
        events = replay_events_by_record(work.session, records)
        for record in records:
            found += _refusals_in(record.photo_id or 0, record, events[id_of(record)])
    return found


def refusals_of_events(work: UnitOfWork, photos: Sequence[Photo]) -> list[Refusal]:
    """Return the refusals of the photos' events by depicted persons and photographers.

    A refusal that is also recorded for the photo itself is left out.
    """
    events = {photo.event_id for photo in photos if photo.event_id}
    if not events:
        return []
    shown = persons_shown(work.session, map(id_of, photos))
    photographers = {
        photo: [*map(id_of, persons)]
        for photo, persons in photographers_by_photo(work.session, photos).items()
    }
    tables: tuple[tuple[Any, dict[int, list[int]]], ...] = (
        (Consent, shown),
        (Permission, photographers),
    )
    found: list[Refusal] = []
    for table, persons in tables:
        involved = chain.from_iterable(persons.values())
        records = records_of_events(work.session, table, events, involved)
        events_by_record = events_in_reach(work, records)
        for photo in photos:
            for record in records:
                person = _parties(record)[0]
                if record.event_id == photo.event_id and person in persons[id_of(photo)]:
                    found += _refusals_in(id_of(photo), record, events_by_record[id_of(record)])
    recorded = _recorded_refusals(work, shown) if found else set()
    return [
        refusal
        for refusal in found
        if (_parties(refusal.record), refusal.photo_id, refusal.day, refusal.scope) not in recorded
    ]


def refusals_by_depicted(
    work: UnitOfWork, photos: Sequence[Photo], shown: Mapping[int, set[int]]
) -> dict[int, Consent]:
    """Return for each photo one consent by which showing one of these persons is refused."""
    return _refusals_by_person(work, photos, shown, Consent, Consent.subject_id)


def refusals_by_photographers(
    work: UnitOfWork, photos: Sequence[Photo], photographers: Mapping[int, set[int]]
) -> dict[int, Permission]:
    """Return for each photo one permission by which one of these photographers refuses it."""
    return _refusals_by_person(work, photos, photographers, Permission, Permission.photographer_id)


def _refusals_by_person(
    work: UnitOfWork,
    photos: Sequence[Photo],
    persons: Mapping[int, set[int]],
    table: Any,
    column: Any,
) -> dict[int, Any]:
    """Per party and photo, the narrowest record that covers the photo decides.

    Of several parties one that refuses everything comes first, then the latest.
    """
    records: list[Any] = rows_with(work.session, table, column, set().union(*persons.values()))
    narrowest = _narrowest(photos, persons, records)
    events = events_in_reach(
        work, list({id_of(each): each for each in narrowest.values()}.values())
    )
    found = {number: consent_status(history) for number, history in events.items()}
    by_weight = sorted(
        (
            (_weight(status), photo, each)
            for (photo, *_), each in narrowest.items()
            if (status := found[id_of(each)]).standing_refusals
        ),
        key=itemgetter(0),
    )
    return {photo: each for _weight, photo, each in by_weight}


def _weight(status: ConsentStatus) -> tuple[bool, date, int]:
    return status.is_refused, *max(event.sort_key for event in status.standing_refusals)


def refusing_consent(work: UnitOfWork, photo: Photo, subject: int, actor: int) -> int | None:
    """Return the consent by which somebody's refusal for a photo stands, or stood."""
    about = rows_with(work.session, Consent, Consent.subject_id, {subject})
    own = [each for each in about if each.actor_id == actor]
    record = next(iter(_narrowest([photo], {id_of(photo): {subject}}, own).values()), None)
    if record is None:
        return None
    standing = consent_status(events_in_reach(work, [record])[id_of(record)]).standing_refusals
    return max(standing, key=lambda event: event.sort_key).record_id if standing else record.id


def _narrowest(
    photos: Sequence[Photo], persons: Mapping[int, set[int]], records: Iterable[Any]
) -> dict[tuple[Any, ...], Any]:
    """Return the narrowest record that covers a photo, by photo and parties."""
    by_reach = defaultdict(list)
    for each in sorted(records, key=id_of):
        by_reach[_parties(each)[0], each.photo_id, each.event_id].append(each)
    return {
        (id_of(photo), *_parties(each)): each
        for photo in photos
        for person in sorted(persons[id_of(photo)])
        for reach in ((None, None), (None, photo.event_id), (id_of(photo), None))
        for each in by_reach.get((person, *reach), ())
    }


class WideNo(NamedTuple):
    """A refusal with a wider reach than one photo: of an event, or of everything (None).

    By a photographer; without one it is about somebody shown, or a block of the event.
    """

    event: int | None
    photographer: int | None = None


def wide_noes(
    work: UnitOfWork, photos: Sequence[Photo], photographers: Mapping[int, set[int]]
) -> dict[int, set[WideNo]]:
    """Return the wide refusals in force for these photos, by photo.

    A refusal by somebody shown of everything is none: it reaches whatever photo names them, and of
    likely copies it is asked whom they show.
    """
    shown = {n: set(found) for n, found in persons_shown(work.session, map(id_of, photos)).items()}
    noes: dict[int, set[WideNo]] = defaultdict(set)
    for photo, event, _person in _wide_refusals(work, photos, shown, Consent):
        if event is not None:
            noes[photo].add(WideNo(event))
    for photo, event, person in _wide_refusals(work, photos, photographers, Permission):
        noes[photo].add(WideNo(event, person))
    return noes


def _wide_refusals(
    work: UnitOfWork, photos: Sequence[Photo], persons: Mapping[int, set[int]], table: Any
) -> set[tuple[int, int | None, int]]:
    """Return photo, event and person of the wide refusals in force, of everything without event."""
    refusing = widely_refusing(work.session, table, set().union(*persons.values()))
    if not refusing:
        return set()
    records = {
        id_of(each): each
        for each in records_reaching(work.session, table, refusing, map(id_of, photos))
    }
    involved = {number: of_photo & refusing for number, of_photo in persons.items()}
    narrowest = _narrowest(photos, involved, records.values())
    events = events_in_reach(work, list({id_of(r): r for r in narrowest.values()}.values()))
    said_in = {
        number: [records[event.record_id] for event in consent_status(history).standing_refusals]
        for number, history in events.items()
    }
    return {
        (photo, said.event_id, person)
        for (photo, person, _other), record in narrowest.items()
        for said in said_in[id_of(record)]
        if said.photo_id is None
    }


def _recorded_refusals(work: UnitOfWork, photos: Iterable[int]) -> set[tuple[object, ...]]:
    """Return all recorded refusals of single photos as (parties, photo, day, channels)."""
    tables: tuple[Any, Any] = (Consent, Permission)
    found: set[tuple[object, ...]] = set()
    for table in tables:
        records = rows_with(work.session, table, table.photo_id, photos)
        events = replay_events_by_record(work.session, records)
        found |= {
            (_parties(record), record.photo_id, event.day, _scope(event.statement))
            for record in records
            for event in events[id_of(record)]
            if event.is_refusal
        }
    return found


def _parties(record: Consent | Permission) -> tuple[int | None, int | str]:
    if isinstance(record, Consent):
        return record.subject_id, record.actor_id
    return record.photographer_id, record.licensor


def _refusals_in(
    photo: int, record: Consent | Permission, events: Iterable[ReplayEvent]
) -> list[Refusal]:
    standing = consent_status(events).standing_refusals
    return [
        Refusal(photo, record, event.day, _scope(event.statement))
        for event in standing
        if event.record_id == record.id
    ]


def _scope(said: Statement) -> RefusalScope:
    purposes = (Purpose(purpose) for purpose in sorted(said.purposes))
    return RefusalScope(said.kind, tuple(sorted(said.channels)), tuple(purposes))
