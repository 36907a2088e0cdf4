"""The page of an action: its form with what is known filled in, and what came of it."""

from collections.abc import Sequence

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from photoreg.errors import NotFound, PhotoregError
from photoreg.registry.ids import Kind, parse_id
from photoreg.services.undo import last_entry
from photoreg.steps import NextAction
from photoreg.texts import N_
from photoreg.web.desk.undoing import undoable
from photoreg.web.flashing import tell
from photoreg.web.forms.all import FORMS
from photoreg.web.forms.candidates import (
    candidates,
    named_persons,
    note_doubt,
    wrong_fields,
)
from photoreg.web.forms.form import ActionForm, FieldKind, read_values, stored_uploads
from photoreg.web.rendering import render
from photoreg.web.signing_in import current, own_address, require_right
from photoreg.web.statuses import status_of_form
from photoreg.web.uses import channels_to_choose

pages = flask.Blueprint("actions", __name__)


@pages.get("/do/<name>")
def show(name: str) -> str:
    """Show the form of an action; the address holds what is known."""
    form = _form(name)
    return _page(form, named_persons(current(), form, flask.request.args))


@pages.post("/do/<name>")
def take(name: str) -> Response | str:
    """Take an action with what was filled in; after an error the form is shown as it was."""
    form, typed = _form(name), flask.request.form
    application = current()
    before = last_entry(application)
    uploads = {field: each for field, each in flask.request.files.items() if each.filename}
    try:
        with stored_uploads(uploads) as files:
            done = form.run(application, read_values(form.fields, typed, files))
    except PhotoregError as error:
        return flask.make_response(_page(form, typed, error), status_of_form(error))
    for number, message in enumerate(done.messages):
        tell(message, 0 if number else undoable(application, before))
    back = done.to or own_address(typed.get("back", "")) or done.page
    return flask.redirect(back or flask.url_for("today.show"), 303)


def _form(name: str) -> ActionForm:
    form = FORMS.get(NextAction(name)) if name in set(NextAction) else None
    if form is None:
        raise NotFound(N_("there is no such page"), N_("Go to a page of the desk."))
    require_right(form.action)
    return form


def _page(form: ActionForm, typed: MultiDict[str, str], error: PhotoregError | None = None) -> str:
    values = note_doubt(typed, error)
    return render(
        "action.html",
        form=form,
        values=values,
        error=error,
        candidates=candidates(current(), form, values, error),
        wrong=wrong_fields(form, values, error),
        channels=channels_to_choose(current()),
        focus=_first_to_write(form, values),
        back=own_address(values.get("back", "")),
        photos=_photos(form, values),
    )


def _first_to_write(form: ActionForm, values: MultiDict[str, str]) -> str:
    """Return the first field that must be written into, where the keyboard is needed first."""
    written = {FieldKind.TEXT, FieldKind.DAY}
    return next(
        (
            f.name
            for f in form.fields
            if f.required and f.kind in written and not values.get(f.name)
        ),
        "",
    )


def _photos(form: ActionForm, values: MultiDict[str, str]) -> Sequence[str]:
    """Return the photos that are shown beside a form."""
    words = (word for text in values.getlist("photo") for word in text.split())
    named = [word for word in words if parse_id(Kind.PHOTO, word) is not None]
    if named and form.photos is not None:
        named = [*form.photos(current(), named)]
    return named
