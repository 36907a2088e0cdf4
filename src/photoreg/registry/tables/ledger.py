"""The log, and the time of the current change."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, partial_index, reference, text
from photoreg.registry.tables.people import Staff


class LedgerEntry(TableBase, table=True):
    """One entry of the log: ids and codes only, chained by hash. Never changed."""

    __tablename__ = "ledger"
    __table_args__ = (
        sa.CheckConstraint("length(hash) = 64", name="hash"),
        # Printed violations are logged again only when the reasons are new.
        partial_index(
            "ix_ledger_not_recallable", "subject", "action = 'publication.not_recallable'"
        ),
    )
    seq: Id = Field(default=None, primary_key=True)
    at: str = text(40)
    actor_id: int = reference(Staff)
    action: str = text(64)
    subject: str = text(64)
    details: str = text(20_000)
    previous: str = text(64, unique=True)
    hash: str = text(64, unique=True)


class Moment(TableBase, table=True):
    """The time of the current change, for the triggers."""

    __tablename__ = "moment"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True)
    at: datetime
