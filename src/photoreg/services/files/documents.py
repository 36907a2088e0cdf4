"""Compare the documents that statements rest on with their files, and record what was found.

A damaged document is recorded as such by whoever finds it, and as whole when it is found so: the
facts, lists and gates read that record, and nothing else. What cannot be read at all is not
recorded: it closes the gates for now, and nothing has to be taken down.
"""

from collections.abc import Iterable

from photoreg.errors import NotAllowed, RegistryError
from photoreg.registry.evidence import (
    ALL_AS_RECORDED,
    DocumentLook,
    Looks,
    look_at_documents,
    news_of,
)
from photoreg.registry.ids import id_of
from photoreg.registry.lookup import find_photos
from photoreg.registry.queries.evidence import documents_of_photos
from photoreg.services.application import Application
from photoreg.services.unit_of_work import PUBLISHERS


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


def record_looks(application: Application, looks: Looks) -> DocumentLook:
    """Record which documents are damaged and which are whole, if the actor may; return the rest."""
    news = news_of(looks)
    if news:
        try:
            with application.changing(PUBLISHERS) as work:
                work.record_documents(news)
        except NotAllowed:
            return DocumentLook(frozenset(each for each, now in news.items() if now is None))
    return ALL_AS_RECORDED
