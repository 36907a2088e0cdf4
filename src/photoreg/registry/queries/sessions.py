"""Queries for passwords, sessions and attempts to sign in."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.ids import utf8_safe
from photoreg.registry.tables.credentials import (
    ATTEMPTS,
    ATTEMPTS_FROM_ADDRESS,
    ATTEMPTS_WITHIN,
    IDLE_LIMIT,
    AccessSecret,
    Password,
    SessionUse,
    SignInAttempt,
)
from photoreg.registry.tables.people import Staff


def password_of(session: Session, staff: int) -> Password | None:
    """Return a user's password, or None."""
    return session.get(Password, staff)


def live_session(
    session: Session, sha256: str, now: datetime
) -> tuple[AccessSecret, Staff, SessionUse | None, Password | None] | None:
    """Return the session with this hash and its user, if both are in force.

    With when it was used last, if it was noted, and the user's password, if there is one.
    """
    found = session.exec(
        select(AccessSecret, Staff, SessionUse, Password)
        .join(Staff, col(Staff.id) == AccessSecret.staff_id)
        .outerjoin(SessionUse, col(SessionUse.secret_id) == AccessSecret.id)
        .outerjoin(Password, col(Password.staff_id) == Staff.id)
        .where(
            AccessSecret.sha256 == sha256,
            AccessSecret.valid_until > now,
            sa.func.coalesce(SessionUse.used_at, AccessSecret.added_at) > now - IDLE_LIMIT,
            col(Staff.active),
        )
    ).first()
    return (found[0], found[1], found[2], found[3]) if found else None


def session_user(session: Session, sha256: str) -> Staff | None:
    """Return whose session this hash is or was."""
    return session.exec(
        select(Staff).join(AccessSecret).where(AccessSecret.sha256 == sha256)
    ).first()


def sessions_of(session: Session, staff: int, now: datetime) -> list[AccessSecret]:
    """Return the sessions of a user that have not ended."""
    return list(
        session.exec(
            select(AccessSecret).where(
                AccessSecret.staff_id == staff,
                AccessSecret.valid_until > now,
            )
        )
    )


def too_many_failed(session: Session, login: str, address: str, now: datetime) -> bool:
    """Return whether too many attempts failed lately by this login or from this address."""
    counts = select(
        sa.func.count().filter(col(SignInAttempt.login) == utf8_safe(login)),
        sa.func.count().filter(col(SignInAttempt.address) == address),
    ).where(col(SignInAttempt.at) > now - ATTEMPTS_WITHIN)
    by_login, from_address = session.exec(counts).one()
    return by_login >= ATTEMPTS or from_address >= ATTEMPTS_FROM_ADDRESS


def note_attempt(session: Session, login: str, address: str, now: datetime) -> None:
    """Note a failed attempt, and forget those that no longer count."""
    session.execute(sa.delete(SignInAttempt).where(col(SignInAttempt.at) <= now - ATTEMPTS_WITHIN))
    session.add(SignInAttempt(login=utf8_safe(login), address=address, at=now))


def forget_attempts(session: Session, login: str) -> None:
    """Forget the failed attempts of somebody who has signed in."""
    session.execute(sa.delete(SignInAttempt).where(col(SignInAttempt.login) == utf8_safe(login)))
