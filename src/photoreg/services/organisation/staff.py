"""Add, change and list the users of the registry, with their roles and units."""

from dataclasses import dataclass

from photoreg.errors import NotAllowed
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person, find_staff
from photoreg.registry.names import plain_name
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add
from photoreg.registry.tables.people import Staff, StaffRole
from photoreg.services.application import Application
from photoreg.services.inputs import already_exists_error, require_text
from photoreg.services.organisation.units import MAX_UNIT_LENGTH, unit_to_record
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A user of the registry as listed."""

    login: str
    name: str
    role: StaffRole
    unit: str | None
    active: bool


def add_staff(
    application: Application,
    *,
    login: str,
    name: str,
    role: StaffRole,
    person: str | None = None,
    unit: str = "",
    new_unit: bool = False,
) -> int:
    """Add a user; return the user's number.

    `person` is the user's own record as a photographer. `unit` is as in `units.unit_to_record`.
    """
    with application.changing(COORDINATORS) as work:
        login = require_text(login, 64)
        _refuse_login_like_another(work, login)
        person_id = id_of(find_person(work.session, person)) if person else None
        row = Staff(
            login=login,
            name=require_text(name),
            role=role,
            person_id=person_id,
            unit=_unit(work, unit, is_new=new_unit),
        )
        number = add(work.session, row)
        work.log(Action.STAFF_ADDED, "staff", number, role=role)
        return number


def _refuse_login_like_another(work: UnitOfWork, login: str) -> None:
    """Raise NotAllowed for a login that exists, or that people would take for one that does."""
    for other in all_staff(work.session):
        if other.login == login:
            raise already_exists_error(login)
        if plain_name(other.login) == plain_name(login):
            raise NotAllowed(
                N_("{login} differs from {other} only by case or by letters that look alike"),
                N_("Choose a login that nobody takes for another."),
                login=login,
                other=other.login,
            )


def _unit(work: UnitOfWork, named: str, *, is_new: bool) -> str | None:
    typed = require_text(named, MAX_UNIT_LENGTH) if named.strip() else ""
    return unit_to_record(work, typed, is_new=is_new)


def change_staff(
    application: Application,
    login: str,
    *,
    role: StaffRole | None = None,
    active: bool | None = None,
    name: str | None = None,
    person: str | None = None,
    unit: str | None = None,
    new_unit: bool = False,
) -> None:
    """Change a user's details or role, or deactivate or reactivate the user.

    Entries that the user made keep the user's name. At least one active communications
    coordinator must remain, else NotAllowed. An empty `unit` removes the user's unit.
    """
    with application.changing(COORDINATORS) as work:
        row = find_staff(work.session, login)
        before = row.model_dump()
        row.role = role or row.role
        row.active = row.active if active is None else active
        row.name = require_text(name) if name is not None else row.name
        row.person_id = id_of(find_person(work.session, person)) if person else row.person_id
        if unit is not None:
            row.unit = _unit(work, unit, is_new=new_unit)
        coordinators = (s for s in all_staff(work.session) if s.role is StaffRole.COORDINATOR)
        if not any(s.active for s in coordinators):
            raise NotAllowed(
                N_("there would be no communications coordinator left"),
                N_("Make somebody else coordinator first."),
                step=NextStep.to(NextAction.STAFF_CHANGE, "login", "role"),
            )
        if row.model_dump() == before:
            return
        add(work.session, row)
        work.log(Action.STAFF_CHANGED, "staff", row.id, role=row.role, active=row.active)


def list_staff(application: Application) -> list[StaffMember]:
    """Return the users of the registry."""
    with application.reading() as work:
        return [
            StaffMember(login=s.login, name=s.name, role=s.role, unit=s.unit, active=s.active)
            for s in all_staff(work.session)
        ]
