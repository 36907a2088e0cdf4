"""Add, change and list persons: photographers, depicted persons and guardians."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person
from photoreg.registry.names import letters_key, name_columns
from photoreg.registry.queries.people import (
    active_wards,
    all_persons,
    guardianships_of,
    known_as,
    names_of,
    namesakes,
    persons_of,
)
from photoreg.registry.queries.subject_data import wards_of
from photoreg.registry.rows import add, new_row, set_values
from photoreg.registry.tables.people import (
    GuardianBasis,
    Guardianship,
    Language,
    Person,
    PersonName,
)
from photoreg.rulebook.facts import AgeGroup, Capacity
from photoreg.services.application import Application
from photoreg.services.inputs import free_text, require_name
from photoreg.services.people.ages import (
    age_group_on,
    age_on,
    hides,
    hides_body,
    person_id,
    shown_birth_year,
    shown_born,
    shown_contact,
    shown_name,
)
from photoreg.services.people.identity import (
    NOBODY_APART,
    Apart,
    Doubt,
    Identity,
    doubts_of_change,
    not_a_candidate,
    possible_persons,
    refuse_doubtful,
    require_decided,
)
from photoreg.services.unit_of_work import UnitOfWork, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

EARLIEST_BIRTH = date(1900, 1, 1)
MAX_GUARDIANS = 20


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Changes to a person's data; None leaves a field unchanged.

    `died_on` means that the person has died. `known_as` are further names, `not_known_as` names
    that were wrong.
    """

    name: str | None = None
    born: date | None = None
    age_group: AgeGroup | None = None
    guardians: int | None = None
    contact: str | None = None
    language: Language | None = None
    capacity: Capacity | None = None
    deceased: bool | None = None
    died_on: date | None = None
    known_as: tuple[str, ...] = ()
    not_known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonSaved:
    """The id of a person, and the ids of persons with the same name; `is_new`: just added."""

    person: str
    namesakes: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list of persons; of somebody of another unit only the year of birth."""

    person: str
    name: str
    age_group: AgeGroup
    born: str | None
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardianship in the list of a child's guardians.

    Of a body that decides on the child's care, only coordinators see what it is: for others the
    basis, `verified_how` and `decides_alone` are None.
    """

    child: str
    guardian: str
    name: str
    basis: GuardianBasis | None
    verified: bool
    verified_how: str | None
    excused: bool
    decides_alone: bool | None
    first_day: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True)
class WardRow:
    """A child whose guardian a person is, or was until `last_day`."""

    child: str
    name: str
    last_day: str | None


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """The data of one person, with the guardians, and the children whose guardian the person is.

    Of somebody of another unit than the user's, `units` tells which, and of the birth date only the
    year is shown.
    """

    person: str
    name: str
    units: tuple[str, ...]
    age: int | None
    age_group: AgeGroup
    born: str | None
    birth_year: int | None
    contact: str
    language: Language | None
    deceased: bool
    died_on: str | None
    known_as: tuple[str, ...]
    capacity: Capacity
    guardians_total: int | None
    guardians: list[GuardianRow]
    wards: list[WardRow]


def add_person(
    application: Application,
    details: PersonDetails,
    *,
    same: str | None = None,
    other: Sequence[str] = (),
) -> PersonSaved:
    """Add a person; NotAllowed if one with the same name and birth date exists.

    Somebody who may already be in the registry is added only when it is said of all those that each
    is somebody else (`other`). `same`: the one of them who it is; then nothing is added.
    """
    with application.changing() as work:
        candidates = possible_persons(work, _identity(details))
        if same is not None:
            known = find_person(work.session, same)
            if known not in candidates:
                raise not_a_candidate(id_of(known))
            return PersonSaved(person_id(known))
        others = (
            require_decided(work, details.name or "", candidates, other) if other else frozenset()
        )
        return record_person(work, details, Apart(others))


