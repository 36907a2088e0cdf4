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
from photoreg.services.consents.refusals import refusals_by_photographers
from photoreg.services.flagging import FlagReason, due_at, raise_flags
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class FlaggedPhotos:
    """Photos that were stopped: the flag on each, by photo, to be resolved until when."""

    flags: dict[str, str]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionRecorded(FlaggedPhotos):
    """An objection as recorded: about whom, and who objects."""

    person: str
    by: str


def record_objection(work: UnitOfWork, subject: int, by: int, reach: Reach) -> ObjectionRecorded:
    """Stop at an open desk the photos that show somebody, because another person objects.

    One photo is stopped whoever is named in it. NotAllowed when no photo shows the person: then
    there is nothing to stop, and nothing is recorded that would look as if it did.
    """
    ids = {"person": human_id(Kind.PERSON, subject), "by": human_id(Kind.PERSON, by)}
    photos = [reach.photo_id] if reach.photo_id else []
    photos = photos or photos_showing(work.session, subject, event=reach.event_id)
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
    mark = FlagReason(FlagCause.OBJECTION, person=by, about=subject)
    result = _flag_photos(work, dict.fromkeys(photos, mark))
    return ObjectionRecorded(result.flags, result.due_at, person=ids["person"], by=ids["by"])


def flag_unnamed(work: UnitOfWork, subject: int, by: int, photo: int) -> FlaggedPhotos:
    """Stop at an open desk a photo that somebody said no to who is not named in it.

    The no alone would not reach it, because only of those who are named is asked what they said.
    """
    return _flag_photos(work, {photo: _unnamed_reason(subject, by)})


def _unnamed_reason(subject: int, by: int) -> FlagReason:
    return FlagReason(FlagCause.NOT_NAMED, person=by, about=subject)


def flag_untagged(
    work: UnitOfWork, photos: Iterable[int], refusals: Mapping[int, Consent] | None = None
) -> FlaggedPhotos:
    """Stop at an open desk photos that somebody was taken out of who stood in their way.

    `refusals` are photos that they said no to. The flags on the others name nobody: whoever raises
    a flag reads it, and nobody is told who is blocked.
    """
    reasons = dict.fromkeys(photos, FlagReason(FlagCause.TAKEN_OUT))
    reasons |= {
        photo: _unnamed_reason(refusal.subject_id, refusal.actor_id)
        for photo, refusal in (refusals or {}).items()
    }
    return _flag_photos(work, reasons)


def photographer_ids_of(work: UnitOfWork, photos: Iterable[Photo]) -> dict[int, set[int]]:
    """Return who took each of these photos, by number."""
    found = photographers_by_photo(work.session, list(photos))
    return {photo: set(map(id_of, persons)) for photo, persons in found.items()}


def flag_replaced_photographers(
    work: UnitOfWork, photos: Sequence[Photo], previous: Mapping[int, set[int]]
) -> FlaggedPhotos | None:
    """Flag the photos of which somebody is not said any more to have taken them who said no.

    `previous` is what `photographer_ids_of` gave before. As with who is shown: that it was
    somebody else after all, the coordinator says.
    """
    now = photographer_ids_of(work, photos)
    gone = {photo: before - now[photo] for photo, before in previous.items()}
    replaced = refusals_by_photographers(work, photos, gone) if any(gone.values()) else {}
    return flag_untagged(work, replaced) if replaced else None


def _flag_photos(work: UnitOfWork, reasons: Mapping[int, FlagReason]) -> FlaggedPhotos:
    flags = raise_flags(work, reasons)
    return FlaggedPhotos(
        flags={
            human_id(Kind.PHOTO, photo): human_id(Kind.FLAG, flag)
            for photo, flag in sorted(flags.items())
        },
        due_at=due_at(work),
    )
