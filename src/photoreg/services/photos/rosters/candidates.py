"""Who could be meant on a class list, described so that a user can tell who it is.

Names, days, contacts, events and families are those that the user may see; of others there is the
year of birth.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.queries.people import active_wards_of, guardianships_by_child, persons_of
from photoreg.registry.queries.photos import names_of_events_by_person
from photoreg.services.people.ages import (
    hides,
    shown_birth_year,
    shown_born,
    shown_contact,
    shown_name,
)
from photoreg.services.people.class_lists.class_list import ListedPerson
from photoreg.services.photos.rosters.results import (
    ListedPlace,
    ListedRole,
    PossibleMatch,
    RosterCandidate,
    RosterRow,
    contact_on,
)
from photoreg.services.unit_of_work import UnitOfWork

MOST_EVENTS = 3
"""How many of the events at which a candidate is expected are named, the newest first."""


def described_rows(
    work: UnitOfWork,
    rows: Iterable[RosterRow],
    listed: Sequence[ListedPerson],
    new: Collection[int],
) -> list[RosterRow]:
    """Return the rows with their doubts and candidates described, by a fixed number of queries.

    `new` are persons who are new in this list, and have no id for anybody yet.
    """
    found = list(rows)
    doubts = [doubt for row in found for doubt in row.doubts]
    if not doubts:
        return found
    named = {each for doubt in doubts for each in doubt.persons}
    numbers = {n for each in named if (n := parse_id(Kind.PERSON, each)) is not None}
    described = _Described(work, numbers, {person.row: person for person in listed}, new)
    return [replace(row, doubts=tuple(map(described.match, row.doubts))) for row in found]


class _Described:
    def __init__(
        self,
        work: UnitOfWork,
        numbers: set[int],
        listed: Mapping[int, ListedPerson],
        new: Collection[int],
    ) -> None:
        self.work = work
        self.listed = listed
        work.sight.look_up(numbers)
        guardianships = guardianships_by_child(work.session, numbers)
        self.guardians = {
            child: [row.guardian_id for row in rows if row.guardian_id not in new]
            for child, rows in guardianships.items()
        }
        self.wards = {
            guardian: [ward for ward in wards if ward not in new]
            for guardian, wards in active_wards_of(work.session, numbers).items()
        }
        families = (*self.guardians.values(), *self.wards.values())
        self.persons = persons_of(
            work.session, numbers | {each for family in families for each in family}
        )
        self.events = names_of_events_by_person(work.session, numbers)

    def match(self, match: PossibleMatch) -> PossibleMatch:
        """Return a doubt with its candidates, and with what the list tells of the person."""
        persons = map(self._person, match.persons)
        places = map(self._place, match.places)
        row = self.listed.get(match.place.row)
        is_pupil = row is not None and match.place.role is ListedRole.PUPIL
        place = match.place
        if row and place.role is ListedRole.GUARDIAN and not place.contact:
            place = replace(place, contact=contact_on(row, place.name))
        return replace(
            match,
            place=place,
            candidates=(*persons, *places),
            born=row.born if row and is_pupil else None,
            group=row.group if row and is_pupil else "",
            guardians=tuple(each.name for each in row.guardians) if row and is_pupil else (),
        )

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
            tuple(self.events.get(number, ())[:MOST_EVENTS]),
            tuple(map(self._relative, self.guardians.get(number, ()))),
            tuple(map(self._relative, self.wards.get(number, ()))),
            shown_born(self.work, person),
            shown_contact(self.work, person),
        )

    def _relative(self, number: int) -> str:
        name = shown_name(self.work, self.persons[number])
        named = human_id(Kind.PERSON, number)
        return name if name == named else f"{named} {name}"

    def _place(self, place: ListedPlace) -> RosterCandidate:
        """Return somebody else on the list: a pupil with the guardians, or a guardian."""
        row = self.listed.get(place.row)
        if row is None:
            return RosterCandidate(str(place.row), place.name, None)
        if place.role is ListedRole.GUARDIAN:
            contact = contact_on(row, place.name)
            return RosterCandidate(
                str(place.row), place.name, None, wards=(row.name,), contact=contact
            )
        return RosterCandidate(
            str(place.row),
            row.name,
            row.born.year if row.born else None,
            (row.group,) if row.group else (),
            tuple(guardian.name for guardian in row.guardians),
            born=row.born.isoformat() if row.born else None,
            contact=row.contact,
        )
