"""The next step for each reason: the action, its ids, and the inputs to ask for."""

from dataclasses import dataclass

from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.facts import Answer, Basis, People
from photoreg.rulebook.people import BIRTH_DATE
from photoreg.rulebook.reasons import Family, Finding, Severity
from photoreg.rulebook.situation import Situation
from photoreg.services.decisions.evaluation import WITHDRAWALS, Checked, unusual_use
from photoreg.steps import NextAction, NextStep


@dataclass(frozen=True, slots=True)
class Plan:
    """How to resolve a reason: the action, its known arguments, and the inputs to ask for."""

    action: NextAction
    known: tuple[str, ...] = ()
    question: tuple[str, ...] = ()

    def asking(self, *question: str) -> "Plan":
        """Return the plan with further inputs to ask for."""
        return Plan(self.action, self.known, (*self.question, *question))


# INVARIANT: a yes is recorded for this photo, channel and purpose alone: never for more than asked.
_RECORD = Plan(
    NextAction.CONSENT_RECORD,
    ("person", "by", "photo", "needed_channel", "other_purpose"),
    ("on", "until", "evidence"),
)
_GRANT = Plan(
    NextAction.PERMISSION_GRANT,
    ("photographer", "photo", "needed_channel", "other_purpose"),
    ("photographer", "on", "until", "evidence"),
)
_ANSWER = Plan(NextAction.PHOTO_ANSWER, ("photo",))
_APPROVE = Plan(NextAction.APPROVE, ("photo", "channel", "other_purpose", "other_mode"))
_PUBLISHED = Plan(NextAction.PUBLICATION_LIST, ("photo",))
_ANOTHER_PHOTO = None

PLANS: dict[str, Plan | None] = {
    "CR_NO_PERMISSION": _GRANT,
    "CR_PHOTOGRAPHER_UNKNOWN": _ANSWER.asking("photographer"),
    "CR_PERMISSION_REVOKED": _PUBLISHED,
    "CR_PERMISSION_EXPIRED": _GRANT,
    "CR_SCOPE_CHANNEL": _GRANT,
    "CR_SCOPE_PURPOSE": _GRANT,
    "CR_CREDIT_MISSING": _ANSWER.asking("credit"),
    "CR_COMMISSIONER_CONSENT_MISSING": _ANSWER.asking("commissioner"),
    "CR_TERM_RUNNING": _ANSWER.asking("basis"),
    "CR_PERMISSION_UNDOCUMENTED": _GRANT,
    "CR_EMPLOYEE_NO_AGREEMENT": _GRANT.asking("basis"),
    "CR_TERM_UNCERTAIN": _ANSWER.asking("taken_year", "photographer_died_year"),
    "CU_SOURCE_UNLAWFUL": _ANOTHER_PHOTO,
    "CU_LINK_EMBED_SHARE": _APPROVE,
    "MD_RIGHTS_INFO_REMOVED": Plan(NextAction.METADATA_WRITE, ("photo",)),
    "MD_ARTIST_CONFLICT": _ANSWER.asking("photographer"),
    "CR_LICENCE_TERMS": _GRANT,
    "CR_TERM_CONTRADICTED": _ANSWER.asking("taken_year", "basis"),
    "CR_MINOR_PHOTOGRAPHER": _GRANT.asking("by"),
    "CR_DEPICTED_WORK": _ANSWER.asking("depicted_work"),
    "MD_AI_GENERATED": _APPROVE,
    "RG_COPY_DIFFERS": Plan(NextAction.PHOTO_SERIES, ("photo",)),
    "RG_PEOPLE_NAMED": Plan(NextAction.PHOTO_TAG, ("photo",), ("person",)),
    "RG_FACES_FOUND": _ANSWER.asking("people", "recognisable_count"),
    "RG_EVIDENCE_DAMAGED": Plan(NextAction.EVIDENCE_RESTORE, (), ("file",)),
    "RG_CLOCK": _ANOTHER_PHOTO,
    "RG_ERASED": _ANOTHER_PHOTO,
    "RG_INCOMPLETE": _ANSWER,
    "RG_FLAGGED": Plan(NextAction.FLAG_LIST, ("photo",)),
    "RG_SECOND_LOOK": Plan(NextAction.PHOTO_CONFIRM, ("photo",)),
    "RG_RULE_FAILED": _ANOTHER_PHOTO,
    "RG_STOPPED": None,
    "PE_RECOGNISABILITY_UNSURE": _ANSWER.asking("people"),
    "PE_UNREGISTERED_PERSON": Plan(NextAction.PHOTO_TAG, ("photo",), ("person",)),
    "PE_RECOGNISABLE_IN_GENERAL_VIEW": _APPROVE,
    "PE_PUBLIC_ROLE": _APPROVE,
    "PE_DECEASED": _APPROVE,
    "CN_NO_CONSENT": _RECORD,
    "CN_UNDOCUMENTED": _RECORD,
    "CN_EXPIRED": _RECORD,
    "CN_SCOPE_CHANNEL": _RECORD,
    "CN_SCOPE_PURPOSE": _RECORD,
    "CN_REFUSED": _ANOTHER_PHOTO,
    "CN_WITHDRAWN": _PUBLISHED,
    "CN_CAPACITY_DOUBT": _APPROVE,
    "PR_SENSITIVE_CONTEXT": _APPROVE,
    "CF_CARE_RECOGNISABLE": _RECORD,
    "CF_PUBLICATION_BLOCK": _ANOTHER_PHOTO,
    "CF_CARE_CLIENT": _RECORD.asking("releases_confidential"),
    "CF_PUPIL_WELFARE": _ANOTHER_PHOTO,
    "CF_INTERNAL": Plan(NextAction.PHOTO_ADD_VERSION, ("photo",), ("file",)),
    "CF_UNSURE": _ANSWER.asking("confidentiality"),
    "PL_NOT_PUBLIC": _ANSWER.asking("place_permission"),
    "PL_UNKNOWN": _ANSWER.asking("place"),
    "CH_CLOSED_WORK_GROUP": _ANOTHER_PHOTO,
    "CH_TERMS_CHANGED": _APPROVE,
    "MI_AGE_UNKNOWN": Plan(NextAction.PERSON_CHANGE, ("person",), ("born",)),
    "MI_NOW_ADULT": _RECORD,
    "MI_CHILD_OPPOSES": _ANOTHER_PHOTO,
    "MI_CHILD_VIEW_MISSING": _RECORD,
    "MI_GUARDIAN_REFUSED": _ANOTHER_PHOTO,
    "MI_GUARDIAN_WITHDRAWN": _PUBLISHED,
    "MI_GUARDIAN_CONSENT_MISSING": _RECORD,
    "MI_GUARDIAN_PARTIAL": _RECORD,
    "MI_GUARDIANS_UNKNOWN": Plan(NextAction.PERSON_CHANGE, ("person",), ("guardians",)),
    "MI_CONSENTER_NOT_GUARDIAN": Plan(
        NextAction.GUARDIAN_VERIFY, ("person", "guardian"), ("guardian", "how")
    ),
    "PR_SENSITIVE_MINOR": _ANOTHER_PHOTO,
}
"""The plan for each blocking reason; None where only another photo helps."""

