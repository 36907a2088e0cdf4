"""Ages, age groups and displayed names of persons.

Names and contacts are handed out here only, to those who may see them; who looks is noted.
"""

from collections.abc import Iterable
from datetime import date

from photoreg.registry.ids import Kind, human_id, id_of, parse_id
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.people import Language, Person
from photoreg.rulebook.facts import AgeGroup, age_in_years
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import language

A_GUARDIAN = {
    Language.FINNISH: "huoltaja",
    Language.SWEDISH: "vårdnadshavare",
    Language.ENGLISH: "a guardian",
}
"""What is shown in place of the name of a body that decides on a child's care."""


def person_id(person: Person) -> str:
    """Return a person's id as people read it, such as H-12."""
    return human_id(Kind.PERSON, person.id)


def hides(work: UnitOfWork, person: Person | int) -> bool:
    """Return whether a person is shown without name, birth date and contact.

    That somebody of another unit is looked at is noted.
    """
    number = person if isinstance(person, int) else id_of(person)
    if work.hides_names or not work.hides_person(number):
        return work.hides_names
    work.looks.note_masked(number)
    return True


def shown_name(work: UnitOfWork, person: Person) -> str:
    """Return a person's name, or the id when the user may not see the name.

    A body that decides on a child's care is "a guardian" to all but coordinators.
    """
    return person_id(person) if work.hides_names else written_name(work, person, language())


def display_name(work: UnitOfWork, person: Person) -> str:
    """Return the id and name of a person, or the id only when the user may not see the name."""
    return named_id(work, id_of(person), person.name)


def named_id(work: UnitOfWork, person: int, name: str) -> str:
    """Return the id and this name of a person, or the id only; noting what is shown."""
    number = human_id(Kind.PERSON, person)
    if name == number or hides(work, person):  # the erased have no other name
        return number
    work.looks.note_name(person)
    return f"{number} {name}"


def names_beside(work: UnitOfWork, persons: Iterable[str]) -> dict[str, str]:
    """Return the names that may stand beside the ids of these persons, by id.

    None of the erased, and of a body that decides on a child's care only to coordinators. Nothing
    is noted: in a verdict, names are no look (`looks`).
    """
    wanted = {number for person in persons if (number := parse_id(Kind.PERSON, person))}
    if not wanted or work.hides_names:
        return {}
    found = persons_of(work.session, wanted)
    work.sight.look_up(found)
    return {
        human_id(Kind.PERSON, number): person.name
        for number, person in found.items()
        if person.erased_at is None
        and not hides_body(work, person)
        and not work.hides_person(number)
    }


def written_name(work: UnitOfWork, person: Person, of: str) -> str:
    """Return a person's name as a document in a language may show it."""
    if hides_body(work, person):
        return A_GUARDIAN.get(Language(of), A_GUARDIAN[Language.FINNISH])
    return noted_name(work, person)


def noted_name(work: UnitOfWork, person: Person) -> str:
    """Return a person's name, noting that it is shown, or the id of somebody of another unit.

    The erased have none but their id. An auditor's right is the caller's to ask: by a purpose they
    see names.
    """
    if person.erased_at is not None:
        return person.name
    if work.sight.hides(id_of(person)):
        work.looks.note_masked(id_of(person))
        return person_id(person)
    work.looks.note_name(person.id)
    return person.name


def shown_contact(work: UnitOfWork, person: Person) -> str:
    """Return a person's contact, or nothing when the user may not see it."""
    is_hidden = hides(work, person) or hides_body(work, person)
    return "" if is_hidden else noted_contact(work, person)


def noted_names(work: UnitOfWork, persons: Iterable[int]) -> dict[int, str]:
    """Return the names of these persons by number, as `noted_name` does."""
    return {
        number: noted_name(work, person)
        for number, person in persons_of(work.session, persons).items()
    }


def noted_contact(work: UnitOfWork, person: Person) -> str:
    """Return a person's contact, noting that it is shown if there is one."""
    if person.contact:
        work.looks.note_contact(person.id)
    return person.contact


def hides_body(work: UnitOfWork, person: Person) -> bool:
    """Return whether this is a body deciding on a child's care, which only coordinators see."""
    return person.id in work.hidden_bodies


def shown_born(work: UnitOfWork, person: Person) -> str | None:
    """Return the birth date, or None when the user may not see it."""
    return None if person.born is None or hides(work, person) else person.born.isoformat()


def shown_birth_year(work: UnitOfWork, person: Person) -> int | None:
    """Return the year of birth, which is shown of people of other units too, but to no auditor."""
    return None if person.born is None or work.hides_names else person.born.year


def age_on(person: Person, day: date) -> int | None:
    """Return the age in whole years on a day, or None without a birth date."""
    return age_in_years(person.born, day)


def age_group_on(work: UnitOfWork, person: Person, day: date) -> AgeGroup:
    """Return the age group on a day: by birth date, else as recorded."""
    age = age_on(person, day)
    return person.age_group if age is None else age_group_at(work, age)


def age_group_at(work: UnitOfWork, age: int) -> AgeGroup:
    """Return the age group for an age in years, by the policy."""
    is_child = age < work.policy.child_age
    return AgeGroup.MINOR if is_child else AgeGroup.ADULT
