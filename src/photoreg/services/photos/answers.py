"""Answer the questions about photos. An unanswered question stays open and permits nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import day_differs, photo_facts
from photoreg.registry.facts.equivalence import MAX_CLASSES, EquivalenceClass
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_event, find_person, find_photos
from photoreg.registry.queries.photos import (
    depiction_counts,
    depictions_by_photo,
    events_by_id,
    photographer_numbers,
    photographers_by_photo,
    set_photographers,
)
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.channels import record_is_complete
from photoreg.rulebook.facts import (
    Basis,
    Channel,
    Commissioner,
    Confidentiality,
    DepictedWork,
    DigitalSource,
    People,
    PhotoFacts,
    Photographer,
    Place,
    Shot,
    Use,
)
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import evaluate
from photoreg.services.application import Application
from photoreg.services.consents.carry_over import carry_over
from photoreg.services.consents.objections import (
    FlaggedPhotos,
    flag_replaced_photographers,
    photographer_ids_of,
)
from photoreg.services.consents.refusals import refusals_of_events
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, StreamedPhoto
from photoreg.services.inputs import free_text, require_text
from photoreg.services.unit_of_work import UnitOfWork, current_policy, require_coordinator
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

EARLIEST_YEAR = 1800
MAX_PEOPLE = 9999

_NOBODY_COUNTED = frozenset({People.NONE, People.UNSURE})
_NOBODY_RECOGNISED = frozenset({People.NONE, People.UNRECOGNISABLE})
_COUNTED = frozenset({People.RECOGNISABLE, People.UNRECOGNISABLE})


_ConfidentialityPair = tuple[Confidentiality | None, Confidentiality | None]
"""The confidentiality of the photo itself and that of its event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswers:
    """The answers that an event gives for all its photos; named like the table's columns."""

    basis: Basis | None = None
    commissioner: Commissioner | None = None
    place: Place | None = None
    place_permission: bool | None = None
    shot: Shot | None = None
    confidentiality: Confidentiality | None = None
    sensitive: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Is no answer given?"""
        return self == type(self)()


NO_ANSWERS = EventAnswers()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAnswers(EventAnswers):
    """Answers about photos; None or an empty tuple leaves a question as it is.

    `event` and `photographers` are as typed; the other fields are named like the table's columns.
    """

    event: str | None = None
    photographers: tuple[str, ...] = ()
    photographer: Photographer | None = None
    people: People | None = None
    recognisable_count: int | None = None
    context_identifies: bool | None = None
    credit: str | None = None
    credit_waived: bool | None = None
    taken_year: int | None = None
    photographer_died_year: int | None = None
    depicted_work: DepictedWork | None = None
    digital_source: DigitalSource | None = None
    rights_removed: bool | None = None


@dataclass(frozen=True, slots=True)
class AnswersRecorded:
    """The changed fields of each photo.

    `carried_over`: consents and permissions through which a refusal for the previous event of a
    photo continues to apply to the photo. `stopped`: photos that were flagged because a
    photographer who refused was replaced. `outside_event`: photos that were moved to an event more
    than two days from the day on which their files say that they were taken.
    """

    changed: dict[int, tuple[str, ...]]
    carried_over: dict[int, list[str]]
    stopped: FlaggedPhotos | None = None
    outside_event: tuple[int, ...] = ()


def answer(
    application: Application, photos: Sequence[str], answers: PhotoAnswers
) -> AnswersRecorded:
    """Answer questions about photos, for all of them or none; earlier answers are replaced."""
    with application.changing() as work:
        return record_answers(work, find_photos(work.session, photos), answers)


def record_answers(
    work: UnitOfWork, photos: Sequence[Photo], answers: PhotoAnswers
) -> AnswersRecorded:
    """Answer questions about photos in the open unit of work, as `answer` does."""
    event = find_event(work.session, answers.event) if answers.event else None
    moved = [p for p in photos if event and p.event_id != event.id]
    refusals = refusals_of_events(work, moved)
    _note_shown(work, moved)
    previous = photographer_ids_of(work, photos)
    changed = apply_answers(work, photos, answers)
    carried_over = carry_over(work, refusals)
    return AnswersRecorded(
        changed,
        carried_over,
        flag_replaced_photographers(work, photos, previous),
        tuple(id_of(photo) for photo in moved if is_outside_event(event, photo.file_taken_on)),
    )


def _note_shown(work: UnitOfWork, moved: Sequence[Photo]) -> None:
    """Note whom moved photos of another unit than the user's show, and who took them."""
    hidden = [photo for photo in moved if work.sight.hides_photo(id_of(photo))]
    if hidden:
        depicted = depictions_by_photo(work.session, [*map(id_of, hidden)])
        taken_by = photographers_by_photo(work.session, [p for p in hidden if p.photographer])
        shown = {d.person_id for each in depicted.values() for d in each if d.person_id}
        work.sight.note_by_number(*shown, *(id_of(p) for some in taken_by.values() for p in some))


