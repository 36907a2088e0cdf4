"""The documents that the statements about photos rest on."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from photoreg.registry.evidence import StoredDocument, documents_in
from photoreg.registry.facts.photo_selection import PhotoSelection, selection_batches
from photoreg.registry.rows import rows_with
from photoreg.registry.tables.consents import (
    Consent,
    ConsentEvent,
    Permission,
    PermissionEvent,
)
from photoreg.registry.tables.people import Evidence


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


def _evidence_of(selection: PhotoSelection) -> Iterator[Any]:
    """Yield queries for documents: those about single photos apart, so that each uses an index."""
    consent: Any = select(ConsentEvent.evidence).join(
        Consent, col(ConsentEvent.consent_id) == Consent.id
    )
    consent = consent.where(col(ConsentEvent.evidence).is_not(None))
    yield consent.where(selection.photos(Consent.photo_id))
    yield consent.where(col(Consent.photo_id).is_(None), selection.consents())
    permission: Any = select(PermissionEvent.evidence).join(
        Permission, col(PermissionEvent.permission_id) == Permission.id
    )
    permission = permission.where(col(PermissionEvent.evidence).is_not(None))
    yield permission.where(selection.photos(Permission.photo_id))
    yield permission.where(col(Permission.photo_id).is_(None), selection.permissions())


def evidence_rows(session: Session, documents: Iterable[str]) -> list[Evidence]:
    """Return the records of these documents, by hash."""
    found = rows_with(session, Evidence, Evidence.sha256, documents)
    return sorted(found, key=lambda row: row.sha256)
