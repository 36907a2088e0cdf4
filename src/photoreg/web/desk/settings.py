"""Settings of the user: password and language."""

import flask
from werkzeug.wrappers import Response

from photoreg.errors import InputDataError, PhotoregError
from photoreg.services.organisation.passwords import change_password
from photoreg.texts import LANGUAGES, N_, _
from photoreg.web.flashing import tell
from photoreg.web.rendering import LANGUAGE_COOKIE, render
from photoreg.web.security import cookie_name
from photoreg.web.serving import this_desk
from photoreg.web.signing_in import current, own_address

pages = flask.Blueprint("settings", __name__)


@pages.get("/settings/password")
def password() -> str:
    """Show the form for another password."""
    return render("password.html", error=None)


@pages.post("/settings/password")
def set_password() -> Response | str:
    """Change the user's password, which ends their other sessions."""
    typed = flask.request.form
    try:
        if typed.get("new_password", "") != typed.get("repeated", ""):
            raise InputDataError(
                N_("the new password was not typed twice in the same way"),
                N_("Type it again, in both fields."),
                fields=("new_password", "repeated"),
            )
        change_password(current(), typed.get("old_password", ""), typed.get("new_password", ""))
    except PhotoregError as error:
        return flask.make_response(render("password.html", error=error), 422)
    tell(_("The password was changed. Other sessions of yours have ended."))
    return flask.redirect(flask.url_for("today.show"), 303)


@pages.post("/language")
def choose() -> Response:
    """Choose the language of the pages."""
    language = flask.request.form.get("language", "")
    back = own_address(flask.request.form.get("back", "")) or flask.url_for("today.show")
    page = flask.redirect(back, 303)
    if language in LANGUAGES:
        page.set_cookie(
            cookie_name(LANGUAGE_COOKIE),
            language,
            max_age=31_536_000,
            httponly=True,
            samesite="Strict",
            secure=this_desk().is_secure,
        )
    return page
