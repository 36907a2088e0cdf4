"""Compare verdicts under changed policy settings before adopting them. Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from photoreg.registry.facts.equivalence import MAX_CLASSES
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.publications import published_selection
from photoreg.registry.tables.cases import RulingKind
from photoreg.rulebook.verdict import Outcome
from photoreg.services.application import Application
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, ClassVerdict, PhotoVerdict
from photoreg.services.organisation.policy import changed_policy
from photoreg.services.publications.takedown import disallowed_publications

EXAMPLES = 3
"""How many example photos are listed for each change."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """The same change of verdict on a channel: the number of photos, and examples.

    Like every list, it does not tell why a photo is stopped for a person's sake.
    """

    channel: str
    before: Outcome
    after: Outcome
    new: tuple[str, ...]
    gone: tuple[str, ...]
    photos: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyComparison:
    """The changes, the most frequent first; the photos affected; the publications to take down."""

    changes: list[VerdictChange]
    photos: int
    publications: int


@dataclass(frozen=True, slots=True)
class _VisibleVerdict:
    """The part of a verdict that may be shown."""

    outcome: Outcome
    codes: frozenset[str]


_ChangeKey = tuple[str, _VisibleVerdict, _VisibleVerdict]


class _ChangeCounts:
    """Counts the photos of each change of verdict, and collects examples."""

    def __init__(self) -> None:
        self.photos = 0
        self._counts: Counter[_ChangeKey] = Counter()
        self._examples: defaultdict[_ChangeKey, list[str]] = defaultdict(list)
        self._known: dict[tuple[ClassVerdict, RulingKind | None], _VisibleVerdict] = {}

    def note(
        self, photo: int, photo_verdict: Iterable[tuple[str, PhotoVerdict, PhotoVerdict]]
    ) -> None:
        """Count a photo's changes, given (channel, current verdict, new verdict) tuples."""
        changed = [
            (name, before, after)
            for name, now, then in photo_verdict
            if (before := self._visible(now)) != (after := self._visible(then))
        ]
        for change in changed:
            self._counts[change] += 1
            if len(self._examples[change]) < EXAMPLES:
                self._examples[change].append(human_id(Kind.PHOTO, photo))
        self.photos += bool(changed)

    def _visible(self, photo_verdict: PhotoVerdict) -> _VisibleVerdict:
        key = (photo_verdict.class_verdict, photo_verdict.ruling)
        if key not in self._known:
            if len(self._known) >= MAX_CLASSES:
                self._known.clear()
            self._known[key] = _visible_verdict(photo_verdict)
        return self._known[key]

    def listed(self) -> list[VerdictChange]:
        """Return the changes, the most frequent first."""
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


def compare_policy(application: Application, settings: Mapping[str, object]) -> PolicyComparison:
    """Evaluate every photo under the policy in force and with these settings changed.

    The photos are streamed once; only counts and examples stay in memory.
    """
    with application.reading() as work:
        policy = changed_policy(work, settings)
        now = BulkEvaluator.for_selection(work, PhotoSelection())
        then = now.with_policy(policy)
        channels = [channel for channel in now.channels if channel.active]
        changes = _ChangeCounts()
        for streamed in now.photos():
            again = then.classify(streamed.rows)
            photo_verdict = (
                (c.name, now.evaluate(streamed, c), then.evaluate(again, c)) for c in channels
            )
            changes.note(streamed.rows.id, photo_verdict)
        down = disallowed_publications(work, published_selection(), policy=policy)
        return PolicyComparison(changes.listed(), changes.photos, sum(1 for _ in down))


def _visible_verdict(photo_verdict: PhotoVerdict) -> _VisibleVerdict:
    codes = photo_verdict.class_verdict.verdict.listed_codes
    return _VisibleVerdict(photo_verdict.outcome, frozenset(codes))
