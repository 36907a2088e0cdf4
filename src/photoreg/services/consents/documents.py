"""Documents kept as evidence: show what is recorded, hand out a copy, take one in again.

Each look is logged. What proves a guardian's excuse, a ruling or a removal is for coordinators, and
so is what concerns somebody whose answers only they may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path

from photoreg.errors import InputDataError, NotAllowed, NotFound, RegistryError
from photoreg.named_files import written_file
from photoreg.registry.evidence import (
    StoredDocument,
    document_hash,
    look_at_documents,
    read_evidence,
)
from photoreg.registry.ids import Kind, id_of, parse_id
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_permission, not_listed
from photoreg.registry.queries.evidence import evidence_rows
from photoreg.registry.queries.evidence_uses import (
    consent_parties,
    evidence_beginning,
    evidence_of_consent,
    evidence_of_permission,
    form_parties,
    papers_of_consent,
    papers_of_permission,
    permission_holders,
    uses_of_evidence,
)
from photoreg.registry.queries.organisation import all_staff
from photoreg.registry.queries.people import persons_of
from photoreg.registry.tables.people import Evidence, StaffRole
from photoreg.services.application import Application
from photoreg.services.consents.consents import find_shown_consent, withheld_persons
from photoreg.services.files.documents import record_looks
from photoreg.services.unit_of_work import (
    HELSINKI,
    RECORDERS,
    UnitOfWork,
    require_coordinator,
)
from photoreg.texts import N_

MIN_HASH_LENGTH = 8
"""How much of a hash names a document."""


class DocumentState(StrEnum):
    """The state of a document's file."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as shown: what rests on it, and whether its file is what it was."""

    document: str
    state: DocumentState
    damaged_at: datetime | None
    size: int
    suffix: str
    added_at: datetime
    added_by: str
    used_by: tuple[str, ...]


def show_documents(application: Application, named: str) -> list[DocumentRow]:
    """Return the documents of a consent or permission, or the one with this hash; logged.

    Each is compared with its file, and what is found is recorded.
    """
    with application.reading() as work:
        hashes = [row.sha256 for row in _find(work, named)]
    states = {each: _state(application, each) for each in hashes}
    with application.changing(frozenset(StaffRole)) as work:
        rows = evidence_rows(work.session, hashes)
        uses = uses_of_evidence(work.session, hashes)
        logins = {id_of(staff): staff.login for staff in all_staff(work.session)}
        work.log_documents(Action.EVIDENCE_SHOWN, hashes)
        return [
            DocumentRow(
                document=row.sha256,
                state=states[row.sha256],
                damaged_at=_local(row.damaged_at) if row.damaged_at else None,
                size=row.size,
                suffix=row.suffix,
                added_at=_local(row.added_at),
                added_by=logins[row.added_by],
                used_by=tuple(uses.get(row.sha256, ())),
            )
            for row in rows
        ]


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HELSINKI).replace(microsecond=0)


def _state(application: Application, sha256: str) -> DocumentState:
    """Compare a document's content with its file, record the result and return it."""
    with application.reading() as work:
        [row] = evidence_rows(work.session, [sha256])
        if row.erased_at is not None:
            return DocumentState.ERASED
        stored = StoredDocument(sha256, row.size, row.mtime_ns, row.damaged_at is not None)
    try:
        looks = look_at_documents(application.registry.evidence_folder, [stored], by_hash=True)
    except RegistryError:
        return DocumentState.UNREACHABLE
    record_looks(application, looks)
    return DocumentState.DAMAGED if looks[stored] is None else DocumentState.WHOLE


def export_document(application: Application, named: str, target: Path) -> str:
    """Write a copy of a document into a new private file; return its hash.

    It is logged first. Not for auditors, nor about people of another unit than the user's: a
    document names people. InputDataError when the target
    exists or cannot be written; NotAllowed for a document that is damaged or was erased.
    """
    with written_file(target) as part, application.changing(RECORDERS) as work:
        row, content = _opened(work, named, Action.EVIDENCE_EXPORTED)
        part.write_bytes(content)
    return row.sha256


def read_document(application: Application, named: str) -> tuple[bytes, str]:
    """Return the content of a document and its kind of file, such as `.pdf`; as it is exported."""
    with application.changing(RECORDERS) as work:
        row, content = _opened(work, named, Action.EVIDENCE_EXPORTED)
        return content, row.suffix


def open_document(application: Application, sha256: str) -> bytes:
    """Return the content of a document, to be shown; it is logged, and refused as a copy is."""
    with application.changing(RECORDERS) as work:
        return _opened(work, sha256, Action.EVIDENCE_SHOWN)[1]


