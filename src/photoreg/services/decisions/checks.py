"""Check whether photos may be published."""

from collections.abc import Sequence

from photoreg.errors import NotFound
from photoreg.registry.evidence import ALL_AS_RECORDED
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.photos import photo_ids
from photoreg.services.application import Application
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


def check(
    application: Application, photos: Sequence[str], asked: AskedUse, *, is_of_today: bool = True
) -> list[Checked]:
    """Return for each photo whether it may be published, with every reason.

    Changed files, and those never looked at, are looked at first, and so are the documents, unless
    the registry is that of an earlier day; nothing else changes.
    """
    refresh_files(application, photos)
    documents = look_at_evidence(application, photos) if is_of_today else ALL_AS_RECORDED
    with application.reading() as work:
        return check_named(work, photos, asked, documents)


def event_photos(application: Application, event: str) -> list[str]:
    """Return the ids of an event's photos; NotFound when there are none."""
    with application.reading() as work:
        row = find_event(work.session, event)
        numbers = photo_ids(work.session, id_of(row))
        if not numbers:
            raise NotFound(
                N_("{event} has no photos yet"),
                N_("Register its photos."),
                step=NextStep.to(
                    NextAction.PHOTO_REGISTER, "file", event=human_id(Kind.EVENT, row.id)
                ),
                event=human_id(Kind.EVENT, row.id),
            )
        return human_ids(Kind.PHOTO, numbers)
