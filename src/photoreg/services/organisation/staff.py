"""Add, change and list the users of the registry, with their roles and units."""

from dataclasses import dataclass

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person, find_staff
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add
from photoreg.registry.tables.people import Staff, StaffRole
from photoreg.services.application import Application
from photoreg.services.inputs import (
    already_exists_error,
    refuse_look_alikes,
    require_text,
)
from photoreg.services.organisation.sessions import end_sessions
from photoreg.services.organisation.units import MAX_UNIT_LENGTH, unit_to_record
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_ROLE_LENGTH = 63
"""The longest name of a role on a PostgreSQL server, in bytes."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A user of the registry as listed."""

    login: str
    name: str
    role: StaffRole
    unit: str | None
    active: bool
    server_role: str | None


def add_staff(
    application: Application,
    *,
    login: str,
    name: str,
    role: StaffRole,
    person: str | None = None,
    unit: str = "",
    new_unit: bool = False,
    server_role: str = "",
) -> int:
    """Add a user; return the user's number.

    `person` is the user's own record as a photographer. `unit` is as in `units.unit_to_record`.
    `server_role` is the user's role on a PostgreSQL server, if it is not the login.
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
        row.server_role = _server_role(work, row, server_role)
        number = add(work.session, row)
        work.log(Action.STAFF_ADDED, "staff", number, role=role)
        return number


def _refuse_login_like_another(work: UnitOfWork, login: str) -> None:
    """Raise NotAllowed for a login that exists, or that people would take for one that does."""
    logins = [other.login for other in all_staff(work.session)]
    if login in logins:
        raise already_exists_error(login)
    refuse_look_alikes(login, logins, N_("Choose a login that nobody takes for another."))


def _server_role(work: UnitOfWork, row: Staff, named: str) -> str | None:
    """Return the role as stored, None for the login itself; it must be this user's alone."""
    role = require_text(named, MAX_ROLE_LENGTH) if named.strip() else row.login
    for other in all_staff(work.session):
        if other.id != row.id and other.role_on_server == role:
            raise NotAllowed(
                N_("the role {role} on the server is that of {login}"),
                N_("Each user has a role of their own on the server."),
                fields=("server_role",),
                role=role,
                login=other.login,
            )
    if role == row.login:
        return None
    if not work.registry.store.knows_role(work.session.connection(), role):
        raise InputDataError(
            N_("the server has no role {role}"),
            N_("Check the spelling, or ask the server administrator to make it."),
            fields=("server_role",),
            role=role,
        )
    return role


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
    server_role: str | None = None,
) -> None:
    """Change a user's details or role, or deactivate or reactivate the user.

    Entries that the user made keep the user's name. Another role, or none, ends the user's sessions
    on the desk. At least one active communications
    coordinator must remain, else NotAllowed. An empty `unit` removes the user's unit; with an empty
    `server_role` the user's role on a server is the login.
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
        if server_role is not None:
            row.server_role = _server_role(work, row, server_role)
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
        if row.role != before["role"] or not row.active:
            end_sessions(work, id_of(row))
        more = {"server_role": "changed"} if row.server_role != before["server_role"] else {}
        work.log(Action.STAFF_CHANGED, "staff", row.id, role=row.role, active=row.active, **more)


def list_staff(application: Application) -> list[StaffMember]:
    """Return the users of the registry."""
    with application.reading() as work:
        return [
            StaffMember(
                login=s.login,
                name=s.name,
                role=s.role,
                unit=s.unit,
                active=s.active,
                server_role=s.server_role,
            )
            for s in all_staff(work.session)
            if s.role is not StaffRole.API_KEY
        ]
