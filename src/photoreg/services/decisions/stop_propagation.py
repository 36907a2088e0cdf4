"""A picture that is stopped is stopped wherever it comes again (rulebook §7.6, §7.9).

A flag, and a no to one photo alone, are about that photo. Saved anew it is another file with other
pixels, and would be judged as if nothing had been said. So a photo that looks like one that is
stopped gets a flag of its own, and the coordinator says whether it may be shown: when it is
registered, when its likeness is found out later, and when the photo that it looks like is stopped.
All of that is one of the reactions to a change, `inherit_stops`.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence

from photoreg.imaging.pictures.likeness import MAX_DISTANCE, MIN_QUALITY
from photoreg.registry.facts.flagged import flagged_photos
from photoreg.registry.facts.photo_selection import selection_batches
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.queries.similarity import SimilarPhoto, likenesses_of, similar_photos
from photoreg.registry.queries.stops import (
    active_flags,
    derived_versions,
    event_ids_of,
    originals_of,
    photos_of_blocked_events,
    photos_showing_blocked_persons,
    photos_showing_erased_persons,
    photos_with_same_picture,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import FlagCause, Photo
from photoreg.services.consents.refusals import refusals_of_events, refusals_of_photos
from photoreg.services.flagging import FlagReason, raise_flags
from photoreg.services.unit_of_work import StoppedCopy, UnitOfWork

LikenessHash = tuple[bytes, int]
"""How a photo looks: hash and quality."""


def find_similar(
    work: UnitOfWork, likenesses: Mapping[int, LikenessHash], most: int | None = None
) -> dict[int, list[SimilarPhoto]]:
    """Return for photos, by number, the others that look alike, the nearest first.

    Pictures with too little detail are left out: they look like any other such picture.
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


def inherit_stops(work: UnitOfWork, stopped: Iterable[int], seen: Iterable[int]) -> None:
    """Stop what looks like a stopped photo: `stopped` are so since, how `seen` look is known since.

    Not whatever a change touches. A stop is inherited when it begins, and when a likeness becomes
    known; after that the coordinator's word that a copy is another picture stands, whatever else
    changes about either. Besides, each search goes through the likenesses of all photos.
    """
    looks = likenesses_of(work.session, seen)
    alike_ones = find_similar(work, looks)
    work.reacted.alike.update(alike_ones)
    copies = _stop_like_stopped(work, alike_ones)
    copies |= _stop_copies(work, _stopped_themselves(work, {*stopped, *looks}) - set(copies))
    work.reacted.copies += [copies[number] for number in sorted(copies)]


def _stopped_themselves(work: UnitOfWork, photos: Collection[int]) -> set[int]:
    """Return those that a flag stops, or a no that was not only carried over from another photo."""
    return _flagged_photos(work, photos) | (refused_photos(work, photos) - work.carried)


def _stop_like_stopped(
    work: UnitOfWork, found: Mapping[int, Sequence[SimilarPhoto]]
) -> dict[int, StoppedCopy]:
    """Stop those photos that look like a stopped one; `found` is what `find_similar` gave.

    What was said of the photo that a version was made from reaches the version already; flags on
    it do not.
    """
    others = {each.photo_id for alike_ones in found.values() for each in alike_ones}
    if not others:
        return {}
    events = event_ids_of(work.session, others | set(found))
    elsewhere = {
        each.photo_id
        for number, alike_ones in found.items()
        for each in alike_ones
        if events[each.photo_id] != events[number]
    }
    flagged, against = _flagged_photos(work, others), refused_photos(work, others)
    left = rows_with(work.session, Photo, Photo.id, elsewhere)
    of_event = {no.photo_id for no in refusals_of_events(work, left)}
    of_event |= photos_of_blocked_events(work.session, elsewhere)
    originals = originals_of(work.session, found)
    like: dict[int, int] = {}
    for number, alike_ones in found.items():
        for other in (each.photo_id for each in alike_ones):
            is_left = other in of_event and events[other] != events[number]
            is_heard = other == originals.get(number)
            if other in flagged or ((other in against or is_left) and not is_heard):
                like.setdefault(number, other)
    return _flag_copies(work, like)


def similar_to_stopped(work: UnitOfWork, photos: Iterable[int]) -> dict[int, int]:
    """Return for each of these photos that looks like a stopped one which that is."""
    found = find_similar(work, likenesses_of(work.session, photos), most=sys.maxsize)
    others = {each.photo_id for similar in found.values() for each in similar}
    stopped = _flagged_photos(work, others) | refused_photos(work, others)
    return {
        number: like
        for number, similar in found.items()
        for like in (each.photo_id for each in reversed(similar))
        if like in stopped
    }


def _stop_copies(work: UnitOfWork, photos: set[int]) -> dict[int, StoppedCopy]:
    """Stop every registered photo that looks like one of these, which are stopped.

    A flag on a photo stops files with the same picture by itself.
    """
    looks = likenesses_of(work.session, photos)
    like: dict[int, int] = {}
    for number, others in find_similar(work, looks, most=sys.maxsize).items():
        for other in others:
            like.setdefault(other.photo_id, number)
    flagged = active_flags(work.session, photos)
    # A flag reaches versions by itself; a no is about a photo in which people are named anew.
    for version, original in derived_versions(work.session, photos - set(flagged)).items():
        like.setdefault(version, original)
    covered = photos | photos_with_same_picture(work.session, flagged)
    return _flag_copies(work, {n: other for n, other in like.items() if n not in covered})


def _flag_copies(work: UnitOfWork, like: Mapping[int, int]) -> dict[int, StoppedCopy]:
    """Raise a flag on each photo that has none, naming the photo that it looks like."""
    known = active_flags(work.session, like)
    marks = {
        number: FlagReason(FlagCause.LOOKS_ALIKE, similar_to=other)
        for number, other in like.items()
        if number not in known
    }
    flags = raise_flags(work, marks)
    return {
        number: StoppedCopy(
            human_id(Kind.PHOTO, number),
            human_id(Kind.FLAG, flag),
            human_id(Kind.PHOTO, like[number]),
        )
        for number, flag in sorted(flags.items())
    }


def _flagged_photos(work: UnitOfWork, photos: Iterable[int]) -> set[int]:
    some = (
        flagged_photos(work.session, selection.photos) for selection in selection_batches(photos)
    )
    return set().union(*some)


def refused_photos(work: UnitOfWork, photos: Iterable[int | None]) -> set[int]:
    """Return which photos somebody said no to, alone, or are said to show who may not be shown."""
    wanted = {number for number in photos if number}
    blocked = photos_showing_blocked_persons(work.session, wanted)
    blocked |= photos_showing_erased_persons(work.session, wanted)
    return blocked | {against.photo_id for against in refusals_of_photos(work, wanted)}
