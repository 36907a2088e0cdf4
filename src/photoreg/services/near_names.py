"""Names of people that may have been meant by one that is not in the registry.

Only people whom the user may see are named; it is noted that their names were shown.
"""

from photoreg.registry.ids import Kind, human_id, id_of, near
from photoreg.registry.queries.people import persons_sharing_word
from photoreg.services.unit_of_work import UnitOfWork


def persons_near(work: UnitOfWork, named: str) -> list[str]:
    """Return up to three people with a name like this one, by name and id."""
    if work.hides_names:
        return []
    known = {
        person.name: id_of(person)
        for person in persons_sharing_word(work.session, named)
        if person.id not in work.hidden_bodies and not work.hides_person(id_of(person))
    }
    found = near(named, known)
    for name in found:
        work.looks.note_name(known[name])
    return [f"{name} ({human_id(Kind.PERSON, known[name])})" for name in found]
