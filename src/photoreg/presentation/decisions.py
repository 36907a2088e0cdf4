"""Cases and flags as rows, the reasons for flags, and what followed from changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from photoreg.presentation.causes.cause_rows import id_ranges, photo_ranges
from photoreg.presentation.causes.causes import for_several
from photoreg.presentation.cells import NO_NAMES, safe, with_names
from photoreg.presentation.days import format_time
from photoreg.presentation.next_steps import next_step
from photoreg.registry.ids import Kind, human_id, parse_id
from photoreg.registry.tables.photos import FlagCause
from photoreg.services.decisions.approval import ApprovalResult
from photoreg.services.decisions.cases import CaseRow, CaseState, FullCase
from photoreg.services.decisions.flags import FlagDetails, FlagRow
from photoreg.services.unit_of_work import AffectedPublication, Reacted, StoppedCopy, VoidedCase
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_, _

_CAUSES = {
    FlagCause.LOOKS_ALIKE: N_("It looks like {like}, which is stopped."),
    FlagCause.OBJECTION: N_("{by} does not want {about} to be shown."),
    FlagCause.NOT_NAMED: N_("This photo was refused for {about}, who is not named in it."),
    FlagCause.REMOVED: N_(
        "{about} was removed from this photo while a refusal or withdrawal by {by} was in force "
        "({consent})."
    ),
    FlagCause.TAKEN_OUT: N_(
        "Somebody was removed from this photo, or its photographer replaced, while a refusal, a "
        "withdrawal or a publication block was in force."
    ),
    FlagCause.CARRIED_OVER: N_(
        "It was stopped in the registry that a backup replaced, by something that the backup lacks."
    ),
}
"""The reasons for which photoreg itself raises a flag."""


ENDED = {
    CaseState.VOID: N_("The facts have changed since, so the case is void."),
    CaseState.SETTLED: N_(
        "The facts have changed so that the photos may be published. The case is closed, and no "
        "ruling is needed."
    ),
    CaseState.LAPSED: N_("The ruling has expired."),
    CaseState.CORRECTED: N_("The ruling was wrong; a later one corrects it."),
}
"""Why a case waits for no ruling, although there is none that counts."""

_ASK_FOR_A_RULING = frozenset({NextAction.APPROVE, NextAction.CASE_SHOW})


def steps_to_end(whole: FullCase) -> list[tuple[NextStep, bool]]:
    """Return the steps that end a case without a ruling, and whether each photo needs its own."""
    numbers = [n for photo in whole.row.photos if (n := parse_id(Kind.PHOTO, photo))]
    steps = [next_step(finding, whole.now) for finding in whole.now.verdict.findings]
    found = [step for step in steps if step and step.action not in _ASK_FOR_A_RULING]
    return [for_several(step, numbers, None) for step in found]


def step_to_answer_case(whole: FullCase) -> NextStep | None:
    """Return the step that answers what the findings on the photos of a case ask, if anything."""
    steps = [next_step(finding, whole.now) for finding in whole.now.verdict.findings]
    questions = [
        name
        for step in steps
        if step and step.action is NextAction.PHOTO_ANSWER
        for name in step.question
    ]
    if not questions:
        return None
    return NextStep.to(NextAction.PHOTO_ANSWER, *questions, photo=" ".join(whole.row.photos))


def case_row(row: CaseRow, layout: str, names: Mapping[str, str] = NO_NAMES) -> dict[str, Any]:
    """Return a case as a row of the view CASES; `names` stand beside the ids, for people."""
    return {
        "case": row.case,
        "photo": row.photo if layout != "table" else id_ranges(row.photos),
        "photos": list(row.photos),
        "channel": row.channel,
        "opened_at": format_time(row.opened_at, layout),
        "age_days": row.age_days,
        "due_at": format_time(row.due_at, layout),
        "overdue": row.overdue,
        "codes": row.codes,
        "persons": with_names(row.persons, names),
        "state": row.state,
        "ruling": row.ruling,
    }


def flag_row(row: FlagRow, layout: str) -> dict[str, Any]:
    """Return a flag as a row of the view FLAGS."""
    return {
        "flag": row.flag,
        "photo": row.photo,
        "by": row.by,
        "raised_at": format_time(row.raised_at, layout),
        "raised_by": row.raised_by,
        "due_at": format_time(row.due_at, layout),
        "overdue": row.overdue,
        "state": row.state,
    }


def why_flagged(whole: FlagDetails) -> str:
    """Return why a flag was raised: the reason given, or what photoreg found."""
    if whole.cause is FlagCause.REPORTED:
        return safe(whole.reason)
    return _(_CAUSES[whole.cause]).format(
        like=whole.like, by=whole.person, about=whole.about, consent=whole.consent or "-"
    )


def approved_lines(answers: Sequence[ApprovalResult]) -> Iterator[str]:
    """Yield the photos that were approved, and the cases that wait for a ruling."""
    text = _("{photo} (decision {decision})")
    approved = [
        text.format(
            photo=human_id(Kind.PHOTO, each.checked.photo_id),
            decision=human_id(Kind.DECISION, each.decision_id),
        )
        for each in answers
        if each.decision_id
    ]
    if approved:
        yield _("Approved: {photos}.").format(photos=", ".join(approved))
    waiting: dict[int, list[int]] = {}
    for checked in (each.checked for each in answers if not each.decision_id):
        if checked.case_id and checked.ruling is None:
            waiting.setdefault(checked.case_id, []).append(checked.photo_id)
    for case, photos in waiting.items():
        text = _("Waiting for the communications coordinator: case {case} ({photos}).")
        yield text.format(case=human_id(Kind.CASE, case), photos=photo_ranges(photos))


VOID = N_("Void, because the facts have changed; a photo to be published needs a new approval:")
SETTLED = N_("Closed, because the photos may now be published without a ruling; approve them:")
TO_TAKE_DOWN = N_("To be taken down:")
IN_PRINT = N_("In print or with the press, cannot be recalled:")
"""What is told before the cases, or publications, that a change has affected."""


def reacted_lines(reacted: Reacted) -> Iterator[str]:
    """Yield what followed from changes, each in one line."""
    if reacted.second_looks:
        yield second_looks_asked(reacted.second_looks)
    yield from map(copy_stopped, reacted.copies)
    for cases in by_case(reacted.cases).values():
        yield f"{_(SETTLED if cases[0].is_settled else VOID)} {case_line(cases).strip()}"
    for each in reacted.publications:
        yield f"{_(TO_TAKE_DOWN if each.recallable else IN_PRINT)} {affected_line(each).strip()}"


def second_looks_asked(photos: Iterable[str]) -> str:
    """Return which photos a change stops until a colleague has looked at them."""
    return _(
        "Refused until a colleague has looked and confirmed the new answer (RG_SECOND_LOOK): "
        "{photos}"
    ).format(photos=", ".join(photos))


def copy_stopped(copy: StoppedCopy) -> str:
    """Return that a photo was stopped as a near-duplicate of a stopped one."""
    text = _(
        "stopped by flag {flag}: it looks like {like}, which is stopped. The coordinator examines "
        "it."
    )
    return f"{copy.photo}: {text.format(flag=copy.flag, like=copy.similar_to)}"


def by_case(cases: Iterable[VoidedCase]) -> dict[str, list[VoidedCase]]:
    """Return cases, each with its photos; all of one case are for one use."""
    found: dict[str, list[VoidedCase]] = {}
    for each in cases:
        found.setdefault(each.case, []).append(each)
    return found


def case_line(photos: Sequence[VoidedCase]) -> str:
    """Return a case, the photos for which it became void, and their channel."""
    text = _("  {case}: {photo} for {channel}")
    shown = id_ranges(each.photo for each in photos)
    return text.format(case=photos[0].case, photo=shown, channel=photos[0].channel)


def affected_line(each: AffectedPublication) -> str:
    """Return a publication that is no longer allowed, with the task to take it down."""
    text = _("  {photo} in {channel}, {address} ({publication})")
    if each.recallable:
        text = _("  {task}: {photo} on {channel}, {address} ({publication})")
    return text.format(
        task=each.task,
        photo=each.photo,
        channel=each.channel,
        address=safe(each.address),
        publication=each.publication,
    )
