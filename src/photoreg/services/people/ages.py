"""Ages, age groups and displayed names of persons."""

from collections.abc import Iterable
from datetime import date

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.people import person_names
from photoreg.registry.tables.people import Language, Person
from photoreg.rulebook.facts import AgeGroup, age_in_years
from photoreg.services.unit_of_work import UnitOfWork, current_policy
from photoreg.texts import language

_A_GUARDIAN = {
    Language.FINNISH: "huoltaja",
    Language.SWEDISH: "vårdnadshavare",
    Language.ENGLISH: "a guardian",
}
"""What is shown in place of the name of a body that decides on a child's care."""


def person_id(person: Person) -> str:
    """Return a person's id as people read it, such as H-12."""
    return human_id(Kind.PERSON, person.id)


def shown_name(work: UnitOfWork, person: Person) -> str:
    """Return a person's name, or the id when the user may not see names.

    A body that decides on a child's care is "a guardian" to all but coordinators.
    """
    return person_id(person) if work.hides_names else written_name(work, person, language())


def written_name(work: UnitOfWork, person: Person, of: str) -> str:
    """Return a person's name as a document in a language may show it."""
    if hides_body(work, person):
        return _A_GUARDIAN.get(Language(of), _A_GUARDIAN[Language.FINNISH])
    return noted_name(work, person)


def noted_name(work: UnitOfWork, person: Person) -> str:
    """Return a person's name, noting that it is shown; the erased have none but their id."""
    if person.erased_at is None:
        work.looks.note_name(person.id)
    return person.name


def shown_contact(work: UnitOfWork, person: Person) -> str:
    """Return a person's contact, or nothing when the user may not see it."""
    return "" if work.hides_names or hides_body(work, person) else noted_contact(work, person)


def noted_names(work: UnitOfWork, persons: Iterable[int]) -> dict[int, str]:
    """Return the names of these persons by number, noting that they are shown."""
    names = person_names(work.session, persons)
    for number, name in names.items():
        if name != human_id(Kind.PERSON, number):  # the erased have no other name
            work.looks.note_name(number)
    return names


def noted_contact(work: UnitOfWork, person: Person) -> str:
    """Return a person's contact, noting that it is shown if there is one."""
    if person.contact:
        work.looks.note_contact(person.id)
    return person.contact


def hides_body(work: UnitOfWork, person: Person) -> bool:
    """Return whether this is a body deciding on a child's care, which only coordinators see."""
    return person.id in work.hidden_bodies


def age_on(person: Person, day: date) -> int | None:
    """Return the age in whole years on a day, or None without a birth date."""
    return age_in_years(person.born, day)


def age_group_on(work: UnitOfWork, person: Person, day: date) -> AgeGroup:
    """Return the age group on a day: by birth date, else as recorded."""
    age = age_on(person, day)
    return person.age_group if age is None else age_group_at(work, age)


def age_group_at(work: UnitOfWork, age: int) -> AgeGroup:
    """Return the age group for an age in years, by the policy."""
    is_child = age < current_policy(work.session)[1].child_age
    return AgeGroup.MINOR if is_child else AgeGroup.ADULT
