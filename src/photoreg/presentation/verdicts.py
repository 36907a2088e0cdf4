"""Verdicts and their findings, as data and as text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from photoreg.presentation.cells import safe, with_name, with_names
from photoreg.presentation.labels import label
from photoreg.presentation.next_steps import next_step
from photoreg.presentation.step_roles import roles_of
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.channels import OBJECTION
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.facts import Channel
from photoreg.rulebook.reasons import Finding
from photoreg.rulebook.verdict import RULES_VERSION
from photoreg.services.decisions.evaluation import Checked
from photoreg.steps import NextStep
from photoreg.texts import _


@dataclass(frozen=True, slots=True)
class FindingInWords:
    """A reason or notice of a verdict, as every interface tells it.

    `about` is whom it concerns; `open` are questions, by name. Of a photo that may be published
    neither remedy nor step is told, since none is needed.
    """

    finding: Finding
    title: str
    about: str
    said_by: str
    open: tuple[str, ...]
    sides: tuple[str, ...]
    sources: str
    remedy: str
    step: NextStep | None
    why_other_channel: str


def findings_in_words(checked: Checked) -> list[FindingInWords]:
    """Return the reasons and notices of a verdict with all that is told about each."""
    every = (*checked.verdict.findings, *checked.verdict.notices)
    return [_in_words(finding, checked) for finding in every]


def _in_words(finding: Finding, checked: Checked) -> FindingInWords:
    said_by = ", ".join(with_names(finding.said_by, checked.names))
    remedy = "" if checked.is_allowed else remedy_of(finding, checked)
    step = None if checked.is_allowed else next_step(finding, checked)
    return FindingInWords(
        finding,
        _(finding.reason.title),
        with_name(finding.person, checked.names) if finding.person else "",
        _("said by {who}").format(who=said_by) if said_by else "",
        tuple(name for name in finding.detail if name != OBJECTION),
        tuple(both_sides(finding, checked)),
        finding_sources(finding),
        _("How to fix this: {remedy}").format(remedy=remedy) if remedy else "",
        step,
        why_other_channel(step, checked) if step else "",
    )


def ruling_in_words(checked: Checked) -> list[str]:
    """Return what was ruled on the facts, and why the coordinator asks for more of them."""
    lines = []
    if checked.ruling is not None:
        text = _("The communications coordinator has ruled on these facts ({case}): {ruling}.")
        case = human_id(Kind.CASE, checked.case_id)
        lines.append(text.format(case=case, ruling=label(checked.ruling)))
    if checked.asks_for:
        lines.append(_("Reason: {reason}").format(reason=safe(checked.asks_for)))
    return lines


def both_sides(finding: Finding, checked: Checked) -> Iterator[str]:
    """Yield the names in the file and in the registry if they contradict each other."""
    found = checked.contradiction
    if found is None or finding.code != "MD_ARTIST_CONFLICT":
        return
    if found.in_file:
        yield _("the file: {names}").format(names=safe(" · ".join(found.in_file)))
    names = ", ".join(found.in_register) or _("nobody")
    yield _("the registry: {names}").format(names=safe(names))


def remedy_of(finding: Finding, checked: Checked) -> str:
    """Return how to fix a finding, in the user's language."""
    if finding.code == "RG_EVIDENCE_DAMAGED" and checked.needs_folder:
        return _("The documents cannot be read: connect the folder with the evidence, try again.")
    return _(finding.reason.remedy) if finding.reason.remedy else ""


def why_other_channel(step: NextStep, checked: Checked) -> str:
    """Return why a yes to another channel is asked for than that which was checked, or ""."""
    asked = step.arguments.get("channel")
    if asked in {None, checked.channel_name} or checked.use.channel is not Channel.CLOSED_GROUP:
        return ""
    text = _("{group} counts as a public page, so a yes to {channel} is needed, and is enough.")
    return text.format(group=checked.channel_name, channel=asked)


def finding_sources(finding: Finding) -> str:
    """Return the sources of a finding: clauses of the guideline and sections of the law."""
    reason = finding.reason
    sections: dict[str, list[str]] = {}
    for clause in reason.clauses:
        sections.setdefault(CLAUSES[clause].section, []).append(clause)
    parts = [
        _("guideline {clauses} ({section})").format(clauses=", ".join(ids), section=section)
        for section, ids in sections.items()
    ]
    if reason.law:
        parts.append(_("law: {law}").format(law=_(reason.law)))
    return " · ".join(parts)


def verdict_row(checked: Checked, as_text: Callable[[NextStep | None], str]) -> dict[str, Any]:
    """Return a verdict as a row of the view CHECK; `as_text` writes a step as a command."""
    return {
        "photo": human_id(Kind.PHOTO, checked.photo_id),
        "file": checked.file_name,
        "channel": checked.channel_name,
        "mode": checked.use.mode,
        "purpose": checked.use.purpose,
        "day": checked.use.day.isoformat(),
        "outcome": checked.outcome,
        "codes": list(checked.verdict.codes),
        "findings": finding_rows(checked, checked.verdict.findings, as_text),
        "notices": finding_rows(checked, checked.verdict.notices, as_text),
        "case": human_id(Kind.CASE, checked.case_id) if checked.case_id else None,
        "ruling": checked.ruling,
        "rules_version": RULES_VERSION,
        "policy_version": checked.policy_version,
        "facts_digest": checked.digest or None,
    }


def finding_rows(
    checked: Checked, findings: Sequence[Finding], as_text: Callable[[NextStep | None], str]
) -> list[dict[str, Any]]:
    """Return findings as data: code, severity, person, sources, remedy, next step.

    `next` is the step as a command.
    """
    return [
        {
            "code": f.code,
            "severity": f.reason.severity,
            "person": f.person,
            "person_name": checked.names.get(f.person or ""),
            "said_by": person_rows(f.said_by, checked.names),
            "detail": [*f.detail, *both_sides(f, checked)],
            "title": _(f.reason.title),
            "clauses": list(f.reason.clauses),
            "law": _(f.reason.law),
            "remedy": remedy_of(f, checked),
            "next": as_text(next_step(f, checked)),
            "step": step_row(next_step(f, checked)),
        }
        for f in findings
    ]


def person_rows(persons: Iterable[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return persons as data, each with the name if the user may see it."""
    return [{"id": person, "name": names.get(person)} for person in persons]


def step_row(step: NextStep | None) -> dict[str, Any] | None:
    """Return a next step as data: action, arguments, inputs to ask for, and who may take it."""
    if step is None:
        return None
    return {
        "action": step.action,
        "arguments": dict(step.arguments),
        "question": list(step.question),
        "roles": sorted(roles_of(step.action)),
    }
