"""Moving a registry from a file to a server or back, with its evidence: whole, or not at all."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from photoreg.registry import ledger
from photoreg.registry.engines.backup import copy_document, exclusive_access
from photoreg.registry.engines.database import Registry, Session
from photoreg.registry.engines.transfer import copy_rows
from photoreg.registry.evidence import evidence_path, stored_evidence
from photoreg.registry.ledger import Action
from photoreg.registry.ledger_check import require_complete_log, require_intact_chain
from photoreg.services.application import Application, system_clock
from photoreg.services.unit_of_work import COORDINATORS


@dataclass
class CopyResult:
    """What was copied. `missing` are documents that were gone or changed already."""

    rows: int = 0
    log_entries: int = 0
    documents: int = 0
    missing: list[str] = field(default_factory=list)


def copy_registry(
    source: Path | str,
    target: Path | str,
    login: str,
    *,
    evidence: Path | None = None,
    clock: Callable[[], datetime] = system_clock,
) -> CopyResult:
    """Copy a registry to a place where there is none: all of it, or nothing.

    Every row is compared with its copy, the copy's log is verified to its end, and each document
    is read by its hash. `evidence` is the folder of a registry on a server. Only coordinators may;
    that it was copied stands in the log of both.
    """
    old, new = Registry.open(source, evidence), Registry(target, evidence)
    try:
        with Application(old, login, clock).changing(COORDINATORS) as work:
            work.log(Action.REGISTRY_COPIED, "registry", 1)
        return copy_all(old, new)
    finally:
        old.close()
        new.close()


def copy_all(old: Registry, new: Registry, documents: Path | None = None) -> CopyResult:
    """Copy rows and documents to a place where there is no registry; `documents` is their folder.

    The log of `old` says already what is done, and who may was looked at.
    """
    copied, added = CopyResult(), list[Path]()

    def complete(before: Session, after: Session) -> None:
        require_intact_chain(after)
        require_complete_log(after)
        copied.log_entries = ledger.head(after).seq
        new.store.make_evidence_folder()
        for sha256 in stored_evidence(before):
            place = evidence_path(new.evidence_folder, sha256)
            if not place.exists():
                added.append(place)
            document = evidence_path(documents or old.evidence_folder, sha256)
            if copy_document(document, place, sha256):
                copied.documents += 1
            else:
                copied.missing.append(sha256)

    # What is taken away again must be nobody else's; a server lets one alone fill a database.
    with nullcontext() if new.is_on_server else exclusive_access(new):
        try:
            copied.rows = sum(copy_rows(old, new, complete).values())
        except BaseException:
            for path in added:
                path.unlink(missing_ok=True)
            raise
    return copied
