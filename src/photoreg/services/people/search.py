"""Search people by what is typed of their names; only those whom the user may see are found."""

from dataclasses import dataclass

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.people import persons_with_words
from photoreg.services.application import Application
from photoreg.services.people.ages import noted_name, shown_born

MOST = 12
"""How many people are found at most."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whose name has the typed words; `born` tells namesakes apart."""

    person: str
    name: str
    born: str | None


def search_persons(application: Application, text: str) -> list[FoundPerson]:
    """Return people in whose names words begin with the words of a text, by name."""
    with application.reading() as work:
        if work.hides_names:
            return []
        found = persons_with_words(work.session, text)
        work.sight.look_up(map(id_of, found))
        seen = [
            person
            for person in found
            if person.id not in work.hidden_bodies and not work.hides_person(id_of(person))
        ]
        return [
            FoundPerson(
                human_id(Kind.PERSON, each.id), noted_name(work, each), shown_born(work, each)
            )
            for each in seen[:MOST]
        ]
