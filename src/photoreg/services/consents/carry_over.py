"""A no goes with its photo: to a version of it, and when the photo is moved to another event."""

from collections.abc import Iterable

from photoreg.registry.tables.consents import Consent
from photoreg.services.consents.consents import ConsentRecorded, record_photo_objection
from photoreg.services.consents.permissions import PermissionRecorded, withdraw_for_photo
from photoreg.services.consents.refusals import Refusal
from photoreg.services.unit_of_work import UnitOfWork


def carry_over(work: UnitOfWork, refusals: Iterable[Refusal]) -> dict[int, list[str]]:
    """Record each no of its photo alone, on the day it was said; return the threads by photo.

    A later yes to the photo still counts, one to the event that was left does not. Nothing is
    stopped for looking like the photo: that was done where the no was said first.
    """
    carried_over: dict[int, list[str]] = {}
    for refusal in refusals:
        record = refusal.record
        result: ConsentRecorded | PermissionRecorded
        if isinstance(record, Consent):
            who = record.subject_id, record.actor_id
            result = record_photo_objection(
                work, *who, refusal.photo_id, on=refusal.day, channels=refusal.channels
            )
        else:
            holder = record.photographer_id, record.licensor
            result = withdraw_for_photo(
                work, *holder, refusal.photo_id, on=refusal.day, channels=refusal.channels
            )
        carried_over.setdefault(refusal.photo_id, []).append(result.recorded.record_id)
    work.carried.update(carried_over)
    return carried_over