def is_outside_event(event: Event | None, taken_on: date | None) -> bool:
    """Return whether the day in a file lies more than two days outside its event's days.

    Then it is doubtful whether the event's answers and consents apply to the photo.
    """
    return day_differs(taken_on, (event.starts_on, event.ends_on) if event else None)


def apply_answers(
    work: UnitOfWork, photos: Sequence[Photo], answers: PhotoAnswers
) -> dict[int, tuple[str, ...]]:
    """Write the answers to photos and log them; return each photo's changed fields.

    Raises InputDataError or NotAllowed for answers that contradict each other or the persons named
    in a photo.
    """
    numbers = [id_of(photo) for photo in photos]
    persons = {id_of(find_person(work.session, named)) for named in answers.photographers}
    new = _columns(work, answers)
    _refuse_years(new, work.today.year)
    writer = AnswerWriter(work, photos, new.get("event_id"))
    changed = {id_of(photo): writer.write(photo, new) for photo in photos}
    work.session.flush()
    if "photographer" in new:
        for number in set_photographers(work.session, numbers, persons):
            changed[number].append("photographers")
    result = {number: tuple(sorted(names)) for number, names in changed.items()}
    log_answered(work, result)
    return result


def log_answered(work: UnitOfWork, changed: Mapping[int, Sequence[str]]) -> None:
    """Flush the photos, and log which of their fields were answered."""
    work.session.flush()
    entries = [(number, {"fields": names}) for number, names in changed.items() if names]
    work.log_all(Action.PHOTO_ANSWERED, Kind.PHOTO, entries)


ANSWERED_COLUMNS = frozenset(PhotoAnswers.__dataclass_fields__) & frozenset(Photo.model_fields)
"""The columns that answers set, besides the event and the photographers."""


def put_answers_back(
    work: UnitOfWork,
    photos: Sequence[Photo],
    answers: Mapping[int, Mapping[str, Any]],
    links: tuple[set[tuple[int, int]], set[tuple[int, int]]],
) -> FlaggedPhotos | None:
    """Put the answers of photos back as they were before; return the flags that this raises.

    `answers` are columns by photo; `links` are photos with photographers who were added since, and
    who were taken away. It is a change like any other: what refuses an answer, or carries a
    refusal over to a photo that is moved, applies.
    """
    former = {
        number: {name: row[name] for name in (*ANSWERED_COLUMNS, "event_id")}
        for number, row in answers.items()
    }
    events = {number: row["event_id"] for number, row in former.items()}
    moved = [p for p in photos if events.get(id_of(p), p.event_id) != p.event_id]
    refusals, previous = refusals_of_events(work, moved), photographer_ids_of(work, photos)
    changed = {}
    for photo in photos:
        new = former.get(id_of(photo), {})
        changed[id_of(photo)] = AnswerWriter(work, [photo], new.get("event_id")).write(photo, new)
    added, removed = links
    for number in {photo for photo, _person in added | removed} & changed.keys():
        own = photographer_numbers(work.session, number)
        own = own - {p for n, p in added if n == number} | {p for n, p in removed if n == number}
        set_photographers(work.session, [number], own)
        changed[number].append("photographers")
    log_answered(work, changed)
    carry_over(work, refusals)
    return flag_replaced_photographers(work, photos, previous)


