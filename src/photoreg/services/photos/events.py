"""Events: a shoot answers questions once for all its photos, and expects certain people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_event, the_person
from photoreg.registry.queries.photos import (
    all_events,
    on_roster,
    photo_counts,
    photo_ids,
    photographers_by_event,
    remove,
    roster_by_event,
    roster_counts,
    set_event_photographers,
)
from photoreg.registry.rows import add, rows_with
from photoreg.registry.tables.photos import Answers as AnswerColumns
from photoreg.registry.tables.photos import Event, EventPhotographer, EventRoster, Photo
from photoreg.rulebook.facts import Confidentiality, Photographer
from photoreg.services.consents.objections import Flagged, stop_lost_takers, takers_of
from photoreg.services.inputs import already, free_text, required
from photoreg.services.organisation.units import LONGEST, unit_to_record
from photoreg.services.photos.answers import NOTHING, EventAnswers
from photoreg.services.photos.listing import called, unrevealing
from photoreg.services.unit_of_work import Desk, Workplace, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class RosterChange:
    """Who was put on a roster or taken off it, by id, and who was on it already."""

    added: tuple[str, ...]
    already: tuple[str, ...]
    removed: tuple[str, ...]


def add_event(
    workplace: Workplace,
    name: str,
    *,
    on: date,
    until: date | None = None,
    answers: EventAnswers = NOTHING,
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
    with workplace.changing() as desk:
        title = free_text(required(name))
        _refuse_second(desk, title, on)
        takers, expected = _persons(desk, photographers), _persons(desk, roster)
        event = Event(
            name=title,
            starts_on=on,
            ends_on=ends_on,
            unit=unit_to_record(desk, free_text(unit, LONGEST), is_new=new_unit),
            photographer=Photographer.KNOWN if takers else None,
            created_at=desk.now,
            created_by=desk.actor.id,
            **{question: getattr(answers, question) for question in EventAnswers.__slots__},
        )
        number = add(desk.session, event)
        _store_people(desk, number, takers, expected)
        return number


def _require_period(on: date, until: date) -> None:
    if until < on:
        raise InputDataError(
            N_("the event ends on {until}, before it begins on {on}"),
            N_("Check both days."),
            until=until,
            on=on,
        )


def _refuse_second(desk: Desk, title: str, on: date, own_id: int | None = None) -> None:
    for event in _all(desk):
        same = event.starts_on == on and name_key(event.name) == name_key(title)
        if same and event.id != own_id:
            raise already(title)


@dataclass(frozen=True, slots=True)
class EventChanged:
    """What was changed of an event, by the names of the columns.

    `stopped` are photos of a photographer who said no and is replaced.
    """

    event: str
    changed: tuple[str, ...]
    stopped: Flagged | None = None


def change_event(
    workplace: Workplace,
    named: str,
    *,
    name: str | None = None,
    on: date | None = None,
    until: date | None = None,
    answers: EventAnswers = NOTHING,
    photographers: Sequence[str] = (),
    unit: str | None = None,
    new_unit: bool = False,
) -> EventChanged:
    """Correct an event; what is not said stays.

    A new first day moves an event of one day. Who is said to have taken the photos replaces who
    was said before. Only coordinators take back that somebody there may not be shown. An empty
    `unit` takes it away.
    """
    with workplace.changing() as desk:
        event = the_event(desk.session, named)
        number = id_of(event)
        takers = _persons(desk, photographers)
        new = _given(answers) | _name_and_days(desk, event, name, on, until)
        if unit is not None:
            new["unit"] = unit_to_record(desk, free_text(unit, LONGEST), is_new=new_unit)
        if takers:
            new["photographer"] = Photographer.KNOWN
        if event.confidentiality is Confidentiality.PUBLICATION_BLOCK:
            said = new.get("confidentiality", event.confidentiality)
            if said is not Confidentiality.PUBLICATION_BLOCK:
                require_coordinator(desk)
        changed = [column for column, value in new.items() if getattr(event, column) != value]
        for column in changed:
            setattr(event, column, new[column])
        add(desk.session, event)
        photos = rows_with(desk.session, Photo, Photo.event_id, [number]) if takers else []
        took = takers_of(desk, photos)
        if takers and set_event_photographers(desk.session, number, takers):
            changed.append("photographers")
        if changed:
            desk.log(Action.EVENT_CHANGED, Kind.EVENT, number, fields=sorted(changed))
        stopped = stop_lost_takers(desk, photos, took)
        return EventChanged(human_id(Kind.EVENT, number), tuple(sorted(changed)), stopped)


def _given(answers: EventAnswers) -> dict[str, Any]:
    said = ((question, getattr(answers, question)) for question in EventAnswers.__slots__)
    return {question: answer for question, answer in said if answer is not None}


def _name_and_days(
    desk: Desk, event: Event, name: str | None, on: date | None, until: date | None
) -> dict[str, Any]:
    """Return the name and days of an event as corrected; raise unless they can be."""
    was_one_day = event.starts_on == event.ends_on
    starts_on = on or event.starts_on
    ends_on = until or (starts_on if was_one_day else event.ends_on)
    title = event.name if name is None else free_text(required(name))
    _require_period(starts_on, ends_on)
    _refuse_second(desk, title, starts_on, event.id)
    return {"name": title, "starts_on": starts_on, "ends_on": ends_on}


def _store_people(desk: Desk, number: int, takers: list[int], expected: list[int]) -> None:
    """Store who took a new event's photos and who is expected there, and log the event."""
    for person in takers:
        add(desk.session, EventPhotographer(event_id=number, person_id=person))
    for person in expected:
        add(desk.session, EventRoster(event_id=number, person_id=person))
    desk.log(
        Action.EVENT_ADDED,
        Kind.EVENT,
        number,
        photographers=[human_id(Kind.PERSON, person) for person in takers],
        roster=[human_id(Kind.PERSON, person) for person in expected],
    )


