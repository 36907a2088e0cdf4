"""Scanned forms: dropped, shown with what becomes of each page, and kept; then typed."""

from typing import Any

import flask
from werkzeug.wrappers import Response

from photoreg.documents.codes import format_code
from photoreg.errors import PhotoregError
from photoreg.presentation.lists.form_scans import count_lines, nameless_lines, unused_pages
from photoreg.services.consents.form_answer_sheets import FormAnswerSheet
from photoreg.services.consents.papers.scans import FormScan, PageState, scan_forms
from photoreg.steps import NextAction
from photoreg.texts import N_
from photoreg.web.flashing import tell
from photoreg.web.imports.held_files import Held, held, hold
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, require_right
from photoreg.web.statuses import status_of_form

pages = flask.Blueprint("form_scans", __name__)

PURPOSE = "scanned forms"

NO_CODE = N_(
    "If it is the other side of the page before it, tick that the papers have two sides. If the "
    "code is covered or cut off, type it from the paper:"
)


@pages.get("/scans")
def show() -> str:
    """Ask for scanned forms."""
    require_right(NextAction.CONSENT_SCAN)
    return render("form_scan_files.html", error=None)


@pages.post("/scans")
def send() -> Response:
    """Hold the files that were sent, and show what becomes of their pages."""
    require_right(NextAction.CONSENT_SCAN)
    try:
        found = hold(PURPOSE, flask.request.files.getlist("file"))
    except PhotoregError as error:
        page = render("form_scan_files.html", error=error)
        return flask.make_response(page, status_of_form(error))
    return flask.redirect(_address(found, both_sides="both_sides" in flask.request.form), 303)


@pages.get("/scans/<key>")
def preview(key: str) -> Response:
    """Show what becomes of each page."""
    require_right(NextAction.CONSENT_SCAN)
    both_sides = "both_sides" in flask.request.args
    return _page(held(PURPOSE, key), both_sides=both_sides)


@pages.post("/scans/<key>")
def keep(key: str) -> Response:
    """Keep the pages as the documents of their forms, and go on to type the answers."""
    require_right(NextAction.CONSENT_SCAN)
    found, form = held(PURPOSE, key), flask.request.form
    both_sides = "both_sides" in form
    match form.get("do"):
        case "drop":
            found.release()
            return flask.redirect(flask.url_for("form_scans.show"), 303)
        case "look":
            return flask.redirect(_address(found, both_sides=both_sides), 303)
    try:
        done = _scanned(found, both_sides=both_sides, apply=True)
    except PhotoregError as error:
        return _page(found, both_sides=both_sides, error=error)
    for line in (*count_lines(done), *nameless_lines(done)):
        tell(line)
    for each in unused_pages(done, NO_CODE):
        tell(each.line)
    found.release()
    return flask.redirect(flask.url_for("form_answers.go_on"), 303)


def _address(found: Held, *, both_sides: bool) -> str:
    return flask.url_for(
        "form_scans.preview", key=found.key, both_sides="yes" if both_sides else None
    )


def _scanned(found: Held, *, both_sides: bool, apply: bool = False) -> FormScan:
    return scan_forms(
        current(),
        found.folder_of_files,
        both_sides=both_sides,
        apply=apply,
        keep_sheet=_no_sheet,
    )


def _no_sheet(_sheet: FormAnswerSheet) -> None:
    """Write no table: the answers are typed on the pages of the desk."""


def _page(found: Held, *, both_sides: bool, error: PhotoregError | None = None) -> Response:
    shown: dict[str, Any] = {"result": None, "rows": ()}
    try:
        result = _scanned(found, both_sides=both_sides)
        shown = {
            "result": result,
            "rows": [
                {
                    "file": each.file.name,
                    "page": each.page or None,
                    "code": ", ".join(map(format_code, each.codes)),
                    "state": each.state,
                }
                for each in result.pages
            ],
            "counts": [*count_lines(result), *nameless_lines(result)],
            "unused": list(unused_pages(result, NO_CODE)),
            "new": result.count(PageState.NEW),
            "waiting": len(result.sheet.rows),
        }
    except PhotoregError as wrong:
        error = wrong if error is None else error
    page = render("form_scans.html", both_sides=both_sides, error=error, **shown)
    return flask.make_response(page, 200 if error is None else status_of_form(error))
