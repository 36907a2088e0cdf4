"""Photos: who is in them, which there are, and everything that the registry holds about one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.finding import the_event, the_person, the_photo
from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, human_id, id_of, name_key
from photoreg.registry.people import persons_of
from photoreg.registry.photos import (
    AT_A_TIME,
    depiction_counts,
    depictions_of,
    photo_ids,
    photographers_by_photo,
    photos_by_id,
    remove,
    roster_by_event,
)
from photoreg.registry.records import add
from photoreg.registry.tables import (
    Depiction,
    Person,
    Photo,
    Prominence,
)
from photoreg.rulebook.facts import Confidentiality, People, Role
from photoreg.services.answering import open_questions
from photoreg.services.people import free_text
from photoreg.services.taking_down import Touched, open_take_downs
from photoreg.services.workplace import Desk, Workplace
from photoreg.texts import N_

MOST_UNNAMED = 999


@dataclass(frozen=True, slots=True)
class Tagged:
    """Who was named in a photo now, who was already, and what that changed besides.

    `people_now` is set when the answer about people had to follow; `unnamed` counts the
    recognisable people who are still not named.
    """

    photo_id: int
    added: tuple[str, ...]
    already: tuple[str, ...]
    people_now: People | None
    unnamed: int
    touched: list[Touched]


@dataclass(frozen=True, slots=True)
class Untagged:
    """How many people were taken out of a photo."""

    photo_id: int
    removed: int
    unnamed: int
    touched: list[Touched]


def tag(
    workplace: Workplace,
    photo: str,
    *,
    persons: Sequence[str] = (),
    unnamed: int = 0,
    position: str = "",
    prominence: Prominence = Prominence.SUBJECT,
    role: Role = Role.PRIVATE,
) -> Tagged:
    """Record who can be recognised in a photo, by name or as somebody not named yet."""
    if not 0 <= unnamed <= MOST_UNNAMED:
        raise InputDataError(
            N_("the number of people who are not named yet cannot be {count}"),
            N_("Give a number from 1 to {most}."),
            count=unnamed,
            most=MOST_UNNAMED,
        )
    with workplace.changing() as desk:
        row = the_photo(desk.session, photo)
        named = [id_of(person_in(desk, row, name)) for name in persons]
        where = free_text(position)
        return tagged(desk, row, named, unnamed, position=where, prominence=prominence, role=role)


def tagged(
    desk: Desk,
    photo: Photo,
    persons: Iterable[int],
    unnamed: int = 0,
    *,
    position: str = "",
    prominence: Prominence = Prominence.SUBJECT,
    role: Role = Role.PRIVATE,
) -> Tagged:
    """Record at an open desk who can be recognised in a photo."""
    number = id_of(photo)
    known = {d.person_id for d in depictions_of(desk.session, number)}
    named = dict.fromkeys(persons)
    new: list[int | None] = [person for person in named if person not in known]
    new += [None] * unnamed
    for person in new:
        depiction = Depiction(
            photo_id=number, person_id=person, position=position, prominence=prominence, role=role
        )
        add(desk.session, depiction)
    return Tagged(
        number,
        added=tuple(human_id(Kind.PERSON, person) for person in new if person),
        already=tuple(human_id(Kind.PERSON, person) for person in named if person in known),
        people_now=_finish_tagging(desk, photo, new),
        unnamed=_unnamed(desk, number),
        touched=open_take_downs(desk, [number] if new else []),
    )


def _finish_tagging(desk: Desk, photo: Photo, new: Sequence[int | None]) -> People | None:
    """Let the answer about people follow, and log; return the answer if it is another now."""
    if not new:
        return None
    people_now = _follow_with_people(photo)
    add(desk.session, photo)
    desk.log(
        Action.PHOTO_TAGGED,
        Kind.PHOTO,
        photo.id,
        persons=[human_id(Kind.PERSON, person) for person in new if person],
        unnamed=sum(person is None for person in new),
        people=people_now,
    )
    return people_now


def _follow_with_people(photo: Photo) -> People | None:
    """Say that people can be recognised, unless somebody said that the photo hides who they are."""
    if photo.people in {People.RECOGNISABLE, People.UNRECOGNISABLE}:
        return None
    photo.people = People.RECOGNISABLE
    return photo.people


def person_in(desk: Desk, photo: Photo, named: str) -> Person:
    """Return the person meant: of several with one name the one on the event's roster."""
    roster = roster_by_event(desk.session, [photo.event_id] if photo.event_id else [])
    expected = [p for persons in roster.values() for p in persons if p.name_key == name_key(named)]
    return expected[0] if len(expected) == 1 else the_person(desk.session, named)


