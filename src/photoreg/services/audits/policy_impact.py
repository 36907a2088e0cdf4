"""Comparing: what a policy would change, before it is adopted. Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from photoreg.registry.facts.equivalence import MOST
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.publications import photos_out
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.reasons import Family, Severity
from photoreg.rulebook.verdict import Outcome
from photoreg.services.audits.missing_consents import CARE_WITHOUT_CONSENT
from photoreg.services.decisions.bulk_evaluation import Judge, Judged, Opinion
from photoreg.services.organisation.policy import policy_with
from photoreg.services.publications.takedown import no_longer_allowed
from photoreg.services.unit_of_work import Workplace

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


class _Changes:
    """Sorts of changes as they are found, how many photos of each, and some of them."""

    def __init__(self) -> None:
        self.photos = 0
        self._counts: Counter[_Sort] = Counter()
        self._examples: defaultdict[_Sort, list[str]] = defaultdict(list)
        self._known: dict[tuple[Opinion, RulingKind | None], _Shown] = {}

    def note(self, photo: int, judged: Iterable[tuple[str, Judged, Judged]]) -> None:
        """Note what a photo's verdict is now and would be, for each channel by name."""
        changed = [
            (name, before, after)
            for name, now, then in judged
            if (before := self._of(now)) != (after := self._of(then))
        ]
        for sort in changed:
            self._counts[sort] += 1
            if len(self._examples[sort]) < EXAMPLES:
                self._examples[sort].append(human_id(Kind.PHOTO, photo))
        self.photos += bool(changed)

    def _of(self, judged: Judged) -> _Shown:
        key = (judged.opinion, judged.ruling)
        if key not in self._known:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = _shown(judged)
        return self._known[key]

    def listed(self) -> list[VerdictChange]:
        """Return the sorts, the most frequent first."""
        return [
            VerdictChange(
                name,
                before.outcome,
                after.outcome,
                new=tuple(sorted(after.codes - before.codes)),
                gone=tuple(sorted(before.codes - after.codes)),
                photos=count,
                examples=tuple(self._examples[name, before, after]),
            )
            for (name, before, after), count in self._counts.most_common()
        ]


def compare_policy(workplace: Workplace, settings: Mapping[str, object]) -> Comparison:
    """Judge every photo by the policy in force and by the one with these settings changed.

    The photos pass once, as a stream; only sorts of changes are remembered.
    """
    with workplace.reading() as desk:
        policy = policy_with(desk, settings)
        now = Judge.of(desk, Which())
        then = now.by(policy)
        channels = [channel for channel in now.channels if channel.active]
        changes = _Changes()
        for seen in now.photos():
            again = then.see(seen.rows)
            judged = ((c.name, now.judge(seen, c), then.judge(again, c)) for c in channels)
            changes.note(seen.rows.id, judged)
        down = no_longer_allowed(desk, photos_out(), policy=policy)
        return Comparison(changes.listed(), changes.photos, sum(1 for _ in down))


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
