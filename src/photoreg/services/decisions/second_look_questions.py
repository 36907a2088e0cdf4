"""What whoever confirms a statement that was taken back must answer themselves."""

from collections.abc import Iterable, Mapping
from typing import Any

from photoreg.registry.queries.second_looks import open_second_looks
from photoreg.registry.tables.photos import Photo
from photoreg.services.unit_of_work import UnitOfWork

_ABOUT_PEOPLE = frozenset({"people", "recognisable_count", "context_identifies", "persons"})
_DERIVED = frozenset({"file_rights", "credit"})
"""Facts that follow from other answers; asked about only where nothing else was changed."""

_COLUMNS = (frozenset(Photo.model_fields) | {"event", "photographers"}) - _DERIVED
"""The answers about a photo; what else was changed is a value, such as a person's age group."""


def questions_about(work: UnitOfWork, photos: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the inputs in which these photos' open second looks must be answered, by photo."""
    found: dict[int, set[str]] = {}
    for look in open_second_looks(work.session, photos):
        found.setdefault(look.photo_id, set()).update(questions_of(look.before, look.after))
    return {photo: tuple(sorted(questions)) for photo, questions in found.items()}


def own_second_looks(work: UnitOfWork, photos: Iterable[int]) -> frozenset[int]:
    """Return those of these photos about which the actor took an answer back."""
    looks = open_second_looks(work.session, photos)
    return frozenset(look.photo_id for look in looks if look.taken_back_by == work.actor.id)


def questions_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the inputs in which whoever confirms must state an answer."""
    names = {*before, *after}
    asked = (names & _COLUMNS) - _ABOUT_PEOPLE | _questions_about_people(before, after)
    if "photographers" in names:
        asked = asked - {"photographers"} | {"photographer"}
    return tuple(sorted(asked or (names & _DERIVED) or {"value"}))


def _questions_about_people(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return what is asked about people: one question, and whom somebody was replaced with."""
    names, asked = {*before, *after}, set[str]()
    for question in ("people", "recognisable_count", "context_identifies"):
        if question in names:
            asked.add(question)
            break
    if set(after.get("persons") or ()) - set(before.get("persons") or ()):
        asked.add("person")
    elif "persons" in names and not asked & {"people", "recognisable_count"}:
        asked.add("not_shown")
    return asked
