"""What whoever confirms a statement that was taken back must answer themselves."""

from collections.abc import Iterable, Mapping
from typing import Any

from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.second_looks import SecondLook
from photoreg.rulebook.facts import Confidentiality, PhotoFacts, to_data

_ABOUT_PEOPLE = frozenset({"people", "recognisable_count", "context_identifies", "persons"})
_DERIVED = frozenset({"file_rights", "credit"})
"""Facts that follow from other answers; asked about only where nothing else was changed."""

_COLUMNS = (frozenset(Photo.model_fields) | {"event", "photographers"}) - _DERIVED
"""The answers about a photo; what else was changed is a value, such as a person's age group."""


def questions_about(looks: Iterable[SecondLook]) -> dict[int, tuple[str, ...]]:
    """Return the inputs in which open second looks must be answered, by photo.

    Not those of values: there are few to choose from, and the action shows them and asks.
    """
    found: dict[int, set[str]] = {}
    for look in looks:
        found.setdefault(look.photo_id, set()).update(questions_of(look.before, look.after))
    return {photo: tuple(sorted(questions - {"value"})) for photo, questions in found.items()}


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


def present_answers(
    names: Iterable[str], facts: PhotoFacts, photo: Photo, photographers: Iterable[int]
) -> tuple[str, ...]:
    """Return what is answered now to these questions about a photo, to compare photos by.

    A publication block is never revealed.
    """
    answered: dict[str, Any] = {
        "event": photo.event_id,
        "photographer": (to_data(facts.photographer), sorted(photographers)),
        **dict.fromkeys(("person", "not_shown"), sorted(each.person for each in facts.persons)),
        "confidentiality": Confidentiality.UNSURE
        if facts.confidentiality is Confidentiality.PUBLICATION_BLOCK
        else facts.confidentiality,
        "credit": (photo.credit, photo.credit_waived),
        "rights_removed": facts.file_rights,
    }
    return tuple(
        str(answered[name] if name in answered else getattr(facts, name, None)) for name in names
    )
