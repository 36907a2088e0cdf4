"""List photos; show persons and answers as the user may see them."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice, tee
from typing import Any, NamedTuple

from photoreg.registry.facts.photo_selection import PhotoSelection
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.lookup import find_event, find_person
from photoreg.registry.queries.people import photos_showing, photos_taken_by
from photoreg.registry.queries.photos import (
    photo_ids,
    photo_lines,
    photographer_names,
    repeated_file_names,
)
from photoreg.registry.tables.photos import Photo
from photoreg.rulebook.facts import Confidentiality, People
from photoreg.services.application import Application
from photoreg.services.decisions.bulk_evaluation import BulkEvaluator
from photoreg.services.people.ages import named_id
from photoreg.services.photos.answers import stream_open_questions


class ListedPhoto(NamedTuple):
    """A photo as listed; `tagged` is its number of depictions, `open` its open questions.

    `folder` is that of the file if other photos have files of the same name.
    """

    photo: str
    folder: str
    file: str
    event: str | None
    taken_at: str | None
    photographers: tuple[str, ...]
    people: People | None
    tagged: int
    open: tuple[str, ...]


def list_photos(
    application: Application,
    *,
    event: str | None = None,
    only_open: bool = False,
    first: int = 0,
    at_once: int | None = None,
) -> Iterator[ListedPhoto]:
    """Yield the photos from the `first` on; with `only_open` only those with open questions.

    `at_once` is how many are read together, for whoever shows a page of them; all by default.
    Raises NotFound for an unknown event at once, not when the first photo is asked for.
    """
    with application.reading() as work:
        event_id = id_of(find_event(work.session, event)) if event else None
    if at_once is not None:
        skipped = 0 if only_open else first
        rows = _in_parts(application, event_id, skipped, at_once, only_open=only_open)
        return islice(rows, first - skipped, None)
    rows = _photo_rows(
        application,
        PhotoSelection.of_event(event_id) if event_id else PhotoSelection(),
        only_open=only_open,
    )
    return islice(rows, first, None)


def _in_parts(
    application: Application, event: int | None, first: int, at_once: int, *, only_open: bool
) -> Iterator[ListedPhoto]:
    while True:
        with application.reading() as work:
            part = photo_ids(work.session, event, first, at_once)
        if not part:
            return
        yield from _photo_rows(application, PhotoSelection(part), only_open=only_open)
        first += len(part)


@dataclass(frozen=True, slots=True)
class PersonPhotos:
    """The photos that show a person, and those that the person took, by id."""

    shown_in: list[str]
    taken: list[str]


def photos_of_person(application: Application, person: str) -> PersonPhotos:
    """Return the photos of a person."""
    with application.reading() as work:
        number = id_of(find_person(work.session, person))
        shown_in = human_ids(Kind.PHOTO, photos_showing(work.session, number))
        return PersonPhotos(shown_in, human_ids(Kind.PHOTO, photos_taken_by(work.session, number)))


def _photo_rows(
    application: Application, selection: PhotoSelection, *, only_open: bool
) -> Iterator[ListedPhoto]:
    with application.reading() as work:
        evaluator = BulkEvaluator.for_selection(work, selection.without_consents())
        found = dict(photographer_names(work.session, selection))
        work.sight.look_up(found)
        names = {number: named_id(work, number, name) for number, name in found.items()}
        lines = photo_lines(work.session, selection)
        shown = None
        if selection.is_small:
            lines, named = tee(lines)
            shown = [line.file_name for line in named]
        repeated = repeated_file_names(work.session, names=shown)
        for line, (streamed, questions) in zip(
            lines, stream_open_questions(work, evaluator), strict=True
        ):
            if only_open and not questions:
                continue
            yield ListedPhoto(
                photo=human_id(Kind.PHOTO, line.id),
                folder=folder_name(line.path) if line.file_name in repeated else "",
                file=line.file_name,
                event=human_id(Kind.EVENT, line.event_id) if line.event_id else None,
                taken_at=line.taken_at,
                photographers=tuple(names[n] for n in evaluator.photographers(streamed)),
                people=line.people,
                tagged=len(streamed.rows.depicted),
                open=questions,
            )


def file_in_folder(photo: Photo, repeated: Collection[str]) -> str:
    """Return the name of a photo's file, with its folder if it is one of the repeated names."""
    folder = folder_name(photo.path) if photo.file_name in repeated else ""
    return f"{folder}/{photo.file_name}" if folder else photo.file_name


def folder_name(path: str) -> str:
    """Return the name of the folder of a file."""
    return os.path.basename(os.path.dirname(path))  # noqa: PTH119, PTH120 - a million of them


def without_block(answer: Any) -> Any:
    """Return an answer as it may be shown: a publication block is never revealed (rulebook §3)."""
    return Confidentiality.UNSURE if answer is Confidentiality.PUBLICATION_BLOCK else answer
