"""Add, change, list and show events, which give answers for all their photos; edit rosters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from photoreg.errors import InputDataError, NotAllowed, NotFound
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.photos import (
    all_events,
    count_of_events,
    delete_row,
    photo_counts,
    photo_ids,
    photographers_by_event,
    roster_by_event,
    roster_counts,
    roster_row,
    set_event_photographers,
)
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.photos import (
    AnswerColumns,
    Event,
    EventPhotographer,
    EventRoster,
    Photo,
)
from photoreg.rulebook.facts import (
    Basis,
    Commissioner,
    Confidentiality,
    Photographer,
    Place,
    Shot,
)
from photoreg.services.application import Application
from photoreg.services.consents.objections import (
    FlaggedPhotos,
    flag_replaced_photographers,
    photographer_ids_of,
)
from photoreg.services.inputs import (
    already_exists_error,
    free_text,
    refuse_look_alikes,
    require_apart,
    require_name,
)
from photoreg.services.organisation.units import MAX_UNIT_LENGTH, unit_to_record
from photoreg.services.people.ages import display_name
from photoreg.services.photos.answers import NO_ANSWERS, EventAnswers
from photoreg.services.photos.listing import without_block
from photoreg.services.unit_of_work import UnitOfWork, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """The persons added to a roster, already on it, and removed from it, by id."""

    added: tuple[str, ...]
    already: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event as listed; `roster` and `photos` are counts."""

    event: str
    name: str
    starts_on: str
    ends_on: str
    unit: str | None
    photographers: tuple[str, ...]
    roster: int
    photos: int


@dataclass(frozen=True, slots=True)
class EventDetails:
    """Everything about an event; from `photographer` to `sensitive` its answers."""

    event: str
    name: str
    starts_on: str
    ends_on: str
    unit: str | None
    photographers: tuple[str, ...]
    photographer: Photographer | None
    basis: Basis | None
    commissioner: Commissioner | None
    place: Place | None
    place_permission: bool | None
    shot: Shot | None
    confidentiality: Confidentiality | None
    sensitive: bool | None
    roster: tuple[str, ...]
    photos: tuple[str, ...]


class _NameAndDays(NamedTuple):
    """Columns of an event as corrected."""

    name: str
    starts_on: date
    ends_on: date


def add_event(
    application: Application,
    name: str,
    *,
    on: date,
    until: date | None = None,
    answers: EventAnswers = NO_ANSWERS,
    photographers: Sequence[str] = (),
    roster: Sequence[str] = (),
    unit: str | None = None,
    new_unit: bool = False,
) -> int:
    """Add an event with its answers, photographers and roster; return its number.

    `unit` is as in `units.unit_to_record`, by default that of the user.
    """
    with application.changing() as work:
        return record_event(
            work,
            NewEvent(
                name,
                on,
                until or on,
                answers,
                photographers,
                roster,
                work.actor.unit if unit is None else _unit(work, unit, is_new=new_unit),
            ),
        )


def same_named(application: Application, named: str) -> dict[str, date]:
    """Return the events with the name of this one, itself among them: their first days by id."""
    with application.reading() as work:
        events = sorted(all_events(work.session), key=lambda event: (event.starts_on, id_of(event)))
        key = name_key(find_event(work.session, named).name)
        return {
            human_id(Kind.EVENT, event.id): event.starts_on
            for event in events
            if name_key(event.name) == key
        }


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to add; photographers and roster are names or ids."""

    name: str
    starts_on: date
    ends_on: date
    answers: EventAnswers = NO_ANSWERS
    photographers: Sequence[str] = ()
    roster: Sequence[str] = ()
    unit: str | None = None


def record_event(work: UnitOfWork, new: NewEvent) -> int:
    """Add an event in the open unit of work; return its number."""
    _require_period(new.starts_on, new.ends_on)
    title = require_name(new.name)
    _refuse_duplicate(work, title, new.starts_on)
    photographer_ids, expected = _persons(work, new.photographers), _persons(work, new.roster)
    event = Event(
        name=title,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        unit=new.unit,
        photographer=Photographer.KNOWN if photographer_ids else None,
        created_at=work.now,
        created_by=work.actor.id,
        **{question: getattr(new.answers, question) for question in EventAnswers.__slots__},
    )
    number = add(work.session, event)
    _store_people(work, number, photographer_ids, expected)
    return number


def _unit(work: UnitOfWork, named: str, *, is_new: bool) -> str | None:
    return unit_to_record(work, free_text(named, MAX_UNIT_LENGTH), is_new=is_new)


def _require_own_event(work: UnitOfWork, event: Event, unit: str | None) -> None:
    """Raise NotAllowed for another unit's event: whoever takes it over sees its people."""
    if unit != event.unit and work.sight.unit not in {None, event.unit}:
        raise NotAllowed(
            N_("{event} is not an event of your unit"),
            N_("Ask that unit or the communications coordinator."),
            event=human_id(Kind.EVENT, event.id),
        )


