"""Store photos that were read, in batches, by a constant number of statements.

A batch is stored with its photographers, likenesses and ledger entries; photos that are already in
the registry are only reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from typing import Any

from photoreg.imaging.reading import PhotoReading
from photoreg.registry.facts.file_rights import names_nobody, names_somebody_else
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.queries.people import known_as, namesakes_of, persons_of
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
from photoreg.services.files.fingerprinting import store_looks
from photoreg.services.files.recognition import (
    LikelyCopy,
    RecognisedPhoto,
    RightsMetadata,
    likely_copies,
    recognise_photos,
)
from photoreg.services.people.ages import display_name
from photoreg.services.photos.answers import (
    EARLIEST_YEAR,
    PhotoAnswers,
    columns_for_new_photos,
    is_outside_event,
    open_questions,
)
from photoreg.services.photos.naming.cameras import NO_CAMERAS, CameraTakers, FoundBy
from photoreg.services.sight import OF_ANOTHER_UNIT
from photoreg.services.unit_of_work import Reacted, StoppedCopy, UnitOfWork

NAME_LIMIT, TEXT_LIMIT, CAMERA_LIMIT = 255, 2000, 200
"""The maximum lengths of a photo's columns."""


@dataclass(frozen=True, slots=True)
class RegisteredPhoto:
    """A photo that was registered now, or already before (`is_new` is false).

    `photographers` are ids with names. `proposed`: the photographer was taken from the file;
    `file_artist` is the name in the file when it identifies nobody: an unregistered person (no
    `namesakes`), or several persons of that name, or somebody of another unit. `found_by` is what
    told the photographer if no answer did. `other_artist` is the name in the file of somebody else
    than the recorded photographers. `recognised` is set for a file whose picture is registered with
    other metadata. `likely_copies` are photos that look like a new one; `stopped` is set when one
    of them is stopped and the new photo was flagged for it. `rights_metadata` is as in
    `PhotoReading.rights_by_standard`.
    """

    photo_id: int
    file_name: str
    is_new: bool
    photographers: tuple[str, ...]
    taken_at: str | None
    holds_place: bool
    open: tuple[str, ...]
    proposed: bool = False
    file_artist: str = ""
    namesakes: tuple[str, ...] = ()
    camera: str = ""
    path: str = ""
    found_by: FoundBy | None = None
    other_artist: str = ""
    outside_event: bool = False
    recognised: RecognisedPhoto | None = None
    likely_copies: tuple[LikelyCopy, ...] = ()
    stopped: StoppedCopy | None = None
    rights_metadata: RightsMetadata = field(default_factory=dict)


def register_photo(
    work: UnitOfWork, reading: PhotoReading, answers: PhotoAnswers
) -> RegisteredPhoto:
    """Register a photo that has been read, in the open unit of work."""
    return register_photos(work, [reading], answers)[str(reading.path)]


def register_photos(
    work: UnitOfWork,
    readings: Sequence[PhotoReading],
    answers: PhotoAnswers,
    cameras: CameraTakers = NO_CAMERAS,
) -> dict[str | int, RegisteredPhoto]:
    """Add the photos that are not in the registry yet; return all photos, by path.

    Similar photos are known only after the reactions of the unit of work: see `with_copies`.
    """
    known = _known_photos(work, readings)
    same = recognise_photos(work, [r for r in readings if r.sha256 not in known])
    existing = describe_registered(work, [*known.values(), *(each.photo for each in same.values())])
    new: dict[str, PhotoReading] = {}
    for reading in readings:
        if reading.sha256 not in known and reading.sha256 not in same:
            new.setdefault(_picture_key(reading), reading)
    added = _add(work, list(new.values()), answers, cameras)
    result: dict[str | int, RegisteredPhoto] = {}
    for reading in readings:
        sha256 = reading.sha256
        if sha256 in known:
            found = existing[id_of(known[sha256])]
        elif sha256 in same:
            found = replace(existing[id_of(same[sha256].photo)], recognised=same[sha256])
        else:
            first = new[_picture_key(reading)]
            found = added[first.sha256]
            if first is not reading:  # the same photo twice in one batch
                found = replace(found, is_new=False, proposed=False, file_artist="", namesakes=())
                found = replace(found, found_by=None, other_artist="")
        result[str(reading.path)] = found
    return result


def with_copies(photo: RegisteredPhoto, reacted: Reacted) -> RegisteredPhoto:
    """Add to a new photo the photos that look like it, and whether it was flagged for that."""
    if photo.photo_id not in reacted.alike:
        return photo
    copies = likely_copies({photo.photo_id: reacted.alike[photo.photo_id]})
    stopped = reacted.stopped(human_id(Kind.PHOTO, photo.photo_id))
    return replace(photo, likely_copies=copies[photo.photo_id], stopped=stopped)


def _picture_key(reading: PhotoReading) -> str:
    """Return the picture hash; the file hash if the picture was not decoded."""
    return reading.picture_sha256 or reading.sha256


