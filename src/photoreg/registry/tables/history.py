"""What rows held before a change, and for what names were read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.people import Staff


class HistoryKind(StrEnum):
    """What happened to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Disclosure(TableBase, table=True):
    """Who looked at names, when, in which list, and what for.

    The purpose may name somebody, so it stands here and not in the log, which holds its number.
    """

    __tablename__ = "disclosure"
    __table_args__ = (sa.CheckConstraint("length(trim(purpose)) > 0", name="purpose"),)
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int = reference(Staff)
    list: str = text(64)
    purpose: str = text(500)


class History(TableBase, table=True):
    """What a row held before a change, written by triggers: see `remembering`."""

    __tablename__ = "history"
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    table_name: str = text(64)
    kind: HistoryKind = Field(sa_type=choice(HistoryKind, "kind"))
    row_key: str = text(64)
    old: dict[str, Any] = Field(sa_type=sa.JSON)
