"""The names of those whom the user may see: beside ids in messages, and found by typing them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.queries.people import person_numbers, persons_of, persons_with_words
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.people.ages import (
    names_beside,
    noted_name,
    shown_born,
    shown_name,
)
from photoreg.services.people.persons import PersonRow, person_row
from photoreg.services.unit_of_work import UnitOfWork


def names_for_message(application: Application, records: Iterable[str]) -> dict[str, str]:
    """Return what may stand beside the ids of persons and photos in a message, by id.

    The names of persons are noted as shown.
    """
    wanted = set(records)
    with application.reading() as work:
        names = names_beside(work, wanted)
        for person in names:
            work.looks.note_name(parse_id(Kind.PERSON, person))
        photos = [number for each in wanted if (number := parse_id(Kind.PHOTO, each))]
        return names | _file_names(work, photos)


def _file_names(work: UnitOfWork, photos: Sequence[int]) -> dict[str, str]:
    """Return the names of the files of photos of the user's own unit, by id."""
    found = rows_with(work.session, Photo, Photo.id, photos) if photos else []
    return {
        human_id(Kind.PHOTO, photo.id): photo.file_name
        for photo in found
        if not work.sight.hides_photo(id_of(photo))
    }


MOST = 12
"""How many people are found at most."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whose name has the typed words; `born` tells namesakes apart."""

    person: str
    name: str
    born: str | None


def search_persons(application: Application, text: str) -> list[FoundPerson]:
    """Return people in whose names words begin with the words of a text, by name."""
    with application.reading() as work:
        return [
            FoundPerson(
                human_id(Kind.PERSON, each.id), noted_name(work, each), shown_born(work, each)
            )
            for each in _seen_with_words(work, text)[:MOST]
        ]


def persons_to_compare(application: Application, persons: Iterable[str]) -> list[FoundPerson]:
    """Return these people, by id, as the user may see them."""
    with application.reading() as work:
        numbers = [number for each in persons if (number := parse_id(Kind.PERSON, each))]
        found = persons_of(work.session, numbers)
        return [
            FoundPerson(
                human_id(Kind.PERSON, number),
                shown_name(work, found[number]),
                shown_born(work, found[number]),
            )
            for number in numbers
            if number in found
        ]


def _seen_with_words(work: UnitOfWork, text: str) -> list[Person]:
    """Return whoever has the words of a text in the name, of those whose names the user sees."""
    if work.hides_names:
        return []
    found = persons_with_words(work.session, text)
    work.sight.look_up(map(id_of, found))
    return [
        person
        for person in found
        if person.id not in work.hidden_bodies and not work.hides_person(id_of(person))
    ]


@dataclass(frozen=True, slots=True)
class PersonsListed:
    """Some of the persons, of `count` in all."""

    rows: list[PersonRow]
    count: int


def list_some_persons(
    application: Application, text: str, pages: Callable[[int], tuple[int, int]]
) -> PersonsListed:
    """Return a part of the persons, by name, or of those with the words of a text in their names.

    `pages` returns where the part begins and ends, by how many they are. People of other units
    come last, by id, since the order tells; they are not found by their names.
    """
    with application.reading() as work:
        if text.strip():
            numbers = [id_of(each) for each in _seen_with_words(work, text)]
        else:
            numbers = person_numbers(work.session)
            work.sight.look_up(numbers)
            numbers.sort(key=lambda number: number if work.hides_person(number) else 0)
        start, end = pages(len(numbers))
        persons = persons_of(work.session, numbers[start:end])
        rows = [person_row(work, persons[number]) for number in numbers[start:end]]
        return PersonsListed(rows, len(numbers))