def untag(
    workplace: Workplace, photo: str, *, persons: Sequence[str] = (), unnamed: int | None = None
) -> Untagged:
    """Take people out of a photo; of those not named `unnamed` many, or all when negative."""
    with workplace.changing() as desk:
        row = the_photo(desk.session, photo)
        number = id_of(row)
        depictions = depictions_of(desk.session, number)
        leaving = _named(desk, row, depictions, persons)
        leaving += _not_named(row, depictions, unnamed)
        for depiction in leaving:
            remove(desk.session, depiction)
        desk.log(
            Action.PHOTO_UNTAGGED,
            Kind.PHOTO,
            number,
            persons=[human_id(Kind.PERSON, d.person_id) for d in leaving if d.person_id],
            unnamed=sum(d.person_id is None for d in leaving),
        )
        touched = open_take_downs(desk, [number])
        return Untagged(number, len(leaving), _unnamed(desk, number), touched)


def _named(
    desk: Desk, photo: Photo, depictions: Sequence[Depiction], persons: Sequence[str]
) -> list[Depiction]:
    by_person = {d.person_id: d for d in depictions if d.person_id}
    found = {}
    for named in persons:
        person = _one_of(desk, by_person.keys(), named) or id_of(person_in(desk, photo, named))
        if person not in by_person:
            raise NotFound(
                N_("{person} is not named in {photo}"),
                N_("See who is: photoreg show {photo}"),
                person=human_id(Kind.PERSON, person),
                photo=human_id(Kind.PHOTO, photo.id),
            )
        found[person] = by_person[person]
    return list(found.values())


def _one_of(desk: Desk, persons: Iterable[int], named: str) -> int | None:
    """Return the only one of these persons with this name."""
    rows = persons_of(desk.session, persons).values()
    matches = [id_of(person) for person in rows if person.name_key == name_key(named)]
    return matches[0] if len(matches) == 1 else None


def _not_named(
    photo: Photo, depictions: Sequence[Depiction], wanted: int | None
) -> list[Depiction]:
    if wanted is None:
        return []
    nameless = [d for d in depictions if d.person_id is None]
    count = len(nameless) if wanted < 0 else wanted
    if not 1 <= count <= len(nameless):
        raise NotFound(
            N_("{photo} shows {there} people who are not named yet"),
            N_("Take out that many at most."),
            photo=human_id(Kind.PHOTO, photo.id),
            there=len(nameless),
        )
    return nameless[-count:]


def _unnamed(desk: Desk, number: int) -> int:
    return sum(d.person_id is None for d in depictions_of(desk.session, number))


def list_photos(
    workplace: Workplace, *, event: str | None = None, only_open: bool = False
) -> Iterator[dict[str, Any]]:
    """Give the photos one after the other; `only_open`: those with questions that are open.

    An unknown event is refused at once, before the first photo is asked for.
    """
    with workplace.reading() as desk:
        event_id = id_of(the_event(desk.session, event)) if event else None
        numbers = photo_ids(desk.session, event_id)
    return _listed(workplace, numbers, only_open=only_open)


def _listed(
    workplace: Workplace, numbers: Sequence[int], *, only_open: bool
) -> Iterator[dict[str, Any]]:
    with workplace.reading() as desk:
        for start in range(0, len(numbers), AT_A_TIME):
            for row in _rows(desk, numbers[start : start + AT_A_TIME]):
                if row["open"] or not only_open:
                    yield row


def _rows(desk: Desk, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    photos = photos_by_id(desk.session, numbers)
    photographers = photographers_by_photo(desk.session, photos)
    tagged = depiction_counts(desk.session, numbers)
    questions = open_questions(desk, numbers)
    for photo in photos:
        number = id_of(photo)
        yield {
            "photo": human_id(Kind.PHOTO, number),
            "file": photo.file_name,
            "event": human_id(Kind.EVENT, photo.event_id) if photo.event_id else None,
            "taken_at": photo.taken_at,
            "photographers": [called(desk, person) for person in photographers[number]],
            "people": photo.people,
            "tagged": tagged.get(number, 0),
            "open": list(questions[number]),
        }


def called(desk: Desk, person: Person) -> str:
    """Return a person as the one at work may see it: id and name; for the auditor the id only."""
    number = human_id(Kind.PERSON, person.id)
    return number if desk.hides_names else f"{number} {person.name}"


def unrevealing(answer: Any) -> Any:
    """Return an answer as lists show it: none of them reveals a publication block (§3)."""
    return Confidentiality.UNSURE if answer is Confidentiality.PUBLICATION_BLOCK else answer
