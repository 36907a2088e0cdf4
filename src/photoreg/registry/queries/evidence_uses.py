"""What rests on a document, and the documents of a record."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from photoreg.registry.id_list import hash_list
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.forms import ConsentForm, ConsentFormScan
from photoreg.registry.tables.people import Evidence, Guardianship
from photoreg.registry.tables.publications import TakeDown


def evidence_beginning(session: Session, start: str) -> list[Evidence]:
    """Return the documents whose hash begins so; two at most."""
    wanted = select(Evidence).where(col(Evidence.sha256).startswith(start, autoescape=True))
    return list(session.exec(wanted.order_by(col(Evidence.sha256)).limit(2)))


def evidence_of_consent(session: Session, number: int) -> list[str]:
    """Return the documents of a consent, by hash."""
    return _documents(session, ConsentEvent.evidence, ConsentEvent.consent_id, number)


def evidence_of_permission(session: Session, number: int) -> list[str]:
    """Return the documents of a permission, by hash."""
    return _documents(session, PermissionEvent.evidence, PermissionEvent.permission_id, number)


def papers_of_consent(session: Session, number: int) -> list[str]:
    """Return where the papers of a consent are kept."""
    return _papers(session, ConsentEvent, ConsentEvent.consent_id, number)


def papers_of_permission(session: Session, number: int) -> list[str]:
    """Return where the papers of a permission are kept."""
    return _papers(session, PermissionEvent, PermissionEvent.permission_id, number)


def _papers(session: Session, table: Any, column: Any, number: int) -> list[str]:
    wanted: Any = select(table.paper).where(column == number, table.paper != "").order_by(table.id)
    return list(dict.fromkeys(session.exec(wanted)))


def _documents(session: Session, document: Any, column: Any, number: int) -> list[str]:
    wanted: Any = select(document).where(column == number, col(document).is_not(None))
    return sorted(set(session.exec(wanted)))


def consent_parties(session: Session, document: str) -> list[tuple[int, int]]:
    """Return subject and signer of each consent that rests on a document."""
    wanted: Any = select(Consent.subject_id, Consent.actor_id).join(
        ConsentEvent, col(ConsentEvent.consent_id) == Consent.id
    )
    found = session.exec(wanted.where(ConsentEvent.evidence == document).distinct())
    return [(int(subject), int(signer)) for subject, signer in found]


def form_parties(session: Session, document: str) -> list[tuple[int, int]]:
    """Return subject and signer of each form with names whose scanned paper is a document."""
    wanted: Any = select(ConsentForm.subject_id, ConsentForm.actor_id).join(
        ConsentFormScan, col(ConsentFormScan.form_id) == ConsentForm.id
    )
    wanted = wanted.where(
        ConsentFormScan.evidence == document, col(ConsentForm.subject_id).is_not(None)
    )
    return [(int(subject), int(signer or subject)) for subject, signer in session.exec(wanted)]


def permission_holders(session: Session, document: str) -> set[int]:
    """Return the photographers whose permissions rest on a document."""
    wanted: Any = select(Permission.photographer_id).join(
        PermissionEvent, col(PermissionEvent.permission_id) == Permission.id
    )
    holders = session.exec(wanted.where(PermissionEvent.evidence == document))
    return {int(holder) for holder in holders if holder is not None}


def uses_of_evidence(session: Session, documents: Iterable[str]) -> dict[str, list[str]]:
    """Return each document's references: `C-7`, `L-3`, `H-4` (a guardian), `K-2`, `T-1`."""
    wanted = hash_list(documents)
    found: dict[str, list[str]] = defaultdict(list)
    for letter, number, document in (
        ("C", ConsentEvent.consent_id, ConsentEvent.evidence),
        ("L", PermissionEvent.permission_id, PermissionEvent.evidence),
        ("H", Guardianship.guardian_id, Guardianship.excused_evidence),
        ("H", Guardianship.guardian_id, Guardianship.decides_alone_evidence),
        ("K", Ruling.case_id, Ruling.evidence),
        ("T", TakeDown.id, TakeDown.proof_evidence),
    ):
        statement: Any = select(number, document).where(col(document).in_(wanted)).distinct()
        for row, sha256 in session.exec(statement):
            found[sha256].append(f"{letter}-{row}")
    return found
