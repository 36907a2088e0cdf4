"""Read names as people write them into one cell: in any order, with any separator, first names.

A name that may mean several people, or a text that can be divided in several ways, is refused.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from photoreg.errors import InputDataError, PhotoregError
from photoreg.registry.ids import Kind, human_id, id_of, name_key, parse_id
from photoreg.registry.names import are_same_words, plain_name
from photoreg.registry.queries.people import known_as, persons_named_like, persons_of
from photoreg.registry.queries.photos import roster_by_event
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Photo
from photoreg.services.people.ages import display_name
from photoreg.services.photos.depictions import PersonFinder
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_

_BETWEEN_PEOPLE = re.compile(r"\s*[;/&+|•\n\r\t]+\s*|\s+(?:ja|sekä|och|samt|and)\s+", re.IGNORECASE)
_ID = re.compile(r"H-\d+\b", re.IGNORECASE)
_MOST_READINGS = 2
"""More ways to divide a text than this need not be known: it is refused as soon as two differ."""


_SOMEBODY = 0
"""In a reading, a name that may mean several people."""


class AmbiguousName(InputDataError):  # noqa: N818 - named for its meaning
    """A name that may mean several people."""


@dataclass(frozen=True, slots=True)
class WrittenNames:
    """The persons that a cell names, each once, and an error for each name that is not clear."""

    persons: list[int]
    errors: list[PhotoregError]


class NameReader:
    """Reads the names in cells about photos; whoever a photo shows is found by id, even erased."""

    def __init__(self, work: UnitOfWork, photos: Iterable[Photo]) -> None:
        self._work = work
        found = list(photos)
        self._finder = PersonFinder(work, found)
        self._rosters = roster_by_event(work.session, {p.event_id for p in found if p.event_id})
        on_rosters = {id_of(p): p for each in self._rosters.values() for p in each}
        further = known_as(work.session, on_rosters)
        self._names = {n: [p.name, *further.get(n, [])] for n, p in on_rosters.items()}
        self._known: dict[tuple[int | None, str], list[Person]] = {}

    def read(self, photo: Photo, text: str, shown: Iterable[int] = ()) -> WrittenNames:
        """Return the persons named in a cell about a photo that shows these already."""
        known = frozenset(shown)

        def find(piece: str) -> int:
            return self._find(photo, piece, known)

        result = WrittenNames([], [])
        for part in _BETWEEN_PEOPLE.split(text.strip()):
            if part:
                one = _divided([p for each in part.split(",") if (p := each.strip())], find)
                result.persons.extend(n for n in one.persons if n not in result.persons)
                result.errors.extend(one.errors)
        return result

    def is_read_as(self, photo: Photo, text: str, person: int) -> bool:
        """Return whether a text names exactly this person."""
        return self.read(photo, text) == WrittenNames([person], [])

    def _find(self, photo: Photo, piece: str, shown: frozenset[int]) -> int:
        written = _ID.match(piece)
        if written:
            number = parse_id(Kind.PERSON, written.group())
            if number in shown:
                return number
            found_by_id = self._finder(photo, written.group())
            self._require_name(found_by_id, piece[written.end() :], piece)
            return found_by_id
        key = photo.event_id, piece
        if key not in self._known:
            self._known[key] = self._closest(self._rosters.get(photo.event_id or 0, []), piece)
        found = self._known[key]
        # Let the registry tell what it is called, or that the name alone does not tell who.
        if not found or any(self._is_hidden_elsewhere(photo, person) for person in found):
            return self._finder(photo, piece)
        if len(found) > 1:
            raise AmbiguousName(
                N_("{value} could be any of {ids}"),
                N_("Write the id, or the whole name."),
                value=piece,
                ids=", ".join(display_name(self._work, each) for each in found),
            )
        return id_of(found[0])

    def _is_hidden_elsewhere(self, photo: Photo, person: Person) -> bool:
        roster = self._rosters.get(photo.event_id or 0, [])
        return self._work.sight.hides(id_of(person)) and person not in roster

    def _require_name(self, number: int, name: str, piece: str) -> None:
        """Raise InputDataError if the name beside an id is not that person's."""
        person = persons_of(self._work.session, [number])[number]
        if are_same_words(person.name, name):
            self._work.sight.note_matched(number)
        is_seen = name.strip() and not self._work.hides_person(number)
        if is_seen and not (are_same_words(person.name, name) or _begins_with(person.name, name)):
            raise InputDataError(
                N_("{value}: the id is that of another person"),
                N_("Correct the id or the name, or leave one of them out."),
                value=piece,
            )

    def _closest(self, roster: Sequence[Person], piece: str) -> list[Person]:
        """Return whom a name means: by the whole name on the roster, else by part or elsewhere."""
        key = name_key(piece)
        exact = [person for person in roster if person.name_key == key]
        seen = [person for person in roster if not self._work.hides_person(id_of(person))]
        return (
            exact
            or [each for each in seen if self._has(each, piece, are_same_words)]
            or _each_once(
                [
                    *self._named_elsewhere(piece),
                    *(each for each in seen if self._has(each, piece, _begins_with)),
                ]
            )
        )

    def _has(self, person: Person, piece: str, is_meant: Callable[[str, str], bool]) -> bool:
        return any(is_meant(name, piece) for name in self._names[id_of(person)])

    def _named_elsewhere(self, piece: str) -> list[Person]:
        like = persons_named_like(self._work.session, piece)
        exact = [person for person in like if person.name_key == name_key(piece)]
        seen = (each for each in like if not self._work.hides_person(id_of(each)))
        return exact or [each for each in seen if are_same_words(each.name, piece)]


