"""Add, change, block and list persons: photographers, depicted persons and guardians."""

from dataclasses import dataclass
from datetime import date

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person
from photoreg.registry.queries.people import (
    active_wards,
    all_persons,
    guardianships_of,
    namesakes,
    persons_of,
)
from photoreg.registry.rows import add
from photoreg.registry.tables.people import GuardianBasis, Language, Person, StaffRole
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.application import Application
from photoreg.services.inputs import free_text, require_text
from photoreg.services.people.ages import age_group_on, age_on, person_id, shown_name
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

EARLIEST_BIRTH = date(1900, 1, 1)
MAX_GUARDIANS = 20


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Changes to a person's data; None leaves a field unchanged."""

    name: str | None = None
    born: date | None = None
    age_group: AgeGroup | None = None
    guardians: int | None = None
    contact: str | None = None
    language: Language | None = None
    capacity: Capacity | None = None
    deceased: bool | None = None


@dataclass(frozen=True, slots=True)
class PersonSaved:
    """The id of a saved person, and the ids of persons with the same name."""

    person: str
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list of persons."""

    person: str
    name: str
    age_group: AgeGroup
    born: str | None


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardianship in the list of a child's guardians."""

    child: str
    guardian: str
    name: str
    basis: GuardianBasis
    verified: bool
    verified_how: str | None
    excused: bool
    ended_on: str | None


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """The data of one person, with the guardians."""

    person: str
    name: str
    age: int | None
    age_group: AgeGroup
    born: str | None
    contact: str
    language: Language | None
    deceased: bool
    capacity: Capacity
    guardians_total: int | None
    guardians: list[GuardianRow]


def add_person(application: Application, details: PersonDetails) -> PersonSaved:
    """Add a person; NotAllowed if one with the same name and birth date exists."""
    with application.changing() as work:
        return record_person(work, details)


def record_person(work: UnitOfWork, details: PersonDetails) -> PersonSaved:
    """Add a person in the open unit of work."""
    name = free_text(require_text(details.name or ""))
    person = Person(
        name=name, name_key=name_key(name), created_at=work.now, created_by=work.actor.id
    )
    others = _apply_details(work, person, details)
    number = add(work.session, person)
    work.log(Action.PERSON_ADDED, Kind.PERSON, number)
    return PersonSaved(human_id(Kind.PERSON, number), others)


def change_person(application: Application, named: str, details: PersonDetails) -> PersonSaved:
    """Change a person's data."""
    with application.changing() as work:
        person = find_person(work.session, named)
        if details == PersonDetails():
            raise InputDataError(
                N_("no change was given"),
                N_("Say what is new, for example the birth date."),
                fields=("born",),
            )
        return record_person_change(work, person, details)


def record_person_change(work: UnitOfWork, person: Person, details: PersonDetails) -> PersonSaved:
    """Change a person in the open unit of work; without a difference nothing is logged."""
    before = person.model_dump()
    stated = person.guardians_total
    was_minor = age_group_on(work, person, work.today) is AgeGroup.MINOR
    others = _apply_details(work, person, details)
    if was_minor and age_group_on(work, person, work.today) is not AgeGroup.MINOR:
        _refuse_end_of_childhood(work, person)
    _refuse_fewer_guardians(work, stated, person.guardians_total)
    refuse_impossible_family(work, person)
    if person.deceased != before["deceased"]:
        # A deceased person's own refusal no longer counts. Requiring the role always, not only
        # when there is a refusal, keeps the error from revealing one.
        require_coordinator(work)
    if person.model_dump() != before:
        _save(work, person)
    return PersonSaved(person_id(person), others)


def _refuse_end_of_childhood(work: UnitOfWork, person: Person) -> None:
    """Require a coordinator to change a minor with guardians into an adult.

    The guardians would no longer decide.
    """
    if guardianships_of(work.session, id_of(person)):
        require_coordinator(work)


def _refuse_fewer_guardians(work: UnitOfWork, stated: int | None, now: int | None) -> None:
    """Require a coordinator to lower the number of guardians.

    Like an excuse, it means that one guardian fewer must consent.
    """
    if stated is not None and now is not None and now < stated:
        require_coordinator(work)


def refuse_impossible_family(work: UnitOfWork, person: Person) -> None:
    """Raise unless the person is a possible guardian of their wards, and ward of their guardians.

    Every guardian must be alive, not a minor, and older than the child.
    """
    wards = active_wards(work.session, id_of(person))
    if wards and (person.deceased or age_group_on(work, person, work.today) is AgeGroup.MINOR):
        raise NotAllowed(
            N_("{guardian} is recorded as a guardian of {child}, and cannot be one any more"),
            N_("Record the guardianship as ended first."),
            step=NextStep.to(
                NextAction.GUARDIAN_END,
                person=human_id(Kind.PERSON, wards[0]),
                guardian=person_id(person),
            ),
            guardian=person_id(person),
            child=human_id(Kind.PERSON, wards[0]),
        )
    for child in persons_of(work.session, wards).values():
        refuse_older_child(child, person)
    own = [g.guardian_id for g in guardianships_of(work.session, id_of(person)) if not g.ended_on]
    for guardian in persons_of(work.session, own).values():
        refuse_older_child(person, guardian)


