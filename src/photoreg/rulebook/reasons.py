"""The building blocks of rules: reasons (one record per code) and findings.

A reason is declared once, beside the rule that gives it: code, severity, clauses, law, problem and
remedy. The list of all reasons is collected here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from photoreg.rulebook.facts import PersonFacts
from photoreg.rulebook.situation import Situation


class Severity(StrEnum):
    """The weight of a reason. Each code has one severity, permanently."""

    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOTICE = "notice"


class Family(StrEnum):
    """The subject of a reason."""

    REGISTER = "register"
    COPYRIGHT = "copyright"
    PEOPLE = "people"
    MINORS = "minors"
    SECRECY = "secrecy"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason found: the person (registry id, or None for the photo) and details.

    `ask`: whose answer is missing, has ended or falls short, in the order to ask; nobody who
    refused. `verify`: who has answered as a guardian and is not verified. `said_by`: whose no it
    is, where somebody else than the person has said it.
    """

    reason: "Reason"
    person: str | None = None
    detail: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The reason's code."""
        return self.reason.code


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code with its texts, which are English and shown translated.

    `met` says that the rule is met, in a form that holds wherever the reason is not given; notices
    have none.
    """

    code: str
    family: Family
    severity: Severity
    clauses: tuple[str, ...]
    law: str
    title: str
    met: str
    remedy: str

    def finding(
        self,
        person: PersonFacts | str | None = None,
        *detail: str,
        ask: Iterable[str] = (),
        verify: Iterable[str] = (),
        said_by: Iterable[str] = (),
    ) -> Finding:
        """Return the finding of this reason, for a person or for the whole photo."""
        about = person.person if isinstance(person, PersonFacts) else person
        return Finding(self, about, detail, tuple(ask), tuple(verify), tuple(said_by))


REASONS: dict[str, Reason] = {}
"""Every reason code, in the order of declaration."""


def declare_reason(  # noqa: D103 - see Reason
    code: str,
    family: Family,
    severity: Severity,
    *,
    clauses: str = "",
    law: str = "",
    title: str,
    met: str = "",
    remedy: str = "",
) -> Reason:
    if code in REASONS:
        raise AssertionError(code)
    reason = Reason(code, family, severity, tuple(clauses.split()), law, title, met, remedy)
    REASONS[code] = reason
    return reason


Rule = Callable[[Situation], Iterator[Finding]]

RULES: list[Rule] = []
"""Every rule. Their order does not matter."""


def rule(function: Rule) -> Rule:
    """Add a rule to the rulebook."""
    RULES.append(function)
    return function
