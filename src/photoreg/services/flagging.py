"""Raising flags: which photos are stopped, why, and until when that is to be resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from photoreg.registry.ids import Kind, human_id
from photoreg.registry.ledger import Action
from photoreg.registry.queries.stops import (
    add_flags,
)
from photoreg.registry.tables.photos import FlagCause, ObjectorKind
from photoreg.services.unit_of_work import UnitOfWork, current_policy


@dataclass(frozen=True, slots=True)
class FlagReason:
    """Why a flag is raised on a photo: who objects, about whom, which photo it looks like."""

    cause: FlagCause
    person: int | None = None
    about: int | None = None
    similar_to: int | None = None


def due_at(work: UnitOfWork) -> datetime:
    """Return until when a flag that is raised now is to be resolved."""
    _version, policy = current_policy(work.session)
    return work.now + timedelta(hours=policy.response_target_hours)


def raise_flags(work: UnitOfWork, reasons: Mapping[int, FlagReason]) -> dict[int, int]:
    """Raise a flag on each of these photos; return the flags' numbers by photo."""
    due = due_at(work)
    rows: list[dict[str, Any]] = [
        {
            "photo_id": photo,
            "person_id": reason.person,
            "objector": "",
            "objector_kind": ObjectorKind.PERSON if reason.person else ObjectorKind.STAFF,
            "reason": "",
            "cause": reason.cause,
            "like_photo_id": reason.similar_to,
            "about_person_id": reason.about,
            "raised_at": work.now,
            "raised_by": work.actor.id,
            "due_at": due,
            "resolution": "",
        }
        for photo, reason in sorted(reasons.items())
    ]
    flags = add_flags(work.session, rows)
    work.log_all(
        Action.FLAG_RAISED,
        Kind.FLAG,
        [
            (
                flags[row["photo_id"]],
                {
                    "photo": row["photo_id"],
                    "person": _person_id(row["person_id"]),
                    "by": row["objector_kind"],
                    "like": reasons[row["photo_id"]].similar_to,
                },
            )
            for row in rows
        ],
    )
    return flags


def _person_id(number: int | None) -> str | None:
    return human_id(Kind.PERSON, number) if number else None