def _opened(work: UnitOfWork, named: str, action: Action) -> tuple[Evidence, bytes]:
    """Return a document with its content, and log what it is opened for."""
    row = _only_one(_find(work, named), named)
    _require_own_unit(work, row.sha256)
    content = read_evidence(work.registry.evidence_folder, row)
    work.log_documents(action, [row.sha256])
    return row, content


def _require_own_unit(work: UnitOfWork, sha256: str) -> None:
    pairs = (*consent_parties(work.session, sha256), *form_parties(work.session, sha256))
    persons = {*chain.from_iterable(pairs), *permission_holders(work.session, sha256)}
    work.sight.look_up(persons)
    if any(map(work.sight.hides, persons)):
        raise NotAllowed(
            N_("the document names people of another unit"),
            N_("Ask that unit or the communications coordinator."),
        )


def _only_one(found: Sequence[Evidence], named: str) -> Evidence:
    if len(found) > 1:
        raise InputDataError(
            N_("{value} is based on several documents: {documents}"),
            N_("Name one of them by the beginning of its hash."),
            value=named,
            documents=", ".join(row.sha256[:MIN_HASH_LENGTH] for row in found),
        )
    return found[0]


def restore_document(application: Application, document: Path) -> str:
    """Take in a document again that is missing or was changed; return its hash.

    InputDataError unless it has the content of a document that is kept: only the very same file
    can take the place of a damaged one.
    """
    sha256 = document_hash(document)
    with application.changing() as work:
        rows = evidence_rows(work.session, [sha256])
        if not rows or rows[0].erased_at is not None:
            raise InputDataError(
                N_("{file} is none of the documents that are kept as evidence"),
                N_(
                    "Only the very same file counts, not a new scan. If it is lost, record a new "
                    "consent or permission with its document."
                ),
                file=document.name,
            )
        work.store_evidence(document)
    return sha256


def _find(work: UnitOfWork, named: str) -> list[Evidence]:
    """Return the documents named, if the actor may see them; NotFound if there are none."""
    written, number = named.strip(), 0
    papers: list[str] = []
    parties: list[int | None] = []
    if parse_id(Kind.CONSENT, written):
        consent = find_shown_consent(work, written)
        number, parties = id_of(consent), [consent.subject_id, consent.actor_id]
        found = evidence_rows(work.session, evidence_of_consent(work.session, number))
        papers = papers_of_consent(work.session, number)
    elif parse_id(Kind.PERMISSION, written):
        permission = find_permission(work.session, written)
        number, parties = id_of(permission), [permission.photographer_id]
        found = evidence_rows(work.session, evidence_of_permission(work.session, number))
        papers = papers_of_permission(work.session, number)
    else:
        found = _by_hash(work, written)
    for row in found:
        _require_visible(work, row.sha256)
    if not found and number:
        raise _no_document_error(work, written, papers, [each for each in parties if each])
    if not found:
        raise not_listed(named, "evidence")
    return found


def _no_document_error(
    work: UnitOfWork, named: str, papers: Sequence[str], parties: Sequence[int]
) -> NotFound:
    """Return the error for a statement without a document; it tells the place of the paper.

    Only to those who may see what the persons have said.
    """
    persons = persons_of(work.session, parties).values()
    if papers and not withheld_persons(work, persons) and not any(map(work.sight.hides, parties)):
        return NotFound(
            N_("{value} has no document in the registry: it was recorded from a paper"),
            N_("The paper is kept here: {paper}"),
            value=named,
            paper="; ".join(papers),
        )
    return NotFound(
        N_("{value} has no document in the registry"),
        N_("Only what was recorded with a document has one."),
        value=named,
    )


def _by_hash(work: UnitOfWork, start: str) -> list[Evidence]:
    if len(start) < MIN_HASH_LENGTH:
        raise InputDataError(
            N_("{value} names no document"),
            N_(
                "Name a consent (C-1), a permission (L-1), or the first characters of the "
                "document's hash, at least {count}."
            ),
            value=start,
            count=MIN_HASH_LENGTH,
        )
    found = evidence_beginning(work.session, start.lower())
    if len(found) > 1:
        raise InputDataError(
            N_("several documents begin with {value}"), N_("Give more of the hash."), value=start
        )
    return found


def _require_visible(work: UnitOfWork, sha256: str) -> None:
    uses = uses_of_evidence(work.session, [sha256])[sha256]
    if any(use[0] not in {Kind.CONSENT, Kind.PERMISSION} for use in uses):
        require_coordinator(work)
    parties = [*consent_parties(work.session, sha256), *form_parties(work.session, sha256)]
    subjects = persons_of(work.session, {subject for subject, _signer in parties}).values()
    is_withheld = bool(withheld_persons(work, subjects))
    if is_withheld or any(signer in work.hidden_bodies for _subject, signer in parties):
        raise NotAllowed(
            N_("only the communications coordinator may see this document"),
            N_("Ask the communications coordinator."),
        )
