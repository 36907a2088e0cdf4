"""Pages about the desk itself: its accessibility, and whether it works."""

import flask

from photoreg.web.rendering import render
from photoreg.web.serving import this_desk

pages = flask.Blueprint("about", __name__)


@pages.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement (laki digitaalisten palvelujen tarjoamisesta 306/2019)."""
    return render("accessibility.html")


@pages.get("/health")
def health() -> flask.Response:
    """Tell that the process answers."""
    return flask.Response("ok\n", mimetype="text/plain")


@pages.get("/ready")
def ready() -> flask.Response:
    """Tell whether the registry can be read."""
    is_ready = this_desk().registry.is_readable()
    text = "ready" if is_ready else "not ready"
    return flask.Response(f"{text}\n", 200 if is_ready else 503, mimetype="text/plain")
