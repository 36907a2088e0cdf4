"""Name the people in one photo and answer its questions, in one change, with a preview before it.

Whoever names a photo states what they saw: if somebody else changed it meanwhile, nothing is
recorded, and both are shown (`ChangedMeanwhile`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from typing import Any

from photoreg.errors import ChangedMeanwhile, InputDataError
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, parse_id, sort_key
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.people import persons_of
from photoreg.registry.queries.photos import (
    depictions_of,
    events_by_id,
    persons_shown,
    photo_ids,
    photos_without_people,
    roster_by_event,
)
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import AnswerColumns, Depiction, Event, Photo
from photoreg.rulebook.facts import People
from photoreg.services.application import Application
from photoreg.services.consents.objections import FlaggedPhotos
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.people.ages import hides, noted_name
from photoreg.services.photos.answers import (
    ANSWERED_COLUMNS,
    NO_ANSWERS,
    EventAnswers,
    PhotoAnswers,
    record_answers,
)
from photoreg.services.photos.depictions import (
    MAX_UNNAMED,
    DepictionDetails,
    PersonFinder,
    remove_depictions,
    tag_photos,
)
from photoreg.services.photos.events import answer_event, given_answers
from photoreg.services.photos.listing import without_block
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody by id and name; the name is the id for those whom the user may not see.

    `has_namesake`: somebody else on the same page has the same name.
    """

    person: str
    name: str
    has_namesake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSaid:
    """A photo in its event, and what is answered about it, without any name.

    `at` is its place among the `count` photos of its event, `before` and `after` are those beside
    it. `answers` are as the photo gives them, `of_event` as the event does.
    """

    photo: str
    event: str | None
    event_name: str
    at: int
    count: int
    before: str | None
    after: str | None
    answers: Mapping[str, Any]
    of_event: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoToName(PhotoSaid):
    """A photo with who is, and who may be, in it.

    `left` counts the photos of the event about which nobody has said yet whether people can be
    recognised. `others` can be recognised beside those who are `named`. `known` are those on the
    roster and those named, `same` those in the photo before. `seen` and `event_seen` tell whether
    somebody changes what is said.
    """

    file: str
    width: int
    height: int
    left: int
    named: tuple[str, ...]
    others: int
    known: tuple[KnownPerson, ...]
    roster: tuple[str, ...]
    same: tuple[str, ...]
    seen: str
    event_seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingStatement:
    """What somebody says about a photo: everybody who is named in it, by id or name.

    `others` can be recognised too; `is_everybody`: nobody else can. `of_event` are answers for all
    photos of its event. `seen` and `event_seen` are as in `PhotoToName`.
    """

    persons: Sequence[str] = ()
    others: int = 0
    is_everybody: bool = False
    answers: PhotoAnswers = field(default_factory=PhotoAnswers)
    of_event: EventAnswers = NO_ANSWERS
    seen: str
    event_seen: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What was recorded: the persons added and removed, and the answers that changed.

    `stopped`: flags on photos from which somebody was taken out who refused.
    """

    photo: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    of_event: tuple[str, ...]
    stopped: FlaggedPhotos | None = None

    @property
    def is_empty(self) -> bool:
        """Was nothing said that was not known?"""
        return not (self.added or self.removed or self.changed or self.of_event)


def first_to_name(application: Application, event: str) -> str | None:
    """Return the first photo of an event about whose people nobody has said anything yet.

    The first photo if there is none left, None if the event has no photos.
    """
    number = parse_id(Kind.EVENT, event)
    with application.reading() as work:
        found = photos_without_people(work.session, number) or photo_ids(work.session, number)
        return human_id(Kind.PHOTO, found[0]) if found else None


def photo_said(application: Application, named: str) -> PhotoSaid:
    """Return a photo with what is answered about it."""
    with application.reading() as work:
        return _said(work, find_photo(work.session, named))


def photo_to_name(application: Application, named: str, also: Iterable[str] = ()) -> PhotoToName:
    """Return a photo with who may be in it; `also` are further persons to be known, by id."""
    with application.reading() as work:
        photo = find_photo(work.session, named)
        number = id_of(photo)
        said = _said(work, photo)
        depictions = depictions_of(work.session, number)
        shown = [d.person_id for d in depictions if d.person_id]
        before = parse_id(Kind.PHOTO, said.before or "")
        same = persons_shown(work.session, [before]).get(before, []) if before else []
        event = photo.event_id
        roster = roster_by_event(work.session, [event])[event] if event else []
        others = {parse_id(Kind.PERSON, each) for each in also}
        further = persons_of(work.session, {*shown, *same, *others})
        persons = {id_of(each): each for each in roster} | further
        of_roster = {human_id(Kind.PERSON, each.id) for each in roster}
        work.sight.look_up(persons)
        known = _known(work, persons)
        return PhotoToName(
            **{each.name: getattr(said, each.name) for each in fields(said)},
            file="" if work.hides_photo(number) else photo.file_name,
            width=photo.width,
            height=photo.height,
            left=len(photos_without_people(work.session, event)) if event else 0,
            named=tuple(human_id(Kind.PERSON, each) for each in shown),
            others=_others(photo, depictions),
            known=known,
            roster=tuple(each.person for each in known if each.person in of_roster),
            same=tuple(human_id(Kind.PERSON, each) for each in same if each in persons),
            seen=_photo_digest(photo, depictions),
            event_seen=_event_digest(_event_of(work, photo)),
        )


def _said(work: UnitOfWork, photo: Photo) -> PhotoSaid:
    number, event = id_of(photo), _event_of(work, photo)
    beside = photo_ids(work.session, photo.event_id) if event else [number]
    at = beside.index(number)
    questions = ANSWERED_COLUMNS & PhotoAnswers.__dataclass_fields__.keys()
    return PhotoSaid(
        photo=human_id(Kind.PHOTO, number),
        event=human_id(Kind.EVENT, event.id) if event else None,
        event_name=event.name if event else "",
        at=at + 1,
        count=len(beside),
        before=human_id(Kind.PHOTO, beside[at - 1]) if at else None,
        after=human_id(Kind.PHOTO, beside[at + 1]) if at + 1 < len(beside) else None,
        answers={name: without_block(getattr(photo, name)) for name in sorted(questions)},
        of_event=_event_answers(event),
    )


def _event_of(work: UnitOfWork, photo: Photo) -> Event | None:
    return events_by_id(work.session, [photo.event_id]).get(photo.event_id or 0)


def _event_answers(event: Event | None) -> dict[str, Any]:
    if event is None:
        return {}
    return {name: without_block(getattr(event, name)) for name in EventAnswers.__slots__}


def _others(photo: Photo, depictions: Sequence[Depiction]) -> int:
    """Return how many can be recognised beside those who are named."""
    named = sum(d.person_id is not None for d in depictions)
    return max(len(depictions) - named, (photo.recognisable_count or 0) - named)


def _known(work: UnitOfWork, persons: Mapping[int, Person]) -> tuple[KnownPerson, ...]:
    """Return who can be chosen, by name; those whom the user may not see by id."""
    seen = [p for p in persons.values() if p.id not in work.hidden_bodies]
    names = {
        id_of(p): human_id(Kind.PERSON, p.id) if hides(work, p) else noted_name(work, p)
        for p in seen
    }
    every = list(names.values())
    return tuple(
        KnownPerson(human_id(Kind.PERSON, number), name, every.count(name) > 1)
        for number, name in sorted(names.items(), key=lambda each: (sort_key(each[1]), each[0]))
    )


def record_statement(application: Application, photo: str, statement: NamingStatement) -> Stated:
    """Record what somebody says about a photo, all of it or nothing.

    ChangedMeanwhile if the photo is not as it was shown.
    """
    with application.changing() as work:
        return _record(work, find_photo(work.session, photo), statement)


MOST_TOGETHER = 100
"""Of an event of more photos than this, a preview shows the verdict on the named one only."""


def preview_statement(
    application: Application, photo: str, statement: NamingStatement, asked: AskedUse
) -> list[Checked]:
    """Return the verdicts that a photo and the others of its event would have; record nothing.

    That on the photo itself comes first.
    """
    with application.reading() as work:
        photos = _together(work, find_photo(work.session, photo))
    refresh_files(application, photos)
    documents = look_at_evidence(application, photos)
    with application.changing() as work:
        _record(work, find_photo(work.session, photo), statement)
        work.react()
        checked = check_named(work, photos, asked, documents)
        work.undo()
        return checked


def verdicts_together(application: Application, photo: str, asked: AskedUse) -> list[Checked]:
    """Return the verdicts on a photo, which comes first, and on the others of its event."""
    with application.reading() as work:
        photos = _together(work, find_photo(work.session, photo))
    return check(application, photos, asked)


def _together(work: UnitOfWork, photo: Photo) -> list[str]:
    """Return a photo and the others of its event, if these are not too many to wait for."""
    others = photo_ids(work.session, photo.event_id) if photo.event_id else []
    numbers = [id_of(photo), *(others if len(others) <= MOST_TOGETHER else ())]
    return list(dict.fromkeys(human_ids(Kind.PHOTO, numbers)))


def _record(work: UnitOfWork, photo: Photo, said: NamingStatement) -> Stated:
    depictions = depictions_of(work.session, id_of(photo))
    event = _event_of(work, photo)
    _require_seen(photo, depictions, event, said)
    of_event = answer_event(work, event, given_answers(said.of_event)) if event else ()
    persons, removed = _persons(work, photo, depictions, said)
    stopped = remove_depictions(work, [photo], {id_of(photo): removed}) if removed else None
    unnamed = sum(d.person_id is None for d in depictions) - sum(
        d.person_id is None for d in removed
    )
    how = DepictionDetails(unnamed=said.others - unnamed)
    [tagged] = tag_photos(work, [photo], {id_of(photo): persons}, how)
    answers = _with_count(photo, len(persons) + said.others, said)
    recorded = record_answers(work, [photo], answers)
    changed = set(recorded.changed[id_of(photo)])
    return Stated(
        human_id(Kind.PHOTO, photo.id),
        tagged.added,
        tuple(human_id(Kind.PERSON, d.person_id) for d in removed if d.person_id),
        tuple(sorted(changed | {"people"} if tagged.people_now else changed)),
        of_event,
        stopped or recorded.stopped,
    )


def _persons(
    work: UnitOfWork, photo: Photo, depictions: Sequence[Depiction], said: NamingStatement
) -> tuple[list[int], list[Depiction]]:
    """Return who is named from now on, and the depictions that are removed.

    Whoever was erased stays: nobody knows any more who it was.
    """
    if not 0 <= said.others <= MAX_UNNAMED:
        raise InputDataError(
            N_("the number of people who are not named yet cannot be {count}"),
            N_("Give a number from 1 to {most}."),
            fields=("others",),
            count=said.others,
            most=MAX_UNNAMED,
        )
    known = persons_of(work.session, (d.person_id for d in depictions))
    erased = [number for number, each in known.items() if each.erased_at is not None]
    find = PersonFinder(work, [photo])
    by_id = {human_id(Kind.PERSON, number): number for number in known}
    wanted = [by_id.get(each) or find(photo, each) for each in said.persons]
    persons = list(dict.fromkeys((*wanted, *erased)))
    unnamed = [d for d in depictions if d.person_id is None]
    removed = [d for d in depictions if d.person_id and d.person_id not in persons]
    return persons, [*removed, *unnamed[said.others :]]


def _with_count(photo: Photo, shown: int, said: NamingStatement) -> PhotoAnswers:
    """Return the answers with the number of people, if it was said that these are all of them."""
    answers = said.answers
    people = answers.people or photo.people
    is_counted = people is People.RECOGNISABLE or (people is People.UNRECOGNISABLE and shown)
    if said.is_everybody and shown and is_counted and answers.recognisable_count is None:
        return replace(answers, recognisable_count=shown)
    return answers


def _require_seen(
    photo: Photo, depictions: Sequence[Depiction], event: Event | None, said: NamingStatement
) -> None:
    is_same = said.seen == _photo_digest(photo, depictions)
    if not said.of_event.is_empty:
        is_same = is_same and said.event_seen == _event_digest(event)
    if not is_same:
        raise ChangedMeanwhile(
            N_("somebody changed {photo} while you were looking at it"),
            N_("Nothing of yours was recorded. Compare both, and record what is right."),
            photo=human_id(Kind.PHOTO, photo.id),
        )


def _photo_digest(photo: Photo, depictions: Sequence[Depiction]) -> str:
    columns = sorted({*ANSWERED_COLUMNS, *AnswerColumns.model_fields, "event_id"})
    shown = sorted((d.person_id or 0, d.prominence, d.role) for d in depictions)
    return _digest([*(without_block(getattr(photo, name)) for name in columns), shown])


def _event_digest(event: Event | None) -> str:
    return _digest([*_event_answers(event).values()])


def _digest(values: list[Any]) -> str:
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]
