"""The content of rows before a change, and who viewed names."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.people import Staff


class HistoryKind(StrEnum):
    """The kind of a change to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Disclosure(TableBase, table=True):
    """Who viewed names, when, in which list, and for what purpose.

    The purpose may name somebody, so it is stored here and not in the log, which holds its number.
    """

    __tablename__ = "disclosure"
    __table_args__ = (sa.CheckConstraint("length(trim(purpose)) > 0", name="purpose"),)
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int = reference(Staff)
    list: str = text(64)
    purpose: str = text(500)


class History(TableBase, table=True):
    """The content of a row before a change, written by triggers: see `triggers.history`."""

    __tablename__ = "history"
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    table_name: str = text(64)
    kind: HistoryKind = Field(sa_type=choice(HistoryKind, "kind"))
    row_key: str = text(64)
    old: dict[str, Any] = Field(sa_type=sa.JSON)
