"""Who of the expected participants must not be shown: a page to print before photos are taken."""

import flask

from photoreg.presentation.people.no_photos import empty_list_note, no_photo_lines
from photoreg.services.photos.roster_consents import no_photo_list
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("no_photos", __name__)


@pages.get("/events/<event>/no-photo-list")
def show(event: str) -> str:
    """Show who must not be shown, for a channel or for the municipality's public pages."""
    application = current()
    chosen = flask.request.args.get("channel", "")
    listed = no_photo_list(application, event, chosen or None)
    heading, about, holds, advice = no_photo_lines(listed)
    return render(
        "no_photos.html",
        event=listed.event,
        heading=heading,
        lines=(about, holds),
        advice=advice,
        people=listed.people,
        nobody=empty_list_note(listed),
        chosen=chosen,
        channels=channels_to_choose(application),
        expected=listed.expected,
    )
