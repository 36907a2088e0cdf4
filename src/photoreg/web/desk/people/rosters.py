"""The expected participants of an event: their consents, and who must not be shown."""

from dataclasses import asdict

import flask

from photoreg.presentation.people.no_photos import empty_list_note, no_photo_lines
from photoreg.presentation.views.events import ROSTER
from photoreg.services.photos.roster_consents import no_photo_list, roster_consents
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("rosters", __name__)


@pages.get("/events/<event>/roster")
def show(event: str) -> str:
    """Show what the consents of each participant cover, what is missing and whom to ask."""
    rows = list(map(asdict, roster_consents(current(), event)))
    return render("roster.html", event=event, view=ROSTER, rows=rows)


@pages.get("/events/<event>/no-photo-list")
def no_photos(event: str) -> str:
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
