"""Deciding: what may be published is recorded with its facts; what is unclear becomes a case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, id_of
from photoreg.registry.records import add, add_all
from photoreg.registry.tables.cases import Case, RulingKind
from photoreg.registry.tables.publications import Decision, DecisionFor
from photoreg.rulebook.facts import as_data
from photoreg.rulebook.verdict import RULES_VERSION, Outcome
from photoreg.services.checking import AskedUse, Checked, check_named
from photoreg.services.workplace import Desk, Workplace, current_policy


@dataclass(frozen=True, slots=True)
class Approved:
    """The answer to a request for approval: a decision, or a case for the coordinator, or no."""

    checked: Checked
    decision_id: int | None = None


def approve(workplace: Workplace, photos: Sequence[str], asked: AskedUse) -> list[Approved]:
    """Store a decision for each photo that may be published; open a case for each unclear one.

    A refusal is written to the ledger with its codes. Nothing here can soften a verdict.
    """
    with workplace.changing() as desk:
        return [_approve(desk, checked) for checked in check_named(desk, photos, asked)]


def _approve(desk: Desk, checked: Checked) -> Approved:
    if checked.is_allowed:
        decision = record_decision(desk, checked, DecisionFor.APPROVAL)
        desk.log(
            Action.PHOTO_APPROVED,
            Kind.PHOTO,
            checked.photo_id,
            channel=checked.channel_id,
            decision=decision,
            facts=checked.digest,
        )
        return Approved(checked, decision_id=decision)
    case_id = checked.case_id
    needs_case = case_id is None or checked.ruling is RulingKind.NEEDS_FACTS
    if checked.outcome is Outcome.UNCLEAR and needs_case:
        case_id = _open_case(desk, checked)
    desk.log(
        Action.PHOTO_NOT_APPROVED,
        Kind.PHOTO,
        checked.photo_id,
        channel=checked.channel_id,
        codes=checked.verdict.listed_codes,
    )
    return Approved(
        replace(checked, case_id=case_id, ruling=None if needs_case else checked.ruling)
    )


def _open_case(desk: Desk, checked: Checked) -> int:
    _, policy = current_policy(desk.session)
    case = Case(
        **_use_columns(checked),
        opened_at=desk.now,
        opened_by=desk.actor.id,
        due_at=desk.now + timedelta(hours=policy.response_target_hours),
    )
    case_id = add(desk.session, case)
    desk.log(
        Action.CASE_OPENED,
        Kind.CASE,
        case_id,
        photo=checked.photo_id,
        codes=checked.verdict.codes,
        facts=checked.digest,
    )
    return case_id


def record_decision(desk: Desk, checked: Checked, made_for: DecisionFor) -> int:
    """Store what was decided and on which facts; return the decision's number."""
    return record_decisions(desk, [checked], made_for)[0]


def record_decisions(desk: Desk, checked: Sequence[Checked], made_for: DecisionFor) -> list[int]:
    """Store what was decided of photos and on which facts; return the decisions' numbers.

    INVARIANT: only for what is allowed; the table refuses anything else as well.
    """
    refused = [each.outcome for each in checked if not each.is_allowed]
    if refused:
        raise AssertionError(refused)
    decisions = [
        Decision(
            **_use_columns(each),
            made_for=made_for,
            outcome=each.verdict.outcome,
            ruling_id=each.ruling_id if each.verdict.outcome is Outcome.UNCLEAR else None,
            decided_at=desk.now,
            decided_by=desk.actor.id,
        )
        for each in checked
    ]
    add_all(desk.session, decisions)
    return [id_of(decision) for decision in decisions]


def _use_columns(checked: Checked) -> dict[str, Any]:
    return {
        "photo_id": checked.photo_id,
        "channel_id": checked.channel_id,
        "mode": checked.use.mode,
        "purpose": checked.use.purpose,
        "day": checked.use.day,
        "facts": as_data(checked.facts),
        "facts_digest": checked.digest,
        "codes": ";".join(checked.verdict.codes),
        "rules_version": RULES_VERSION,
        "policy_version": checked.policy_version,
    }
