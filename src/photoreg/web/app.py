"""The web application: which pages there are, and what every request passes on its way."""

import errno
import logging
from pathlib import Path

import flask
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from photoreg.errors import NotAllowed, PhotoregError
from photoreg.texts import N_
from photoreg.web import signing_in
from photoreg.web.access_log import log_access
from photoreg.web.api.problems import is_for_api, problem, problem_of
from photoreg.web.api.v1 import api_pages
from photoreg.web.desk import (
    about,
    actions,
    cases,
    events,
    naming,
    photos,
    pictures,
    policy,
    publications,
    publishing,
    second_looks,
    settings,
    take_downs,
    today,
    undoing,
)
from photoreg.web.desk.people import documents, persons, rosters
from photoreg.web.flashing import keep_told
from photoreg.web.imports import class_lists, consent_lists, downloads, form_answers, form_scans
from photoreg.web.lists import pages as lists
from photoreg.web.rendering import choose_language, render, set_up_templates
from photoreg.web.security import (
    ForgedRequest,
    refuse_foreign_hosts,
    refuse_foreign_sites,
    set_headers,
)
from photoreg.web.serving import Desk
from photoreg.web.statuses import status_of
from photoreg.web.uploads import pages as uploads
from photoreg.web.uploads.files import cannot_be_kept
from photoreg.web.uses import keep_use

MAX_UPLOAD = 512 * 1024 * 1024
"""How many bytes one request may send; the browser sends many files in several requests."""

MAX_FIELDS, MAX_TEXT = 5_000, 2 * 1024 * 1024
"""How many fields a form may have, and how many bytes of text."""

_log = logging.getLogger("photoreg.web")


def create_app(desk: Desk) -> flask.Flask:
    """Return the web application of a desk, as a WSGI server takes it."""
    folder = Path(__file__).parent
    app = signing_in.WebApplication(
        "photoreg",
        root_path=str(folder),
        static_folder=str(folder / "assets"),
        static_url_path="/assets",
        template_folder=str(folder / "templates"),
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_TEXT,
        MAX_FORM_PARTS=MAX_FIELDS,
        TRUSTED_HOSTS=list(desk.hosts),
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.extensions["photoreg"] = desk
    set_up_templates(app)
    app.jinja_env.globals["may"] = signing_in.has_right
    app.before_request(refuse_foreign_hosts)
    app.before_request(choose_language)
    app.before_request(refuse_foreign_sites)
    app.before_request(signing_in.require_session)
    app.teardown_request(signing_in.end_reading)
    app.after_request(log_access)
    app.after_request(set_headers)
    app.after_request(keep_told)
    app.after_request(keep_use)
    for pages in (
        *(signing_in.pages, today.pages, events.pages, photos.pages, pictures.pages),
        *(cases.pages, publishing.pages, publications.pages, take_downs.pages),
        *(second_looks.pages, naming.pages, undoing.pages, actions.pages),
        *(persons.pages, rosters.pages, documents.pages),
        *(settings.pages, policy.pages, lists.pages, about.pages, api_pages()),
        *(class_lists.pages, consent_lists.pages, form_answers.pages, form_scans.pages),
        *(uploads.pages, downloads.pages),
    ):
        app.register_blueprint(pages)
    app.register_error_handler(PhotoregError, _show_error)
    app.register_error_handler(ForgedRequest, _show_forged)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OSError, _show_full_disk)
    app.register_error_handler(Exception, _show_accident)
    return app


def _show_error(error: PhotoregError) -> Response:
    if is_for_api():
        return problem_of(error)
    return flask.make_response(render("error.html", error=error), status_of(error))


def _show_forged(_error: ForgedRequest) -> Response:
    error = NotAllowed(
        N_("this request did not come from a page of the desk that you opened"),
        N_("Nothing was recorded. Open the page again and repeat it there."),
    )
    if is_for_api():
        return problem(error, 403, "foreign-site")
    return flask.make_response(render("error.html", error=error), 403)


_TEXTS = {
    404: (N_("there is no such page"), N_("Go to a page of the desk and look from there.")),
    405: (N_("this page is not for sending"), N_("Open the page again and repeat it there.")),
    413: (
        N_("what was sent is too large"),
        N_("Nothing was recorded. Send fewer files at once, or a smaller one."),
    ),
}
_OTHER = (N_("the browser's request cannot be understood"), N_("Open the page again."))


def _show_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 or isinstance(error, SecurityError):  # noqa: PLR2004 - a redirect
        return error.get_response()  # and a foreign host is shown no page
    if is_for_api():
        return problem_of(error)
    text, hint = _TEXTS.get(status, _OTHER)
    return flask.make_response(render("error.html", error=PhotoregError(text, hint)), status)


def _show_full_disk(error: OSError) -> Response:
    """Tell that what was sent found no room as it was read; any other error is an accident."""
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return _show_error(cannot_be_kept(error)) if is_full else _show_accident(error)


def _show_accident(error: Exception) -> Response:
    """Show that an internal error happened, and log where, without values of the registry."""
    _log.error("internal error in %s: %s", flask.request.endpoint, type(error).__name__)
    if is_for_api():
        return problem_of(error)
    text = PhotoregError(
        N_("an internal error occurred in photoreg"),
        N_("No change was left half done. Report it to photoreg support."),
    )
    return flask.make_response(render("error.html", error=text), 500)
