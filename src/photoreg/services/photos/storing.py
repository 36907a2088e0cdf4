"""Photos that were read become records: a chunk of them by the same statements, however many.

Which are in the registry already, who took the new ones, what is open about them, how they look,
and the ledger entry of each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import chain
from typing import Any

from photoreg.imaging.reading import PhotoReading
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.people import namesakes_of, persons_of
from photoreg.registry.queries.photos import (
    add_photographers,
    add_photos,
    events_by_id,
    photographers_by_event,
    photographers_by_photo,
    photos_with_hashes,
    store_mtimes,
)
from photoreg.registry.queries.similarity import store_likenesses
from photoreg.registry.tables.people import Person
from photoreg.registry.tables.photos import Event, Photo
from photoreg.rulebook.facts import Photographer
from photoreg.services.files.recognition import (
    LikelyCopy,
    RecognisedPhoto,
    RightsMetadata,
    likely_copies,
    recognise_photos,
)
from photoreg.services.photos.answers import (
    EARLIEST_YEAR,
    PhotoAnswers,
    columns_for_new_photos,
    open_questions,
)
from photoreg.services.unit_of_work import Reacted, StoppedCopy, UnitOfWork

NAME_LIMIT, TEXT_LIMIT, CAMERA_LIMIT = 255, 2000, 200
"""What the columns of a photo hold at most."""


@dataclass(frozen=True, slots=True)
class RegisteredPhoto:
    """A photo that is in the registry now, or was already (`is_new` is false).

    `photographers` are pairs of id and name. `proposed` says that the photographer was taken from
    the file; `file_artist` is who the file names when nobody could be taken from it: an
    unregistered person (no `namesakes`), or several of that name. `again` tells what became of a
    file with other metadata than the registered one, `alike` which photos look like a new one,
    `stopped` that one of them is stopped, and so the new one too, `said` what each standard in the
    file says of rights.
    """

    photo_id: int
    file_name: str
    is_new: bool
    photographers: tuple[tuple[str, str], ...]
    taken_at: str | None
    holds_place: bool
    open: tuple[str, ...]
    proposed: bool = False
    file_artist: str = ""
    namesakes: tuple[str, ...] = ()
    outside_event: bool = False
    recognised: RecognisedPhoto | None = None
    likely_copies: tuple[LikelyCopy, ...] = ()
    stopped: StoppedCopy | None = None
    rights_metadata: RightsMetadata = field(default_factory=dict)


def register_photo(
    work: UnitOfWork, reading: PhotoReading, answers: PhotoAnswers
) -> RegisteredPhoto:
    """Register at an open desk a photo that has been read."""
    return register_photos(work, [reading], answers)[str(reading.path)]


def register_photos(
    work: UnitOfWork, readings: Sequence[PhotoReading], answers: PhotoAnswers
) -> dict[str | int, RegisteredPhoto]:
    """Add the photos that are not in the registry yet; tell of all, by path.

    What a new photo looks like is known when the desk has reacted: see `with_copies`.
    """
    known = _known_photos(work, readings)
    same = recognise_photos(work, [r for r in readings if r.sha256 not in known])
    again = describe_registered(work, [*known.values(), *(each.photo for each in same.values())])
    new: dict[str, PhotoReading] = {}
    for reading in readings:
        if reading.sha256 not in known and reading.sha256 not in same:
            new.setdefault(_picture_key(reading), reading)
    added = _add(work, list(new.values()), answers)
    result: dict[str | int, RegisteredPhoto] = {}
    for reading in readings:
        sha256 = reading.sha256
        if sha256 in known:
            found = again[id_of(known[sha256])]
        elif sha256 in same:
            found = replace(again[id_of(same[sha256].photo)], recognised=same[sha256])
        else:
            first = new[_picture_key(reading)]
            found = added[first.sha256]
            if first is not reading:  # the same photo twice among those that were read together
                found = replace(found, is_new=False, proposed=False, file_artist="", namesakes=())
        result[str(reading.path)] = found
    return result


def with_copies(told: RegisteredPhoto, reacted: Reacted) -> RegisteredPhoto:
    """Tell what a new photo looks like, and whether it was stopped for that."""
    if told.photo_id not in reacted.alike:
        return told
    alike = likely_copies({told.photo_id: reacted.alike[told.photo_id]})
    stopped = reacted.stopped(human_id(Kind.PHOTO, told.photo_id))
    return replace(told, likely_copies=alike[told.photo_id], stopped=stopped)


def _picture_key(reading: PhotoReading) -> str:
    """Return what makes a file the same photo; of one that was not looked at its own hash."""
    return reading.picture_sha256 or reading.sha256


def _known_photos(work: UnitOfWork, readings: Sequence[PhotoReading]) -> dict[str, Photo]:
    """Return the photos that are in the registry, by file hash; note when a file was changed."""
    known = photos_with_hashes(work.session, [reading.sha256 for reading in readings])
    changed = {}
    for reading in readings:
        photo = known.get(reading.sha256)
        if photo and photo.path == str(reading.path) and photo.mtime_ns != reading.mtime_ns:
            changed[id_of(photo)] = reading.mtime_ns
    store_mtimes(work.session, changed)
    return known


@dataclass(frozen=True, slots=True)
class _ProposedPhotographer:
    """Who the files say took the photos."""

    photographer: Person | None = None
    artist: str = ""
    namesakes: tuple[str, ...] = ()


def _add(
    work: UnitOfWork, readings: Sequence[PhotoReading], answers: PhotoAnswers
) -> dict[str, RegisteredPhoto]:
    """Add new photos with their answers and ledger entries; tell of each, by file hash."""
    if not readings:
        return {}
    columns, named = columns_for_new_photos(work, answers)
    event = events_by_id(work.session, [columns.get("event_id")]).get(columns.get("event_id", 0))
    is_said = columns.get("photographer") or (event and event.photographer)
    artists = {r.artist[:TEXT_LIMIT] for r in readings if r.artist}
    proposals = {} if is_said else _proposals(work, artists)
    rows = [_row(work, reading, proposals) | columns for reading in readings]
    numbers = add_photos(work.session, rows)
    taken_by = _store_photographers(work, rows, numbers, proposals, named)
    photographers = _photographers(
        work, {numbers[row["sha256"]]: row for row in rows}, taken_by, event
    )
    looks = {numbers[r.sha256]: r.likeness for r in readings if r.likeness is not None}
    store_likenesses(work.session, [(number, *look) for number, look in looks.items()])
    open_ = _open_questions(work, rows, numbers, taken_by)
    result = {}
    for row in rows:
        number = numbers[row["sha256"]]
        proposal = proposals.get(row["file_artist"], _ProposedPhotographer())
        result[row["sha256"]] = RegisteredPhoto(
            photo_id=number,
            file_name=row["file_name"],
            is_new=True,
            photographers=tuple(
                (human_id(Kind.PERSON, p.id), p.name) for p in photographers[number]
            ),
            taken_at=row["taken_at"],
            holds_place=row["gps_present"],
            open=open_[number],
            proposed=proposal.photographer is not None,
            file_artist=proposal.artist,
            namesakes=proposal.namesakes,
            outside_event=_is_outside_event(event, row["taken_at"]),
            rights_metadata=row["rights_metadata"] or {},
        )
    _log(work, rows, result, answers)
    return result


def _store_photographers(
    work: UnitOfWork,
    rows: Sequence[Mapping[str, Any]],
    numbers: Mapping[str, int],
    proposals: Mapping[str, _ProposedPhotographer],
    named: Sequence[int],
) -> dict[int, Sequence[int]]:
    """Record who took new photos: whom the file proposes, else those named; return it by photo."""
    taken_by = {
        numbers[row["sha256"]]: [id_of(proposal.photographer)]
        if (proposal := proposals.get(row["file_artist"])) and proposal.photographer
        else named
        for row in rows
    }
    add_photographers(work.session, [(n, person) for n, ids in taken_by.items() for person in ids])
    return taken_by


def _photographers(
    work: UnitOfWork,
    rows: Mapping[int, Mapping[str, Any]],
    taken_by: Mapping[int, Sequence[int]],
    event: Event | None,
) -> dict[int, Sequence[Person]]:
    """Return who took each photo, by number: who is said of the photo itself, or of its event."""
    by_event = photographers_by_event(work.session, [event.id] if event and event.id else [])
    persons = persons_of(work.session, chain.from_iterable(taken_by.values()))
    return {
        number: [persons[person] for person in taken_by[number]]
        if event is None or "photographer" in row
        else by_event.get(id_of(event), [])
        for number, row in rows.items()
    }


def _log(
    work: UnitOfWork,
    rows: Iterable[Mapping[str, Any]],
    result: Mapping[str, RegisteredPhoto],
    answers: PhotoAnswers,
) -> None:
    """Add a ledger entry for each photo."""
    answered = [f.name for f in fields(answers) if getattr(answers, f.name) not in (None, ())]
    entries = []
    for row in rows:
        photo = result[row["sha256"]]
        details = {
            "sha256": row["sha256"],
            "event": row.get("event_id"),
            "photographers": [person for person, _name in photo.photographers],
            "from_file": photo.proposed,
            "answers": answered,
        }
        entries.append((photo.photo_id, details))
    work.log_all(Action.PHOTO_REGISTERED, Kind.PHOTO, entries)


def _proposals(work: UnitOfWork, artists: Iterable[str]) -> dict[str, _ProposedPhotographer]:
    """Return for each name in the files who is meant, if one person can be."""
    proposals = {}
    for artist, bearers in namesakes_of(work.session, artists).items():
        ids = tuple(human_id(Kind.PERSON, person.id) for person in bearers)
        only_one = len(bearers) == 1
        proposals[artist] = (
            _ProposedPhotographer(bearers[0])
            if only_one
            else _ProposedPhotographer(artist=artist, namesakes=ids)
        )
    return proposals


def _row(
    work: UnitOfWork, reading: PhotoReading, proposals: Mapping[str, _ProposedPhotographer]
) -> dict[str, Any]:
    """Return what the file says about itself, as a row that fits the table."""
    taken = reading.taken_at
    is_plausible = taken is not None and EARLIEST_YEAR <= taken.year <= work.today.year
    artist = reading.artist[:TEXT_LIMIT]
    row = {
        "sha256": reading.sha256,
        "picture_sha256": reading.picture_sha256,
        "path": str(reading.path),
        "file_name": reading.path.name[:NAME_LIMIT],
        "size": reading.size,
        "mtime_ns": reading.mtime_ns,
        "format": reading.format,
        "width": reading.width,
        "height": reading.height,
        "orientation": reading.orientation,
        "taken_at": taken.isoformat(sep=" ") if taken else None,
        "taken_year": taken.year if taken and is_plausible else None,
        "file_artist": artist,
        "file_copyright": reading.copyright[:TEXT_LIMIT],
        "file_description": reading.description[:TEXT_LIMIT],
        "rights_metadata": reading.rights_by_standard or None,
        "camera": reading.camera[:CAMERA_LIMIT],
        "gps_present": reading.gps_present,
        "registered_at": work.now,
        "registered_by": work.actor.id,
    }
    if proposals:  # every row of a chunk has the same columns
        is_known = artist in proposals and proposals[artist].photographer
        row["photographer"] = Photographer.KNOWN if is_known else None
    return row


def _open_questions(
    work: UnitOfWork,
    rows: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, int],
    taken_by: Mapping[int, Sequence[int]],
) -> dict[int, tuple[str, ...]]:
    """Return what is open about new photos; photos that differ in no fact are asked about once."""
    similar: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        number = numbers[row["sha256"]]
        what = (*taken_by[number], row["taken_year"], row["file_artist"], row["file_copyright"])
        what += (repr(row["rights_metadata"]),)
        similar.setdefault(what, []).append(number)
    found = open_questions(work, [group[0] for group in similar.values()])
    return {number: found[group[0]] for group in similar.values() for number in group}


def describe_registered(
    work: UnitOfWork, photos: Sequence[Photo]
) -> dict[str | int, RegisteredPhoto]:
    """Tell of photos that are in the registry already, by number."""
    if not photos:
        return {}
    numbers = [id_of(photo) for photo in photos]
    photographers = photographers_by_photo(work.session, photos)
    events = events_by_id(work.session, [photo.event_id for photo in photos])
    open_ = open_questions(work, numbers)
    return {
        id_of(photo): RegisteredPhoto(
            photo_id=id_of(photo),
            file_name=photo.file_name,
            is_new=False,
            photographers=tuple(
                (human_id(Kind.PERSON, p.id), p.name) for p in photographers[id_of(photo)]
            ),
            taken_at=photo.taken_at,
            holds_place=photo.gps_present,
            open=open_[id_of(photo)],
            outside_event=_is_outside_event(events.get(photo.event_id or 0), photo.taken_at),
            rights_metadata=photo.rights_metadata or {},
        )
        for photo in photos
    }


def _is_outside_event(event: Event | None, taken_at: str | None) -> bool:
    """Was a photo taken on a day that is none of its event's, whose answers count for it?"""
    if event is None or taken_at is None:
        return False
    return not event.starts_on <= date.fromisoformat(taken_at[:10]) <= event.ends_on
