"""Rows of the list of rules."""

from typing import Any

from photoreg.rulebook.reasons import Reason
from photoreg.texts import _


def rule_row(reason: Reason) -> dict[str, Any]:
    """Return a reason that the rules can give as a row."""
    return {
        "code": reason.code,
        "family": reason.family,
        "severity": reason.severity,
        "clauses": list(reason.clauses),
        "law": _(reason.law),
        "title": _(reason.title),
        "remedy": _(reason.remedy),
    }
