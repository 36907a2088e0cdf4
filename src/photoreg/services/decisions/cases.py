"""List and show cases; record the communications coordinator's rulings on unclear photos.

A ruling applies to exactly the facts of its case (`Checked.digest`): as soon as one of them
changes, it is void, and the photo needs a new approval. It is never changed: a wrong one is
corrected by another case on the same facts, which names it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import rights_holders
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_case, find_cases
from photoreg.registry.queries.cases import (
    CaseDetails,
    case_batches,
    cases_shown_to,
    photos_of_cases,
    similar_rulings,
)
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add_all
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import CARE_PLACES, PUBLIC_PLACES, PersonFacts, Place
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions.approval import use_columns
from photoreg.services.decisions.case_verdicts import case_verdicts
from photoreg.services.decisions.evaluation import Checked, note_named, with_visible_names
from photoreg.services.inputs import free_text
from photoreg.services.people.ages import names_beside
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_REASON_LENGTH = 4000
MAX_SIMILAR = 5
"""How many earlier rulings are shown with a case."""


class CaseState(StrEnum):
    """The state of a case, or of one of its photos.

    Void: its facts have changed, so a ruling on it no longer applies. Settled: they have changed so
    that the photo may be published, and nothing is left to rule on. Lapsed: its ruling has expired.
    Corrected: a later ruling on the same facts replaces it.
    """

    OPEN = "open"
    VOID = "void"
    SETTLED = "settled"
    LAPSED = "lapsed"
    RULED = "ruled"
    CORRECTED = "corrected"


class PlaceClass(StrEnum):
    """Classes of places, for finding rulings on similar photos."""

    PUBLIC = "public"
    CARE = "care"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case or flag in the coordinator's queue; a flag concerns all channels (`channel`: None).

    `photos` are those in this state; `photo` is the first of them. `persons` are those whom the
    reasons concern, by id.
    """

    case: str
    photo: str
    photos: tuple[str, ...]
    channel: str | None
    opened_at: datetime
    age_days: int
    due_at: datetime
    overdue: bool
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    state: CaseState
    ruling: RulingKind | None


@dataclass(frozen=True, slots=True)
class RulingRow:
    """A ruling as shown; `by` is the login of the coordinator, `evidence` a file hash."""

    case: str
    photo: str
    kind: RulingKind
    reason: str
    by: str
    at: datetime
    until: date | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class PhotoOfCase:
    """A photo of a case, with the state of the case as far as it concerns the photo.

    The facts are those when its approval was asked for, the verdict is today's.
    """

    photo: str
    state: CaseState
    facts: dict[str, Any]
    now: Checked


@dataclass(frozen=True, slots=True)
class FullCase:
    """Everything about one case: the facts when it was opened, and today's verdict.

    Facts, verdict and ruling are those of the first photo in the state of the case; `photos` are
    all. `names` are those of the persons shown in photos in this state whom the user may see.
    `similar` are the newest rulings on cases with the same codes and class of places. `corrects`
    and `corrected_by` are the cases whose ruling this one corrects, and that corrects this one.
    """

    row: CaseRow
    photos: tuple[PhotoOfCase, ...]
    opened_by: str
    facts: dict[str, Any]
    now: Checked
    ruling: RulingRow | None
    place_class: PlaceClass
    similar: tuple[RulingRow, ...]
    may_rule: bool
    may_correct: bool
    corrects: str | None
    corrected_by: str | None
    names: Mapping[str, str]

    @property
    def concerned(self) -> list[PhotoOfCase]:
        """The photos in the state of the case; on all of those that wait a ruling is made."""
        return [each for each in self.photos if each.state is self.row.state]


def case_rows(
    work: UnitOfWork, channel_id: int | None = None, *, everything: bool = False
) -> list[CaseRow]:
    """Return the open cases, oldest first; with `everything` followed by all others."""
    cases: dict[int, list[_Part]] = defaultdict(list)
    for batch in case_batches(work.session, channel_id, ruled_too=everything):
        for part in _parts(work, batch):
            cases[part.details.case.number].append(part)
    rows = [_case_row(work, parts) for parts in cases.values()]
    open_rows = [row for row in rows if row.state is CaseState.OPEN]
    return open_rows + [row for row in rows if everything and row.state is not CaseState.OPEN]


