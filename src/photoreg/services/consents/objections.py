"""Objections by somebody who may not decide for the depicted person.

Every objection is accepted, but it does not count as a guardian's refusal: it flags each photo, and
the coordinator rules on it (rulebook §7.9).
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
    """The flags raised, by photo, and when they must be resolved."""

    flags: dict[str, str]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionRecorded(FlaggedPhotos):
    """A recorded objection: the depicted person, and who objects."""

    person: str
    by: str


def record_objection(work: UnitOfWork, subject: int, by: int, reach: Reach) -> ObjectionRecorded:
    """Flag the photos that show a person because another person objects.

    A single photo is flagged whoever is tagged in it. NotAllowed when no photo shows the person:
    nothing is recorded then that would wrongly appear to have an effect.
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
    reason = FlagReason(FlagCause.OBJECTION, person=by, about=subject)
    result = _flag_photos(work, dict.fromkeys(photos, reason))
    return ObjectionRecorded(result.flags, result.due_at, person=ids["person"], by=ids["by"])


def flag_unnamed(work: UnitOfWork, subject: int, by: int, photo: int) -> FlaggedPhotos:
    """Flag a photo that was refused by a person not tagged in it.

    The refusal alone has no effect there: only the consents of tagged persons are evaluated.
    """
    reason = FlagReason(FlagCause.NOT_NAMED, person=by, about=subject)
    return _flag_photos(work, {photo: reason})


def flag_untagged(
    work: UnitOfWork, photos: Iterable[int], refusals: Mapping[int, Consent] | None = None
) -> FlaggedPhotos:
    """Flag photos from which a refusing or blocked person was untagged.

    `refusals` are the refusals by photo. The flags on the other photos name nobody, because a flag
    is shown to the user who raised it, and no user may learn who is blocked.
    """
    reasons = dict.fromkeys(photos, FlagReason(FlagCause.TAKEN_OUT))
    reasons |= {
        photo: FlagReason(FlagCause.REMOVED, person=refusal.actor_id, about=refusal.subject_id)
        for photo, refusal in (refusals or {}).items()
    }
    return _flag_photos(work, reasons)


def photographer_ids_of(work: UnitOfWork, photos: Iterable[Photo]) -> dict[int, set[int]]:
    """Return the person ids of the photographers, by photo."""
    found = photographers_by_photo(work.session, list(photos))
    return {photo: set(map(id_of, persons)) for photo, persons in found.items()}


def flag_replaced_photographers(
    work: UnitOfWork, photos: Sequence[Photo], previous: Mapping[int, set[int]]
) -> FlaggedPhotos | None:
    """Flag photos whose refusing photographer was replaced.

    `previous` is the result of `photographer_ids_of` before the change. Whether the earlier
    photographer was a mistake is for the coordinator to decide, as with untagged persons.
    """
    current = photographer_ids_of(work, photos)
    removed = {photo: before - current[photo] for photo, before in previous.items()}
    replaced = refusals_by_photographers(work, photos, removed) if any(removed.values()) else {}
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