QUESTIONS_OF_A_PHOTO = frozenset(
    {
        *("photographer", "basis", "commissioner", "place", "shot", "confidentiality", "people"),
        *("context_identifies", "sensitive", "recognisable_count"),
    }
)
"""The open questions that are settled by an answer about the photo."""

_STATEMENTS = (_RECORD, _GRANT)
_LIFTED_BY = {
    "CN_REFUSED": _RECORD,
    "CN_WITHDRAWN": _RECORD,
    "MI_CHILD_OPPOSES": _RECORD,
    "MI_GUARDIAN_REFUSED": _RECORD,
    "MI_GUARDIAN_WITHDRAWN": _RECORD,
    "CR_PERMISSION_REVOKED": _GRANT,
}
"""The refusals; one that names whom to ask stands only because a later yes is wider."""

_GUARDIANS_ANSWER = frozenset({"MI_GUARDIAN_CONSENT_MISSING", "MI_GUARDIAN_PARTIAL"})
"""The reasons for a guardian's missing answer; the guardian may not be recorded yet."""


def next_step(finding: Finding, checked: Checked) -> NextStep | None:
    """Return the next step for a finding, or None if nothing that could be recorded would help."""
    plan = None if finding.reason.severity is Severity.NOTICE else PLANS[finding.code]
    if finding.code in WITHDRAWALS and not checked.is_published:
        plan = None  # all of it was taken down, or none was ever published
    if finding.ask and finding.code in _LIFTED_BY:
        plan = _LIFTED_BY[finding.code]
    if finding.code == "CR_NO_PERMISSION" and checked.facts.basis is Basis.KNOWN_UNLAWFUL:
        plan = _ANSWER.asking("basis")  # whatever is permitted, a source known to be unlawful stays
    if plan is None or (plan in _STATEMENTS and not checked.use.channel.is_permitted):
        return None
    if finding.code == "RG_EVIDENCE_DAMAGED" and checked.needs_folder:
        return None  # the remedy is to connect the folder
    if finding.person in checked.erased:  # nothing can be recorded about them
        return NextStep.to(NextAction.PERSON_SHOW, person=finding.person or "")
    if finding.code == "CF_CARE_CLIENT" and finding.person is None:
        return _name_everybody(checked)
    if plan is _APPROVE and checked.case_id is not None:
        return NextStep.to(NextAction.CASE_SHOW, case=human_id(Kind.CASE, checked.case_id))
    return _step(finding, checked, plan)


