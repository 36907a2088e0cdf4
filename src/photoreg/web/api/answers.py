"""What the API answers about photos: verdicts without names, and without why a photo is stopped."""

from collections.abc import Mapping, Sequence
from typing import Any

from photoreg.presentation.verdicts import remedy_of
from photoreg.registry.ids import Kind, human_id
from photoreg.rulebook.facts import Mode, Purpose
from photoreg.rulebook.reasons import Finding
from photoreg.services.decisions.evaluation import AskedUse, Checked
from photoreg.services.photos.matching import Match, MatchVerdict
from photoreg.services.publications.publishing import PublicationRow
from photoreg.texts import _


def use_of(asked: Mapping[str, Any]) -> AskedUse:
    """Return the use that is asked about."""
    return AskedUse(
        asked["channel"],
        Purpose(asked.get("purpose", Purpose.INFORMATION)),
        Mode(asked.get("mode", Mode.UPLOAD)),
    )


def verdict_data(checked: Checked) -> dict[str, Any]:
    """Return a verdict. A refusal tells no digest, so that all refusals look alike."""
    return {
        "photo": human_id(Kind.PHOTO, checked.photo_id),
        "channel": checked.channel_name,
        "purpose": checked.use.purpose,
        "mode": checked.use.mode,
        "day": checked.use.day.isoformat(),
        "publishable": checked.is_allowed,
        "outcome": checked.outcome,
        "reasons": _reasons(checked, checked.verdict.findings),
        "notices": _reasons(checked, checked.verdict.notices),
        "facts_digest": checked.digest if checked.is_allowed else None,
    }


def _reasons(checked: Checked, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return each reason once: whom it is about is not told."""
    by_code = {finding.code: finding for finding in findings}
    return [
        {
            "code": each.code,
            "severity": each.reason.severity,
            "title": _(each.reason.title),
            "clauses": list(each.reason.clauses),
            "law": _(each.reason.law) if each.reason.law else "",
            "remedy": remedy_of(each, checked),
        }
        for each in by_code.values()
    ]


_SEVEREST = (
    *(MatchVerdict.NOT_ALLOWED, MatchVerdict.NO_LONGER, MatchVerdict.UNCLEAR),
    *(MatchVerdict.DEPENDS, MatchVerdict.NOT_COMPARED, MatchVerdict.UNKNOWN, MatchVerdict.ALLOWED),
)


def match_data(channel: str, matches: Sequence[Match]) -> dict[str, Any]:
    """Return which photos a picture may be; it is publishable if each of them is."""
    verdict = min((each.verdict for each in matches), key=_SEVEREST.index)
    return {
        "channel": channel,
        "publishable": verdict is MatchVerdict.ALLOWED,
        "verdict": verdict,
        "matches": [
            {
                "photo": each.photo,
                "publishable": each.verdict is MatchVerdict.ALLOWED,
                "method": each.method,
                "distance": each.distance,
                "codes": list(each.codes),
            }
            for each in matches
            if each.photo
        ],
    }


def take_down_data(row: PublicationRow) -> dict[str, Any]:
    """Return a task to take a photo away; why is not told."""
    return {
        "task": row.task,
        "publication": row.publication,
        "photo": row.photo,
        "channel": row.channel,
        "address": row.address,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "overdue": row.overdue,
    }
