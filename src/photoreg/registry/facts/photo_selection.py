"""Which photos a query is about: all of them, those named one by one, or those of another query."""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, Self

import sqlalchemy as sa
from sqlmodel import col, select

from photoreg.registry.id_list import id_list
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.photos import (
    Depiction,
    EventPhotographer,
    Photo,
    PhotoPhotographer,
)

VALUES_PER_QUERY = 10_000
"""How many values one query names: engines set a limit, and a registry may hold more."""


class PhotoSelection:
    """Which photos are loaded, as conditions of queries: all of them, unless it is narrowed.

    `ids` names them one by one, `among` is a query of their numbers; few are fetched at once.
    """

    def __init__(self, ids: Iterable[int] | None = None, *, among: Any = None) -> None:
        numbers = None if ids is None else set(ids)
        self.is_small = numbers is not None and len(numbers) <= VALUES_PER_QUERY
        self.is_limited = numbers is not None or among is not None
        self.includes_consents = True
        self._query = among if numbers is None else id_list(numbers)

    @classmethod
    def showing(cls, persons: Iterable[int]) -> Self:
        """Return the photos that show at least one of these persons."""
        shown = col(Depiction.person_id).in_(id_list(persons))
        return cls(among=select(Depiction.photo_id).where(shown))

    @classmethod
    def of_event(cls, event: int) -> Self:
        """Return the photos of an event."""
        return cls(among=select(Photo.id).where(Photo.event_id == event))

    def without_consents(self) -> Self:
        """Return the same photos, to be loaded as if nothing were said about who is shown.

        For what does not depend on it; for whoever asks more, nobody has consented.
        """
        selection = copy(self)
        selection.includes_consents = False
        return selection

    def photos(self, column: Any) -> Any:
        """Return the condition that a column holds one of the photos."""
        return col(column).in_(self._query) if self.is_limited else col(column) > 0

    def events(self, column: Any) -> Any:
        """Return the condition that a column holds the event of one of the photos."""
        return col(column).in_(self._events()) if self.is_limited else col(column).is_not(None)

    def shown(self, column: Any) -> Any:
        """Return the condition that a column holds somebody who is shown."""
        return col(column).in_(self._shown()) if self.is_limited else sa.true()

    def consents(self) -> Any:
        """Return the condition of a consent that it may reach a photo of whom it is about."""
        if not self.includes_consents:
            return sa.false()
        if not self.is_limited:
            return sa.true()
        # Of the words about these persons most are about events at which others were shown.
        shown = select(Depiction.person_id, Photo.event_id).where(
            col(Photo.id) == Depiction.photo_id, self.photos(Depiction.photo_id)
        )
        of_event = sa.tuple_(Consent.subject_id, Consent.event_id).in_(shown)
        return self.shown(Consent.subject_id) & sa.or_(col(Consent.event_id).is_(None), of_event)

    def permissions(self) -> Any:
        """Return the condition of a permission that it may reach a photo of its photographer."""
        somebody = col(Permission.photographer_id)
        if not self.is_limited:
            return somebody.is_not(None)
        of_event = sa.or_(col(Permission.event_id).is_(None), self.events(Permission.event_id))
        return self.photographers(Permission.photographer_id) & of_event

    def photographers(self, column: Any) -> Any:
        """Return the condition that a column holds somebody who took a photo."""
        return col(column).in_(sa.union(*self._photographers()))

    def _shown(self) -> Any:
        return select(Depiction.person_id).where(self.photos(Depiction.photo_id))

    def _events(self) -> Any:
        return select(Photo.event_id).where(self.photos(Photo.id))

    def _photographers(self) -> tuple[Any, Any]:
        own = select(PhotoPhotographer.person_id).where(self.photos(PhotoPhotographer.photo_id))
        of_events = col(EventPhotographer.event_id).in_(self._events())
        return own, select(EventPhotographer.person_id).where(of_events)


def selection_batches(ids: Iterable[int]) -> Iterator[PhotoSelection]:
    """Give photos that are named one by one, as many as one query takes at a time."""
    return map(PhotoSelection, value_batches(ids))


def value_batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Give values in their order, each once, as many as one query names."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), VALUES_PER_QUERY):
        yield wanted[start : start + VALUES_PER_QUERY]