def record_person(
    work: UnitOfWork, details: PersonDetails, apart: Apart = NOBODY_APART
) -> PersonSaved:
    """Add a person in the open unit of work: the one place where persons are made.

    DoubtfulPersonError if it may be somebody who is already in the registry.
    """
    person, others = make_person(work, details, apart)
    return PersonSaved(person_id(person), others, is_new=True)


def make_person(
    work: UnitOfWork, details: PersonDetails, apart: Apart
) -> tuple[Person, tuple[str, ...]]:
    """Add a person in the open unit of work; return it with the ids of its namesakes."""
    name = require_name(details.name or "")
    columns = name_columns(name)
    person = new_row(Person, **columns, created_at=work.now, created_by=work.actor.id)
    others = _apply_details(work, person, details)
    refuse_doubtful(work, _identity(details, apart.contacts), apart)
    number = add(work.session, person)
    _change_known_as(work, person, details)
    others_told = human_ids(Kind.PERSON, sorted(apart.others))
    told = {"other_than": others_told} if others_told else {}
    work.log(Action.PERSON_ADDED, Kind.PERSON, number, **told)
    return person, others


def _identity(details: PersonDetails, contacts: Sequence[str] = ()) -> Identity:
    return Identity(details.name or "", details.born, (*contacts, details.contact or ""))


def _change_known_as(work: UnitOfWork, person: Person, details: PersonDetails) -> bool:
    """Add and remove known-as names; return whether any was. A name twice is one name."""
    if not (details.known_as or details.not_known_as):
        return False
    rows = {row.name_key: row for row in names_of(work.session, id_of(person))}
    changed = False
    for named in details.not_known_as:
        row = rows.pop(name_key(named), None)
        if row is None:
            raise InputDataError(
                N_("{person} is not recorded under that name"),
                N_("See the names of the person."),
                step=NextStep.to(NextAction.PERSON_SHOW, person=person_id(person)),
                person=person_id(person),
            )
        work.session.delete(row)
        changed = True
    if changed:
        work.session.flush()
    for named in details.known_as:
        name = require_name(named)
        if name_key(name) not in {*rows, person.name_key}:
            row = PersonName(
                person_id=id_of(person),
                **name_columns(name),
                created_at=work.now,
                created_by=work.actor.id,
            )
            add(work.session, row)
            rows[row.name_key] = row
            changed = True
    return changed


def change_person(
    application: Application, named: str, details: PersonDetails, *, other: Sequence[str] = ()
) -> PersonSaved:
    """Change a person's data.

    A new name or birth date must not make two records of one person: `other` are those whom the
    person could then be, and is not.
    """
    with application.changing() as work:
        person = find_person(work.session, named)
        if details == PersonDetails():
            raise InputDataError(
                N_("no change was given"),
                N_("Give what has changed, for example the birth date."),
                fields=("born",),
            )
        refuse_unseen(work, id_of(person))
        _refuse_doubtful_change(work, person, details, other)
        return record_person_change(work, person, details)


class UnseenPersonError(NotAllowed):
    """A change of somebody of another unit, or a yes by them; their own unit records it."""


def refuse_unseen(work: UnitOfWork, person: int) -> None:
    """Raise UnseenPersonError for a change of, or a yes by, somebody of another unit.

    However named. A publication block and a no are no such change: anybody records them.
    """
    if work.sight.hides(person):
        raise UnseenPersonError(
            N_("{person} is of another unit, whose staff record this"),
            N_("Ask that unit or the communications coordinator."),
            step=NextStep.to(NextAction.PERSON_SHOW, person=human_id(Kind.PERSON, person)),
            person=human_id(Kind.PERSON, person),
        )


def _refuse_doubtful_change(
    work: UnitOfWork, person: Person, details: PersonDetails, other: Sequence[str]
) -> None:
    """Raise DoubtfulPersonError when the change makes somebody look like somebody else."""
    doubts = changed_identities(work, person, details)
    decided = {id_of(find_person(work.session, named)) for named in other}
    open_ = (d.who for d in doubts if not {*map(id_of, d.candidates)} <= decided)
    candidates = {id_of(each): each for doubt in doubts for each in doubt.candidates}
    require_decided(work, next(open_, person), [*candidates.values()], other)


