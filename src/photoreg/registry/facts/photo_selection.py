"""The photos that a query covers: all, those with given ids, or those of another query."""

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
"""Values in one query; engines set a limit, and a registry may hold more."""


class PhotoSelection:
    """The photos to load, as SQL conditions: all of them, unless narrowed.

    `ids` lists them, `among` is a query for their ids; few are fetched at once.
    """

    def __init__(self, ids: Iterable[int] | None = None, *, among: Any = None) -> None:
        numbers = None if ids is None else set(ids)
        self.is_small = numbers is not None and len(numbers) <= VALUES_PER_QUERY
        self.is_limited = numbers is not None or among is not None
        self.includes_consents = True
        self.unread_documents: frozenset[str] = frozenset()
        self._query = among if numbers is None else id_list(numbers)

    @classmethod
    def showing(cls, persons: Iterable[int]) -> Self:
        """Select the photos that show at least one of these persons."""
        shown = col(Depiction.person_id).in_(id_list(persons))
        return cls(among=select(Depiction.photo_id).where(shown))

    @classmethod
    def of_event(cls, event: int) -> Self:
        """Select the photos of an event."""
        return cls(among=select(Photo.id).where(Photo.event_id == event))

    def without_consents(self) -> Self:
        """Return the same selection, loaded as if no depicted person had consented.

        For questions that do not depend on consents.
        """
        selection = copy(self)
        selection.includes_consents = False
        return selection

    def with_unread(self, documents: frozenset[str]) -> Self:
        """Return the same selection, loaded as if these documents, by hash, were damaged."""
        selection = copy(self)
        selection.unread_documents = documents
        return selection

    def photos(self, column: Any) -> Any:
        """SQL condition: the column holds one of the photos."""
        return col(column).in_(self._query) if self.is_limited else col(column) > 0

    def events(self, column: Any) -> Any:
        """SQL condition: the column holds the event of one of the photos."""
        return col(column).in_(self._events()) if self.is_limited else col(column).is_not(None)

    def shown(self, column: Any) -> Any:
        """SQL condition: the column holds a depicted person."""
        return col(column).in_(self._shown()) if self.is_limited else sa.true()

    def consents(self) -> Any:
        """SQL condition: the consent may reach a photo of its subject."""
        if not self.includes_consents:
            return sa.false()
        if not self.is_limited:
            return sa.true()
        # Most consents of these persons concern events at which others were photographed.
        shown = select(Depiction.person_id, Photo.event_id).where(
            col(Photo.id) == Depiction.photo_id, self.photos(Depiction.photo_id)
        )
        of_event = sa.tuple_(Consent.subject_id, Consent.event_id).in_(shown)
        return self.shown(Consent.subject_id) & sa.or_(col(Consent.event_id).is_(None), of_event)

    def permissions(self) -> Any:
        """SQL condition: the permission may reach a photo of its photographer."""
        somebody = col(Permission.photographer_id)
        if not self.is_limited:
            return somebody.is_not(None)
        of_event = sa.or_(col(Permission.event_id).is_(None), self.events(Permission.event_id))
        return self.photographers(Permission.photographer_id) & of_event

    def photographers(self, column: Any) -> Any:
        """SQL condition: the column holds a photographer of one of the photos."""
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
    """Yield selections of photos given by id, as many as one query takes at a time."""
    return map(PhotoSelection, value_batches(ids))


def value_batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield distinct values in their order, as many as one query takes at a time."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), VALUES_PER_QUERY):
        yield wanted[start : start + VALUES_PER_QUERY]