@dataclass(frozen=True, slots=True)
class _Part:
    """One photo of a case, with today's verdict on it."""

    details: CaseDetails
    now: Checked
    state: CaseState


def _parts(work: UnitOfWork, cases: Sequence[CaseDetails]) -> list[_Part]:
    """Return the photos of cases, in order, each with its verdict and state."""
    verdicts = case_verdicts(work, cases)
    return [
        _Part(each, now, _state(work, each, now))
        for each in cases
        for now in (verdicts[id_of(each.case)],)
    ]


_STATES = (
    CaseState.OPEN,
    CaseState.RULED,
    CaseState.LAPSED,
    CaseState.VOID,
    CaseState.SETTLED,
    CaseState.CORRECTED,
)
"""The states by precedence: what still concerns one of its photos is the state of a case."""


def _first_of(parts: Iterable[_Part]) -> _Part:
    """Return the photo that stands for its case: the first in the state of the case."""
    return min(parts, key=lambda part: _STATES.index(part.state))


def show_case(application: Application, named: str) -> FullCase:
    """Return everything about a case."""
    with application.reading() as work:
        parts = _parts(work, _photos_of(work, named))
        first = _first_of(parts)
        details = first.details
        photos = _photos_shown(work, parts)
        concerned = [each for each in photos if each.state is first.state]
        names = _names_of_persons(work, concerned)
        if work.actor.role in COORDINATORS:
            to_rule_on = (*_in_state(parts, CaseState.OPEN), *_in_state(parts, CaseState.RULED))
            work.looks.note_cases(id_of(part.details.case) for part in to_rule_on)
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        return FullCase(
            row=_case_row(work, parts),
            photos=tuple(photos),
            opened_by=logins[details.case.opened_by],
            facts=concerned[0].facts,
            now=concerned[0].now,
            ruling=_ruling_row(details, logins),
            place_class=_place_class(work, details.case),
            similar=tuple(
                row
                for each in _similar_cases(work, details.case)
                if (row := _ruling_row(each, logins))
            ),
            may_rule=work.actor.role in COORDINATORS,
            may_correct=first.state is CaseState.RULED and _may_correct(work, details.ruling),
            corrects=_case_id(parts[0].details.case.corrects_id),
            corrected_by=_case_id(details.corrected_by),
            names=names,
        )


def _case_id(number: int | None) -> str | None:
    return None if number is None else human_id(Kind.CASE, number)


def _photos_shown(work: UnitOfWork, parts: Sequence[_Part]) -> list[PhotoOfCase]:
    """Return the photos of a case, with the names in the verdicts."""
    verdicts = with_visible_names(work, [part.now for part in parts])
    return [
        PhotoOfCase(
            human_id(Kind.PHOTO, part.details.photo.id),
            part.state,
            _readable_facts(part.details.case),
            now,
        )
        for part, now in zip(parts, verdicts, strict=True)
    ]


def _names_of_persons(work: UnitOfWork, photos: Sequence[PhotoOfCase]) -> dict[str, str]:
    """Return the names of those shown in photos, by id; they and those in the verdicts are seen."""
    names = names_beside(work, (p["person"] for each in photos for p in each.facts["persons"]))
    for each in photos:
        note_named(work, each.now)
    for person in names:
        work.looks.note_name(parse_id(Kind.PERSON, person))
    return names


def _photos_of(work: UnitOfWork, named: str) -> list[CaseDetails]:
    """Return a case photo by photo."""
    return photos_of_cases(work.session, [find_case(work.session, named).number])


def _ruling_row(details: CaseDetails, logins: Mapping[int, str]) -> RulingRow | None:
    ruling = details.ruling
    if ruling is None:
        return None
    return RulingRow(
        case=human_id(Kind.CASE, details.case.number),
        photo=human_id(Kind.PHOTO, details.photo.id),
        kind=ruling.kind,
        reason=ruling.reason,
        by=logins[ruling.ruled_by],
        at=ruling.ruled_at,
        until=ruling.valid_until,
        evidence=ruling.evidence,
    )


