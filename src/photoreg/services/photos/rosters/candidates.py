"""Who could be meant on a class list, described so that a user can tell who it is.

Names, events and guardians are those that the user may see; of others there is the year of birth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.queries.people import guardianships_by_child, persons_of
from photoreg.registry.queries.photos import names_of_events_by_person
from photoreg.registry.tables.people import Guardianship, Person
from photoreg.services.people.ages import hides, shown_birth_year, shown_name
from photoreg.services.people.class_list import ListedPerson
from photoreg.services.photos.rosters.results import PossibleMatch, RosterCandidate, RosterRow
from photoreg.services.unit_of_work import UnitOfWork

MOST_EVENTS = 3
"""How many of the events at which a candidate is expected are named, the newest first."""


def described_rows(
    work: UnitOfWork, rows: Iterable[RosterRow], listed: Sequence[ListedPerson]
) -> list[RosterRow]:
    """Return the rows with their candidates described; by a fixed number of queries."""
    found = list(rows)
    numbers = {
        number
        for row in found
        for match in row.possible_matches
        for each in match.persons
        if (number := parse_id(Kind.PERSON, each)) is not None
    }
    if not any(row.possible_matches for row in found):
        return found
    described = _Described(work, numbers, {person.row: person for person in listed})
    return [
        replace(row, possible_matches=tuple(map(described.match, row.possible_matches)))
        if row.possible_matches
        else row
        for row in found
    ]


class _Described:
    def __init__(
        self, work: UnitOfWork, numbers: set[int], listed: Mapping[int, ListedPerson]
    ) -> None:
        self.work = work
        self.listed = listed
        self.persons = persons_of(work.session, numbers)
        work.sight.look_up(numbers)
        self.guardianships = guardianships_by_child(work.session, numbers)
        self.guardians = persons_of(
            work.session,
            (row.guardian_id for rows in self.guardianships.values() for row in rows),
        )
        self.events = names_of_events_by_person(work.session, numbers)

    def match(self, match: PossibleMatch) -> PossibleMatch:
        """Return a match with its candidates."""
        persons = (self._person(each) for each in match.persons)
        rows = (self._row(each) for each in match.rows)
        return replace(match, candidates=(*persons, *rows))

    def _person(self, named: str) -> RosterCandidate:
        number = parse_id(Kind.PERSON, named) or 0
        person = self.persons[number]
        year = shown_birth_year(self.work, person)
        if hides(self.work, person):
            return RosterCandidate(named, "", year)
        return RosterCandidate(
            named,
            shown_name(self.work, person),
            year,
            tuple(self.events[number][:MOST_EVENTS]),
            tuple(map(self._guardian, self.guardianships[number])),
        )

    def _guardian(self, row: Guardianship) -> str:
        guardian: Person = self.guardians[row.guardian_id]
        name = shown_name(self.work, guardian)
        number = human_id(Kind.PERSON, row.guardian_id)
        return name if name == number else f"{number} {name}"

    def _row(self, number: int) -> RosterCandidate:
        """Return a person on another row of the list; a guardian is described by the row."""
        person = self.listed[number]
        return RosterCandidate(
            str(number),
            person.name,
            person.born.year if person.born else None,
            guardians=tuple(guardian.name for guardian in person.guardians),
        )