class AnswerWriter:
    """Writes answers to photos whose depictions and events it has loaded together."""

    def __init__(
        self, work: UnitOfWork, photos: Sequence[Photo], event_id: int | None = None
    ) -> None:
        self._work = work
        self._tagged = depiction_counts(work.session, [id_of(photo) for photo in photos])
        self._events = events_by_id(work.session, [event_id, *(p.event_id for p in photos)])

    def write_answers(self, photo: Photo, answers: PhotoAnswers) -> tuple[str, ...]:
        """Write answers without photographers; return the changed fields."""
        new = _columns(self._work, answers)
        _refuse_years(new, self._work.today.year)
        return tuple(sorted(self.write(photo, new)))

    def write(self, photo: Photo, new: Mapping[str, Any]) -> list[str]:
        """Write columns and return those that change.

        Raises InputDataError or NotAllowed for answers that contradict the persons named.
        """
        tagged = self._tagged.get(id_of(photo), 0)
        _refuse_contradictions(new, photo.people, tagged, human_id(Kind.PHOTO, photo.id))
        changed = [name for name, value in new.items() if getattr(photo, name) != value]
        before = _confidentiality(photo, self._events)
        for name in changed:
            setattr(photo, name, new[name])
        _refuse_lifting_block(self._work, before, _confidentiality(photo, self._events))
        return changed


def _confidentiality(photo: Photo, events: Mapping[int, Event]) -> _ConfidentialityPair:
    event = events.get(photo.event_id or 0)
    return photo.confidentiality, event.confidentiality if event else None


def _refuse_lifting_block(
    work: UnitOfWork, before: _ConfidentialityPair, after: _ConfidentialityPair
) -> None:
    """Raise NotAllowed unless a coordinator removes the block of the photo or its event."""
    own, of_event = after
    block = Confidentiality.PUBLICATION_BLOCK
    effective_before = before[0] or before[1]
    if block in {effective_before, of_event} and (own or of_event) is not block:
        require_coordinator(work)


@dataclass(frozen=True, slots=True)
class NewPhotoAnswers:
    """What the answers give each new photo: values by column, and its photographers' numbers."""

    columns: dict[str, Any]
    photographers: list[int]


def columns_for_new_photos(work: UnitOfWork, answers: PhotoAnswers) -> NewPhotoAnswers:
    """Return what the answers give each new photo.

    Raises for answers that no new photo could have, so it can be called before any file is read.
    """
    persons = {id_of(find_person(work.session, named)) for named in answers.photographers}
    new = _columns(work, answers)
    _refuse_contradictions(new, people=None, tagged=0, photo="")
    _refuse_years(new, work.today.year)
    event = events_by_id(work.session, [new.get("event_id")]).get(new.get("event_id", 0))
    of_event = event.confidentiality if event else None
    _refuse_lifting_block(work, (None, None), (new.get("confidentiality"), of_event))
    return NewPhotoAnswers(new, sorted(persons))


def _columns(work: UnitOfWork, answers: PhotoAnswers) -> dict[str, Any]:
    """Return the columns that the answers set or, where an answer makes another void, reset."""
    given = {f.name: getattr(answers, f.name) for f in fields(answers)}
    new = {name: value for name, value in given.items() if value is not None}
    del new["photographers"]
    if "event" in new:
        new["event_id"] = id_of(find_event(work.session, new.pop("event")))
    if answers.photographers:
        new["photographer"] = Photographer.KNOWN
    if "photographer" in new and answers.credit_waived is None:
        # The credit line of one photographer does not apply to another.
        new |= {"credit": None, "credit_waived": False}
    if "place" in new and answers.place_permission is None:
        new["place_permission"] = None  # permission for one place does not apply to another
    if answers.credit is not None:
        new |= {"credit": free_text(require_text(answers.credit)), "credit_waived": False}
    elif answers.credit_waived:
        new["credit"] = None
    if answers.people in _NOBODY_RECOGNISED and answers.recognisable_count == 0:
        del new["recognisable_count"]
    if answers.people in _NOBODY_COUNTED:
        new = {"recognisable_count": None, "context_identifies": None} | new
    return new


