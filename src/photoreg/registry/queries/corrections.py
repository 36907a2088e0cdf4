"""Queries about corrections: what can be corrected, what waits, and what has happened since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.corrected import (
    STATEMENT_COLUMNS,
    corrected_publications,
    is_undisputed,
    was_said,
)
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, ConsentEvent, Permission, PermissionEvent
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.photos import FlagCause, PhotoFlag
from photoreg.registry.tables.publications import TakeDown
from photoreg.registry.tables.second_looks import Correction

_OBJECTIONS = (FlagCause.REPORTED, FlagCause.OBJECTION)


Record = Consent | Permission
Statement = ConsentEvent | PermissionEvent
_TABLES: dict[Kind, tuple[Any, Any, str]] = {
    Kind.CONSENT: (Consent, ConsentEvent, "consent_id"),
    Kind.PERMISSION: (Permission, PermissionEvent, "permission_id"),
}
"""The records about which statements are recorded: their tables, and how a statement refers."""


def kind_of(record: Record | Statement) -> Kind:
    """Return the kind of a record, or of that which a statement is about."""
    return Kind.CONSENT if isinstance(record, Consent | ConsentEvent) else Kind.PERMISSION


def number_of_record(statement: Statement) -> int:
    """Return the number of the consent or the permission that a statement is about."""
    if isinstance(statement, ConsentEvent):
        return statement.consent_id
    return statement.permission_id


def record_of(session: Session, statement: Statement) -> Record:
    """Return the consent or the permission that a statement is about."""
    table = _TABLES[kind_of(statement)][0]
    record: Record = session.get_one(table, number_of_record(statement))
    return record


def statement_of(session: Session, correction: Correction) -> Statement | None:
    """Return the statement that a correction is about; None if it is about a publication."""
    if correction.permission_statement_id is not None:
        return session.get_one(PermissionEvent, correction.permission_statement_id)
    number = correction.statement_id
    return None if number is None else session.get_one(ConsentEvent, number)


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded about a consent or a permission in one go, and counts.

    `number` is its place among all. It is several statements when a form left something unticked.
    """

    number: int
    statements: tuple[Statement, ...]

    @property
    def recorded_by(self) -> int:
        """Who recorded it, by number."""
        return self.statements[0].recorded_by

    @property
    def day(self) -> date:
        """The day on which it was said."""
        return self.statements[0].day


def recordings_of(session: Session, record: Record) -> list[Recording]:
    """Return what was recorded about a consent or a permission and counts, oldest first.

    Numbers stay what they are: what was typed by mistake has one as well.
    """
    _table, said, reference = _TABLES[kind_of(record)]
    is_about = getattr(said, reference) == id_of(record)
    events = session.exec(select(said).where(is_about).order_by(col(said.id))).all()
    counting = set(session.exec(select(said.id).where(is_about, was_said(said))))
    together = groupby(events, key=attrgetter("recorded_at", "recorded_by"))
    numbered = (
        Recording(number, tuple(event for event in found if event.id in counting))
        for number, (_key, found) in enumerate(together, 1)
    )
    return [each for each in numbered if each.statements]


def statements_of_change(
    session: Session, kind: Kind, records: Iterable[int], *, at: datetime, by: int
) -> list[Statement]:
    """Return what somebody recorded about records of a kind in one change, corrected or not."""
    _table, said, reference = _TABLES[kind]
    recorded = select(said).where(
        col(getattr(said, reference)).in_(id_list(records)),
        said.recorded_at == at,
        said.recorded_by == by,
    )
    return list(session.exec(recorded.order_by(col(said.id))))


def standing_by(session: Session, statements: Iterable[int], staff: int) -> set[int]:
    """Return those of these statements that a member of staff recorded, and nobody disputes.

    Only these need not be recorded again: whoever recorded another may take it back.
    """
    own = select(ConsentEvent.id).where(
        col(ConsentEvent.id).in_(id_list(statements)),
        ConsentEvent.recorded_by == staff,
        is_undisputed(ConsentEvent),
    )
    return {number for number in session.exec(own) if number is not None}


def statement_corrections(session: Session, statements: Iterable[Statement]) -> list[Correction]:
    """Return the corrections of these statements, open and ended, oldest first."""
    by_column: dict[str, list[int]] = {}
    for each in statements:
        by_column.setdefault(STATEMENT_COLUMNS[type(each)], []).append(id_of(each))
    found = [
        correction
        for column, numbers in by_column.items()
        for correction in rows_with(session, Correction, getattr(Correction, column), numbers)
    ]
    return sorted(found, key=id_of)


def publication_corrections(session: Session, publications: Iterable[int]) -> list[Correction]:
    """Return the corrections of these publications, open and ended, oldest first."""
    found = rows_with(session, Correction, Correction.publication_id, publications)
    return sorted(found, key=id_of)


def open_corrections(session: Session) -> list[Correction]:
    """Return the corrections that wait for another member of staff, oldest first."""
    waiting = select(Correction).where(col(Correction.outcome).is_(None))
    return list(session.exec(waiting.order_by(col(Correction.id))))


def came_as_objection(session: Session, event: Statement) -> bool:
    """Return whether a refusal was recorded as an objection, with the flag of its photo."""
    flag = select(PhotoFlag.id).where(
        PhotoFlag.photo_id == record_of(session, event).photo_id,
        PhotoFlag.raised_at == event.recorded_at,
        col(PhotoFlag.cause).in_(_OBJECTIONS),
    )
    return session.exec(flag.limit(1)).first() is not None


def is_any_flagged_since(session: Session, photos: Sequence[int], since: datetime) -> bool:
    """Return whether a photo, or one that looks like it, was flagged from a time on."""
    wanted = id_list(photos)
    flag = select(PhotoFlag.id).where(
        PhotoFlag.raised_at >= since,
        sa.or_(col(PhotoFlag.photo_id).in_(wanted), col(PhotoFlag.like_photo_id).in_(wanted)),
    )
    return session.exec(flag.limit(1)).first() is not None


def actions_beside(session: Session, event: Statement) -> set[str]:
    """Return the actions that the change has logged by which a statement was recorded.

    The entry of the hashes of what it wrote ends each change.
    """
    when = event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    seq, action = col(LedgerEntry.seq), col(LedgerEntry.action)
    own = session.exec(
        select(sa.func.max(seq)).where(
            LedgerEntry.subject == human_id(kind_of(event), number_of_record(event)),
            LedgerEntry.at == when,
            action == f"{_TABLES[kind_of(event)][0].__tablename__}.{event.kind}",
        )
    ).one()
    if own is None:
        return set()
    ends = action == Action.RECORDS_HASHED
    before = session.exec(select(sa.func.max(seq)).where(seq < own, ends)).one() or 0
    after = session.exec(select(sa.func.min(seq)).where(seq > own, ends)).one()
    of_change = [seq > before] if after is None else [seq > before, seq < after]
    return set(session.exec(select(action).where(*of_change).distinct()))


def publications_by_mistake(session: Session) -> set[int]:
    """Return the publications that were recorded by mistake and count as never made."""
    return set(session.execute(corrected_publications()).scalars())


def take_downs_of(session: Session, publication: int) -> list[TakeDown]:
    """Return the tasks to take a publication down, open and ended, oldest first."""
    tasks = select(TakeDown).where(TakeDown.publication_id == publication)
    return list(session.exec(tasks.order_by(col(TakeDown.id))))
