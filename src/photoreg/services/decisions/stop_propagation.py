"""A picture that is stopped is stopped wherever it comes again (rulebook §7.6, §7.9).

A flag, and a no to one photo alone, are about that photo. Saved anew it is another file with other
pixels, and would be judged as if nothing had been said. So a photo that looks like one that is
stopped gets a flag of its own, and the coordinator says whether it may be shown: when it is
registered, when its likeness is found out later, and when the photo that it looks like is stopped.
All of that is one of the reactions to a change, `inherit_stops`.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from photoreg.imaging.pictures.likeness import LEAST_QUALITY, SAME_AT_MOST
from photoreg.registry.facts.flagged import flagged_photos
from photoreg.registry.facts.photo_selection import few_at_a_time
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.similarity import Alike, alike, likeness_of_photos
from photoreg.registry.queries.stops import (
    add_flags,
    events_of,
    of_blocked_events,
    originals_of,
    own_flags,
    said_to_show_the_blocked,
    showing_the_erased,
    versions_below,
    with_same_picture,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import FlagCause, Objector, Photo
from photoreg.services.decisions.refusals import said_of_events, said_of_photos
from photoreg.services.unit_of_work import Desk, current_policy

Look = tuple[bytes, int]
"""How a photo looks: hash and quality."""


@dataclass(frozen=True, slots=True)
class StoppedCopy:
    """A photo that was stopped for looking like a stopped one, and its flag; ids only."""

    photo: str
    flag: str
    like: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a flag is raised on a photo: who objects, about whom, which photo it looks like."""

    cause: FlagCause
    person: int | None = None
    about: int | None = None
    like: int | None = None


def looking_alike(
    desk: Desk, looks: Mapping[int, Look], most: int | None = None
) -> dict[int, list[Alike]]:
    """Return for photos, by number, the others that look alike, the nearest first.

    Pictures with too little detail are left out: they look like any other such picture.
    """
    compared = {number: pdq for number, (pdq, quality) in looks.items() if quality >= LEAST_QUALITY}
    if not compared:
        return {}
    limit = () if most is None else (most,)
    found = alike(desk.session, list(compared.values()), SAME_AT_MOST, *limit)
    return {
        number: [other for other in others if other.photo_id != number]
        for number, others in zip(compared, found, strict=True)
    }


def inherit_stops(desk: Desk, stopped: Iterable[int], seen: Iterable[int]) -> None:
    """Stop what looks like a stopped photo: `stopped` are so since, how `seen` look is known since.

    Not whatever a change touches. A stop is inherited when it begins, and when a likeness becomes
    known; after that the coordinator's word that a copy is another picture stands, whatever else
    changes about either. Besides, each search goes through the likenesses of all photos.
    """
    looks = likeness_of_photos(desk.session, seen)
    alike_ones = looking_alike(desk, looks)
    desk.reacted.alike.update(alike_ones)
    copies = _stop_like_stopped(desk, alike_ones)
    copies |= _stop_copies(desk, _stopped_themselves(desk, {*stopped, *looks}) - set(copies))
    desk.reacted.copies += [copies[number] for number in sorted(copies)]


def _stopped_themselves(desk: Desk, photos: Collection[int]) -> set[int]:
    """Return those that a flag stops, or a no that was not only carried over from another photo."""
    return _flagged(desk, photos) | (spoken_against(desk, photos) - desk.carried)


def _stop_like_stopped(desk: Desk, found: Mapping[int, Sequence[Alike]]) -> dict[int, StoppedCopy]:
    """Stop those photos that look like a stopped one; `found` is what `looking_alike` gave.

    What was said of the photo that a version was made from reaches the version already; flags on
    it do not.
    """
    others = {each.photo_id for alike_ones in found.values() for each in alike_ones}
    if not others:
        return {}
    events = events_of(desk.session, others | set(found))
    elsewhere = {
        each.photo_id
        for number, alike_ones in found.items()
        for each in alike_ones
        if events[each.photo_id] != events[number]
    }
    flagged, against = _flagged(desk, others), spoken_against(desk, others)
    left = rows_with(desk.session, Photo, Photo.id, elsewhere)
    of_event = {no.photo for no in said_of_events(desk, left)}
    of_event |= of_blocked_events(desk.session, elsewhere)
    originals = originals_of(desk.session, found)
    like: dict[int, int] = {}
    for number, alike_ones in found.items():
        for other in (each.photo_id for each in alike_ones):
            is_left = other in of_event and events[other] != events[number]
            is_heard = other == originals.get(number)
            if other in flagged or ((other in against or is_left) and not is_heard):
                like.setdefault(number, other)
    return _stop(desk, like)


