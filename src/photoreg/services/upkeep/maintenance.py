"""Check a registry, remove leftovers of interrupted work, back up and restore.

A backup is a folder: the registry as one file, the evidence by content hash, and `backup.json`,
the manifest of both. It is written under a temporary name and renamed when it is complete.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, RegistryError, os_cause
from photoreg.named_files import (
    hash_regular,
    read_regular,
    require_outside_registry,
    require_place_for_registry,
)
from photoreg.registry import ledger
from photoreg.registry.engines import backup
from photoreg.registry.engines.database import Registry, Session, is_on_server
from photoreg.registry.engines.schema_version import SCHEMA_VERSION
from photoreg.registry.engines.sqlite import MANIFEST, REGISTRY_FILE
from photoreg.registry.evidence import (
    StoredDocument,
    evidence_faults,
    evidence_path,
    is_named_as_evidence,
    look_at_all_documents,
    news_of,
    stored_evidence,
)
from photoreg.registry.ledger import Action
from photoreg.registry.ledger_check import require_intact_chain, require_recorded_rows
from photoreg.registry.queries.photos import folders_of_photos
from photoreg.services.application import Application, system_clock
from photoreg.services.unit_of_work import COORDINATORS, UnitOfWork, require_coordinator
from photoreg.services.upkeep.carried_stops import CarriedStop
from photoreg.services.upkeep.replacing import (
    Replaced,
    RestorePreview,
    Restorer,
    finish_restored,
    is_sound,
    is_unchanged,
    legal_day,
    readable_registry,
    undone_by,
)
from photoreg.services.upkeep.sent_photos import (
    PHOTOS_FOLDER,
    PhotosToBring,
    are_photos_complete,
    back_up_photos,
    photos_to_bring,
    require_no_unrecorded,
    require_sent_photos,
)
from photoreg.services.upkeep.transfer import copy_all
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_
from photoreg.unfinished import (
    NAME_PATTERN,
    is_in_use,
    make_private,
    remove_unless_in_use,
    sync_folder,
    unfinished_folder,
)

BACKUP_FORMAT = 1
EVIDENCE_FOLDER = "evidence"
_MAX_MANIFEST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup; `missing` are documents that were missing when it was made.

    `photos` counts the files of photos that were sent to the desk, `photos_missing` are the others.
    `is_verified`: then all records were as photoreg had written them.
    """

    format: int
    schema_version: str
    made_at: str
    registry_sha256: str
    log_entries: int
    log_head: str
    evidence: int
    missing: list[str] = field(default_factory=list)
    is_verified: bool = True
    photos: int = 0
    photos_missing: list[str] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC)


def find_faults(application: Application) -> list[RegistryError]:
    """Return all faults of the registry, its log and its evidence, and leftover files as one.

    Which documents are damaged, or whole again, is recorded.
    """
    looks: dict[StoredDocument, int | None] = {}
    with application.reading() as work:
        faults = list(_faults(work, looks))
        leftovers = find_leftovers(work)
    if news := news_of(looks):
        with suppress(NotAllowed), application.changing() as work:  # if the actor may
            work.record_documents(news)
    if leftovers:
        faults.append(
            RegistryError(
                N_("interrupted work left files behind: {files}"),
                N_("Nothing is lost. The files can be removed."),
                step=NextStep.to(NextAction.REGISTRY_REPAIR),
                files=", ".join(str(path) for path in leftovers),
            )
        )
    return faults


def _faults(work: UnitOfWork, looks: dict[StoredDocument, int | None]) -> Iterator[RegistryError]:
    checks: tuple[Callable[[], None], ...] = (
        lambda: work.registry.check(work.session),
        lambda: _require_evidence(work, looks),
        lambda: require_sent_photos(work),
        lambda: require_no_unrecorded(work),
        lambda: require_intact_chain(work.session),
        lambda: require_recorded_rows(work.session, work.registry.store),
    )
    for check in checks:
        try:
            check()
        except RegistryError as error:
            yield error
        except (TypeError, ValueError):  # a value that its column cannot hold
            yield work.registry.damaged_error()


def _require_evidence(work: UnitOfWork, looks: dict[StoredDocument, int | None]) -> None:
    looks.update(look_at_all_documents(work.session, work.registry.evidence_folder))
    faulty = [each.sha256 for each, now in looks.items() if now is None]
    if faulty:
        raise RegistryError(
            N_("evidence documents are missing or were changed: {files}"),
            N_(
                "Hand in the same documents again, or restore the files from the latest backup of "
                "the evidence folder."
            ),
            step=NextStep.to(NextAction.EVIDENCE_RESTORE, "file"),
            files=", ".join(faulty),
        )


