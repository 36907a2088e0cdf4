"""Today: what is to be done now, each with the step that does it."""

import flask

from photoreg.presentation.agenda import item_in_words, records_of
from photoreg.services.agenda import agenda
from photoreg.web.names import names_shown
from photoreg.web.rendering import render
from photoreg.web.signing_in import current

pages = flask.Blueprint("today", __name__)


@pages.get("/")
def show() -> str:
    """Show what is to be done."""
    items = agenda(current())
    names = names_shown(current(), (record for item in items for record in records_of(item)))
    return render("today.html", items=[(item, item_in_words(item, names)) for item in items])
