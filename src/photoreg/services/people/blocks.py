"""Publication blocks: set by any member of staff, lifted and listed by coordinators only.

No reason is asked or stored, and nothing that others see tells that there is a block.
"""

from dataclasses import dataclass

from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.people import blocked_persons
from photoreg.registry.tables.people import Person
from photoreg.services.application import Application
from photoreg.services.people.ages import person_id
from photoreg.services.people.persons import PersonSaved, save_person
from photoreg.services.unit_of_work import COORDINATORS, HELSINKI, UnitOfWork


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A person who must not be shown, since when, and the login of whoever said so."""

    person: str
    name: str
    since: str | None
    by: str | None


def block_person(application: Application, named: str) -> PersonSaved:
    """Block publication of a person. No reason is asked or stored."""
    with application.changing() as work:
        person = find_person(work.session, named, to_refuse=True)
        record_block(work, person)
        return PersonSaved(work.sight.called(id_of(person)))


def record_block(work: UnitOfWork, person: Person) -> None:
    """Block publication of a person in the open unit of work; an earlier block stays."""
    if not person.blocked:
        person.blocked, person.blocked_at, person.blocked_by = True, work.now, work.actor.id
    save_person(work, person)


def unblock_person(application: Application, named: str) -> PersonSaved:
    """Lift the publication block of a person."""
    with application.changing(COORDINATORS) as work:
        person = find_person(work.session, named)
        person.blocked, person.blocked_at, person.blocked_by = False, None, None
        save_person(work, person)
        return PersonSaved(person_id(person))


def _day(person: Person) -> str | None:
    if person.blocked_at is None:
        return None
    return person.blocked_at.astimezone(HELSINKI).date().isoformat()


def list_blocks(application: Application) -> list[BlockRow]:
    """Return who must not be shown, and log that somebody looked. Only coordinators may."""
    with application.changing(COORDINATORS) as work:
        persons = blocked_persons(work.session)
        logins = {staff.id: staff.login for staff in all_staff(work.session)}
        work.log(Action.BLOCKS_READ, "staff", work.actor.id, list="blocks", persons=len(persons))
        for person in persons:
            # INVARIANT: who is blocked stands in no list, so not in the one of who looked either.
            work.looks.note_unnumbered(id_of(person))
        return [
            BlockRow(
                person_id(person),
                person.name,
                _day(person),
                logins.get(person.blocked_by),
            )
            for person in persons
        ]
