"""What a verdict tells of a photo that is stopped for a person's sake.

Only coordinators are told whether the stop is a publication block, an erasure or an objection.
Everybody else is told `RG_STOPPED`: the same words for each, so that nothing tells which.
"""

from collections.abc import Iterable

from photoreg.rulebook.reasons import Family, Finding, Reason, Severity, declare_reason

STOPPED = declare_reason(
    "RG_STOPPED",
    Family.REGISTER,
    Severity.REFUSED,
    # INVARIANT: no clause, law, person or next step: each of them would tell the reason.
    title="this photo may not be published",
    met="nothing else stops the photo",
    remedy="Ask the communications coordinator.",
)
"""Found by no rule: it is shown in place of the real reason."""

_BLOCK, _ERASED, _FLAGGED = "CF_PUBLICATION_BLOCK", "RG_ERASED", "RG_FLAGGED"
_OBJECTION = "objection"

STOP_CODES = frozenset({_BLOCK, _ERASED, _FLAGGED, STOPPED.code})
"""If one of these codes is found, it is not told that the others are not."""


def told_to_everybody(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings as everybody may see them.

    Beside a stop, only those about the rights in the photo and about its record are told. What the
    people shown have answered, and what of it is missing, would tell the reason by exclusion.
    """
    every = tuple(findings)
    if not any(map(_is_stop, every)):
        return every
    return (*(each for each in every if _is_told_beside(each)), STOPPED.finding())


def _is_stop(finding: Finding) -> bool:
    is_objection = finding.code == _FLAGGED and _OBJECTION in finding.detail
    return is_objection or finding.code in {_BLOCK, _ERASED}


def _is_told_beside(finding: Finding) -> bool:
    is_about_record = finding.person is None and not _is_stop(finding)
    return is_told(finding.reason) and (
        finding.reason.family is Family.COPYRIGHT or is_about_record
    )


def is_told(reason: Reason) -> bool:
    """Return whether a reason is told, as found or as not found, of a stopped photo."""
    return reason.family in {Family.COPYRIGHT, Family.REGISTER}
