"""Objections: somebody who has no say about a person wants photos of that person stopped.

Nobody is sent away. What a stranger says is no guardian's word and must not count as one; so it
stops what is there, as a flag on each photo, and the coordinator examines it (rulebook §7.9).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from photoreg.errors import NotAllowed
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.people import photos_showing
from photoreg.registry.queries.photos import photographers_by_photo
from photoreg.registry.tables.consents import Consent
from photoreg.registry.tables.photos import FlagCause, Photo
from photoreg.services.consents.consent_events import Reach
from photoreg.services.decisions.refusals import said_of_takers
from photoreg.services.decisions.stop_propagation import Mark, due_at, raise_flags
from photoreg.services.unit_of_work import Desk
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class Flagged:
    """Photos that were stopped: the flag on each, by photo, to be resolved until when."""

    flags: dict[str, str]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Objected(Flagged):
    """An objection as recorded: about whom, and who objects."""

    person: str
    by: str


def object_to(desk: Desk, subject: int, by: int, reach: Reach) -> Objected:
    """Stop at an open desk the photos that show somebody, because another person objects.

    One photo is stopped whoever is named in it. NotAllowed when no photo shows the person: then
    there is nothing to stop, and nothing is recorded that would look as if it did.
    """
    ids = {"person": human_id(Kind.PERSON, subject), "by": human_id(Kind.PERSON, by)}
    photos = [reach.photo_id] if reach.photo_id else []
    photos = photos or photos_showing(desk.session, subject, event=reach.event_id)
    if not photos:
        raise NotAllowed(
            N_(
                "{by} is not entitled to decide for {person}, and none of the photos meant is "
                "known to show {person}"
            ),
            N_(
                "Stop the photos that are meant, each by its number. If {by} is a guardian, "
                "record that instead, and then the withdrawal again."
            ),
            step=NextStep.to(NextAction.PHOTO_FLAG, "photo", "reason", by=ids["by"]),
            person=ids["person"],
            by=ids["by"],
        )
    mark = Mark(FlagCause.OBJECTION, person=by, about=subject)
    told = _stopped(desk, dict.fromkeys(photos, mark))
    return Objected(told.flags, told.due_at, person=ids["person"], by=ids["by"])


def stop_unnamed(desk: Desk, subject: int, by: int, photo: int) -> Flagged:
    """Stop at an open desk a photo that somebody said no to who is not named in it.

    The no alone would not reach it, because only of those who are named is asked what they said.
    """
    return _stopped(desk, {photo: _unnamed(subject, by)})


def _unnamed(subject: int, by: int) -> Mark:
    return Mark(FlagCause.NOT_NAMED, person=by, about=subject)


def stop_without(
    desk: Desk, photos: Iterable[int], said: Mapping[int, Consent] | None = None
) -> Flagged:
    """Stop at an open desk photos that somebody was taken out of who stood in their way.

    `said` are photos that they said no to. The flags on the others name nobody: whoever raises
    a flag reads it, and nobody is told who is blocked.
    """
    marks = dict.fromkeys(photos, Mark(FlagCause.TAKEN_OUT))
    marks |= {photo: _unnamed(no.subject_id, no.actor_id) for photo, no in (said or {}).items()}
    return _stopped(desk, marks)


def takers_of(desk: Desk, photos: Iterable[Photo]) -> dict[int, set[int]]:
    """Return who took each of these photos, by number."""
    found = photographers_by_photo(desk.session, list(photos))
    return {photo: set(map(id_of, persons)) for photo, persons in found.items()}


def stop_lost_takers(
    desk: Desk, photos: Sequence[Photo], took: Mapping[int, set[int]]
) -> Flagged | None:
    """Flag the photos of which somebody is not said any more to have taken them who said no.

    `took` is what `takers_of` gave before. As with who is shown: that it was somebody else after
    all, the coordinator says.
    """
    now = takers_of(desk, photos)
    gone = {photo: before - now[photo] for photo, before in took.items()}
    lost = said_of_takers(desk, photos, gone) if any(gone.values()) else {}
    return stop_without(desk, lost) if lost else None


def _stopped(desk: Desk, marks: Mapping[int, Mark]) -> Flagged:
    flags = raise_flags(desk, marks)
    return Flagged(
        flags={
            human_id(Kind.PHOTO, photo): human_id(Kind.FLAG, flag)
            for photo, flag in sorted(flags.items())
        },
        due_at=due_at(desk),
    )
