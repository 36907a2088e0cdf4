"""Refresh the verdict cache (`audit refresh`): evaluate uncached and stale photos.

Take-down tasks of disallowed publications are opened first. Each batch is its own transaction, so
an interrupted refresh continues where it stopped.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from photoreg.registry.facts.equivalence import ClassComponent, ClassifiedPerson, ClassifiedPhoto
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import id_of
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.verdict_cache import (
    CachedClass,
    CacheEntry,
    add_separate_persons,
    cached_classes,
    cached_missing_consents,
    changed_persons,
    clear_stale_persons,
    individual_photos,
    invalidate,
    photos_to_evaluate,
    rebase_verdicts,
    stale_person_counts,
    store_missing_consents,
    store_verdicts,
    update_class_keys,
)
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import PhotoFacts
from photoreg.services.application import Application
from photoreg.services.audits.missing_consents import evaluate_photos
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, StreamedPhoto
from photoreg.services.publications.takedown import current_basis
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_coordinator

BATCH_SIZE = 5_000
"""The number of photos per transaction, so that other users wait a second or two at most.

The photos of one person are evaluated in one transaction even if there are more; their class keys
are then not rewritten.
"""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How many photos were evaluated, and how many had a wrong cached verdict."""

    evaluated: int
    wrong: int = 0


def refresh_cache(
    application: Application, *, everything: bool = False, together: int = BATCH_SIZE
) -> Iterator[RefreshResult]:
    """Evaluate every photo without a valid cached verdict, a few thousand per transaction.

    With `everything`, valid cached verdicts are evaluated too and compared. A wrong one is
    corrected; it means that facts were changed without the triggers. Only coordinators may: on a
    server no other role can write what auditors read.
    """
    with application.reading() as work:
        require_coordinator(work)
        stale = stale_person_counts(work.session)
    for persons in _groups(stale, together):
        with application.changing(COORDINATORS) as work:
            yield _reevaluate(work, persons, together)
    with application.reading() as work:
        basis = None if everything else current_basis(work)
        numbers = photos_to_evaluate(work.session, basis, PhotoSelection()) or ()
    for start in range(0, len(numbers), together):
        some = numbers[start : start + together]
        with application.changing(COORDINATORS) as work:
            yield _refresh_batch(work, PhotoSelection(some), everything=everything)


def _refresh_batch(work: UnitOfWork, some: PhotoSelection, *, everything: bool) -> RefreshResult:
    basis = current_basis(work)
    wanted = None if everything else basis
    # Another user may have refreshed some of them meanwhile.
    photos = photos_to_evaluate(work.session, wanted, some) or array("q")
    work.touch(photos)
    work.react()  # so that a cached photo has no reactions pending
    selection = PhotoSelection(photos)
    evaluator = BulkEvaluator.for_selection(work, selection)
    found = list(evaluate_photos(evaluator, evaluator.photos(), all_channels_by_id(work)))
    wrong = 0
    if everything:
        before = cached_missing_consents(work.session, selection, basis)
        current = ((each.photo.photo_id, each.missing) for each in found)
        wrong = sum(before.get(photo, missing) != missing for photo, missing in current)
    store_verdicts(work.session, basis, found)
    return RefreshResult(len(found), wrong)


def all_channels_by_id(work: UnitOfWork) -> list[ChannelRow]:
    """Return every channel, active or not: the cache serves lists of either."""
    return sorted(all_channels(work.session), key=id_of)


# --- stale verdicts -------------------------------------------------------------------------------


def _groups(stale: dict[int, int], together: int) -> Iterator[list[int]]:
    """Yield groups of persons shown in at most `together` photos; a person shown in more, alone."""
    group: list[int] = []
    photos = 0
    for person, shown_in in stale.items():
        if group and photos + shown_in > together:
            yield group
            group, photos = [], 0
        group.append(person)
        photos += shown_in
    if group:
        yield group


def _reevaluate(work: UnitOfWork, persons: Sequence[int], together: int) -> RefreshResult:
    """Re-evaluate the photos of persons with new consent events.

    Photos of one equivalence class are again of one class if the changed persons have the same
    positions in them. So only example photos that contain every class component are loaded; the
    other photos are assembled from their components. Photos for which that is impossible are
    invalidated.
    """
    basis, showing = current_basis(work), PhotoSelection.showing(persons)
    known, unusable = cached_classes(work.session, showing, basis)
    individual = individual_photos(work.session, PhotoSelection(each.photo_id for each in known))
    whole = (each for each in known if each.photo_id not in individual)
    again = _Reevaluation(whole, changed_persons(work.session))
    work.touch(again.photo_ids)
    work.react()
    evaluator = BulkEvaluator.for_selection(work, PhotoSelection(again.examples))
    found: list[CacheEntry] = []
    clear_stale_persons(work.session, persons)
    if again.evaluate_examples(evaluator):
        found += sorted(
            evaluate_photos(evaluator, again.photos_now(evaluator), all_channels_by_id(work))
        )
        if len(again.photo_ids) > together:
            add_separate_persons(work.session, basis, persons)
        else:
            update_class_keys(
                work.session, again.changed_class_keys()
            )  # before `store_verdicts`, which reorders the persons
            rebase_verdicts(work.session, basis, again.photo_ids)
        until = {each.photo_id: each.valid_until for each in known}
        store_verdicts(
            work.session, basis, [e for e in found if e.valid_until != until[e.photo.photo_id]]
        )
        store_missing_consents(
            work.session, [e for e in found if e.valid_until == until[e.photo.photo_id]]
        )
    else:
        individual.update(again.photo_ids)
    invalidate(work.session, individual.union(unusable))
    return RefreshResult(len(found))