def _require_period(on: date, until: date) -> None:
    if until < on:
        raise InputDataError(
            N_("the event would end on {until}, before it begins on {on}"),
            N_("Check both days."),
            until=until,
            on=on,
        )


def _refuse_duplicate(work: UnitOfWork, title: str, on: date, own_id: int | None = None) -> None:
    for event in all_events(work.session):
        same = event.starts_on == on and name_key(event.name) == name_key(title)
        if same and event.id != own_id:
            raise already_exists_error(title)
    others = [event.name for event in all_events(work.session) if event.id != own_id]
    different = [name for name in others if name_key(name) != name_key(title)]
    refuse_look_alikes(title, different, N_("Choose a name that nobody takes for another."))


@dataclass(frozen=True, slots=True)
class EventChanged:
    """The changed columns of an event.

    `stopped` are photos that were flagged because a photographer who refused was replaced.
    """

    event: str
    changed: tuple[str, ...]
    stopped: FlaggedPhotos | None = None


def change_event(
    application: Application,
    named: str,
    *,
    name: str | None = None,
    on: date | None = None,
    until: date | None = None,
    answers: EventAnswers = NO_ANSWERS,
    photographers: Sequence[str] = (),
    unit: str | None = None,
    new_unit: bool = False,
) -> EventChanged:
    """Correct an event; whatever is not given stays as it is.

    A new first day moves a one-day event. New photographers replace the earlier ones. Only
    coordinators may remove the event's publication block. An empty `unit` removes the unit; a user
    of a unit gives another one to its own events only.
    """
    with application.changing() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        photographer_ids = _persons(work, photographers)
        new = given_answers(answers)
        new |= _name_and_days(work, event, name, on, until)._asdict()
        if unit is not None:
            new["unit"] = _unit(work, unit, is_new=new_unit)
            _require_own_event(work, event, new["unit"])
        if photographer_ids:
            new["photographer"] = Photographer.KNOWN
        changed = _write(work, event, new)
        photos = (
            rows_with(work.session, Photo, Photo.event_id, [number]) if photographer_ids else []
        )
        previous = photographer_ids_of(work, photos)
        if photographer_ids and set_event_photographers(work.session, number, photographer_ids):
            changed.append("photographers")
        if changed:
            work.log(Action.EVENT_CHANGED, Kind.EVENT, number, fields=sorted(changed))
        stopped = flag_replaced_photographers(work, photos, previous)
        return EventChanged(human_id(Kind.EVENT, number), tuple(sorted(changed)), stopped)


def answer_event(work: UnitOfWork, event: Event, new: Mapping[str, Any]) -> tuple[str, ...]:
    """Answer for all photos of an event in the open unit of work; return the changed columns."""
    changed = _write(work, event, new)
    if changed:
        work.log(Action.EVENT_CHANGED, Kind.EVENT, event.id, fields=sorted(changed))
    return tuple(sorted(changed))


def _write(work: UnitOfWork, event: Event, new: Mapping[str, Any]) -> list[str]:
    """Write columns of an event and return those that change; only coordinators lift its block."""
    if event.confidentiality is Confidentiality.PUBLICATION_BLOCK:
        confidentiality = new.get("confidentiality", event.confidentiality)
        if confidentiality is not Confidentiality.PUBLICATION_BLOCK:
            require_coordinator(work)
    changed = [column for column, value in new.items() if getattr(event, column) != value]
    for column in changed:
        setattr(event, column, new[column])
    add(work.session, event)
    return changed


def given_answers(answers: EventAnswers) -> dict[str, Any]:
    """Return the answers that were given, by column."""
    given = ((question, getattr(answers, question)) for question in EventAnswers.__slots__)
    return {question: answer for question, answer in given if answer is not None}


def _name_and_days(
    work: UnitOfWork, event: Event, name: str | None, on: date | None, until: date | None
) -> _NameAndDays:
    """Return the name and days of an event as corrected.

    InputDataError when it would end before it begins, NotAllowed when it would duplicate another.
    """
    was_one_day = event.starts_on == event.ends_on
    starts_on = on or event.starts_on
    ends_on = until or (starts_on if was_one_day else event.ends_on)
    title = event.name if name is None else require_name(name)
    _require_period(starts_on, ends_on)
    _refuse_duplicate(work, title, starts_on, event.id)
    return _NameAndDays(title, starts_on, ends_on)