def _place_class(work: UnitOfWork, case: Case) -> PlaceClass:
    place = case.facts["place"]
    return _class_of(work, Place(place) if place else None)


def _class_of(work: UnitOfWork, place: Place | None) -> PlaceClass:
    """Return the class of a place.

    A lobby of a care institution is a public place, but classed as care: rulings on streets are
    not comparable.
    """
    if place in {None, Place.UNKNOWN}:
        return PlaceClass.UNKNOWN
    if place in CARE_PLACES:
        return PlaceClass.CARE
    is_public = place in PUBLIC_PLACES | current_policy(work.session)[1].public_places
    return PlaceClass.PUBLIC if is_public else PlaceClass.OTHER


def _similar_cases(work: UnitOfWork, case: Case) -> list[CaseDetails]:
    place_class = _place_class(work, case)
    places = [place for place in (*Place, None) if _class_of(work, place) is place_class]
    return similar_rulings(work.session, case, places, MAX_SIMILAR)


def draft_ruling(application: Application, names: Sequence[str], like: str) -> RulingRow:
    """Return the ruling on a similar case as a draft for these; nothing is recorded.

    NotAllowed when `like` has no ruling, or other codes or another class of places than one of
    them.
    """
    with application.reading() as work:
        earlier = _photos_of(work, like)
        details = next((each for each in earlier if each.ruling is not None), earlier[0])
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        row = _ruling_row(details, logins)
        cases = find_cases(work.session, names)
        others = [c for c in cases if row is None or not _is_similar(work, c, details.case)]
        if row is None or others:
            number = human_id(Kind.CASE, others[0].number)
            raise NotAllowed(
                N_("{like} has no ruling on a case similar to {case}"),
                N_("See which cases are alike."),
                step=NextStep.to(NextAction.CASE_SHOW, case=number),
                like=human_id(Kind.CASE, details.case.number),
                case=number,
            )
        return row


def _is_similar(work: UnitOfWork, case: Case, other: Case) -> bool:
    is_same_place = _place_class(work, case) is _place_class(work, other)
    return case.codes == other.codes and is_same_place


def cases_to_look_at(
    application: Application, names: Sequence[str], state: CaseState = CaseState.OPEN
) -> list[str]:
    """Return those of these cases on which the user may rule, and was shown nothing that waits.

    In the state RULED: those whose ruling the user may correct, and was shown nothing of.
    """
    with application.reading() as work:
        if work.actor.role not in COORDINATORS:
            return []
        waiting = _in_state(_parts_of(work, names), state)
        shown = {part.details.case.number for part in _shown(work, waiting)}
        numbers = dict.fromkeys(part.details.case.number for part in waiting)
        return [human_id(Kind.CASE, number) for number in numbers if number not in shown]


@dataclass(frozen=True, slots=True)
class RuledCases:
    """The verdicts on the photos that were ruled on.

    `joined`: photos that joined the cases after the user had looked, and still wait, by case.
    """

    verdicts: list[Checked]
    joined: dict[str, tuple[str, ...]]


