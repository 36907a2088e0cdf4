"""Events: their photos in a grid with their verdicts, and what holds them up, by cause."""

from typing import Any

import flask

from photoreg.errors import NotFound
from photoreg.presentation.causes.cause_rows import cause_line
from photoreg.presentation.causes.causes import causes_of, names_in
from photoreg.services.application import Application
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.choosing import event_photos
from photoreg.services.decisions.evaluation import AskedUse, Checked
from photoreg.services.photos.events import list_events, show_event
from photoreg.web.rendering import render
from photoreg.web.signing_in import current
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("events", __name__)

MOST_NAMED = 5
"""How many persons a cause names."""


@pages.get("/events")
def index() -> str:
    """List the events, the newest first."""
    return render("events.html", events=list_events(current()))


@pages.get("/events/<event>")
def show(event: str) -> str:
    """Show an event: its photos with their verdicts, and the causes that hold them up."""
    application = current()
    details = show_event(application, event)
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    checked = _checked(application, details.event, asked)
    names = names_in(checked)
    causes: list[dict[str, Any]] = [
        {"cause": each, "line": cause_line(each, names, MOST_NAMED)}
        for each in causes_of(checked, details.event)
    ]
    return render(
        "event.html",
        event=details,
        asked=asked,
        channels=channels,
        checked=checked,
        causes=causes,
    )


def _checked(application: Application, event: str, asked: AskedUse | None) -> list[Checked]:
    if asked is None:
        return []
    try:
        return check(application, event_photos(application, event), asked)
    except NotFound:
        return []
