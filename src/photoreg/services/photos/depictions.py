"""Tagging: who can be recognised in photos, by name or as somebody not named yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person, find_photos, require_not_erased
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import depictions_by_photo, roster_by_event
from photoreg.registry.rows import add_all
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Depiction, Photo, Prominence
from photoreg.rulebook.facts import People, Role
from photoreg.services.application import Application
from photoreg.services.consents.objections import FlaggedPhotos, flag_untagged
from photoreg.services.consents.refusals import refusals_by_depicted
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_UNNAMED = 999


@dataclass(frozen=True, slots=True)
class DepictionDetails:
    """How somebody is in a photo; `unnamed`: so many more, who are not named yet."""

    unnamed: int = 0
    position: str = ""
    prominence: Prominence = Prominence.SUBJECT
    role: Role = Role.PRIVATE


DEFAULT_DEPICTION = DepictionDetails()


@dataclass(frozen=True, slots=True)
class TagResult:
    """Who was named in a photo now, and who was already.

    `people_now` is set when the answer about people had to follow; `unnamed` counts the
    recognisable people who are still not named.
    """

    photo_id: int
    added: tuple[str, ...]
    already: tuple[str, ...]
    people_now: People | None
    unnamed: int


@dataclass(frozen=True, slots=True)
class UntaggedPhoto:
    """How many people were taken out of a photo, and how many are left who are not named."""

    photo_id: int
    removed: int
    unnamed: int


@dataclass(frozen=True, slots=True)
class UntagResult:
    """What taking people out of photos did; the flags that keep photos stopped for their no."""

    photos: list[UntaggedPhoto]
    stopped: FlaggedPhotos | None


def tag_persons(
    application: Application,
    photos: Sequence[str],
    *,
    persons: Sequence[str] = (),
    how: DepictionDetails = DEFAULT_DEPICTION,
) -> list[TagResult]:
    """Record who can be recognised in photos, in all of them or in none."""
    if not 0 <= how.unnamed <= MAX_UNNAMED:
        raise InputDataError(
            N_("the number of people who are not named yet cannot be {count}"),
            N_("Give a number from 1 to {most}."),
            count=how.unnamed,
            most=MAX_UNNAMED,
        )
    with application.changing() as work:
        rows = find_photos(work.session, photos)
        return tag_photos(work, rows, _persons_by_photo(work, rows, persons), how)


def tag_photos(
    work: UnitOfWork,
    photos: Sequence[Photo],
    persons: Mapping[int, Sequence[int]],
    how: DepictionDetails = DEFAULT_DEPICTION,
) -> list[TagResult]:
    """Record at an open desk who can be recognised in photos; the persons by the photo's number."""
    position = free_text(how.position)
    before = depictions_by_photo(work.session, [id_of(photo) for photo in photos])
    done, entries = [], []
    depictions: list[Depiction] = []
    for photo in photos:
        number = id_of(photo)
        known = {d.person_id for d in before[number]}
        named = dict.fromkeys(persons[number])
        new: list[int | None] = [person for person in named if person not in known]
        new += [None] * how.unnamed
        depictions += [
            Depiction(
                photo_id=number,
                person_id=person,
                position=position,
                prominence=how.prominence,
                role=how.role,
            )
            for person in new
        ]
        people_now = _update_people_answer(photo) if new else None
        added = tuple(human_id(Kind.PERSON, person) for person in new if person)
        already = tuple(human_id(Kind.PERSON, person) for person in named if person in known)
        unnamed = sum(d.person_id is None for d in before[number]) + how.unnamed
        done.append(TagResult(number, added, already, people_now, unnamed))
        if new:
            details = {"persons": added, "unnamed": how.unnamed, "people": people_now}
            entries.append((number, details))
    add_all(work.session, depictions)
    work.log_all(Action.PHOTO_TAGGED, Kind.PHOTO, entries)
    return done


def _update_people_answer(photo: Photo) -> People | None:
    """Say that people can be recognised, unless somebody said that the photo hides who they are."""
    if photo.people in {People.RECOGNISABLE, People.UNRECOGNISABLE}:
        return None
    photo.people = People.RECOGNISABLE
    return photo.people


def _persons_by_photo(
    work: UnitOfWork, photos: Sequence[Photo], names: Sequence[str]
) -> dict[int, list[int]]:
    """Return who is meant in each photo."""
    meant = PersonFinder(work, photos)
    return {id_of(photo): [meant(photo, name) for name in names] for photo in photos}