def rule_on_cases(
    application: Application,
    names: Sequence[str],
    kind: RulingKind,
    reason: str,
    *,
    until: date | None = None,
    evidence: Path | None = None,
    corrects: bool = False,
) -> RuledCases:
    """Rule on cases, once and alike, on all or none. Only for coordinators.

    Return the verdicts with the rulings: each photo of a case gets its own, on exactly its facts. A
    photo whose facts have changed is left out; NotAllowed for a case without any other, and where a
    photo is refused today. Left out are photos, too, that joined a case after the user was shown
    it (`show_case`); NotAllowed for a case that was not. The rulings expire after the day `until`.
    The reason is stored with them and never written to the ledger.

    `corrects`: the cases are ruled on, wrongly; each gets another case on the same facts, on which
    the ruling is made. Only whoever ruled does this, or anybody else once they are no coordinator.
    """
    with application.changing(COORDINATORS) as work:
        parts = _parts_of(work, names)
        waiting = _parts_to_correct(work, parts) if corrects else _parts_to_rule_on(parts)
        written = require_reason(reason)
        shown = _shown(work, waiting)
        _require_look(waiting, shown)
        cases = [each.details for each in shown]
        require_four_eyes(work, list({id_of(each.photo): each.photo for each in cases}.values()))
        _require_coming_day(work, until)
        document = work.store_evidence(evidence)
        if corrects:
            cases = _correcting_cases(work, shown)
        rulings = [
            Ruling(
                case_id=id_of(each.case),
                kind=kind,
                reason=written,
                valid_until=until,
                evidence=document,
                ruled_at=work.now,
                ruled_by=work.actor.id,
            )
            for each in cases
        ]
        add_all(work.session, rulings)
        _log_rulings(work, cases, rulings)
        ruled = case_verdicts(work, cases)
        return RuledCases([ruled[id_of(each.case)] for each in cases], _joined(waiting, shown))


def _parts_of(work: UnitOfWork, names: Sequence[str]) -> list[_Part]:
    """Return the photos of these cases, with today's verdicts."""
    numbers = [case.number for case in find_cases(work.session, names)]
    return _parts(work, photos_of_cases(work.session, numbers))


def _in_state(parts: Iterable[_Part], state: CaseState) -> list[_Part]:
    return [part for part in parts if part.state is state]


def _shown(work: UnitOfWork, parts: Sequence[_Part]) -> list[_Part]:
    """Return those of the photos of cases that the user was shown with their case."""
    numbers = [id_of(part.details.case) for part in parts]
    shown = cases_shown_to(work.session, work.actor.id, numbers)
    return [part for part in parts if part.details.case.id in shown]


def _require_look(waiting: Sequence[_Part], shown: Sequence[_Part]) -> None:
    """Raise NotAllowed for a case of which the user was shown nothing that waits."""
    seen = {part.details.case.number for part in shown}
    for part in waiting:
        number = part.details.case.number
        if number not in seen:
            case = human_id(Kind.CASE, number)
            raise NotAllowed(
                N_("what waits for a ruling in {case} was not shown to you yet"),
                N_("Look at the case, then rule on it."),
                step=NextStep.to(NextAction.CASE_SHOW, case=case),
                case=case,
            )


def _joined(waiting: Sequence[_Part], shown: Sequence[_Part]) -> dict[str, tuple[str, ...]]:
    """Return the photos that wait and were not shown, by case."""
    seen = {part.details.case.id for part in shown}
    joined: dict[str, list[str]] = defaultdict(list)
    for part in waiting:
        if part.details.case.id not in seen:
            case = human_id(Kind.CASE, part.details.case.number)
            joined[case].append(human_id(Kind.PHOTO, part.details.photo.id))
    return {case: tuple(photos) for case, photos in joined.items()}


def _parts_to_rule_on(parts: Sequence[_Part]) -> list[_Part]:
    """Return the photos of cases that wait for a ruling; NotAllowed for a case without any."""
    waiting = _in_state(parts, CaseState.OPEN)
    numbers = {part.details.case.number for part in waiting}
    for part in parts:
        if part.details.case.number not in numbers:
            _refuse_second_ruling(part.details)
            _require_same_facts(part.details, part.now)
    return waiting


def _parts_to_correct(work: UnitOfWork, parts: Sequence[_Part]) -> list[_Part]:
    """Return the photos whose ruling is corrected; NotAllowed for a case without any."""
    ruled = _in_state(parts, CaseState.RULED)
    numbers = {part.details.case.number for part in ruled}
    for part in parts:
        case = human_id(Kind.CASE, part.details.case.number)
        if part.details.case.number not in numbers:
            raise NotAllowed(
                N_("{case} has no ruling in force that could be corrected"),
                N_("Look at the case: it tells what to do."),
                step=NextStep.to(NextAction.CASE_SHOW, case=case),
                case=case,
            )
        if part.state is CaseState.RULED and not _may_correct(work, part.details.ruling):
            raise NotAllowed(
                N_("somebody else ruled on {case}"),
                N_("Ask whoever ruled to correct it. A flag stops the photos meanwhile."),
                step=NextStep.to(
                    NextAction.PHOTO_FLAG, photo=human_id(Kind.PHOTO, part.details.photo.id)
                ),
                case=case,
            )
    return ruled


