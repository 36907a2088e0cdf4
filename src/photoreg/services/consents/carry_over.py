"""A no goes with its photo: to a version of it, and when the photo is moved to another event."""

from collections.abc import Iterable

from photoreg.registry.tables.consents import Consent
from photoreg.services.consents.consents import ConsentRecorded, objected
from photoreg.services.consents.permissions import PermissionRecorded, taken_back
from photoreg.services.decisions.refusals import Against
from photoreg.services.unit_of_work import Desk


def carry(desk: Desk, nos: Iterable[Against]) -> dict[int, list[str]]:
    """Record each no of its photo alone, on the day it was said; return the threads by photo.

    A later yes to the photo still counts, one to the event that was left does not. Nothing is
    stopped for looking like the photo: that was done where the no was said first.
    """
    carried: dict[int, list[str]] = {}
    for no in nos:
        said = no.thread
        told: ConsentRecorded | PermissionRecorded
        if isinstance(said, Consent):
            who = said.subject_id, said.actor_id
            told = objected(desk, *who, no.photo, on=no.day, channels=no.channels)
        else:
            holder = said.photographer_id, said.licensor
            told = taken_back(desk, *holder, no.photo, on=no.day, channels=no.channels)
        carried.setdefault(no.photo, []).append(told.recorded.thread)
    desk.carried.update(carried)
    return carried
