"""Export photos: make and record the copies for publication."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from photoreg.errors import PhotoFileError
from photoreg.imaging.containers.formats import read_bytes
from photoreg.imaging.metadata.rights_blocks import OwnRights
from photoreg.imaging.pictures.derivative import CopyOptions
from photoreg.imaging.pictures.identity import file_hash
from photoreg.imaging.workers import cpu_count
from photoreg.imaging.writing.copies import ExportedCopy, make_folder, prepare_copy, write_copy
from photoreg.imaging.writing.publishable_copy import EXTENSIONS, Copy
from photoreg.registry.ids import Kind, human_id, human_ids, id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_channel, find_photos
from photoreg.registry.queries.photos import photos_by_id, photos_with_hashes
from photoreg.registry.queries.publications import ExportedCopies
from photoreg.registry.tables.publications import DecisionFor
from photoreg.services.application import Application
from photoreg.services.decisions.approval import record_decisions
from photoreg.services.decisions.evaluation import AskedUse, Checked, check_named
from photoreg.services.files.documents import look_at_evidence
from photoreg.services.files.refreshing import refresh_files
from photoreg.services.files.rights import RightsOptions, own_rights
from photoreg.services.interrupts import uninterrupted
from photoreg.services.unit_of_work import PUBLISHERS, UnitOfWork
from photoreg.texts import N_
from photoreg.unfinished import sync_folder

BATCH_SIZE = 64
"""How many photos are exported in one writing transaction, which blocks other writers."""

_TAGS_IN_COPIES = frozenset({"Artist", "Copyright", "Orientation"})


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of exporting one photo: a copy, or a verdict that does not allow one.

    `removed` names the tags of the original that the copy lacks. `error` is set when a file could
    not be read or written. `older_copies` are copies in the same folder that were made when the
    photo was still allowed; they are not deleted.
    """

    checked: Checked
    path: Path | None = None
    copy: Copy | None = None
    removed: tuple[str, ...] = ()
    error: PhotoFileError | None = None
    older_copies: tuple[Path, ...] = ()


def export_photos(
    application: Application,
    photos: Sequence[str],
    asked: AskedUse,
    folder: Path,
    *,
    file: Path | None = None,
    options: CopyOptions = CopyOptions(),  # noqa: B008 - frozen
    wish: RightsOptions = RightsOptions(),  # noqa: B008 - frozen
) -> Iterator[ExportResult]:
    """Write a copy for publication of each photo that may be published now.

    A photo that fails does not affect the others; up to `BATCH_SIZE` photos are evaluated and
    recorded in one transaction. `file` is the current location of the original of a single photo.
    """
    with application.reading() as work:
        find_channel(work.session, asked.channel)
        found = find_photos(work.session, photos)
    names = human_ids(Kind.PHOTO, map(id_of, found))
    order = _ExportOrder(asked, folder, file, options, wish, ExportedCopies(names))
    for start in range(0, len(names), BATCH_SIZE):
        batch = names[start : start + BATCH_SIZE]
        refresh_files(application, batch, file)
        yield from _export(application, batch, order)


@dataclass(frozen=True, slots=True)
class _ExportOrder:
    """The copies to make, and their destination."""

    asked: AskedUse
    folder: Path
    file: Path | None
    options: CopyOptions
    wish: RightsOptions
    earlier: ExportedCopies


@dataclass(frozen=True, slots=True)
class _CopyJob:
    """A copy to make; `known_hashes` are the hashes of earlier copies of the photo.

    Those of them that were registered as photos since are `registered`.
    """

    checked: Checked
    name: str
    source: Path
    sha256: str
    rights: OwnRights
    known_hashes: frozenset[str]
    registered: frozenset[str]


@dataclass(frozen=True, slots=True)
class _MadeCopy:
    """A copy that was made, without its content; `is_recorded` if an earlier copy was the same."""

    written: ExportedCopy
    copy: Copy
    removed: tuple[str, ...]
    is_recorded: bool


