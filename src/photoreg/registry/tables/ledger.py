"""The log, the hashes of records that it holds, and the time of the current change."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from photoreg.registry.tables.columns import Id, TableBase, partial_index, reference, text
from photoreg.registry.tables.people import Staff

MAX_DETAILS = 20_000
"""How many characters the details of an entry may have."""

RESTORE_ENTRIES = (
    "action IN ('registry.restored', 'registry.stop_carried', 'registry.restore_acknowledged')"
)
"""The condition for entries about restored backups, as an index and its queries state it."""

ROSTER_DOUBT_ENTRIES = "action IN ('event.doubt_asked', 'event.doubt_decided')"
"""The condition for entries about doubtful rows of class lists, in the same way."""

CASE_SHOWN_ENTRIES = "action = 'case.shown'"
"""The condition for entries about cases that were shown, in the same way."""

STAFF_ENTRIES = "action IN ('staff.added', 'staff.changed')"
"""The condition for entries about the roles of users, in the same way."""


class LedgerEntry(TableBase, table=True):
    """One entry of the log: ids and codes only, chained by hash. Never changed.

    `actor_id` is who acted; `computer_login` is what their computer calls them, `database_login`
    who logged in to the database's server, and `database_role` the role that was in force there.
    They are empty where there is none.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        sa.CheckConstraint("length(hash) = 64", name="hash"),
        # Printed violations are logged again only when the reasons are new.
        partial_index(
            "ix_ledger_not_recallable", "subject", "action = 'publication.not_recallable'"
        ),
        # Each day's agenda asks whether a restore waits to be looked at.
        partial_index("ix_ledger_restores", "seq", RESTORE_ENTRIES),
        # It asks for rows of class lists, too, about which coordinators are asked.
        partial_index("ix_ledger_roster_doubts", "seq", ROSTER_DOUBT_ENTRIES),
        # Each ruling asks what of its cases was shown.
        partial_index("ix_ledger_cases_shown", "subject", CASE_SHOWN_ENTRIES),
        # Each second look asks whether a coordinator had seen its photo differently.
        partial_index("ix_ledger_staff", "subject", STAFF_ENTRIES),
    )
    seq: Id = Field(default=None, primary_key=True)
    at: str = text(40)
    actor_id: int = reference(Staff)
    action: str = text(64)
    subject: str = text(64)
    details: str = text(MAX_DETAILS)
    computer_login: str = text(default="")
    database_login: str = text(default="")
    database_role: str = text(default="")
    previous: str = text(64, unique=True)
    hash: str = text(64, unique=True)


class RecordHash(TableBase, table=True):
    """The hashes of records of one kind as they were after a change, packed.

    `entry` is the number of the log's entry, which holds a digest of `records`: of each record its
    key, 8 bytes, and its hash, 16 bytes. `salts`: 8 bytes for each; zeros once it was erased.
    """

    __tablename__ = "record_hash"
    __table_args__ = (
        sa.CheckConstraint("length(records) = 3 * length(salts)", name="salts"),
        sa.CheckConstraint("length(records) = 24 * (length(records) / 24)", name="records"),
    )
    id: Id = Field(default=None, primary_key=True)
    entry: int
    kind: str = text(64, index=True)
    records: bytes = Field(sa_type=sa.LargeBinary)
    salts: bytes = Field(sa_type=sa.LargeBinary)


class Moment(TableBase, table=True):
    """The time of the current change, for the triggers."""

    __tablename__ = "moment"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True)
    at: datetime
