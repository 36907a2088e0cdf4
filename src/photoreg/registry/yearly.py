"""Queries for the yearly report: how often things happened in a span of time, and how fast."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.tables import (
    Case,
    ConsentEvent,
    LedgerEntry,
    Photo,
    PhotoFlag,
    Publication,
    Ruling,
    TakeDown,
)

Span = tuple[datetime, datetime]
"""From a time, up to and without another."""


def photos_registered(session: Session, spans: Sequence[Span]) -> list[int]:
    """Return how many photos were registered in each span."""
    return _counts(session, col(Photo.registered_at), spans)


def publications_added(
    session: Session, spans: Sequence[Span], channel_id: int | None
) -> list[int]:
    """Return how many publications were recorded in each span."""
    where = [] if channel_id is None else [Publication.channel_id == channel_id]
    return _counts(session, col(Publication.recorded_at), spans, *where)


def _counts(session: Session, at: Any, spans: Sequence[Span], *where: Any) -> list[int]:
    counted = [sa.func.count(sa.case((sa.and_(at >= first, at < end), 1))) for first, end in spans]
    row = session.connection().execute(sa.select(*counted).where(*where)).one()
    return [int(count) for count in row]


def said_by_kind(session: Session, span: Span) -> dict[str, int]:
    """Return how often each kind of word about being shown was recorded."""
    statement = (
        select(ConsentEvent.kind, sa.func.count())
        .where(*_within(ConsentEvent.recorded_at, span))
        .group_by(col(ConsentEvent.kind))
    )
    return {str(kind): count for kind, count in session.exec(statement)}


def rulings_made(
    session: Session, span: Span, channel_id: int | None
) -> list[tuple[str, datetime, datetime]]:
    """Return of each ruling its kind, when the case was opened, and when it was ruled on."""
    statement = (
        select(Ruling.kind, Case.opened_at, Ruling.ruled_at)
        .join(Case, col(Case.id) == col(Ruling.case_id))
        .where(*_within(Ruling.ruled_at, span))
    )
    if channel_id is not None:
        statement = statement.where(Case.channel_id == channel_id)
    return [(str(kind), opened, ruled) for kind, opened, ruled in session.exec(statement)]


def take_downs_opened(
    session: Session, span: Span, channel_id: int | None
) -> list[tuple[datetime, datetime, datetime | None]]:
    """Return of each task when it was opened, when it was due, and when it was done."""
    statement = (
        select(TakeDown.opened_at, TakeDown.due_at, TakeDown.done_at)
        .join(Publication, col(Publication.id) == col(TakeDown.publication_id))
        .where(*_within(TakeDown.opened_at, span))
    )
    if channel_id is not None:
        statement = statement.where(Publication.channel_id == channel_id)
    return list(session.exec(statement))


def flags_raised(session: Session, span: Span) -> list[tuple[datetime, datetime | None]]:
    """Return of each flag when it was raised, and when it was resolved."""
    statement = select(PhotoFlag.raised_at, PhotoFlag.resolved_at)
    return list(session.exec(statement.where(*_within(PhotoFlag.raised_at, span))))


def actions_logged(session: Session, span: Span, actions: Sequence[str]) -> dict[str, int]:
    """Return how often each of these actions stands in the log."""
    first, end = (time.isoformat(timespec="microseconds") for time in span)
    statement = (
        select(LedgerEntry.action, sa.func.count())
        .where(LedgerEntry.at >= first, LedgerEntry.at < end, col(LedgerEntry.action).in_(actions))
        .group_by(col(LedgerEntry.action))
    )
    return dict(session.exec(statement).all())


def _within(column: Any, span: Span) -> list[Any]:
    return [col(column) >= span[0], col(column) < span[1]]
