"""Registering photos: each file is read once, and written in a transaction of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.photos.formats import photo_files
from photoreg.photos.reading import PhotoReading, read_photo
from photoreg.registry.finding import the_event, the_person
from photoreg.registry.ledger import Action
from photoreg.registry.names import Kind, human_id, id_of
from photoreg.registry.people import namesakes
from photoreg.registry.photos import (
    events_by_id,
    photo_with_hash,
    photographers_by_photo,
    set_photographers,
)
from photoreg.registry.records import add
from photoreg.registry.tables import Answers as AnswerColumns
from photoreg.registry.tables import Person, Photo
from photoreg.rulebook.facts import Photographer
from photoreg.services.answering import (
    EARLIEST_YEAR,
    Answers,
    apply_answers,
    check_answers,
    open_questions,
)
from photoreg.services.workplace import Desk, Workplace
from photoreg.texts import N_

NAME_LIMIT, TEXT_LIMIT, CAMERA_LIMIT = 255, 2000, 200
"""What the columns of a photo hold at most."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A photo that is in the registry now, or was already (`is_new` is false).

    `photographers` are pairs of id and name. `proposed` says that the photographer was taken from
    the file; `file_artist` is who the file names when nobody could be taken from it: an
    unregistered person (no `namesakes`), or several of that name.
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


@dataclass(frozen=True, slots=True)
class Failed:
    """A file or folder that could not be registered, and why."""

    path: Path
    error: PhotoFileError


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Who the file says took the photo."""

    photographer: Person | None = None
    artist: str = ""
    namesakes: tuple[str, ...] = ()


def prepare(workplace: Workplace, answers: Answers) -> frozenset[str]:
    """Refuse at once what no file could be registered with; return what the event answers.

    Whether the actor may register, whether the registry can be written, and who is named is found
    out here, before the first file is read.
    """
    with workplace.changing() as desk:
        check_answers(desk, answers)
        if answers.event is None:
            return frozenset()
        event = the_event(desk.session, answers.event)
        names = AnswerColumns.model_fields
        return frozenset(name for name in names if getattr(event, name) is not None)


def check_event(workplace: Workplace, named: str) -> None:
    """Raise NotFound when there is no such event."""
    with workplace.reading() as desk:
        the_event(desk.session, named)


def check_person(workplace: Workplace, named: str) -> None:
    """Raise NotFound when there is no such person."""
    with workplace.reading() as desk:
        the_person(desk.session, named)


def register(
    workplace: Workplace, paths: Iterable[Path], answers: Answers
) -> Iterator[Registered | Failed]:
    """Register the photos that the paths name, one after the other, and tell of each at once.

    A file that cannot be read is told of and the others go on. Each photo is stored with all its
    answers and its ledger entry or not at all, so an interruption keeps what was told of.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _found(path):
            if isinstance(found, Failed):
                yield found
            elif (absolute := found.absolute()) not in seen:
                seen.add(absolute)
                yield _register_file(workplace, absolute, answers)


def any_photo(paths: Iterable[Path]) -> bool:
    """Is there anything that could be registered?"""
    return any(isinstance(found, Path) for path in paths for found in _found(path))


def _found(path: Path) -> Iterator[Path | Failed]:
    """Yield the files that a path names; a folder without photos is a failure as well."""
    is_empty = True
    unreadable: list[PhotoFileError] = []
    try:
        for file in photo_files(path, unreadable):
            is_empty = False
            yield file
    except PhotoFileError as error:
        unreadable.append(error)
    yield from (Failed(path, error) for error in unreadable)
    if is_empty and not unreadable:
        nothing = PhotoFileError(
            N_("{file}: there are no photos in this folder"),
            N_("Name a folder with JPEG, PNG, TIFF or WebP files, or the photos themselves."),
            file=path.name or str(path),
        )
        yield Failed(path, nothing)


def _register_file(workplace: Workplace, path: Path, answers: Answers) -> Registered | Failed:
    try:
        reading = read_photo(path)
        _refuse_odd_name(path)
    except PhotoFileError as error:
        return Failed(path, error)
    with workplace.changing() as desk:
        known = photo_with_hash(desk.session, reading.sha256)
        if known is not None:
            return _told(desk, known, is_new=False)
        return _store(desk, reading, answers)


