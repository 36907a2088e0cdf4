"""Names of people that may have been meant by one that is not in the registry.

Only people whom the user may see are named; it is noted that their names were shown.
"""

from collections import defaultdict
from collections.abc import Iterable

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.names import near
from photoreg.registry.queries.people import (
    persons_named_like,
    persons_of_like_length,
    persons_sharing_word,
)
from photoreg.registry.tables.people import Person
from photoreg.services.unit_of_work import UnitOfWork

MOST = 3
"""How many people are suggested at most."""


def persons_near(work: UnitOfWork, named: str) -> list[str]:
    """Return up to three people with a name like this one, by name and id."""
    if work.hides_names:
        return []
    same = _visible(work, persons_named_like(work.session, named))
    alike = _alike(named, _visible(work, persons_sharing_word(work.session, named)))
    found = {id_of(person): person.name for person in (*same, *alike)}
    if not found:  # such as a name whose every word is misspelt
        others = _visible(work, persons_of_like_length(work.session, named))
        found = {id_of(person): person.name for person in _alike(named, others)}
    shown = dict([*found.items()][:MOST])
    for person in shown:
        work.looks.note_name(person)
    return [f"{name} ({human_id(Kind.PERSON, person)})" for person, name in shown.items()]


def _visible(work: UnitOfWork, persons: list[Person]) -> list[Person]:
    """Return those whose names the user may see."""
    return [
        person
        for person in persons
        if person.id not in work.hidden_bodies and not work.hides_person(id_of(person))
    ]


def _alike(named: str, persons: Iterable[Person]) -> list[Person]:
    """Return those with a name like this one, the most similar first."""
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in persons:
        by_name[person.name].append(person)
    return [person for name in near(named, by_name) for person in by_name[name]]
