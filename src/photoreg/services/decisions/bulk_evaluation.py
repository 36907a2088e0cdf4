"""Evaluate many photos: the rules are applied once to each equivalence class.

The photos are streamed and classified (`registry.facts.equivalence`), and each class is evaluated
for each use by the same `evaluate` as in `check`. Photos with a ruling are evaluated one by one,
since a ruling applies to exactly the facts of its photo.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import NamedTuple, Self

from photoreg.registry.engines.database import Session
from photoreg.registry.facts.builder import FactBuilder, terms_changed
from photoreg.registry.facts.equivalence import (
    MAX_CLASSES,
    ClassComponent,
    ClassifiedPerson,
    ClassifiedPhoto,
    Classifier,
    EquivalenceClass,
)
from photoreg.registry.facts.loading import load_shared, photos_in_order
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.facts.rows import PhotoRows
from photoreg.registry.facts.uses import public_pages, use_of
from photoreg.registry.ids import id_of
from photoreg.registry.queries.cases import ruled_cases
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.tables.cases import RulingKind
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import Mode, PhotoFacts, Purpose
from photoreg.rulebook.policy import Policy
from photoreg.rulebook.verdict import Outcome, Verdict, evaluate
from photoreg.services.decisions.evaluation import (
    UseQuestion,
    with_ruling,
)
from photoreg.services.unit_of_work import UnitOfWork, current_policy


@dataclass(frozen=True, slots=True, eq=False)
class ClassVerdict:
    """The verdict on one equivalence class for one use.

    Persons in the verdict are placeholders, which each photo of the class resolves for itself.
    """

    question: UseQuestion
    verdict: Verdict


class StreamedPhoto(NamedTuple):
    """A photo in the stream: its rows, and its equivalence class.

    If it was assembled from cached components, the rows hold its number only.
    """

    rows: PhotoRows
    classified: ClassifiedPhoto


class PhotoVerdict(NamedTuple):
    """The verdict on one photo for one use, valid through `valid_until` unless facts change."""

    class_verdict: ClassVerdict
    ruling: RulingKind | None
    valid_until: date

    @property
    def outcome(self) -> Outcome:
        """The verdict; for an unclear photo the coordinator's ruling on exactly these facts."""
        outcome = self.class_verdict.verdict.outcome
        if outcome is Outcome.UNCLEAR and self.ruling is RulingKind.PUBLISHABLE:
            return Outcome.PUBLISHABLE
        if outcome is Outcome.UNCLEAR and self.ruling is RulingKind.REFUSED:
            return Outcome.REFUSED
        return outcome

    @property
    def is_allowed(self) -> bool:
        """May the photo be published for this use on this day?"""
        return self.outcome is Outcome.PUBLISHABLE


class _PhotoStream:
    """The photos to evaluate, with the rows that they share and the rulings on them."""

    def __init__(
        self, session: Session, selection: PhotoSelection, channels: list[ChannelRow]
    ) -> None:
        self._session, self._selection, self.channels = session, selection, channels
        self.builder = FactBuilder(load_shared(session, selection))
        self.cases = ruled_cases(session, selection)
        self.ruled_photos = frozenset(photo for photo, _digest in self.cases)

    def in_order(self) -> Iterator[PhotoRows]:
        """Yield the photos in order of number."""
        return photos_in_order(self._session, self._selection, self.builder.shared.contents)