def _may_correct(work: UnitOfWork, ruling: Ruling | None) -> bool:
    """May the user correct a ruling: their own, or of somebody who does not rule any more?"""
    if ruling is None or work.actor.role not in COORDINATORS:
        return False
    who = work.session.get_one(Staff, ruling.ruled_by)
    return ruling.ruled_by == work.actor.id or not who.active or who.role not in COORDINATORS


def _correcting_cases(work: UnitOfWork, ruled: Sequence[_Part]) -> list[CaseDetails]:
    """Open a case on the same facts for each that is ruled on wrongly, which ends.

    It is of whoever asked for the first one, so that they learn of the correction.
    """
    cases = []
    for part in ruled:
        old = part.details.case
        old.voided_at = work.now
        cases.append(
            Case(
                **use_columns(part.now),
                cause=old.cause,
                corrects_id=id_of(old),
                opened_at=work.now,
                opened_by=old.opened_by,
                due_at=work.now,
            )
        )
    numbers = [part.details.case.number for part in ruled]
    leading = dict(zip(reversed(numbers), reversed(cases), strict=True))
    add_all(work.session, list(leading.values()))
    others = [(n, c) for n, c in zip(numbers, cases, strict=True) if leading[n] is not c]
    for number, case in others:
        case.leading_id = id_of(leading[number])
    add_all(work.session, [case for _number, case in others])
    return [
        replace(part.details, case=case, ruling=None)
        for part, case in zip(ruled, cases, strict=True)
    ]


def _log_rulings(work: UnitOfWork, cases: Sequence[CaseDetails], rulings: Sequence[Ruling]) -> None:
    work.log_all(
        Action.CASE_RULED,
        Kind.CASE,
        [
            (
                ruling.case_id,
                {
                    "photo": each.photo.id,
                    "channel": each.channel.id,
                    "ruling": ruling.kind,
                    "facts": each.case.facts_digest,
                    "until": ruling.valid_until,
                    "evidence": ruling.evidence,
                    "corrects": each.case.corrects_id,
                },
            )
            for each, ruling in zip(cases, rulings, strict=True)
        ],
    )


def _refuse_second_ruling(details: CaseDetails) -> None:
    if details.ruling is not None:
        raise NotAllowed(
            N_("{case} is already ruled on"),
            N_(
                "It becomes void when a fact changes. If the ruling was wrong, correct it by "
                "another one."
            ),
            step=NextStep.to(
                NextAction.CASE_CORRECT, case=human_id(Kind.CASE, details.case.number)
            ),
            case=human_id(Kind.CASE, details.case.number),
        )


def _require_coming_day(work: UnitOfWork, until: date | None) -> None:
    if until is not None and until < work.today:
        raise InputDataError(
            N_("the ruling would end on {until}, before it begins"),
            N_("Give a day that has not passed."),
            fields=("until",),
            until=until,
        )


def require_reason(reason: str) -> str:
    """Return the reason for a ruling or flag on one line; InputDataError when it is empty."""
    written = free_text(reason, MAX_REASON_LENGTH)
    if not written:
        raise InputDataError(
            N_("the reason is missing"),
            N_("Write the reason so that others can understand it."),
        )
    return written


def require_four_eyes(work: UnitOfWork, photos: Sequence[Photo]) -> None:
    """Raise NotAllowed for photos that the coordinator took or registered (rulebook §6)."""
    if not current_policy(work.session)[1].four_eyes:
        return
    staff = work.session.get_one(Staff, work.actor.id)
    holders = rights_holders(work.session, photos)
    for photo in photos:
        is_photographer = any(
            holder.person_id is not None
            and (
                holder.person_id == staff.person_id or name_key(holder.name) == name_key(staff.name)
            )
            for holder in holders[id_of(photo)]
        )
        if is_photographer or photo.registered_by == work.actor.id:
            raise NotAllowed(
                N_("you took or registered {photo}, so somebody else must rule on it"),
                N_("Ask the other coordinator or the deputy (four eyes)."),
                photo=human_id(Kind.PHOTO, photo.id),
            )