def _store_people(
    work: UnitOfWork, number: int, photographers: list[int], expected: list[int]
) -> None:
    """Store the photographers and the roster of a new event, and log the event."""
    for person in photographers:
        add(work.session, EventPhotographer(event_id=number, person_id=person))
    for person in expected:
        add(work.session, EventRoster(event_id=number, person_id=person))
    work.log(
        Action.EVENT_ADDED,
        Kind.EVENT,
        number,
        photographers=human_ids(Kind.PERSON, photographers),
        roster=human_ids(Kind.PERSON, expected),
    )


def _persons(work: UnitOfWork, named: Sequence[str]) -> list[int]:
    """Return the numbers of the persons, each once, in the order named."""
    return list(dict.fromkeys(id_of(find_person(work.session, name)) for name in named))


def count_events(application: Application) -> int:
    """Return how many events there are."""
    with application.reading() as work:
        return count_of_events(work.session)


def list_events(
    application: Application, first: int = 0, most: int | None = None
) -> list[ListedEvent]:
    """Return the events, newest first: all of them, or so many from the `first` on."""
    with application.reading() as work:
        events = all_events(work.session, first, most)
        numbers = [id_of(event) for event in events]
        photographers = photographers_by_event(work.session, numbers)
        expected = roster_counts(work.session, numbers)
        photos = photo_counts(work.session, numbers)
        return [
            ListedEvent(
                event=human_id(Kind.EVENT, number),
                name=event.name,
                starts_on=event.starts_on.isoformat(),
                ends_on=event.ends_on.isoformat(),
                unit=event.unit,
                photographers=tuple(display_name(work, each) for each in photographers[number]),
                roster=expected.get(number, 0),
                photos=photos.get(number, 0),
            )
            for number, event in zip(numbers, events, strict=True)
        ]


def show_event(application: Application, named: str) -> EventDetails:
    """Return everything about an event."""
    with application.reading() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        photographers = photographers_by_event(work.session, [number])[number]
        expected = roster_by_event(work.session, [number])[number]
        return EventDetails(
            event=human_id(Kind.EVENT, number),
            name=event.name,
            starts_on=event.starts_on.isoformat(),
            ends_on=event.ends_on.isoformat(),
            unit=event.unit,
            photographers=tuple(display_name(work, person) for person in photographers),
            **{name: without_block(getattr(event, name)) for name in AnswerColumns.model_fields},
            roster=tuple(display_name(work, person) for person in expected),
            photos=tuple(human_id(Kind.PHOTO, n) for n in photo_ids(work.session, number)),
        )


def change_roster(
    application: Application,
    named: str,
    *,
    add_persons: Sequence[str],
    remove_persons: Sequence[str],
) -> RosterChanged:
    """Add people to an event's roster or remove them. Photos and consents stay as they are."""
    with application.changing() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        removed, wanted = _persons(work, remove_persons), _persons(work, add_persons)
        ids = [[human_id(Kind.PERSON, p) for p in each] for each in (wanted, removed)]
        require_apart(*ids, fields=("add_persons", "remove_persons"))
        for person in removed:
            _remove_from_roster(work, number, person)
        added = [p for p in wanted if roster_row(work.session, number, p) is None]
        for person in added:
            add(work.session, EventRoster(event_id=number, person_id=person))
        change = RosterChanged(
            added=tuple(human_id(Kind.PERSON, p) for p in added),
            already=tuple(human_id(Kind.PERSON, p) for p in wanted if p not in added),
            removed=tuple(human_id(Kind.PERSON, p) for p in removed),
        )
        if change.added or change.removed:
            work.log(
                Action.EVENT_CHANGED,
                Kind.EVENT,
                number,
                roster_added=change.added,
                roster_removed=change.removed,
            )
        return change


def _remove_from_roster(work: UnitOfWork, event_id: int, person: int) -> None:
    line = roster_row(work.session, event_id, person)
    if line is None:
        raise NotFound(
            N_("{person} is not on the roster of {event}"),
            N_("See who is on it."),
            step=NextStep.to(NextAction.EVENT_ROSTER, event=human_id(Kind.EVENT, event_id)),
            person=human_id(Kind.PERSON, person),
            event=human_id(Kind.EVENT, event_id),
        )
    delete_row(work.session, line)
