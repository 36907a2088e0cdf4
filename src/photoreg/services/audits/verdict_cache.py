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

from photoreg.registry.facts.equivalence import Part, Shown, Sorted
from photoreg.registry.facts.photo_selection import Which
from photoreg.registry.ids import id_of
from photoreg.registry.queries.organisation import all_channels
from photoreg.registry.queries.verdict_cache import (
    Keep,
    Known,
    forget,
    hold_from,
    in_doubt_by_photos,
    keep,
    keep_lacks,
    kept_of,
    kinds_kept,
    mark,
    photos_apart,
    photos_to_judge,
    set_apart,
    settle,
    who_spoke,
)
from photoreg.registry.tables.organisation import ChannelRow
from photoreg.rulebook.facts import PhotoFacts
from photoreg.services.audits.missing_consents import basis_of, judged
from photoreg.services.decisions.bulk_evaluation import Judge, Seen
from photoreg.services.unit_of_work import COORDINATORS, Desk, Workplace, require_coordinator

TOGETHER = 5_000
"""How many photos one change keeps the verdicts of, so that others wait a second or two.

Who is shown in more is judged in one change all the same, which does not write kinds again.
"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many photos were judged, and of how many the kept verdict was wrong."""

    judged: int
    wrong: int = 0


def refresh(
    workplace: Workplace, *, everything: bool = False, together: int = TOGETHER
) -> Iterator[Refreshed]:
    """Keep the verdicts of all photos of which none that counts is kept, some thousands at a time.

    With `everything` the kept ones are judged anew as well and compared; a wrong one is put right,
    and means that facts were changed past the triggers. Only coordinators may: on a server nobody
    else can write what auditors read.
    """
    with workplace.reading() as desk:
        require_coordinator(desk)
        doubted = in_doubt_by_photos(desk.session)
    for persons in _groups(doubted, together):
        with workplace.changing(COORDINATORS) as desk:
            yield _settle(desk, persons, together)
    with workplace.reading() as desk:
        basis = None if everything else basis_of(desk)
        numbers = photos_to_judge(desk.session, basis, Which()) or ()
    for start in range(0, len(numbers), together):
        some = numbers[start : start + together]
        with workplace.changing(COORDINATORS) as desk:
            yield _refresh(desk, Which(some), everything=everything)


def _refresh(desk: Desk, some: Which, *, everything: bool) -> Refreshed:
    basis = basis_of(desk)
    wanted = None if everything else basis
    # Somebody else may have been here.
    photos = photos_to_judge(desk.session, wanted, some) or array("q")
    desk.touch(photos)
    desk.react()  # so that what is kept tells that nothing of a photo is due
    which = Which(photos)
    judge = Judge.of(desk, which)
    found = list(judged(judge, judge.photos(), all_channels_by_number(desk)))
    wrong = 0
    if everything:
        before = kept_of(desk.session, which, basis)
        now = ((each.photo.photo_id, each.lacks) for each in found)
        wrong = sum(before.get(photo, lacks) != lacks for photo, lacks in now)
    keep(desk.session, basis, found)
    return Refreshed(len(found), wrong)


def all_channels_by_number(desk: Desk) -> list[ChannelRow]:
    """Return every channel, in use or not: what is kept must serve whoever asks for one."""
    return sorted(all_channels(desk.session), key=id_of)


# --- in doubt -------------------------------------------------------------------------------------


def _groups(doubted: dict[int, int], together: int) -> Iterator[list[int]]:
    """Give the persons in groups that so many photos show; who is in more, alone."""
    group: list[int] = []
    photos = 0
    for person, shown_in in doubted.items():
        if group and photos + shown_in > together:
            yield group
            group, photos = [], 0
        group.append(person)
        photos += shown_in
    if group:
        yield group


