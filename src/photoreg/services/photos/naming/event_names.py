"""The sheet of names with ids beside an event's photos: for looking up, never for recording."""

from dataclasses import dataclass
from enum import StrEnum

from photoreg.errors import InputDataError
from photoreg.registry.ids import Kind, human_id, id_of, parse_id, sort_key
from photoreg.registry.lookup import find_event
from photoreg.registry.names import are_same_words
from photoreg.registry.queries.people import guardians_deciding, persons_of
from photoreg.registry.queries.photos import photographer_ids, roster_by_event
from photoreg.registry.tables.people import Person
from photoreg.services.application import Application
from photoreg.services.people.ages import noted_name
from photoreg.services.photos.naming.sheet_kinds import FoundSheet
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.sheets.cells import to_text
from photoreg.sheets.table import Problem
from photoreg.texts import N_


class EventRole(StrEnum):
    """Why somebody stands in the sheet of names."""

    ROSTER = "roster"
    GUARDIAN = "guardian"
    PHOTOGRAPHER = "photographer"


@dataclass(frozen=True, slots=True)
class EventName:
    """Somebody whose name may be written into the sheet of photos; `wards` are ids."""

    person: str
    name: str
    role: EventRole
    wards: tuple[str, ...] = ()


def event_names(application: Application, event: str) -> list[EventName]:
    """Return who is on an event's roster, their guardians, and photographers, as far as seen."""
    with application.reading() as work:
        number = id_of(find_event(work.session, event))
        roster = roster_by_event(work.session, [number])[number]
        wards: dict[int, list[int]] = {}
        for child, guardians in guardians_deciding(work.session, map(id_of, roster)).items():
            for guardian in guardians:
                wards.setdefault(guardian, []).append(child)
        photographers = photographer_ids(work.session)
        persons = persons_of(work.session, {*wards, *photographers})
        return [
            *_names(work, roster, EventRole.ROSTER, {}),
            *_names(work, [persons[each] for each in wards], EventRole.GUARDIAN, wards),
            *_names(work, [persons[each] for each in photographers], EventRole.PHOTOGRAPHER, {}),
        ]


def _names(
    work: UnitOfWork, persons: list[Person], role: EventRole, wards: dict[int, list[int]]
) -> list[EventName]:
    return [
        EventName(
            human_id(Kind.PERSON, person.id),
            noted_name(work, person),
            role,
            tuple(human_id(Kind.PERSON, ward) for ward in wards.get(id_of(person), ())),
        )
        for person in sorted(persons, key=lambda each: (sort_key(each.name), id_of(each)))
        if person.id not in work.hidden_bodies and not work.hides_person(id_of(person))
    ]


def check_names(work: UnitOfWork, sheet: FoundSheet) -> list[Problem]:
    """Return a problem for each row that is none of the sheet's own: nothing here is recorded."""
    heading, beside = sheet.columns["person"], sheet.columns.get("name", "")
    written = [
        (
            line,
            to_text(line.cells.get(heading)),
            to_text(line.cells.get(beside)),
        )
        for line in sheet.table.rows
    ]
    numbers = {text: parse_id(Kind.PERSON, text) for _line, text, _name in written}
    persons = persons_of(work.session, numbers.values())
    return [
        Problem(line.number, heading, text or name, _not_recorded(), sheet.table.sheet)
        for line, text, name in written
        if not _is_same(work, persons.get(numbers[text] or 0), name)
    ]


def _is_same(work: UnitOfWork, person: Person | None, name: str) -> bool:
    """Return whether the name beside an id is still that person's; not told of hidden people."""
    return person is not None and (
        work.hides_person(id_of(person)) or not name or are_same_words(person.name, name)
    )


def _not_recorded() -> InputDataError:
    return InputDataError(
        N_("this row was changed or added, and the sheet of names is only for looking up"),
        N_("Add or correct people in the registry itself, and delete the row."),
    )
