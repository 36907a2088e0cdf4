"""The reactions to a change, in one list (rulebook §7), run before the change is committed.

A unit of work runs them as it ends (`UnitOfWork.react`). Database triggers record what was touched,
the same that invalidate cached verdicts (`registry.triggers.invalidation`). So no use case can omit
a reaction, whether it changes rows one by one or in bulk, and changes by other programs are reacted
to in the next unit of work. Reactions examine only photos that can be affected: published ones,
ones with a case, newly stopped ones, and ones with a new likeness.
"""

from collections.abc import Callable

from photoreg.registry.queries.cases import photos_with_cases
from photoreg.registry.queries.publications import published_photos
from photoreg.registry.queries.touched import Change, forget_touched
from photoreg.registry.tables.touched import Scope
from photoreg.services.publications.takedown import open_take_downs, void_cases
from photoreg.services.unit_of_work import UnitOfWork


def react(work: UnitOfWork, change: Change) -> None:
    """Run the reactions to a change; `work.reacted` collects the results."""
    for reaction in REACTIONS:
        reaction(work, change)
    forget_touched(work.session)


def _near_duplicates_inherit_stops(work: UnitOfWork, change: Change) -> None:
    if change.scopes & {Scope.STOPPED, Scope.SEEN}:
        from photoreg.services.decisions.stop_propagation import (  # noqa: PLC0415 - seldom needed
            inherit_stops,
        )

        inherit_stops(work, change.numbers(Scope.STOPPED), change.numbers(Scope.SEEN))


def _copies_ask(work: UnitOfWork, change: Change) -> None:
    from photoreg.services.decisions.copies import (  # noqa: PLC0415 - loaded when it is needed
        compare_series,
        look_at_versions,
    )

    compare_series(work, change.photos)
    look_at_versions(work, change.photos)


def _loosened_statements_ask_for_a_second_look(work: UnitOfWork, change: Change) -> None:
    if Scope.HISTORY in change.scopes or work.former_names:
        from photoreg.services.decisions.second_looks import (  # noqa: PLC0415 - seldom needed
            ask_second_looks,
        )

        ask_second_looks(work, change)


def _cases_are_void(work: UnitOfWork, change: Change) -> None:
    void_cases(work, photos_with_cases(work.session, change.photos))


def _take_downs_open(work: UnitOfWork, change: Change) -> None:
    open_take_downs(work, published_photos(work.session, change.photos))


REACTIONS: tuple[Callable[[UnitOfWork, Change], None], ...] = (
    _near_duplicates_inherit_stops,  # first, since the flags that it raises touch more photos
    _copies_ask,  # before cases and publications, whose verdicts depend on it
    _loosened_statements_ask_for_a_second_look,
    _cases_are_void,  # before publications are evaluated, which may depend on a ruling
    _take_downs_open,
)
"""The reactions to a change, in this order.

No task closes by itself when its publication becomes allowed again: a user cancels it with a reason
(`takedown_tasks.cancel_task`), since the publication may have been taken down without a record.
"""
