"""Judging many photos: the rules are asked once about all that they cannot tell apart.

The photos pass as a stream. Photos are sorted into kinds (`registry.alike`), and each kind is
evaluated for each use by the same `evaluate` that answers `check`. A photo that the coordinator has
ruled on is looked at by itself: a ruling is bound to exactly its facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Self

from photoreg.registry.facts.builder import FactBuilder, terms_changed
from photoreg.registry.facts.equivalence import MOST, Part, PhotoKind, Shown, Sorted, Sorter
from photoreg.registry.facts.loading import load_shared, photos_in_order
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.facts.rows import PhotoRows
from photoreg.registry.ids import id_of
from photoreg.registry.queries.cases import ruled_cases
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import Mode, PhotoFacts, Purpose, Use
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate
from photoreg.services.decisions.evaluation import Question, with_ruling
from photoreg.services.unit_of_work import Desk, current_policy


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the rules say of one kind of photos for one use.

    Persons in the verdict are named by their place in `Sorted.who`.
    """

    question: Question
    verdict: Verdict


class Seen(NamedTuple):
    """A photo that passes: its rows, and its kind.

    Of one that was put together from kept parts the rows hold the number only.
    """

    rows: PhotoRows
    sorted: Sorted


class Judged(NamedTuple):
    """What counts of one photo for one use; `until` is the last day on which it holds by itself."""

    opinion: Opinion
    ruling: RulingKind | None
    until: date

    @property
    def outcome(self) -> Outcome:
        """The verdict; of an unclear photo what the coordinator ruled on exactly these facts."""
        outcome = self.opinion.verdict.outcome
        if outcome is Outcome.UNCLEAR and self.ruling is RulingKind.PUBLISHABLE:
            return Outcome.PUBLISHABLE
        if outcome is Outcome.UNCLEAR and self.ruling is RulingKind.REFUSED:
            return Outcome.REFUSED
        return outcome

    @property
    def is_allowed(self) -> bool:
        """May the photo be published for this use on this day?"""
        return self.outcome is Outcome.PUBLISHABLE


class _Photos:
    """The photos that are judged, with what they share and with the rulings on them."""

    def __init__(self, desk: Desk, which: Which) -> None:
        self._session, self._which = desk.session, which
        self.builder = FactBuilder(load_shared(desk.session, which))
        self.cases = ruled_cases(desk.session, which)
        self.ruled = frozenset(photo for photo, _digest in self.cases)
        self.channels = all_channels(desk.session)

    def in_order(self) -> Iterator[PhotoRows]:
        """Give the photos, one after the other."""
        return photos_in_order(self._session, self._which, self.builder.shared.sayings)


class Judge:
    """Judges photos in the order of their numbers, for any use on one day, by one policy."""

    def __init__(self, photos: _Photos, day: date, policy_version: int, policy: Policy) -> None:
        self.day = day
        self._photos, self._version, self._policy = photos, policy_version, policy
        self._opinions: dict[tuple[PhotoKind, int, Mode, Purpose], Opinion] = {}
        terms = (c.terms_changed_on for c in photos.channels if c.terms_changed_on)
        self._sorter = Sorter(photos.builder, day, policy, terms)

    @classmethod
    def of(cls, desk: Desk, which: Which, on: date | None = None) -> Self:
        """Return a judge of these photos by the policy in force; of today unless a day is named."""
        return cls(_Photos(desk, which), on or desk.today, *current_policy(desk.session))

    def by(self, policy: Policy) -> "Judge":
        """Return a judge of the same photos by another policy; `see` takes what this one gives."""
        return Judge(self._photos, self.day, self._version, policy)

    @property
    def channels(self) -> list[ChannelRow]:
        """Every channel, by name."""
        return self._photos.channels

    def photos(self) -> Iterator[Seen]:
        """Give the photos, one after the other."""
        return map(self.see, self._photos.in_order())

    def see(self, rows: PhotoRows) -> Seen:
        """Return a photo with its kind."""
        return Seen(rows, self._sorter.sort(rows))

    def taken_by(self, seen: Seen) -> list[int]:
        """Return who took a photo, as far as that is known."""
        return [holder for holder in self._photos.builder.holders(seen.rows) if holder]

    def shown(self, seen: Seen) -> list[Shown]:
        """Return what the rules see of each person whom a photo shows."""
        return self._sorter.shown(seen.rows)

    def put_together(
        self,
        photo_id: int,
        own: Part[PhotoFacts],
        holders: tuple[int, ...],
        shown: list[Shown],
        until: date,
    ) -> Seen:
        """Return a photo that is made of these parts, and that nobody ruled on."""
        sorted_ = self._sorter.put_together(photo_id, own, holders, shown, until)
        return Seen(PhotoRows((photo_id,), (), (), [], []), sorted_)

    def judge(
        self,
        seen: Seen,
        channel: ChannelRow,
        mode: Mode = Mode.UPLOAD,
        purpose: Purpose = Purpose.INFORMATION,
    ) -> Judged:
        """Return what counts of a photo for a use."""
        photo = seen.sorted
        key = (photo.kind, id_of(channel), mode, purpose)
        opinion = self._opinions.get(key)
        if opinion is None:
            if len(self._opinions) >= MOST:
                self._opinions.clear()
            use = Use(channel.kind, self.day, mode, purpose, channel.name)
            question = Question(channel, use, self._version, self._policy)
            opinion = self._opinions[key] = _opinion(question, photo.kind)
        if photo.photo_id in self._photos.ruled and opinion.verdict.outcome is Outcome.UNCLEAR:
            return Judged(opinion, self._ruling(seen.rows, opinion.question), self.day)
        return Judged(opinion, None, photo.until)

    def _ruling(self, rows: PhotoRows, question: Question) -> RulingKind | None:
        builder = self._photos.builder
        facts = builder.facts(rows, question.channel.terms_changed_on)
        checked = question.checked(rows.id, "", facts, builder.origin(rows))
        return with_ruling(checked, self._photos.cases).ruling


def _opinion(question: Question, kind: PhotoKind) -> Opinion:
    changed = terms_changed(question.channel.terms_changed_on, kind.facts.persons)
    facts = replace(kind.facts, terms_changed=changed)
    return Opinion(question, evaluate(facts, question.use, question.policy))
