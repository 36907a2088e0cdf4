"""Evidence: signed forms and messages, kept by content hash in a folder beside the registry.

The stranger's file name is never used as a path; only its suffix is kept, so that the document
opens in the right program.
"""

import hashlib
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from photoreg.errors import InputDataError
from photoreg.registry.tables import Evidence
from photoreg.texts import N_

LARGEST_EVIDENCE = 100 * 2**20


def keep_evidence(session: Session, folder: Path, document: Path, *, at: datetime, by: int) -> str:
    """Copy a document into the evidence folder and return its SHA-256 (hex).

    Raises InputDataError when the document cannot be read, is empty or larger than
    LARGEST_EVIDENCE. The copy is complete before the record is written.
    """
    data = _read(document)
    sha256 = hashlib.sha256(data).hexdigest()
    target = evidence_path(folder, sha256)
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)  # private (0600) by itself
        try:
            with os.fdopen(handle, "wb") as copy:
                copy.write(data)
                copy.flush()
                os.fsync(copy.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    if session.get(Evidence, sha256) is None:
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
    """Return where the evidence of this hash lies."""
    return folder / sha256[:2] / sha256


def spoilt_evidence(session: Session, folder: Path) -> list[str]:
    """Return the hashes of the documents whose file is missing or no longer has that content."""
    spoilt = []
    for sha256 in session.exec(select(Evidence.sha256).order_by(col(Evidence.sha256))):
        try:
            content = evidence_path(folder, sha256).read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            spoilt.append(sha256)
    return spoilt


def _read(document: Path) -> bytes:
    hint = N_("Name a file that exists and that you may read: a scanned form, a PDF, a message.")
    try:
        size = document.stat().st_size
        data = document.read_bytes() if 0 < size <= LARGEST_EVIDENCE else b""
    except OSError as error:
        raise InputDataError(
            N_("the evidence {file} cannot be read"), hint, file=document.name
        ) from error
    if not data:
        raise InputDataError(
            N_("the evidence {file} is empty or larger than {limit} MB"),
            hint,
            file=document.name,
            limit=LARGEST_EVIDENCE // 2**20,
        )
    return data
