"""Near-duplicates inherit stops: a photo that looks like a stopped one is flagged (§7.6, §7.9).

A flag, or a refusal, concerns the photos that it reaches. The same picture saved again is another
file with other pixels, perhaps of another event or said to be by somebody else, which neither would
reach. So a photo that looks like a stopped one gets a flag of its own, and the coordinator decides
whether it may be shown. This happens when it is registered, when its likeness is computed later,
and when the photo that it looks like is stopped; all three are handled by the reaction
`inherit_stops`, by one definition of what is stopped (`stops`).
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from photoreg.imaging.pictures.likeness import MAX_DISTANCE, MIN_QUALITY
from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.series import members_of, series_among
from photoreg.registry.queries.similarity import SimilarPhoto, likenesses_of, similar_photos
from photoreg.registry.queries.stops import (
    active_flags,
    derived_versions,
    originals_of,
    photos_with_same_picture,
)
from photoreg.registry.tables.photos import FlagCause
from photoreg.registry.tables.similarity import PhotoSeries
from photoreg.services.decisions.copies import extend_series
from photoreg.services.decisions.stops import Stops, stops_of
from photoreg.services.flagging import FlagReason, raise_flags
from photoreg.services.unit_of_work import StoppedCopy, UnitOfWork

LikenessHash = tuple[bytes, int]
"""The likeness of a photo: hash and quality."""

_Pairs = Iterator[tuple[int, int]]
"""Photos to be flagged, each with the stopped photo that it looks like."""


def find_similar(
    work: UnitOfWork, likenesses: Mapping[int, LikenessHash], most: int | None = None
) -> dict[int, list[SimilarPhoto]]:
    """Return the near-duplicates of photos, by number, nearest first.

    Pictures with too little detail are excluded, since any two of them look similar.
    """
    compared = {
        number: pdq for number, (pdq, quality) in likenesses.items() if quality >= MIN_QUALITY
    }
    if not compared:
        return {}
    limit = () if most is None else (most,)
    found = similar_photos(work.session, list(compared.values()), MAX_DISTANCE, *limit)
    return {
        number: [other for other in others if other.photo_id != number]
        for number, others in zip(compared, found, strict=True)
    }


def similar_to_stopped(work: UnitOfWork, photos: Iterable[int]) -> dict[int, int]:
    """Return the nearest stopped photo for each of these photos that looks like one."""
    found = find_similar(work, likenesses_of(work.session, photos), most=sys.maxsize)
    stops = stops_of(work, _all_of(found) | set(found))
    return {
        number: other
        for number, similar in found.items()
        for other in (each.photo_id for each in reversed(similar))
        if stops.concerns(other, number)
    }


def inherit_stops(work: UnitOfWork, stopped: Iterable[int], seen: Iterable[int]) -> None:
    """Flag photos that look like stopped ones: like newly `stopped`, and among newly `seen` ones.

    `seen` are photos whose likeness is new. A stop is inherited only when it begins or when a
    likeness becomes known: after that the coordinator's ruling that a near-duplicate is another
    picture must not be undone by unrelated changes.
    """
    likenesses = likenesses_of(work.session, seen)
    similar = find_similar(work, likenesses)
    work.reacted.alike.update(similar)
    sources = {*stopped, *likenesses}
    earlier = _series_of(work, sources | _all_of(similar))
    extend_series(work)
    news = _News(sources, similar, earlier, frozenset(likenesses))
    handled: set[int] = set()
    while news.photos:
        links = _load_links(work, news)
        copies = _flag_copies(work, links.stops, _new_stops(work, links))
        work.reacted.copies += [copies[number] for number in sorted(copies)]
        # What was flagged beyond a series, such as a version, may have a series of its own.
        handled |= news.photos | links.members.keys()
        news = _News(copies.keys() - handled)


def _all_of(similar: Mapping[int, Iterable[SimilarPhoto]]) -> set[int]:
    return {each.photo_id for others in similar.values() for each in others}


def _series_of(work: UnitOfWork, photos: Iterable[int]) -> dict[int, int]:
    """Return the series of every photo that is in one with any of these."""
    series = series_among(work.session, PhotoSelection(photos))
    return {row.photo_id: row.series_id for row in members_of(work.session, series)}


@dataclass(frozen=True)
class _News:
    """Photos whose stop or likeness is new; the latter are `seen`, with the `similar` ones of each.

    `earlier`: the series of photos before the new likenesses; None when there are none.
    """

    photos: set[int]
    similar: Mapping[int, Sequence[SimilarPhoto]] = field(default_factory=dict)
    earlier: Mapping[int, int] | None = None
    seen: frozenset[int] = frozenset()

    def earlier_series(self, row: PhotoSeries) -> int:
        """Return the series of a photo so far; a negative number if it was in none."""
        if self.earlier is None:
            return row.series_id
        return self.earlier.get(row.photo_id, -row.photo_id)

    def view(self, row: PhotoSeries) -> tuple[object, ...]:
        """Return on what it depends which stops of its series are new to a photo."""
        return row.photo_id in self.similar, row.settled_at is None, self.earlier_series(row)


@dataclass(frozen=True)
class _Links:
    """The photos that news may concern, and what stops them.

    `members` are the rows of series; `versions` map versions to what they were made from.
    `sources` have a stop that is not only carried over to them.
    """

    news: _News
    members: Mapping[int, PhotoSeries]
    versions: Mapping[int, int]
    stops: Stops
    sources: set[int]

    @property
    def stopped_themselves(self) -> set[int]:
        """The sources with a stop of that photo alone."""
        return {number for number in self.sources if self.stops.is_stopped_itself(number)}

    def concerns(self, stopped: int, other: int) -> bool:
        """Does a stop concern a near-duplicate?

        Of photos that were said to be different pictures only a flag on the picture does.
        """
        is_on_picture = stopped in self.stops.flags.photos - self.stops.inherited.keys()
        if self.are_different(stopped, other) and not is_on_picture:
            return False
        return self.stops.concerns(stopped, other)

    def are_different(self, stopped: int, other: int) -> bool:
        """Was another photo said to be different from a stopped one, or where that stop began?"""
        ours = self.members.get(other)
        if ours is None or ours.settled_at is None:
            return False
        theirs = (self.members.get(number) for number in (stopped, self.stops.root(stopped)))
        return any(row and row.settled_at and row.series_id == ours.series_id for row in theirs)


def _load_links(work: UnitOfWork, news: _News) -> _Links:
    series = series_among(work.session, PhotoSelection(news.photos | _all_of(news.similar)))
    members = {row.photo_id: row for row in members_of(work.session, series)}
    versions = derived_versions(work.session, news.photos)
    originals = originals_of(work.session, news.photos)
    linked = {*_all_of(news.similar), *members, *versions, *versions.values()}
    linked |= {*originals, *originals.values()}
    # A new photo that looks like no other has nothing to pass on, and most are such photos.
    alone = {number for number in news.seen - linked if not news.similar.get(number)}
    photos = news.photos - alone
    stops = stops_of(work, photos | linked)
    sources = {
        number
        for number in photos
        if number not in work.carried or number in stops.flags.photos or stops.wide.get(number)
    }
    return _Links(news, members, versions, stops, sources)


def _new_stops(work: UnitOfWork, links: _Links) -> dict[int, int]:
    """Return the photos to which a stop is new, each with the stopped photo that it looks like.

    Files with the same picture as a flagged photo are stopped by its flag and need none.
    """
    themselves = links.stopped_themselves
    covered = themselves | photos_with_same_picture(
        work.session, active_flags(work.session, themselves)
    )
    found = dict(_seen_to_be_similar(work, links))
    passed_on = chain(_found_by_search(work, links), _in_series(links), _among_versions(links))
    for number, other in passed_on:
        if number not in covered:
            found.setdefault(number, other)
    return found


def _seen_to_be_similar(work: UnitOfWork, links: _Links) -> _Pairs:
    """Yield the newly seen photos that look like a stopped one, the nearest of them last."""
    originals = originals_of(work.session, links.news.similar)
    for number, similar in links.news.similar.items():
        for other in (each.photo_id for each in reversed(similar)):
            # A version inherits refusals for its original anyway; flags it does not.
            is_inherited = other == originals.get(number) and other not in links.stops.flags.photos
            if not is_inherited and links.concerns(other, number):
                yield number, other


def _found_by_search(work: UnitOfWork, links: _Links) -> _Pairs:
    """Yield what looks like a photo that is stopped itself; each search scans all likenesses.

    Of wide refusals, which may stop thousands, the series tell it, and a search for versions only:
    a version and its original are no series.
    """
    wide = originals_of(work.session, links.sources & links.stops.wide.keys())
    searched = links.stopped_themselves | wide.keys()
    found = find_similar(work, likenesses_of(work.session, searched), most=sys.maxsize)
    for number, others in found.items():
        is_stopped = links.stops.is_stopped_itself(number)
        for other in (each.photo_id for each in others):
            is_known = other in links.members or other == wide.get(number)
            if (is_stopped or is_known) and links.concerns(number, other):
                yield other, number


def _among_versions(links: _Links) -> _Pairs:
    """Yield the versions of refused photos.

    A flag applies to versions too; a refusal does not, as depictions of a version are its own.
    """
    refused = links.sources - links.stops.flags.photos
    for version in links.versions:
        original = links.versions[version]
        while original in links.versions and original not in refused:
            original = links.versions[original]
        if original in refused and links.stops.concerns(original, version):
            yield version, original


def _in_series(links: _Links) -> _Pairs:
    """Yield the photos of series to which a stop is new.

    A stop passes along a series, from one photo that looks like the next, but not between photos
    that were said to be different pictures.
    """
    series: dict[int, list[PhotoSeries]] = defaultdict(list)
    for row in links.members.values():
        series[row.series_id].append(row)
    for rows in series.values():
        # Photos that see the same others are asked about together.
        views: dict[tuple[object, ...], list[int]] = {}
        for row in rows:
            view = links.news.view(row)
            if view not in views:
                views[view] = links.stops.telling(_new_to(row, rows, links))
            for other in views[view]:
                if other != row.photo_id and links.stops.concerns(other, row.photo_id):
                    yield row.photo_id, other
                    break


def _new_to(row: PhotoSeries, rows: Iterable[PhotoSeries], links: _Links) -> Iterator[int]:
    """Yield the photos of a series that are stopped anew, or whose likeness is new to this one."""
    news = links.news
    for other in rows:
        is_new = (
            other.photo_id in links.sources
            or row.photo_id in news.similar
            or news.earlier_series(other) != news.earlier_series(row)
        )
        if is_new and not links.are_different(other.photo_id, row.photo_id):
            yield other.photo_id


def _flag_copies(
    work: UnitOfWork, stops: Stops, stopped_by: Mapping[int, int]
) -> dict[int, StoppedCopy]:
    """Flag each photo without an active flag; `stopped_by` maps it to the similar stopped photo."""
    if not stopped_by:
        return {}
    known = active_flags(work.session, stopped_by)
    reasons = {
        number: FlagReason(
            FlagCause.LOOKS_ALIKE,
            similar_to=other,
            concerns_person=not stops.concerns_no_person(other),
        )
        for number, other in stopped_by.items()
        if number not in known
    }
    flags = raise_flags(work, reasons)
    return {
        number: StoppedCopy(
            human_id(Kind.PHOTO, number),
            human_id(Kind.FLAG, flag),
            human_id(Kind.PHOTO, stopped_by[number]),
        )
        for number, flag in sorted(flags.items())
    }