def _known_photos(work: UnitOfWork, readings: Sequence[PhotoReading]) -> dict[str, Photo]:
    """Return the registered photos with these file hashes; record that they were looked at."""
    known = photos_with_hashes(work.session, [reading.sha256 for reading in readings])
    changed, looks = {}, {}
    for reading in readings:
        photo = known.get(reading.sha256)
        if photo and photo.path == str(reading.path) and photo.mtime_ns != reading.mtime_ns:
            changed[id_of(photo)] = reading.mtime_ns
        is_unread = photo and (photo.picture_sha256 is None or photo.file_changed)
        if photo and is_unread and reading.picture_sha256:
            looks[id_of(photo)] = reading
    store_mtimes(work.session, changed)
    if looks:
        store_looks(work, looks)
    return known


@dataclass(frozen=True, slots=True)
class _ProposedPhotographer:
    """The person whom a file names as photographer, or the name if it identifies nobody."""

    photographer: Person | None = None
    artist: str = ""
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Takers:
    """The photographers of a new photo, and what told them if no answer did."""

    persons: Sequence[int]
    found_by: FoundBy | None = None


def _add(
    work: UnitOfWork,
    readings: Sequence[PhotoReading],
    answers: PhotoAnswers,
    cameras: CameraTakers,
) -> dict[str, RegisteredPhoto]:
    """Add new photos with their answers and ledger entries; return them by file hash."""
    if not readings:
        return {}
    given = columns_for_new_photos(work, answers)
    columns, named = given.columns, given.photographers
    event = events_by_id(work.session, [columns.get("event_id")]).get(columns.get("event_id", 0))
    is_answered = columns.get("photographer") or (event and event.photographer)
    artists = {r.artist[:TEXT_LIMIT] for r in readings if not names_nobody(r.artist)}
    proposals = {} if is_answered else _proposals(work, artists)
    takers = {
        reading.sha256: _takers(reading, named, proposals, cameras, is_answered=bool(is_answered))
        for reading in readings
    }
    rows = [_row(work, reading) | columns for reading in readings]
    _set_photographer(rows, takers)
    numbers = add_photos(work.session, rows)
    taken_by = {numbers[sha256]: each.persons for sha256, each in takers.items()}
    add_photographers(work.session, [(n, person) for n, ids in taken_by.items() for person in ids])
    photographers = _photographers(
        work, {numbers[row["sha256"]]: row for row in rows}, taken_by, event
    )
    looks = {numbers[r.sha256]: r.likeness for r in readings if r.likeness is not None}
    store_likenesses(work.session, [(number, *look) for number, look in looks.items()])
    open_ = _open_questions(work, rows, numbers, taken_by)
    others = _other_artists(work, rows, numbers, photographers)
    result = {}
    for row in rows:
        number = numbers[row["sha256"]]
        found_by = takers[row["sha256"]].found_by
        proposal = proposals.get(row["file_artist"], _ProposedPhotographer())
        result[row["sha256"]] = RegisteredPhoto(
            photo_id=number,
            file_name=row["file_name"],
            is_new=True,
            photographers=tuple(display_name(work, p) for p in photographers[number]),
            taken_at=row["taken_at"],
            holds_place=row["gps_present"],
            open=open_[number],
            proposed=found_by is FoundBy.FILE,
            file_artist=proposal.artist if not photographers[number] else "",
            namesakes=proposal.namesakes if not photographers[number] else (),
            camera=row["camera"],
            path=row["path"],
            found_by=found_by,
            other_artist=others.get(number, ""),
            outside_event=is_outside_event(event, row["file_taken_on"]),
            rights_metadata=row["rights_metadata"] or {},
        )
    _log(work, rows, result, answers)
    return result


def _takers(
    reading: PhotoReading,
    named: Sequence[int],
    proposals: Mapping[str, _ProposedPhotographer],
    cameras: CameraTakers,
    *,
    is_answered: bool,
) -> _Takers:
    """Return who took a photo: as stated of its camera, as its file says, or as `named`.

    What the event's earlier photos tell of the camera counts only where nothing else does.
    """
    by_camera = cameras.stated_of(reading.camera)
    if by_camera:
        return _Takers(by_camera, FoundBy.CAMERA)
    proposal = proposals.get(reading.artist[:TEXT_LIMIT])
    if proposal and proposal.photographer:
        return _Takers([id_of(proposal.photographer)], FoundBy.FILE)
    earlier = () if is_answered or proposal else cameras.earlier_of(reading.camera)
    return _Takers(earlier, FoundBy.EARLIER_PHOTOS) if earlier else _Takers(named)


def _set_photographer(rows: Sequence[dict[str, Any]], takers: Mapping[str, _Takers]) -> None:
    """Answer for each photo whose photographer was found that it is known."""
    if any(each.found_by for each in takers.values()):  # every row needs the same columns
        for row in rows:
            is_found = takers[row["sha256"]].found_by is not None
            row["photographer"] = Photographer.KNOWN if is_found else row.get("photographer")


