"""Compare the documents that statements rest on with their files, and record what was found.

A damaged document is recorded as such by whoever finds it, and as whole when it is found so: the
facts, lists and gates read that record, and nothing else. What cannot be read at all is not
recorded: it closes the gates for now, and nothing has to be taken down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from photoreg.errors import RegistryError
from photoreg.registry.evidence import StoredDocument, all_documents, look_at_documents
from photoreg.registry.ids import id_of
from photoreg.registry.ledger import Action
from photoreg.registry.lookup import find_photos
from photoreg.registry.queries.evidence import documents_of_photos, evidence_rows
from photoreg.services.application import Application
from photoreg.services.unit_of_work import RECORDERS, UnitOfWork


@dataclass(frozen=True, slots=True)
class DocumentLook:
    """What a look at the documents leaves unrecorded.

    `unread` are documents that prove nothing now: since the folder cannot be read
    (`is_unreachable`), or since the actor, who may change nothing, found them damaged.
    """

    unread: frozenset[str] = frozenset()
    is_unreachable: bool = False


ALL_AS_RECORDED = DocumentLook()


def look_at_evidence(
    application: Application, photos: Iterable[str], *, by_hash: bool = False
) -> DocumentLook:
    """Compare the documents behind these photos with their files, and record what has changed.

    Their size and modification time are looked at, and their content where these differ; with
    `by_hash`, as at every gate, the content in any case.
    """
    with application.reading() as work:
        numbers = [id_of(photo) for photo in find_photos(work.session, list(photos))]
        documents = documents_of_photos(work.session, numbers)
    if not documents:
        return ALL_AS_RECORDED
    try:
        folder = application.registry.evidence_folder
        looks = look_at_documents(folder, documents, by_hash=by_hash)
    except RegistryError:
        return DocumentLook(frozenset(each.sha256 for each in documents), is_unreachable=True)
    return record_looks(application, looks)


def look_at_all_evidence(work: UnitOfWork) -> Mapping[StoredDocument, int | None]:
    """Compare the content of all documents with what was recorded, for `record_looks`.

    RegistryError when the folder cannot be read.
    """
    documents = all_documents(work.session)
    return look_at_documents(work.registry.evidence_folder, documents, by_hash=True)


def whole_documents(looks: Mapping[StoredDocument, int | None]) -> frozenset[str]:
    """Return the documents that are what they were, by hash."""
    return frozenset(each.sha256 for each, now in looks.items() if now is not None)


def record_looks(
    application: Application, looks: Mapping[StoredDocument, int | None]
) -> DocumentLook:
    """Record which documents are damaged and which are whole; nothing for who may not record."""
    found = {each.sha256: now for each, now in looks.items() if _is_news(each, now)}
    if not found:
        return ALL_AS_RECORDED
    with application.reading() as work:
        if work.actor.role not in RECORDERS:
            return DocumentLook(frozenset(each for each, now in found.items() if now is None))
    with application.changing() as work:
        for row in evidence_rows(work.session, found):
            now = found[row.sha256]
            row.damaged_at = (row.damaged_at or work.now) if now is None else None
            row.mtime_ns = row.mtime_ns if now is None else now
            work.session.add(row)
        for action, is_damaged in ((Action.EVIDENCE_DAMAGED, True), (Action.EVIDENCE_WHOLE, False)):
            some = sorted(sha256 for sha256, now in found.items() if (now is None) is is_damaged)
            work.log_documents(action, some)
    return ALL_AS_RECORDED


def _is_news(document: StoredDocument, now: int | None) -> bool:
    if now is None:
        return not document.is_damaged
    return document.is_damaged or now != document.mtime_ns