def _all(desk: Desk) -> list[Event]:
    return all_events(desk.session)


def _persons(desk: Desk, named: Sequence[str]) -> list[int]:
    """Return the persons' numbers, each once, in the order named."""
    return list(dict.fromkeys(id_of(the_person(desk.session, name)) for name in named))


def list_events(workplace: Workplace) -> list[dict[str, Any]]:
    """Return every event, the newest first."""
    with workplace.reading() as desk:
        events = _all(desk)
        numbers = [id_of(event) for event in events]
        photographers = photographers_by_event(desk.session, numbers)
        expected = roster_counts(desk.session)
        photos = photo_counts(desk.session)
        return [
            {
                "event": human_id(Kind.EVENT, number),
                "name": event.name,
                "starts_on": event.starts_on.isoformat(),
                "ends_on": event.ends_on.isoformat(),
                "unit": event.unit,
                "photographers": [called(desk, person) for person in photographers[number]],
                "roster": expected.get(number, 0),
                "photos": photos.get(number, 0),
            }
            for number, event in zip(numbers, events, strict=True)
        ]


def show_event(workplace: Workplace, named: str) -> dict[str, Any]:
    """Return everything about an event."""
    with workplace.reading() as desk:
        event = the_event(desk.session, named)
        number = id_of(event)
        photographers = photographers_by_event(desk.session, [number])[number]
        return {
            "event": human_id(Kind.EVENT, number),
            "name": event.name,
            "starts_on": event.starts_on.isoformat(),
            "ends_on": event.ends_on.isoformat(),
            "unit": event.unit,
            "photographers": [called(desk, person) for person in photographers],
            **{q: unrevealing(getattr(event, q)) for q in AnswerColumns.model_fields},
            "roster": [called(desk, p) for p in roster_by_event(desk.session, [number])[number]],
            "photos": [human_id(Kind.PHOTO, photo) for photo in photo_ids(desk.session, number)],
        }


def change_roster(
    workplace: Workplace, named: str, *, add_persons: Sequence[str], remove_persons: Sequence[str]
) -> RosterChange:
    """Put people on an event's roster or take them off it. Photos and consents stay as they are."""
    with workplace.changing() as desk:
        event = the_event(desk.session, named)
        number = id_of(event)
        leaving = _persons(desk, remove_persons)
        for person in leaving:
            _take_off(desk, number, person)
        wanted = _persons(desk, add_persons)
        coming = [p for p in wanted if on_roster(desk.session, number, p) is None]
        for person in coming:
            add(desk.session, EventRoster(event_id=number, person_id=person))
        change = RosterChange(
            added=tuple(human_id(Kind.PERSON, p) for p in coming),
            already=tuple(human_id(Kind.PERSON, p) for p in wanted if p not in coming),
            removed=tuple(human_id(Kind.PERSON, p) for p in leaving),
        )
        if change.added or change.removed:
            desk.log(
                Action.EVENT_CHANGED,
                Kind.EVENT,
                number,
                roster_added=change.added,
                roster_removed=change.removed,
            )
        return change


def _take_off(desk: Desk, event_id: int, person: int) -> None:
    line = on_roster(desk.session, event_id, person)
    if line is None:
        raise NotFound(
            N_("{person} is not on the roster of {event}"),
            N_("See who is on it."),
            step=NextStep.to(NextAction.EVENT_ROSTER, event=human_id(Kind.EVENT, event_id)),
            person=human_id(Kind.PERSON, person),
            event=human_id(Kind.EVENT, event_id),
        )
    remove(desk.session, line)