def _other_artists(
    work: UnitOfWork,
    rows: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, int],
    photographers: Mapping[int, Sequence[Person]],
) -> dict[int, str]:
    """Return the artists in files who are none of the photographers, by photo."""
    artists = {numbers[row["sha256"]]: row["file_artist"] for row in rows}
    names = {id_of(each): [each.name] for some in photographers.values() for each in some}

    def is_other(number: int) -> bool:
        own = [name for person in photographers[number] for name in names[id_of(person)]]
        return bool(own) and names_somebody_else(artists[number], own)

    others = [number for number in artists if is_other(number)]
    if others:  # only then are the further names of people asked for
        for person, further in known_as(work.session, names).items():
            names[person] += further
    return {number: artists[number] for number in others if is_other(number)}


def _photographers(
    work: UnitOfWork,
    rows: Mapping[int, Mapping[str, Any]],
    taken_by: Mapping[int, Sequence[int]],
    event: Event | None,
) -> dict[int, Sequence[Person]]:
    """Return the photographers of each photo: its own, else those of its event."""
    by_event = photographers_by_event(work.session, [event.id] if event and event.id else [])
    persons = persons_of(work.session, chain.from_iterable(taken_by.values()))
    return {
        number: [persons[person] for person in taken_by[number]]
        if event is None or row.get("photographer") is not None
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
            "photographers": [shown.partition(" ")[0] for shown in photo.photographers],
            "from_file": photo.proposed,
            "answers": answered,
        }
        entries.append((photo.photo_id, details))
    work.log_all(Action.PHOTO_REGISTERED, Kind.PHOTO, entries)


def _proposals(work: UnitOfWork, artists: Iterable[str]) -> dict[str, _ProposedPhotographer]:
    """Return for each name in the files the person of that name, if there is exactly one.

    Somebody of another unit is not taken by the name alone, nor told by number.
    """
    proposals = {}
    for artist, bearers in namesakes_of(work.session, artists).items():
        hidden = [work.sight.hides(id_of(person)) for person in bearers]
        ids = (
            OF_ANOTHER_UNIT if is_hidden else human_id(Kind.PERSON, person.id)
            for person, is_hidden in zip(bearers, hidden, strict=True)
        )
        proposals[artist] = (
            _ProposedPhotographer(bearers[0])
            if hidden == [False]
            else _ProposedPhotographer(artist=artist, namesakes=tuple(dict.fromkeys(ids)))
        )
    return proposals


def _row(work: UnitOfWork, reading: PhotoReading) -> dict[str, Any]:
    """Return the columns of a photo that come from its file, by name."""
    taken = reading.taken_at
    is_plausible = taken is not None and EARLIEST_YEAR <= taken.year <= work.today.year
    return {
        "sha256": reading.sha256,
        "picture_sha256": reading.picture_sha256,
        "path": str(reading.path),
        "file_name": reading.file_name[:NAME_LIMIT],
        "size": reading.size,
        "mtime_ns": reading.mtime_ns,
        "format": reading.format,
        "width": reading.width,
        "height": reading.height,
        "orientation": reading.orientation,
        "taken_at": taken.isoformat(sep=" ") if taken else None,
        "file_taken_on": reading.taken_on,
        "taken_year": taken.year if taken and is_plausible else None,
        "file_artist": reading.artist[:TEXT_LIMIT],
        "file_copyright": reading.copyright[:TEXT_LIMIT],
        "file_description": reading.description[:TEXT_LIMIT],
        "rights_metadata": reading.rights_by_standard or None,
        "camera": reading.camera[:CAMERA_LIMIT],
        "gps_present": reading.gps_present,
        "registered_at": work.now,
        "registered_by": work.actor.id,
    }


def _open_questions(
    work: UnitOfWork,
    rows: Iterable[Mapping[str, Any]],
    numbers: Mapping[str, int],
    taken_by: Mapping[int, Sequence[int]],
) -> dict[int, tuple[str, ...]]:
    """Return the open questions about new photos, evaluated once for photos with equal facts."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        number = numbers[row["sha256"]]
        key = (*taken_by[number], row["taken_year"], row["file_artist"], row["file_copyright"])
        key += (repr(row["rights_metadata"]),)
        groups.setdefault(key, []).append(number)
    found = open_questions(work, [group[0] for group in groups.values()])
    return {number: found[group[0]] for group in groups.values() for number in group}


def describe_registered(
    work: UnitOfWork, photos: Sequence[Photo]
) -> dict[str | int, RegisteredPhoto]:
    """Return photos that are already in the registry, by number."""
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
            camera=photo.camera,
            path=photo.path,
            photographers=tuple(display_name(work, p) for p in photographers[id_of(photo)]),
            taken_at=photo.taken_at,
            holds_place=photo.gps_present,
            open=open_[id_of(photo)],
            outside_event=is_outside_event(events.get(photo.event_id or 0), photo.file_taken_on),
            rights_metadata=photo.rights_metadata or {},
        )
        for photo in photos
    }