def refuse_older_child(child: Person, guardian: Person) -> None:
    """Raise InputDataError unless the child was born after the guardian."""
    if child.born is not None and guardian.born is not None and child.born <= guardian.born:
        raise InputDataError(
            N_("{child} is not younger than the guardian {guardian}"),
            N_("Correct the birth dates, or exchange the two."),
            step=NextStep.to(NextAction.PERSON_CHANGE, "born", person=person_id(child)),
            child=person_id(child),
            guardian=person_id(guardian),
        )


def block_person(application: Application, named: str, *, lift: bool = False) -> PersonSaved:
    """Block or unblock publication of a person. No reason is asked or stored."""
    with application.changing(COORDINATORS) as work:
        person = find_person(work.session, named)
        person.blocked = not lift
        _save(work, person)
        return PersonSaved(person_id(person))


def _save(work: UnitOfWork, person: Person) -> None:
    """Save and log a change. The log never names the field: that would reveal a block."""
    work.log(Action.PERSON_CHANGED, Kind.PERSON, add(work.session, person))


def _apply_details(work: UnitOfWork, person: Person, details: PersonDetails) -> tuple[str, ...]:
    """Apply the changes and return the ids of namesakes; errors are raised before any change."""
    name = person.name if details.name is None else free_text(require_text(details.name))
    contact = person.contact if details.contact is None else free_text(details.contact)
    born, age_group = _age_columns(work, person, details)
    is_identified = details.name is not None or details.born is not None
    others = _namesakes(work, name, born, person.id) if is_identified else ()
    if details.guardians is not None and not 0 <= details.guardians <= MAX_GUARDIANS:
        raise InputDataError(
            N_("the number of guardians cannot be {number}"),
            N_("Give a number from 0 to {most}."),
            number=details.guardians,
            most=MAX_GUARDIANS,
        )
    person.name, person.name_key, person.contact = name, name_key(name), contact
    person.born, person.age_group = born, age_group
    if details.guardians is not None:
        person.guardians_total = details.guardians
    if details.language is not None:
        person.language = details.language
    if details.capacity is not None:
        person.capacity = details.capacity
    if details.deceased is not None:
        person.deceased = details.deceased
    return others


def _age_columns(
    work: UnitOfWork, person: Person, details: PersonDetails
) -> tuple[date | None, AgeGroup]:
    """Return birth date and age group; a group is stored only without a birth date."""
    born = details.born or person.born
    if details.born is not None and not EARLIEST_BIRTH <= details.born <= work.today:
        raise InputDataError(
            N_("{day} cannot be a birth date"),
            N_("Give a day from 1900 to today."),
            day=details.born,
        )
    if details.age_group is None:
        return born, AgeGroup.UNKNOWN if born else person.age_group
    if born is not None:
        raise InputDataError(
            N_("a birth date is recorded, and it shows whether the person is an adult"),
            N_("If the birth date is wrong, correct it."),
            fields=("born",),
        )
    return None, details.age_group


def _namesakes(
    work: UnitOfWork, name: str, born: date | None, own_id: int | None
) -> tuple[str, ...]:
    others = [person for person in namesakes(work.session, name) if person.id != own_id]
    for other in others:
        if born is not None and other.born == born:
            raise NotAllowed(
                N_("a person with this name and birth date is already in the registry: {person}"),
                N_("Use that record."),
                step=NextStep.to(NextAction.PERSON_SHOW, person=person_id(other)),
                person=person_id(other),
            )
    return tuple(person_id(other) for other in others)


def list_persons(application: Application) -> list[PersonRow]:
    """Return all persons. Publication blocks are never listed."""
    with application.reading() as work:
        return [
            PersonRow(
                person=person_id(person),
                name=shown_name(work, person),
                age_group=age_group_on(work, person, work.today),
                born=_shown_born(work, person),
            )
            for person in all_persons(work.session)
        ]


def person_summary(work: UnitOfWork, person: Person) -> PersonSummary:
    """Return a person's data without the block; auditors get no contact or birth date."""
    return PersonSummary(
        person=person_id(person),
        name=shown_name(work, person),
        age=age_on(person, work.today),
        age_group=age_group_on(work, person, work.today),
        born=_shown_born(work, person),
        contact="" if work.actor.role is StaffRole.AUDITOR else person.contact,
        language=person.language,
        deceased=person.deceased,
        capacity=person.capacity,
        guardians_total=person.guardians_total,
        guardians=guardian_rows(work, person),
    )


def _shown_born(work: UnitOfWork, person: Person) -> str | None:
    """Return the birth date, or None for users who see no names; they see the age group."""
    return person.born.isoformat() if person.born and not work.hides_names else None


def guardian_rows(work: UnitOfWork, child: Person) -> list[GuardianRow]:
    """Return a child's guardianships with their verification, without the grounds of excuses."""
    rows = guardianships_of(work.session, id_of(child))
    people = persons_of(work.session, (row.guardian_id for row in rows))
    return [
        GuardianRow(
            child=person_id(child),
            guardian=human_id(Kind.PERSON, row.guardian_id),
            name=shown_name(work, people[row.guardian_id]),
            basis=row.basis,
            verified=row.verified_how is not None,
            verified_how=None if work.hides_names else row.verified_how,
            excused=row.excused_ground is not None,
            ended_on=row.ended_on.isoformat() if row.ended_on else None,
        )
        for row in rows
    ]
