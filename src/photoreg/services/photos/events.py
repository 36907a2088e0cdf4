"""Events: a shoot answers questions once for all its photos, and expects certain people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.photos import (
    all_events,
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
from photoreg.rulebook.facts import Confidentiality, Photographer
from photoreg.services.application import Application
from photoreg.services.consents.objections import (
    FlaggedPhotos,
    flag_replaced_photographers,
    photographer_ids_of,
)
from photoreg.services.inputs import already_exists_error, free_text, require_text
from photoreg.services.organisation.units import MAX_UNIT_LENGTH, unit_to_record
from photoreg.services.photos.answers import NO_ANSWERS, EventAnswers
from photoreg.services.photos.listing import display_name, without_block
from photoreg.services.unit_of_work import UnitOfWork, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Who was put on a roster or taken off it, by id, and who was on it already."""

    added: tuple[str, ...]
    already: tuple[str, ...]
    removed: tuple[str, ...]


def add_event(
    application: Application,
    name: str,
    *,
    on: date,
    until: date | None = None,
    answers: EventAnswers = NO_ANSWERS,
    photographers: Sequence[str] = (),
    roster: Sequence[str] = (),
    unit: str = "",
    new_unit: bool = False,
) -> int:
    """Add an event with its answers, photographers and roster; return its number.

    `unit` is as in `units.unit_to_record`.
    """
    ends_on = until or on
    _require_period(on, ends_on)
    with application.changing() as work:
        title = free_text(require_text(name))
        _refuse_duplicate(work, title, on)
        photographer_ids, expected = _persons(work, photographers), _persons(work, roster)
        event = Event(
            name=title,
            starts_on=on,
            ends_on=ends_on,
            unit=unit_to_record(work, free_text(unit, MAX_UNIT_LENGTH), is_new=new_unit),
            photographer=Photographer.KNOWN if photographer_ids else None,
            created_at=work.now,
            created_by=work.actor.id,
            **{question: getattr(answers, question) for question in EventAnswers.__slots__},
        )
        number = add(work.session, event)
        _store_people(work, number, photographer_ids, expected)
        return number


def _require_period(on: date, until: date) -> None:
    if until < on:
        raise InputDataError(
            N_("the event would end on {until}, before it begins on {on}"),
            N_("Check both days."),
            until=until,
            on=on,
        )


def _refuse_duplicate(work: UnitOfWork, title: str, on: date, own_id: int | None = None) -> None:
    for event in _all(work):
        same = event.starts_on == on and name_key(event.name) == name_key(title)
        if same and event.id != own_id:
            raise already_exists_error(title)


@dataclass(frozen=True, slots=True)
class EventChanged:
    """What was changed of an event, by the names of the columns.

    `stopped` are photos of a photographer who said no and is replaced.
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
    """Correct an event; what is not said stays.

    A new first day moves an event of one day. Who is said to have taken the photos replaces who
    was said before. Only coordinators take back that somebody there may not be shown. An empty
    `unit` takes it away.
    """
    with application.changing() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        photographer_ids = _persons(work, photographers)
        new = _answered_columns(answers) | _name_and_days(work, event, name, on, until)
        if unit is not None:
            new["unit"] = unit_to_record(work, free_text(unit, MAX_UNIT_LENGTH), is_new=new_unit)
        if photographer_ids:
            new["photographer"] = Photographer.KNOWN
        if event.confidentiality is Confidentiality.PUBLICATION_BLOCK:
            confidentiality = new.get("confidentiality", event.confidentiality)
            if confidentiality is not Confidentiality.PUBLICATION_BLOCK:
                require_coordinator(work)
        changed = [column for column, value in new.items() if getattr(event, column) != value]
        for column in changed:
            setattr(event, column, new[column])
        add(work.session, event)
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


def _answered_columns(answers: EventAnswers) -> dict[str, Any]:
    answered = ((question, getattr(answers, question)) for question in EventAnswers.__slots__)
    return {question: answer for question, answer in answered if answer is not None}


def _name_and_days(
    work: UnitOfWork, event: Event, name: str | None, on: date | None, until: date | None
) -> dict[str, Any]:
    """Return the name and days of an event as corrected; raise unless they can be."""
    was_one_day = event.starts_on == event.ends_on
    starts_on = on or event.starts_on
    ends_on = until or (starts_on if was_one_day else event.ends_on)
    title = event.name if name is None else free_text(require_text(name))
    _require_period(starts_on, ends_on)
    _refuse_duplicate(work, title, starts_on, event.id)
    return {"name": title, "starts_on": starts_on, "ends_on": ends_on}


def _store_people(
    work: UnitOfWork, number: int, photographers: list[int], expected: list[int]
) -> None:
    """Store who took a new event's photos and who is expected there, and log the event."""
    for person in photographers:
        add(work.session, EventPhotographer(event_id=number, person_id=person))
    for person in expected:
        add(work.session, EventRoster(event_id=number, person_id=person))
    work.log(
        Action.EVENT_ADDED,
        Kind.EVENT,
        number,
        photographers=[human_id(Kind.PERSON, person) for person in photographers],
        roster=[human_id(Kind.PERSON, person) for person in expected],
    )