def find_leftovers(work: UnitOfWork) -> list[Path]:
    """Return leftovers of interrupted work: unfinished files and folders, unrecorded evidence.

    Searched are the evidence folder, its parent, and the folders of registered photos. Files that
    are being written or that photoreg did not name are not leftovers. The evidence folder of a
    registry on a server may be shared, or configured by mistake, so complete documents in it never
    count as leftovers. An interrupted replacement of a registry file leaves a second link to it.
    """
    evidence = work.registry.evidence_folder
    recorded = {evidence_path(evidence, sha256) for sha256 in stored_evidence(work.session)}
    folders = map(Path, folders_of_photos(work.session))
    sent = work.registry.photos_folder.glob("*/")
    is_own_folder = not work.registry.is_on_server
    orphans = [
        path
        for path in evidence.rglob("*")
        if is_own_folder and is_named_as_evidence(evidence, path)
        if path.is_file() and path not in recorded
    ]
    unfinished = [
        path
        for folder in (evidence, *evidence.glob("*/"), evidence.parent, *sent, *folders)
        for path in folder.glob(NAME_PATTERN)
        if not is_in_use(path)
    ]
    links = [] if work.registry.is_on_server else backup.replacement_links(work.registry.path)
    return sorted({*orphans, *unfinished, *links})


def remove_leftovers(application: Application) -> list[Path]:
    """Remove leftovers of interrupted work, and return the removed paths. Only for coordinators.

    Runs with exclusive access: a document is written before its record, within the transaction of
    the record, and documents of a backup before the registry is restored, so with other writers
    such documents would look like leftovers.
    """
    registry = application.registry
    with backup.exclusive_access(registry):
        with application.reading() as work:
            require_coordinator(work)
            leftovers = find_leftovers(work)
        if not registry.is_on_server:
            registry.close()  # Windows removes no other name of a file that is open
            backup.remove_replacement_links(registry.path)
        with application.changing(COORDINATORS) as work:
            removed = [path for path in leftovers if remove_unless_in_use(path, in_doubt=True)]
            if removed:
                work.log(Action.REGISTRY_REPAIRED, "registry", 1, removed=len(removed))
    return removed


def _tell_nobody(_found: object) -> None:
    """Stand in for an interface that tells what is found, or what will be undone."""


