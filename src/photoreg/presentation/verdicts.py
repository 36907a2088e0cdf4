"""Verdicts and their findings, as data and in words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from photoreg.presentation.cells import safe
from photoreg.presentation.next_steps import next_step
from photoreg.registry.names import Kind, human_id
from photoreg.rulebook.clauses import CLAUSES
from photoreg.rulebook.reasons import Finding
from photoreg.rulebook.verdict import RULES_VERSION
from photoreg.services.checking import Checked
from photoreg.texts import N_, _


def both_sides(finding: Finding, checked: Checked) -> Iterator[str]:
    """Say whom the file names, and whom the register does, where that is the finding."""
    found = checked.contradiction
    if found is None or finding.code != "MD_ARTIST_CONFLICT":
        return
    if found.in_file:
        yield _("the file: {names}").format(names=safe(" · ".join(found.in_file)))
    names = ", ".join(found.in_register) or _("nobody")
    yield _("the register: {names}").format(names=safe(names))


QUESTIONS = {
    "photographer": N_("who took the photo"),
    "basis": N_("on what ground it may be used"),
    "commissioner": N_("whether somebody ordered the portrait"),
    "file_rights": N_("what the file says about its rights"),
    "place": N_("where it was taken"),
    "shot": N_("a general view or a person as subject"),
    "confidentiality": N_("does it reveal something confidential"),
    "terms_changed": N_("whether the channel's terms changed"),
    "people": N_("can people be recognised"),
    "context_identifies": N_("do caption, clothes or place identify somebody"),
    "sensitive": N_("is the situation sensitive"),
    "recognisable_count": N_("how many people can be recognised"),
    "capacity": N_("whether the person can decide"),
}
"""The open questions that RG_INCOMPLETE names, as users read them."""


def question_in_words(name: str) -> str:
    """Return an open question, or whatever else a finding names, in words."""
    return _(QUESTIONS.get(name, name))


def questions_in_words(names: Iterable[str]) -> str:
    """Return open questions in words."""
    return ", ".join(map(question_in_words, names))


def source(finding: Finding) -> str:
    """Return who asks: the guideline by clause and section, the law by section."""
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


def verdict_row(checked: Checked) -> dict[str, Any]:
    """Return a verdict as the data of `--format json`."""
    return {
        "photo": human_id(Kind.PHOTO, checked.photo_id),
        "file": checked.file_name,
        "channel": checked.channel_name,
        "mode": checked.use.mode,
        "purpose": checked.use.purpose,
        "day": checked.use.day.isoformat(),
        "outcome": checked.outcome,
        "codes": list(checked.verdict.codes),
        "findings": finding_rows(checked, checked.verdict.findings),
        "notices": finding_rows(checked, checked.verdict.notices),
        "case": human_id(Kind.CASE, checked.case_id) if checked.case_id else None,
        "ruling": checked.ruling,
        "rules_version": RULES_VERSION,
        "policy_version": checked.policy_version,
        "facts_digest": checked.digest,
    }


def finding_rows(checked: Checked, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as data: code, severity, person, sources, remedy, next command."""
    return [
        {
            "code": f.code,
            "severity": f.reason.severity,
            "person": f.person,
            "detail": [*f.detail, *both_sides(f, checked)],
            "title": _(f.reason.title),
            "clauses": list(f.reason.clauses),
            "law": _(f.reason.law),
            "remedy": _(f.reason.remedy),
            "next": next_step(f, checked),
        }
        for f in findings
    ]
