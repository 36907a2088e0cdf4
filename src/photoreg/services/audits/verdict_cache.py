"""Keeping verdicts: `audit refresh` judges what is not kept, or is in doubt since somebody spoke.

Publications that may not stay get their take-down tasks first. Each part is a change of its own:
what was interrupted goes on where it stopped.
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
from photoreg.services.audits.missing_consents import current_basis, evaluate_photos
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator, StreamedPhoto
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_coordinator

BATCH_SIZE = 5_000
"""How many photos one change keeps the verdicts of, so that others wait a second or two.

Who is shown in more is judged in one change all the same, which does not write kinds again.
"""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How many photos were judged, and of how many the kept verdict was wrong."""

    evaluated: int
    wrong: int = 0


def refresh_cache(
    application: Application, *, everything: bool = False, together: int = BATCH_SIZE
) -> Iterator[RefreshResult]:
    """Keep the verdicts of all photos of which none that counts is kept, some thousands at a time.

    With `everything` the kept ones are judged anew as well and compared; a wrong one is put right,
    and means that facts were changed past the triggers. Only coordinators may: on a server nobody
    else can write what auditors read.
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
    # Somebody else may have been here.
    photos = photos_to_evaluate(work.session, wanted, some) or array("q")
    work.touch(photos)
    work.react()  # so that what is kept tells that nothing of a photo is due
    selection = PhotoSelection(photos)
    evaluator = BulkEvaluator.for_selection(work, selection)
    found = list(evaluate_photos(evaluator, evaluator.photos(), all_channels_by_id(work)))
    wrong = 0
    if everything:
        before = cached_missing_consents(work.session, selection, basis)
        now = ((each.photo.photo_id, each.missing) for each in found)
        wrong = sum(before.get(photo, missing) != missing for photo, missing in now)
    store_verdicts(work.session, basis, found)
    return RefreshResult(len(found), wrong)


def all_channels_by_id(work: UnitOfWork) -> list[ChannelRow]:
    """Return every channel, in use or not: what is kept must serve whoever asks for one."""
    return sorted(all_channels(work.session), key=id_of)


# --- in doubt -------------------------------------------------------------------------------------


def _groups(stale: dict[int, int], together: int) -> Iterator[list[int]]:
    """Give the persons in groups that so many photos show; who is in more, alone."""
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
    """Judge the photos again that show these persons, about whom something was said.

    Photos that were of one kind are of one kind again when the same persons who spoke stand in the
    same places. So a few are looked at, in which every part occurs that the photos are made of, and
    the others are put together from those parts. What cannot be told like that is forgotten.
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
            )  # before `store_verdicts`, which puts persons in other places
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
    """What photos have in common: their marks, and who of those who spoke stands in which place.

    Places are counted among the persons shown.
    """

    class_key: str
    changed_persons: tuple[tuple[int, int], ...]

    def component_keys(self) -> list[tuple[str, int]]:
        """Return the mark of each person shown; with the person if something was said of them."""
        spoke = dict(self.changed_persons)
        shown = enumerate(self.class_key.split(";")[1:])
        return [(update_class_keys, spoke.get(place, 0)) for place, update_class_keys in shown]

    @property
    def photo_key(self) -> str:
        """The mark of the photo itself."""
        return self.class_key.split(";", 1)[0]


class _Reevaluation:
    """Photos that are judged again because somebody spoke who is shown in them."""

    def __init__(self, known: Iterable[CachedClass], stale: frozenset[int]) -> None:
        self._groups: dict[_ClassGroup, list[CachedClass]] = defaultdict(list)
        for photo in known:
            spoke = tuple((i, p) for i, p in enumerate(photo.depicted_ids) if p in stale)
            self._groups[_ClassGroup(photo.class_key, spoke)].append(photo)
        self._photo_components: dict[str, ClassComponent[PhotoFacts]] = {}
        self._person_components: dict[tuple[str, int], ClassifiedPerson] = {}

    @property
    def photo_ids(self) -> list[int]:
        """The photos, by number."""
        return sorted(photo.photo_id for group in self._groups.values() for photo in group)

    @cached_property
    def examples(self) -> dict[int, _ClassGroup]:
        """Return photos in which every part occurs, as few as are easily found."""
        occurred: set[object] = set()
        found = {}
        for group_key, group in self._groups.items():
            parts = {group_key.photo_key, *group_key.component_keys()}
            if not parts <= occurred:
                occurred |= parts
                found[group[0].photo_id] = group_key
        return found

    def evaluate_examples(self, evaluator: BulkEvaluator) -> bool:
        """Look at the examples; False when what is kept is not of these photos."""
        for streamed in evaluator.photos():
            group_key = self.examples[streamed.classified.photo_id]
            now = {each.person_id: each for each in evaluator.classify_persons(streamed)}
            shown = self._groups[group_key][0].depicted_ids
            if sorted(now) != sorted(shown) or len(shown) != group_key.class_key.count(";"):
                return False
            self._photo_components[group_key.photo_key] = streamed.classified.photo_class.photo
            for part, person in zip(group_key.component_keys(), shown, strict=True):
                # Until when the same holds of others is different, and known with their photos.
                until = now[person].valid_until if part[1] else date.max
                self._person_components[part] = now[person]._replace(valid_until=until)
        return all(
            len(photo.holders) == len(self._photo_components[group_key.photo_key].facts.permissions)
            and len(photo.depicted_ids) == group_key.class_key.count(";")
            for group_key, group in self._groups.items()
            for photo in group
        )

    def changed_class_keys(self) -> Iterator[tuple[str, int]]:
        """Give the marks of each photo, as far as they are not what they were."""
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
        """Give the photos as they are now; those that are alike are put together once."""
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
                who = (*photo.holders, *[photo.depicted_ids[place] for place in places])
                until = min(photo.valid_until, now.classified.valid_until)
                again = ClassifiedPhoto(photo.photo_id, now.classified.photo_class, who, until)
                yield StreamedPhoto(now.rows, again)
