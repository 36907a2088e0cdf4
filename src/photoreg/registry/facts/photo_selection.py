"""Which photos a query is about: all of them, those named one by one, or those of another query."""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, Self

import sqlalchemy as sa
from sqlmodel import col, select

from photoreg.registry.facts.id_list import these
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.photos import (
    Depiction,
    EventPhotographer,
    Photo,
    PhotoPhotographer,
)

AT_A_TIME = 10_000
"""How many values one query names: engines set a limit, and a registry may hold more."""


class Which:
    """Which photos are loaded, as conditions of queries: all of them, unless it is narrowed.

    `ids` names them one by one, `among` is a query of their numbers; few are fetched at once.
    """

    def __init__(self, ids: Iterable[int] | None = None, *, among: Any = None) -> None:
        numbers = None if ids is None else set(ids)
        self.is_few = numbers is not None and len(numbers) <= AT_A_TIME
        self.is_narrow = numbers is not None or among is not None
        self.has_consents = True
        self._among = among if numbers is None else these(numbers)

    @classmethod
    def showing(cls, persons: Iterable[int]) -> Self:
        """Return the photos that show at least one of these persons."""
        shown = col(Depiction.person_id).in_(these(persons))
        return cls(among=select(Depiction.photo_id).where(shown))

    @classmethod
    def at(cls, event: int) -> Self:
        """Return the photos of an event."""
        return cls(among=select(Photo.id).where(Photo.event_id == event))

    def without_consents(self) -> Self:
        """Return the same photos, to be loaded as if nothing were said about who is shown.

        For what does not depend on it; for whoever asks more, nobody has consented.
        """
        which = copy(self)
        which.has_consents = False
        return which

    def photos(self, column: Any) -> Any:
        """Return the condition that a column holds one of the photos."""
        return col(column).in_(self._among) if self.is_narrow else col(column) > 0

    def events(self, column: Any) -> Any:
        """Return the condition that a column holds the event of one of the photos."""
        return col(column).in_(self._events()) if self.is_narrow else col(column).is_not(None)

    def shown(self, column: Any) -> Any:
        """Return the condition that a column holds somebody who is shown."""
        return col(column).in_(self._shown()) if self.is_narrow else sa.true()

    def consents(self) -> Any:
        """Return the condition of a consent that it may reach a photo of whom it is about."""
        if not self.has_consents:
            return sa.false()
        if not self.is_narrow:
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
        if not self.is_narrow:
            return somebody.is_not(None)
        of_event = sa.or_(col(Permission.event_id).is_(None), self.events(Permission.event_id))
        return self.takers(Permission.photographer_id) & of_event

    def takers(self, column: Any) -> Any:
        """Return the condition that a column holds somebody who took a photo."""
        return col(column).in_(sa.union(*self._takers()))

    def _shown(self) -> Any:
        return select(Depiction.person_id).where(self.photos(Depiction.photo_id))

    def _events(self) -> Any:
        return select(Photo.event_id).where(self.photos(Photo.id))

    def _takers(self) -> tuple[Any, Any]:
        own = select(PhotoPhotographer.person_id).where(self.photos(PhotoPhotographer.photo_id))
        of_events = col(EventPhotographer.event_id).in_(self._events())
        return own, select(EventPhotographer.person_id).where(of_events)


def few_at_a_time(ids: Iterable[int]) -> Iterator[Which]:
    """Give photos that are named one by one, as many as one query takes at a time."""
    return map(Which, some_at_a_time(ids))


def some_at_a_time(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Give values in their order, each once, as many as one query names."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), AT_A_TIME):
        yield wanted[start : start + AT_A_TIME]
