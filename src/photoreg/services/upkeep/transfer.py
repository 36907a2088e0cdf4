"""Copy a registry from a file to a server or back, with its evidence; all or nothing."""

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
from photoreg.registry.ledger_check import require_intact_log
from photoreg.services.application import Application, system_clock
from photoreg.services.unit_of_work import COORDINATORS


@dataclass
class CopyResult:
    """The numbers of copied items; `missing` are documents already missing or changed before."""

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
    is_stated: bool = True,
) -> CopyResult:
    """Copy a registry to a place without one, all or nothing. Only for coordinators.

    Every row is compared with its copy, the copy's log is verified to its end, and the hash of
    each document is checked. `evidence` is the evidence folder of a registry on a server. The
    logs of both registries record the copying. `is_stated` is as in `Application`.
    """
    old, new = Registry.open(source, evidence), Registry(target, evidence)
    try:
        with Application(old, login, clock, is_stated=is_stated).changing(COORDINATORS) as work:
            work.log(Action.REGISTRY_COPIED, "registry", 1)
        return copy_all(old, new)
    finally:
        old.close()
        new.close()


def copy_all(old: Registry, new: Registry, documents: Path | None = None) -> CopyResult:
    """Copy rows and documents to a place without a registry; `documents` is their folder.

    The caller has checked permissions and logged the action in `old`.
    """
    result, added = CopyResult(), list[Path]()

    def complete(before: Session, after: Session) -> None:
        require_intact_log(after, new.store)
        result.log_entries = ledger.head(after).seq
        new.store.make_evidence_folder()
        for sha256 in stored_evidence(before):
            target = evidence_path(new.evidence_folder, sha256)
            if not target.exists():
                added.append(target)
            document = evidence_path(documents or old.evidence_folder, sha256)
            if copy_document(document, target, sha256):
                result.documents += 1
            else:
                result.missing.append(sha256)

    # Exclusive, so that an error removes only documents added here; a server ensures this itself.
    access = nullcontext() if new.is_on_server else exclusive_access(new)
    with new.translating_errors(), access:
        try:
            result.rows = sum(copy_rows(old, new, complete).values())
        except BaseException:
            for path in added:
                path.unlink(missing_ok=True)
            raise
    return result
