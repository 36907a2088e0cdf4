"""The names that stand beside ids in messages, of those whom the user may see."""

from collections.abc import Iterable

from photoreg.registry.ids import Kind, parse_id
from photoreg.services.application import Application
from photoreg.services.people.ages import names_beside


def names_for_message(application: Application, persons: Iterable[str]) -> dict[str, str]:
    """Return the names that may stand beside the ids in a message; they are noted as shown."""
    with application.reading() as work:
        names = names_beside(work, persons)
        for person in names:
            work.looks.note_name(parse_id(Kind.PERSON, person))
        return names
