"""The doubts of a row of a class list: as they were decided, and as each decision brings them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from photoreg.services.photos.rosters.results import (
    NEW,
    ListedPlace,
    ListedRole,
    PossibleMatch,
    RowDecision,
)

Doubts = list[PossibleMatch]


def decided_match(place: ListedPlace, given: Sequence[RowDecision]) -> PossibleMatch:
    """Return a doubt as it was decided, though it has not come up again."""
    same = next((each.who for each in given if each.is_same), None)
    rows = (int(each.who) for each in given if each.who.isdecimal())
    return PossibleMatch(
        place,
        tuple(each.who for each in given if not each.who.isdecimal()),
        tuple(ListedPlace(row, place.role, place.name) for row in rows),
        decision=same or NEW,
    )


def doubts_by_decision(outcomes: Mapping[str, Iterable[PossibleMatch]]) -> Doubts:
    """Return the further doubts of a row by what may be decided about the pupil.

    One that does not come up with every decision tells with which.
    """
    found: dict[object, PossibleMatch] = {}
    for decision, doubts in outcomes.items():
        for doubt in doubts:
            if doubt.place.role is not ListedRole.PUPIL:
                key = doubt.place.key
                found[key] = _both(found.get(key), replace(doubt, only_if=(decision,)))
    return [
        replace(each, only_if=()) if len(each.only_if) == len(outcomes) else each
        for each in found.values()
    ]


def _both(one: PossibleMatch | None, other: PossibleMatch) -> PossibleMatch:
    """Return one doubt with the candidates of both; open if one of them is."""
    if one is None:
        return other
    return replace(
        one,
        persons=tuple(dict.fromkeys((*one.persons, *other.persons))),
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        decision=one.decision and other.decision,
        only_if=(*one.only_if, *other.only_if),
    )
