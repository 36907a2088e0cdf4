"""Photos: who is in them, which there are, and everything that the registry holds about one."""

from collections.abc import Iterator
from typing import Any

from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import the_event
from photoreg.registry.queries.photos import photo_lines, taker_names
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import Confidentiality
from photoreg.services.decisions.bulk_evaluation import Judge
from photoreg.services.photos.answers import questions_in_order
from photoreg.services.unit_of_work import Desk, Workplace


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
        judge = Judge.of(desk, which.without_consents())
        names = {n: _called(desk, n, name) for n, name in taker_names(desk.session, which)}
        lines = photo_lines(desk.session, which)
        for line, (seen, questions) in zip(lines, questions_in_order(desk, judge), strict=True):
            if only_open and not questions:
                continue
            yield {
                "photo": human_id(Kind.PHOTO, line.id),
                "file": line.file_name,
                "event": human_id(Kind.EVENT, line.event_id) if line.event_id else None,
                "taken_at": line.taken_at,
                "photographers": [names[number] for number in judge.taken_by(seen)],
                "people": line.people,
                "tagged": len(seen.rows.depicted),
                "open": list(questions),
            }


def called(desk: Desk, person: Person) -> str:
    """Return a person as the one at work may see it: id and name; for the auditor the id only."""
    return _called(desk, id_of(person), person.name)


def _called(desk: Desk, person: int, name: str) -> str:
    number = human_id(Kind.PERSON, person)
    is_known = not desk.hides_names and name != number  # the erased have no other name
    return f"{number} {name}" if is_known else number


def unrevealing(answer: Any) -> Any:
    """Return an answer as lists show it: none of them reveals a publication block (§3)."""
    return Confidentiality.UNSURE if answer is Confidentiality.PUBLICATION_BLOCK else answer
