"""Passwords of users for the desk."""

import secrets
from hmac import compare_digest

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.access.passwords import NO_SALT, hash_of_key, key_of, new_salt
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_staff
from photoreg.registry.queries.sessions import password_of
from photoreg.registry.tables.credentials import Password
from photoreg.registry.tables.people import Staff, StaffRole
from photoreg.services.application import Application
from photoreg.services.organisation.sessions import end_sessions
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

SHORTEST, LONGEST = 12, 200

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for another."""


def give_password(application: Application, login: str) -> str:
    """Set a new password for a user, and return it; it must be changed at the first sign-in.

    A coordinator's right. The user's open sessions end. On a server the desk gives none: whoever
    controls it could act as anybody.
    """
    if application.secret and application.registry.is_on_server:
        raise NotAllowed(
            N_("passwords are not given on the desk when the registry is on a server"),
            N_("Give it on the command line, with your own login on the server."),
            step=NextStep.to(NextAction.STAFF_PASSWORD, login=login),
        )
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    salt = new_salt()
    key = key_of(password, salt)
    with application.changing(COORDINATORS) as work:
        staff = find_staff(work.session, login)
        _set(work, staff, salt, key, must_change=staff.id != work.actor.id)
    return password


def change_password(application: Application, old: str, new: str) -> None:
    """Change the actor's own password; NotAllowed unless the old one is right.

    InputDataError for one that is too short, or the login. Other sessions of the user end.
    """
    _require_good(new, application.login)
    with application.reading() as work:
        known = password_of(work.session, work.actor.id)
    old_key = key_of(old, known.salt if known else NO_SALT)
    if known is None or not compare_digest(hash_of_key(old_key), known.sha256):
        raise NotAllowed(
            N_("the old password is wrong"), N_("Type it again."), fields=("old_password",)
        )
    salt = new_salt()
    key = key_of(new, salt)
    with application.changing(frozenset(StaffRole)) as work:
        work.registry.store.show_key(work.session.connection(), old_key)
        staff = work.session.get_one(Staff, work.actor.id)
        _set(work, staff, salt, key, must_change=False)


def _set(work: UnitOfWork, staff: Staff, salt: str, key: str, *, must_change: bool) -> None:
    number = id_of(staff)
    row = password_of(work.session, number)
    if row is None:
        row = Password(staff_id=number, salt=salt, sha256="", set_at=work.now, set_by=0)
    row.salt, row.sha256, row.must_change = salt, hash_of_key(key), must_change
    row.set_at, row.set_by = work.now, work.actor.id
    work.session.add(row)
    end_sessions(work, number)
    work.log(Action.PASSWORD_SET, "staff", number)


def _require_good(password: str, login: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST or login.casefold() in password.casefold():
        raise InputDataError(
            N_("a password has {shortest} to {longest} characters, and not the login in it"),
            N_("Several words that only you would put together are good."),
            fields=("new_password",),
            shortest=SHORTEST,
            longest=LONGEST,
        )
