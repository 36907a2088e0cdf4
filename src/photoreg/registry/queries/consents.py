"""Queries about consents and permissions."""

from enum import StrEnum

from photoreg.registry.facts.rows import Thread
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.forms import ConsentForm


class Reaching(StrEnum):
    """How far a word reaches that names neither a photo nor an event."""

    EVERYTHING = "everything"


def reach_of(thread: Thread | ConsentForm) -> str:
    """Return a reach as people see it: a photo's id, an event's id, or `everything`."""
    if thread.photo_id is not None:
        return human_id(Kind.PHOTO, thread.photo_id)
    return Reaching.EVERYTHING if thread.event_id is None else human_id(Kind.EVENT, thread.event_id)