class _CopyMaker:
    """Makes copies in threads, and can discard them if the transaction fails.

    Reading, hashing and flushing to disk run in parallel, since much of the time is spent waiting
    for the disk. `made` holds the copy or the error of each photo.
    """

    def __init__(self, order: _ExportOrder) -> None:
        self.made: dict[str, _MadeCopy | PhotoFileError] = {}
        self._order = order
        self._threads = ThreadPoolExecutor(cpu_count() + 2)
        self._tasks: list[Future[None]] = []

    def make(self, jobs: Sequence[_CopyJob]) -> list[tuple[Checked, _MadeCopy]]:
        """Make all copies; return those that were flushed to disk."""
        with uninterrupted():  # every started task is recorded, so that `discard` finds its copy
            self._tasks += [self._threads.submit(self._make, job) for job in jobs]
        for task in self._tasks:
            task.result()
        sync_folder(self._order.folder)
        made = [(job.checked, self.made[job.name]) for job in jobs]
        return [(checked, copy) for checked, copy in made if isinstance(copy, _MadeCopy)]

    def _make(self, job: _CopyJob) -> None:
        self.made[job.name] = _make_copy(self._order, job)

    def discard(self) -> None:
        """Remove the copies that were made: a copy without a record must not exist."""
        wait([task for task in self._tasks if not task.cancel()])
        for copy in self.made.values():
            if isinstance(copy, _MadeCopy) and not copy.is_recorded:
                with suppress(OSError):
                    copy.written.path.unlink()

    def shut_down(self) -> None:
        """Release the threads."""
        self._threads.shutdown(wait=False)


def _export(
    application: Application, names: Sequence[str], order: _ExportOrder
) -> list[ExportResult]:
    """Evaluate, write and record in one writing transaction, so that no fact changes meanwhile."""
    documents = look_at_evidence(application, names, by_hash=True)
    copies = _CopyMaker(order)
    try:
        with application.changing(PUBLISHERS) as work:
            checked = check_named(work, names, order.asked, documents)
            earlier = _earlier_copies(work, checked, order)
            jobs = _jobs(work, [each for each in checked if each.is_allowed], order, earlier)
            _record(work, copies.make(jobs))
    except BaseException:
        with uninterrupted():
            copies.discard()
        raise
    finally:
        copies.shut_down()
    return [_export_result(order, each, copies.made, earlier) for each in checked]


def _export_result(
    order: _ExportOrder,
    checked: Checked,
    made_copies: Mapping[str, _MadeCopy | PhotoFileError],
    earlier: Mapping[str, Collection[str]],
) -> ExportResult:
    name = human_id(Kind.PHOTO, checked.photo_id)
    made = made_copies.get(name)
    if made is None:
        return ExportResult(checked, older_copies=_older_copies(order, name, earlier.get(name, ())))
    if isinstance(made, PhotoFileError):
        return ExportResult(checked, error=made)
    return ExportResult(checked, made.written.path, made.copy, made.removed)


def _earlier_copies(
    work: UnitOfWork, checked: Sequence[Checked], order: _ExportOrder
) -> Mapping[str, Collection[str]]:
    """Return the hashes of earlier copies by photo, if any file in the folder may be one."""
    names = human_ids(Kind.PHOTO, (each.photo_id for each in checked))
    has_targets = any(_exists(path) for name in names for path in _target_paths(order.folder, name))
    return order.earlier.by_photo(work.session) if has_targets else {}


def _older_copies(order: _ExportOrder, name: str, hashes: Collection[str]) -> tuple[Path, ...]:
    """Return the files in the folder that are earlier copies of a photo."""
    result = []
    for path in _target_paths(order.folder, name) if hashes else ():
        with suppress(PhotoFileError):  # no such file, or something else of that name
            if file_hash(read_bytes(path)) in hashes:
                result.append(path.absolute())
    return tuple(result)