def changed_identities(work: UnitOfWork, person: Person, details: PersonDetails) -> list[Doubt]:
    """Return whom a change makes look like somebody else: the person, or children cared for."""
    names = [*filter(None, [details.name]), *details.known_as]
    if not names and details.born is None and details.contact is None:
        return []
    return doubts_of_change(work, person, names, details.born, details.contact)


def record_person_change(work: UnitOfWork, person: Person, details: PersonDetails) -> PersonSaved:
    """Change a person in the open unit of work; without a difference nothing is logged.

    Every change of a person's data but a publication block passes here.
    """
    refuse_unseen(work, id_of(person))
    before = person.model_dump()
    stated = person.guardians_total
    was_minor = age_group_on(work, person, work.today) is AgeGroup.MINOR
    others = _apply_details(work, person, details)
    is_renamed = _change_known_as(work, person, details)
    if was_minor and age_group_on(work, person, work.today) is not AgeGroup.MINOR:
        _refuse_end_of_childhood(work, person)
    _refuse_fewer_guardians(work, stated, person.guardians_total)
    if (person.deceased, person.died_on) != (before["deceased"], before["died_on"]):
        # A death ends guardianships, and what the deceased says no longer counts. Requiring the
        # role always, not only when there is a refusal, keeps the error from revealing one.
        require_coordinator(work)
        _end_guardianships(work, person)
    refuse_impossible_family(work, person)
    if person.name_key != before["name_key"]:
        work.former_names[id_of(person)] = before["name_key"]
    if is_renamed or person.model_dump() != before:
        save_person(work, person)
    return PersonSaved(person_id(person), others)


def _end_guardianships(work: UnitOfWork, guardian: Person) -> None:
    """End the guardianships of somebody who has died, on the day of death if it is known."""
    last_day = guardian.died_on or work.today
    for row in wards_of(work.session, id_of(guardian)) if guardian.deceased else ():
        if row.last_day is not None and row.last_day <= last_day:
            continue
        if row.first_day is not None and row.first_day > last_day:
            raise InputDataError(
                N_("{guardian} became a guardian of {child} on {first}, after the day of death"),
                N_("Check both days."),
                fields=("died",),
                guardian=person_id(guardian),
                child=human_id(Kind.PERSON, row.child_id),
                first=row.first_day,
            )
        row.last_day = last_day
        add(work.session, row)
        work.log(
            Action.GUARDIAN_ENDED,
            Kind.PERSON,
            row.child_id,
            guardian=person_id(guardian),
            on=last_day,
        )


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
    own = [g.guardian_id for g in guardianships_of(work.session, id_of(person)) if not g.last_day]
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


def save_person(work: UnitOfWork, person: Person) -> None:
    """Save and log a change. The log never names the field: that would reveal a block."""
    work.log(Action.PERSON_CHANGED, Kind.PERSON, add(work.session, person))


def _apply_details(work: UnitOfWork, person: Person, details: PersonDetails) -> tuple[str, ...]:
    """Apply the changes and return the ids of namesakes; errors are raised before any change."""
    name = person.name if details.name is None else require_name(details.name)
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
    deceased, died_on = _death_columns(work, person, details, born)
    if name != person.name:
        person.name, person.name_key, person.letters_key = name, name_key(name), letters_key(name)
    stated = {
        "guardians_total": details.guardians,
        "language": details.language,
        "capacity": details.capacity,
    }
    values = {column: value for column, value in stated.items() if value is not None}
    set_values(person, contact=contact, born=born, age_group=age_group, **values)
    set_values(person, deceased=deceased, died_on=died_on)
    return others


