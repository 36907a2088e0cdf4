"""Sign in with a password: the check, the limit of attempts, and the session that it opens.

In a file photoreg checks. On a server the login of the desk has no rights, so the server checks
itself, by functions of its own (`postgresql_sign_in`). A test holds both to the same answers.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from typing import Any

import sqlalchemy as sa

from photoreg.registry.access.passwords import hash_of_key
from photoreg.registry.access.secrets import hash_of
from photoreg.registry.engines.database import Session
from photoreg.registry.ids import id_of, utf8_safe
from photoreg.registry.queries.organisation import active_staff
from photoreg.registry.queries.sessions import (
    forget_attempts,
    live_session,
    note_attempt,
    password_of,
    session_user,
    too_many_failed,
)
from photoreg.registry.tables.credentials import SESSION_LENGTH, AccessSecret, SessionUse
from photoreg.registry.tables.organisation import RegistryInfo

BY_SERVER = "by_server"
"""What `Application.signing_in` notes in a session: that the server answers for itself."""


class SignIn(StrEnum):
    """How an attempt to sign in ended."""

    OPENED = "opened"
    WRONG = "wrong"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in: `key` is that of the password, `sha256` the hash of the new secret."""

    login: str
    key: str
    address: str
    sha256: str
    at: datetime


def salt_of(session: Session, login: str) -> str | None:
    """Return the salt of a user's password, or None."""
    if session.info[BY_SERVER]:
        return _asked(session, sa.func.password_salt(utf8_safe(login)))
    staff = active_staff(session, login)
    password = password_of(session, id_of(staff)) if staff else None
    return password.salt if password else None


def try_to_sign_in(session: Session, attempt: Attempt) -> SignIn:
    """Open a session for the right password; note what failed."""
    login, address = utf8_safe(attempt.login)[:64] or "-", attempt.address[:64]
    if session.info[BY_SERVER]:
        shown = sa.func.open_session(login, attempt.key, address, attempt.sha256)
        return SignIn(_asked(session, shown) or SignIn.WRONG)
    folded = login.lower()
    if too_many_failed(session, folded, address, attempt.at):
        return SignIn.TOO_MANY
    staff = active_staff(session, login)
    password = password_of(session, id_of(staff)) if staff else None
    if (
        staff is None
        or password is None
        or not compare_digest(password.sha256, hash_of_key(attempt.key))
    ):
        note_attempt(session, folded, address, attempt.at)
        return SignIn.WRONG
    forget_attempts(session, folded)
    open_session(session, id_of(staff), attempt.sha256, attempt.at)
    return SignIn.OPENED


def open_session(session: Session, staff: int, sha256: str, at: datetime) -> None:
    """Record the secret of a new session of a user."""
    until = at + SESSION_LENGTH
    session.add(AccessSecret(staff_id=staff, sha256=sha256, valid_until=until, added_at=at))


def use_session(session: Session, secret: str, now: datetime) -> None:
    """Note that a session is used now, if it has not ended."""
    if session.info[BY_SERVER]:
        _asked(session, sa.func.use_session(secret))
        return
    found = live_session(session, hash_of(secret), now)
    if found is not None:
        session.merge(SessionUse(secret_id=id_of(found[0]), used_at=now))


def end_session(session: Session, secret: str, now: datetime) -> None:
    """End a session."""
    if session.info[BY_SERVER]:
        _asked(session, sa.func.end_session(secret))
        return
    found = live_session(session, hash_of(secret), now)
    if found is not None:
        found[0].valid_until = now
        session.add(found[0])


def login_of_session(session: Session, secret: str) -> str | None:
    """Return whose session a secret is or was."""
    if session.info[BY_SERVER]:
        return _asked(session, sa.func.session_login(secret))
    staff = session_user(session, hash_of(secret))
    return staff.login if staff else None


def organisation_name(session: Session) -> str:
    """Return the name of the organisation that owns the registry; nobody need be signed in."""
    if session.info[BY_SERVER]:
        return _asked(session, sa.func.organisation_of_registry()) or ""
    return session.get_one(RegistryInfo, 1).organisation


def _asked(session: Session, function: sa.Function[Any]) -> str | None:
    """Return what a function of the server answers."""
    found: str | None = session.execute(sa.select(function)).scalar()
    return found
