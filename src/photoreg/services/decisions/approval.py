"""Approve photos: store decisions with their facts, and open cases for unclear photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypedDict

from photoreg.registry.ids import Kind, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.cases import open_cases_by_cause
from photoreg.registry.rows import add_all
from photoreg.registry.tables.cases import Case, RulingKind
from photoreg.registry.tables.publications import Decision, DecisionFor
from photoreg.rulebook.facts import Mode, Purpose, to_data
from photoreg.rulebook.verdict import RULES_VERSION, Outcome
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.unit_of_work import UnitOfWork, current_policy


@dataclass(frozen=True, slots=True)
class ApprovalResult:
    """The result of a request for approval: a decision, a case for the coordinator, or neither."""

    checked: Checked
    decision_id: int | None = None


class _UseColumns(TypedDict):
    """The columns that decisions and cases share: photo, use, facts and rules."""

    photo_id: int
    channel_id: int
    mode: Mode
    purpose: Purpose
    day: date
    facts: Any
    facts_digest: str
    codes: str
    rules_version: str
    policy_version: int


def approve(
    application: Application, photos: Sequence[str], asked: AskedUse
) -> list[ApprovalResult]:
    """Store a decision for each photo that may be published; open a case for each unclear one.

    Refusals are logged with their codes. Nothing here can soften a verdict. Changed files, and
    those never looked at, are looked at first, and all documents are compared with their content.
    """
    refresh_files(application, photos)
    documents = look_at_evidence(application, photos, by_hash=True)
    with application.changing() as work:
        checked = check_named(work, photos, asked, documents)
        allowed = [each for each in checked if each.is_allowed]
        decisions = record_decisions(work, allowed, DecisionFor.APPROVAL)
        pairs = zip(allowed, decisions, strict=True)
        decision_of = {each.photo_id: decision for each, decision in pairs}
        _log_approved(work, allowed, decision_of)
        others = [each for each in checked if not each.is_allowed]
        case_of = _open_cases(
            work, [each for each in others if each.outcome is Outcome.UNCLEAR and _needs_case(each)]
        )
        _log_not_approved(work, others)
        return [_approval_result(each, decision_of, case_of) for each in checked]


def _approval_result(
    checked: Checked, decision_of: Mapping[int, int], case_of: Mapping[int, int]
) -> ApprovalResult:
    if checked.is_allowed:
        return ApprovalResult(checked, decision_id=decision_of[checked.photo_id])
    case_id = case_of.get(checked.photo_id, checked.case_id)
    ruling = None if _needs_case(checked) else checked.ruling
    return ApprovalResult(replace(checked, case_id=case_id, ruling=ruling))


def _needs_case(checked: Checked) -> bool:
    """Return whether there is neither a ruling nor an open case on these facts.

    A ruling that asks for more facts counts as none.
    """
    return checked.case_id is None or checked.ruling is RulingKind.NEEDS_FACTS


def _log_approved(
    work: UnitOfWork, allowed: Sequence[Checked], decision_of: Mapping[int, int]
) -> None:
    work.log_all(
        Action.PHOTO_APPROVED,
        Kind.PHOTO,
        [
            (
                each.photo_id,
                {
                    "channel": each.channel_id,
                    "decision": decision_of[each.photo_id],
                    "facts": each.digest,
                },
            )
            for each in allowed
        ],
    )


def _log_not_approved(work: UnitOfWork, others: Sequence[Checked]) -> None:
    work.log_all(
        Action.PHOTO_NOT_APPROVED,
        Kind.PHOTO,
        [
            (each.photo_id, {"channel": each.channel_id, "codes": each.verdict.listed_codes})
            for each in others
        ],
    )


SHARED_CAUSES = frozenset(
    {
        *("CR_EMPLOYEE_NO_AGREEMENT", "CR_PERMISSION_UNDOCUMENTED", "CR_MINOR_PHOTOGRAPHER"),
        *("MI_AGE_UNKNOWN", "MI_GUARDIANS_UNKNOWN", "MI_CHILD_VIEW_MISSING", "MI_NOW_ADULT"),
        "CN_CAPACITY_DOUBT",
    }
)
"""The reasons that lie in what is known of a person, and not in what a photo shows."""


def cause_of(checked: Checked) -> str:
    """Return what makes a photo unclear, if other photos can be unclear for the same; else ""."""
    found = [
        (each.code, each.person or ",".join(checked.photographers))
        for each in checked.verdict.findings
    ]
    if not all(code in SHARED_CAUSES and persons for code, persons in found):
        return ""
    return ";".join(sorted(f"{code} {persons}" for code, persons in found))


def _open_cases(work: UnitOfWork, unclear: Sequence[Checked]) -> dict[int, int]:
    """Open a case for each cause of these photos, or add them to one; return the cases by photo."""
    if not unclear:
        return {}
    _, policy = current_policy(work.session)
    cases = [
        Case(
            **use_columns(each),
            cause=cause_of(each),
            opened_at=work.now,
            opened_by=work.actor.id,
            due_at=work.now + timedelta(hours=policy.response_target_hours),
        )
        for each in unclear
    ]
    _add_by_cause(work, cases)
    work.log_all(
        Action.CASE_OPENED,
        Kind.CASE,
        [
            (
                case.id,
                {
                    "photo": each.photo_id,
                    "codes": each.verdict.codes,
                    "facts": each.digest,
                },
            )
            for case, each in zip(cases, unclear, strict=True)
        ],
    )
    return {case.photo_id: case.number for case in cases}


def _add_by_cause(work: UnitOfWork, cases: Sequence[Case]) -> None:
    """Add cases, those of one cause to the one that is open, or that the first of them opens."""
    [use] = {(case.channel_id, case.mode, case.purpose) for case in cases}
    leading = open_cases_by_cause(work.session, use, {case.cause for case in cases})
    first = {case.cause: case for case in reversed(cases) if case.cause not in leading}
    alone = [case for case in cases if not case.cause or first.get(case.cause) is case]
    add_all(work.session, alone)
    others = [case for case in cases if case.cause and first.get(case.cause) is not case]
    for case in others:
        case.leading_id = leading.get(case.cause) or id_of(first[case.cause])
    add_all(work.session, others)


def record_decision(work: UnitOfWork, checked: Checked, made_for: DecisionFor) -> int:
    """Store the decision on a photo with its facts; return its number."""
    return record_decisions(work, [checked], made_for)[0]


def record_decisions(
    work: UnitOfWork, checked: Sequence[Checked], made_for: DecisionFor
) -> list[int]:
    """Store the decisions on photos with their facts; return their numbers.

    INVARIANT: only for photos that may be published; a table constraint enforces it too.
    """
    refused = [each.outcome for each in checked if not each.is_allowed]
    if refused:
        raise AssertionError(refused)
    decisions = [
        Decision(
            **use_columns(each),
            made_for=made_for,
            outcome=each.verdict.outcome,
            ruling_id=each.ruling_id if each.verdict.outcome is Outcome.UNCLEAR else None,
            decided_at=work.now,
            decided_by=work.actor.id,
        )
        for each in checked
    ]
    add_all(work.session, decisions)
    return [id_of(decision) for decision in decisions]


def use_columns(checked: Checked) -> _UseColumns:
    """Return the columns of a decision or a case on a photo as it was checked."""
    return _UseColumns(
        photo_id=checked.photo_id,
        channel_id=checked.channel_id,
        mode=checked.use.mode,
        purpose=checked.use.purpose,
        day=checked.use.day,
        facts=to_data(checked.facts),
        facts_digest=checked.digest,
        codes=";".join(checked.verdict.codes),
        rules_version=RULES_VERSION,
        policy_version=checked.policy_version,
    )