def still_like_stopped(desk: Desk, photos: Iterable[int]) -> dict[int, int]:
    """Return for each of these photos that looks like a stopped one which that is."""
    found = looking_alike(desk, likeness_of_photos(desk.session, photos), most=sys.maxsize)
    others = {each.photo_id for alike_ones in found.values() for each in alike_ones}
    stopped = _flagged(desk, others) | spoken_against(desk, others)
    return {
        number: like
        for number, alike_ones in found.items()
        for like in (each.photo_id for each in reversed(alike_ones))
        if like in stopped
    }


def _stop_copies(desk: Desk, photos: set[int]) -> dict[int, StoppedCopy]:
    """Stop every registered photo that looks like one of these, which are stopped.

    A flag on a photo stops files with the same picture by itself.
    """
    looks = likeness_of_photos(desk.session, photos)
    like: dict[int, int] = {}
    for number, others in looking_alike(desk, looks, most=sys.maxsize).items():
        for other in others:
            like.setdefault(other.photo_id, number)
    flagged = own_flags(desk.session, photos)
    # A flag reaches versions by itself; a no is about a photo in which people are named anew.
    for version, original in versions_below(desk.session, photos - set(flagged)).items():
        like.setdefault(version, original)
    covered = photos | with_same_picture(desk.session, flagged)
    return _stop(desk, {n: other for n, other in like.items() if n not in covered})


def due_at(desk: Desk) -> datetime:
    """Return until when a flag that is raised now is to be resolved."""
    _version, policy = current_policy(desk.session)
    return desk.now + timedelta(hours=policy.response_target_hours)


def raise_flags(desk: Desk, marks: Mapping[int, Mark]) -> dict[int, int]:
    """Raise a flag on each of these photos; return the flags' numbers by photo."""
    due = due_at(desk)
    rows: list[dict[str, Any]] = [
        {
            "photo_id": photo,
            "person_id": mark.person,
            "objector": "",
            "whose": Objector.PERSON if mark.person else Objector.STAFF,
            "words": "",
            "cause": mark.cause,
            "like_photo_id": mark.like,
            "about_person_id": mark.about,
            "raised_at": desk.now,
            "raised_by": desk.actor.id,
            "due_at": due,
            "resolution": "",
        }
        for photo, mark in sorted(marks.items())
    ]
    flags = add_flags(desk.session, rows)
    desk.log_all(
        Action.FLAG_RAISED,
        Kind.FLAG,
        [
            (
                flags[row["photo_id"]],
                {
                    "photo": row["photo_id"],
                    "person": _person(row["person_id"]),
                    "by": row["whose"],
                    "like": marks[row["photo_id"]].like,
                },
            )
            for row in rows
        ],
    )
    return flags


def _person(number: int | None) -> str | None:
    return human_id(Kind.PERSON, number) if number else None


def _stop(desk: Desk, like: Mapping[int, int]) -> dict[int, StoppedCopy]:
    """Raise a flag on each photo that has none, naming the photo that it looks like."""
    known = own_flags(desk.session, like)
    marks = {
        number: Mark(FlagCause.LOOKS_ALIKE, like=other)
        for number, other in like.items()
        if number not in known
    }
    flags = raise_flags(desk, marks)
    return {
        number: StoppedCopy(
            human_id(Kind.PHOTO, number),
            human_id(Kind.FLAG, flag),
            human_id(Kind.PHOTO, like[number]),
        )
        for number, flag in sorted(flags.items())
    }


def _flagged(desk: Desk, photos: Iterable[int]) -> set[int]:
    some = (flagged_photos(desk.session, which.photos) for which in few_at_a_time(photos))
    return set().union(*some)


def spoken_against(desk: Desk, photos: Iterable[int | None]) -> set[int]:
    """Return which photos somebody said no to, alone, or are said to show who may not be shown."""
    wanted = {number for number in photos if number}
    blocked = said_to_show_the_blocked(desk.session, wanted)
    blocked |= showing_the_erased(desk.session, wanted)
    return blocked | {against.photo for against in said_of_photos(desk, wanted)}
