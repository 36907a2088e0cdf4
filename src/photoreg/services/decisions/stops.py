"""What stops photos, as it concerns other photos that look like them.

The one definition, whichever came first: the stop, or the photo that looks like the stopped one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from photoreg.registry.facts.flagged import PhotoStops, stopped_photos
from photoreg.registry.facts.photo_selection import selection_batches
from photoreg.registry.ids import id_of
from photoreg.registry.queries.stops import (
    flagged_for_likeness,
    photos_of_blocked_events,
    photos_showing_blocked_persons,
    photos_showing_erased_persons,
    possibly_refused_photos,
)
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.photos import Photo
from photoreg.services.consents.objections import photographer_ids_of
from photoreg.services.consents.refusals import WideNo, refusals_of_photos, wide_noes
from photoreg.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Stops:
    """What stops some photos: flags, refusals of single photos, and wider ones.

    `inherited` maps photos that are flagged for their likeness only to the photo that they are
    like: they pass on what stops that one, no more.
    """

    flags: PhotoStops
    refused: set[int]
    wide: Mapping[int, set[WideNo]]
    events: Mapping[int, int | None]
    photographers: Mapping[int, set[int]]
    inherited: Mapping[int, int]

    def is_stopped_itself(self, photo: int) -> bool:
        """Return whether the stop is of this photo alone."""
        return photo in self.flags.photos or photo in self.refused

    def root(self, photo: int) -> int:
        """Return the photo from which a stop was inherited, as long as that one is stopped."""
        passed = [photo]
        while passed[-1] in self.inherited and passed[-1] not in self.refused:
            like = self.inherited[passed[-1]]
            if like in passed or not (self.is_stopped_itself(like) or self.wide.get(like)):
                break
            passed.append(like)
        return passed[-1]

    def concerns(self, stopped: int, other: int) -> bool:
        """Does the stop of a photo concern another that looks like it?

        A wider refusal that reaches the other photo itself stops it without a flag.
        """
        root = self.root(stopped)
        if root != other and self.is_stopped_itself(root):
            return True
        return any(not self._reaches(no, other) for no in self._wide(root, stopped))

    def telling(self, photos: Iterable[int]) -> list[int]:
        """Return, of photos that stops are sought among, only as many as tell all the stops."""
        wide: dict[WideNo, int] = {}
        roots: dict[int, int] = {}
        for photo in photos:
            root = self.root(photo)
            if self.is_stopped_itself(root):
                roots.setdefault(root, photo)
            for no in self._wide(root, photo):
                wide.setdefault(no, photo)
        # One of two roots is not the photo that is asked about.
        return list(dict.fromkeys([*[*roots.values()][:2], *wide.values()]))

    def _wide(self, *photos: int) -> set[WideNo]:
        return set().union(*(self.wide.get(photo, set()) for photo in photos))

    def concerns_no_person(self, photo: int) -> bool:
        """Return whether only flags stop a photo, of which none concerns a person."""
        others = photo in self.flags.objected or photo in self.refused or self.wide.get(photo)
        return photo in self.flags.flagged and not others

    def _reaches(self, no: WideNo, photo: int) -> bool:
        is_at_event = no.event is None or self.events.get(photo) == no.event
        return is_at_event and (
            no.photographer is None or no.photographer in self.photographers.get(photo, ())
        )


def stops_of(work: UnitOfWork, photos: Iterable[int]) -> Stops:
    """Return what stops these photos; asked about any number at once."""
    numbers = set(photos)
    if not numbers:
        return Stops(PhotoStops(), set(), {}, {}, {}, {})
    inherited = flagged_for_likeness(work.session, numbers)
    numbers |= set(inherited.values())
    rows = rows_with(work.session, Photo, Photo.id, numbers)
    events = {id_of(row): row.event_id for row in rows}
    photographers = photographer_ids_of(work, rows)
    wide = wide_noes(work, rows, photographers)
    for number in photos_of_blocked_events(work.session, numbers):
        wide.setdefault(number, set()).add(WideNo(events[number]))
    flags, refused = flags_on(work, numbers), refused_photos(work, numbers)
    return Stops(flags, refused, wide, events, photographers, inherited)


def flags_on(work: UnitOfWork, photos: Iterable[int]) -> PhotoStops:
    """Return which of these photos are stopped by flags."""
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