def make_backup(
    application: Application,
    folder: Path,
    *,
    tell: Callable[[RegistryError], None] = _tell_nobody,
) -> tuple[Path, Manifest]:
    """Write a backup into a new folder inside `folder`; return its path and manifest.

    The registry may be in use meanwhile; the backup is a consistent snapshot of it. `tell` is given
    the error for records that were changed outside photoreg: they are backed up as they are.
    """
    with application.reading() as work:
        require_coordinator(work)
        made_at = work.now
    require_outside_registry(folder)
    target = folder / f"photoreg-backup-{made_at:%Y%m%dT%H%M%SZ}"
    if target.exists():
        raise _exists_error(target)
    with _file_errors(folder), _unfinished_folder(target) as unfinished:
        copy = unfinished / REGISTRY_FILE
        backup.copy_registry(application.registry, copy)
        manifest = _verified_manifest(copy, unfinished, application.registry, made_at, tell)
        (unfinished / MANIFEST).touch(mode=0o600)
        (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
        backup.flush_to_disk(unfinished)
    with application.changing(COORDINATORS) as work:
        work.log(Action.REGISTRY_BACKED_UP, "registry", 1, sha256=manifest.registry_sha256)
    return target, manifest


@contextmanager
def _unfinished_folder(target: Path) -> Iterator[Path]:
    """Open a temporary folder that is renamed to the target, or removed after an error."""
    make_private(target.parent)
    with unfinished_folder(target.parent) as unfinished:
        yield unfinished
        try:
            unfinished.rename(target)
            sync_folder(target.parent)
        except OSError as error:
            if target.exists():  # another backup was finished in the same second
                raise _exists_error(target) from error
            raise


def _verified_manifest(
    copy: Path,
    folder: Path,
    source: Registry,
    made_at: datetime,
    tell: Callable[[RegistryError], None],
) -> Manifest:
    """Check the copied registry, copy its documents, and return the manifest."""
    evidence = folder / EVIDENCE_FOLDER
    evidence.mkdir(mode=0o700)
    with backup.read_only_session(copy) as session:
        Registry(copy).check(session)
        require_intact_chain(session)
        altered = _altered_records(session, Registry(copy))
        if altered is not None:
            tell(altered)
        head = ledger.head(session)
        missing, count = [], 0
        for sha256 in stored_evidence(session):
            document = evidence_path(source.evidence_folder, sha256)
            if backup.copy_document(document, evidence_path(evidence, sha256), sha256):
                count += 1
            else:
                missing.append(sha256)
        photos, photos_missing = back_up_photos(session, folder / PHOTOS_FOLDER)
    return Manifest(
        format=BACKUP_FORMAT,
        schema_version=SCHEMA_VERSION,
        made_at=made_at.isoformat(timespec="seconds"),
        registry_sha256=hash_regular(copy),
        log_entries=head.seq,
        log_head=head.hash,
        evidence=count,
        missing=missing,
        is_verified=altered is None,
        photos=photos,
        photos_missing=photos_missing,
    )


def _altered_records(session: Session, copy: Registry) -> RegistryError | None:
    """Return the error for records that were changed outside photoreg, if there are any."""
    try:
        require_recorded_rows(session, copy.store)
    except RegistryError as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored registry: its backup, what it replaced, and the stops that were carried over."""

    manifest: Manifest
    replaced: Replaced
    stops: list[CarriedStop] = field(default_factory=list)


def restore_backup(
    folder: Path,
    where: Path | str,
    login: str,
    *,
    replace: bool,
    evidence: Path | None = None,
    computer_login: str = "",
    clock: Callable[[], datetime] = system_clock,
    tell: Callable[[RestorePreview], None] = _tell_nobody,
) -> Restored:
    """Restore a backup to the registry at `where`; only for coordinators.

    Everything is verified before anything is changed. With `replace` an existing registry file is
    renamed and stays beside the restored one; without it, NotAllowed. Roles are then those of the
    replaced registry, and what it stops goes on being stopped. `tell` is given what will be undone
    before anything is; it may raise. On a server the database must be empty, and `evidence` is the
    folder for the documents. A backup of an older version is upgraded on restoring; the backup
    itself is not changed.
    """
    restorer = Restorer(login, computer_login, clock)
    with _file_errors(folder):
        manifest = read_manifest(folder)
        _require_complete(folder, manifest)
        nothing_replaced = RestorePreview(
            manifest.moment, Replaced.NOTHING, is_verified=manifest.is_verified
        )
        if is_on_server(where):
            tell(nothing_replaced)
            new = Registry(where, evidence)
            _restore_to_server(folder, new, restorer, manifest, replace=replace)
            return Restored(manifest, Replaced.NOTHING)
        path = Path(where)
        if path.exists() and not replace:
            raise _exists_error(path)
        require_place_for_registry(path)
        with unfinished_folder(path.parent) as room:
            new_file = room / path.name
            backup.copy_file(folder / REGISTRY_FILE, new_file)
            Registry.upgrade(new_file)
            if not path.exists():
                tell(nothing_replaced)
                photos = _photos_to_bring(folder, Registry(path))
                _finish(new_file, None, restorer, manifest, Replaced.NOTHING, photos)
                _install(folder, new_file, path, photos)
                return Restored(manifest, Replaced.NOTHING)
            return _replace(folder, new_file, path, restorer, manifest, tell)


def _replace(
    folder: Path,
    new: Path,
    path: Path,
    restorer: Restorer,
    manifest: Manifest,
    tell: Callable[[RestorePreview], None],
) -> Restored:
    """Put the finished copy in the place of the registry at `path`."""
    with readable_registry(path, new.with_name(f"{path.name}.old"), restorer) as old:
        is_whole = old is not None and is_sound(old)
        found = Replaced.REGISTRY if is_whole else Replaced.DAMAGED
        undone = undone_by(old, new) if old is not None else {}
        tell(RestorePreview(manifest.moment, found, undone, manifest.is_verified))
        photos = _photos_to_bring(folder, Registry(path))
        stops = _finish(new, old, restorer, manifest, found, photos)
        with backup.exclusive_access(Registry(path)):
            if old is not None and not is_unchanged(old, path):
                raise backup.in_use_error(path)
            _bring_documents(folder, path)
            photos.bring()
            backup.install_database(new, path, replace=True, is_damaged=old is None)
    return Restored(manifest, found, stops)


def _photos_to_bring(folder: Path, registry: Registry) -> PhotosToBring:
    source = folder / PHOTOS_FOLDER
    files = photos_to_bring(folder / REGISTRY_FILE, source)
    return PhotosToBring(files, source, registry.photos_folder)


def _finish(
    new: Path,
    old: Registry | None,
    restorer: Restorer,
    manifest: Manifest,
    found: Replaced,
    photos: PhotosToBring,
) -> list[CarriedStop]:
    details: dict[str, object] = {"sha256": manifest.registry_sha256, "replaced": found}
    details["made_on"] = legal_day(manifest.moment)
    return finish_restored(new, old, restorer, details, photos)


def _install(folder: Path, new: Path, path: Path, photos: PhotosToBring) -> None:
    with backup.exclusive_access(Registry(path)):
        _bring_documents(folder, path)
        photos.bring()
        backup.install_database(new, path, replace=False)


def _bring_documents(folder: Path, path: Path) -> None:
    """Copy the documents of a backup into the evidence folder of the registry at `path`."""
    target = Registry(path).evidence_folder
    with backup.read_only_session(folder / REGISTRY_FILE) as session:
        for sha256 in stored_evidence(session):
            document = evidence_path(folder / EVIDENCE_FOLDER, sha256)
            backup.copy_document(document, evidence_path(target, sha256), sha256)


def _restore_to_server(
    folder: Path, new: Registry, restorer: Restorer, manifest: Manifest, *, replace: bool
) -> None:
    """Copy a backup into an empty database and compare every row; all or nothing."""
    if replace:
        raise NotAllowed(
            N_("a registry on a server cannot be moved aside"),
            N_("Nothing was written. Ask for an empty database and restore into it."),
        )
    new.store.make_evidence_folder()
    _ = new.evidence_folder  # raises now rather than after everything was copied
    with unfinished_folder(Path(tempfile.gettempdir())) as private:
        unfinished = private / REGISTRY_FILE
        backup.copy_file(folder / REGISTRY_FILE, unfinished)
        Registry.upgrade(unfinished)
        photos = _photos_to_bring(folder, new)
        _finish(unfinished, None, restorer, manifest, Replaced.NOTHING, photos)
        photos.bring()
        old = Registry.open(unfinished)
        try:
            copy_all(old, new, folder / EVIDENCE_FOLDER)
        finally:
            old.close()
            new.close()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup; InputDataError when the folder is no backup."""
    try:
        content = read_regular(folder / MANIFEST, _MAX_MANIFEST_BYTES)
        manifest = Manifest(**json.loads(content.decode("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _no_backup_error(folder) from error
    numbers = (manifest.format, manifest.log_entries, manifest.evidence)
    texts = (manifest.schema_version, manifest.made_at, manifest.registry_sha256)
    are_numbers = all(isinstance(number, int) for number in numbers)
    are_texts = all(isinstance(text, str) for text in (*texts, manifest.log_head))
    others: tuple[tuple[object, type], ...] = (
        (manifest.photos, int),
        (manifest.photos_missing, list),
        (manifest.missing, list),
        (manifest.is_verified, bool),
    )
    are_others = all(isinstance(value, kind) for value, kind in others)
    if not (are_numbers and are_texts and are_others):
        raise _no_backup_error(folder)
    try:
        _ = legal_day(manifest.moment)
    except (ValueError, OverflowError) as error:
        raise _no_backup_error(folder) from error
    return manifest


def _no_backup_error(folder: Path) -> InputDataError:
    return InputDataError(
        N_("the folder {folder} is not a complete backup of a registry"),
        N_("Give the folder of a backup; it contains the file backup.json."),
        step=NextStep.to(NextAction.REGISTRY_BACKUP, "folder"),
        folder=folder,
    )


def _require_complete(folder: Path, manifest: Manifest) -> None:
    Registry.require_known_version(manifest.schema_version, folder)
    if manifest.format > BACKUP_FORMAT:
        raise RegistryError(
            N_("the registry {path} is from a newer version of photoreg"),
            N_("Install the newer version of photoreg on this computer."),
            path=folder,
        )
    copy = folder / REGISTRY_FILE
    is_complete = copy.is_file() and hash_regular(copy) == manifest.registry_sha256
    if is_complete:
        with backup.read_only_session(copy) as session:
            faults = evidence_faults(session, folder / EVIDENCE_FOLDER)
            is_complete = {document for document, _fault in faults} <= set(manifest.missing)
            is_complete = is_complete and are_photos_complete(
                session, folder / PHOTOS_FOLDER, manifest.photos_missing
            )
    if not is_complete:
        raise RegistryError(
            N_("the backup {path} is damaged: a file is missing or was changed"),
            N_("Nothing was restored. Use another backup."),
            path=folder,
        )


def _exists_error(path: Path) -> NotAllowed:
    return NotAllowed(
        N_("there is already something at {path}"),
        N_("Nothing was written. Name another place, or have what is there set aside."),
        fields=("registry", "replace"),
        path=path,
    )


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RegistryError(
            N_("{path} cannot be read or written: {cause}"),
            N_("Nothing was changed. Check the folder, your rights and the free disk space."),
            path=error.filename or path,
            cause=os_cause(error),
        ) from error