def _require_same_facts(details: CaseDetails, now: Checked) -> None:
    photo = human_id(Kind.PHOTO, details.photo.id)
    if now.verdict.outcome is Outcome.REFUSED:
        raise NotAllowed(
            N_("{photo} is refused now, and a refusal cannot be overridden"),
            N_("It changes only when the recorded facts change: see what is missing."),
            step=NextStep.to(NextAction.CHECK, photo=photo, channel=details.channel.name),
            photo=photo,
            channel=details.channel.name,
        )
    if _is_void(details.case, now) or now.verdict.outcome is not Outcome.UNCLEAR:
        raise NotAllowed(
            N_("the facts about {photo} have changed since {case} was opened"),
            N_("Ask for approval again."),
            step=NextStep.to(NextAction.APPROVE, photo=photo, channel=details.channel.name),
            photo=photo,
            case=human_id(Kind.CASE, details.case.number),
            channel=details.channel.name,
        )


def _is_void(case: Case, now: Checked) -> bool:
    """Have the facts changed since, by an entry or with time (an expiry, a birthday)?"""
    return case.voided_at is not None or case.facts_digest != now.digest


def _state(work: UnitOfWork, details: CaseDetails, now: Checked) -> CaseState:
    """Return the state of a case as far as it concerns one of its photos."""
    ruling = details.ruling
    if details.corrected_by is not None:
        return CaseState.CORRECTED
    if _is_void(details.case, now):
        is_clear = now.verdict.outcome is Outcome.PUBLISHABLE
        return CaseState.SETTLED if is_clear else CaseState.VOID
    if ruling is None:
        return CaseState.OPEN
    return CaseState.LAPSED if ruling.has_expired_on(work.today) else CaseState.RULED


def _case_row(work: UnitOfWork, parts: Sequence[_Part]) -> CaseRow:
    first = _first_of(parts)
    case, ruling, state = first.details.case, first.details.ruling, first.state
    photos = [part.details.case.photo_id for part in parts if part.state is state]
    return CaseRow(
        case=human_id(Kind.CASE, case.number),
        photo=human_id(Kind.PHOTO, case.photo_id),
        photos=tuple(human_ids(Kind.PHOTO, photos)),
        channel=first.details.channel.name,
        opened_at=case.opened_at,
        age_days=(work.now - case.opened_at).days,
        due_at=case.due_at,
        overdue=state is CaseState.OPEN and case.due_at < work.now,
        codes=split_codes(case.codes),
        persons=_persons_in(first.now),
        state=state,
        ruling=ruling.kind if ruling else None,
    )


def _persons_in(checked: Checked) -> tuple[str, ...]:
    """Return whom the reasons concern, and the photographers with whom nothing is agreed."""
    shown = (each.person for each in checked.verdict.findings if each.person)
    return tuple(dict.fromkeys((*checked.photographers, *shown)))


def _readable_facts(case: Case) -> dict[str, Any]:
    """Return the facts of a case with ages instead of birth dates, and without blocks."""
    return {**case.facts, "persons": [_readable_person(p, case.day) for p in case.facts["persons"]]}


def _readable_person(stored: dict[str, Any], day: date) -> dict[str, Any]:
    born = date.fromisoformat(stored["born"]) if stored["born"] else None
    age = PersonFacts(stored["person"], born=born).age_on(day)
    shown = {name: value for name, value in stored.items() if name not in {"born", "blocked"}}
    shown |= {"age": age, "deceased": stored["deceased"] or None}
    return shown if age is None else {**shown, "age_group": None}


def split_codes(stored: str) -> tuple[str, ...]:
    """Return the reason codes of a stored, semicolon-separated list."""
    return tuple(code for code in stored.split(";") if code)
