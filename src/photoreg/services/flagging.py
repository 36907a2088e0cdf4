"""Raise flags on photos, with their reason and the time by which they are to be resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.stops import (
    add_flags,
)
from photoreg.registry.tables.photos import FlagCause, ObjectorKind
from photoreg.services.unit_of_work import UnitOfWork, current_policy


@dataclass(frozen=True, slots=True)
class FlagReason:
    """Why a flag is raised: who objects, which person or similar photo it concerns, by number.

    `concerns_person`: it is by or about a person, or passed on from such a stop.
    """

    cause: FlagCause
    person: int | None = None
    about: int | None = None
    similar_to: int | None = None
    concerns_person: bool = True


def due_at(work: UnitOfWork) -> datetime:
    """Return the time by which a flag that is raised now is to be resolved."""
    _version, policy = current_policy(work.session)
    return work.now + timedelta(hours=policy.response_target_hours)


def raise_flags(work: UnitOfWork, reasons: Mapping[int, FlagReason]) -> dict[int, int]:
    """Raise a flag on each of these photos; return the flag numbers by photo."""
    due = due_at(work)
    by_photo = dict(sorted(reasons.items()))
    rows = [
        {
            "photo_id": photo,
            "person_id": reason.person,
            "objector": "",
            "objector_kind": _objector_kind(reason),
            "reason": "",
            "cause": reason.cause,
            "like_photo_id": reason.similar_to,
            "about_person_id": reason.about,
            "concerns_person": reason.concerns_person,
            "raised_at": work.now,
            "raised_by": work.actor.id,
            "due_at": due,
            "resolution": "",
        }
        for photo, reason in by_photo.items()
    ]
    flags = add_flags(work.session, rows)
    work.log_all(
        Action.FLAG_RAISED,
        Kind.FLAG,
        [
            (
                flags[photo],
                {
                    "photo": photo,
                    "person": human_id(Kind.PERSON, reason.person) if reason.person else None,
                    "by": _objector_kind(reason),
                    "like": reason.similar_to,
                },
            )
            for photo, reason in by_photo.items()
        ],
    )
    return flags


def _objector_kind(reason: FlagReason) -> ObjectorKind:
    return ObjectorKind.PERSON if reason.person else ObjectorKind.STAFF
