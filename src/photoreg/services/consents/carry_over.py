"""Carry refusals over to a new version of a photo, or when a photo moves to another event."""

from collections.abc import Iterable

from photoreg.registry.tables.consents import Consent
from photoreg.services.consents.consents import ConsentRecorded, record_photo_objection
from photoreg.services.consents.permissions import PermissionRecorded, withdraw_for_photo
from photoreg.services.consents.refusals import Refusal
from photoreg.services.unit_of_work import UnitOfWork


def carry_over(work: UnitOfWork, refusals: Iterable[Refusal]) -> dict[int, list[str]]:
    """Record each refusal for its photo alone, on its original day; return the record ids by photo.

    A later consent for the photo still counts; one for the event it was moved from does not.
    Near-duplicates are not flagged here: that was done when the refusal was first recorded.
    """
    carried_over: dict[int, list[str]] = {}
    for refusal in refusals:
        record = refusal.record
        result: ConsentRecorded | PermissionRecorded
        if isinstance(record, Consent):
            parties = record.subject_id, record.actor_id
            result = record_photo_objection(
                work, *parties, refusal.photo_id, on=refusal.day, scope=refusal.scope
            )
        else:
            holder = record.photographer_id, record.licensor
            result = withdraw_for_photo(
                work, *holder, refusal.photo_id, on=refusal.day, scope=refusal.scope
            )
        carried_over.setdefault(refusal.photo_id, []).append(result.recorded.record_id)
    work.carried.update(carried_over)
    return carried_over
