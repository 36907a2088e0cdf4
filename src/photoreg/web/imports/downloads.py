"""Files that were made for the user, such as printed forms: held until they sign out."""

import flask

from photoreg.errors import NotFound
from photoreg.named_files import MAX_PHOTO_BYTES, read_regular
from photoreg.texts import N_
from photoreg.web.imports.held_files import DOWNLOADS, held
from photoreg.web.rendering import render

pages = flask.Blueprint("downloads", __name__)


@pages.get("/downloads/<key>")
def show(key: str) -> str:
    """Offer the files: one with everything first, if there is one, and each by itself."""
    files = held(DOWNLOADS, key).files
    return render("downloads.html", key=key, files=[each.name for each in files])


@pages.get("/downloads/<key>/<int:number>")
def send(key: str, number: int) -> flask.Response:
    """Send one of them, as a file and never as a page.

    Its name holds names of people, so it is not in the address, which is logged.
    """
    files = held(DOWNLOADS, key).files
    if number >= len(files):
        raise NotFound(N_("there is no such file"), N_("Choose one on the page."))
    content = read_regular(files[number], MAX_PHOTO_BYTES)
    answer = flask.Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=files[number].name)
    return answer
