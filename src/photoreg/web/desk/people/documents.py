"""The document of a consent or a permission, handed out as a file; the look is logged."""

from pathlib import Path
from tempfile import TemporaryDirectory

import flask

from photoreg.named_files import read_bytes
from photoreg.services.consents.documents import export_document
from photoreg.web.signing_in import current

pages = flask.Blueprint("documents", __name__)


@pages.post("/documents/<record>")
def send(record: str) -> flask.Response:
    """Send a document to be saved: a browser shows nothing that somebody else has made."""
    with TemporaryDirectory(prefix="photoreg-") as folder:
        copy = Path(folder, "document")
        suffix = export_document(current(), record, copy)
        response = flask.Response(read_bytes(copy), mimetype="application/octet-stream")
    name = f"{record}{suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
