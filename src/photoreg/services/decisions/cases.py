"""Ruling: the communications coordinator's reasoned word on an unclear photo, and on nothing else.

A ruling is bound to exactly the facts of its case (`Checked.digest`): as soon as one of them
changes it is void by itself, and the photo is asked about anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from photoreg.errors import InputDataError, NotAllowed
from photoreg.registry.facts.builder import rights_holders
from photoreg.registry.ids import Kind, human_id, id_of, name_key
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import the_case
from photoreg.registry.queries.cases import Filed, filed_case, filed_cases, rulings_like
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.rows import add
from photoreg.registry.tables.cases import Case, Ruling, RulingKind
from photoreg.registry.tables.people import Staff
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import CARE_PLACES, PUBLIC_PLACES, PersonFacts, Place
from photoreg.rulebook.verdict import Outcome
from photoreg.services.decisions.case_verdicts import verdicts_on_cases
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.inputs import free_text
from photoreg.services.unit_of_work import COORDINATORS, Desk, Workplace, current_policy
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

LONGEST_REASON = 4000
MOST_SIMILAR = 5
"""How many earlier rulings are shown beside a case."""


class CaseState(StrEnum):
    """Where a case stands. Void: the facts have changed since, so nothing said on it counts.

    Lapsed: it was ruled on until a day that has passed.
    """

    OPEN = "open"
    VOID = "void"
    LAPSED = "lapsed"
    RULED = "ruled"


class PlaceClass(StrEnum):
    """Kinds of places, for finding rulings on photos that are alike."""

    PUBLIC = "public"
    CARE = "care"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the coordinator's list; a flag is one too, and concerns every channel."""

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
    """A ruling as it is read: what, why, by whom, when, until when, and its evidence's hash."""

    case: str
    photo: str
    kind: RulingKind
    reason: str
    by: str
    at: datetime
    until: date | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Everything about one case: the facts when it was opened, and the verdict now.

    `similar` are the newest rulings on cases with the same codes at the same class of places.
    """

    row: CaseRow
    opened_by: str
    facts: dict[str, Any]
    now: Checked
    ruling: RulingRow | None
    place_class: PlaceClass
    similar: tuple[RulingRow, ...]


def case_rows(
    desk: Desk, channel_id: int | None = None, *, everything: bool = False
) -> list[CaseRow]:
    """Return the open cases, oldest first; with `everything` those that are closed after them."""
    rows: list[CaseRow] = []
    for some in filed_cases(desk.session, channel_id, ruled_too=everything):
        now = verdicts_on_cases(desk, some)
        rows += [_row(desk, each, now[id_of(each.case)]) for each in some]
    open_ones = [row for row in rows if row.state is CaseState.OPEN]
    return open_ones + [row for row in rows if everything and row.state is not CaseState.OPEN]


def show_case(workplace: Workplace, named: str) -> WholeCase:
    """Return everything about a case."""
    with workplace.reading() as desk:
        filed = filed_case(desk.session, id_of(the_case(desk.session, named)))
        now = verdicts_on_cases(desk, [filed])[id_of(filed.case)]
        logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
        return WholeCase(
            row=_row(desk, filed, now),
            opened_by=logins[filed.case.opened_by],
            facts=_readable(filed.case),
            now=now,
            ruling=_ruling_row(filed, logins),
            place_class=_place_class(desk, filed.case),
            similar=tuple(
                row for each in _similar(desk, filed.case) if (row := _ruling_row(each, logins))
            ),
        )


def _ruling_row(filed: Filed, logins: Mapping[int, str]) -> RulingRow | None:
    ruling = filed.ruling
    if ruling is None:
        return None
    return RulingRow(
        case=human_id(Kind.CASE, filed.case.id),
        photo=human_id(Kind.PHOTO, filed.photo.id),
        kind=ruling.kind,
        reason=ruling.reason,
        by=logins[ruling.ruled_by],
        at=ruling.ruled_at,
        until=ruling.valid_until,
        evidence=ruling.evidence,
    )


def _place_class(desk: Desk, case: Case) -> PlaceClass:
    place = case.facts["place"]
    return _class_of(desk, Place(place) if place else None)


def _class_of(desk: Desk, place: Place | None) -> PlaceClass:
    """A lobby of a care institution is care: what others ruled on streets says little of it."""
    if place in {None, Place.UNKNOWN}:
        return PlaceClass.UNKNOWN
    if place in CARE_PLACES:
        return PlaceClass.CARE
    is_public = place in PUBLIC_PLACES | current_policy(desk.session)[1].public_places
    return PlaceClass.PUBLIC if is_public else PlaceClass.OTHER


def _similar(desk: Desk, case: Case) -> list[Filed]:
    wanted = _place_class(desk, case)
    places = [place for place in (*Place, None) if _class_of(desk, place) is wanted]
    return rulings_like(desk.session, case, places, MOST_SIMILAR)


def draft(workplace: Workplace, named: str, like: str) -> RulingRow:
    """Return the ruling on a similar case, to be confirmed or not: nothing is ruled by itself."""
    with workplace.reading() as desk:
        case = the_case(desk.session, named)
        filed = filed_case(desk.session, id_of(the_case(desk.session, like)))
        logins = {id_of(staff): staff.login for staff in all_staff(desk.session)}
        row = _ruling_row(filed, logins)
        is_alike = case.codes == filed.case.codes and _place_class(desk, case) is _place_class(
            desk, filed.case
        )
        if row is None or not is_alike:
            raise NotAllowed(
                N_("{like} holds no ruling on a case like {case}"),
                N_("See which cases are alike."),
                step=NextStep.to(NextAction.CASE_SHOW, case=human_id(Kind.CASE, case.id)),
                like=human_id(Kind.CASE, filed.case.id),
                case=human_id(Kind.CASE, case.id),
            )
        return row


def rule_on(
    workplace: Workplace,
    named: str,
    kind: RulingKind,
    reason: str,
    *,
    until: date | None = None,
    evidence: Path | None = None,
) -> Checked:
    """Rule on a case and return the verdict with the ruling. Only a coordinator may, and only once.

    NotAllowed unless the photo is unclear now on exactly the facts of the case: nobody can rule on
    a refused photo. After the day `until` the ruling does not count. The reason is kept with the
    ruling and never written to the ledger.
    """
    with workplace.changing(COORDINATORS) as desk:
        filed = filed_case(desk.session, id_of(the_case(desk.session, named)))
        written = written_reason(reason)
        _refuse_second(filed)
        keep_four_eyes(desk, [filed.photo])
        _require_coming_day(desk, until)
        now = verdicts_on_cases(desk, [filed])[id_of(filed.case)]
        _require_same_facts(filed, now)
        ruling = Ruling(
            case_id=id_of(filed.case),
            kind=kind,
            reason=written,
            valid_until=until,
            evidence=desk.kept(evidence),
            ruled_at=desk.now,
            ruled_by=desk.actor.id,
        )
        add(desk.session, ruling)
        desk.log(
            Action.CASE_RULED,
            Kind.CASE,
            filed.case.id,
            photo=filed.photo.id,
            channel=filed.channel.id,
            ruling=kind,
            facts=now.digest,
            until=until,
            evidence=ruling.evidence,
        )
        return verdicts_on_cases(desk, [filed])[id_of(filed.case)]


def _refuse_second(filed: Filed) -> None:
    if filed.ruling is not None:
        raise NotAllowed(
            N_("{case} has been ruled on already"),
            N_("A ruling stays as it is. When a fact changes it is void: then ask again."),
            case=human_id(Kind.CASE, filed.case.id),
        )


def _require_coming_day(desk: Desk, until: date | None) -> None:
    if until is not None and until < desk.today:
        raise InputDataError(
            N_("the ruling would end on {until}, before it begins"),
            N_("Give a day that has not passed."),
            fields=("until",),
            until=until,
        )


def written_reason(reason: str) -> str:
    """Return the reason for a ruling, or a flag, on one line; InputDataError when there is none."""
    written = free_text(reason, LONGEST_REASON)
    if not written:
        raise InputDataError(
            N_("no reason is given"),
            N_("Write why, so that others can follow it."),
        )
    return written


def keep_four_eyes(desk: Desk, photos: Sequence[Photo]) -> None:
    """Refuse a ruling on photos that the coordinator took or registered (rulebook §6)."""
    if not current_policy(desk.session)[1].four_eyes:
        return
    staff = desk.session.get_one(Staff, desk.actor.id)
    holders = rights_holders(desk.session, photos)
    for photo in photos:
        took_it = any(
            holder.person_id is not None
            and (
                holder.person_id == staff.person_id or name_key(holder.name) == name_key(staff.name)
            )
            for holder in holders[id_of(photo)]
        )
        if took_it or photo.registered_by == desk.actor.id:
            raise NotAllowed(
                N_("you took or registered {photo}, so somebody else rules on it"),
                N_("Ask the other coordinator or the deputy (four eyes)."),
                photo=human_id(Kind.PHOTO, photo.id),
            )


def _require_same_facts(filed: Filed, now: Checked) -> None:
    photo = human_id(Kind.PHOTO, filed.photo.id)
    if now.verdict.outcome is Outcome.REFUSED:
        raise NotAllowed(
            N_("{photo} is refused now, and nobody can rule on a refused photo"),
            N_("It changes only when the recorded facts change: see what is missing."),
            step=NextStep.to(NextAction.CHECK, photo=photo, channel=filed.channel.name),
            photo=photo,
            channel=filed.channel.name,
        )
    if _is_void(filed.case, now) or now.verdict.outcome is not Outcome.UNCLEAR:
        raise NotAllowed(
            N_("the facts about {photo} have changed since {case} was opened"),
            N_("Ask for approval again."),
            step=NextStep.to(NextAction.APPROVE, photo=photo, channel=filed.channel.name),
            photo=photo,
            case=human_id(Kind.CASE, filed.case.id),
            channel=filed.channel.name,
        )


def _is_void(case: Case, now: Checked) -> bool:
    """Have the facts changed since: by somebody, or by themselves (an expiry, a birthday)?"""
    return case.voided_at is not None or case.facts_digest != now.digest


def _row(desk: Desk, filed: Filed, now: Checked) -> CaseRow:
    case, ruling = filed.case, filed.ruling
    state = CaseState.RULED if ruling else CaseState.OPEN
    if _is_void(case, now):
        state = CaseState.VOID
    elif ruling and ruling.is_over_on(desk.today):
        state = CaseState.LAPSED
    return CaseRow(
        case=human_id(Kind.CASE, case.id),
        photo=human_id(Kind.PHOTO, case.photo_id),
        channel=filed.channel.name,
        opened_at=case.opened_at,
        age_days=(desk.now - case.opened_at).days,
        due_at=case.due_at,
        overdue=state is CaseState.OPEN and case.due_at < desk.now,
        codes=split_codes(case.codes),
        state=state,
        ruling=ruling.kind if ruling else None,
    )


def _readable(case: Case) -> dict[str, Any]:
    """Return the facts of a case with ages instead of dates of birth, and without blocks."""
    return {**case.facts, "persons": [_readable_person(p, case.day) for p in case.facts["persons"]]}


def _readable_person(stored: dict[str, Any], day: date) -> dict[str, Any]:
    born = date.fromisoformat(stored["born"]) if stored["born"] else None
    age = PersonFacts(stored["person"], born=born).age_on(day)
    shown = {name: value for name, value in stored.items() if name not in {"born", "blocked"}}
    shown |= {"age": age, "deceased": stored["deceased"] or None}
    return shown if age is None else {**shown, "age_group": None}


def split_codes(stored: str) -> tuple[str, ...]:
    """Return reason codes as they were stored, one by one."""
    return tuple(code for code in stored.split(";") if code)
