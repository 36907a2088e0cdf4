"""Queries for the keys that sign anchors of the log."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from photoreg.registry.tables.credentials import LogKey
from photoreg.registry.tables.people import Staff
from photoreg.registry.transparency.notes import VerifierKey, parse_verifier_key


def log_keys(session: Session) -> list[VerifierKey]:
    """Return the registry's public keys, the newest first."""
    statement = select(LogKey.public_key).order_by(col(LogKey.id).desc())
    return [parse_verifier_key(text) for text in session.exec(statement)]


def log_keys_with_staff(session: Session) -> Sequence[tuple[LogKey, str]]:
    """Return the registry's keys with the logins of those who made them, the newest first."""
    statement = select(LogKey, Staff.login).join(Staff).order_by(col(LogKey.id).desc())
    return session.exec(statement).all()
