"""Queries for the annual report: counts and durations in a period."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.corrected import corrected_publications, was_said
from photoreg.registry.queries.units import join_unit, photos_of_unit, unit_of_photo
from photoreg.registry.tables.cases import Case, Ruling
from photoreg.registry.tables.consents import Consent, ConsentEvent
from photoreg.registry.tables.ledger import LedgerEntry
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Event, Photo, PhotoFlag
from photoreg.registry.tables.publications import Publication, PublishedPhoto, TakeDown

TimeSpan = tuple[datetime, datetime]
"""The start, included, and the end, excluded."""


@dataclass(frozen=True, slots=True)
class ReportScope:
    """The scope of the report: everything, one channel, one unit, or both."""

    channel_id: int | None = None
    unit: str | None = None

    def on_channel(self, column: Any) -> list[Any]:
        """SQL conditions on a column of channels."""
        return [] if self.channel_id is None else [col(column) == self.channel_id]

    def of_photos(self, column: Any) -> list[Any]:
        """SQL conditions on a column of photos."""
        return [] if self.unit is None else [col(column).in_(photos_of_unit(self.unit))]


def photos_registered(session: Session, spans: Sequence[TimeSpan], part: ReportScope) -> list[int]:
    """Count the photos registered in each span."""
    return _counts(session, col(Photo.registered_at), spans, *part.of_photos(Photo.id))


def publications_added(session: Session, spans: Sequence[TimeSpan], part: ReportScope) -> list[int]:
    """Count the publications recorded in each span; of a unit, those that show its photos."""
    of_part = part.of_photos(PublishedPhoto.photo_id)
    shows = select(PublishedPhoto.publication_id).where(*of_part)
    made = col(Publication.id).not_in(corrected_publications())
    where = (made, *part.on_channel(Publication.channel_id), col(Publication.id).in_(shows))
    return _counts(session, col(Publication.recorded_at), spans, *where)


def _counts(session: Session, at: Any, spans: Sequence[TimeSpan], *where: Any) -> list[int]:
    counted = [sa.func.count(sa.case((sa.and_(at >= first, at < end), 1))) for first, end in spans]
    row = session.connection().execute(sa.select(*counted).where(*where)).one()
    return [int(count) for count in row]


def consent_events_by_kind(session: Session, span: TimeSpan, part: ReportScope) -> dict[str, int]:
    """Count the consent events recorded, by kind.

    An event about a photo or an occasion belongs to its unit, any other to the unit of who recorded
    it.
    """
    statement = (
        select(ConsentEvent.kind, sa.func.count())
        .where(*_within(ConsentEvent.recorded_at, span), was_said(ConsentEvent))
        .group_by(col(ConsentEvent.kind))
    )
    if part.unit is not None:
        of_photo = col(Consent.photo_id).in_(photos_of_unit(part.unit))
        of_other = sa.and_(col(Consent.photo_id).is_(None), unit_of_photo() == part.unit)
        statement = (
            statement.join(Consent, col(Consent.id) == col(ConsentEvent.consent_id))
            .join(Event, col(Event.id) == col(Consent.event_id), isouter=True)
            .join(Staff, col(Staff.id) == col(ConsentEvent.recorded_by))
            .where(sa.or_(of_photo, of_other))
        )
    return {str(kind): count for kind, count in session.exec(statement)}


def rulings_made(
    session: Session, span: TimeSpan, part: ReportScope
) -> list[tuple[str, datetime, datetime]]:
    """Return each ruling's kind, the time its case was opened, and the time of the ruling.

    A ruling on a case of several photos is one.
    """
    statement: Any = (
        sa.select(col(Ruling.kind), sa.func.min(col(Case.opened_at)), col(Ruling.ruled_at))
        .join(Case, col(Case.id) == col(Ruling.case_id))
        .group_by(
            sa.func.coalesce(Case.leading_id, Case.id), col(Ruling.kind), col(Ruling.ruled_at)
        )
        .where(*_within(Ruling.ruled_at, span))
        .where(*part.on_channel(Case.channel_id), *part.of_photos(Case.photo_id))
    )
    return [(str(kind), opened, ruled) for kind, opened, ruled in session.execute(statement)]


def take_downs_opened(
    session: Session, span: TimeSpan, part: ReportScope
) -> list[tuple[datetime, datetime, datetime | None]]:
    """Return the times at which each task was opened, was due, and was done."""
    statement = (
        select(TakeDown.opened_at, TakeDown.due_at, TakeDown.done_at)
        .join(Publication, col(Publication.id) == col(TakeDown.publication_id))
        .where(*_within(TakeDown.opened_at, span))
        .where(*part.on_channel(Publication.channel_id), *part.of_photos(TakeDown.photo_id))
    )
    return list(session.exec(statement))


def flags_raised(
    session: Session, span: TimeSpan, part: ReportScope
) -> list[tuple[datetime, datetime | None]]:
    """Return the times at which each flag was raised and resolved."""
    statement = select(PhotoFlag.raised_at, PhotoFlag.resolved_at)
    where = (*_within(PhotoFlag.raised_at, span), *part.of_photos(PhotoFlag.photo_id))
    return list(session.exec(statement.where(*where)))


def actions_logged(session: Session, span: TimeSpan, actions: Sequence[str]) -> dict[str, int]:
    """Count the log entries of each of these actions."""
    first, end = (time.isoformat(timespec="microseconds") for time in span)
    statement = (
        select(LedgerEntry.action, sa.func.count())
        .where(LedgerEntry.at >= first, LedgerEntry.at < end, col(LedgerEntry.action).in_(actions))
        .group_by(col(LedgerEntry.action))
    )
    return dict(session.exec(statement).all())


def by_unit(session: Session, span: TimeSpan) -> dict[str | None, dict[str, int]]:
    """Count registrations, publications and the like by unit, and for photos of no unit."""
    of_unit = sa.select(unit_of_photo(), sa.func.count())
    photo, shown = col(Photo.id), col(PublishedPhoto.publication_id)
    published = (
        sa.select(unit_of_photo(), sa.func.count(sa.distinct(shown)))
        .select_from(PublishedPhoto)
        .join(Publication, col(Publication.id) == shown)
        .join(Photo, photo == col(PublishedPhoto.photo_id))
    )
    taken_down = of_unit.select_from(TakeDown).join(Photo, photo == col(TakeDown.photo_id))
    flagged = of_unit.select_from(PhotoFlag).join(Photo, photo == col(PhotoFlag.photo_id))
    found: dict[str | None, dict[str, int]] = defaultdict(dict)
    for subject, statement, at in (
        ("photos", of_unit.select_from(Photo), Photo.registered_at),
        ("publications", published, Publication.recorded_at),
        ("take_downs", taken_down, TakeDown.opened_at),
        ("flags", flagged, PhotoFlag.raised_at),
    ):
        counted = join_unit(statement).where(*_within(at, span)).group_by(unit_of_photo())
        for unit, count in session.connection().execute(counted):
            found[unit][subject] = count
    return found


def _within(column: Any, span: TimeSpan) -> list[Any]:
    return [col(column) >= span[0], col(column) < span[1]]