def _jobs(
    work: UnitOfWork,
    allowed: Sequence[Checked],
    order: _ExportOrder,
    earlier: Mapping[str, Collection[str]],
) -> list[_CopyJob]:
    """Return the copies to make of the photos that may be published."""
    if not allowed:
        return []
    photos = {id_of(p): p for p in photos_by_id(work.session, [c.photo_id for c in allowed])}
    rights = own_rights(
        work, [(photos[each.photo_id], each.facts) for each in allowed], order.wish, in_public=True
    )
    copies = {sha256 for each in earlier.values() for sha256 in each}
    registered = frozenset(photos_with_hashes(work.session, copies)) if copies else frozenset()
    jobs = []
    for each, own in zip(allowed, rights, strict=True):
        name = human_id(Kind.PHOTO, each.photo_id)
        photo = photos[each.photo_id]
        source = order.file or Path(photo.path)
        known_hashes = frozenset(earlier.get(name, ()))
        jobs.append(_CopyJob(each, name, source, photo.sha256, own, known_hashes, registered))
    return jobs


def _exists(path: Path) -> bool:
    """Return whether a path exists; False in a folder without access, where writing will fail."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises an error there


def _target_paths(folder: Path, name: str) -> Iterator[Path]:
    # The id alone: the original file name may reveal who is shown (rulebook §7.10).
    return (folder / f"{name}{extension}" for extension in EXTENSIONS)


def _make_copy(order: _ExportOrder, job: _CopyJob) -> _MadeCopy | PhotoFileError:
    """Make a copy. Uses files only, not the registry, so that copies can be made in parallel."""
    try:
        _require_source(job)
        make_folder(order.folder)
        copy = prepare_copy(
            job.source, job.rights, expected_sha256=job.sha256, options=order.options
        )
        target = order.folder / f"{job.name}{copy.extension}"
        _refuse_foreign_file(job, target)
        removed = tuple(name for name in copy.carried if name not in _TAGS_IN_COPIES)
        written = write_copy(copy, job.source, target, is_one_of_many=True)
    except PhotoFileError as error:
        return error
    is_recorded = written.sha256 in job.known_hashes
    return _MadeCopy(written, copy.without_content(), removed, is_recorded)


def _record(work: UnitOfWork, made: Sequence[tuple[Checked, _MadeCopy]]) -> None:
    """Record the decisions on which copies are based, and log the copies."""
    decisions = record_decisions(work, [checked for checked, _ in made], DecisionFor.EXPORT)
    work.log_all(
        Action.PHOTO_EXPORTED,
        Kind.PHOTO,
        [
            (
                checked.photo_id,
                {
                    "channel": checked.channel_id,
                    "decision": decision,
                    "sha256": each.written.sha256,
                },
            )
            for (checked, each), decision in zip(made, decisions, strict=True)
        ],
    )


def _require_source(job: _CopyJob) -> None:
    if not _exists(job.source):
        raise PhotoFileError(
            N_("{photo}: its file {file} is missing"),
            N_("Give the place where the file is now, or put it back."),
            fields=("file",),
            photo=job.name,
            file=job.source,
        )


def _refuse_foreign_file(job: _CopyJob, target: Path) -> None:
    """Raise PhotoFileError unless the target is free or an earlier copy of the same photo."""
    if not _exists(target):
        return
    is_file = target.is_file()  # reading a pipe would block
    found = file_hash(read_bytes(target)) if is_file else ""
    if found in job.registered:
        raise PhotoFileError(
            N_("{file} is itself a registered photo, so it is not replaced"),
            N_("Choose another folder."),
            file=target,
        )
    if found not in job.known_hashes:
        raise PhotoFileError(
            N_("{file} exists already and is not a copy made of {photo}"),
            N_("Choose another folder, or move the file elsewhere."),
            file=target,
            photo=job.name,
        )