def _settle(desk: Desk, persons: Sequence[int], together: int) -> Refreshed:
    """Judge the photos again that show these persons, about whom something was said.

    Photos that were of one kind are of one kind again when the same persons who spoke stand in the
    same places. So a few are looked at, in which every part occurs that the photos are made of, and
    the others are put together from those parts. What cannot be told like that is forgotten.
    """
    basis, showing = basis_of(desk), Which.showing(persons)
    known, unusable = kinds_kept(desk.session, showing, basis)
    apart = photos_apart(desk.session, Which(each.photo_id for each in known))
    whole = (each for each in known if each.photo_id not in apart)
    again = _Again(whole, who_spoke(desk.session))
    desk.touch(again.photos)
    desk.react()
    judge = Judge.of(desk, Which(again.examples))
    found: list[Keep] = []
    settle(desk.session, persons)
    if again.learn(judge):
        found += sorted(judged(judge, again.seen(judge), all_channels_by_number(desk)))
        if len(again.photos) > together:
            set_apart(desk.session, basis, persons)
        else:
            mark(desk.session, again.marked())  # before `keep`, which puts persons in other places
            hold_from(desk.session, basis, again.photos)
        until = {each.photo_id: each.until for each in known}
        keep(desk.session, basis, [e for e in found if e.until != until[e.photo.photo_id]])
        keep_lacks(desk.session, [e for e in found if e.until == until[e.photo.photo_id]])
    else:
        apart.update(again.photos)
    forget(desk.session, apart.union(unusable))
    return Refreshed(len(found))


class _Alike(NamedTuple):
    """What photos have in common: their marks, and who of those who spoke stands in which place.

    Places are counted among the persons shown.
    """

    marks: str
    spoke: tuple[tuple[int, int], ...]

    def parts(self) -> list[tuple[str, int]]:
        """Return the mark of each person shown; with the person if something was said of them."""
        spoke = dict(self.spoke)
        shown = enumerate(self.marks.split(";")[1:])
        return [(mark, spoke.get(place, 0)) for place, mark in shown]

    @property
    def own(self) -> str:
        """The mark of the photo itself."""
        return self.marks.split(";", 1)[0]


class _Again:
    """Photos that are judged again because somebody spoke who is shown in them."""

    def __init__(self, known: Iterable[Known], doubted: frozenset[int]) -> None:
        self._groups: dict[_Alike, list[Known]] = defaultdict(list)
        for photo in known:
            spoke = tuple((i, p) for i, p in enumerate(photo.shown) if p in doubted)
            self._groups[_Alike(photo.marks, spoke)].append(photo)
        self._own: dict[str, Part[PhotoFacts]] = {}
        self._shown: dict[tuple[str, int], Shown] = {}

    @property
    def photos(self) -> list[int]:
        """The photos, by number."""
        return sorted(photo.photo_id for group in self._groups.values() for photo in group)

    @cached_property
    def examples(self) -> dict[int, _Alike]:
        """Return photos in which every part occurs, as few as are easily found."""
        occurred: set[object] = set()
        found = {}
        for alike, group in self._groups.items():
            parts = {alike.own, *alike.parts()}
            if not parts <= occurred:
                occurred |= parts
                found[group[0].photo_id] = alike
        return found

    def learn(self, judge: Judge) -> bool:
        """Look at the examples; False when what is kept is not of these photos."""
        for seen in judge.photos():
            alike = self.examples[seen.sorted.photo_id]
            now = {each.person: each for each in judge.shown(seen)}
            shown = self._groups[alike][0].shown
            if sorted(now) != sorted(shown) or len(shown) != alike.marks.count(";"):
                return False
            self._own[alike.own] = seen.sorted.kind.own
            for part, person in zip(alike.parts(), shown, strict=True):
                # Until when the same holds of others is different, and known with their photos.
                until = now[person].until if part[1] else date.max
                self._shown[part] = now[person]._replace(until=until)
        return all(
            len(photo.holders) == len(self._own[alike.own].facts.permissions)
            and len(photo.shown) == alike.marks.count(";")
            for alike, group in self._groups.items()
            for photo in group
        )

    def marked(self) -> Iterator[tuple[str, int]]:
        """Give the marks of each photo, as far as they are not what they were."""
        for alike, group in self._groups.items():
            marks = ";".join((alike.own, *(self._shown[part].part.mark for part in alike.parts())))
            if marks != alike.marks:
                yield from ((marks, photo.photo_id) for photo in group)

    def seen(self, judge: Judge) -> Iterator[Seen]:
        """Give the photos as they are now; those that are alike are put together once."""
        for alike, group in self._groups.items():
            first, own = group[0], self._own[alike.own]
            parts = (self._shown[part] for part in alike.parts())
            shown = [part._replace(person=p) for part, p in zip(parts, first.shown, strict=True)]
            now = judge.put_together(first.photo_id, own, first.holders, shown, date.max)
            places = [first.shown.index(person) for person in now.sorted.shown]
            for photo in group:
                who = (*photo.holders, *[photo.shown[place] for place in places])
                until = min(photo.until, now.sorted.until)
                again = Sorted(photo.photo_id, now.sorted.kind, who, until)
                yield Seen(now.rows, again)
