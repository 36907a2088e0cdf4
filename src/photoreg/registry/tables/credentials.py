"""Passwords and sessions, keys of the API, and keys that sign anchors; few commands need them."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, reference, text
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.registry.tables.people import Staff

SESSION_LENGTH = timedelta(hours=8)
"""How long a session lives at most."""

IDLE_LIMIT = timedelta(minutes=30)
"""How long a session lives while it is not used."""

ATTEMPTS, ATTEMPTS_FROM_ADDRESS, ATTEMPTS_WITHIN = 5, 20, timedelta(minutes=15)
"""How many attempts to sign in may fail within this time, by one login and from one address.

A school shares one address.
"""


class LogKey(TableBase, table=True):
    """A public key of the registry, which signs anchors of the log. Never changed.

    The newest one is in force; earlier ones verify the anchors that they have signed.
    """

    __tablename__ = "log_key"
    id: Id = Field(default=None, primary_key=True)
    public_key: str = text(300, unique=True)
    added_at: datetime
    added_by: int = reference(Staff)


class Password(TableBase, table=True):
    """A user's password for the desk, as the hash of its Argon2id key; without one, nobody gets in.

    `must_change`: a coordinator set it, so its user chooses another one first.
    """

    __tablename__ = "password"
    __table_args__ = (
        sa.CheckConstraint("length(salt) = 32", name="salt"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    )
    staff_id: int = reference(Staff, primary_key=True)
    salt: str = text(32)
    sha256: str = text(64)
    must_change: bool = True
    set_at: datetime
    set_by: int = reference(Staff)


class AccessSecret(TableBase, table=True):
    """The secret of a user's session, as a hash; after `valid_until` it opens nothing.

    A session ends as well when it was not used for a while (`SessionUse`).
    """

    __tablename__ = "access_secret"
    __table_args__ = (sa.CheckConstraint("length(sha256) = 64", name="sha256"),)
    id: Id = Field(default=None, primary_key=True)
    staff_id: int = reference(Staff)
    sha256: str = text(64, unique=True)
    valid_until: datetime
    added_at: datetime


class ApiKey(TableBase, table=True):
    """A key by which another system uses the API, as a hash; the row in `staff` is its actor.

    `scopes` are joined by `;`. `last_day` is the last day on which it works. It is only revoked.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by"),
    )
    id: Id = Field(default=None, primary_key=True)
    staff_id: int = reference(Staff, unique=True)
    sha256: str = text(64, unique=True)
    scopes: str = text(100)
    last_day: date
    added_at: datetime
    added_by: int = reference(Staff)
    revoked_at: datetime | None = None
    revoked_by: Id = reference(Staff, required=False)


class ApiKeyChannel(TableBase, table=True):
    """A channel for which a key of the API may be used. Never changed."""

    __tablename__ = "api_key_channel"
    key_id: int = reference(ApiKey, primary_key=True)
    channel_id: int = reference(ChannelRow, primary_key=True)


class SessionUse(TableBase, table=True):
    """When a session was used last, to the minute."""

    __tablename__ = "session_use"
    secret_id: int = reference(AccessSecret, primary_key=True)
    used_at: datetime


class SignInAttempt(TableBase, table=True):
    """A failed attempt to sign in, kept for a quarter of an hour; `login` as typed, folded."""

    __tablename__ = "sign_in_attempt"
    id: Id = Field(default=None, primary_key=True)
    login: str = text(64, index=True)
    address: str = text(64, index=True)
    at: datetime