def _refuse_odd_name(path: Path) -> None:
    """Refuse a path that is no text: the registry could not find the file again."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise PhotoFileError(
            N_("{file}: the name of the file or its folder holds characters that are no text"),
            N_("Rename it and register it again."),
            file=path.name,
        ) from error


def _store(desk: Desk, reading: PhotoReading, answers: Answers) -> Registered:
    photo = _row(desk, reading)
    number = add(desk.session, photo)
    apply_answers(desk, photo, answers)
    proposal = _proposal(desk, photo)
    if proposal.photographer:
        photo.photographer = Photographer.KNOWN
        set_photographers(desk.session, number, [id_of(proposal.photographer)])
    told = _told(desk, photo, is_new=True, proposal=proposal)
    desk.log(
        Action.PHOTO_REGISTERED,
        Kind.PHOTO,
        number,
        sha256=photo.sha256,
        event=photo.event_id,
        photographers=[person for person, _name in told.photographers],
        from_file=told.proposed,
        answers=[f.name for f in fields(answers) if getattr(answers, f.name) not in (None, ())],
    )
    return told


def _row(desk: Desk, reading: PhotoReading) -> Photo:
    """Return what the file says about itself, as a row that fits the table."""
    taken = reading.taken_at
    is_plausible = taken is not None and EARLIEST_YEAR <= taken.year <= desk.today.year
    return Photo(
        sha256=reading.sha256,
        path=str(reading.path),
        file_name=reading.path.name[:NAME_LIMIT],
        size=reading.size,
        format=reading.format,
        width=reading.width,
        height=reading.height,
        orientation=reading.orientation,
        taken_at=taken.isoformat(sep=" ") if taken else None,
        taken_year=taken.year if taken and is_plausible else None,
        file_artist=reading.artist[:TEXT_LIMIT],
        file_copyright=reading.copyright[:TEXT_LIMIT],
        file_description=reading.description[:TEXT_LIMIT],
        camera=reading.camera[:CAMERA_LIMIT],
        gps_present=reading.gps_present,
        registered_at=desk.now,
        registered_by=desk.actor.id,
    )


def _proposal(desk: Desk, photo: Photo) -> _Proposal:
    """Return who the file names as photographer, unless somebody said who it is."""
    event = events_by_id(desk.session, [photo.event_id]).get(photo.event_id or 0)
    is_said = photo.photographer or (event and event.photographer)
    if is_said or not photo.file_artist:
        return _Proposal()
    bearers = namesakes(desk.session, photo.file_artist)
    if len(bearers) == 1:
        return _Proposal(bearers[0])
    return _Proposal(
        artist=photo.file_artist,
        namesakes=tuple(human_id(Kind.PERSON, person.id) for person in bearers),
    )


def _told(
    desk: Desk, photo: Photo, *, is_new: bool, proposal: _Proposal | None = None
) -> Registered:
    number = id_of(photo)
    proposal = proposal or _Proposal()
    photographers = photographers_by_photo(desk.session, [photo])[number]
    return Registered(
        photo_id=number,
        file_name=photo.file_name,
        is_new=is_new,
        photographers=tuple((human_id(Kind.PERSON, p.id), p.name) for p in photographers),
        taken_at=photo.taken_at,
        holds_place=photo.gps_present,
        open=open_questions(desk, [number])[number],
        proposed=proposal.photographer is not None,
        file_artist=proposal.artist,
        namesakes=proposal.namesakes,
        outside_event=_is_outside_its_event(desk, photo),
    )


def _is_outside_its_event(desk: Desk, photo: Photo) -> bool:
    """Was it taken on a day that is none of its event's, whose answers count for it?"""
    event = events_by_id(desk.session, [photo.event_id]).get(photo.event_id or 0)
    if event is None or photo.taken_at is None:
        return False
    return not event.starts_on <= date.fromisoformat(photo.taken_at[:10]) <= event.ends_on
