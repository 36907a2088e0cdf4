"""Documents: those that the statements about photos rest on, and what rests on one."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.evidence import StoredDocument, documents_in
from photoreg.registry.facts.photo_selection import PhotoSelection, selection_batches
from photoreg.registry.id_list import hash_list
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.cases import Ruling
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.people import Evidence, Guardianship
from photoreg.registry.tables.publications import TakeDown


def documents_of_photos(session: Session, photos: Iterable[int]) -> list[StoredDocument]:
    """Return the documents of all consents and permissions that reach these photos.

    One query for as many photos as one takes.
    """
    found: dict[str, StoredDocument] = {}
    for selection in selection_batches(photos):
        of_them = sa.union(*_evidence_of(selection))
        wanted = col(Evidence.sha256).in_(of_them), col(Evidence.erased_at).is_(None)
        found |= {each.sha256: each for each in documents_in(session, *wanted)}
    return list(found.values())


def _evidence_of(selection: PhotoSelection) -> tuple[Any, Any]:
    """Build the queries for the documents of consents and of permissions."""
    consents = sa.or_(
        selection.photos(Consent.photo_id),
        sa.and_(col(Consent.photo_id).is_(None), selection.consents()),
    )
    permissions = sa.or_(
        selection.photos(Permission.photo_id),
        sa.and_(col(Permission.photo_id).is_(None), selection.permissions()),
    )
    consent_event: Any = select(ConsentEvent.evidence).join(
        Consent, col(ConsentEvent.consent_id) == Consent.id
    )
    permission_event: Any = select(PermissionEvent.evidence).join(
        Permission, col(PermissionEvent.permission_id) == Permission.id
    )
    return (
        consent_event.where(consents, col(ConsentEvent.evidence).is_not(None)),
        permission_event.where(permissions, col(PermissionEvent.evidence).is_not(None)),
    )


def evidence_rows(session: Session, documents: Iterable[str]) -> list[Evidence]:
    """Return the records of these documents, by hash."""
    found = rows_with(session, Evidence, Evidence.sha256, documents)
    return sorted(found, key=lambda row: row.sha256)


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
