"""List and show cases; record the communications coordinator's rulings on unclear photos.

A ruling applies to exactly the facts of its case (`Checked.digest`): as soon as one of them
changes, it is void, and the photo needs a new approval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import rights_holders
from photoreg.registry.ids import Kind, human_id, human_ids, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_case, find_cases
from photoreg.registry.queries.cases import (
    CaseDetails,
    case_batches,
    case_details,
    cases_with_details,
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
from photoreg.services.decisions.case_verdicts import case_verdicts
from photoreg.services.decisions.evaluation import Checked, note_named, with_visible_names
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

MAX_REASON_LENGTH = 4000
MAX_SIMILAR = 5
"""How many earlier rulings are shown with a case."""


class CaseState(StrEnum):
    """The state of a case.

    Void: its facts have changed, so a ruling on it no longer applies. Lapsed: its ruling has
    expired.
    """

    OPEN = "open"
    VOID = "void"
    LAPSED = "lapsed"
    RULED = "ruled"


class PlaceClass(StrEnum):
    """Classes of places, for finding rulings on similar photos."""

    PUBLIC = "public"
    CARE = "care"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case or flag in the coordinator's queue; a flag concerns all channels (`channel`: None)."""

    case: str
    photo: str
    channel: str | None
    opened_at: datetime
    age_days: int
    due_at: datetime
    overdue: bool
    codes: tuple[str, ...]
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
class FullCase:
    """Everything about one case: the facts when it was opened, and today's verdict.

    `similar` are the newest rulings on cases with the same codes and the same class of places.
    """

    row: CaseRow
    opened_by: str
    facts: dict[str, Any]
    now: Checked
    ruling: RulingRow | None
    place_class: PlaceClass
    similar: tuple[RulingRow, ...]
    may_rule: bool


def case_rows(
    work: UnitOfWork, channel_id: int | None = None, *, everything: bool = False
) -> list[CaseRow]:
    """Return the open cases, oldest first; with `everything` followed by all others."""
    rows: list[CaseRow] = []
    for batch in case_batches(work.session, channel_id, ruled_too=everything):
        verdicts = case_verdicts(work, batch)
        rows += [_case_row(work, each, verdicts[id_of(each.case)]) for each in batch]
    open_rows = [row for row in rows if row.state is CaseState.OPEN]
    return open_rows + [row for row in rows if everything and row.state is not CaseState.OPEN]


def show_case(application: Application, named: str) -> FullCase:
    """Return everything about a case."""
    with application.reading() as work:
        details = case_details(work.session, id_of(find_case(work.session, named)))
        [now] = with_visible_names(work, [case_verdicts(work, [details])[id_of(details.case)]])
        note_named(work, now)
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        return FullCase(
            row=_case_row(work, details, now),
            opened_by=logins[details.case.opened_by],
            facts=_readable_facts(details.case),
            now=now,
            ruling=_ruling_row(details, logins),
            place_class=_place_class(work, details.case),
            similar=tuple(
                row
                for each in _similar_cases(work, details.case)
                if (row := _ruling_row(each, logins))
            ),
            may_rule=work.actor.role in COORDINATORS,
        )


def _ruling_row(details: CaseDetails, logins: Mapping[int, str]) -> RulingRow | None:
    ruling = details.ruling
    if ruling is None:
        return None
    return RulingRow(
        case=human_id(Kind.CASE, details.case.id),
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
        details = case_details(work.session, id_of(find_case(work.session, like)))
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        row = _ruling_row(details, logins)
        others = [
            case
            for case in find_cases(work.session, names)
            if row is None or not _is_similar(work, case, details.case)
        ]
        if row is None or others:
            number = human_id(Kind.CASE, others[0].id)
            raise NotAllowed(
                N_("{like} has no ruling on a case similar to {case}"),
                N_("See which cases are alike."),
                step=NextStep.to(NextAction.CASE_SHOW, case=number),
                like=human_id(Kind.CASE, details.case.id),
                case=number,
            )
        return row


def _is_similar(work: UnitOfWork, case: Case, other: Case) -> bool:
    is_same_place = _place_class(work, case) is _place_class(work, other)
    return case.codes == other.codes and is_same_place


def rule_on(
    application: Application,
    named: str,
    kind: RulingKind,
    reason: str,
    *,
    until: date | None = None,
    evidence: Path | None = None,
) -> Checked:
    """Rule on one case, as `rule_on_cases` does."""
    return rule_on_cases(application, [named], kind, reason, until=until, evidence=evidence)[0]


def rule_on_cases(
    application: Application,
    names: Sequence[str],
    kind: RulingKind,
    reason: str,
    *,
    until: date | None = None,
    evidence: Path | None = None,
) -> list[Checked]:
    """Rule on cases, once and alike, on all or none. Only for coordinators.

    Return the verdicts with the rulings. NotAllowed unless each photo is unclear today on exactly
    the facts of its case; a refused photo cannot be ruled on. The rulings expire after the day
    `until`. The reason is stored with them and never written to the ledger.
    """
    with application.changing(COORDINATORS) as work:
        numbers = [id_of(case) for case in find_cases(work.session, names)]
        cases = cases_with_details(work.session, numbers)
        written = require_reason(reason)
        _refuse_second_ruling(cases)
        require_four_eyes(work, list({id_of(each.photo): each.photo for each in cases}.values()))
        _require_coming_day(work, until)
        now = case_verdicts(work, cases)
        for each in cases:
            _require_same_facts(each, now[id_of(each.case)])
        document = work.store_evidence(evidence)
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
        return [ruled[number] for number in numbers]


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
                },
            )
            for each, ruling in zip(cases, rulings, strict=True)
        ],
    )


def _refuse_second_ruling(cases: Sequence[CaseDetails]) -> None:
    ruled = [each.case.id for each in cases if each.ruling is not None]
    if ruled:
        raise NotAllowed(
            N_("{case} is already ruled on"),
            N_(
                "A ruling is never changed. It becomes void when a fact changes: then ask for "
                "approval again."
            ),
            case=", ".join(human_ids(Kind.CASE, ruled)),
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
            case=human_id(Kind.CASE, details.case.id),
            channel=details.channel.name,
        )


def _is_void(case: Case, now: Checked) -> bool:
    """Have the facts changed since, by an entry or with time (an expiry, a birthday)?"""
    return case.voided_at is not None or case.facts_digest != now.digest


def _case_row(work: UnitOfWork, details: CaseDetails, now: Checked) -> CaseRow:
    case, ruling = details.case, details.ruling
    state = CaseState.RULED if ruling else CaseState.OPEN
    if _is_void(case, now):
        state = CaseState.VOID
    elif ruling and ruling.has_expired_on(work.today):
        state = CaseState.LAPSED
    return CaseRow(
        case=human_id(Kind.CASE, case.id),
        photo=human_id(Kind.PHOTO, case.photo_id),
        channel=details.channel.name,
        opened_at=case.opened_at,
        age_days=(work.now - case.opened_at).days,
        due_at=case.due_at,
        overdue=state is CaseState.OPEN and case.due_at < work.now,
        codes=split_codes(case.codes),
        state=state,
        ruling=ruling.kind if ruling else None,
    )


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