class _ClassGroup(NamedTuple):
    """Photos with the same class key and the same changed persons, as (position, person).

    Positions count the depicted persons.
    """

    class_key: str
    changed_persons: tuple[tuple[int, int], ...]

    def component_keys(self) -> list[tuple[str, int]]:
        """Return each depicted person's component key, with the person id or 0 if unchanged."""
        changed = dict(self.changed_persons)
        shown = enumerate(self.class_key.split(";")[1:])
        return [(key, changed.get(place, 0)) for place, key in shown]

    @property
    def photo_key(self) -> str:
        """The key of the photo's own component."""
        return self.class_key.split(";", 1)[0]


class _Reevaluation:
    """Photos to re-evaluate after a consent event of a depicted person."""

    def __init__(self, known: Iterable[CachedClass], stale: frozenset[int]) -> None:
        self._groups: dict[_ClassGroup, list[CachedClass]] = defaultdict(list)
        for photo in known:
            changed = tuple((i, p) for i, p in enumerate(photo.depicted_ids) if p in stale)
            self._groups[_ClassGroup(photo.class_key, changed)].append(photo)
        self._photo_components: dict[str, ClassComponent[PhotoFacts]] = {}
        self._person_components: dict[tuple[str, int], ClassifiedPerson] = {}

    @property
    def photo_ids(self) -> list[int]:
        """The ids of the photos, sorted."""
        return sorted(photo.photo_id for group in self._groups.values() for photo in group)

    @cached_property
    def examples(self) -> dict[int, _ClassGroup]:
        """A small set of photos in which every component occurs, with their groups."""
        covered: set[object] = set()
        found = {}
        for group_key, group in self._groups.items():
            parts = {group_key.photo_key, *group_key.component_keys()}
            if not parts <= covered:
                covered |= parts
                found[group[0].photo_id] = group_key
        return found

    def evaluate_examples(self, evaluator: BulkEvaluator) -> bool:
        """Classify the examples; return False if the cached classes do not fit the photos."""
        for streamed in evaluator.photos():
            group_key = self.examples[streamed.classified.photo_id]
            current = {each.person_id: each for each in evaluator.classify_persons(streamed)}
            shown = self._groups[group_key][0].depicted_ids
            if sorted(current) != sorted(shown) or len(shown) != group_key.class_key.count(";"):
                return False
            self._photo_components[group_key.photo_key] = streamed.classified.photo_class.photo
            for part, person in zip(group_key.component_keys(), shown, strict=True):
                # For unchanged persons the validity differs, and is cached with their photos.
                until = current[person].valid_until if part[1] else date.max
                self._person_components[part] = current[person]._replace(valid_until=until)
        return all(
            len(photo.holders) == len(self._photo_components[group_key.photo_key].facts.permissions)
            and len(photo.depicted_ids) == group_key.class_key.count(";")
            for group_key, group in self._groups.items()
            for photo in group
        )

    def changed_class_keys(self) -> Iterator[tuple[str, int]]:
        """Yield (class key, photo id) for the photos whose class key has changed."""
        for group_key, group in self._groups.items():
            class_key = ";".join(
                (
                    group_key.photo_key,
                    *(
                        self._person_components[part].component.key
                        for part in group_key.component_keys()
                    ),
                )
            )
            if class_key != group_key.class_key:
                yield from ((class_key, photo.photo_id) for photo in group)

    def photos_now(self, evaluator: BulkEvaluator) -> Iterator[StreamedPhoto]:
        """Yield the photos in their current state; each group is assembled once."""
        for group_key, group in self._groups.items():
            first, own = group[0], self._photo_components[group_key.photo_key]
            parts = (self._person_components[part] for part in group_key.component_keys())
            shown = [
                part._replace(person_id=p)
                for part, p in zip(parts, first.depicted_ids, strict=True)
            ]
            now = evaluator.assemble(first.photo_id, own, first.holders, shown, date.max)
            places = [first.depicted_ids.index(person) for person in now.classified.depicted_ids]
            for photo in group:
                involved = (*photo.holders, *[photo.depicted_ids[place] for place in places])
                until = min(photo.valid_until, now.classified.valid_until)
                again = ClassifiedPhoto(photo.photo_id, now.classified.photo_class, involved, until)
                yield StreamedPhoto(now.rows, again)
