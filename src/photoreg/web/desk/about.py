"""Pages about the desk itself: its accessibility, and whether it works."""

import flask

from photoreg.errors import PhotoregError
from photoreg.web.rendering import render
from photoreg.web.serving import this_desk

pages = flask.Blueprint("about", __name__)


@pages.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement (laki digitaalisten palvelujen tarjoamisesta 306/2019)."""
    return render("accessibility.html")


@pages.get("/help")
def help_page() -> str:
    """Tell what to do here, by the user's role."""
    return render("help.html")


@pages.get("/health")
def health() -> flask.Response:
    """Tell that the process answers."""
    return flask.Response("ok\n", mimetype="text/plain")


@pages.get("/ready")
def ready() -> flask.Response:
    """Tell whether the registry can be read."""
    try:
        this_desk().registry.require_version()
    except PhotoregError:
        return flask.Response("not ready\n", 503, mimetype="text/plain")
    return flask.Response("ready\n", mimetype="text/plain")
