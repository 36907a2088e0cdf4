"""The texts that are published beside photos: the credit line, and what the photo is of."""

from collections.abc import Sequence
from dataclasses import dataclass

from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.queries.photos import events_by_id, photos_by_id
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.files.rights import RightsOptions, own_rights


@dataclass(frozen=True, slots=True)
class TextsBeside:
    """The credit line as in a clean copy, empty if it was waived, and the name of the event."""

    credit: str
    event: str


def texts_beside(application: Application, checked: Sequence[Checked]) -> dict[str, TextsBeside]:
    """Return the texts beside photos that may be published, by id; the others get none."""
    facts = {each.photo_id: each.facts for each in checked if each.is_allowed}
    with application.reading() as work:
        photos = photos_by_id(work.session, list(facts))
        events = events_by_id(work.session, (photo.event_id for photo in photos))
        rights = own_rights(
            work, [(p, facts[id_of(p)]) for p in photos], RightsOptions(), in_public=True
        )
        return {
            human_id(Kind.PHOTO, photo.id): TextsBeside(
                own.credit, events[photo.event_id].name if photo.event_id else ""
            )
            for photo, own in zip(photos, rights, strict=True)
        }