def _begins_with(name: str, piece: str) -> bool:
    """Return whether a name begins with these words; the last may be an initial, as in Elle V."""
    words, wanted = plain_name(name).split(), plain_name(piece.rstrip(".")).split()
    if not wanted or len(wanted) > len(words):
        return False
    *whole, last = zip(wanted, words, strict=False)
    is_initial = len(wanted) > 1 and len(last[0]) == 1 and last[1].startswith(last[0])
    return all(one == other for one, other in whole) and (last[0] == last[1] or is_initial)


def _each_once(persons: Iterable[Person]) -> list[Person]:
    return list({id_of(person): person for person in persons}.values())


def _divided(pieces: Sequence[str], find: Callable[[str], int]) -> WrittenNames:
    """Return the persons named between commas: `Elle, Nils` are two, `Valkeapää, Elle` is one."""
    alone = [_attempt(find, piece) for piece in pieces]
    turned = [
        () if _ID.match(last) or _ID.match(first) else _numbers(_attempt(find, f"{first} {last}"))
        for last, first in pairwise(pieces)
    ]
    readings: list[list[tuple[int, ...]]] = [[()]]  # of the last pieces: none, one, two …
    for at in reversed(range(len(pieces))):
        found = [(one, *rest) for one in _numbers(alone[at]) for rest in readings[-1]]
        if at + 1 < len(pieces):
            found += [(one, *rest) for one in turned[at] for rest in readings[-2]]
        readings.append(list(dict.fromkeys(found))[:_MOST_READINGS])
    whole = readings[-1]
    if len(whole) == 1 and _SOMEBODY not in whole[0]:
        return WrittenNames(list(dict.fromkeys(whole[0])), [])
    if len(whole) > 1:
        return WrittenNames([], [_unclear(pieces, whole)])
    return WrittenNames([], [each for each in alone if isinstance(each, PhotoregError)])


def _unclear(pieces: Sequence[str], readings: Sequence[tuple[int, ...]]) -> InputDataError:
    ids = (
        ", ".join(human_id(Kind.PERSON, one) if one else "?" for one in reading)
        for reading in readings
    )
    return InputDataError(
        N_("{value} can be read in two ways: {ids}"),
        N_("Put a semicolon between people, or write the ids."),
        value=", ".join(pieces),
        ids=" / ".join(ids),
    )


def _attempt(find: Callable[[str], int], piece: str) -> int | PhotoregError:
    try:
        return find(piece)
    except PhotoregError as error:
        return error


def _numbers(found: int | PhotoregError) -> tuple[int, ...]:
    if isinstance(found, AmbiguousName):
        return (_SOMEBODY,)
    return () if isinstance(found, PhotoregError) else (found,)
