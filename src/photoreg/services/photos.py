"""Photos: who is in them, which there are, and everything that the registry holds about one."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from photoreg.registry.finding import the_event
from photoreg.registry.loading import Which
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.photos import (
    AT_A_TIME,
    depiction_counts,
    photographers_by_photo,
    photos_by_id,
)
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import Confidentiality
from photoreg.services.answering import questions_in_order
from photoreg.services.workplace import Desk, Workplace


def list_photos(
    workplace: Workplace, *, event: str | None = None, only_open: bool = False
) -> Iterator[dict[str, Any]]:
    """Give the photos one after the other; `only_open`: those with questions that are open.

    An unknown event is refused at once, before the first photo is asked for.
    """
    with workplace.reading() as desk:
        event_id = id_of(the_event(desk.session, event)) if event else None
    return _listed(workplace, Which.at(event_id) if event_id else Which(), only_open=only_open)


def _listed(workplace: Workplace, which: Which, *, only_open: bool) -> Iterator[dict[str, Any]]:
    with workplace.reading() as desk:
        found = questions_in_order(desk, which)
        while some := dict(islice(found, AT_A_TIME)):
            for row in _rows(desk, some):
                if row["open"] or not only_open:
                    yield row


def _rows(desk: Desk, questions: Mapping[int, Sequence[str]]) -> Iterator[dict[str, Any]]:
    numbers = list(questions)
    photos = photos_by_id(desk.session, numbers)
    photographers = photographers_by_photo(desk.session, photos)
    tagged = depiction_counts(desk.session, numbers)
    for photo in photos:
        number = id_of(photo)
        yield {
            "photo": human_id(Kind.PHOTO, number),
            "file": photo.file_name,
            "event": human_id(Kind.EVENT, photo.event_id) if photo.event_id else None,
            "taken_at": photo.taken_at,
            "photographers": [called(desk, person) for person in photographers[number]],
            "people": photo.people,
            "tagged": tagged.get(number, 0),
            "open": list(questions[number]),
        }


def called(desk: Desk, person: Person) -> str:
    """Return a person as the one at work may see it: id and name; for the auditor the id only."""
    number = human_id(Kind.PERSON, person.id)
    is_known = not desk.hides_names and person.name != number  # the erased have no other name
    return f"{number} {person.name}" if is_known else number


def unrevealing(answer: Any) -> Any:
    """Return an answer as lists show it: none of them reveals a publication block (§3)."""
    return Confidentiality.UNSURE if answer is Confidentiality.PUBLICATION_BLOCK else answer
