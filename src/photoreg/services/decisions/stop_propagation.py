"""Near-duplicates inherit stops: a photo that looks like a stopped one is flagged (§7.6, §7.9).

A flag, or a refusal for one photo alone, concerns that photo only. The same picture saved again is
another file with other pixels, which neither would reach. So a near-duplicate of a stopped photo
gets a flag of its own, and the coordinator decides whether it may be shown. This happens when it is
registered, when its likeness is computed later, and when the photo that it looks like is stopped;
all three are handled by the reaction `inherit_stops`.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence

from photoreg.imaging.pictures.likeness import MAX_DISTANCE, MIN_QUALITY
from photoreg.registry.facts.flagged import PhotoStops, stopped_photos
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
    possibly_refused_photos,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import FlagCause, Photo
from photoreg.services.consents.refusals import refusals_of_events, refusals_of_photos
from photoreg.services.flagging import FlagReason, raise_flags
from photoreg.services.unit_of_work import StoppedCopy, UnitOfWork

LikenessHash = tuple[bytes, int]
"""The likeness of a photo: hash and quality."""


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


def inherit_stops(work: UnitOfWork, stopped: Iterable[int], seen: Iterable[int]) -> None:
    """Flag near-duplicates of stopped photos: of newly `stopped` ones, and among newly `seen` ones.

    `seen` are photos whose likeness is new. A stop is inherited only when it begins or when a
    likeness becomes known: after that the coordinator's ruling that a near-duplicate is another
    picture must not be undone by unrelated changes. Each search also scans the likenesses of all
    photos.
    """
    likenesses = likenesses_of(work.session, seen)
    similar = find_similar(work, likenesses)
    work.reacted.alike.update(similar)
    copies = _flag_similar_to_stopped(work, similar)
    stopped_photos = _stopped_themselves(work, {*stopped, *likenesses})
    copies |= _flag_copies_of(work, stopped_photos - set(copies))
    work.reacted.copies += [copies[number] for number in sorted(copies)]


def _stopped_themselves(work: UnitOfWork, photos: Collection[int]) -> set[int]:
    """Return the photos that are flagged or refused, other than by carried-over refusals."""
    return (refused_photos(work, photos) - work.carried) | _stops(work, photos).photos


def _flag_similar_to_stopped(
    work: UnitOfWork, found: Mapping[int, Sequence[SimilarPhoto]]
) -> dict[int, StoppedCopy]:
    """Flag those photos that look like a stopped one; `found` is the result of `find_similar`.

    Refusals for the original of a version are inherited by the version anyway; flags are not.
    """
    others = {each.photo_id for similar in found.values() for each in similar}
    if not others:
        return {}
    events = event_ids_of(work.session, others | set(found))
    of_other_events = {
        each.photo_id
        for number, similar in found.items()
        for each in similar
        if events[each.photo_id] != events[number]
    }
    flagged, refused = _stops(work, others).photos, refused_photos(work, others)
    rows = rows_with(work.session, Photo, Photo.id, of_other_events)
    refused_by_event = {refusal.photo_id for refusal in refusals_of_events(work, rows)}
    refused_by_event |= photos_of_blocked_events(work.session, of_other_events)
    originals = originals_of(work.session, found)
    stopped_by: dict[int, int] = {}
    for number, similar in found.items():
        for other in (each.photo_id for each in similar):
            is_refused = other in refused or (
                other in refused_by_event and events[other] != events[number]
            )
            is_original = other == originals.get(number)
            if other in flagged or (is_refused and not is_original):
                stopped_by.setdefault(number, other)
    return _flag_copies(work, stopped_by)


def similar_to_stopped(work: UnitOfWork, photos: Iterable[int]) -> dict[int, int]:
    """Return the nearest stopped photo for each of these photos that looks like one."""
    found = find_similar(work, likenesses_of(work.session, photos), most=sys.maxsize)
    others = {each.photo_id for similar in found.values() for each in similar}
    stopped = _stops(work, others).photos | refused_photos(work, others)
    return {
        number: other
        for number, similar in found.items()
        for other in (each.photo_id for each in reversed(similar))
        if other in stopped
    }


def _flag_copies_of(work: UnitOfWork, photos: set[int]) -> dict[int, StoppedCopy]:
    """Flag every near-duplicate and version of these stopped photos.

    Files with the same picture as a flagged photo are stopped by its flag and need none.
    """
    if not photos:
        return {}
    likenesses = likenesses_of(work.session, photos)
    stopped_by: dict[int, int] = {}
    for number, others in find_similar(work, likenesses, most=sys.maxsize).items():
        for other in others:
            stopped_by.setdefault(other.photo_id, number)
    flagged = active_flags(work.session, photos)
    # A flag applies to versions too; a refusal does not, as depictions of a version are its own.
    for version, original in derived_versions(work.session, photos - set(flagged)).items():
        stopped_by.setdefault(version, original)
    covered = photos | photos_with_same_picture(work.session, flagged)
    return _flag_copies(work, {n: other for n, other in stopped_by.items() if n not in covered})


def _flag_copies(work: UnitOfWork, stopped_by: Mapping[int, int]) -> dict[int, StoppedCopy]:
    """Flag each photo without an active flag; `stopped_by` maps it to the similar stopped photo."""
    if not stopped_by:
        return {}
    known = active_flags(work.session, stopped_by)
    impersonal = _stopped_for_no_person(work, set(stopped_by.values()))
    reasons = {
        number: FlagReason(
            FlagCause.LOOKS_ALIKE, similar_to=other, concerns_person=other not in impersonal
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


def _stopped_for_no_person(work: UnitOfWork, photos: Collection[int]) -> set[int]:
    """Return the photos that are stopped by flags alone, of which none concerns a person."""
    stops = _stops(work, photos)
    impersonal = set(stops.flagged - stops.objected) - refused_photos(work, photos)
    return impersonal - photos_of_blocked_events(work.session, impersonal)


def _stops(work: UnitOfWork, photos: Iterable[int]) -> PhotoStops:
    found = [stopped_photos(work.session, s.photos) for s in selection_batches(photos)]
    return PhotoStops(
        frozenset().union(*(stops.flagged for stops in found)),
        frozenset().union(*(stops.objected for stops in found)),
    )


def refused_photos(work: UnitOfWork, photos: Iterable[int | None]) -> set[int]:
    """Return the photos that somebody refused, or that show a blocked or erased person."""
    numbers = possibly_refused_photos(work.session, filter(None, photos))
    if not numbers:
        return set()
    blocked = photos_showing_blocked_persons(work.session, numbers)
    blocked |= photos_showing_erased_persons(work.session, numbers)
    return blocked | {refusal.photo_id for refusal in refusals_of_photos(work, numbers)}