class BulkEvaluator:
    """Evaluates photos in order of number, for any use on one day, under one policy."""

    def __init__(
        self, photos: _PhotoStream, day: date, policy_version: int, policy: Policy
    ) -> None:
        self.day = day
        self._photos, self._version, self._policy = photos, policy_version, policy
        self._verdicts: dict[tuple[EquivalenceClass, int, Mode, Purpose], ClassVerdict] = {}
        landmarks = chain.from_iterable((c.since, c.terms_changed_on) for c in photos.channels)
        self._classifier = Classifier(photos.builder, day, policy, filter(None, landmarks))
        self._pages = public_pages(photos.channels)

    @classmethod
    def for_selection(
        cls, work: UnitOfWork, selection: PhotoSelection, on: date | None = None
    ) -> Self:
        """Return an evaluator of these photos under the policy in force, for today or a day."""
        session, day = work.session, on or work.today
        channels = all_channels(session)
        return cls.for_session(session, selection, day, current_policy(session), channels)

    @classmethod
    def for_session(
        cls,
        session: Session,
        selection: PhotoSelection,
        day: date,
        policy: tuple[int, Policy],
        channels: list[ChannelRow],
    ) -> Self:
        """Return an evaluator under a policy, by version, and for channels, perhaps of others."""
        return cls(_PhotoStream(session, selection, channels), day, *policy)

    def with_policy(self, policy: Policy) -> "BulkEvaluator":
        """Return an evaluator of the same photos under another policy."""
        return BulkEvaluator(self._photos, self.day, self._version, policy)

    @property
    def channels(self) -> list[ChannelRow]:
        """Every channel, by name."""
        return self._photos.channels

    def photos(self) -> Iterator[StreamedPhoto]:
        """Yield the photos in order of number."""
        return map(self.classify, self._photos.in_order())

    def classify(self, rows: PhotoRows) -> StreamedPhoto:
        """Return a photo with its equivalence class."""
        return StreamedPhoto(rows, self._classifier.classify(rows))

    def photographers(self, streamed: StreamedPhoto) -> list[int]:
        """Return the known photographers of a photo."""
        return [holder for holder in self._photos.builder.holders(streamed.rows) if holder]

    def classify_persons(self, streamed: StreamedPhoto) -> list[ClassifiedPerson]:
        """Return the class component of each person depicted in a photo."""
        return self._classifier.classify_persons(streamed.rows)

    def assemble(
        self,
        photo_id: int,
        own: ClassComponent[PhotoFacts],
        holders: tuple[int, ...],
        shown: list[ClassifiedPerson],
        until: date,
    ) -> StreamedPhoto:
        """Assemble a photo's class from known components; it must have no ruling."""
        classified = self._classifier.assemble(photo_id, own, holders, shown, until)
        return StreamedPhoto(PhotoRows((photo_id,), (), (), [], []), classified)

    def evaluate(
        self,
        streamed: StreamedPhoto,
        channel: ChannelRow,
        mode: Mode = Mode.UPLOAD,
        purpose: Purpose = Purpose.INFORMATION,
    ) -> PhotoVerdict:
        """Return the verdict on a photo for a use."""
        photo = streamed.classified
        key = (photo.photo_class, id_of(channel), mode, purpose)
        verdict = self._verdicts.get(key)
        if verdict is None:
            if len(self._verdicts) >= MAX_CLASSES:
                self._verdicts.clear()
            use = use_of(channel, self.day, mode, purpose, self._pages)
            question = UseQuestion(channel, use, self._version, self._policy)
            verdict = self._verdicts[key] = _class_verdict(question, photo.photo_class)
        if (
            photo.photo_id in self._photos.ruled_photos
            and verdict.verdict.outcome is Outcome.UNCLEAR
        ):
            return PhotoVerdict(verdict, self._ruling(streamed.rows, verdict.question), self.day)
        return PhotoVerdict(verdict, None, photo.valid_until)

    def _ruling(self, rows: PhotoRows, question: UseQuestion) -> RulingKind | None:
        builder = self._photos.builder
        facts = builder.facts(rows, question.channel)
        checked = question.check_facts(rows.id, "", facts, builder.origin(rows))
        return with_ruling(checked, self._photos.cases).ruling


def _class_verdict(question: UseQuestion, photo_class: EquivalenceClass) -> ClassVerdict:
    changed = terms_changed(question.channel, photo_class.facts.persons)
    facts = replace(photo_class.facts, terms_changed=changed)
    return ClassVerdict(question, evaluate(facts, question.use, question.policy))