def _refuse_contradictions(
    new: Mapping[str, Any], people: People | None, tagged: int, photo: str
) -> None:
    people = new.get("people", people)
    says_nobody = people in _NOBODY_COUNTED or (
        people is People.UNRECOGNISABLE and new.get("context_identifies") is False
    )
    if says_nobody and tagged:
        raise NotAllowed(
            N_(
                "people are named in {photo}, so the answer cannot be that nobody can be recognised"
            ),
            N_("Take them out of the photo first, the unnamed ones too."),
            step=NextStep.to(NextAction.PHOTO_UNTAG, "person", photo=photo),
            photo=photo,
        )
    if people is People.NONE and new.get("context_identifies"):
        raise InputDataError(
            N_("nobody is shown, so nobody can be identified"),
            N_(
                "State that people are shown, though nobody can be recognised, or leave this "
                "answer out."
            ),
            fields=("people", "context_identifies"),
        )
    count = new.get("recognisable_count")
    if count is not None:
        _refuse_count(count, people, tagged, photo)


def _refuse_count(count: int, people: People | None, tagged: int, photo: str) -> None:
    if not 1 <= count <= MAX_PEOPLE:
        raise InputDataError(
            N_("the number of people who can be recognised cannot be {count}"),
            N_("Give a number from 1 to {most}, or say that nobody is shown."),
            fields=("recognisable_count", "people"),
            count=count,
            most=MAX_PEOPLE,
        )
    if people not in _COUNTED:
        raise InputDataError(
            N_("the number of people contradicts the answer about people"),
            N_("State also that people can be recognised, or leave the number out."),
            fields=("people", "recognisable_count"),
        )
    if count < tagged:
        raise InputDataError(
            N_("{count} is less than the {tagged} people who are named in {photo}"),
            N_("Give the right number, or take those who are not in the photo out of it."),
            step=NextStep.to(NextAction.PHOTO_UNTAG, "person", photo=photo),
            fields=("recognisable_count",),
            count=count,
            tagged=tagged,
            photo=photo,
        )


def _refuse_years(new: dict[str, Any], this_year: int) -> None:
    for name in ("taken_year", "photographer_died_year"):
        year = new.get(name)
        if year is not None and not EARLIEST_YEAR <= year <= this_year:
            raise InputDataError(
                N_("{year} cannot be the right year"),
                N_("Give a year from {earliest} to {latest}."),
                year=year,
                earliest=EARLIEST_YEAR,
                latest=this_year,
            )
    # The year in the file may be that of a scan, so only years that users give are compared.
    taken, died = new.get("taken_year"), new.get("photographer_died_year")
    if taken and died and died < taken:
        raise InputDataError(
            N_("a photo of {taken} cannot be by somebody who died in {died}"),
            N_("Check both years."),
            taken=taken,
            died=died,
        )


def open_questions(work: UnitOfWork, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the open questions about each photo, as the completeness rule finds them.

    The assumed use is information on the municipality's public page.
    """
    _, policy = current_policy(work.session)
    return {
        number: _open(work, facts, policy)
        for number, facts in photo_facts(work.session, numbers).items()
    }


def stream_open_questions(
    work: UnitOfWork, evaluator: BulkEvaluator
) -> Iterator[tuple[StreamedPhoto, tuple[str, ...]]]:
    """Yield photos in order of number with their open questions, evaluated once per class.

    No question depends on consents, so they need not be loaded.
    """
    _, policy = current_policy(work.session)
    cache: dict[EquivalenceClass, tuple[str, ...]] = {}
    for streamed in evaluator.photos():
        photo_class = streamed.classified.photo_class
        if photo_class not in cache:
            if len(cache) >= MAX_CLASSES:
                cache.clear()
            facts = replace(photo_class.facts, terms_changed=False)
            cache[photo_class] = _open(work, facts, policy)
        yield streamed, cache[photo_class]


def _open(work: UnitOfWork, facts: PhotoFacts, policy: Policy) -> tuple[str, ...]:
    use = Use(Channel.PUBLIC_PAGE, work.today)
    findings = evaluate(facts, use, policy, [record_is_complete]).findings
    return tuple(dict.fromkeys(name for finding in findings for name in finding.detail))
