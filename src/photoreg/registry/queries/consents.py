"""Queries about consents and permissions."""

from enum import StrEnum

from photoreg.registry.facts.rows import AnyConsent
from photoreg.registry.ids import Kind, human_id
from photoreg.registry.tables.forms import ConsentForm


class WholeReach(StrEnum):
    """The reach of a consent or permission that names neither a photo nor an event."""

    EVERYTHING = "everything"


def reach_label(record: AnyConsent | ConsentForm) -> str:
    """Return a reach as displayed: a photo's id, an event's id, or `everything`."""
    if record.photo_id is not None:
        return human_id(Kind.PHOTO, record.photo_id)
    return (
        WholeReach.EVERYTHING if record.event_id is None else human_id(Kind.EVENT, record.event_id)
    )
