"""Undo what the user recorded last, as far as it can be undone."""

import flask
from werkzeug.wrappers import Response

from photoreg.errors import NotAllowed
from photoreg.presentation.second_looks import corrected_in_words
from photoreg.registry.ids import Kind, parse_id
from photoreg.services.application import Application
from photoreg.services.undo import last_recording, undo_last
from photoreg.texts import _
from photoreg.web.flashing import tell
from photoreg.web.signing_in import current, own_address

pages = flask.Blueprint("undoing", __name__)


def undoable(application: Application, after: int) -> int:
    """Return the entry with which begins what the user recorded after an entry of the log, or 0.

    0 as well if it cannot be undone.
    """
    try:
        entry = last_recording(application).entry
    except NotAllowed:
        return 0
    return entry if entry > after else 0


@pages.post("/undo")
def undo() -> Response:
    """Undo what was recorded last, if it is still what the button was about."""
    typed = flask.request.form
    entry = typed.get("entry", "")
    done = undo_last(current(), int(entry) if entry.isdecimal() else 0)
    for each in done.corrected:
        tell(corrected_in_words(each))
    for record in done.photos:
        tell(_("{photo} is as it was before.").format(photo=record))
    photo = next((each for each in done.photos if parse_id(Kind.PHOTO, each)), None)
    back = (
        flask.url_for("naming.show", photo=photo) if photo else own_address(typed.get("back", ""))
    )
    return flask.redirect(back or flask.url_for("today.show"), 303)
