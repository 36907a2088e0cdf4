"""The pages that each page leads to, by the user's role."""

import flask

from photoreg.texts import N_, _

PAGES = (
    (N_("Today"), "today.show"),
    (N_("Events"), "events.index"),
    (N_("People"), "persons.index"),
    (N_("Cases"), "cases.index"),
    (N_("Publications"), "publications.index"),
    (N_("Take-downs"), "take_downs.index"),
    (N_("Lists"), "lists.index"),
    (N_("Settings"), "settings.index"),
)
"""The title and the endpoint of each."""


def navigation() -> list[tuple[str, str, bool]]:
    """Return the text and the address of each page, and whether the user is there."""
    here = (flask.request.endpoint or "").partition(".")[0]
    return [
        (_(text), flask.url_for(endpoint), endpoint.partition(".")[0] == here)
        for text, endpoint in PAGES
    ]
