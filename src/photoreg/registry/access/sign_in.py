"""Sign in with a password: the check, the limit of attempts, and the session that it opens.

In a file photoreg checks; a server does so itself, by a function of its own, since the login of the
desk has no rights there (`postgresql_sign_in`). A test holds both to the same answers.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

from photoreg.registry.access.passwords import hash_of_key
from photoreg.registry.engines.database import Session
from photoreg.registry.ids import id_of
from photoreg.registry.queries.organisation import active_staff
from photoreg.registry.queries.sessions import (
    ATTEMPTS,
    failed_attempts,
    forget_attempts,
    note_attempt,
    password_of,
)
from photoreg.registry.tables.credentials import AccessSecret, SessionUse


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
    until: datetime


def salt_of(session: Session, login: str) -> str | None:
    """Return the salt of a user's password, or None."""
    staff = active_staff(session, login)
    password = password_of(session, id_of(staff)) if staff else None
    return password.salt if password else None


def try_to_sign_in(session: Session, attempt: Attempt) -> SignIn:
    """Open a session for the right password; note what failed."""
    folded = attempt.login.casefold()[:64]
    if failed_attempts(session, folded, attempt.address, attempt.at) >= ATTEMPTS:
        return SignIn.TOO_MANY
    staff = active_staff(session, attempt.login)
    password = password_of(session, id_of(staff)) if staff else None
    if (
        staff is None
        or password is None
        or not compare_digest(password.sha256, hash_of_key(attempt.key))
    ):
        note_attempt(session, folded, attempt.address, attempt.at)
        return SignIn.WRONG
    forget_attempts(session, folded)
    open_session(session, id_of(staff), attempt.sha256, attempt.at, attempt.until)
    return SignIn.OPENED


def open_session(session: Session, staff: int, sha256: str, at: datetime, until: datetime) -> None:
    """Record the secret of a new session of a user."""
    row = AccessSecret(staff_id=staff, sha256=sha256, valid_until=until, added_at=at)
    session.add(row)
    session.flush()
    session.add(SessionUse(secret_id=id_of(row), used_at=at))
