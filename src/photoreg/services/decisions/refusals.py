"""What was said against photos and stands: of one photo alone, or of its event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from photoreg.registry.facts.consent_replay import Word, standing
from photoreg.registry.facts.loading import words_of
from photoreg.registry.ids import id_of
from photoreg.registry.queries.people import threads_of_events
from photoreg.registry.queries.photos import persons_shown, photographers_by_photo
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import Consent, Permission
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import EVERY_CHANNEL
from photoreg.services.consents.consent_events import standings_words
from photoreg.services.unit_of_work import Desk


@dataclass(frozen=True, slots=True)
class Against:
    """A no that stands: about which photo, in which thread, since when, for which channels.

    Without channels it is a whole no.
    """

    photo: int
    thread: Consent | Permission
    day: date
    channels: tuple[str, ...]


def said_of_photos(desk: Desk, photos: Iterable[int]) -> list[Against]:
    """Return what was said against these photos alone, by people shown and by rights holders."""
    wanted = set(photos)
    found: list[Against] = []
    tables: tuple[Any, Any] = (Consent, Permission)
    for table in tables:
        threads = sorted(rows_with(desk.session, table, table.photo_id, wanted), key=id_of)
        words = words_of(desk.session, threads)
        for thread in threads:
            found += _against(thread.photo_id or 0, thread, words[id_of(thread)])
    return found


def said_of_events(desk: Desk, photos: Sequence[Photo]) -> list[Against]:
    """Return what those who are shown in photos, or took them, said against the photos' events.

    What was recorded of the photo alone in the same words is left out.
    """
    events = {photo.event_id for photo in photos if photo.event_id}
    if not events:
        return []
    shown = persons_shown(desk.session, map(id_of, photos))
    took = {n: [*map(id_of, p)] for n, p in photographers_by_photo(desk.session, photos).items()}
    tables: tuple[tuple[Any, dict[int, list[int]]], ...] = ((Consent, shown), (Permission, took))
    found: list[Against] = []
    for table, who in tables:
        threads = threads_of_events(desk.session, table, events, chain.from_iterable(who.values()))
        words = standings_words(desk, threads)
        for photo in photos:
            for thread in threads:
                about = thread.subject_id if isinstance(thread, Consent) else thread.photographer_id
                if thread.event_id == photo.event_id and about in who[id_of(photo)]:
                    found += _against(id_of(photo), thread, words[id_of(thread)])
    heard = _recorded(desk, shown) if found else set()
    return [no for no in found if (_who(no.thread), no.photo, no.day, no.channels) not in heard]


def said_of_shown(
    desk: Desk, photos: Sequence[Photo], shown: Mapping[int, set[int]]
) -> dict[int, Consent]:
    """Return by whose word these persons, by photo, are against it: for a photo one such word."""
    return _said_of(desk, photos, shown, Consent, Consent.subject_id)


def said_of_takers(
    desk: Desk, photos: Sequence[Photo], takers: Mapping[int, set[int]]
) -> dict[int, Permission]:
    """Return by whose word these photographers, by photo, are against it, in the same way."""
    return _said_of(desk, photos, takers, Permission, Permission.photographer_id)


def _said_of(
    desk: Desk,
    photos: Sequence[Photo],
    persons: Mapping[int, set[int]],
    table: Any,
    column: Any,
) -> dict[int, Any]:
    """Of all that somebody said about one person, the narrowest that reaches a photo tells."""
    about: list[Any] = rows_with(desk.session, table, column, set().union(*persons.values()))
    about.sort(key=lambda each: (each.photo_id is not None, each.event_id is not None))
    narrowest = {
        (id_of(photo), *_who(each)): each
        for photo in photos
        for each in about
        if _who(each)[0] in persons[id_of(photo)] and _reaches(each, photo)
    }
    words = standings_words(desk, list({id_of(each): each for each in narrowest.values()}.values()))
    side_by_side = table is Permission
    said = {number: standing(heard, side_by_side=side_by_side) for number, heard in words.items()}
    against = {number for number, each in said.items() if each.is_no or each.answer.taken_back}
    return {photo: each for (photo, *_), each in narrowest.items() if id_of(each) in against}


def _reaches(thread: Consent | Permission, photo: Photo) -> bool:
    if thread.photo_id is not None:
        return thread.photo_id == photo.id
    return thread.event_id in {None, photo.event_id}


def _recorded(desk: Desk, photos: Iterable[int]) -> set[tuple[object, ...]]:
    """Return every no to these photos alone: who, about which, when, for which channels."""
    tables: tuple[Any, Any] = (Consent, Permission)
    found: set[tuple[object, ...]] = set()
    for table in tables:
        threads = rows_with(desk.session, table, table.photo_id, photos)
        words = words_of(desk.session, threads)
        found |= {
            (_who(thread), thread.photo_id, word.day, tuple(sorted(word.grant.channels)))
            for thread in threads
            for word in words[id_of(thread)]
            if word.is_no
        }
    return found


def _who(thread: Consent | Permission) -> tuple[int | None, int | str]:
    if isinstance(thread, Consent):
        return thread.subject_id, thread.actor_id
    return thread.photographer_id, thread.licensor


def _against(photo: int, thread: Consent | Permission, words: Iterable[Word]) -> list[Against]:
    words = list(words)
    own_nos = [word.day for word in words if word.thread == thread.id and word.is_no]
    said = standing(words, side_by_side=isinstance(thread, Permission))
    refused = said.answer.taken_back
    if not own_nos or not (said.is_no or refused):
        return []
    is_whole = said.is_no or EVERY_CHANNEL in refused
    return [Against(photo, thread, max(own_nos), () if is_whole else tuple(sorted(refused)))]
