"""The shortest next step for each reason: a command to type, with its ids filled in."""

from photoreg.registry.names import Kind, human_id
from photoreg.rulebook.facts import AnswerState
from photoreg.rulebook.policy import DEFAULT_POLICY
from photoreg.rulebook.reasons import Finding, Severity, Situation
from photoreg.services.checking import Checked

_RECORD = "photoreg consent record --for {person} --channel {channel} --until DAY --evidence FILE"
_RECORD_BY_GUARDIAN = _RECORD.replace("{person}", "{person} --by {guardian}")
_ADD_GUARDIAN = "photoreg guardian add {person} GUARDIAN --basis BASIS --verified HOW"
_GRANT = (
    "photoreg permission grant --photographer {holder} --channel {channel} --until DAY "
    "--evidence FILE"
)
_ANSWER = "photoreg photo answer {photo}"
_APPROVE = "photoreg approve {photo} --channel {channel}"
_ANOTHER_PHOTO = ""

STEPS: dict[str, str] = {
    "CR_NO_PERMISSION": _GRANT,
    "CR_PHOTOGRAPHER_UNKNOWN": _ANSWER + " --photographer NAME",
    "CR_PERMISSION_REVOKED": _GRANT,
    "CR_PERMISSION_EXPIRED": _GRANT,
    "CR_SCOPE_CHANNEL": _GRANT,
    "CR_SCOPE_PURPOSE": _GRANT + " --purpose {purpose}",
    "CR_CREDIT_MISSING": _ANSWER + " --credit NAME",
    "CR_COMMISSIONER_CONSENT_MISSING": _ANSWER + " --commissioner consented",
    "CR_TERM_RUNNING": _GRANT,
    "CR_PERMISSION_UNDOCUMENTED": _GRANT,
    "CR_EMPLOYEE_NO_AGREEMENT": _GRANT + " --basis staff_agreement",
    "CR_TERM_UNCERTAIN": _ANSWER + " --taken-year YEAR --photographer-died YEAR",
    "CU_SOURCE_UNLAWFUL": _ANOTHER_PHOTO,
    "CU_LINK_EMBED_SHARE": _APPROVE,
    "MD_RIGHTS_INFO_REMOVED": "photoreg metadata write {photo}",
    "MD_ARTIST_CONFLICT": _ANSWER + " --photographer NAME",
    "RG_INCOMPLETE": _ANSWER,
    "RG_FLAGGED": "photoreg flag list --photo {photo}",
    "RG_RULE_FAILED": _ANOTHER_PHOTO,
    "PE_RECOGNISABILITY_UNSURE": _ANSWER + " --people recognisable --count NUMBER",
    "PE_UNREGISTERED_PERSON": "photoreg photo tag {photo} --person NAME",
    "PE_RECOGNISABLE_IN_GENERAL_VIEW": _APPROVE,
    "PE_PUBLIC_ROLE": _APPROVE,
    "PE_DECEASED": _APPROVE,
    "CN_NO_CONSENT": _RECORD,
    "CN_UNDOCUMENTED": _RECORD,
    "CN_EXPIRED": _RECORD,
    "CN_SCOPE_CHANNEL": _RECORD,
    "CN_SCOPE_PURPOSE": _RECORD + " --purpose {purpose}",
    "CN_REFUSED": _ANOTHER_PHOTO,
    "CN_WITHDRAWN": "photoreg publication list --photo {photo}",
    "CN_CAPACITY_DOUBT": _APPROVE,
    "PR_SENSITIVE_CONTEXT": _APPROVE,
    "CF_CARE_RECOGNISABLE": _RECORD,
    "CF_PUBLICATION_BLOCK": _ANOTHER_PHOTO,
    "CF_CARE_CLIENT": _RECORD + " --releases-confidential",
    "CF_PUPIL_WELFARE": _ANOTHER_PHOTO,
    "CF_INTERNAL": "photoreg register FILE",
    "CF_UNSURE": _ANSWER + " --confidential none",
    "PL_NOT_PUBLIC": _ANSWER + " --place-permission",
    "PL_UNKNOWN": _ANSWER + " --place PLACE",
    "CH_CLOSED_WORK_GROUP": _ANOTHER_PHOTO,
    "CH_TERMS_CHANGED": _APPROVE,
    "MI_AGE_UNKNOWN": "photoreg person change {person} --born DAY",
    "MI_NOW_ADULT": _RECORD,
    "MI_CHILD_OPPOSES": _ANOTHER_PHOTO,
    "MI_CHILD_VIEW_MISSING": _RECORD,
    "MI_GUARDIAN_REFUSED": _ANOTHER_PHOTO,
    "MI_GUARDIAN_WITHDRAWN": "photoreg publication list --photo {photo}",
    "MI_GUARDIAN_CONSENT_MISSING": _RECORD_BY_GUARDIAN,
    "MI_GUARDIAN_PARTIAL": _RECORD_BY_GUARDIAN,
    "MI_GUARDIANS_UNKNOWN": "photoreg person change {person} --guardians NUMBER",
    "MI_CONSENTER_NOT_GUARDIAN": "photoreg person show {person}",
    "PR_SENSITIVE_MINOR": _ANOTHER_PHOTO,
}
"""For each blocking reason the command that comes next; nothing where only another photo helps."""


