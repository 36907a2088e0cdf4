"""Printed forms, to be downloaded: they are held until the user signs out."""

import flask

from photoreg.errors import NotFound
from photoreg.named_files import MAX_PHOTO_BYTES, read_regular
from photoreg.steps import NextAction
from photoreg.texts import N_
from photoreg.web.forms.papers import PRINTED
from photoreg.web.held_files import held
from photoreg.web.rendering import render
from photoreg.web.signing_in import require_right

pages = flask.Blueprint("printed_forms", __name__)


@pages.get("/forms/<key>")
def show(key: str) -> str:
    """Show what was printed: all forms in one file, if there are several, and each by itself."""
    require_right(NextAction.CONSENT_FORM)
    files = held(PRINTED, key).files
    return render("printed_forms.html", key=key, files=[each.name for each in files])


@pages.get("/forms/<key>/<file>")
def download(key: str, file: str) -> flask.Response:
    """Send one file, as a file and never as a page."""
    require_right(NextAction.CONSENT_FORM)
    found = next((each for each in held(PRINTED, key).files if each.name == file), None)
    if found is None:
        raise NotFound(N_("there is no such file"), N_("Choose one on the page."))
    answer = flask.Response(
        read_regular(found, MAX_PHOTO_BYTES), mimetype="application/octet-stream"
    )
    answer.headers.set("Content-Disposition", "attachment", filename=file)
    return answer