def _step(finding: Finding, checked: Checked, plan: Plan) -> NextStep | None:
    """Turn a plan into a step, limited to the people who should be asked and can be."""
    ask, verify = _who_is_there(finding.ask, checked), _who_is_there(finding.verify, checked)
    if plan.action is NextAction.CONSENT_RECORD and BIRTH_DATE in finding.detail:
        return NextStep.to(NextAction.PERSON_CHANGE, BIRTH_DATE, person=finding.person or "")
    if finding.code in _GUARDIANS_ANSWER and not ask:
        return _without_anybody_to_ask(finding, verify)
    if plan.action in {NextAction.CONSENT_RECORD, NextAction.PERMISSION_GRANT} and (
        finding.person and not ask
    ):
        return _guardians_of(finding) if finding.ask else None
    open_ = [name for name in finding.detail if name in QUESTIONS_OF_A_PHOTO]
    if plan.action is NextAction.PHOTO_CONFIRM:
        open_ = [*checked.asked_again]
    if finding.code == "RG_INCOMPLETE" and not open_:
        return _beside_the_photo(finding, checked)
    return NextStep.to(
        plan.action,
        *plan.question,
        *open_,
        **_arguments(finding, checked, plan, (*ask, *verify)),
    )


def _name_everybody(checked: Checked) -> NextStep | None:
    """Return the step by which those shown are named, of whom each must release it."""
    if checked.facts.people is not People.RECOGNISABLE:
        return None
    return NextStep.to(NextAction.PHOTO_TAG, "person", photo=human_id(Kind.PHOTO, checked.photo_id))


def _arguments(
    finding: Finding, checked: Checked, plan: Plan, who: tuple[str, ...]
) -> dict[str, str]:
    use, person = checked.use, finding.person or ""
    first = who[0] if who else ""
    values = {
        "photo": human_id(Kind.PHOTO, checked.photo_id),
        "person": person,
        "by": first if first != person else "",
        "guardian": first,
        "photographer": person or next(iter(checked.photographers), ""),
        "channel": checked.channel_name,
        "needed_channel": _channel_to_ask(finding, checked, first),
        "purpose": use.purpose,
        **{f"other_{name}": value for name, value in unusual_use(use.purpose, use.mode).items()},
    }
    # `needed_channel` and `other_purpose` are values for the inputs `channel` and `purpose`.
    return {name.rpartition("_")[2]: str(values[name]) for name in plan.known}


def _channel_to_ask(finding: Finding, checked: Checked, who: str) -> str:
    """Return the channel of which somebody's yes is needed: a public page for a closed group."""
    situation = Situation(checked.facts, checked.use, checked.policy)
    answer, is_permission = _answer_of(finding, checked, who)
    channel = situation.channel_to_ask(answer, is_permission=is_permission)
    return channel.name or str(channel.kind)


def _answer_of(finding: Finding, checked: Checked, who: str) -> tuple[Answer, bool]:
    """Return what somebody has said, as a photographer or about who is shown, and which it is."""
    if finding.reason.family is Family.COPYRIGHT:
        given = (each for each in checked.facts.permissions if each.holder == who)
        return next((each.answer for each in given), Answer()), True
    said = [
        answer
        for person in checked.facts.persons
        if person.person == finding.person
        for speaker, answer in (
            (person.person, person.own),
            *((each.guardian, each.as_guardian().answer) for each in person.guardians),
        )
        if speaker == who
    ]
    return said[-1] if said else Answer(), False


def _who_is_there(persons: tuple[str, ...], checked: Checked) -> tuple[str, ...]:
    """Return the persons who are not erased: nothing can be recorded about erased ones."""
    return tuple(person for person in persons if person not in checked.erased)


def _guardians_of(finding: Finding) -> NextStep:
    return NextStep.to(NextAction.GUARDIAN_LIST, person=finding.person or "")


def _beside_the_photo(finding: Finding, checked: Checked) -> NextStep:
    """Return the step for open questions that are not about the photo itself."""
    if "capacity" in finding.detail:
        adults = Situation(checked.facts, checked.use, checked.policy).adults
        who = next(person.person for person in adults if person.capacity is None)
        return NextStep.to(NextAction.PERSON_CHANGE, "capacity", person=who)
    if "picture" in finding.detail:
        return NextStep.to(NextAction.PHOTO_REGISTER, "file")
    return NextStep.to(NextAction.PHOTO_SHOW, photo=human_id(Kind.PHOTO, checked.photo_id))


def _without_anybody_to_ask(finding: Finding, verify: tuple[str, ...]) -> NextStep:
    """Return the step if a guardian's answer is missing and no guardian can be asked."""
    child = finding.person or ""
    if verify:
        return NextStep.to(NextAction.GUARDIAN_VERIFY, "how", person=child, guardian=verify[0])
    if finding.ask or finding.verify:
        return _guardians_of(finding)
    return NextStep.to(NextAction.GUARDIAN_ADD, "guardian", "basis", "how", person=child)