def _death_columns(
    work: UnitOfWork, person: Person, details: PersonDetails, born: date | None
) -> tuple[bool, date | None]:
    """Return whether the person has died, and the day if known."""
    died_on = details.died_on
    if died_on is not None and details.deceased is False:
        raise InputDataError(
            N_("somebody who is alive has no day of death"), N_("Give one of the two."),
            fields=("died", "alive"),
        )  # fmt: skip
    died_on = died_on and work.day_or_today(died_on)
    if details.deceased is False:
        return False, None
    died_on = died_on or person.died_on
    if died_on is not None and born is not None and died_on < born:
        raise InputDataError(
            N_("{day} is before the person was born"),
            N_("Check the day."),
            fields=("died",),
            day=died_on,
        )
    return bool(details.deceased or died_on or person.deceased), died_on


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
            work.sight.refuse_name_alone([id_of(other)], name)
            raise NotAllowed(
                N_("a person with this name and birth date is already in the registry: {person}"),
                N_("Use that record."),
                step=NextStep.to(NextAction.PERSON_SHOW, person=person_id(other)),
                person=person_id(other),
            )
    return tuple(person_id(other) for other in others)


def list_persons(application: Application) -> list[PersonRow]:
    """Return all persons by name, and those of other units by id, since the order tells.

    Publication blocks are never listed.
    """
    with application.reading() as work:
        persons = sorted(
            all_persons(work.session),
            key=lambda person: id_of(person) if work.hides_person(id_of(person)) else 0,
        )
        return [person_row(work, person) for person in persons]


def person_row(work: UnitOfWork, person: Person) -> PersonRow:
    """Return a person as listed."""
    return PersonRow(
        person=person_id(person),
        name=shown_name(work, person),
        age_group=age_group_on(work, person, work.today),
        born=shown_born(work, person),
        birth_year=shown_birth_year(work, person),
    )


def person_summary(work: UnitOfWork, person: Person) -> PersonSummary:
    """Return a person's data without the block; auditors get no contact or days.

    Users of a unit get none about people of other units.
    """
    number, is_hidden = id_of(person), hides(work, person)
    return PersonSummary(
        person=person_id(person),
        name=shown_name(work, person),
        units=work.sight.units(number),
        age=None if work.sight.hides(number) else age_on(person, work.today),
        age_group=age_group_on(work, person, work.today),
        born=shown_born(work, person),
        birth_year=shown_birth_year(work, person),
        contact=shown_contact(work, person),
        language=person.language,
        deceased=person.deceased,
        died_on=person.died_on.isoformat() if person.died_on and not is_hidden else None,
        known_as=() if is_hidden else tuple(known_as(work.session, [number])[number]),
        capacity=person.capacity,
        guardians_total=person.guardians_total,
        guardians=guardian_rows(work, person),
        wards=_ward_rows(work, person),
    )


def _ward_rows(work: UnitOfWork, guardian: Person) -> list[WardRow]:
    """Return the children of a guardian; of a body that decides on care, to coordinators only."""
    rows = [] if hides_body(work, guardian) else wards_of(work.session, id_of(guardian))
    children = persons_of(work.session, (row.child_id for row in rows))
    return [
        WardRow(
            child=human_id(Kind.PERSON, row.child_id),
            name=shown_name(work, children[row.child_id]),
            last_day=row.last_day.isoformat() if row.last_day else None,
        )
        for row in rows
    ]


def guardian_rows(work: UnitOfWork, child: Person) -> list[GuardianRow]:
    """Return a child's guardianships with their verification, without the grounds of excuses."""
    rows = guardianships_of(work.session, id_of(child))
    people = persons_of(work.session, (row.guardian_id for row in rows))
    return [_guardian_row(work, row, people[row.guardian_id]) for row in rows]


def _guardian_row(work: UnitOfWork, row: Guardianship, guardian: Person) -> GuardianRow:
    is_hidden = hides_body(work, guardian)
    return GuardianRow(
        child=human_id(Kind.PERSON, row.child_id),
        guardian=person_id(guardian),
        name=shown_name(work, guardian),
        basis=None if is_hidden else row.basis,
        verified=row.verified_how is not None,
        verified_how=None if is_hidden or hides(work, guardian) else row.verified_how,
        excused=row.excused_ground is not None,
        decides_alone=None if is_hidden else row.decides_alone,
        first_day=row.first_day.isoformat() if row.first_day else None,
        last_day=row.last_day.isoformat() if row.last_day else None,
    )
