"""Unclear photos and the coordinator's rulings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.ids import id_of
from photoreg.registry.tables.columns import Id, TableBase, choice, reference, text
from photoreg.registry.tables.organisation import (
    ChannelRow,
    PolicyVersion,
)
from photoreg.registry.tables.people import (
    Evidence,
    Staff,
)
from photoreg.registry.tables.photos import (
    Photo,
)
from photoreg.rulebook.facts import (
    Mode,
    Purpose,
)


class RulingKind(StrEnum):
    """The possible rulings on an unclear case."""

    PUBLISHABLE = "publishable"
    REFUSED = "refused"
    NEEDS_FACTS = "needs_facts"


class UseColumns(TableBase):
    """The use that a decision or a case concerns."""

    photo_id: int = reference(Photo, index=True)
    channel_id: int = reference(ChannelRow)
    mode: Mode = Field(sa_type=choice(Mode, "mode"))
    purpose: Purpose = Field(sa_type=choice(Purpose, "purpose"))
    day: date
    facts: dict[str, Any] = Field(sa_type=sa.JSON)
    facts_digest: str = text(64)
    codes: str = text(2000, default="")
    rules_version: str = text(16)
    policy_version: int = reference(PolicyVersion)


class Case(UseColumns, table=True):
    """An unclear photo that waits for the coordinator, bound to exactly these facts.

    `voided_at`: when a fact changed, or the ruling was corrected, which ends the case and its
    ruling permanently. A case of several photos has a row for each, of which the first leads the
    others: its number is that of the case. `corrects_id`: the case on the same facts whose ruling
    was wrong and is corrected by this one. `cause` is what the photos of one case have in common,
    as codes and ids; it is empty where only the photo itself can tell.
    """

    __tablename__ = "unclear_case"
    id: Id = Field(default=None, primary_key=True)
    leading_id: Id = reference("unclear_case.id", required=False, index=True)
    corrects_id: Id = reference("unclear_case.id", required=False, index=True)
    cause: str = text(2000, default="")
    opened_at: datetime
    opened_by: int = reference(Staff)
    due_at: datetime
    voided_at: datetime | None = None

    @property
    def number(self) -> int:
        """The number of the case, which its photos share."""
        return self.leading_id or id_of(self)


class Ruling(TableBase, table=True):
    """The coordinator's reasoned ruling on a case, with or without an end. Never changed."""

    __tablename__ = "ruling"
    __table_args__ = (sa.CheckConstraint("length(trim(reason)) > 0", name="reason"),)
    id: Id = Field(default=None, primary_key=True)
    case_id: int = reference(Case, unique=True)
    kind: RulingKind = Field(sa_type=choice(RulingKind, "kind"))
    reason: str = text(4000)
    valid_until: date | None = None
    evidence: str | None = reference(Evidence, required=False, max_length=64)
    ruled_at: datetime
    ruled_by: int = reference(Staff)

    def has_expired_on(self, day: date) -> bool:
        """Return whether it has ended by this day; the last day counts."""
        return self.valid_until is not None and self.valid_until < day
