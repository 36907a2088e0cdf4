"""The content of rows before a change, and who viewed names."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, choice, partial_index, reference, text
from photoreg.registry.tables.people import Staff

FORGOTTEN = "table_name = 'photo' AND kind = 'delete'"
"""The condition for photos that were deleted, as an index and its queries state it."""


class HistoryKind(StrEnum):
    """The kind of a change to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Disclosure(TableBase, table=True):
    """Who viewed names or contacts: when, what, of whom and how many, or for what purpose.

    A purpose is stated before the names are read, in a row of its own, to which the look refers.
    It may name somebody, so it is stored here and not in the log, which holds its number. `about`
    are the records asked for, and `persons` ranges of the numbers of those who were shown; names on
    a list that are nobody's in the registry yet, and blocks, are only counted. `masked` counts
    those of another unit than the user's, shown without name and contact.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.CheckConstraint(
            "length(trim(purpose)) > 0 OR names + contacts + masked > 0", name="purpose"
        ),
    )
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    actor_id: int = reference(Staff)
    list: str = text(64)
    purpose: str = text(500, default="")
    about: str = text(400, default="")
    names: int = 0
    contacts: int = 0
    masked: int = 0
    persons: Any = Field(default_factory=tuple, sa_type=sa.JSON, nullable=False)
    stated_id: Id = reference("disclosure.id", required=False)


class History(TableBase, table=True):
    """The content of a row before a change, written by triggers: see `triggers.history`."""

    __tablename__ = "history"
    __table_args__ = (partial_index("ix_history_forgotten", "row_key", FORGOTTEN),)
    id: Id = Field(default=None, primary_key=True)
    at: datetime
    table_name: str = text(64)
    kind: HistoryKind = Field(sa_type=choice(HistoryKind, "kind"))
    row_key: str = text(64)
    old: dict[str, Any] = Field(sa_type=sa.JSON)
