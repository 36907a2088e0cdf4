"""The document of a consent or a permission, handed out as a file; the look is logged."""

import flask

from photoreg.services.consents.documents import read_document
from photoreg.web.signing_in import current

pages = flask.Blueprint("documents", __name__)


@pages.post("/documents/<record>")
def send(record: str) -> flask.Response:
    """Send a document to be saved: a browser shows nothing that somebody else has made."""
    content, suffix = read_document(current(), record)
    response = flask.Response(content, mimetype="application/octet-stream")
    name = f"{record}{suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
