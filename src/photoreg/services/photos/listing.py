"""Photos: who is in them, which there are, and everything that the registry holds about one."""

from collections.abc import Iterator
from typing import Any

from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.photos import photo_lines, photographer_names
from photoreg.registry.tables.people import Person
from photoreg.rulebook.facts import Confidentiality
from photoreg.services.application import Application
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator
from photoreg.services.photos.answers import stream_open_questions
from photoreg.services.unit_of_work import UnitOfWork


def list_photos(
    application: Application, *, event: str | None = None, only_open: bool = False
) -> Iterator[dict[str, Any]]:
    """Give the photos one after the other; `only_open`: those with questions that are open.

    An unknown event is refused at once, before the first photo is asked for.
    """
    with application.reading() as work:
        event_id = id_of(find_event(work.session, event)) if event else None
    return _photo_rows(
        application,
        PhotoSelection.of_event(event_id) if event_id else PhotoSelection(),
        only_open=only_open,
    )


def _photo_rows(
    application: Application, selection: PhotoSelection, *, only_open: bool
) -> Iterator[dict[str, Any]]:
    with application.reading() as work:
        evaluator = BulkEvaluator.for_selection(work, selection.without_consents())
        names = {
            n: _display_name(work, n, name)
            for n, name in photographer_names(work.session, selection)
        }
        lines = photo_lines(work.session, selection)
        for line, (streamed, questions) in zip(
            lines, stream_open_questions(work, evaluator), strict=True
        ):
            if only_open and not questions:
                continue
            yield {
                "photo": human_id(Kind.PHOTO, line.id),
                "file": line.file_name,
                "event": human_id(Kind.EVENT, line.event_id) if line.event_id else None,
                "taken_at": line.taken_at,
                "photographers": [names[number] for number in evaluator.photographers(streamed)],
                "people": line.people,
                "tagged": len(streamed.rows.depicted),
                "open": list(questions),
            }


def display_name(work: UnitOfWork, person: Person) -> str:
    """Return a person as the one at work may see it: id and name; for the auditor the id only."""
    return _display_name(work, id_of(person), person.name)


def _display_name(work: UnitOfWork, person: int, name: str) -> str:
    number = human_id(Kind.PERSON, person)
    is_known = not work.hides_names and name != number  # the erased have no other name
    return f"{number} {name}" if is_known else number


def without_block(answer: Any) -> Any:
    """Return an answer as lists show it: none of them reveals a publication block (§3)."""
    return Confidentiality.UNSURE if answer is Confidentiality.PUBLICATION_BLOCK else answer
