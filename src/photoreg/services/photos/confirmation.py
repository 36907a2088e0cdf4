"""Confirm statements that were taken back: another member of staff gives their own answer.

Nobody confirms without stating an answer. Where it equals what now stands, the question ends; a
different answer about a photo is recorded, and the stricter of the two counts. One answer about an
event or a person ends the question for all its photos.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from photoreg.errors import InputDataError, NotAllowed, Term
from photoreg.registry.facts.builder import photo_facts
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_person, find_photos
from photoreg.registry.merged import kept_records
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.people import erased_among, persons_of
from photoreg.registry.queries.photos import photographers_of, photos_by_id
from photoreg.registry.queries.second_looks import (
    open_second_looks,
    photos_refused_by_coordinators,
    same_question,
)
from photoreg.registry.queries.series import members_of
from photoreg.registry.tables.photos import Photo
from photoreg.registry.tables.second_looks import (
    RecordAnswer,
    SecondLook,
    SecondLookOutcome,
    SeriesAnswer,
    VersionAnswer,
)
from photoreg.rulebook.facts import (
    AgeGroup,
    Capacity,
    Confidentiality,
    LicenceTerm,
    People,
    PhotoFacts,
    Role,
    to_data,
)
from photoreg.services.application import Application
from photoreg.services.decisions.second_look_questions import present_answers, questions_of
from photoreg.services.decisions.second_looks import comparison_now, end_second_look, statements_now
from photoreg.services.decisions.taken_back import RECORD, SAME_PERSON
from photoreg.services.people.ages import display_name
from photoreg.services.photos.answers import PhotoAnswers, apply_answers
from photoreg.services.photos.depictions import PersonFinder, tag_photos
from photoreg.services.unit_of_work import COORDINATORS, RECORDERS, UnitOfWork, require_role
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

_BLOCK, _UNSURE = Confidentiality.PUBLICATION_BLOCK.value, Confidentiality.UNSURE.value

_CHOICES: Mapping[str, type[StrEnum]] = {
    "age_group": AgeGroup,
    "role": Role,
    "capacity": Capacity,
    "licence_terms": LicenceTerm,
    "series": SeriesAnswer,
    "version": VersionAnswer,
}
"""The choices for a value, by question."""

_NUMBER, _PERSON = "number", "person"

NO_PHOTO_ANSWERS = PhotoAnswers()


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the confirmer states: answers, who is shown and who is not, and values about persons.

    `persons` and `not_shown` are as typed; `values` are codes, such as an age group, or numbers.
    """

    answers: PhotoAnswers = NO_PHOTO_ANSWERS
    persons: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


NOTHING_STATED = OwnAnswer()


class AnswersDiffer(InputDataError):  # noqa: N818 - named for its meaning
    """One answer was stated for photos whose present answers differ; `groups`: alike, by id."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        super().__init__(
            N_(
                "the present answers of these photos differ, so one answer cannot be for all of "
                "them: {groups}"
            ),
            N_("State your own answer separately for each group."),
            groups="; ".join(", ".join(group) for group in groups),
        )
        self.groups = groups


@dataclass(frozen=True, slots=True)
class OpenSecondLook:
    """An open question about a photo: what was stated before and what stands now, by codes.

    `questions` are the inputs in which an answer must be stated; `about` is the event or person
    that the statement is about, or empty; `names` are the persons as the user may see them, by id;
    `choices` are the values to choose from where a value is asked for.
    """

    photo: str
    about: str
    before: dict[str, Any]
    after: dict[str, Any]
    names: dict[str, str]
    asked_at: datetime
    taken_back_by: str
    questions: tuple[str, ...]
    choices: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A photo whose question has ended, or not, because the answers about a person differ.

    `holds`: what now holds of what was asked, if the answer differed.
    """

    photo: str
    outcome: SecondLookOutcome | None
    others: int = 0
    holds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _OpenLook:
    """An open question, with what is stated now."""

    row: SecondLook
    after: dict[str, Any]

    @property
    def before(self) -> dict[str, Any]:
        return self.row.before

    @property
    def photo_id(self) -> int:
        return self.row.photo_id

    @property
    def questions(self) -> tuple[str, ...]:
        return questions_of(self.before, self.after)


def second_looks_at(application: Application, photos: Sequence[str]) -> list[OpenSecondLook]:
    """Return the open questions about these photos.

    NotAllowed for a photo without one, and for whoever may not answer.
    """
    with application.reading() as work:
        require_role(work, RECORDERS)
        looks = _looks_at(work, find_photos(work.session, photos))
        _refuse_own(work, looks)
        logins = {staff.id: staff.login for staff in all_staff(work.session)}
        names = _names(work, looks)
        return [_as_shown(look, names, logins[look.row.taken_back_by]) for look in looks]


