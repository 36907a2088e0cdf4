"""Record depictions: who can be recognised in photos, by name or as not named yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key
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
    """How persons are depicted; `unnamed` counts further persons who are not named yet."""

    unnamed: int = 0
    position: str = ""
    prominence: Prominence = Prominence.SUBJECT
    role: Role = Role.PRIVATE


DEFAULT_DEPICTION = DepictionDetails()


@dataclass(frozen=True, slots=True)
class TagResult:
    """The persons added to a photo and those already named in it, by id.

    `people_now` is set when the answer about people was updated too; `unnamed` counts the
    recognisable persons who are still not named.
    """

    photo_id: int
    added: tuple[str, ...]
    already: tuple[str, ...]
    people_now: People | None
    unnamed: int


@dataclass(frozen=True, slots=True)
class UntaggedPhoto:
    """The number of persons removed from a photo, and of unnamed persons that remain."""

    photo_id: int
    removed: int
    unnamed: int


@dataclass(frozen=True, slots=True)
class UntagResult:
    """The photos that persons were removed from, and the flags raised for their refusals."""

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
    """Record depictions in the open unit of work; `persons` are numbers by photo number."""
    position = free_text(how.position)
    before = depictions_by_photo(work.session, [id_of(photo) for photo in photos])
    results, entries = [], []
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
        added = [person for person in new if person]
        already = [person for person in named if person in known]
        unnamed = _unnamed(before[number]) + how.unnamed
        told, told_already = (tuple(map(work.sight.called, each)) for each in (added, already))
        results.append(TagResult(number, told, told_already, people_now, unnamed))
        if new:
            ids = human_ids(Kind.PERSON, added)
            details = {"persons": ids, "unnamed": how.unnamed, "people": people_now}
            entries.append((number, details))
    add_all(work.session, depictions)
    work.log_all(Action.PHOTO_TAGGED, Kind.PHOTO, entries)
    return results


def _update_people_answer(photo: Photo) -> People | None:
    """Answer that people can be recognised, unless the answer is that they cannot be."""
    if photo.people in {People.RECOGNISABLE, People.UNRECOGNISABLE}:
        return None
    photo.people = People.RECOGNISABLE
    return photo.people


def _persons_by_photo(
    work: UnitOfWork, photos: Sequence[Photo], names: Sequence[str]
) -> dict[int, list[int]]:
    """Return the persons named, by photo number."""
    find = PersonFinder(work, photos)
    return {id_of(photo): [find(photo, name) for name in names] for photo in photos}


class PersonFinder:
    """Finds persons by name; of several namesakes the one on the roster of the photo's event."""

    def __init__(self, work: UnitOfWork, photos: Iterable[Photo]) -> None:
        self._work = work
        self._rosters = roster_by_event(work.session, {p.event_id for p in photos if p.event_id})
        self._elsewhere: dict[str, int] = {}

    def __call__(self, photo: Photo, named: str) -> int:
        """Return a person's id; NotFound without a match, InputDataError for several matches."""
        expected = self._rosters.get(photo.event_id, []) if photo.event_id else []
        found = _single_namesake(expected, named)
        if found is None:
            return _find_cached(self._work, self._elsewhere, named)
        self._work.sight.note_called(found, named)
        return found


def _find_cached(work: UnitOfWork, found: dict[str, int], named: str) -> int:
    if named not in found:
        found[named] = id_of(find_person(work.session, named))
    return found[named]


def _single_namesake(persons: Iterable[Person], named: str) -> int | None:
    """Return the only one of these persons with this name."""
    matches = [id_of(person) for person in persons if person.name_key == name_key(named)]
    return matches[0] if len(matches) == 1 else None


def untag_persons(
    application: Application,
    photos: Sequence[str],
    *,
    persons: Sequence[str] = (),
    unnamed: int | None = None,
) -> UntagResult:
    """Remove persons from photos, and from each photo `unnamed` unnamed ones (negative: all).

    All or nothing: NotFound when a person is not named in every one of the photos. A photo that a
    removed person refused, or is blocked for, is flagged. Erased persons cannot be removed.
    """
    with application.changing() as work:
        rows = find_photos(work.session, photos)
        depictions = depictions_by_photo(work.session, [id_of(photo) for photo in rows])
        person_ids = (d.person_id for each in depictions.values() for d in each)
        shown = persons_of(work.session, person_ids)
        cache: dict[str, int] = {}
        deleted: dict[int, list[Depiction]] = {}
        for photo in rows:
            existing = depictions[id_of(photo)]
            chosen = _unnamed_depictions(photo, existing, unnamed)
            for named in persons:
                own = (shown[d.person_id] for d in existing if d.person_id)
                person = _single_namesake(own, named) or _find_cached(work, cache, named)
                chosen.append(_depiction_of(photo, existing, person))
                require_not_erased(shown[person])
            deleted[id_of(photo)] = list({id_of(d): d for d in chosen}.values())
        stopped = remove_depictions(work, rows, deleted)
        results = [
            UntaggedPhoto(number, len(each), _unnamed(depictions[number]) - _unnamed(each))
            for number, each in deleted.items()
        ]
        return UntagResult(results, stopped)


def remove_depictions(
    work: UnitOfWork, photos: Sequence[Photo], deleted: Mapping[int, Sequence[Depiction]]
) -> FlaggedPhotos | None:
    """Remove depictions, given by photo, in the open unit of work; return the flags raised."""
    entries = []
    for number, depictions in deleted.items():
        for depiction in depictions:
            work.session.delete(depiction)
        ids = [human_id(Kind.PERSON, d.person_id) for d in depictions if d.person_id]
        entries.append((number, {"persons": ids, "unnamed": _unnamed(depictions)}))
    work.session.flush()
    work.log_all(Action.PHOTO_UNTAGGED, Kind.PHOTO, entries)
    removed = {n: {d.person_id for d in each if d.person_id} for n, each in deleted.items()}
    return flag_refused(work, photos, removed)


def _unnamed(depictions: Iterable[Depiction]) -> int:
    return sum(d.person_id is None for d in depictions)


def flag_refused(
    work: UnitOfWork, photos: Sequence[Photo], removed: Mapping[int, set[int]]
) -> FlaggedPhotos | None:
    """Flag photos after untagging somebody who refused or is blocked.

    Only the coordinator can confirm that the person is not in the photo, so that a correction
    never bypasses a refusal or a block. The flag itself reveals no block that the verdicts before
    and after do not reveal.
    """
    refusals = refusals_by_depicted(work, photos, removed)
    persons = persons_of(work.session, set().union(*removed.values()))
    blocked = [n for n, ids in removed.items() if any(persons[each].blocked for each in ids)]
    return flag_untagged(work, blocked, refusals) if refusals or blocked else None


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
    existing = [d for d in depictions if d.person_id is None]
    count = len(existing) if wanted < 0 else wanted
    if not 1 <= count <= len(existing):
        raise NotFound(
            N_("people in {photo} who are not named yet: {there}"),
            N_("Remove that many at most."),
            photo=human_id(Kind.PHOTO, photo.id),
            there=len(existing),
        )
    return existing[-count:]
