"""Comparing: what a policy would change, before it is adopted. Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from photoreg.registry.alike import MOST
from photoreg.registry.loading import Which
from photoreg.registry.names import Kind, human_id
from photoreg.registry.publications import photos_out
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.reasons import Family, Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.judging import Judge, Judged, Opinion
from photoreg.services.lacking import CARE_WITHOUT_CONSENT
from photoreg.services.settingup import policy_with
from photoreg.services.taking_down import no_longer_allowed
from photoreg.services.workplace import Workplace

EXAMPLES = 3
"""How many photos of each sort of change are named."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """Verdicts that change alike on a channel: how many photos, and some of them.

    As in the lists of audits, nothing is told of secrecy: neither its codes nor, beside milder
    reasons, that a photo is refused for it.
    """

    channel: str
    before: Outcome
    after: Outcome
    new: tuple[str, ...]
    gone: tuple[str, ...]
    photos: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a policy would change: the most frequent first; and what would have to come down."""

    changes: list[VerdictChange]
    photos: int
    publications: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is told of a verdict."""

    outcome: Outcome
    codes: frozenset[str]


_Sort = tuple[str, _Shown, _Shown]


def compare_policy(workplace: Workplace, settings: Mapping[str, object]) -> Comparison:
    """Judge every photo by the policy in force and by the one with these settings changed.

    The photos pass once, as a stream; only sorts of changes are remembered.
    """
    with workplace.reading() as desk:
        policy = policy_with(desk, settings)
        now = Judge.of(desk, Which())
        then = now.by(policy)
        channels = [channel for channel in now.channels if channel.active]
        counts: Counter[_Sort] = Counter()
        examples: defaultdict[_Sort, list[str]] = defaultdict(list)
        shown: dict[tuple[Opinion, RulingKind | None], _Shown] = {}
        changed_photos = 0

        def of(judged: Judged) -> _Shown:
            key = (judged.opinion, judged.ruling)
            if key not in shown:
                if len(shown) >= MOST:
                    shown.clear()
                shown[key] = _shown(judged)
            return shown[key]

        for seen in now.photos():
            is_changed, again = False, then.see(seen.rows)
            for channel in channels:
                before, after = of(now.judge(seen, channel)), of(then.judge(again, channel))
                if before != after:
                    sort = (channel.name, before, after)
                    is_changed = True
                    counts[sort] += 1
                    if len(examples[sort]) < EXAMPLES:
                        examples[sort].append(human_id(Kind.PHOTO, seen.rows.id))
            changed_photos += is_changed
        down = no_longer_allowed(desk, photos_out(), policy=policy)
        return Comparison(
            [
                VerdictChange(
                    name,
                    before.outcome,
                    after.outcome,
                    new=tuple(sorted(after.codes - before.codes)),
                    gone=tuple(sorted(before.codes - after.codes)),
                    photos=count,
                    examples=tuple(examples[name, before, after]),
                )
                for (name, before, after), count in counts.most_common()
            ],
            changed_photos,
            sum(1 for _ in down),
        )


def _shown(judged: Judged) -> _Shown:
    found = [
        finding
        for finding in judged.opinion.verdict.findings
        if finding.reason.family is not Family.SECRECY or finding.code == CARE_WITHOUT_CONSENT
    ]
    refuses = any(finding.reason.severity is Severity.REFUSED for finding in found)
    codes = frozenset(finding.code for finding in found)
    if judged.ruling in {RulingKind.PUBLISHABLE, RulingKind.REFUSED}:
        return _Shown(judged.outcome, codes)
    if not found:
        return _Shown(Outcome.PUBLISHABLE, codes)
    return _Shown(Outcome.REFUSED if refuses else Outcome.UNCLEAR, codes)