def _as_shown(look: _OpenLook, names: dict[str, str], login: str) -> OpenSecondLook:
    before, after = shown_statements(look.before, look.after)
    return OpenSecondLook(
        photo=human_id(Kind.PHOTO, look.photo_id),
        about=look.row.about,
        before=before,
        after=after,
        names=names,
        asked_at=look.row.asked_at,
        taken_back_by=login,
        questions=look.questions,
        choices=tuple(_choices([look]).values()) if look.questions == ("value",) else (),
    )


def _names(work: UnitOfWork, looks: Iterable[_OpenLook]) -> dict[str, str]:
    """Return whom the statements before and after name, as the user may see them, by id."""
    sides = [side for look in looks for side in (look.before, look.after)]
    kinds = ("persons", "photographers")
    named = {person for side in sides for kind in kinds for person in side.get(kind) or ()}
    numbers = [number for person in named if (number := parse_id(Kind.PERSON, person))]
    found = persons_of(work.session, numbers)
    return {human_id(Kind.PERSON, n): display_name(work, person) for n, person in found.items()}


def shown_statements(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the statements before and after as they may be shown, who is named first.

    Of those who were taken out or put in only the age group is told. A publication block is never
    revealed.
    """
    named = [set(side.get("persons") or ()) for side in (before, after)]
    moved = tuple(f"{person} " for person in named[0] ^ named[1])
    shown_before, shown_after = (
        {
            name: _UNSURE if value == _BLOCK else value
            for name, value in sorted(side.items(), key=lambda item: item[0] != "persons")
            if not name.startswith(moved) or (name.endswith(" age_group") and value)
        }
        for side in (before, after)
    )
    return shown_before, shown_after


def _looks_at(work: UnitOfWork, photos: Sequence[Photo]) -> list[_OpenLook]:
    numbers = [id_of(photo) for photo in photos]
    looks = open_second_looks(work.session, numbers)
    waiting = {look.photo_id for look in looks}
    for number in numbers:
        if number not in waiting:
            raise NotAllowed(
                N_("nothing about {photo} waits for a second look"),
                N_("See what is recorded about it."),
                step=NextStep.to(NextAction.PHOTO_SHOW, photo=human_id(Kind.PHOTO, number)),
                photo=human_id(Kind.PHOTO, number),
            )
    now = statements_now(work, looks)
    return [_OpenLook(look, now[id_of(look)]) for look in looks]


def confirm(
    application: Application, photos: Sequence[str], own: OwnAnswer = NOTHING_STATED
) -> list[Confirmed]:
    """Answer the open questions about these photos, for all of them or none.

    NotAllowed for whoever took a statement back, and for others than coordinators after a
    coordinator's refusal; InputDataError when an answer that is asked for is not stated;
    AnswersDiffer when the photos are now answered differently where one answer is stated.
    """
    with application.changing() as work:
        rows = {id_of(photo): photo for photo in find_photos(work.session, photos)}
        looks = _looks_at(work, list(rows.values()))
        _refuse_own(work, looks)
        _require_answers(looks, own)
        _require_everybody(work, looks, own)
        of_persons = [look for look in looks if look.questions == ("value",)]
        _refuse_unknown_values(of_persons, own.values)
        others = [look for look in looks if look not in of_persons]
        concerned = {look.photo_id: rows[look.photo_id] for look in others}
        _refuse_different_answers(work, concerned, own)
        differ = _record_answers(work, concerned, own) if concerned else set()
        expected = _expected_codes(of_persons)
        answered = _Answered(work, own)
        result = [answered.about_person(look, expected) for look in of_persons]
        result += [answered.about_photo(look, _outcome(look, differ)) for look in others]
        answered.log()
        return _with_what_holds(work, looks, result)


def _with_what_holds(
    work: UnitOfWork, looks: Sequence[_OpenLook], result: Sequence[Confirmed]
) -> list[Confirmed]:
    """Add what now holds to the results of answers that differed."""
    if not any(each.outcome is SecondLookOutcome.DIFFERED for each in result):
        return list(result)
    now = statements_now(work, [look.row for look in looks])
    holds: dict[str, dict[str, Any]] = {}
    for look in looks:
        _before, after = shown_statements(look.before, now[id_of(look.row)])
        holds.setdefault(human_id(Kind.PHOTO, look.photo_id), {}).update(after)
    return [
        replace(each, holds=holds[each.photo])
        if each.outcome is SecondLookOutcome.DIFFERED
        else each
        for each in result
    ]


def _outcome(look: _OpenLook, differ: Collection[int]) -> SecondLookOutcome:
    return SecondLookOutcome.DIFFERED if look.photo_id in differ else SecondLookOutcome.AGREED


def _refuse_own(work: UnitOfWork, looks: Iterable[_OpenLook]) -> None:
    """Raise NotAllowed for a question that the actor may not answer."""
    looks = list(looks)
    for look in looks:
        if look.row.taken_back_by == work.actor.id:
            raise NotAllowed(
                N_("you took back an answer about {photo} yourself"),
                N_("Ask a colleague to look at the photo and confirm."),
                photo=human_id(Kind.PHOTO, look.photo_id),
            )
    refused = photos_refused_by_coordinators(work.session, _photos_looked_at(work, looks))
    if refused and work.actor.role not in COORDINATORS:
        raise NotAllowed(
            N_("a coordinator has refused {photo}, or has not confirmed an earlier change"),
            N_("Only a communications coordinator can confirm the new answer."),
            photo=human_id(Kind.PHOTO, min(refused)),
        )


def _photos_looked_at(work: UnitOfWork, looks: Iterable[_OpenLook]) -> set[int]:
    """Return the photos that the questions are about: of a series all that look alike."""
    rows = [look.row for look in looks]
    series = {parse_id(Kind.PHOTO, row.about) for row in rows if "series" in row.before}
    alike = members_of(work.session, filter(None, series))
    return {row.photo_id for row in rows} | {row.photo_id for row in alike}


def _require_answers(looks: Iterable[_OpenLook], own: OwnAnswer) -> None:
    missing = _missing(((look.photo_id, look.questions) for look in looks), own)
    if missing:
        raise InputDataError(
            N_("your own answer is missing: {questions}"),
            N_("Look at the photo and state what you see."),
            fields=missing,
            questions=", ".join(missing),
        )


def missing_answers(looks: Iterable[OpenSecondLook], own: OwnAnswer) -> tuple[str, ...]:
    """Return the inputs in which an answer must still be stated."""
    return _missing(((look.photo, look.questions) for look in looks), own)


def _missing(questions: Iterable[tuple[object, Sequence[str]]], own: OwnAnswer) -> tuple[str, ...]:
    """Return the questions, each about a photo, that are not answered.

    That nobody can be recognised answers who is not shown only where it is asked as well.
    """
    asked: dict[object, set[str]] = defaultdict(set)
    for photo, some in questions:
        asked[photo].update(some)
    by_name = own.persons or own.not_shown or own.answers.recognisable_count is not None
    return tuple(
        sorted(
            {
                question
                for every in asked.values()
                for question in every
                if not _is_stated(question, own)
                or (question == "not_shown" and "people" not in every and not by_name)
            }
        )
    )


def _require_everybody(work: UnitOfWork, looks: Iterable[_OpenLook], own: OwnAnswer) -> None:
    """Raise InputDataError if names are stated, but not of all who were taken out."""
    if not (own.persons or own.not_shown):
        return
    out = {
        person
        for look in looks
        if "not_shown" in look.questions
        for person in {*look.before["persons"]} - {*(look.after.get("persons") or ())}
    }
    numbers = {number for person in out if (number := parse_id(Kind.PERSON, person))}
    kept = kept_records(work.session, numbers)
    stated = {id_of(find_person(work.session, each)) for each in (*own.persons, *own.not_shown)}
    open_ = {kept.get(number, number) for number in numbers} - stated
    if left := sorted(open_ - set(erased_among(work.session, open_))):
        raise InputDataError(
            N_("it is not said whether the photo shows {persons}"),
            N_("Look at the photo and state what you see."),
            fields=("not_shown",),
            persons=", ".join(human_ids(Kind.PERSON, left)),
        )


def _refuse_different_answers(
    work: UnitOfWork, photos: Mapping[int, Photo], own: OwnAnswer
) -> None:
    """Raise AnswersDiffer if one answer would take the place of different ones."""
    stated = _stated_questions(own)
    if len(photos) < 2 or not stated:  # noqa: PLR2004
        return
    facts, takers = photo_facts(work.session, list(photos)), photographers_of(work.session, photos)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for number, photo in photos.items():
        answered = present_answers(stated, facts[number], photo, takers[number])
        groups[answered].append(human_id(Kind.PHOTO, number))
    if len(groups) > 1:
        raise AnswersDiffer(list(groups.values()))


def _stated_questions(own: OwnAnswer) -> list[str]:
    """Return the questions that the stated answers are about."""
    given = {f.name: getattr(own.answers, f.name) for f in fields(own.answers)}
    names = [name for name, value in given.items() if value not in {None, ()}]
    renamed = {"photographers": "photographer", "credit_waived": "credit"}
    persons = ["person"] if own.persons else []
    return list(dict.fromkeys([*(renamed.get(name, name) for name in names), *persons]))


def _tells_who(own: OwnAnswer) -> bool:
    """Return whether it is stated who can be recognised, who cannot, or that nobody can."""
    nobody = {People.NONE, People.UNRECOGNISABLE, People.UNSURE}
    return bool(own.persons or own.not_shown) or own.answers.people in nobody


def _is_stated(question: str, own: OwnAnswer) -> bool:
    answers = own.answers
    in_other_words = {
        "value": bool(own.values),
        "person": _tells_who(own),
        # A number that differs is recorded; who is shown is still to be answered then.
        "not_shown": _tells_who(own) or answers.recognisable_count is not None,
        "recognisable_count": answers.people is not None,
        "credit": answers.credit_waived is not None,
        "file_rights": answers.rights_removed is not None,
        "photographer": bool(answers.photographers),
    }
    return in_other_words.get(question, False) or getattr(answers, question, None) is not None


def _expected_codes(looks: Iterable[_OpenLook]) -> set[str]:
    """Return the values to state about persons: those that now stand."""
    return {
        code.casefold()
        for look in looks
        for code in [c for value in look.after.values() for c in statement_codes(value)] or ["none"]
    }


def _refuse_unknown_values(looks: Iterable[_OpenLook], values: Iterable[str]) -> None:
    """Raise InputDataError for a value that is no possible answer about a person or a series."""
    choices = _choices(list(looks))
    for value in values:
        kind = _NUMBER if value.isdecimal() else _PERSON if parse_id(Kind.PERSON, value) else value
        if value.casefold() not in choices and kind not in choices:
            raise InputDataError(
                N_("{value} is not one of: {values}"),
                N_("Look at the photo and state what you see."),
                fields=("value",),
                value=value,
                values=tuple(dict.fromkeys(choices.values())),
            )


def _choices(looks: Sequence[_OpenLook]) -> dict[str, object]:
    """Return the possible answers about persons or series, by code, each as it is shown."""
    choices: dict[str, object] = {
        code: code.upper() if parse_id(Kind.PERSON, code) else code
        for code in _expected_codes(looks)
    }
    for look in looks:
        for name in {*look.before, *look.after}:
            stated = [look.before.get(name), look.after.get(name)]
            choices |= _choices_of(name.rpartition(" ")[2], stated)
    return choices


def _choices_of(question: str, stated: Sequence[Any]) -> dict[str, object]:
    """Return the values to choose from for a statement, by code, each as it is shown."""
    if any(isinstance(value, bool) for value in stated):
        return {"yes": Term(N_("yes")), "no": Term(N_("no"))}
    if question in {RECORD, SAME_PERSON}:
        corrected = {answer.value: answer for answer in RecordAnswer if question == RECORD}
        return {**corrected, "no": Term(N_("no"))}
    if question in _CHOICES:
        return {member.value: member for member in _CHOICES[question]}
    if any(isinstance(value, int) for value in stated):
        return {_NUMBER: Term(N_("a number"))}
    if any(isinstance(value, list) for value in stated):
        return {_PERSON: Term(N_("the number of a person"))}
    return {}


def statement_codes(value: Any) -> list[str]:
    """Return the values to state for a statement about a person: `minor`, `2`, `yes`, `H-3`."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(each) for each in (value if isinstance(value, list) else [value])]


class _Answered:
    """Ends questions with one answer, and logs those that ended."""

    def __init__(self, work: UnitOfWork, own: OwnAnswer) -> None:
        self._work, self._own = work, own
        self._data = _answer_data(own)
        self._ended: list[SecondLook] = []

    def about_person(self, look: _OpenLook, expected: set[str]) -> Confirmed:
        """End a question about a person if the values stated are those that now stand.

        Nothing else may be stated than what is expected for one of the questions. The record of
        the person is not changed here: until it is, the photo stays as strict.
        """
        stated = {value.casefold() for value in self._own.values}
        agrees = _expected_codes([look]) <= stated <= expected
        if not agrees:
            return self._leave_open(look.row)
        return self._end(look.row, SecondLookOutcome.AGREED)

    def about_photo(self, look: _OpenLook, outcome: SecondLookOutcome) -> Confirmed:
        """End a question about a photo, unless it is not stated who is shown."""
        if "not_shown" in look.questions and not _tells_who(self._own):
            return self._leave_open(look.row)
        return self._end(look.row, outcome)

    def log(self) -> None:
        """Write the log of the questions that ended."""
        self._work.session.flush()
        entries = [
            (look.photo_id, {"outcome": look.outcome, "questions": sorted(look.before)})
            for look in self._ended
        ]
        self._work.log_all(Action.SECOND_LOOK_CONFIRMED, Kind.PHOTO, entries)

    def _leave_open(self, look: SecondLook) -> Confirmed:
        look.answer = self._data
        return Confirmed(human_id(Kind.PHOTO, look.photo_id), None)

    def _end(self, look: SecondLook, outcome: SecondLookOutcome) -> Confirmed:
        """End a question, and the same one about other photos where the answers agree."""
        same: list[SecondLook] = []
        if look.outcome is None:
            self._close(look, outcome)
            if look.about and outcome is SecondLookOutcome.AGREED:
                same = self._same_question(look)
        for each in same:
            self._close(each, outcome)
        return Confirmed(human_id(Kind.PHOTO, look.photo_id), look.outcome, len(same))

    def _same_question(self, look: SecondLook) -> list[SecondLook]:
        """Return the same question about other photos that the actor may confirm."""
        found = same_question(self._work.session, look)
        if self._work.actor.role in COORDINATORS:
            return found
        refused = photos_refused_by_coordinators(
            self._work.session, {each.photo_id for each in found}
        )
        return [each for each in found if each.photo_id not in refused]

    def _close(self, look: SecondLook, outcome: SecondLookOutcome) -> None:
        end_second_look(self._work, look, outcome)
        look.answer = self._data
        self._ended.append(look)


def _answer_data(own: OwnAnswer) -> dict[str, Any]:
    """Return what was stated as codes; texts and names are left out, and stay with the photo."""
    given = {f.name: getattr(own.answers, f.name) for f in fields(own.answers)}
    texts = {"event", "photographers", "credit"}
    data = {n: to_data(v) for n, v in given.items() if v is not None and n not in texts}
    return data | ({"values": list(own.values)} if own.values else {})


def _record_answers(work: UnitOfWork, photos: Mapping[int, Photo], own: OwnAnswer) -> set[int]:
    """Record a different answer unless it is milder than what stands; return where it differs."""
    now, comparison = photo_facts(work.session, list(photos)), comparison_now(work)
    absent = {human_id(Kind.PERSON, find_person(work.session, p).id) for p in own.not_shown}
    named = {human_id(Kind.PERSON, find_person(work.session, p).id) for p in own.persons}
    milder = {number for number in photos if _denies_people(own, absent, named, now[number])}
    # Whoever is named as well is named, whatever else the answer leaves out.
    _write(work, {number: photos[number] for number in milder}, OwnAnswer(persons=own.persons))
    compared = {number: photo for number, photo in photos.items() if number not in milder}
    savepoint = work.session.begin_nested()
    _write(work, compared, own)
    theirs = photo_facts(work.session, list(compared))
    savepoint.rollback()
    differ = [
        number
        for number in compared
        if comparison.described(theirs[number]) != comparison.described(now[number])
    ]
    kept = [
        number
        for number in differ
        if comparison.is_milder(now[number], theirs[number])
        or not comparison.is_milder(theirs[number], now[number])
    ]
    again = photos_by_id(work.session, kept)  # at once, since the savepoint made them forget
    _write(work, {id_of(photo): photo for photo in again}, own)
    return milder | set(differ)


def _denies_people(
    own: OwnAnswer, absent: Collection[str], named: Collection[str], now: PhotoFacts
) -> bool:
    """Return whether fewer people are stated than are named, which is milder, and not recorded."""
    answers = own.answers
    says_nobody = answers.people in {People.NONE, People.UNSURE} or (
        answers.people is People.UNRECOGNISABLE and answers.context_identifies is False
    )
    count = answers.recognisable_count
    fewest = len({person.person for person in now.persons} | set(named))
    return (
        (says_nobody and bool(now.persons))
        or (count is not None and count < fewest)
        or any(person.person in absent for person in now.persons)
    )


def _write(work: UnitOfWork, photos: Mapping[int, Photo], own: OwnAnswer) -> None:
    if not photos:
        return
    rows = list(photos.values())
    if own.persons:
        find = PersonFinder(work, rows)
        tag_photos(work, rows, {id_of(p): [find(p, name) for name in own.persons] for p in rows})
    answers = own.answers
    if answers.people is None and (answers.recognisable_count is not None or own.persons):
        answers = replace(answers, people=People.RECOGNISABLE)
    if answers != NO_PHOTO_ANSWERS:
        apply_answers(work, rows, answers)
    work.session.flush()
