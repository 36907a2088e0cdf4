"""Evidence documents: signed forms and messages, stored by content hash beside the registry.

The original file name is never used as a path; only its suffix is kept, so that the document opens
in the right program.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session, col, select

from photoreg.errors import InputDataError, os_cause
from photoreg.named_files import hash_regular, read_regular
from photoreg.registry.tables.people import Evidence
from photoreg.texts import N_
from photoreg.unfinished import make_private, publish_file, unfinished_file

MAX_EVIDENCE_BYTES = 100 * 2**20


def store_evidence(session: Session, folder: Path, document: Path, *, at: datetime, by: int) -> str:
    """Copy a document into the evidence folder and return its SHA-256 (hex).

    Raises InputDataError when the document cannot be read, is empty or larger than
    LARGEST_EVIDENCE. The copy is complete before the record is written.
    """
    data = _read(document)
    sha256 = hashlib.sha256(data).hexdigest()
    target = evidence_path(folder, sha256)
    if not has_content(target, sha256):
        make_private(target.parent)
        with unfinished_file(target.parent) as (unfinished, copy):
            copy.write(data)
            copy.flush()
            os.fsync(copy.fileno())
            publish_file(unfinished, copy, target)
    known = session.get(Evidence, sha256)
    if known is not None:
        known.erased_at = None  # the document was added again
    else:
        suffix = document.suffix.lower()
        session.add(
            Evidence(
                sha256=sha256,
                size=len(data),
                suffix=suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else "",
                added_at=at,
                added_by=by,
            )
        )
        session.flush()
    return sha256


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


class EvidenceFault(StrEnum):
    """A problem with a document or with a file in the evidence folder."""

    MISSING = "missing"
    CHANGED = "changed"
    NOT_ERASED = "not_erased"
    UNKNOWN = "unknown"


def evidence_faults(session: Session, folder: Path) -> Iterator[tuple[str, EvidenceFault]]:
    """Yield the problems, first by document and then by file: the hash or path, and the fault.

    A document may be missing, have other content, or still exist although it was erased; a file may
    belong to no record.
    """
    known = set()
    statement = select(Evidence.sha256, Evidence.erased_at).order_by(col(Evidence.sha256))
    for sha256, erased_at in session.exec(statement):
        known.add(sha256)
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
