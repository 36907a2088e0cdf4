"""Queries about publications and their take-downs, about cases and their rulings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from photoreg.registry.names import id_of
from photoreg.registry.tables import (
    ChannelRow,
    Decision,
    Photo,
    Publication,
    TakeDown,
)
from photoreg.rulebook.facts import Mode, Purpose


@dataclass(frozen=True, slots=True)
class Live:
    """A publication that is still out, with the use that was decided on and its open task."""

    publication: Publication
    photo: Photo
    channel: ChannelRow
    mode: Mode
    purpose: Purpose
    task_id: int | None


def published_photos(session: Session) -> list[int]:
    """Return the ids of the photos that are still published somewhere."""
    statement = select(Publication.photo_id).where(col(Publication.removed_on).is_(None))
    return list(session.exec(statement.distinct().order_by(col(Publication.photo_id))))


def live_publications(session: Session, photo_ids: Iterable[int]) -> list[Live]:
    """Return the publications of these photos that nobody has taken down, oldest first."""
    is_open = (col(TakeDown.publication_id) == col(Publication.id)) & col(TakeDown.done_at).is_(
        None
    )
    statement: Any = (
        select(Publication, Photo, ChannelRow, Decision.mode, Decision.purpose, TakeDown.id)  # type: ignore[call-overload]
        .join(Photo, col(Photo.id) == col(Publication.photo_id))
        .join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        .join(Decision, col(Decision.id) == col(Publication.decision_id))
        .join(TakeDown, is_open, isouter=True)
        .where(col(Publication.removed_on).is_(None))
        .where(col(Publication.photo_id).in_(sorted(set(photo_ids))))
        .order_by(col(Publication.id))
    )
    return [Live(*row) for row in session.exec(statement)]
