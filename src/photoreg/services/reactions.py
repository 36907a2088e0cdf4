"""Reactions: what follows from a change, in one list (rulebook §7), before the change is committed.

A unit of work runs them as it ends (`Desk.react`). What was touched is known from the notes of the
database's own triggers, the same that invalidate kept verdicts (`registry.forgetting`); so no use
case can forget to tell, whether it changes rows one by one or in bulk, and what another program
changed is reacted to by the next unit of work. Only photos are looked at that something can follow
for: published ones, ones with a case, newly stopped ones or ones of new likeness.
"""

from collections.abc import Callable

from photoreg.registry.queries.cases import photos_with_cases
from photoreg.registry.queries.publications import published_photos
from photoreg.registry.queries.touched import Change, forget_touched
from photoreg.registry.tables.touched import Scope
from photoreg.services.publications.takedown import open_take_downs, void_cases
from photoreg.services.unit_of_work import UnitOfWork


def react(work: UnitOfWork, change: Change) -> None:
    """Let follow what follows from a change; `desk.reacted` tells it."""
    for reaction in REACTIONS:
        reaction(work, change)
    forget_touched(work.session)


def _near_duplicates_inherit_stops(work: UnitOfWork, change: Change) -> None:
    if change.scopes & {Scope.STOPPED, Scope.SEEN}:
        from photoreg.services.decisions.stop_propagation import (  # noqa: PLC0415 - seldom needed
            inherit_stops,
        )

        inherit_stops(work, change.numbers(Scope.STOPPED), change.numbers(Scope.SEEN))


def _cases_are_void(work: UnitOfWork, change: Change) -> None:
    void_cases(work, photos_with_cases(work.session, change.photos))


def _take_downs_open(work: UnitOfWork, change: Change) -> None:
    open_take_downs(work, published_photos(work.session, change.photos))


REACTIONS: tuple[Callable[[UnitOfWork, Change], None], ...] = (
    _near_duplicates_inherit_stops,  # first, since the flags that it raises touch more photos
    _cases_are_void,  # before publications are judged, which may rest on a ruling
    _take_downs_open,
)
"""What follows from a change, in this order.

No task closes by itself when its publication may stay again: somebody says so, with a reason
(`tasks.keep`), since it may have been taken down meanwhile without anybody having recorded it.
"""
