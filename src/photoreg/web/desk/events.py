"""Events: their photos in a grid with their verdicts, and what holds them up, by cause."""

from collections.abc import Iterable, Sequence
from typing import Any

import flask

from photoreg.presentation.causes.cause_rows import cause_line
from photoreg.presentation.causes.causes import causes_of, names_in
from photoreg.registry.ids import Kind, human_id
from photoreg.services.decisions.checks import check
from photoreg.services.decisions.evaluation import Checked
from photoreg.services.photos.events import count_events, list_events, show_event
from photoreg.steps import NextAction
from photoreg.web.forms.all import FORMS
from photoreg.web.paging import Pager
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, has_right
from photoreg.web.uses import asked_use, channels_to_choose

pages = flask.Blueprint("events", __name__)

MOST_NAMED = 5
"""How many persons a cause names."""

PAGE = 100
"""How many photos, or events, a page shows."""

MOST_EVALUATED = 500
"""Of an event of more photos than this, the verdicts and causes are those of the page."""

OF_MANY = (
    *(NextAction.PHOTO_ANSWER, NextAction.PHOTO_TAG, NextAction.PHOTO_FLAG),
    *(NextAction.APPROVE, NextAction.PUBLICATION_ADD),
)
"""What is done with the photos that were selected, if there is a form for it."""


@pages.get("/events")
def index() -> str:
    """List the events, the newest first."""
    application = current()
    pager = Pager.asked(count_events(application), PAGE)
    events = list_events(application, pager.start, pager.size)
    return render("events.html", events=events, pager=pager)


@pages.get("/events/<event>")
def show(event: str) -> str:
    """Show an event: its photos with their verdicts, and the causes that hold them up."""
    application = current()
    details = show_event(application, event)
    channels = channels_to_choose(application)
    asked = asked_use(channels)
    pager = Pager.asked(len(details.photos), PAGE)
    shown = details.photos[pager.start : pager.end]
    evaluated = details.photos if len(details.photos) <= MOST_EVALUATED else shown
    checked = check(application, evaluated, asked) if asked and evaluated else []
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
        pager=pager,
        photos=[(each, None) for each in shown] if asked is None else _verdicts(shown, checked),
        allowed=sum(each.is_allowed for each in checked),
        evaluated=len(checked),
        causes=causes,
        may_name=has_right(NextAction.PHOTO_TAG),
        actions=[FORMS[each] for each in OF_MANY if each in FORMS and has_right(each)],
    )


def _verdicts(
    photos: Sequence[str], checked: Iterable[Checked]
) -> list[tuple[str, Checked | None]]:
    """Return photos with their verdicts."""
    found = {human_id(Kind.PHOTO, each.photo_id): each for each in checked}
    return [(photo, found.get(photo)) for photo in photos]