class PersonFinder:
    """Who is meant in photos: of several with one name the one on the roster of its event."""

    def __init__(self, work: UnitOfWork, photos: Iterable[Photo]) -> None:
        self._work = work
        self._rosters = roster_by_event(work.session, {p.event_id for p in photos if p.event_id})
        self._elsewhere: dict[str, int] = {}

    def __call__(self, photo: Photo, named: str) -> int:
        """Return the person's number; NotFound or InputDataError unless it is somebody."""
        expected = self._rosters.get(photo.event_id, []) if photo.event_id else []
        return _single_namesake(expected, named) or _find_cached(self._work, self._elsewhere, named)


def _find_cached(work: UnitOfWork, found: dict[str, int], named: str) -> int:
    if named not in found:
        found[named] = id_of(find_person(work.session, named))
    return found[named]


def _single_namesake(persons: Iterable[Person], named: str) -> int | None:
    """Return the only one of these persons with this name."""
    matches = [id_of(person) for person in persons if person.name_key == name_key(named)]
    return matches[0] if len(matches) == 1 else None


def find_person_in(work: UnitOfWork, photo: Photo, named: str) -> int:
    """Return the person meant in a photo: of several with one name the one on the roster."""
    return PersonFinder(work, [photo])(photo, named)


def untag_persons(
    application: Application,
    photos: Sequence[str],
    *,
    persons: Sequence[str] = (),
    unnamed: int | None = None,
) -> UntagResult:
    """Take people out of photos; of those not named `unnamed` many of each, or all if negative.

    All or nothing: who is named in one of the photos only is refused for the others. A photo that
    they are against stays stopped, by a flag; nobody who was erased can be taken out.
    """
    with application.changing() as work:
        rows = find_photos(work.session, photos)
        depictions = depictions_by_photo(work.session, [id_of(photo) for photo in rows])
        everybody = (d.person_id for each in depictions.values() for d in each)
        shown = persons_of(work.session, everybody)
        meant: dict[str, int] = {}
        removed: dict[int, set[int]] = {}
        done, entries = [], []
        for photo in rows:
            number = id_of(photo)
            there = depictions[number]
            leaving = _unnamed_depictions(photo, there, unnamed)
            for named in persons:
                own = (shown[d.person_id] for d in there if d.person_id)
                person = _single_namesake(own, named) or _find_cached(work, meant, named)
                leaving.append(_depiction_of(photo, there, person))
                require_not_erased(shown[person])
            leaving = list({id_of(d): d for d in leaving}.values())
            for depiction in leaving:
                work.session.delete(depiction)
            nameless = sum(d.person_id is None for d in leaving)
            still = sum(d.person_id is None for d in there) - nameless
            done.append(UntaggedPhoto(number, len(leaving), still))
            removed[number] = {d.person_id for d in leaving if d.person_id}
            gone = [human_id(Kind.PERSON, d.person_id) for d in leaving if d.person_id]
            entries.append((number, {"persons": gone, "unnamed": nameless}))
        work.session.flush()
        work.log_all(Action.PHOTO_UNTAGGED, Kind.PHOTO, entries)
        return UntagResult(done, _flag_refused(work, rows, removed))


def _flag_refused(
    work: UnitOfWork, photos: Sequence[Photo], removed: Mapping[int, set[int]]
) -> FlaggedPhotos | None:
    """Flag the photos that somebody was taken out of who said no, or who may not be shown at all.

    That somebody is not in it after all, the coordinator says: neither is lost by a correction.
    Who may not be shown, the verdicts before and after tell already.
    """
    refusals = refusals_by_depicted(work, photos, removed)
    persons = persons_of(work.session, set().union(*removed.values()))
    showed = [n for n, gone in removed.items() if any(persons[each].blocked for each in gone)]
    return flag_untagged(work, showed, refusals) if refusals or showed else None


def _depiction_of(photo: Photo, depictions: Iterable[Depiction], person: int) -> Depiction:
    for depiction in depictions:
        if depiction.person_id == person:
            return depiction
    raise NotFound(
        N_("{person} is not named in {photo}"),
        N_("See who is named in it."),
        step=NextStep.to(NextAction.PHOTO_SHOW, photo=human_id(Kind.PHOTO, photo.id)),
        person=human_id(Kind.PERSON, person),
        photo=human_id(Kind.PHOTO, photo.id),
    )


def _unnamed_depictions(
    photo: Photo, depictions: Sequence[Depiction], wanted: int | None
) -> list[Depiction]:
    if wanted is None:
        return []
    nameless = [d for d in depictions if d.person_id is None]
    count = len(nameless) if wanted < 0 else wanted
    if not 1 <= count <= len(nameless):
        raise NotFound(
            N_("{photo} shows {there} people who are not named yet"),
            N_("Remove that many at most."),
            photo=human_id(Kind.PHOTO, photo.id),
            there=len(nameless),
        )
    return nameless[-count:]
