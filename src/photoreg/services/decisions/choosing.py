"""Choose the photos, cases and flags that one command is about: by id, or all of an event."""

from collections.abc import Sequence
from dataclasses import dataclass

from photoreg.errors import InputDataError, NotFound
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.cases import cases_waiting_of
from photoreg.registry.queries.flags import open_flags_of
from photoreg.registry.queries.photos import photo_ids
from photoreg.registry.queries.publications import open_tasks_of
from photoreg.registry.tables.photos import Event
from photoreg.services.application import Application
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import AskedUse
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_


@dataclass(frozen=True, slots=True)
class ChosenPhotos:
    """The photos chosen, by id or as named, and those left out since they are not publishable."""

    photos: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def event_photos(application: Application, event: str) -> list[str]:
    """Return the ids of an event's photos; NotFound when there are none."""
    with application.reading() as work:
        row, numbers = _photos_of(work, event)
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


def _photos_of(work: UnitOfWork, event: str) -> tuple[Event, list[int]]:
    row = find_event(work.session, event)
    return row, photo_ids(work.session, id_of(row))


def publishable_photos(
    application: Application, photos: Sequence[str], asked: AskedUse
) -> ChosenPhotos:
    """Return those of these photos that may be published for a use; InputDataError if none may.

    This is a choice, not the permission: whatever publishes them asks again.
    """
    checked = check(application, photos, asked)
    allowed = human_ids(Kind.PHOTO, (each.photo_id for each in checked if each.is_allowed))
    others = human_ids(Kind.PHOTO, (each.photo_id for each in checked if not each.is_allowed))
    if not allowed:
        raise InputDataError(
            N_("none of these photos may be published on {channel}"),
            N_("See what prevents it."),
            step=NextStep.to(NextAction.CHECK, photo=" ".join(others), channel=asked.channel),
            channel=asked.channel,
        )
    return ChosenPhotos(tuple(allowed), tuple(others))


def event_cases(application: Application, event: str, channel: str | None = None) -> list[str]:
    """Return the ids of the cases about an event's photos that wait for a ruling, oldest first.

    With `channel` those about that channel. NotFound when there are none.
    """
    with application.reading() as work:
        row, numbers = _photos_of(work, event)
        found = cases_waiting_of(work.session, numbers, channel)
        return human_ids(Kind.CASE, found) or _raise_none_waits(row, NextAction.CASE_LIST)


def event_flags(application: Application, event: str) -> list[str]:
    """Return the ids of the open flags on an event's photos, oldest first; NotFound if none."""
    with application.reading() as work:
        row, numbers = _photos_of(work, event)
        found = open_flags_of(work.session, numbers)
        return human_ids(Kind.FLAG, found) or _raise_none_waits(row, NextAction.FLAG_LIST)


def event_tasks(application: Application, event: str) -> list[str]:
    """Return the ids of the open take-down tasks about an event's photos; NotFound if none."""
    with application.reading() as work:
        row, numbers = _photos_of(work, event)
        found = open_tasks_of(work.session, numbers)
        return human_ids(Kind.TAKE_DOWN, found) or _raise_none_waits(
            row, NextAction.PUBLICATION_LIST
        )


def _raise_none_waits(event: Event, listed: NextAction) -> list[str]:
    raise NotFound(
        N_("nothing of this kind is open about the photos of {event}"),
        N_("See what is open."),
        step=NextStep.to(listed),
        event=human_id(Kind.EVENT, event.id),
    )
