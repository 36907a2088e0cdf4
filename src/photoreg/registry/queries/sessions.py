"""Queries for passwords, sessions and attempts to sign in."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.ids import utf8_safe
from photoreg.registry.tables.credentials import (
    AccessKind,
    AccessSecret,
    Password,
    SessionUse,
    SignInAttempt,
)
from photoreg.registry.tables.people import Staff

IDLE_LIMIT = timedelta(minutes=30)
"""How long a session lives while it is not used."""

ATTEMPTS, ATTEMPTS_WITHIN = 5, timedelta(minutes=15)
"""How many attempts to sign in may fail within this time, by login and by address."""


def password_of(session: Session, staff: int) -> Password | None:
    """Return a user's password, or None."""
    return session.get(Password, staff)


def live_session(session: Session, sha256: str, now: datetime) -> tuple[AccessSecret, Staff] | None:
    """Return the session with this hash and its user, if both are in force."""
    found = session.exec(
        select(AccessSecret, Staff)
        .join(Staff, col(Staff.id) == AccessSecret.staff_id)
        .join(SessionUse, col(SessionUse.secret_id) == AccessSecret.id)
        .where(
            AccessSecret.sha256 == sha256,
            AccessSecret.kind == AccessKind.SESSION,
            AccessSecret.valid_until > now,
            SessionUse.used_at > now - IDLE_LIMIT,
            col(Staff.active),
        )
    ).first()
    return (found[0], found[1]) if found else None


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
                AccessSecret.kind == AccessKind.SESSION,
                AccessSecret.valid_until > now,
            )
        )
    )


def failed_attempts(session: Session, login: str, address: str, now: datetime) -> int:
    """Return how many attempts failed lately by this login or from this address, the larger one."""
    counts = select(
        sa.func.count().filter(col(SignInAttempt.login) == utf8_safe(login)),
        sa.func.count().filter(col(SignInAttempt.address) == address),
    ).where(col(SignInAttempt.at) > now - ATTEMPTS_WITHIN)
    by_login, from_address = session.exec(counts).one()
    return max(by_login, from_address)


def note_attempt(session: Session, login: str, address: str, now: datetime) -> None:
    """Note a failed attempt, and forget those that no longer count."""
    session.execute(sa.delete(SignInAttempt).where(col(SignInAttempt.at) <= now - ATTEMPTS_WITHIN))
    session.add(SignInAttempt(login=utf8_safe(login), address=address, at=now))


def forget_attempts(session: Session, login: str) -> None:
    """Forget the failed attempts of somebody who has signed in."""
    session.execute(sa.delete(SignInAttempt).where(col(SignInAttempt.login) == utf8_safe(login)))