def _all(work: UnitOfWork) -> list[Event]:
    return all_events(work.session)


def _persons(work: UnitOfWork, named: Sequence[str]) -> list[int]:
    """Return the persons' numbers, each once, in the order named."""
    return list(dict.fromkeys(id_of(find_person(work.session, name)) for name in named))


def list_events(application: Application) -> list[dict[str, Any]]:
    """Return every event, the newest first."""
    with application.reading() as work:
        events = _all(work)
        numbers = [id_of(event) for event in events]
        photographers = photographers_by_event(work.session, numbers)
        expected = roster_counts(work.session)
        photos = photo_counts(work.session)
        return [
            {
                "event": human_id(Kind.EVENT, number),
                "name": event.name,
                "starts_on": event.starts_on.isoformat(),
                "ends_on": event.ends_on.isoformat(),
                "unit": event.unit,
                "photographers": [display_name(work, person) for person in photographers[number]],
                "roster": expected.get(number, 0),
                "photos": photos.get(number, 0),
            }
            for number, event in zip(numbers, events, strict=True)
        ]


def show_event(application: Application, named: str) -> dict[str, Any]:
    """Return everything about an event."""
    with application.reading() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        photographers = photographers_by_event(work.session, [number])[number]
        return {
            "event": human_id(Kind.EVENT, number),
            "name": event.name,
            "starts_on": event.starts_on.isoformat(),
            "ends_on": event.ends_on.isoformat(),
            "unit": event.unit,
            "photographers": [display_name(work, person) for person in photographers],
            **{q: without_block(getattr(event, q)) for q in AnswerColumns.model_fields},
            "roster": [
                display_name(work, p) for p in roster_by_event(work.session, [number])[number]
            ],
            "photos": [human_id(Kind.PHOTO, photo) for photo in photo_ids(work.session, number)],
        }


def change_roster(
    application: Application,
    named: str,
    *,
    add_persons: Sequence[str],
    remove_persons: Sequence[str],
) -> RosterChanged:
    """Put people on an event's roster or take them off it. Photos and consents stay as they are."""
    with application.changing() as work:
        event = find_event(work.session, named)
        number = id_of(event)
        leaving = _persons(work, remove_persons)
        for person in leaving:
            _remove_from_roster(work, number, person)
        wanted = _persons(work, add_persons)
        coming = [p for p in wanted if roster_row(work.session, number, p) is None]
        for person in coming:
            add(work.session, EventRoster(event_id=number, person_id=person))
        change = RosterChanged(
            added=tuple(human_id(Kind.PERSON, p) for p in coming),
            already=tuple(human_id(Kind.PERSON, p) for p in wanted if p not in coming),
            removed=tuple(human_id(Kind.PERSON, p) for p in leaving),
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
