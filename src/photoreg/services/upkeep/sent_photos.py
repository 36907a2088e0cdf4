"""Photos that were sent to the desk, in the check, backup and restore of a registry.

A backup holds their files. A restore leaves the files that stand where they are recorded; others it
brings to the folder beside the restored registry, and records their new place.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import RegistryError
from photoreg.registry.engines import backup
from photoreg.registry.engines.database import Session
from photoreg.registry.evidence import has_content
from photoreg.registry.ids import Kind, human_id, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.photo_files import KeptFile, kept_files, unrecorded_files
from photoreg.registry.queries.photos import photos_by_id
from photoreg.registry.rows import add
from photoreg.services.unit_of_work import UnitOfWork
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_

PHOTOS_FOLDER = "photos"
_BATCH = 400


def require_sent_photos(work: UnitOfWork) -> None:
    """Raise RegistryError if files of photos that were sent to the desk are missing or changed."""
    faulty = [human_id(Kind.PHOTO, f.photo_id) for f in kept_files(work.session) if not f.is_whole]
    if faulty:
        raise RegistryError(
            N_("photos that were sent to the desk have a missing or changed file: {photos}"),
            N_("Send the same files to the desk again, or restore them from the latest backup."),
            photos=", ".join(faulty),
        )


def require_no_unrecorded(work: UnitOfWork) -> None:
    """Raise RegistryError for files that lie among those that were sent, and belong to no photo."""
    files = unrecorded_files(work.session, work.registry.photos_folder)
    if files:
        raise RegistryError(
            N_("files in the folder of sent photos belong to no photo of the registry: {files}"),
            N_("Register them, or delete them if nobody needs them."),
            step=NextStep.to(NextAction.PHOTO_REGISTER, file=str(files[0])),
            files=", ".join(map(str, files)),
        )


def back_up_photos(session: Session, folder: Path) -> tuple[int, list[str]]:
    """Copy the files into a folder; return their number, and the photos whose file is not whole."""
    copied, missing = 0, []
    for file in kept_files(session):
        if backup.copy_document(file.path, folder / file.place, file.sha256):
            copied += 1
        else:
            missing.append(human_id(Kind.PHOTO, file.photo_id))
    return copied, missing


def are_photos_complete(session: Session, folder: Path, missing: Iterable[str]) -> bool:
    """Return whether a backup holds the files, but for those of the photos that were missing."""
    known = {*missing}
    return all(
        has_content(folder / file.place, file.sha256)
        for file in kept_files(session)
        if human_id(Kind.PHOTO, file.photo_id) not in known
    )


def photos_to_bring(registry_file: Path, source: Path) -> list[KeptFile]:
    """Return the files of a backup that do not stand where they are recorded."""
    with backup.read_only_session(registry_file) as session:
        backed_up = (file for file in kept_files(session) if (source / file.place).is_file())
        return [file for file in backed_up if not file.is_whole]


@dataclass(frozen=True, slots=True)
class PhotosToBring:
    """Files that a restore brings from a backup into the folder beside the registry."""

    files: Sequence[KeptFile]
    source: Path
    target: Path

    def bring(self) -> None:
        """Copy the files, with the times at which they were recorded."""
        for file in self.files:
            place = self.target / file.place
            is_there = backup.copy_document(self.source / file.place, place, file.sha256)
            if is_there and file.mtime_ns is not None:
                with suppress(OSError):
                    os.utime(place, ns=(file.mtime_ns, file.mtime_ns))

    def record(self, work: UnitOfWork) -> None:
        """Record where the files stand from now on."""
        places = {file.photo_id: str(self.target / file.place) for file in self.files}
        for batch in _batches(sorted(places)):
            for photo in photos_by_id(work.session, batch):
                number, sha256 = id_of(photo), photo.sha256
                if photo.path == places[number]:
                    continue
                photo.path = places[number]
                add(work.session, photo)
                details = {"before": sha256, "sha256": sha256, "moved": True}
                work.log(Action.PHOTO_FILE_CHANGED, Kind.PHOTO, number, **details)


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _BATCH] for start in range(0, len(numbers), _BATCH))
