"""Queries about corrections: what can be corrected, what waits, and what has happened since."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.corrected import corrected_publications, was_said
from photoreg.registry.id_list import id_list
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.photos import FlagCause, PhotoFlag
from photoreg.registry.tables.publications import TakeDown
from photoreg.registry.tables.second_looks import Correction, SecondLookOutcome

_OBJECTIONS = (FlagCause.REPORTED, FlagCause.OBJECTION)


def last_statements(session: Session, consent: int, day: date | None = None) -> list[ConsentEvent]:
    """Return what was recorded last about a consent, or last of a day, and counts.

    Several statements were recorded together when a form left something unticked.
    """
    said = select(ConsentEvent).where(ConsentEvent.consent_id == consent, was_said(ConsentEvent))
    if day is not None:
        said = said.where(ConsentEvent.day == day)
    events = list(session.exec(said.order_by(col(ConsentEvent.id))))
    return [event for event in events if event.recorded_at == events[-1].recorded_at]


def open_corrections(session: Session) -> list[Correction]:
    """Return the corrections that wait for another member of staff, oldest first."""
    waiting = select(Correction).where(col(Correction.outcome).is_(None))
    return list(session.exec(waiting.order_by(col(Correction.id))))


def came_as_objection(session: Session, event: ConsentEvent) -> bool:
    """Return whether a refusal was recorded as an objection, with the flag of its photo."""
    flag = (
        select(PhotoFlag.id)
        .join(Consent, col(Consent.photo_id) == col(PhotoFlag.photo_id))
        .where(
            Consent.id == event.consent_id,
            PhotoFlag.raised_at == event.recorded_at,
            col(PhotoFlag.cause).in_(_OBJECTIONS),
        )
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


def actions_beside(session: Session, event: ConsentEvent) -> set[str]:
    """Return the actions that the change has logged by which a statement was recorded.

    The entry of the hashes of what it wrote ends each change.
    """
    when = event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    seq, action = col(LedgerEntry.seq), col(LedgerEntry.action)
    own = session.exec(
        select(sa.func.max(seq)).where(
            LedgerEntry.subject == human_id(Kind.CONSENT, event.consent_id),
            LedgerEntry.at == when,
            action == f"consent.{event.kind}",
        )
    ).one()
    if own is None:
        return set()
    ends = action == Action.RECORDS_HASHED
    before = session.exec(select(sa.func.max(seq)).where(seq < own, ends)).one() or 0
    after = session.exec(select(sa.func.min(seq)).where(seq > own, ends)).one()
    of_change = [seq > before] if after is None else [seq > before, seq < after]
    return set(session.exec(select(action).where(*of_change).distinct()))


@contextmanager
def corrected(session: Session, statement: int, *, at: datetime, by: int) -> Iterator[None]:
    """Read the registry as if a statement was corrected; nothing may be written meanwhile."""
    session.flush()
    savepoint = session.connection().begin_nested()
    try:
        row = {"statement_id": statement, "asked_at": at, "asked_by": by}
        made = {"ended_at": at, "ended_by": by, "outcome": SecondLookOutcome.CORRECTED}
        session.connection().execute(sa.insert(Correction), [row | made])
        yield
    finally:
        savepoint.rollback()


def publications_by_mistake(session: Session) -> set[int]:
    """Return the publications that were recorded by mistake and count as never made."""
    return set(session.execute(corrected_publications()).scalars())


def take_downs_of(session: Session, publication: int) -> list[TakeDown]:
    """Return the tasks to take a publication down, open and ended, oldest first."""
    tasks = select(TakeDown).where(TakeDown.publication_id == publication)
    return list(session.exec(tasks.order_by(col(TakeDown.id))))
