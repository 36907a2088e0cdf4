"""Evidence documents: signed forms and messages, stored by content hash beside the registry.

The original file name is never used as a path; only its suffix is kept, so that the document opens
in the right program.
"""

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.errors import InputDataError, NotAllowed, RegistryError, os_cause
from photoreg.named_files import hash_regular, read_regular
from photoreg.registry.id_list import hash_list
from photoreg.registry.tables.people import Evidence
from photoreg.steps import NextAction, NextStep
from photoreg.texts import N_
from photoreg.unfinished import make_private, publish_file, unfinished_file

MAX_EVIDENCE_BYTES = 100 * 2**20
_STORED = "stored_documents"


def store_evidence(
    session: Session, folder: Path, document: Path, *, at: datetime, by: int
) -> tuple[str, bool]:
    """Copy a document into the evidence folder; return its SHA-256 (hex), and if it was damaged.

    Raises InputDataError when the document cannot be read, is empty or larger than
    MAX_EVIDENCE_BYTES. The copy is complete before the record is written; `remove_unrecorded` takes
    it away if the record is rolled back. A document that was erased, is missing or was changed is
    there again afterwards.
    """
    data = _read(document)
    sha256 = hashlib.sha256(data).hexdigest()
    if _has_documents(session):
        require_folder(folder)  # else it would be stored where the disk is to be connected
    target = evidence_path(folder, sha256)
    if not has_content(target, sha256):
        session.info.setdefault(_STORED, []).append(target)
        _write_private(target, data)
    known = session.get(Evidence, sha256)
    if known is None:
        suffix = document.suffix.lower()
        known = Evidence(
            sha256=sha256,
            size=len(data),
            suffix=suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else "",
            added_at=at,
            added_by=by,
        )
    was_damaged = known.damaged_at is not None
    known.erased_at = known.damaged_at = None
    known.mtime_ns = target.stat().st_mtime_ns
    session.add(known)
    session.flush()
    return sha256, was_damaged


def remove_unrecorded(session: Session) -> None:
    """Remove the documents that this session has stored if their records were rolled back.

    They are looked up while nobody else writes, since another change may rest on them by now.
    """
    stored: list[Path] = session.info.pop(_STORED, [])
    if not stored:
        return
    recorded = select(Evidence.sha256).where(col(Evidence.erased_at).is_(None))
    these = col(Evidence.sha256).in_(hash_list(file.name for file in stored))
    kept = set(session.exec(recorded.where(these)))
    for file in stored:
        if file.name not in kept:
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _has_documents(session: Session) -> bool:
    kept = select(Evidence.sha256).where(col(Evidence.erased_at).is_(None))
    return session.exec(kept.limit(1)).first() is not None


def _write_private(target: Path, data: bytes) -> None:
    make_private(target.parent)
    with unfinished_file(target.parent) as (unfinished, copy):
        copy.write(data)
        copy.flush()
        os.fsync(copy.fileno())
        publish_file(unfinished, copy, target)


def document_hash(document: Path) -> str:
    """Return the SHA-256 (hex) of a document that somebody hands in; errors as `store_evidence`."""
    return hashlib.sha256(_read(document)).hexdigest()


def evidence_path(folder: Path, sha256: str) -> Path:
    """Return the path of the evidence document with this hash."""
    return folder / sha256[:2] / sha256


def is_named_as_evidence(folder: Path, file: Path) -> bool:
    """Return whether the file's name and place are those of an evidence document."""
    is_hash = re.fullmatch(r"[0-9a-f]{64}", file.name)
    return bool(is_hash) and file == evidence_path(folder, file.name)


def stored_evidence(session: Session) -> Iterator[str]:
    """Stream the hashes of the documents that must exist."""
    stored = select(Evidence.sha256).where(col(Evidence.erased_at).is_(None))
    ordered = stored.order_by(col(Evidence.sha256)).execution_options(yield_per=1000)
    yield from session.exec(ordered)


