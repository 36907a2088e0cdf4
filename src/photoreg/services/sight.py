"""Whose names, birth dates and contacts the acting user sees (rulebook §6, need to know).

The one place that decides it: whatever hands out one of them asks the `Sight` of its unit of work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from photoreg.errors import InputDataError, NotAllowed, PhotoregError
from photoreg.registry.engines.database import Session
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.queries.units import people_of_unit, photos_with_unit, unit_names
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.texts import N_

OF_ANOTHER_UNIT = N_("somebody of another unit")
"""What a message says in place of the number of whoever is of another unit."""

MANY = 200
"""More people than this are asked about by one query for everybody of the unit."""


@dataclass(slots=True)
class Sight:
    """Who is of the user's own unit; without a `unit` the user sees everybody.

    `own` is the user's own record as a person. Whoever was loaded together with somebody is asked
    about together, so that a list needs as many queries as it has batches.
    """

    session: Session
    unit: str | None
    own: int | None = None
    _people: dict[int, bool] = field(default_factory=dict)
    _everybody: frozenset[int] | None = None
    _photos: dict[int, bool] = field(default_factory=dict)
    _by_number: set[int] = field(default_factory=set)
    _called: dict[int, str] = field(default_factory=dict)

    def hides(self, person: int) -> bool:
        """Return whether somebody is of another unit than the user."""
        if self.unit is None or person == self.own:
            return False
        if person not in self._people:
            self.look_up({person, *_loaded(self.session, Person)})
        return not self._people[person]

    def look_up(self, persons: Iterable[int]) -> None:
        """Find out about several people at once."""
        if self.unit is None:
            return
        new = set(persons) - self._people.keys()
        if self._everybody is None and len(new) > MANY:
            self._everybody = frozenset(people_of_unit(self.session, self.unit))
        found = self._everybody
        if found is None:
            found = frozenset(people_of_unit(self.session, self.unit, new))
        self._people |= {person: person in found for person in new}

    def hides_photo(self, photo: int) -> bool:
        """Return whether a photo is of another unit than the user."""
        if self.unit is None:
            return False
        if photo not in self._photos:
            new = {photo, *_loaded(self.session, Photo)} - self._photos.keys()
            own = photos_with_unit(self.session, self.unit, new)
            self._photos |= {number: number in own for number in new}
        return not self._photos[photo]

    def let_see(self, *persons: int) -> None:
        """Take note of people whom this change makes people of the user's unit."""
        self._people |= dict.fromkeys(persons, True)

    def note_by_number(self, *persons: int) -> None:
        """Note who is recorded by number, so that nobody types the name."""
        self._by_number.update(filter(self.hides, persons))

    def note_matched(self, *persons: int) -> None:
        """Note who is named by number, but only if what was typed is theirs."""
        self._by_number.difference_update(persons)

    def require_names(self) -> None:
        """Raise NotAllowed for a change that would show the names of people named by number only.

        Whoever puts people of another unit into an event or photo of the own unit sees their names
        from then on; so they are known by name before.
        """
        if self.unit is None or not self._by_number:
            return
        seen = people_of_unit(self.session, self.unit, self._by_number) & self._by_number
        if seen:
            raise NotAllowed(
                N_("{person} is of another unit, and you would see the name from now on"),
                N_(
                    "Write the full name after the number, as in {example}. If you do not know "
                    "it, ask that unit or the communications coordinator."
                ),
                person=human_id(Kind.PERSON, min(seen)),
                example=f'"{human_id(Kind.PERSON, min(seen))} Elle Valkeapää"',
            )

    def take_name(self, persons: Sequence[int], named: str, *, to_refuse: bool) -> None:
        """Take a name for the only person who has it; of another unit, for a no or a block only."""
        if to_refuse and len(persons) == 1:
            self.note_called(persons[0], named)
        else:
            self.refuse_name_alone(persons, named)

    def refuse_name_alone(self, persons: Sequence[int], named: str) -> None:
        """Raise for a name that somebody of another unit has, by which another may be meant.

        The number of such a person is not told: whoever has both is taken to know who it is.
        """
        hidden = [person for person in persons if self.hides(person)]
        seen = [person for person in persons if person not in hidden]
        if not hidden:
            return
        if seen:
            raise InputDataError(
                N_("{value} could be any of {ids}, or somebody of another unit"),
                N_("Use the id. If it is none of them, ask the communications coordinator."),
                value=named,
                ids=", ".join(human_ids(Kind.PERSON, seen)),
            )
        raise NotAllowed(
            N_("{name} could be somebody of another unit"),
            N_(
                "Ask the communications coordinator. If you have the number of that person, write "
                "it before the name, as in {example}."
            ),
            name=named,
            example=f'"H-… {named}"',
        )

    def note_called(self, person: int, named: str) -> None:
        """Note by what name the user named somebody, of whom messages may not tell the number."""
        if self.hides(person):
            self._called[person] = named

    def called(self, person: int) -> str:
        """Return what a message calls somebody: the number, or the name that the user typed."""
        is_hidden = person in self._called and self.hides(person)
        return self._called[person] if is_hidden else human_id(Kind.PERSON, person)

    def leave_out_numbers(self, error: PhotoregError) -> None:
        """Make an error tell no number of anybody whom the user named by name."""
        called = {human_id(Kind.PERSON, person): self.called(person) for person in self._called}
        error.values = {key: called.get(str(each), each) for key, each in error.values.items()}
        if error.step and called.keys() & {*error.step.arguments.values()}:
            error.step = None

    def units(self, person: int) -> tuple[str, ...]:
        """Return the units of somebody who is hidden: whom to ask."""
        names = unit_names(self.session) if self.hides(person) else ()
        return tuple(u for u in names if people_of_unit(self.session, u, {person}))


def _loaded(session: Session, table: type[Person] | type[Photo]) -> set[int]:
    """Return the ids of the rows of a table that the session holds."""
    return {id_of(row) for row in session.identity_map.values() if isinstance(row, table)}
