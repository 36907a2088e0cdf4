"""The verdict: every rule runs on the facts, and every reason found is reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# Importing these modules registers the rules.
from photoreg.rulebook import (  # noqa: F401
    channels,
    contradictions,
    copyright,  # noqa: A004
    minors,
    people,
    secrecy,
)
from photoreg.rulebook.facts import PhotoFacts, Use
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.reasons import (
    REASONS,
    RULES,
    Family,
    Finding,
    Reason,
    Rule,
    Severity,
    declare_reason,
)
from photoreg.rulebook.situation import Situation
from photoreg.rulebook.stopped import STOP_CODES, STOPPED, is_told, told_to_everybody

RULES_VERSION = "3"
"""Raised with every change to the rules; stored with each decision."""

RULE_FAILED = declare_reason(
    "RG_RULE_FAILED",
    Family.REGISTER,
    Severity.REFUSED,
    title="a rule could not be evaluated because of a fault in photoreg",
    met="every rule could be evaluated",
    remedy=(
        "Report this to photoreg support. The photo may be published only after the fault is fixed."
    ),
)


class Outcome(StrEnum):
    """The result of a verdict."""

    PUBLISHABLE = "publishable"
    UNCLEAR = "unclear"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with every finding and notice. It concerns rights only, not the message."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The reason codes found, sorted, each once."""
        return tuple(sorted({finding.code for finding in self.findings}))

    @property
    def neutral(self) -> "Verdict":
        """The verdict as shown to all but coordinators: it tells no stop from another."""
        findings = tuple(sorted(told_to_everybody(self.findings), key=_order))
        if findings == self.findings:
            return self
        notices = tuple(notice for notice in self.notices if is_told(notice.reason))
        return Verdict(self.outcome, findings, notices)

    @property
    def listed_codes(self) -> tuple[str, ...]:
        """The reason codes that lists, stored messages and the log may hold."""
        return self.neutral.codes

    @property
    def passed(self) -> tuple[Reason, ...]:
        """The blocking reasons that were examined and not found."""
        found = frozenset(self.codes)
        unsaid = found | (STOP_CODES if found & STOP_CODES else {STOPPED.code})
        return tuple(
            reason
            for reason in REASONS.values()
            if reason.severity is not Severity.NOTICE
            and reason.code not in unsaid
            and (STOPPED.code not in found or is_told(reason))
        )


def evaluate(facts: PhotoFacts, use: Use, policy: Policy, rules: Iterable[Rule] = RULES) -> Verdict:
    """Return the verdict for one photo and one use. Pure: same facts, same verdict.

    Refused outweighs unclear, unclear outweighs publishable; publishable means that nothing was
    found. A rule that raises an exception blocks.
    """
    situation = Situation(facts, use, policy)
    found: set[Finding] = set()
    rules = list(rules)
    if not rules:
        found.add(RULE_FAILED.finding(None, "no rules"))
    for rule in rules:
        try:
            found.update(rule(situation))
        except Exception:  # noqa: BLE001 - whatever went wrong, the photo must not pass
            found.add(RULE_FAILED.finding(None, rule.__name__))
    ordered = sorted(found, key=_order)
    findings = tuple(f for f in ordered if f.reason.severity is not Severity.NOTICE)
    return Verdict(_outcome(findings), findings, tuple(f for f in ordered if f not in findings))


def _order(finding: Finding) -> tuple[bool, str, str, tuple[str, ...]]:
    is_milder = finding.reason.severity is not Severity.REFUSED
    return is_milder, finding.code, finding.person or "", finding.detail


def _outcome(findings: tuple[Finding, ...]) -> Outcome:
    severities = {finding.reason.severity for finding in findings}
    if Severity.REFUSED in severities:
        return Outcome.REFUSED
    return Outcome.UNCLEAR if severities else Outcome.PUBLISHABLE