FLAGS = {
    "photographer": "--photographer NAME",
    "basis": "--basis BASIS",
    "commissioner": "--commissioner ANSWER",
    "place": "--place PLACE",
    "shot": "--shot SHOT",
    "confidentiality": "--confidential ANSWER",
    "people": "--people ANSWER",
    "context_identifies": "--context ANSWER",
    "sensitive": "--sensitive ANSWER",
    "recognisable_count": "--count NUMBER",
}
"""For each open question of a photo the option that answers it."""


def next_step(finding: Finding, checked: Checked) -> str:
    """Return the command that comes next for a finding, or nothing."""
    if finding.reason.severity is Severity.NOTICE:
        return ""
    if finding.person in checked.erased:
        return f"photoreg person show {finding.person}"  # nothing can be recorded about them
    step = STEPS[finding.code]
    if step == _APPROVE and checked.case_id is not None:
        return f"photoreg case show {human_id(Kind.CASE, checked.case_id)}"
    guardians = _guardians_of_minor(finding, checked)
    if guardians and finding.code.startswith("CN_"):
        # A minor's own word is a view; the consent is the guardians'.
        step = step.replace(_RECORD, _RECORD_BY_GUARDIAN)
    if _RECORD_BY_GUARDIAN in step and not guardians:
        step = _ADD_GUARDIAN  # whoever is known has agreed
    elif _RECORD_BY_GUARDIAN in step and guardians[0] in checked.erased:
        return f"photoreg guardian list {finding.person}"
    flags = [FLAGS[name] for name in finding.detail if name in FLAGS]
    return " ".join([step, *flags]).format(
        photo=human_id(Kind.PHOTO, checked.photo_id),
        person=finding.person or "PERSON",
        holder=finding.person or "NAME",
        guardian=guardians[0] if guardians else "GUARDIAN",
        channel=checked.channel_name,
        purpose=checked.use.purpose,
    )


def _guardians_of_minor(finding: Finding, checked: Checked) -> list[str]:
    """Return a shown minor's guardians by id, those first whom the finding is about.

    A fault of a consent (`CN_`) is about those who gave one: nobody is led to record a yes for a
    guardian who said no. Any other is about those who gave none, or who are not verified.
    """
    situation = Situation(checked.facts, checked.use, DEFAULT_POLICY)
    for person in checked.facts.persons:
        if person.person == finding.person and situation.is_minor(person):
            gave = [g for g in person.guardians if g.answer.state is AnswerState.GRANTED]
            others = [g for g in person.guardians if g not in gave or not g.verified]
            ordered = (*gave, *others) if finding.code.startswith("CN_") else others
            return [g.guardian for g in ordered]
    return []
