"""One event for each folder of photos: proposed from the folders' names, and recorded together."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from photoreg.errors import InputDataError, PhotoFileError
from photoreg.imaging.containers.formats import photo_files
from photoreg.registry.ids import Kind, human_id, name_key
from photoreg.registry.lookup import find_event
from photoreg.registry.queries.photos import all_events
from photoreg.registry.tables.photos import Event
from photoreg.services.application import Application
from photoreg.services.photos.events import NewEvent, record_event
from photoreg.services.photos.folders.beside_photos import BesidePhotos
from photoreg.services.photos.folders.folder_days import FolderName, read_folder_name
from photoreg.services.photos.registration import no_photos_error
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextStep
from photoreg.texts import N_

_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class FolderEvent:
    """The event that is proposed for a folder; `event` is its id if it is recorded already.

    Without days the folder's name does not tell them for certain. `files` are the paths of its
    photos, those in folders below that have no event of their own included.
    """

    folder: str
    name: str
    starts_on: date | None
    ends_on: date | None
    files: tuple[str, ...]
    event: str | None = None

    @property
    def is_decided(self) -> bool:
        """Is everything known that an event needs?"""
        return self.event is not None or bool(self.name and self.starts_on)


def propose_events(
    application: Application, folders: Iterable[Path], beside: BesidePhotos
) -> list[FolderEvent]:
    """Return the event that each folder with photos seems to be of, in the order of the folders.

    PhotoFileError for what is no folder, or has no photos.
    """
    photos: dict[str, list[str]] = {}
    names: dict[str, FolderName] = {}
    for root in folders:
        top = str(root.absolute())
        if root.is_file():
            raise PhotoFileError(
                N_("{file} is not a folder"), N_("Give the folder."), file=root.name
            )
        for file in photo_files(root.absolute(), on_other=beside.add):
            folder, found = _folder_of_event(os.path.dirname(file), top, application.today)  # noqa: PTH120 - strings
            names[folder] = found
            photos.setdefault(folder, []).append(file)
        if not any(each == top or each.startswith(f"{top}{os.sep}") for each in photos):
            raise no_photos_error(root)
    proposals = [_proposal(folder, names[folder], files) for folder, files in photos.items()]
    with application.reading() as work:
        return _with_recorded_events(work, proposals)


def _folder_of_event(folder: str, top: str, today: date) -> tuple[str, FolderName]:
    """Return the nearest folder whose name tells a day, up to the one given, else the folder."""
    above = [Path(folder), *Path(folder).parents]
    own = read_folder_name(Path(folder).name, today)
    for at in above:
        found = read_folder_name(at.name, today, _year(at.parent.name, today))
        if found.days is not None:
            return str(at), found
        if str(at) == top:
            break
    return folder, own


def _year(name: str, today: date) -> int | None:
    is_year = len(name) == 4 and name.isascii() and name.isdigit()  # noqa: PLR2004 - digits
    return int(name) if is_year and _FIRST_YEAR <= int(name) <= today.year else None


def _proposal(folder: str, found: FolderName, files: Sequence[str]) -> FolderEvent:
    starts_on, ends_on = found.days or (None, None)
    name = found.name or Path(folder).name
    return FolderEvent(folder, name, starts_on, ends_on, tuple(dict.fromkeys(files)))


def _with_recorded_events(work: UnitOfWork, found: Iterable[FolderEvent]) -> list[FolderEvent]:
    """Add the ids of events that are recorded already, by name and first day."""
    events = {(name_key(event.name), event.starts_on): event for event in all_events(work.session)}
    return [
        replace(each, event=_recorded(events, each) if each.event is None else each.event)
        for each in found
    ]


def _recorded(events: Mapping[tuple[str, date], Event], found: FolderEvent) -> str | None:
    event = events.get((name_key(found.name), found.starts_on)) if found.starts_on else None
    return human_id(Kind.EVENT, event.id) if event else None


def record_events(
    application: Application, planned: Sequence[FolderEvent], step: NextStep | None = None
) -> list[FolderEvent]:
    """Record the events that are new, all of them or none; return the folders with their events.

    Folders of the same name and day are of one event. `step` plans those without a day.
    """
    _refuse_undecided(planned, step)
    with application.changing() as work:
        added: dict[tuple[str, date | None], str] = {}
        result = []
        for each in _with_recorded_events(work, planned):
            key = name_key(each.name), each.starts_on
            event = each.event or added.get(key) or _record(work, each)
            added[key] = event
            result.append(replace(each, event=event))
        return result


def _record(work: UnitOfWork, found: FolderEvent) -> str:
    if found.starts_on is None:
        raise TypeError(found)
    last = found.ends_on or found.starts_on
    new = NewEvent(found.name, found.starts_on, last, unit=work.actor.unit)
    return human_id(Kind.EVENT, record_event(work, new))


def _refuse_undecided(planned: Sequence[FolderEvent], step: NextStep | None) -> None:
    undecided = [each for each in planned if not each.is_decided]
    if undecided:
        raise InputDataError(
            N_("folders whose names do not tell a day for certain: {count}, such as {folder}"),
            N_("Write the plan into a table, fill in the days there, and give it back."),
            step=step,
            count=len(undecided),
            folder=undecided[0].folder,
        )


def require_event(application: Application, named: str) -> str:
    """Return the id of an event that is recorded; NotFound if there is none."""
    with application.reading() as work:
        return human_id(Kind.EVENT, find_event(work.session, named).id)