def has_content(path: Path, sha256: str) -> bool:
    """Return whether there is a file with this content."""
    try:
        return hash_regular(path) == sha256
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as recorded: its hash, size, modification time, and whether it is damaged."""

    sha256: str
    size: int
    mtime_ns: int | None
    is_damaged: bool


Looks = Mapping[StoredDocument, int | None]
"""What was found of documents: the modification time of each file, None of a damaged one."""


@dataclass(frozen=True, slots=True)
class DocumentLook:
    """What a look at documents leaves unrecorded.

    `unread` are documents that prove nothing now: since the folder cannot be read
    (`is_unreachable`), or since the actor, who may change nothing, found them damaged.
    """

    unread: frozenset[str] = frozenset()
    is_unreachable: bool = False


ALL_AS_RECORDED = DocumentLook()


class FolderUnreachableError(RegistryError):
    """The evidence folder, or a document in it, cannot be read now; nothing is known of it."""


def require_folder(folder: Path) -> None:
    """Raise FolderUnreachableError if the folder cannot be read.

    A folder without anything in it is one whose disk is not connected: only ask where documents
    must be.
    """
    try:
        with os.scandir(folder) as found:
            is_empty = next(found, None) is None
    except OSError as error:
        raise _unreachable(folder, error) from error
    if is_empty:
        raise _unreachable(folder, FileNotFoundError(errno.ENOENT, "", str(folder)))


def _unreachable(file: Path, error: OSError) -> FolderUnreachableError:
    return FolderUnreachableError(
        N_("the evidence cannot be read: {file} ({cause})"),
        N_("Connect the folder with the evidence and try again."),
        file=file,
        cause=os_cause(error),
    )


def look_at_documents(folder: Path, documents: Sequence[StoredDocument], *, by_hash: bool) -> Looks:
    """Compare documents with their files.

    Without `by_hash`, those whose size and modification time are as recorded are not read. Raises
    FolderUnreachableError when the folder, or one of the files, cannot be read.
    """
    if not documents:
        return {}
    require_folder(folder)
    looks = {document: _look_at(folder, document, by_hash=by_hash) for document in documents}
    require_folder(folder)  # so that one that was disconnected meanwhile damages nothing
    return looks


def look_at_all_documents(session: Session, folder: Path) -> Looks:
    """Compare the content of every document that must exist with what was recorded."""
    documents = documents_in(session, col(Evidence.erased_at).is_(None))
    return look_at_documents(folder, documents, by_hash=True)


def whole_documents(looks: Looks) -> frozenset[str]:
    """Return the documents that are what they were, by hash."""
    return frozenset(each.sha256 for each, now in looks.items() if now is not None)


def news_of(looks: Looks) -> dict[str, int | None]:
    """Return what was found other than recorded, by hash."""
    return {each.sha256: now for each, now in looks.items() if _is_news(each, now)}


def _is_news(document: StoredDocument, now: int | None) -> bool:
    if now is None:
        return not document.is_damaged
    return document.is_damaged or now != document.mtime_ns


def _look_at(folder: Path, document: StoredDocument, *, by_hash: bool) -> int | None:
    file = evidence_path(folder, document.sha256)
    try:
        now = file.stat()
        if not stat.S_ISREG(now.st_mode) or now.st_size != document.size:
            return None
        is_known = not document.is_damaged and now.st_mtime_ns == document.mtime_ns
        is_whole = (is_known and not by_hash) or hash_regular(file) == document.sha256
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreachable(file, error) from error
    return now.st_mtime_ns if is_whole else None


class EvidenceFault(StrEnum):
    """A problem with a document or with a file in the evidence folder."""

    MISSING = "missing"
    CHANGED = "changed"
    NOT_ERASED = "not_erased"
    UNKNOWN = "unknown"


def read_evidence(folder: Path, row: Evidence) -> bytes:
    """Return the content of a document; NotAllowed if it was erased or is not what it was."""
    require_folder(folder)
    file = evidence_path(folder, row.sha256)
    with suppress(OSError):
        data = read_regular(file, MAX_EVIDENCE_BYTES)
        if row.erased_at is None and hashlib.sha256(data).hexdigest() == row.sha256:
            return data
    raise NotAllowed(
        N_("the document {document} is missing, was changed or was erased"),
        N_("Hand in the same document again, or restore it from the latest backup."),
        step=NextStep.to(NextAction.EVIDENCE_RESTORE, "file"),
        document=row.sha256,
    )


def documents_in(session: Session, *wanted: Any) -> list[StoredDocument]:
    """Return the documents that fulfil these conditions, by hash."""
    columns: Any = (Evidence.sha256, Evidence.size, Evidence.mtime_ns, Evidence.damaged_at)
    rows = session.execute(sa.select(*columns).where(*wanted).order_by(columns[0]))
    return [StoredDocument(sha, size, mtime, at is not None) for sha, size, mtime, at in rows]


def evidence_faults(
    session: Session, folder: Path, whole: frozenset[str] = frozenset()
) -> Iterator[tuple[str, EvidenceFault]]:
    """Yield the problems, first by document and then by file: the hash or path, and the fault.

    A document may be missing, have other content, or still exist although it was erased; a file may
    belong to no record. `whole` are documents that were just read and need not be read again.
    """
    known = set()
    statement = select(Evidence.sha256, Evidence.erased_at).order_by(col(Evidence.sha256))
    for sha256, erased_at in session.exec(statement):
        known.add(sha256)
        if sha256 in whole:
            continue
        found = _fault_of(evidence_path(folder, sha256), sha256, is_erased=erased_at is not None)
        if found:
            yield sha256, found
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not (file.name in known and file == evidence_path(folder, file.name)):
            yield file.relative_to(folder).as_posix(), EvidenceFault.UNKNOWN


def _fault_of(file: Path, sha256: str, *, is_erased: bool) -> EvidenceFault | None:
    if is_erased:
        return EvidenceFault.NOT_ERASED if file.exists() else None
    if has_content(file, sha256):
        return None
    return EvidenceFault.CHANGED if file.is_file() else EvidenceFault.MISSING


def _read(document: Path) -> bytes:
    hint = N_("Give a file that exists and that you may read: a scanned form, a PDF, a message.")
    try:
        data = read_regular(document, MAX_EVIDENCE_BYTES)
    except OSError as error:
        if error.errno != errno.E2BIG:
            raise InputDataError(
                N_("the evidence document {file} cannot be read: {cause}"),
                hint,
                file=document.name or document,
                cause=os_cause(error),
            ) from error
        data = b""
    if not data:
        raise InputDataError(
            N_("the evidence document {file} is empty or larger than {limit} MB"),
            hint,
            file=document.name,
            limit=MAX_EVIDENCE_BYTES // 2**20,
        )
    return data
