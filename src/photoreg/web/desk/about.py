"""Pages about the desk itself: its accessibility, and whether it works."""

import flask

from photoreg.errors import PhotoregError
from photoreg.services.organisation.policy import show_policy
from photoreg.web.rendering import render
from photoreg.web.serving import this_desk
from photoreg.web.signing_in import current

pages = flask.Blueprint("about", __name__)


@pages.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement (laki digitaalisten palvelujen tarjoamisesta 306/2019).

    The contact may name somebody, so that it is shown to those who are signed in.
    """
    contact = ""
    if flask.g.user is not None:
        _version, settings = show_policy(current())
        [contact] = [str(each.value) for each in settings if each.setting == "controller_contact"]
    return render("accessibility.html", contact=contact)


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
