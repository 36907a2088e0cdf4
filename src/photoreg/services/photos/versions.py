"""Register versions: a photo with changed pixels, such as a crop, is its own photo (§7.5).

A version inherits photographer, basis, event, place, a depicted work and how the picture was made.
Whatever depends on the picture is asked
again: the people, the kind of shot, confidentiality; no depictions are inherited. Consents for the
original photo alone do not cover the version; refusals for it do.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from photoreg.errors import NotAllowed
from photoreg.imaging.reading import PhotoReading, read_photo
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photo
from photoreg.registry.queries.photos import (
    depictions_of,
    events_by_id,
    photographers_by_photo,
    photos_with_hashes,
    photos_with_pictures,
    set_photographers,
)
from photoreg.registry.rows import add
from photoreg.registry.tables.photos import Photo
from photoreg.services.application import Application
from photoreg.services.consents.carry_over import carry_over
from photoreg.services.consents.refusals import refusals_of_photos
from photoreg.services.files.recognition import has_rights, latest_day, merge_rights_metadata
from photoreg.services.photos.answers import PhotoAnswers, open_questions
from photoreg.services.photos.storing import register_photo
from photoreg.services.unit_of_work import StoppedCopy, UnitOfWork
from photoreg.texts import N_

_INHERITED_COLUMNS = (
    *("event_id", "photographer", "basis", "commissioner", "place", "place_permission"),
    *("credit", "credit_waived", "taken_year", "photographer_died_year"),
    *("depicted_work", "digital_source"),
)
_REASSESSED_COLUMNS = ("shot", "confidentiality", "sensitive")


@dataclass(frozen=True, slots=True)
class VersionAdded:
    """A registered version, with the depictions of its original and its own open questions.

    `stopped`: it was flagged as a near-duplicate of a stopped photo, such as its original.
    """

    photo: str
    version_of: str
    shown_before: tuple[str, ...]
    unnamed_before: int
    open: tuple[str, ...]
    lacks_rights: bool
    stopped: StoppedCopy | None = None


def add_version(application: Application, named: str, path: Path) -> VersionAdded:
    """Register a file as a version of a photo.

    NotAllowed when the file, or one with the same picture, is already registered.
    """
    return register_version(application, named, read_photo(path))


def register_version(application: Application, named: str, reading: PhotoReading) -> VersionAdded:
    """Do the same as `add_version` with a file that was read."""
    with application.changing() as work:
        original = find_photo(work.session, named)
        _refuse_known(work, reading)
        added = register_photo(work, reading, PhotoAnswers())
        version = find_photo(work.session, human_id(Kind.PHOTO, added.photo_id))
        _inherit_columns(work, original, version)
        refusals = refusals_of_photos(work, [id_of(original)])
        carry_over(work, [replace(refusal, photo_id=id_of(version)) for refusal in refusals])
        work.carried.add(id_of(version))  # its block may be inherited from the original, too
        work.log(Action.VERSION_ADDED, Kind.PHOTO, version.id, photo=original.id)
        shown = [d.person_id for d in depictions_of(work.session, id_of(original))]
        added_version = VersionAdded(
            photo=human_id(Kind.PHOTO, version.id),
            version_of=human_id(Kind.PHOTO, original.id),
            shown_before=tuple(human_id(Kind.PERSON, person) for person in shown if person),
            unnamed_before=shown.count(None),
            open=open_questions(work, [id_of(version)])[id_of(version)],
            lacks_rights=version.rights_removed,
        )
    return replace(added_version, stopped=work.reacted.stopped(added_version.photo))


def _refuse_known(work: UnitOfWork, reading: PhotoReading) -> None:
    pictures = photos_with_pictures(work.session, [reading.picture_sha256 or ""])
    files = photos_with_hashes(work.session, [reading.sha256])
    for known in (*files.values(), *pictures.values()):
        raise NotAllowed(
            N_("{file} contains the same picture as {photo}: it is not a version of it"),
            N_(
                "In a version the picture itself is changed. If only the metadata has changed, "
                "it is the same photo."
            ),
            file=reading.file_name,
            photo=human_id(Kind.PHOTO, known.id),
        )


def _inherit_columns(work: UnitOfWork, original: Photo, version: Photo) -> None:
    """Copy the answers that do not depend on the picture from the original to the version."""
    version.version_of = original.id
    for name in _INHERITED_COLUMNS:
        setattr(version, name, getattr(original, name))
    event = events_by_id(work.session, [original.event_id]).get(original.event_id or 0)
    for name in _REASSESSED_COLUMNS:
        # Where the event has an answer of its own, the original's answer must keep overriding it.
        is_answered = event is not None and getattr(event, name) is not None
        setattr(version, name, getattr(original, name) if is_answered else None)
    version.rights_removed = has_rights(original.rights_metadata) and not has_rights(
        version.rights_metadata
    )
    version.file_taken_on = latest_day(original.file_taken_on, version.file_taken_on)
    version.rights_metadata = merge_rights_metadata(
        original.rights_metadata, version.rights_metadata or {}
    )
    add(work.session, version)
    is_own = original.photographer is not None or event is None
    photographers = (
        photographers_by_photo(work.session, [original])[id_of(original)] if is_own else []
    )
    numbers = [*map(id_of, photographers)]
    work.sight.note_by_number(*numbers)
    set_photographers(work.session, [id_of(version)], numbers)
