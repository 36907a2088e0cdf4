"""Which photos changes have touched: the notes that triggers write.

A note is one row for any number of photos; they are queried only where a reaction may depend on
them (`Change.photos` is a condition of a query).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.id_list import id_list
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.touched import Scope, Touch

ROUTES = {
    Scope.PERSON: "SELECT photo_id FROM depiction WHERE person_id {meant}",
    Scope.TAKER: (
        "SELECT photo_id FROM photo_photographer WHERE person_id {meant} UNION "
        "SELECT photo.id FROM photo JOIN event_photographer taker "
        "ON taker.event_id = photo.event_id WHERE taker.person_id {meant}"
    ),
    Scope.EVENT: "SELECT id FROM photo WHERE event_id {meant}",
    Scope.CHANNEL: (
        "SELECT photo_id FROM published_photo WHERE channel_id {meant} UNION "
        "SELECT photo_id FROM unclear_case WHERE channel_id {meant}"
    ),
}
"""Queries that lead from the number in a note, or in a changed row, to photos."""


@dataclass(frozen=True, slots=True)
class Change:
    """The changes noted by triggers that nothing has reacted to yet."""

    session: Session
    scopes: frozenset[Scope]

    @property
    def photos(self) -> PhotoSelection:
        """The photos touched, queried again each time: a reaction may touch more."""
        if Scope.ALL in self.scopes:
            return PhotoSelection()
        noted = "SELECT number FROM touched WHERE scope = '{}'"
        routes = [
            ROUTES[scope].replace("{meant}", f"IN ({noted.format(scope)})")
            for scope in sorted(self.scopes & ROUTES.keys())
        ]
        union = sa.text(" UNION ".join((noted.format(Scope.PHOTO), *routes)))
        return PhotoSelection(among=union.columns(sa.column("number", sa.Integer)))

    def numbers(self, scope: Scope) -> list[int]:
        """Return the numbers noted for a scope."""
        if scope not in self.scopes:
            return []
        noted = select(Touch.number).where(Touch.scope == scope)
        return list(self.session.exec(noted.order_by(col(Touch.number))))


def noted(session: Session) -> Change | None:
    """Return the changes, by any program, without a reaction so far; None when there are none."""
    scopes = frozenset(map(Scope, session.exec(select(Touch.scope).distinct())))
    return Change(session, scopes) if scopes else None


def touch(session: Session, photos: Iterable[int]) -> None:
    """Note photos that are touched by the passing of time instead of a change."""
    is_noted = sa.exists().where(col(Touch.scope) == Scope.PHOTO, col(Touch.number) == Photo.id)
    scope = sa.type_coerce(sa.literal(Scope.PHOTO.value), sa.String)
    wanted = sa.select(scope, col(Photo.id)).where(col(Photo.id).in_(id_list(photos)), ~is_noted)
    session.connection().execute(sa.insert(Touch).from_select(["scope", "number"], wanted))


def forget_touched(session: Session) -> None:
    """Delete all notes after the reactions."""
    session.connection().execute(sa.delete(Touch))
